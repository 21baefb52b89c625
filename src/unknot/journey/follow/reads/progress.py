"""Reads of what may be said about one client's days.

Units   ratings 0 to 10; dates are local days of the client's practice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.change import measurement_error
from unknot.domain.outcomes.findings import Strand
from unknot.domain.outcomes.series import Day
from unknot.domain.outcomes.summary import Answered, Finding, Limits, first_sentence
from unknot.journey.book.reads import booked
from unknot.journey.follow.models import SeriesImport
from unknot.journey.follow.reads.aims import Aim, main_outcome
from unknot.journey.follow.reads.check_ins import days, local_day, readings
from unknot.journey.follow.reads.findings import Stored, stored
from unknot.people.models import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Everything the progress page shows about one client."""

    days: tuple[Day, ...]
    sessions: tuple[date, ...]
    finding: Finding
    stored: Stored | None  # what the model found; None before the first fit
    lines: tuple[Strand, ...]
    aim: Aim
    imports: tuple[SeriesImport, ...]
    today: date


def progress(client: Client, *, now: datetime, since: date = date.min) -> Progress:
    """The days, the sessions and the first honest sentence; a constant number of queries.

    Nothing before the day `since` is counted, compared or shown.
    """
    answered = tuple(one for one in days(client) if one.day >= since)
    found = stored(client)
    scores = [one for one in readings(client) if one.on >= since]
    return Progress(
        days=answered,
        sessions=tuple(day for day in booked.attended_days(client) if day >= since),
        finding=_finding(scores, daily_days=len(answered)),
        stored=found,
        lines=tuple(_since(line, since) for line in found.found.strands) if found else (),
        aim=main_outcome(client),
        imports=tuple(SeriesImport.objects.filter(client=client).order_by("imported_at")),
        today=local_day(client, now),
    )


def _since(line: Strand, since: date) -> Strand:
    return replace(line, levels=tuple(level for level in line.levels if level.day >= since))


def _finding(scores: Sequence[Answered], *, daily_days: int) -> Finding:
    peg = catalogue.load().instrument("peg")
    facts = peg.change
    sdc, mic = (measurement_error(facts), facts.mic_points) if facts else (None, None)
    if facts is None or sdc is None or mic is None:
        raise ValueError("peg.toml: change has no measurement error or no important change")
    return first_sentence(
        earlier=scores[0] if scores else None,
        later=scores[-1] if len(scores) > 1 else None,
        limits=Limits(sdc=sdc, mic=mic, source=facts.source),
        weekly_readings=len(scores),
        daily_days=daily_days,
    )
