"""What every test can use: a throw-away PostgreSQL, started when the first test asks for it."""

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connections
from django.db.backends.postgresql.creation import DatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations

from tests.cast import NOW, Cast, the_cast
from unknot.cluster import Cluster
from unknot.project import environment

# Playwright keeps an event loop in the thread of the test, and Django would refuse queries there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one file stay together; those that watch a real clock never run side by side."""
    for item in items:
        waits = any(item.get_closest_marker(name) for name in ("browser", "race"))
        item.add_marker(pytest.mark.xdist_group("real time" if waits else str(item.path)))


flush_of_django = DatabaseOperations.sql_flush


def flush_past_triggers(self: DatabaseOperations, *given: object, **named: object) -> list[str]:
    """Between tests with real transactions even the append-only tables are emptied."""
    statements = flush_of_django(self, *given, **named)
    return ["SET LOCAL session_replication_role = replica", *statements] if statements else []


DatabaseOperations.sql_flush = flush_past_triggers


def drop_with_its_sessions(self: DatabaseCreation, name: str, verbosity: int) -> None:
    """A page that a browser left half way may still hold a session when everything is over."""
    with self._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(name)} WITH (FORCE)")


DatabaseCreation._destroy_test_db = drop_with_its_sessions


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Use the server of UNKNOT_DATABASE_URL, or start one that is gone after the last test."""
    if os.environ.get("UNKNOT_DATABASE_URL"):
        yield
        return
    with (
        tempfile.TemporaryDirectory(prefix="unknot-tests-") as name,
        Cluster(server_folder(Path(name)), fast=True) as cluster,
    ):
        os.environ["UNKNOT_DATABASE_URL"] = cluster.url()
        connections.settings["default"].update(environment.database("UNKNOT_DATABASE_URL"))
        connections.settings["default"]["CONN_MAX_AGE"] = 0
        yield
        del os.environ["UNKNOT_DATABASE_URL"]


def server_folder(folder: Path) -> Path:
    """A data folder in `folder` that the account of the server can reach."""
    folder.chmod(0o711)
    return folder / "postgres"


@pytest.fixture
def cast(db: None) -> Cast:
    """The fixed cast in the test's database."""
    return the_cast()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The fixed clock: every page and command that reads the clock reads this instant."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    monkeypatch.setattr("unknot.journey.book.reads.clock.database_now", lambda: NOW)
    return NOW
