"""What rosters say about a credential: two of three, and what a check may rest on."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection

from tests.cast import NOW, TODAY, Cast
from tests.journey.choose.listing import a_credential
from unknot.domain.credentials.matching import name_key, number_key
from unknot.domain.credentials.roster import RosterRow
from unknot.interfaces.rosters.sources import SOURCES
from unknot.journey.choose.actions import rosters
from unknot.journey.choose.actions.rosters import Counts
from unknot.journey.choose.models import Credential, RosterEntry, RosterRun, RosterStaged
from unknot.journey.choose.reads.rosters import (
    MOST_MISSING,
    MOST_ROWS,
    NAMES,
    compare,
    evidence_for,
    name_of,
)


def a_row(number: str = "MT-1", holder: str = "Ana O'Brien", **fields: Any) -> RosterRow:
    values: dict[str, Any] = {
        "key": f"US-CO:licence:{number}",
        "number": number,
        "holder": holder,
        "jurisdiction": "US-CO",
        "kind": "licence",
        "title": "Massage Therapist",
        "status": "active",
        "discipline": "none",
        "issued_on": date(2020, 1, 1),
        "expires_on": date(2030, 1, 1),
        "raw": {},
    }
    return RosterRow(**values | fields)


def publish(source: str, rows: Sequence[RosterRow], *, now: datetime = NOW) -> rosters.Published:
    """Import these rows as the command does, in one chunk."""
    with rosters.alone(source):
        run, counts = rosters.begin(source, name="file.csv", fingerprint="f", now=now)
        numbered = [(line, row) for line, row in enumerate(rows, start=2)]
        rosters.stage(run, numbered, counts, position=1, line=len(rows) + 2, now=now)
        return rosters.publish(run, counts, read_on=now.date(), now=now)


@pytest.fixture
def licence(cast: Cast) -> Credential:
    """Tess's own word about a licence of Colorado."""
    return a_credential(
        cast.tess,
        holder="Ana O’Brien",
        number="mt 1",
        jurisdiction="US-CO",
        method="self",
        status="unknown",
        matched=[],
    )


def test_the_best_match_comes_first_and_says_what_agrees(licence: Credential) -> None:
    publish("nppes", [a_row(expires_on=None, status="unknown")])
    publish(
        "colorado",
        [
            a_row("MT-1", "Ana OBrien-Smith", key="a"),
            a_row("MT-2", "ANA O'BRIEN", key="b"),
            a_row("MT-1", "ANA O'BRIEN", key="c", status="suspended", discipline="present"),
            a_row("MT-3", "Somebody Else", key="d"),
        ],
    )
    found = evidence_for(licence)
    assert [(row.source, row.source_key, set(row.matched), row.confirms) for row in found] == [
        ("colorado", "c", {"number", "name", "state"}, True),
        ("nppes", "US-CO:licence:MT-1", {"number", "name", "state"}, False),
        ("colorado", "a", {"number", "state"}, False),
        ("colorado", "b", {"name", "state"}, False),
    ]
    best = found[0]
    assert (best.status, best.discipline, best.primary) == ("suspended", "present", True)
    assert (best.issued_on, best.expires_on) == (date(2020, 1, 1), date(2030, 1, 1))
    assert best.read_on == TODAY
    assert [row.primary for row in found] == [True, False, True, True]


def test_number_and_name_match_in_another_state(licence: Credential) -> None:
    publish("washington", [a_row(jurisdiction="US-WA")])
    (row,) = evidence_for(licence)
    assert row.matched == {"number", "name"}
    assert row.confirms


@pytest.mark.parametrize(
    ("number", "holder", "place", "expected"),
    [
        ("", "Ana O'Brien", "US-CO", 1),
        ("MT-1", "", "US-CO", 1),
        ("MT-1", "Ana O'Brien", "", 1),
        ("MT-1", "", "", 0),
        ("", "Ana O'Brien", "", 0),
        ("", "", "US-CO", 0),
        ("", "", "", 0),
    ],
)
def test_one_of_three_is_no_match(
    licence: Credential, number: str, holder: str, place: str, expected: int
) -> None:
    publish("colorado", [a_row()])
    licence.number, licence.holder, licence.jurisdiction = number, holder, place
    assert len(evidence_for(licence)) == expected


def test_a_frequent_name_does_not_hide_the_number(licence: Credential) -> None:
    others = [a_row(f"X-{n}", "Ana O'Brien") for n in range(3 * MOST_ROWS)]
    publish("generic", [*others, a_row()], now=NOW - timedelta(days=1))
    publish("nppes", others)
    found = evidence_for(licence)
    assert len(found) == MOST_ROWS
    assert found[0].matched == {"number", "name", "state"}


@pytest.mark.parametrize("kind", ["training", "insurance"])
def test_a_training_is_not_confirmed_by_a_licence(licence: Credential, kind: str) -> None:
    publish("colorado", [a_row()])
    licence.kind = kind
    assert evidence_for(licence) == ()
    publish("generic", [a_row(kind=kind)])
    assert [row.source for row in evidence_for(licence)] == ["generic"]


def test_reading_evidence_asks_once(licence: Credential, django_assert_num_queries: Any) -> None:
    publish("colorado", [a_row(), a_row("MT-2")])
    with django_assert_num_queries(1):
        assert len(evidence_for(licence)) == 2


