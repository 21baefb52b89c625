"""The count of noticed changes: what is copied, how results are read, and when it is too few."""

import argparse
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import mutants as plugin
from tests.project.conftest import one_sentence
from unknot.project.commands import Refused, mutate, mutate_bodies, start

SAID = """
    unknot.domain.screening.clauses.x_urgency__mutmut_1: killed
    unknot.domain.screening.clauses.xǁClauseǁholds__mutmut_2: survived
    unknot.domain.screening.decide.x_decide__mutmut_1: timeout
    unknot.domain.screening.decide.x_decide__mutmut_2: no tests
    unknot.domain.instruments.scoring.x_score__mutmut_1: killed
"""
DECORATED = '''
class Person:
    @property
    def grown(self) -> bool:
        """Whether the person is grown up."""
        return self.age >= 18

    @model_validator(mode="before")
    @classmethod
    def _no_name(cls, raw: object) -> object:
        return raw

    @classmethod
    def made(cls) -> "Person":
        return cls()


@cache
def load(folder: str = "here", *, deep: bool = False) -> str:
    return folder if deep else ""


def plain() -> int:
    return 1
'''


def test_what_mutmut_says_becomes_a_table_by_module() -> None:
    lines = list(mutate.table(mutate.outcome(SAID)))
    assert lines[0] == "| module | mutants | killed | survived | timed out | percent |"
    assert lines[2:] == [
        "| domain.instruments.scoring | 1 | 1 | 0 | 0 | 100.0 |",
        "| domain.screening.clauses | 2 | 1 | 1 | 0 | 50.0 |",
        "| domain.screening.decide | 2 | 0 | 1 | 1 | 50.0 |",
        "| all | 5 | 2 | 2 | 1 | 60.0 |",
    ]


def test_a_run_that_was_stopped_has_no_result() -> None:
    assert len(mutate.tried(SAID)) == 5
    with pytest.raises(Refused, match="No result: 1 of 5 mutants were not tried"):
        mutate.tried(SAID.replace("no tests", "not checked"))
    with pytest.raises(Refused, match="No result: 0 of 0 mutants"):
        mutate.tried("")


def test_each_package_has_to_notice_enough_by_itself() -> None:
    found = mutate.outcome(SAID)
    poor = mutate.too_few(found, ["domain/screening", "domain/instruments"])
    assert [(row.name, row.percent) for row in poor] == [("domain/screening", 50.0)]
    assert mutate.too_few(found, ["domain/instruments/scoring.py"]) == []


@pytest.mark.parametrize(("survived", "poor"), [(5, 0), (6, 1)])
def test_ninety_five_of_a_hundred_are_enough_and_ninety_four_are_not(
    survived: int, poor: int
) -> None:
    name = "unknot.domain.screening.decide.x_decide__mutmut_{}"
    statuses = ["survived"] * survived + ["killed"] * (100 - survived)
    found = [mutate.Mutant(name=name.format(n), status=word) for n, word in enumerate(statuses)]
    assert len(mutate.too_few(found, ["domain/screening"])) == poor


@pytest.mark.parametrize(
    "name", ["people", "domain/screenings", "domain/../people", "src/unknot/web", "domain"]
)
def test_what_is_not_one_of_the_rules_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="among the rules: name a package such as domain/screening"):
        mutate.run(argparse.Namespace(package=[name]))


def test_the_command_refuses_in_one_sentence(unknot) -> None:
    answer = unknot("mutate", "people")
    assert answer.returncode == 2
    assert one_sentence(answer.stderr)


def test_a_package_runs_its_own_tests_and_those_of_its_knowledge() -> None:
    assert mutate.known_tests("domain/screening") == [
        "tests/domain/screening",
        "tests/knowledge/test_screening.py",
    ]
    with pytest.raises(Refused, match=r"domain/knowledge\.py has no tests"):
        mutate.known_tests("domain/knowledge.py")


def test_the_copy_holds_the_settings_and_no_decorated_body(tmp_path) -> None:
    mutate.lay_out(tmp_path, ["domain/screening"])
    written = (tmp_path / "pyproject.toml").read_text()
    assert "only_mutate = ['src/unknot/domain/screening/*']" in written
    changed = (tmp_path / "src/unknot/domain/screening/clauses.py").read_text()
    assert "def _body_of__says_one_thing(self)" in changed
    untouched = (tmp_path / "src/unknot/domain/instruments/definition.py").read_text()
    assert "_body_of_" not in untouched
    assert (
        "_body_of_" not in (start.CHECKOUT / "src/unknot/domain/screening/clauses.py").read_text()
    )


def test_a_decorated_function_only_calls_its_body() -> None:
    freed = mutate_bodies.freed(DECORATED)
    assert "    def _body_of_grown(self) -> bool:\n" in freed
    assert (
        "    @property\n    def grown(self) -> bool:\n        return self._body_of_grown()" in freed
    )
    assert "    @classmethod\n    def _body_of__no_name(cls, raw: object) -> object:" in freed
    assert "        return cls._body_of__no_name(raw)" in freed
    assert "def _body_of_load(folder: str, *, deep: bool) -> str:" in freed
    assert 'def load(folder: str = "here", *, deep: bool = False) -> str:' in freed
    assert "    return _body_of_load(folder, deep=deep)" in freed


def test_a_function_that_mutmut_can_change_by_itself_stays_as_it_is() -> None:
    freed = mutate_bodies.freed(DECORATED)
    assert "_body_of_made" not in freed
    assert "_body_of_plain" not in freed


def test_only_the_caches_of_the_package_under_test_are_forgotten(monkeypatch) -> None:
    from unknot.domain.bodymap import regions
    from unknot.domain.screening import catalogue

    monkeypatch.setenv("MUTANT_UNDER_TEST", "unknot.domain.screening.clauses.x_urgency__mutmut_1")
    table, body = catalogue.load(), regions.load()
    plugin.forget(plugin.package_under_test())
    assert catalogue.load() is not table
    assert regions.load() is body


def test_what_an_object_of_the_rules_kept_is_forgotten() -> None:
    from unknot.domain.instruments import catalogue

    scale = catalogue.load().instrument("peg").items[0].scale
    assert scale.points is scale.points
    before = scale.points
    plugin.kept.cache_clear()
    plugin.forget("unknot.domain", but="load")
    assert "points" not in vars(scale)
    assert scale.points == before


def test_long_loops_are_left_out_and_examples_are_few() -> None:
    @settings(max_examples=400, deadline=None)
    @given(st.integers())
    def many(number: int) -> None: ...

    items = [SimpleNamespace(name=name, obj=many) for name in ("test_ten_thousand_x", "test_x")]
    plugin.pytest_collection_modifyitems(items)  # type: ignore[arg-type]
    assert [item.name for item in items] == ["test_x"]
    assert getattr(many, plugin.SETTINGS).max_examples == plugin.EXAMPLES == 50
    assert getattr(many, plugin.SETTINGS).deadline is None
