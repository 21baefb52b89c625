"""Serve a real practice: web server and worker, after a backup and the pending migrations."""

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

from unknot.project.commands import Refused, children, restore, start


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="the address to listen on (127.0.0.1)",
    )
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="the port (8000)")
    parser.add_argument(
        "--workers", type=int, default=2, metavar="N", help="web server processes (2)"
    )
    start.add_data_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    if options.workers < 1:
        raise Refused(f"--workers {options.workers}: expected 1 or more.")
    children.check_port(options.host, options.port)
    folder = start.chosen_folder(options.data)
    start.make_folder(folder)
    with children.until_stopped(), start.kept_database(folder) as (url, revive):
        key = _signing_key(folder)
        start.prepare_django(start.environment(folder, url, mode="serve", key=key))
        _bring_up_to_date(url, folder)
        family = children.Children(options.host, options.port, workers=options.workers)
        try:
            family.start()
            family.await_answer()
            print(f"Unknot serves on {options.host}, port {options.port}.", flush=True)
            family.watch(revive)
        finally:
            family.stop()
    return 0


def _signing_key(folder: Path) -> str:
    """UNKNOT_SECRET_KEY; with our own database, a key kept in the data folder does as well."""
    if key := os.environ.get("UNKNOT_SECRET_KEY"):
        return key
    if os.environ.get("UNKNOT_DATABASE_URL"):
        raise Refused(
            "UNKNOT_SECRET_KEY is not set: it signs sessions, must be the same on every machine"
            " and stay the same; set it to 50 random characters."
        )
    return start.secret_key(folder)


def _follow_zone_rules() -> None:
    """Write free times anew that an earlier version of the zone rules placed."""
    from unknot.journey.book.actions import days

    if changed := days.follow_zone_rules(datetime.now(UTC).date()):
        print(f"New rules of time zones: the free times of {changed} calendars are written anew.")


def _bring_up_to_date(url: str, folder: Path) -> None:
    """Migrate, and keep what was there before when there was anything."""
    from django.db import connections

    if start.pending_migrations():
        connections.close_all()
        if restore.is_in_use(url):
            start.back_up(url, folder, "before-migrate")
        with start.step("Bringing the database to this version"):
            start.migrate()
    _follow_zone_rules()
    connections.close_all()
