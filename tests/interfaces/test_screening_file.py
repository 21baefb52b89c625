"""Answers to the safety table from JSON: whatever is not certain is a sentence, never a guess."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import TODAY
from tests.interfaces.test_score_file import JSON_VALUES, TEXT
from unknot.domain.bodymap import regions as bodymap
from unknot.domain.screening import catalogue
from unknot.domain.screening.decide import decide
from unknot.domain.screening.questions import asked_about
from unknot.interfaces.answers import document, screening_file
from unknot.interfaces.answers.document import UnusableAnswers

TABLE = catalogue.load()
KEYS = "expected one of version … cleared (12 are known)"


def read(text: str, today: date = TODAY) -> screening_file.ScreeningAnswers:
    return screening_file.read(document.read(text.encode(), "answers.json"), TABLE, today=today)


def sentences(text: str) -> tuple[str, ...]:
    with pytest.raises(UnusableAnswers) as refused:
        read(text)
    return refused.value.problems


def with_age(rest: str) -> str:
    return f'{{"age": 40, {rest}}}'


def test_everything_a_file_may_say_is_read() -> None:
    given = read(
        json.dumps(
            {
                "version": 1,
                "age": 52,
                "today": "2026-03-27",
                "onset_on": "2026-03-13",
                "marks": [
                    {"region": "cervical_l", "view": "back", "intensity": 6},
                    {"region": "jaw_l"},
                ],
                "told": ["headaches"],
                "red_flags": {"rf_night": "no", "rf_gca": None},
                "conditions": {"acute_injury": "yes"},
                "medicines": {"anticoagulant": "unsure"},
                "facts": {"vision_change": "no"},
                "where": {"acute_injury": ["hand", "cervical_l"]},
                "cleared": ["rf_night"],
            }
        ),
        today=date(2020, 1, 1),
    )
    assert (given.age, given.regions, given.told) == (52, ("cervical_l", "jaw_l"), ("headaches",))
    assert given.onset_weeks == 2.0
    assert given.answers.red_flags == {"rf_night": "no"}
    assert given.answers.medicines == {"anticoagulant": "unsure"}
    hands = {region.id for region in bodymap.load().in_group("hand")}
    assert given.answers.where == {"acute_injury": frozenset({"cervical_l", *hands})}
    assert given.cleared == ("rf_night",)


def test_an_age_alone_leaves_everything_unanswered() -> None:
    given = read('{"age": 18}')
    assert given.onset_weeks is None
    assert given.regions == ()
    assert given.answers.conditions == {}


def test_an_onset_today_is_zero_weeks_ago() -> None:
    assert read(with_age('"onset_on": "2026-03-27"')).onset_weeks == 0.0


def test_an_empty_where_names_no_place() -> None:
    assert read(with_age('"where": {"acute_injury": []}')).answers.where == {}


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ('"version": 2', "version: found 2, expected 1, the version of the table here."),
        ('"version": 1.0', "version: found 1.0, expected 1, the version of the table here."),
        ('"name": "Ana"', f"name: found a key that nothing reads, {KEYS}."),
        (
            '"onset_on": "2026-03-28"',
            'onset_on: found "2026-03-28", '
            "expected a day up to 2026-03-27 and at most 120 years back.",
        ),
        (
            '"today": "2026-01-01", "onset_on": "2026-01-02"',
            'onset_on: found "2026-01-02", '
            "expected a day up to 2026-01-01 and at most 120 years back.",
        ),
        (
            '"onset_on": "1805-12-31"',
            'onset_on: found "1805-12-31", '
            "expected a day up to 2026-03-27 and at most 120 years back.",
        ),
        (
            '"onset_on": "2026-02-30"',
            'onset_on: found "2026-02-30", expected a day such as 2026-03-27.',
        ),
        (
            '"onset_on": "27.3.2026"',
            'onset_on: found "27.3.2026", expected a day such as 2026-03-27.',
        ),
        ('"onset_on": 20260327', "onset_on: found 20260327, expected a day such as 2026-03-27."),
        (
            '"today": ' + TEXT,
            'today: found "<b>' + "a" * 36 + '…" (200,003 characters), '
            "expected a day such as 2026-03-27.",
        ),
        ('"marks": {}', "marks: found an object, expected a list in brackets."),
        (
            '"marks": ["cervical_l"]',
            'marks[0]: found "cervical_l", expected an object such as {"region": "cervical_l"}.',
        ),
        (
            '"marks": [{"region": "elbow"}]',
            'marks[0].region: found "elbow", expected a region of the body map.',
        ),
        (
            '"marks": [{"region": 7}]',
            "marks[0].region: found 7, expected a region of the body map.",
        ),
        (
            '"marks": [{"region": ["neck"]}]',
            "marks[0].region: found a list, expected a region of the body map.",
        ),
        ('"marks": [{}]', "marks[0].region: found nothing, expected a region of the body map."),
        (
            '"marks": [{"region": "saddle"}]',
            'marks[0].region: found "saddle", '
            "expected a region that can be marked; this one is asked about in words.",
        ),
        (
            '"marks": [{"region": "jaw_l"}, {"region": "jaw_l"}]',
            "marks[1].region: found jaw_l marked before, expected each region once.",
        ),
        (
            '"marks": [{"region": "jaw_l", "view": "back"}]',
            'marks[0].view: found "back", expected "front", where jaw_l is drawn.',
        ),
        (
            '"marks": [{"region": "jaw_l", "view": "front"}, {"region": "jaw_l", "view": "back"}]',
            "marks[1].region: found jaw_l under front and back, expected one mark on its own view.",
        ),
        (
            '"marks": [{"region": "jaw_l", "intensity": 11}]',
            "marks[0].intensity: found 11, expected a whole number from 1 to 10.",
        ),
        (
            '"marks": [{"region": "jaw_l", "intensity": 1e400}]',
            "marks[0].intensity: found 1e400, expected a whole number from 1 to 10.",
        ),
        (
            '"marks": [{"region": "jaw_l", "side": "left"}]',
            "marks[0].side: found a key that nothing reads, "
            "expected one of region, view, intensity.",
        ),
        (
            '"marks": [{"region": "jaw_l", "region": "jaw_r"}]',
            "marks[0].region: found more than once, expected once.",
        ),
        (
            '"told": ["toothache"]',
            'told[0]: found "toothache", expected one of headaches, shoulder_pain, arm_numbness.',
        ),
        (
            '"told": ["headaches", "headaches"]',
            'told[1]: found "headaches" again, expected it once.',
        ),
        (
            '"red_flags": {"rf_none": "yes"}',
            "red_flags.rf_none: found what the table does not ask, "
            "expected one of rf_abuse … rf_systemic (27 are known).",
        ),
        (
            '"conditions": {"rf_night": "yes"}',
            "conditions.rf_night: found what the table does not ask, "
            "expected one of acute_injury … varicose (46 are known).",
        ),
        ('"conditions": "yes"', 'conditions: found "yes", expected an object in braces.'),
        (
            '"medicines": {"opioid": "maybe"}',
            'medicines.opioid: found "maybe", expected yes, no or unsure.',
        ),
        ('"facts": {"pregnant": true}', "facts.pregnant: found true, expected yes, no or unsure."),
        (
            '"red_flags": {"rf_night": ["yes"]}',
            "red_flags.rf_night: found a list, expected yes, no or unsure.",
        ),
        (
            '"red_flags": {"rf_night": "yes", "rf_night": "no"}',
            "red_flags.rf_night: found more than once, expected once.",
        ),
        (
            '"where": {"acute_injury": ["knee cap"]}',
            'where.acute_injury[0]: found "knee cap", '
            "expected an area or a region of the body map.",
        ),
        (
            '"where": {"acute_injury": "neck"}',
            'where.acute_injury: found "neck", expected a list of areas or regions in brackets.',
        ),
        (
            '"where": {"rf_night": ["neck"]}',
            "where.rf_night: found what the table does not ask, expected a condition or medicine.",
        ),
        (
            '"cleared": ["everything"]',
            'cleared[0]: found "everything", expected a red flag or a rule of the table.',
        ),
    ],
)
def test_each_thing_that_cannot_be_is_one_sentence(rest: str, sentence: str) -> None:
    assert sentences(with_age(rest)) == (sentence,)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{}", "nothing"),
        ('{"age": 17}', "17"),
        ('{"age": 121}', "121"),
        ('{"age": "40"}', '"40"'),
        ('{"age": 40.0}', "40.0"),
        ('{"age": true}', "true"),
        ('{"age": null}', "null"),
        ('{"age": NaN}', "NaN"),
    ],
)
def test_an_age_the_table_cannot_use_is_one_sentence(text: str, found: str) -> None:
    assert sentences(text) == (f"age: found {found}, expected a whole number from 18 to 120.",)


def test_every_problem_is_told_and_not_only_the_first() -> None:
    found = sentences('{"age": 3, "told": 1, "marks": [7], "facts": {"pregnant": 0}}')
    assert [line.partition(":")[0] for line in found] == [
        "age",
        "marks[0]",
        "told",
        "facts.pregnant",
    ]


@given(
    JSON_VALUES
    | st.fixed_dictionaries(
        {"age": st.integers(10, 130) | JSON_VALUES},
        optional={key: JSON_VALUES for key in screening_file.KEYS if key != "age"},
    )
)
def test_any_json_whatsoever_is_decided_or_refused_in_sentences(value: object) -> None:
    try:
        problems, age = (), read(json.dumps(value)).age
    except UnusableAnswers as refused:
        problems, age = refused.problems, None
    assert bool(problems) == (age is None)
    assert all(line.endswith(".") and "\n" not in line for line in problems)
    assert age is None or 18 <= age <= 120


@given(
    st.fixed_dictionaries(
        {"age": st.integers(18, 120)},
        optional={
            "red_flags": st.dictionaries(
                st.sampled_from(sorted(TABLE.ids.red_flags)),
                st.sampled_from(screening_file.REPLIES),
            ),
            "conditions": st.dictionaries(
                st.sampled_from(sorted(TABLE.ids.conditions)),
                st.sampled_from(screening_file.REPLIES),
            ),
            "where": st.dictionaries(
                st.sampled_from(sorted(TABLE.ids.conditions)),
                st.lists(st.sampled_from([*bodymap.load().by_id, "neck", "legs"])),
            ),
            "told": st.lists(st.sampled_from(["headaches", "arm_numbness"]), unique=True),
        },
    )
)
def test_whatever_is_read_can_be_decided(value: dict[str, object]) -> None:
    given = read(json.dumps(value))
    decision = decide(
        TABLE,
        given.answers,
        age=given.age,
        regions=asked_about(given.regions, given.told),
        onset_weeks=given.onset_weeks,
    )
    assert decision.table_version == TABLE.version
