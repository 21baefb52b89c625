"""Ask and answer about one appointment; what was sent stays, and the other side gets a mail.

        client asks ──▶ mail and alert to the therapist ──▶ the answer takes the alert

Units   aware datetimes; up to 2,000 characters.
Errors  NotShown: the appointment was cancelled, declined, missed or never confirmed.
        BadInput: nothing was written, or too much.
Source  a rule of ours; docs/explanation/preparation.md
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from unknot.domain.texts import paragraphs
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import reads
from unknot.journey.prepare.actions.shown import check_is_shown
from unknot.journey.prepare.models import ThreadEntry, ThreadRead
from unknot.people import alerts, audit, outbox
from unknot.people.access import is_own
from unknot.people.models import User
from unknot.web.errors import BadInput

MESSAGE_MAX: Final = 2000


@transaction.atomic(durable=True)
def open_thread(actor: User, appointment: Appointment, *, now: datetime) -> reads.Thread:
    """Give the messages, the oldest first, and note that `actor` has read them.

    What is new to them is marked so in what this returns; a therapist's reading is audited.
    """
    thread = reads.thread(actor, appointment)
    if thread.unread:
        ThreadRead.objects.update_or_create(
            appointment=appointment, reader=actor, defaults={"last_id": thread.entries[-1].pk}
        )
    if thread.entries and not thread.by_client:
        audit.record(actor, "thread.read", appointment, at=now, client=appointment.client)
    return thread


@transaction.atomic(durable=True)
def send_entry(actor: User, appointment: Appointment, *, text: str, now: datetime) -> ThreadEntry:
    """Keep one message and tell the other side; raises NotShown or BadInput.

    A question of the client raises an alert, and the next answer of the therapist takes it.
    """
    locked = (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("client__user", "therapist__practice", "therapist__user")
        .get(pk=appointment.pk)
    )
    check_is_shown(locked)
    said = paragraphs(text)
    if not 0 < len(said) <= MESSAGE_MAX:
        raise BadInput(_("Write up to 2,000 characters."))
    by_client = is_own(actor, locked.client)
    entry = ThreadEntry.objects.create(
        appointment=locked, author=actor, by_client=by_client, text=said, sent_at=now
    )
    audit.record(actor, "thread.sent", locked, at=now, client=locked.client)
    _tell_the_other_side(actor, locked, by_client=by_client, now=now)
    return entry


def _tell_the_other_side(
    actor: User, appointment: Appointment, *, by_client: bool, now: datetime
) -> None:
    practice, client = appointment.therapist.practice, reads.client_of(appointment)
    url = reverse("prepare:questions", args=[appointment.key])
    therapist = appointment.therapist.user
    if by_client:
        alerts.raise_alert("question", practice, url=url, now=now, client=client, first=therapist)
    else:
        alerts.settle("question", practice, url=url, actor=actor, now=now)
    other = therapist if by_client else client.user
    if other is not None:
        context = {"appointment": appointment, "practice": practice}
        outbox.queue("thread-entry", other, context, at=now, practice=practice)
