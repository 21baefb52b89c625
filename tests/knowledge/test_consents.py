"""The consent texts: every version stays, in plain sentences, for each purpose that is asked."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from unknot.domain import consents
from unknot.domain.knowledge import KnowledgeError
from unknot.people.models import Purpose
from unknot.people.reads import CONSENT_VERSION

TEXT = """
[[text]]
version = {version}
language = "{language}"
title = "Keep it"
text = "We keep it. You may take this back."
source = "own wording"
reviewed_by = ""
"""
WORDS_MAX = 32  # in one sentence


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    def write(*versions: tuple[int, str], start: str = 'id = "care"\n') -> Path:
        texts = (TEXT.format(version=version, language=lang) for version, lang in versions)
        (tmp_path / "care.toml").write_text(start + "".join(texts), encoding="utf-8")
        return tmp_path

    return write


def sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=\.)\s+", text.strip()) if one]


def test_each_purpose_has_texts_and_no_text_is_without_a_purpose() -> None:
    assert {one.id for one in consents.load().purposes} == set(Purpose.values)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_label_of_a_purpose_is_the_title_of_its_newest_text(purpose: Purpose) -> None:
    assert str(purpose.label) == consents.load().newest(purpose).title


@pytest.mark.parametrize("purpose", list(Purpose))
def test_each_text_is_two_to_four_plain_sentences(purpose: Purpose) -> None:
    for version in range(1, consents.load().newest(purpose).version + 1):
        said = sentences(consents.load().text(purpose, version).text)
        assert 2 <= len(said) <= 4
        assert max(len(one.split()) for one in said) <= WORDS_MAX


@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_newest_text_says_what_taking_it_back_does(purpose: Purpose) -> None:
    assert "take this back" in consents.load().newest(purpose).text


def test_what_was_agreed_to_first_is_still_there_word_by_word() -> None:
    first = consents.load().text("share_body", 1)
    assert first.title == "My therapist sees safety and body answers"
    assert first.text == consents.load().text("share_safety", 1).text


def test_a_check_in_begins_under_the_newest_text_of_care() -> None:
    assert consents.load().newest("care").version == CONSENT_VERSION


def test_a_version_or_a_purpose_that_was_never_written_is_an_error() -> None:
    for purpose, version in [("care", 99), ("care", 0), ("marketing", 1)]:
        with pytest.raises(KeyError):
            consents.load().text(purpose, version)


def test_a_translation_is_given_and_english_where_there_is_none(
    folder: Callable[..., Path],
) -> None:
    found = consents.load(folder((1, "en"), (2, "en"), (1, "de")))
    assert found.text("care", 1, "de").language == "de"
    assert found.text("care", 2, "de").language == "en"
    assert found.newest("care").version == 2


@pytest.mark.parametrize(
    ("versions", "problem"),
    [
        ([(1, "en"), (1, "en")], "twice in one language"),
        ([(2, "en")], "without a hole"),
        ([(1, "en"), (3, "en")], "without a hole"),
        ([(1, "en"), (2, "de")], "version 2 has no English text"),
    ],
)
def test_a_file_that_lost_a_version_is_refused(
    folder: Callable[..., Path], versions: list[tuple[int, str]], problem: str
) -> None:
    with pytest.raises(KnowledgeError, match=problem):
        consents.load(folder(*versions))


@pytest.mark.parametrize("start", ['id = "marketing"\n', 'id = "care"\nnote = "x"\n'])
def test_an_unknown_purpose_or_key_is_refused(folder: Callable[..., Path], start: str) -> None:
    with pytest.raises(KnowledgeError):
        consents.load(folder((1, "en"), start=start))
