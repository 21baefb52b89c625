"""Which starts are offered, and why any other start is refused: one rule for both.

Set-up before and clean-up after a session are real time of the therapist and the room, so
they belong to `Slot.blocked`. Set-up must lie inside the opening hours; clean-up must too,
unless the practice allows it past closing.

Units   minutes of elapsed time; aware datetimes; limits in days count in the practice's
        local day.
Errors  BadRequest: a length, step or limit that makes no sense. A start that cannot be
        booked is not an error but a `Refusal`.
Source  the booking policies in docs/decisions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from unknot.domain.calendar import hours
from unknot.domain.calendar.intervals import Period, clashes, covers, merge


def gettext_noop(text: str) -> str:
    """Mark `text` for the translators' tools and return it unchanged."""
    return text


class BadRequest(ValueError):
    """A length, step or limit that makes no sense."""


class Refusal(Enum):
    """Why a start cannot be booked; the value is the sentence to show, to be translated."""

    IN_THE_PAST = gettext_noop("This time has passed. Please choose a later one.")
    INSIDE_NOTICE = gettext_noop(
        "This time is too soon for the practice. Please choose a later one."
    )
    BEYOND_HORIZON = gettext_noop("This day is too far ahead. Please choose an earlier one.")
    OFF_GRID = gettext_noop("No session starts at this minute. Please choose a time from the list.")
    OUTSIDE_HOURS = gettext_noop(
        "The session would not fit into the opening hours. Please choose another time."
    )
    CLEANUP_PAST_CLOSING = gettext_noop(
        "There is no time to clear the room before closing. Please choose an earlier time."
    )
    OVERLAPS = gettext_noop("This time is taken. Please choose another one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be booked, and the practice's limits on booking it."""

    minutes: int
    setup_minutes: int = 0
    cleanup_minutes: int = 0
    step_minutes: int = 15
    notice_minutes: int = 0
    horizon_days: int = 90
    cleanup_past_closing: bool = False

    def __post_init__(self) -> None:
        if not (0 < self.minutes <= hours.DAY_MINUTES and 0 < self.step_minutes <= 720):
            raise BadRequest("a session and a step need at least one minute and less than a day")
        limits = (self.setup_minutes, self.cleanup_minutes, self.notice_minutes, self.horizon_days)
        if min(limits) < 0:
            raise BadRequest("set-up, clean-up, notice and horizon cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One start: the client's time, and `blocked`, which includes set-up and clean-up."""

    start: datetime
    end: datetime
    blocked: Period


def slot(request: Request, start: datetime) -> Slot:
    """Return the times that a session at the aware `start` would take, in UTC."""
    begins = start.astimezone(UTC)
    ends = begins + timedelta(minutes=request.minutes)
    blocked = Period(
        begins - timedelta(minutes=request.setup_minutes),
        ends + timedelta(minutes=request.cleanup_minutes),
    )
    return Slot(start=begins, end=ends, blocked=blocked)


def offered(
    request: Request,
    *,
    opening: Iterable[Period],
    busy: Iterable[Period],
    zone: ZoneInfo,
    now: datetime,
    first_day: date,
    last_day: date,
) -> tuple[Slot, ...]:
    """Return the bookable slots that start on the local days `first_day` to `last_day`.

    `opening` and `busy` should reach one day further on both sides, so that a session over
    midnight and a long set-up are judged as `refusal` judges them.
    """
    open_, taken = merge(opening), merge(busy)
    return tuple(
        slot(request, start)
        for day in hours.days(first_day, last_day)
        for start in _while_open(hours.grid(day, request.step_minutes, zone), open_)
        if _refusal(request, start, opening=open_, busy=taken, zone=zone, now=now) is None
    )


def _while_open(starts: Iterable[datetime], opening: Sequence[Period]) -> Iterable[datetime]:
    """Leave out starts at which nobody works: they are refused in any case, and are most."""
    return (start for start in starts if any(one.start <= start < one.end for one in opening))


def refusal(
    request: Request,
    start: datetime,
    *,
    opening: Iterable[Period],
    busy: Iterable[Period],
    zone: ZoneInfo,
    now: datetime,
) -> Refusal | None:
    """Return why a session cannot start at the aware `start`, or None if it can.

    `busy` holds the blocked periods of held, pending and confirmed appointments and of
    whatever else takes the therapist or the room.
    """
    return _refusal(request, start, opening=merge(opening), busy=merge(busy), zone=zone, now=now)


def _refusal(
    request: Request,
    start: datetime,
    *,
    opening: Sequence[Period],
    busy: Sequence[Period],
    zone: ZoneInfo,
    now: datetime,
) -> Refusal | None:
    wanted = slot(request, start)
    return (
        _limits(request, wanted.start, zone=zone, now=now)
        or _hours(request, wanted, opening)
        or (Refusal.OVERLAPS if clashes(busy, wanted.blocked) else None)
    )


def _limits(request: Request, start: datetime, *, zone: ZoneInfo, now: datetime) -> Refusal | None:
    if start < now:
        return Refusal.IN_THE_PAST
    if start < now.astimezone(UTC) + timedelta(minutes=request.notice_minutes):
        return Refusal.INSIDE_NOTICE
    today, _ = hours.local(now, zone)
    day, _ = hours.local(start, zone)
    if day > today + timedelta(days=request.horizon_days):
        return Refusal.BEYOND_HORIZON
    if not hours.on_grid(start, request.step_minutes, zone):
        return Refusal.OFF_GRID
    return None


def _hours(request: Request, wanted: Slot, opening: Sequence[Period]) -> Refusal | None:
    if not covers(opening, Period(wanted.blocked.start, wanted.end)):
        return Refusal.OUTSIDE_HOURS
    if not (request.cleanup_past_closing or covers(opening, wanted.blocked)):
        return Refusal.CLEANUP_PAST_CLOSING
    return None
