"""Make or change a routine, pause and stop it; choose what to do at home and say how it went.

Units   weeks between sessions, money a month in minor units, local days of the practice.
Errors  BadInput: a rhythm, kind of session, budget or day that cannot be. NoRoutine: nothing to
        pause or stop. Missing: something at home that was not chosen. Nothing is half-written.
Source  domain/outcomes/routine.py
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.journey.follow.models import HomeChoice, HomeDay, Routine, RoutineState
from unknot.journey.follow.reads import check_ins, home
from unknot.journey.follow.reads import routines as reads
from unknot.journey.understand import reads as understand
from unknot.people import access as people
from unknot.people import audit
from unknot.people.models import Client, User
from unknot.web import money
from unknot.web.errors import BadInput, Conflict, Missing

MOST_KINDS: Final = 3
#: A routine begins at most so far from today.
AROUND: Final = timedelta(days=366)


class NoRoutine(Conflict):
    """There is no routine to pause, to stop or to go on with."""

    title = gettext_lazy("There is no routine yet")
    sentence = gettext_lazy("Nothing can be paused or stopped before a routine is made.")
    mend = gettext_lazy("Make one first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A routine as somebody wants it; `kinds` are ids such as swedish-60."""

    every_weeks: int
    kinds: tuple[str, ...]
    budget_minor: int | None
    starts_on: date


@transaction.atomic(durable=True)
def save_routine(actor: User, client: Client, wanted: Wanted, *, now: datetime) -> Routine:
    """Keep a routine as a new version that is going on; raises BadInput."""
    people.lock(client)
    _check(client, wanted, now=now)
    made = Routine.objects.create(
        client=client,
        state=RoutineState.ACTIVE,
        every_weeks=wanted.every_weeks,
        sessions=list(wanted.kinds),
        budget_minor=wanted.budget_minor,
        currency=client.practice.currency,
        starts_on=wanted.starts_on,
        made_by=actor,
        made_at=now,
    )
    audit.record(actor, "routine.saved", made, at=now, client=client)
    _settle(client, now=now)
    return made


def _check(client: Client, wanted: Wanted, *, now: datetime) -> None:
    if not 1 <= wanted.every_weeks <= reads.MOST_WEEKS:
        raise BadInput(
            _("Choose a rhythm from every week to every %(most)s weeks.")
            % {"most": reads.MOST_WEEKS}
        )
    known = {one.id for one in reads.offered(client, understand.latest_completed(client))}
    if not 1 <= len(wanted.kinds) <= MOST_KINDS or not known.issuperset(wanted.kinds):
        raise BadInput(
            _("Choose one to %(most)s kinds of session from the list.") % {"most": MOST_KINDS}
        )
    if wanted.budget_minor is not None and not 0 <= wanted.budget_minor <= money.HIGHEST:
        raise BadInput(_("A budget is zero or more, in numbers; leave it empty to set none."))
    if abs(wanted.starts_on - check_ins.local_day(client, now)) > AROUND:
        raise BadInput(_("A routine begins within a year of today. Check the date."))


@transaction.atomic(durable=True)
def change_state(actor: User, client: Client, state: str, *, now: datetime) -> Routine:
    """Make the newest routine active, paused or stopped, as a new version.

    Raises NoRoutine, and BadInput for another state.
    """
    if state not in RoutineState:
        raise BadInput
    people.lock(client)
    newest = Routine.objects.filter(client=client).order_by("-made_at", "-pk").first()
    if newest is None:
        raise NoRoutine
    if newest.state == state:
        return newest
    made = Routine.objects.create(
        client=client,
        state=state,
        every_weeks=newest.every_weeks,
        sessions=newest.sessions,
        budget_minor=newest.budget_minor,
        currency=newest.currency,
        starts_on=newest.starts_on,
        made_by=actor,
        made_at=now,
    )
    audit.record(actor, "routine.changed", made, at=now, client=client)
    _settle(client, now=now)
    return made


@transaction.atomic(durable=True)
def settle_invitations(client: Client, *, now: datetime) -> None:
    """Bring up to date whether anything may invite this client to book."""
    _settle(client, now=now)


def _settle(client: Client, *, now: datetime) -> None:
    """Write on the client what earlier steps may read: they know nothing of routines."""
    quiet = reads.asks_for_no_more(client, now=now)
    if quiet == (client.not_invited_since is not None):
        return
    client.not_invited_since = now if quiet else None
    client.save(update_fields=["not_invited_since"])


@transaction.atomic(durable=True)
def open_routine(actor: User, client: Client, *, with_mind: bool, now: datetime) -> reads.Found:
    """A therapist reads a client's routine: the read, and the row that says so."""
    audit.record(actor, "routine.read", client, at=now, client=client)
    return reads.found(client, now=now, with_mind=with_mind)


@transaction.atomic(durable=True)
def choose_home(actor: User, client: Client, items: Collection[str], *, now: datetime) -> None:
    """Choose exactly these things to do at home; what was chosen and is not named, ends."""
    people.lock(client)
    if not {one.id for one in home.offered(client)}.issuperset(items):
        raise BadInput(_("Choose from the list; what safety rules out is not on it."))
    standing = HomeChoice.objects.filter(client=client, ended_at__isnull=True)
    kept = set(standing.values_list("item", flat=True))
    standing.exclude(item__in=items).update(ended_at=now)
    HomeChoice.objects.bulk_create(
        HomeChoice(client=client, item=item, chosen_by=actor, chosen_at=now)
        for item in sorted(set(items) - kept)
    )
    audit.record(actor, "home.chosen", client, at=now, client=client)


@transaction.atomic(durable=True)
def say_home(actor: User, client: Client, item: str, *, done: bool, now: datetime) -> HomeDay:
    """Say whether something was done today; the last word of a day counts. Raises Missing."""
    if item not in home.plan(client, now=now).chosen:
        raise Missing
    day = check_ins.local_day(client, now)
    said, _made = HomeDay.objects.update_or_create(
        client=client, item=item, day=day, defaults={"done": done, "said_at": now}
    )
    audit.record(actor, "home.said", said, at=now, client=client)
    return said
