"""Answers of made-up people, simulated so that every state of a verdict is there to be seen.

Whoever is wanted is looked for: people are simulated around the sessions that took place, one seed
after the other, until the engine says the wanted thing of one. So the words are the engine's own.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

import numpy as np

from unknot.domain.outcomes.analysis import analyse
from unknot.domain.outcomes.course import Course
from unknot.domain.outcomes.findings import State
from unknot.domain.outcomes.model import load
from unknot.domain.outcomes.series import CheckIn, Session
from unknot.domain.outcomes.simulate import Person, World, person

FILE = "simulated.csv"
ATTRIBUTION = "Made up by the simulator of this program for the demonstration."
DOOR = timedelta(minutes=30)
#: After so many people without the wanted verdict the demonstration is wrong, not unlucky.
MOST = 400


def answers(
    sessions: Sequence[Session],
    *,
    state: State,
    effect: float,
    first: date,
    days: int,
    zone: ZoneInfo,
) -> tuple[CheckIn, ...]:
    """Simulate `days` of answers from `first` on, of whom the engine says `state` of pain."""
    given = tuple((one.start.astimezone(zone).date() - first).days for one in sessions)
    world = World(booking="given", given=given, days=days, e3=effect)
    begun = datetime.combine(first, time(), zone)
    for seed in islice(count(1), MOST):
        made = _check_ins(world, seed, begun, sessions)
        found = analyse(Course(check_ins=made, sessions=tuple(sessions), zone=zone), load())
        if found.verdicts[0].state == state:
            return made
    raise ValueError(f"nobody of {MOST} simulated people is {state!r} with an effect of {effect}")


def _check_ins(
    world: World, seed: int, begun: datetime, sessions: Sequence[Session]
) -> tuple[CheckIn, ...]:
    """Five ratings of one person: each is simulated alone, sleep and mood the other way round."""
    lives = [person(world, np.random.default_rng((seed, k))) for k in range(5)]
    pain, stiffness, stress, worse_sleep, low_mood = (_by_evening(one) for one in lives)
    last = (begun + timedelta(days=world.days)).astimezone(begun.tzinfo)
    return tuple(
        CheckIn(
            at=_instant(key, begun, sessions),
            pain=value,
            stiffness=stiffness.get(key),
            stress=stress.get(key),
            sleep=_turned(worse_sleep.get(key)),
            mood=_turned(low_mood.get(key)),
            moment="door" if key < 0 else "day",
        )
        for key, value in pain.items()
        if _instant(key, begun, sessions) < last
    )


def _by_evening(one: Person) -> dict[int, float]:
    """Ratings by day; those at the door by session, counted -1, -2 and so on."""
    days: dict[int, float] = {}
    doors = count(-1, -1)
    for t, y, door in zip(one.t, one.y, one.at_door, strict=True):
        days[next(doors) if door else int(t)] = float(y)
    return days


def _instant(key: int, begun: datetime, sessions: Sequence[Session]) -> datetime:
    if key < 0:
        return sessions[-key - 1].start - DOOR
    return datetime.combine(begun.date() + timedelta(days=key), time(20, 30), begun.tzinfo)


def _turned(value: float | None) -> float | None:
    return None if value is None else 10.0 - value
