"""Pool what a practice's clients report, once a night; in the worker and never for a page.

Everything is computed outside of any transaction and kept in a short one. Whoever changes the
time of the run does the work, so that two workers never do it twice.

Units   as domain/outcomes/pooled.py and therapists.py.
Errors  none: a client whose rows cannot be right is left out, and the log says so.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, time
from itertools import islice
from typing import Literal, NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from joblib import Parallel, delayed

from unknot.domain.outcomes import pooled, therapists
from unknot.domain.outcomes.analysis import rated
from unknot.domain.outcomes.course import Course, Others
from unknot.domain.outcomes.findings import OUTCOMES, Outcome
from unknot.domain.outcomes.gates import bracketed
from unknot.domain.outcomes.likelihood import Ratings
from unknot.domain.outcomes.model import Model, load
from unknot.domain.outcomes.observations import BadObservation, ratings
from unknot.journey.follow.models import (
    OthersReport,
    PooledEffect,
    PooledRun,
    TherapistResult,
)
from unknot.journey.follow.reads import case_mix
from unknot.journey.follow.reads import findings as reads
from unknot.people import access as people
from unknot.people.models import Client, Origin, Practice, Purpose

log = logging.getLogger("unknot.pool")

Part = Outcome | Literal["therapists"]
PARTS: tuple[Part, ...] = (*OUTCOMES, "therapists")

#: Parts looked at in one turn of the worker; most have too few people and cost nothing.
TURNS = 60
#: From this hour of the practice's night on.
NIGHT = time(3)
#: Processes that fit side by side: as many as there are cores.
CORES = -1


class _Member(NamedTuple):
    """A client who can tell something about one outcome."""

    client: Client
    course: Course
    had: frozenset[str]  # techniques with a session between check-ins


def pool_due(now: datetime) -> int:
    """Pool what has not been pooled tonight, until one part took real work; says how many parts.

    Mails wait while this runs, so that a turn is one outcome of one practice and no more.
    """
    turns = 0
    for practice, part, night in islice(_waiting(now), TURNS):
        if _is_ours(practice, part, night, now):
            turns += 1
            if pool_part(practice, part, now=now):
                break
    return turns


def pool_practice(practice: Practice, *, now: datetime) -> None:
    """Compute and keep everything that is said of the clients of one practice together."""
    for part in PARTS:
        pool_part(practice, part, now=now)


def pool_part(practice: Practice, part: Part, *, now: datetime) -> bool:
    """Compute and keep one part of a practice's pool; says whether there was enough to compute."""
    model = load()
    if part == "therapists":
        results = _results(practice, model, now)
        _keep_results(practice, results)
        return bool(results)
    effects, others = _outcome(practice, part, model, now)
    _keep_outcome(practice, part, effects, others)
    return bool(effects)


def _waiting(now: datetime) -> Iterator[tuple[Practice, Part, datetime]]:
    """Each part of each practice that was not taken on since its night began; 2 queries."""
    runs = PooledRun.objects.values_list("practice_id", "part", "at")
    taken = {(practice, part): at for practice, part, at in runs}
    for practice in Practice.objects.order_by("pk"):
        night = datetime.combine(now.astimezone(practice.tz).date(), NIGHT, practice.tz)
        for part in PARTS:
            at = taken.get((practice.pk, part))
            if now >= night and (at is None or at < night):
                yield practice, part, night


def _is_ours(practice: Practice, part: Part, night: datetime, now: datetime) -> bool:
    """Take a part on; False where another worker was first."""
    PooledRun.objects.get_or_create(practice=practice, part=part)
    waiting = PooledRun.objects.filter(practice=practice, part=part)
    return waiting.filter(Q(at=None) | Q(at__lt=night)).update(at=now) == 1


def _of_practice(clients: QuerySet[Client], practice: Practice) -> QuerySet[Client]:
    """Whose answers count here: real people's, and made-up ones only where everybody is."""
    found = clients.filter(practice=practice).order_by("pk")
    return found if practice.demonstration else found.filter(origin=Origin.REAL)


def _outcome(
    practice: Practice, outcome: Outcome, model: Model, now: datetime
) -> tuple[list[PooledEffect], list[OthersReport]]:
    """All massage, then each technique, of one outcome; nothing while there are too few."""
    answering = _of_practice(reads.answering(), practice)
    if answering.count() < model.gate.practice_clients:
        return [], []
    courses = [(one, reads.course(one)) for one in answering]
    members = list(_members(courses, outcome, model))
    if len(members) < model.gate.practice_clients:
        return [], []
    whole = _alone(members, outcome, None, model)
    all_massage = pooled.together(whole, outcome, model)
    relief = _half_life(members, whole, model)

    def row(technique: str, clients: int, shared: pooled.Shared) -> PooledEffect:
        return PooledEffect(
            practice=practice,
            outcome=outcome,
            technique=technique,
            clients=clients,
            mean=shared.mean,
            low=shared.low,
            high=shared.high,
            between_sd=shared.between_sd,
            half_life=relief,
            made_at=now,
            model_version=model.version,
        )

    effects = [row("", len(members), all_massage.effects[0])]
    effects += _by_technique(members, outcome, model, row)
    return effects, [
        _others(member.client, outcome, told)
        for member, told in zip(members, all_massage.others, strict=True)
    ]


