from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.outcomes import summary_wording as wording
from unknot.domain.outcomes.summary import (
    Answered,
    BadComparison,
    Finding,
    Limits,
    first_sentence,
)
from unknot.domain.outcomes.summary_wording import parts, say

PEG = Limits(sdc=2.8, mic=1.0, source="Reed 2024")
THEN, NOW = date(2026, 1, 26), date(2026, 3, 27)

scores = st.integers(0, 30).map(lambda tenths: round(tenths / 3, 1))


def compare(
    earlier: float | None, later: float | None, *, readings: int = 8, days: int = 40, limits=PEG
) -> Finding:
    return first_sentence(
        earlier=None if earlier is None else Answered(score=earlier, on=THEN),
        later=None if later is None else Answered(score=later, on=NOW),
        limits=limits,
        weekly_readings=readings,
        daily_days=days,
    )


def test_a_fall_beyond_the_error_is_said_with_both_numbers_and_no_cause():
    said = say(compare(7.0, 3.3))
    assert said.startswith(
        "Your pain score is lower than when you started, by more than the questionnaire's "
        "measurement error: 7.0 to 3.3."
    )
    assert "Change is not cause." in said
    assert "26 January 2026 with 27 March 2026" in said
    assert "2.8 points" in said
    assert "Reed 2024" in said


def test_a_rise_beyond_the_error_is_said_as_plainly():
    finding = compare(3.0, 7)
    assert finding.word == "higher"
    assert "higher than when you started" in say(finding)
    assert "3.0 to 7.0" in say(finding)
    assert "tell your therapist" in say(finding)


@pytest.mark.parametrize("later", [7.0, 5.6, 4.2, 8.4])
def test_a_change_within_the_error_cannot_be_told(later):
    finding = compare(7.0, later)
    assert (finding.word, finding.known) == ("cannot_tell", False)
    assert say(finding).startswith("We cannot tell yet")
    assert "measurement error alone" in say(finding)


def test_a_change_of_exactly_the_error_cannot_be_told():
    assert compare(5.6, 2.8).word == "cannot_tell"  # 5.6 - 2.8 is 2.8 only up to rounding
    assert compare(6.1, 3.3).word == "cannot_tell"
    assert compare(6.1, 3.2).word == "lower"


@pytest.mark.parametrize("readings", [0, 1, 2, 3])
def test_before_four_weekly_readings_even_a_large_change_may_be_chance(readings):
    finding = compare(9.0, 1.0, readings=readings)
    assert finding.word == "cannot_tell"
    assert "could be chance or natural recovery" in say(finding)
    assert f"{readings} of the 4 weekly readings" in say(finding)


def test_the_fourth_reading_lifts_that_gate():
    assert compare(9.0, 1.0, readings=4).word == "lower"


def test_what_would_help_counts_what_is_missing():
    assert parts(compare(9, 1, readings=2)).what_would_help[0].startswith("2 more weekly")
    assert parts(compare(9, 1, readings=3)).what_would_help[0].startswith("One more weekly")
    assert any("3 of 7" in text for text in parts(compare(9, 1, days=3)).what_would_help)
    assert not any("of 7" in text for text in parts(compare(9, 1, days=7)).what_would_help)


def test_nothing_and_one_score_are_said_as_such():
    assert "no answers" in say(compare(None, None))
    assert "only one score" in say(compare(7.0, None))
    assert "only one score" in say(compare(None, 7.0))
    assert not compare(7.0, None).known


def test_a_change_beyond_the_error_but_too_small_to_matter_says_so():
    fine = Limits(sdc=1.0, mic=3.0, source="a finer instrument")
    assert "less than 3.0" in say(compare(6, 4, limits=fine))
    assert "less than 3.0" not in say(compare(6, 3, limits=fine))


@given(st.none() | scores, st.none() | scores, st.integers(0, 9), st.integers(0, 40))
def test_no_finding_is_claimed_inside_the_error_and_each_says_what_would_help(
    earlier, later, readings, days
):
    finding = compare(earlier, later, readings=readings, days=days)
    said = parts(finding)
    assert said.what_would_help
    assert all("%" not in text for text in (said.sentence, *said.detail, *said.what_would_help))
    if finding.known:
        assert abs(later - earlier) > PEG.sdc
        assert readings >= 4
        assert (finding.word == "lower") == (later < earlier)
        assert any("Change is not cause" in text for text in said.detail)
    else:
        assert said.sentence.startswith("We cannot tell yet")


FORBIDDEN = ("likely", "proven", "cure", "heal", "works", "no effect", "detox", "because of")


def test_no_text_promises_or_explains_away():
    texts = [*wording.WORDS.values(), *wording.SENTENCES.values()]
    texts += [*wording.DETAILS.values(), *wording.HELPS.values(), wording.CHART_CAPTION]
    for text in texts:
        assert not [word for word in FORBIDDEN if word in text.lower()], text


def test_every_text_is_used_by_some_finding():
    fine = Limits(sdc=1.0, mic=3.0, source="x")
    findings = [
        compare(a, b, readings=r, days=d, limits=limits)
        for a, b in ((None, None), (7, None), (7, 6.5), (7, 5), (9, 1), (1, 9))
        for r in (0, 3, 8)
        for d in (0, 40)
        for limits in (PEG, fine)
    ]
    assert {f.word for f in findings} == wording.WORDS.keys()
    assert {f.sentence for f in findings} == wording.SENTENCES.keys()
    assert {part for f in findings for part in f.detail} == wording.DETAILS.keys()
    assert {part for f in findings for part in f.what_would_help} == wording.HELPS.keys()


def test_a_page_says_it_in_its_own_language_dates_and_numbers():
    said = parts(
        compare(7.0, 3.3),
        translate=lambda text: "%(later)s / %(later_on)s",
        dates=lambda day: day.isoformat(),
        numbers=lambda number: f"{number:.1f}".replace(".", ","),
    )
    assert said.sentence == "3,3 / 2026-03-27"


def test_scores_in_the_wrong_order_are_refused():
    with pytest.raises(BadComparison):
        first_sentence(
            earlier=Answered(score=5, on=NOW),
            later=Answered(score=3, on=NOW),
            limits=PEG,
            weekly_readings=8,
            daily_days=9,
        )


@pytest.mark.parametrize("wrong", [{"sdc": 0}, {"mic": -1}])
def test_a_limit_that_lets_everything_through_is_refused(wrong):
    with pytest.raises(BadComparison):
        Limits(**{"sdc": 2.8, "mic": 1.0, "source": "x", **wrong})
