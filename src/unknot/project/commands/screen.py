"""Screen the answers in a JSON file with the whole safety table; the result is JSON."""

import argparse
from datetime import datetime
from pathlib import Path

from unknot.domain.guidance import catalogue as techniques
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.clearance import cleared
from unknot.domain.screening.decide import decide
from unknot.domain.screening.questions import asked_about
from unknot.interfaces.answers import document, screening_file
from unknot.interfaces.answers.screening_result import screening_result
from unknot.project.commands import Refused
from unknot.project.commands.json_output import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file."""
    parser.add_argument(
        "file",
        metavar="ANSWERS.json",
        type=Path,
        help="the answers, as docs/reference/screen.md says",
    )


def run(options: argparse.Namespace) -> int:
    """Print the decision with the rows that fired; every problem of the file is one sentence."""
    table = screening.load()
    today = datetime.now().astimezone().date()  # of this machine, unless the file says another
    try:
        given = screening_file.read(document.read_file(options.file), table, today=today)
    except document.UnusableAnswers as problem:
        raise Refused(str(problem)) from problem
    decision = cleared(
        decide(
            table,
            given.answers,
            age=given.age,
            regions=asked_about(given.regions, given.told),
            onset_weeks=given.onset_weeks,
        ),
        given.cleared,
    )
    print_json(screening_result(table, techniques.load(), decision, marked=given.regions))
    return 0
