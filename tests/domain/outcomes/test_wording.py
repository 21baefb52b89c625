"""Every finding can be said, in both languages, in words that claim no more than the rule."""

import re
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.guidance import catalogue
from unknot.domain.knowledge import KNOWLEDGE, KnowledgeError, read
from unknot.domain.outcomes import wording
from unknot.domain.outcomes.findings import (
    OUTCOMES,
    Better,
    BetterState,
    Estimate,
    Gate,
    Link,
    LinkState,
    Outcome,
    State,
    Verdict,
)
from unknot.domain.outcomes.sentences import Language, Sentences, load
from unknot.domain.outcomes.wording import Said, chance, language_of, number, say

LANGUAGES: tuple[Language, ...] = ("en", "de")
GATES = (Gate(name="days", have=20, need=28), Gate(name="check_ins", have=20, need=14))


def estimate(
    mean: float = -1.1, low: float = -1.9, high: float = -0.4, p: float = 0.99
) -> Estimate:
    return Estimate(mean=mean, low=low, high=high, p_better=p, p_worth=p * 0.9)


def verdict(
    state: State, outcome: Outcome = "pain", technique: str | None = None, **more: object
) -> Verdict:
    effect = None if state == "too_early" else estimate()
    values = {"effect": effect, "gates": GATES, "main": True} | more
    return Verdict(outcome=outcome, technique=technique, state=state, **values)  # type: ignore[arg-type]


def all_text(said: Said) -> str:
    return " ".join([said.word, said.sentence, *said.detail, *said.help, *said.others])


def everything() -> list[Verdict | Better | Link]:
    names = [None, *(one.id for one in catalogue.load().techniques)]
    found: list[Verdict | Better | Link] = [
        verdict(
            state, outcome, name, kept=True, identified=False, main=False, with_others=estimate()
        )
        for state, outcome, name in product(get_args(State), OUTCOMES, names)
    ]
    for state, outcome in product(get_args(BetterState), OUTCOMES):
        change = None if state == "too_early" else estimate()
        found.append(Better(outcome=outcome, state=state, change=change, p_point=0.9, gates=GATES))
    found += [
        Link(state=state, pairs=40, days=90, same_day=0.4, gates=GATES)
        for state in get_args(LinkState)
    ]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_can_be_said_without_a_gap_or_a_banned_word(language: Language) -> None:
    banned = catalogue.load().banned.phrases
    assert "cures" in banned  # the list is really the list
    for finding in everything():
        text = all_text(say(finding, language, painkiller_days=2))
        assert "%" not in text
        assert "None" not in text
        for phrase in banned:
            assert not re.search(rf"\b{re.escape(phrase)}\b", text, re.IGNORECASE), phrase


def test_english_sentences_stay_short() -> None:
    for finding in everything():
        for text in [say(finding, "en").sentence, *say(finding, "en").detail]:
            for sentence in re.split(r"(?<=[.!?])\s", text):
                assert len(sentence.split()) <= 20, sentence


def test_what_a_clear_effect_says() -> None:
    said = say(verdict("likely_helps"), "en", worth=0.5)
    assert said.word == "Likely helps"
    assert said.sentence == (
        "Massage likely helps you: about 1.1 points less pain over the 3 days after a session."
    )
    assert "What fits your check-ins: 0.4 to 1.9 points less." in said.detail
    assert "It is probably more than 0.5 points, which you count as worth it." in said.detail
    assert "Whatever it is, it includes rest, attention and expectation." in said.detail
    german = say(verdict("likely_helps"), "de")
    assert german.sentence == (
        "Massage hilft Ihnen wahrscheinlich: etwa 1,1 Punkte weniger Schmerzen in den 3 Tagen "
        "nach einer Sitzung."
    )


def test_an_early_sign_says_how_many_see_one_for_nothing() -> None:
    said = say(verdict("early_sign", effect=estimate(-0.9, -1.9, 0.1, 0.93)), "en")
    assert "Four in ten people with no benefit see a sign like this at some time." in said.detail
    assert "What fits your check-ins: from 1.9 points less to 0.1 points more." in said.detail
    assert "93 in 100" in all_text(said)
    assert "likely helps you" not in said.sentence


