"""The first honest sentence about the pain questionnaire, and its words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.outcomes import norms as known_norms
from unknot.domain.outcomes import summary_wording as wording
from unknot.domain.outcomes.norms import Norms
from unknot.domain.outcomes.questionnaires import Answered, Scale, change
from unknot.domain.outcomes.sentences import Text, load
from unknot.domain.outcomes.summary import Finding, first_sentence
from unknot.domain.outcomes.summary_wording import parts, say

RULES = known_norms.load()
PEG = Scale(lower_is_better=True, mic=1.0, source="Reed 2024", known=RULES.known("peg"))
NORMS = Norms(mean=4.0, sd=2.0, clients=100, own=True)
THEN = date(2026, 1, 26)
SCORES = st.integers(0, 30).map(lambda tenths: round(tenths / 3, 1))


def compare(
    *scores: float,
    weeks: int = 7,
    readings: int = 8,
    days: int = 40,
    scale: Scale = PEG,
    norms: Norms | None = NORMS,
) -> Finding:
    given_on = [THEN + timedelta(weeks=weeks * number) for number in range(len(scores))]
    answered = [Answered(score=one, on=on) for one, on in zip(scores, given_on, strict=True)]
    found = change(answered, scale=scale, norms=norms, rules=RULES)
    return first_sentence(
        found, scale=scale, rules=RULES, weekly_readings=readings, daily_days=days
    )


def test_a_fall_beyond_the_way_back_is_said_with_both_numbers_and_no_cause() -> None:
    said = say(compare(7.0, 3.0))
    assert said.startswith(
        "Your pain score is better than when you started, by more than scores move by themselves: "
        "7.0 to 3.0."
    )
    assert "Change is not cause." in said
    assert "26 January 2026 with 16 March 2026" in said
    assert "would now score about 5.9" in said
    assert "from 100 clients" in said
    assert "Reed 2024" in said


def test_a_rise_is_said_as_plainly_and_at_any_time() -> None:
    finding = compare(1.0, 8.0, weeks=1)
    assert finding.word == "worse"
    assert "1.0 to 8.0" in say(finding)
    assert "tell your therapist" in say(finding)


def test_a_fall_of_three_points_can_be_the_way_back() -> None:
    finding = compare(7.0, 4.0)
    assert (finding.word, finding.known) == ("cannot_tell", False)
    assert "scores move that far by themselves" in say(finding)
    assert "people come when it is worst" in say(finding)


def test_outside_the_weeks_that_were_measured_a_range_is_expected() -> None:
    assert "would now score 4.0 to 5.9" in say(compare(7.0, 3.0, weeks=12))


def test_before_six_weeks_nothing_is_called_better() -> None:
    finding = compare(9.0, 0.0, weeks=2)
    assert finding.sentence == "too_soon"
    assert "Before 6 weeks" in say(finding)


def test_below_four_weekly_readings_it_could_be_chance() -> None:
    assert "could be chance or natural recovery" in say(compare(7.0, 3.0, readings=3))
    assert "could be chance or natural recovery" not in say(compare(7.0, 3.0, readings=4))


def test_what_would_help_counts_what_is_missing() -> None:
    assert any("3 of 7" in text for text in parts(compare(9, 1, days=3)).what_would_help)
    assert not any("of 7" in text for text in parts(compare(9, 1, days=7)).what_would_help)
    assert "later answers of 20 clients" in say(compare(7, 3, norms=None))


def test_nothing_and_one_score_are_said_as_such() -> None:
    assert "no answers" in say(compare())
    assert "only one score" in say(compare(7.0))
    assert not compare(7.0).known


@given(st.lists(SCORES, max_size=2), st.integers(0, 9), st.integers(0, 40), st.integers(1, 30))
def test_each_finding_is_filled_in_and_claims_no_cause(
    scores: list[float], readings: int, days: int, weeks: int
) -> None:
    finding = compare(*scores, readings=readings, days=days, weeks=weeks)
    said = parts(finding)
    assert said.what_would_help
    assert all("%" not in text for text in (said.sentence, *said.detail, *said.what_would_help))
    if finding.known:
        assert (finding.word == "improved") == (scores[1] < scores[0])
        assert any("Change is not cause" in text for text in said.detail)
    else:
        assert said.sentence.startswith("We cannot tell")


FORBIDDEN = ("likely", "proven", "cure", "heal", "works", "no effect", "detox", "because of")


def texts() -> dict[str, Text]:
    known = load()
    parts = ("_word", "", "_detail", "_help")
    return {
        f"{part}.{name}": text
        for part in parts
        for name, text in getattr(known, f"questionnaire{part}").items()
    }


def test_no_text_promises_or_explains_away() -> None:
    for text in (*(one.en for one in texts().values()), wording.CHART_CAPTION):
        assert not [word for word in FORBIDDEN if word in text.lower()], text


def test_every_text_is_used_by_some_finding() -> None:
    narrow = Norms(mean=4.0, sd=0.3, clients=100, own=True)
    findings = [
        compare(*scores, readings=r, days=d, weeks=weeks, scale=scale, norms=norms)
        for scores in ((), (7,), (7, 4), (7, 3), (4, 3.2), (1, 9))
        for r in (0, 8)
        for d in (0, 40)
        for weeks in (2, 7, 12)
        for scale in (PEG, replace(PEG, mic=None), replace(PEG, known=None))
        for norms in (NORMS, narrow, None)
    ]
    assert {f.word for f in findings} == load().questionnaire_word.keys()
    assert {f.sentence for f in findings} == load().questionnaire.keys()
    assert {part for f in findings for part in f.detail} == load().questionnaire_detail.keys()
    assert {
        part for f in findings for part in f.what_would_help
    } == load().questionnaire_help.keys()


def test_a_page_says_it_in_its_own_language_dates_and_numbers() -> None:
    said = parts(
        compare(7.0, 3.0),
        language="de",
        dates=lambda day: day.isoformat(),
        numbers=lambda number: f"{number:.1f}".replace(".", ","),
    )
    assert said.word == "Besser als am Anfang"
    assert said.sentence.endswith("als Werte sich von selbst bewegen: 7,0 auf 3,0.")
    assert "2026-03-16" in said.detail[0]


@pytest.mark.parametrize("why", ["no_mic", "no_retest"])
def test_what_nobody_measured_is_said(why: str) -> None:
    scale = replace(PEG, mic=None) if why == "no_mic" else replace(PEG, known=None)
    assert compare(7, 3, scale=scale).sentence == why
