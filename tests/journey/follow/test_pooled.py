"""The nightly pool: whose answers count, what is kept, and that nothing small ever is."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from tests import follow_up
from tests.cast import NOW, Cast
from unknot.domain.outcomes import pooled as stages
from unknot.domain.outcomes.pooled import HALF_LIVES
from unknot.domain.outcomes.pooling import PersonEffect
from unknot.journey.book.models import Appointment, Series
from unknot.journey.follow.actions import pooled as actions
from unknot.journey.follow.models import (
    OthersReport,
    PooledEffect,
    PooledRun,
    TherapistResult,
)
from unknot.journey.follow.reads import case_mix, findings, pooled
from unknot.people.models import Client, Consent, Origin

NIGHT = NOW  # nine in the morning: past three


def treated(cast: Cast, count: int, *, every: int = 10) -> list[Client]:
    """Clients of Tess with forty evenings and three sessions, the last of deep tissue."""
    made = follow_up.clients(cast.practice, count)
    for client in made:
        follow_up.daily(client, days=40)
        for place, service in enumerate((cast.swedish, cast.swedish, cast.deep_tissue), 1):
            start = NOW - timedelta(days=every * place)
            follow_up.a_session(client, cast.tess, service, start=start)
    return made


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stage 1 without a fit: everybody is half a point better, give or take."""

    def alone(members, outcome, techniques, model):  # type: ignore[no-untyped-def]
        kinds = len(techniques or [""])
        return [
            tuple(
                PersonEffect(
                    effect=np.full(kinds, -0.5 + 0.1 * (place % 3)), covariance=np.eye(kinds)
                )
                for _half_life in HALF_LIVES
            )
            for place, _member in enumerate(members)
        ]

    monkeypatch.setattr(actions, "_alone", alone)


