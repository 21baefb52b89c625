"""Keep the list of those whom a practice does not book by itself.

Units   aware datetimes.
Errors  BadInput; Missing and Denied for whoever does not manage the practice. None leaves a trace.
Source  the booking policies in docs/decisions
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Value
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.models import BlockedPerson
from unknot.journey.book.reads.desk import phone_key
from unknot.people import access as people
from unknot.people import audit
from unknot.people.models import Client, Practice, Role, User
from unknot.web.errors import BadInput, Missing


@transaction.atomic(durable=True)
def block(
    actor: User,
    practice: Practice,
    *,
    reason: str,
    now: datetime,
    client: Client | None = None,
    email: str = "",
    phone: str = "",
) -> BlockedPerson:
    """Stop booking a client, a mail address or a telephone number online; staff read the reason.

    Blocking the same once more changes nothing, however the number is spelt.
    """
    people.check_role(actor, practice, Role.MANAGER)
    if client is not None and client.practice_id != practice.pk:
        raise Missing
    who = {"client": client, "email": email.strip().lower()}
    phone = phone.strip()
    if not any((*who.values(), phone)):
        raise BadInput(_("Say whom: a client, a mail address or a telephone number."))
    if not reason.strip():
        raise BadInput(_("Write down why, for those who work here."))
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    standing = BlockedPerson.objects.filter(practice=practice, ended_at__isnull=True, **who)
    same = standing.alias(number=phone_key(F("phone"))).filter(number=phone_key(Value(phone)))
    if (found := same.first()) is not None:
        return found
    made = BlockedPerson.objects.create(
        practice=practice, reason=reason.strip()[:200], by=actor, since=now, phone=phone, **who
    )
    audit.record(actor, "block.added", made, at=now)
    return made


@transaction.atomic(durable=True)
def end(actor: User, blocked: BlockedPerson, *, now: datetime) -> None:
    """Book this person again; ending it twice changes nothing."""
    people.check_role(actor, blocked.practice, Role.MANAGER)
    found = BlockedPerson.objects.select_for_update(no_key=True).get(pk=blocked.pk)
    if found.ended_at is not None:
        return
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    audit.record(actor, "block.ended", found, at=now)
