"""What would be worth it: the steps a client chooses from, as points of a 0 to 10 scale.

Units   points, as the mean change over the days after one session.
Errors  KnowledgeError: the file breaks its schema.
Source  knowledge/outcomes/aims.toml
"""

from functools import cache

from pydantic import Field

from unknot.domain.knowledge import KNOWLEDGE, Confidence, Entry, by_id, read
from unknot.domain.outcomes.findings import Outcome


class Worth(Entry):
    """One step in plain words and the points it stands for."""

    id: str
    points: float = Field(gt=0, le=10)


class Aims(Entry):
    """All steps, and what holds for somebody who has not chosen."""

    version: int
    default_outcome: Outcome
    default_worth: str
    source: str
    conf: Confidence
    worth: tuple[Worth, ...] = Field(min_length=1)

    def points(self, worth: str) -> float:
        """How many points a step stands for; raises KeyError for one that does not exist."""
        return by_id(self.worth, worth).points


@cache
def load() -> Aims:
    """Read the steps once."""
    return read(KNOWLEDGE / "outcomes" / "aims.toml", Aims)
