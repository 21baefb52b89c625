"""Answers to an instrument from JSON: whatever is not certain is a sentence, never a guess."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.scoring import score
from unknot.interfaces.answers import document, score_file
from unknot.interfaces.answers.document import UnusableAnswers

GOOD = '{"answers": {"peg_p": 6, "peg_e": 7, "peg_g": 8}}'
TEXT = json.dumps("<b>" + "a" * 200_000)

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def read(text: str, instrument: str = "peg") -> score_file.ScoreAnswers:
    found = document.read(text.encode(), "answers.json")
    return score_file.read(found, catalogue.load().find(instrument))


def sentences(text: str, instrument: str = "peg") -> tuple[str, ...]:
    with pytest.raises(UnusableAnswers) as refused:
        read(text, instrument)
    return refused.value.problems


def answers(written: str) -> str:
    return f'{{"answers": {{"peg_p": {written}}}}}'


def test_points_are_read_by_item_and_null_is_a_question_left_open() -> None:
    given = read('{"version": 1, "language": "en", "answers": {"peg_p": 6, "peg_e": null}}')
    assert given == score_file.ScoreAnswers(points={"peg_p": 6, "peg_e": None}, language="en")


def test_a_byte_order_mark_is_no_problem() -> None:
    found = document.read(b"\xef\xbb\xbf" + GOOD.encode(), "answers.json")
    assert found["answers"] == {"peg_p": 6, "peg_e": 7, "peg_g": 8}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ('"6"', '"6"'),
        ("true", "true"),
        ("11", "11"),
        ("-1", "-1"),
        ("3.0", "3.0"),
        ("1e400", "1e400"),
        ("1e0", "1e0"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("-Infinity", "-Infinity"),
        ("9" * 5000, "9" * 39 + "…"),
        ("[6]", "a list"),
        ("{}", "an object"),
        (TEXT, '"<b>' + "a" * 36 + '…" (200,003 characters)'),
        ('"\\ud800\\u0000\\u202e"', '"\\ud800\\u0000\\u202e"'),
    ],
)
def test_an_answer_that_is_no_point_of_the_item_is_named(written: str, found: str) -> None:
    expected = f"answers.peg_p: found {found}, expected a whole number from 0 to 10."
    assert sentences(answers(written)) == (expected,)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '{"answers": {"peg_p": 6, "peg_p": 7}}',
            "answers.peg_p: found more than once, expected once.",
        ),
        ('{"answers": {}, "answers": {}}', "answers: found more than once, expected once."),
        (
            '{"answers": {"peg_x": 6}}',
            "answers.peg_x: found an item that peg does not have, "
            "expected one of peg_p, peg_e, peg_g.",
        ),
        (
            '{"version": 2, "answers": {}}',
            "version: found 2, expected 1, the version of peg that is scored here.",
        ),
        (
            '{"version": true, "answers": {}}',
            "version: found true, expected 1, the version of peg that is scored here.",
        ),
        (
            '{"language": "de", "answers": {}}',
            'language: found "de", expected "en", the language of the wording here.',
        ),
        (
            '{"instrument": "phq4", "answers": {}}',
            'instrument: found "phq4", expected "peg" as on the command line.',
        ),
        (
            '{"answer": {}, "answers": {}}',
            "answer: found a key that nothing reads, "
            "expected one of instrument, version, language, answers.",
        ),
        ("{}", "answers: found nothing, expected an object of item and points."),
        ('{"answers": []}', "answers: found a list, expected an object in braces."),
        ("[1]", "answers.json: found a list, expected an object in braces."),
        ("7", "answers.json: found 7, expected an object in braces."),
        ("", "answers.json is not JSON: it cannot be read at line 1, column 1."),
        ("{'answers': 1}", "answers.json is not JSON: it cannot be read at line 1, column 2."),
        ('{"answers":\n}', "answers.json is not JSON: it cannot be read at line 2, column 1."),
        (
            '{"answers": ' + "[" * 7 + "]" * 7 + "}",
            "answers.json is nested more than 6 levels deep: answers never are.",
        ),
        (
            "[" * 100_000,
            "answers.json is nested more than 6 levels deep: answers never are.",
        ),
        ('{"a": "' + "a" * 1_000_000, "answers.json is larger than 1 MB: answers never are."),
    ],
)
def test_each_thing_that_cannot_be_is_one_sentence(text: str, sentence: str) -> None:
    assert sentences(text) == (sentence,)


def test_every_problem_is_told_and_not_only_the_first() -> None:
    found = sentences('{"version": 3, "answers": {"peg_p": "6", "peg_e": 12, "peg_g": 1}}')
    assert [line.partition(":")[0] for line in found] == [
        "version",
        "answers.peg_p",
        "answers.peg_e",
    ]


def test_many_problems_are_counted_and_not_all_listed() -> None:
    many = json.dumps({"answers": {f"peg_{n}": 1 for n in range(80)}})
    with pytest.raises(UnusableAnswers) as refused:
        read(many)
    lines = str(refused.value).splitlines()
    assert len(lines) == document.LISTED + 1
    assert lines[-1] == "… and 30 more."


def test_a_key_with_control_letters_is_shown_without_them() -> None:
    (line,) = sentences('{"answers": {"\\u001b[31m\\ud800": 1}}')
    assert line.startswith("answers.\\u001b[31m\\ud800: found an item that peg does not have")


def test_an_item_answered_in_words_has_no_points() -> None:
    assert sentences('{"answers": {"ps_events": 1}}', "post_session") == (
        "answers.ps_events: found 1, expected null, "
        "because this item is answered in words and has no points.",
    )


def test_scoring_only_answers_may_say_the_language_they_were_given_in() -> None:
    given = read('{"language": "pt-BR", "answers": {"who5_1": 5}}', "who5")
    assert (given.language, given.points) == ("pt-BR", {"who5_1": 5})
    assert read('{"answers": {}}', "who5").language is None
    assert sentences('{"language": "Plain English", "answers": {}}', "who5") == (
        'language: found "Plain English", expected a short code such as "en" or "pt-BR".',
    )


def test_an_instrument_whose_items_are_not_known_takes_whole_numbers() -> None:
    assert read('{"answers": {"anything": 3}}', "psfs").points == {"anything": 3}
    assert sentences('{"answers": {"anything": "3"}}', "psfs") == (
        'answers.anything: found "3", expected a whole number.',
    )


@pytest.mark.parametrize(
    "instrument", sorted({*catalogue.load().instruments, *catalogue.load().scoring_only})
)
def test_the_worked_examples_of_every_instrument_come_through(instrument: str) -> None:
    entry = catalogue.load().find(instrument)
    for example in entry.example:
        given = read(json.dumps({"answers": example.answers}), instrument)
        assert dict(given.points) == example.answers
        assert score(entry, given.points).value == example.expect.value


def test_a_file_that_is_not_there_or_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    binary = tmp_path / "picture.json"
    binary.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    big = tmp_path / "big.json"
    big.write_bytes(b" " * (document.LARGEST + 1))
    for path, sentence in (
        (tmp_path / "none.json", "There is no file none.json."),
        (tmp_path / "none" / "none.json", "There is no file none.json."),
        (binary / "none.json", "There is no file none.json."),
        (tmp_path, f"{tmp_path.name} is a folder, expected a file of answers."),
        (binary, "picture.json is not a text file in UTF-8."),
        (big, "big.json is larger than 1 MB: answers never are."),
        (tmp_path / ("n" * 300), f"{'n' * 39}… cannot be read: File name too long."),
    ):
        with pytest.raises(UnusableAnswers) as refused:
            document.read_file(path)
        assert str(refused.value) == sentence


def problems_of(text: str, instrument: str = "peg") -> tuple[str, ...]:
    """The sentences of a refusal; empty when the answers were read."""
    try:
        read(text, instrument)
    except UnusableAnswers as refused:
        assert refused.problems  # noqa: PT017 - a refusal without a reason is the failure
        return refused.problems
    return ()


@given(JSON_VALUES | st.fixed_dictionaries({"answers": JSON_VALUES}))
def test_any_json_whatsoever_is_scored_or_refused_in_sentences(value: object) -> None:
    text = json.dumps(value)
    problems = problems_of(text)
    assert all(line.endswith(".") and "\n" not in line for line in problems)
    if not problems:
        assert score(catalogue.load().instrument("peg"), read(text).points).instrument == "peg"


@given(st.dictionaries(st.sampled_from(["peg_p", "peg_e", "peg_g"]), JSON_VALUES))
def test_only_whole_numbers_of_the_scale_and_null_come_through(said: dict[str, object]) -> None:
    fits = all(value is None or value in range(11) for value in said.values())
    strange = any(isinstance(value, bool | float) for value in said.values())
    assert bool(problems_of(json.dumps({"answers": said}))) == (strange or not fits)


@given(st.binary(max_size=200))
def test_any_bytes_whatsoever_are_an_object_or_refused(raw: bytes) -> None:
    try:
        found: object = document.read(raw, "answers.json")
    except UnusableAnswers as refused:
        found = refused
    assert isinstance(found, document.Object) or str(found).startswith("answers.json")
