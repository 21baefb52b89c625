"""Write check-ins: start, save each step, complete and decide; stops, call-backs, clearances.

Every save may be repeated: it replaces what the same step saved before. While a stop stands,
or once a completed check-in belongs to a client, nothing in it changes any more.

Units   marks 1 to 10, points as the instrument defines them, age in years, aware datetimes.
Errors  BadInput with the sentence for the field; PracticeClosed, ScreeningStop, Finished,
        NotComplete, NoCheckIn, Missing, Denied. Nothing is half-written.
Source  clinical reference 2.1; decision 11: the table must be approved before it is used
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.bodymap.marks import Mark, laterality
from unknot.domain.instruments import catalogue as instruments
from unknot.domain.instruments.scoring import AnswerOutOfRange, UnknownItem, score
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.clauses import Action
from unknot.domain.screening.clearance import flags_to_clear, not_covered
from unknot.domain.screening.decide import Decision, Fired
from unknot.domain.screening.questions import questions_to_ask
from unknot.journey.understand import access, reads
from unknot.journey.understand.models import (
    Answer,
    BodyMark,
    CallBack,
    CheckIn,
    CheckInState,
    Clearance,
    InstrumentScore,
    SafetyAnswer,
    SafetyStop,
    ScreeningResult,
)
from unknot.people import access as rights
from unknot.people import audit
from unknot.people.actions import give_consent
from unknot.people.models import Client, Practice, Purpose, Role, User
from unknot.people.reads import CONSENT_VERSION
from unknot.web.errors import BadInput, Conflict, Denied, Missing

#: An unclaimed check-in is deleted this long after its last answer.
KEPT_UNCLAIMED = timedelta(days=7)
OLDEST = 120  # years
SWAPPED = {"l": "r", "r": "l"}


class PracticeClosed(Conflict):
    """Nobody has approved the safety table for this practice, so its check-ins are closed."""

    title = gettext_lazy("Check-ins are closed here")
    sentence = gettext_lazy(
        "This practice has not yet recorded who approved its safety questions. "
        "Until then nobody can check in here."
    )
    mend = gettext_lazy("Call the practice, or try another day.")


class Finished(Conflict):
    """A completed check-in that belongs to a client stays as it was said."""

    sentence = gettext_lazy("This check-in is completed and kept as you said it.")
    mend = gettext_lazy("Start a new check-in to give other answers.")


class NotComplete(BadInput):
    """Questions that safety needs are still open."""

    sentence = gettext_lazy("Some safety questions have no answer yet. They cannot be skipped.")


# Begin and end --------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def start(
    practice: Practice,
    *,
    is_adult: bool,
    language: str,
    now: datetime,
    actor: rights.Actor | None = None,
) -> CheckIn:
    """Begin a check-in of somebody who agreed to it; it belongs to nobody yet."""
    if not is_adult:
        raise BadInput(_("Under 18 nobody can book alone here. Ask a parent to call the practice."))
    if not reads.is_open(practice):
        raise PracticeClosed
    client = _client_at(practice, actor)
    if client is not None and reads.is_on_hold(client):
        raise reads.ScreeningStop
    return CheckIn.objects.create(
        practice=practice,
        language=language,
        consent_version=CONSENT_VERSION,
        consented_at=now,
        is_adult=True,
        started_at=now,
        changed_at=now,
    )


@transaction.atomic(durable=True)
def discard(checkin: CheckIn, *, now: datetime) -> None:
    """Let go of a check-in to start another: an unclaimed one is deleted at once."""
    if reads.open_stop_of(checkin) is not None:
        raise reads.ScreeningStop
    if checkin.client_id is None:
        CheckIn.objects.filter(pk=checkin.pk).delete()


@transaction.atomic(durable=True)
def complete(
    checkin: CheckIn, *, now: datetime, actor: rights.Actor | None = None
) -> ScreeningResult:
    """Score every instrument, decide, and open a stop with its call-back when booking is blocked.

    A client of the practice who is signed in owns it from here on, so that a stop holds their
    appointments; anybody else claims it when they book. Repeating it changes nothing.
    """
    locked = _lock(checkin)
    known = ScreeningResult.objects.filter(checkin=locked).first()
    if locked.state == CheckInState.COMPLETED and known is not None:
        return known
    if locked.age is None:
        raise NotComplete
    locked.completed_at = now
    decision = reads.decision_of(locked, with_clearances=False)
    if decision.incomplete:
        raise NotComplete
    _attach(locked, _client_at(locked.practice, actor), now=now)
    _score_all(locked)
    result = _store(locked, decision, now=now)
    locked.state = CheckInState.COMPLETED
    locked.changed_at = now
    locked.save(update_fields=["state", "completed_at", "changed_at"])
    audit.record(_user(actor), "check-in.completed", locked, at=now, client=locked.client)
    if decision.blocked:
        _stop(locked, decision, now=now, actor=actor)
    return result


@transaction.atomic(durable=True)
def claim(user: User, checkin: CheckIn, *, name: str, phone: str, now: datetime) -> Client:
    """Make the check-in and its stop the account's: a client of the practice, who agreed at start.

    What somebody said about their mind stays unshared until they share it.
    """
    locked = _lock(checkin)
    client, _made = Client.objects.get_or_create(
        practice=locked.practice,
        user=user,
        defaults={"name": name.strip() or user.name or user.email, "created_at": now},
    )
    if locked.client_id not in (None, client.pk):
        raise Missing
    if phone.strip() and client.phone != phone.strip():
        client.phone = phone.strip()[:40]
        client.save(update_fields=["phone"])
    if not user.name:
        user.name = client.name
        user.save(update_fields=["name"])
    _attach(locked, client, now=now)
    checkin.client = client
    audit.record(user, "check-in.claimed", locked, at=now, client=client)
    return client


@transaction.atomic(durable=True)
def delete_unclaimed(now: datetime) -> int:
    """Delete check-ins that nobody claimed for 7 days, with their stops, and return how many."""
    old = CheckIn.objects.filter(client__isnull=True, changed_at__lte=now - KEPT_UNCLAIMED)
    return old.delete()[1].get("understand.CheckIn", 0)


# The steps ------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def save_body(checkin: CheckIn, *, marks: Sequence[Mark], sides: str, now: datetime) -> bool:
    """Keep the marks (1 to 10); true when no side needs confirming any more.

    `sides` answers for the marks saved before: "yes", "swap" to mirror them, or nothing.
    """
    locked = _open(checkin, now=now)
    shown = _sided(locked.marks.values_list("region", flat=True))
    if sides == "swap" and shown:
        marks = [Mark(region=_mirror(one.region), intensity=one.intensity) for one in marks]
        shown = frozenset(_mirror(region) for region in shown)
    sided = _sided(mark.region for mark in marks)
    settled = sides in ("yes", "swap") or locked.sides_confirmed
    locked.sides_confirmed = bool(sided) and settled and sided <= shown
    locked.save(update_fields=["sides_confirmed"])
    locked.marks.exclude(region__in=[mark.region for mark in marks]).delete()
    BodyMark.objects.bulk_create(
        [BodyMark(checkin=locked, region=mark.region, level=mark.intensity) for mark in marks],
        update_conflicts=True,
        unique_fields=["checkin", "region"],
        update_fields=["level"],
    )
    return locked.sides_confirmed or not sided


@transaction.atomic(durable=True)
def save_story(
    checkin: CheckIn,
    *,
    onset_on: date | None,
    first_ever: bool | None,
    feels_like: Sequence[str],
    points: Mapping[str, Mapping[str, int | None]],
    now: datetime,
) -> None:
    """Keep when it began, what it feels like and the answers in points."""
    locked = _open(checkin, now=now)
    if onset_on is not None and onset_on > reads.local_day(locked, now):
        raise BadInput(_("This day lies in the future. Write the day it began."))
    locked.onset_on = onset_on
    locked.first_ever = first_ever
    locked.feels_like = list(feels_like)
    locked.save(update_fields=["onset_on", "first_ever", "feels_like"])
    _save_points(locked, points)


@transaction.atomic(durable=True)
def save_mind(
    checkin: CheckIn, *, points: Mapping[str, Mapping[str, int | None]], now: datetime
) -> None:
    """Keep the answers about the mind, in points; None forgets one."""
    _save_points(_open(checkin, now=now), points)


@transaction.atomic(durable=True)
def save_about(checkin: CheckIn, *, age: int | None, pregnant: str | None, now: datetime) -> None:
    """Keep the age in years and the answer about pregnancy, and forget what they rule out."""
    locked = _open(checkin, now=now)
    youngest = screening.load().header.engine.minimum_age
    if age is not None and not youngest <= age <= OLDEST:
        raise BadInput(
            _("Write your age in years, from %(low)s to %(high)s.")
            % {"low": youngest, "high": OLDEST}
        )
    locked.age = age
    locked.save(update_fields=["age"])
    _save_said(locked, SafetyAnswer.Kind.CONDITION, {"pregnancy": pregnant} if pregnant else {})
    _forget_ruled_out(locked)


@transaction.atomic(durable=True)
def save_red_flags(checkin: CheckIn, *, said: Mapping[str, str], now: datetime) -> None:
    """Keep answers to red flags: yes, no or unsure by question."""
    _save_said(_open(checkin, now=now), SafetyAnswer.Kind.RED_FLAG, said)


@transaction.atomic(durable=True)
def save_history(
    checkin: CheckIn,
    *,
    conditions: Mapping[str, str],
    medicines: Mapping[str, str],
    where: Mapping[str, Sequence[str]],
    now: datetime,
) -> None:
    """Keep answers about conditions and medicines, with the areas named for an answer."""
    locked = _open(checkin, now=now)
    _save_said(locked, SafetyAnswer.Kind.CONDITION, conditions, where)
    _save_said(locked, SafetyAnswer.Kind.MEDICINE, medicines, where)


@transaction.atomic(durable=True)
def save_wishes(
    checkin: CheckIn,
    *,
    pressure: int | None,
    minutes: int | None,
    wishes: Collection[str],
    now: datetime,
) -> None:
    """Keep the wishes: pressure 1 to 5, minutes, and which of the four others were ticked."""
    locked = _open(checkin, now=now)
    if pressure is not None and pressure not in range(1, 6):
        raise BadInput(_("Choose a pressure from 1 to 5."))
    locked.pressure_wanted = pressure
    locked.minutes_wanted = minutes
    names = ["wants_clothed", "wants_heat", "no_oil", "first_time"]
    for name in names:
        setattr(locked, name, name in wishes)
    locked.save(update_fields=["pressure_wanted", "minutes_wanted", *names])


# Call-backs and clearances --------------------------------------------------------------------


@transaction.atomic(durable=True)
def ask_for_call(checkin: CheckIn, *, name: str, phone: str, now: datetime) -> None:
    """Leave a name and a telephone number on the call-back of the open stop."""
    stop = reads.open_stop_of(checkin)
    if stop is None:
        raise Missing
    if not name.strip():
        raise BadInput(_("Write the name we should ask for."))
    if not 5 <= sum(letter.isdigit() for letter in phone) <= 20:
        raise BadInput(_("Write a telephone number with at least 5 digits."))
    CallBack.objects.filter(stop=stop).update(
        name=name.strip()[:120], phone=phone.strip()[:40], done_at=None, done_by=None
    )


@transaction.atomic(durable=True)
def mark_called(actor: User, stop: SafetyStop, *, now: datetime) -> None:
    """Note that the practice has telephoned; the stop stays open."""
    if not rights.roles(actor, stop.practice):
        raise Missing
    CallBack.objects.filter(stop=stop, done_at__isnull=True).update(done_at=now, done_by=actor)
    audit.record(actor, "call-back.done", stop, at=now, client=stop.client)


@transaction.atomic(durable=True)
def record_clearance(
    actor: User,
    stop: SafetyStop,
    *,
    clinician: str,
    said_on: date,
    statement: str,
    covers: Collection[str],
    now: datetime,
) -> Clearance:
    """Record which clinician said what on which day; the stop ends when every flag is covered."""
    locked = SafetyStop.objects.select_for_update(no_key=True).get(pk=stop.pk)
    access.check_may_clear(actor, locked)
    if locked.ended_at is not None:
        raise Conflict(_("This stop has already ended."))
    _check_statement(clinician, statement)
    opened = locked.opened_at.astimezone(locked.practice.tz).date()
    _check_day(said_on, earliest=opened, practice=locked.practice, now=now)
    _check_covers(locked.flags, covers)
    clearance = Clearance.objects.create(
        practice=locked.practice,
        client=locked.client,
        stop=locked,
        clinician=clinician.strip(),
        said_on=said_on,
        statement=statement.strip(),
        covers=sorted(covers),
        recorded_by=actor,
        recorded_at=now,
    )
    locked.ended_at = now
    locked.save(update_fields=["ended_at"])
    CallBack.objects.filter(stop=locked, done_at__isnull=True).update(done_at=now, done_by=actor)
    audit.record(actor, "clearance.recorded", clearance, at=now, client=locked.client)
    return clearance


@transaction.atomic(durable=True)
def record_agreement(
    actor: User,
    client: Client,
    *,
    clinician: str,
    said_on: date,
    statement: str,
    covers: Collection[str],
    now: datetime,
) -> Clearance:
    """Record a clinician's agreement to rules that ask for one; no stop is needed for it."""
    may = rights.treats(actor, client) or Role.MANAGER in rights.roles(actor, client.practice)
    if not may:
        if not rights.roles(actor, client.practice):
            raise Missing
        raise Denied(_("Only the therapist who treats this person, or a manager, records this."))
    _check_statement(clinician, statement)
    _check_day(said_on, earliest=None, practice=client.practice, now=now)
    rules = {rule.id for rule in screening.load().rules if rule.action == Action.CLEARANCE.id}
    if not covers or set(covers) - rules:
        raise BadInput(_("Choose at least one of the points that ask for an agreement."))
    clearance = Clearance.objects.create(
        practice=client.practice,
        client=client,
        clinician=clinician.strip(),
        said_on=said_on,
        statement=statement.strip(),
        covers=sorted(covers),
        recorded_by=actor,
        recorded_at=now,
    )
    audit.record(actor, "clearance.recorded", clearance, at=now, client=client)
    return clearance


