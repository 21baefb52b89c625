"""A therapist reads how their clients do; each client's row that is seen is written down."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from unknot.journey.choose.models import Therapist
from unknot.journey.follow.reads import pooled, practice
from unknot.people import audit
from unknot.people.models import Practice, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One's own result beside the practice's, and one's own clients who may need another plan."""

    own: pooled.Own | None
    needed: int
    unlikely: tuple[practice.Unlikely, ...]


@transaction.atomic(durable=True)
def open_results(
    actor: User, house: Practice, listing: Therapist | None, *, now: datetime
) -> Results:
    """Read one's own results; `listing` is the actor's own, or None without one."""
    rows = practice.unlikely_to_improve(actor, house)
    audit.record_reads(actor, "results.read", (client for client, _row in rows), at=now)
    return Results(
        own=pooled.own_result(listing) if listing is not None else None,
        needed=pooled.needed_of_therapist(),
        unlikely=tuple(row for _client, row in rows),
    )
