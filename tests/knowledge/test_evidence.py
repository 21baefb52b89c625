"""The words of the page about body and mind: short, sourced, and nothing left out."""

import re

import pytest

from unknot.domain.guidance import evidence

KNOWN = evidence.load()
PAGE = KNOWN.body_and_mind
#: What people read elsewhere about massage; each must have its answer here.
READ_ELSEWHERE = {
    "cortisol",
    "inflammation",
    "circulation",
    "oxygen",
    "soreness",
    "flexibility",
    "posture",
    "injury_risk",
    "endorphins",
    "anxiety_now",
    "depression",
    "toxins_water",
    "lactic_acid",
}
MOST_WORDS = 20


def long_sentences(text: str) -> list[str]:
    sentences = re.split(r"(?<=[.?!])\s+", text)
    return [one for one in sentences if len(one.split()) > MOST_WORDS]


def texts() -> list[str]:
    passages = (passage for section in PAGE.section for passage in section.passage)
    return [PAGE.lead, *(passage.text for passage in passages)]


def test_what_people_read_elsewhere_has_its_answer() -> None:
    answered = {name for one in PAGE.elsewhere for name in one.claims}
    assert answered >= READ_ELSEWHERE


def test_stress_tension_pain_sleep_and_mood_each_have_their_part() -> None:
    headings = " ".join(section.heading for section in PAGE.section).lower()
    for word in ("stress", "tension", "pain", "sleep", "mood"):
        assert word in headings


@pytest.mark.parametrize("section", PAGE.section[:4], ids=lambda section: section.id)
def test_each_pull_of_body_and_mind_says_what_is_not_known(section: evidence.Section) -> None:
    assert "not_known" in {passage.kind for passage in section.passage}


def test_what_nothing_published_backs_is_never_said_to_be_known_for_sure() -> None:
    for section in PAGE.section:
        for passage in section.passage:
            if passage.text and passage.kind == "known" and passage.basis is not None:
                assert passage.conf == "unsure", passage.text


def test_sentences_of_the_page_are_short() -> None:
    assert [sentence for text in texts() for sentence in long_sentences(text)] == []


def test_a_long_sentence_would_be_found() -> None:
    assert long_sentences("A short one. " + "word " * 21 + "end.") != []


def test_claims_that_had_no_study_say_so_in_their_own_words() -> None:
    for name in ("oxygen", "injury_risk"):
        claim = KNOWN.claim(name)
        assert (claim.basis, claim.origin, claim.conf) == (
            "unsourced consensus",
            "none found",
            "unsure",
        )
        assert claim.say.startswith("We found no good")


def test_no_claim_speaks_to_authors_instead_of_readers() -> None:
    assert [claim.id for claim in KNOWN.claims if "claim" in claim.say.lower()] == []
