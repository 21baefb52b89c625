"""Reads about check-ins: what was said, how far it has come, what is decided, what may be booked.

Nothing here writes. Health answers that staff read are audited by the page that shows them.

Units   marks 1 to 10; scores in the instrument's own points; days and weeks in the zone of the
        practice.
Errors  ScreeningMissing, ScreeningStop, TechniqueNotSafe from `check_may_book`.
Source  docs/explanation/screening.md; clinical reference 1 and 2
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast, get_args

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap import marks as bodymarks
from unknot.domain.bodymap import regions as bodymap
from unknot.domain.guidance import catalogue as techniques
from unknot.domain.guidance.entries import AimId, DurationId
from unknot.domain.guidance.facts import Facts
from unknot.domain.guidance.match import Guidance, suggest
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.answers import Answers
from unknot.domain.screening.clauses import Action, Reply
from unknot.domain.screening.clearance import cleared
from unknot.domain.screening.decide import Decision, Fired, decide
from unknot.domain.screening.questions import (
    TOLD_IN_WORDS,
    Questions,
    asked_about,
    questions_to_ask,
    unanswered,
)
from unknot.domain.screening.recheck import Reason
from unknot.journey.understand import questionnaires, rechecks, stops
from unknot.journey.understand.models import (
    BodyMark,
    CheckIn,
    CheckInState,
    Clearance,
    Episodes,
    Quality,
    SafetyAnswer,
    SafetyStop,
    Since,
)
from unknot.people import access as rights
from unknot.people.models import Client, Practice, Purpose
from unknot.web.errors import Conflict

DAYS_PER_WEEK = 7


class ScreeningMissing(Conflict):
    """No completed screening that still stands."""

    asks_again = True  # pages lead to the start of a check-in
    title = _("A check-in is needed first")
    sentence = _("Your safety answers are missing or too old, so nothing can be booked yet.")
    mend = _("Complete a check-in. It takes a few minutes.")


class SomethingNew(ScreeningMissing):
    """Before a session somebody said that something is new, or may be."""

    title = _("Something may be new")
    sentence = _(
        "You said that something is new, or may be, so nothing can be booked before you have "
        "answered all questions again."
    )


class ConsentWithdrawn(ScreeningMissing):
    """The client took back that their answers are kept and used."""

    title = _("Your answers are not used any more")
    sentence = _("You took back your agreement to use them, so nothing new can be booked.")
    mend = _("Start a new check-in, or agree again on your account page.")


class ScreeningStop(Conflict):
    """A clinician must look first; nothing can be booked until their clearance is recorded."""

    title = _("Booking is closed for now")
    sentence = _("One of your answers needs a doctor or physiotherapist first.")
    mend = _("Read what to do on your check-in's result page, or call the practice.")


class TechniqueNotSafe(Conflict):
    """This technique is left out for this person, or needs a clinician's agreement."""

    title = _("This technique is not offered to you")
    sentence = _("Your answers rule this technique out, or a clinician must agree to it first.")
    mend = _("Choose another technique from your list.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The marked places on the person's own left and right, in words."""

    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedPlace:
    """One marked region with its words: how strong, what it feels like, since when."""

    region: str
    label: str
    level: int
    qualities: tuple[str, ...]
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRow:
    """A rule that asks for a clinician's agreement: for which techniques, and its words."""

    id: str
    techniques: str
    text: str


# Practices ------------------------------------------------------------------------------------


def open_practices() -> QuerySet[Practice]:
    """Practices where a check-in may begin: the table is approved, or it is a demonstration."""
    approved = Q(safety_approved_version=screening.load().version) & ~Q(safety_approved_by="")
    return Practice.objects.filter(approved | Q(demonstration=True)).order_by("name")


def is_open(practice: Practice) -> bool:
    """Whether somebody approved this version of the safety table, or it is a demonstration."""
    approved = practice.safety_approved_version == screening.load().version
    return practice.demonstration or (approved and bool(practice.safety_approved_by))


# What was said --------------------------------------------------------------------------------


def latest_completed(client: Client) -> CheckIn | None:
    """The client's newest completed check-in."""
    return (
        CheckIn.objects.select_related("practice", "client", "screening", "stop")
        .filter(client=client, state=CheckInState.COMPLETED)
        .order_by("-completed_at", "-pk")
        .first()
    )


def marks_of(checkin: CheckIn) -> dict[str, int]:
    """The marked regions with their levels, 1 to 10, in the order of the body map."""
    return _levels(checkin.marks.all())


def _levels(marks: Iterable[BodyMark]) -> dict[str, int]:
    levels = {mark.region: mark.level for mark in marks}
    return {one.id: levels[one.id] for one in bodymap.load().regions if one.id in levels}


def gather(checkin: CheckIn) -> CheckIn:
    """Read what a check-in holds in three queries, for a page that shows all of it."""
    prefetch_related_objects([checkin], "marks", "answers", "safety_answers")
    return checkin


def said_of(checkin: CheckIn) -> dict[tuple[str, str], SafetyAnswer]:
    """The answers of the safety screen by kind and question."""
    return {(one.kind, one.question): one for one in checkin.safety_answers.all()}


def safety_answers(checkin: CheckIn) -> Answers:
    """The answers of the safety screen as the decision table reads them."""
    given: dict[str, dict[str, Reply]] = {kind: {} for kind in SafetyAnswer.Kind.values}
    where: dict[str, frozenset[str]] = {}
    for one in checkin.safety_answers.all():
        given[one.kind][one.question] = cast(Reply, one.said)
        if one.where:
            where[one.question] = regions_in(one.where)
    return Answers(
        red_flags=given[SafetyAnswer.Kind.RED_FLAG],
        conditions=given[SafetyAnswer.Kind.CONDITION],
        medicines=given[SafetyAnswer.Kind.MEDICINE],
        facts=cast(Mapping[str, Reply], given[SafetyAnswer.Kind.FACT] | _told(checkin)),
        where=where,
    )


def _told(checkin: CheckIn) -> dict[str, Reply]:
    """The facts that the story tells."""
    return {"first_ever_back_pain": "yes"} if checkin.episodes == Episodes.FIRST else {}


def regions_in(areas: Iterable[str]) -> frozenset[str]:
    """The regions of the body map in the named areas."""
    body = bodymap.load()
    return frozenset(region.id for area in areas for region in body.in_group(area))


def local_day(checkin: CheckIn, at: datetime) -> date:
    """The day of the practice at an instant."""
    return at.astimezone(checkin.practice.tz).date()


def duration_of(checkin: CheckIn, on: date) -> DurationId | None:
    """How long the pain has lasted on a day, in three classes; None without an onset date."""
    if checkin.onset_on is None or checkin.onset_on > on:
        return None
    return techniques.duration_class(checkin.onset_on, on)


#: The least number of days that a place has hurt, by what was said of it.
AT_LEAST_DAYS = {Since.MONTHS: 43, Since.LONG: 85, Since.YEARS: 366}


def onset_weeks(checkin: CheckIn, on: date, since: Iterable[str]) -> float | None:
    """Weeks from the onset date to a day; without one the least that `since` tells, or None."""
    if checkin.onset_on is not None:
        return max(0, (on - checkin.onset_on).days) / DAYS_PER_WEEK
    told = [AT_LEAST_DAYS.get(Since(word), 0) for word in since if word]
    return max(told) / DAYS_PER_WEEK if any(told) else None


def sides_of(levels: Mapping[str, int]) -> Sides:
    """The labels of the marked regions on the person's own left and right."""
    marks = bodymarks.parse_marks(levels)
    if not marks:
        return Sides(left=(), right=())
    found, body = bodymarks.laterality(marks), bodymap.load()
    return Sides(
        left=tuple(body.label(name) for name in found.left),
        right=tuple(body.label(name) for name in found.right),
    )


def places_of(checkin: CheckIn) -> tuple[MarkedPlace, ...]:
    """The marked regions with all that was said about them, the strongest first."""
    marks = {mark.region: mark for mark in checkin.marks.all()}
    found = [
        MarkedPlace(
            region=region.id,
            label=region.label,
            level=marks[region.id].level,
            qualities=tuple(marks[region.id].qualities),
            since=marks[region.id].since,
        )
        for region in bodymap.load().regions
        if region.id in marks
    ]
    return tuple(sorted(found, key=lambda place: -place.level))


# How far it has come --------------------------------------------------------------------------


def knows_about(checkin: CheckIn) -> bool:
    """Whether age and pregnancy are answered, which decide the safety questions."""
    return (
        checkin.age is not None
        and checkin.safety_answers.filter(
            kind=SafetyAnswer.Kind.CONDITION, question="pregnancy"
        ).exists()
    )


def questions_of(checkin: CheckIn) -> Questions:
    """The safety questions of this person, with those answered before the marks changed."""
    table, answers = screening.load(), safety_answers(checkin)
    asked = questions_to_ask(
        table, regions=places_asked_about(checkin), age=checkin.age or 0, answers=answers
    )
    held = {name for name, reply in answers.red_flags.items() if reply != "no"}
    ids = {flag.id for flag in asked.red_flags} | held
    return replace(asked, red_flags=tuple(row for row in table.red_flags if row.id in ids))


def places_asked_about(
    checkin: CheckIn, levels: Mapping[str, int] | None = None
) -> tuple[str, ...]:
    """The regions whose safety questions are asked: the marks, and what the story tells.

    `levels` spares a query when the caller has read the marks.
    """
    told = [name for name in TOLD_IN_WORDS if getattr(checkin, name)]
    return asked_about(tuple(marks_of(checkin) if levels is None else levels), told)


def shares_of(checkin: CheckIn) -> list[str]:
    """What the therapist may see: a client's standing word, else what the check-in holds."""
    return checkin.shares if checkin.client is None else sorted(rights.shared_by(checkin.client))


def is_complete(checkin: CheckIn) -> bool:
    """Whether the check-in was completed and screened."""
    return checkin.state == CheckInState.COMPLETED


def has_result(checkin: CheckIn) -> bool:
    """Whether there is something to say: it is completed, or a stop is open."""
    return is_complete(checkin) or stops.open_stop_of(checkin) is not None


#: What may still be answered after a clinician has spoken about a stop; the rest stays as said.
AFTER_A_STOP = frozenset({"everyday", "today", "mind", "more", "history", "wishes"})


def may_change(checkin: CheckIn, step: str) -> bool:
    """Whether a step may still change: no stop is open, and it is not a client's completed one."""
    if stops.open_stop_of(checkin) is not None:
        return False
    if checkin.client_id is not None and is_complete(checkin):
        return False
    return step in AFTER_A_STOP or not SafetyStop.objects.filter(checkin=checkin).exists()


def next_step(checkin: CheckIn) -> str:
    """The name of the page to go on with."""
    if is_complete(checkin) or stops.open_stop_of(checkin) is not None:
        return "result"
    if not checkin.marks.exists() and checkin.age is None and checkin.onset_on is None:
        return "body"
    if checkin.onset_on is None and not checkin.course and checkin.age is None:
        return "story"
    if checkin.age is None:
        mind = checkin.answers.exclude(instrument__in=("peg", "gcps_r", "activity3", "rmdq24"))
        return "safety" if mind.exists() else "mind"
    return missing_step(checkin)


def missing_step(checkin: CheckIn) -> str:
    """The first page where an answer that safety needs is missing, else the wishes."""
    if not knows_about(checkin):
        return "safety" if may_change(checkin, "safety") else "start"
    answers = safety_answers(checkin)
    missing = set(
        unanswered(
            screening.load(), answers, regions=places_asked_about(checkin), age=checkin.age or 0
        )
    )
    table = screening.load()
    if missing & (table.ids.red_flags | table.ids.facts):
        return "safety" if may_change(checkin, "safety") else "start"
    return "history" if missing else "wishes"


# What follows ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What decision and guidance both read of a check-in, read once."""

    levels: Mapping[str, int]
    qualities: frozenset[str]
    since: frozenset[str]
    answers: Answers


def _said(checkin: CheckIn) -> _Said:
    marks = list(checkin.marks.all())
    return _Said(
        levels=_levels(marks),
        qualities=frozenset(word for mark in marks for word in mark.qualities),
        since=frozenset(mark.since for mark in marks),
        answers=safety_answers(checkin),
    )


def decision_of(
    checkin: CheckIn, *, with_clearances: bool = True, on: date | None = None
) -> Decision:
    """The decision for the stored answers, on a day or as on the day they were completed.

    `with_clearances` applies what clinicians have agreed to since.
    """
    decision = _decided(checkin, _said(checkin), on)
    return cleared(decision, covered_for(checkin)) if with_clearances else decision


def _decided(checkin: CheckIn, said: _Said, on: date | None = None) -> Decision:
    day = on or local_day(checkin, checkin.completed_at or checkin.changed_at)
    return decide(
        screening.load(),
        said.answers,
        age=checkin.age or 0,
        regions=places_asked_about(checkin, said.levels),
        onset_weeks=onset_weeks(checkin, day, said.since),
    )


def covered_for(checkin: CheckIn) -> frozenset[str]:
    """The ids that recorded clearances cover: flags of this check-in's stop, rules of its client.

    A clearance of an earlier stop never covers a flag that was answered again, and an agreement
    stands as long as a full screen does: what it was about may have changed since.
    """
    about = Q(checkin=checkin)
    if checkin.client_id is not None:
        stands = timedelta(days=screening.load().header.engine.rescreen.full_screen_days)
        since = (checkin.completed_at or checkin.changed_at) - stands
        about |= Q(client_id=checkin.client_id, stop__isnull=True, recorded_at__gte=since)
    rows = Clearance.objects.filter(about).values_list("covers", flat=True)
    return frozenset(one for covers in rows for one in covers)


def _facts(checkin: CheckIn, on: date, said: _Said) -> Facts:
    """What this person told us that bears on the choice of a technique, on a day."""
    levels, points = said.levels, questionnaires.points_of(checkin)
    score = checkin.scores.filter(instrument="phq4").values_list("value", flat=True).first()
    touchy = said.answers.conditions.get("fibromyalgia") == "yes"
    return Facts(
        regions=tuple(levels),
        main_region=max(levels, key=lambda name: levels[name]) if levels else None,
        duration=duration_of(checkin, on),
        pain=max(levels.values(), default=None),
        stress=points.get("stress_nrs", {}).get("stress_today"),
        sleep=points.get("sleep_nrs", {}).get("sleep_last_night"),
        phq4_total=None if score is None else int(score),
        pressure=checkin.pressure_wanted,
        minutes=checkin.minutes_wanted,
        widespread=bodymarks.widespread(bodymarks.parse_marks(levels)),
        referral_pattern=Quality.SPREADS in said.qualities,
        light_touch_hurts=touchy or Quality.LIGHT_TOUCH in said.qualities,
        wants_clothed=bool(checkin.wants_clothed),
        wants_heat=bool(checkin.wants_heat),
        no_oil=bool(checkin.no_oil),
        first_time=bool(checkin.first_time),
        aims=tuple(aim for aim in get_args(AimId) if aim in checkin.aims),
        suspected_causes=tuple(checkin.suspected_causes),
    )


def guidance_of(checkin: CheckIn, on: date, decision: Decision | None = None) -> Guidance:
    """The techniques that this check-in leaves open on a day, and those it rules out.

    `decision` spares a query when the caller has it.
    """
    said = _said(checkin)
    decision = decision or cleared(_decided(checkin, said), covered_for(checkin))
    return suggest(techniques.load(), _facts(checkin, on, said), decision)


def agreements_needed(checkin: CheckIn) -> tuple[Fired, ...]:
    """The rows that still ask for a clinician's agreement."""
    return tuple(row for row in decision_of(checkin).fired if row.action is Action.CLEARANCE)


def agreement_rows(checkin: CheckIn) -> tuple[AgreementRow, ...]:
    """The rules that still ask for an agreement, in words for who may record it."""
    return tuple(
        AgreementRow(
            id=row.id, techniques=technique_words(row.techniques), text=agreement_text(row)
        )
        for row in agreements_needed(checkin)
    )


def agreements_shown(checkin: CheckIn) -> tuple[AgreementRow, ...]:
    """The same for staff: only while the client shares safety answers, or asked for the call."""
    client, call = checkin.client, getattr(checkin, "call_back", None)
    asked = call is not None and bool(call.phone)
    if client is not None and not asked and not rights.consents_to(client, Purpose.SHARE_SAFETY):
        return ()
    return agreement_rows(checkin)


def agreement_text(row: Fired) -> str:
    """What a clinician is asked about; a private row, or one with a card of help, says no more."""
    if row.private or row.card is not None:
        return gettext("A clinician agrees to massage at this time.")
    return row.text


def technique_words(ids: Collection[str]) -> str:
    """Name techniques in the order of the table, or say that it is every one."""
    every = screening.load().techniques
    if set(ids) >= set(every):
        return gettext("every technique")
    return ", ".join(techniques.load().technique(name).name for name in every if name in ids)


def check_may_book(checkin: CheckIn, technique: str, *, now: datetime) -> None:
    """Refuse `technique` unless this check-in allows it now; raises the module's errors."""
    counts = check_screened(checkin, now=now)
    day, said = local_day(counts, now), _said(counts)
    decision = cleared(_decided(counts, said, day), covered_for(counts))
    if decision.blocked:  # pain that has lasted since then weighs more: the questions come again
        raise ScreeningMissing
    guidance = suggest(techniques.load(), _facts(counts, day, said), decision)
    offered = {one.technique.id: one for one in guidance.suggestions}
    if technique not in offered or offered[technique].action is Action.CLEARANCE:
        raise TechniqueNotSafe


def check_screened(checkin: CheckIn, *, now: datetime) -> CheckIn:
    """Give the check-in that counts: this one, or a newer completed one of the same client.

    Refuses a stopped client before anything else, then a check-in that is incomplete, too old or
    no longer to be used, and a client who said since that something may be new.
    """
    if stops.open_stop_of(checkin) is not None:
        raise ScreeningStop
    if checkin.state != CheckInState.COMPLETED:
        raise ScreeningMissing
    counts = _newest_with(checkin)
    found = rechecks.standing_with(counts, counts.client, now=now)
    if found.reason in (Reason.NEVER, Reason.TOO_OLD):
        raise ScreeningMissing
    result = getattr(counts, "screening", None)
    if result is None or result.table_version != screening.load().version:
        raise ScreeningMissing
    if not found.stands:
        raise SomethingNew
    if counts.client is not None and not rights.consents_to(counts.client, Purpose.CARE):
        raise ConsentWithdrawn
    return counts


def still_counts(checkin: CheckIn, *, now: datetime) -> bool:
    """Whether going on with this check-in leads anywhere: a completed one may be worn out."""
    if not is_complete(checkin):
        return True
    try:
        check_screened(checkin, now=now)
    except ScreeningMissing:
        return False
    except ScreeningStop:
        return True
    return True


def check_nothing_new(checkin: CheckIn, client: Client, *, now: datetime) -> None:
    """Refuse a check-in that `client` may not rely on, because they said since what may be new."""
    if rechecks.standing_with(checkin, client, now=now).reason is Reason.SOMETHING_NEW:
        raise SomethingNew


def _newest_with(checkin: CheckIn) -> CheckIn:
    """The newest completed check-in of the same client; nobody's counts alone."""
    if checkin.client is None:
        return checkin
    newest = latest_completed(checkin.client)
    return checkin if newest is None or newest.pk == checkin.pk else newest
