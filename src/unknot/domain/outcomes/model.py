"""The model's numbers as data: priors, chances from which something is said, and gates.

Units   points 0 to 10, days, chances; each prior names the scale it is normal on.
Errors  KnowledgeError: the file breaks its schema.
Source  knowledge/outcomes/model.toml, which says for each where it comes from
"""

from functools import cache
from typing import Literal

from pydantic import Field

from unknot.domain.knowledge import KNOWLEDGE, Confidence, Entry, read

Chance = Field(gt=0, lt=1)


class Prior(Entry):
    """A normal distribution on `scale`."""

    scale: Literal["identity", "log", "logit"]
    mean: float
    sd: float = Field(gt=0)
    why: str = ""
    source: str
    conf: Confidence


class Priors(Entry):
    """What is believed of a person before their first answer."""

    phi: Prior
    rho: Prior
    sd: Prior
    half_life: Prior
    level: Prior
    trend: Prior
    surge: Prior
    effect: Prior


class Rule(Entry):
    """Chances from which something is said, and the points they are about."""

    likely: float = Chance
    also_likely: float = Chance
    keep: float = Chance
    early_sign: float = Chance
    harm: float = Chance
    better: float = Chance
    worth_points: float = Field(gt=0)
    worth: float = Chance
    better_points: float = Field(gt=0)
    min_effective_draws: int = Field(gt=0)
    link: float = Chance
    source: str
    conf: Confidence


class GateRule(Entry):
    """How many of each there must be."""

    chart_check_ins: int = Field(gt=0)
    better_weeks: int = Field(gt=0)
    better_check_ins: int = Field(gt=0)
    helps_days: int = Field(gt=0)
    helps_check_ins: int = Field(gt=0)
    helps_sessions: int = Field(gt=0)
    technique_sessions: int = Field(gt=0)
    link_days: int = Field(gt=0)
    link_pairs: int = Field(gt=0)
    same_day_pairs: int = Field(gt=0)
    practice_clients: int = Field(gt=0)
    therapist_clients: int = Field(gt=0)
    small_cell: int = Field(gt=0)
    source: str
    conf: Confidence


class Model(Entry):
    """One version of everything the engine believes and of what it may say."""

    version: str
    window_days: int = Field(gt=0)
    draws: int = Field(gt=0)
    horizon_days: int = Field(gt=0)
    door_minutes: int = Field(ge=0)
    prior: Priors
    rule: Rule
    gate: GateRule


@cache
def load() -> Model:
    """Read the model's numbers once."""
    return read(KNOWLEDGE / "outcomes" / "model.toml", Model)
