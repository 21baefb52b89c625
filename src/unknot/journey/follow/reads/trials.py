"""Comparisons of two techniques as their client and their therapist see them.

What is sealed stays sealed: before the end nothing here says what stands at a place that has not
been opened, and nothing reads the row that knows.

Units   aware datetimes, shown in the practice's zone; points of a 0 to 10 scale.
Errors  none.
Source  docs/explanation/trials.md
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.domain.guidance import catalogue
from unknot.domain.outcomes import trial as rules
from unknot.domain.outcomes.trial import Stop
from unknot.domain.outcomes.trial_wording import (
    BLINDING,
    CONSENT,
    OUTCOMES,
    TrialFinding,
    power_lines,
    result_lines,
)
from unknot.journey.book.models import Appointment
from unknot.journey.book.reads import planned
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.follow.models import Trial, TrialResult, TrialSession, TrialState
from unknot.people.models import CareRelation, Client

#: What a line of the log says.
EVENTS = {
    "proposed": gettext_lazy("Proposed"),
    "accepted": gettext_lazy("Agreed to"),
    "declined": gettext_lazy("Not begun"),
    "drawn": gettext_lazy("Order drawn and sealed"),
    "opened": gettext_lazy("Next session opened"),
    "attended": gettext_lazy("Session took place"),
    "stopped": gettext_lazy("Stopped"),
    "complete": gettext_lazy("All sessions done"),
    "analysed": gettext_lazy("Analysed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """One comparison in a list."""

    key: UUID
    a: str
    b: str
    therapist: str
    state: str
    state_words: str
    proposed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of the list: `technique` is empty while it is sealed.

    `state` is done, booked, due, sealed or unused.
    """

    number: int
    pair: int
    technique: str
    state: str
    start: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the log."""

    at: datetime
    words: str | Promise
    place: int | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What is due: which service, from when on, and when it is booked for."""

    technique: str
    service: int
    slug: str
    not_before: datetime
    start: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPage:
    """Everything a page, or the report, says about one comparison."""

    trial: Trial
    zone: ZoneInfo
    a: str
    b: str
    minutes: int
    outcome: str
    power: tuple[str, ...]
    blinding: str
    consent: tuple[str, ...]
    places: tuple[Place, ...]
    next_up: Next | None
    events: tuple[Event, ...]
    salt: str
    order: str
    stop_words: str
    result: TrialResult | None
    said: tuple[str, ...]

    @property
    def done(self) -> int:
        """How many sessions of the list took place."""
        return sum(one.state == "done" for one in self.places)

    @property
    def is_over(self) -> bool:
        """Whether the list is no longer followed."""
        return self.trial.state in (TrialState.COMPLETE, TrialState.STOPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One service that can be compared."""

    service: int
    words: str


def of_client(client: Client, therapist: Therapist | None = None) -> tuple[TrialRow, ...]:
    """The comparisons of a client, newest first; only those with one therapist if named."""
    found = Trial.objects.filter(client=client).select_related(
        "service_a", "service_b", "therapist"
    )
    if therapist is not None:
        found = found.filter(therapist=therapist)
    return tuple(
        TrialRow(
            key=one.key,
            a=technique_name(one.service_a),
            b=technique_name(one.service_b),
            therapist=one.therapist.name,
            state=one.state,
            state_words=one.get_state_display(),
            proposed_at=one.proposed_at,
        )
        for one in found.order_by("-proposed_at", "-pk")
    )


def may_propose(client: Client) -> bool:
    """Whether no comparison of this client waits or runs."""
    waiting = [TrialState.PROPOSED, TrialState.RUNNING]
    return not Trial.objects.filter(client=client, state__in=waiting).exists()


def therapists_of(client: Client) -> tuple[Therapist, ...]:
    """The listed therapists who treat this client, by name."""
    treating = CareRelation.objects.filter(client=client, until__isnull=True)
    found = Therapist.objects.filter(
        practice=client.practice_id,
        listed_since__isnull=False,
        user__in=treating.values("therapist_user"),
    )
    return tuple(found.order_by("name"))


def services_of(therapist: Therapist) -> tuple[Service, ...]:
    """What can be compared with this therapist: active, for one person, by technique and length."""
    found = therapist.services.filter(active=True, for_two=False)
    return tuple(found.order_by("technique", "minutes", "pk"))


def options(services: Iterable[Service]) -> tuple[Option, ...]:
    """The same services in words."""
    return tuple(
        Option(
            service=one.pk,
            words=_("%(technique)s, %(minutes)s minutes")
            % {"technique": technique_name(one), "minutes": one.minutes},
        )
        for one in services
    )


def technique_name(service: Service) -> str:
    """What people call the technique of a service."""
    return catalogue.load().technique(service.technique).name


def power_words(pairs: int) -> tuple[str, ...]:
    """What so many pairs would find, in the reader's language."""
    return power_lines(rules.power(pairs), translate=_, number=_number)


def consent_lines() -> tuple[str, ...]:
    """What a client agrees to."""
    return tuple(_(line) for line in CONSENT)


def page(trial: Trial) -> TrialPage:
    """Everything about one comparison, the sealed part left out before the end; 6 queries."""
    is_over = trial.state in (TrialState.COMPLETE, TrialState.STOPPED)
    sessions = list(trial.sessions.select_related("service", "appointment").order_by("place"))
    booked = _booked(trial, sessions)
    order = trial.seal.order if is_over else ""
    result = TrialResult.objects.filter(trial=trial).first()
    return TrialPage(
        trial=trial,
        zone=trial.therapist.practice.tz,
        a=technique_name(trial.service_a),
        b=technique_name(trial.service_b),
        minutes=trial.service_a.minutes,
        outcome=_(OUTCOMES[trial.outcome]),
        power=power_words(trial.pairs),
        blinding=_(BLINDING),
        consent=consent_lines(),
        places=_places(trial, sessions, booked, order),
        next_up=_next(trial, sessions, booked),
        events=tuple(
            Event(at=one.at, words=EVENTS[one.kind], place=one.place, detail=one.detail)
            for one in trial.events.order_by("at", "pk")
        ),
        salt=trial.seal.salt if is_over else "",
        order=order,
        stop_words=_(rules.STOP_WORDS[Stop(trial.stop_reason)]) if trial.stop_reason else "",
        result=result,
        said=_said(trial, result) if result is not None else (),
    )


def _booked(trial: Trial, sessions: list[TrialSession]) -> Appointment | None:
    """The appointment that stands for the place that is due."""
    if trial.state != TrialState.RUNNING or not sessions or sessions[-1].appointment_id:
        return None
    return planned.of_the_place(trial.client_id, trial.therapist, sessions[-1].not_before).first()


def _places(
    trial: Trial, sessions: list[TrialSession], booked: Appointment | None, order: str
) -> tuple[Place, ...]:
    if trial.drawn_at is None:
        return ()
    by_place = {one.place: one for one in sessions}
    names = {"A": technique_name(trial.service_a), "B": technique_name(trial.service_b)}
    places = []
    for number in range(1, 2 * trial.pairs + 1):
        found = by_place.get(number)
        technique = technique_name(found.service) if found is not None else ""
        state, start = "sealed", None
        if found is not None and found.appointment is not None:
            state, start = "done", found.appointment.start
        elif order:
            state = "unused"
        elif found is not None:
            state, start = ("booked", booked.start) if booked is not None else ("due", None)
        if order:
            technique = names[rules.side(order, number)]
        places.append(
            Place(
                number=number,
                pair=rules.pair_of(number),
                technique=technique,
                state=state,
                start=start,
            )
        )
    return tuple(places)


def _next(trial: Trial, sessions: list[TrialSession], booked: Appointment | None) -> Next | None:
    if trial.state != TrialState.RUNNING or not sessions:
        return None
    place = sessions[-1]
    return Next(
        technique=technique_name(place.service),
        service=place.service_id,
        slug=trial.therapist.slug,
        not_before=place.not_before,
        start=booked.start if booked is not None else None,
    )


def _said(trial: Trial, result: TrialResult) -> tuple[str, ...]:
    found = TrialFinding(
        outcome=trial.outcome,
        technique_a=technique_name(trial.service_a),
        technique_b=technique_name(trial.service_b),
        planned_pairs=trial.pairs,
        done_pairs=len(result.pairs),
        alpha=trial.alpha,
        stand_in=bool(result.statistic) and result.statistic != trial.statistic,
        difference=result.difference,
        p=result.p,
        low=result.low,
        high=result.high,
        level=result.level,
    )
    return result_lines(found, translate=_, number=_number)


def _number(number: float) -> str:
    size = number_format(round(abs(number), 1), 1)  # it would cut off, not round
    return f"−{size}" if round(number, 1) < 0 else size
