"""What each page's header shows: the links of this person's roles, and the demonstration notice."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from unknot.people import access
from unknot.people.models import Role, User

#: The pages about one therapist: a manager's when they name one, else one's own.
_OF_ONE = ("practice:hours", "practice:time-off", "practice:limits")

#: The pages that stand under a link of the header, with whatever stands under them.
_UNDER = {
    "practice:day": (
        "practice:calendar",
        "practice:desk",
        "practice:alerts",
        "practice:room-plan",
    ),
    "practice:call-backs": ("practice:call-backs",),
    "practice:listing": ("practice:reviews", "practice:results", "practice:credentials"),
    "practice:settings": (
        "practice:offer",
        "practice:add-ons",
        "practice:resources",
        "practice:places",
        "practice:policies",
        "practice:team",
        "practice:outcomes",
        "practice:questionnaires",
        "practice:mails",
        "practice:blocked",
        "session:incidents",
        "session:corrections",
    ),
    "book:appointments": ("book:appointments", "book:waiting"),
    "choose:moderation": ("choose:moderation",),
    "people:account": ("interfaces:calendars",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    label: str
    url: str
    current: bool


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: `navigation` and `demonstration`; queried only when shown."""
    return {
        "navigation": SimpleLazyObject(lambda: _links(request)),
        "demonstration": settings.MODE == "demo",
    }


def _links(request: HttpRequest) -> tuple[Link, ...]:
    return tuple(
        Link(label=label, url=reverse(name), current=_is_current(request, name))
        for label, name in _entries(request)
    )


def _is_current(request: HttpRequest, name: str) -> bool:
    """Whether the page is this link's own or stands under it; one's own hours are one's work."""
    if request.path == reverse(name):
        return True
    if any(request.path == reverse(page) for page in _OF_ONE):
        return name == ("practice:settings" if "therapist" in request.GET else "practice:listing")
    return any(request.path.startswith(reverse(page)) for page in _UNDER.get(name, ()))


def _entries(request: HttpRequest) -> list[tuple[str, str]]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return [
            (_("Techniques"), "choose:techniques"),
            (_("Therapists"), "choose:therapists"),
            (_("Sign in"), "account_login"),
        ]
    practice = access.practices_of(user).first()
    if practice is not None:
        return _staff_entries(access.roles(user, practice))
    if user.is_operator:
        return [
            (_("Credentials"), "choose:credentials"),
            (_("Moderation"), "choose:moderation"),
            (_("Account"), "people:account"),
        ]
    return [
        (_("Appointments"), "book:appointments"),
        (_("Today"), "follow:daily"),
        (_("Progress"), "follow:progress"),
        (_("Account"), "people:account"),
    ]


def _staff_entries(held: frozenset[Role]) -> list[tuple[str, str]]:
    entries = [(_("Today"), "practice:day"), (_("Call-backs"), "practice:call-backs")]
    if Role.THERAPIST in held:
        entries.append((_("My work"), "practice:listing"))
    if Role.MANAGER in held:
        entries.append((_("Practice"), "practice:settings"))
    return [*entries, (_("Account"), "people:account")]
