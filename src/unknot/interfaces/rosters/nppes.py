"""Read the NPPES registry of the United States: answers of its API and its bulk CSV file.

Pure: files in, rows and problems out, one after the other, so that a bulk file of gigabytes
needs no memory. Only licences of massage therapists are read, and of each only name, number,
state and what dates the record: no address and no telephone number is taken over.

NPPES is self-declared and has no expiry date: a row is a claim, never a verified credential.

Units   lines are counted from 1; a column is named as the file names it, for JSON by its path.
Errors  NotARoster: the file as a whole cannot be used, one sentence says why. A row that cannot
        be right is a `Problem`, not an error.
Source  NPPES API version 2.1 and the NPPES data dissemination file; taxonomy code 225700000X;
        the check digit of an NPI is that of ISO/IEC 7812 (Luhn) behind the prefix 80840.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from unknot.domain.credentials.standing import RosterCredential

SOURCE = "nppes"
#: The taxonomy codes that are read, with the names the code list gives them.
TITLES = {"225700000X": "Massage Therapist"}
PREFIX = "80840"
LARGEST_ANSWER = 20_000_000  # bytes of one JSON file; the API never sends so much
LONGEST_LINE = 1_000_000  # characters; a line of the bulk file has about ten thousand
LONGEST_NUMBER, LONGEST_NAME = 60, 160
MOST_TAXONOMIES = 15

NPI = "NPI"
KIND = "Entity Type Code"
LAST = "Provider Last Name (Legal Name)"
FIRST = "Provider First Name"
CREDENTIAL = "Provider Credential Text"
UPDATED = "Last Update Date"
DEACTIVATED = "NPI Deactivation Date"
REACTIVATED = "NPI Reactivation Date"
TAXONOMY = "Healthcare Provider Taxonomy Code_{}"
LICENCE = "Provider License Number_{}"
STATE = "Provider License Number State Code_{}"
PRIMARY = "Healthcare Provider Primary Taxonomy Switch_{}"

#: A file without one of these is not the bulk file; the other columns may be missing.
NEEDED = (NPI, KIND, LAST, FIRST, TAXONOMY.format(1), LICENCE.format(1), STATE.format(1))

_PERSON = {"1", "NPI-1"}
_ORGANISATION = {"2", "NPI-2"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_STATE = re.compile(r"[A-Z]{2}")
_US_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


class NotARoster(ValueError):
    """The file cannot be read as a roster of NPPES; the text is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one row: its line, the column (empty: the whole row), and why."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f'line {self.line}, column "{self.column}"' if self.column else f"line {self.line}"
        return f"{where}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A row that is right and not meant: another profession, an organisation, no licence."""

    line: int
    reason: str


Item = RosterCredential | Problem | Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """One value with the name under which its file knows it."""

    value: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Licence:
    taxonomy: _Field
    number: _Field
    state: _Field
    primary: _Field


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """One provider in the same shape, whichever file it comes from."""

    line: int
    npi: _Field
    kind: _Field
    last: _Field
    first: _Field
    credential: _Field
    updated: _Field
    deactivated: _Field
    reactivated: _Field
    licences: tuple[_Licence, ...] = field(default=())


