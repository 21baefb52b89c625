"""One person's care so far: what goes into a fit, and a short name for it.

Units   instants aware; ratings 0 to 10; points of the outcome's own scale.
Errors  none here; the fit names a rating or a session that cannot be right.
Source  none: it only gathers.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from unknot.domain.outcomes.findings import OUTCOMES, Outcome
from unknot.domain.outcomes.series import CheckIn, Session


class Others(NamedTuple):
    """What other clients of the practice report of one outcome: an effect and its spread."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One person's care so far; `claimed` names what was called likely to help the last time.

    `claimed` holds (outcome, technique), with an empty technique for all massage.
    """

    check_ins: tuple[CheckIn, ...]
    sessions: tuple[Session, ...]
    zone: ZoneInfo
    main: Outcome = "pain"
    worth_points: float | None = None
    claimed: frozenset[tuple[Outcome, str]] = frozenset()
    others: Mapping[Outcome, Others] = field(default_factory=dict)

    def fingerprint(self, version: str) -> str:
        """A short name for these inputs and this model: equal exactly when nothing has changed."""
        rows = [version, self.main, repr(self.worth_points), repr(sorted(self.others.items()))]
        rows += [repr((one.at.timestamp(), *_values(one))) for one in self.check_ins]
        rows += [
            repr((one.start.timestamp(), one.end.timestamp(), one.technique, one.minutes))
            for one in self.sessions
        ]
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:32]


def _values(one: CheckIn) -> tuple[float | None, ...]:
    return tuple(getattr(one, outcome) for outcome in OUTCOMES)
