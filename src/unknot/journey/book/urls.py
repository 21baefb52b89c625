"""Addresses of the booking pages."""

from django.urls import path

from unknot.journey.book.pages import booking as pages

app_name = "book"
urlpatterns = [
    path("book/held/<uuid:key>/", pages.held, name="held"),
    path("book/held/<uuid:key>/confirm/", pages.confirm, name="confirm"),
    path("book/held/<uuid:key>/release/", pages.release, name="release"),
    path("book/<slug:slug>/<int:service>/", pages.slots, name="slots"),
    path("book/<slug:slug>/<int:service>/hold/", pages.hold, name="hold"),
    path("appointments/", pages.appointments, name="appointments"),
    path("appointments/<uuid:key>/", pages.appointment, name="appointment"),
    path("appointments/<uuid:key>/cancel/", pages.cancel, name="cancel"),
]
