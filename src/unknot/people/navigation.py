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
    """Whether the page is this link's own or stands under it; of all hours, only one's own do."""
    if request.path == reverse(name):
        return True
    if request.path == reverse("practice:hours"):
        return name == ("practice:settings" if "therapist" in request.GET else "practice:listing")
    if request.path.startswith(reverse("practice:reviews")):
        return name == "practice:listing"
    if name == "choose:moderation":
        return request.path.startswith(reverse(name))
    return name == "practice:settings" and request.path.startswith(reverse("practice:offer"))


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
