"""Write down what went wrong, who follows it up, and close it; nothing of it is ever changed.

The row of the incident is locked before an entry is added, so two people queue, and who has not
seen the newest entry is told so.

Units   aware datetimes; a day and a time of the practice's wall.
Errors  BadInput: a text, day, grade or person that cannot be. AddedSince: somebody added an entry
        since the page was opened. Conflict: it is closed already. Nothing is half-written.
Source  src/unknot/knowledge/screening/after_session.toml has the grades.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.models import Appointment
from unknot.journey.session import access
from unknot.journey.session.models import AdverseEvent, AdverseEventEntry
from unknot.journey.session.reads import incidents as reads
from unknot.people import alerts, audit, outbox
from unknot.people.models import Client, Practice, User
from unknot.web.errors import BadInput, Conflict

TEXT_MAX = 5000


class AddedSince(Conflict):
    """Somebody has added to this incident since the page was opened."""

    title = _("Somebody has just added to this")
    sentence = _("A newer entry stands above. Read it, then send yours again if it still holds.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What went wrong; `noticed_time` is None when nobody knows the hour."""

    what: str
    noticed_on: date
    noticed_time: time | None
    grade: str
    owner: int
    done: str


@transaction.atomic(durable=True)
def open_list(actor: User, practice: Practice, *, now: datetime) -> reads.IncidentList:
    """Give the incidents that `actor` may see and write down whose were read."""
    found = reads.incident_list(actor, practice)
    audit.record_reads(actor, "incident.read", found.clients, at=now)
    return found


@transaction.atomic(durable=True)
def open_incident(actor: User, event: AdverseEvent, *, now: datetime) -> reads.IncidentPage:
    """Give one incident and write down who opened it."""
    audit.record(actor, "incident.read", event, at=now, client=event.client)
    return reads.incident_page(event)


@transaction.atomic(durable=True)
def report(
    actor: User, appointment: Appointment, *, told: Report, now: datetime
) -> access.Incident:
    """Write an incident down with its first entry; who follows it up hears of it."""
    client = appointment.client
    if client is None:
        raise Conflict(_("Nobody has come to this appointment."))
    _check_noticed(appointment, told, now)
    event = AdverseEvent.objects.create(
        practice=client.practice,
        client=client,
        appointment=appointment,
        reporter=actor,
        what=_text(told.what, _("Write what happened.")),
        noticed_on=told.noticed_on,
        noticed_time=told.noticed_time,
        written_at=now,
    )
    _add(actor, event, grade=told.grade, owner=told.owner, text=told.done, now=now)
    audit.record(actor, "incident.reported", event, at=now, client=client)
    return event


@transaction.atomic(durable=True)
def add_entry(
    actor: User,
    event: AdverseEvent,
    *,
    grade: str,
    owner: int,
    text: str,
    seen: int,
    now: datetime,
) -> None:
    """Add what was done; to a closed incident it opens it again."""
    _lock(event, seen)
    _add(actor, event, grade=grade, owner=owner, text=text, now=now)
    audit.record(actor, "incident.carried-on", event, at=now, client=event.client)


@transaction.atomic(durable=True)
def close(actor: User, event: AdverseEvent, *, text: str, seen: int, now: datetime) -> None:
    """Close an incident with what came of it."""
    last = _lock(event, seen)
    if last.closes:
        raise Conflict(_("This is closed already."))
    AdverseEventEntry.objects.create(
        event=event,
        author=actor,
        at=now,
        grade=last.grade,
        owner=last.owner,
        text=_text(text, _("Write what came of it.")),
        closes=True,
    )
    audit.record(actor, "incident.closed", event, at=now, client=event.client)


def _lock(event: AdverseEvent, seen: int) -> AdverseEventEntry:
    """Lock the incident and give its newest entry; AddedSince when it is not the one seen."""
    AdverseEvent.objects.select_for_update(no_key=True).get(pk=event.pk)
    entries = list(event.entries.select_related("owner").order_by("pk"))
    if len(entries) != seen:
        raise AddedSince
    return entries[-1]


def _add(
    actor: User, event: AdverseEvent, *, grade: str, owner: int, text: str, now: datetime
) -> None:
    if grade not in reads.GRADES:
        raise BadInput(_("Choose how serious it is."))
    follows = _owner(event.client, owner)
    before = event.entries.order_by("-pk").first()
    entry = AdverseEventEntry.objects.create(
        event=event,
        author=actor,
        at=now,
        grade=grade,
        owner=follows,
        text=_text(text, _("Write what was done.")),
    )
    _tell(actor, event, before, entry, now)


def _tell(
    actor: User,
    event: AdverseEvent,
    before: AdverseEventEntry | None,
    entry: AdverseEventEntry,
    now: datetime,
) -> None:
    """Raise an alert once it is serious; otherwise write to who follows it up from now on."""
    is_new = before is None or before.owner_id != entry.owner_id
    other = entry.owner if entry.owner_id != actor.pk else None
    if entry.grade == reads.serious() and (before is None or before.grade != entry.grade):
        url = reverse("session:incident", args=[event.key])
        alerts.raise_alert(
            "incident", event.practice, url=url, now=now, client=event.client, first=other
        )
    elif is_new and other is not None:
        outbox.queue("incident-owner", other, {"key": event.key}, at=now, practice=event.practice)


def _owner(client: Client, owner: int) -> User:
    found = access.who_may_follow_up(client).filter(pk=owner).first()
    if found is None:
        raise BadInput(_("Choose a manager, or a therapist who treats this client."))
    return found


def _text(text: str, missing: object) -> str:
    if not text.strip():
        raise BadInput(str(missing))
    if len(text) > TEXT_MAX:
        raise BadInput(_("A text may have up to 5000 characters."))
    return text.strip()


def _check_noticed(appointment: Appointment, told: Report, now: datetime) -> None:
    zone = appointment.therapist.practice.tz
    here = now.astimezone(zone)
    at = told.noticed_time or time.min
    if datetime.combine(told.noticed_on, at, zone) > here:
        raise BadInput(_("This has not come yet. Write when it was noticed."))
    if told.noticed_on < appointment.start.astimezone(zone).date():
        raise BadInput(_("It was noticed before the session. Write the day it was noticed."))
