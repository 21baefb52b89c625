"""Keep working hours: the week, the days that differ. What is booked already stays as it is.

Units   minutes of the local day of the practice; aware datetimes.
Errors  HoursChanged, DayDiffers, BadHours; Missing for a stranger. None leaves a trace.
Source  domain/calendar/hours.py and weekly.py
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import hours, weekly
from unknot.domain.calendar.hours import WeeklyHours
from unknot.journey.book import access
from unknot.journey.book.actions import days, freed
from unknot.journey.book.actions.locks import lock_people
from unknot.journey.book.models import HoursOverride, WorkingHours
from unknot.journey.book.reads import opening
from unknot.journey.choose.models import Therapist
from unknot.people import audit
from unknot.people.models import User
from unknot.web.errors import BadInput, Conflict

#: How far ahead a single day can differ.
FURTHEST = timedelta(days=731)
#: Every weekday in words, Monday first.
WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


class HoursChanged(Conflict):
    """The hours were saved somewhere else since this page was opened."""

    title = _("These hours have changed")
    sentence = _("Somebody saved other hours while this page was open, so nothing was saved now.")
    mend = _("Look at both, and save again what is right.")


class DayDiffers(Conflict):
    """This day has hours of its own already."""

    sentence = _("This day differs from the week already: remove that first.")


class BadHours(BadInput):
    """Hours that cannot be kept; the sentence names the day."""


@transaction.atomic(durable=True)
def save_hours(
    actor: User,
    therapist: Therapist,
    *,
    week: Collection[WeeklyHours],
    fingerprint: str,
    now: datetime,
) -> None:
    """Replace a therapist's whole week if it is still the one with this `fingerprint`.

    The same week twice is one save. What is booked already stays as it is.
    """
    access.check_may_keep_hours(actor, therapist)
    day = weekly.overlapping(week)
    if day is not None:
        raise BadHours(gettext("The hours of %(day)s overlap.") % {"day": WEEKDAYS[day]})
    people = lock_people([therapist])
    stored = opening.week_of(therapist)
    wanted = tuple(sorted(week, key=lambda one: (one.weekday, one.starts_minute)))
    if stored == wanted:
        return
    if opening.fingerprint(stored) != fingerprint:
        raise HoursChanged
    WorkingHours.objects.filter(therapist=therapist).delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(
            therapist=therapist,
            weekday=one.weekday,
            starts_minute=one.starts_minute,
            ends_minute=one.ends_minute,
        )
        for one in wanted
    )
    today = now.astimezone(therapist.practice.tz).date()
    found = days.calendars(list(people.values()))
    freed.note(days.rebuild(found, since=today), now=now)
    audit.record(actor, "hours.saved", therapist, at=now)


@transaction.atomic(durable=True)
def add_override(
    actor: User,
    therapist: Therapist,
    *,
    day: date,
    window: weekly.Stretch | None,
    now: datetime,
) -> HoursOverride:
    """Let one day differ from the week: open only in `window`, or closed without one."""
    access.check_may_keep_hours(actor, therapist)
    today = now.astimezone(therapist.practice.tz).date()
    if not today <= day <= today + FURTHEST:
        raise BadInput(_("Choose today or a day of the next two years."))
    try:
        hours.DayOverride(day=day, windows=() if window is None else (window,))
    except hours.BadHours as error:
        raise BadInput(_("The end must come after the start.")) from error
    people = lock_people([therapist])
    if HoursOverride.objects.filter(therapist=therapist, day=day).exists():
        raise DayDiffers
    starts, ends = window or (None, None)
    override = HoursOverride.objects.create(
        therapist=therapist, day=day, starts_minute=starts, ends_minute=ends
    )
    found = days.calendars(list(people.values()))
    freed.note(days.rebuild(found, days=[day]), now=now)
    audit.record(actor, "hours-day.added", override, at=now)
    return override


@transaction.atomic(durable=True)
def remove_override(actor: User, override: HoursOverride, *, now: datetime) -> None:
    """Let a day follow the week again; a second press removes nothing more."""
    access.check_may_keep_hours(actor, override.therapist)
    people = lock_people([override.therapist])
    removed, _rows = HoursOverride.objects.filter(pk=override.pk).delete()
    if removed:
        found = days.calendars(list(people.values()))
        freed.note(days.rebuild(found, days=[override.day]), now=now)
        audit.record(actor, "hours-day.removed", override, at=now)
