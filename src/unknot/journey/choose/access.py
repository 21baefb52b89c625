"""Who may: a listing is public, a credential is checked by the own team or the operator.

A published review is public too; its therapist answers it, the operator alone decides about it.
"""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from unknot.journey.choose.models import (
    Credential,
    CredentialDocument,
    Review,
    Service,
    Therapist,
)
from unknot.people import access
from unknot.people.models import Location, Practice, Role, User
from unknot.web.errors import Denied, Missing

#: What pages call a service: they know no tables.
Offering = Service


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


def own_credential(actor: User, practice: Practice, key: UUID) -> Credential:
    """Load one's own credential in a practice; anybody else's does not exist here."""
    found = (
        Credential.objects.filter(key=key, therapist__user=actor, therapist__practice=practice)
        .select_related("therapist__practice", "checked_by")
        .first()
    )
    if found is None:
        raise Missing
    return found


def credential_to_check(actor: User, key: UUID) -> Credential:
    """Load a credential for a manager of its practice or the operator, even an own one to read."""
    found = (
        Credential.objects.filter(key=key)
        .select_related("therapist__practice", "checked_by")
        .first()
    )
    if found is None or not _oversees(actor, found):
        raise Missing
    return found


def own_document(actor: User, practice: Practice, key: UUID) -> CredentialDocument:
    """Load a document of one's own credential in a practice, without its content."""
    found = (
        CredentialDocument.objects.filter(
            key=key, credential__therapist__user=actor, credential__therapist__practice=practice
        )
        .select_related("credential__therapist__practice")
        .defer("content")
        .first()
    )
    if found is None:
        raise Missing
    return found


def document_to_open(actor: User, key: UUID) -> CredentialDocument:
    """Load a document for its therapist, a manager of the practice or the operator."""
    found = (
        CredentialDocument.objects.filter(key=key)
        .select_related("credential__therapist__practice")
        .first()
    )
    if found is None:
        raise Missing
    is_own = actor.is_active and found.credential.therapist.user_id == actor.pk
    if not (is_own or _oversees(actor, found.credential)):
        raise Missing
    return found


def _oversees(actor: User, credential: Credential) -> bool:
    if actor.is_operator and actor.is_active:
        return True
    return Role.MANAGER in access.roles(actor, credential.therapist.practice)


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


def place_to_change(actor: User, pk: int) -> Location:
    """Load a place for a manager of its practice."""
    place = Location.objects.filter(pk=pk).select_related("practice").first()
    if place is None:
        raise Missing
    access.check_role(actor, place.practice, Role.MANAGER)
    return place


def service_to_change(actor: User, pk: int) -> Service:
    """Load a service for a manager of its practice."""
    service = Service.objects.filter(pk=pk).select_related("practice").first()
    if service is None:
        raise Missing
    access.check_role(actor, service.practice, Role.MANAGER)
    return service


def check_operator(actor: access.Actor) -> None:
    """Let the operator in; for anybody else the page does not exist."""
    if not (isinstance(actor, User) and actor.is_operator and actor.is_active):
        raise Missing


def shown_review(key: UUID) -> Review:
    """Load a review that everybody can read; a waiting or hidden one does not exist here."""
    review = _review(key)
    if review.hidden_at is not None:
        raise Missing
    return review


def review_of_own(actor: User, key: UUID) -> Review:
    """Load a review that everybody can read, for the therapist it is about."""
    review = shown_review(key)
    if review.therapist.user_id != actor.pk:
        raise Missing
    return review


def review_to_moderate(actor: User, key: UUID) -> Review:
    """Load a published review for the operator, hidden or not; nobody decides about their own."""
    check_operator(actor)
    review = _review(key)
    if review.therapist.user_id == actor.pk:
        raise Denied(_("Somebody else has to decide about a review of you."))
    return review


def _review(key: UUID) -> Review:
    review = (
        Review.objects.filter(key=key, published_at__isnull=False)
        .select_related("therapist__practice", "therapist__user", "client__user")
        .first()
    )
    if review is None:
        raise Missing
    return review
