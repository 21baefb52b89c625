"""Weekly answers of an earlier version are follow-ups afterwards, with nothing lost or made up."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.cast import NOW, TODAY, Cast
from unknot.journey.follow.models import DailyCheckIn
from unknot.journey.understand import questionnaires
from unknot.journey.understand.models import Answer, FollowUp

EARLIER = ("follow", "0001_tables")
LATER = ("follow", "0003_one_place_for_weeks")


@pytest.fixture
def before(cast: Cast) -> Iterator[Any]:
    """The tables as they were, in the transaction of the test."""
    migrate(EARLIER)
    yield MigrationExecutor(connection).loader.project_state([EARLIER]).apps
    connection.check_constraints()


def migrate(to: tuple[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    MigrationExecutor(connection).migrate([to])


def test_a_week_becomes_a_follow_up_with_its_answers_and_score(before: Any, cast: Cast) -> None:
    before.get_model("follow", "WeeklyCheckIn").objects.create(
        client_id=cast.ana.pk,
        day=date(2026, 3, 1),
        peg_p=4,
        peg_e=3,
        peg_g=3,
        score="3.3",
        version=1,
        answered_at=NOW,
    )
    migrate(LATER)
    followup = FollowUp.objects.get()
    assert (followup.client, followup.battery, followup.week) == (cast.ana, "weekly", None)
    assert (followup.day, followup.answered_at) == (date(2026, 3, 1), NOW)
    kept = Answer.objects.order_by("pk").values_list("item", "value", "version", "language")
    assert list(kept) == [("peg_p", 4, 1, "en"), ("peg_e", 3, 1, "en"), ("peg_g", 3, 1, "en")]
    assert [one.value for one in questionnaires.score_history(cast.ana, "peg")] == [3.3]


def test_a_day_says_its_versions_unless_it_was_imported(before: Any, cast: Cast) -> None:
    days = before.get_model("follow", "DailyCheckIn").objects
    series = before.get_model("follow", "SeriesImport").objects.create(
        client_id=cast.ana.pk, file_name="days.csv", imported_at=NOW, rows=1
    )
    own = {"client_id": cast.ana.pk, "answered_at": NOW}
    days.create(day=TODAY, pain=4, sleep=0, **own)
    days.create(day=date(2026, 3, 1), pain=4, series=series, **own)
    migrate(LATER)
    after = MigrationExecutor(connection).loader.project_state([LATER]).apps
    imported, answered = after.get_model("follow", "DailyCheckIn").objects.order_by("day")
    assert (imported.versions, imported.language) == ({}, "")
    assert (answered.versions, answered.language) == ({"pain_nrs": 1, "sleep_nrs": 1}, "en")


def test_an_imported_day_loses_the_hour_of_its_import(cast: Cast) -> None:
    migrate(("follow", "0009_pooled"))
    earlier = MigrationExecutor(connection).loader.project_state([("follow", "0009_pooled")]).apps
    series = earlier.get_model("follow", "SeriesImport").objects.create(
        client_id=cast.ana.pk, file_name="days.csv", imported_at=NOW, rows=1
    )
    days = earlier.get_model("follow", "DailyCheckIn").objects
    days.create(client_id=cast.ana.pk, day=TODAY, pain=4, answered_at=NOW)
    days.create(client_id=cast.ana.pk, day=date(2026, 3, 1), pain=4, answered_at=NOW, series=series)
    migrate(("follow", "0010_five_ratings"))
    hours = DailyCheckIn.objects.order_by("day").values_list("answered_at", flat=True)
    assert list(hours) == [None, NOW]
