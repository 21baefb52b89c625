"""./unknot COMMAND: the list of commands, and the way to each.

Standard library only, so that `./unknot help` answers before anything is installed.

Errors  a `Refused` or `ClusterError` is printed as one sentence; the exit code is 2.
        1 means that a check failed, 130 that the person stopped it.
"""

import argparse
import difflib
import errno
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

#: What the disk or its owner can refuse at any moment; anything else is a fault of ours.
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS}


@dataclass(frozen=True)
class Command:
    """One command: its module in project/commands, its line in the help, and what it needs."""

    module: str
    line: str
    developer: bool = False
    passes_on: bool = False  # arguments that are not its own go to another program
    plain: bool = False  # needs neither a database nor settings, and starts without their code


COMMANDS = {
    "demo": Command("demo", "Start a practice with made-up people on this machine."),
    "test": Command("test", "Run every test, browser included.", developer=True, passes_on=True),
    "check": Command("check", "Check lint, types, imports, knowledge and docs.", developer=True),
    "setup": Command("setup", "Set up an empty installation: practice and first manager."),
    "serve": Command("serve", "Serve a real practice; settings come from UNKNOT_ variables."),
    "work": Command("work", "Send due mails and run timed jobs."),
    "fit": Command("fit", "Fit the model to people's answers now."),
    "import": Command("import_data", "Load daily check-ins or a roster of therapists from a file."),
    "score": Command("score", "Score answers in a JSON file with an instrument.", plain=True),
    "screen": Command("screen", "Screen answers in a JSON file for safety.", plain=True),
    "follow": Command("follow", "Judge the check-ins and sessions in two CSV files.", plain=True),
    "simulate": Command("simulate", "Write made-up people whose truth is known.", plain=True),
    "slots": Command("slots", "List the free starts of a scenario in a JSON file.", plain=True),
    "bench": Command("bench", "Measure speed.", developer=True, passes_on=True),
    "mutate": Command("mutate", "Count how many small changes the tests notice.", developer=True),
    "backup": Command("backup", "Write database and uploads to one file."),
    "restore": Command("restore", "Read a backup file into an empty installation."),
    "lock": Command("lock", "Write the pinned lists of packages anew.", developer=True),
    "manage": Command("manage", "Run one of Django's own commands.", passes_on=True),
    "help": Command("help", "List the commands, or explain one: ./unknot help demo"),
}


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    name, rest = (arguments[0], list(arguments[1:])) if arguments else ("help", [])
    if name in {"-h", "--help"} or (name == "help" and not rest):
        print(listing())
        return 0
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}?" if near else "./unknot help lists them all."
        print(f"There is no command {name!r}: {hint}", file=sys.stderr)
        return 2
    return _run(name, rest)


def listing() -> str:
    """Every command with its line."""
    return "\n".join(f"{name:8} {command.line}" for name, command in COMMANDS.items())


def parser_for(name: str) -> argparse.ArgumentParser:
    """The parser of one command's own arguments."""
    command = COMMANDS[name]
    parser = argparse.ArgumentParser(
        prog=f"./unknot {name}", description=command.line, allow_abbrev=False
    )
    _module(name).add_arguments(parser)
    return parser


def _module(name: str):  # type: ignore[no-untyped-def]  # a module: any name in it
    return importlib.import_module(f"unknot.project.commands.{COMMANDS[name].module}")


def _run(name: str, rest: list[str]) -> int:
    parser = parser_for(name)
    if COMMANDS[name].passes_on:
        options, others = parser.parse_known_args(rest)
        options.others = others
    else:
        options = parser.parse_args(rest)
    try:
        return int(_module(name).run(options))
    except _refusals(COMMANDS[name]) as problem:
        print(problem, file=sys.stderr)
        return 2
    except OSError as problem:
        if problem.errno not in DISK:
            raise
        from unknot.cluster import explain

        print(explain(problem, Path(problem.filename or ".")), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _refusals(command: Command) -> tuple[type[Exception], ...]:
    """The errors that are one sentence for the person at the terminal."""
    from unknot.project.commands import Refused

    if command.plain:
        return (Refused,)
    from unknot.cluster import ClusterError
    from unknot.project.environment import SettingError

    return (Refused, ClusterError, SettingError)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
