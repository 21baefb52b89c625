"""No hot statement reads the allocations or the days from end to end, through the real driver."""

import psycopg
import pytest
from django.db import connection, transaction

from benchmarks import plans, population
from benchmarks.population import FIRST, Population
from unknot.journey.book.models import Allocation

PEOPLE = 400
DAYS = 14
BY_TIME = (
    "SELECT id FROM book_allocation WHERE market = {} AND resource_id = {}"
    " AND during && tstzrange('2026-03-03', '2026-03-04')"
)


@pytest.fixture
def people(transactional_db: None) -> Population:
    """Enough therapists and rooms for the planner to have a choice, counted by ANALYZE."""
    made = Population(PEOPLE, days=DAYS)
    population.fill(made)
    return made


def test_hot_statements_find_their_rows_by_an_index(people: Population) -> None:
    by_constraint = 0
    for name, call in plans.hot_statements(people).items():
        with transaction.atomic():
            with plans.watched() as seen:
                call()
            transaction.set_rollback(True)
        assert set(seen.whole.values()) == {0}, f"{name}: {seen.whole}"
        nodes = {scan.node for scan in seen.scans}
        assert "Seq Scan" not in nodes, f"{name}: {seen.scans}"
        for scan in seen.scans:
            if scan.index == "no_double_booking":
                by_constraint += 1
                assert "resource_id" in scan.condition, f"{name}: {scan}"
                assert "during" in scan.condition, f"{name}: {scan}"
            if scan.index == "book_availday_pkey":
                assert "resource_id" in scan.condition, f"{name}: {scan}"
    assert by_constraint >= 4
    _a_number_of_another_kind_is_not_looked_up()
    _a_whole_scan_is_seen(people)


def _a_number_of_another_kind_is_not_looked_up() -> None:
    """The control: a bigint beside the int of the constraint's index, and the id is not in it."""
    with psycopg.connect(population.connection_url()) as link:
        conditions = {}
        for kind in ("int", "bigint"):
            text = "EXPLAIN (FORMAT JSON) " + BY_TIME.format(f"%s::{kind}", f"%s::{kind}")
            row = link.execute(text.encode(), [1, 7]).fetchone()
            assert row is not None
            conditions[kind] = "".join(scan.condition for scan in plans.scans_of(row[0][0]["Plan"]))
    assert "resource_id" in conditions["int"]
    assert "resource_id" not in conditions["bigint"]


def _a_whole_scan_is_seen(people: Population) -> None:
    """The control of the counter and of the explanation: what cannot use an index is caught."""
    assert people.days == DAYS
    with transaction.atomic(), plans.watched() as seen:
        list(Allocation.objects.filter(market__gte=1))
    assert seen.whole["book_allocation"] == 1
    assert {scan.node for scan in seen.scans} == {"Seq Scan"}
    with transaction.atomic(), plans.watched() as hidden, connection.cursor() as cursor:
        cursor.execute("DO 'BEGIN PERFORM count(*) FROM book_availday WHERE free = free; END'")
    assert hidden.whole["book_availday"] == 1
    assert FIRST.weekday() == 0
