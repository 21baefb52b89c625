"""Import a person's check-ins: five ratings, one row for each day or each instant."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from unknot.interfaces.checkins import daily_csv
from unknot.project.commands import Refused, start

LINE = "the daily ratings of one client"
DESCRIPTION = """Load the daily answers of one client from a CSV file in UTF-8. Its first line names
the columns, in any order:
  date         the day, written 2026-03-27; or
  at           the instant with its offset, written 2026-03-27T19:00+01:00
  pain, stiffness, stress   0 to 10, with a point; higher is worse
  sleep, mood               0 to 10, with a point; higher is better
  painkillers  yes, no or empty
  moment       day (or empty), or door: right before a session, which needs an instant
At least one rating is there; an empty cell is a question that was not answered. Each day
comes once, and none lies in the future.

A cell that cannot be right is listed with its line and column. Then nothing of the file
is kept, unless --keep-good-rows is given. A day that the person answered here is never
replaced; a day that came with an earlier file is. The exit code is 0 when every row was
right, 2 when one was not or the file cannot be used at all."""

LARGEST = 10_000_000  # bytes; 100,000 rows are a third of it
#: How many problems are listed one by one.
LISTED = 50
LONGEST_ATTRIBUTION, LONGEST_STRESS_IS, LONGEST_NAME = 500, 80, 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, whose days they are, and what its reader must know."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the CSV file to read")
    parser.add_argument(
        "--client", required=True, metavar="EMAIL", help="the account of the client"
    )
    parser.add_argument(
        "--keep-good-rows", action="store_true", help="keep the right rows when others are wrong"
    )
    parser.add_argument(
        "--attribution", default="", metavar="TEXT", help="who must be named beside the data"
    )
    parser.add_argument(
        "--stress-is", default="", metavar="TEXT", help="what the stress column really measured"
    )


def run(options: argparse.Namespace) -> int:
    """Read the file into the installation's database."""
    check_words(options.attribution, options.stress_is)
    lines = read_lines(options.file)
    folder = start.existing_folder(options.data)
    with start.database(folder) as url:
        start.prepare_django(start.environment(folder, url, mode="serve"))
        if start.pending_migrations():
            raise Refused("The database is of another version: start ./unknot serve once first.")
        return import_checkins(
            lines,
            file_name=options.file.name,
            email=options.client,
            keep_good_rows=options.keep_good_rows,
            attribution=options.attribution,
            stress_is=options.stress_is,
            now=datetime.now(UTC),
        )


def check_words(attribution: str, stress_is: str) -> None:
    """Refuse words that are longer than a page can show."""
    for option, words, longest in (
        ("--attribution", attribution, LONGEST_ATTRIBUTION),
        ("--stress-is", stress_is, LONGEST_STRESS_IS),
    ):
        if len(words) > longest:
            raise Refused(f"{option} may have up to {longest} characters.")


def read_lines(path: Path) -> Sequence[str]:
    """The lines of the file at `path`; Refused when it is no text file of a usable size."""
    if not path.exists():
        raise Refused(f"There is no file {path}.")
    if not path.is_file():
        raise Refused(f"{path} is not a file.")
    if path.stat().st_size > LARGEST:
        raise Refused(f"{path} is larger than 10 MB: a daily series never is.")
    try:
        text = path.read_bytes().decode("utf-8")
    except PermissionError as problem:
        raise Refused(f"This account may not read {path}.") from problem
    except UnicodeDecodeError as problem:
        raise Refused(f"{path} is not a text file in UTF-8: save it as CSV in UTF-8.") from problem
    return text.splitlines(keepends=True)


def import_checkins(
    lines: Sequence[str],
    *,
    file_name: str,
    email: str,
    keep_good_rows: bool,
    attribution: str = "",
    stress_is: str = "",
    now: datetime,
) -> int:
    """Keep the days in `lines`, print what happened, and give the exit code."""
    from unknot.journey.follow.actions import check_ins as actions
    from unknot.people.models import Client
    from unknot.web.errors import BadInput

    accounts = Client.objects.select_related("practice").order_by("-pk")
    client = accounts.filter(user__email=email.strip().lower()).first()
    if client is None:
        raise Refused(f"No client has the account {email}.")
    reading = _reading(lines, file_name, now=now, zone=client.practice.tz)
    _list_problems(reading.problems)
    if reading.problems and not keep_good_rows:
        print("Nothing was kept. --keep-good-rows keeps the other rows.", file=sys.stderr)
        return 2
    try:
        actions.import_days(
            client,
            reading.rows,
            file_name=file_name[:LONGEST_NAME],
            attribution=attribution,
            stress_stand_in=stress_is,
            actor=None,
            now=now,
        )
    except BadInput as problem:
        raise Refused(f"Nothing was kept: {problem.sentence}") from problem
    doors = sum(row.moment == "door" for row in reading.rows)
    days = len(reading.rows) - doors
    at_the_door = f" and {doors} before a session" if doors else ""
    print(f"{days} day{'' if days == 1 else 's'}{at_the_door} of {client.name} kept.")
    return 2 if reading.problems else 0


def _reading(
    lines: Sequence[str], file_name: str, *, now: datetime, zone: ZoneInfo
) -> daily_csv.Reading:
    try:
        return daily_csv.read(lines, now=now, zone=zone)
    except daily_csv.UnreadableFile as problem:
        raise Refused(f"{file_name} cannot be used: {problem}") from problem


def _list_problems(problems: Sequence[daily_csv.Problem]) -> None:
    for problem in problems[:LISTED]:
        print(problem, file=sys.stderr)
    if len(problems) > LISTED:
        print(f"… and {len(problems) - LISTED} more.", file=sys.stderr)
