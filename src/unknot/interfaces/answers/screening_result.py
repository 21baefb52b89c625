"""Write what the safety table says about one person's answers, ready for JSON.

The result is for the person who answered: a private row is in it, marked as private.
"""

from collections.abc import Collection, Mapping

from unknot.domain.guidance.catalogue import Catalogue
from unknot.domain.guidance.facts import Facts
from unknot.domain.guidance.match import suggest
from unknot.domain.screening.catalogue import Table
from unknot.domain.screening.decide import Decision, Fired

Result = Mapping[str, object]


def screening_result(
    table: Table, catalogue: Catalogue, decision: Decision, *, marked: Collection[str]
) -> Result:
    """The decision with every row behind it, and each technique here and in `marked` regions."""
    return {
        "table_version": decision.table_version,
        "signed_off": table.signed_off,
        "urgency": _level(table, decision),
        "blocked": decision.blocked,
        "full_screen": decision.full_screen,
        "unanswered": decision.unanswered,
        "cards": decision.cards,
        "fired": [_row(row) for row in decision.fired],
        "techniques": {
            name: {
                "anywhere": decision.action(name).id,
                "regions": {region: decision.action(name, region).id for region in marked},
            }
            for name in decision.techniques
        },
        "left_out": _left_out(catalogue, decision, marked),
    }


def _level(table: Table, decision: Decision) -> Result:
    level = table.level(decision.urgency.id)
    return {
        "level": level.id,
        "rank": level.rank,
        "says": level.action,
        "booking": level.booking,
        "unlock": level.unlock,
    }


def _row(row: Fired) -> Result:
    return {
        "id": row.id,
        "kind": row.kind,
        "version": row.version,
        "because": row.because,
        "answered": row.answered,
        "reply": row.reply,
        "urgency": row.urgency.id,
        "action": row.action.id,
        "techniques": sorted(row.techniques),
        "regions": sorted(row.regions),
        "text": row.text,
        "private": row.private,
    }


def _left_out(
    catalogue: Catalogue, decision: Decision, marked: Collection[str]
) -> list[Result] | None:
    """The techniques that would not be offered; None while none is, whatever it is."""
    if decision.incomplete or decision.blocked:
        return None
    guidance = suggest(catalogue, Facts(regions=tuple(marked)), decision)
    return [
        {
            "technique": one.technique.id,
            "rules": [row.id for row in one.rows],
            "why": one.why,
        }
        for one in guidance.not_offered
    ]
