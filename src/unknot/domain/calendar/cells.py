"""A local day as a row of five-minute cells, kept as one whole number.

Cells count elapsed time from the start of the local day, so no cell is ambiguous: a day of 23
hours has 276 of them, a day of 25 hours 300. Cell 0 is the most significant of 312 bits, so
`format(bits, "0312b")[i]` is cell i, as in PostgreSQL's bit(312). A day ends where the next
begins; a date that was skipped has no cell.

Units   cells of five minutes, 312 a row (26 hours: the longest day of today's zones); aware
        datetimes, results in UTC.
Errors  ValueError: a run of less than one cell. OverflowError: the first and last day that a
        date can name.
Source  the availability design in docs/decisions: free time is rounded inward, taken time
        outward, so what the cells show free is free.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from unknot.domain.calendar import hours
from unknot.domain.calendar.intervals import Period

CELL_MINUTES = 5
CELLS = 312

_CELL = timedelta(minutes=CELL_MINUTES)
_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=16384)  # a resource's rows ask for the same days again and again
def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Return the UTC instant at which the local `day` begins."""
    return hours.instant(day, 0, zone)


@lru_cache(maxsize=16384)
def day_cells(day: date, zone: ZoneInfo) -> int:
    """Return how many cells the local `day` really has: 0 for a date that was skipped."""
    return min((day_start(day + _DAY, zone) - day_start(day, zone)) // _CELL, CELLS)


def free_bits(periods: Iterable[Period], day: date, zone: ZoneInfo) -> int:
    """Return the cells of `day` that lie wholly inside one of `periods`, in any order.

    Periods that touch should be merged first, or a cell that only both fill is lost.
    """
    start, count = day_start(day, zone), day_cells(day, zone)
    end = start + count * _CELL
    bits = 0
    for period in periods:
        if period.start < end and period.end > start:
            first = max(-((start - period.start) // _CELL), 0)
            bits |= _between(first, min((period.end - start) // _CELL, count))
    return bits


def taken_bits(periods: Iterable[Period], day: date, zone: ZoneInfo) -> int:
    """Return the cells of `day` that any of `periods` touches, in any order."""
    start, count = day_start(day, zone), day_cells(day, zone)
    end = start + count * _CELL
    bits = 0
    for period in periods:
        if period.start < end and period.end > start:
            first = max((period.start - start) // _CELL, 0)
            bits |= _between(first, min(-((start - period.end) // _CELL), count))
    return bits


def masks(period: Period, zone: ZoneInfo) -> dict[date, int]:
    """Return the cells that `period` touches by local day, without days it does not touch."""
    day = period.start.astimezone(zone).date()
    while day_start(day, zone) > period.start:  # a clock that went back over midnight
        day -= _DAY
    touched: dict[date, int] = {}
    while day_start(day, zone) < period.end:
        bits = taken_bits((period,), day, zone)
        if bits:
            touched[day] = bits
        day += _DAY
    return touched


def periods(bits: int, day: date, zone: ZoneInfo) -> tuple[Period, ...]:
    """Return the set cells of `day` as merged periods; bits past the end of the day are none."""
    start = day_start(day, zone)
    rest = bits & _between(0, day_cells(day, zone))
    found: list[Period] = []
    while rest:
        top = rest.bit_length()
        below = (((1 << top) - 1) & ~rest).bit_length()  # where the run of ones stops
        found.append(Period(start + (CELLS - top) * _CELL, start + (CELLS - below) * _CELL))
        rest &= (1 << below) - 1
    return tuple(found)


def runs(bits: int, length: int) -> int:
    """Return the cells at which `length` set cells in a row begin; ValueError below 1."""
    if length < 1:
        raise ValueError(f"a run of {length} cells, expected at least 1")
    begins, done = bits, 1
    while done < length:
        shift = min(done, length - done)
        begins &= begins << shift
        done += shift
    return begins


def outward(period: Period) -> Period:
    """Return `period` rounded outward to full five minutes of UTC."""
    start = (period.start - _EPOCH) // _CELL
    end = -((_EPOCH - period.end) // _CELL)
    return Period(_EPOCH + start * _CELL, _EPOCH + end * _CELL)


def inward(period: Period) -> Period | None:
    """Return `period` rounded inward to full five minutes of UTC, or None if nothing is left."""
    start = -((_EPOCH - period.start) // _CELL)
    end = (period.end - _EPOCH) // _CELL
    return Period(_EPOCH + start * _CELL, _EPOCH + end * _CELL) if start < end else None


def whole(minutes: int) -> int:
    """Return `minutes` rounded up to full five minutes."""
    return -(-minutes // CELL_MINUTES) * CELL_MINUTES


def _between(first: int, last: int) -> int:
    """Return cells `first` up to, not including, `last`; none if reversed."""
    return ((1 << (last - first)) - 1) << (CELLS - last) if first < last else 0
