"""Clients, web server and database are killed while sixteen people book: no promise is lost.

Each client writes an answer to its own log, on the disk, before it asks for anything else, and
sends a form again that nobody answered. Before each kill of the database the processes that write
its log behind the scenes are frozen, so that only what a commit itself wrote is on the disk; the
control shows that a commit that does not wait loses what it promised.
"""

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.project.conftest import CHECKOUT, open_folder
from tests.project.test_commands import free_port
from tests.project.test_serve import family_of, stat, wait_until_gone
from tests.races import crash_clients, crash_installation
from unknot.cluster import Cluster
from unknot.project import environment

pytestmark = pytest.mark.race

CLIENTS = 16
ROUNDS = 3
KILLED_CLIENTS = 4
WORKERS = 2
#: So many bookings show that clients are served again, and so many are made between frozen writers
#: and a kill.
SERVED, AT_RISK = 6, 4
PATIENCE = 240
SOON = 10
BACKGROUND = ["walwriter", "checkpointer", "background writer"]
#: What one client's log and the database must agree on.
Seen = dict[str, Any]


def wait(until: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.1)


def freeze(pids: list[int], signal_number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal_number)


@dataclass
class Site:
    """An installation as a practice runs it: `serve`, its processes, and its database."""

    folder: Path
    server: Cluster
    port: int = field(default_factory=free_port)
    serve: subprocess.Popen[str] | None = None
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, str]:
        kept = {name: text for name, text in os.environ.items() if not name.startswith("UNKNOT_")}
        return {
            **kept,
            "PYTHONPATH": str(CHECKOUT / "src"),
            "DJANGO_SETTINGS_MODULE": "unknot.project.settings",
            "UNKNOT_DATABASE_URL": self.server.url(),
            "UNKNOT_DATA": str(self.folder / "data"),
            "UNKNOT_SECRET_KEY": "only-for-this-test-only-for-this-test",
        }

    def start(self) -> None:
        command = ["serve", "--port", str(self.port), "--workers", str(WORKERS)]
        with (self.folder / "serve.log").open("a") as log:
            self.serve = subprocess.Popen(
                [sys.executable, "-P", "-m", "unknot", *command],
                env=self.variables,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        said = ""
        while "serves on" not in said:
            line = self.serve.stdout.readline()
            assert line, f"{said} {(self.folder / 'serve.log').read_text()[-3000:]}"
            said += line

    def stop(self) -> None:
        if self.serve is not None:
            self.serve.terminate()
            try:
                self.serve.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                self.serve.kill()
                self.serve.communicate()

    def installation(self, *words: object) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", crash_installation.__name__, *(str(word) for word in words)],
            cwd=CHECKOUT,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def web_server(self) -> int:
        """The process that listens to the web workers; 0 while there is none."""
        for pid in family_of(self.serve.pid)[1:]:
            found = stat(pid)
            with contextlib.suppress(OSError):
                said = Path(f"/proc/{pid}/cmdline").read_bytes()
                if found and int(found[1]) == self.serve.pid and b"granian" in said:
                    return pid
        return 0

    def web_workers(self) -> list[int]:
        main, found = self.web_server(), []
        for pid in family_of(main)[1:] if main else []:
            with contextlib.suppress(OSError):
                if b" worker-" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(pid)
        return found

    def kill_web_worker(self) -> int:
        """End one worker in the middle of what it does, and wait for the one that replaces it."""
        before = self.web_workers()
        os.kill(before[0], signal.SIGKILL)
        wait(
            lambda: len(now := self.web_workers()) >= WORKERS and before[0] not in now,
            "the web worker is started again",
        )
        return 1

    def kill_web_server(self) -> int:
        """End the process above the workers too."""
        before = self.web_server()
        os.kill(before, signal.SIGKILL)
        wait(
            lambda: self.web_server() not in (0, before) and len(self.web_workers()) >= WORKERS,
            "the web server is started again",
        )
        return 1

    def kill_database(self, promised: Callable[[], int]) -> int:
        """End it with all its children, right after promises that only a commit put on the disk."""
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as asked:
            rows = asked.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = ANY(%s)", [BACKGROUND]
            )
            background = [pid for (pid,) in rows]
        assert len(background) == len(BACKGROUND)
        for _attempt in range(10):
            before, deadline = promised(), time.monotonic() + 20
            freeze(background, signal.SIGSTOP)
            while promised() < before + AT_RISK and time.monotonic() < deadline:
                time.sleep(0.05)
            if promised() >= before + AT_RISK:
                break
            freeze(background, signal.SIGCONT)  # one of them was frozen with a lock in its hand
            time.sleep(0.2)
        else:
            raise AssertionError("nobody was promised anything while the writers were frozen")
        self.end_database()
        self.server.__enter__()
        return 1

    def end_database(self) -> None:
        postmaster = self.server._server.pid
        os.kill(postmaster, signal.SIGSTOP)  # it starts no other child meanwhile
        family = family_of(postmaster)
        freeze(family, signal.SIGKILL)
        self.server._server.wait()
        assert wait_until_gone(family) == []
        self.server.stop()

    def set_all(self, setting: str) -> None:
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as asked:
            asked.execute(f"ALTER DATABASE unknot SET {setting}")

    def post(self, person: dict[str, Any], path: str, **fields: str) -> crash_clients.Answer:
        return crash_clients.post(self.port, person["cookies"], path, fields)


