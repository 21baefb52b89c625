"""Whose check-in: the browser's own, a client's, or a stop that staff may look at.

Loading and authorising are one step; what somebody may not see does not exist for them.
"""

from collections.abc import MutableMapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from unknot.journey.understand.models import CheckIn, CheckInState, SafetyStop
from unknot.people import access
from unknot.people.models import Role
from unknot.web.errors import Denied, Missing

#: Where the browser session keeps the key of its check-in.
SESSION_KEY = "checkin"


class NoCheckIn(Missing):
    """This browser has no check-in: it never had one, it expired, or it was deleted."""

    sentence = _("This browser has no check-in under way. It may have been deleted after 7 days.")
    mend = _("Start a check-in. It takes about three minutes.")


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
    if client is not None:
        own = _checkins().filter(client=client, state=CheckInState.COMPLETED)
        stopped = own.filter(stop__isnull=False, stop__ended_at__isnull=True).first()
        if stopped is not None:
            return stopped
        return current(session) or own.order_by("-completed_at", "-pk").first()
    return current(session)


def stop_to_call(actor: access.Actor, key: UUID) -> SafetyStop:
    """Load a stop by its check-in's key, for anybody who works in its practice."""
    stop = (
        SafetyStop.objects.select_related("practice", "checkin", "client", "call_back")
        .filter(checkin__key=key)
        .first()
    )
    if stop is None or not access.roles(actor, stop.practice):
        raise Missing
    return stop


def stop_to_clear(actor: access.Actor, key: UUID) -> SafetyStop:
    """Load a stop by its check-in's key, for the manager or the therapist who treats the client."""
    stop = stop_to_call(actor, key)
    check_may_clear(actor, stop)
    return stop


def may_clear(actor: access.Actor, stop: SafetyStop) -> bool:
    """Whether `actor` may record what a clinician said about this stop."""
    if stop.client is not None and access.treats(actor, stop.client):
        return True
    return Role.MANAGER in access.roles(actor, stop.practice)


def check_may_clear(actor: access.Actor, stop: SafetyStop) -> None:
    """Refuse who may not record a clearance: Missing for strangers, Denied for colleagues."""
    if may_clear(actor, stop):
        return
    if not access.roles(actor, stop.practice):
        raise Missing
    raise Denied(_("Only the therapist who treats this person, or a manager, records a clearance."))


def _checkins() -> QuerySet[CheckIn]:
    return CheckIn.objects.select_related("practice", "client", "screening", "stop")
