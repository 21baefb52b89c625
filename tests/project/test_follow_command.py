"""`./unknot simulate` writes people, and `./unknot follow` says what may be said of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from unknot.project.commands import start


def unknot(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "unknot", *map(str, arguments)],
        cwd=start.CHECKOUT,
        env={"PYTHONPATH": "src", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sim") / "people"
    told = unknot("simulate", folder, "--effect", "-2.5", "--days", "140", "--seed", "4")
    assert told.returncode == 0, told.stderr
    return folder


def test_a_strong_effect_is_found_again_in_both_languages(people: Path) -> None:
    files = (people / "person-4-checkins.csv", "--sessions", people / "person-4-sessions.csv")
    truth = json.loads((people / "person-4-truth.json").read_text())
    for language, word in (("en", "Likely helps"), ("de", "Hilft wahrscheinlich")):
        told = unknot("follow", *files, "--language", language)
        assert told.returncode == 0, told.stderr
        found = json.loads(told.stdout)
        pain = found["verdicts"][0]
        assert (pain["outcome"], pain["state"], pain["said"]["word"]) == (
            "pain",
            "likely_helps",
            word,
        )
        assert pain["effect"]["low"] - 0.5 < truth["effect"] < pain["effect"]["high"] + 0.5
    (fitted,) = found["parameters"]
    assert 0 < fitted["phi"] < 1
    assert fitted["half_life_range"][0] < fitted["half_life"] < fitted["half_life_range"][1]
    assert found["model"] == "1"


def test_the_same_seed_writes_the_same_person(people: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    unknot("simulate", again, "--effect", "-2.5", "--days", "140", "--seed", "4")
    name = "person-4-checkins.csv"
    assert (again / name).read_text() == (people / name).read_text()


def test_a_bad_row_is_one_sentence_and_exit_code_two(people: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("at,pain\n2026-03-20T19:00Z,11\n")
    told = unknot("follow", wrong, "--sessions", people / "person-4-sessions.csv")
    assert told.returncode == 2
    assert told.stdout == ""
    assert "line 2, column pain: '11' is not a number from 0 to 10" in told.stderr
    assert "Traceback" not in told.stderr


def test_what_is_not_there_or_would_be_written_over_is_refused(people: Path) -> None:
    missing = unknot("follow", "nowhere.csv", "--sessions", "nowhere.csv")
    assert (missing.returncode, "cannot be read" in missing.stderr) == (2, True)
    over = unknot("simulate", people)
    assert (over.returncode, "not an empty folder" in over.stderr) == (2, True)
    zone = unknot("follow", "a.csv", "--sessions", "b.csv", "--zone", "Lindau")
    assert (zone.returncode, "There is no zone 'Lindau'" in zone.stderr) == (2, True)


def test_one_check_in_is_too_early(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("at,pain,sleep\n2026-03-20T19:00Z,5,4\n")
    (tmp_path / "s.csv").write_text("start,minutes,technique\n")
    told = unknot("follow", tmp_path / "c.csv", "--sessions", tmp_path / "s.csv")
    assert told.returncode == 0, told.stderr
    assert {one["state"] for one in json.loads(told.stdout)["verdicts"]} == {"too_early"}
