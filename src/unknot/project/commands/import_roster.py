"""Import a roster of therapists as evidence; it verifies nobody."""

import argparse
import contextlib
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from unknot.domain.credentials.roster import RosterRow
from unknot.interfaces.rosters import sources
from unknot.interfaces.rosters.rows import START, NotARoster, Place, Problem, Skipped, Step
from unknot.project.commands import Refused, start

if TYPE_CHECKING:
    from unknot.journey.choose.actions.rosters import Counts, NumberedRow, Published
    from unknot.journey.choose.models import RosterRun
    from unknot.journey.choose.reads.rosters import Comparison

LINE = "a roster of therapists, as evidence that verifies nobody"
DESCRIPTION = """Load a roster of therapists. Its rows are evidence: the person who checks a
credential sees those that mean it, by two of number, name and state. No row verifies anything
and no row lists anybody. Loading a newer file replaces the rows that it has.

--source nppes reads what the registry of the United States gives out:
  the answer of its API (JSON), or its bulk file (CSV), of which these columns are needed:
      NPI, Entity Type Code, Provider Last Name (Legal Name), Provider First Name,
      Healthcare Provider Taxonomy Code_1, Provider License Number_1,
      Provider License Number State Code_1
  Only taxonomy 225700000X (massage therapist) is taken; no address, no telephone number.
--source colorado reads the board's list (CSV): licensetype, lastname, firstname,
      licensenumber, licensestatusdescription, licensefirstissuedate, licenseexpirationdate
--source washington reads the department's list (CSV): credentialnumber, lastname, firstname,
      credentialtype, status, firstissuedate, expirationdate, actiontaken
  Both hold every profession: name the types that are massage therapists with --licence-type.
  Without it the types in the file are listed and nothing is read.
--source generic reads a CSV file of your own: number, holder (or first_name and last_name),
      jurisdiction, kind, and if you have them title, status, issued, expires, discipline

What a board says counts for 90 days from the day the file is from: name it with --as-of
if that is not today.

A row that cannot be right is listed with its line and column. Then nothing of the file
is kept, unless --keep-good-rows is given. An import that was interrupted goes on where it was
when the same command is given for the same file. The exit code is 0 when every row was right,
2 when one was not or the file cannot be used at all."""

#: How many rows are staged in one transaction, and how many are looked at for it at most.
CHUNK, LOOKED_AT = 20_000, 200_000
MEGABYTE = 1_000_000
#: How often a line is printed where there is no terminal, in seconds.
EVERY = 10.0
MOST_TYPES_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be imported, and how."""

    path: Path
    source: str
    types: tuple[str, ...] = ()
    keep_good_rows: bool = False
    as_of: date | None = None  # None: the day of the import

    def fingerprint(self) -> str:
        """Name this file read in this way: size, time of change, first and last megabyte."""
        found = self.path.stat()
        said = [sources.VERSION, found.st_size, found.st_mtime_ns, self.keep_good_rows]
        made = hashlib.sha256(json.dumps([*said, sorted(self.types), str(self.as_of)]).encode())
        with self.path.open("rb") as raw:
            made.update(raw.read(MEGABYTE))
            raw.seek(max(0, found.st_size - MEGABYTE))
            made.update(raw.read(MEGABYTE))
        return made.hexdigest()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, where it comes from, and what to do about wrong rows."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the file to read")
    parser.add_argument("--source", required=True, choices=sources.SOURCES, help="whose layout")
    parser.add_argument(
        "--licence-type",
        action="append",
        default=[],
        metavar="TYPE",
        help="a type of licence that is massage, as colorado or washington write it; may be"
        " given several times",
    )
    parser.add_argument(
        "--as-of",
        type=date.fromisoformat,
        metavar="DATE",
        help="the day the file is from, such as 2026-03-27 (otherwise today)",
    )
    parser.add_argument(
        "--keep-good-rows", action="store_true", help="keep the right rows when others are wrong"
    )


def run(options: argparse.Namespace) -> int:
    """Read the file into the installation's database."""
    task = Task(
        path=options.file,
        source=options.source,
        types=tuple(options.licence_type),
        keep_good_rows=options.keep_good_rows,
        as_of=options.as_of,
    )
    now = datetime.now(UTC).astimezone()  # today is the machine's day, which Django's zone hides
    check(task, now=now)
    folder = start.existing_folder(options.data)
    with start.database(folder) as url:
        start.prepare_django(start.environment(folder, url, mode="serve"))
        if start.pending_migrations():
            raise Refused("The database is of another version: start ./unknot serve once first.")
        return import_roster(task, now=now)


