"""Free weeks: what one therapist offers for one service. Returns rows and never writes.

Instants are aware; days and times are those of the practice's zone.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import hours
from unknot.journey.book.reads import decision
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.models import Therapist
from unknot.journey.choose.reads import leave as leaves
from unknot.journey.choose.reads.leave import Leave
from unknot.web import money

ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """One free start, ready to be drawn: a week has a hundred of them.

    `again` marks the second pass of an hour that comes twice.
    """

    start: datetime
    value: str
    time: str
    label: str
    hour: int
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The free starts of a morning, an afternoon or an evening."""

    name: str | Promise
    slots: tuple[Free, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the week shown: `state` is past, later, closed, full or free."""

    day: date
    state: str
    count: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Monday to Sunday, and where to look when it is empty.

    `ends` is the last day before one that a credential closes, if such a day can be booked ahead.
    """

    days: tuple[Day, ...]
    ends: date | None
    before: date | None
    after: date | None
    next_free: datetime | None
    is_empty: bool

    @property
    def first(self) -> date:
        return self.days[0].day

    @property
    def last(self) -> date:
        return self.days[-1].day

    def chosen(self, wanted: date | None) -> date:
        """The day to open: the wanted one if it is shown, else the first with a free time."""
        if wanted is not None and self.first <= wanted <= self.last:
            return wanted
        return next((day.day for day in self.days if day.count), self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """Another length of the same technique with the same therapist."""

    service: int
    minutes: int
    price: str


def week(wanted: Wanted, *, first_day: date, now: datetime) -> Week:
    """The free starts of the week that holds `first_day`, in the practice's zone.

    Costs as many queries as `decision.ask`; an empty week asks once more for the next free start.
    """
    practice = wanted.practice
    today = now.astimezone(practice.tz).date()
    last_bookable = today + timedelta(days=practice.horizon_days)
    monday = _monday(min(max(first_day, today), last_bookable))
    leave = leaves.of(wanted.therapist)
    days = _days(wanted, monday, now, leave)
    closed = leave.closed_days(hours.days(today, last_bookable))
    is_empty = not any(day.count for day in days)
    return Week(
        days=days,
        ends=closed[0] - ONE_DAY if closed else None,
        before=monday - WEEK if monday > today else None,
        after=monday + WEEK if monday + WEEK <= last_bookable else None,
        next_free=_next_free(wanted, now=now, leave=leave) if is_empty else None,
        is_empty=is_empty,
    )


def next_free(wanted: Wanted, *, now: datetime) -> datetime | None:
    """The first free start from `now` to the end of the booking horizon, or None."""
    return _next_free(wanted, now=now, leave=leaves.of(wanted.therapist))


def nearest(wanted: Wanted, start: datetime, *, now: datetime, most: int = 3) -> tuple[Free, ...]:
    """The free starts nearest to one that was refused, from a week around it, by time."""
    zone = wanted.practice.tz
    day = start.astimezone(zone).date()
    first, last = max(day - 3 * ONE_DAY, now.astimezone(zone).date()), day + 4 * ONE_DAY
    if first > last:
        first, last = now.astimezone(zone).date(), now.astimezone(zone).date() + WEEK
    found = decision.ask(wanted, first, last, now=now).offered(first, last, now=now)
    near = sorted(found, key=lambda slot: abs(slot.start - start))[:most]
    return tuple(_free_at(slot.start, zone) for slot in sorted(near, key=lambda slot: slot.start))


def _next_free(wanted: Wanted, *, now: datetime, leave: Leave) -> datetime | None:
    practice = wanted.practice
    first = now.astimezone(practice.tz).date()
    last = first + timedelta(days=practice.horizon_days)
    question = decision.ask(wanted, first, last, now=now, leave=leave)
    for day in hours.days(first, last):
        found = question.offered(day, day, now=now)
        if found:
            return found[0].start
    return None


def lengths(therapist: Therapist, technique: str) -> tuple[Length, ...]:
    """The lengths in which `therapist` offers `technique`, shortest first."""
    services = therapist.services.filter(technique=technique, active=True, for_two=False)
    currency = therapist.practice.currency
    return tuple(
        Length(service=one.pk, minutes=one.minutes, price=money.price(one.price_minor, currency))
        for one in services.order_by("minutes")
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _days(wanted: Wanted, monday: date, now: datetime, leave: Leave) -> tuple[Day, ...]:
    practice = wanted.practice
    sunday, zone = monday + 6 * ONE_DAY, practice.tz
    today = now.astimezone(zone).date()
    last_bookable = today + timedelta(days=practice.horizon_days)
    question = decision.ask(wanted, monday, sunday, now=now, leave=leave)
    names = {day: _day_name(day) for day in hours.days(monday, sunday)}
    found: dict[date, list[Free]] = {}
    for slot in question.offered(max(monday, today), sunday, now=now):
        wall = slot.start.astimezone(zone)
        found.setdefault(wall.date(), []).append(_free(slot.start, wall, names[wall.date()]))
    open_days = {period.start.astimezone(zone).date() for period in question.state.opening}
    open_days -= question.closed
    return tuple(
        _day(
            day,
            found.get(day, []),
            nothing=_why_nothing(day, today, last_bookable, is_open=day in open_days),
        )
        for day in hours.days(monday, sunday)
    )


def _free_at(start: datetime, zone: ZoneInfo) -> Free:
    wall = start.astimezone(zone)
    return _free(start, wall, _day_name(wall.date()))


def _day_name(day: date) -> str:
    return dateformat.format(day, "l j F")


def _free(start: datetime, wall: datetime, day: str) -> Free:
    time = f"{wall:%H:%M}"
    return Free(
        start=start,
        value=start.isoformat(),
        time=time,
        label=f"{day} {time}",
        hour=wall.hour,
        again=wall.fold == 1,
    )


def _why_nothing(day: date, today: date, last_bookable: date, *, is_open: bool) -> str:
    if day < today:
        return "past"
    if day > last_bookable:
        return "later"
    return "full" if is_open else "closed"


def _day(day: date, found: list[Free], *, nothing: str) -> Day:
    spans = ((_("Morning"), 0, 12), (_("Afternoon"), 12, 17), (_("Evening"), 17, 24))
    parts = (
        Part(name=name, slots=tuple(free for free in found if first <= free.hour < last))
        for name, first, last in spans
    )
    return Day(
        day=day,
        state="free" if found else nothing,
        count=len(found),
        parts=tuple(part for part in parts if part.slots),
    )
