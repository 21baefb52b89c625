"""Reads of the daily, weekly and outcome answers, of what is due, and of what may be said.

Units   ratings 0 to 10; dates are local days of the client's practice.
Errors  Missing for a session that has not taken place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from unknot.domain.guidance import catalogue as techniques
from unknot.domain.instruments import after_session as windows
from unknot.domain.instruments import catalogue
from unknot.domain.instruments.change import measurement_error
from unknot.domain.instruments.due import Due, outcome_due, weekly_due_on
from unknot.domain.outcomes.series import Day, starting_level
from unknot.domain.outcomes.summary import Answered, Finding, Limits, first_sentence
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.after_session import after_session
from unknot.domain.screening.clauses import Urgency
from unknot.domain.screening.clearance import BLOCKING
from unknot.domain.screening.decide import Fired
from unknot.journey.book.models import Appointment, Status
from unknot.journey.book.reads import booked
from unknot.journey.follow.models import AfterSession, DailyCheckIn, SeriesImport
from unknot.journey.understand import follow_ups, questionnaires
from unknot.journey.understand.follow_ups import OUTCOME, WEEKLY
from unknot.people.models import Client
from unknot.web.errors import Missing


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What is due on a day: the daily, the weekly and the outcome questions.

    `start` is the day the outcome weeks are counted from; None before anything happened.
    """

    today: date
    daily_done: bool
    weekly_on: date | None  # answered last; an outcome battery asks the same and counts
    weekly_today: bool
    start: date | None
    outcome: Due

    @property
    def weekly_next(self) -> date | None:
        """The day from which the weekly questions are due again; None when they are due now."""
        following = weekly_due_on(self.weekly_on)
        return None if following is None or following <= self.today else following

    @property
    def weekly_open(self) -> bool:
        """Whether the weekly questions may be answered or changed today."""
        return self.weekly_today or self.weekly_next is None

    @property
    def outcome_open(self) -> bool:
        """Whether an outcome battery may be answered or changed today."""
        return self.outcome.is_open(self.today)

    @property
    def outcome_waits(self) -> bool:
        """Whether an outcome battery is open and not answered yet."""
        return self.outcome.week is not None and self.outcome.answered_on is None


def local_day(client: Client, now: datetime) -> date:
    """The day it is now where the client's practice is."""
    return follow_ups.local_day(client, now)


def rhythm(client: Client, *, now: datetime, sessions: Sequence[date] | None = None) -> Rhythm:
    """What is due now; `sessions` are the attended days, where the caller has read them."""
    today = local_day(client, now)
    given = [one for one in follow_ups.answered(client) if one.day <= today]
    weeks = {one.week: one.day for one in given if one.week is not None}
    attended = booked.attended_days(client) if sessions is None else sessions
    start = _start(client, attended, min(weeks.values(), default=None))
    due = Due()
    if start is not None:
        at_weeks = catalogue.load().battery(OUTCOME).at_weeks
        due = outcome_due(at_weeks, start=start, today=today, answered=weeks)
    return Rhythm(
        today=today,
        daily_done=DailyCheckIn.objects.filter(client=client, day=today).exists(),
        weekly_on=max((one.day for one in given), default=None),
        weekly_today=any(one.battery == WEEKLY and one.day == today for one in given),
        start=start,
        outcome=due,
    )


def _start(client: Client, attended: Sequence[date], answered: date | None) -> date | None:
    """The first attended session, else the first check-in; what was begun with stays the start."""
    first = attended[0] if attended else None
    if first is not None and (answered is None or first <= answered):
        return first
    return follow_ups.first_completed_on(client) or first


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
    """Every PEG score with its day, from check-ins and follow-ups; a day's last one counts."""
    scores = {found.on: found.value for found in questionnaires.score_history(client, "peg")}
    return tuple(Answered(score=scores[day], on=day) for day in sorted(scores))