def test_a_practice_is_pooled_from_its_answers(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both stages, from rows to rows: nobody here changes after sessions."""
    monkeypatch.setattr(actions, "CORES", 1)
    monkeypatch.setattr(stages, "HALF_LIVES", (2.5, 4.2))
    treated(cast, 20)
    actions.pool_practice(cast.practice, now=NIGHT)
    rows = {one.technique: one for one in PooledEffect.objects.filter(outcome="pain")}
    assert set(rows) == {"", "swedish", "deep_tissue"}
    assert {one.clients for one in rows.values()} == {20}
    assert rows[""].low < rows[""].mean < rows[""].high
    assert rows[""].half_life is None  # nobody came on fixed dates
    assert not PooledEffect.objects.exclude(outcome="pain").exists()
    assert OthersReport.objects.count() == 20


def test_nineteen_clients_are_not_a_practice(cast: Cast, quick: None) -> None:
    made = treated(cast, 20)
    Consent.objects.filter(client=made[0]).update(withdrawn_at=NOW)
    actions.pool_practice(cast.practice, now=NIGHT)
    assert not PooledEffect.objects.exists()
    assert not OthersReport.objects.exists()


def test_a_technique_of_few_is_left_out(cast: Cast, quick: None) -> None:
    made = treated(cast, 21)
    Appointment.objects.filter(client__in=made[:2], service=cast.deep_tissue).delete()
    actions.pool_practice(cast.practice, now=NIGHT)
    assert set(PooledEffect.objects.values_list("technique", flat=True)) == {"", "swedish"}


def test_sessions_without_answers_around_them_count_for_nothing(cast: Cast, quick: None) -> None:
    for client in treated(cast, 20):
        client.dailycheckin_set.filter(day__gt=NOW.date() - timedelta(days=5)).delete()
        Appointment.objects.filter(client=client).update(
            start=NOW - timedelta(days=2), end=NOW - timedelta(days=2, hours=-1)
        )
    actions.pool_practice(cast.practice, now=NIGHT)
    assert not PooledEffect.objects.exists()


def test_made_up_people_count_only_in_a_demonstration(cast: Cast, quick: None) -> None:
    made = treated(cast, 20)
    Client.objects.filter(pk=made[0].pk).update(origin=Origin.SIMULATED)
    actions.pool_practice(cast.practice, now=NIGHT)
    assert not PooledEffect.objects.exists()
    cast.practice.demonstration = True
    cast.practice.save(update_fields=["demonstration"])
    actions.pool_practice(cast.practice, now=NIGHT)
    assert PooledEffect.objects.exists()


def test_how_long_relief_lasts_needs_people_on_fixed_dates(cast: Cast, quick: None) -> None:
    made = treated(cast, 20)
    for client in made:
        series = Series.objects.create(
            client=client,
            therapist=cast.tess,
            service=cast.swedish,
            rule="FREQ=WEEKLY",
            first_start="2026-01-05T10:00",
            created_by=cast.user("tess"),
            created_at=NOW,
        )
        Appointment.objects.filter(client=client).update(series=series)
    assert case_mix.on_fixed_dates(made) == {one.pk for one in made}
    actions.pool_practice(cast.practice, now=NIGHT)
    assert PooledEffect.objects.get(outcome="pain", technique="").half_life is not None


def test_a_new_pool_takes_the_place_of_the_old_one(cast: Cast, quick: None) -> None:
    made = treated(cast, 20)
    actions.pool_practice(cast.practice, now=NIGHT)
    withdraw = made[0]
    Consent.objects.filter(client=withdraw).update(withdrawn_at=NOW)
    actions.pool_practice(cast.practice, now=NIGHT + timedelta(days=1))
    assert not PooledEffect.objects.exists()
    assert not OthersReport.objects.exists()


def test_what_others_report_reaches_a_persons_own_fit(cast: Cast, quick: None) -> None:
    client = treated(cast, 20)[3]
    actions.pool_practice(cast.practice, now=NIGHT)
    told = findings.course(client).others["pain"]
    assert told.mean == pytest.approx(-0.4, abs=0.11)
    assert told.mean == round(told.mean, 1)  # a night without news changes nobody's fit
    assert findings.course(cast.ana).others == {}


def test_a_practice_is_pooled_once_a_night(cast: Cast) -> None:
    midnight = datetime(2026, 3, 27, 0, 30, tzinfo=NOW.tzinfo)
    assert actions.pool_due(midnight) == 0
    assert not PooledRun.objects.exists()
    parts = 2 * len(actions.PARTS)  # of two practices, none of which has enough people
    assert [actions.pool_due(NIGHT + timedelta(minutes=n)) for n in range(3)] == [parts, 0, 0]
    assert PooledRun.objects.count() == parts
    assert actions.pool_due(NIGHT + timedelta(days=1)) == parts


def test_a_turn_of_the_worker_is_one_part_that_takes_work(cast: Cast, quick: None) -> None:
    for client in treated(cast, 20):
        client.dailycheckin_set.update(stress=4)
    assert actions.pool_due(NIGHT) == 1  # pain; mails are sent before the next part
    assert set(PooledEffect.objects.values_list("outcome", flat=True)) == {"pain"}
    assert actions.pool_due(NIGHT + timedelta(minutes=1)) == 2  # stiffness is nothing, then stress
    assert set(PooledEffect.objects.values_list("outcome", flat=True)) == {"pain", "stress"}


def test_two_workers_never_take_the_same_part(cast: Cast) -> None:
    practice, part, night = next(actions._waiting(NIGHT))
    taken = [actions._is_ours(practice, part, night, NIGHT) for _worker in range(2)]
    assert taken == [True, False]


def test_waiting_for_the_night_costs_two_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    actions.pool_due(NIGHT)
    with django_assert_num_queries(2):
        assert actions.pool_due(NIGHT + timedelta(minutes=1)) == 0


def test_the_database_keeps_no_small_cell(cast: Cast) -> None:
    small = {"clients": 9, "mean": 0, "low": 0, "high": 0, "made_at": NOW, "model_version": "1"}
    with pytest.raises(IntegrityError, match="pooledeffect_is_of_many"), transaction.atomic():
        PooledEffect.objects.create(practice=cast.practice, outcome="pain", between_sd=0.3, **small)
    with pytest.raises(IntegrityError, match="therapistresult_is_of_many"), transaction.atomic():
        TherapistResult.objects.create(therapist=cast.tess, **small)


def scored(cast: Cast, *, tess: int, theo: int) -> list[Client]:
    made = follow_up.clients(cast.practice, tess + theo)
    for place, client in enumerate(made):
        whose = cast.tess if place < tess else cast.theo
        start = 4 + place % 5
        follow_up.questionnaires(client, (80, start), (10, start - 1 + 0.3 * (place % 4)))
        for back in (60, 40):
            follow_up.a_session(
                client, whose, cast.swedish, start=NOW - timedelta(days=back, hours=place % 6)
            )
    return made


def test_a_therapist_is_set_beside_the_practice(cast: Cast) -> None:
    scored(cast, tess=24, theo=14)
    actions.pool_practice(cast.practice, now=NIGHT)
    (result,) = TherapistResult.objects.all()  # fourteen clients of Theo are too few
    assert result.therapist == cast.tess
    assert result.clients == 24
    assert result.low < 0 < result.high
    assert pooled.own_result(cast.tess) is not None
    assert pooled.own_result(cast.theo) is None


def test_follow_up_is_two_scores_a_month_apart_with_a_session_between(cast: Cast) -> None:
    made = follow_up.clients(cast.practice, 4)
    whole, soon, once, untreated = made
    follow_up.questionnaires(whole, (70, 6), (40, 5), (5, 3))
    follow_up.questionnaires(soon, (30, 6), (5, 3))
    follow_up.questionnaires(once, (70, 6))
    follow_up.questionnaires(untreated, (70, 6), (5, 3))
    for client in (whole, soon, once):
        follow_up.a_session(client, cast.theo, cast.swedish, start=NOW - timedelta(days=20))
    follow_up.a_session(whole, cast.tess, cast.deep_tissue, start=NOW - timedelta(days=30))
    follow_up.a_session(whole, cast.tess, cast.deep_tissue, start=NOW - timedelta(days=35))
    (row,) = case_mix.followed([one.pk for one in made])
    assert row.therapist == cast.tess.pk  # who gave most of the sessions
    assert row.technique == "deep_tissue"
    assert (row.baseline, row.change, row.sessions) == (6, -3, 3)
    assert row.age == 45
    assert row.months == pytest.approx(9.9, abs=0.1)


def test_whoever_takes_consent_back_is_no_part_of_it(cast: Cast) -> None:
    made = scored(cast, tess=24, theo=14)
    Consent.objects.filter(client__in=made[:5]).update(withdrawn_at=NOW)
    actions.pool_practice(cast.practice, now=NIGHT)
    assert not TherapistResult.objects.exists()
