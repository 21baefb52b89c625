"""The production server: it brings the database up to date, answers, and ends whole."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.project.conftest import open_folder
from tests.project.test_commands import free_port
from unknot.cluster import Cluster
from unknot.project.commands import serve


@pytest.fixture(scope="module")
def given(plain_environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The variables of an installation with an empty database."""
    with open_folder() as folder, Cluster(folder / "postgres", fast=True) as server:
        server.create_database()
        yield {
            **plain_environment,
            "UNKNOT_DATABASE_URL": server.url(),
            "UNKNOT_DATA": str(folder / "data"),
            "UNKNOT_SECRET_KEY": "only-for-this-test-only-for-this-test",
        }


@contextlib.contextmanager
def serving(given: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    command = [sys.executable, "-P", "-m", "unknot", "serve", "--port", str(port), "--workers", "1"]
    running = subprocess.Popen(command, env=given, stdout=subprocess.PIPE, text=True)
    try:
        said = ""
        while "serves on" not in said:
            line = running.stdout.readline()
            assert line, said
            said += line
        yield running, port
    finally:
        running.kill()
        running.communicate()


def stat(pid: int) -> list[str]:
    """The fields of a process after its name: state and parent first; empty when it is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []


def family_of(pid: int) -> list[int]:
    """A process and all that it started, however they call themselves."""
    every = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
    parents = {one: int(found[1]) for one in every if (found := stat(one))}
    family = [pid]
    for member in family:
        family += [child for child, parent in parents.items() if parent == member]
    return family


def wait_until_gone(family: list[int]) -> list[int]:
    deadline = time.monotonic() + 30
    while (left := [pid for pid in family if stat(pid)[:1] not in ([], ["Z"])]) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.1)
    return left


def test_it_answers_with_a_worker_and_ends_whole(given):
    with serving(given) as (running, port):
        deadline = time.monotonic() + 30
        beat = None
        while beat is None and time.monotonic() < deadline:
            with psycopg.connect(given["UNKNOT_DATABASE_URL"]) as asked:
                beat = asked.execute("SELECT at FROM people_heartbeat").fetchone()
            time.sleep(0.2)
        assert beat is not None, "the worker never said that it lives"
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10)
        assert page.status == 200
        family = family_of(running.pid)
        assert len(family) >= 3  # itself, the server, and who sends the mails
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0
        assert wait_until_gone(family) == []


def test_a_killed_parent_leaves_nothing_behind(given):
    with serving(given) as (running, _):
        family = family_of(running.pid)
        assert len(family) > 1
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        assert wait_until_gone(family) == []


def test_what_was_there_is_backed_up_before_it_is_migrated(monkeypatch, tmp_path, capsys):
    done = []
    monkeypatch.setattr(serve.start, "pending_migrations", lambda: ["people.0009_next"])
    monkeypatch.setattr(serve.start, "migrate", lambda: done.append("migrate"))
    monkeypatch.setattr(serve.start, "back_up", lambda url, folder, occasion: done.append(occasion))
    monkeypatch.setattr(serve.restore, "is_in_use", lambda url: True)
    monkeypatch.setattr(serve, "_follow_zone_rules", lambda: done.append("zones"))
    serve._bring_up_to_date("postgresql://", tmp_path)
    assert done == ["before-migrate", "migrate", "zones"]
    assert re.fullmatch(r"Bringing the database .* s\n", capsys.readouterr().out)
