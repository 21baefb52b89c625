"""The generator: seeded, on the scale, and each world really does what it says."""

import numpy as np
import pytest

from unknot.domain.outcomes.simulate import NULLS, Person, World, person


def people(world: World, count: int = 60) -> list[Person]:
    return [person(world, np.random.default_rng(seed)) for seed in range(count)]


@pytest.mark.parametrize("name", NULLS)
def test_every_cell_makes_whole_ratings_in_order(name: str) -> None:
    for one in people(NULLS[name], 8):
        assert (np.diff(one.t) >= 0).all()
        assert ((one.y >= 0) & (one.y <= 10) & (one.y == np.round(one.y))).all()
        assert one.truth == 0
        assert (np.diff(one.session_t) >= NULLS[name].apart).all()


def test_the_same_seed_is_the_same_person() -> None:
    one, other = (person(World(), np.random.default_rng(7)) for _ in range(2))
    assert (one.y == other.y).all()
    assert not np.array_equal(one.y, person(World(), np.random.default_rng(8)).y)


def test_people_begin_on_a_bad_day_and_get_better_without_any_help() -> None:
    born = people(World(e3=0.0), 150)
    first = np.mean([one.y[:3].mean() for one in born])
    last = np.mean([one.y[-10:].mean() for one in born])
    assert first - last > 0.4


def test_a_door_check_in_stands_before_every_session() -> None:
    for one in people(World(), 10):
        doors = one.t[one.at_door == 1]
        assert doors.size == one.session_t.size
        assert (doors < one.session_t).all()
    assert all(one.at_door.sum() == 0 for one in people(World(door=False), 5))


def test_the_effect_is_there_when_it_should_be() -> None:
    def after_minus_before(world: World) -> float:
        gaps = []
        for one in people(world, 200):
            for when in one.session_t:
                later = one.y[(one.t > when) & (one.t < when + 1)]
                before = one.y[(one.t < when) & (one.t > when - 0.1)]
                if later.size and before.size:
                    gaps.append(later.mean() - before.mean())
        return float(np.mean(gaps))

    assert after_minus_before(World(e3=-1.8)) < after_minus_before(World(e3=0.0)) - 1.0


def test_booking_when_it_is_worst_makes_a_naive_comparison_flatter() -> None:
    """The trap the engine is there for: with no effect, before against after still falls."""
    falls = []
    for one in people(World(booking="felt", e3=0.0), 200):
        for when in one.session_t:
            before = one.y[(one.t < when) & (one.t >= when - 3)]
            after = one.y[(one.t > when) & (one.t <= when + 3)]
            if before.size and after.size:
                falls.append(after.mean() - before.mean())
    assert np.mean(falls) < -0.05


def test_until_knows_nothing_of_later_days() -> None:
    one = person(World(), np.random.default_rng(3))
    seen = one.until(30)
    assert seen.t.max() <= 30
    assert (seen.session_t < 30).all()
