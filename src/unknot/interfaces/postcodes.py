"""Read a table of postcodes: a CSV file of one's own, or the tab-separated layout of GeoNames.

Line by line and lazily, so the size of the file does not matter.

Units   WGS 84 degrees; lines are counted from 1.
Errors  NotPostcodes for a file that cannot be such a table; what is wrong with one row is a
        `Problem` among the rows.
Source  docs/reference/import-postcodes.md; the layout of download.geonames.org/export/zip
"""

import csv
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

COLUMNS: Final = ("postcode", "place", "latitude", "longitude")
#: Where GeoNames has the country, the postcode, the place, the latitude and the longitude.
GEONAMES: Final = (0, 1, 2, 9, 10)
GEONAMES_COLUMNS: Final = 11
LONGEST_LINE: Final = 10_000
LONGEST_CODE, LONGEST_PLACE = 12, 120


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
    if first.count("\t") >= GEONAMES_COLUMNS - 1:
        yield _item(first, 1, lambda text: _geonames(text, country)), file.tell()
        yield from _rows(file, lambda text: _geonames(text, country))
    else:
        fields = _header(first)
        yield from _rows(file, fields)


def _rows(file: BinaryIO, fields: Fields) -> Iterator[tuple[Item, int]]:
    line = 1
    while raw := file.readline(LONGEST_LINE + 1):
        line += 1
        text = _text(raw, line)
        if isinstance(text, Problem):
            _skip_rest(file, raw)
            yield text, file.tell()
        elif text.strip():
            yield _item(text, line, fields), file.tell()


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


def _item(text: str, line: int, fields: Fields) -> Item:
    try:
        found = fields(text)
        return _row(*found) if found else Elsewhere()
    except (_WrongRow, csv.Error) as problem:
        return Problem(line, str(problem))


def _row(code: str, place: str, latitude: str, longitude: str) -> PostcodeRow:
    code = "".join(code.replace("-", "").split()).upper()
    if not code or not code.isalnum() or len(code) > LONGEST_CODE:
        raise _WrongRow(f"{code[:20]!r} is no postcode of 1 to {LONGEST_CODE} letters and digits")
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
    try:
        degrees = float(text)
    except ValueError as problem:
        raise _WrongRow(f"{text[:20]!r} is no {name} in degrees, such as 52.53") from problem
    if not math.isfinite(degrees) or abs(degrees) > most:
        raise _WrongRow(f"the {name} {text[:20]} is not between -{most} and {most}")
    return degrees