@dataclass
class Crowd:
    """The clients of one run, each with its log; whoever is killed is started again."""

    site: Site
    name: str
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __enter__(self) -> "Crowd":
        for number, person in enumerate(self.site.told["clients"]):
            told = {
                **person,
                "port": self.site.port,
                "wishes": self.site.told["wishes"],
                "group": f"{self.name} {number // 2}",  # two and two want the same times
                "log": str(self.log(person["name"])),
            }
            self.log(person["name"]).with_suffix(".json").write_text(json.dumps(told))
            self.begin(person["name"])
        return self

    def __exit__(self, *problem: object) -> None:
        for each in self.running.values():
            each.kill()
            each.wait()

    def log(self, who: str) -> Path:
        return self.site.folder / f"{self.name}-{who}.log"

    def begin(self, who: str) -> None:
        program = [sys.executable, crash_clients.__file__, self.log(who).with_suffix(".json")]
        self.running[who] = subprocess.Popen(program)

    def kill(self, dice: random.Random) -> int:
        names = dice.sample(sorted(self.running), KILLED_CLIENTS)
        for who in names:
            assert self.running[who].poll() is None, f"{who} ended by itself"
            self.running[who].kill()
            self.running[who].wait()
            self.begin(who)
        return len(names)

    def finish(self) -> None:
        """Let each finish the form it is at, and end."""
        for each in self.running.values():
            each.terminate()
        for who, each in self.running.items():
            assert each.wait(PATIENCE) == 0, who

    def promised(self) -> int:
        """How many bookings have been acknowledged so far."""
        return sum(line[0] == "booked" for lines in self.lines().values() for line in lines)

    def lines(self) -> dict[str, list[list[str]]]:
        names = [person["name"] for person in self.site.told["clients"]]
        return {who: crash_clients.read(self.log(who)) for who in names}

    def goes_on(self) -> None:
        before = self.promised()
        wait(lambda: self.promised() >= before + SERVED, "clients are answered again")


def compare(lines: dict[str, list[list[str]]], seen: Seen) -> dict[str, list[str]]:
    """What was acknowledged and is not so, and what is booked without having been asked for."""
    stands = seen["appointments"]
    lost, unasked, twice = [], [], []
    for who, log in lines.items():
        held = {line[2] for line in log if line[0] == "held"}
        booked = {line[2] for line in log if line[0] == "booked"}
        mine = {key for key, (status, name, _) in stands.items() if name == who}
        standing = {key for key in mine if stands[key][0] == "confirmed"}
        lost += sorted((held - mine) | (booked - standing))
        unasked += sorted(standing - booked)
        forms = Counter(line[1] for line in log if line[0] == "booked")
        twice += sorted(form for form, times in forms.items() if times > 1)
        kept = Counter(line[2] for line in log if line[0] == "booked")
        twice += sorted(key for key, times in kept.items() if times > 1)
    return {"lost": lost, "unasked": unasked, "twice": twice}


