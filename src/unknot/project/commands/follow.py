"""Judge the check-ins and sessions in two CSV files; verdicts and their words as JSON."""

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from unknot.domain.guidance import catalogue as techniques
from unknot.domain.outcomes.analysis import analyse, parameters
from unknot.domain.outcomes.course import Course
from unknot.domain.outcomes.findings import OUTCOMES
from unknot.domain.outcomes.model import load
from unknot.interfaces.checkins import course_csv
from unknot.interfaces.checkins.findings_json import findings_json
from unknot.project.commands import Refused
from unknot.project.commands.json_output import print_json

Read = TypeVar("Read")
LARGEST = 20_000_000  # bytes; 100,000 rows are a third of it


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The two files, and what was chosen before the first session."""
    parser.add_argument("check_ins", metavar="CHECKINS.csv", type=Path, help="one row a check-in")
    parser.add_argument(
        "--sessions", metavar="SESSIONS.csv", type=Path, required=True, help="one row a session"
    )
    parser.add_argument("--main", choices=OUTCOMES, default="pain", help="the main outcome (pain)")
    parser.add_argument("--zone", default="UTC", help="where their days begin (UTC)")
    parser.add_argument("--language", choices=("en", "de"), default="en", help="of the words (en)")


def run(options: argparse.Namespace) -> int:
    """Print what may be said; every problem of a file is one sentence."""
    now, model = datetime.now(UTC), load()
    try:
        zone = ZoneInfo(options.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Refused(f"There is no zone {options.zone!r}; write it like Europe/Berlin.") from None
    names = [one.id for one in techniques.load().techniques]
    check_ins = _read(options.check_ins, lambda lines: course_csv.read_check_ins(lines, until=now))
    sessions = _read(
        options.sessions, lambda lines: course_csv.read_sessions(lines, names, until=now)
    )
    course = Course(check_ins=check_ins, sessions=sessions, zone=zone, main=options.main)
    found = analyse(course, model)
    print_json(findings_json(found, parameters(course, model), model, language=options.language))
    return 0


def _read(path: Path, read: Callable[[Sequence[str]], Read]) -> Read:
    """Read one file; Refused with one sentence when it cannot be used."""
    try:
        if path.stat().st_size > LARGEST:
            raise Refused(f"{path} is larger than 20 MB: check-ins of one person never are.")
        return read(path.read_text(encoding="utf-8-sig").splitlines(keepends=True))
    except OSError as problem:
        raise Refused(f"{path} cannot be read: {problem.strerror}.") from problem
    except UnicodeDecodeError as problem:
        raise Refused(f"{path} is not text in UTF-8.") from problem
    except course_csv.UnreadableRow as problem:
        raise Refused(f"{path}: {problem}") from problem
