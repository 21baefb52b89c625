"""What fired rows add up to: the highest action wins, anywhere and in single regions."""

from dataclasses import dataclass

import pytest

from unknot.domain.screening.clauses import Action
from unknot.domain.screening.limits import add_up


@dataclass(frozen=True)
class Row:
    action: Action
    techniques: frozenset[str]
    regions: frozenset[str] = frozenset()


def row(action: Action, *techniques: str, regions: tuple[str, ...] = ()) -> Row:
    return Row(action, frozenset(techniques), frozenset(regions))


def test_nothing_fired_asks_for_nothing() -> None:
    limits = add_up(("swedish",), ())
    assert limits.action("swedish") is Action.OK
    assert limits.action("swedish", "lumbar_l") is Action.OK
    assert limits.avoided("swedish") == frozenset()


def test_the_highest_action_wins_in_either_order() -> None:
    rows = (row(Action.ADAPT, "swedish"), row(Action.AVOID, "swedish"), row(Action.OK, "swedish"))
    for order in (rows, rows[::-1]):
        assert add_up(("swedish",), order).action("swedish") is Action.AVOID


def test_a_row_for_a_region_holds_there_alone() -> None:
    limits = add_up(
        ("swedish", "shiatsu"), [row(Action.AVOID, "swedish", regions=("lumbar_l", "sacrum"))]
    )
    assert limits.action("swedish") is Action.OK
    assert limits.action("swedish", "lumbar_l") is Action.AVOID
    assert limits.action("swedish", "lumbar_r") is Action.OK
    assert limits.action("shiatsu", "lumbar_l") is Action.OK
    assert limits.avoided("swedish") == {"lumbar_l", "sacrum"}
    assert limits.avoided("shiatsu") == frozenset()


def test_a_region_takes_the_higher_of_its_own_and_what_holds_anywhere() -> None:
    rows = [
        row(Action.CLEARANCE, "swedish"),
        row(Action.ADAPT, "swedish", regions=("sacrum",)),
        row(Action.AVOID, "swedish", regions=("lumbar_l",)),
        row(Action.ADAPT, "swedish", regions=("lumbar_l",)),
    ]
    limits = add_up(("swedish",), rows)
    assert limits.action("swedish", "sacrum") is Action.CLEARANCE
    assert limits.action("swedish", "lumbar_l") is Action.AVOID


def test_what_is_avoided_anywhere_is_avoided_in_every_region() -> None:
    limits = add_up(("swedish",), [row(Action.AVOID, "swedish")])
    assert {"lumbar_l", "face", "saddle"} <= limits.avoided("swedish")
    assert limits.action("swedish", "face") is Action.AVOID


@pytest.mark.parametrize(("technique", "region"), [("reiki", None), ("swedish", "elbow")])
def test_unknown_names_are_key_errors(technique: str, region: str | None) -> None:
    with pytest.raises(KeyError):
        add_up(("swedish",), ()).action(technique, region)
    with pytest.raises(KeyError):
        add_up(("swedish",), ()).avoided("reiki")
