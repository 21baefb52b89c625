"""`./unknot slots`: the documented example, the refusals, and no traceback whatever the file."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.interfaces.test_score_file import JSON_VALUES
from tests.project.conftest import CHECKOUT, one_sentence
from tests.project.test_score_command import json_blocks, told_keys
from unknot.__main__ import main
from unknot.domain.calendar.slots import Refusal
from unknot.interfaces.slots import shape

PAGE = CHECKOUT / "docs" / "reference" / "slots.md"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "scenario.json"


def test_the_documented_example_is_what_is_printed(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked, printed = json_blocks(PAGE)
    file.write_text(json.dumps(asked))
    assert main(["slots", str(file), "--explain", "2026-03-27T12:30"]) == 0
    assert json.loads(capsys.readouterr().out) == printed


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("The scenario", shape.Shape),
        ("The service", shape.ServicePart),
        ("What is busy", shape.UnitBusy),
    ],
)
def test_every_key_is_documented(heading: str, part: Any) -> None:
    known = {field.alias or name for name, field in part.model_fields.items()}
    assert told_keys(PAGE, heading) == known


def test_every_rule_is_documented_in_its_order() -> None:
    rules = re.findall(r"`(\w+)`", PAGE.read_text().split("## The rules")[1].split("## The ans")[0])
    order = list(dict.fromkeys(one for one in rules if one.upper() in Refusal.__members__))
    behind = ["no_room", "no_tool", "no_partner"]  # whichever need comes first
    elsewhere = ["not_next", "next_is_booked", "too_close"]  # no scenario has a list to follow
    names = [one.name.lower() for one in Refusal]
    wanted = [name for name in names if name not in (*behind, *elsewhere)]
    assert order == wanted + behind


def test_the_explanation_is_left_out_unless_asked_for(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(json.dumps(json_blocks(PAGE)[0]))
    assert main(["slots", str(file)]) == 0
    assert "explained" not in json.loads(capsys.readouterr().out)


def test_every_problem_is_a_line_without_the_place_of_the_file(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = json_blocks(PAGE)[0]
    file.write_text(json.dumps({**scenario, "zone": "Mars/Olympus", "color": 1}))
    assert main(["slots", str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 2
    assert main(["slots", str(file.parent / "none.json")]) == 2
    assert capsys.readouterr().err == "There is no file none.json.\n"
    file.write_text(" " * 1_000_001)
    assert main(["slots", str(file)]) == 2
    assert capsys.readouterr().err == "scenario.json is larger than 1 MB: scenarios never are.\n"


def test_a_key_that_is_there_twice_is_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text('{"zone": "Europe/Berlin", "zone": "Europe/London"}')
    assert main(["slots", str(file)]) == 2
    said = capsys.readouterr().err
    assert said == "zone: found more than once, expected once.\n"
    assert one_sentence(said)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(JSON_VALUES)
def test_any_json_ends_with_sentences(
    file: Path, capsys: pytest.CaptureFixture[str], value: object
) -> None:
    file.write_text(json.dumps(value))
    assert main(["slots", str(file), "--explain", "x"]) == 2
    said = capsys.readouterr()
    assert (said.out, bool(said.err)) == ("", True)


def test_it_starts_without_django_and_without_a_database_driver(unknot: Any, file: Path) -> None:
    file.write_text(json.dumps(json_blocks(PAGE)[0]))
    answer = unknot("slots", file, PYTHONPROFILEIMPORTTIME="1")
    assert answer.returncode == 0
    assert "psycopg" not in answer.stderr
    assert not re.search(r"\| +django\b", answer.stderr)
