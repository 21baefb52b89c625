"""Alerts: what staff must look at goes to the next person until somebody takes it.

        raised ──▶ the one it concerns ──▶ managers, one after the other ──▶ all of them, daily

Units   aware datetimes.
Errors  Missing for an alert of another practice, or one that this person need not know about.
        None when it is taken twice: the second press changes nothing.
Source  a rule of ours; what an alert is about stands on the page that it leads to, never in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import quiet
from unknot.people import access, audit, outbox
from unknot.people.models import Alert, AlertTold, Client, Membership, Practice, Role, User
from unknot.web.errors import Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertKind:
    """What an alert says, and how long one person has before the next one hears."""

    words: str | Promise
    patience: timedelta
    at_night: bool = False  # goes on in the quiet hours of the practice
    said_by_cause: bool = False  # the first to hear gets another mail about it anyway


SOON: Final = timedelta(minutes=30)
TODAY: Final = timedelta(hours=4)
#: After everybody has heard, all hear again after this long.
AGAIN: Final = timedelta(days=1)

KINDS: Final[Mapping[str, AlertKind]] = MappingProxyType(
    {
        "after-session": AlertKind(
            words=_("An answer after a session has to be looked at"), patience=SOON, at_night=True
        ),
        "incident": AlertKind(
            words=_("A report about a session has to be looked at"), patience=SOON, at_night=True
        ),
        "wishes-changed": AlertKind(
            words=_("Wishes for an appointment have changed at short notice"), patience=SOON
        ),
        "question": AlertKind(
            words=_("A question waits for an answer"), patience=TODAY, said_by_cause=True
        ),
        "worse": AlertKind(
            words=_("Answers of a client have to be looked at today"), patience=TODAY
        ),
        "correction": AlertKind(words=_("A request about a record waits"), patience=3 * AGAIN),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One open alert as its reader sees it; `told` are the names of who has heard."""

    pk: int
    words: str | Promise
    client: str
    url: str
    raised_at: datetime
    told: tuple[str, ...]


def raise_alert(
    kind: str,
    practice: Practice,
    *,
    url: str,
    now: datetime,
    client: Client | None = None,
    first: User | None = None,
) -> None:
    """Open an alert unless the same one is open; runs inside the transaction of its cause."""
    alert, made = Alert.objects.get_or_create(
        practice=practice,
        kind=kind,
        url=url,
        taken_at=None,
        defaults={"client": client, "raised_at": now, "next_at": now},
    )
    if made:
        mailed = first is None or not KINDS[kind].said_by_cause
        _tell(alert, [first] if first is not None else _managers(practice)[:1], now, mailed=mailed)


@transaction.atomic(durable=True)
def take(actor: User, pk: int, *, now: datetime) -> str:
    """Note that `actor` looks after it, so that nobody else is told; returns the page it is about.

    Taking it twice changes nothing; Missing for whoever may not see it.
    """
    alert = Alert.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if alert is None or not _may_see(actor, alert):
        raise Missing
    if alert.taken_at is None:
        _close(alert, actor, now)
    return alert.url


def settle(kind: str, practice: Practice, *, url: str, actor: User, now: datetime) -> None:
    """Take what is open of one kind about one page, because `actor` has seen to it there.

    Runs inside the transaction of its cause; nothing open is nothing to do.
    """
    found = Alert.objects.select_for_update(no_key=True).filter(
        practice=practice, kind=kind, url=url, taken_at__isnull=True
    )
    for alert in found:
        _close(alert, actor, now)


def _close(alert: Alert, actor: User, now: datetime) -> None:
    alert.taken_by, alert.taken_at = actor, now
    alert.save(update_fields=["taken_by", "taken_at"])
    audit.record(actor, "alert.taken", alert, at=now, client=alert.client)


def escalate_due(now: datetime) -> int:
    """Tell the next person of each alert that nobody has taken in time; how many it were."""
    due = Alert.objects.filter(taken_at__isnull=True, next_at__lte=now).values_list("pk", flat=True)
    return sum(_escalate(pk, now) for pk in due)


@transaction.atomic
def _escalate(pk: int, now: datetime) -> bool:
    waiting = Alert.objects.select_related("practice").filter(
        pk=pk, taken_at__isnull=True, next_at__lte=now
    )
    alert = waiting.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if alert is None:
        return False  # taken, or another worker was first
    told = set(alert.told.values_list("pk", flat=True))
    managers = _managers(alert.practice)
    unheard = [one for one in managers if one.pk not in told]
    _tell(alert, unheard[:1] or managers, now)
    return True


def open_alerts(actor: User, practice: Practice) -> tuple[AlertRow, ...]:
    """The open alerts that `actor` has heard of, oldest first; a manager sees all; 3 queries."""
    found = _visible(actor, practice).filter(taken_at__isnull=True)
    rows = found.select_related("client").prefetch_related("told").order_by("raised_at", "pk")
    return tuple(
        AlertRow(
            pk=one.pk,
            words=KINDS[one.kind].words,
            client=one.client.name if one.client is not None else "",
            url=one.url,
            raised_at=one.raised_at,
            told=tuple(person.name or person.email for person in one.told.all()),
        )
        for one in rows.distinct()
    )


def count_open(actor: User, practice: Practice) -> int:
    """How many open alerts `actor` can see; 2 queries."""
    return _visible(actor, practice).filter(taken_at__isnull=True).distinct().count()


def _visible(actor: User, practice: Practice) -> QuerySet[Alert]:
    found = Alert.objects.filter(practice=practice)
    held = access.roles(actor, practice)
    if Role.MANAGER in held:
        return found
    return found.filter(told=actor) if Role.THERAPIST in held else found.none()


def _may_see(actor: User, alert: Alert) -> bool:
    return _visible(actor, alert.practice).filter(pk=alert.pk).exists()


def _tell(alert: Alert, people: list[User], now: datetime, *, mailed: bool = True) -> None:
    """Write to `people` and set when the next one hears; a practice of one hears again tomorrow."""
    kind = KINDS[alert.kind]
    due = now if kind.at_night else _loud(alert.practice, now)
    again = all(AlertTold.objects.filter(alert=alert, user=one).exists() for one in people)
    for person in people:
        AlertTold.objects.get_or_create(alert=alert, user=person, defaults={"at": now})
        if mailed:
            context = {"alert": alert}
            outbox.queue("alert", person, context, at=now, practice=alert.practice, due=due)
    alert.next_at = due + (AGAIN if again else kind.patience)
    alert.save(update_fields=["next_at"])


def _loud(practice: Practice, now: datetime) -> datetime:
    return quiet.loud_from(
        now, quiet_from=practice.quiet_from, quiet_until=practice.quiet_until, zone=practice.tz
    )


def _managers(practice: Practice) -> list[User]:
    """The managers of a practice, who came first first; of a practice without one, everybody."""
    members = Membership.objects.filter(practice=practice, until__isnull=True, user__is_active=True)
    found = members.filter(role=Role.MANAGER) if members.filter(role=Role.MANAGER) else members
    ordered = found.filter(~Q(role=Role.FRONT_DESK)).select_related("user").order_by("since", "pk")
    return list({one.user.pk: one.user for one in ordered}.values())
