"""Score the answers in a JSON file with one instrument; the result is JSON."""

import argparse
from pathlib import Path

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.scoring import score
from unknot.interfaces.answers import document, score_file
from unknot.interfaces.answers.score_result import score_result
from unknot.project.commands import Refused
from unknot.project.commands.json_output import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The instrument and the file."""
    parser.add_argument("instrument", metavar="INSTRUMENT", help="the instrument's id, such as peg")
    parser.add_argument(
        "file",
        metavar="ANSWERS.json",
        type=Path,
        help="the answers, as docs/reference/score.md says",
    )


def run(options: argparse.Namespace) -> int:
    """Print the score, or why there is none; every problem of the file is one sentence."""
    known = catalogue.load()
    try:
        instrument = known.find(options.instrument)
        given = score_file.read(document.read_file(options.file), instrument)
    except catalogue.UnknownInstrument as problem:
        names = ", ".join(sorted({*known.instruments, *known.scoring_only}))
        found = document.shown(options.instrument)
        raise Refused(f"There is no instrument {found}; known are {names}.") from problem
    except (catalogue.RefusedInstrument, document.UnusableAnswers) as problem:
        raise Refused(str(problem)) from problem
    made = score(instrument, given.points)
    print_json(score_result(known, instrument, made, language=given.language))
    return 0
