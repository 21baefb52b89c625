"""What the therapist's card of an appointment shows: only what the client shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.models import Appointment
from unknot.journey.prepare import plans
from unknot.journey.prepare.models import Preparation
from unknot.journey.prepare.reads.answers import (
    Body,
    Change,
    Safety,
    body_of,
    changes,
    safety_of,
    two_checkins,
)
from unknot.journey.prepare.reads.changes import Changed, news
from unknot.journey.prepare.reads.plan import can_plan, plan_with
from unknot.journey.prepare.reads.thread import unread_of
from unknot.journey.prepare.reads.today import today
from unknot.journey.prepare.reads.touch import Touching, touching
from unknot.journey.prepare.reads.visits import (
    Visit,
    asking,
    client_of,
    first_name,
    is_due,
    last_visit,
    may_answer,
    visit,
)
from unknot.journey.prepare.reads.wishes import pressure_words, wanted_pressure, wishes_in_words
from unknot.journey.understand import questionnaires, rechecks, stops
from unknot.journey.understand.models import CheckIn, Clearance
from unknot.people import access
from unknot.people.models import Client, Purpose

Words = str | Promise
MIND: Mapping[str, Words] = {
    "stress_nrs": _("Stress, 0 to 10"),
    "sleep_nrs": _("Sleep, 0 to 10; higher is better"),
    "phq4": _("PHQ-4, 0 to 12"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MindScore:
    """One score of the mind, shown only with the client's consent."""

    label: Words
    value: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """The therapist's card; `safety`, `body` and `mind` are None unless the client shares them."""

    visit: Visit
    first_name: str
    on_hold: bool
    ruled_out: bool
    recheck: rechecks.Asking
    can_answer: bool
    last_visit: datetime | None
    safety: Safety | None
    body: Body | None
    changes: tuple[Change, ...]
    previous_at: datetime | None
    mind: tuple[MindScore, ...] | None
    pressure: Words
    wishes: tuple[tuple[Words, Words], ...]
    changed: tuple[Changed, ...]  # shortly before, so maybe after this card was read
    to_tell: str
    note: str
    touching: Touching
    today: tuple[tuple[Words, Words], ...]
    unread: int  # messages of the client that its reader has not opened
    clearances: tuple[Clearance, ...]
    plan: plans.Plan | None  # None while the session may not be given
    can_plan: bool
    can_record: bool

    @property
    def first_visit(self) -> bool:
        return self.last_visit is None


def briefing(appointment: Appointment, *, now: datetime) -> Briefing:
    """Give the therapist's card of an appointment: only what the client shares, nothing private.

    Who took back that their answers are used is shown as somebody without any check-in.
    """
    client = client_of(appointment)
    shared = access.agreed(client)
    shares_safety = Purpose.SHARE_SAFETY in shared
    checkins = two_checkins(client) if shared else []
    newest = checkins[0] if checkins else None
    previous = checkins[1] if len(checkins) > 1 else None
    saved = Preparation.objects.filter(appointment=appointment).first()
    body = body_of(newest) if Purpose.SHARE_BODY in shared else None
    asked = safety_of(newest, appointment.service.technique)
    on_hold = stops.is_on_hold(client)
    touched = touching(appointment, now=now)
    return Briefing(
        visit=visit(appointment),
        first_name=first_name(client),
        on_hold=on_hold,
        ruled_out=asked.ruled_out,
        recheck=asking(appointment, now),
        can_answer=may_answer(appointment, now, by_client=False),
        last_visit=last_visit(client, appointment),
        safety=asked if shares_safety else None,
        body=body,
        changes=changes(previous, body) if body else (),
        previous_at=previous.completed_at if previous else None,
        mind=_mind(newest) if Purpose.SHARE_MIND in shared else None,
        pressure=pressure_words(wanted_pressure(saved, newest)),
        wishes=wishes_in_words(saved, newest, professional=True),
        changed=news(appointment, professional=True),
        to_tell=saved.to_tell if saved else "",
        note=appointment.note,
        touching=touched,
        today=today(
            saved,
            touched,
            body=body,
            safety=asked if shares_safety else None,
            pressure=wanted_pressure(saved, newest),
        ),
        unread=unread_of(appointment.therapist.user, appointment),
        clearances=_clearances(client) if shares_safety else (),
        plan=None
        if on_hold or asked.ruled_out
        else plan_with(appointment, body, asked, saved, shared),
        can_plan=can_plan(appointment),
        can_record=not on_hold and is_due(appointment, now),
    )


def _mind(checkin: CheckIn | None) -> tuple[MindScore, ...]:
    if checkin is None:
        return ()
    scores = questionnaires.scores_of(checkin)
    return tuple(
        MindScore(label=MIND[name], value=f"{scores[name].value:g}")
        for name in MIND
        if name in scores and scores[name].value is not None
    )


def _clearances(client: Client) -> tuple[Clearance, ...]:
    return tuple(Clearance.objects.filter(client=client).order_by("-said_on", "-pk")[:5])
