"""The design of a comparison: the list, its seal, what it can find, and when it stops."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.outcomes import trial
from unknot.domain.outcomes.trial import BadDesign, Design

ORDERS = st.lists(st.sampled_from(("AB", "BA")), min_size=1, max_size=10).map("".join)


def a_design(**fields: object) -> Design:
    return Design(**{"technique_a": "swedish", "technique_b": "thai", "pairs": 6, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"technique_b": "swedish"},
        {"pairs": 3},
        {"pairs": 11},
        {"gap_days": 3},
        {"gap_days": 29},
        {"gap_days": 28, "pair_weeks": 7},
    ],
)
def test_a_design_that_makes_no_fair_comparison_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadDesign):
        a_design(**wrong)


@given(st.lists(st.booleans(), min_size=4, max_size=10))
def test_each_pair_has_both_techniques_and_the_coin_says_which_is_first(coins: list[bool]) -> None:
    falls = iter(coins)
    order = trial.draw(len(coins), lambda: next(falls))
    assert len(order) == 2 * len(coins)
    for pair, heads in enumerate(coins, 1):
        both = trial.side(order, 2 * pair - 1), trial.side(order, 2 * pair)
        assert both == (("A", "B") if heads else ("B", "A"))
    assert trial.labels(order, range(1, len(coins) + 1)) == tuple(1 if c else -1 for c in coins)


@given(ORDERS, ORDERS)
def test_the_seal_is_a_plain_sha_256_that_only_its_own_list_opens(order: str, other: str) -> None:
    sealed = trial.commitment("c0ffee", order)
    assert sealed == hashlib.sha256(b"c0ffee\n" + order.encode()).hexdigest()
    assert trial.matches("c0ffee", order, sealed)
    assert trial.matches("c0ffee", other, sealed) == (order == other)
    assert not trial.matches("c0ffee0", order, sealed)


@pytest.mark.parametrize("order", ["", "A", "AA", "ABA", "ABXY"])
def test_what_is_no_list_is_refused(order: str) -> None:
    with pytest.raises(ValueError, match="list of pairs"):
        trial.check_order(order)


def test_a_place_outside_of_the_list_is_refused() -> None:
    with pytest.raises(ValueError, match="place 3 of 2"):
        trial.side("AB", 3)


@pytest.mark.parametrize(
    ("done", "pairs"),
    [
        ([], ()),
        ([1], ()),
        ([1, 2], (1,)),
        ([1, 2, 3], (1,)),
        ([1, 3, 4], (2,)),
        ([4, 3, 2, 1], (1, 2)),
    ],
)
def test_only_pairs_with_both_sessions_count(done: list[int], pairs: tuple[int, ...]) -> None:
    assert trial.completed_pairs(done) == pairs
    assert {trial.pair_of(one) for one in (1, 2)} == {1}


def test_four_and_five_pairs_can_find_nothing_and_more_pairs_find_more() -> None:
    """With these the smallest p is above 0.05, whatever the difference."""
    found = {pairs: trial.power(pairs) for pairs in range(4, 11)}
    assert [pairs for pairs, one in found.items() if not one.can_find_any] == [4, 5]
    assert all(share == 0 for pairs in (4, 5) for _points, share in found[pairs].found)
    for fewer, more in ((6, 7), (7, 8), (8, 9), (9, 10)):
        for few, many in zip(found[fewer].found, found[more].found, strict=True):
            assert few[1] <= many[1]
    assert (found[7].simulated_pairs, found[9].simulated_pairs) == (6, 8)
    assert found[6].smallest_p == 0.03125


@pytest.mark.parametrize("pairs", [3, 11])
def test_no_power_is_made_up_outside_of_the_table(pairs: int) -> None:
    with pytest.raises(BadDesign):
        trial.power(pairs)


def test_the_table_is_the_one_that_was_simulated() -> None:
    table = trial.power_table()
    for row in table.row:
        assert len(row.difference) == len(row.gls) == len(row.post_mean)
        assert all(0 <= share <= 1 for share in (*row.gls, *row.post_mean))
        assert list(row.gls) == sorted(row.gls)
        assert all(gls >= plain for gls, plain in zip(row.gls, row.post_mean, strict=True))
    assert trial.power(8).found == ((0.72, 0.24), (1.08, 0.49), (1.80, 0.85))
    assert trial.power(8, "post_mean").found == ((0.72, 0.14), (1.08, 0.29), (1.80, 0.59))


def test_when_the_next_may_be_and_when_a_pair_is_given_up() -> None:
    then = datetime(2026, 3, 27, 9, tzinfo=UTC)
    assert trial.next_not_before(then, 7) == then + timedelta(days=7)
    assert trial.overdue_at(then, 8) == then + timedelta(days=56)
    assert trial.analysed_at(then, 3) == then + timedelta(days=4)


def test_every_reason_to_stop_has_words() -> None:
    assert set(trial.STOP_WORDS) == set(trial.Stop)
