"""Time off: leave of a person, or a room or tool out of use. What is booked inside stays.

No reason is asked and none is kept.

Units   local days and minutes of the practice; aware datetimes.
Errors  BadInput; Missing and Denied from access. None leaves a trace.
Source  docs/decisions/0019-the-read-model.md
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import hours
from unknot.domain.calendar.intervals import Period
from unknot.journey.book import access
from unknot.journey.book.actions import days, freed
from unknot.journey.book.actions.locks import lock_people
from unknot.journey.book.models import Resource, TimeOff
from unknot.journey.choose.models import Therapist
from unknot.people import audit
from unknot.people.models import User
from unknot.web.errors import BadInput

#: How far ahead a time off can end.
FURTHEST: Final = timedelta(days=731)


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """From the first day to the last, both included; without minutes whole days are meant."""

    first_day: date
    last_day: date
    starts_minute: int | None = None
    ends_minute: int | None = None

    def period(self, zone: ZoneInfo) -> Period:
        """The instants meant; BadInput when the end does not come after the start."""
        starts = 0 if self.starts_minute is None else self.starts_minute
        ends = hours.DAY_MINUTES if self.ends_minute is None else self.ends_minute
        if any(minute % 5 for minute in (starts, ends)):
            raise BadInput(_("Write times in steps of 5 minutes."))
        start = hours.instant(self.first_day, starts, zone)
        end = hours.instant(self.last_day, ends, zone)
        if end <= start:
            raise BadInput(_("The end must come after the start."))
        return Period(start, end)


@transaction.atomic(durable=True)
def add(actor: User, subject: access.Keeps, *, away: Away, now: datetime) -> TimeOff:
    """Take somebody, a room or a tool out for a while; the same twice is one."""
    access.check_may_keep_time_off(actor, subject)
    zone = access.practice_of(subject).tz
    if away.last_day > now.astimezone(zone).date() + FURTHEST:
        raise BadInput(_("Choose days of the next two years."))
    period = away.period(zone)
    if period.end <= now:
        raise BadInput(_("This time is over. Choose days that are still to come."))
    resource = _locked(subject)
    during = DateTimeTZRange(period.start, period.end)
    same = TimeOff.objects.filter(resource=resource, during=during).first()
    if same is not None:
        return same
    made = TimeOff.objects.create(
        resource=resource, during=during, created_by=actor, created_at=now
    )
    _rebuild(resource, period, now)
    audit.record(actor, "time-off.added", made, at=now)
    return made


@transaction.atomic(durable=True)
def remove(actor: User, subject: access.Keeps, off: TimeOff, *, now: datetime) -> None:
    """Take a time off back; a second press removes nothing more."""
    access.check_may_keep_time_off(actor, subject)
    resource = _locked(subject)
    removed, _rows = TimeOff.objects.filter(pk=off.pk, resource=resource).delete()
    if removed:
        _rebuild(resource, Period(off.during.lower, off.during.upper), now)
        audit.record(actor, "time-off.removed", off, at=now)


def _locked(subject: access.Keeps) -> Resource:
    if isinstance(subject, Therapist):
        (person,) = lock_people([subject]).values()
        return person
    found = Resource.objects.select_for_update(no_key=True, of=("self",))
    return found.select_related("practice").get(pk=subject.pk)


def _rebuild(resource: Resource, period: Period, now: datetime) -> None:
    """The rows of every practice that keeps this resource; its rules are locked already."""
    found = days.calendars([resource])
    freed.note(days.rebuild(found, days=days.days_of(found, [period])), now=now)
