"""List the starts that a scenario in a JSON file offers, and explain one; the result is JSON."""

import argparse
from pathlib import Path

from unknot.interfaces.answers import document
from unknot.interfaces.slots import scenario
from unknot.interfaces.slots.answer import answer
from unknot.project.commands import Refused
from unknot.project.commands.json_output import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file and the start to explain."""
    parser.add_argument(
        "file",
        metavar="SCENARIO.json",
        type=Path,
        help="the scenario, as docs/reference/slots.md says",
    )
    parser.add_argument(
        "--explain",
        metavar="START",
        help="also say which rule refuses this start, such as 2026-03-27T14:30",
    )


def run(options: argparse.Namespace) -> int:
    """Print what is offered; every problem of the file is one sentence."""
    try:
        given = scenario.read(document.read_file(options.file, "scenarios"), options.explain)
    except document.UnusableAnswers as problem:
        raise Refused(str(problem)) from problem
    print_json(answer(given))
    return 0
