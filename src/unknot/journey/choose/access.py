"""Who may: a listing is public, a credential is checked by the own team or the operator."""

from datetime import date, datetime

from unknot.journey.choose.models import Credential, Therapist
from unknot.people import access
from unknot.people.models import Role, User
from unknot.web.errors import Missing


def listed_therapist(slug: str) -> Therapist:
    """Load a therapist who agreed to be shown; anybody else does not exist here."""
    therapist = (
        Therapist.objects.filter(slug=slug, listed_since__isnull=False)
        .select_related("practice", "location")
        .first()
    )
    if therapist is None:
        raise Missing
    return therapist


def check_may_verify(actor: User, credential: Credential) -> None:
    """Let the operator check any credential and a manager those of the own team."""
    if actor.is_operator and actor.is_active:
        return
    if credential.therapist is None:
        raise Missing
    access.check_role(actor, credential.therapist.practice, Role.MANAGER)


def today_of(credential: Credential, now: datetime) -> date:
    """The day it is for the practice of a credential; in UTC for one that belongs to nobody."""
    if credential.therapist is None:
        return now.date()
    return now.astimezone(credential.therapist.practice.tz).date()
