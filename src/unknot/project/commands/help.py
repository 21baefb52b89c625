"""The list of commands; with a name, that command's options."""

import argparse
from collections.abc import Iterator

from unknot.__main__ import COMMANDS, parser_for
from unknot.project.commands import Refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which command; `--markdown` writes the page of the reference."""
    parser.add_argument("command", nargs="?", metavar="COMMAND", help="the command to explain")
    parser.add_argument(
        "--markdown", action="store_true", help="print docs/reference/commands.md instead"
    )


def run(options: argparse.Namespace) -> int:
    """Print it."""
    if options.markdown:
        print(markdown(), end="")
    elif options.command in COMMANDS:
        parser_for(options.command).print_help()
    else:
        raise Refused(f"There is no command {options.command!r}: ./unknot help lists them all.")
    return 0


def markdown() -> str:
    """The reference page of all commands, the same on every Python."""
    parts = [
        "# Commands\n",
        "Written by `./unknot help --markdown`; `./unknot check` compares it.\n",
        "Every command ends with 0 when it did what was asked, with 1 when a check failed,\n"
        "and with 2 and one sentence when something it was given cannot be used.\n",
    ]
    for name, command in COMMANDS.items():
        parts.append(f"## {name}\n\n{command.line}\n")
        parts += _tables(parser_for(name))
    return "\n".join(parts)


def _tables(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The table of a parser's arguments, then one for each kind it distinguishes."""
    kinds: dict[str, argparse.ArgumentParser] = {}
    rows = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            kinds.update(action.choices)
        elif action.dest != "help":
            rows.append(_row(action))
    if rows:
        yield "| argument | meaning |\n| --- | --- |\n" + "\n".join(rows) + "\n"
    for kind in kinds.values():
        yield f"### `{kind.prog}`\n"
        yield from _tables(kind)


def _row(action: argparse.Action) -> str:
    name = ", ".join(action.option_strings)
    value = action.metavar or ""
    shown = f"{name} {value}".strip() if name else (value or action.dest)
    return f"| `{shown}` | {action.help or ''} |"
