"""Addresses whose pages fail, each in its own way."""

from collections.abc import Callable

import psycopg
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from unknot.web import errors


def raising(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def page(request: HttpRequest) -> HttpResponse:
        raise error

    return page


def reading(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("story", ""))


def writing(request: HttpRequest) -> HttpResponse:
    request.session["story"] = "kept"
    return HttpResponse("done")


def caused(error: Exception, by: Exception) -> Exception:
    """An error of Django as it comes from the driver."""
    error.__cause__ = by
    return error


class Taken(errors.Conflict):
    sentence = "Somebody has just booked this time."


urlpatterns = [
    path("", include("unknot.web.urls")),
    path("missing/", raising(errors.Missing())),
    path("denied/", raising(errors.Denied("You have no right to see this record."))),
    path("taken/", raising(Taken())),
    path("input/", raising(errors.BadInput())),
    path("gone/", raising(Http404())),
    path("forbidden/", raising(PermissionDenied())),
    path("unreadable/", raising(BadRequest())),
    path("broken/", raising(RuntimeError("Ana wrote: my back hurts"))),
    path("away/", raising(caused(OperationalError(), psycopg.OperationalError("Ana: refused")))),
    path("ended/", raising(caused(OperationalError(), psycopg.errors.AdminShutdown()))),
    path("closed/", raising(InterfaceError("connection already closed"))),
    path("deadlock/", raising(caused(OperationalError(), psycopg.errors.DeadlockDetected()))),
    path("writing/", writing),
    path("reading/", reading),
    path("", include("unknot.project.urls")),
]
handler400 = "unknot.web.errors.bad_request"
handler403 = "unknot.web.errors.forbidden"
handler404 = "unknot.web.errors.not_found"
handler500 = "unknot.web.errors.server_error"
