"""The day of a practice as lanes: its therapists with what can still be booked, rooms and tools."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from unknot.domain.calendar.intervals import Period
from unknot.journey.book.reads import gaps, staff_calendar
from unknot.journey.book.reads.gaps import Gap
from unknot.journey.book.reads.staff_calendar import Block, Column
from unknot.people.models import Practice
from unknot.practice.calendar_grid import Grid, grid


def timeline(practice: Practice, day: date, *, now: datetime) -> Grid:
    """Every lane of a day; free is only what booking would take; 24 queries whatever the day."""
    free = gaps.of_day(practice, day, now=now)
    columns = staff_calendar.of_day(practice, day, now=now)
    return grid([_with_gaps(one, free) for one in columns], practice.tz, now=now)


def _with_gaps(column: Column, free: Sequence[Gap]) -> Column:
    """The lane with the gaps that can be booked in place of whatever is not taken."""
    if not column.is_person:
        return column
    taken = [one for one in column.blocks if one.kind != staff_calendar.FREE]
    own = [
        Block(kind=staff_calendar.FREE, period=Period(one.start, one.end))
        for one in free
        if one.slug == column.slug
    ]
    blocks = sorted((*taken, *own), key=lambda one: (one.period.start, one.period.end))
    return replace(column, blocks=tuple(blocks))
