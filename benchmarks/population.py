"""Made-up practices with their calendars, for benchmarks of booking and of its plans.

`./unknot bench population [--therapists 1000] [--days 14]` fills a database of its own and says how
long that took and how large the hot tables are. Other benchmarks call `fill(Population(...))`.

Fifty-two towns as large as those of the United States, practices of 1 to 12, five zones (one
without clock changes), five working days of seven, a third of the shifts late, 3 % of the days
closed, about 55 % of the working time booked, a room for each therapist, three of ten with a stone
heater. The days begin on Monday 2 March 2026, so that a fortnight holds a clock change. Every
therapist is drawn from their own number: the same people in every run, and no list of them is kept.

The hot tables are copied in PostgreSQL's binary form, side by side in one pass; their constraints
and indexes are built once the rows are there.
"""

import argparse
import contextlib
import os
import random
import struct
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

import psycopg
from psycopg.conninfo import make_conninfo
from tqdm import tqdm

from unknot.project.commands import start

start.prepare_django(dict(os.environ))

from django.core.management import call_command  # noqa: E402  # Django has to be set up first
from django.db import connection  # noqa: E402

from unknot.domain.calendar import cells, hours  # noqa: E402
from unknot.people.models import Practice  # noqa: E402

FIRST: Final = date(2026, 3, 2)
NOW: Final = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CLEANUP: Final = 15
MINUTES: Final = (30, 60, 90)
ZONES: Final = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Phoenix",
)
#: Three towns that searches name, then others; latitude, longitude, zone, weight.
TOWNS: Final[tuple[tuple[float, float, int, float], ...]] = (
    (40.75, -73.98, 0, 20.0),
    (39.96, -83.00, 0, 2.1),
    (43.62, -116.20, 2, 0.8),
    *(
        (
            30 + number * 7 % 17,
            -(75 + number * 11 % 47),
            min((number * 11 % 47) // 12, 4),
            13 / rank,
        )
        for rank, number in enumerate(range(49), 2)
    ),
)
TEAMS: Final = ((1, 2, 3, 5, 8, 12), (55, 18, 10, 10, 5, 2))
SERVICES: Final = (*(("trigger_point", minutes) for minutes in MINUTES), ("hot_stone", 90))
EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
CELL: Final = 300_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class House:
    """A practice: its place and the numbers of its therapists."""

    pk: int
    zone: int
    latitude: float
    longitude: float
    team: range


@dataclass(frozen=True, slots=True)
class Life:
    """When one therapist works and is booked, in minutes of the local day."""

    week: Mapping[int, tuple[int, int]]  # by weekday
    closed: frozenset[int]  # days from the first one on
    booked: Mapping[int, list[tuple[int, int]]]  # by day: from when, how long


@lru_cache(maxsize=8)
def life(pk: int, days: int) -> Life:
    """The same life for the same number."""
    chance = random.Random(pk * 7 + 42)
    week: dict[int, tuple[int, int]] = {}
    for weekday in chance.sample(range(7), 5):
        opens = chance.randrange(480, 661, 30)
        late = chance.random() < 0.3
        week[weekday] = (opens, chance.randrange(1140, 1291, 30) if late else opens + 480)
    closed = frozenset(day for day in range(days) if chance.random() < 0.03)
    booked: dict[int, list[tuple[int, int]]] = {}
    for day in range(days):
        window = week.get((FIRST.weekday() + day) % 7)
        if window is None or day in closed:
            continue
        at, found = window[0], []
        while at + 45 <= window[1]:
            minutes = chance.choices(MINUTES, (15, 60, 25))[0]
            if chance.random() < 0.42 and at + minutes + CLEANUP <= window[1]:
                found.append((at, minutes))
                at += minutes + CLEANUP
            else:
                at += chance.choice((15, 30, 45, 60))
        booked[day] = found
    return Life(week=week, closed=closed, booked=booked)


class Population:
    """Practices in the order of the grid cells they lie in, and everything that is drawn of them.

    A person's resource has the number of the therapist, their room that number plus `therapists`.
    """

    def __init__(self, therapists: int, *, days: int = 14, rooms: bool = True) -> None:
        self.therapists, self.days, self.rooms = therapists, days, rooms
        chance = random.Random(42)
        weights = [weight for *_place, weight in TOWNS]
        drawn: list[tuple[int, int, float, float, int, int]] = []
        left = therapists
        while left:
            size = min(chance.choices(*TEAMS)[0], left)
            latitude, longitude, zone, _weight = chance.choices(TOWNS, weights)[0]
            near = chance.random() < 0.65
            north = chance.gauss(latitude, 0.13 if near else 0.9)
            east = chance.gauss(longitude, 0.16 if near else 0.9)
            drawn.append((int(north * 10), int(east * 10), north, east, zone, size))
            left -= size
        drawn.sort()
        self.houses: list[House] = []
        first = 1
        for pk, (_row, _column, north, east, zone, size) in enumerate(drawn, 1):
            self.houses.append(House(pk, zone, north, east, range(first, first + size)))
            first += size

    def room_of(self, therapist: int) -> int:
        """The number of the room that this therapist works in."""
        return therapist + self.therapists

    def service_of(self, house: House, minutes: int) -> int:
        """The number of the trigger point service of a practice that takes so long."""
        return (house.pk - 1) * len(SERVICES) + MINUTES.index(minutes) + 1

    def everybody(self) -> Iterator[tuple[House, int]]:
        """Each therapist with their practice."""
        for house in self.houses:
            for pk in house.team:
                yield house, pk

    # Rows of the tables that stay small ---------------------------------------------------------

    def small_tables(self) -> dict[str, tuple[str, Iterable[tuple[Any, ...]]]]:
        """Columns and rows of every table but the hot ones."""
        return {
            "people_user": (
                "id password email name language is_active is_operator created_at",
                (
                    (pk, "!", f"t{pk}@example.org", f"T {pk}", "en", True, False, NOW)
                    for pk in range(1, self.therapists + 1)
                ),
            ),
            "people_location": (
                "id practice_id name address how_to_find latitude longitude",
                (
                    (one.pk, one.pk, "Main", "Street 1", "", one.latitude, one.longitude)
                    for one in self.houses
                ),
            ),
            "people_client": (
                "id key practice_id name phone origin created_at",
                (
                    (one.pk, f"{one.pk:032x}", one.pk, f"Client {one.pk}", "", "real", NOW)
                    for one in self.houses
                ),
            ),
            "choose_therapist": (
                "id user_id practice_id location_id slug name about languages gender areas"
                " listed_since review_count",
                (
                    (pk, pk, one.pk, one.pk, f"t-{pk}", f"T {pk}", "", ["en"], "", [], NOW, 0)
                    for one, pk in self.everybody()
                ),
            ),
            "choose_service": (
                "id practice_id technique minutes setup_minutes cleanup_minutes price_minor"
                " active for_two",
                self._services(),
            ),
            "choose_service_therapists": ("service_id therapist_id", self._offers()),
            "book_resource": (
                "id market kind user_id practice_id location_id name features active",
                self._resources(),
            ),
            "book_need": (
                "service_id kind feature quantity before_minutes after_minutes",
                self._needs(),
            ),
            "book_workinghours": (
                "therapist_id weekday starts_minute ends_minute",
                (
                    (pk, weekday, *window)
                    for pk in range(1, self.therapists + 1)
                    for weekday, window in life(pk, self.days).week.items()
                ),
            ),
            "book_hoursoverride": (
                "therapist_id day",
                (
                    (pk, FIRST + timedelta(days=day))
                    for pk in range(1, self.therapists + 1)
                    for day in sorted(life(pk, self.days).closed)
                ),
            ),
        }

    def _services(self) -> Iterator[tuple[Any, ...]]:
        pk = 0
        for house in self.houses:
            for technique, minutes in SERVICES:
                pk += 1
                yield pk, house.pk, technique, minutes, 0, CLEANUP, minutes * 150, True, False

    def _offers(self) -> Iterator[tuple[int, int]]:
        for house, therapist in self.everybody():
            first = self.service_of(house, MINUTES[0])
            for service in range(first, first + len(SERVICES)):
                yield service, therapist

    def _needs(self) -> Iterator[tuple[Any, ...]]:
        if not self.rooms:
            return
        for number in range(len(self.houses) * len(SERVICES)):
            hot = SERVICES[number % len(SERVICES)][0] == "hot_stone"
            yield number + 1, "room", "stone_heater" if hot else "", 1, 0, CLEANUP

    def _resources(self) -> Iterator[tuple[Any, ...]]:
        for pk in range(1, self.therapists + 1):
            yield pk, 1, "person", pk, None, None, "", [], True
        if self.rooms:
            for house, pk in self.everybody():
                heated = ["stone_heater"] if pk * 7919 % 10 < 3 else []
                room = self.room_of(pk)
                yield room, 1, "room", None, house.pk, house.pk, f"Room {pk}", heated, True


# The hot tables, in the binary form of COPY ------------------------------------------------------


HOT: Final[Mapping[str, str]] = {
    "book_appointment": 'id, key, therapist_id, service_id, client_id, start, "end", promised,'
    " price_minor, zone, tzdata, status, awaits, asked_from, currency, fee_minor, fee_waived, note,"
    " occurrence, sequence, booked_at, changed_at",
    "book_allocation": "id, market, resource_id, during, appointment_id",
    "book_availday": "market, resource_id, practice_id, day, day0, free, tzdata",
}


def micros(moment: datetime) -> int:
    """Microseconds since 2000, as PostgreSQL counts."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def _text(words: str) -> bytes:
    coded = words.encode()
    return struct.pack(f">i{len(coded)}s", len(coded), coded)


class Sheet:
    """One COPY in binary form, written in pieces of a megabyte."""

    def __init__(self, url: str, table: str, columns: str) -> None:
        self.stack = contextlib.ExitStack()
        link = self.stack.enter_context(psycopg.connect(url))
        link.execute("SET session_replication_role = replica")
        self.copy = self.stack.enter_context(
            link.cursor().copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)".encode())
        )
        self.buffer = bytearray(b"PGCOPY\n\xff\r\n\0" + bytes(8))

    def __enter__(self) -> Self:
        return self

    def flush(self, *, over: int = 1 << 20) -> None:
        """Send what has come together."""
        if len(self.buffer) > over:
            self.copy.write(bytes(self.buffer))
            self.buffer.clear()

    def __exit__(self, kind: Any, problem: Any, trace: Any) -> None:
        if kind is None:
            self.buffer += struct.pack(">h", -1)
            self.flush(over=0)
        self.stack.__exit__(kind, problem, trace)


@dataclass(frozen=True, slots=True)
class LocalDay:
    """What every row of one day in one zone shares."""

    zone: ZoneInfo
    day: date
    number: int  # days since 2000
    start: int  # microseconds since 2000
    cells: int

    @classmethod
    def of(cls, zone: ZoneInfo, day: date) -> "LocalDay":
        """The local `day` of `zone`."""
        return cls(
            zone,
            day,
            (day - EPOCH.date()).days,
            micros(cells.day_start(day, zone)),
            cells.day_cells(day, zone),
        )

    def cell(self, minute: int) -> int:
        """The cell at which a minute on the wall begins; none of ours lies before three."""
        return minute // 5 + self.cells - 288


_ROW = struct.Struct(">h ii ii iq ii iq ii39s")  # availability: up to the bits
_TAKEN = struct.Struct(">h iq ii ii iBiqiq iq")
_BOOKED = struct.Struct(">h iq i16s iq iq iq iq iq i16s ii")


def _span(first: int, last: int) -> int:
    return ((1 << (last - first)) - 1) << (cells.CELLS - last)


class Writer:
    """Writes the hot rows of one therapist after another."""

    def __init__(self, people: Population, sheets: Mapping[str, Sheet]) -> None:
        self.people, self.sheets = people, sheets
        self.appointment = self.allocation = 0
        self.keys = random.Random(1)
        zones = [ZoneInfo(name) for name in ZONES]
        self.local = [
            [LocalDay.of(zone, FIRST + timedelta(days=day)) for day in range(people.days)]
            for zone in zones
        ]
        self.tzdata = _text(hours.TZDATA)
        moment = struct.pack(">iqiq", 8, micros(NOW), 8, micros(NOW))
        self.tails = [
            _text(name) + self.tzdata + b"".join(_text(word) for word in ("confirmed", "", ""))
            + _text("USD") + struct.pack(">ii", 4, 0) + _text("") * 3
            + struct.pack(">ii", 4, 0) + moment
            for name in ZONES
        ]  # fmt: skip

    def write(self, house: House, pk: int) -> None:
        """Every row of one therapist and their room."""
        drawn = life(pk, self.people.days)
        rows: list[bytes] = []
        for day, local in enumerate(self.local[house.zone]):
            free, whole = 0, _span(0, local.cells)
            window = None if day in drawn.closed else drawn.week.get(local.day.weekday())
            if window is not None:
                free = _span(local.cell(window[0]), local.cell(window[1]))
            for minute, minutes in drawn.booked.get(day, ()):
                first = local.cell(minute)
                mask = _span(first, first + (minutes + CLEANUP) // 5)
                free, whole = free & ~mask, whole & ~mask
                self._book(house, pk, local, minute, minutes)
            self._day(self.sheets["book_availday"].buffer, pk, house, local, free)
            if self.people.rooms:
                self._day_into(rows, self.people.room_of(pk), house, local, whole)
        self.sheets["book_availday"].buffer += b"".join(rows)
        for sheet in self.sheets.values():
            sheet.flush()

    def _day(self, into: bytearray, pk: int, house: House, local: LocalDay, free: int) -> None:
        into += _ROW.pack(
            7, 4, 1, 4, pk, 8, house.pk, 4, local.number, 8, local.start,
            43, cells.CELLS, free.to_bytes(39, "big"),
        ) + self.tzdata  # fmt: skip

    def _day_into(
        self, rows: list[bytes], pk: int, house: House, local: LocalDay, free: int
    ) -> None:
        one = bytearray()
        self._day(one, pk, house, local, free)
        rows.append(bytes(one))

    def _book(self, house: House, pk: int, local: LocalDay, minute: int, minutes: int) -> None:
        self.appointment += 1
        begins = local.start + local.cell(minute) * CELL
        ends = begins + minutes * 60_000_000
        blocked = ends + CLEANUP * 60_000_000
        promised = f"{local.day}T{minute // 60:02}:{minute % 60:02}".encode()
        self.sheets["book_appointment"].buffer += (
            _BOOKED.pack(
                22, 8, self.appointment, 16, self.keys.randbytes(16), 8, pk,
                8, self.people.service_of(house, minutes), 8, house.pk, 8, begins, 8, ends,
                16, promised, 4, minutes * 150,
            )
            + self.tails[house.zone]
        )  # fmt: skip
        resources = (pk, self.people.room_of(pk)) if self.people.rooms else (pk,)
        for resource in resources:
            self.allocation += 1
            self.sheets["book_allocation"].buffer += _TAKEN.pack(
                5, 8, self.allocation, 4, 1, 4, resource, 25, 2, 8, begins, 8, blocked,
                8, self.appointment,
            )  # fmt: skip


def fill(people: Population) -> None:
    """Fill a migrated, empty database; what the tables promise is checked when the rows are there.

    Foreign keys are not looked up row by row: the rows are made to fit.
    """
    quiet = people.therapists < 500
    Practice.objects.bulk_create(
        (
            Practice(
                pk=one.pk, name=f"Practice {one.pk}", slug=f"practice-{one.pk}",
                zone=ZONES[one.zone], currency="USD", country="US", emergency_number="911",
                horizon_days=max(people.days, 60), created_at=NOW, safety_approved_version=1,
                safety_approved_by="Made up", safety_approved_on=NOW.date(),
            )
            for one in people.houses
        ),
        batch_size=2000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, (columns, rows) in tqdm(
            people.small_tables().items(), desc="people and hours", disable=quiet
        ):
            named = ", ".join(columns.split())
            with cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        cursor.execute("SET session_replication_role = origin")
    later = put_off(tuple(HOT))
    url = connection_url()
    with contextlib.ExitStack() as stack:
        sheets = {
            table: stack.enter_context(Sheet(url, table, columns)) for table, columns in HOT.items()
        }
        writer = Writer(people, sheets)
        for house, pk in tqdm(
            people.everybody(), total=people.therapists, desc="calendars", disable=quiet,
            mininterval=2,
        ):  # fmt: skip
            writer.write(house, pk)
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for statement in tqdm(later, desc="constraints and indexes", disable=quiet):
            cursor.execute(statement)
        _count_on(cursor)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def put_off(tables: Sequence[str]) -> list[str]:
    """Take the constraints and indexes of these tables away; return what brings them back.

    Primary keys stay: others refer to them, and rows come in their order.
    """
    back: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype IN ('x', 'u') AND conrelid = ANY(%s::regclass[]) ORDER BY 1, 2",
            [list(tables)],
        )
        for table, name, definition in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            back.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE NOT indisprimary AND indrelid = ANY(%s::regclass[]) ORDER BY 1",
            [list(tables)],
        )
        for name, definition in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
            back.append(definition)
    return back


def connection_url() -> str:
    """How to reach the database that Django uses, for connections beside its own."""
    connection.ensure_connection()
    known = connection.connection.info
    return make_conninfo(
        host=known.host, port=known.port, user=known.user, dbname=known.dbname,
        password=known.password or None,
    )  # fmt: skip


def _count_on(cursor: Any) -> None:
    """Let the numbers go on after those that were copied."""
    for table in (
        "people_user", "people_practice", "people_location", "people_client", "choose_therapist",
        "choose_service", "book_resource", "book_appointment", "book_allocation",
    ):  # fmt: skip
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
            f" greatest((SELECT max(id) FROM {table}), 1))"
        )


def main() -> None:
    """Fill, and print what is there."""
    parser = argparse.ArgumentParser(prog="./unknot bench population", description=__doc__)
    parser.add_argument("--therapists", type=int, default=1000, metavar="N")
    parser.add_argument("--days", type=int, default=14, metavar="N")
    parser.add_argument("--without-rooms", action="store_true")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    begun = time.perf_counter()
    fill(Population(options.therapists, days=options.days, rooms=not options.without_rooms))
    print(f"{options.therapists:,} therapists, {options.days} days: ", end="")
    print(f"made in {time.perf_counter() - begun:.0f} s")
    print(sizes())


def sizes() -> str:
    """Rows and megabytes of the hot tables, a line each."""
    lines = []
    with connection.cursor() as cursor:
        for table in HOT:
            cursor.execute(
                f"SELECT count(*), pg_table_size('{table}') / 1e6, pg_indexes_size('{table}') / 1e6"
                f" FROM {table}"
            )
            rows, heap, indexes = cursor.fetchone()
            lines.append(f"{table:17} {rows:11,} rows {heap:7,.0f} MB + {indexes:6,.0f} MB indexes")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
