"""Load something from a file: daily check-ins, a table of postcodes, a roster.

Each kind of file has its own module beside this one, `import_<kind>`, with `LINE`, `DESCRIPTION`,
`add_arguments(parser)` and `run(options) -> int`.
"""

import argparse
import importlib

from unknot.project.commands import start

KINDS = ("checkins", "postcodes", "roster")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command for each kind of file."""
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    for kind in KINDS:
        module = _module(kind)
        own = kinds.add_parser(
            kind,
            help=module.LINE,
            description=module.DESCRIPTION,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        module.add_arguments(own)
        start.add_data_argument(own)


def run(options: argparse.Namespace) -> int:
    """Import the file; 1 when rows of it are wrong, 2 when the file cannot be used at all."""
    return int(_module(options.kind).run(options))


def _module(kind: str):  # type: ignore[no-untyped-def]  # a module: any name in it
    return importlib.import_module(f"unknot.project.commands.import_{kind}")
