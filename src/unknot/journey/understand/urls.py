"""Addresses of the check-in, below /check-in/."""

from django.urls import path

from unknot.journey.understand import pages

app_name = "understand"

urlpatterns = [
    path("", pages.start, name="start"),
    path("under-18/", pages.minor, name="minor"),
    path("body/", pages.body, name="body"),
    path("story/", pages.story, name="story"),
    path("mind/", pages.mind, name="mind"),
    path("safety/", pages.safety, name="safety"),
    path("history/", pages.history, name="history"),
    path("wishes/", pages.wishes, name="wishes"),
    path("result/", pages.result, name="result"),
    path("call-me/", pages.call_me, name="call-me"),
    path("restart/", pages.restart, name="restart"),
]
