"""Import a table of postcodes, so that the directory can search around one."""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from unknot.interfaces import postcodes
from unknot.interfaces.postcodes import Elsewhere, PostcodeRow, Problem
from unknot.project.commands import Refused, start

LINE = "a table of postcodes, to search around one"
DESCRIPTION = """Load where the postcodes of a country lie. The directory of therapists can then be
searched around one. Nothing but the table is kept: no search, and nobody's address.

FILE is a CSV file in UTF-8 whose first line names postcode, place, latitude and longitude (in
degrees; other columns are ignored), or a file in the tab-separated layout of GeoNames, of which
only the rows of --country are taken.

The file takes the place of the country's whole table, in one transaction. A row that cannot be
right is listed with its line. Then nothing of the file is kept, unless --keep-good-rows is given.
Of rows with the same postcode the first is kept. The exit code is 0 when every row was right, 2
when one was not or the file cannot be used at all."""

#: How many wrong rows are listed.
LISTED = 1000


@dataclass
class Counts:
    """What was found in the file."""

    rows: int = 0
    elsewhere: int = 0
    wrong: int = 0
    problems: list[Problem] = field(default_factory=list)


class NothingKept(Exception):
    """The file has wrong rows, or none at all: the table stays as it was."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, its country, and what to do about wrong rows."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the file to read")
    parser.add_argument(
        "--country", required=True, metavar="CODE", help="two letters, such as DE (ISO 3166)"
    )
    parser.add_argument(
        "--keep-good-rows", action="store_true", help="keep the right rows when others are wrong"
    )


def run(options: argparse.Namespace) -> int:
    """Read the file into the installation's database."""
    country = check(options.file, options.country)
    folder = start.existing_folder(options.data)
    with start.database(folder) as url:
        start.prepare_django(start.environment(folder, url, mode="serve"))
        if start.pending_migrations():
            raise Refused("The database is of another version: start ./unknot serve once first.")
        return import_postcodes(options.file, country, keep_good_rows=options.keep_good_rows)


def check(path: Path, country: str) -> str:
    """Refuse what is no file and no country; gives the country in capitals."""
    if not re.fullmatch(r"[A-Za-z]{2}", country):
        raise Refused(f"{country} is no country: write two letters, such as DE.")
    if not path.exists():
        raise Refused(f"There is no file {path}.")
    if not path.is_file():
        raise Refused(f"{path} is not a file.")
    return country.upper()


def import_postcodes(path: Path, country: str, *, keep_good_rows: bool) -> int:
    """Replace the country's table, print what happened, and give the exit code."""
    from unknot.journey.choose.actions import places

    counts = Counts()
    rows = _rows(path, country, counts, keep_good_rows=keep_good_rows)
    try:
        kept = places.replace_postcodes(country, rows, now=datetime.now(UTC))
    except postcodes.NotPostcodes as problem:
        raise Refused(f"{path} cannot be used: {problem}.") from problem
    except PermissionError as problem:
        raise Refused(f"This account may not read {path}.") from problem
    except NothingKept as problem:
        _list_problems(counts)
        print(f"Nothing was kept: {problem}", file=sys.stderr)
        return 2
    _list_problems(counts)
    repeated = counts.rows - kept
    more = f"; {repeated:,} further rows name a postcode once more" if repeated else ""
    print(f"{kept:,} postcodes of {country} kept{more}.")
    if counts.elsewhere:
        print(f"{counts.elsewhere:,} rows of other countries passed over.")
    return 2 if counts.wrong else 0


def _rows(
    path: Path, country: str, counts: Counts, *, keep_good_rows: bool
) -> Iterator[PostcodeRow]:
    """The right rows; raises NothingKept at the end when the others forbid to keep them."""
    with (
        path.open("rb") as file,
        tqdm(
            total=path.stat().st_size, unit="B", unit_scale=True, disable=None, file=sys.stderr
        ) as bar,
    ):
        for item, done in postcodes.read(file, country):
            bar.update(done - bar.n)
            match item:
                case PostcodeRow():
                    counts.rows += 1
                    if keep_good_rows or not counts.wrong:
                        yield item
                case Problem():
                    _count(item, counts)
                case Elsewhere():
                    counts.elsewhere += 1
    if counts.wrong and not keep_good_rows:
        raise NothingKept(
            f"{counts.wrong:,} rows cannot be right. --keep-good-rows keeps the others."
        )
    if not counts.rows:
        raise NothingKept(f"the file has no postcode of {country}.")


def _count(problem: Problem, counts: Counts) -> None:
    counts.wrong += 1
    if len(counts.problems) < LISTED:
        counts.problems.append(problem)


def _list_problems(counts: Counts) -> None:
    for problem in counts.problems:
        print(problem, file=sys.stderr)
    if more := counts.wrong - len(counts.problems):
        print(f"… and {more:,} more.", file=sys.stderr)
