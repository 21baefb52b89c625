"""Read a backup file into an empty installation, or in the place of what is there.

The dump is read into a new database beside the old one, and only a whole one takes its name.
"""

import argparse
import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from unknot import cluster
from unknot.project.commands import Refused, archive, start


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to read."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the backup file to read")
    parser.add_argument(
        "--replace",
        action="store_true",
        help="replace what the installation holds; it is backed up into backups/ first",
    )
    start.add_data_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Restore, or leave everything as it was."""
    folder = start.chosen_folder(options.data)
    start.make_folder(folder)
    with (
        archive.unpacked(options.file.absolute(), beside=folder) as (manifest, content),
        _own_database(folder) as url,
    ):
        _check_fits(manifest, url)
        if is_in_use(url):
            _keep_what_is_there(url, folder, replace=options.replace)
        with start.step(f"Restoring the backup of {manifest['created']}"):
            _swap_database(url, content / archive.DUMP)
            _swap_uploads(folder, content / "uploads")
    print("Restored. ./unknot serve brings it to this version.")
    return 0


@contextlib.contextmanager
def _own_database(folder: Path) -> Iterator[str]:
    """The database, which nobody else may be using meanwhile."""
    if outside := os.environ.get("UNKNOT_DATABASE_URL"):
        start.check_answers(_beside(outside, "postgres"))
        _create_missing(outside)
        yield outside
        return
    with cluster.Cluster(start.postgres_folder(folder)) as own:
        own.create_database()
        yield own.url()


def _check_fits(manifest: dict[str, Any], url: str) -> None:
    """Refuse a backup of a newer Unknot or a newer server."""
    unknown = sorted(set(manifest["migrations"]) - _known_migrations(url))
    if unknown:
        raise Refused(
            f"The backup was made by a newer Unknot ({manifest['unknot']}; it has {unknown[0]}):"
            " install that version first."
        )
    have = archive.server_major(url)
    if manifest["postgresql"] > have:
        raise Refused(
            f"The backup comes from PostgreSQL {manifest['postgresql']}, and this server is"
            f" PostgreSQL {have}: use a server of version {manifest['postgresql']} or newer."
        )


def _known_migrations(url: str) -> set[str]:
    start.prepare_django({"UNKNOT_DATABASE_URL": url})
    from django.db.migrations.loader import MigrationLoader

    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def is_in_use(url: str) -> bool:
    """Whether the installation at `url` has been set up: an account or any practice exists."""
    with psycopg.connect(url) as connection:
        for table in ("people_user", "people_practice"):
            known = connection.execute("SELECT to_regclass(%s)", [table]).fetchone()
            if known is None or known[0] is None:
                continue
            rows = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table))
            if (found := connection.execute(rows).fetchone()) and found[0]:
                return True
    return False


def _keep_what_is_there(url: str, folder: Path, *, replace: bool) -> None:
    if not replace:
        raise Refused(
            "This installation is not empty, so nothing was restored:"
            " use another --data folder, or add --replace."
        )
    start.back_up(url, folder, "before-restore")


def _swap_database(url: str, dump: Path) -> None:
    """Read `dump` into a new database and give it the name of the old one in one transaction."""
    name = urlsplit(url).path.strip("/")
    mark = secrets.token_hex(4)
    new, old = f"{name}_new_{mark}", f"{name}_old_{mark}"
    with psycopg.connect(_beside(url, "postgres"), autocommit=True) as connection:
        _execute(connection, "CREATE DATABASE {}", new)
        try:
            tools = cluster.find_tools(archive.server_major(url))
            plain = ["--no-owner", "--no-privileges", "--no-comments", "--exit-on-error"]
            plain += ["--single-transaction", "--dbname", _beside(url, new), str(dump)]
            archive.run_tool(tools, "pg_restore", plain)
            with connection.transaction():
                _execute(connection, "ALTER DATABASE {} RENAME TO {}", name, old)
                _execute(connection, "ALTER DATABASE {} RENAME TO {}", new, name)
        except psycopg.errors.ObjectInUse as problem:
            _execute(connection, "DROP DATABASE {}", new)
            raise Refused("The installation is running: stop it, then restore.") from problem
        except BaseException:
            _execute(connection, "DROP DATABASE {}", new)
            raise
        _execute(connection, "DROP DATABASE {}", old)


def _swap_uploads(folder: Path, content: Path) -> None:
    uploads, old = folder / "uploads", folder / "uploads.old"
    content.mkdir(exist_ok=True)
    content.chmod(0o700)
    shutil.rmtree(old, ignore_errors=True)
    if uploads.exists():
        uploads.rename(old)
    content.rename(uploads)
    shutil.rmtree(old, ignore_errors=True)


def _create_missing(url: str) -> None:
    name = urlsplit(url).path.strip("/")
    with psycopg.connect(_beside(url, "postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        if known.fetchone() is None:
            _execute(connection, "CREATE DATABASE {}", name)


def _beside(url: str, name: str) -> str:
    """The address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _execute(connection: psycopg.Connection[Any], statement: str, *names: str) -> None:
    try:
        text = sql.SQL(statement)
        connection.execute(text.format(*(sql.Identifier(name) for name in names)))
    except psycopg.errors.InsufficientPrivilege as problem:
        raise Refused(
            "The database account may not create databases, which restoring needs:"
            " ALTER ROLE … CREATEDB allows it."
        ) from problem
