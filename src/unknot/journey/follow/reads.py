"""Reads of the daily and weekly answers and of what may honestly be said about them.

Units   ratings 0 to 10; dates are local days of the client's practice.
Errors  none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.change import measurement_error
from unknot.domain.outcomes.series import Day, starting_level
from unknot.domain.outcomes.summary import Answered, Finding, Limits, first_sentence
from unknot.journey.book import reads as book
from unknot.journey.follow.models import DailyCheckIn, SeriesImport, WeeklyCheckIn
from unknot.journey.understand import reads as understand
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


def local_day(client: Client, now: datetime) -> date:
    """The day it is now where the client's practice is."""
    return now.astimezone(client.practice.tz).date()


def daily(client: Client, day: date) -> DailyCheckIn | None:
    """The answers already given on `day`."""
    return DailyCheckIn.objects.filter(client=client, day=day).first()


def days(client: Client) -> tuple[Day, ...]:
    """Every day with an answer, oldest first."""
    rows = DailyCheckIn.objects.filter(client=client).order_by("day")
    return tuple(
        Day(day=day, pain=_number(pain), stress=_number(stress), sleep=_number(sleep))
        for day, pain, stress, sleep in rows.values_list("day", "pain", "stress", "sleep")
    )


def readings(client: Client) -> tuple[Answered, ...]:
    """Every PEG score with its day, from check-ins and weekly answers; a day's last one counts."""
    scores = {found.on: found.value for found in understand.score_history(client, "peg")}
    weekly = WeeklyCheckIn.objects.filter(client=client).values_list("day", "score")
    scores |= {day: float(score) for day, score in weekly}
    return tuple(Answered(score=scores[day], on=day) for day in sorted(scores))


def progress(client: Client, *, now: datetime) -> Progress:
    """The days, the sessions and the first honest sentence; a constant number of queries."""
    answered = days(client)
    return Progress(
        days=answered,
        sessions=tuple(book.attended_days(client)),
        finding=_finding(readings(client), daily_days=len(answered)),
        body_start=starting_level(answered, "pain"),
        mind_start=starting_level(answered, "stress"),
        imports=tuple(SeriesImport.objects.filter(client=client).order_by("imported_at")),
        today=local_day(client, now),
    )


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


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
