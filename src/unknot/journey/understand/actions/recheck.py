"""Keep what a client answers to the short recheck, before one session or in a weekly battery.

Answering again replaces the answer. A yes or not sure is taken back only by a full check-in that
was begun after it; until then the answer stays as it was said. Whether the session may still be
asked about (it is near, it is not signed) is the caller's to check: it knows the appointment.

Units   aware datetimes; `appointment_key` names the appointment.
Errors  Missing: the actor is neither the client nor a therapist who treats them, or the key is
        another client's. BadInput: none of the three answers. StillNew: a no after a yes.
Source  clinical reference 2.1; docs/decisions/0004-roles-and-rights.md
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unknot.domain.screening import catalogue as screening
from unknot.journey.understand import rechecks
from unknot.journey.understand.models import FollowUp, Recheck, SafetyAnswer
from unknot.people import access as rights
from unknot.people import audit
from unknot.people.models import Client, User
from unknot.web.errors import BadInput, Conflict, Missing

Said = SafetyAnswer.Said


class StillNew(Conflict):
    """Somebody said that something is new; only the full check-in answers that."""

    title = _("The full check-in answers this")
    sentence = _("Somebody said that something may be new, so the short question is not enough.")
    mend = _("Complete a new check-in. It takes a few minutes.")


@transaction.atomic(durable=True)
def answer_recheck(
    actor: User, client: Client, *, appointment_key: UUID, said: str, now: datetime
) -> Recheck:
    """Keep the answer before one session; the client's own, or asked aloud by who treats them."""
    if not (rights.is_own(actor, client) or rights.treats(actor, client)):
        raise Missing
    if said not in Said.values:
        raise BadInput(_("Choose one of the three answers."))
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    known = Recheck.objects.filter(appointment_key=appointment_key).first()
    if known is not None and known.client_id != client.pk:
        raise Missing
    if known is not None and known.said != Said.NO and not rechecks.is_outlived(known):
        if said == Said.NO:
            raise StillNew
        return known
    saved, _made = Recheck.objects.update_or_create(
        appointment_key=appointment_key, defaults=_kept(actor, client, said, now)
    )
    audit.record(actor, "recheck.recorded", saved, at=now, client=client)
    return saved


def keep_weekly(
    actor: User, client: Client, followup: FollowUp, *, said: str, now: datetime
) -> None:
    """Keep the answer of a weekly battery inside the caller's transaction.

    Empty leaves it out; a yes or not sure of the same day stays until a full check-in.
    """
    if said and said not in Said.values:
        raise BadInput(_("Choose one of the three answers."))
    known = Recheck.objects.filter(followup=followup).first()
    if known is not None and known.said != Said.NO and not rechecks.is_outlived(known):
        return
    if not said:
        Recheck.objects.filter(followup=followup).delete()
        return
    Recheck.objects.update_or_create(followup=followup, defaults=_kept(actor, client, said, now))


def _kept(actor: User, client: Client, said: str, now: datetime) -> dict[str, Any]:
    table = screening.load()
    return {
        "client": client,
        "said": said,
        "version": table.version,
        "language": table.header.language,
        "answered_at": now,
        "recorded_by": actor,
    }