def progress(client: Client, *, now: datetime, since: date = date.min) -> Progress:
    """The days, the sessions and the first honest sentence; a constant number of queries.

    Nothing before the day `since` is counted, compared or shown.
    """
    answered = tuple(one for one in days(client) if one.day >= since)
    scores = [one for one in readings(client) if one.on >= since]
    return Progress(
        days=answered,
        sessions=tuple(day for day in booked.attended_days(client) if day >= since),
        finding=_finding(scores, daily_days=len(answered)),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterRow:
    """One answer after a session in words; `urgency` is the level it set off."""

    hours: int
    soreness: int | None
    events: tuple[str, ...]
    urgency: str
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersAfter:
    """How the body answered after one session; without a row nobody answered."""

    started_at: datetime
    technique: str
    rows: tuple[AfterRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What the therapist may read of it: `last` is None before a second session."""

    shared: bool
    last: AnswersAfter | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What follows from the answers, for the client's own eyes: the level, what to do, why."""

    urgency: str
    action: str
    emergency: bool
    worrying: bool
    reasons: tuple[str, ...]
    phone: str
    emergency_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterCare:
    """What usually helps after one technique, and whom to call."""

    key: UUID
    technique: str
    therapist: str
    advice: tuple[str, ...]
    ask: int | None  # which question after the session is open now
    started_at: datetime
    zone: ZoneInfo
    phone: str
    emergency_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A question after a session that can be answered now."""

    key: UUID
    hours: int
    started_at: datetime
    therapist: str


def session_events() -> Mapping[str, str]:
    """What can be noticed after a session, with its words, in the order it is asked."""
    item = catalogue.load().instrument("post_session").find_item("ps_events")
    if item is None:
        raise KeyError("post_session has no item ps_events")
    return {str(option.value): option.label for option in item.scale.option}


def kept_after(appointment: Appointment, hours: int) -> AfterRow | None:
    """What was noticed so many hours after this session, or None."""
    found = AfterSession.objects.filter(appointment=appointment, hours=hours).first()
    return None if found is None else _after_row(found)


def told_after(appointment: Appointment, given: AfterRow) -> Told:
    """What follows from answers that were kept; the words are those of the safety table."""
    table = screening.load()
    level = next(one for one in table.levels if one.id == given.urgency)
    found = after_session(
        table,
        events=[event for event, words in session_events().items() if words in given.events],
        soreness=given.soreness,
        hours=given.hours,
    )
    practice = appointment.therapist.practice
    return Told(
        urgency=given.urgency,
        action=level.action if level.rank >= BLOCKING else "",
        emergency=given.urgency == Urgency.EMERGENCY_NOW.id,
        worrying=level.rank >= Urgency.ADAPT,
        reasons=tuple(_reason(table, row) for row in found.fired),
        phone=practice.phone,
        emergency_number=practice.emergency_number,
    )


def _reason(table: screening.Table, row: Fired) -> str:
    """What somebody noticed, or what the table says about it in words of its own."""
    rule = next(one for one in table.after_session if one.id == row.id)
    return rule.text or session_events().get(rule.when.event or "", "")


def after_care(appointment: Appointment, *, now: datetime) -> AfterCare:
    """What usually helps after the technique of a session that took place; raises Missing."""
    if appointment.status != Status.ATTENDED:
        raise Missing
    practice = appointment.therapist.practice
    technique = techniques.load().technique(appointment.service.technique)
    hours = windows.open_now(appointment.end, now)
    answered = hours is not None and kept_after(appointment, hours) is not None
    return AfterCare(
        key=appointment.key,
        technique=technique.name,
        therapist=appointment.therapist.name,
        advice=technique.aftercare,
        ask=None if answered else hours,
        started_at=appointment.start,
        zone=practice.tz,
        phone=practice.phone,
        emergency_number=practice.emergency_number,
    )


def answers_after(appointment: Appointment) -> AnswersAfter | None:
    """How the body answered after the client's session before this one here; 2 queries."""
    last = (
        Appointment.objects.filter(
            client=appointment.client, status=Status.ATTENDED, start__lt=appointment.start
        )
        .select_related("service")
        .order_by("-start")
        .first()
    )
    if last is None:
        return None
    found = AfterSession.objects.filter(appointment=last).order_by("hours")
    return AnswersAfter(
        started_at=last.start,
        technique=techniques.load().technique(last.service.technique).name,
        rows=tuple(_after_row(one) for one in found),
    )


def open_question(client: Client, *, now: datetime) -> OpenQuestion | None:
    """The question after the newest session that can be answered now; 2 queries."""
    recent = Appointment.objects.filter(
        client=client, status=Status.ATTENDED, end__gt=now - timedelta(days=7), end__lte=now
    )
    last = recent.select_related("therapist").prefetch_related("aftersession_set")
    newest = last.order_by("-start").first()
    if newest is None:
        return None
    hours = windows.open_now(newest.end, now)
    if hours is None or any(one.hours == hours for one in newest.aftersession_set.all()):
        return None
    return OpenQuestion(
        key=newest.key, hours=hours, started_at=newest.start, therapist=newest.therapist.name
    )


def _after_row(found: AfterSession) -> AfterRow:
    words = session_events()
    return AfterRow(
        hours=found.hours,
        soreness=found.soreness,
        events=tuple(words[one] for one in words if one in found.events and one != "none"),
        urgency=found.urgency,
        answered_at=found.answered_at,
    )
