"""Who may see, hold, confirm and cancel a time.

Each function loads and authorises, or raises Missing.
"""

from collections.abc import Collection
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet

from unknot.journey.book.models import AddOn, Appointment, HoursOverride
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.understand import access as checkins
from unknot.journey.understand import reads as screening
from unknot.journey.understand.models import CheckIn
from unknot.people import access as people
from unknot.people.access import Actor
from unknot.people.models import Client, Practice, Role, User
from unknot.web.errors import Missing

#: What pages call an appointment, held or booked: they know no tables.
Held = Appointment
Calendar = Therapist


def offer(slug: str, service_id: int) -> tuple[Therapist, Service]:
    """Load a listed therapist and an active service of theirs; anybody may look."""
    service = (
        Service.objects.filter(pk=service_id, active=True, therapists__slug=slug)
        .select_related("practice")
        .first()
    )
    therapist = (
        Therapist.objects.filter(slug=slug, listed_since__isnull=False)
        .select_related("practice", "location")
        .first()
    )
    if service is None or therapist is None or service.practice_id != therapist.practice_id:
        raise Missing
    return therapist, service


def add_ons(service: Service, numbers: Collection[int]) -> tuple[AddOn, ...]:
    """Those of these add-ons that can be booked with a service, by name; the others are ignored."""
    found = AddOn.objects.filter(services=service, active=True, pk__in=numbers)
    return tuple(found.order_by("name")) if numbers else ()


def checkin_to_book_with(session: SessionBase, actor: Actor, practice: Practice) -> CheckIn | None:
    """The check-in that speaks for this person: the browser's own, else a client's latest.

    The browser's own comes first even when it is unfinished or stopped: an older one that went
    well must not be a way around it.
    """
    current = checkins.current(session)
    if current is not None and (current.client is None or people.is_own(actor, current.client)):
        return current
    client = client_in(actor, practice)
    return screening.latest_completed(client) if client is not None else None


def client_in(actor: Actor, practice: Practice) -> Client | None:
    """The client that `actor` is in `practice`, or None."""
    if not isinstance(actor, User):
        return None
    return Client.objects.filter(user=actor, practice=practice).first()


def held(session: SessionBase, actor: Actor, key: UUID) -> Appointment:
    """Load a hold, whatever became of it, for the person who asked for it."""
    appointment = _loaded().filter(key=key).first()
    if appointment is None:
        raise Missing
    checkin = appointment.checkin
    owner = appointment.client or (checkin.client if checkin else None)
    if owner is not None and people.is_own(actor, owner):
        return appointment
    if owner is None and checkin is not None:
        current = checkins.current(session)
        if current is not None and current.pk == checkin.pk:
            return appointment
    raise Missing


def appointment_of_client(actor: Actor, key: UUID) -> Appointment:
    """Load an appointment for the client whose it is."""
    appointment = _booked(key)
    if not people.is_own(actor, appointment.client):
        raise Missing
    return appointment


def appointment_of_therapist(actor: Actor, key: UUID) -> Appointment:
    """Load an appointment of one's own calendar with a client whom one treats."""
    appointment = _booked(key)
    if not _is_its_therapist(actor, appointment):
        raise Missing
    return appointment


def appointment_of_either(actor: Actor, key: UUID) -> Appointment:
    """Load an appointment for its client or its therapist; anybody else learns nothing."""
    appointment = _booked(key)
    if people.is_own(actor, appointment.client) or _is_its_therapist(actor, appointment):
        return appointment
    raise Missing


def appointment_to_arrange(actor: Actor, key: UUID) -> Appointment:
    """Load an appointment for its client, its therapist, or the front desk and manager there."""
    appointment = _booked(key)
    check_may_arrange(actor, appointment)
    return appointment


def check_may_arrange(actor: Actor, appointment: Appointment) -> None:
    """Refuse whoever has no say over the time of this appointment."""
    if people.is_own(actor, appointment.client) or _is_its_therapist(actor, appointment):
        return
    check_may_keep_the_list(actor, appointment)


def check_may_keep_the_list(actor: Actor, appointment: Appointment) -> None:
    """Refuse all but its therapist and the front desk and managers of the practice."""
    if _is_its_therapist(actor, appointment):
        return
    held_roles = people.roles(actor, appointment.therapist.practice)
    if not held_roles & {Role.FRONT_DESK, Role.MANAGER}:
        raise Missing


def calendar_to_keep(actor: User, practice: Practice, slug: str) -> Therapist:
    """Load a therapist's calendar for themselves or a manager of the practice."""
    therapist = (
        Therapist.objects.filter(practice=practice, slug=slug)
        .select_related("practice", "location", "user")
        .first()
    )
    if therapist is None:
        raise Missing
    check_may_keep_hours(actor, therapist)
    return therapist


def other_day(actor: User, pk: int) -> HoursOverride:
    """Load a day that differs, for its therapist or a manager of the practice."""
    found = HoursOverride.objects.filter(pk=pk)
    override = found.select_related("therapist__practice", "therapist__user").first()
    if override is None:
        raise Missing
    check_may_keep_hours(actor, override.therapist)
    return override


def check_may_keep_hours(actor: User, therapist: Therapist) -> None:
    """Refuse all but the therapist, while they are one here, and the managers."""
    own = therapist.user_id == actor.pk
    people.check_role(actor, therapist.practice, Role.MANAGER, *([Role.THERAPIST] if own else []))


def _is_its_therapist(actor: Actor, appointment: Appointment) -> bool:
    return (
        isinstance(actor, User)
        and appointment.therapist.user_id == actor.pk
        and appointment.client is not None
        and people.treats(actor, appointment.client)
    )


def _booked(key: UUID) -> Appointment:
    appointment = _loaded().filter(key=key, client__isnull=False, booked_at__isnull=False).first()
    if appointment is None:
        raise Missing
    return appointment


def _loaded() -> QuerySet[Appointment]:
    return Appointment.objects.select_related(
        "therapist__practice",
        "therapist__location",
        "therapist__user",
        "service",
        "client__practice",
        "client__user",
        "checkin__client",
    )
