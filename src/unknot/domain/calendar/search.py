"""What a search for free times asks of a day's cells, and what it counts a find worth.

A session may begin where a run of free cells is long enough, on the practice's own grid and at a
time of day that was asked for. A find is worth points: most of them need no calendar, and the last
few are for a free time that comes soon. So a search can rank everybody first and open calendars
only as long as somebody not yet opened could still come before those who were found.

Units   minutes; cells of five minutes of a local day, as in cells.py; points are whole numbers;
        stars in twentieths, distances in halves of a kilometre.
Errors  ValueError: a run of less than one cell.
Source  docs/explanation/search.md
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from unknot.domain.calendar import cells, hours
from unknot.domain.calendar.cells import CELL_MINUTES, CELLS

#: For a credential that a register has lately confirmed.
VERIFIED: Final = 2500
#: For signed sessions with the technique, by step: none, 1 to 9, 10 to 49, 50 or more.
EXPERIENCE: Final = (0, 900, 1700, 2500)
#: For every twentieth of a star above the first star.
TWENTIETH: Final = 31
#: For a place next door; at the radius nothing is left of it.
NEAR: Final = 1500
#: For each day that the first free time comes before this one.
SOON_DAYS: Final = 14
SOON: Final = 70
#: What a free time today is worth: nobody who was not looked at can gain more.
MOST_SOON: Final = SOON * SOON_DAYS

#: A stretch of the day in minutes from midnight on the wall, the end not included.
Window = tuple[int, int]
WHOLE_DAY: Final[Window] = (0, hours.DAY_MINUTES)

_CELL: Final = timedelta(minutes=CELL_MINUTES)


class Run(NamedTuple):
    """So many free cells in a row, of which `before` lie before the start."""

    before: int
    length: int


def run(before_minutes: int, minutes: int, after_minutes: int) -> Run:
    """Return the cells that something of `minutes` with its buffers touches around a start."""
    before = -(-before_minutes // CELL_MINUTES)
    return Run(before=before, length=before - (-(minutes + after_minutes) // CELL_MINUTES))


def shifts(length: int) -> tuple[int, ...]:
    """Return by how much a row is laid over itself, in turn, to find `length` cells in a row."""
    if length < 1:
        raise ValueError(f"a run of {length} cells, expected at least 1")
    found: list[int] = []
    done = 1
    while done < length:
        found.append(min(done, length - done))
        done += found[-1]
    return tuple(found)


def starts(free: int, wanted: Run) -> int:
    """Return the cells at which something may begin that needs `wanted` of the `free` cells."""
    return cells.runs(free, wanted.length) >> wanted.before


@lru_cache(maxsize=16384)  # few zones and steps, and the same days for everybody
def asked_starts(day: date, zone: ZoneInfo, step_minutes: int, windows: tuple[Window, ...]) -> int:
    """Return the cells on the grid of the local `day` whose wall time lies in one of `windows`."""
    begins = cells.day_start(day, zone)
    bits = 0
    for moment in hours.grid(day, step_minutes, zone):
        minute = hours.local(moment, zone)[1]
        if any(first <= minute < last for first, last in windows):
            bits |= 1 << (CELLS - 1 - (moment - begins) // _CELL)
    return bits


def not_before(bits: int, day: date, zone: ZoneInfo, earliest: datetime) -> int:
    """Return those of the cells of `day` that begin at `earliest`, which is aware, or later."""
    gone = -((cells.day_start(day, zone) - earliest) // _CELL)
    return bits & ((1 << (CELLS - min(max(gone, 0), CELLS))) - 1)


def standing(*, verified: bool, step: int, stars: int, halves: int | None, radius: int) -> int:
    """Return the points that need no calendar; without `halves` nobody asked how far it is."""
    near = 0 if halves is None else NEAR - NEAR * halves // (2 * radius)
    return VERIFIED * verified + EXPERIENCE[step] + TWENTIETH * (stars - 20) + near


def soon(days: int) -> int:
    """Return the points for a first free time so many days after the first day asked for."""
    return SOON * (SOON_DAYS - min(max(days, 0), SOON_DAYS))
