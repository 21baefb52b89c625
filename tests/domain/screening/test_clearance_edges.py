"""Clearance at its edges: levels that just block, several rows at once, and what is kept."""

from dataclasses import replace

import pytest

from unknot.domain.screening.clauses import Action, Urgency
from unknot.domain.screening.clearance import cleared, flags_to_clear
from unknot.domain.screening.decide import Decision, Fired, Kind
from unknot.domain.screening.limits import add_up

TECHNIQUES = ("deep_tissue", "swedish")


def row(
    name: str,
    kind: Kind = "red_flag",
    level: Urgency = Urgency.CLINICIAN_FIRST,
    *,
    because: str = "",
    action: Action = Action.OK,
) -> Fired:
    return Fired(
        id=name,
        kind=kind,
        version=1,
        because=because or name,
        text="",
        urgency=level,
        action=action,
        techniques=frozenset(TECHNIQUES),
    )


def decision(*rows: Fired) -> Decision:
    return Decision(
        table_version=1,
        urgency=max((one.urgency for one in rows), default=Urgency.NONE),
        fired=rows,
        unanswered=(),
        full_screen=False,
        cards=(),
        techniques=TECHNIQUES,
        limits=add_up(TECHNIQUES, rows),
    )


@pytest.mark.parametrize(
    ("level", "blocks"), [(Urgency.ADAPT, False), (Urgency.CLINICIAN_FIRST, True)]
)
def test_a_combination_is_cleared_from_the_level_that_blocks(level: Urgency, blocks: bool) -> None:
    found = decision(row("combo", "combination", level, because="a, b"))
    assert flags_to_clear(found) == (("a", "b") if blocks else ())


def test_a_rule_is_no_flag_whatever_its_level() -> None:
    assert flags_to_clear(decision(row("r001", "condition"))) == ()


def test_flags_and_members_of_combinations_are_named_together_and_once() -> None:
    found = decision(
        row("a"), row("c"), row("combo", "combination", Urgency.SAME_DAY, because="a, b")
    )
    assert flags_to_clear(found) == ("a", "c", "b")


def test_a_cleared_row_keeps_the_lower_level_it_has() -> None:
    found = decision(row("a", level=Urgency.NONE), row("b"))
    after = cleared(found, {"a", "b"})
    assert [one.urgency for one in after.fired] == [Urgency.NONE, Urgency.ADAPT]
    assert after.urgency is Urgency.ADAPT


def test_a_cleared_combination_is_still_told_as_a_change_to_make() -> None:
    found = decision(row("combo", "combination", Urgency.SAME_DAY, because="a, b"))
    after = cleared(found, {"a", "b"})
    assert [one.urgency for one in after.fired] == [Urgency.ADAPT]
    quiet = decision(row("combo", "combination", Urgency.NONE, because="a"))
    assert cleared(quiet, {"a"}) is quiet


def test_only_the_agreed_row_changes_its_action() -> None:
    asked = Action.CLEARANCE
    found = decision(
        row("r001", "condition", Urgency.ADAPT, action=asked),
        row("r002", "condition", Urgency.ADAPT, action=asked),
        row("r003", "condition", Urgency.ADAPT, action=Action.AVOID),
    )
    after = cleared(found, {"r001", "r003"})
    assert [one.action for one in after.fired] == [Action.ADAPT, asked, Action.AVOID]
    assert after.action("swedish") is Action.AVOID
    assert replace(after, fired=found.fired, limits=found.limits) == found


def test_a_flag_that_is_also_agreed_to_as_a_row_loses_its_level_alone() -> None:
    found = decision(row("a", action=Action.CLEARANCE))
    (after,) = cleared(found, {"a"}).fired
    assert (after.urgency, after.action) == (Urgency.ADAPT, Action.CLEARANCE)
