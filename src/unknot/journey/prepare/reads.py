"""What the client's page and the therapist's briefing show; both are made from the same facts.

Each function returns rows and never writes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap import regions
from unknot.domain.guidance import catalogue
from unknot.domain.guidance.entries import Technique
from unknot.domain.screening.clauses import Action
from unknot.domain.screening.recheck import ASKED_BEFORE
from unknot.journey.book.models import Appointment, Status
from unknot.journey.prepare import places, plans, safety, wishes
from unknot.journey.prepare.models import Preparation
from unknot.journey.prepare.story import Story, story_of, words_of
from unknot.journey.prepare.wishes import Changed
from unknot.journey.understand import questionnaires, rechecks, stops
from unknot.journey.understand import reads as understand
from unknot.journey.understand.models import CheckIn, CheckInState, Clearance
from unknot.people import access
from unknot.people.models import Client, Location, Purpose

Words = str | Promise

ARRIVE_EARLY = timedelta(minutes=10)
EDITABLE = frozenset({Status.PENDING, Status.CONFIRMED})
ASKABLE = EDITABLE | {Status.ARRIVED}
SHOWN = ASKABLE | {Status.ATTENDED}
OIL: Mapping[str, Words] = {
    "yes": _("Oil is used on the skin."),
    "a little": _("A little oil is used on the skin."),
    "none": _("No oil is used."),
    "none or a little": _("No oil is used, or only a little."),
}
MIND: Mapping[str, Words] = {
    "stress_nrs": _("Stress, 0 to 10"),
    "sleep_nrs": _("Sleep, 0 to 10; higher is better"),
    "phq4": _("PHQ-4, 0 to 12"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """When and where, and what is booked."""

    key: str
    start: datetime
    end: datetime
    zone: ZoneInfo
    minutes: int
    technique: Technique
    therapist: str
    practice: str
    phone: str
    location: Location

    @property
    def arrive(self) -> datetime:
        return self.start - ARRIVE_EARLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One marked region: how strong it is, 1 to 10, what it feels like and since when."""

    label: str
    label_pro: str
    level: int
    told: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How one region differs from the check-in before; 0 means not marked."""

    label_pro: str
    before: int
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety:
    """What a check-in's safety answers ask of one technique."""

    rows: tuple[safety.SafetyRow, ...] = ()
    flags: tuple[safety.FlagRow, ...] = ()
    avoided: frozenset[str] = frozenset()
    checked_at: datetime | None = None
    ruled_out: bool = False  # what was said since the booking closes the booked technique
    waits_for_agreement: UUID | None = None  # the check-in in which some technique still does

    @property
    def for_everyone(self) -> tuple[safety.SafetyRow, ...]:
        return tuple(row for row in self.rows if row.everyone)

    @property
    def own(self) -> tuple[safety.SafetyRow, ...]:
        return tuple(row for row in self.rows if not row.everyone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a check-in says about where it hurts, since when, and how it has gone."""

    marks: Mapping[str, int]
    places: tuple[Place, ...] = ()
    checked_at: datetime | None = None
    onset_on: date | None = None
    story: Story = field(default_factory=Story)

    @property
    def front(self) -> bool:
        """Whether something is marked on the front of the figure."""
        return any(regions.load().region(place).view == "front" for place in self.marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPreparation:
    """The client's page."""

    visit: Visit
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
    editable: bool
    saved_at: datetime | None
    focus_choices: list[tuple[str, places.Label]]
    leave_out_choices: list[tuple[str, places.Label]]
    wishes: Mapping[str, object]
    wishes_in_words: tuple[tuple[Words, Words], ...]


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
    clearances: tuple[Clearance, ...]
    plan: plans.Plan | None  # None while the session may not be given
    can_plan: bool
    can_record: bool

    @property
    def first_visit(self) -> bool:
        return self.last_visit is None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """The page of a session's plan."""

    visit: Visit
    first_name: str
    plan: plans.Plan
    can_plan: bool


def visit(appointment: Appointment) -> Visit:
    """Give when, where and what of an appointment."""
    practice = appointment.therapist.practice
    return Visit(
        key=str(appointment.key),
        start=appointment.start,
        end=appointment.end,
        zone=practice.tz,
        minutes=appointment.service.minutes,
        technique=catalogue.load().technique(appointment.service.technique),
        therapist=appointment.therapist.name,
        practice=practice.name,
        phone=practice.phone,
        location=appointment.therapist.location,
    )


def may_change(appointment: Appointment, now: datetime) -> bool:
    """Whether wishes may still be changed: until the client arrives or the session starts."""
    return appointment.status in EDITABLE and now < appointment.start


def may_answer(appointment: Appointment, now: datetime, *, by_client: bool) -> bool:
    """Whether the short recheck may be answered: from two days before the session on.

    By the client until they arrive or the time is over, by the therapist until the record is
    signed.
    """
    open_for = EDITABLE if by_client else ASKABLE
    over = by_client and now >= appointment.end
    has_come = now >= appointment.start - ASKED_BEFORE
    return appointment.status in open_for and has_come and not over


def asking(appointment: Appointment, now: datetime) -> rechecks.Asking:
    """The short recheck of an appointment, as its client and its therapist see it."""
    return rechecks.asking(
        client_of(appointment),
        appointment.key,
        start=appointment.start,
        end=appointment.end,
        now=now,
    )


def client_preparation(appointment: Appointment, *, now: datetime) -> ClientPreparation:
    """Give the client's page of an appointment."""
    client = client_of(appointment)
    newest = understand.latest_completed(client)
    facts, asked = body_of(newest), safety_of(newest, appointment.service.technique)
    shared = access.agreed(client)
    saved = Preparation.objects.filter(appointment=appointment).first()
    return ClientPreparation(
        visit=visit(appointment),
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
        editable=may_change(appointment, now),
        saved_at=saved.changed_at if saved else None,
        focus_choices=places.focus_choices(
            facts.marks, avoid=asked.avoided, saved=saved.focus if saved else ()
        ),
        leave_out_choices=places.leave_out_choices(
            facts.marks, saved=saved.leave_out if saved else ()
        ),
        wishes=_wishes(saved, newest),
        wishes_in_words=_wishes_in_words(saved, None, professional=False),
    )


def briefing(appointment: Appointment, *, now: datetime) -> Briefing:
    """Give the therapist's card of an appointment: only what the client shares, nothing private.

    Who took back that their answers are used is shown as somebody without any check-in.
    """
    client = client_of(appointment)
    shared = access.agreed(client)
    shares_safety = Purpose.SHARE_SAFETY in shared
    checkins = _two_checkins(client) if shared else []
    newest = checkins[0] if checkins else None
    previous = checkins[1] if len(checkins) > 1 else None
    saved = Preparation.objects.filter(appointment=appointment).first()
    body = body_of(newest) if Purpose.SHARE_BODY in shared else None
    asked = safety_of(newest, appointment.service.technique)
    on_hold = stops.is_on_hold(client)
    return Briefing(
        visit=visit(appointment),
        first_name=_first_name(client),
        on_hold=on_hold,
        ruled_out=asked.ruled_out,
        recheck=asking(appointment, now),
        can_answer=may_answer(appointment, now, by_client=False),
        last_visit=_last_visit(client, appointment),
        safety=asked if shares_safety else None,
        body=body,
        changes=_changes(previous, body) if body else (),
        previous_at=previous.completed_at if previous else None,
        mind=_mind(newest) if Purpose.SHARE_MIND in shared else None,
        pressure=wishes.pressure_words(_pressure(saved, newest)),
        wishes=_wishes_in_words(saved, newest, professional=True),
        changed=wishes.news(appointment, professional=True),
        to_tell=saved.to_tell if saved else "",
        note=appointment.note,
        clearances=_clearances(client) if shares_safety else (),
        plan=None if on_hold or asked.ruled_out else _plan(appointment, body, asked, saved, shared),
        can_plan=can_plan(appointment),
        can_record=not on_hold and _is_due(appointment, now),
    )


def plan(appointment: Appointment) -> plans.Plan | None:
    """Give the plan of a session, saved or proposed; None while it may not be given at all."""
    client = client_of(appointment)
    shared = access.agreed(client)
    newest = understand.latest_completed(client) if shared else None
    asked = safety_of(newest, appointment.service.technique)
    if asked.ruled_out or stops.is_on_hold(client):
        return None
    body = body_of(newest) if Purpose.SHARE_BODY in shared else None
    saved = Preparation.objects.filter(appointment=appointment).first()
    return _plan(appointment, body, asked, saved, shared)


def plan_page(appointment: Appointment, found: plans.Plan) -> PlanPage:
    """Put a plan into its page."""
    return PlanPage(
        visit=visit(appointment),
        first_name=_first_name(client_of(appointment)),
        plan=found,
        can_plan=can_plan(appointment),
    )


def can_plan(appointment: Appointment) -> bool:
    """Whether the plan may still be changed: until the session is over."""
    return appointment.status in ASKABLE


def _first_name(client: Client) -> str:
    return client.name.strip().partition(" ")[0]


def _plan(
    appointment: Appointment,
    body: Body | None,
    asked: Safety,
    saved: Preparation | None,
    shared: Collection[str],
) -> plans.Plan | None:
    closed = plans.closed_by(
        appointment.service.technique,
        avoided=asked.avoided,
        leave_out=saved.leave_out if saved else (),
        shares_safety=Purpose.SHARE_SAFETY in shared,
    )
    marks = body.marks if body is not None else {}
    return plans.plan_of(appointment, marks=marks, wishes=saved, closed=closed)


def body_of(checkin: CheckIn | None) -> Body:
    """Give what a check-in says about where it hurts; empty without one."""
    if checkin is None:
        return Body(marks={})
    found = understand.places_of(checkin)
    levels = {place.region: place.level for place in found}
    body = regions.load()
    return Body(
        marks={region.id: levels[region.id] for region in body.regions if region.id in levels},
        places=tuple(
            Place(
                label=place.label,
                label_pro=body.region(place.region).label_pro,
                level=place.level,
                told=words_of(place),
            )
            for place in found
        ),
        checked_at=checkin.completed_at,
        onset_on=checkin.onset_on,
        story=story_of(checkin),
    )


def safety_of(checkin: CheckIn | None, technique: str) -> Safety:
    """Give what a check-in's safety answers ask of one technique; empty without one."""
    if checkin is None:
        return Safety()
    decision = understand.decision_of(checkin)
    waits = any(row.action is Action.CLEARANCE for row in decision.fired)
    return Safety(
        rows=safety.safety_rows(decision, technique),
        flags=safety.flag_rows(decision),
        avoided=decision.avoided_regions(technique),
        checked_at=checkin.completed_at,
        ruled_out=decision.action(technique) >= Action.CLEARANCE,
        waits_for_agreement=checkin.key if waits else None,
    )


def checkin_at(client: Client, at: datetime) -> CheckIn | None:
    """The newest check-in that a client had completed at an instant, or None."""
    return (
        CheckIn.objects.filter(client=client, state=CheckInState.COMPLETED, completed_at__lte=at)
        .select_related("practice")
        .order_by("-completed_at", "-pk")
        .first()
    )


def places_of(marks: Mapping[str, int]) -> tuple[Place, ...]:
    """Name marked regions in both vocabularies, the strongest first."""
    found = [
        Place(label=region.label, label_pro=region.label_pro, level=marks[region.id])
        for region in regions.load().regions
        if region.id in marks
    ]
    return tuple(sorted(found, key=lambda place: -place.level))


def client_of(appointment: Appointment) -> Client:
    """The client of a booked appointment; only a hold has none."""
    if appointment.client is None:
        raise Appointment.DoesNotExist("a held time has no client")
    return appointment.client


def _two_checkins(client: Client) -> list[CheckIn]:
    """The newest completed check-in of a client and the one before it."""
    return list(
        CheckIn.objects.filter(client=client, state=CheckInState.COMPLETED)
        .select_related("practice")
        .order_by("-completed_at", "-pk")[:2]
    )


def _last_visit(client: Client, appointment: Appointment) -> datetime | None:
    earlier = Appointment.objects.filter(
        client=client, status=Status.ATTENDED, start__lt=appointment.start
    ).order_by("-start")
    return earlier.values_list("start", flat=True).first()


def _changes(previous: CheckIn | None, body: Body) -> tuple[Change, ...]:
    """Every region whose level differs between two check-ins, the largest change first."""
    if previous is None:
        return ()
    before = understand.marks_of(previous)
    found = [
        Change(
            label_pro=region.label_pro,
            before=before.get(region.id, 0),
            now=body.marks.get(region.id, 0),
        )
        for region in regions.load().regions
        if before.get(region.id, 0) != body.marks.get(region.id, 0)
    ]
    return tuple(sorted(found, key=lambda change: -abs(change.now - change.before)))


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


def _is_due(appointment: Appointment, now: datetime) -> bool:
    """Whether the appointment's day has come and it was not cancelled."""
    zone = appointment.therapist.practice.tz
    has_come = appointment.start.astimezone(zone).date() <= now.astimezone(zone).date()
    return has_come and appointment.status in SHOWN - {Status.PENDING}


def _pressure(saved: Preparation | None, checkin: CheckIn | None) -> int | None:
    if saved is not None and saved.pressure is not None:
        return saved.pressure
    return checkin.pressure_wanted if checkin is not None else None


def _wishes(saved: Preparation | None, checkin: CheckIn | None) -> Mapping[str, object]:
    """The form's values: as saved, or with the pressure that the check-in told."""
    if saved is None:
        return {"pressure": _pressure(None, checkin)}
    names = ("focus", "leave_out", "pressure", "warmth", "scent", "music", "talk", "to_tell")
    return {name: getattr(saved, name) for name in names}


def _wishes_in_words(
    saved: Preparation | None, checkin: CheckIn | None, *, professional: bool
) -> tuple[tuple[Words, Words], ...]:
    """Say what was wished, one pair of question and answer each; what was not told is left out."""
    rows: list[tuple[Words, Words]] = []
    if saved is not None:
        rows = [
            (label, wishes.words(name, getattr(saved, name), professional=professional))
            for name, label in wishes.LABELS.items()
            if name not in ({"pressure", "to_tell"} if professional else {"to_tell"})
        ]
    if checkin is not None:
        rows += [
            (_("Clothes on"), _yes(checkin.wants_clothed)),
            (_("No oil"), _yes(checkin.no_oil)),
            (_("Likes heat"), _yes(checkin.wants_heat)),
            (_("First massage"), _yes(checkin.first_time)),
        ]
    return tuple((label, value) for label, value in rows if value)


def _yes(value: bool | None) -> Words:
    return _("yes") if value else ""
