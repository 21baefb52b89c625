"""The whole tree of addresses; each step lists its own pages."""

from django.urls import include, path

from unknot.project import pages

urlpatterns = [
    path("", include("unknot.web.urls")),
    path("health", pages.health, name="health"),
    path("accounts/", include("allauth.urls")),
    path("", include("unknot.people.urls")),
    path("check-in/", include("unknot.journey.understand.urls")),
    path("", include("unknot.journey.choose.urls")),
    path("", include("unknot.journey.book.urls")),
    path("", include("unknot.journey.prepare.urls")),
    path("", include("unknot.journey.session.urls")),
    path("", include("unknot.journey.follow.urls")),
    path("practice/", include("unknot.practice.urls")),
    path("", include("unknot.interfaces.urls")),
]

handler400 = "unknot.web.errors.bad_request"
handler403 = "unknot.web.errors.forbidden"
handler404 = "unknot.web.errors.not_found"
handler500 = "unknot.web.errors.server_error"