def _check_statement(clinician: str, statement: str) -> None:
    if not clinician.strip():
        raise BadInput(_("Write which clinician said so."))
    if len(clinician) > 120:
        raise BadInput(_("Write the clinician's name in at most 120 letters."))
    if not statement.strip():
        raise BadInput(_("Write what the clinician said."))
    if len(statement) > 2000:
        raise BadInput(_("Write what was said in at most 2000 letters."))


def _check_day(said_on: date, *, earliest: date | None, practice: Practice, now: datetime) -> None:
    if said_on > now.astimezone(practice.tz).date():
        raise BadInput(_("The day the clinician spoke lies in the future."))
    if earliest is not None and said_on < earliest:
        raise BadInput(_("The clinician must have spoken after the stop began."))


def _check_covers(flags: Sequence[str], covers: Collection[str]) -> None:
    if set(covers) - set(flags):
        raise BadInput(_("A clearance can only cover answers of this stop."))
    if missing := not_covered(flags, covers):
        table = screening.load()
        asked = " ".join(table.red_flag(flag).question for flag in missing)
        raise BadInput(_("The stop stays: the clinician has not spoken about: %s") % asked)


# Parts ----------------------------------------------------------------------------------------


def _lock(checkin: CheckIn) -> CheckIn:
    locked = CheckIn.objects.select_for_update(no_key=True).filter(pk=checkin.pk).first()
    if locked is None:
        raise access.NoCheckIn
    return locked


