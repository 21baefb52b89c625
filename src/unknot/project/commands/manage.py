"""Django's own commands, on the database of this installation."""

import argparse
import sys

from unknot.project.commands import start


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the database is; everything else goes to Django."""
    start.add_data_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command; its exit code is ours."""
    folder = start.chosen_folder(options.data)
    with start.database(folder) as url:
        start.prepare_django(start.environment(folder, url, mode="serve"))
        from django.core.management import execute_from_command_line

        try:
            execute_from_command_line(["./unknot manage", *options.others])
        except SystemExit as ended:
            if isinstance(ended.code, str):
                print(ended.code, file=sys.stderr)
                return 1
            return ended.code or 0
    return 0
