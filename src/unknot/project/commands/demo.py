"""A practice with made-up people: install, fill, serve, and stop with Ctrl-C."""

import argparse
import hashlib
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from unknot import cluster
from unknot.project.commands import Refused, children, start

HOST = "127.0.0.1"
#: Everything a demo puts into its data folder.
OURS = {"postgres", "postgres.lock", "postgres.log", "postgres.new", "uploads", "backups"}
OURS |= {"static", "secret-key", "filling", "ready"}


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
        logins = _prepare(server, folder, options.port)
        family = children.Children(HOST, options.port)
        try:
            family.start()
            family.await_answer()
            _introduce(options.port, logins)
            family.watch(server.revive)
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


def _prepare(server: cluster.Cluster, folder: Path, port: int) -> list[list[str]]:
    """Bring the database to this version, fill it when it is empty, and return the logins.

    A start with nothing new since the last one loads neither Django nor the migrations.
    """
    os.environ["UNKNOT_MODE"] = "demo"
    os.environ["UNKNOT_SITE_URL"] = f"http://{HOST}:{port}"
    key = start.secret_key(folder)
    variables = start.environment(folder, server.url(), mode="demo", key=key)
    os.environ.update(variables)
    ready = folder / "ready"
    version = _version()
    if ready.exists() and (known := json.loads(ready.read_text()))["version"] == version:
        return known["logins"]  # type: ignore[no-any-return]  # written below
    ready.unlink(missing_ok=True)
    logins = _fill(server, folder, variables)
    ready.write_text(json.dumps({"version": version, "logins": logins}))
    return logins


def _version() -> str:
    """A fingerprint of what a database depends on: packages, migrations, the made-up people."""
    total = hashlib.sha256()
    source = start.CHECKOUT / "src" / "unknot"
    files = [*source.rglob("migrations/*.py"), *(source / "project" / "demo").rglob("*.*")]
    for file in sorted(file for file in files if "__pycache__" not in file.parts):
        total.update(str(file.relative_to(source)).encode() + b"\0" + file.read_bytes())
    total.update((start.CHECKOUT / "requirements" / "run.lock").read_bytes())
    return total.hexdigest()


def _fill(server: cluster.Cluster, folder: Path, variables: dict[str, str]) -> list[list[str]]:
    filling = folder / "filling"
    if filling.exists():  # the last start was stopped in the middle
        server.drop_database()
    server.create_database()
    start.prepare_django(variables)
    if start.pending_migrations():
        with start.step("Preparing the database"):
            start.migrate()
    from django.db import connections

    from unknot.people.models import User
    from unknot.project.demo import seed

    if not User.objects.exists():
        filling.touch()
        with start.step("Filling the practice with made-up people"):
            seed.seed(now=datetime.now(UTC), progress=lambda words: None)
        filling.unlink()
    connections.close_all()
    return [list(login) for login in seed.LOGINS]


def _introduce(port: int, logins: list[list[str]]) -> None:
    """Print the address and the logins."""
    print(f"\nUnknot is ready at http://{HOST}:{port}\n")
    for role, email, password in logins:
        print(f"  {role:18} {email:28} {password}")
    print("\nEverybody here is made up. Ctrl-C stops it.", flush=True)
