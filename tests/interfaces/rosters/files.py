"""Rosters for the tests: the real columns with made-up rows, and files that are no roster."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

from unknot.domain.credentials.roster import RosterRow
from unknot.interfaces.rosters import nppes
from unknot.interfaces.rosters.nppes import is_npi
from unknot.interfaces.rosters.rows import START, Item, Place, Problem, Skipped
from unknot.interfaces.rosters.sources import read

DATA = Path(__file__).resolve().parents[2] / "data"
API, BULK = DATA / "nppes_api.json", DATA / "nppes_bulk.csv"
COLORADO, WASHINGTON = DATA / "colorado_columns.csv", DATA / "washington_columns.csv"

GENERIC = "number,holder,jurisdiction,kind,title,status,issued,expires,discipline"


def items(
    path: Path, source: str = "nppes", types: Sequence[str] = (), begin: Place = START
) -> list[Item]:
    """Everything that the reader gives, without the places."""
    return [item for step in read(path, source, types=types, begin=begin) for item in step.items]


def rows(path: Path, source: str, types: Sequence[str] = ()) -> list[RosterRow]:
    """The rows of a file in which everything else is passed over."""
    found = items(path, source, types)
    assert not [one for one in found if isinstance(one, Problem)]
    return [one for one in found if isinstance(one, RosterRow)]


def problems(path: Path, source: str, types: Sequence[str] = ()) -> list[Problem]:
    """What is wrong with a file."""
    return [one for one in items(path, source, types) if isinstance(one, Problem)]


def skipped(path: Path, source: str, types: Sequence[str] = ()) -> list[Skipped]:
    """What was passed over in a file."""
    return [one for one in items(path, source, types) if isinstance(one, Skipped)]


def header(path: Path = BULK) -> list[str]:
    """The columns of a sample."""
    return next(csv.reader(io.StringIO(path.read_text())))


def row(**changes: str) -> dict[str, str]:
    """The sample's record under the bulk file's names, with some cells changed."""
    values = next(csv.DictReader(io.StringIO(BULK.read_text())))
    names = {"npi": nppes.NPI, "kind": nppes.KIND, "last": nppes.LAST, "first": nppes.FIRST}
    names |= {"off": nppes.DEACTIVATED, "on": nppes.REACTIVATED}
    names |= {"licence": nppes.LICENCE.format(1), "state": nppes.STATE.format(1)}
    names |= {"taxonomy": nppes.TAXONOMY.format(1), "taxonomy2": nppes.TAXONOMY.format(2)}
    names |= {"licence2": nppes.LICENCE.format(2)}
    return values | {names[name]: value for name, value in changes.items()}


def bulk(path: Path, *written: dict[str, str]) -> Path:
    """A bulk file of these records."""
    return table(path, header(), *written, quoting=csv.QUOTE_ALL)


def board(path: Path, columns: Path, *written: dict[str, str]) -> Path:
    """A board's file with these records; cells that are not given are empty."""
    return table(path, header(columns), *written)


def table(
    path: Path, names: list[str], *written: dict[str, str], quoting: int = csv.QUOTE_MINIMAL
) -> Path:
    """A CSV file of these records."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, quoting=quoting)  # type: ignore[arg-type]
        writer.writeheader()
        writer.writerows(written)
    return path


def generic(path: Path, *lines: str) -> Path:
    """A file in our own layout; each line as it is."""
    path.write_text("\n".join([GENERIC, *lines, ""]), encoding="utf-8")
    return path


def line(n: int, *, name: str = "Ana Lopez", status: str = "active") -> str:
    """One good line of our own layout."""
    return f"MT-{n},{name},US-CO,licence,Massage Therapist,{status},2020-01-02,2030-01-02,none"


def npi(first_nine: str) -> str:
    """The number with its check digit."""
    return next(first_nine + str(last) for last in range(10) if is_npi(first_nine + str(last)))


def answer(path: Path, **changes: object) -> Path:
    """The API's answer with the first record changed."""
    whole = json.loads(API.read_text())
    whole["results"][0] |= changes
    path.write_text(json.dumps(whole))
    return path


#: Files that are no roster of NPPES, each with a part of the sentence that refuses it.
JUNK: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blank": (b" \n\n", "empty"),
    "zip": (b"PK\x03\x04rest", "zip archive"),
    "gzip": (b"\x1f\x8b\x08rest", "gzip"),
    "utf-16": ("NPI,x".encode("utf-16"), "UTF-16"),
    "utf-16 without its mark": ("NPI,x".encode("utf-16-le"), "zero bytes"),
    "zero bytes": (b"NPI\x00,x\n", "zero bytes"),
    "picture": (b"\x89PNG\r\n\x1a\n\xff\xd8rest", "UTF-8"),
    "windows": ("NPI,Größe\n".encode("cp1252"), 'which Windows-1252 writes for "ö"'),
    "prose": (b"Dear reader,\nthis is a letter.\n", 'no column "NPI"'),
    "other roster": (b"licensetype,lastname,firstname\n1,2,3\n", "more are missing"),
    "semicolons": (b"NPI;Entity Type Code\n1;2\n", "not separated by commas"),
    "old line ends": (b"NPI,x\r1,2\r", "carriage return alone"),
    "list": (b"[1, 2]", '"results"'),
    "no results": (b'{"Errors": [{"description": "no"}]}', '"results"'),
    "broken json": (b'{"results": [', "not JSON: line 1"),
    "deep json": (b"[" * 200_000, "nests deep"),
    "endless number": (b'{"results": [{"number": %s}]}' % (b"1" * 5_000), "thousands of digits"),
    "unfinished header": (b'"NPI,x\n', "no list of columns"),
    "ten megabytes": (b"x" * 10_000_000, "longer than any list of columns"),
    "a million columns": (b",".join(b"c%d" % n for n in range(10**6)), "more than 1000 columns"),
}