def _open(checkin: CheckIn, *, now: datetime) -> CheckIn:
    """Lock a check-in to change it; a completed one that nobody claimed is a draft again."""
    locked = _lock(checkin)
    if SafetyStop.objects.filter(checkin=locked).exists() or reads.open_stop_of(locked):
        raise reads.ScreeningStop
    if locked.state == CheckInState.COMPLETED:
        if locked.client_id is not None:
            raise Finished
        ScreeningResult.objects.filter(checkin=locked).delete()
        InstrumentScore.objects.filter(checkin=locked).delete()
        locked.state = CheckInState.DRAFT
        locked.completed_at = None
    locked.changed_at = now
    locked.save(update_fields=["state", "completed_at", "changed_at"])
    return locked


def _user(actor: rights.Actor | None) -> User | None:
    return actor if isinstance(actor, User) else None


def _client_at(practice: Practice, actor: rights.Actor | None) -> Client | None:
    if not isinstance(actor, User):
        return None
    return Client.objects.filter(practice=practice, user=actor).first()


def _attach(checkin: CheckIn, client: Client | None, *, now: datetime) -> None:
    if client is None or checkin.client_id is not None:
        return
    checkin.client = client
    checkin.save(update_fields=["client"])
    SafetyStop.objects.filter(checkin=checkin).update(client=client)
    for purpose in (Purpose.CARE, Purpose.SHARE_BODY):
        give_consent(client, purpose, now=now)


