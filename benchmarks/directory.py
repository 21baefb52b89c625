"""How fast the directory of therapists is found, beside a look-up by primary key in the same run.

`./unknot bench directory [--therapists 30000] [--rounds 400]` fills a database of its own with
made-up therapists in 30 towns, one of them dense, and then searches around random postcodes with
all four of technique, 20 km, language and verified credential. Each round also looks one row up by
its primary key, so that a busy moment falls on both: read the ratio.

The times are those at the cursor, from sending a query to having its rows, in this process; a
database on another machine adds its network. `read` is the search
with the cards of a page, `page` the whole answer with the form.
"""

import argparse
import itertools
import math
import os
import random
import statistics
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from unknot.project.commands import start

start.prepare_django(dict(os.environ))

from django.db import connection  # noqa: E402  # Django has to be set up first
from django.test import Client as Browser  # noqa: E402
from django.test.utils import override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402

from unknot.domain.guidance import catalogue  # noqa: E402
from unknot.journey.choose.models import Postcode, Therapist  # noqa: E402
from unknot.journey.choose.reads import directory, therapists  # noqa: E402
from unknot.journey.choose.reads.directory import Wanted  # noqa: E402
from unknot.journey.choose.reads.offers import AREAS  # noqa: E402
from unknot.journey.choose.reads.person import Person  # noqa: E402
from unknot.journey.choose.reads.places import Place  # noqa: E402

TARGET_MS = 50.0
RADIUS = 20
NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
TODAY = NOW.date()
#: The share of the largest town; the other towns are as frequent as their rank says.
DENSE = 0.2
TOWNS = 30
POSTCODES = 12  # of each town
#: How many of a hundred therapists speak a language.
SPOKEN = {"de": 86, "en": 62, "fr": 14, "es": 12, "it": 9, "pl": 9, "tr": 8, "uk": 6, "ar": 5}
#: What is searched for, as often as it is spoken.
ASKED = random.Random(7)


@dataclass(frozen=True)
class Town:
    latitude: float
    longitude: float
    spread: float  # degrees of one standard deviation
    weight: float


