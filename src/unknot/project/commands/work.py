"""The worker: hand due messages over and run timed jobs, until it is told to stop."""

import argparse
import signal
import sys
import threading
from datetime import UTC, datetime

from unknot.project.commands import start

PAUSE_SECONDS = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the worker."""
    parser.add_argument("--once", action="store_true", help="do what is due now, then end")
    start.add_data_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Work until SIGTERM or Ctrl-C; a lost database is waited for."""
    folder = start.chosen_folder(options.data)
    over = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda number, frame: over.set())
    with start.database(folder) as url:
        start.prepare_django(start.environment(folder, url, mode="serve"))
        from django.db import OperationalError, close_old_connections

        while not over.is_set():
            close_old_connections()
            try:
                _round()
            except OperationalError as problem:
                if options.once:
                    raise
                print(f"The worker waits for the database: {problem}", file=sys.stderr)
            if options.once:
                break
            over.wait(PAUSE_SECONDS)
    return 0


def _round() -> None:
    from unknot.people import outbox
    from unknot.project import jobs

    now = datetime.now(UTC)
    outbox.heartbeat(now)
    outbox.send_due(now)
    jobs.run_due(now)
