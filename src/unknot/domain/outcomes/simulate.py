"""Make-believe people whose truth is known: the generator behind every calibration figure.

One person's pain is a level with a slow trend, an Ornstein-Uhlenbeck state and an error of each
rating, as in `likelihood`, and whatever else a `World` adds that the model does not know of. They
begin on a bad day, answer in the evening on some days and at the door before each session, book
as the world says, and every session lowers the rating by `beta` an hour after, which fades by half
in `half_life` days. Ratings are whole numbers from 0 to 10.

Units   days since the first check-in, points, hours; seeded by the caller's generator.
Errors  none.
Source  reference note on statistics, 3 to 5: the cells of its tables, written anew from their
        descriptions; docs/reference/calibration.md says what each parameter is drawn from
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from unknot.domain.outcomes.likelihood import Array, Ratings

Booking = Literal["fixed", "recorded", "felt", "felt_notice", "given"]
EVENING, DOOR, AFTER = 20 / 24, 14 / 24 - 45 / 1440, 15 / 24
#: People begin on a day at least so many of their own standard deviations above their level.
BAD_DAY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is true for everybody in one cell of a calibration table."""

    days: int = 84
    booking: Booking = "felt"
    door: bool = True
    missing: float = 0.35
    e3: float | None = 0.0  # mean change over three days; None draws the effect from its prior
    half_life: float = 3.0
    trend: float = 0.0  # points per 28 days
    level: float | None = None
    phi: float | None = None
    most_sessions: int | None = None
    given: tuple[int, ...] = ()  # the days of the sessions, where booking is "given"
    apart: int = 7  # days between two sessions at least
    books_at: float = 1.0  # how bad a day must be to book on it, in their standard deviations
    flares: float = 0.0  # chance a day of a sudden worsening with heavy tails
    walk: float = 0.0  # standard deviation of a random walk, points a day
    weekly: float = 0.0  # amplitude of a weekly rhythm, points
    louder: float = 0.0  # how much the error grows with pain, a share per point
    skips_good: float = 0.0  # chance that a good day's check-in is skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One simulated person: times and ratings, session times, and what was true."""

    t: Array
    y: Array
    at_door: Array
    session_t: Array
    truth: float  # mean change over the three days after a session

    def until(self, day: float) -> Ratings:
        """What is known by `day`, as the engine takes it."""
        seen = self.t <= day
        acting = self.session_t < day
        return Ratings(
            t=self.t[seen],
            y=self.y[seen],
            t_0=0.0,
            session_t=self.session_t[acting],
            dose=np.ones(int(acting.sum())),
            kind=np.zeros(int(acting.sum()), dtype=np.int64),
            kinds=1,
        )


def person(world: World, rng: np.random.Generator) -> Person:
    """Live one person through their course of care."""
    return _Life(world, rng).lived()


