"""What the answers after a session set off: red flags, adverse events, words for the therapist.

Units   soreness 0 to 10, hours since the session.
Errors  none; an event the table does not know sets off nothing.
Source  knowledge/screening/after_session.toml
"""

from collections.abc import Collection
from dataclasses import dataclass

from unknot.domain.screening.catalogue import Table
from unknot.domain.screening.clauses import Urgency, urgency
from unknot.domain.screening.decide import Fired


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterSession:
    """What the answers after a session set off."""

    urgency: Urgency
    fired: tuple[Fired, ...]
    adverse_event: bool


def after_session(
    table: Table, *, events: Collection[str], soreness: int | None, hours: int
) -> AfterSession:
    """Decide from what was noticed `hours` after a session; soreness is a 0 to 10 rating."""
    hit = [
        rule
        for rule in table.after_session
        if rule.when.event in events
        or (
            rule.when.soreness_from is not None
            and soreness is not None
            and soreness >= rule.when.soreness_from
            and hours >= (rule.when.hours or 0)
        )
    ]
    fired = tuple(
        Fired(
            id=rule.id,
            kind="after_session",
            version=rule.version,
            because=rule.fire or rule.when.event or "soreness",
            text=rule.text or (table.red_flag(rule.fire).question if rule.fire else ""),
            urgency=urgency(
                rule.urgency or (table.red_flag(rule.fire).urgency if rule.fire else "none")
            ),
        )
        for rule in hit
    )
    return AfterSession(
        urgency=max((row.urgency for row in fired), default=Urgency.NONE),
        fired=fired,
        adverse_event=bool(hit),
    )