def counts(lines: dict[str, list[list[str]]]) -> Counter[str]:
    return Counter(line[0] for log in lines.values() for line in log)


def serving(site: Site) -> Iterator[Site]:
    try:
        site.start()
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """An installation filled in haste, then run with the durable settings that a practice has."""
    with open_folder() as folder:
        with Cluster(folder / "postgres", fast=True) as hasty:
            hasty.create_database()
            told = Site(folder, hasty).installation("seed", CLIENTS)
        with Cluster(folder / "postgres") as server:
            yield from serving(Site(folder, server, told=told))


@dataclass
class Run:
    lines: dict[str, list[list[str]]]
    kills: Counter[str]
    seen: dict[str, Seen]


@pytest.fixture(scope="module")
def after_the_kills(site: Site) -> Run:
    """Four rounds of kills, each waited for until clients are answered again."""
    with psycopg.connect(site.server.url()) as asked:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert asked.execute(f"SHOW {setting}").fetchone() == ("on",)
    kills: Counter[str] = Counter()
    dice = random.Random(20260327)
    with Crowd(site, "kept") as crowd:
        crowd.goes_on()
        for number in range(ROUNDS):
            kills["clients"] += crowd.kill(dice)
            kills["web"] += site.kill_web_worker() if number else site.kill_web_server()
            kills["database"] += site.kill_database(crowd.promised)
            crowd.goes_on()
        crowd.finish()
        lines = crowd.lines()
    return Run(lines, kills, site.installation("look", *crash_installation.SPOILS))


def test_nothing_acknowledged_is_lost_and_nothing_overlaps(after_the_kills: Run) -> None:
    run, seen = after_the_kills, after_the_kills.seen[""]
    said = counts(run.lines)
    print(f"\nkills {dict(run.kills)}; answers {dict(said)}; {seen['rows']} days compared")
    assert run.kills.total() >= 10
    assert min(run.kills[kind] for kind in ("clients", "web", "database")) >= ROUNDS
    assert said["booked"] >= ROUNDS * (SERVED + AT_RISK)
    assert said["fault"] == 0, run.lines
    assert compare(run.lines, seen) == {"lost": [], "unasked": [], "twice": []}
    assert seen["overlaps"] == seen["differences"] == seen["strays"] == 0
    assert seen["rows"] > 0


def test_what_nobody_answered_was_sent_again_and_booked_once(after_the_kills: Run) -> None:
    """Some of what was sent again had been done already, and led to the same appointment."""
    silent = Counter()
    for log in after_the_kills.lines.values():
        forms = {line[1] for line in log if line[0] == "silence"}
        silent.update(line[0] for line in log if line[0] in ("held", "booked") and line[1] in forms)
    assert silent["booked"] > 0
    stands = after_the_kills.seen[""]["appointments"].values()
    taken = Counter((who, start) for status, who, start in stands if status == "confirmed")
    assert set(taken.values()) == {1}


@pytest.mark.parametrize(
    ("spoil", "noticed"),
    [
        ("lost", {"lost"}),
        ("undone", {"lost", "strays"}),
        ("twice", {"unasked", "strays"}),
        ("overlap", {"overlaps"}),
        ("bit", {"differences"}),
        ("bare", {"strays", "differences"}),
    ],
)
def test_each_harm_would_be_noticed(after_the_kills: Run, spoil: str, noticed: set[str]) -> None:
    seen = after_the_kills.seen[spoil]
    found = {**compare(after_the_kills.lines, seen), **seen}
    kinds = ("lost", "unasked", "twice", "overlaps", "differences", "strays")
    assert noticed <= {kind for kind in kinds if found[kind]}


