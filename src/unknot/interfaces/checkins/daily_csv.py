"""Read a person's check-ins from CSV: one row for each day, or one for each instant.

Pure: text in, rows and problems out. Columns are found by their names in the first line, in any
order. Either `date` or `at` is needed, and at least one of the five ratings; `painkillers` and
`moment` may be left out. A date is written 2026-03-27 and each comes once; an instant is written
with its offset, 2026-03-27T19:00+01:00, and belongs to the local day of the practice. A rating is a
number from 0 to 10 with a point, and an empty cell a question that was not answered. Pain killers
are yes, no or empty; the moment is day, door or empty (day), and door needs an instant.
"""

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from unknot.domain.outcomes.findings import OUTCOMES
from unknot.domain.outcomes.series import Moment

COLUMNS = ("date", "at", *OUTCOMES, "painkillers", "moment")
YES_NO = {"yes": True, "no": False, "": None}
MOMENTS: Mapping[str, Moment] = {"day": "day", "": "day", "door": "door"}
MOST_ROWS = 100_000
LONGEST_CELL = 100
Found = TypeVar("Found")


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the text says why and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One check-in as the file gives it; None is an empty cell, `at` None a day without an hour."""

    line: int
    day: date
    at: datetime | None = None
    moment: Moment = "day"
    pain: float | None = None
    stiffness: float | None = None
    stress: float | None = None
    sleep: float | None = None
    mood: float | None = None
    painkillers: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong in one cell, and where."""

    line: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    rows: tuple[DayRow, ...]
    problems: tuple[Problem, ...]


def read(lines: Iterable[str], *, now: datetime, zone: ZoneInfo) -> Reading:
    """Read all rows up to `now` where the person is; raises UnreadableFile.

    A row with a problem is left out of `rows`; the caller decides whether the others may stay.
    """
    reader = csv.reader(_clean(lines), strict=True)
    rows: list[DayRow] = []
    problems: list[Problem] = []
    seen: dict[date | datetime, int] = {}
    try:
        header = _header(next(reader, []))
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if reader.line_num > MOST_ROWS + 1:
                raise UnreadableFile(f"The file has more than {MOST_ROWS} rows.")
            found = _row(reader.line_num, cells, header, _When(now, zone, seen))
            if isinstance(found, DayRow):
                rows.append(found)
                seen[_place(found)] = found.line
            else:
                problems.extend(found)
    except csv.Error as error:
        raise UnreadableFile(f"Line {reader.line_num} is not CSV: {error}.") from error
    return Reading(rows=tuple(rows), problems=tuple(problems))


def _clean(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if "\0" in line:
            raise UnreadableFile(f"Line {number} has a NUL byte: this is not a text file.")
        yield line.removeprefix("\ufeff") if number == 1 else line


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    expected = f"expected the columns {', '.join(COLUMNS)}"
    if not {"date", "at"} & set(names) or not set(names) & set(OUTCOMES):
        raise UnreadableFile(f"The first line names no date and value columns: {expected}.")
    if {"date", "at"} <= set(names):
        raise UnreadableFile("The first line names both date and at: leave one of them out.")
    for name in names:
        if name not in COLUMNS:
            raise UnreadableFile(f"Unknown column {name[:LONGEST_CELL]!r}: {expected}.")
        if names.count(name) > 1:
            raise UnreadableFile(f"The column {name} comes twice: {expected}.")
    return names


class _When(NamedTuple):
    """The present of the person, and the days and instants of earlier lines."""

    now: datetime
    zone: ZoneInfo
    seen: Mapping[date | datetime, int]


def _place(row: DayRow) -> date | datetime:
    """What a second row may not share: the day, or the second at the door."""
    return row.at.replace(microsecond=0) if row.at and row.moment == "door" else row.day


def _row(line: int, cells: list[str], header: list[str], when: _When) -> DayRow | list[Problem]:
    if len(cells) != len(header):
        text = f"has {len(cells)} cells, expected {len(header)}."
        return [Problem(line=line, column=header[min(len(cells), len(header)) - 1], text=text)]
    given = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    wrong: dict[str, str] = {}
    column = "at" if "at" in given else "date"
    at, day = _time(wrong, given, when.zone)
    values = {name: _read(wrong, name, given, _rating) for name in OUTCOMES}
    painkillers = _read(wrong, "painkillers", given, _yes_no)
    moment = _read(wrong, "moment", given, _moment) or "day"
    if day is not None and not wrong:
        row = DayRow(line=line, day=day, at=at, moment=moment, painkillers=painkillers, **values)
        misplaced = _misplaced(row, when)
        if misplaced is None:
            return row
        wrong[column] = misplaced
    return [Problem(line=line, column=name, text=text) for name, text in wrong.items()]


def _misplaced(row: DayRow, when: _When) -> str | None:
    """What is wrong with the time of a row that is right by itself."""
    if row.moment == "door" and row.at is None:
        return "a check-in at the door needs an instant; write a column at instead."
    if row.at is not None and row.at > when.now:
        return f"{row.at.isoformat()} lies in the future."
    if row.day > when.now.astimezone(when.zone).date():
        return f"{row.day} lies in the future."
    earlier = when.seen.get(_place(row))
    return None if earlier is None else f"{_place(row)} was already on line {earlier}."


def _read(
    wrong: dict[str, str], name: str, given: Mapping[str, str], made: Callable[[str], Found]
) -> Found | None:
    """One cell, or None with what is wrong in it; a column that is not there is an empty cell."""
    written = given.get(name, "")
    try:
        return made(written)
    except ValueError as problem:
        wrong[name] = f"{written[:LONGEST_CELL]!r} is not {problem}."
        return None


def _time(
    wrong: dict[str, str], given: Mapping[str, str], zone: ZoneInfo
) -> tuple[datetime | None, date | None]:
    """The instant, where the file has it, and the day it belongs to."""
    if "at" not in given:
        return None, _read(wrong, "date", given, _date)
    at = _read(wrong, "at", given, _instant)
    return at, at.astimezone(zone).date() if at is not None else None


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValueError("a date; write it like 2026-03-27") from None


def _instant(written: str) -> datetime:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        found = datetime.min.replace(tzinfo=UTC)
    # The first and the last year of the calendar have instants that other zones cannot name.
    if found.tzinfo is None or not date.min.year < found.year < date.max.year:
        raise ValueError("an instant with its offset; write it like 2026-03-27T19:00+01:00")
    return found


def _rating(written: str) -> float | None:
    if not written:
        return None
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if math.isfinite(value) and 0 <= value <= 10 and written.isascii() and "_" not in written:
        return value
    raise ValueError("a number from 0 to 10 with a point")


def _yes_no(written: str) -> bool | None:
    if written.lower() not in YES_NO:
        raise ValueError("yes, no or empty")
    return YES_NO[written.lower()]


def _moment(written: str) -> Moment:
    if written.lower() not in MOMENTS:
        raise ValueError("day, door or empty")
    return MOMENTS[written.lower()]
