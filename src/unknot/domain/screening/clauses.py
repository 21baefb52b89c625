"""The small conditions that the screening files are written in, and the words they share.

Units   ages in whole years, onset in weeks, days since the onset; confidence as in `knowledge`.
Errors  ValueError inside pydantic: a clause that says nothing or two things at once.
Source  docs/decisions/0006-knowledge-is-toml-data.md; a row without a published source says so.
"""

from collections.abc import Iterator
from enum import IntEnum
from typing import Literal, Self

from pydantic import model_validator

from unknot.domain.knowledge import Confidence, Entry

Reply = Literal["yes", "no", "unsure"]
Basis = Literal["unsourced consensus"]
UrgencyId = Literal["none", "adapt", "clinician_first", "same_day", "emergency_now"]
ActionId = Literal["ok", "adapt", "clearance", "avoid"]


class Urgency(IntEnum):
    """How soon somebody else must look first; a higher rank wins over everything."""

    NONE = 0
    ADAPT = 1
    CLINICIAN_FIRST = 2
    SAME_DAY = 3
    EMERGENCY_NOW = 4

    @property
    def id(self) -> UrgencyId:
        """The word the knowledge files use for this level."""
        return _URGENCY_IDS[self]


class Action(IntEnum):
    """What a rule asks of one technique in one place; the highest rank wins."""

    OK = 0
    ADAPT = 1
    CLEARANCE = 2
    AVOID = 3

    @property
    def id(self) -> ActionId:
        """The word the knowledge files use for this action."""
        return _ACTION_IDS[self]


_URGENCY_IDS: dict[Urgency, UrgencyId] = {
    Urgency.NONE: "none",
    Urgency.ADAPT: "adapt",
    Urgency.CLINICIAN_FIRST: "clinician_first",
    Urgency.SAME_DAY: "same_day",
    Urgency.EMERGENCY_NOW: "emergency_now",
}
_ACTION_IDS: dict[Action, ActionId] = {
    Action.OK: "ok",
    Action.ADAPT: "adapt",
    Action.CLEARANCE: "clearance",
    Action.AVOID: "avoid",
}
_URGENCIES: dict[UrgencyId, Urgency] = {name: level for level, name in _URGENCY_IDS.items()}
_ACTIONS: dict[ActionId, Action] = {name: action for action, name in _ACTION_IDS.items()}


def urgency(level: UrgencyId) -> Urgency:
    """Give the rank of the level called `level`."""
    return _URGENCIES[level]


def action(name: ActionId) -> Action:
    """Give the rank of the action called `name`."""
    return _ACTIONS[name]


class Sourced(Entry):
    """An entry that says where it comes from, or that nothing published backs it."""

    source: str = ""
    basis: Basis | None = None
    origin: str = ""  # whose word an unsourced entry is
    conf: Confidence
    version: int

    @model_validator(mode="after")
    def _has_source_or_basis(self) -> Self:
        if bool(self.source.strip()) == (self.basis is not None):
            name = getattr(self, "id", "entry")
            raise ValueError(
                f"{name}: expected either a source or basis = 'unsourced consensus', never both"
            )
        return self


class Clause(Entry):
    """One condition over age and named facts: exactly one of its keys is set."""

    all: tuple["Clause", ...] = ()
    any: tuple["Clause", ...] = ()
    age_from: int | None = None
    age_below: int | None = None
    fact: str | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        parts = (self.age_from, self.age_below, self.fact)
        said = sum(part is not None for part in parts) + bool(self.all) + bool(self.any)
        if said != 1:
            raise ValueError("expected exactly one of all, any, age_from, age_below, fact")
        return self

    def facts(self) -> Iterator[str]:
        """Name every fact this clause looks at."""
        if self.fact is not None:
            yield self.fact
        for part in (*self.all, *self.any):
            yield from part.facts()

    def holds(self, *, age: int, facts: frozenset[str]) -> bool:
        """Tell whether the clause holds at `age` (years) for the `facts` that are known."""
        if self.all:
            return all(part.holds(age=age, facts=facts) for part in self.all)
        if self.any:
            return any(part.holds(age=age, facts=facts) for part in self.any)
        if self.age_from is not None:
            return age >= self.age_from
        if self.age_below is not None:
            return age < self.age_below
        return self.fact in facts
