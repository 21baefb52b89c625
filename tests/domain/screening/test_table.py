"""The table's look-ups, and its checks of itself: each complaint in its exact words."""

import pytest

from unknot.domain.screening import catalogue
from unknot.domain.screening.catalogue import Table
from unknot.domain.screening.clauses import Clause
from unknot.domain.screening.entries import When

TABLE = catalogue.load()


def changed(kind: str, row_id: str, **update: object) -> Table:
    """The table with one row of `kind` changed, unchecked."""
    rows = tuple(
        row.model_copy(update=update) if row.id == row_id else row for row in getattr(TABLE, kind)
    )
    assert rows != getattr(TABLE, kind)
    return TABLE.model_copy(update={kind: rows})


def problems(table: Table) -> list[str]:
    return list(catalogue._problems(table))


def unknown(name: str, key: str, *, file: str) -> str:
    return f"screening/{file}: {key}: unknown '{name}', expected one of "


def test_every_row_is_found_by_its_id() -> None:
    assert all(TABLE.red_flag(row.id) is row for row in TABLE.red_flags)
    assert all(TABLE.condition(row.id) is row for row in TABLE.conditions)
    assert all(TABLE.medicine(row.id) is row for row in TABLE.medicines)
    assert all(TABLE.level(row.id) is row for row in TABLE.levels)


@pytest.mark.parametrize("ask", ["red_flag", "condition", "medicine", "level"])
def test_an_id_that_the_table_lacks_is_a_key_error(ask: str) -> None:
    with pytest.raises(KeyError):
        getattr(TABLE, ask)("gone")


def test_the_ids_are_those_of_the_rows() -> None:
    assert TABLE.ids.red_flags == {row.id for row in TABLE.red_flags}
    assert TABLE.ids.conditions == {row.id for row in TABLE.conditions}
    assert TABLE.ids.medicines == {row.id for row in TABLE.medicines}
    assert TABLE.ids.facts == {row.id for row in TABLE.facts}


def test_version_and_sign_off_are_those_of_the_header() -> None:
    header = TABLE.header.model_copy(update={"version": 9, "signed_off": True})
    table = TABLE.model_copy(update={"header": header})
    assert (table.version, table.signed_off) == (9, True)


def test_techniques_are_spelled_out_by_id_group_and_all() -> None:
    group = TABLE.groups[0]
    assert TABLE.techniques_of(["swedish"]) == {"swedish"}
    assert TABLE.techniques_of([group.id]) == set(group.techniques)
    assert TABLE.techniques_of(["all"]) == set(TABLE.techniques)
    assert TABLE.techniques_of([group.id, "swedish"]) == {*group.techniques, "swedish"}


def test_the_shipped_table_is_read_once_and_has_no_problem() -> None:
    catalogue.load.cache_clear()
    assert catalogue.load() is catalogue.load()
    assert catalogue.load() == TABLE
    assert problems(TABLE) == []


