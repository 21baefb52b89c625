"""Which benchmarks need a database, and what the one of the rules measures."""

import argparse
from pathlib import Path

import pytest

from benchmarks import roster, rules
from unknot.domain.credentials.roster import RosterRow
from unknot.interfaces.rosters.sources import read
from unknot.project.commands import bench


def test_a_benchmark_that_needs_no_database_starts_none(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(folder: Path) -> None:
        raise AssertionError(f"a server was started in {folder}")

    monkeypatch.setattr(bench, "Cluster", refuse)
    monkeypatch.setenv("PYTHONPATH", str(bench.FOLDER.parent / "src"))
    assert bench.run(argparse.Namespace(what="rules", others=["--rounds", "2"])) == 0
    said = capfd.readouterr().out
    assert "98 rules" in said
    assert said.count("scoring and screening") == 3
    with pytest.raises(AssertionError, match="a server was started"):
        bench.run(argparse.Namespace(what="pages", others=[]))


def test_each_benchmark_without_a_database_exists() -> None:
    assert {file.stem for file in bench.FOLDER.glob("[a-z]*.py")} > bench.WITHOUT_DATABASE


def test_the_battery_that_is_measured_has_every_branch() -> None:
    names = {instrument.id for instrument in rules.intake()}
    assert names >= {"gcps_r", "activity3", "phq4", "phq8", "gad7", "rmdq24", "sleep_nrs"}


def test_a_yes_to_everything_fires_every_rule() -> None:
    decision = rules.yes_to_everything(everywhere=True).decide()
    fired = {row.id for row in decision.fired}
    assert fired >= {rule.id for rule in rules.TABLE.rules}


def test_the_roster_that_is_measured_has_no_wrong_row(tmp_path: Path) -> None:
    roster.write_rows(tmp_path / "a.csv", 500)
    roster.write_rows(tmp_path / "b.csv", 500)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    found = [one for step in read(tmp_path / "a.csv", "generic") for one in step.items]
    assert {type(one) for one in found} == {RosterRow}
    assert len({one.key for one in found if isinstance(one, RosterRow)}) == 500


def test_the_directory_that_is_measured_searches_by_all_four(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks import directory

    people = directory.Population(60)
    assert sum(len(team) for team in people.practices) == 60
    directory.Postcode.objects.bulk_create(
        directory.Postcode(country=country, code=code, place=place, latitude=north, longitude=east)
        for country, code, place, north, east in people.postcodes()
    )
    wanted = list(directory.searches(40))
    assert all(one.technique and one.language and one.licence for one in wanted)
    assert {one.radius for one in wanted} == {20}
    dense = [one for one in wanted if one.place is not None and one.place.code < "10100"]
    assert 2 < len(dense) < 30


def test_the_time_that_most_rounds_stayed_under() -> None:
    from benchmarks import directory

    times = directory.Times("search", [float(number) for number in range(100)])
    assert (times.at(0.5), times.at(0.95)) == (50.0, 95.0)
