"""Typed requests and the decorators that make them: nobody reaches a page without its check."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from unknot.people import access
from unknot.people.models import Client, Practice, Role, User
from unknot.web.errors import Denied, Missing

P = ParamSpec("P")


class MemberRequest(HttpRequest):
    """Somebody who is signed in."""

    user: User


class ClientRequest(MemberRequest):
    """Somebody who receives care."""

    client: Client


class StaffRequest(MemberRequest):
    """Somebody who works in `practice`, with the roles they hold there."""

    practice: Practice
    roles: frozenset[Role]


Page = Callable[Concatenate[HttpRequest, P], HttpResponse]


def signed_in(page: Callable[Concatenate[MemberRequest, P], HttpResponse]) -> Page[P]:
    """Let only accounts in; others go to the sign-in page and come back."""

    @wraps(page)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return page(cast(MemberRequest, request), *args, **kwargs)

    return guarded


def client_required(page: Callable[Concatenate[ClientRequest, P], HttpResponse]) -> Page[P]:
    """Let only clients in; an account without any role begins with a check-in."""

    @signed_in
    @wraps(page)
    def guarded(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        client = access.own_client(request.user)
        if client is None:
            if request.user.is_operator or access.practices_of(request.user).exists():
                raise Missing
            return redirect("understand:start")
        typed = cast(ClientRequest, request)
        typed.client = client
        return page(typed, *args, **kwargs)

    return guarded


def staff_required(
    *allowed: Role,
) -> Callable[[Callable[Concatenate[StaffRequest, P], HttpResponse]], Page[P]]:
    """Let only staff in who hold one of `allowed`; any role of the practice when none is named."""

    def decorate(page: Callable[Concatenate[StaffRequest, P], HttpResponse]) -> Page[P]:
        @signed_in
        @wraps(page)
        def guarded(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            practice = access.practices_of(request.user).first()
            if practice is None:
                raise Missing
            typed = cast(StaffRequest, request)
            typed.practice = practice
            typed.roles = access.roles(request.user, practice)
            if allowed and not typed.roles & frozenset(allowed):
                raise Denied("Your role in this practice does not include this page.")
            return page(typed, *args, **kwargs)

        return guarded

    return decorate
