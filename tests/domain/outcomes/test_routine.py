"""The next step: safety first, no referral lost, none booked after recovery, monotone."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.outcomes.findings import Better, State
from unknot.domain.outcomes.routine import (
    GRAVITY,
    Change,
    Known,
    Measure,
    Questionnaire,
    ReasonId,
    Step,
    has_recovered,
    load,
    suggest,
)
from unknot.domain.outcomes.routine_wording import REASONS, STEPS, TO_THERAPIST, say

GONE = Measure(start=6, now=0.2, recovered=0.5)
LEFT = Measure(start=6, now=4, recovered=0.5)
WELL = Questionnaire(instrument="peg", change="improved")
WORSE = Questionnaire(instrument="rmdq24", change="worse")


def better(p_point: float | None, state: str = "cannot_tell") -> Better:
    return Better(outcome="pain", state=state, change=None, p_point=p_point, gates=())


chances = st.none() | st.floats(0, 1)
betters = st.none() | st.builds(
    better, chances, st.sampled_from(["too_early", "cannot_tell", "better", "worse"])
)
questionnaires = st.builds(
    Questionnaire,
    instrument=st.sampled_from(["peg", "rmdq24"]),
    change=st.sampled_from(get_args(Change)),
)
measures = st.builds(
    Measure,
    start=st.none() | st.floats(0, 24),
    now=st.none() | st.floats(0, 24),
    recovered=st.sampled_from([0.5, 2.0]),
)
everybody = st.builds(
    Known,
    red_flag=st.booleans(),
    questionnaires=st.lists(questionnaires, max_size=3).map(tuple),
    better=betters,
    better_weeks=st.integers(0, 30),
    verdict=st.none() | st.sampled_from(get_args(State)),
    measures=st.lists(measures, max_size=2).map(tuple),
    sessions=st.integers(0, 40),
    weeks=st.integers(0, 60),
    every_weeks=st.none() | st.integers(1, 8),
    limb=st.booleans(),
    over_cut_off=st.booleans(),
)


@given(everybody)
def test_a_red_flag_comes_before_everything(known: Known) -> None:
    found = suggest(replace(known, red_flag=True))
    assert (found.step, found.refers, found.books) == ("refer", True, False)


@given(everybody, st.lists(questionnaires, max_size=3), st.integers(0, 20), st.integers(0, 20))
def test_no_referral_for_getting_worse_is_lost_by_more_answers(
    known: Known, more: list[Questionnaire], sessions: int, weeks: int
) -> None:
    worse = replace(known, questionnaires=(*known.questionnaires, WORSE))
    later = replace(
        worse,
        questionnaires=(*more, *worse.questionnaires),
        sessions=worse.sessions + sessions,
        weeks=worse.weeks + weeks,
    )
    assert suggest(worse).step in {"refer", "same_day"}
    assert suggest(later).step == suggest(worse).step


@given(everybody, st.integers(0, 40), st.integers(0, 40))
def test_time_alone_never_takes_a_review_or_referral_back(
    known: Known, sessions: int, weeks: int
) -> None:
    later = replace(known, sessions=known.sessions + sessions, weeks=known.weeks + weeks)
    assert GRAVITY[suggest(later).step] >= GRAVITY[suggest(known).step]


@given(everybody, st.floats(0, 1), st.floats(0, 1))
def test_a_higher_chance_never_asks_for_more(known: Known, one: float, other: float) -> None:
    low, high = sorted((one, other))
    state = known.better.state if known.better is not None else "cannot_tell"
    grave, light = (suggest(replace(known, better=better(p, state))) for p in (low, high))
    assert GRAVITY[light.step] <= GRAVITY[grave.step]


@given(everybody)
def test_nothing_is_booked_after_recovery_or_beside_a_referral(known: Known) -> None:
    found = suggest(known)
    if has_recovered(known.measures) or found.refers:
        assert not found.books
        assert found.every_weeks is None


@given(everybody)
def test_an_interval_never_comes_without_its_doubt(known: Known) -> None:
    found = suggest(known)
    said = say(found, known)
    assert (found.every_weeks is None) == (said.interval == ())
    if found.between is not None and found.every_weeks is not None:
        assert found.between[0] <= found.every_weeks <= found.between[1]
        assert "cannot be known" in said.interval[0]


@given(everybody)
def test_distress_changes_no_step(known: Known) -> None:
    with_it, without = (suggest(replace(known, over_cut_off=over)) for over in (True, False))
    assert with_it.support
    assert not without.support
    assert replace(with_it, support=False) == without


@pytest.mark.parametrize(
    ("sessions", "weeks", "chance", "step"),
    [
        (5, 7, 0.1, "decide"),
        (6, 7, 0.1, "review"),
        (5, 8, 0.1, "review"),
        (6, 9, 0.19, "review"),
        (6, 10, 0.19, "other_care"),
        (1, 10, 0.0, "other_care"),
        (6, 10, 0.2, "decide"),
        (6, 10, None, "decide"),
        (2, 3, 0.1, "first_plan"),
        (0, 0, None, "first_plan"),
        (4, 4, 0.5, "decide"),
    ],
)
def test_the_counts_of_review_and_other_care(
    sessions: int, weeks: int, chance: float | None, step: Step
) -> None:
    known = Known(sessions=sessions, weeks=weeks, better=better(chance))
    assert suggest(known).step == step


def test_a_reliable_gain_in_a_questionnaire_stops_the_review() -> None:
    known = Known(sessions=9, weeks=12, better=better(0.05))
    assert suggest(known).step == "other_care"
    assert suggest(replace(known, questionnaires=(WELL,))).step == "carry_on"


@pytest.mark.parametrize(
    ("every", "weeks", "step", "then"),
    [
        (1, 3, "carry_on", 1),
        (1, 4, "taper", 2),
        (None, 4, "taper", 2),
        (2, 4, "taper", 4),
        (3, 4, "taper", 4),
        (4, 4, "end", None),
        (8, 9, "end", None),
    ],
)
def test_a_gain_that_holds_is_tapered_step_by_step(
    every: int | None, weeks: int, step: Step, then: int | None
) -> None:
    known = Known(
        sessions=8, weeks=12, better=better(0.99, "better"), better_weeks=weeks, every_weeks=every
    )
    found = suggest(known)
    assert (found.step, found.every_weeks) == (step, then)


@pytest.mark.parametrize(
    ("measures", "recovered"),
    [
        ((), False),
        ((GONE,), True),
        ((LEFT,), False),
        ((GONE, Measure(start=9, now=2, recovered=2)), True),
        ((GONE, Measure(start=9, now=3, recovered=2)), False),
        ((GONE, Measure(start=9, now=None, recovered=2)), True),
        ((Measure(start=0.5, now=0.1, recovered=0.5),), False),  # never had this complaint
        ((Measure(start=None, now=0, recovered=0.5),), False),
        ((LEFT, Measure(start=9, now=1, recovered=2)), False),
    ],
)
def test_recovered_is_a_complaint_that_is_gone_and_no_other_left(
    measures: tuple[Measure, ...], *, recovered: bool
) -> None:
    assert has_recovered(measures) == recovered
    assert (suggest(Known(measures=measures, weeks=12)).step == "recovered") == recovered


def test_who_has_recovered_reads_one_sentence_and_nothing_else() -> None:
    known = Known(measures=(GONE,), weeks=12, every_weeks=1)
    said = say(suggest(known), known)
    assert said.sentence == "You can stop; come back when you want."
    assert said.reasons == said.interval == ()


def test_ratings_that_tend_to_be_worse_after_sessions_are_talked_about() -> None:
    found = suggest(Known(weeks=6, sessions=5, verdict="tends_higher"))
    assert (found.step, found.reasons, found.books) == ("review", ("tends_higher",), False)


def test_an_arm_or_leg_that_does_not_get_better_belongs_to_a_clinician() -> None:
    known = Known(weeks=6, sessions=4, limb=True)
    assert suggest(known).step == "clinician"
    assert suggest(replace(known, weeks=5)).step == "decide"
    assert suggest(replace(known, questionnaires=(WELL,))).step == "carry_on"


def test_every_step_and_reason_has_words() -> None:
    assert set(STEPS) == set(TO_THERAPIST) == set(GRAVITY) == set(get_args(Step))
    assert set(REASONS) == set(get_args(ReasonId))
    known = Known(sessions=6, weeks=8, better=better(0.1))
    assert say(suggest(known), known).reasons[0].startswith("6 sessions in 8 weeks")
    to_therapist = say(suggest(known), known, to_therapist=True)
    assert "your" not in to_therapist.sentence


def test_the_ladder_rises() -> None:
    ladder = load().taper.every_weeks
    assert list(ladder) == sorted(set(ladder))
    assert load().plan.every_weeks == ladder[0]