def _sided(regions: Iterable[str]) -> frozenset[str]:
    marks = [Mark(region=region, intensity=1) for region in regions]
    if not marks:
        return frozenset()
    sides = laterality(marks)
    return frozenset((*sides.left, *sides.right))


def _mirror(region: str) -> str:
    side = bodymap.load().region(region).side
    return region[:-1] + SWAPPED[side] if side in SWAPPED else region


def _save_points(checkin: CheckIn, points: Mapping[str, Mapping[str, int | None]]) -> None:
    rows, forgotten = [], []
    for name, answers in points.items():
        entry = instruments.load().instrument(name)
        try:
            score(entry, answers)
        except (UnknownItem, AnswerOutOfRange) as error:
            raise BadInput(_("Choose one of the answers that are offered.")) from error
        for item, value in answers.items():
            if value is None:
                forgotten.append(item)
                continue
            rows.append(
                Answer(
                    checkin=checkin,
                    instrument=name,
                    item=item,
                    value=value,
                    version=entry.version,
                    language=entry.language,
                )
            )
    checkin.answers.filter(instrument__in=list(points), item__in=forgotten).delete()
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["checkin", "instrument", "item"],
        update_fields=["value", "version", "language"],
    )


def _save_said(
    checkin: CheckIn,
    kind: SafetyAnswer.Kind,
    said: Mapping[str, str],
    where: Mapping[str, Sequence[str]] | None = None,
) -> None:
    places = where or {}
    versions = _versions(kind)
    known = bodymap.load().entry.area_groups
    if said.keys() - versions.keys() or set(said.values()) - set(SafetyAnswer.Said.values):
        raise BadInput(_("Answer each question with yes, no or not sure."))
    if {area for question in said for area in places.get(question, ())} - known.keys():
        raise BadInput(_("Choose one of the places that are offered."))
    SafetyAnswer.objects.bulk_create(
        [
            SafetyAnswer(
                checkin=checkin,
                kind=kind,
                question=question,
                said=reply,
                where=[] if reply == SafetyAnswer.Said.NO else list(places.get(question, ())),
                version=versions[question],
            )
            for question, reply in said.items()
        ],
        update_conflicts=True,
        unique_fields=["checkin", "kind", "question"],
        update_fields=["said", "where", "version"],
    )


