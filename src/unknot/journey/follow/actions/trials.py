"""Compare two techniques in pairs: agree, draw and seal the list, keep to it, stop.

    proposed ──▶ running ──▶ complete        the other one says yes: drawn, sealed, first place open
        │            └─────▶ stopped         a safety stop, either person's wish, a pair overdue
        └──▶ declined

The order is drawn once and written with its salt into a row that no page reads before the end;
its SHA-256 goes into the log before the first session.

Units   aware datetimes; places from 1.
Errors  BadTrial: a protocol that makes no fair comparison. NotPossible: a state from which this
        does not lead. Missing for a stranger; the screening's own refusals. Nothing half-written.
Source  domain/outcomes/trial.py; docs/explanation/trials.md
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from unknot.domain.outcomes import trial as rules
from unknot.domain.outcomes.trial import Design, Stop
from unknot.domain.outcomes.trial_wording import CONSENT
from unknot.journey.book.actions import planned
from unknot.journey.book.actions.refusals import NotPossible
from unknot.journey.book.models import Appointment, Status
from unknot.journey.book.reads import planned as standing
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.follow import access
from unknot.journey.follow.models import (
    Trial,
    TrialEvent,
    TrialSeal,
    TrialSession,
    TrialState,
)
from unknot.journey.understand import reads as screening
from unknot.journey.understand import stops
from unknot.people import access as people
from unknot.people import audit
from unknot.people.models import Client, User
from unknot.web.errors import BadInput, Missing

SALT_BYTES = 32


class BadTrial(BadInput):
    """A protocol that makes no fair comparison; the sentence says what to change."""

    title = _("These two cannot be compared like this")
    mend = _("Go back, change it, and send it again.")


class TrialOpen(NotPossible):
    """One comparison at a time: a second list would contradict the first."""

    title = _("A comparison is open already")
    sentence = _("There is a comparison already that waits or runs. Finish or stop it first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """What somebody proposes to compare, and how."""

    therapist: Therapist
    service_a: Service
    service_b: Service
    pairs: int
    gap_days: int
    outcome: str


@transaction.atomic(durable=True)
def propose(
    actor: User, client: Client, protocol: Protocol, *, agreed: bool = False, now: datetime
) -> Trial:
    """Propose a comparison to the other one; a client who proposes agrees to it (`agreed`)."""
    by_client = access.check_part_of_trial(actor, client, protocol.therapist)
    people.lock(client)
    if by_client and not agreed:
        raise BadTrial(gettext("Tick that you agree, or leave it for another day."))
    design = _checked(protocol)
    _check_safe(client, protocol.service_a, protocol.service_b, now)
    values = {
        "client": client,
        "therapist": protocol.therapist,
        "service_a": protocol.service_a,
        "service_b": protocol.service_b,
        "pairs": design.pairs,
        "gap_days": design.gap_days,
        "pair_weeks": design.pair_weeks,
        "outcome": design.outcome,
        "window_days": design.window_days,
        "statistic": design.statistic,
        "alpha": design.alpha,
        "proposed_by": actor,
        "proposed_at": now,
        "state": TrialState.PROPOSED,
    }
    if by_client:
        values |= {"consent": consent_words(), "consented_at": now}
    try:
        with transaction.atomic():
            made = Trial.objects.create(**values)
    except IntegrityError as error:
        raise TrialOpen from error
    _log(made, "proposed", now, actor=actor)
    audit.record(actor, "trial.proposed", made, at=now, client=client)
    return made


@transaction.atomic(durable=True)
def accept(actor: User, trial: Trial, *, agreed: bool = False, now: datetime) -> Trial:
    """The other one agrees: the list is drawn, sealed and logged, and its first place opens."""
    trial, by_client = _locked(actor, trial)
    if trial.state != TrialState.PROPOSED or trial.proposed_by_id == actor.pk:
        raise NotPossible
    if by_client:
        if not agreed:
            raise BadTrial(gettext("Tick that you agree, or say no."))
        trial.consent, trial.consented_at = consent_words(), now
    _check_safe(trial.client, trial.service_a, trial.service_b, now)
    _log(trial, "accepted", now, actor=actor)
    _seal(trial, now)
    audit.record(actor, "trial.begun", trial, at=now, client=trial.client)
    last = _last_start(trial)
    after = rules.next_not_before(last, trial.gap_days) if last is not None else now
    _open(trial, 1, not_before=max(now, after), now=now)
    return trial


@transaction.atomic(durable=True)
def decline(actor: User, trial: Trial, *, now: datetime) -> Trial:
    """Say no to a proposal, or take one's own back; nothing was drawn."""
    trial, _by_client = _locked(actor, trial)
    if trial.state != TrialState.PROPOSED:
        raise NotPossible
    trial.state, trial.ended_at = TrialState.DECLINED, now
    trial.save(update_fields=["state", "ended_at"])
    _log(trial, "declined", now, actor=actor)
    audit.record(actor, "trial.declined", trial, at=now, client=trial.client)
    return trial


