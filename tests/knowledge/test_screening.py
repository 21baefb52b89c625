"""The screening files: complete, unsigned, and refused with a clear line when they are broken."""

import shutil
from pathlib import Path

import pytest

from unknot.domain.knowledge import KnowledgeError
from unknot.domain.screening import catalogue, examples
from unknot.project.commands import check

TABLE = catalogue.load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(catalogue.FOLDER, tmp_path / "screening"))


def broken(folder: Path, file: str, old: str, new: str) -> str:
    """Change the first `old` of `file` and give the reader's complaint."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        catalogue.read_table(folder)
    return str(error.value)


def test_nothing_of_the_table_is_lost() -> None:
    assert len(TABLE.red_flags) == 27
    assert len(TABLE.conditions) == 46
    assert len(TABLE.medicines) == 12
    assert len(TABLE.rules) == 98
    assert len(TABLE.combinations) == 4
    assert len(TABLE.age_rules) == 3
    assert len(TABLE.after_session) == 5
    assert len(TABLE.techniques) == 10
    assert [rule.id[0] for rule in TABLE.rules].count("r") == 73
    assert [rule.id[0] for rule in TABLE.rules].count("m") == 19
    assert [rule.id[0] for rule in TABLE.rules].count("a") == 6


def test_the_table_says_that_no_clinician_has_signed_it() -> None:
    assert TABLE.signed_off is False
    assert "clinician must sign off" in TABLE.header.review
    assert TABLE.version >= 1


def test_every_condition_and_medicine_changes_something() -> None:
    used = {rule.when.condition or rule.when.medicine for rule in TABLE.rules}
    asked = {row.id for row in (*TABLE.conditions, *TABLE.medicines)}
    assert asked <= used


def test_a_copy_that_nobody_touched_is_read(folder: Path) -> None:
    assert catalogue.read_table(folder) == TABLE


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        (
            "rules.toml",
            'condition = "fever_infection"',
            'condition = "fewer"',
            "r001.when.condition: unknown 'fewer', expected one of",
        ),
        (
            "rules.toml",
            'medicine = "anticoagulant"',
            'medicine = "tea"',
            "m001.when.medicine: unknown 'tea'",
        ),
        (
            "rules.toml",
            'techniques = ["heavy"]',
            'techniques = ["cupping"]',
            "techniques: unknown 'cupping'",
        ),
        ("rules.toml", 'areas = ["legs"]', 'areas = ["elbow"]', "areas: unknown 'elbow'"),
        (
            "rules.toml",
            'areas = ["neck_front_mid", ',
            'areas = ["throat", ',
            "areas: unknown 'throat'",
        ),
        (
            "rules.toml",
            'basis = "unsourced consensus"\n',
            "",
            "r001: expected either a source or basis",
        ),
        ("rules.toml", 'conf = "known"', 'conf = "sure"', "rule.0.conf"),
        ("rules.toml", 'id = "r001"', 'id = "r001"\nweight = 3', "rule.0.weight: Extra inputs"),
        ("rules.toml", 'id = "r002"', 'id = "r001"', "r001.id: expected an id used once"),
        (
            "rules.toml",
            "when = { always = true }",
            "when = { }",
            "expected exactly one of condition",
        ),
        (
            "red_flags.toml",
            'regions = ["low_back", "pelvis"]',
            'regions = ["tail"]',
            "rf_ces_saddle.regions: unknown 'tail'",
        ),
        ("red_flags.toml", 'urgency = "same_day"', 'urgency = "soon"', "urgency: Input should be"),
        (
            "red_flags.toml",
            'fact = "smoker_ever"',
            'fact = "smoker"',
            "rf_aortic.raise_if.fact: unknown 'smoker'",
        ),
        (
            "red_flags.toml",
            "{ age_from = 50 }",
            "{ age_from = 50, age_below = 60 }",
            "expected exactly one of all, any",
        ),
        ("combinations.toml", '"rf_night"', '"rf_noon"', "combo_cancer.of: unknown 'rf_noon'"),
        ("combinations.toml", "at_least = 2", "at_least = 9", "combo_cancer: expected all_of"),
        ("facts.toml", '"aneurysm"', '"balloon"', "known_aneurysm.conditions: unknown 'balloon'"),
        (
            "conditions.toml",
            'fact = "pregnant"',
            'fact = "expecting"',
            "pregnancy_t1.ask_if.fact: unknown",
        ),
        ("groups.toml", '["hot_stone"]', '["hot_air"]', "heat.techniques: unknown 'hot_air'"),
        (
            "after_session.toml",
            'fire = "rf_cad"',
            'fire = "rf_cat"',
            "as_neck_severe.fire: unknown 'rf_cat'",
        ),
        ("urgency.toml", "rank = 4", "rank = 9", "level.rank: expected"),
        ("table.toml", "signed_off = false", "", "signed_off: Field required"),
        ("age_rules.toml", "age_from = 65", 'age_from = "old"', "age_rule.1.when.age_from"),
    ],
)
def test_a_broken_file_is_named_with_its_key_and_what_was_expected(
    folder: Path, file: str, old: str, new: str, complaint: str
) -> None:
    said = broken(folder, file, old, new)
    assert file in said
    assert complaint in said


def test_a_file_that_is_missing_is_named(folder: Path) -> None:
    (folder / "facts.toml").unlink()
    with pytest.raises(KnowledgeError, match=r"facts\.toml"):
        catalogue.read_table(folder)


def test_the_check_replays_the_examples_and_names_what_differs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    findings, counted = check.CHECKS["knowledge"]()
    assert findings == []
    assert "screening examples" in counted
    given = examples.load()
    fewer = given.model_copy(update={"example": given.example[1:]})
    monkeypatch.setattr(examples, "load", lambda: fewer)
    findings, _ = check.CHECKS["knowledge"]()
    assert findings == [
        f"screening/examples.toml: {given.example[0].name}: expected an example, found none"
    ]
