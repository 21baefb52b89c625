"""Run every test on throw-away databases, side by side, with a Chromium found or fetched."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from unknot.cluster import Cluster
from unknot.project.commands import start

#: Every test: as many at once as there are processors. Chosen tests run one after the other.
SIDE_BY_SIDE = ["--numprocesses=auto", "--dist=loadgroup"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which PostgreSQL; everything else goes to pytest."""
    parser.add_argument(
        "--postgres",
        metavar="DIR",
        help="folder of PostgreSQL's programs, or `embedded` (otherwise UNKNOT_POSTGRES)",
    )


def run(options: argparse.Namespace) -> int:
    """Run pytest; its closing line is the last line, its exit code is ours."""
    if options.postgres:
        os.environ["UNKNOT_POSTGRES"] = options.postgres
    _find_chromium()
    with tempfile.TemporaryDirectory(prefix="unknot-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the server's account passes through
        with Cluster(start.postgres_folder(folder), fast=True) as server:
            if server.binaries is not None:
                print(f"PostgreSQL {server.binaries.major}", flush=True)
            variables = start.environment(folder, server.url(), mode="test")
            variables["UNKNOT_MODE"] = "test"
            code = subprocess.call(
                [sys.executable, "-m", "pytest", *(options.others or SIDE_BY_SIDE)],
                cwd=start.CHECKOUT,
                env={**os.environ, **variables},
            )
    return min(code, 2)


def _find_chromium() -> None:
    """Name the Chromium for the browser tests; without one they say so themselves."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.chromium"],
        cwd=start.CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if found.returncode == 0:
        os.environ["UNKNOT_CHROMIUM"] = found.stdout.strip().splitlines()[-1]