class _Wrong(Exception):
    """One value cannot be right."""

    def __init__(self, at: _Field, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = at.column, reason


def read(path: Path) -> Iterator[Item]:
    """Read the file at `path`, JSON or CSV by its content; raises NotARoster or OSError."""
    with path.open("rb") as raw:
        start = raw.read(512)
    _check_is_text(start)
    seen: dict[str, int] = {}
    text = start.decode("utf-8-sig", errors="replace").lstrip()
    for record in _json_records(path) if text[:1] in {"{", "["} else _csv_records(path):
        yield from (record,) if isinstance(record, Problem) else _items(record, seen)


def is_npi(number: str) -> bool:
    """Tell whether `number` has ten digits, begins with 1 or 2 and ends in its check digit."""
    if not re.fullmatch(r"[12][0-9]{9}", number):
        return False
    digits = [int(digit) for digit in reversed(PREFIX + number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


# ---------------------------------------------------------------- one record → its credentials


def _items(record: _Record, seen: dict[str, int]) -> Iterator[Item]:
    try:
        reason = _not_meant(record)
        if (first := seen.get(record.npi.value)) is not None:
            raise _Wrong(record.npi, f"NPI {record.npi.value} was in line {first} already.")
        seen[record.npi.value] = record.line
        if reason:
            yield Skipped(line=record.line, reason=reason)
            return
        yield from _credentials(record)
    except _Wrong as wrong:
        yield Problem(line=record.line, column=wrong.column, reason=wrong.reason)


def _not_meant(record: _Record) -> str:
    """Check what every record needs, and say why this one is passed over; empty if it is not."""
    _check_npi(record.npi)
    off, on = _day(record.deactivated), _day(record.reactivated)
    if off is not None and (on is None or on < off):
        return "deactivated"
    if record.kind.value in _ORGANISATION:
        return "an organisation"
    if record.kind.value not in _PERSON:
        raise _Wrong(record.kind, f"expected 1 or 2, found {_short(record.kind.value)}.")
    meant = [one for one in record.licences if one.taxonomy.value in TITLES]
    if not meant:
        return "another profession"
    return "" if any(one.number.value for one in meant) else "no licence number"


def _credentials(record: _Record) -> Iterator[RosterCredential]:
    holder = _holder(record)
    made: dict[str, RosterCredential] = {}
    for licence in record.licences:
        if licence.taxonomy.value in TITLES and licence.number.value:
            one = _credential(record, licence, holder)
            made.setdefault(one.source_key, one)
    yield from made.values()


def _credential(record: _Record, licence: _Licence, holder: str) -> RosterCredential:
    number, state = _plain(licence.number, LONGEST_NUMBER), licence.state.value
    if not _STATE.fullmatch(state):
        raise _Wrong(licence.state, f"expected a state in two letters, found {_short(state)}.")
    told = (record.npi, record.last, record.first, record.credential, record.updated)
    dates = (record.deactivated, record.reactivated)
    mine = (licence.taxonomy, licence.number, licence.state, licence.primary)
    return RosterCredential(
        holder=holder,
        number=number,
        jurisdiction=f"US-{state}",
        title=TITLES[licence.taxonomy.value],
        source=SOURCE,
        source_key=f"{record.npi.value}:{state}:{number}",
        raw={each.column: each.value for each in (*told, *dates, *mine) if each.value},
    )


def _check_npi(npi: _Field) -> None:
    if not is_npi(npi.value):
        raise _Wrong(
            npi, f"{_short(npi.value)} is no NPI: ten digits whose last one checks the others."
        )


def _holder(record: _Record) -> str:
    last, first = _plain(record.last, LONGEST_NAME), _plain(record.first, LONGEST_NAME)
    if not last:
        raise _Wrong(record.last, "the name is missing.")
    return _plain(_Field(value=f"{first} {last}".strip(), column=record.last.column), LONGEST_NAME)


def _plain(given: _Field, longest: int) -> str:
    if _CONTROL.search(given.value):
        raise _Wrong(given, "it contains a character that cannot be printed.")
    if len(given.value) > longest:
        raise _Wrong(given, f"{len(given.value)} characters, at most {longest} are possible.")
    return given.value


def _day(given: _Field) -> date | None:
    """The day as the bulk file (10/21/2009) or the API (2009-10-21) writes it; None if empty."""
    if not given.value:
        return None
    american = _US_DATE.fullmatch(given.value)
    iso = "{2}-{0}-{1}".format(*american.groups()) if american else given.value
    try:
        return date.fromisoformat(iso)
    except ValueError as error:
        raise _Wrong(given, f"expected a date, found {_short(given.value)}.") from error


def _short(value: str) -> str:
    return repr(value if len(value) <= 30 else f"{value[:30]}…") if value else "nothing"


# ---------------------------------------------------------------- the bulk file


def _check_is_text(start: bytes) -> None:
    kinds = {b"PK": "a zip archive: unpack it", b"\x1f\x8b": "packed with gzip: unpack it"}
    for magic, what in kinds.items():
        if start.startswith(magic):
            raise NotARoster(f"The file is {what} first.")
    if not start.strip():
        raise NotARoster("The file is empty.")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotARoster("The file is UTF-16 text: save it as UTF-8.")
    if b"\x00" in start:
        raise NotARoster("The file contains zero bytes: it is not a text file.")


def _csv_records(path: Path) -> Iterator[_Record | Problem]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(_lines(text), strict=True)
        try:
            header = next(reader)
        except (csv.Error, StopIteration) as error:
            raise NotARoster("The first line is no list of columns.") from error
        places = _places(header)
        yield from _rows(reader, places, len(header))


def _lines(text: TextIO) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        try:
            line = text.readline(LONGEST_LINE + 1)
        except UnicodeDecodeError as error:
            raise NotARoster(
                f"The file is not UTF-8 text, at the latest in line {number}: save it as UTF-8."
            ) from error
        if not line:
            return
        if len(line) > LONGEST_LINE:
            raise NotARoster(f"Line {number} is longer than any line of an NPPES file.")
        if "\x00" in line:
            raise NotARoster(f"Line {number} contains a zero byte: this is not a text file.")
        yield line


def _places(header: list[str]) -> dict[str, int]:
    names = [name.strip() for name in header]
    if missing := [name for name in NEEDED if name not in names]:
        raise NotARoster(
            "This is not the bulk file of NPPES: it has no column "
            + " and none ".join(f'"{name}"' for name in missing[:3])
            + (f", and {len(missing) - 3} more are missing." if len(missing) > 3 else ".")
        )
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise NotARoster(f'The column "{twice[0]}" comes twice.')
    return {name: place for place, name in enumerate(names)}


def _rows(reader: Any, places: Mapping[str, int], width: int) -> Iterator[_Record | Problem]:
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(line=line, column="", reason=f"it is no CSV row ({error}).")
            continue
        if not cells:
            continue
        if len(cells) != width:
            yield Problem(
                line=line, column="", reason=f"{len(cells)} cells, the first line has {width}."
            )
            continue
        yield _csv_record(line, cells, places)


def _csv_record(line: int, cells: list[str], places: Mapping[str, int]) -> _Record:
    def cell(name: str) -> _Field:
        return _Field(value=cells[places[name]].strip() if name in places else "", column=name)

    return _Record(
        line=line,
        npi=cell(NPI),
        kind=cell(KIND),
        last=cell(LAST),
        first=cell(FIRST),
        credential=cell(CREDENTIAL),
        updated=cell(UPDATED),
        deactivated=cell(DEACTIVATED),
        reactivated=cell(REACTIVATED),
        licences=tuple(
            _Licence(
                taxonomy=cell(TAXONOMY.format(n)),
                number=cell(LICENCE.format(n)),
                state=cell(STATE.format(n)),
                primary=cell(PRIMARY.format(n)),
            )
            for n in range(1, MOST_TAXONOMIES + 1)
            if TAXONOMY.format(n) in places
        ),
    )


# ---------------------------------------------------------------- the API


def _json_records(path: Path) -> Iterator[_Record | Problem]:
    if path.stat().st_size > LARGEST_ANSWER:
        raise NotARoster("The file is larger than any answer of the NPPES API.")
    try:
        text = path.read_text(encoding="utf-8-sig")
        answer = json.loads(text)
    except UnicodeDecodeError as error:
        raise NotARoster("The file is not UTF-8 text: save it as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise NotARoster(
            f"The file is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from error
    except RecursionError as error:
        raise NotARoster("The file is not an answer of the NPPES API: it nests deep.") from error
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list):
        raise NotARoster('This is not an answer of the NPPES API: it has no list "results".')
    for place, (line, result) in enumerate(zip(_begins(text), results, strict=True)):
        path_of = f"results[{place}]"
        if isinstance(result, dict):
            yield _json_record(line, path_of, result)
        else:
            yield Problem(line=line, column=path_of, reason="expected a record.")


def _begins(text: str) -> Iterator[int]:
    """The line in which each record of "results" begins; the text is known to be sound JSON."""
    place, line = _results_at(text), 1
    line += text.count("\n", 0, place)
    while text[place] != "]":
        yield line
        _, end = _DECODER.raw_decode(text, place)
        end = _after(text, end, ",")
        line += text.count("\n", place, end)
        place = end


def _results_at(text: str) -> int:
    """Where the first record of the outermost "results" stands; the last one of that name wins."""
    found = 0
    place = _after(text, 0, "{")
    while text[place] != "}":
        name, place = _DECODER.raw_decode(text, place)
        place = _after(text, place, ":")
        if name == "results":
            found = _after(text, place, "[")
        _, place = _DECODER.raw_decode(text, place)
        place = _after(text, place, ",")
    return found


_DECODER = json.JSONDecoder()
_GAP = re.compile(r"[ \t\r\n]*")


def _after(text: str, place: int, mark: str) -> int:
    """Step over blanks, `mark` if it stands there, and blanks again."""
    place = _GAP.match(text, place).end()  # type: ignore[union-attr]  # it matches nothing too
    if text[place : place + 1] == mark:
        place = _GAP.match(text, place + 1).end()  # type: ignore[union-attr]
    return place


def _json_record(line: int, path: str, result: dict[str, Any]) -> _Record | Problem:
    try:
        basic, base = _part(result, path, "basic")
        return _Record(
            line=line,
            npi=_word(result, path, "number"),
            kind=_word(result, path, "enumeration_type"),
            last=_word(basic, base, "last_name"),
            first=_word(basic, base, "first_name"),
            credential=_word(basic, base, "credential"),
            updated=_word(basic, base, "last_updated"),
            deactivated=_word(basic, base, "deactivation_date"),
            reactivated=_word(basic, base, "reactivation_date"),
            licences=tuple(_json_licences(result, path)),
        )
    except _Wrong as wrong:
        return Problem(line=line, column=wrong.column, reason=wrong.reason)


def _json_licences(result: dict[str, Any], path: str) -> Iterator[_Licence]:
    taxonomies = result.get("taxonomies")
    where = _Field(value="", column=f"{path}.taxonomies")
    if taxonomies is None:
        taxonomies = []
    if not isinstance(taxonomies, list):
        raise _Wrong(where, "expected a list.")
    for place, one in enumerate(taxonomies):
        base = f"{path}.taxonomies[{place}]"
        if not isinstance(one, dict):
            raise _Wrong(_Field(value="", column=base), "expected a record.")
        yield _Licence(
            taxonomy=_word(one, base, "code"),
            number=_word(one, base, "license"),
            state=_word(one, base, "state"),
            primary=_yes_or_no(one, base, "primary"),
        )


def _yes_or_no(part: Mapping[str, Any], path: str, name: str) -> _Field:
    if isinstance(part.get(name), bool):
        return _Field(value="Y" if part[name] else "N", column=f"{path}.{name}")
    return _word(part, path, name)


def _part(result: dict[str, Any], path: str, name: str) -> tuple[dict[str, Any], str]:
    part = result.get(name)
    if not isinstance(part, dict):
        raise _Wrong(_Field(value="", column=f"{path}.{name}"), "expected a record.")
    return part, f"{path}.{name}"


def _word(part: Mapping[str, Any], path: str, name: str) -> _Field:
    value, column = part.get(name), f"{path}.{name}"
    if value is None:
        return _Field(value="", column=column)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _Wrong(_Field(value="", column=column), "expected a text.")
    return _Field(value=str(value).strip(), column=column)