class Population:
    """Made-up people, drawn with one seed so that every run searches among the same."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.chance = random.Random(2026)  # made-up places
        self.towns = [
            Town(
                latitude=52.52 if rank == 0 else self.chance.uniform(47.6, 54.6),
                longitude=13.4 if rank == 0 else self.chance.uniform(6.6, 14.6),
                spread=0.07 if rank == 0 else 0.035,
                weight=DENSE if rank == 0 else (1 - DENSE) / rank / 3.96,
            )
            for rank in range(TOWNS)
        ]
        self.techniques = [one.id for one in catalogue.load().techniques]
        self.practices: list[list[int]] = []  # the therapists of each
        left = iter(range(1, number + 1))
        while team := list(
            itertools.islice(left, self.chance.choices((1, 2, 5, 12), (12, 4, 3, 1))[0])
        ):
            self.practices.append(team)

    def town(self) -> Town:
        """A town, the larger the likelier."""
        return self.chance.choices(self.towns, [one.weight for one in self.towns])[0]

    def near(self, town: Town) -> tuple[float, float]:
        """A point around the middle of a town."""
        wide = town.spread / math.cos(math.radians(town.latitude))
        return self.chance.gauss(town.latitude, town.spread), self.chance.gauss(
            town.longitude, wide
        )

    # Rows of the tables -------------------------------------------------------------------------

    def users(self) -> Iterator[tuple[Any, ...]]:
        for pk in range(1, self.number + 1):
            yield pk, "!", None, f"t{pk}@example.org", f"T {pk}", "en", True, False, NOW

    def practice_rows(self) -> Iterator[tuple[Any, ...]]:
        for pk, team in enumerate(self.practices, 1):
            needs = ["registration"] if len(team) > 2 and pk % 2 else []
            yield pk, f"Practice {pk}", f"practice-{pk}", needs

    def locations(self) -> Iterator[tuple[Any, ...]]:
        for pk in range(1, len(self.practices) + 1):
            latitude, longitude = self.near(self.town())
            known = self.chance.random() < 0.97
            step_free = self.chance.choice((True, True, False, None))
            place = (latitude, longitude) if known else (None, None)
            yield pk, pk, f"Room {pk}", f"Street {pk}", "", *place, step_free

    def therapists(self) -> Iterator[tuple[Any, ...]]:
        for practice, team in enumerate(self.practices, 1):
            for pk in team:
                count = int(self.chance.expovariate(1 / 15)) if self.chance.random() < 0.7 else 0
                yield (
                    pk, pk, practice, practice, f"t-{pk}", f"Therapist {pk}", "",
                    [code for code, share in SPOKEN.items() if self.chance.random() * 100 < share],
                    self.chance.choices(("woman", "man", "another", ""), (60, 32, 2, 6))[0],
                    self.chance.sample(list(AREAS), k=self.chance.randint(0, 3)),
                    self.chance.randint(1985, 2025),
                    NOW if self.chance.random() < 0.96 else None,
                    count, self.chance.uniform(2.5, 4.8) if count else None,
                )  # fmt: skip

    def services(self) -> Iterator[tuple[Any, ...]]:
        for pk, (practice, technique) in enumerate(self._offered(), 1):
            yield pk, practice, technique, 60, 0, 10, self.chance.randrange(4500, 9900, 100), True

    def offers(self) -> Iterator[tuple[int, int]]:
        for service, (practice, _technique) in enumerate(self._offered(), 1):
            team = self.practices[practice - 1]
            for pk in team:
                if len(team) == 1 or self.chance.random() < 0.6:
                    yield service, pk

    def _offered(self) -> Iterator[tuple[int, str]]:
        for practice in range(1, len(self.practices) + 1):
            own = random.Random(practice)  # the same for both tables
            weights = [10, 8, 6, 3, 3, 2, 2, 2, 1, 1][: len(self.techniques)]
            drawn = own.choices(self.techniques, weights, k=own.randint(2, 6))
            for technique in dict.fromkeys(drawn):
                yield practice, technique

    def credentials(self) -> Iterator[tuple[Any, ...]]:
        for pk in range(1, self.number + 1):
            yield self._credential(pk, self.chance.choice(("licence", "registration")))
            for kind in ("training", "insurance", "membership"):
                if self.chance.random() < 0.55:
                    yield self._credential(pk, kind)

    def _credential(self, pk: int, kind: str) -> tuple[Any, ...]:
        looked_up = kind in {"licence", "registration"} and self.chance.random() < 0.72
        method = self.chance.choice(("register", "register", "roster")) if looked_up else "self"
        statuses = ("active", "expired", "unknown", "suspended", "no_register")
        status = self.chance.choices(statuses, (88, 5, 4, 1, 2))[0] if looked_up else "unknown"
        issued = TODAY - timedelta(days=self.chance.randint(100, 6000))
        ends = TODAY + timedelta(days=self.chance.randint(-60, 900))
        return (
            uuid.UUID(int=self.chance.getrandbits(128)), pk, f"T {pk}", kind, "Credential",
            f"N-{pk}", "DE-BE", "", issued, ends if self.chance.random() < 0.6 else None,
            "", None, "", status, "unknown", None, "",
            "colorado" if method == "roster" else "register", "", method,
            ["number", "name"] if looked_up else [],
            TODAY - timedelta(days=self.chance.randint(0, 130)) if looked_up else None,
            1 if looked_up else None,
        )  # fmt: skip

    def counts(self) -> Iterator[tuple[Any, ...]]:
        for pk in range(1, self.number + 1):
            for technique in self.chance.sample(self.techniques, k=3):
                yield pk, technique, int(self.chance.expovariate(1 / 30)) + 1

    def experience(self) -> Iterator[tuple[Any, ...]]:
        for pk in range(1, self.number + 1):
            for _session in range(self.chance.randint(0, 12)):
                key = uuid.UUID(int=self.chance.getrandbits(128))
                yield pk, self.chance.choice(self.techniques), key, TODAY

    def postcodes(self) -> Iterator[tuple[Any, ...]]:
        for number, town in enumerate(self.towns):
            for part in range(POSTCODES):
                yield "DE", f"{10000 + number * 100 + part}", f"Town {number}", *self.near(town)


COLUMNS = {
    "people_user": "id password last_login email name language is_active is_operator created_at",
    "people_location": "id practice_id name address how_to_find latitude longitude step_free",
    "choose_therapist": "id user_id practice_id location_id slug name about languages gender areas"
    " practising_since listed_since review_count review_bound",
    "choose_service": "id practice_id technique minutes setup_minutes cleanup_minutes price_minor"
    " active",
    "choose_service_therapists": "service_id therapist_id",
    "choose_credential": "key therapist_id holder kind title number jurisdiction issuer issued_on"
    " expires_on technique hours scope_notes status discipline discipline_on discipline_url source"
    " source_url method matched checked_on checked_by_id",
    "choose_techniquecount": "therapist_id technique sessions",
    "choose_experience": "therapist_id technique appointment_key signed_on",
    "choose_postcode": "country code place latitude longitude",
}


def fill(people: Population) -> None:
    """Copy the population into the tables, and let the database count what it has."""
    from unknot.people.models import Practice

    rows: dict[str, Iterable[tuple[Any, ...]]] = {
        "people_user": people.users(),
        "people_location": people.locations(),
        "choose_therapist": people.therapists(),
        "choose_service": people.services(),
        "choose_service_therapists": people.offers(),
        "choose_credential": people.credentials(),
        "choose_techniquecount": people.counts(),
        "choose_experience": people.experience(),
        "choose_postcode": people.postcodes(),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # the counts are copied as well
    Practice.objects.bulk_create(
        (
            Practice(
                pk=pk, name=name, slug=slug, zone="Europe/Berlin", currency="EUR", country="DE",
                emergency_number="112", required_credentials=needs, created_at=NOW,
            )
            for pk, name, slug, needs in people.practice_rows()
        ),
        batch_size=2000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        for table, found in rows.items():
            columns = ", ".join(COLUMNS[table].split())
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in found:
                    copy.write_row(row)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")


@dataclass
class Times:
    """What was measured of one thing, in milliseconds."""

    name: str
    each: list[float]

    def at(self, share: float) -> float:
        """The time that so large a share of the rounds stayed under."""
        return sorted(self.each)[min(len(self.each) - 1, int(share * len(self.each)))]


def timed(call: Callable[[], object]) -> tuple[float, Any]:
    """How long one call took, in milliseconds, and what it gave."""
    begun = time.perf_counter()
    given = call()
    return (time.perf_counter() - begun) * 1000, given


def fetched(text: str, values: Any) -> list[Any]:
    """Every row of one query."""
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())


def searches(rounds: int) -> Iterator[Wanted]:
    """Random searches with all four filters, around postcodes of towns as large as they are."""
    codes = list(Postcode.objects.order_by("code"))
    techniques = [one.id for one in catalogue.load().techniques]
    weights = [5 if one.code < "10100" else 1 for one in codes]  # a fifth or so in the dense town
    for _round in range(rounds):
        code = ASKED.choices(codes, weights)[0]
        place = Place(
            code=code.code, name=code.place, latitude=code.latitude, longitude=code.longitude
        )
        yield Wanted(
            technique=ASKED.choice(techniques[:5]),
            language=ASKED.choices(list(SPOKEN), list(SPOKEN.values()))[0],
            licence=True,
            place=place,
            radius=RADIUS,
            currency="EUR",
        )


def measure(rounds: int) -> tuple[list[Times], list[int]]:
    """Search, read and open the page, each beside a look-up by primary key."""
    names = ("primary key", "search", "read", "page")
    times = {name: Times(name, []) for name in names}
    totals: list[int] = []
    keys = list(Therapist.objects.values_list("pk", flat=True))
    by_key = "SELECT * FROM choose_therapist WHERE id = %s"
    browser = Browser()
    for number, wanted in enumerate(searches(rounds + 20)):
        text, values = directory.statement(wanted, practice=None, person=Person(), now=NOW)
        sent = {
            "technique": wanted.technique, "language": wanted.language, "licence": "on",
            "postcode": wanted.place.code if wanted.place else "", "radius": str(RADIUS),
        }  # fmt: skip
        pk = ASKED.choice(keys)
        calls: list[Callable[[], Any]] = [
            lambda pk=pk: fetched(by_key, [pk]),  # type: ignore[misc]
            lambda text=text, values=values: fetched(text, values),  # type: ignore[misc]
            lambda wanted=wanted: therapists.directory_page(  # type: ignore[misc]
                None, wanted=wanted, person=Person(), now=NOW
            ),
            lambda sent=sent: browser.get(reverse("choose:therapists"), sent),  # type: ignore[misc]
        ]
        taken = [timed(call) for call in calls]
        assert taken[3][1].status_code == 200
        if number < 20:  # the caches fill
            continue
        totals.append(taken[1][1][0][-1] if taken[1][1] else 0)
        for name, (spent, _given) in zip(names, taken, strict=True):
            times[name].each.append(spent)
    return list(times.values()), totals


def turns() -> float:
    """How long ten million empty turns take, in seconds: over 1 s the machine is slowed down."""
    begun = time.perf_counter()
    for _turn in range(10_000_000):
        pass
    return time.perf_counter() - begun


def main() -> None:
    """Fill, measure and print; exit code 1 when the search is slower than it should be."""
    parser = argparse.ArgumentParser(prog="./unknot bench directory", description=__doc__)
    parser.add_argument("--therapists", type=int, default=30_000, metavar="N")
    parser.add_argument("--rounds", type=int, default=400, metavar="N")
    parser.add_argument("--plan", action="store_true", help="print the plan of one search")
    options = parser.parse_args()
    begun = time.perf_counter()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    people = Population(options.therapists)
    fill(people)
    print(f"{options.therapists:,} therapists made in {time.perf_counter() - begun:.0f} s")
    if options.plan:
        dense = next(one for one in searches(999) if one.place and one.place.code < "10100")
        text, values = directory.statement(dense, practice=None, person=Person(), now=NOW)
        for (line,) in fetched("EXPLAIN (ANALYZE, BUFFERS) " + text, values):
            print(line)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        report(*measure(options.rounds))


def report(times: list[Times], totals: list[int]) -> None:
    """Print each time beside that of the primary key."""
    found = f"{statistics.median(totals):,.0f} found at the median, {max(totals):,} at most"
    print(f"{len(totals)} searches by technique, {RADIUS} km, language and credential: {found}")
    print(f"{'':12} {'p50':>9} {'p95':>9} {'max':>9} {'p95, in primary keys':>21}")
    yardstick = times[0]
    for one in times:
        ratio = one.at(0.95) / yardstick.at(0.95)
        row = " ".join(f"{value:6.2f} ms" for value in (one.at(0.5), one.at(0.95), max(one.each)))
        print(f"{one.name:12} {row} {ratio:21.1f}")
    slow = times[1].at(0.95)
    verdict = "under" if slow < TARGET_MS else "OVER"
    print(f"p95 of the search: {slow:.1f} ms, {verdict} {TARGET_MS:.0f} ms")
    print(f"ten million empty turns of Python: {turns():.2f} s")
    raise SystemExit(0 if slow < TARGET_MS else 1)


if __name__ == "__main__":
    main()
