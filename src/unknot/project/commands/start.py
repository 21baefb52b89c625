"""What commands share before they begin: the data folder, its database, its key, and Django.

A data folder holds `postgres/`, `uploads/`, `backups/` and `secret-key`. With UNKNOT_DATABASE_URL
the database is elsewhere and the folder holds the rest.
"""

import argparse
import contextlib
import os
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from unknot import cluster
from unknot.project.commands import Refused

CHECKOUT = Path(__file__).resolve().parents[4]
DEMO_FOLDER = CHECKOUT / "var" / "demo"
DATA_FOLDER = CHECKOUT / "var" / "data"


def add_data_argument(parser: argparse.ArgumentParser) -> None:
    """The option that names the data folder of an installation."""
    parser.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        help="the data folder (otherwise UNKNOT_DATA, otherwise var/data)",
    )


def chosen_folder(given: Path | None) -> Path:
    """The data folder of an installation: the option, UNKNOT_DATA, or var/data."""
    return (given or Path(os.environ.get("UNKNOT_DATA") or DATA_FOLDER)).absolute()


def existing_folder(given: Path | None) -> Path:
    """The data folder, which must hold an installation unless its database is elsewhere."""
    folder = chosen_folder(given)
    if not os.environ.get("UNKNOT_DATABASE_URL") and not postgres_folder(folder).exists():
        raise Refused(f"There is no installation in {folder}: name its folder with --data.")
    return folder


def make_folder(folder: Path) -> None:
    """Create a data folder that other accounts cannot list."""
    if folder.exists():
        if not folder.is_dir():
            raise Refused(f"{folder} is not a folder: use another data folder.")
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise Refused(
                f"The data folder {folder} cannot be read and written by this account:"
                " allow it, or use another folder."
            )
        return
    try:
        folder.mkdir(parents=True)
        # Root's server runs as another account and has to pass through to its own folder.
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as problem:
        raise Refused(cluster.explain(problem, folder)) from problem


def postgres_folder(folder: Path) -> Path:
    """Where the embedded server keeps its files inside a data folder."""
    return folder / "postgres"


@contextlib.contextmanager
def database(folder: Path) -> Iterator[str]:
    """The address of the installation's database: an outside one, a running one, or our own."""
    with kept_database(folder) as (url, _revive):
        yield url


@contextlib.contextmanager
def kept_database(folder: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of `database`, and what starts our own server again when it ended by itself."""
    if outside := os.environ.get("UNKNOT_DATABASE_URL"):
        check_answers(outside)
        yield outside, _nothing_of_ours
        return
    if running := cluster.running_url(postgres_folder(folder)):
        yield running, _nothing_of_ours
        return
    make_folder(folder)
    with cluster.Cluster(postgres_folder(folder), say=_tell) as own:
        own.create_database()
        yield own.url(), own.revive


def _nothing_of_ours() -> None:
    """Leave a server that somebody else runs to them."""


def _tell(sentence: str) -> None:
    print(f"{sentence} …", file=sys.stderr, flush=True)


def check_answers(url: str) -> None:
    """Refuse to go on when the database at `url` does not answer; the password is not shown."""
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.Error as problem:
        said = str(problem).strip().splitlines()
        raise Refused(
            f"The database of UNKNOT_DATABASE_URL does not answer: {said[-1] if said else problem}"
        ) from problem


def secret_key(folder: Path) -> str:
    """The key kept in the data folder, made on first use, readable by its owner alone."""
    path = folder / "secret-key"
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise Refused(f"{path} must be readable by its owner alone: chmod 600 {path}") from None
        return path.read_text().strip()
    with os.fdopen(made, "w") as file:
        file.write(key := secrets.token_urlsafe(48))
    return key


def environment(folder: Path, url: str, *, mode: str, key: str | None = None) -> dict[str, str]:
    """The UNKNOT_ variables with which this command and its children run."""
    variables = {
        "UNKNOT_MODE": os.environ.get("UNKNOT_MODE", mode),
        "UNKNOT_DATA": str(folder),
        "UNKNOT_DATABASE_URL": url,
    }
    if key:
        variables["UNKNOT_SECRET_KEY"] = key
    return variables


def prepare_django(variables: dict[str, str]) -> None:
    """Load Django with `variables` set; to be called once, before models are imported."""
    import django

    os.environ.update(variables)
    os.environ["DJANGO_SETTINGS_MODULE"] = "unknot.project.settings"
    django.setup()


def back_up(url: str, folder: Path, occasion: str) -> Path:
    """Write a backup into the data folder before something changes much."""
    from unknot.project.commands import archive

    now = datetime.now(UTC)
    backups = folder / "backups"
    backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = backups / f"{occasion}-{now:%Y-%m-%dT%H%M%SZ}.unknot"
    with step(f"Writing the backup {file}"):
        archive.write(file, url=url, uploads=folder / "uploads", now=now)
    return file


def pending_migrations() -> list[str]:
    """Names of the migrations that the database still lacks."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> None:
    """Apply every pending migration."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Print one long step with the seconds it took."""
    begun = time.monotonic()
    print(f"{title} …", end="", flush=True)
    try:
        yield
    except BaseException:
        print()
        raise
    print(f" {time.monotonic() - begun:.0f} s")
