"""Bookings a second, beside what the same server does in the same minute with the smallest update.

`./unknot bench bookings [--therapists 30000] [--days 14] [--clients 16,64] [--rounds 4]
[--seconds 5] [--flat 5,1000]` fills a database of its own (see `population.py`) and then runs, in
turn and again each round:

simple-update  pgbench's own script (-N, scale 50, prepared): the yardstick
book_slot      one call a booking: person and room, 75 minutes, every slot once
hot            all clients want the same 40 times of one therapist; who gets one gives it back
hot, plain     the same with an insert that the constraint refuses, and no comparison before it
bare           book_slot without the read model, for its processor time
Django         processes that call book_slot once a booking through Django's connection
whole path     processes that hold a time for a check-in, letting go of the one held before, with
               everything that is decided, locked and written down

Each figure is the median of the rounds as a ratio to the yardstick with as many clients in the same
round. Processor time is the whole server's, as the kernel counts it. `--flat` adds databases of
other sizes and books in each of them in turn with one client. Afterwards nothing may overlap and
the cells of a sample must be what the rules say. Everything is gone at the end.
"""

import argparse
import contextlib
import itertools
import multiprocessing
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.range import TimestamptzRange
from tqdm import tqdm

from benchmarks import population
from benchmarks.population import CLEANUP, FIRST, NOW, ZONES, Population
from unknot import cluster

# population has set Django up
from django.contrib.auth.models import AnonymousUser  # isort: skip
from django.core.management import call_command  # isort: skip
from django.db import connection  # isort: skip

from unknot.domain.calendar import cells, hours
from unknot.journey.book.actions import booking, days, taking
from unknot.journey.book.models import Allocation, AvailDay, Resource
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.models import Service, Therapist
from unknot.people.models import Practice
from unknot.web.errors import UnknotError

#: A check-in, and the therapist, service and start of the times it will hold one after another.
Asker = tuple[int, list[tuple[int, int, Any]]]
#: What says which database a connection is to.
WHERE: Final = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
SLOT_CELLS: Final = (60 + CLEANUP) // 5
HOT_SLOTS: Final = 40
SERVER: Final = {
    "max_connections": "150",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "listen_addresses": "",
}
TARGETS: Final = {
    "T1": "at least 0.50",
    "T2": "at least 0.40",
    "T3": "at least 20",
    "T4": "at least 0.20",
    "T11": "at most 2.0",
}

POOL: Final = """
CREATE UNLOGGED TABLE bench_found (therapist bigint, room int, service bigint, client bigint,
    practice bigint, day date, starts timestamptz, ends timestamptz, blocked timestamptz,
    promised text, zone text, mask bit(312));
CREATE SEQUENCE bench_next CACHE 20;
CREATE SEQUENCE bench_bare_next CACHE 20;
"""
#: One call: everything it needs is one row of the pool, found by its number.
CALL: Final = """SELECT {function}(gen_random_uuid(), gen_random_uuid(), p.therapist, p.service,
 NULL, p.client, 'confirmed', '', p.starts, p.ends, NULL, '', p.promised, p.zone, '{tzdata}', 9000,
 'USD', '', p.starts, NULL, p.starts, NULL, NULL, '', ARRAY[p.therapist::int, p.room],
 ARRAY[tstzrange(p.starts, p.blocked), tstzrange(p.starts, p.blocked)], ARRAY[1, 1],
 ARRAY[p.therapist::int, p.room], ARRAY[p.practice, p.practice], ARRAY[p.day, p.day],
 ARRAY[p.mask, p.mask], ARRAY[true, true]) AS made
 FROM {pool} p WHERE p.n = {number}"""
#: A cancellation that gives the cells back, under the same locks in the same order.
GIVE_BACK: Final = """
CREATE FUNCTION bench_give_back(p_appointment bigint, p_bits boolean, slot bench_hot)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF p_bits THEN
        PERFORM book_lock_days(ARRAY[slot.therapist::int, slot.room],
            ARRAY[slot.practice, slot.practice], ARRAY[slot.day, slot.day]);
    END IF;
    DELETE FROM book_allocation WHERE appointment_id = p_appointment;
    IF p_bits THEN
        UPDATE book_availday SET free = free | slot.mask WHERE market = 1
            AND resource_id = ANY(ARRAY[slot.therapist::int, slot.room])
            AND practice_id = slot.practice AND day = slot.day;
    END IF;
    UPDATE book_appointment SET status = 'cancelled' WHERE id = p_appointment;
END $$;
"""
OVERLAPS: Final = """
SELECT count(*) FROM (
    SELECT lower(during) < max(upper(during)) OVER (PARTITION BY market, resource_id
        ORDER BY lower(during) ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS twice
    FROM book_allocation) found
WHERE twice
"""


