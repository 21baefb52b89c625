"""Every row of the safety table has an example that fires it and a near miss, and they replay."""

import shutil
from pathlib import Path

import pytest

from unknot.domain.knowledge import KnowledgeError
from unknot.domain.screening import catalogue, examples
from unknot.domain.screening.catalogue import Table
from unknot.domain.screening.clauses import Clause
from unknot.domain.screening.examples import AfterExample, Example, Examples

TABLE = catalogue.load()
GIVEN = examples.load()
ROWS = {one.name: one for one in GIVEN.example}
AFTER = {one.row: one for one in GIVEN.after_session}


def with_row(table: Table, kind: str, row_id: str, **changes: object) -> Table:
    """The table with one row of `kind` changed."""
    rows = tuple(
        row.model_copy(update=changes) if row.id == row_id else row for row in getattr(table, kind)
    )
    assert rows != getattr(table, kind)
    return table.model_copy(update={kind: rows})


def changed(name: str, key: str, position: int, **update: object) -> Example:
    """The example of `name` with one of its cases changed."""
    cases = list(getattr(ROWS[name], key))
    cases[position] = cases[position].model_copy(update=update)
    return ROWS[name].model_copy(update={key: tuple(cases)})


@pytest.mark.parametrize("name", ROWS)
def test_the_examples_of_a_row_fire_it_and_its_near_misses_do_not(name: str) -> None:
    assert examples.mismatches(TABLE, ROWS[name]) == ()


@pytest.mark.parametrize("name", AFTER)
def test_the_examples_of_a_row_after_a_session_replay(name: str) -> None:
    assert examples.after_mismatches(TABLE, AFTER[name]) == ()


def test_every_row_and_every_part_of_a_red_flag_has_its_example_once() -> None:
    given = [one.name for one in GIVEN.example]
    assert len(given) == len(ROWS) == 98 + 27 + 6 + 4 + 3
    assert len(GIVEN.after_session) == len(AFTER) == 5
    assert [name for name in ROWS if "." in name] == [
        "rf_aortic.raise_if",
        "rf_major_trauma.soften_if",
        "rf_infection.raise_if",
        "rf_gca.raise_if",
        "rf_severe_leg.escalate",
        "rf_severe_arm.escalate",
    ]
    assert examples.replay(TABLE, GIVEN) == ()


@pytest.mark.parametrize("name", [*ROWS, *AFTER])
def test_a_removed_example_is_noticed(name: str) -> None:
    fewer = Examples(
        example=tuple(one for one in GIVEN.example if one.name != name),
        after_session=tuple(one for one in GIVEN.after_session if one.row != name),
    )
    assert examples.without_example(TABLE, fewer) == (
        f"screening/examples.toml: {name}: expected an example, found none",
    )


@pytest.mark.parametrize("rule", TABLE.rules, ids=lambda rule: rule.id)
def test_a_rule_with_another_action_is_noticed(rule: catalogue.Rule) -> None:
    other = "clearance" if rule.action != "clearance" else "adapt"
    found = examples.mismatches(with_row(TABLE, "rules", rule.id, action=other), ROWS[rule.id])
    assert f"{rule.id}.fires.0: row's action: expected {rule.action}, found {other}" in str(found)


@pytest.mark.parametrize("rule", TABLE.rules, ids=lambda rule: rule.id)
def test_a_rule_that_holds_for_more_techniques_or_places_is_noticed(rule: catalogue.Rule) -> None:
    if rule.techniques != ("all",):
        wider = with_row(TABLE, "rules", rule.id, techniques=("all",))
        # The reader computes this once per table; a copy must compute its own.
        assert "row: expected silent, found fires" in str(
            examples.mismatches(fresh(wider), ROWS[rule.id])
        )
    if rule.areas != ("any",):
        wider = with_row(TABLE, "rules", rule.id, areas=("any",))
        assert "row: expected silent, found fires" in str(examples.mismatches(wider, ROWS[rule.id]))


@pytest.mark.parametrize("rule", [r for r in TABLE.rules if not r.when.always], ids=lambda r: r.id)
def test_a_rule_that_waits_for_nothing_is_noticed(rule: catalogue.Rule) -> None:
    always = rule.when.model_copy(update={"condition": None, "medicine": None, "always": True})
    table = with_row(TABLE, "rules", rule.id, when=always)
    assert "near_misses.0: row: expected silent, found fires" in str(
        examples.mismatches(table, ROWS[rule.id])
    )


