"""Fit people's ratings and keep what was found; in the worker and in commands, never for a page.

A fit is computed outside of any transaction and kept in a short one. Two workers may compute the
same person; the second one finds the fingerprint in place and writes nothing.

Units   as domain/outcomes/findings.py.
Errors  none: a person whose rows cannot be right is written to the log, and the others go on.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from django.db import transaction
from joblib import Parallel, delayed

from unknot.domain.outcomes.analysis import analyse
from unknot.domain.outcomes.course import Course
from unknot.domain.outcomes.findings import PersonFindings
from unknot.domain.outcomes.model import Model, load
from unknot.domain.outcomes.observations import BadObservation
from unknot.journey.follow.actions.routines import settle_invitations
from unknot.journey.follow.models import Finding, Fit
from unknot.journey.follow.reads import findings as reads
from unknot.people import access as people
from unknot.people.models import Client

log = logging.getLogger("unknot.fit")

#: Clients looked at in one turn of the nightly round; a turn comes every minute.
ROUND = 200
#: Fits computed together; fewer are not worth a second process.
TOGETHER = 64
SEVERAL = 8


class Wanted(NamedTuple):
    """A client whose inputs are new, with those inputs."""

    client: Client
    course: Course
    fingerprint: str


def fit_due(now: datetime) -> int:
    """Fit everybody for whom something arrived, and look at who waited for a day.

    Whether anything may invite them to book follows from it.
    """
    with_news = list(reads.with_news(now)[:ROUND])
    known = {client.pk for client in with_news}
    waiting = [one for one in reads.not_looked_at_today(now)[:ROUND] if one.pk not in known]
    looked_at = sum(1 for _ in fit(with_news + waiting, now=now))
    for client in with_news + waiting:
        settle_invitations(client, now=now)
    return looked_at


def fit(clients: Iterable[Client], *, now: datetime) -> Iterator[bool]:
    """Look at each client in turn and fit whose inputs are new; yields whether one was."""
    model = load()
    coming = iter(clients)
    while some := list(islice(coming, TOGETHER)):
        wanted: list[Wanted] = []
        for client in some:
            course = reads.course(client)
            name = course.fingerprint(model.version)
            if name == reads.fingerprint(client):
                Fit.objects.filter(client=client).update(looked_at=now)
                yield False
            else:
                wanted.append(Wanted(client, course, name))
        for one, found in zip(wanted, _analysed(wanted, model), strict=True):
            if found is not None:
                keep(one, found, model_version=model.version, now=now)
            yield found is not None


@transaction.atomic(durable=True)
def keep(one: Wanted, found: PersonFindings, *, model_version: str, now: datetime) -> None:
    """Write one finding and the newest lines, unless another worker has just done so."""
    people.lock(one.client)
    if reads.fingerprint(one.client) == one.fingerprint:
        return
    instants = [check_in.at for check_in in one.course.check_ins]
    Finding.objects.create(
        client=one.client,
        made_at=now,
        model_version=model_version,
        fingerprint=one.fingerprint,
        inputs={
            "check_ins": len(one.course.check_ins),
            "sessions": len(one.course.sessions),
            "first": min(instants).isoformat() if instants else "",
            "last": max(instants).isoformat() if instants else "",
            "main": one.course.main,
            "worth_points": one.course.worth_points,
        },
        verdicts=reads.VERDICTS.dump_python(found.verdicts, mode="json"),
        better=reads.BETTER.dump_python(found.better, mode="json"),
        link=reads.LINK.dump_python(found.link, mode="json"),
    )
    Fit.objects.update_or_create(
        client=one.client,
        defaults={
            "looked_at": now,
            "fingerprint": one.fingerprint,
            "strands": reads.STRANDS.dump_python(found.strands, mode="json"),
        },
    )


def _analysed(wanted: Sequence[Wanted], model: Model) -> Iterable[PersonFindings | None]:
    courses = [one.course for one in wanted]
    if len(courses) < SEVERAL:
        return [_one(course, model) for course in courses]
    return list(Parallel(n_jobs=-1)(delayed(_one)(course, model) for course in courses))


def _one(course: Course, model: Model) -> PersonFindings | None:
    try:
        return analyse(course, model)
    except BadObservation:
        log.exception("One client's answers cannot be right; they were left as they are.")
        return None