# The server --------------------------------------------------------------------------------------


def pgbench_program() -> Path:
    """pgbench beside the server's programs; the run ends with one sentence without it."""
    found = cluster.find_binaries().folder / "pgbench"
    if not os.access(found, os.X_OK):
        raise SystemExit(
            f"There is no pgbench in {found.parent}, and the yardstick is its simple update:"
            " install a PostgreSQL server package that has it, or set UNKNOT_POSTGRES."
        )
    return found


def postmaster() -> int:
    """The process number of the server that Django is connected to."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        (home,) = cursor.fetchone()
    return int((Path(home) / "postmaster.pid").read_text().splitlines()[0])


@contextlib.contextmanager
def roomier() -> Iterator[None]:
    """Start the server of this run anew, with room for the clients; stop it at the end.

    It still writes safely: fsync, synchronous_commit and full_page_writes stay on.
    """
    number = postmaster()
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        home = Path(cursor.fetchone()[0])
        cursor.execute("SHOW unix_socket_directories")
        sockets = cursor.fetchone()[0]
    connection.close()
    program = Path(f"/proc/{number}/exe").resolve()
    owner = home.stat()
    as_root = os.geteuid() == 0
    os.kill(number, signal.SIGINT)
    _wait(lambda: not (home / "postmaster.pid").exists())
    settings = {**SERVER, "unix_socket_directories": sockets, "port": str(cluster.PORT)}
    server = subprocess.Popen(
        [program, "-D", home, *(f"--{name}={value}" for name, value in settings.items())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
        preexec_fn=cluster.stop_with_parent(signal.SIGINT),
        user=owner.st_uid if as_root else None,
        group=owner.st_gid if as_root else None,
        extra_groups=[] if as_root else None,
    )
    try:
        _wait(_answers)
        yield
    finally:
        connection.close()
        server.send_signal(signal.SIGINT)
        server.wait(120)


def _answers() -> bool:
    try:
        connection.ensure_connection()
    except Exception:
        return False
    return True


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not done():
        if time.monotonic() > deadline:
            raise SystemExit("The database server did not stop and start again in two minutes.")
        time.sleep(0.05)


def server_seconds(number: int) -> float:
    """Processor time of a server: its own, that of its processes, and of those that ended."""
    ticks = os.sysconf("SC_CLK_TCK")
    own = _stat(number)
    spent = sum(int(own[place]) for place in (13, 14, 15, 16))
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            other = _stat(int(folder.name))
            if int(other[3]) == number:
                spent += int(other[13]) + int(other[14])
    return spent / ticks


def _stat(number: int) -> list[str]:
    text = Path(f"/proc/{number}/stat").read_text()
    before, _paren, after = text.rpartition(")")
    return [before, "", *after.split()]


# The slots ---------------------------------------------------------------------------------------


def make_pool(people: Population, *, most: int, seed: int = 7) -> int:
    """Find free times of 75 minutes, none over another, in random order; return how many."""
    order = random.Random(seed).sample(range(1, people.therapists + 1), people.therapists)
    pieces = [order[at : at + 500] for at in range(0, len(order), 500)]
    found = 0
    with connection.cursor() as cursor:
        cursor.execute(POOL)
        for numbers in tqdm(pieces, desc="free times", disable=people.therapists < 500):
            rows = [row for one in _days_of(numbers) for row in _slots_of(one, people)]
            with cursor.copy("COPY bench_found FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            found += len(rows)
            if found >= most:
                break
        number_pool(cursor)
    return found


def number_pool(cursor: Any) -> None:
    """Number what was found in random order, without gaps."""
    cursor.execute("DROP TABLE IF EXISTS bench_pool")
    cursor.execute(
        "CREATE UNLOGGED TABLE bench_pool AS SELECT"
        " row_number() OVER (ORDER BY hashint8(extract(epoch FROM starts)::bigint + therapist))"
        " AS n, * FROM bench_found"
    )
    cursor.execute("ALTER TABLE bench_pool ADD PRIMARY KEY (n)")
    cursor.execute("ANALYZE bench_pool")


def _days_of(numbers: Sequence[int]) -> list[AvailDay]:
    wanted = AvailDay.objects.filter(resource__in=numbers, day__gt=FIRST).exclude(free=0)
    return list(wanted.order_by("resource", "day"))


def _slots_of(one: AvailDay, people: Population) -> Iterator[tuple[Any, ...]]:
    zone = ZoneInfo(ZONES[people.houses[one.practice_id - 1].zone])
    place = 0
    bits = format(one.free, f"0{cells.CELLS}b")
    while (place := bits.find("1" * SLOT_CELLS, place)) >= 0:
        starts = one.day0 + timedelta(minutes=5 * place)
        mask = "0" * place + "1" * SLOT_CELLS
        yield (
            one.resource_id, people.room_of(one.resource_id),
            (one.practice_id - 1) * len(population.SERVICES) + 2, one.practice_id,
            one.practice_id, one.day, starts, starts + timedelta(minutes=60),
            starts + timedelta(minutes=60 + CLEANUP),
            f"{starts.astimezone(zone):%Y-%m-%dT%H:%M}", zone.key, mask.ljust(cells.CELLS, "0"),
        )  # fmt: skip
        place += SLOT_CELLS


# One cell of the measurement ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """What came out of one thing run for a few seconds."""

    answers: float  # a second
    booked: float  # a second
    cpu: float  # microseconds of the server for each answer
    failed: int  # deadlocks and the like, as the client saw them
    deadlocks: int  # as the server counted them


class Measure:
    """Runs cells against the filled database."""

    def __init__(self, people: Population, *, scale: int, seconds: int) -> None:
        self.people, self.seconds = people, seconds
        self.program = pgbench_program()
        self.server = postmaster()
        self.rate = 0.0  # of bookings by one call, as far as known
        self.url = population.connection_url()
        self.yard = make_conninfo(self.url, dbname="bench_yardstick")
        with psycopg.connect(make_conninfo(self.url, dbname="postgres"), autocommit=True) as link:
            link.execute("DROP DATABASE IF EXISTS bench_yardstick")
            link.execute("CREATE DATABASE bench_yardstick")
        self._run("-i", "-q", "-s", str(scale), url=self.yard)

    def close(self) -> None:
        """Drop the yardstick's database."""
        with psycopg.connect(make_conninfo(self.url, dbname="postgres"), autocommit=True) as link:
            link.execute("DROP DATABASE bench_yardstick")

    def _run(self, *options: str, url: str) -> str:
        known = conninfo_to_dict(url)
        names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGDATABASE": "dbname"}
        variables = {name: str(known[key]) for name, key in names.items()}
        if known.get("password"):
            variables["PGPASSWORD"] = str(known["password"])
        given = subprocess.run(
            [self.program, *options],
            env={**os.environ, **variables, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
        )
        if given.returncode:
            raise SystemExit(f"pgbench stopped: {given.stderr.strip().splitlines()[-1]}")
        return given.stdout

    def cell(self, script: str | None, clients: int) -> Cell:
        """Run one script, or the yardstick without one, with so many clients."""
        options = ["-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2))]
        options += ["-T", str(self.seconds)]
        with contextlib.ExitStack() as stack:
            if script is None:
                options.append("-N")
            else:
                name = stack.enter_context(_file(script))
                options += ["-f", str(name)]
            mark, dead = self._mark(), self._deadlocks()
            spent = server_seconds(self.server)
            said = self._run(*options, url=self.yard if script is None else self.url)
        self._wait_for_ends()
        spent = server_seconds(self.server) - spent
        processed = int(re.findall(r"actually processed: (\d+)", said)[0])
        rate = float(re.findall(r"tps = ([\d.]+)", said)[0])
        failed = int((re.findall(r"failed transactions: (\d+)", said) or ["0"])[0])
        booked = self._mark() - mark if script is not None else 0
        return Cell(
            answers=rate,
            booked=rate * booked / max(processed, 1),
            cpu=spent * 1e6 / max(processed, 1),
            failed=failed,
            deadlocks=self._deadlocks() - dead,
        )

    def _wait_for_ends(self) -> None:
        """What a process of the server spent is added to the server's when it has ended."""

        def alone() -> bool:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                    " AND application_name = 'pgbench'"
                )
                return bool(cursor.fetchone()[0] == 0)

        _wait(alone)
        time.sleep(0.2)

    def _mark(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM book_appointment WHERE id > %s", [self._first()])
            return int(cursor.fetchone()[0])

    def _first(self) -> int:
        if not hasattr(self, "_known_first"):
            with connection.cursor() as cursor:
                cursor.execute("SELECT coalesce(max(id), 0) FROM book_appointment")
                self._known_first = int(cursor.fetchone()[0])
        return self._known_first

    def _deadlocks(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            )
            return int(cursor.fetchone()[0])

    # What is run --------------------------------------------------------------------------------

    def uniform(self, clients: int) -> Cell:
        """Every slot once, one call each."""
        found = self.cell(_call("book_slot", "bench_pool", "bench_next"), clients)
        self._check_not_dry("bench_next")
        self.rate = found.booked
        return found

    def bare(self, clients: int) -> Cell:
        """The same without the read model; what it booked is taken away again."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(id), 0) FROM book_appointment")
            (last,) = cursor.fetchone()
        found = self.cell(_call("bench_bare", "bench_pool", "bench_bare_next"), clients)
        self._check_not_dry("bench_bare_next", of="bench_next")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM book_allocation WHERE appointment_id > %s", [last])
            cursor.execute("DELETE FROM book_appointment WHERE id > %s", [last])
            cursor.execute("VACUUM book_allocation, book_appointment")
        return found

    def hot(self, clients: int, *, plain: bool) -> Cell:
        """Everybody wants one of forty times of one therapist."""
        function = "bench_plain" if plain else "book_slot"
        script = f"""\\set s random(1, {HOT_SLOTS})
{_statement(function, "bench_hot", ":s")} \\gset
\\if :made
SELECT bench_give_back(:made, {str(not plain).lower()}, p) FROM bench_hot p WHERE p.n = :s;
\\endif
"""
        found = self.cell(script, clients)
        clear_hot(self.people)
        return found

    def django(self, clients: int) -> Cell:
        """Processes that call the function once a booking through Django's connection."""
        share = int(self.rate * 1.5 * self.seconds / clients) + 20  # slower than pgbench is
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('bench_next')")
            (first,) = cursor.fetchone()
            cursor.execute("SELECT setval('bench_next', %s)", [first + share * clients])
        self._check_not_dry("bench_next")
        starts = range(first, first + share * clients, share)
        return self._processes(_book_through_django, [(one, share) for one in starts])

    def whole(self, checkins: Sequence[Asker]) -> Cell:
        """Processes that hold times for check-ins; the holds are let go of afterwards."""
        found = self._processes(_hold_for_a_checkin, [(one,) for one in checkins])
        for one in taking.Appointment.objects.filter(status="held").select_related("therapist"):
            booking.release(one, actor=AnonymousUser(), now=NOW)
        return found

    def _processes(self, work: Callable[..., Any], shares: Sequence[tuple[Any, ...]]) -> Cell:
        # From a process without threads: a lock that one of them holds would stay shut in a child.
        forked = multiprocessing.get_context("forkserver")
        forked.set_forkserver_preload(["benchmarks.bookings"])
        where = {name: connection.settings_dict[name] for name in WHERE}
        ready, results = forked.Barrier(len(shares) + 1), forked.Queue()
        dead = self._deadlocks()
        connection.close()
        children = [
            forked.Process(
                target=_work, args=(where, work, ready, results, self.seconds, *share), daemon=True
            )
            for share in shares
        ]
        for child in children:
            child.start()
        ready.wait(300)
        spent = server_seconds(self.server)
        given = [results.get(timeout=300) for _child in children]
        spent = server_seconds(self.server) - spent
        for child in children:
            child.join(60)
        longest = max(seconds for _count, _refused, seconds in given)
        booked = sum(count for count, _refused, _seconds in given)
        refused = sum(refused for _count, refused, _seconds in given)
        return Cell(
            answers=(booked + refused) / longest,
            booked=booked / longest,
            cpu=spent * 1e6 / max(booked, 1),
            failed=refused,
            deadlocks=self._deadlocks() - dead,
        )

    def _check_not_dry(self, sequence: str, of: str | None = None) -> None:
        """A pool that has run dry looks fast."""
        with connection.cursor() as cursor:
            if of is not None:  # taken away again: the next of the other goes on behind it
                cursor.execute(
                    f"SELECT setval('{of}', greatest(a.last_value, b.last_value))"
                    f" FROM {of} a, {sequence} b"
                )
            cursor.execute(f"SELECT last_value, (SELECT max(n) FROM bench_pool) FROM {sequence}")
            used, there = cursor.fetchone()
            if of is None:
                cursor.execute(f"SELECT setval('bench_bare_next', {min(used, there)})")
        if used > there:
            raise SystemExit(
                f"Only {there:,} free times were there, and the run wanted more:"
                " name more --therapists, or fewer --seconds or --rounds."
            )


@contextlib.contextmanager
def _file(text: str) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(text)
        file.flush()
        yield Path(file.name)


def _statement(function: str, pool: str, number: str) -> str:
    call = CALL.format(function=function, pool=pool, number=number, tzdata=hours.TZDATA)
    made = call.replace(f"SELECT {function}(", f"SELECT coalesce({function}(", 1)
    return made.replace(") AS made", "), 0) AS made", 1).replace("\n", "")


def _call(function: str, pool: str, sequence: str) -> str:
    return _statement(function, pool, f"(SELECT nextval('{sequence}'))") + ";\n"


def _work(where: dict[str, str], work: Callable[..., None], *given: Any) -> None:
    """Do one client's part in the database of whoever measures."""
    connection.settings_dict.update(where)
    work(*given)


def _book_through_django(ready: Any, results: Any, seconds: int, first: int, share: int) -> None:
    """One client: its slots are read before the clock runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT therapist, room, service, client, practice, day, starts, ends, blocked,"
            " promised, zone, mask::text FROM bench_pool WHERE n >= %s AND n < %s",
            [first, first + share],
        )
        wanted = [_values(row) for row in cursor.fetchall()]
    ready.wait(300)
    begun, done, refused = time.monotonic(), 0, 0
    with connection.cursor() as cursor:
        for values in wanted:
            cursor.execute(taking._BOOK, values)
            (made,) = cursor.fetchone()
            done, refused = (done + 1, refused) if made is not None else (done, refused + 1)
            if time.monotonic() - begun > seconds:
                break
    results.put((done, refused, time.monotonic() - begun))
    connection.close()


def _values(row: tuple[Any, ...]) -> dict[str, Any]:
    (therapist, room, service, client, practice, day, starts, ends, blocked, promised, zone,
     mask) = row  # fmt: skip
    during = TimestamptzRange(starts, blocked)
    return {
        **taking._NOTHING,
        "key": uuid4(), "request_key": uuid4(), "therapist": therapist, "service": service,
        "client": client, "status": "confirmed", "start": starts, "end": ends,
        "promised": promised, "zone": zone, "tzdata": hours.TZDATA, "price_minor": 9000,
        "currency": "USD", "booked_at": NOW, "now": NOW, "resources": [therapist, room],
        "during": [during, during], "cell_markets": [1, 1], "cell_resources": [therapist, room],
        "cell_practices": [practice, practice], "cell_days": [day, day],
        "cell_masks": [mask, mask], "cell_musts": [True, True],
    }  # fmt: skip


def _hold_for_a_checkin(ready: Any, results: Any, seconds: int, asker: Asker) -> None:
    """One client: holds one time after another, each hold letting go of the one before."""
    number, times = asker
    checkin = booking.locks.CheckIn.objects.get(pk=number)
    known = Therapist.objects.select_related("practice").in_bulk({one for one, *_rest in times})
    services = Service.objects.in_bulk({service for _one, service, _starts in times})
    ready.wait(300)
    begun, done, refused = time.monotonic(), 0, 0
    for therapist, service, starts in itertools.cycle(times):
        wanted = Wanted(therapist=known[therapist], service=services[service])
        try:
            booking.hold(checkin, actor=AnonymousUser(), wanted=wanted, start=starts, now=NOW)
            done += 1
        except UnknotError:
            refused += 1
        if time.monotonic() - begun > seconds:
            break
    results.put((done, refused, time.monotonic() - begun))
    connection.close()


# What is prepared ---------------------------------------------------------------------------------


def make_variants() -> None:
    """From the function itself: one without the read model, one that relies on the constraint."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('book_slot'::regproc)")
        (text,) = cursor.fetchone()
        body, found = re.subn(r"IF NOT book_swap\(.*?END IF;", "", text, flags=re.DOTALL)
        if found != 1:
            raise SystemExit("book_slot no longer calls book_swap in the way this benchmark knows.")
        cursor.execute(body.replace("book_slot(", "bench_bare(", 1))
        before, _end, after = body.rpartition("END")
        plain = f"{before}EXCEPTION WHEN exclusion_violation THEN RETURN NULL;\nEND{after}"
        cursor.execute(plain.replace("book_slot(", "bench_plain(", 1))


@cache
def hot_one(people: Population) -> int:
    """The therapist of the first few whose days are longest."""

    def minutes(pk: int) -> int:
        drawn = population.life(pk, people.days)
        open_days = [drawn.week[(FIRST.weekday() + day) % 7] for day in drawn.booked if day]
        return sum(closes - opens for opens, closes in open_days)

    return max(range(1, min(people.therapists, 2000) + 1), key=minutes)


def make_hot(people: Population) -> None:
    """Empty one therapist's calendar and choose forty times in it."""
    clear_hot(people)
    rows = [row for one in _days_of([hot_one(people)]) for row in _slots_of(one, people)][
        :HOT_SLOTS
    ]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM bench_found WHERE therapist = %s", [hot_one(people)])
        cursor.execute("CREATE UNLOGGED TABLE bench_hot (n int PRIMARY KEY, LIKE bench_found)")
        with cursor.copy("COPY bench_hot FROM STDIN") as copy:
            for number, row in enumerate(rows, 1):
                copy.write_row((number, *row))
        cursor.execute("ANALYZE bench_hot")
        cursor.execute(GIVE_BACK)
    if len(rows) < HOT_SLOTS:
        raise SystemExit(f"{len(rows)} times of one therapist are too few: name more --days.")


def clear_hot(people: Population) -> None:
    """Take everything out of the calendar of that therapist and compute it anew."""
    both = [hot_one(people), people.room_of(hot_one(people))]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM book_allocation WHERE resource_id = ANY(%s::int[])", [both])
    found = days.calendars(list(Resource.objects.filter(pk__in=both).select_related("practice")))
    with booking.transaction.atomic():
        days.rebuild(found, since=FIRST)


def make_checkins(clients: int) -> list[Asker]:
    """Completed check-ins, each in a practice of its own, with free times there."""
    from tests.checkins import a_completed_checkin

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT practice, array_agg(n) FROM bench_pool WHERE practice <>"
            " (SELECT min(practice) FROM bench_hot)"
            " GROUP BY practice HAVING count(*) >= 4 ORDER BY practice LIMIT %s",
            [clients],
        )
        practices = [practice for practice, _numbers in cursor.fetchall()]
        times: dict[int, list[tuple[int, int, Any]]] = {one: [] for one in practices}
        cursor.execute(
            "DELETE FROM bench_found WHERE practice = ANY(%s)"
            " RETURNING practice, therapist, service, starts",
            [practices],
        )
        for practice, *rest in cursor.fetchall():
            times[practice].append(tuple(rest))
        number_pool(cursor)
    return [
        (a_completed_checkin(None, practice=Practice.objects.get(pk=one), now=NOW).pk, times[one])
        for one in tqdm(practices, desc="check-ins", disable=clients < 16)
    ]


