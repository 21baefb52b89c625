"""A practice with made-up people: install, fill, serve, and stop with Ctrl-C."""

import argparse
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from unknot import cluster
from unknot.project.commands import Refused, children, start

HOST = "127.0.0.1"
#: Everything a demo puts into its data folder.
OURS = {"postgres", "postgres.lock", "postgres.log", "postgres.new", "uploads", "backups"}
OURS |= {"static", "secret-key", "filling"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the demo."""
    parser.add_argument(
        "--port", type=int, default=8000, metavar="N", help="the port to serve on (8000)"
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=start.DEMO_FOLDER,
        metavar="DIR",
        help="the data folder (var/demo)",
    )
    parser.add_argument(
        "--fresh", action="store_true", help="delete what the data folder holds and begin anew"
    )


def run(options: argparse.Namespace) -> int:
    """Serve the demo until it is stopped."""
    folder: Path = options.data.absolute()
    children.check_port(HOST, options.port)
    if options.fresh:
        _clear(folder)
    start.make_folder(folder)
    with (
        children.until_stopped(),
        cluster.Cluster(start.postgres_folder(folder), say=_say) as server,
    ):
        _prepare(server, folder, options.port)
        family = children.Children(HOST, options.port)
        try:
            family.start()
            family.await_answer()
            _introduce(options.port)
            family.watch()
        finally:
            family.stop()
    print("\nStopped.")
    return 0


def _say(sentence: str) -> None:
    print(f"{sentence} …", flush=True)


def _clear(folder: Path) -> None:
    """Delete a demo's data folder; one that holds anything else is left alone."""
    if not folder.exists():
        return
    strangers = {entry.name for entry in folder.iterdir()} - OURS
    if strangers:
        raise Refused(
            f"{folder} holds {min(strangers)}, which is not a demo's: --fresh leaves it alone."
        )
    cluster.remove(start.postgres_folder(folder))
    for name in OURS:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _prepare(server: cluster.Cluster, folder: Path, port: int) -> None:
    """Bring the database to this version and put the practice in when there is none."""
    filling = folder / "filling"
    if filling.exists():  # the last start was stopped in the middle
        server.drop_database()
    server.create_database()
    os.environ["UNKNOT_MODE"] = "demo"
    os.environ["UNKNOT_SITE_URL"] = f"http://{HOST}:{port}"
    key = start.secret_key(folder)
    start.prepare_django(start.environment(folder, server.url(), mode="demo", key=key))
    if start.pending_migrations():
        with start.step("Preparing the database"):
            start.migrate()
    from unknot.people.models import User

    if not User.objects.exists():
        from unknot.project.demo import seed

        filling.touch()
        with start.step("Filling the practice with made-up people"):
            seed.seed(now=datetime.now(UTC), progress=lambda words: None)
        filling.unlink()
    from django.db import connections

    connections.close_all()


def _introduce(port: int) -> None:
    """Print the address and the logins."""
    from unknot.project.demo import seed

    print(f"\nUnknot is ready at http://{HOST}:{port}\n")
    for role, email, password in seed.LOGINS:
        print(f"  {role:18} {email:28} {password}")
    print("\nEverybody here is made up. Ctrl-C stops it.", flush=True)