class _Life:
    """The state of one person as the days go by."""

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        self.world, self.rng = world, rng
        self.sd = math.exp(rng.normal(math.log(1.5), 0.25))
        logit_phi = rng.normal(0.3, 0.8)
        self.phi = world.phi if world.phi is not None else 1 / (1 + math.exp(-logit_phi))
        self.rho = 1 / (1 + math.exp(-rng.normal(0.5, 0.7)))
        level = float(np.clip(rng.normal(5.0, 1.2), 2.5, 8.0))
        self.level = world.level if world.level is not None else level
        self.fade = math.log(2) / world.half_life
        reach = 3 * self.fade
        share = (1 - math.exp(-reach)) / reach
        self.beta = world.e3 / share if world.e3 is not None else float(rng.normal(0.0, 2.0))
        self.truth = self.beta * share
        self.x = rng.normal() * self.sd * math.sqrt(self.rho)
        self.drift, self.flare, self.now = 0.0, 0.0, 0.0
        self.sessions: list[float] = []
        self.rows: list[tuple[float, float, float]] = []

    def lived(self) -> Person:
        self._wait_for_a_bad_day()
        coming = 3.0 + self.rng.integers(0, 4) if self.world.booking != "fixed" else 10.0
        for day in range(self.world.days):
            if self._comes(day, coming):
                self._session(day)
                coming = day + 14.0 if self.world.booking == "fixed" else math.inf
            felt = self._evening(day)
            if math.isinf(coming) and day + 1 - self.sessions[-1] >= self.world.apart:
                coming = self._booked(day, felt)
        t, y, door = np.array(self.rows).T
        order = np.argsort(t, kind="stable")
        return Person(
            t=t[order],
            y=y[order],
            at_door=door[order],
            session_t=np.array(self.sessions),
            truth=self.truth,
        )

    def _comes(self, day: int, coming: float) -> bool:
        return day in self.world.given if self.world.booking == "given" else day == coming

    def _wait_for_a_bad_day(self) -> None:
        for _ in range(400):
            if self._felt(EVENING) - self.level > BAD_DAY * self.sd:
                break
            self._advance(1.0)
        self.now = EVENING

    def _session(self, day: int) -> None:
        if self.world.most_sessions is not None and len(self.sessions) >= self.world.most_sessions:
            return
        if self.world.door:
            self._go_to(day + DOOR)
            self._rate(self._felt(self.now), door=1.0)
        self._go_to(day + AFTER)
        self.sessions.append(day + AFTER)

    def _evening(self, day: int) -> float:
        self._go_to(day + EVENING + self.rng.normal(0, 0.02))
        felt = self._felt(self.now)
        good = felt < self.level
        skipped = self.rng.random() < self.world.missing
        skipped |= bool(good and self.rng.random() < self.world.skips_good)
        if day == 0 or not skipped:
            self._rate(felt)
        return felt

    def _booked(self, day: int, felt: float) -> float:
        """The day of the next session, or infinity while they would not book."""
        seen = self.rows[-1][1] if self.world.booking == "recorded" else felt
        usual = self.level + self.world.trend * day / 28
        if seen - usual <= self.world.books_at * self.sd:
            return math.inf
        return day + (int(self.rng.integers(1, 4)) if self.world.booking == "felt_notice" else 1)

    def _go_to(self, when: float) -> None:
        self._advance(max(when - self.now, 0.0))
        self.now = max(when, self.now)

    def _advance(self, gap: float) -> None:
        left = self.phi**gap
        state = self.sd * math.sqrt(self.rho * (1 - left * left))
        self.x = left * self.x + state * self.rng.normal()
        self.drift += self.world.walk * math.sqrt(gap) * self.rng.normal()
        self.flare *= math.exp(-0.7 * gap)
        if self.rng.random() < self.world.flares * gap:
            self.flare += abs(self.rng.standard_t(3)) * self.sd

    def _felt(self, when: float) -> float:
        relief = sum(math.exp(-self.fade * (when - t)) for t in self.sessions if t < when)
        pain = self.level + self.world.trend * when / 28 + self.x + self.drift + self.flare
        pain += self.beta * relief
        pain += self.world.weekly * math.sin(2 * math.pi * when / 7)
        error = self.sd * math.sqrt(1 - self.rho)
        error *= max(1 + self.world.louder * (pain - self.level), 0.2)
        return pain + error * self.rng.normal()

    def _rate(self, felt: float, *, door: float = 0.0) -> None:
        self.rows.append((self.now, float(np.clip(round(felt), 0, 10)), door))


#: Every cell without an effect; in each of them "likely helps" must stay rare.
NULLS: dict[str, World] = {
    "fixed dates": World(booking="fixed", door=False),
    "fixed dates, door": World(booking="fixed"),
    "last check-in, door": World(booking="recorded"),
    "felt pain": World(door=False),
    "felt pain, door": World(),
    "1-3 days' notice": World(booking="felt_notice", door=False),
    "1-3 days' notice, door": World(booking="felt_notice"),
    "strong selection, door": World(apart=4, books_at=1.5),
    "slow fluctuation": World(phi=0.9),
    "heavy-tailed flares": World(flares=0.05),
    "random-walk drift": World(walk=0.12),
    "weekly rhythm": World(weekly=0.8),
    "noise grows with pain": World(louder=0.15),
    "level near 0": World(level=0.8),
    "level near 10": World(level=9.2),
    "recovers 1 point in 4 weeks": World(trend=-1.0, level=6.5),
    "28 days, 3 sessions": World(days=28, most_sessions=3),
    "180 days": World(days=180),
    "70 % missing": World(missing=0.7),
    "skips good days": World(skips_good=0.5),
}