# What must hold afterwards -----------------------------------------------------------------------


def overlaps() -> int:
    """Allocations that begin before an earlier one of the same resource has ended."""
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return int(cursor.fetchone()[0])


def differences(people: Population, sample: int = 100) -> tuple[int, int]:
    """Days compared of a sample of therapists and rooms, and those that are not what rules say."""
    booked = Allocation.objects.order_by("-pk").values_list("resource", flat=True)[: sample * 2]
    numbers = {
        *booked,
        *random.Random(3).sample(range(1, people.therapists + 1), min(sample, people.therapists)),
        hot_one(people),
        people.room_of(hot_one(people)),
    }
    found = days.calendars(list(Resource.objects.filter(pk__in=numbers).select_related("practice")))
    last = FIRST + timedelta(days=people.days - 1)
    compared = wrong = 0
    for calendar in found:
        stored = dict(
            AvailDay.objects.filter(
                market=1, resource=calendar.resource, practice=calendar.practice
            ).values_list("day", "free")
        )
        expected = days.expand(calendar, FIRST, last)
        compared += len(expected)
        wrong += sum(stored.get(day) != bits for day, bits in expected.items())
    return compared, wrong


# Other sizes -------------------------------------------------------------------------------------


class Sizes:
    """The same booking in databases of other sizes, one client, in turn."""

    def __init__(self, numbers: Sequence[int], people: Population) -> None:
        self.urls: dict[int, str] = {}
        here = population.connection_url()
        self.admin = make_conninfo(here, dbname="postgres")
        template = conninfo_to_dict(here)["dbname"]
        connection.close()
        for number in numbers:
            name = f"bench_{number}"
            with psycopg.connect(self.admin, autocommit=True) as link:
                link.execute(
                    sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                        sql.Identifier(name), sql.Identifier(str(template))
                    )
                )
            self.urls[number] = make_conninfo(here, dbname=name)
            few = 14 if number <= 30_000 else 3
            self._prepare(number, few)

    def _prepare(self, number: int, few: int) -> None:
        known = conninfo_to_dict(self.urls[number])
        host = str(known["host"]).replace("/", "%2F")
        url = f"postgresql://{known['user']}@/{known['dbname']}?host={host}&port={known['port']}"
        subprocess.run(
            [sys.executable, "-m", "benchmarks.bookings", "--only-fill", "--therapists",
             str(number), "--days", str(few)],
            env={**os.environ, "UNKNOT_DATABASE_URL": url},
            check=True,
        )  # fmt: skip

    def measure(self, people: Population, rounds: int, each: int = 40) -> dict[int, "Flat"]:
        """Book `each` slots in every size, round by round, and take them back."""
        urls = {**self.urls, people.therapists: population.connection_url()}
        links = {
            number: psycopg.connect(url, autocommit=True, prepare_threshold=1)
            for number, url in sorted(urls.items())
        }
        found = {number: Flat() for number in links}
        for number in range(rounds + 1):
            for size, link in links.items():
                times, cpu = _book_alone(link, each)
                if number:  # the first one warms up
                    found[size].add(times, cpu)
        for link in links.values():
            link.close()
        return found

    def close(self) -> None:
        """Drop the databases of other sizes."""
        with psycopg.connect(self.admin, autocommit=True) as link:
            for number in self.urls:
                link.execute(f"DROP DATABASE bench_{number}".encode())


