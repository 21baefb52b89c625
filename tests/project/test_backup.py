"""Backup and restore: what comes back is what was there, and a bad file changes nothing."""

import io
import json
import stat
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.project.conftest import Result, one_sentence, open_folder
from unknot.cluster import Cluster
from unknot.project.commands import archive, start

LETTER = "a photograph, say"


@pytest.fixture(scope="module")
def folders() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def server(folders: Path) -> Iterator[Cluster]:
    """One server for all installations of this file; fast, for nothing here tests a crash."""
    with Cluster(folders / "postgres", fast=True) as server:
        yield server


@pytest.fixture(scope="module")
def place(server: Cluster, folders: Path) -> Callable[[str], dict[str, str]]:
    """The variables of an installation with that name: its own database, its own folder."""

    def name_it(name: str) -> dict[str, str]:
        return {"UNKNOT_DATABASE_URL": server.url(name), "UNKNOT_DATA": str(folders / name)}

    return name_it


@pytest.fixture(scope="module")
def installation(
    server: Cluster, place: Callable[[str], dict[str, str]], unknot: Callable[..., Result]
) -> dict[str, str]:
    """A practice that was set up with the command, with one uploaded file."""
    server.create_database("first")
    given = place("first")
    answer = unknot(
        *("setup", "--practice", "Lindenhof", "--address", "Street 1"),
        *("--manager-name", "Paz", "--manager-email", "paz@example.org", "--therapist"),
        UNKNOT_PASSWORD="quiet-lime-tree-7",
        **given,
    )
    assert answer.returncode == 0, answer.stderr
    deep = Path(given["UNKNOT_DATA"]) / "uploads" / "deep"
    deep.mkdir(parents=True)
    (deep / "letter.txt").write_text(LETTER)
    return given


@pytest.fixture(scope="module")
def backup(installation: dict[str, str], folders: Path, unknot: Callable[..., Result]) -> Path:
    file = folders / "kept.unknot"
    answer = unknot("backup", file, **installation)
    assert answer.returncode == 0, answer.stderr
    return file


def contents(url: str) -> dict[str, list[str]]:
    """Every row of every table as text."""
    with psycopg.connect(url) as asked:
        tables = asked.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        return {
            name: sorted(row[0] for row in asked.execute(f"SELECT t::text FROM {name} t"))
            for (name,) in tables
        }


def changed(backup: Path, file: Path, change: Callable[[dict], None]) -> Path:
    """A copy of the backup with another manifest."""
    with tarfile.open(backup) as old, tarfile.open(file, "w") as new:
        for entry in old:
            content = old.extractfile(entry).read()
            if entry.name == archive.MANIFEST:
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
                entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    return file


def test_a_backup_is_one_file_for_its_owner_alone(backup):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with tarfile.open(backup) as tar:
        assert tar.getnames() == ["manifest.json", "database.dump", "uploads/deep/letter.txt"]


def test_an_existing_file_is_not_overwritten_without_force(backup, installation, unknot):
    before = backup.read_bytes()
    answer = unknot("backup", backup, **installation)
    assert answer.returncode == 2
    assert "exists already: name another file, or add --force" in answer.stderr
    assert backup.read_bytes() == before


def test_what_is_restored_is_what_was_there(backup, installation, place, unknot):
    second = place("second")
    answer = unknot("restore", backup, **second)
    assert answer.returncode == 0, answer.stderr
    rows = contents(second["UNKNOT_DATABASE_URL"])
    assert rows["people_practice"]
    assert rows == contents(installation["UNKNOT_DATABASE_URL"])
    folder = Path(second["UNKNOT_DATA"])
    assert (folder / "uploads" / "deep" / "letter.txt").read_text() == LETTER
    assert not list(folder.glob(".restore-*"))


def test_the_embedded_server_is_restored_into_and_backed_up(backup, installation, folders, unknot):
    own = folders / "own"
    answer = unknot("restore", backup, "--data", own)
    assert answer.returncode == 0, answer.stderr
    answer = unknot("backup", folders / "own.unknot", "--data", own)
    assert answer.returncode == 0, answer.stderr
    with Cluster(start.postgres_folder(own)) as server:
        assert contents(server.url()) == contents(installation["UNKNOT_DATABASE_URL"])


