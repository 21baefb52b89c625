"""Weekly and outcome batteries: each answer with version and language, each score or its reason."""

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, TODAY, Cast
from tests.checkins import a_completed_checkin
from unknot.journey.understand import follow_ups, questionnaires
from unknot.journey.understand.actions.follow_up import AnsweredAlready, save_follow_up
from unknot.journey.understand.models import Answer, FollowUp, InstrumentScore
from unknot.people.models import AuditEntry
from unknot.web.errors import BadInput

PEG = {"peg_p": 4, "peg_e": 3, "peg_g": 3}
PHQ4 = {"gad_1": 3, "gad_2": 3, "phq_1": 2, "phq_2": 2}
LOW_BACK = {"lumbar_l": 6}


def save(cast: Cast, points: dict[str, Any], *, days: int = 0, **more: Any) -> FollowUp:
    now = NOW + timedelta(days=days)
    given = {"battery": "weekly", "week": None} | more
    return save_follow_up(cast.user("ana"), cast.ana, points=points, now=now, **given)


def test_each_answer_keeps_its_version_language_and_time(cast: Cast) -> None:
    save(cast, {"peg": PEG})
    kept = Answer.objects.get(item="peg_e")
    assert (kept.value, kept.version, kept.language, kept.answered_at) == (3, 1, "en", NOW)
    score = InstrumentScore.objects.get(instrument="peg")
    assert (float(score.value), score.version, score.not_scored_because) == (3.3, 1, "")
    assert AuditEntry.objects.get(action="weekly.saved").client == cast.ana


def test_a_missing_answer_is_not_scored_because_and_the_others_are_kept(cast: Cast) -> None:
    save(cast, {"peg": PEG | {"peg_g": None}})
    score = InstrumentScore.objects.get(instrument="peg")
    assert score.value is None
    assert score.not_scored_because.startswith("Not scored, because 1 answer is missing")
    assert Answer.objects.count() == 2
    assert questionnaires.score_history(cast.ana, "peg") == ()


def test_answering_again_on_the_same_day_replaces_everything(cast: Cast) -> None:
    save(cast, {"peg": PEG, "phq4": PHQ4})
    save(cast, {"peg": PEG | {"peg_p": 10}})
    assert FollowUp.objects.get().day == TODAY
    assert set(Answer.objects.values_list("item", flat=True)) == set(PEG)
    assert float(InstrumentScore.objects.get(instrument="peg").value) == 5.3
    assert InstrumentScore.objects.get(instrument="phq4").value is None


def test_a_week_that_is_told_about_is_not_told_about_twice(cast: Cast) -> None:
    save(cast, {"peg": PEG})
    with pytest.raises(AnsweredAlready):
        save(cast, {"peg": PEG}, days=6)
    save(cast, {"peg": PEG}, days=7)
    assert FollowUp.objects.count() == 2


def test_an_outcome_week_is_answered_once(cast: Cast) -> None:
    save(cast, {"peg": PEG}, battery="outcome", week=4)
    save(cast, {"peg": PEG | {"peg_p": 0}}, battery="outcome", week=4)
    with pytest.raises(AnsweredAlready):
        save(cast, {"peg": PEG}, battery="outcome", week=4, days=1)
    save(cast, {"peg": PEG}, battery="outcome", week=8, days=28)
    assert list(FollowUp.objects.order_by("day").values_list("week", flat=True)) == [4, 8]


@pytest.mark.parametrize(
    ("points", "more"),
    [
        ({}, {}),
        ({"peg": {"peg_p": None}}, {}),
        ({"peg": {"peg_p": 11}}, {}),
        ({"peg": {"pain": 1}}, {}),
        ({"elo_stress": {"elo_1": 3}}, {}),
        ({"gad7": {"gad_3": 1}}, {}),
        ({"activity3": {"act_1": 1}}, {}),
        ({"rmdq24": {"rmdq_1": 1}}, {"battery": "outcome", "week": 4}),
        ({"peg": PEG}, {"battery": "intake"}),
        ({"peg": PEG}, {"week": 4}),
        ({"peg": PEG}, {"battery": "outcome"}),
        ({"peg": PEG}, {"battery": "outcome", "week": 5}),
    ],
)
def test_what_is_not_asked_is_refused_and_nothing_is_kept(
    cast: Cast, points: dict[str, Any], more: dict[str, Any]
) -> None:
    with pytest.raises(BadInput):
        save(cast, points, **more)
    assert not FollowUp.objects.exists()
    assert not AuditEntry.objects.exists()


def test_the_activities_of_the_newest_check_in_are_asked_about(cast: Cast) -> None:
    assert not follow_ups.asking(cast.ana, "weekly", now=NOW).plan.items("activity3")
    earlier = NOW - timedelta(days=40)
    a_completed_checkin(cast.ana, practice=cast.practice, activities=["swim"], now=earlier)
    a_completed_checkin(cast.ana, practice=cast.practice, activities=["run", "sit"], now=NOW)
    found = follow_ups.asking(cast.ana, "weekly", now=NOW)
    assert found.plan.items("activity3") == ("act_1", "act_2")
    assert found.words == {"activity_1": "run", "activity_2": "sit"}


def test_the_mood_questions_wait_fourteen_days_after_any_sitting(cast: Cast) -> None:
    def asked(days: int) -> bool:
        then = NOW + timedelta(days=days)
        return bool(follow_ups.asking(cast.ana, "weekly", now=then).plan.items("phq4"))

    assert asked(0)
    a_completed_checkin(cast.ana, practice=cast.practice, now=NOW)
    assert not asked(13)
    assert asked(14)
    save(cast, {"phq4": PHQ4}, days=14)
    assert asked(14), "what was answered today may still be changed"
    with pytest.raises(BadInput):
        save(cast, {"phq4": PHQ4}, days=21)
    assert asked(28)


def test_roland_morris_is_only_for_the_lower_back(cast: Cast) -> None:
    def asked() -> tuple[str, ...]:
        return follow_ups.asking(cast.ana, "outcome", now=NOW).plan.items("rmdq24")

    assert asked() == ()
    earlier = NOW - timedelta(days=30)
    a_completed_checkin(cast.ana, practice=cast.practice, marks=LOW_BACK, now=earlier)
    assert len(asked()) == 24
    a_completed_checkin(cast.ana, practice=cast.practice, now=NOW)
    assert asked() == ()
