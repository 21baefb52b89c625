"""Requests of somebody with a check-in: no page of the path opens without one."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from unknot.journey.understand import access
from unknot.journey.understand.models import CheckIn
from unknot.people.requests import Page

__all__ = ["CheckIn", "CheckInRequest", "checkin_required"]

P = ParamSpec("P")


class CheckInRequest(HttpRequest):
    """Somebody whose browser holds a check-in."""

    checkin: CheckIn


def checkin_required(page: Callable[Concatenate[CheckInRequest, P], HttpResponse]) -> Page[P]:
    """Let only browsers with a check-in in; others begin one and read why."""

    @wraps(page)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            checkin = access.require_current(request.session)
        except access.NoCheckIn as problem:
            messages.info(request, f"{problem.sentence} {problem.mend}")
            return redirect("understand:start")
        typed = cast(CheckInRequest, request)
        typed.checkin = checkin
        return page(typed, *args, **kwargs)

    return guarded
