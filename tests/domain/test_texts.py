"""Names on one line and texts on many, whatever was typed."""

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from unknot.domain.texts import BREAK, MARKS, OVERRIDES, one_line, paragraphs

TYPED = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(sorted(OVERRIDES | MARKS)),
        st.sampled_from("\r\n\t\v\f\x00\x1b\x85\u2028\u2029 a"),
    )
)
HEBREW = "\u05d0\u05d1"


@given(TYPED)
@example("Ana\r\nBcc: all")
@example("gnp.\u202eexe")
def test_a_name_is_one_line_that_reads_as_it_is_stored(typed: str) -> None:
    name = one_line(typed)
    assert not BREAK.search(name)
    assert not set(name) & (OVERRIDES | MARKS)
    assert not any(unicodedata.category(one) == "Cc" for one in name)
    assert name == name.strip()
    assert one_line(name) == name


@given(TYPED)
@example("first\r\nsecond\rthird")
def test_a_text_keeps_its_lines_and_nothing_that_misleads(typed: str) -> None:
    text = paragraphs(typed)
    assert not set(text) & OVERRIDES
    assert not any(unicodedata.category(one) == "Cc" for one in text.replace("\n", ""))
    assert paragraphs(text) == text


@given(st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1), min_size=1))
def test_ordinary_words_stay_as_they_are(words: list[str]) -> None:
    said = [word.strip() for word in words if word.strip()]
    assert one_line(" ".join(said)) == " ".join(" ".join(said).split())
    assert paragraphs("\n".join(said)) == "\n".join(said)


def test_lines_and_directions_are_kept_where_a_text_needs_them() -> None:
    assert paragraphs("one\r\n\r\ntwo\u2028three") == "one\n\ntwo\nthree"
    assert paragraphs(f"{HEBREW}\u200e 5") == f"{HEBREW}\u200e 5"
    assert one_line(f"{HEBREW}\u200e 5") == f"{HEBREW} 5"
    assert one_line("Ana\nB") == "Ana B"
