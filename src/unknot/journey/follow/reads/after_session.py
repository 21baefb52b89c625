"""Reads of the questions a day and three days after a session.

Errors  Missing for a session that has not taken place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from unknot.domain.guidance import catalogue as techniques
from unknot.domain.instruments import after_session as windows
from unknot.domain.instruments import catalogue
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.after_session import after_session
from unknot.domain.screening.clauses import Urgency
from unknot.domain.screening.clearance import BLOCKING
from unknot.domain.screening.decide import Fired
from unknot.journey.book.models import Appointment, Status
from unknot.journey.follow.models import AfterSession
from unknot.people.models import Client
from unknot.web.errors import Missing


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
