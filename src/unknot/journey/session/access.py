"""Who may see incidents, answer a correction, and read what is shared.

Each function loads and authorises, or raises Missing.
"""

from uuid import UUID

from django.db.models import Q, QuerySet

from unknot.journey.book import access as book
from unknot.journey.book.models import Appointment
from unknot.journey.session.models import AdverseEvent, CorrectionRequest
from unknot.people import access as people
from unknot.people.models import Client, Practice, Role, User
from unknot.web.errors import Missing

#: What pages call an incident: they know no tables.
Incident = AdverseEvent
Correction = CorrectionRequest


def incident(actor: User, key: UUID) -> AdverseEvent:
    """Load an incident for the managers of its practice and for who treats its client there."""
    found = (
        AdverseEvent.objects.filter(key=key)
        .select_related("practice", "client__practice", "client__user", "reporter")
        .select_related("appointment__therapist__practice", "appointment__service")
        .first()
    )
    if found is None or not _may_see(actor, found.client):
        raise Missing
    return found


def incidents_of(actor: User, practice: Practice) -> QuerySet[AdverseEvent]:
    """Those incidents of a practice that `actor` may see: a manager all, a therapist their own."""
    found = AdverseEvent.objects.filter(practice=practice)
    held = people.roles(actor, practice)
    if Role.MANAGER in held:
        return found
    if Role.THERAPIST in held:
        return found.filter(client__in=people.clients_in_care(actor, practice))
    return found.none()


def appointment_to_report(actor: User, key: UUID) -> Appointment:
    """Load an appointment with a client for its therapist and the managers of the practice."""
    appointment = book.appointment_at_desk(actor, key)
    if not book.may_report(actor, appointment):
        raise Missing
    return appointment


def who_may_follow_up(client: Client) -> QuerySet[User]:
    """The managers of the client's practice and the therapists there who treat this client."""
    manages = Q(membership__role=Role.MANAGER)
    treats = Q(
        membership__role=Role.THERAPIST,
        carerelation__client=client,
        carerelation__until__isnull=True,
    )
    works = Q(membership__practice=client.practice, membership__until__isnull=True)
    return User.objects.filter(works & (manages | treats)).distinct().order_by("name", "pk")


def correction(actor: User, key: UUID) -> CorrectionRequest:
    """Load a request for who signed the record, while they treat the client, and the managers."""
    found = (
        CorrectionRequest.objects.filter(key=key)
        .select_related("author", "note__author", "answer__author")
        .select_related("note__appointment__service", "note__appointment__client__practice")
        .select_related("note__appointment__therapist__practice")
        .select_related("note__appointment__therapist__location", "note__appointment__client__user")
        .first()
    )
    client = found.note.appointment.client if found else None
    if found is None or client is None:
        raise Missing
    manages = Role.MANAGER in people.roles(actor, client.practice)
    signed = found.note.author_id == actor.pk and people.treats(actor, client)
    if not manages and not signed:
        raise Missing
    return found


def corrections_of(actor: User, practice: Practice) -> QuerySet[CorrectionRequest]:
    """Those requests of a practice that `actor` may answer: a manager all, a therapist theirs."""
    found = CorrectionRequest.objects.filter(note__appointment__client__practice=practice)
    held = people.roles(actor, practice)
    if Role.MANAGER in held:
        return found
    if Role.THERAPIST in held:
        cared = people.clients_in_care(actor, practice)
        return found.filter(note__author=actor, note__appointment__client__in=cared)
    return found.none()


def _may_see(actor: User, client: Client) -> bool:
    is_manager = Role.MANAGER in people.roles(actor, client.practice)
    return is_manager or people.treats(actor, client)
