"""The rules by which a practice is booked. They hold for the next booking, not for those made.

Cells are five minutes long whatever the step is, so a new step changes no row; a longer horizon
asks for rows of more days, which are written with it.

Units   minutes, days, hours, whole percents.
Errors  BadInput; Missing and Denied from access. None leaves a trace.
Source  the booking policies in docs/decisions
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.actions import days
from unknot.journey.book.actions.locks import lock_people
from unknot.journey.book.models import BLOCKING, Appointment, Resource
from unknot.journey.choose.models import Therapist
from unknot.people import access as people
from unknot.people import audit
from unknot.people.models import Practice, Role, UnreadableCalendar, User
from unknot.web.errors import BadInput

STEPS: Final = (5, 10, 15, 20, 30, 60)
LONGEST_NOTICE: Final = 30 * 24 * 60
FURTHEST_DAYS: Final = 365
LONGEST_WINDOW: Final = 14 * 24


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliciesDraft:
    """Everything a practice decides about being booked; the fields are the practice's own."""

    step_minutes: int
    notice_minutes: int
    horizon_days: int
    cleanup_past_closing: bool
    unreadable_calendar: str
    first_visit_by_request: bool
    cancel_window_hours: int
    late_fee_percent: int


def policies_of(practice: Practice) -> PoliciesDraft:
    """The rules that a practice has now; no query."""
    return PoliciesDraft(**{name: getattr(practice, name) for name in PoliciesDraft.__slots__})


@transaction.atomic(durable=True)
def save_policies(
    actor: User, practice: Practice, *, draft: PoliciesDraft, now: datetime
) -> Practice:
    """Keep the rules of booking, with the rows of free cells as far ahead as they now reach."""
    people.check_role(actor, practice, Role.MANAGER)
    _check(draft)
    therapists = Therapist.objects.filter(practice=practice, listed_since__isnull=False)
    locked = lock_people(list(therapists.select_related("practice")))
    kept = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    if policies_of(kept) == draft:
        return kept
    further = draft.horizon_days > kept.horizon_days
    _keep_what_was_promised(kept)
    for name, value in asdict(draft).items():
        setattr(kept, name, value)
    kept.save(update_fields=list(PoliciesDraft.__slots__))
    if further:
        _reach(kept, list(locked.values()), now)
    audit.record(actor, "policies.saved", kept, at=now)
    return kept


def _keep_what_was_promised(practice: Practice) -> None:
    """Write the rule of cancelling so far beside what is booked under it."""
    coming = Appointment.objects.filter(therapist__practice=practice, window_hours__isnull=True)
    coming.filter(status__in=BLOCKING).update(
        window_hours=practice.cancel_window_hours, late_percent=practice.late_fee_percent
    )


def _reach(practice: Practice, locked: list[Resource], now: datetime) -> None:
    today = now.astimezone(practice.tz).date()
    units = Resource.objects.filter(practice=practice, active=True).select_related("practice")
    found = days.calendars([*locked, *units.order_by("pk")])
    here = [one for one in found if one.practice.pk == practice.pk]
    days.ensure(here, today, days.last_day(practice, today))


def _check(draft: PoliciesDraft) -> None:
    if draft.step_minutes not in STEPS:
        raise BadInput(_("Choose a step from the list."))
    if draft.notice_minutes % 5 or not 0 <= draft.notice_minutes <= LONGEST_NOTICE:
        raise BadInput(_("The notice is at most 30 days, in steps of 5 minutes."))
    if not 1 <= draft.horizon_days <= FURTHEST_DAYS:
        raise BadInput(_("Bookings reach 1 to 365 days ahead."))
    if draft.unreadable_calendar not in UnreadableCalendar.values:
        raise BadInput(_("Choose what happens while a calendar cannot be read."))
    if not 0 <= draft.cancel_window_hours <= LONGEST_WINDOW:
        raise BadInput(_("The window is at most 336 hours, which is two weeks."))
    if not 0 <= draft.late_fee_percent <= 100:
        raise BadInput(_("The fee is 0 to 100 percent of the price."))
