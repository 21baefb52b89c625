"""What a practice requires of whoever treats there.

Units   none.
Errors  BadInput; Denied and Missing from access; none leaves a trace.
Source  domain/credentials/required.py: which days follow from it.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unknot.journey.choose.models import Credential, Therapist
from unknot.people import access, audit
from unknot.people.models import Practice, Role, User
from unknot.web.errors import BadInput


@transaction.atomic(durable=True)
def require_credentials(
    actor: User, practice: Practice, *, kinds: Collection[str], checked: bool, now: datetime
) -> None:
    """Choose the kinds without which nobody can be booked, and whether somebody must have looked.

    Bookings that are being made wait; what is booked already stays.
    """
    access.check_role(actor, practice, Role.MANAGER)
    if not set(kinds) <= set(Credential.Kind.values):
        raise BadInput(_("Choose kinds of credential from the list."))
    team = Therapist.objects.filter(practice=practice).order_by("pk")
    list(team.select_for_update(no_key=True, of=("self",)).values_list("pk"))
    locked = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    wanted = [kind for kind in Credential.Kind.values if kind in kinds]
    if (locked.required_credentials, locked.required_checked) == (wanted, checked):
        return
    locked.required_credentials, locked.required_checked = wanted, checked
    locked.save(update_fields=["required_credentials", "required_checked"])
    said = ", ".join(wanted) or "nothing"
    how = " checked" if checked else ""
    audit.record(actor, "credentials.required", locked, at=now, reason=said + how)
