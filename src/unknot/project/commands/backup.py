"""Write database and uploads to one file."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from unknot.cluster import explain
from unknot.project.commands import Refused, archive, start


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to write."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace FILE when it exists")
    start.add_data_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Write the backup; a running installation keeps running."""
    file: Path = options.file.absolute()
    if file.exists() and not options.force:
        raise Refused(f"{file} exists already: name another file, or add --force.")
    if not file.parent.is_dir():
        raise Refused(f"There is no folder {file.parent}.")
    folder = start.existing_folder(options.data)
    with start.database(folder) as url, start.step(f"Writing {file.name}"):
        try:
            archive.write(file, url=url, uploads=folder / "uploads", now=datetime.now(UTC))
        except OSError as problem:  # a full disk names no file of its own
            raise Refused(explain(problem, file)) from problem
    return 0
