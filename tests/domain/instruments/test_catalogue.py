"""The catalogue's look-ups and its checks of itself: each complaint in its exact words."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.catalogue import Catalogue, RefusedInstrument, UnknownInstrument
from unknot.domain.instruments.conditions import parse
from unknot.domain.instruments.definition import Band, BandRule, Bands, Instrument

KNOWN = catalogue.load()
PHQ4, PEG, GRADE = (KNOWN.instrument(name) for name in ("phq4", "peg", "gcps_r"))
ITEMS = "['gad_1', 'gad_2', 'phq_1', 'phq_2']"


def inner(one: Any, **changed: object) -> list[str]:
    """What is wrong inside an instrument with some values changed, unchecked."""
    return list(catalogue._inner_names(one.model_copy(update=changed)))


def scoring(one: Any, **changed: object) -> Any:
    return one.scoring.model_copy(update=changed)


def first(rows: Any, **changed: object) -> Any:
    """The rows with the first one changed, unchecked."""
    return (rows[0].model_copy(update=changed), *rows[1:])


def test_everything_is_found_by_its_id() -> None:
    assert all(KNOWN.instrument(name).id == name for name in KNOWN.instruments)
    assert all(KNOWN.battery(name).id == name for name in KNOWN.batteries)
    assert all(KNOWN.card(name).id == name for name in KNOWN.cards)
    assert KNOWN.find("peg") is PEG
    assert KNOWN.find("who5") is KNOWN.scoring_only["who5"]


@pytest.mark.parametrize(
    ("ask", "kind"),
    [("instrument", "instrument"), ("battery", "battery"), ("card", "support card")],
)
def test_an_unknown_name_is_said_with_its_kind(ask: str, kind: str) -> None:
    with pytest.raises(UnknownInstrument) as caught:
        getattr(KNOWN, ask)("gone")
    assert str(caught.value) == f"there is no {kind} 'gone'"


def test_what_is_refused_is_found_with_its_reason() -> None:
    with pytest.raises(RefusedInstrument) as caught:
        KNOWN.find("isi")
    assert str(caught.value) == KNOWN.refused["isi"].reason
    with pytest.raises(UnknownInstrument):
        KNOWN.find("gone")


def test_the_attribution_is_the_holders_own_or_that_of_the_same_licence() -> None:
    assert KNOWN.attribution("phq4") == PHQ4.licence.holder_text != ""
    own = PEG.licence.model_copy(update={"holder_text": "Mine.", "same_as": ""})
    other: Catalogue = replace(
        KNOWN, instruments={"peg": PEG.model_copy(update={"licence": own}), "phq4": PHQ4}
    )
    assert other.attribution("peg") == "Mine."
    borrowed = own.model_copy(update={"same_as": "phq4"})
    peg: Instrument = PEG.model_copy(update={"licence": borrowed})
    assert replace(other, instruments={"peg": peg, "phq4": PHQ4}).attribution("peg") == (
        PHQ4.licence.holder_text
    )


def test_included_items_come_last_with_their_own_answers() -> None:
    assert [item.id for item in GRADE.items[-3:]] == [item.id for item in PEG.items]
    assert [item.scale for item in GRADE.items[-3:]] == [item.scale for item in PEG.items]
    assert GRADE.items[0].scale.id != PEG.items[0].scale.id


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"scoring": scoring(PHQ4, item="x")}, f"scoring.item: expected one of {ITEMS}"),
        ({"scoring": scoring(PHQ4, items=("x",))}, f"scoring.items: expected one of {ITEMS}"),
        ({"scoring": scoring(PHQ4, reversed=("x",))}, f"scoring.reversed: expected one of {ITEMS}"),
        (
            {"items": first(PHQ4.items, subscale="x")},
            "item.gad_1.subscale: expected one of ['anxiety', 'depression']",
        ),
        (
            {"example": first(PHQ4.example, answers={"x": 1})},
            f"example.0.answers: expected one of {ITEMS}",
        ),
        (
            {"items": first(PHQ4.items, ask_if=parse("x >= 1"))},
            "item.gad_1.ask_if: expected one of ['anxiety', 'depression', 'gad_1', 'gad_2', "
            "'phq_1', 'phq_2', 'total']",
        ),
        (
            {"branch": first(PHQ4.branch, when=parse("total >= 1 or x >= 1"))},
            "branch.when: expected one of ['anxiety', 'depression', 'gad_1', 'gad_2', "
            "'phq_1', 'phq_2', 'total']",
        ),
        (
            {"support": first(PHQ4.support, when=parse("anxiety + x >= 1"))},
            "support.when: expected one of ['anxiety', 'depression', 'gad_1', 'gad_2', "
            "'phq_1', 'phq_2', 'total']",
        ),
        (
            {
                "bands": Bands(
                    conf="known",
                    rule=(BandRule(when=parse("x >= 1"), label="a"), BandRule(label="b")),
                )
            },
            "bands.rule.when: expected one of ['anxiety', 'depression', 'gad_1', 'gad_2', "
            "'phq_1', 'phq_2', 'total']",
        ),
    ],
)
def test_a_name_inside_an_instrument_that_leads_nowhere_is_named(
    changed: dict[str, object], says: str
) -> None:
    assert inner(PHQ4, **changed) == [f"instruments/phq4.toml: {says}, found 'x'"]
    assert inner(PHQ4) == []


def test_a_rule_of_a_grade_and_an_item_of_a_subscale_are_looked_up() -> None:
    rules = first(GRADE.scoring.rule, when=parse("x >= 1"))
    (line,) = inner(GRADE, scoring=scoring(GRADE, rule=rules))
    assert line.startswith("instruments/gcps_r.toml: scoring.rule.when: expected one of ['nhis_")
    anxiety = PHQ4.scoring.subscales["anxiety"].model_copy(update={"items": ("gad_1", "x")})
    subscales = {**PHQ4.scoring.subscales, "anxiety": anxiety}
    assert inner(PHQ4, scoring=scoring(PHQ4, subscales=subscales)) == [
        "instruments/phq4.toml: scoring.subscales.anxiety.items:"
        f" expected one of {ITEMS}, found 'x'"
    ]


def test_every_item_with_a_subscale_is_looked_at() -> None:
    items = [item.model_copy(update={"subscale": ""}) for item in PHQ4.items[:3]]
    last = PHQ4.items[3].model_copy(update={"subscale": "x"})
    assert len(inner(PHQ4, items=(*items, last))) == 1


def test_one_score_of_several_items_names_its_item() -> None:
    single = scoring(PHQ4, method="single")
    assert inner(PHQ4, scoring=single) == [
        "instruments/phq4.toml: scoring.item: expected the item that is the score, "
        "or separate = true"
    ]
    assert inner(PHQ4, scoring=scoring(PHQ4, method="single", separate=True)) == []
    assert inner(PHQ4, scoring=scoring(PHQ4, method="single", item="gad_1")) == []


def test_one_score_of_one_needed_item_needs_no_name() -> None:
    single = scoring(PHQ4, method="single", subscales={})
    items = [
        item.model_copy(update={"subscale": "", "optional": place > 0})
        for place, item in enumerate(PHQ4.items)
    ]
    assert inner(PHQ4, scoring=single, items=tuple(items), branch=(), support=()) == []
    two = (items[0], items[1].model_copy(update={"optional": False}), *items[2:])
    assert len(inner(PHQ4, scoring=single, items=two, branch=(), support=())) == 1


def test_a_scoring_only_file_is_named_with_its_folder() -> None:
    who5 = KNOWN.scoring_only["who5"]
    (line,) = inner(who5, scoring=scoring(who5, item="x"))
    assert line.startswith("instruments/scoring_only/who5.toml: scoring.item: expected one of")


def ranges(one: Any, **changed: object) -> list[str]:
    return list(catalogue._ranges(one.model_copy(update=changed)))


@pytest.mark.parametrize(
    ("changed", "reached"),
    [
        ({"range": (0, 13)}, "(0, 12), found (0, 13)"),
        ({"range": (1, 12)}, "(0, 12), found (1, 12)"),
        ({"times": 2}, "(0, 24), found (0, 12)"),
        ({"items": ("gad_1",)}, "(0, 3), found (0, 12)"),
        ({"method": "mean"}, "(0, 3), found (0, 12)"),
    ],
)
def test_a_stated_range_is_the_one_that_the_items_reach(
    changed: dict[str, object], reached: str
) -> None:
    assert ranges(PHQ4) == []
    assert ranges(PHQ4, scoring=scoring(PHQ4, **changed)) == [
        f"instruments/phq4.toml: scoring.range: expected {reached}"
    ]


def test_a_stated_range_of_a_subscale_is_checked_too() -> None:
    anxiety = PHQ4.scoring.subscales["anxiety"].model_copy(update={"range": (0, 5)})
    subscales = {**PHQ4.scoring.subscales, "anxiety": anxiety}
    assert ranges(PHQ4, scoring=scoring(PHQ4, subscales=subscales)) == [
        "instruments/phq4.toml: scoring.subscales.anxiety.range: expected (0, 6), found (0, 5)"
    ]


@pytest.mark.parametrize("method", ["single", "decision", "none"])
def test_the_range_of_what_is_not_summed_is_left_alone(method: str) -> None:
    assert ranges(PHQ4, scoring=scoring(PHQ4, method=method, range=(0, 99))) == []


def test_a_mean_of_nothing_reaches_nothing() -> None:
    mean = scoring(PHQ4, method="mean", range=(0, 0), subscales={})
    assert ranges(PHQ4, scoring=mean, items=()) == []


def entries() -> dict[str, Any]:
    return dict(KNOWN.instruments)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"item": first(PEG.item, answers="x")},
            "item.peg_p.answers: expected one of ['nrs_0_10'], found 'x'",
        ),
        (
            {"answers": "x", "item": first(PEG.item[:1], answers="")},
            "item.peg_p.answers: expected one of",
        ),
        ({"includes": ("x",)}, "includes: expected one of ["),
        (
            {"licence": PEG.licence.model_copy(update={"same_as": "x"})},
            "licence.same_as: expected one of [",
        ),
    ],
)
def test_what_an_entry_refers_to_is_looked_up(changed: dict[str, object], says: str) -> None:
    lists: Any = {"nrs_0_10": PEG.items[0].scale}
    (line,) = catalogue._references(PEG.model_copy(update=changed), entries(), lists)
    assert line.startswith(f"instruments/peg.toml: {says}")
    assert list(catalogue._references(PEG, entries(), lists)) == []


@pytest.mark.parametrize(("part", "key"), [("branch", "ask"), ("support", "show")])
def test_a_next_step_that_leads_nowhere_is_named(part: str, key: str) -> None:
    changed = PHQ4.model_copy(update={part: first(getattr(PHQ4, part), **{key: "x"})})
    (line,) = catalogue._next_steps(changed, entries(), KNOWN.cards)
    known = sorted(KNOWN.instruments if part == "branch" else KNOWN.cards)
    assert line == f"instruments/phq4.toml: {part}.{key}: expected one of {known}, found 'x'"
    assert list(catalogue._next_steps(PHQ4, entries(), KNOWN.cards)) == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("x", "battery.weekly: expected one of ["),
        ("peg.x", "battery.weekly.peg: expected one of ['peg_e', 'peg_g', 'peg_p'], found 'x'"),
    ],
)
def test_a_battery_of_an_unknown_name_is_named(name: str, says: str) -> None:
    battery = KNOWN.battery("weekly").model_copy(update={"items": (name,)})
    (line,) = catalogue._battery_references(battery, entries())
    assert line.startswith(f"instruments/shared/batteries.toml: {says}")


def test_an_item_of_an_unknown_instrument_is_one_problem() -> None:
    battery = KNOWN.battery("weekly").model_copy(update={"items": ("x.y",)})
    (line,) = catalogue._battery_references(battery, entries())
    assert line.endswith("found 'x'")


def test_the_responder_rule_names_instruments_that_exist() -> None:
    rule = KNOWN.responder_rule
    drops = first(rule.improved_if.any, instrument="x")
    worse = rule.worse_if.model_copy(update={"instrument": "y"})
    example = first(rule.example[1:], baseline={"z": 1.0}, followup={"w": 1.0})
    changed = rule.model_copy(
        update={
            "improved_if": rule.improved_if.model_copy(update={"any": drops}),
            "worse_if": worse,
            "example": (rule.example[0], *example),
        }
    )
    known = sorted(KNOWN.instruments)
    assert list(catalogue._rule_references(changed, entries())) == [
        f"instruments/shared/responder_rule.toml: {key}: expected one of {known}, found '{name}'"
        for key, name in (
            ("improved_if.any.instrument", "x"),
            ("worse_if.instrument", "y"),
            ("example.1", "z"),
            ("example.1", "w"),
        )
    ]


def test_an_id_is_taken_once_across_the_folders() -> None:
    who5, isi = KNOWN.scoring_only["who5"], KNOWN.refused["isi"]
    silent = who5.model_copy(update={"id": "peg"})
    refused = isi.model_copy(update={"id": "peg"})
    taken: Any = [PEG, silent, refused, PHQ4, PHQ4]
    assert list(catalogue._each_id_once(taken)) == [
        "instruments/scoring_only/peg.toml: id: 'peg' is already taken",
        "instruments/refused/peg.toml: id: 'peg' is already taken",
        "instruments/phq4.toml: id: 'phq4' is already taken",
    ]


@pytest.mark.parametrize("below", ["", "scoring_only/", "refused/"])
def test_a_file_is_called_as_its_id(tmp_path: Path, below: str) -> None:
    (tmp_path / below).mkdir(exist_ok=True)
    for name in ("one", "peg", "two"):
        (tmp_path / below / f"{name}.toml").write_text("")
    found: Any = [PEG.model_copy(update={"id": name}) for name in ("1", "peg", "2")]
    assert list(catalogue._file_names(tmp_path, below, found)) == [
        f"instruments/{below}one.toml: id: expected 'one', found '1'",
        f"instruments/{below}two.toml: id: expected 'two', found '2'",
    ]
    with pytest.raises(ValueError, match="shorter"):
        list(catalogue._file_names(tmp_path, below, found[:2]))


def test_bands_by_points_have_no_conditions_to_look_up() -> None:
    bands = Bands(conf="known", band=(Band(min=0, max=12, label="all"),))
    assert inner(PHQ4, bands=bands) == inner(PHQ4, bands=None) == []
