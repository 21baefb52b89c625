"""Addresses of the check-in, below /check-in/."""

from django.urls import path

from unknot.journey.understand.pages import begin, body, mind, result, safety, story, wishes

app_name = "understand"

urlpatterns = [
    path("", begin.start, name="start"),
    path("under-18/", begin.minor, name="minor"),
    path("body/", body.body, name="body"),
    path("places/", body.places, name="places"),
    path("story/", story.story, name="story"),
    path("everyday/", story.everyday, name="everyday"),
    path("today/", story.today, name="today"),
    path("mind/", mind.mind, name="mind"),
    path("more/", mind.more, name="more"),
    path("safety/", safety.safety, name="safety"),
    path("history/", safety.history, name="history"),
    path("wishes/", wishes.wishes, name="wishes"),
    path("result/", result.result, name="result"),
    path("call-me/", result.call_me, name="call-me"),
    path("restart/", begin.restart, name="restart"),
]
