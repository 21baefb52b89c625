"""Free weeks: what one therapist offers for one service. Returns rows and never writes.

Instants are aware; days and times are those of the practice's zone.
"""

from collections.abc import Collection
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
from unknot.people.models import UnreadableCalendar
from unknot.web import money

ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """One free start, ready to be drawn: a week has a hundred of them.

    `again` marks the second pass of an hour that comes twice; `offset` from UTC stands beside both
    passes, and beside no other time.
    """

    start: datetime
    value: str
    time: str
    label: str
    hour: int
    again: bool
    offset: str


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
    """A length in which a therapist offers a technique, for one person or for two."""

    service: int
    minutes: int
    price: str
    for_two: bool


def week(
    wanted: Wanted,
    *,
    first_day: date,
    now: datetime,
    without: Collection[int] = (),
    relaxed: bool = False,
) -> Week:
    """The free starts of the week that holds `first_day`, in the practice's zone.

    `without` leaves appointments out, such as the one that is moved; `relaxed` lists what staff
    may book with a reason. Costs as many queries as `decision.ask`; an empty week asks once more.
    """
    practice = wanted.practice
    today = now.astimezone(practice.tz).date()
    last_bookable = today + timedelta(days=practice.horizon_days)
    monday = _monday(min(max(first_day, today), last_bookable))
    leave = leaves.of(wanted.therapist)
    question = decision.ask(
        wanted, monday, monday + 6 * ONE_DAY, now=now, leave=leave, without=without
    )
    days = _days(wanted, monday, now, question.for_staff() if relaxed else question)
    closed = leave.closed_days(hours.days(today, last_bookable))
    is_empty = not any(day.count for day in days)
    return Week(
        days=days,
        ends=closed[0] - ONE_DAY if closed else None,
        before=monday - WEEK if monday > today else None,
        after=monday + WEEK if monday + WEEK <= last_bookable else None,
        next_free=_next_free(wanted, now=now, leave=leave, without=without) if is_empty else None,
        is_empty=is_empty,
    )


def next_free(wanted: Wanted, *, now: datetime) -> datetime | None:
    """The first free start from `now` to the end of the booking horizon, or None."""
    return _next_free(wanted, now=now, leave=leaves.of(wanted.therapist))


def nearest(
    wanted: Wanted,
    start: datetime,
    *,
    now: datetime,
    most: int = 3,
    without: Collection[int] = (),
) -> tuple[Free, ...]:
    """The free starts nearest to one that was refused, by time; `start` itself if it is free.

    However far off `start` is, the days that can be booked are searched, from the nearest on.
    """
    zone = wanted.practice.tz
    today = now.astimezone(zone).date()
    last = today + timedelta(days=wanted.practice.horizon_days)
    middle = min(max(start.astimezone(zone).date(), today), last)
    question = decision.ask(wanted, today, last, now=now, without=without)
    found: list[datetime] = []
    is_last_ring = False
    for distance in range((last - today).days + 1):
        for day in {middle - distance * ONE_DAY, middle + distance * ONE_DAY}:
            if today <= day <= last:
                found += [slot.start for slot in question.offered(day, day, now=now)]
        if is_last_ring:  # a morning may be nearer than the same day's evening
            break
        is_last_ring = len(found) >= most
    near = sorted(found, key=lambda one: abs(one - start))[:most]
    return tuple(free_at(one, zone) for one in sorted(near))


def may_be_out_of_date(wanted: Wanted, *, now: datetime) -> bool:
    """Whether the times are offered though a calendar elsewhere cannot be read; 2 queries or none.

    Only where the practice has chosen to offer them with a warning.
    """
    if wanted.practice.unreadable_calendar != UnreadableCalendar.WARN:
        return False
    person = decision.person_of(wanted.therapist)
    return person is not None and decision.unreadable(person, now)


def _next_free(
    wanted: Wanted, *, now: datetime, leave: Leave, without: Collection[int] = ()
) -> datetime | None:
    practice = wanted.practice
    first = now.astimezone(practice.tz).date()
    last = first + timedelta(days=practice.horizon_days)
    question = decision.ask(wanted, first, last, now=now, leave=leave, without=without)
    for day in hours.days(first, last):
        found = question.offered(day, day, now=now)
        if found:
            return found[0].start
    return None


def lengths(therapist: Therapist, technique: str) -> tuple[Length, ...]:
    """The lengths in which `therapist` offers `technique`, shortest first, for two at the end."""
    services = therapist.services.filter(technique=technique, active=True)
    currency = therapist.practice.currency
    return tuple(
        Length(
            service=one.pk,
            minutes=one.minutes,
            price=money.price(one.price_minor, currency),
            for_two=one.for_two,
        )
        for one in services.order_by("for_two", "minutes")
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _days(
    wanted: Wanted, monday: date, now: datetime, question: decision.Question
) -> tuple[Day, ...]:
    practice = wanted.practice
    sunday, zone = monday + 6 * ONE_DAY, practice.tz
    today = now.astimezone(zone).date()
    last_bookable = today + timedelta(days=practice.horizon_days)
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


def free_at(start: datetime, zone: ZoneInfo) -> Free:
    """A start that is known to be free, ready to be drawn in the practice's zone."""
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
        offset=_offset(wall),
    )


def _offset(wall: datetime) -> str:
    """The offset of a time that the clock shows twice, such as UTC+02:00; else nothing."""
    if wall.replace(fold=0).utcoffset() == wall.replace(fold=1).utcoffset():
        return ""
    return f"UTC{wall.isoformat()[-6:]}"


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
