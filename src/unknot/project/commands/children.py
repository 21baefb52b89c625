"""The processes that answer pages and do timed work, started and stopped together."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from unknot.cluster import stop_with_parent
from unknot.project.commands import Refused

ANSWER_SECONDS = 60
STOP_SECONDS = 15
RESTART_SECONDS = 5
#: A web server that ends more often than this in a minute has a reason that a start does not mend.
MOST_RESTARTS = 5


class Stop(BaseException):
    """The person or the machine asked the command to end."""


@contextlib.contextmanager
def until_stopped() -> Iterator[None]:
    """Run the body until it ends, or until Ctrl-C or SIGTERM ends it quietly."""

    def ask(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_IGN)  # stopping is under way; once is enough
        raise Stop

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, ask)
    with contextlib.suppress(Stop):
        yield


def check_port(host: str, port: int) -> None:
    """Refuse a port that cannot be listened on, before anything long begins."""
    if not 1 <= port <= 65535:
        raise Refused(f"--port {port}: expected a number from 1 to 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except PermissionError as problem:
            raise Refused(
                f"Port {port} needs root: use another one, such as --port 8000."
            ) from problem
        except OSError as problem:
            raise Refused(
                f"Port {port} on {host} is used by another program: stop it, or choose another"
                " port with --port."
            ) from problem


class Children:
    """The web server and the worker; each is started again when it ends, however it ended.

    The server does the same for its own processes, but gives up when one ends twice within
    seconds.
    """

    def __init__(self, host: str, port: int, *, workers: int = 1) -> None:
        self.host = host
        self.port = port
        self.workers = workers
        self._web: subprocess.Popen[bytes] | None = None
        self._worker: subprocess.Popen[bytes] | None = None
        self._worker_due = 0.0
        self._restarts: deque[float] = deque(maxlen=MOST_RESTARTS)

    def start(self) -> None:
        """Start the server, which reads collected static files from a folder that must exist."""
        Path(os.environ["UNKNOT_DATA"], "static").mkdir(exist_ok=True)
        self._web = _spawn(
            ["granian", "--interface", "wsgi", "unknot.project.wsgi:application"],
            ["--host", self.host, "--port", str(self.port), "--workers", str(self.workers)],
            ["--blocking-threads", "4", "--no-ws", "--log-level", "warning"],
            ["--respawn-failed-workers"],
        )

    def await_answer(self) -> None:
        """Wait until the first page answers; then start the worker: neither slows the other."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while not self._answers():
            if self._web is None or self._web.poll() is not None:
                raise Refused("The web server ended before it answered; its reason is above.")
            if time.monotonic() > deadline:
                raise Refused(f"The web server did not answer within {ANSWER_SECONDS} s.")
            time.sleep(0.05)
        self._worker = _spawn(["unknot", "work"])

    def _answers(self) -> bool:
        """Whether the first page answers, whatever it says; a redirect to TLS is an answer too."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 (compared)
        known = os.environ.get("UNKNOT_HOSTS", "").split(",")[0].strip().lstrip(".")
        asked = http.client.HTTPConnection(host, self.port, timeout=20)
        try:
            asked.request("GET", "/", headers={"Host": known} if known not in {"", "*"} else {})
            asked.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asked.close()
        return True

    def watch(self, revive_database: Callable[[], None]) -> None:
        """Stay, and keep all running; a web server that ends again and again is given up."""
        while True:
            revive_database()
            if self._web is None or self._web.poll() is not None:
                self._restart_web()
            if self._worker is None or self._worker.poll() is not None:
                self._restart_worker()
            time.sleep(0.2)

    def _restart_web(self) -> None:
        now = time.monotonic()
        if len(self._restarts) == MOST_RESTARTS and now - self._restarts[0] < 60:
            raise Refused("The web server ended again and again; its reason is above.")
        self._restarts.append(now)
        print("The web server ended; it is started again.", file=sys.stderr)
        if self._web is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._web.pid, signal.SIGKILL)  # what it left behind keeps the port
        self.start()

    def _restart_worker(self) -> None:
        if self._worker is not None:
            print("The worker ended; it is started again.", file=sys.stderr)
            self._worker, self._worker_due = None, time.monotonic() + RESTART_SECONDS
        if time.monotonic() >= self._worker_due:
            self._worker = _spawn(["unknot", "work"])

    def stop(self) -> None:
        """End both, gently first."""
        running = [child for child in (self._web, self._worker) if child is not None]
        for child in running:
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in running:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        self._web = self._worker = None


def _spawn(*parts: list[str]) -> subprocess.Popen[bytes]:
    """A Python program of ours in its own session: Ctrl-C reaches only the parent."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", *(word for part in parts for word in part)],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=stop_with_parent(signal.SIGTERM),
    )
