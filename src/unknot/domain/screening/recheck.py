"""How long a full check-in stands, and when the short recheck before a session is asked.

It stands for the days of the table and until a recheck answers that something is new, or may be:
"not sure" counts as yes. Then only a full check-in stands again that was begun after that answer,
because one begun earlier may have been answered before the thing was new.

Units   aware datetimes; `days` in days of 24 hours, the last instant included.
Errors  none.
Source  `engine.rescreen` and `short_recheck_question` in knowledge/screening/table.toml;
        clinical reference 2.1
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from unknot.domain.screening.answers import SAID
from unknot.domain.screening.clauses import Reply

#: The short recheck is asked from this long before the session on.
ASKED_BEFORE = timedelta(hours=48)


class Reason(Enum):
    """Why a full check-in stands, or does not."""

    STANDS = "stands"
    TOO_OLD = "too old"
    SOMETHING_NEW = "something new was said"
    NEVER = "never screened"


class Step(Enum):
    """How far one appointment is with its recheck."""

    EARLY = "early"  # it is not asked yet
    OPEN = "open"  # it may be asked now
    WAITS = "waits"  # the session waits for the full check-in
    ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One answer to the short recheck, and when it was given."""

    said: Reply
    at: datetime

    @property
    def is_new(self) -> bool:
        """Whether it asks for the full check-in."""
        return self.said in SAID


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether the newest full check-in may be relied on, and why not."""

    reason: Reason

    @property
    def stands(self) -> bool:
        return self.reason is Reason.STANDS


def standing(
    completed_at: datetime | None,
    rechecks: Iterable[Told],
    *,
    now: datetime,
    days: int,
    began_at: datetime | None = None,
) -> Standing:
    """Say whether the newest full check-in stands at `now`; `days` is how long it may be relied on.

    `began_at` is when that check-in was begun, if earlier than its completion. An answer given in
    the same instant counts as later than it.
    """
    if completed_at is None:
        return Standing(reason=Reason.NEVER)
    since = completed_at if began_at is None else min(began_at, completed_at)
    if any(told.is_new and told.at >= since for told in rechecks):
        return Standing(reason=Reason.SOMETHING_NEW)
    if now - completed_at > timedelta(days=days):
        return Standing(reason=Reason.TOO_OLD)
    return Standing(reason=Reason.STANDS)


def step(found: Standing, *, asked: bool, start: datetime, now: datetime) -> Step:
    """Say how far an appointment that begins at `start` is with its recheck at `now`."""
    if asked and found.stands:
        return Step.ASKED
    if now < start - ASKED_BEFORE:
        return Step.EARLY
    return Step.OPEN if found.stands else Step.WAITS