def test_four_in_ten_is_said_of_nothing_else() -> None:
    for state in ("cannot_tell", "likely_helps", "tends_higher"):
        assert "Four in ten" not in all_text(say(verdict(state), "en"))  # type: ignore[arg-type]


def test_a_closed_gate_says_what_is_missing_and_no_number_of_points() -> None:
    gates = (
        Gate(name="days", have=27, need=28),
        Gate(name="check_ins", have=14, need=14),
        Gate(name="sessions_between_check_ins", have=1, need=3),
    )
    said = say(verdict("too_early", gates=gates), "en")
    assert said.help[:2] == (
        "One more day until four weeks of check-ins.",
        "2 more sessions with a check-in before and after.",
    )
    assert "points" not in all_text(said)
    assert say(verdict("too_early", gates=gates), "de").help[0].startswith("Noch ein Tag")


def test_sleep_that_gets_better_is_not_called_more() -> None:
    up = estimate(0.8, 0.2, 1.4)
    said = say(verdict("likely_helps", "sleep", effect=up), "en")
    assert "sleep about 0.8 points better" in said.sentence
    assert "0.2 to 1.4 points better" in said.detail[0]
    worse = say(verdict("tends_higher", "mood", effect=estimate(-0.8, -1.4, -0.2, 0.001)), "en")
    assert worse.word == "Tends to be worse after"


def test_a_kept_claim_says_so_and_the_other_outcomes_say_they_need_more() -> None:
    assert "We said so before" in all_text(say(verdict("likely_helps", kept=True), "en"))
    assert "We said so before" not in all_text(say(verdict("likely_helps"), "en"))
    assert "99.8" in all_text(say(verdict("early_sign", main=False), "en"))
    assert "99,8" in all_text(say(verdict("early_sign", main=False), "de"))


def test_what_others_report_never_mixes_with_ones_own() -> None:
    said = say(verdict("cannot_tell", with_others=estimate(-1.3, -1.8, -0.7, 0.91)), "en")
    assert said.others[0] == (
        "Adding what other clients report: 91 in 100. This leans on them, not only on you."
    )
    assert not any("91" in one or "1.3" in one for one in said.detail)
    assert say(verdict("cannot_tell"), "en").others == ()


def test_a_level_that_fell_is_not_called_the_work_of_massage() -> None:
    change = estimate(-1.8, -2.5, -1.1)
    better = Better(outcome="pain", state="better", change=change, p_point=0.98, gates=())
    said = say(better, "en")
    assert "by at least 1 point, beyond your usual ups and downs" in said.sentence
    assert "not why" in all_text(said)
    assert "%" not in all_text(said)


def test_nothing_is_said_of_what_is_no_finding() -> None:
    with pytest.raises(TypeError, match="nothing is said of a str"):
        say("pain", "en")


@given(p=st.floats(0, 1))
def test_no_chance_is_called_certain(p: float) -> None:
    assert chance(p) in {">99", *map(str, range(1, 100))}


@given(
    mean=st.floats(-10, 10),
    spread=st.floats(0, 5),
    p=st.floats(0, 1),
    outcome=st.sampled_from(OUTCOMES),
)
def test_any_estimate_can_be_said(mean: float, spread: float, p: float, outcome: Outcome) -> None:
    effect = estimate(mean, mean - spread, mean + spread, p)
    for language in LANGUAGES:
        assert all_text(say(verdict("cannot_tell", outcome, effect=effect), language))


def test_the_readers_language() -> None:
    assert [language_of(code) for code in ("de", "de-ch", "DE", "en", "ar", None)] == [
        "de", "de", "de", "en", "en", "en",
    ]  # fmt: skip
    assert (number(1.25, "en"), number(-0.6, "de")) == ("1.2", "-0,6")
    assert wording.start_label(5.6, "de") == "Ihr Anfang, 5,6"


def test_a_text_that_names_other_values_than_its_twin_is_refused(tmp_path: object) -> None:
    file = KNOWLEDGE / "outcomes" / "sentences.toml"
    broken = file.read_text().replace("Noch %(more)s Tage", "Noch einige Tage")
    path = tmp_path / "sentences.toml"  # type: ignore[operator]
    path.write_text(broken)
    with pytest.raises(KnowledgeError, match="name different values"):
        read(path, Sentences)
    assert load().gate["days_many"].de.startswith("Noch %(more)s")
