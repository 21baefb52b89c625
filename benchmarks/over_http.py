"""Bookings a second over HTTP, beside a page that does nothing, by the same server in the same run.

`./unknot bench over_http [--clients 16] [--rounds 3] [--seconds 5] [--workers 2]` makes a practice
with six therapists and five rooms in a database of its own, starts the web server as `serve` does,
and lets signed-in clients hold a time and confirm it, each a process with one connection: the whole
path with sessions, safety answers, the decision, mails and the audit. In turn with it the same
clients ask for a page that does nothing. A booking is two forms; the ratio counts bookings.
"""

import argparse
import contextlib
import http.client
import itertools
import multiprocessing
import os
import random
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from unknot.cluster import stop_with_parent
from unknot.project.commands import start

#: The web server's processes have to read the sessions that this one writes.
os.environ.setdefault("UNKNOT_SECRET_KEY", secrets.token_hex(32))
start.prepare_django(dict(os.environ))

from django.conf import settings  # noqa: E402  # Django has to be set up first

from tests.races import crash_installation  # noqa: E402

HOST: Final = "127.0.0.1"
TARGET: Final = 0.10
HEADERS: Final = {"Content-Type": "application/x-www-form-urlencoded"}


def served() -> Any:
    """The application with the page that does nothing beside all others; for the web server."""
    settings.ROOT_URLCONF = "benchmarks.pages"
    from unknot.project.wsgi import application

    return application


@dataclass(frozen=True, slots=True)
class Cell:
    """What the clients had answered in one round."""

    done: float  # a second
    refused: int
    faults: int  # answers that are neither


class Browser:
    """One client's connection, opened again when the server has closed it."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.link = http.client.HTTPConnection(HOST, port, timeout=60)
        self.token = cookies["csrftoken"]
        self.headers = {
            **HEADERS,
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        }

    def get(self, path: str) -> int:
        """Open a page; return the status."""
        self.link.request("GET", path, headers=self.headers)
        answer = self.link.getresponse()
        answer.read()
        return answer.status

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        """Send a form; return the status and where it leads."""
        body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": self.token})
        self.link.request("POST", path, body, self.headers)
        answer = self.link.getresponse()
        answer.read()
        return answer.status, urllib.parse.urlsplit(answer.getheader("Location", "")).path


def book(browser: Browser, name: str, wish: tuple[str, int, str]) -> int:
    """Hold a time and confirm it; return the last status."""
    slug, service, start_at = wish
    form = {"key": str(uuid.uuid4()), "start": start_at}
    status, place = browser.post(f"/book/{slug}/{service}/hold/", form)
    if not place.startswith("/book/held/"):
        return status
    status, place = browser.post(f"{place}confirm/", {"name": name, "phone": "", "note": ""})
    return 200 if place.startswith("/appointments/") else status


def _work(
    ready: Any, results: Any, port: int, seconds: int, person: dict[str, Any], wishes: Sequence[Any]
) -> None:
    """One client: opens the empty page, or books one wish after another, until the time is up."""
    browser = Browser(port, person["cookies"])
    browser.get("/nothing/")
    ready.wait(120)
    begun, statuses = time.monotonic(), []
    for wish in wishes or itertools.repeat(None):
        statuses.append(book(browser, person["name"], wish) if wish else browser.get("/nothing/"))
        if time.monotonic() - begun > seconds:
            break
    results.put((statuses, time.monotonic() - begun))


def run(port: int, people: Sequence[dict[str, Any]], wishes: Sequence[Any], seconds: int) -> Cell:
    """All clients at once for some seconds; without `wishes` they open the empty page."""
    forked = multiprocessing.get_context("forkserver")
    forked.set_forkserver_preload(["benchmarks.over_http"])
    ready, results = forked.Barrier(len(people) + 1), forked.Queue()
    children = [
        forked.Process(
            target=_work,
            args=(ready, results, port, seconds, person, wishes[number :: len(people)]),
            daemon=True,
        )
        for number, person in enumerate(people)
    ]
    for child in children:
        child.start()
    ready.wait(120)
    given = [results.get(timeout=120) for _child in children]
    for child in children:
        child.join(60)
    statuses = [status for each, _seconds in given for status in each]
    done, refused = statuses.count(200), statuses.count(409) + statuses.count(422)
    longest = max(passed for _statuses, passed in given)
    return Cell(done=done / longest, refused=refused, faults=len(statuses) - done - refused)


@contextlib.contextmanager
def web_server(workers: int) -> Iterator[int]:
    """Start the web server with the options of `serve`; give its port."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    program = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"]
    options = ["--host", HOST, "--port", str(port), "--workers", str(workers)]
    options += ["--blocking-threads", "4", "--no-ws", "--log-level", "error"]
    server = subprocess.Popen(
        [*program, "benchmarks.over_http:served", *options],
        preexec_fn=stop_with_parent(signal.SIGTERM),
    )
    try:
        _await(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _await(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            asked = http.client.HTTPConnection(HOST, port, timeout=5)
            asked.request("GET", "/nothing/")
            if asked.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise SystemExit("The web server did not answer within a minute.")


def report(found: Sequence[tuple[Cell, Cell]]) -> int:
    """Print the rates and the ratio; 1 when an answer was neither a booking nor a refusal."""
    ratios = [booked.done / empty.done for empty, booked in found]
    empty = statistics.median(one.done for one, _booked in found)
    booked = statistics.median(one.done for _empty, one in found)
    refused = sum(one.refused for _empty, one in found)
    faults = sum(one.faults for pair in found for one in pair)
    print(f"empty pages a second: {empty:,.0f}; bookings a second: {booked:,.1f}")
    print("| | | median | rounds | target |\n| --- | --- | ---: | --- | --- |")
    print(
        f"| T5 | bookings over HTTP, in empty pages | {statistics.median(ratios):.3f} |"
        f" {min(ratios):.3f} to {max(ratios):.3f} | at least {TARGET:.2f} |"
    )
    print(f"refused politely: {refused}; neither booked nor refused: {faults}")
    return int(bool(faults))


def main() -> int:
    """Fill, serve, measure and print."""
    parser = argparse.ArgumentParser(prog="./unknot bench over_http", description=__doc__)
    parser.add_argument("--clients", type=int, default=16, metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--seconds", type=int, default=5, metavar="N")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="web server processes")
    options = parser.parse_args()
    with start.step("Making a practice and its clients"):
        made: dict[str, Any] = crash_installation.seed(options.clients)
    wishes = random.Random(7).sample(made["wishes"], len(made["wishes"]))
    share = len(wishes) // options.rounds
    found = []
    with web_server(options.workers) as port:
        for number in range(options.rounds):
            empty = run(port, made["clients"], [], options.seconds)
            mine = wishes[number * share : (number + 1) * share]
            found.append((empty, run(port, made["clients"], mine, options.seconds)))
            print(f"round {number + 1}: {found[-1]}", file=sys.stderr, flush=True)
    return report(found)


if __name__ == "__main__":
    raise SystemExit(main())