@dataclass
class Flat:
    """Latency and processor time of bookings by one client, in microseconds."""

    times: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def add(self, times: Sequence[float], cpu: float) -> None:
        """One round."""
        self.times += times
        self.cpu.append(cpu)


def _book_alone(link: psycopg.Connection[Any], each: int) -> tuple[list[float], float]:
    statement = _statement("book_slot", "bench_pool", "%s::bigint").encode()
    row = link.execute(
        "SELECT array_agg(n), (SELECT coalesce(max(id), 0) FROM book_appointment) FROM"
        " (SELECT n FROM bench_pool p WHERE EXISTS (SELECT FROM book_availday a WHERE a.market = 1"
        " AND a.resource_id = p.therapist::int AND a.practice_id = p.practice AND a.day = p.day"
        " AND a.free & p.mask = p.mask) ORDER BY n DESC LIMIT %s) found",
        [each],
    ).fetchone()
    assert row is not None
    numbers, last = row
    schedule = Path(f"/proc/{link.info.backend_pid}/schedstat")
    for _warm in range(6):
        link.execute(statement, [0])  # no such slot: prepared, planned, nothing booked
    spent, times = int(schedule.read_text().split()[0]), []
    for number in numbers:
        begun = time.perf_counter()
        made = link.execute(statement, [number]).fetchone()
        times.append((time.perf_counter() - begun) * 1e6)
        assert made is not None
        assert made[0]
    spent = int(schedule.read_text().split()[0]) - spent
    with link.transaction():
        link.execute("DELETE FROM book_allocation WHERE appointment_id > %s", [last])
        link.execute("DELETE FROM book_appointment WHERE id > %s", [last])
        link.execute(
            "UPDATE book_availday a SET free = free | m.mask FROM"
            " (SELECT therapist::int, room, practice, day, bit_or(mask) AS mask FROM bench_pool"
            " WHERE n = ANY(%s) GROUP BY 1, 2, 3, 4) m WHERE a.market = 1 AND a.resource_id ="
            " ANY(ARRAY[m.therapist, m.room]) AND a.practice_id = m.practice AND a.day = m.day",
            [numbers],
        )
    return times, spent / 1000 / len(numbers)


