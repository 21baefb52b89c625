"""The backup file: one tar with the manifest first, then the database's dump, then the uploads.

`manifest.json` names Unknot's version, when it was made, the server's version, the migrations the
database had, and size and SHA-256 of every other member; a file that was cut short or changed is
recognised before anything is touched.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import psycopg

from unknot import __version__, cluster
from unknot.project.commands import Refused

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
UPLOADS = "uploads/"
BLOCK = 1024 * 1024


def write(file: Path, *, url: str, uploads: Path, now: datetime) -> None:
    """Write database and uploads to `file`: whole, or not at all."""
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as name:
        dump = Path(name) / DUMP
        tools = cluster.find_tools(server_major(url))
        run_tool(tools, "pg_dump", ["--format=custom", "--file", str(dump), "--dbname", url])
        members = {DUMP: dump, **_uploaded(uploads)}
        manifest = {
            "format": FORMAT,
            "unknot": __version__,
            "created": now.isoformat(timespec="seconds"),
            "postgresql": server_major(url),
            "migrations": applied_migrations(url),
            "members": {
                member: {"bytes": path.stat().st_size, "sha256": _sha256(path)}
                for member, path in members.items()
            },
        }
        new = Path(name) / "new"
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as output:
            _write_tar(output, manifest, members)
            output.flush()
            os.fsync(output.fileno())
        new.replace(file)


def _uploaded(uploads: Path) -> dict[str, Path]:
    found = sorted(path for path in uploads.rglob("*") if path.is_file() and not path.is_symlink())
    return {UPLOADS + path.relative_to(uploads).as_posix(): path for path in found}


def _write_tar(output: Any, manifest: dict[str, Any], members: dict[str, Path]) -> None:
    with tarfile.open(fileobj=output, mode="w") as tar:
        text = json.dumps(manifest, indent=1).encode()
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(text)
        tar.addfile(head, io.BytesIO(text))
        for member, path in members.items():
            entry = tarfile.TarInfo(member)
            entry.size = manifest["members"][member]["bytes"]
            with path.open("rb") as content:
                tar.addfile(entry, content)


@contextlib.contextmanager
def unpacked(file: Path, *, beside: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """Manifest and folder with the checked content of `file`, gone at the end."""
    with tempfile.TemporaryDirectory(dir=beside, prefix=".restore-") as name:
        yield _unpack(file, Path(name)), Path(name)


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    broken = Refused(f"{file} is cut short or changed: nothing was restored. Use another backup.")
    try:
        with tarfile.open(file, mode="r:") as tar:
            manifest = _manifest_of(tar, file)
            promised = dict(manifest["members"])
            while (entry := tar.next()) is not None:
                promise = promised.pop(entry.name, None)
                if promise is None or not _stays_inside(entry):
                    raise broken
                content = _write(tar, entry, folder)
                if _sha256(content) != promise["sha256"]:
                    raise broken
    except FileNotFoundError as problem:
        raise Refused(f"There is no file {file}.") from problem
    except (tarfile.TarError, EOFError, KeyError, ValueError, AttributeError) as problem:
        raise broken from problem
    if promised:
        raise broken
    return manifest


def _stays_inside(entry: tarfile.TarInfo) -> bool:
    """Whether it is a plain file whose name leads nowhere else."""
    parts = PurePosixPath(entry.name).parts
    return entry.isreg() and ".." not in parts and not entry.name.startswith("/")


def _write(tar: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> Path:
    """Write one file for its owner alone; `extract` with a filter needs Python 3.11.4."""
    content, path = tar.extractfile(entry), folder / entry.name
    if content is None:
        raise ValueError(f"{entry.name} has no content")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") as written:
        shutil.copyfileobj(content, written, BLOCK)
    path.chmod(0o600)
    return path


def _manifest_of(tar: tarfile.TarFile, file: Path) -> dict[str, Any]:
    first = tar.next()
    content = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if content is None:
        raise Refused(f"{file} is not a backup of Unknot: nothing was restored.")
    manifest: dict[str, Any] = json.load(content)
    if manifest["format"] != FORMAT:
        raise Refused(
            f"{file} was made by a newer Unknot ({manifest['unknot']}): install that version first."
        )
    return manifest


def _sha256(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as content:
        while block := content.read(BLOCK):
            total.update(block)
    return total.hexdigest()


def run_tool(tools: cluster.Binaries, name: str, options: list[str]) -> None:
    """Run one of PostgreSQL's own programs; one sentence when it fails."""
    answer = subprocess.run(
        [tools.folder / name, "--no-password", *options],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        said = (answer.stderr.strip() or "no reason given").splitlines()
        full = any("No space left" in line for line in said)
        raise Refused("The disk is full." if full else f"{name} stopped: {said[0]}")


def server_major(url: str) -> int:
    """The major version of the server at `url`."""
    with psycopg.connect(url) as connection:
        return connection.info.server_version // 10000


def applied_migrations(url: str) -> list[str]:
    """The migrations that the database at `url` has, as `app.name`; none when it has no tables."""
    with psycopg.connect(url) as connection:
        known = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
        if known is None or known[0] is None:
            return []
        rows = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        return [row[0] for row in rows]