def check(task: Task, *, now: datetime) -> None:
    """Refuse what is no file, and a board's list without the types that are wanted."""
    if task.as_of is not None and task.as_of > now.date():
        raise Refused(f"{task.as_of} is still to come: --as-of names the day the file is from.")
    if not task.path.exists():
        raise Refused(f"There is no file {task.path}.")
    if not task.path.is_file():
        raise Refused(f"{task.path} is not a file.")
    if task.types and task.source not in sources.BOARDS:
        raise Refused(f"--licence-type is for {' and '.join(sources.BOARDS)} only.")
    if task.source in sources.BOARDS and not task.types:
        raise Refused(_types_sentence(task))


def import_roster(task: Task, *, now: datetime) -> int:
    """Import the file, print what happened, and give the exit code."""
    from unknot.journey.choose.actions import rosters
    from unknot.journey.choose.reads.rosters import compare
    from unknot.web.errors import Conflict

    try:
        with rosters.alone(task.source):
            counts, published = _import(task, now)
    except Conflict as problem:
        raise Refused(str(problem)) from problem
    except PermissionError as problem:
        raise Refused(f"This account may not read {task.path}.") from problem
    except KeyboardInterrupt:
        print("\nStopped; the same command goes on from here.", file=sys.stderr)
        raise
    _list_problems(counts)
    if published is None:
        print(
            f"Nothing was kept: {_rows(counts.wrong)} cannot be right."
            " --keep-good-rows keeps the others.",
            file=sys.stderr,
        )
        return 2
    _summarise(counts, published)
    _say_comparison(task.source, compare(task.source))
    return 2 if counts.wrong else 0


def _import(task: Task, now: datetime) -> "tuple[Counts, Published | None]":
    """Stage the file from where it was left, then publish it, or give it up."""
    from unknot.journey.choose.actions import rosters

    run, counts = rosters.begin(
        task.source, name=task.path.name, fingerprint=task.fingerprint(), now=now
    )
    try:
        _stage(task, run, counts, now)
    except NotARoster as problem:
        rosters.give_up(run, now=now)
        raise Refused(f"{task.path} cannot be used: {problem}") from problem
    if counts.wrong and not task.keep_good_rows:
        rosters.give_up(run, now=now)
        return counts, None
    if task.fingerprint() != run.fingerprint:
        rosters.give_up(run, now=now)
        raise Refused(f"{task.path} was changed while it was read: nothing was kept. Start anew.")
    print(f"Publishing {_rows(counts.staged)} …", file=sys.stderr)
    read_on = task.as_of or now.date()
    return counts, rosters.publish(run, counts, read_on=read_on, now=now)


def _stage(task: Task, run: "RosterRun", counts: "Counts", now: datetime) -> None:
    from unknot.journey.choose.actions import rosters

    begin = Place(run.position, run.line) if run.position else START
    if run.position:
        print(f"Going on in line {run.line}, where this file was left.", file=sys.stderr)
    steps = sources.read(task.path, task.source, types=task.types, begin=begin)
    with _progress(task.path.stat().st_size, run.position) as show:
        while chunk := _chunk(steps, counts):
            rows, after = chunk
            if counts.wrong and not task.keep_good_rows:
                rows = []  # nothing of this file will be kept: it is only read to its end
            rosters.stage(run, rows, counts, position=after.offset, line=after.line, now=now)
            show(after.offset, counts.read)


