"""What the change of the tables does to listings, credentials, rosters and reviews there are."""

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.cast import NOW, TODAY, the_cast
from unknot.domain.reviews import rating

BEFORE, AFTER = ("choose", "0001_tables"), ("choose", "0004_one_home_each")


def at_state(target: tuple[str, str]) -> Any:
    """Bring the tables to a state and give the models of that state."""
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return MigrationExecutor(connection).loader.project_state([target]).apps


@pytest.fixture
def newest(transactional_db: None) -> Iterator[None]:
    """Leave all tables as every other test expects them, those of later apps too."""
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.race
def test_rosters_checks_reviews_and_counts_are_carried_over(newest: None) -> None:
    cast = the_cast()
    old = at_state(BEFORE)
    credentials, tess = old.get_model("choose", "Credential"), cast.tess.pk
    plain = {"kind": "licence", "title": "Licence", "number": "MT-0012"}
    credentials.objects.create(
        **plain, holder="Ann O'Hara", method="roster", source="nppes", source_key="a", raw={"x": 1}
    )
    for method, checker in (("register", cast.paz.pk), ("self", None), ("document", None)):
        credentials.objects.create(
            **plain,
            therapist_id=tess,
            holder=method,
            method=method,
            status="active",
            checked_on=TODAY if checker else None,
            checked_by_id=checker,
        )
    for stars in (5, 5, 4, 5, 1):
        old.get_model("choose", "Review").objects.create(
            therapist_id=tess,
            client_id=cast.ana.pk,
            appointment_key=uuid.uuid4(),
            technique="swedish",
            **dict.fromkeys(("listening", "pressure_respected", "boundaries_respected"), 5),
            overall=stars,
            attended_on=date(2026, 3, 1),
            written_at=NOW,
        )
    for _session in range(3):
        old.get_model("choose", "Experience").objects.create(
            therapist_id=tess, technique="swedish", appointment_key=uuid.uuid4(), signed_on=TODAY
        )

    new = at_state(AFTER)
    entry = new.get_model("choose", "RosterEntry").objects.get()
    assert (entry.holder, entry.name_key, entry.number_key) == ("Ann O'Hara", "annohara", "mt0012")
    assert (entry.status, entry.raw) == ("unknown", {"x": 1})
    kept = {one.holder: one for one in new.get_model("choose", "Credential").objects.all()}
    assert set(kept) == {"register", "self", "document"}
    assert len({one.key for one in kept.values()}) == 3
    assert kept["register"].matched == ["number", "name"]
    assert (kept["document"].method, kept["document"].status) == ("self", "unknown")
    assert kept["self"].status == "active"
    review = new.get_model("choose", "Review").objects.first()
    assert review.changed_at == review.published_at == NOW
    therapist = new.get_model("choose", "Therapist").objects.get(pk=tess)
    assert therapist.review_count == 5
    assert therapist.review_bound == pytest.approx(rating({5: 3, 4: 1, 1: 1}).bound)
    assert new.get_model("choose", "TechniqueCount").objects.get().sessions == 3


def test_the_trigger_counts_each_session_and_forgets_a_deleted_one(db: None) -> None:
    from unknot.journey.choose.models import Experience, TechniqueCount

    cast = the_cast()
    made = [
        Experience.objects.create(
            therapist=cast.tess, technique=name, appointment_key=uuid.uuid4(), signed_on=TODAY
        )
        for name in ("swedish", "swedish", "shiatsu")
    ]
    counted = TechniqueCount.objects.values_list("technique", "sessions").order_by("technique")
    assert list(counted) == [("shiatsu", 1), ("swedish", 2)]
    made[0].delete()
    assert list(counted.all()) == [("shiatsu", 1), ("swedish", 1)]
