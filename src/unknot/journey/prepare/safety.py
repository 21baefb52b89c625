"""What the screening asks of one technique, as rows for the client's page and the briefing.

Both pages are made from these rows, so they cannot say different things. A private row gives its
change without its reason, and a row that opens a support card is never here.
"""

from dataclasses import dataclass

from unknot.domain.screening.clauses import Action, ActionId
from unknot.domain.screening.decide import Decision, Fired
from unknot.journey.prepare import places
from unknot.journey.prepare.places import Label

FLAG_KINDS = frozenset({"red_flag", "combination"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyRow:
    """One change for the technique: what, why in the client's own words, and where."""

    action: ActionId
    text: str
    told: tuple[str, ...]
    unsure: bool
    places: tuple[Label, ...]
    places_pro: tuple[Label, ...]
    everyone: bool

    @property
    def avoid(self) -> bool:
        return self.action == "avoid"

    @property
    def clearance(self) -> bool:
        return self.action == "clearance"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRow:
    """A warning sign that was answered with yes or not sure."""

    question: str
    unsure: bool


def safety_rows(decision: Decision, technique: str) -> tuple[SafetyRow, ...]:
    """List what `decision` asks of `technique`, strictest first, standing rules last."""
    grouped: dict[tuple[Action, str, frozenset[str], bool], list[Fired]] = {}
    for row in decision.fired:
        if technique in row.techniques and row.card is None and row.action > Action.OK:
            key = (row.action, row.text, row.regions, row.kind == "always")
            grouped.setdefault(key, []).append(row)
    rows = [_row(action, text, rows) for (action, text, _where, _always), rows in grouped.items()]
    strict = {"avoid": 0, "clearance": 1, "adapt": 2, "ok": 3}
    return tuple(sorted(rows, key=lambda row: (row.everyone, strict[row.action])))


def flag_rows(decision: Decision) -> tuple[FlagRow, ...]:
    """List the warning signs that fired and that staff may see."""
    return tuple(
        FlagRow(question=row.text, unsure=row.reply == "unsure")
        for row in decision.for_staff()
        if row.kind in FLAG_KINDS and row.card is None
    )


def _row(action: Action, text: str, rows: list[Fired]) -> SafetyRow:
    where = places.coarse(rows[0].regions)
    told = (row.answered for row in rows if row.answered and not row.private)
    return SafetyRow(
        action=action.id,
        text=text,
        told=tuple(dict.fromkeys(told)),
        unsure=all(row.reply == "unsure" for row in rows),
        places=tuple(places.label(place) for place in where),
        places_pro=tuple(places.label_pro(place) for place in where),
        everyone=rows[0].kind == "always",
    )