@pytest.mark.parametrize(
    ("kind", "row_id", "update", "key", "name", "file"),
    [
        ("red_flags", "rf_cad", {"regions": ("tail",)}, "rf_cad.regions", "tail", "red_flags"),
        (
            "red_flags",
            "rf_gca",
            {"ask_if": Clause(fact="gone")},
            "rf_gca.ask_if.fact",
            "gone",
            "red_flags",
        ),
        (
            "combinations",
            "combo_cancer",
            {"of": ("rf_gone", "rf_night"), "at_least": 2},
            "combo_cancer.of",
            "rf_gone",
            "combinations",
        ),
        (
            "after_session",
            "as_numb",
            {"fire": "rf_gone"},
            "as_numb.fire",
            "rf_gone",
            "after_session",
        ),
        (
            "facts",
            "known_aneurysm",
            {"conditions": ("gone",)},
            "known_aneurysm.conditions",
            "gone",
            "facts",
        ),
        (
            "facts",
            "known_aneurysm",
            {"medicines": ("gone",)},
            "known_aneurysm.medicines",
            "gone",
            "facts",
        ),
        ("facts", "iv_drug_use", {"after": "rf_gone"}, "iv_drug_use.after", "rf_gone", "facts"),
        (
            "conditions",
            "pregnancy_t1",
            {"ask_if": Clause(fact="gone")},
            "pregnancy_t1.ask_if.fact",
            "gone",
            "conditions",
        ),
        ("age_rules", "ag1", {"when": Clause(fact="gone")}, "ag1.when.fact", "gone", "age_rules"),
        ("groups", "heat", {"techniques": ("gone",)}, "heat.techniques", "gone", "groups"),
        (
            "rules",
            "r001",
            {"when": When(condition="gone")},
            "r001.when.condition",
            "gone",
            "rules",
        ),
        ("rules", "m001", {"when": When(medicine="gone")}, "m001.when.medicine", "gone", "rules"),
        ("rules", "r001", {"techniques": ("gone",)}, "r001.techniques", "gone", "rules"),
        ("rules", "r001", {"areas": ("gone",)}, "r001.areas", "gone", "rules"),
    ],
)
def test_a_name_that_leads_nowhere_is_one_line_with_file_and_key(
    kind: str, row_id: str, update: dict[str, object], key: str, name: str, file: str
) -> None:
    (line,) = problems(changed(kind, row_id, **update))
    assert line.startswith(unknown(name, key, file=f"{file}.toml"))


def test_the_known_names_are_listed_in_order() -> None:
    (line,) = problems(changed("groups", "heat", techniques=("gone",)))
    assert line.endswith(f"expected one of {', '.join(sorted(TABLE.techniques))}")


@pytest.mark.parametrize("areas", [("any",), ("affected",), ("legs",), ("lumbar_l",)])
def test_an_area_may_be_a_word_a_group_or_a_region(areas: tuple[str, ...]) -> None:
    rule = TABLE.rules[0].model_copy(update={"areas": areas})
    assert problems(TABLE.model_copy(update={"rules": (rule,)})) == []


@pytest.mark.parametrize("techniques", [("swedish",), ("heat",)])
def test_a_rule_may_name_a_technique_or_a_group(techniques: tuple[str, ...]) -> None:
    assert problems(changed("rules", "r001", techniques=techniques)) == []


@pytest.mark.parametrize(
    "update", [{"fire": None, "urgency": None}, {"fire": "rf_cad", "urgency": "adapt"}]
)
def test_a_row_after_a_session_says_a_flag_or_a_level(update: dict[str, object]) -> None:
    assert problems(changed("after_session", "as_numb", **update)) == [
        "screening/after_session.toml: as_numb: expected either fire or urgency"
    ]


@pytest.mark.parametrize(
    ("kind", "key"), [("levels", "level"), ("actions", "action")], ids=["levels", "actions"]
)
def test_a_rank_that_the_code_does_not_have_is_said_with_both(kind: str, key: str) -> None:
    rows = getattr(TABLE, kind)
    known = {row.id: row.rank for row in rows}
    (line,) = problems(changed(kind, rows[1].id, rank=9))
    said = {**known, rows[1].id: 9}
    start, _, got = line.partition(", got ")
    assert start.startswith(f"screening/urgency.toml: {key}.rank: expected {{")
    assert got == str(said)


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("red_flags", "red_flags"),
        ("combinations", "combinations"),
        ("conditions", "conditions"),
        ("medicines", "medicines"),
        ("rules", "rules"),
        ("age_rules", "age_rules"),
        ("after_session", "after_session"),
    ],
)
def test_an_id_that_comes_twice_is_named_with_its_file(kind: str, file: str) -> None:
    rows = getattr(TABLE, kind)
    twice = TABLE.model_copy(update={kind: (*rows, rows[0])})
    assert problems(twice) == [
        f"screening/{file}.toml: {rows[0].id}.id: expected an id used once in the table"
    ]


def test_the_same_id_in_two_files_is_named_in_the_later_one() -> None:
    table = changed("rules", "r001", id="rf_cad")
    assert problems(table) == [
        "screening/rules.toml: rf_cad.id: expected an id used once in the table"
    ]
