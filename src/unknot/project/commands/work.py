"""The worker: hand due messages over and run timed jobs, until it is told to stop."""

import argparse
import signal
import sys
import threading
import time
from datetime import UTC, datetime

from unknot.project.commands import start

PAUSE_SECONDS = 5
JOBS_SECONDS = 60


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
        if options.once:
            _send(over)
            _run_jobs()
            return 0
        _work_until(over)
    return 0


def _work_until(over: threading.Event) -> None:
    from django.db import OperationalError, close_old_connections

    next_jobs = 0.0
    while not over.is_set():
        close_old_connections()
        try:
            _send(over)
            if time.monotonic() >= next_jobs:
                _run_jobs()
                next_jobs = time.monotonic() + JOBS_SECONDS
        except OperationalError as problem:
            print(f"The worker waits for the database: {problem}", file=sys.stderr)
        over.wait(PAUSE_SECONDS)


def _send(over: threading.Event) -> None:
    """Hand over batch after batch until nothing is due; each mail is a sign of life."""
    from unknot.people import outbox

    def beat() -> None:
        outbox.heartbeat(datetime.now(UTC))

    beat()
    while outbox.send_due(datetime.now(UTC), beat=beat) and not over.is_set():
        pass


def _run_jobs() -> None:
    from unknot.journey.book.reads import clock
    from unknot.project import jobs

    jobs.run_due(clock.database_now())  # a hold ends by the clock that began it
