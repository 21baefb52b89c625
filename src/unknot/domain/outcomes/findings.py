"""What the model found about one person, as pages, papers and commands pass it on.

Nothing here computes: a fit writes these, they are stored, and pages read them back. This module
and what pages import know neither NumPy nor SciPy.

Units   points of the outcome's own scale, 0 to 10: pain -1.1 is 1.1 points less pain, mood +0.8 is
        a better mood. Chances 0 to 1. Days are local days of the practice.
Errors  none: they are plain values.
Source  reference note on statistics, parts 1, 2, 4, 7 and 11
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Outcome = Literal["pain", "stiffness", "stress", "sleep", "mood"]
OUTCOMES: tuple[Outcome, ...] = ("pain", "stiffness", "stress", "sleep", "mood")
OF_THE_BODY: frozenset[Outcome] = frozenset({"pain", "stiffness"})
HIGHER_IS_BETTER: frozenset[Outcome] = frozenset({"sleep", "mood"})

State = Literal["too_early", "cannot_tell", "early_sign", "likely_helps", "tends_higher"]
BetterState = Literal["too_early", "cannot_tell", "better", "worse"]
LinkState = Literal["too_early", "together", "apart", "cannot_tell", "pain_first", "stress_first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One number with its doubt: the mean and the range that holds it 95 times in 100.

    `p_better` is the chance that it lies on the better side of zero, `p_worth` that it is better
    by more than what counts as worth it.
    """

    mean: float
    low: float
    high: float
    p_better: float
    p_worth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Something there must be enough of before anything is said: how many there are and need be."""

    name: str
    have: int
    need: int

    @property
    def is_open(self) -> bool:
        """Whether there is enough of it."""
        return self.have >= self.need


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether massage (or one technique) helps one outcome of this person, as far as is known.

    `effect` is the mean change over the three days after one session of an hour; None while a
    gate is closed. `kept` says that an earlier claim still stands although it would not be made
    anew today. `identified` is False when the answers hardly tell the model anything.
    `with_others` leans on what other clients of the practice report and never changes the state.
    """

    outcome: Outcome
    technique: str | None
    state: State
    effect: Estimate | None
    gates: tuple[Gate, ...]
    main: bool = False
    kept: bool = False
    identified: bool = True
    with_others: Estimate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Better:
    """How the usual level moved from the second week until now, whatever moved it.

    `p_point` is the chance that it is at least one point better.
    """

    outcome: Outcome
    state: BetterState
    change: Estimate | None
    p_point: float | None
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The smoothed rating of one day and the band that holds it 90 times in 100."""

    day: date
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Strand:
    """One outcome over time; `start` is the model's level of the second week, never the intake."""

    outcome: Outcome
    levels: tuple[Level, ...]
    start: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Whether pain and stress go together, and whether one goes before the other.

    `same_day` is their correlation on the same day, trend removed; None below its gate.
    """

    state: LinkState
    pairs: int
    days: int
    same_day: float | None
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFindings:
    """All verdicts of one person, how the levels moved, the lines to draw, body and mind together.

    `link` is None in what was found before it was looked for.
    """

    verdicts: tuple[Verdict, ...]
    better: tuple[Better, ...]
    strands: tuple[Strand, ...]
    link: Link | None = None
