"""What the client's page before an appointment shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.guidance import catalogue
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import places
from unknot.journey.prepare.models import Preparation
from unknot.journey.prepare.reads.answers import Body, Safety, body_of, safety_of
from unknot.journey.prepare.reads.thread import unread_of
from unknot.journey.prepare.reads.touch import Touching, touching
from unknot.journey.prepare.reads.visits import (
    Visit,
    asking,
    client_of,
    last_visit,
    may_answer,
    may_change,
    visit,
)
from unknot.journey.prepare.reads.wishes import wishes_in_words, wishes_to_begin_with
from unknot.journey.understand import reads as understand
from unknot.journey.understand import rechecks, stops
from unknot.people import access
from unknot.people.models import Purpose

Words = str | Promise
OIL: Mapping[str, Words] = {
    "yes": _("Oil is used on the skin."),
    "a little": _("A little oil is used on the skin."),
    "none": _("No oil is used."),
    "none or a little": _("No oil is used, or only a little."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLeft:
    """How long until the session: whole days, hours and minutes, and all of it in seconds."""

    days: int
    hours: int
    minutes: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPreparation:
    """The client's page."""

    visit: Visit
    left: TimeLeft | None  # None once it has begun
    oil: Words
    body: Body
    safety: Safety
    shares_safety: bool
    shares_body: bool
    shares_mind: bool
    on_hold: bool
    ruled_out: bool
    recheck: rechecks.Asking
    can_answer: bool
    touching: Touching
    unread: int  # messages of the therapist that the client has not opened
    editable: bool
    saved_at: datetime | None
    focus_choices: list[tuple[str, places.Label]]
    leave_out_choices: list[tuple[str, places.Label]]
    wishes: Mapping[str, object]
    wishes_in_words: tuple[tuple[Words, Words], ...]
    first_visit: bool


def client_preparation(appointment: Appointment, *, now: datetime) -> ClientPreparation:
    """Give the client's page of an appointment."""
    client = client_of(appointment)
    newest = understand.latest_completed(client)
    facts, asked = body_of(newest), safety_of(newest, appointment.service.technique)
    shared = access.agreed(client)
    saved = Preparation.objects.filter(appointment=appointment).first()
    return ClientPreparation(
        visit=visit(appointment),
        left=time_left(appointment, now),
        oil=OIL[catalogue.load().technique(appointment.service.technique).oil],
        body=facts,
        safety=asked,
        shares_safety=Purpose.SHARE_SAFETY in shared,
        shares_body=Purpose.SHARE_BODY in shared,
        shares_mind=Purpose.SHARE_MIND in shared,
        on_hold=stops.is_on_hold(client),
        ruled_out=asked.ruled_out,
        recheck=asking(appointment, now),
        can_answer=may_answer(appointment, now, by_client=True),
        touching=touching(appointment, now=now),
        unread=unread_of(client.user, appointment) if client.user is not None else 0,
        editable=may_change(appointment, now),
        saved_at=saved.changed_at if saved else None,
        focus_choices=places.focus_choices(
            facts.marks, avoid=asked.avoided, saved=saved.focus if saved else ()
        ),
        leave_out_choices=places.leave_out_choices(
            facts.marks, saved=saved.leave_out if saved else ()
        ),
        wishes=wishes_to_begin_with(saved, newest),
        wishes_in_words=wishes_in_words(saved, None, professional=False),
        first_visit=last_visit(client, appointment) is None,
    )


def time_left(appointment: Appointment, now: datetime) -> TimeLeft | None:
    """How long until an appointment begins, or None once it has."""
    seconds = int((appointment.start - now).total_seconds())
    if seconds <= 0:
        return None
    minutes = seconds // 60
    return TimeLeft(
        days=minutes // 1440, hours=minutes // 60 % 24, minutes=minutes % 60, seconds=seconds
    )
