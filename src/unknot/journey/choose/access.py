"""Who may: a listing is public, a credential is checked by the own team or the operator."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from unknot.journey.choose.models import Credential, Service, Therapist
from unknot.people import access
from unknot.people.models import Practice, Role, User
from unknot.web.errors import Denied, Missing


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
    """Let the operator check any credential, a manager the own team's, and nobody their own."""
    if credential.therapist.user_id == actor.pk:
        raise Denied(_("Somebody else has to check your own credential."))
    if actor.is_operator and actor.is_active:
        return
    access.check_role(actor, credential.therapist.practice, Role.MANAGER)


def today_of(credential: Credential, now: datetime) -> date:
    """The day it is for the practice of a credential."""
    return now.astimezone(credential.therapist.practice.tz).date()


def own_listing(actor: User, practice: Practice) -> Therapist | None:
    """Load one's own listing in a practice; None before it has been written."""
    return (
        Therapist.objects.filter(user=actor, practice=practice)
        .select_related("practice", "location", "user")
        .first()
    )


def service_to_change(actor: User, pk: int) -> Service:
    """Load a service for a manager of its practice."""
    service = Service.objects.filter(pk=pk).select_related("practice").first()
    if service is None:
        raise Missing
    access.check_role(actor, service.practice, Role.MANAGER)
    return service
