"""Reads of what may be said about one client's days.

Units   ratings 0 to 10; dates are local days of the client's practice.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from unknot.domain.outcomes import norms
from unknot.domain.outcomes.findings import Strand
from unknot.domain.outcomes.series import CheckIn, Day
from unknot.domain.outcomes.summary import Finding, first_sentence
from unknot.journey.book.reads import booked
from unknot.journey.follow.models import SeriesImport
from unknot.journey.follow.reads import questionnaires
from unknot.journey.follow.reads.aims import Aim, main_outcome
from unknot.journey.follow.reads.check_ins import days, local_day, observations
from unknot.journey.follow.reads.findings import Stored, stored
from unknot.people.models import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Everything the progress page shows about one client."""

    days: tuple[Day, ...]
    check_ins: tuple[tuple[date, CheckIn], ...]  # by their local day, those at the door too
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
    found, zone = stored(client), client.practice.tz
    by_day = ((one.at.astimezone(zone).date(), one) for one in observations(client))
    scores = [one for one in questionnaires.scores(client, questionnaires.PEG) if one.on >= since]
    return Progress(
        days=answered,
        check_ins=tuple((day, one) for day, one in by_day if day >= since),
        sessions=tuple(day for day in booked.attended_days(client) if day >= since),
        finding=first_sentence(
            questionnaires.changed(client, questionnaires.PEG, scores, since=since),
            scale=questionnaires.scale(questionnaires.PEG),
            rules=norms.load(),
            weekly_readings=len(scores),
            daily_days=len(answered),
        ),
        stored=found,
        lines=tuple(_since(line, since) for line in found.found.strands) if found else (),
        aim=main_outcome(client),
        imports=tuple(SeriesImport.objects.filter(client=client).order_by("imported_at")),
        today=local_day(client, now),
    )


def _since(line: Strand, since: date) -> Strand:
    """The line from a day on; its start is of the second week, so it goes where that is cut off."""
    kept = tuple(level for level in line.levels if level.day >= since)
    return line if kept == line.levels else replace(line, levels=kept, start=None)
