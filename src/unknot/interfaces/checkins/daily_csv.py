"""Read a person's daily series from CSV: `date, pain, stress, sleep`, one row for each day.

Pure: text in, rows and problems out. Columns are found by their names in the first line, in any
order; `date` is needed and at least one of the others. A date is written 2026-03-27, a value is a
number from 0 to 10 with a point, and an empty cell is a question that was not answered.
"""

import csv
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

VALUES = ("pain", "stress", "sleep")
COLUMNS = ("date", *VALUES)
MOST_ROWS = 100_000
LONGEST_CELL = 100


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the text says why and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One day as the file gives it; None is an empty cell."""

    line: int
    day: date
    pain: float | None
    stress: float | None
    sleep: float | None


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


def read(lines: Iterable[str], *, last_day: date) -> Reading:
    """Read all rows up to `last_day` (the person's today); raises UnreadableFile.

    A row with a problem is left out of `rows`; the caller decides whether the others may stay.
    """
    reader = csv.reader(_clean(lines), strict=True)
    rows: list[DayRow] = []
    problems: list[Problem] = []
    seen: dict[date, int] = {}
    try:
        header = _header(next(reader, []))
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if reader.line_num > MOST_ROWS + 1:
                raise UnreadableFile(f"The file has more than {MOST_ROWS} rows.")
            found = _row(reader.line_num, cells, header, last_day, seen)
            if isinstance(found, DayRow):
                rows.append(found)
                seen[found.day] = found.line
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
    if "date" not in names or not set(names) & set(VALUES):
        raise UnreadableFile(f"The first line names no date and value columns: {expected}.")
    for name in names:
        if name not in COLUMNS:
            raise UnreadableFile(f"Unknown column {name[:LONGEST_CELL]!r}: {expected}.")
        if names.count(name) > 1:
            raise UnreadableFile(f"The column {name} comes twice: {expected}.")
    return names


def _row(
    line: int, cells: list[str], header: list[str], last_day: date, seen: dict[date, int]
) -> DayRow | list[Problem]:
    if len(cells) != len(header):
        text = f"has {len(cells)} cells, expected {len(header)}."
        return [Problem(line=line, column=header[min(len(cells), len(header)) - 1], text=text)]
    problems: list[Problem] = []
    given = dict(zip(header, cells, strict=True))
    day = _day(line, given["date"], last_day, seen, problems)
    values = {name: _value(line, name, given.get(name, ""), problems) for name in VALUES}
    if problems or day is None:
        return problems
    return DayRow(line=line, day=day, **values)


def _day(
    line: int, cell: str, last_day: date, seen: dict[date, int], problems: list[Problem]
) -> date | None:
    try:
        day = date.fromisoformat(cell.strip())
    except ValueError:
        text = f"{cell[:LONGEST_CELL]!r} is not a date; write it like 2026-03-27."
        problems.append(Problem(line=line, column="date", text=text))
        return None
    if day > last_day:
        text = f"{day} lies in the future."
    elif day in seen:
        text = f"{day} was already on line {seen[day]}."
    else:
        return day
    problems.append(Problem(line=line, column="date", text=text))
    return None


def _value(line: int, name: str, cell: str, problems: list[Problem]) -> float | None:
    written = cell.strip()
    if not written:
        return None
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if math.isfinite(value) and 0 <= value <= 10 and written.isascii() and "_" not in written:
        return value
    text = f"{written[:LONGEST_CELL]!r} is not a number from 0 to 10 with a point."
    problems.append(Problem(line=line, column=name, text=text))
    return None
