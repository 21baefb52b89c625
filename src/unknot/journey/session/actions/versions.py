"""Keep what every save of a note left, and open these versions.

Units   those of src/unknot/domain/notes/versions.py.
Errors  Missing: nothing was ever saved. The database refuses to change a version.
Source  src/unknot/domain/notes/versions.py says what differs.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from unknot.domain.notes.versions import RATINGS, TEXTS
from unknot.journey.book.models import Appointment
from unknot.journey.session.models import NoteVersion, SessionNote
from unknot.journey.session.reads import versions as reads
from unknot.people import audit
from unknot.people.models import User
from unknot.web.errors import Missing

if TYPE_CHECKING:
    from unknot.journey.session.actions.record import Draft


def keep(note: SessionNote, draft: "Draft", now: datetime) -> None:
    """Add the version that `draft` makes; only the appointment's therapist can have saved it."""
    content = {name: getattr(draft, name) for name in (*TEXTS, *RATINGS)}
    content["treatments"] = [
        {
            "region": row.region,
            "technique": row.technique,
            "minutes": row.minutes,
            "pressure": row.pressure,
        }
        for row in draft.treatments
    ]
    content["marks"] = dict(draft.marks)
    NoteVersion.objects.create(
        note=note,
        revision=note.revision,
        saved_at=now,
        by_id=Appointment.objects.values_list("therapist__user", flat=True).get(
            pk=note.appointment_id
        ),
        content=content,
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
