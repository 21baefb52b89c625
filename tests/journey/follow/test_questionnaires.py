"""Whether a questionnaire changed, read from what was answered, and whose scores it is held to."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import NOW, Cast
from tests.checkins import a_completed_checkin
from tests.norms import others
from unknot.journey.follow.actions import check_ins as actions
from unknot.journey.follow.reads import questionnaires as reads
from unknot.journey.understand.actions.follow_up import save_follow_up
from unknot.people.models import Consent, Origin

TWENTY = [2.0, 6.0] * 10


def weekly(cast: Cast, weeks_ago: int, score: int) -> None:
    points = {"peg": dict.fromkeys(("peg_p", "peg_e", "peg_g"), score)}
    then = NOW - timedelta(weeks=weeks_ago)
    actions.save_weekly(cast.user("ana"), cast.ana, points=points, now=then)


def changed(cast: Cast, since: date = date.min) -> Any:
    return reads.changed(cast.ana, "peg", since=since)


def test_without_others_there_is_nothing_to_compare_with(cast: Cast) -> None:
    a_completed_checkin(
        cast.ana, practice=cast.practice, peg=(9, 9, 9), now=NOW - timedelta(weeks=7)
    )
    weekly(cast, 0, 1)
    found = changed(cast)
    assert (found.state, found.why) == ("cannot_tell", "no_norms")


def test_with_others_the_fall_is_judged(cast: Cast) -> None:
    others(cast.practice, TWENTY)
    a_completed_checkin(
        cast.ana, practice=cast.practice, peg=(9, 9, 9), now=NOW - timedelta(weeks=7)
    )
    weekly(cast, 0, 1)
    found = changed(cast)
    assert found.norms.clients == 21  # with Ana's own later score
    assert (found.state, found.baseline.occasion) == ("improved", "intake")


def test_the_second_baseline_takes_the_place_of_the_check_in(cast: Cast) -> None:
    others(cast.practice, TWENTY)
    begun = NOW - timedelta(weeks=8)
    a_completed_checkin(cast.ana, practice=cast.practice, peg=(9, 9, 9), now=begun)
    save_follow_up(
        cast.user("ana"),
        cast.ana,
        battery="before_first",
        week=0,
        points={"peg": {"peg_p": 5, "peg_e": 5, "peg_g": 5}},
        now=begun + timedelta(days=7),
    )
    weekly(cast, 0, 2)
    found = changed(cast)
    assert (found.baseline.score, found.baseline.occasion) == (5.0, "before_first_session")
    assert (found.state, found.why) == ("cannot_tell", "within_noise")


def test_nothing_before_a_day_is_compared(cast: Cast) -> None:
    weekly(cast, 8, 9)
    weekly(cast, 0, 1)
    assert changed(cast, since=(NOW - timedelta(weeks=1)).date()).why == "only_one_score"


@pytest.mark.parametrize("weeks", [3, 4])
def test_scores_soon_after_the_check_in_are_no_norm(cast: Cast, weeks: int) -> None:
    others(cast.practice, TWENTY, weeks=weeks + 1 if weeks == 4 else weeks)
    assert (reads.norms_of(cast.ana, "peg") is not None) == (weeks == 4)


def test_a_demonstration_is_no_norm_for_real_people(cast: Cast) -> None:
    others(cast.practice, TWENTY, origin=Origin.SIMULATED)
    assert reads.norms_of(cast.ana, "peg") is None


def test_who_took_back_that_answers_are_used_is_left_out(cast: Cast) -> None:
    others(cast.practice, TWENTY)
    assert reads.norms_of(cast.ana, "peg") is not None
    Consent.objects.filter(client__name="Other 3").update(withdrawn_at=NOW)
    assert reads.norms_of(cast.ana, "peg") is None  # nineteen are too few


def test_all_practices_together_until_there_are_a_hundred_of_ones_own(cast: Cast) -> None:
    others(cast.practice, [3.0, 4.0] * 5)
    others(cast.other_practice, [7.0, 8.0] * 5)
    pooled = reads.norms_of(cast.ana, "peg")
    assert pooled is not None
    assert (pooled.own, pooled.clients, pooled.mean) == (False, 20, 5.5)
    others(cast.practice, [3.0, 4.0] * 45)
    own = reads.norms_of(cast.ana, "peg")
    assert own is not None
    assert (own.own, own.clients, own.mean) == (True, 100, 3.5)


@pytest.mark.parametrize(
    ("instrument", "why"), [("phq4", "no_mic"), ("rmdq24", "no_retest"), ("gad7", "no_retest")]
)
def test_what_nobody_measured_cannot_be_told(instrument: str, why: str) -> None:
    scale = reads.scale(instrument)
    assert (scale.mic is None) == (why == "no_mic")
    assert scale.known is not None
    assert not scale.known.retest


def test_two_queries_however_many_scores(cast: Cast, django_assert_num_queries: Any) -> None:
    for week in range(6):
        weekly(cast, 6 - week, 4)
    with django_assert_num_queries(2):
        changed(cast)
