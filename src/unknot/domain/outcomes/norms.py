"""What the rule of change needs besides two scores: retest, and the scores of people not at intake.

Units   points of the instrument; correlations 0 to 1; days between two sittings.
Errors  KnowledgeError: the file breaks its schema.
Source  knowledge/outcomes/questionnaires.toml
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import Field

from unknot.domain.knowledge import KNOWLEDGE, Confidence, Entry, read


class Retest(Entry):
    """How strongly the scores of unchanged people go together over so many days."""

    from_days: int = Field(gt=0)
    to_days: int = Field(gt=0)
    r: float = Field(gt=0, lt=1)


class Known(Entry):
    """What is known of one instrument; what was looked for and not found is named."""

    id: str
    alpha: float | None = Field(default=None, gt=0, lt=1)
    reliable_change_points: float | None = None
    retest: tuple[Retest, ...] = ()
    source: str
    conf: Confidence
    none_found: tuple[Literal["retest", "mic"], ...] = ()


class Rules(Entry):
    """The numbers of the rule and what is known of each instrument."""

    version: int
    z: float = Field(gt=0)
    own_from: int = Field(gt=1)
    pooled_from: int = Field(gt=1)
    later_after_days: int = Field(gt=0)
    better_after_days: int = Field(gt=0)
    source: str
    conf: Confidence
    instrument: tuple[Known, ...]

    def known(self, instrument: str) -> Known | None:
        """What is known of an instrument; None for one that the file does not name."""
        return next((one for one in self.instrument if one.id == instrument), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """The retest correlation lies between these two; they are equal where it was measured."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Norms:
    """Mean and standard deviation of one score each of `clients` people not at intake."""

    mean: float
    sd: float
    clients: int
    own: bool  # of the practice alone; otherwise of all practices together


@cache
def load() -> Rules:
    """Read the rule's numbers once."""
    return read(KNOWLEDGE / "outcomes" / "questionnaires.toml", Rules)


def retest_over(known: Known | None, days: int) -> Between | None:
    """What the retest correlation over `days` can be; None where nothing was measured.

    It falls with time. So over longer than was measured it is at most the last one, and over
    less it lies between the first one and how well the items of one sitting agree.
    """
    if known is None or not known.retest:
        return None
    measured = sorted(known.retest, key=lambda one: one.from_days)
    for one in measured:
        if one.from_days <= days <= one.to_days:
            return Between(low=one.r, high=one.r)
    before = [one.r for one in measured if one.to_days < days]
    after = [one.r for one in measured if one.from_days > days]
    high = before[-1] if before else known.alpha
    return None if high is None else Between(low=after[0] if after else 0.0, high=high)


def choose(own: Sequence[float], pooled: Sequence[float], rules: Rules) -> Norms | None:
    """Norms from one later score of each client: the practice's own once there are enough.

    `pooled` holds those of all practices. None while there are too few, or all are the same.
    """
    if len(own) >= rules.own_from:
        return _norms(own, own=True)
    return _norms(pooled, own=False) if len(pooled) >= rules.pooled_from else None


def _norms(scores: Sequence[float], *, own: bool) -> Norms | None:
    count = len(scores)
    mean = math.fsum(scores) / count
    variance = math.fsum((one - mean) ** 2 for one in scores) / (count - 1)
    if variance <= 0:
        return None
    return Norms(mean=mean, sd=math.sqrt(variance), clients=count, own=own)
