"""How the database finds the rows of the hot statements of booking.

`./unknot bench plans [--therapists 3000] [--days 14]` fills a database of its own and calls what a
booking, a hold that runs out, a cancellation and the read model call, through Django's connection.
Every statement on the way that touches the allocations or the days is explained with the very
values it was sent with, before it runs; statements inside our SQL functions are counted by the
server. Printed are the essentials: the scan, the index and its condition. Exit code 1 when any of
them reads a hot table from end to end.
"""

import argparse
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from benchmarks import population
from benchmarks.population import FIRST, NOW, Population

# population has set Django up
from django.core.management import call_command  # isort: skip
from django.db import connection, transaction  # isort: skip

from unknot.domain.calendar import slots
from unknot.journey.book.actions import booking, days, locks, taking
from unknot.journey.book.models import Allocation, Appointment, AvailDay, Resource, Status
from unknot.journey.book.reads import decision
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.models import Service

HOT: Final = ("book_allocation", "book_availday")
READING: Final = ("SELECT", "UPDATE", "DELETE", "WITH")


@dataclass(frozen=True, slots=True)
class Scan:
    """How one node of a plan finds rows of a table."""

    node: str
    table: str
    index: str
    condition: str

    def __str__(self) -> str:
        """A line for people."""
        return f"{self.node} {self.table} {self.index} {self.condition}".strip()


@dataclass(slots=True)
class Seen:
    """What one call did to the hot tables."""

    scans: list[Scan] = field(default_factory=list)
    whole: dict[str, int] = field(default_factory=dict)  # scans from end to end, by the server


def scans_of(plan: dict[str, Any]) -> Iterator[Scan]:
    """Every scan of a hot table in a plan; a bitmap's index is named where its condition is."""
    table = str(plan.get("Relation Name", ""))
    index = str(plan.get("Index Name", ""))
    if table in HOT or (index and plan["Node Type"] == "Bitmap Index Scan"):
        yield Scan(plan["Node Type"], table, index, str(plan.get("Index Cond", "")))
    for inner in plan.get("Plans", ()):
        yield from scans_of(inner)


@contextlib.contextmanager
def watched() -> Iterator[Seen]:
    """Explain what is sent through Django's connection, and count what the server scans whole."""
    seen = Seen()
    before = _whole()

    def explain(
        execute: Callable[..., Any], text: Any, values: Any, many: bool, context: Any
    ) -> Any:
        words = str(text)
        touches = any(table in words for table in HOT) and words.lstrip().startswith(READING)
        if touches and not many:
            with context["connection"].cursor() as cursor:
                cursor.cursor.execute(f"EXPLAIN (FORMAT JSON) {words}", values)
                for found in cursor.cursor.fetchone()[0]:
                    seen.scans += scans_of(found["Plan"])
        return execute(text, values, many, context)

    with connection.execute_wrapper(explain):
        yield seen
    after = _whole()
    seen.whole = {table: after[table] - before[table] for table in HOT}


def _whole() -> dict[str, int]:
    """Whole scans of the hot tables in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname::text, seq_scan FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)",
            [list(HOT)],
        )
        return dict(cursor.fetchall())


def hot_statements(people: Population) -> dict[str, Callable[[], object]]:
    """What is called when somebody books, gives back or looks; each leaves the tables usable."""
    therapist = people.therapists // 2
    listing = locks.therapist(therapist)
    zone = ZoneInfo(listing.practice.zone)
    service = Service.objects.filter(practice=listing.practice, technique="trigger_point").get(
        minutes=60
    )
    wanted = Wanted(therapist=listing, service=service)
    person = Resource.objects.get(user=listing.user_id)
    found = days.calendars([person])
    soon, late = FIRST + timedelta(days=1), FIRST + timedelta(days=people.days - 3)

    def a_start() -> Any:
        offered = decision.ask(wanted, soon, late, now=NOW).offered(soon, late, now=NOW)
        return offered[0].start

    def assigned(start: Any) -> slots.Assigned:
        day = start.astimezone(zone).date()
        answer = decision.ask(wanted, day, day, now=NOW).decide(start, now=NOW)
        assert isinstance(answer, slots.Assigned)
        return answer

    values = {"client": listing.practice_id, "status": Status.CONFIRMED, "booked_at": NOW}

    def book(**other: Any) -> Appointment:
        return booking.insert(
            wanted,
            person,
            assigned(a_start()),
            {**values, "request_key": uuid4(), **other},
            now=NOW,
        )

    def take_again() -> None:
        start = a_start()
        made = book()
        taken = taking.taking(wanted, person, assigned(a_start()))
        taking.take(made, taken)
        assert start == made.start

    def expire() -> None:
        made = book(status=Status.HELD, held_until=NOW - timedelta(minutes=1), booked_at=None)
        assert taking.expire_one(made, now=NOW)

    def release() -> None:
        taking.release([book()], now=NOW)

    keys = [(person.pk, listing.practice_id, soon), (person.pk, listing.practice_id, late)]
    return {
        "what takes a resource (decision.taken_by)": lambda: decision.taken_by(
            [person.pk, people.room_of(person.pk)], (soon, late), zone, now=NOW
        ),
        "free times of a fortnight (decision.ask)": a_start,
        "book (book_slot, book_swap)": book,
        "take for an appointment (book_take)": take_again,
        "lock days (book_lock_days)": lambda: locks.lock_days(keys),
        "prepare a booking (taking.prepare)": lambda: taking.prepare(
            wanted, [person], a_start(), now=NOW
        ),
        "write missing days (days.ensure)": lambda: days.ensure(found, soon, late),
        "compute days anew (days.rebuild)": lambda: days.rebuild(found, days={soon, late}),
        "let a hold run out (taking.expire_one)": expire,
        "give an appointment's time back (taking.release)": release,
        "by appointment, through the ORM": lambda: list(
            Allocation.objects.filter(appointment__in=[1, 2, 3])
        ),
        "by resource and time, through the ORM": lambda: list(
            Allocation.objects.filter(
                market=1,
                resource__in=[person.pk],
                during__overlap=(NOW, NOW + timedelta(days=7)),
            )
        ),
        "a therapist's days, through the ORM": lambda: list(
            AvailDay.objects.filter(
                market=1, resource=person, practice=listing.practice, day__range=(soon, late)
            )
        ),
    }


def main() -> None:
    """Fill, explain and print; exit code 1 for a table read from end to end."""
    parser = argparse.ArgumentParser(prog="./unknot bench plans", description=__doc__)
    parser.add_argument("--therapists", type=int, default=3000, metavar="N")
    parser.add_argument("--days", type=int, default=14, metavar="N")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    people = Population(options.therapists, days=options.days)
    population.fill(people)
    print(population.sizes())
    bad = 0
    for name, call in hot_statements(people).items():
        with transaction.atomic():
            with watched() as seen:
                call()
            transaction.set_rollback(True)
        bad += sum(seen.whole.values())
        print(f"\n{name}")
        for scan in dict.fromkeys(map(str, seen.scans)):
            print(f"  {scan}")
        print(f"  read from end to end: {sum(seen.whole.values())}")
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
