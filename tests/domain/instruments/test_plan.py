"""What a battery asks: by place, by what was answered lately, by PHQ-4, by the last session."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.catalogue import UnknownInstrument
from unknot.domain.instruments.plan import Asked, LeftOut, Plan, plan, too_soon
from unknot.domain.instruments.scoring import AnswerOutOfRange

KNOWN = catalogue.load()
PEG = ("peg_p", "peg_e", "peg_g")
PHQ4 = ("gad_1", "gad_2", "phq_1", "phq_2")
ACTIVITIES = ("act_1", "act_2", "act_3")
SLEEP = ("sleep_last_night", "sleep_pain_woke")
ROLAND = tuple(f"rmdq_{number}" for number in range(1, 25))
GAD_REST = tuple(f"gad_{number}" for number in range(3, 8))
PHQ_REST = tuple(f"phq_{number}" for number in range(3, 9))


def asked(found: Plan) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.instrument, one.items) for one in found.asked]


def names(found: Plan) -> list[str]:
    return [one.instrument for one in found.asked]


def phq4(gad_1: int, gad_2: int, phq_1: int, phq_2: int) -> dict[str, dict[str, int]]:
    return {"phq4": {"gad_1": gad_1, "gad_2": gad_2, "phq_1": phq_1, "phq_2": phq_2}}


# The batteries -------------------------------------------------------------------------------


def test_the_intake_asks_in_its_own_order() -> None:
    found = plan(KNOWN, "intake", main_region="low_back")
    assert found.battery == "intake"
    assert asked(found) == [
        ("gcps_r", ("nhis_pain_freq", "nhis_pain_limit", *PEG)),
        ("activity3", ACTIVITIES),
        ("rmdq24", ROLAND),
        ("stress_nrs", ("stress_today",)),
        ("sleep_nrs", SLEEP),
        ("elo_stress", ("elo_1",)),
        ("phq4", PHQ4),
    ]
    assert found.left_out == ()


def test_the_week_asks_peg_activities_and_the_four_questions() -> None:
    assert asked(plan(KNOWN, "weekly")) == [
        ("peg", PEG),
        ("activity3", ACTIVITIES),
        ("phq4", PHQ4),
    ]


def test_the_outcome_asks_how_much_has_changed() -> None:
    assert names(plan(KNOWN, "outcome", main_region="low_back")) == [
        *("peg", "activity3", "phq4", "elo_stress", "sleep_nrs", "change_global", "rmdq24")
    ]


def test_the_day_asks_five_numbers_and_not_the_whole_instruments() -> None:
    found = plan(KNOWN, "daily")
    assert asked(found) == [
        ("pain_nrs", ("pain_24h",)),
        ("stiffness_nrs", ("stiffness_today",)),
        ("stress_nrs", ("stress_today",)),
        ("sleep_nrs", ("sleep_last_night",)),
        ("mood_nrs", ("mood_today",)),
    ]
    assert found.left_out == (LeftOut(instrument="post_session", reason="no_session"),)


def test_an_unknown_battery_is_refused() -> None:
    with pytest.raises(UnknownInstrument, match=r"^there is no battery 'monthly'$"):
        plan(KNOWN, "monthly")


def test_the_items_of_what_is_not_asked_are_none() -> None:
    found = plan(KNOWN, "daily")
    assert found.items("stress_nrs") == ("stress_today",)
    assert found.items("rmdq24") == ()


# By the place and the last session -----------------------------------------------------------


@pytest.mark.parametrize("battery", ["intake", "outcome"])
@pytest.mark.parametrize("region", ["", "neck", "mid_back", "low_backs", "LOW_BACK"])
def test_roland_morris_is_only_for_the_lower_back(battery: str, region: str) -> None:
    found = plan(KNOWN, battery, main_region=region)
    assert found.items("rmdq24") == ()
    assert found.left_out == (LeftOut(instrument="rmdq24", reason="other_region"),)
    assert plan(KNOWN, battery, main_region="low_back").items("rmdq24") == ROLAND


def test_a_place_says_nothing_about_what_everybody_is_asked() -> None:
    for battery in ("weekly", "daily"):
        assert plan(KNOWN, battery, main_region="neck") == plan(KNOWN, battery)


@pytest.mark.parametrize(
    ("hours", "due"),
    [(None, False), (-0.1, False), (0, True), (24, True), (96, True), (96.1, False), (400, False)],
)
def test_the_session_is_asked_about_for_four_days(hours: float | None, due: bool) -> None:
    found = plan(KNOWN, "daily", hours_since_session=hours)
    assert found.items("post_session") == (("ps_sore", "ps_events") if due else ())
    missing = () if due else (LeftOut(instrument="post_session", reason="no_session"),)
    assert found.left_out == missing
    assert names(found)[:5] == [
        *("pain_nrs", "stiffness_nrs", "stress_nrs", "sleep_nrs", "mood_nrs"),
    ]


def test_a_session_adds_nothing_to_the_other_batteries() -> None:
    for battery in ("intake", "weekly", "outcome"):
        assert plan(KNOWN, battery, hours_since_session=1) == plan(KNOWN, battery)


# By what was answered lately -----------------------------------------------------------------


@pytest.mark.parametrize("battery", ["intake", "weekly", "outcome"])
@pytest.mark.parametrize(("days", "wait"), [(0, 14), (5, 9), (13, 1)])
def test_phq4_is_not_asked_within_its_fourteen_days(battery: str, days: int, wait: int) -> None:
    found = plan(KNOWN, battery, main_region="low_back", days_since={"phq4": days})
    assert found.left_out == (LeftOut(instrument="phq4", reason="too_soon", days=wait),)
    assert found.items("phq4") == ()
    others = plan(KNOWN, battery, main_region="low_back")
    assert names(found) == [name for name in names(others) if name != "phq4"]


@pytest.mark.parametrize("days", [14, 15, 400])
def test_phq4_is_asked_again_from_the_fourteenth_day(days: int) -> None:
    assert plan(KNOWN, "weekly", days_since={"phq4": days}) == plan(KNOWN, "weekly")


def test_what_has_no_interval_is_asked_again_on_the_same_day() -> None:
    everything = dict.fromkeys(KNOWN.instruments, 0)
    found = plan(KNOWN, "intake", main_region="low_back", days_since=everything)
    assert [one.instrument for one in found.left_out] == ["phq4"]


def test_the_branches_are_not_opened_by_what_is_not_asked() -> None:
    found = plan(KNOWN, "intake", days_since={"phq4": 3}, points=phq4(3, 3, 3, 3))
    assert {"gad7", "phq8"}.isdisjoint(names(found))


@pytest.mark.parametrize(
    ("name", "days", "wait"),
    [("phq4", 13, 1), ("phq4", 14, 0), ("phq4", None, 0), ("gad7", 2, 12), ("peg", 0, 0)],
)
def test_the_wait_is_counted_in_days(name: str, days: int | None, wait: int) -> None:
    assert too_soon(KNOWN.instrument(name), days) == wait


# By PHQ-4 ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "further"),
    [
        ((1, 1, 1, 1), []),
        ((2, 0, 0, 2), []),
        ((2, 1, 1, 1), [("gad7", GAD_REST)]),
        ((0, 3, 2, 0), [("gad7", GAD_REST)]),
        ((1, 1, 1, 2), [("phq8", PHQ_REST)]),
        ((2, 0, 3, 0), [("phq8", PHQ_REST)]),
        ((2, 1, 2, 1), [("gad7", GAD_REST), ("phq8", PHQ_REST)]),
    ],
)
def test_three_points_of_a_subscale_open_the_longer_questions_without_the_short_ones(
    answers: tuple[int, int, int, int], further: list[tuple[str, tuple[str, ...]]]
) -> None:
    found = plan(KNOWN, "intake", points=phq4(*answers))
    assert asked(found)[-len(further) - 1 :] == [("phq4", PHQ4), *further]


def test_half_a_subscale_opens_nothing() -> None:
    found = plan(KNOWN, "intake", points={"phq4": {"gad_1": 3, "phq_1": 3}})
    assert names(found)[-1] == "phq4"


def test_answers_to_the_longer_questions_do_not_take_them_away() -> None:
    """Somebody who comes back to the page finds all of it."""
    points = {**phq4(2, 1, 0, 0), "gad7": {"gad_3": 1, "gad_4": 2}}
    assert plan(KNOWN, "intake", points=points).items("gad7") == GAD_REST


def test_the_longer_questions_wait_as_well() -> None:
    found = plan(KNOWN, "intake", points=phq4(3, 3, 3, 3), days_since={"gad7": 4, "phq8": 14})
    assert LeftOut(instrument="gad7", reason="too_soon", days=10) in found.left_out
    assert found.asked[-1] == Asked(instrument="phq8", items=PHQ_REST)


@pytest.mark.parametrize("battery", ["weekly", "outcome"])
def test_only_the_intake_branches(battery: str) -> None:
    points = phq4(3, 3, 3, 3)
    assert plan(KNOWN, battery, points=points) == plan(KNOWN, battery)


def test_a_stranger_among_the_answers_is_left_alone_and_a_wrong_number_refused() -> None:
    points = {"phq4": {**phq4(0, 0, 0, 0)["phq4"], "phq_9": 3}, "other": {"x": 1}}
    assert names(plan(KNOWN, "intake", points=points))[-1] == "phq4"
    with pytest.raises(AnswerOutOfRange):
        plan(KNOWN, "intake", points=phq4(4, 0, 0, 0))


# For everybody -------------------------------------------------------------------------------


@st.composite
def situations(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    answers = st.dictionaries(st.sampled_from(PHQ4), st.integers(0, 3))
    days = st.dictionaries(st.sampled_from(sorted(KNOWN.instruments)), st.integers(0, 40))
    given = {
        "main_region": draw(st.sampled_from(["", "low_back", "neck"])),
        "days_since": draw(days),
        "points": {"phq4": draw(answers)},
        "hours_since_session": draw(st.none() | st.floats(0, 200)),
    }
    return draw(st.sampled_from(sorted(KNOWN.batteries))), given


@given(situations())
def test_nothing_is_asked_twice_and_nothing_is_forgotten(drawn: tuple[str, dict[str, Any]]) -> None:
    battery, given_ = drawn
    found = plan(KNOWN, battery, **given_)
    items = [item for one in found.asked for item in one.items]
    assert len(items) == len(set(items))
    decided = [one.instrument for one in (*found.asked, *found.left_out)]
    assert len(decided) == len(set(decided))
    wanted = {name.partition(".")[0] for name in KNOWN.batteries[battery].names}
    assert wanted <= set(decided) <= wanted | {"gad7", "phq8"}
    assert all(one.items for one in found.asked)


@given(situations())
def test_what_is_asked_may_be_asked(drawn: tuple[str, dict[str, Any]]) -> None:
    battery, given_ = drawn
    found = plan(KNOWN, battery, **given_)
    for one in found.asked:
        instrument = KNOWN.instrument(one.instrument)
        assert too_soon(instrument, given_["days_since"].get(one.instrument)) == 0
        assert set(one.items) <= {item.id for item in instrument.items}
        regions = instrument.use_for_regions
        assert not regions or given_["main_region"] in regions
    for missing in found.left_out:
        assert (missing.days > 0) == (missing.reason == "too_soon")
