"""`./unknot score`: the documented example, the refusals, and no traceback whatever the file."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.interfaces.test_score_file import JSON_VALUES
from tests.project.conftest import CHECKOUT, one_sentence
from unknot.__main__ import main

PAGE = CHECKOUT / "docs" / "reference" / "score.md"


def json_blocks(page: Path) -> list[Any]:
    """The JSON of a page of the reference: what is given, then what is printed."""
    return [json.loads(text) for text in re.findall(r"```json\n(.*?)```", page.read_text(), re.S)]


def told_keys(page: Path, heading: str) -> set[str]:
    """The keys in the first column of the table under one heading of a page."""
    part = page.read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    first = re.findall(r"^\| (`.*?) \|", part, re.M)
    return {key for cell in first for key in re.findall(r"`(\w+)`", cell)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.json"


def test_the_documented_example_is_what_is_printed(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked, printed = json_blocks(PAGE)
    file.write_text(json.dumps(asked))
    assert main(["score", "phq4", str(file)]) == 0
    assert json.loads(capsys.readouterr().out) == printed


def test_every_key_is_documented() -> None:
    asked, printed = json_blocks(PAGE)
    assert told_keys(PAGE, "The result") == printed.keys()
    assert told_keys(PAGE, "The file") >= asked.keys()


def test_not_scored_is_an_outcome(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text('{"answers": {"peg_p": 6}}')
    assert main(["score", "peg", str(file)]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["value"] is None
    assert result["reason_not_scored"].startswith("Not scored, because")
    assert result["missing"] == ["peg_e", "peg_g"]


def test_an_instrument_without_wording_is_scored(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(json.dumps({"answers": {f"who5_{n}": 5 for n in range(1, 6)}}))
    assert main(["score", "who5", str(file)]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["value"], result["direction"], result["language"]) == (
        100.0,
        "higher_better",
        None,
    )


@pytest.mark.parametrize("name", ["odi", "ndi", "phq9", "isi", "promis", "startmsk"])
def test_an_instrument_that_is_not_used_ends_with_its_reason(
    name: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text('{"answers": {}}')
    assert main(["score", name, str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert one_sentence(said.err)
    assert said.err.endswith(".\n")


def test_an_unknown_instrument_is_answered_with_the_known_ones(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text('{"answers": {}}')
    assert main(["score", "../peg", str(file)]) == 2
    said = capsys.readouterr().err
    assert said.startswith('There is no instrument "../peg"; known are activity3, ')
    assert one_sentence(said)


def test_every_problem_is_a_line_without_the_place_of_the_file(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text('{"version": 9, "answers": {"peg_p": "6"}}')
    assert main(["score", "peg", str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 2
    assert main(["score", "peg", str(file.parent / "none.json")]) == 2
    assert capsys.readouterr().err == "There is no file none.json.\n"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(JSON_VALUES)
def test_any_json_ends_with_a_result_or_with_sentences(
    file: Path, capsys: pytest.CaptureFixture[str], value: object
) -> None:
    file.write_text(json.dumps(value))
    code = main(["score", "peg", str(file)])
    said = capsys.readouterr()
    assert (code, bool(said.out), bool(said.err)) in {(0, True, False), (2, False, True)}


def test_it_starts_without_django_and_without_a_database_driver(unknot: Any, file: Path) -> None:
    file.write_text('{"answers": {}}')
    answer = unknot("score", "peg", file, PYTHONPROFILEIMPORTTIME="1")
    assert answer.returncode == 0
    assert "pydantic" in answer.stderr
    assert "psycopg" not in answer.stderr
    assert not re.search(r"\| +django\b", answer.stderr)


def test_a_reader_that_goes_away_is_no_error(unknot: Any, file: Path) -> None:
    file.write_text('{"answers": {}}')
    run = f"{sys.executable} -P -m unknot score peg {file}"
    answer = subprocess.run(
        ["sh", "-c", f"{{ {run}; echo ended $? >&2; }} | true"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(CHECKOUT / "src")},
    )
    assert answer.stderr == "ended 0\n"
