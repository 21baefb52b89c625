"""`./unknot screen`: the documented example, the private answer, agreement, and the refusals."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.interfaces.test_score_file import JSON_VALUES
from tests.project.conftest import CHECKOUT
from tests.project.test_score_command import json_blocks, told_keys
from unknot.__main__ import main
from unknot.domain.screening import catalogue
from unknot.domain.screening.questions import questions_to_ask
from unknot.interfaces.answers import screening_file

PAGE = CHECKOUT / "docs" / "reference" / "screen.md"
Screen = Callable[[object], dict[str, Any]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.json"


@pytest.fixture
def screen(file: Path, capsys: pytest.CaptureFixture[str]) -> Screen:
    def run(said: object) -> dict[str, Any]:
        file.write_text(json.dumps(said))
        assert main(["screen", str(file)]) == 0
        result: dict[str, Any] = json.loads(capsys.readouterr().out)
        return result

    return run


def all_no(**more: object) -> dict[str, Any]:
    """Everything answered with no, by somebody of 40 whose left shoulder hurts."""
    asked = questions_to_ask(catalogue.load(), regions=(), age=40)
    return {
        "age": 40,
        "marks": [{"region": "upper_trap_l"}],
        "red_flags": {row.id: "no" for row in asked.red_flags},
        "conditions": {row.id: "no" for row in asked.conditions},
        "medicines": {row.id: "no" for row in asked.medicines},
        **more,
    }


def test_the_documented_example_is_what_is_printed(screen: Screen) -> None:
    asked, printed = json_blocks(PAGE)
    found = screen(asked)
    assert found.keys() == {*printed, "unanswered"}
    found["fired"] = [row for row in found["fired"] if row["kind"] != "always"]
    found["techniques"] = {name: found["techniques"][name] for name in printed["techniques"]}
    assert {key: found[key] for key in printed} == printed


def test_every_key_is_documented() -> None:
    _asked, printed = json_blocks(PAGE)
    assert told_keys(PAGE, "The result") == {*printed, "unanswered"}
    assert told_keys(PAGE, "The file") == set(screening_file.KEYS)


def test_a_complete_no_leaves_nothing_open_and_names_what_is_left_out(screen: Screen) -> None:
    found = screen(all_no())
    assert found["unanswered"] == []
    assert found["blocked"] is False
    assert found["urgency"]["level"] == "none"
    assert {row["kind"] for row in found["fired"]} == {"always"}
    assert [row["technique"] for row in found["left_out"]] == ["lymphatic"]


def test_a_condition_that_rules_techniques_out_is_named_beside_them(screen: Screen) -> None:
    answers = all_no()
    answers["conditions"]["osteoporosis"] = "yes"
    found = screen(answers)
    avoided = {
        name for name, action in found["techniques"].items() if action["anywhere"] == "avoid"
    }
    left_out = {row["technique"]: row["rules"] for row in found["left_out"]}
    assert avoided
    assert avoided <= left_out.keys()
    fired = {row["id"] for row in found["fired"]}
    assert all(fired >= set(rules) for rules in left_out.values())


def test_a_red_flag_blocks_until_it_is_cleared(screen: Screen) -> None:
    answers = all_no()
    answers["red_flags"]["rf_night"] = "yes"
    stopped = screen(answers)
    assert stopped["blocked"] is True
    assert stopped["left_out"] is None
    assert stopped["urgency"]["says"] == catalogue.load().level("clinician_first").action
    cleared = screen({**answers, "cleared": ["rf_night"]})
    assert cleared["blocked"] is False
    assert cleared["urgency"]["level"] == "adapt"
    assert screen({**answers, "cleared": ["rf_gca"]})["blocked"] is True


def test_the_private_answer_is_in_the_answerers_own_result_and_marked(screen: Screen) -> None:
    answers = all_no()
    answers["red_flags"]["rf_abuse"] = "yes"
    found = screen(answers)
    (row,) = [row for row in found["fired"] if row["id"] == "rf_abuse"]
    assert row["private"] is True
    assert found["cards"] == ["safeguarding_card"]
    assert {row["private"] for row in found["fired"] if row["id"] != "rf_abuse"} == {False}


def test_what_is_told_in_words_opens_its_questions(screen: Screen) -> None:
    marked = {"age": 40, "marks": [{"region": "lumbar_mid"}]}
    more = set(screen({**marked, "told": ["headaches"]})["unanswered"])
    assert more > set(screen(marked)["unanswered"])


def test_each_marked_region_has_its_action(screen: Screen) -> None:
    found = screen(all_no(marks=[{"region": "neck_front_mid"}, {"region": "upper_trap_l"}]))
    assert found["techniques"]["swedish"] == {
        "anywhere": "ok",
        "regions": {"neck_front_mid": "avoid", "upper_trap_l": "ok"},
    }


def test_bad_answers_end_with_2_and_a_line_for_each(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text('{"age": 17, "onset_on": "2999-01-01", "marks": [{"region": "x"}]}')
    assert main(["screen", str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["age", "onset_on", "marks[0].region"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    JSON_VALUES
    | st.fixed_dictionaries(
        {"age": st.just(40)}, optional=dict.fromkeys(screening_file.KEYS[2:], JSON_VALUES)
    )
)
def test_any_json_ends_with_a_result_or_with_sentences(
    file: Path, capsys: pytest.CaptureFixture[str], value: object
) -> None:
    file.write_text(json.dumps(value))
    code = main(["screen", str(file)])
    said = capsys.readouterr()
    assert (code, bool(said.out), bool(said.err)) in {(0, True, False), (2, False, True)}
