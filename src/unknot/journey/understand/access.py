"""Whose check-in: the browser's own, a client's, or a stop that staff may look at.

Loading and authorising are one step; what somebody may not see does not exist for them.
"""

from collections.abc import MutableMapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from unknot.journey.understand.models import CheckIn, CheckInState
from unknot.people import access
from unknot.people.models import Client, Practice, Role, User
from unknot.web.errors import Denied, Missing

#: Where the browser session keeps the key of its check-in.
SESSION_KEY = "checkin"


class NoCheckIn(Missing):
    """This browser has no check-in: it never had one, it expired, or it was deleted."""

    sentence = _("This browser has no check-in under way. It may have been deleted after 7 days.")
    mend = _("Start a check-in. It takes a few minutes.")


def current(session: MutableMapping[str, Any]) -> CheckIn | None:
    """Load the check-in of this browser, draft or completed; None when there is none."""
    try:
        key = UUID(str(session[SESSION_KEY]))
    except (KeyError, ValueError):
        return None
    return _checkins().filter(key=key).first()


def require_current(session: MutableMapping[str, Any]) -> CheckIn:
    """Load the check-in of this browser; raises NoCheckIn."""
    checkin = current(session)
    if checkin is None:
        raise NoCheckIn
    return checkin


def shown_to(actor: access.Actor, session: MutableMapping[str, Any]) -> CheckIn | None:
    """Load the check-in whose result is shown: the browser's, else the newest of one's own.

    A stop of the signed-in client comes first, so that no other browser hides it.
    """
    client = access.own_client(actor)
    if client is None:
        return current(session)
    own = _checkins().filter(client=client)
    stopped = own.filter(stop__isnull=False, stop__ended_at__isnull=True).first()
    if stopped is not None:
        return stopped
    cleared = own.filter(state=CheckInState.DRAFT, stop__isnull=False).order_by("-changed_at")
    completed = own.filter(state=CheckInState.COMPLETED).order_by("-completed_at", "-pk")
    return current(session) or cleared.first() or completed.first()


def checkin_to_call(actor: access.Actor, key: UUID) -> CheckIn:
    """Load a check-in that asks for a call, for anybody who works in its practice.

    One that asks for none is loaded only for who may record a clinician's word about it.
    """
    checkin = _checkins().select_related("call_back").filter(key=key).first()
    if checkin is None or not access.roles(actor, checkin.practice):
        raise Missing
    if not hasattr(checkin, "call_back") and not may_clear(actor, checkin):
        raise Missing
    return checkin


def client_at(practice: Practice, actor: access.Actor | None) -> Client | None:
    """The client whom `actor` is at this practice, or None."""
    if not isinstance(actor, User):
        return None
    return Client.objects.filter(practice=practice, user=actor).select_related("practice").first()


def may_clear(actor: access.Actor, checkin: CheckIn) -> bool:
    """Whether `actor` may record what a clinician said: the manager, or who treats the client."""
    if checkin.client is not None and access.treats(actor, checkin.client):
        return True
    return Role.MANAGER in access.roles(actor, checkin.practice)


def check_may_clear(actor: access.Actor, checkin: CheckIn) -> None:
    """Refuse who may not record a clearance: Missing for strangers, Denied for colleagues."""
    if may_clear(actor, checkin):
        return
    if not access.roles(actor, checkin.practice):
        raise Missing
    raise Denied(_("Only the therapist who treats this person, or a manager, records a clearance."))


def _checkins() -> QuerySet[CheckIn]:
    return CheckIn.objects.select_related("practice", "client", "screening", "stop")
