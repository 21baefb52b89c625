"""A therapist reads a client's progress; the read is written down."""

from datetime import datetime

from django.db import transaction

from unknot.journey.follow.reads import progress
from unknot.people import audit
from unknot.people.models import Client, User


@transaction.atomic(durable=True)
def open_progress(actor: User, client: Client, *, now: datetime) -> progress.Progress:
    """A therapist reads a client's progress: the read, and the row that says so."""
    audit.record(actor, "progress.read", client, at=now, client=client)
    return progress.progress(client, now=now)
