"""Keep, open and take away the documents of a credential; each opening is written down.

What is kept was written anew by web/documents before it comes here: the page does that, because
it may take seconds, and nobody's calendar is locked meanwhile.

Units   sizes in bytes.
Errors  BadInput, CheckedMeanwhile; Missing for everybody a document is not for.
Source  docs/decisions: documents live in the database.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unknot.journey.choose import access
from unknot.journey.choose.actions.credentials import CheckedMeanwhile, lock_credential
from unknot.journey.choose.models import Credential, CredentialDocument
from unknot.people import access as people
from unknot.people import audit
from unknot.people.models import Practice, Role, User
from unknot.web.documents import CONTENT_TYPES, FILE_ENDINGS, CleanDocument, Kind
from unknot.web.errors import BadInput

#: How many documents one credential can have.
MOST: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A document on its way to somebody who may read it."""

    content: bytes
    content_type: str
    file_name: str


@transaction.atomic(durable=True)
def add_document(
    actor: User, practice: Practice, key: UUID, *, document: CleanDocument, now: datetime
) -> CredentialDocument:
    """Keep one more document of one's own credential; the same content twice is one."""
    people.check_role(actor, practice, Role.THERAPIST)
    locked = lock_credential(access.own_credential(actor, practice, key))
    kept = locked.documents.defer("content")
    held = kept.filter(sha256=document.sha256).first()
    if held is not None:
        return held
    if kept.count() >= MOST:
        raise BadInput(_("This credential has 10 documents already, and more are not kept."))
    made = CredentialDocument.objects.create(
        credential=locked,
        kind=document.kind,
        content=document.content,
        size=len(document.content),
        sha256=document.sha256,
        uploaded_by=actor,
        uploaded_at=now,
    )
    audit.record(actor, "document.added", made, at=now, reason=document.kind)
    return made


@transaction.atomic(durable=True)
def remove_document(
    actor: User, practice: Practice, key: UUID, *, now: datetime
) -> CredentialDocument:
    """Take away a document of one's own credential while nobody has checked it."""
    people.check_role(actor, practice, Role.THERAPIST)
    found = access.own_document(actor, practice, key)
    locked = lock_credential(found.credential)
    if locked.method != Credential.Method.SELF:
        raise CheckedMeanwhile(
            _("Somebody has checked this credential: what they saw stays beside it.")
        )
    audit.record(actor, "document.removed", found, at=now, reason=found.kind)
    found.delete()
    return found


@transaction.atomic(durable=True)
def open_document(actor: User, key: UUID, *, now: datetime) -> Opened:
    """Hand a document to its therapist, a manager of the practice or the operator."""
    found = access.document_to_open(actor, key)
    audit.record(actor, "document.read", found, at=now)
    kind: Kind = found.kind  # type: ignore[assignment]  # a constraint of the table
    return Opened(
        content=bytes(found.content),
        content_type=CONTENT_TYPES[kind],
        file_name=f"credential-{found.key.hex[:8]}{FILE_ENDINGS[kind][0]}",
    )
