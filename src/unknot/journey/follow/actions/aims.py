"""Keep what a client wants to get better first: a change is one more row, never an edit.

Units   points of the 0 to 10 scale.
Errors  BadInput: an outcome or a step that does not exist; nothing is kept.
Source  knowledge/outcomes/aims.toml
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from unknot.domain.outcomes import aims
from unknot.journey.book.models import Appointment
from unknot.journey.follow.models import Aim
from unknot.journey.follow.reads import aims as reads
from unknot.people import access, audit
from unknot.people.models import Client, User
from unknot.web.errors import BadInput


@transaction.atomic(durable=True)
def choose(actor: User, client: Client, *, outcome: str, worth: str, now: datetime) -> Aim:
    """Keep a choice from `now` on; the same choice again changes nothing."""
    known = aims.load()
    if outcome not in Aim.Outcome.values or worth not in {one.id for one in known.worth}:
        raise BadInput(_("Choose one of the answers in the list."))
    access.lock(client)
    newest = Aim.objects.filter(client=client).order_by("-chosen_at", "-pk").first()
    if newest is not None and (newest.outcome, newest.worth) == (outcome, worth):
        return newest
    kept = Aim.objects.create(
        client=client,
        outcome=outcome,
        worth=worth,
        points=known.points(worth),
        version=known.version,
        chosen_at=now,
    )
    audit.record(actor, "aim.chosen", kept, at=now, client=client)
    return kept


@transaction.atomic(durable=True)
def open_aim(actor: User, appointment: Appointment, *, now: datetime) -> reads.Told:
    """Give the therapist what the client of an appointment wants to get better first; audited.

    Nothing of it while the client does not share that part, body or mind.
    """
    client = appointment.client
    if client is None:
        return reads.Told(aim=None)
    found = reads.main_outcome(client)
    if not access.consents_to(client, found.shared_by):
        return reads.Told(aim=None)
    audit.record(actor, "aim.read", appointment, at=now, client=client)
    return reads.Told(aim=found)
