"""Measure speed: `./unknot bench pages` runs benchmarks/pages.py on a database of its own.

`rules`, `calibration` and `insight` need none and start none.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from unknot.cluster import Cluster
from unknot.project.commands import Refused, start

FOLDER = start.CHECKOUT / "benchmarks"
#: Matrices on one core each: what is measured is the work, not how busy the other cores are.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
WITHOUT_DATABASE = frozenset({"calibration", "insight", "peers", "rules"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to measure; everything else goes to that benchmark."""
    parser.add_argument("what", metavar="WHAT", help="a file of benchmarks/, such as pages")


def run(options: argparse.Namespace) -> int:
    """Run one benchmark, with an empty database of production's settings when it needs one."""
    known = sorted(file.stem for file in FOLDER.glob("[a-z]*.py"))
    if options.what not in known:
        raise Refused(f"There is no benchmark {options.what!r}; known: {', '.join(known) or '–'}.")
    if options.what in WITHOUT_DATABASE:
        return _measure(options, {})
    with tempfile.TemporaryDirectory(prefix="unknot-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the server's account passes through
        with Cluster(start.postgres_folder(folder)) as server:
            server.create_database()
            (folder / "static").mkdir()
            variables = start.environment(folder, server.url(), mode="demo")
            return _measure(options, variables)


def _measure(options: argparse.Namespace, variables: Mapping[str, str]) -> int:
    return subprocess.call(
        [sys.executable, "-m", f"benchmarks.{options.what}", *options.others],
        cwd=start.CHECKOUT,
        env={**ONE_THREAD, **os.environ, **variables},
    )