def _versions(kind: SafetyAnswer.Kind) -> dict[str, int]:
    table = screening.load()
    match kind:
        case SafetyAnswer.Kind.RED_FLAG:
            return {row.id: row.version for row in table.red_flags}
        case SafetyAnswer.Kind.CONDITION:
            return {row.id: row.version for row in table.conditions}
        case SafetyAnswer.Kind.MEDICINE:
            return {row.id: row.version for row in table.medicines}


def _forget_ruled_out(checkin: CheckIn) -> None:
    """Delete answers to questions that age or pregnancy no longer lets anybody ask."""
    table = screening.load()
    asked = questions_to_ask(
        table, regions=(), age=checkin.age or 0, answers=reads.safety_answers(checkin)
    )
    gated = {row.id for row in table.red_flags if row.ask_if is not None}
    gated |= {row.id for row in table.conditions if row.ask_if is not None}
    kept = {row.id for row in asked.red_flags} | {row.id for row in asked.conditions}
    checkin.safety_answers.filter(question__in=gated - kept).delete()


def _score_all(checkin: CheckIn) -> None:
    for name, answers in reads.points_of(checkin).items():
        entry = instruments.load().instrument(name)
        result = score(entry, answers)
        values: dict[str, Any] = {
            "version": result.version,
            "value": None if result.value is None else Decimal(str(result.value)),
            "subscales": dict(result.subscales),
            "band": result.band,
            "not_scored_because": result.reason_not_scored,
        }
        InstrumentScore.objects.update_or_create(checkin=checkin, instrument=name, defaults=values)


def _store(checkin: CheckIn, decision: Decision, *, now: datetime) -> ScreeningResult:
    return ScreeningResult.objects.update_or_create(
        checkin=checkin,
        defaults={
            "table_version": decision.table_version,
            "urgency": decision.urgency.id,
            "blocked": decision.blocked,
            "fired": [_as_row(row) for row in decision.fired],
            "decided_at": now,
        },
    )[0]


def _as_row(row: Fired) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "version": row.version,
        "urgency": row.urgency.id,
        "action": row.action.id,
        "text": row.text,
        "private": row.private,
    }


def _stop(
    checkin: CheckIn, decision: Decision, *, now: datetime, actor: rights.Actor | None
) -> None:
    stop = SafetyStop.objects.create(
        practice=checkin.practice,
        checkin=checkin,
        client=checkin.client,
        urgency=decision.urgency.id,
        flags=list(flags_to_clear(decision)),
        opened_at=now,
    )
    client = checkin.client
    CallBack.objects.create(
        practice=checkin.practice,
        stop=stop,
        name=client.name if client else "",
        phone=client.phone if client else "",
        opened_at=now,
    )
    audit.record(_user(actor), "stop.opened", stop, at=now, client=client)