def test_a_comparison_names_only_the_first_of_the_missing(cast: Cast) -> None:
    Credential.objects.all().delete()
    for n in range(MOST_MISSING + 7):
        a_credential(cast.tess, holder=f"N {n:03}", number=f"A-{n}", jurisdiction="us-co")
    publish("colorado", [a_row("A-3", "N 003"), a_row("A-4", "Another"), a_row("B", "N 005")])
    found = compare("colorado")
    assert (found.looked_at, found.by_number_and_name, found.by_two) == (MOST_MISSING + 7, 1, 2)
    assert found.missing == MOST_MISSING + 4
    assert len(found.named) == MOST_MISSING
    assert [one.holder for one in found.named[:4]] == ["N 000", "N 001", "N 002", "N 006"]
    assert compare("washington").looked_at == 0


def test_an_import_writes_no_credential(licence: Credential) -> None:
    before = list(Credential.objects.order_by("pk").values())
    publish("colorado", [a_row()])
    assert list(Credential.objects.order_by("pk").values()) == before
    assert RosterEntry.objects.count() == 1


def test_publishing_counts_new_changed_and_same(db: None) -> None:
    first = publish("generic", [a_row("1"), a_row("2"), a_row("3")])
    assert (first.new, first.changed, first.same) == (3, 0, 0)
    later = NOW + timedelta(days=30)
    newer = [a_row("1"), a_row("2", expires_on=None), a_row("3", raw={"a": "b"}), a_row("4")]
    second = publish("generic", newer, now=later)
    assert (second.new, second.changed, second.same) == (1, 2, 1)
    assert set(RosterEntry.objects.values_list("read_on", flat=True)) == {date(2026, 4, 26)}
    assert not RosterStaged.objects.exists()


def test_an_older_file_leaves_what_a_newer_one_said(db: None) -> None:
    publish("generic", [a_row("1", status="suspended"), a_row("2")])
    older = publish("generic", [a_row("1"), a_row("3")], now=NOW - timedelta(days=30))
    assert (older.new, older.changed, older.same) == (1, 0, 1)
    rows = RosterEntry.objects.order_by("number").values_list("number", "status", "read_on")
    assert list(rows) == [
        ("1", "suspended", TODAY),
        ("2", "active", TODAY),
        ("3", "active", date(2026, 2, 25)),
    ]


def test_the_keys_in_the_table_are_those_of_the_rules(db: None) -> None:
    publish("generic", [a_row("Ñ-1\\t", "山田 O'Núñez\\")])
    row = RosterEntry.objects.get()
    assert (row.number, row.holder) == ("Ñ-1\\t", "山田 O'Núñez\\")
    assert (row.number_key, row.name_key) == (number_key(row.number), name_key(row.holder))


def test_a_chunk_that_fails_leaves_the_run_where_it_was(db: None) -> None:
    run, counts = rosters.begin("generic", name="f", fingerprint="f", now=NOW)
    rosters.stage(run, [(2, a_row("1"))], counts, position=10, line=3, now=NOW)
    with pytest.raises(Exception, match="too long"):
        rosters.stage(run, [(3, a_row("9" * 61))], Counts(), position=20, line=4, now=NOW)
    kept = RosterRun.objects.get()
    assert (kept.position, kept.line, kept.counts["staged"]) == (10, 3, 1)
    assert RosterStaged.objects.count() == 1


def test_what_a_crash_of_the_server_forgot_is_staged_anew(db: None) -> None:
    run, counts = rosters.begin("generic", name="f", fingerprint="f", now=NOW)
    rosters.stage(run, [(2, a_row("1")), (3, a_row("2"))], counts, position=9, line=4, now=NOW)
    same, kept = rosters.begin("generic", name="f", fingerprint="f", now=NOW)
    assert (same, same.position, kept.staged) == (run, 9, 2)
    RosterStaged.objects.filter(line=3).delete()
    anew, none = rosters.begin("generic", name="f", fingerprint="f", now=NOW)
    assert (anew.position, anew.line, none.staged) == (0, 0, 0)
    assert not RosterStaged.objects.exists()
    run.refresh_from_db()
    assert run.state == "refused"


def test_staged_rows_are_not_written_twice(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relpersistence FROM pg_class"
            " WHERE relname IN ('choose_rosterstaged', 'choose_rosterrun', 'choose_rosterentry')"
        )
        kept = dict(cursor.fetchall())
    assert kept == {
        "choose_rosterentry": "p",
        "choose_rosterrun": "p",
        "choose_rosterstaged": "u",
    }


def test_the_table_refuses_a_second_unfinished_run_of_a_roster(db: None) -> None:
    run, _counts = rosters.begin("generic", name="f", fingerprint="f", now=NOW)
    with pytest.raises(IntegrityError, match="rosterrun_one_loading_per_source"):
        RosterRun.objects.create(
            source="generic", name="g", fingerprint="g", started_at=NOW, changed_at=NOW
        )
    assert run.state == "loading"


def test_the_lock_is_given_back(db: None) -> None:
    with rosters.alone("generic"):
        assert locks() == 1
    assert locks() == 0
    with pytest.raises(ZeroDivisionError), rosters.alone("generic"):
        raise ZeroDivisionError
    assert locks() == 0


def locks() -> int:
    """How many locks of imports are held."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        return int(cursor.fetchone()[0])


def test_every_source_that_can_be_read_has_a_name_for_people() -> None:
    assert set(NAMES) == set(SOURCES)
    assert name_of("colorado") == "Colorado Division of Professions and Occupations"
    assert name_of("another") == "a list somebody loaded"
