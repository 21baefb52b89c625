"""Read and write one person's check-ins and sessions as two CSV files.

Pure: text in, rows out. Columns are found by their names in the first line, in any order.

    check-ins   at, then at least one of pain, stiffness, stress, sleep, mood; painkillers, moment
    sessions    start, minutes, technique

An instant is written with its offset, 2026-03-27T19:00+01:00; a rating is 0 to 10 with a point, an
empty cell a question that was not answered; painkillers is yes, no or empty; moment is day or door.
"""

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from unknot.domain.outcomes.findings import OUTCOMES
from unknot.domain.outcomes.series import CheckIn, Session

CHECK_INS = ("at", *OUTCOMES, "painkillers", "moment")
SESSIONS = ("start", "minutes", "technique")
MOST_ROWS = 100_000
LONGEST_SHOWN = 60
LONGEST_SESSION = 480
YES_NO = {"yes": True, "no": False, "": None}
Row = TypeVar("Row")


class UnreadableRow(ValueError):
    """Something in the file cannot be right; the text says what, where, and what was expected."""


def read_check_ins(lines: Iterable[str], *, until: datetime) -> tuple[CheckIn, ...]:
    """Read check-ins up to `until`, in order of time; raises UnreadableRow."""
    rows = tuple(_rows(lines, CHECK_INS, {"at"}, lambda row: _check_in(row, until)))
    return tuple(sorted(rows, key=lambda one: one.at.timestamp()))


def read_sessions(
    lines: Iterable[str], techniques: Sequence[str], *, until: datetime
) -> tuple[Session, ...]:
    """Read sessions that began before `until`, in order of time; raises UnreadableRow."""
    rows = _rows(lines, SESSIONS, set(SESSIONS), lambda row: _session(row, techniques, until))
    return tuple(sorted(rows, key=lambda one: one.start.timestamp()))


def check_in_rows(check_ins: Iterable[CheckIn]) -> Iterator[list[str]]:
    """The lines of a check-in file, its header first; `read_check_ins` reads them back."""
    yield list(CHECK_INS)
    for one in check_ins:
        said = {True: "yes", False: "no", None: ""}[one.painkillers]
        ratings = (_shown(getattr(one, outcome)) for outcome in OUTCOMES)
        yield [one.at.isoformat(), *ratings, said, one.moment]


def session_rows(sessions: Iterable[Session]) -> Iterator[list[str]]:
    """The lines of a session file, its header first; `read_sessions` reads them back."""
    yield list(SESSIONS)
    for one in sessions:
        yield [one.start.isoformat(), str(one.minutes), one.technique]


class _Line:
    """One line's cells by column, with the words for what is wrong in them."""

    def __init__(self, number: int, cells: dict[str, str]) -> None:
        self.number, self.cells = number, cells

    def wrong(self, column: str, expected: str) -> UnreadableRow:
        cell = self.cells.get(column, "")[:LONGEST_SHOWN]
        return UnreadableRow(f"line {self.number}, column {column}: {cell!r} is not {expected}.")

    def instant(self, column: str) -> datetime:
        expected = "an instant with its offset; write it like 2026-03-27T19:00+01:00"
        try:
            found = datetime.fromisoformat(self.cells[column].strip())
        except ValueError:
            raise self.wrong(column, expected) from None
        if found.tzinfo is None:
            raise self.wrong(column, expected)
        return found

    def number_between(self, column: str, low: float, high: float) -> float | None:
        written = self.cells.get(column, "").strip()
        if not written:
            return None
        try:
            value = float(written)
        except ValueError:
            value = math.nan
        if not (low <= value <= high and written.isascii() and "_" not in written):
            raise self.wrong(column, f"a number from {low:g} to {high:g} with a point")
        return value


def _rows(
    lines: Iterable[str],
    columns: Sequence[str],
    needed: set[str],
    made: Callable[[_Line], Row],
) -> Iterator[Row]:
    reader = csv.reader((line.replace("\0", "") for line in lines), strict=True)
    try:
        header = _header(next(reader, []), columns, needed)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if reader.line_num > MOST_ROWS + 1:
                raise UnreadableRow(f"The file has more than {MOST_ROWS} rows.")
            if len(cells) != len(header):
                text = f"line {reader.line_num} has {len(cells)} cells, expected {len(header)}."
                raise UnreadableRow(text)
            yield made(_Line(reader.line_num, dict(zip(header, cells, strict=True))))
    except csv.Error as problem:
        raise UnreadableRow(f"line {reader.line_num} is not CSV: {problem}.") from problem


def _header(cells: list[str], columns: Sequence[str], needed: set[str]) -> list[str]:
    names = [cell.strip().lower().removeprefix("\ufeff") for cell in cells]
    unknown = next((name for name in names if name not in columns), None)
    twice = next((name for name in names if names.count(name) > 1), None)
    expected = f"expected the columns {', '.join(columns)}"
    if unknown is not None:
        raise UnreadableRow(f"line 1: unknown column {unknown[:LONGEST_SHOWN]!r}; {expected}.")
    if twice is not None:
        raise UnreadableRow(f"line 1: the column {twice} comes twice; {expected}.")
    if missing := sorted(needed - set(names)):
        raise UnreadableRow(f"line 1: the column {missing[0]} is missing; {expected}.")
    return names


def _check_in(line: _Line, until: datetime) -> CheckIn:
    at = line.instant("at")
    if at > until:
        raise line.wrong("at", "in the past")
    said = line.cells.get("painkillers", "").strip().lower()
    if said not in YES_NO:
        raise line.wrong("painkillers", "yes, no or empty")
    moment = line.cells.get("moment", "").strip().lower() or "day"
    if moment not in ("day", "door"):
        raise line.wrong("moment", "day or door")
    moments: dict[str, Literal["day", "door"]] = {"day": "day", "door": "door"}
    ratings = {outcome: line.number_between(outcome, 0, 10) for outcome in OUTCOMES}
    return CheckIn(at=at, painkillers=YES_NO[said], moment=moments[moment], **ratings)


def _session(line: _Line, techniques: Sequence[str], until: datetime) -> Session:
    start = line.instant("start")
    if start > until:
        raise line.wrong("start", "in the past; only sessions that took place count")
    minutes = line.number_between("minutes", 1, LONGEST_SESSION)
    if minutes is None or minutes != int(minutes):
        raise line.wrong("minutes", f"a whole number from 1 to {LONGEST_SESSION}")
    technique = line.cells["technique"].strip()
    if technique not in techniques:
        raise line.wrong("technique", f"one of {', '.join(techniques)}")
    end = start + timedelta(minutes=minutes)
    return Session(start=start, end=end, technique=technique, minutes=int(minutes))


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
