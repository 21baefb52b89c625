"""Import a roster of therapists as credentials that nobody has verified."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from unknot.domain.credentials.standing import RosterCredential
from unknot.interfaces.rosters import nppes
from unknot.project.commands import Refused, start

LINE = "a roster of therapists, as unverified credentials"
DESCRIPTION = """Load a roster of therapists. Every licence in it becomes an unverified credential
that belongs to no therapist: a roster is what people say of themselves. Loading a newer
file updates the same credentials; one that somebody has checked is left as it is.

--source nppes reads what the registry of the United States gives out:
  the answer of its API (JSON): number, enumeration_type, basic.first_name,
      basic.last_name, basic.deactivation_date, basic.reactivation_date,
      taxonomies[].code, .license, .state
  its bulk file (CSV, UTF-8), of which these columns are needed:
      NPI, Entity Type Code, Provider Last Name (Legal Name), Provider First Name,
      Healthcare Provider Taxonomy Code_1, Provider License Number_1,
      Provider License Number State Code_1
    and these are read too: the same three with _2 to _15, Provider Credential Text,
      Last Update Date, NPI Deactivation Date, NPI Reactivation Date,
      Healthcare Provider Primary Taxonomy Switch_1 to _15
Only taxonomy 225700000X (massage therapist) is taken; no address, no telephone number.

A row that cannot be right is listed with its line and column. Then nothing of the file
is kept, unless --keep-good-rows is given. The exit code is 0 when every row was right,
2 when one was not or the file cannot be used at all."""

#: How many problems are listed one by one.
LISTED = 50


class RowsRefused(Exception):
    """Rows are wrong and the good ones are not wanted alone: undo what was written."""


@dataclass
class Tally:
    """What was met on the way through the file."""

    problems: list[nppes.Problem] = field(default_factory=list)
    wrong: int = 0
    skipped: dict[str, int] = field(default_factory=dict)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, where it comes from, and what to do about wrong rows."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the file to read")
    parser.add_argument("--source", required=True, choices=[nppes.SOURCE], help="who published it")
    parser.add_argument(
        "--keep-good-rows", action="store_true", help="keep the right rows when others are wrong"
    )


def run(options: argparse.Namespace) -> int:
    """Read the file into the installation's database."""
    check_file(options.file)
    folder = start.existing_folder(options.data)
    with start.database(folder) as url:
        start.prepare_django(start.environment(folder, url, mode="serve"))
        if start.pending_migrations():
            raise Refused("The database is of another version: start ./unknot serve once first.")
        return import_roster(
            options.file, keep_good_rows=options.keep_good_rows, now=datetime.now(UTC)
        )


def check_file(path: Path) -> None:
    """Refuse what is no file; it is only opened when it is read."""
    if not path.exists():
        raise Refused(f"There is no file {path}.")
    if not path.is_file():
        raise Refused(f"{path} is not a file.")


def import_roster(path: Path, *, keep_good_rows: bool, now: datetime) -> int:
    """Import the file at `path`, print what happened, and give the exit code."""
    from unknot.journey.choose.actions import rosters
    from unknot.web.errors import Conflict

    tally = Tally()
    try:
        kept = rosters.import_credentials(
            _good(path, tally, keep=keep_good_rows), actor=None, source=nppes.SOURCE, now=now
        )
    except RowsRefused:
        _list_problems(tally)
        print(
            f"Nothing was kept: {_rows(tally.wrong)} cannot be right."
            " --keep-good-rows keeps the others.",
            file=sys.stderr,
        )
        return 2
    except nppes.NotARoster as problem:
        raise Refused(f"{path} cannot be used: {problem}") from problem
    except Conflict as problem:
        raise Refused(str(problem)) from problem
    except PermissionError as problem:
        raise Refused(f"This account may not read {path}.") from problem
    _list_problems(tally)
    print(
        f"{kept.made} new, {kept.updated} updated, {kept.left} left as somebody checked them."
        " All new ones are unverified."
    )
    for reason, number in sorted(tally.skipped.items()):
        print(f"{_rows(number)} passed over: {reason}.")
    if tally.wrong:
        print(f"{_rows(tally.wrong)} not kept.", file=sys.stderr)
    return 2 if tally.wrong else 0


def _good(path: Path, tally: Tally, *, keep: bool) -> Iterator[RosterCredential]:
    """The good rows of the file, one after the other; counts the rest."""
    for item in nppes.read(path):
        match item:
            case nppes.Problem():
                tally.wrong += 1
                if len(tally.problems) < LISTED:
                    tally.problems.append(item)
            case nppes.Skipped():
                tally.skipped[item.reason] = tally.skipped.get(item.reason, 0) + 1
            case _ if keep or not tally.wrong:
                yield item
    if tally.wrong and not keep:
        raise RowsRefused


def _list_problems(tally: Tally) -> None:
    for problem in tally.problems:
        print(problem, file=sys.stderr)
    if more := tally.wrong - len(tally.problems):
        print(f"… and {more} more.", file=sys.stderr)


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number} rows"
