"""Write the audit table: one row per deed and per read of somebody's health data.

Call it inside the transaction of the deed. The text carries kinds and numbers, never a health word.
"""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import models

from unknot.people.models import AuditEntry, Client, User


def record(
    actor: User | AnonymousUser | None,
    action: str,
    subject: models.Model,
    *,
    at: datetime,
    client: Client | None = None,
    reason: str = "",
) -> None:
    """Append one row: who did what to which row, whose record it was, when and why."""
    AuditEntry.objects.create(
        at=at,
        actor=actor if isinstance(actor, User) else None,
        client=client,
        action=action,
        subject=f"{subject._meta.model_name} {subject.pk}",
        reason=reason,
    )


def adopt(client: Client, subjects: Iterable[models.Model]) -> None:
    """Append again, as the client's, what was done with these rows before they had an owner."""
    names = [f"{one._meta.model_name} {one.pk}" for one in subjects]
    before = AuditEntry.objects.filter(client__isnull=True, actor__isnull=False, subject__in=names)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=row.at,
            actor=row.actor,
            client=client,
            action=row.action,
            subject=row.subject,
            reason=row.reason,
        )
        for row in before.select_related("actor")
    )


def record_reads(actor: User, action: str, clients: Iterable[Client], *, at: datetime) -> None:
    """Append one row for each client whose record `actor` saw on one page, in one statement."""
    AuditEntry.objects.bulk_create(
        AuditEntry(at=at, actor=actor, client=client, action=action, subject=f"client {client.pk}")
        for client in clients
    )
