"""Say what is still asked of a person after a clinician has agreed to some of the rows.

A flag that a clinician has looked at no longer blocks, but the therapist is still told. A row
that asks for agreement becomes a change to make. A row to avoid stays: nobody's word lifts it.

Units   urgency and action ranks as in `clauses`.
Errors  none; an id that did not fire changes nothing.
Source  knowledge/screening/urgency.toml: `unlock` of each blocking level, meaning of "clearance"
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from unknot.domain.screening.clauses import Action, Urgency
from unknot.domain.screening.decide import Decision, Fired
from unknot.domain.screening.limits import add_up

BLOCKING = Urgency.CLINICIAN_FIRST
_JOINT = ", "


def flags_to_clear(decision: Decision) -> tuple[str, ...]:
    """Name the red flags that block, with the members of combinations that do."""
    ids: dict[str, None] = {}
    for row in decision.fired:
        if row.urgency >= BLOCKING and row.kind == "red_flag":
            ids[row.id] = None
        elif row.urgency >= BLOCKING and row.kind == "combination":
            ids |= dict.fromkeys(row.because.split(_JOINT))
    return tuple(ids)


def not_covered(flags: Iterable[str], covers: Collection[str]) -> tuple[str, ...]:
    """Name the flags that a clinician's word in `covers` leaves out."""
    return tuple(flag for flag in flags if flag not in covers)


def cleared(decision: Decision, covers: Collection[str]) -> Decision:
    """Give the decision that holds once a clinician agreed to the flags and rules in `covers`."""
    fired = tuple(_after(row, covers) for row in decision.fired)
    if fired == decision.fired:
        return decision
    return replace(
        decision,
        fired=fired,
        urgency=max((row.urgency for row in fired), default=Urgency.NONE),
        limits=add_up(decision.techniques, fired),
    )


def _after(row: Fired, covers: Collection[str]) -> Fired:
    if row.kind == "red_flag" and row.id in covers:
        return replace(row, urgency=min(row.urgency, Urgency.ADAPT))
    if row.kind == "combination" and not not_covered(row.because.split(_JOINT), covers):
        return replace(row, urgency=min(row.urgency, Urgency.ADAPT))
    if row.action is Action.CLEARANCE and row.id in covers:
        return replace(row, action=Action.ADAPT)
    return row
