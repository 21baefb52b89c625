"""Reads about questionnaires: what is asked of somebody, what was answered, what it scored.

Nothing here writes.

Units   points of each instrument; local days of the practice.
Errors  UnknownInstrument, WordingRefused: a definition and a table disagree.
Source  clinical reference 1; knowledge/instruments
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Max, Q
from django.db.models.functions import Coalesce

from unknot.domain.bodymap import marks as bodymarks
from unknot.domain.instruments import catalogue as instruments
from unknot.domain.instruments.definition import Instrument
from unknot.domain.instruments.plan import Plan, plan
from unknot.domain.instruments.wording import Wording, with_wording
from unknot.journey.understand import access
from unknot.journey.understand.models import (
    Answer,
    CheckIn,
    FollowUp,
    InstrumentScore,
    LicensedWording,
)
from unknot.people import access as rights
from unknot.people.models import Client, Practice


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """One instrument's score in one check-in; `value` None comes with a reason."""

    instrument: str
    name: str
    version: int
    value: float | None
    low: int
    high: int
    higher_is_worse: bool
    band: str
    reads_as_diagnosis: bool
    subscales: Mapping[str, float | None]
    not_scored_because: str


def points_of(sitting: CheckIn | FollowUp) -> dict[str, dict[str, int]]:
    """The answers of one sitting in points, by the instrument that asked and the item."""
    found: dict[str, dict[str, int]] = {}
    for answer in sitting.answers.all():
        found.setdefault(answer.instrument, {})[answer.item] = answer.value
    return found


def scores_of(sitting: CheckIn | FollowUp) -> dict[str, ScoreRow]:
    """The stored scores by instrument, in points; those of the mind need the client's consent."""
    rows = {}
    known = instruments_for(sitting)
    for score in sitting.scores.order_by("pk"):
        entry = known.find(score.instrument)
        low, high = entry.scoring.range or (0, 0)
        rows[score.instrument] = ScoreRow(
            instrument=score.instrument,
            name=entry.name,
            version=score.version,
            value=None if score.value is None else float(score.value),
            low=low,
            high=high,
            higher_is_worse=entry.scoring.direction == "higher_worse",
            band=score.band,
            reads_as_diagnosis=entry.bands is not None and entry.bands.reads_as_diagnosis,
            subscales=score.subscales,
            not_scored_because=score.not_scored_because,
        )
    return rows


def instruments_for(sitting: CheckIn | FollowUp) -> instruments.Catalogue:
    """Every instrument that may be asked in a sitting, the practice's own wordings among them."""
    practice = sitting.practice if isinstance(sitting, CheckIn) else sitting.client.practice
    return with_own_wordings(practice)


def with_own_wordings(practice: Practice) -> instruments.Catalogue:
    """All instruments, with those that the practice words under its own licence.

    A wording recorded for another version of the scoring is not asked until it is looked at again.
    """
    known = instruments.load()
    rows = LicensedWording.objects.filter(practice=practice, withdrawn_at__isnull=True)
    own = {row.instrument: worded(row) for row in rows if is_current(row)}
    return replace(known, instruments={**known.instruments, **own})


def is_current(row: LicensedWording) -> bool:
    """Whether a practice's wording is for the scoring now in use."""
    entry = instruments.load().scoring_only.get(row.instrument)
    return entry is not None and entry.version == row.version


def worded(row: LicensedWording) -> Instrument:
    """The instrument with the practice's wording; raises WordingRefused."""
    wording = Wording(
        items=row.items,
        licence=row.licence,
        language=row.language,
        stem=row.stem,
        options={int(points): label for points, label in row.options.items()},
    )
    return with_wording(instruments.load().find(row.instrument), wording)


def plan_of(checkin: CheckIn, *, now: datetime, actor: rights.Actor | None = None) -> Plan:
    """What the intake asks of this person and what it leaves out, with what was said so far.

    `actor` is who answers, who may have signed in on the way.
    """
    client = checkin.client or access.client_at(checkin.practice, actor)
    return plan(
        instruments.load(),
        "intake",
        main_region=main_region(checkin),
        days_since=days_since(client, now=now, without=checkin) if client else {},
        points=points_of(checkin),
    )


def main_region(checkin: CheckIn) -> str:
    """The coarse area of the strongest mark, as batteries name it; empty without a mark."""
    marks = bodymarks.parse_marks((mark.region, mark.level) for mark in checkin.marks.all())
    return bodymarks.main_region(marks) if marks else ""


def asks_today(checkin: CheckIn, *, now: datetime) -> bool:
    """Whether the questions about the lower back are asked: only when it is the main place."""
    return bool(plan_of(checkin, now=now).items("rmdq24"))


def asks_more(checkin: CheckIn, *, now: datetime, actor: rights.Actor | None = None) -> bool:
    """Whether the short questions about mood or worry call for the longer ones."""
    asked = plan_of(checkin, now=now, actor=actor)
    return bool(asked.items("phq8") or asked.items("gad7"))


def days_since(
    client: Client, *, now: datetime, without: CheckIn | FollowUp | None = None
) -> dict[str, int]:
    """Whole local days since each instrument was last answered, in any other sitting."""
    own = Q(checkin__client=client) | Q(followup__client=client)
    rows = Answer.objects.filter(own, answered_at__isnull=False)
    if isinstance(without, CheckIn):
        rows = rows.exclude(checkin=without)
    elif without is not None:
        rows = rows.exclude(followup=without)
    last = rows.values_list("instrument").annotate(at=Max("answered_at"))
    zone = client.practice.tz
    today = now.astimezone(zone).date()
    return {name: (today - at.astimezone(zone).date()).days for name, at in last}


def activities_of(checkin: CheckIn) -> tuple[str, ...]:
    """The activities the client named as hard, in their order."""
    return tuple(checkin.activities.order_by("position").values_list("text", flat=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreOn:
    """A score in points, the local day of its sitting, and its battery; "" for a check-in."""

    on: date
    value: float
    battery: str


def score_history(client: Client, instrument: str) -> tuple[ScoreOn, ...]:
    """Every score of one instrument in completed check-ins and follow-ups, oldest first."""
    own = Q(checkin__client=client, checkin__completed_at__isnull=False)
    rows = (
        InstrumentScore.objects.filter(own | Q(followup__client=client))
        .filter(instrument=instrument, value__isnull=False)
        .annotate(at=Coalesce("checkin__completed_at", "followup__answered_at"))
        .order_by("at", "pk")
    )
    zone = client.practice.tz
    return tuple(
        ScoreOn(on=at.astimezone(zone).date(), value=float(value), battery=battery or "")
        for at, value, battery in rows.values_list("at", "value", "followup__battery")
        if value is not None
    )
