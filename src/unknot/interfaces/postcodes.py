"""Read a table of postcodes: a CSV file of one's own, or the tab-separated layout of GeoNames.

Line by line and lazily, so the size of the file does not matter.

Units   WGS 84 degrees, written as plain decimal numbers; lines are counted from 1.
Errors  NotPostcodes for a file that cannot be such a table; what is wrong with one row is a
        `Problem` among the rows.
Source  docs/reference/import-postcodes.md; the layout of download.geonames.org/export/zip
"""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from unknot.domain.postcodes import normalised
from unknot.interfaces.rosters.rows import has_unseen

COLUMNS: Final = ("postcode", "place", "latitude", "longitude")
#: Where GeoNames has the country, the postcode, the place, the latitude and the longitude.
GEONAMES: Final = (0, 1, 2, 9, 10)
GEONAMES_COLUMNS: Final = 11
LONGEST_LINE: Final = 10_000
LONGEST_CODE, LONGEST_PLACE = 12, 120
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


class NotPostcodes(ValueError):
    """The file is no table of postcodes; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostcodeRow:
    """One postcode, its code in capitals without spaces."""

    code: str
    place: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one row cannot be right."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A row of another country."""


Item = PostcodeRow | Problem | Elsewhere
Fields = Callable[[str], list[str]]


class _WrongRow(ValueError):
    """What is wrong with a row, on its way into a Problem."""


def read(file: BinaryIO, country: str) -> Iterator[tuple[Item, int]]:
    """Read a file row by row, each with how many bytes were read; raises NotPostcodes."""
    first = _text(file.readline(LONGEST_LINE + 1).removeprefix(b"\xef\xbb\xbf"), 1)
    if isinstance(first, Problem):
        raise NotPostcodes(f"its {first}")
    if "\r" in first:
        raise NotPostcodes("its lines end with a carriage return alone: save it as CSV UTF-8")
    if first.count("\t") >= GEONAMES_COLUMNS - 1:
        yield _item(first, 1, lambda text: _geonames(text, country), country), file.tell()
        yield from _rows(file, lambda text: _geonames(text, country), country)
    else:
        fields = _header(first)
        yield from _rows(file, fields, country)


def _rows(file: BinaryIO, fields: Fields, country: str) -> Iterator[tuple[Item, int]]:
    line = 1
    while raw := file.readline(LONGEST_LINE + 1):
        line += 1
        text = _text(raw, line)
        if isinstance(text, Problem):
            _skip_rest(file, raw)
            yield text, file.tell()
        elif text.strip():
            yield _item(text, line, fields, country), file.tell()


def _skip_rest(file: BinaryIO, raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = file.readline(LONGEST_LINE + 1)


def _text(raw: bytes, line: int) -> str | Problem:
    if len(raw) > LONGEST_LINE:
        return Problem(line, f"it has more than {LONGEST_LINE} characters")
    if b"\x00" in raw:
        return Problem(line, "it has a NUL byte")
    try:
        return raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return Problem(line, "it is not text in UTF-8")


def _header(first: str) -> Fields:
    """Find the four columns in the first line of a CSV file; raises NotPostcodes."""
    comma = ";" if first.count(";") > first.count(",") else ","
    names = [name.strip().lower() for name in next(csv.reader([first], delimiter=comma), [])]
    if missing := [name for name in COLUMNS if name not in names]:
        raise NotPostcodes(
            f"its first line names no column {', '.join(missing)}, and it is not tab-separated"
        )
    if twice := [name for name in COLUMNS if names.count(name) > 1]:
        raise NotPostcodes(f"its first line names {', '.join(twice)} twice")
    places = [names.index(name) for name in COLUMNS]

    def fields(text: str) -> list[str]:
        cells = next(csv.reader([text], delimiter=comma), [])
        if len(cells) != len(names):
            raise _WrongRow(f"it has {len(cells)} columns instead of {len(names)}")
        return [cells[place] for place in places]

    return fields


def _geonames(text: str, country: str) -> list[str]:
    cells = text.split("\t")
    if len(cells) < GEONAMES_COLUMNS:
        raise _WrongRow(f"it has {len(cells)} columns instead of {GEONAMES_COLUMNS} or more")
    found, *fields = (cells[place] for place in GEONAMES)
    return fields if found == country else []


def _item(text: str, line: int, fields: Fields, country: str) -> Item:
    try:
        if "\r" in text:
            raise _WrongRow("a carriage return stands in the middle of it")
        found = fields(text)
        return _row(country, *found) if found else Elsewhere()
    except (_WrongRow, csv.Error) as problem:
        return Problem(line, str(problem))


def _row(country: str, code: str, place: str, latitude: str, longitude: str) -> PostcodeRow:
    code = normalised(country, code)
    if not code or not code.isalnum() or len(code) > LONGEST_CODE:
        raise _WrongRow(f"{code[:20]!r} is no postcode of 1 to {LONGEST_CODE} letters and digits")
    if has_unseen(place.strip()):
        raise _WrongRow("the place has a character that cannot be printed")
    place = " ".join(place.split())
    if not place or len(place) > LONGEST_PLACE:
        raise _WrongRow(f"the place has to have 1 to {LONGEST_PLACE} characters")
    return PostcodeRow(
        code=code,
        place=place,
        latitude=_degrees(latitude, 90, "latitude"),
        longitude=_degrees(longitude, 180, "longitude"),
    )


def _degrees(text: str, most: int, name: str) -> float:
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise _WrongRow(f"{text[:20]!r} is no {name} in degrees, such as 52.53")
    degrees = float(text)
    if abs(degrees) > most:
        raise _WrongRow(f"the {name} {text[:20]} is not between -{most} and {most}")
    return degrees
