"""What every reader of a roster gives out, and how it reads one cell.

Pure. A reader gives one `Step` for each record of its file: what it found there and where the
next record begins, so that an import can stop behind any record and go on from there.

Units   lines are counted from 1, offsets are bytes from the beginning of the file; dates are
        calendar days from 1900 to 2199.
Errors  NotARoster: the file as a whole cannot be used, one sentence says why. Wrong: one cell
        cannot be right, it becomes a `Problem`. NotMeant: the row is right, it becomes `Skipped`.
Source  domain/credentials/roster.py for the longest number and name.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from unknot.domain.credentials.roster import LONGEST_NAME, RosterRow

LONGEST_RAW = 200
DAYS_KEPT = 40_000  # the same days come again and again; a hundred years have fewer
FIRST_YEAR, LAST_YEAR = 1900, 2199

#: Which way round a date with slashes is: months first, or whichever of the two is possible.
Slashes = Literal["month first", "either"]

#: What nobody sees: control characters, halves of characters, signs that turn or hide what is
#: beside them, and ends of lines.
_UNSEEN = frozenset({"Cc", "Cs", "Cf", "Zl", "Zp"})
#: Without these two some scripts, such as Persian and Sinhala, cannot be spelt.
_JOINERS = "\u200c\u200d"
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2}|\d{8})(?:T00:00:00(?:\.0+)?)?", re.ASCII)
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_DOTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)


class NotARoster(ValueError):
    """The file cannot be read as this roster; the text is one sentence."""


class Problem(NamedTuple):
    """What is wrong with one row: its line, the column (empty: the whole row), and why."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f'line {self.line}, column "{self.column}"' if self.column else f"line {self.line}"
        return f"{where}: {self.reason}"


class Skipped(NamedTuple):
    """A row that is right and not meant: another profession, an organisation, no licence."""

    line: int
    reason: str


Item = RosterRow | Problem | Skipped


class Place(NamedTuple):
    """Where a record begins."""

    offset: int
    line: int


START = Place(0, 1)


class Step(NamedTuple):
    """What one record gave, the line in which it begins, and where the next one does."""

    items: tuple[Item, ...]
    line: int
    after: Place


class Wrong(Exception):
    """One value cannot be right."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


class NotMeant(Exception):
    """The row is right and passed over; the text says why."""


def plain(value: str, column: str, longest: int = LONGEST_RAW) -> str:
    """Give the value without blanks around it; raises Wrong when no field could hold it."""
    value = value.strip()
    if len(value) > longest:
        raise Wrong(column, f"{len(value)} characters, at most {longest} are possible.")
    if has_unseen(value):
        raise Wrong(column, "it contains a character that cannot be printed.")
    return value


def has_unseen(value: str) -> bool:
    """Tell whether the value holds a character that nobody sees."""
    return not value.isprintable() and any(
        unicodedata.category(sign) in _UNSEEN and sign not in _JOINERS for sign in value
    )


def person(first: str, last: str, columns: tuple[str, str]) -> str:
    """Join a name, first name first; raises Wrong when there is no last name."""
    last = last.strip()
    if not last:
        raise Wrong(columns[1], "the name is missing.")
    name = f"{first.strip()} {last}".lstrip()
    if len(name) <= LONGEST_NAME and name.isprintable():
        return name
    for part, column in zip((first, last), columns, strict=True):
        plain(part, column, LONGEST_NAME)  # names the column, if it is one alone
    return plain(name, columns[1], LONGEST_NAME)


def day(value: str, column: str, slashes: Slashes) -> date | None:
    """Read a date: 2026-03-27, 20260327, either with a midnight, 03/27/2026 or 27.03.2026.

    None if the cell is empty; raises Wrong when it is no date, or when a date with slashes can
    be two days and the roster does not say which of them comes first.
    """
    found = _day(value, slashes)
    if isinstance(found, str):
        raise Wrong(column, found)
    return found


def short(value: str) -> str:
    """Quote a value for a sentence, cut when it is long."""
    return repr(value if len(value) <= 30 else f"{value[:30]}…") if value else "nothing"


@lru_cache(maxsize=DAYS_KEPT)
def _day(value: str, slashes: Slashes) -> date | str | None:
    """The day, None if the cell is empty, or the sentence that says why there is none."""
    value = value.strip()
    if not value:
        return None
    no_date = f"expected a date such as 2026-03-27, found {short(value)}."
    if iso := _ISO.fullmatch(value):
        days = _possible([iso[1]])
    elif dots := _DOTS.fullmatch(value):
        days = _possible([_iso(year=dots[3], month=dots[2], day=dots[1])])
    elif found := _SLASHES.fullmatch(value):
        one, other, year = found.groups()
        ways = [_iso(year=year, month=one, day=other)]
        if slashes == "either":
            ways.append(_iso(year=year, month=other, day=one))
        days = _possible(ways)
    else:
        return no_date
    if len(days) > 1:
        both = " or ".join(day.isoformat() for day in sorted(days))
        return f"{value} can be {both}: write it like 2026-03-27."
    return days.pop() if days else no_date


def _iso(*, year: str, month: str, day: str) -> str:
    return f"{year}-{month:>02}-{day:>02}"


def _possible(written: list[str]) -> set[date]:
    days = set()
    for each in written:
        try:
            found = date.fromisoformat(each)
        except ValueError:
            continue
        if FIRST_YEAR <= found.year <= LAST_YEAR:
            days.add(found)
    return days
