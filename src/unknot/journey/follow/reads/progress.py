"""Reads of what may be said about one client's days.

Units   ratings 0 to 10; dates are local days of the client's practice.
"""

from dataclasses import dataclass
from datetime import date, datetime

from unknot.domain.outcomes import norms
from unknot.domain.outcomes.series import Day, starting_level
from unknot.domain.outcomes.summary import Finding, first_sentence
from unknot.journey.book.reads import booked
from unknot.journey.follow.models import SeriesImport
from unknot.journey.follow.reads import questionnaires
from unknot.journey.follow.reads.check_ins import days, local_day
from unknot.people.models import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Everything the progress page shows about one client."""

    days: tuple[Day, ...]
    sessions: tuple[date, ...]
    finding: Finding
    body_start: float | None
    mind_start: float | None
    imports: tuple[SeriesImport, ...]
    today: date


def progress(client: Client, *, now: datetime, since: date = date.min) -> Progress:
    """The days, the sessions and the first honest sentence; a constant number of queries.

    Nothing before the day `since` is counted, compared or shown.
    """
    answered = tuple(one for one in days(client) if one.day >= since)
    scores = [one for one in questionnaires.scores(client, questionnaires.PEG) if one.on >= since]
    return Progress(
        days=answered,
        sessions=tuple(day for day in booked.attended_days(client) if day >= since),
        finding=first_sentence(
            questionnaires.changed(client, questionnaires.PEG, scores, since=since),
            scale=questionnaires.scale(questionnaires.PEG),
            rules=norms.load(),
            weekly_readings=len(scores),
            daily_days=len(answered),
        ),
        body_start=starting_level(answered, "pain"),
        mind_start=starting_level(answered, "stress"),
        imports=tuple(SeriesImport.objects.filter(client=client).order_by("imported_at")),
        today=local_day(client, now),
    )