def test_a_form_that_is_sent_again_leads_to_the_same_appointment(site: Site) -> None:
    """Pressed, not answered, pressed again: before it is booked and after."""
    person = site.told["clients"][0]
    slug, service, _ = site.told["wishes"][0]
    for start in dict.fromkeys(wish[2] for wish in reversed(site.told["wishes"])):
        form = {"key": str(uuid.uuid4()), "start": start}
        first = site.post(person, f"/book/{slug}/{service}/hold/", **form)
        if first.status == 302:
            break
    again = site.post(person, f"/book/{slug}/{service}/hold/", **form)
    assert again == first
    path = f"/book/held/{first.key}/confirm/"
    booked = site.post(person, path, name=person["name"], phone="", note="")
    assert (booked.status, booked.key) == (302, first.key)
    assert site.post(person, path, name=person["name"], phone="", note="") == booked
    assert site.post(person, f"/book/{slug}/{service}/hold/", **form) == booked
    fresh = {**form, "key": str(uuid.uuid4())}
    assert site.post(person, f"/book/{slug}/{service}/hold/", **fresh).status == 409


def asked(
    site: Site, method: str, path: str, fields: str = ""
) -> tuple[http.client.HTTPResponse, str, float]:
    cookies = site.told["clients"][0]["cookies"]
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    begun = time.monotonic()
    with contextlib.closing(connection):
        connection.request(method, path, fields, headers)
        answer = connection.getresponse()
        return answer, answer.read().decode(), time.monotonic() - begun


def test_without_a_database_there_is_a_page_that_says_so_and_it_heals(site: Site) -> None:
    slug, service, _ = site.told["wishes"][0]
    start = site.told["wishes"][-1][2]
    form = f"csrfmiddlewaretoken={crash_installation.CSRF}&start={start.replace('+', '%2B')}"
    week = f"/book/{slug}/{service}/"
    calls = [("GET", week, ""), ("POST", f"{week}hold/", form)]
    calls += [("POST", f"/book/held/{uuid.uuid4()}/confirm/", f"{form}&name=Ana")]
    for _time in range(4 * WORKERS):  # a worker's first page takes longer
        assert asked(site, *calls[0])[0].status == 200
    before = site.web_server(), sorted(site.web_workers())
    site.end_database()
    try:
        for call in calls * (2 * WORKERS):  # each worker has connections that have just died
            answer, text, seconds = asked(site, *call)
            assert answer.status == 503
            assert seconds < SOON
            assert "<html" in text
            assert "What you can do" in text
            assert answer.headers["Retry-After"]
            assert answer.headers["Content-Security-Policy"]
            assert answer.headers["Set-Cookie"] is None, "nobody is signed out by it"
    finally:
        site.server.__enter__()
    for call, status in zip(calls, (200, {302, 409}, 404), strict=True):
        for _time in range(2 * WORKERS):
            allowed = status if isinstance(status, set) else {status}
            assert asked(site, *call)[0].status in allowed
    assert (site.web_server(), sorted(site.web_workers())) == before


def test_an_address_that_is_silent_counts_as_gone() -> None:
    """Something takes the connection and never says a word: noticed in time for a page."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://unknot@127.0.0.1:{silent.getsockname()[1]}/unknot"
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("UNKNOT_DATABASE_URL", url)
            settings = environment.database("UNKNOT_DATABASE_URL")
        begun = time.monotonic()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url, **settings["OPTIONS"])
    assert time.monotonic() - begun < SOON / 2


def test_a_commit_that_does_not_wait_loses_what_was_acknowledged(site: Site) -> None:
    """The control: the same kill, with the one setting that the promise rests on turned off."""
    site.set_all("synchronous_commit = off")
    try:
        site.end_database()
        site.server.__enter__()  # every connection begins with the setting
        with Crowd(site, "careless") as crowd:
            crowd.goes_on()
            site.kill_database(crowd.promised)
            crowd.goes_on()
            crowd.finish()
            lines = crowd.lines()
    finally:
        site.set_all("synchronous_commit = on")
    seen = site.installation("look")[""]
    booked = {line[2] for log in lines.values() for line in log if line[0] == "booked"}
    lost = booked & set(compare(lines, seen)["lost"])
    print(f"\nthe control lost {len(lost)} of {len(booked)} acknowledged bookings")
    assert lost
    assert seen["overlaps"] == seen["differences"] == seen["strays"] == 0