@transaction.atomic(durable=True)
def stop(actor: User, trial: Trial, *, now: datetime) -> Trial:
    """Stop a running comparison at once, by the wish of its client or its therapist."""
    trial, by_client = _locked(actor, trial)
    if trial.state == TrialState.STOPPED:
        return trial
    if trial.state != TrialState.RUNNING:
        raise NotPossible
    _end(trial, TrialState.STOPPED, now, why=Stop.CLIENT if by_client else Stop.THERAPIST)
    audit.record(actor, "trial.stopped", trial, at=now, client=trial.client)
    return trial


@transaction.atomic(durable=True)
def open_trial(actor: User, trial: Trial, *, now: datetime) -> None:
    """Write down that a therapist reads a comparison of their client."""
    if not people.is_own(actor, trial.client):
        audit.record(actor, "trial.read", trial, at=now, client=trial.client)


def keep_up(now: datetime) -> int:
    """Join sessions to their places, open the next one, and stop what has to stop; how many.

    Safe to run twice and by two workers.
    """
    running = Trial.objects.filter(state=TrialState.RUNNING).order_by("pk")
    return sum(_keep_up(one, now) for one in running)


def consent_words() -> str:
    """What a client agrees to, in the words they are shown."""
    return "\n".join(gettext(line) for line in CONSENT)


@transaction.atomic(durable=True)
def _keep_up(trial: Trial, now: datetime) -> bool:
    people.lock(trial.client)
    trial = Trial.objects.select_for_update(no_key=True).get(pk=trial.pk)
    if trial.state != TrialState.RUNNING:
        return False
    if stops.is_on_hold(trial.client):
        _end(trial, TrialState.STOPPED, now, why=Stop.SAFETY)
        return True
    place = trial.sessions.select_related("service").order_by("-place")[0]
    if (found := _attended(trial, place)) is not None:
        _join(trial, place, found, now)
        return True
    began = trial.sessions.get(place=2 * rules.pair_of(place.place) - 1).not_before
    if now >= rules.overdue_at(began, trial.pair_weeks):
        _end(trial, TrialState.STOPPED, now, why=Stop.OVERDUE)
        return True
    return False


def _attended(trial: Trial, place: TrialSession) -> Appointment | None:
    found = standing.of_the_place(trial.client_id, trial.therapist, place.not_before)
    return found.filter(status=Status.ATTENDED, service=place.service).first()


def _join(trial: Trial, place: TrialSession, found: Appointment, now: datetime) -> None:
    place.appointment = found
    place.save(update_fields=["appointment"])
    _log(trial, "attended", now, place=place.place)
    if place.place == 2 * trial.pairs:
        _end(trial, TrialState.COMPLETE, now)
        return
    after = rules.next_not_before(found.start, trial.gap_days)
    _open(trial, place.place + 1, not_before=after, now=now)