def fresh(table: Table) -> Table:
    """The same rows, read anew: nothing computed for another table is kept."""
    return Table(**{name: getattr(table, name) for name in Table.model_fields})


@pytest.mark.parametrize("flag", TABLE.red_flags, ids=lambda flag: flag.id)
def test_a_red_flag_at_another_level_is_noticed(flag: catalogue.RedFlag) -> None:
    other = "clinician_first" if flag.urgency != "clinician_first" else "same_day"
    table = fresh(with_row(TABLE, "red_flags", flag.id, urgency=other))
    found = examples.mismatches(table, ROWS[flag.id])
    assert f"{flag.id}.fires.0: urgency: expected {flag.urgency}, found {other}" in str(found)


@pytest.mark.parametrize("part", [name for name in ROWS if "." in name])
def test_a_red_flag_that_lost_a_part_is_noticed(part: str) -> None:
    flag, _, key = part.partition(".")
    table = fresh(with_row(TABLE, "red_flags", flag, **{key: None}))
    assert f"{part}.fires.0: row: expected fires, found silent" in str(
        examples.mismatches(table, ROWS[part])
    )


@pytest.mark.parametrize(
    ("flag", "part", "update"),
    [
        ("rf_major_trauma", "soften_if", {"days_since_above": 13}),
        ("rf_major_trauma", "soften_if", {"days_since_above": 15}),
        ("rf_major_trauma", "soften_if", {"days_since_at_most": 41}),
        ("rf_major_trauma", "soften_if", {"days_since_at_most": 43}),
        ("rf_severe_leg", "escalate", {"after_weeks": 5}),
        ("rf_severe_leg", "escalate", {"after_weeks": 7}),
        ("rf_severe_arm", "escalate", {"after_weeks": 5}),
        ("rf_severe_arm", "escalate", {"after_weeks": 7}),
        ("rf_aortic", "raise_if", {"when": Clause(age_from=60)}),
        ("rf_aortic", "raise_if", {"when": Clause(fact="known_aneurysm")}),
        ("rf_infection", "raise_if", {"when": Clause(fact="iv_drug_use")}),
        ("rf_gca", "raise_if", {"when": Clause(age_from=50)}),
    ],
)
def test_a_boundary_moved_by_one_is_noticed(flag: str, part: str, update: dict) -> None:
    said = getattr(TABLE.red_flag(flag), part).model_copy(update=update)
    table = fresh(with_row(TABLE, "red_flags", flag, **{part: said}))
    assert examples.mismatches(table, ROWS[f"{flag}.{part}"])


@pytest.mark.parametrize("row", TABLE.combinations, ids=lambda row: row.id)
def test_a_combination_that_needs_fewer_or_gives_another_level_is_noticed(
    row: catalogue.Combination,
) -> None:
    fewer = {"all_of": (), "of": row.members, "at_least": row.needed - 1}
    assert "row: expected silent" in str(
        examples.mismatches(with_row(TABLE, "combinations", row.id, **fewer), ROWS[row.id])
    )
    weaker = with_row(TABLE, "combinations", row.id, urgency="adapt")
    assert "row's urgency: expected" in str(examples.mismatches(weaker, ROWS[row.id]))


@pytest.mark.parametrize(
    ("row", "when"),
    [
        ("ag1", Clause(age_below=19)),
        ("ag1", Clause(age_below=17)),
        ("ag2", Clause(age_from=64)),
        ("ag2", Clause(age_from=66)),
        ("ag3", Clause(age_from=50)),
        ("ag3", Clause(fact="first_ever_back_pain")),
    ],
)
def test_an_age_moved_by_one_is_noticed(row: str, when: Clause) -> None:
    assert examples.mismatches(with_row(TABLE, "age_rules", row, when=when), ROWS[row])