# The run -----------------------------------------------------------------------------------------

Found = dict[tuple[str, int], list[Cell]]


def run(measure: Measure, clients: Sequence[int], rounds: int, checkins: list[Asker]) -> Found:
    """Every cell in turn, so that a busy moment falls on all of them."""
    found: Found = {}
    few, many = min(clients), max(clients)
    for number in range(rounds):
        for count in clients:
            plan: list[tuple[str, Callable[[], Cell]]] = [
                ("simple-update", lambda count=count: measure.cell(None, count)),  # type: ignore[misc]
                ("book_slot", lambda count=count: measure.uniform(count)),  # type: ignore[misc]
            ]
            if count == few:
                plan += [
                    ("bare", lambda count=count: measure.bare(count)),  # type: ignore[misc]
                    ("Django", lambda count=count: measure.django(count)),  # type: ignore[misc]
                    ("whole path", lambda: measure.whole(checkins)),
                ]
            if count in (few, many):
                plan.append(("hot", lambda count=count: measure.hot(count, plain=False)))  # type: ignore[misc]
            if count == few:
                plan.append(("hot, plain", lambda count=count: measure.hot(count, plain=True)))  # type: ignore[misc]
            for name, call in plan:
                cell = call()
                found.setdefault((name, count), []).append(cell)
                say(
                    f"round {number + 1}, {count} clients, {name}: {cell.answers:,.0f} answers/s,"
                    f" {cell.booked:,.0f} booked/s, {cell.cpu:,.0f} us, {cell.deadlocks} deadlocks"
                )
    return found


