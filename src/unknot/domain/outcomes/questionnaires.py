"""Did a questionnaire change by more than chance and regression to the mean explain?

    z = (x2 - M - r (x1 - M)) / (SD sqrt(1 - r²))

x1 is the baseline, x2 the later score, r the retest correlation over the days between them, M and
SD those of clients who are not at intake. People come when it is worst, so an unchanged person's
next score is expected nearer to M; the rule asks how far below that expectation it lies. "Improved"
also needs the smallest change that matters to people (MIC), and "worse" mirrors both.

Units   points of the instrument; days between two local days; z has no unit.
Errors  BadComparison: a later score that is not later, or one that is no number.
Source  reference note on statistics, part 9; knowledge/outcomes/questionnaires.toml
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from unknot.domain.outcomes.norms import Between, Known, Norms, Rules, retest_over

State = Literal["improved", "worse", "cannot_tell"]
#: Why nothing can be told; "" when something can.
Why = Literal[
    "",
    "no_score",
    "only_one_score",
    "too_soon",
    "no_mic",
    "no_retest",
    "no_norms",
    "too_small",
    "within_noise",
]
Occasion = Literal["intake", "before_first_session", "later"]


class BadComparison(ValueError):
    """Two scores that cannot be compared as given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One score, the local day on which it was given, and on which occasion."""

    score: float
    on: date
    occasion: Occasion = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What a score of one instrument means: direction, and the change that matters to people."""

    lower_is_better: bool
    mic: float | None
    source: str
    known: Known | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What may be said about a baseline and the newest score.

    `z` are the ends of what the rule gives, equal where the retest was measured over these days;
    negative is better than chance and regression to the mean lead to expect. None where the
    rule cannot be applied.
    """

    state: State
    why: Why
    baseline: Answered | None = None
    newest: Answered | None = None
    z: tuple[float, float] | None = None
    norms: Norms | None = None

    @property
    def days(self) -> int:
        """Days between the two scores; 0 while there are not two."""
        if self.baseline is None or self.newest is None:
            return 0
        return (self.newest.on - self.baseline.on).days


def baseline(scores: Sequence[Answered]) -> Answered | None:
    """The second baseline where there is one, else the first score of all."""
    second = [one for one in scores if one.occasion == "before_first_session"]
    return second[-1] if second else next(iter(scores), None)


def change(
    scores: Sequence[Answered], *, scale: Scale, norms: Norms | None, rules: Rules
) -> Change:
    """Judge the newest of `scores`, oldest first, against the baseline."""
    start = baseline(scores)
    if start is None:
        return Change(state="cannot_tell", why="no_score")
    later = [one for one in scores if one.on > start.on]
    if not later:
        return Change(state="cannot_tell", why="only_one_score", baseline=start)
    return compared(start, later[-1], scale=scale, norms=norms, rules=rules)


def compared(
    start: Answered, newest: Answered, *, scale: Scale, norms: Norms | None, rules: Rules
) -> Change:
    """Judge one score against one baseline; raises BadComparison."""
    _check(start, newest)
    days = (newest.on - start.on).days
    r = retest_over(scale.known, days)
    z: tuple[float, float] | None = None
    if r is not None and norms is not None:
        low, high = z_between(start.score, newest.score, r=r, norms=norms)
        z = (low, high) if scale.lower_is_better else (-high, -low)
    why = _why_not(scale, r, norms)
    state: State = "cannot_tell"
    if not why and z is not None and scale.mic is not None:
        gain = start.score - newest.score if scale.lower_is_better else newest.score - start.score
        state, why = _judged(gain, z, scale.mic, days, rules)
    elif why == "no_norms" and days < rules.better_after_days:
        why = "too_soon"
    return Change(state=state, why=why, baseline=start, newest=newest, z=z, norms=norms)


def _why_not(scale: Scale, r: Between | None, norms: Norms | None) -> Why:
    """What the rule lacks; "" when it can be applied."""
    if scale.mic is None:
        return "no_mic"
    if r is None:
        return "no_retest"
    return "no_norms" if norms is None else ""


def _judged(
    gain: float, z: tuple[float, float], mic: float, days: int, rules: Rules
) -> tuple[State, Why]:
    """Worse is said at any time, better only after the weeks that the rule was made for."""
    if z[0] > rules.z and _reaches(-gain, mic):
        return "worse", ""
    if days < rules.better_after_days:
        return "cannot_tell", "too_soon"
    if z[1] < -rules.z:
        return ("improved", "") if _reaches(gain, mic) else ("cannot_tell", "too_small")
    return "cannot_tell", "too_small" if z[0] > rules.z else "within_noise"


def z_of(x1: float, x2: float, *, r: float, norms: Norms) -> float:
    """The rule itself, for one retest correlation."""
    expected = norms.mean + r * (x1 - norms.mean)
    return (x2 - expected) / (norms.sd * math.sqrt(1 - r * r))


def z_between(x1: float, x2: float, *, r: Between, norms: Norms) -> tuple[float, float]:
    """The smallest and the largest value of the rule for a retest correlation in between.

    Besides the ends, z can turn where r (x2 - M) = x1 - M.
    """
    first, second = x1 - norms.mean, x2 - norms.mean
    turn = first / second if second else math.inf
    tried = [r.low, r.high, *([turn] if r.low < turn < r.high else [])]
    found = [z_of(x1, x2, r=one, norms=norms) for one in tried]
    return min(found), max(found)


def _reaches(gain: float, mic: float) -> bool:
    return gain > mic or math.isclose(gain, mic)


def _check(start: Answered, newest: Answered) -> None:
    if newest.on <= start.on:
        raise BadComparison(f"{newest.on} is not after {start.on}")
    if not (math.isfinite(start.score) and math.isfinite(newest.score)):
        raise BadComparison("a score is a number")