def _members(
    courses: Sequence[tuple[Client, Course]], outcome: Outcome, model: Model
) -> Iterable[_Member]:
    for client, course in courses:
        try:
            at = [one.at for one in rated(course.check_ins, outcome)]
        except BadObservation:
            log.exception("One client's answers cannot be right; they are left out of the pool.")
            continue
        had = frozenset(one.technique for one in bracketed(at, course.sessions))
        if had and len(at) >= model.gate.helps_check_ins:
            yield _Member(client, course, had)


def _by_technique(
    members: Sequence[_Member],
    outcome: Outcome,
    model: Model,
    row: Callable[[str, int, pooled.Shared], PooledEffect],
) -> list[PooledEffect]:
    names = sorted({one.technique for member in members for one in member.course.sessions})
    had = [sum(name in member.had for member in members) for name in names]
    if len(names) < 2 or max(had) < model.gate.practice_clients:
        return []
    found = pooled.together(_alone(members, outcome, names, model), outcome, model)
    return [
        row(name, clients, shared)
        for name, clients, shared in zip(names, had, found.effects, strict=True)
        if clients >= model.gate.practice_clients
    ]


def _alone(
    members: Sequence[_Member], outcome: Outcome, techniques: list[str] | None, model: Model
) -> list[pooled.Alone]:
    laid_out = [_ratings(member, outcome, techniques, model) for member in members]
    return list(Parallel(n_jobs=CORES)(delayed(pooled.alone)(one, model) for one in laid_out))


def _ratings(
    member: _Member, outcome: Outcome, techniques: list[str] | None, model: Model
) -> Ratings:
    found = ratings(
        rated(member.course.check_ins, outcome),
        member.course.sessions,
        outcome,
        window_days=model.window_days,
        techniques=techniques,
    )
    if found is None:
        raise ValueError("a member of a pool has ratings")
    return found


def _half_life(
    members: Sequence[_Member], whole: Sequence[pooled.Alone], model: Model
) -> float | None:
    """Only of people who came on fixed dates, and only of enough of them."""
    fixed = case_mix.on_fixed_dates([member.client for member in members])
    chosen = [one for member, one in zip(members, whole, strict=True) if member.client.pk in fixed]
    if len(chosen) < model.gate.practice_clients:
        return None
    return pooled.half_life(chosen, model)


def _others(client: Client, outcome: Outcome, told: Others) -> OthersReport:
    """Kept to a tenth of a point, so that a night without news changes nobody's fit."""
    return OthersReport(
        client=client, outcome=outcome, mean=round(told.mean, 1), sd=max(round(told.sd, 1), 0.1)
    )


def _results(practice: Practice, model: Model, now: datetime) -> list[TherapistResult]:
    agreed = Client.objects.filter(pk__in=people.who_consent_to(Purpose.CARE))
    rows = case_mix.followed([one.pk for one in _of_practice(agreed, practice)])
    found = therapists.effects(
        [
            therapists.Followed(
                therapist=one.therapist,
                technique=one.technique,
                baseline=one.baseline,
                change=one.change,
                mix=(one.months, one.age, one.sessions),
            )
            for one in rows
        ],
        minimum=model.gate.therapist_clients,
    )
    return [
        TherapistResult(
            therapist_id=one.therapist,
            clients=one.clients,
            mean=one.mean,
            low=one.low,
            high=one.high,
            made_at=now,
            model_version=model.version,
        )
        for one in found.effects
    ]


@transaction.atomic(durable=True)
def _keep_outcome(
    practice: Practice,
    outcome: Outcome,
    effects: Iterable[PooledEffect],
    others: Iterable[OthersReport],
) -> None:
    """Put tonight's results in the place of the last ones."""
    PooledEffect.objects.filter(practice=practice, outcome=outcome).delete()
    OthersReport.objects.filter(client__practice=practice, outcome=outcome).delete()
    PooledEffect.objects.bulk_create(effects)
    OthersReport.objects.bulk_create(others)


@transaction.atomic(durable=True)
def _keep_results(practice: Practice, results: Iterable[TherapistResult]) -> None:
    """Put tonight's results in the place of the last ones."""
    TherapistResult.objects.filter(therapist__practice=practice).delete()
    TherapistResult.objects.bulk_create(results)