@pytest.mark.parametrize(
    ("row", "when"),
    [
        ("as_numb", {"event": "more_pain"}),
        ("as_neck_severe", {"event": "headache"}),
        ("as_calf", {"event": "bruise"}),
        ("as_burn", {"event": "skin"}),
        ("as_sore", {"soreness_from": 6}),
        ("as_sore", {"soreness_from": 8}),
        ("as_sore", {"hours": 71}),
        ("as_sore", {"hours": 73}),
    ],
)
def test_another_answer_after_a_session_is_noticed(row: str, when: dict) -> None:
    rule = next(one for one in TABLE.after_session if one.id == row)
    said = rule.when.model_copy(update=when)
    table = with_row(TABLE, "after_session", row, when=said)
    assert examples.after_mismatches(table, AFTER[row])


def test_a_weaker_level_after_a_session_is_noticed() -> None:
    table = with_row(TABLE, "after_session", "as_burn", urgency="adapt")
    assert examples.after_mismatches(table, AFTER["as_burn"]) == (
        "screening/examples.toml: as_burn.fires.0: urgency: expected same_day, found adapt",
        "screening/examples.toml: as_burn.fires.0: row's urgency: expected same_day, found adapt",
    )


@pytest.mark.parametrize(
    ("name", "key", "update", "complaint"),
    [
        ("r050", "fires", {"action": "avoid"}, "action: expected avoid, found clearance"),
        ("r050", "near_misses", {"action": "ok"}, "action: expected ok, found avoid"),
        ("r050", "near_misses", {"conditions": {"diabetes": "yes"}}, "expected silent"),
        ("rf_cad", "near_misses", {"urgency": "adapt"}, "urgency: expected adapt, found same_day"),
        ("r070", "fires", {"card": None}, "card: expected none, found crisis_card"),
        ("rf_abuse", "near_misses", {"card": "crisis_card"}, "card: expected crisis_card, found"),
        ("rf_any_new", "fires", {"full_screen": False}, "full_screen: expected False, found True"),
        ("r050", "fires", {"conditions": {"gout": "yes"}}, "no condition is called gout"),
        ("r050", "fires", {"technique": "cupping"}, "no technique is called cupping"),
        ("r050", "fires", {"region": "elbow"}, "no region is called elbow"),
        ("r050", "fires", {"where": {"varicose": ("calf_l",)}}, "is asked, found varicose"),
        ("rf_gca", "fires", {"age": 49}, "is asked, found rf_gca"),
        ("rf_ces_saddle", "fires", {"regions": ("hand_l",)}, "is asked, found rf_ces_saddle"),
        ("r057", "fires", {"conditions": {"pregnancy_t1": "yes"}}, "is asked, found pregnancy_t1"),
        ("rf_gca.raise_if", "fires", {"red_flags": {}}, "is asked, found vision_change"),
    ],
)
def test_an_example_that_says_something_else_is_noticed(
    name: str, key: str, update: dict, complaint: str
) -> None:
    found = examples.mismatches(TABLE, changed(name, key, 0, **update))
    assert all(line.startswith(f"screening/examples.toml: {name}.{key}.0: ") for line in found)
    assert complaint in str(found)


def test_an_example_of_a_row_that_does_not_exist_is_noticed() -> None:
    stray = Examples(
        example=(ROWS["r050"].model_copy(update={"row": "r999"}),),
        after_session=(AfterExample(row="as_x", **cases(AFTER["as_numb"])),),
    )
    found = examples.replay(TABLE, stray)
    assert found[:2] == (
        "screening/examples.toml: as_x: expected a row of the table",
        "screening/examples.toml: r999: expected a row of the table",
    )
    assert "screening/examples.toml: r050: expected an example, found none" in found


def cases(example: AfterExample) -> dict:
    return {"fires": example.fires, "near_misses": example.near_misses}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('action = "avoid"', 'action = "stop"', "Input should be 'ok', 'adapt'"),
        ('urgency = "none", full_screen = true', "full_screen = true", "an action or an urgency"),
        (', action = "avoid"', "", "expected technique and action together"),
        ('row = "rf_any_new"', 'row = "rf_any_new"\nweight = 2', "weight: Extra inputs"),
        ("near_misses = [", "near_missed = [", "near_misses: Field required"),
    ],
)
def test_a_broken_file_is_refused_with_its_key(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    path = Path(shutil.copy(catalogue.FOLDER / "examples.toml", tmp_path))
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        examples.load(path)
    assert "examples.toml: example." in str(error.value)
    assert complaint in str(error.value)
