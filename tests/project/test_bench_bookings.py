"""A small run of the bookings benchmark: it prints ratios, and nothing overlaps afterwards."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from benchmarks import bookings, month, population
from benchmarks.population import FIRST, Population
from unknot import cluster
from unknot.journey.book.models import Allocation, AvailDay

pytestmark = pytest.mark.race


def _has_pgbench() -> bool:
    try:
        return os.access(cluster.find_binaries().folder / "pgbench", os.X_OK)
    except cluster.ClusterError:
        return False


TEMPORARY = """
DROP TABLE IF EXISTS bench_pool, bench_hot, bench_found CASCADE;
DROP SEQUENCE IF EXISTS bench_next, bench_bare_next;
DROP FUNCTION IF EXISTS bench_bare, bench_plain;
"""


@pytest.fixture
def people(transactional_db: None) -> Iterator[Population]:
    """A few practices, the free times of all of them, and what is compared with."""
    made = Population(400, days=month.DAYS)
    bookings.prepare(made, most=20_000)
    bookings.make_variants()
    bookings.make_hot(made)
    yield made
    with connection.cursor() as cursor:
        cursor.execute(TEMPORARY)


@pytest.mark.skipif(not _has_pgbench(), reason="no pgbench beside the server")
def test_a_small_run_prints_ratios_and_sells_nothing_twice(
    people: Population, capsys: pytest.CaptureFixture[str]
) -> None:
    checkins = bookings.make_checkins(2)
    assert len(checkins) == 2
    assert bookings.differences(people)[1] == 0
    measure = bookings.Measure(people, scale=1, seconds=1)
    try:
        found = bookings.run(measure, [2, 4], 1, checkins)
    finally:
        measure.close()
    bookings.report(found, [2, 4])
    flat = bookings.Sizes([], people).measure(people, 1, each=5)
    bookings.report_sizes(flat)
    assert bookings.report_checks(people) == 0
    said = capsys.readouterr().out
    assert said.count("| T1 |") == 2
    for test in ("T2", "T3", "T4", "T11"):
        assert f"| {test} |" in said
    assert f"| {people.therapists:,} |" in said
    assert found["hot", 4][0].deadlocks == 0
    assert bookings.ratios(found, "book_slot", 2, "booked")[0] > 0.01
    assert found["Django", 2][0].booked > 0
    assert found["whole path", 2][0].booked > 0
    _what_must_be_nothing_is_found_when_it_is_there(people)
    assert month.report(month.measure(people, 20)) in (0, 1)
    assert "ms in the database" in capsys.readouterr().out


def _what_must_be_nothing_is_found_when_it_is_there(people: Population) -> None:
    """The control: a cell turned round and two rows over each other do not stay hidden."""
    looked_at = AvailDay.objects.filter(resource=bookings.hot_one(people)).order_by("day")
    one = looked_at[0]
    assert AvailDay.objects.filter(pk=one.pk).update(free=one.free ^ 1 << 200) == 1
    assert bookings.differences(people)[1] == 1
    AvailDay.objects.filter(pk=one.pk).update(free=one.free)
    first = Allocation.objects.filter(resource_id__in=[5]).order_by("during").first()
    assert first is not None
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE book_allocation DROP CONSTRAINT no_double_booking")
        cursor.execute(
            "INSERT INTO book_allocation (market, resource_id, during, appointment_id)"
            " SELECT market, resource_id, during, appointment_id FROM book_allocation WHERE id = %s"
            " RETURNING id",
            [first.pk],
        )
        (again,) = cursor.fetchone()
        assert bookings.overlaps() == 1
        cursor.execute("DELETE FROM book_allocation WHERE id = %s", [again])
        cursor.execute(
            "ALTER TABLE book_allocation ADD CONSTRAINT no_double_booking EXCLUDE USING gist"
            " (market WITH =, resource_id WITH =, during WITH &&)"
        )
    assert bookings.overlaps() == 0


def test_the_run_ends_with_a_sentence_without_pgbench(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    programs = cluster.Binaries(folder=tmp_path, major=15)
    monkeypatch.setattr(cluster, "find_binaries", lambda: programs)
    with pytest.raises(SystemExit, match=r"There is no pgbench in .*: install"):
        bookings.pgbench_program()


def test_the_same_number_is_the_same_therapist() -> None:
    population.life.cache_clear()
    before = population.life(12, 14)
    population.life.cache_clear()
    assert population.life(12, 14) == before
    assert population.life(13, 14) != before
    assert [one.team for one in Population(50).houses] == [
        one.team for one in Population(50).houses
    ]


def test_a_little_more_than_half_of_the_working_time_is_booked() -> None:
    worked = booked = 0
    for pk in range(1, 300):
        drawn = population.life(pk, 14)
        for day, found in drawn.booked.items():
            opens, closes = drawn.week[(FIRST.weekday() + day) % 7]
            worked += closes - opens
            booked += sum(minutes + population.CLEANUP for _at, minutes in found)
    assert 0.5 < booked / worked < 0.6
