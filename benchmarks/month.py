"""How long one therapist's 56 days take to read, beside `select 1` in the same moments.

`./unknot bench month [--therapists 1000] [--rounds 200]` fills a database of its own with 56 days
and reads the free cells of one therapist after another, as the calendar does. In the database is
the time that EXPLAIN ANALYZE says (median), and the processor time of the server's process as the
kernel counts it; at the cursor is the whole way there and back. The target is 1 ms in the database.
"""

import argparse
import random
import statistics
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import psycopg

from benchmarks import population
from benchmarks.population import FIRST, Population

# population has set Django up
from django.core.management import call_command  # isort: skip

DAYS: Final = 56
TARGET_MS: Final = 1.0
READ: Final = (
    b"SELECT day, day0, free::text FROM book_availday WHERE market = %s::int AND resource_id ="
    b" %s::int AND practice_id = %s::bigint AND day BETWEEN %s::date AND %s::date ORDER BY day"
)


def measure(people: Population, rounds: int) -> dict[str, tuple[float, float]]:
    """Median milliseconds at the cursor and of the server's processor, for each of the two."""
    chance = random.Random(5)
    house_of = {pk: house.pk for house, pk in people.everybody()}
    last = FIRST + timedelta(days=DAYS - 1)
    wall: dict[str, list[float]] = {"select 1": [], "56 days": []}
    spent: dict[str, list[float]] = {"select 1": [], "56 days": []}
    inside: list[float] = []
    with psycopg.connect(population.connection_url(), autocommit=True) as link:
        schedule = Path(f"/proc/{link.info.backend_pid}/schedstat")
        for number in range(rounds + 20):
            pk = chance.randint(1, people.therapists)
            values = [1, pk, house_of[pk], FIRST, last]
            for name, text, given in (("select 1", b"SELECT 1", []), ("56 days", READ, values)):
                took, cpu = _timed(link, schedule, text, given, 1 if not given else DAYS)
                if number >= 20:  # the plan is prepared and the caches are warm
                    wall[name].append(took)
                    spent[name].append(cpu)
            row = link.execute(b"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + READ, values)
            found = row.fetchone()
            assert found is not None
            inside.append(found[0][0]["Execution Time"])
    result = {
        name: (statistics.median(wall[name]), statistics.median(spent[name])) for name in wall
    }
    result["execution"] = (statistics.median(inside), statistics.quantiles(inside, n=20)[-1])
    return result


def _timed(
    link: psycopg.Connection[Any], schedule: Path, text: bytes, values: Sequence[Any], rows: int
) -> tuple[float, float]:
    before = int(schedule.read_text().split()[0])
    begun = time.perf_counter()
    found = link.execute(text, values).fetchall()
    took = (time.perf_counter() - begun) * 1000
    assert len(found) == rows
    return took, (int(schedule.read_text().split()[0]) - before) / 1e6


def main() -> None:
    """Fill, measure and print; exit code 1 when it takes longer than it should."""
    parser = argparse.ArgumentParser(prog="./unknot bench month", description=__doc__)
    parser.add_argument("--therapists", type=int, default=1000, metavar="N")
    parser.add_argument("--rounds", type=int, default=200, metavar="N")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    people = Population(options.therapists, days=DAYS)
    population.fill(people)
    print(population.sizes())
    raise SystemExit(report(measure(people, options.rounds)))


def report(found: dict[str, tuple[float, float]]) -> int:
    """Print what was measured; 1 when the target is missed."""
    for name in ("select 1", "56 days"):
        wall, cpu = found[name]
        print(f"{name:10} {wall:7.3f} ms at the cursor {cpu:7.3f} ms of the server's processor")
    middle, high = found["execution"]
    ratio = found["56 days"][1] / max(found["select 1"][1], 1e-6)
    print(f"execution  {middle:7.3f} ms in the database at the median, {high:.3f} ms at p95")
    print(f"56 days cost {ratio:.1f} times the processor time of select 1")
    verdict = "under" if middle <= TARGET_MS else "OVER"
    print(f"{verdict} {TARGET_MS:.0f} ms in the database")
    return int(middle > TARGET_MS)


if __name__ == "__main__":
    main()
