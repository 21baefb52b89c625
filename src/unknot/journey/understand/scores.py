"""The scores of a check-in in words, for the person who gave the answers.

A score says its number, its range and which way is better; a word such as "mild" only where the
data gives one. What could not be scored says why. Nobody else is shown these rows.

Units   points of each instrument.
Errors  none of its own.
Source  clinical reference 1.2 and 1.4; what the therapist may see: decision 12
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from unknot.journey.understand import questionnaires
from unknot.journey.understand.models import CheckIn
from unknot.people import access as rights
from unknot.people.models import Purpose

Group = Literal["body", "mind"]

#: What the therapist sees with the body; everything else belongs to the mind and its consent.
BODY = frozenset({"pain_nrs", "gcps_r", "peg", "activity3", "rmdq24", "change_global", "startback"})
_SHARED_BY: dict[Group, Purpose] = {"body": Purpose.SHARE_BODY, "mind": Purpose.SHARE_MIND}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """One score in words: either `value` with its range and band, or why there is none."""

    instrument: str
    name: str
    value: str
    range: str
    band: str
    why_not: str
    group: Group
    shared: bool


def score_words(checkin: CheckIn) -> tuple[ScoreLine, ...]:
    """Every stored score of a check-in, the body's first, unscored ones last; 3 queries."""
    shared = _shared(checkin)
    lines = [_line(row, shared) for row in questionnaires.scores_of(checkin).values()]
    return tuple(sorted(lines, key=lambda line: (line.group != "body", not line.value)))


def group_of(instrument: str) -> Group:
    """The answer group that a score belongs to; one that nobody named counts as the mind's."""
    return "body" if instrument in BODY else "mind"


def _shared(checkin: CheckIn) -> frozenset[str]:
    """What the therapist may see: the client's own word, before an account the check-in's."""
    if checkin.client is None:
        return frozenset(checkin.shares)
    return rights.shared_by(checkin.client)


def _line(row: questionnaires.ScoreRow, shared: frozenset[str]) -> ScoreLine:
    group = group_of(row.instrument)
    scored = row.value is not None
    return ScoreLine(
        instrument=row.instrument,
        name=row.name.partition(" (")[0],
        value=floatformat(row.value, -1) if scored else "",
        range=_range(row) if scored else "",
        band="" if row.reads_as_diagnosis else row.band,
        why_not=row.not_scored_because,
        group=group,
        shared=_SHARED_BY[group] in shared,
    )


def _range(row: questionnaires.ScoreRow) -> str:
    ends: dict[str, Any] = {"low": row.low, "high": row.high}
    if row.higher_is_worse:
        return _("from %(low)s to %(high)s; lower is better") % ends
    return _("from %(low)s to %(high)s; higher is better") % ends
