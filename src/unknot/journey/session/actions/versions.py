"""Keep what every save of a note left, and open these versions.

Units   those of src/unknot/domain/notes/versions.py.
Errors  Missing: nothing was ever saved. The database refuses to change a version.
Source  src/unknot/domain/notes/versions.py says what differs.
"""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from unknot.journey.book.models import Appointment
from unknot.journey.session.drafts import RATINGS, TEXTS, Draft
from unknot.journey.session.models import NoteVersion, SessionNote
from unknot.journey.session.reads import versions as reads
from unknot.people import audit
from unknot.people.models import User
from unknot.web.errors import Missing


def keep(actor: User, note: SessionNote, draft: Draft, now: datetime) -> None:
    """Add the version that a save of `draft` made; runs inside the transaction of that save."""
    content = {name: getattr(draft, name) for name in (*TEXTS, *RATINGS)}
    content["treatments"] = [asdict(row) for row in draft.treatments]
    content["marks"] = dict(draft.marks)
    NoteVersion.objects.create(
        note=note, revision=note.revision, saved_at=now, by=actor, content=content
    )


@transaction.atomic(durable=True)
def open_versions(
    actor: User, appointment: Appointment, *, revision: int | None, now: datetime
) -> reads.VersionsPage:
    """Give the versions of a note, one of them beside the one before; Missing without a note."""
    page = reads.versions_page(appointment, revision)
    if page is None:
        raise Missing
    audit.record(actor, "record.read", appointment, at=now, client=appointment.client)
    return page
