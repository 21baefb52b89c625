"""Addresses of the booking pages."""

from django.urls import path

from unknot.journey.book.pages import booking as pages
from unknot.journey.book.pages import links, moving, questions, series, slots, waiting
from unknot.journey.book.pages.search import search

app_name = "book"
urlpatterns = [
    path("times/", search, name="search"),
    path("book/held/<uuid:key>/", pages.held, name="held"),
    path("book/held/<uuid:key>/confirm/", pages.confirm, name="confirm"),
    path("book/held/<uuid:key>/release/", pages.release, name="release"),
    path("book/<slug:slug>/<int:service>/", slots.slots, name="slots"),
    path("book/<slug:slug>/<int:service>/hold/", slots.hold, name="hold"),
    path("book/<slug:slug>/<int:service>/wait/", waiting.join, name="waiting-join"),
    path("waiting/", waiting.waiting, name="waiting"),
    path("waiting/<uuid:key>/leave/", waiting.leave, name="waiting-leave"),
    path("before/<str:token>/", questions.questions, name="questions"),
    path("appointments/", pages.appointments, name="appointments"),
    path("appointments/<uuid:key>/", pages.appointment, name="appointment"),
    path("appointments/<uuid:key>/cancel/", pages.cancel, name="cancel"),
    path("appointments/<uuid:key>/move/", moving.move, name="move"),
    path("appointments/<uuid:key>/repeat/", series.new, name="series-new"),
    path("series/<uuid:key>/", series.overview, name="series"),
    path("series/<uuid:key>/move/", series.move, name="series-move"),
    path("series/<uuid:key>/cancel/", series.cancel, name="series-cancel"),
    path("appointments/link/<str:token>/", links.link, name="link"),
    path("appointments/link/<str:token>/move/", links.move, name="link-move"),
    path("appointments/link/<str:token>/cancel/", links.cancel, name="link-cancel"),
]