def _chunk(steps: Iterator[Step], counts: "Counts") -> "tuple[list[NumberedRow], Place] | None":
    """The next rows and the place behind them; None at the end of the file."""
    rows: list[NumberedRow] = []
    after, looked_at = None, 0
    for items, line, after in steps:  # noqa: B007 (the last place is what is wanted)
        looked_at += 1
        for item in items:
            if isinstance(item, RosterRow):
                rows.append((line, item))
            else:
                _count(item, counts)
        if len(rows) >= CHUNK or looked_at >= LOOKED_AT:
            break
    counts.read += looked_at
    return (rows, after) if after else None


def _count(item: Problem | Skipped, counts: "Counts") -> None:
    if isinstance(item, Problem):
        counts.refuse(item.line, item.column, item.reason)
    else:
        counts.skip(item.reason)


class _Show:
    """The progress through the file: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self, size: int, done: int) -> None:
        self._size, self._done, self._said = max(size, 1), done, time.monotonic()
        self.bar = tqdm(
            total=size, initial=done, unit="B", unit_scale=True, disable=None, file=sys.stderr
        )

    def __call__(self, done: int, rows: int) -> None:
        self.bar.update(done - self._done)
        self._done = done
        if self.bar.disable and time.monotonic() - self._said >= EVERY:
            self._said = time.monotonic()
            share = 100 * done // self._size
            print(f"{_rows(rows)} read, {share} % of the file", file=sys.stderr, flush=True)


@contextlib.contextmanager
def _progress(size: int, done: int) -> Iterator[_Show]:
    show = _Show(size, done)
    try:
        yield show
    finally:
        show.bar.close()


def _types_sentence(task: Task) -> str:
    """The types that the file has, for whoever has to choose among them."""
    try:
        found = sources.types_in(task.path, task.source)
    except NotARoster as problem:
        raise Refused(f"{task.path} cannot be used: {problem}") from problem
    except PermissionError as problem:
        raise Refused(f"This account may not read {task.path}.") from problem
    named = ", ".join(f"{name or 'none'} ({rows:,})" for name, rows in found[:MOST_TYPES_NAMED])
    more = f", and {len(found) - MOST_TYPES_NAMED} more" if len(found) > MOST_TYPES_NAMED else ""
    return (
        "Name the types of licence that are massage therapists with --licence-type;"
        f" the file has: {named or 'no rows'}{more}."
    )


def _list_problems(counts: "Counts") -> None:
    for line, column, reason in counts.problems:
        print(Problem(line, column, reason), file=sys.stderr)
    if more := counts.wrong - len(counts.problems):
        print(f"… and {more:,} more.", file=sys.stderr)


def _summarise(counts: "Counts", published: "Published") -> None:
    print(
        f"{_rows(counts.read)} read: {published.new:,} new, {published.changed:,} changed,"
        f" {published.same:,} as before. They are evidence; none of them verifies anything."
    )
    for reason, number in sorted(counts.skipped.items()):
        print(f"{_rows(number)} passed over: {reason}.")
    if counts.wrong:
        print(f"{_rows(counts.wrong)} not kept.", file=sys.stderr)


def _say_comparison(source: str, found: "Comparison") -> None:
    print(
        f"Your therapists have {found.looked_at:,} credentials of these places: in {source},"
        f" {found.by_number_and_name:,} were found by number and name, {found.by_two:,} by two of"
        f" number, name and state, {found.missing:,} were not found."
    )
    for one in found.named:
        said = " ".join(filter(None, (one.title, one.number)))
        print(f"  not found: {one.holder}, {said}, {one.jurisdiction}")
    if more := found.missing - len(found.named):
        print(f"  … and {more:,} more.")


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"