def say(sentence: str) -> None:
    """Show how far it is, apart from the figures."""
    print(sentence, file=sys.stderr, flush=True)


def ratios(
    found: Found, name: str, count: int, what: str, *, to: str = "simple-update", of: str = ""
) -> list[float]:
    """One ratio a round: `what` of one thing to that of another with as many clients."""
    pairs = zip(found[name, count], found[to, count], strict=True)
    return [getattr(one, what) / max(getattr(other, of or "answers"), 1e-9) for one, other in pairs]


def line(test: str, words: str, values: Sequence[float], target: str) -> str:
    """One row of the table: the median with its range, beside the target."""
    middle = statistics.median(values)
    span = f"{min(values):.2f} to {max(values):.2f}"
    return f"| {test} | {words} | {middle:.2f} | {span} | {target} |"


def report(found: Found, clients: Sequence[int]) -> None:
    """Print the ratios, then what the yardstick itself did."""
    few, many = min(clients), max(clients)
    print("| | | median | rounds | target |\n| --- | --- | ---: | --- | --- |")
    for count in clients:
        words = f"bookings by one call, {count} clients, in simple updates"
        print(line("T1", words, ratios(found, "book_slot", count, "booked"), TARGETS["T1"]))
    words = f"one therapist, {many} clients: answers, in simple updates"
    print(line("T2", words, ratios(found, "hot", many, "answers"), TARGETS["T2"]))
    words = f"one therapist, {few} clients: answers, in those of a plain insert"
    print(line("T3", words, ratios(found, "hot", few, "answers", to="hot, plain"), TARGETS["T3"]))
    words = f"bookings through Django, one call, {few} clients, in simple updates"
    print(line("T4", words, ratios(found, "Django", few, "booked"), TARGETS["T4"]))
    words = f"holds by the whole path, {few} clients, in simple updates"
    print(line("–", words, ratios(found, "whole path", few, "booked"), "none"))
    words = "server time of a booking, in that of one without the read model"
    print(
        line(
            "T11",
            words,
            ratios(found, "book_slot", few, "cpu", to="bare", of="cpu"),
            TARGETS["T11"],
        )
    )
    print()
    for (name, count), cells_ in found.items():
        rate = statistics.median(one.answers for one in cells_)
        booked = statistics.median(one.booked for one in cells_)
        cpu = statistics.median(one.cpu for one in cells_)
        dead, failed = sum(one.deadlocks for one in cells_), sum(one.failed for one in cells_)
        print(
            f"{name:14} {count:3} clients {rate:8,.0f} answers/s {booked:8,.0f} booked/s"
            f" {cpu:7,.0f} us of the server each, {dead} deadlocks, {failed} failed"
        )