def _open(trial: Trial, place: int, *, not_before: datetime, now: datetime) -> None:
    """Take one more place out of the sealed list: it is due to be booked."""
    side = rules.side(trial.seal.order, place)
    service = trial.service_a if side == "A" else trial.service_b
    TrialSession.objects.create(
        trial=trial, place=place, service=service, opened_at=now, not_before=not_before
    )
    planned.plan_next(trial.client, trial.therapist, service, not_before=not_before, now=now)
    _log(trial, "opened", now, place=place)


def _seal(trial: Trial, now: datetime) -> None:
    order = rules.draw(trial.pairs, lambda: secrets.randbelow(2) == 0)
    salt = secrets.token_hex(SALT_BYTES)
    trial.commitment = rules.commitment(salt, order)
    trial.state, trial.drawn_at = TrialState.RUNNING, now
    trial.save(update_fields=["consent", "consented_at", "commitment", "state", "drawn_at"])
    TrialSeal.objects.create(trial=trial, salt=salt, order=order)
    _log(trial, "drawn", now, detail=trial.commitment)


def _end(trial: Trial, state: TrialState, now: datetime, *, why: Stop | None = None) -> None:
    trial.state, trial.ended_at = state, now
    trial.stop_reason = why.value if why is not None else ""
    trial.save(update_fields=["state", "ended_at", "stop_reason"])
    planned.forget(trial.client, trial.therapist)
    _log(trial, "stopped" if why else "complete", now, detail=trial.stop_reason)


def _log(
    trial: Trial,
    kind: str,
    now: datetime,
    *,
    actor: User | None = None,
    place: int | None = None,
    detail: str = "",
) -> None:
    TrialEvent.objects.create(
        trial=trial, at=now, kind=kind, actor=actor, place=place, detail=detail
    )


def _locked(actor: User, trial: Trial) -> tuple[Trial, bool]:
    """The comparison, locked, and whether it is its client who acts; Missing for a stranger."""
    by_client = access.check_part_of_trial(actor, trial.client, trial.therapist)
    people.lock(trial.client)
    found = Trial.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "client", "therapist", "service_a", "service_b"
    )
    return found.get(pk=trial.pk), by_client


def _checked(protocol: Protocol) -> Design:
    a, b, therapist = protocol.service_a, protocol.service_b, protocol.therapist
    offered = therapist.services.filter(pk__in=[a.pk, b.pk], active=True, for_two=False).count()
    if a.pk != b.pk and offered < 2:
        raise Missing
    if a.pk != b.pk and a.minutes != b.minutes:
        raise BadTrial(gettext("Choose two of the same length, or more time would be compared."))
    if protocol.outcome not in rules.OUTCOMES:
        raise BadTrial(gettext("Choose what to compare them by."))
    try:
        return Design(
            technique_a=a.technique,
            technique_b=b.technique,
            pairs=protocol.pairs,
            gap_days=protocol.gap_days,
            outcome=protocol.outcome,
        )
    except rules.BadDesign as problem:
        raise BadTrial(gettext(str(problem))) from problem


def _check_safe(client: Client, a: Service, b: Service, now: datetime) -> None:
    """Both techniques must be safe for this person now, whoever proposes."""
    checkin = screening.latest_completed(client)
    if checkin is None:
        raise screening.ScreeningMissing
    if stops.is_on_hold(client):
        raise screening.ScreeningStop
    for technique in (a.technique, b.technique):
        screening.check_may_book(checkin, technique, now=now)


def _last_start(trial: Trial) -> datetime | None:
    """When the client's newest session with this therapist begins, booked or done."""
    since = trial.proposed_at - timedelta(days=rules.LONGEST_GAP_DAYS)
    newest = standing.of_the_place(trial.client_id, trial.therapist, since).last()
    return newest.start if newest is not None else None
