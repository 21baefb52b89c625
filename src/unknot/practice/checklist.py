"""What is still missing before the first time can be booked, each with where to do it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.reads import opening
from unknot.journey.choose.reads import offering
from unknot.journey.understand import reads as understand
from unknot.people.models import Practice

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do, and where."""

    what: Text
    action: Text
    url: str


def missing(practice: Practice, *, is_therapist: bool, alone: bool) -> tuple[Task, ...]:
    """What keeps every client from booking, in the order to do it; 4 queries at most."""
    offered = offering.is_anything_offered(practice)
    tasks: list[Task] = []
    if not understand.is_open(practice):
        tasks.append(
            Task(
                what=_("A clinician has to read and approve the safety table."),
                action=_("Record the approval"),
                url="#table",
            )
        )
    if not offered and not offering.is_anybody_listed(practice):
        tasks.append(_listing(is_therapist=is_therapist, alone=alone))
    if not offered:
        tasks.append(
            Task(
                what=_("Clients book a service: a technique for some minutes at a price.")
                if alone
                else _(
                    "Clients book a service: a technique at a price, by a therapist who is listed."
                ),
                action=_("Add a service"),
                url=reverse("practice:offer"),
            )
        )
    if not opening.has_hours(practice, only_bookable=offered):
        tasks.append(_hours(is_therapist=is_therapist, alone=alone))
    return tuple(tasks)


def to_check(practice: Practice) -> tuple[Task, ...]:
    """What keeps nobody from booking and still has to be looked at by a person."""
    if practice.numbers_checked_at is not None:
        return ()
    return (
        Task(
            what=_("Nobody has checked the emergency number and the help lines for your region."),
            action=_("Check the numbers"),
            url="#numbers",
        ),
    )


def _listing(*, is_therapist: bool, alone: bool) -> Task:
    if alone and is_therapist:
        return Task(
            what=_("Your listing tells clients who you are, and that you agree to be shown."),
            action=_("Write your listing"),
            url=reverse("practice:listing"),
        )
    if is_therapist:
        return Task(
            what=_("Nobody is listed yet: each therapist writes a listing and agrees to be shown."),
            action=_("Write your own listing"),
            url=reverse("practice:listing"),
        )
    return Task(
        what=_(
            "Nobody is listed yet: each therapist signs in, opens My work, writes a listing and "
            "agrees to be shown."
        ),
        action=_("See who is listed"),
        url=reverse("choose:therapists"),
    )


def _hours(*, is_therapist: bool, alone: bool) -> Task:
    own = alone and is_therapist
    return Task(
        what=_("Your working hours say when times are free.")
        if own
        else _("Whoever is listed needs working hours."),
        action=_("Write the hours"),
        url=reverse("practice:hours") + ("" if own else "?therapist="),
    )
