"""Place the blocks of calendars on a grid of five-minute rows, by classes of the style sheet.

A column counts elapsed time, so a day of 23 or 25 hours has as many rows as it really has; its
labels show the clock on the wall, and an hour that comes twice says which one it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from unknot.domain.calendar import hours
from unknot.domain.calendar.intervals import Period
from unknot.journey.book.reads import staff_calendar
from unknot.journey.book.reads.desk import Moves
from unknot.journey.book.reads.staff_calendar import Block, Column

ROW: Final = timedelta(minutes=5)
ROWS_AN_HOUR: Final = 12
#: What is shown when nothing says otherwise.
USUAL_HOURS: Final = (8, 18)
#: Fewer rows than this have no room for a line of text.
LEAST_ROWS: Final = 4
MEASURE: Final = frozenset({staff_calendar.SESSION, staff_calendar.BUFFER})
NOW: Final = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a column: a block or the now-line, with its place on the grid."""

    kind: str
    place: str  # classes; none when it lies outside the hours shown
    starts: str
    ends: str
    start: datetime
    block: Block | None = None
    is_short: bool = False
    is_all_day: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The label of an hour."""

    place: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A start to which an appointment can move; `needs_reason` when a rule has to bend."""

    place: str
    starts: str
    start: datetime
    needs_reason: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """The appointment that is being moved, and where it can go in its therapist's columns."""

    key: UUID
    slug: str
    who: str
    start: datetime
    step: timedelta
    moves: Moves


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A column with its items by time; `marks` are its own only when its clock changes."""

    column: Column
    is_today: bool
    whole: str  # the place from the first hour shown to the last
    open: tuple[str, ...]  # places
    items: tuple[Item, ...]
    marks: tuple[Mark, ...]
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The columns beside one axis of hours."""

    axis: tuple[Mark, ...]
    columns: tuple[Placed, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nobody works and nothing is booked."""
        return not any(one.column.open or one.column.blocks for one in self.columns)


def grid(
    columns: Sequence[Column], zone: ZoneInfo, *, now: datetime, moving: Moving | None = None
) -> Grid:
    """Place these columns beside each other, from the first hour that any needs to the last.

    While an appointment is `moving`, its targets stand in place of what is free.
    """
    first, last = _hours(columns, zone)
    placed = tuple(_placed(one, first, last, zone, now) for one in columns)
    if moving is not None:
        placed = tuple(
            _with_targets(one, _shown(one.column.day, first, last, zone), zone, moving)
            for one in placed
        )
    usual = next((one for one in columns if not _changes(one.day, first, last, zone)), None)
    axis = _marks(usual.day, first, last, zone) if usual else placed[0].marks if placed else ()
    return Grid(axis=axis, columns=placed)


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """The time on the wall; with its offset in an hour that comes twice."""
    wall = moment.astimezone(zone)
    text = f"{wall:%H:%M}"
    if wall.replace(fold=0).utcoffset() == wall.replace(fold=1).utcoffset():
        return text
    offset = f"{wall:%z}"
    return f"{text} ({offset[:3]}:{offset[3:5]})"


def _hours(columns: Sequence[Column], zone: ZoneInfo) -> tuple[int, int]:
    """The first and last hour of the wall that hours and sessions reach."""
    starts, ends = [], []
    for column in columns:
        sessions = (one.period for one in column.blocks if one.kind in MEASURE)
        for period in (*column.open, *sessions):
            day, minute = hours.local(period.start, zone)
            starts.append(minute // 60 if day == column.day else 0)
            day, minute = hours.local(period.end, zone)
            ends.append(-(-minute // 60) if day == column.day else 24)
    return (min(starts), max(ends)) if starts else USUAL_HOURS


def _placed(column: Column, first: int, last: int, zone: ZoneInfo, now: datetime) -> Placed:
    shown = _shown(column.day, first, last, zone)
    items = [_item(block, column.day, shown, zone) for block in column.blocks]
    is_today = column.day == now.astimezone(zone).date()
    if is_today and column.is_person:
        line = Period(now, now + ROW)
        told = clock(now, zone)
        place = _place(line, shown)
        items.append(Item(kind=NOW, place=place, starts=told, ends=told, start=now))
        items.sort(key=lambda one: one.start)
    changes = _changes(column.day, first, last, zone)
    return Placed(
        column=column,
        is_today=is_today,
        whole=_place(shown, shown),
        open=tuple(place for one in column.open if (place := _place(one, shown))),
        items=tuple(items),
        marks=_marks(column.day, first, last, zone) if changes else (),
    )


def _with_targets(placed: Placed, shown: Period, zone: ZoneInfo, moving: Moving) -> Placed:
    """The column with the starts of its own day, each as long as a step of the practice."""
    column = placed.column
    starts = [(one, False) for one in moving.moves.free]
    starts += [(one, True) for one in moving.moves.with_reason]
    targets = tuple(
        Target(
            place=_place(Period(start, start + moving.step), shown),
            starts=clock(start, zone),
            start=start,
            needs_reason=bent,
        )
        for start, bent in sorted(starts)
        if column.slug == moving.slug
        and start != moving.start
        and start.astimezone(zone).date() == column.day
    )
    items = tuple(one for one in placed.items if one.kind != staff_calendar.FREE)
    return replace(placed, targets=targets, items=items)


def _item(block: Block, day: date, shown: Period, zone: ZoneInfo) -> Item:
    """A block as its day shows it: what began before or goes on after is cut at midnight."""
    whole = _shown(day, 0, 24, zone)
    start, end = max(block.period.start, whole.start), min(block.period.end, whole.end)
    return Item(
        kind=block.kind,
        place=_place(block.period, shown),
        starts=clock(start, zone),
        ends="24:00" if end == whole.end else clock(end, zone),
        start=start,
        block=block,
        is_short=block.period.length < LEAST_ROWS * ROW,
        is_all_day=(start, end) == (whole.start, whole.end),
    )


def _shown(day: date, first: int, last: int, zone: ZoneInfo) -> Period:
    return Period(hours.instant(day, first * 60, zone), hours.instant(day, last * 60, zone))


def _changes(day: date, first: int, last: int, zone: ZoneInfo) -> bool:
    """Whether the hours shown are not as long as on other days."""
    return _shown(day, first, last, zone).length != timedelta(hours=last - first)


def _marks(day: date, first: int, last: int, zone: ZoneInfo) -> tuple[Mark, ...]:
    shown = _shown(day, first, last, zone)
    count = shown.length // ROW
    return tuple(
        Mark(
            place=_rows(row, min(row + ROWS_AN_HOUR, count)),
            label=clock(shown.start + row * ROW, zone),
        )
        for row in range(0, count, ROWS_AN_HOUR)
    )


def _place(period: Period, shown: Period) -> str:
    if not period.overlaps(shown):
        return ""
    start, end = max(period.start, shown.start), min(period.end, shown.end)
    return _rows((start - shown.start) // ROW, -((shown.start - end) // ROW))


def _rows(first: int, last: int) -> str:
    """The classes of the rows `first` up to `last`, counted from the first hour shown."""
    from_, to = divmod(first, ROWS_AN_HOUR), divmod(last, ROWS_AN_HOUR)
    return f"fh{from_[0]} fm{from_[1]} th{to[0]} tm{to[1]}"
