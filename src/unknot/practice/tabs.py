"""The sub-navigation of "My work" and "Practice", and who works alone."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.people.models import Practice

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One page of a group."""

    label: Text
    url: str
    current: bool


def my_work(current: str) -> tuple[Tab, ...]:
    """The pages of a therapist about themselves; `current` is a route."""
    pages = (
        (_("My listing"), "practice:listing"),
        (_("My credentials"), "practice:credentials"),
        (_("My hours"), "practice:hours"),
        (_("My time off"), "practice:time-off"),
        (_("My limits"), "practice:limits"),
        (_("Reviews"), "practice:reviews"),
        (_("My results"), "practice:results"),
        (_("Incidents"), "session:incidents"),
        (_("Corrections"), "session:corrections"),
    )
    return tuple(
        Tab(label=label, url=reverse(name), current=name == current) for label, name in pages
    )


def of_practice(current: str, *, alone: bool) -> tuple[Tab, ...]:
    """The pages of a manager; who works alone keeps the hours under their own work."""
    pages: list[tuple[Text, str, str]] = [
        (_("Settings"), "practice:settings", ""),
        (_("What we offer") if not alone else _("What I offer"), "practice:offer", ""),
    ]
    pages.append((_("Rooms and tools"), "practice:resources", ""))
    pages.append((_("Places"), "practice:places", ""))
    pages.append((_("Rules of booking"), "practice:policies", ""))
    if not alone:
        pages.append((_("Hours"), "practice:hours", "?therapist="))
        pages.append((_("Time off"), "practice:time-off", "?therapist="))
        pages.append((_("Limits"), "practice:limits", "?therapist="))
    pages.append((_("Team credentials"), "practice:team", ""))
    pages.append((_("Outcomes"), "practice:outcomes", ""))
    pages.append((_("Questionnaires"), "practice:questionnaires", ""))
    pages.append((_("Mails"), "practice:mails", ""))
    pages.append((_("Block list"), "practice:blocked", ""))
    if not alone:
        pages.append((_("Incidents"), "session:incidents", ""))
        pages.append((_("Corrections"), "session:corrections", ""))
    return tuple(
        Tab(label=label, url=reverse(name) + query, current=name == current)
        for label, name, query in pages
    )


def works_alone(practice: Practice) -> bool:
    """Whether one person is the whole practice; 1 query."""
    people = practice.membership_set.filter(until__isnull=True).values("user").distinct()
    return people.count() == 1
