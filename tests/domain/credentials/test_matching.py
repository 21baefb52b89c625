"""Two of three: which differences in writing count, and what a source may confirm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.credentials.matching import (
    Facts,
    confirms,
    facts,
    is_candidate,
    matches,
    name_key,
    number_key,
)

ANA = facts("MT.0012345", "Ana O’Brien-Núñez", "US-CO")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Brien", "O’BRIEN"),
        ("O´Brien", "OBrien"),
        ("O`Brien", "o brien"),
        ("Ana-Maria Lopez", "Ana Maria Lopez"),
        ("Ana\N{NON-BREAKING HYPHEN}Maria", "ana\N{NO-BREAK SPACE}maria"),
        ("Müller", "Mu\N{COMBINING DIAERESIS}ller"),
        ("Groß", "GROSS"),
        ("Ἀθηνᾶ", "ἀθηνᾶ"),
        ("Анна Смирнова", "АННА  СМИРНОВА"),
        ("山田 太郎", "山田太郎"),
        ("ﾔﾏﾀﾞ", "ヤマダ"),
        ("नीता", "नीता "),
    ],
)
def test_a_name_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana Lopez", "Lopez Ana"),
        ("Müller", "Muller"),
        ("Анна", "Aнна"),  # the second one begins with a Latin letter
        ("नीता", "नता"),
        ("Ana", "Anna"),
    ],
)
def test_another_name_stays_another_name(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_a_number_keeps_its_letters_and_its_leading_noughts() -> None:
    assert number_key("mt-0012 345") == number_key("MT.0012345")
    assert number_key("MT.0012345") != number_key("MT.12345")
    assert number_key("0012345") != number_key("MT0012345")


def test_keys_are_never_longer_than_their_columns() -> None:
    assert len(name_key("ﷺ" * 160)) == 160
    assert len(number_key("ß" * 60)) == 60


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    key = name_key(text)
    assert name_key(key) == key


@given(st.text(st.characters(codec="ascii")), st.sampled_from("'’‘- ‐"), st.integers(0, 20))
def test_a_mark_anywhere_changes_nothing(text: str, mark: str, place: int) -> None:
    assert name_key(text[:place] + mark + text[place:]) == name_key(text)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (facts("mt0012345", "ANA O'BRIEN NÚÑEZ", "us-co"), {"number", "name", "state"}),
        (facts("MT.0012345", "ANA OBRIEN NUNEZ", "US-CO"), {"number", "state"}),
        (facts("MT.0012345", "Ana O'Brien Núñez", "US-WA"), {"number", "name"}),
        (facts("MT.9", "Ana O'Brien Núñez", "US-CO"), {"name", "state"}),
        (facts("MT.9", "Ana O'Brien Núñez", "US-WA"), {"name"}),
        (facts("", "", ""), set()),
    ],
)
def test_what_agrees_is_named(row: Facts, expected: set[str]) -> None:
    assert matches(ANA, row) == matches(row, ANA) == expected
    assert is_candidate(matches(ANA, row)) is (len(expected) >= 2)


def test_nothing_matches_nothing() -> None:
    empty = facts("--", " ' ", " ")
    assert empty == Facts(number="", name="", state="")
    assert matches(empty, empty) == frozenset()


@pytest.mark.parametrize(
    ("source", "matched", "expected"),
    [
        ("colorado", {"number", "name"}, True),
        ("washington", {"number", "name", "state"}, True),
        ("colorado", {"number", "state"}, False),
        ("colorado", {"name", "state"}, False),
        ("nppes", {"number", "name", "state"}, False),
        ("generic", {"number", "name", "state"}, False),
        ("", {"number", "name", "state"}, False),
    ],
)
def test_only_a_board_confirms_and_only_by_number_and_name(
    source: str, matched: set[str], expected: bool
) -> None:
    assert confirms(source, frozenset(matched)) is expected  # type: ignore[arg-type]
