from django.urls import path

from unknot.practice import (
    call_backs,
    credentials,
    day,
    hours,
    listing,
    offer,
    questionnaires,
    reviews,
    settings,
    team,
)

app_name = "practice"
urlpatterns = [
    path("day/", day.day, name="day"),
    path("day/<uuid:key>/arrived/", day.arrived, name="arrived"),
    path("day/<uuid:key>/no-show/", day.no_show, name="no-show"),
    path("call-backs/", call_backs.call_backs, name="call-backs"),
    path("call-backs/<uuid:key>/", call_backs.call_back, name="call-back"),
    path("call-backs/<uuid:key>/called/", call_backs.called, name="called"),
    path("settings/", settings.settings, name="settings"),
    path("settings/numbers/", settings.numbers, name="numbers"),
    path("questionnaires/", questionnaires.questionnaires, name="questionnaires"),
    path("questionnaires/<slug:instrument>/", questionnaires.questionnaire, name="questionnaire"),
    path(
        "questionnaires/<slug:instrument>/stop/",
        questionnaires.stop_asking,
        name="questionnaire-stop",
    ),
    path("listing/", listing.listing, name="listing"),
    path("credentials/", credentials.credentials, name="credentials"),
    path("credentials/<uuid:key>/", credentials.credential, name="credential"),
    path("credentials/<uuid:key>/remove/", credentials.remove, name="credential-remove"),
    path("credentials/<uuid:key>/documents/", credentials.add_document, name="document-add"),
    path(
        "credentials/documents/<uuid:key>/remove/",
        credentials.remove_document,
        name="document-remove",
    ),
    path("team/", team.team, name="team"),
    path("team/required/", team.required, name="team-required"),
    path("team/<uuid:key>/", team.check, name="credential-check"),
    path("offer/", offer.offer, name="offer"),
    path("offer/<int:pk>/", offer.service, name="service"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<uuid:key>/", reviews.review, name="review"),
    path("hours/", hours.hours, name="hours"),
    path("hours/days/", hours.other_day, name="other-day"),
    path("hours/days/<int:pk>/remove/", hours.remove_other_day, name="other-day-remove"),
]