def report_sizes(found: dict[int, Flat]) -> None:
    """Print what one booking costs by the number of therapists."""
    smallest = found[min(found)]
    print("\n| therapists | server time | ratio | one client's wait | ratio |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for number, one in found.items():
        cpu, wait = statistics.median(one.cpu), statistics.median(one.times)
        print(
            f"| {number:,} | {cpu:,.0f} us | {cpu / statistics.median(smallest.cpu):.2f} |"
            f" {wait:,.0f} us | {wait / statistics.median(smallest.times):.2f} |"
        )


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for on the command line."""
    parser = argparse.ArgumentParser(prog="./unknot bench bookings", description=__doc__)
    parser.add_argument("--therapists", type=int, default=30_000, metavar="N")
    parser.add_argument("--days", type=int, default=14, metavar="N")
    parser.add_argument("--clients", type=_numbers, default=[16, 64], metavar="N,N")
    parser.add_argument("--rounds", type=int, default=4, metavar="N")
    parser.add_argument("--seconds", type=int, default=5, metavar="N")
    parser.add_argument("--scale", type=int, default=50, metavar="N", help="of pgbench's tables")
    parser.add_argument("--flat", type=_numbers, default=[5, 1000], metavar="N,N")
    parser.add_argument("--only-fill", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _numbers(text: str) -> list[int]:
    return [int(one) for one in text.split(",") if one]


def prepare(people: Population, *, most: int) -> None:
    """Fill the database, find free times, and make what is compared with."""
    population.fill(people)
    make_pool(people, most=most)


def main() -> None:
    """Fill, measure, check and print; exit code 1 when anything overlaps or differs."""
    options = options_of()
    pgbench_program()
    people = Population(options.therapists, days=options.days)
    if options.only_fill:
        prepare(people, most=2000)
        return
    with roomier():
        call_command("migrate", verbosity=0)
        sizes = Sizes(options.flat, people)
        prepare(people, most=150_000 + 6000 * options.seconds * options.rounds)
        print(population.sizes())
        make_variants()
        make_hot(people)
        checkins = make_checkins(min(options.clients))
        measure = Measure(people, scale=options.scale, seconds=options.seconds)
        found = run(measure, options.clients, options.rounds, checkins)
        flat = sizes.measure(people, options.rounds)
        report(found, options.clients)
        report_sizes(flat)
        raise SystemExit(report_checks(people))


def report_checks(people: Population) -> int:
    """Print what must be nothing; 1 when it is not."""
    twice = overlaps()
    compared, wrong = differences(people)
    print(f"\noverlaps: {twice}; days that differ from the rules: {wrong} of {compared:,}")
    load = os.getloadavg()
    print(f"load of the machine at the end: {load[0]:.0f} on {os.cpu_count()} processors")
    begun = time.perf_counter()
    for _turn in range(10_000_000):
        pass
    print(f"ten million empty turns of Python: {time.perf_counter() - begun:.2f} s")
    return int(bool(twice or wrong))


if __name__ == "__main__":
    main()