def test_an_installation_in_use_is_not_overwritten(backup, installation, unknot):
    before = contents(installation["UNKNOT_DATABASE_URL"])
    answer = unknot("restore", backup, **installation)
    assert answer.returncode == 2
    assert answer.stderr.startswith("This installation is not empty, so nothing was restored")
    assert contents(installation["UNKNOT_DATABASE_URL"]) == before


def test_replacing_keeps_what_was_there_in_a_backup(backup, place, server, unknot):
    third = place("third")
    folder = Path(third["UNKNOT_DATA"])
    assert unknot("restore", backup, **third).returncode == 0
    (folder / "uploads" / "later.txt").write_text("came later")
    answer = unknot("restore", backup, "--replace", **third)
    assert answer.returncode == 0, answer.stderr
    assert not (folder / "uploads" / "later.txt").exists()
    (kept,) = (folder / "backups").glob("before-restore-*.unknot")
    with tarfile.open(kept) as tar:
        assert "uploads/later.txt" in tar.getnames()
    assert leftovers(server) == []


def leftovers(server: Cluster) -> list[str]:
    """Databases that a restore made and did not take away."""
    with psycopg.connect(server.url("postgres")) as asked:
        left = asked.execute("SELECT datname FROM pg_database WHERE datname ~ '_(new|old)_'")
        return [row[0] for row in left]


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.9])
def test_a_file_cut_short_changes_nothing(backup, folders, unknot, share):
    whole = backup.read_bytes()
    (cut := folders / "cut.unknot").write_bytes(whole[: int(len(whole) * share)])
    empty = folders / f"empty-{share}"
    answer = unknot("restore", cut, "--data", empty)
    assert answer.returncode == 2
    assert "nothing was restored" in answer.stderr
    assert one_sentence(answer.stderr)
    assert list(empty.iterdir()) == []


def test_a_changed_byte_is_noticed(backup, folders, tmp_path):
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    (file := tmp_path / "changed").write_bytes(content)
    with (
        pytest.raises(start.Refused, match="cut short or changed"),
        archive.unpacked(file, beside=tmp_path),
    ):
        pass


def test_a_backup_of_a_newer_version_is_refused(backup, folders, place, unknot):
    def newer(manifest):
        manifest["unknot"] = "99.0"
        manifest["migrations"].append("people.0999_from_the_future")

    file = changed(backup, folders / "newer.unknot", newer)
    answer = unknot("restore", file, **place("fourth"))
    assert answer.returncode == 2
    assert "made by a newer Unknot (99.0; it has people.0999_from_the_future)" in answer.stderr
    assert one_sentence(answer.stderr)


def test_a_backup_of_a_newer_server_is_refused(backup, folders, place, unknot):
    file = changed(
        backup, folders / "server.unknot", lambda manifest: manifest.update(postgresql=99)
    )
    answer = unknot("restore", file, **place("fifth"))
    assert answer.returncode == 2
    assert "comes from PostgreSQL 99" in answer.stderr


def test_a_path_that_leads_out_of_the_folder_is_refused(backup, tmp_path):
    evil = tmp_path / "evil.unknot"
    manifest = {"format": 1, "members": {"../escaped": {"bytes": 1, "sha256": "x"}}}
    with tarfile.open(evil, "w") as tar:
        for name, content in (
            ("manifest.json", json.dumps(manifest).encode()),
            ("../escaped", b"x"),
        ):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    (inside := tmp_path / "inside").mkdir()
    with (
        pytest.raises(start.Refused, match="nothing was restored"),
        archive.unpacked(evil, beside=inside),
    ):
        pass
    assert not (inside / "escaped").exists()


def test_something_else_is_not_a_backup(tmp_path):
    (tmp_path / "letters.txt").write_text("mine")
    file = tmp_path / "letters.tar"
    with tarfile.open(file, "w") as tar:
        tar.add(tmp_path / "letters.txt", "letters.txt")
    with (
        pytest.raises(start.Refused, match="is not a backup of Unknot"),
        archive.unpacked(file, beside=tmp_path),
    ):
        pass


def test_a_running_installation_is_not_restored_into(backup, place, server, unknot):
    sixth = place("sixth")
    assert unknot("restore", backup, **sixth).returncode == 0
    with psycopg.connect(sixth["UNKNOT_DATABASE_URL"]):
        answer = unknot("restore", backup, "--replace", **sixth)
    assert answer.returncode == 2
    assert "The installation is running: stop it, then restore." in answer.stderr
    assert contents(sixth["UNKNOT_DATABASE_URL"])["people_practice"]
    assert leftovers(server) == []
