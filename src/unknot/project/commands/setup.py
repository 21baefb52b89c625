"""Set up an empty installation: ask for the practice, its place and its first manager."""

import argparse
import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from unknot.project.commands import Refused, start

#: Option, question, and what is taken when nothing is typed.
QUESTIONS = (
    ("practice", "Name of the practice", ""),
    ("location", "Name of its location", "Practice"),
    ("address", "Address", ""),
    ("zone", "Time zone", "Europe/Berlin"),
    ("currency", "Currency, three letters", "EUR"),
    ("country", "Country, two letters", "DE"),
    ("manager_name", "Name of the first manager", ""),
    ("manager_email", "E-mail of the first manager", ""),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One option for each question; what is not given is asked."""
    for name, question, usual in QUESTIONS:
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            metavar="TEXT",
            help=question + (f" ({usual})" if usual else ""),
        )
    parser.add_argument(
        "--password-file",
        metavar="FILE",
        type=Path,
        help="a file with the manager's password (otherwise UNKNOT_PASSWORD, otherwise asked)",
    )
    parser.add_argument(
        "--therapist",
        action="store_true",
        default=None,
        help="the manager also treats clients, and may be the only therapist",
    )
    start.add_data_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Ask, then make practice, location and manager in one go."""
    folder = start.chosen_folder(options.data)
    start.make_folder(folder)
    with start.database(folder) as url:
        start.prepare_django(start.environment(folder, url, mode="serve"))
        if start.pending_migrations():
            with start.step("Preparing the database"):
                start.migrate()
        from unknot.people.actions import set_up_practice
        from unknot.people.models import Practice
        from unknot.web.errors import BadInput, Conflict

        if Practice.objects.exists():
            raise Refused("This installation is set up already: ./unknot serve starts it.")
        answers = {name: _answer(options, name, question) for name, question, _ in QUESTIONS}
        try:
            practice = set_up_practice(
                practice_name=answers["practice"],
                location_name=answers["location"],
                address=answers["address"],
                zone=answers["zone"],
                currency=answers["currency"],
                country=answers["country"],
                manager_name=answers["manager_name"],
                manager_email=answers["manager_email"],
                password=_password(options),
                also_therapist=_treats(options),
                now=datetime.now(UTC),
            )
        except (BadInput, Conflict) as problem:
            raise Refused(str(problem)) from problem
        print(f"{practice.name} is set up. ./unknot serve starts it.")
    return 0


def _answer(options: argparse.Namespace, name: str, question: str) -> str:
    given: str | None = getattr(options, name)
    if given is not None:
        return given.strip()
    usual = next(usual for each, _, usual in QUESTIONS if each == name)
    if not sys.stdin.isatty():
        if usual:
            return usual
        raise Refused(f"--{name.replace('_', '-')} is missing, and nobody can be asked here.")
    hint = f" [{usual}]" if usual else ""
    return _ask(f"{question}{hint}: ").strip() or usual


def _ask(question: str) -> str:
    try:
        return input(question)
    except EOFError as problem:
        raise Refused("\nStopped before the last question: nothing was set up.") from problem


def _treats(options: argparse.Namespace) -> bool:
    if options.therapist is not None or not sys.stdin.isatty():
        return bool(options.therapist)
    return _ask("Does this person also treat clients? [y/N]: ").strip().lower() in {"y", "yes"}


def _password(options: argparse.Namespace) -> str:
    if options.password_file is not None:
        try:
            return str(options.password_file.read_text()).strip()
        except (OSError, UnicodeDecodeError) as problem:
            raise Refused(f"{options.password_file} cannot be read.") from problem
    if given := os.environ.get("UNKNOT_PASSWORD"):
        return given
    if not sys.stdin.isatty():
        raise Refused("--password-file or UNKNOT_PASSWORD is missing, and nobody can be asked.")
    password = getpass.getpass("Password of the first manager: ")
    if getpass.getpass("The same again: ") != password:
        raise Refused("The two passwords differ: nothing was set up.")
    return password
