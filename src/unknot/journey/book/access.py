"""Who may see, hold, confirm and cancel a time.

Each function loads and authorises, or raises Missing.
"""

from collections.abc import Collection
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.db.models import QuerySet

from unknot.journey.book.models import (
    AddOn,
    Appointment,
    BlockedPerson,
    BusySource,
    HoursOverride,
    Need,
    Resource,
    Series,
    TimeOff,
    WaitingEntry,
)
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
Source = BusySource
Offered = tuple[Therapist, Service]
#: What pages call a series and a place in the line.
Repeated = Series
Place = WaitingEntry
#: Whose time off is kept: a therapist in one practice, or a room or tool.
Keeps = Therapist | Resource
Thing = Resource
Adding = AddOn
Needing = Service | AddOn

#: Signs the address under which a client answers the safety questions, and nothing else.
_QUESTIONS = signing.Signer(salt="unknot.book.questions", sep="~")


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


def may_report(actor: Actor, appointment: Appointment) -> bool:
    """Whether somebody may write down what went wrong: its therapist, and the managers there."""
    if _is_its_therapist(actor, appointment):
        return True
    return Role.MANAGER in people.roles(actor, appointment.therapist.practice)


def client_at_desk(actor: User, practice: Practice, key: UUID) -> Client:
    """Load a client of the practice for its desk and managers, or for the one who treats them."""
    client = Client.objects.select_related("practice", "user").filter(key=key).first()
    if client is None or client.practice_id != practice.pk:
        raise Missing
    check_may_book_for(actor, client)
    return client


def check_may_book_for(actor: User, client: Client) -> None:
    """Refuse all but the desk and managers of the client's practice and who treats them."""
    if not at_desk(actor, client.practice) and not people.treats(actor, client):
        raise Missing


def offer_at_desk(actor: User, practice: Practice, slug: str, service_id: int) -> Offered:
    """Load what staff may book: the desk and managers for everybody, therapists for themselves."""
    therapist, service = offer(slug, service_id)
    if therapist.practice_id != practice.pk:
        raise Missing
    check_may_book_with(actor, therapist)
    return therapist, service


def check_may_book_with(actor: User, therapist: Therapist) -> None:
    """Refuse all but the desk and managers of the practice, and the therapist while one there."""
    held_roles = people.roles(actor, therapist.practice)
    own = therapist.user_id == actor.pk and Role.THERAPIST in held_roles
    if not own and not held_roles & {Role.FRONT_DESK, Role.MANAGER}:
        raise Missing


def check_may_book_series(actor: User, client: Client, therapist: Therapist) -> None:
    """Refuse all but the client themselves and staff who may book them with this therapist."""
    if client.practice_id != therapist.practice_id:
        raise Missing
    if not people.is_own(actor, client):
        check_may_book_for(actor, client)
        check_may_book_with(actor, therapist)


def series_to_arrange(actor: User, key: UUID) -> Series:
    """Load a series for its client, and for staff who may book that client with its therapist."""
    found = (
        Series.objects.filter(key=key)
        .select_related("client__practice", "client__user", "service")
        .select_related("therapist__practice", "therapist__location", "therapist__user")
        .first()
    )
    if found is None:
        raise Missing
    check_may_book_series(actor, found.client, found.therapist)
    return found


def own_place_in_line(actor: Actor, key: UUID) -> WaitingEntry:
    """Load an entry of the waiting list for the client whose it is."""
    entry = WaitingEntry.objects.select_related("client__practice", "offer__therapist__practice")
    found = entry.filter(key=key).first()
    if found is None or not people.is_own(actor, found.client):
        raise Missing
    return found


def at_desk(actor: Actor, practice: Practice) -> bool:
    """Whether somebody keeps the whole practice's list: its front desk and managers."""
    return bool(people.roles(actor, practice) & {Role.FRONT_DESK, Role.MANAGER})


def appointment_at_desk(actor: Actor, key: UUID) -> Appointment:
    """Load an appointment for its therapist and the front desk and managers of the practice."""
    appointment = _booked(key)
    check_may_keep_the_list(actor, appointment)
    return appointment


def questions_token(key: UUID) -> str:
    """What an address needs to answer the safety questions of one appointment without account."""
    return _QUESTIONS.sign(str(key))


def appointment_to_answer(token: str) -> Appointment:
    """Load the appointment of such an address; whoever was given it may answer."""
    try:
        return _booked(UUID(_QUESTIONS.unsign(token)))
    except (signing.BadSignature, ValueError) as problem:
        raise Missing from problem


def blocked_person(actor: User, pk: int) -> BlockedPerson:
    """Load an entry of the block list for a manager of the practice."""
    found = BlockedPerson.objects.select_related("practice", "client").filter(pk=pk).first()
    if found is None:
        raise Missing
    people.check_role(actor, found.practice, Role.MANAGER)
    return found


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


def own_listing(actor: User, slug: str) -> Therapist:
    """Load one's own listing in a practice where one works."""
    therapist = (
        Therapist.objects.filter(user=actor, slug=slug)
        .select_related("practice", "location", "user")
        .first()
    )
    if therapist is None:
        raise Missing
    check_may_keep_hours(actor, therapist)
    return therapist


def calendar_to_see(actor: User, practice: Practice, slug: str) -> Therapist:
    """Load a therapist whose week is shown: to themselves, and to the desk and the managers."""
    found = Therapist.objects.filter(practice=practice, slug=slug)
    therapist = found.select_related("practice", "user").first()
    if therapist is None:
        raise Missing
    own = therapist.user_id == actor.pk
    allowed = [Role.FRONT_DESK, Role.MANAGER, *([Role.THERAPIST] if own else [])]
    people.check_role(actor, practice, *allowed)
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


def thing(actor: User, pk: int) -> Resource:
    """Load a room or tool for a manager of its practice."""
    found = Resource.objects.select_related("practice", "location").filter(pk=pk).first()
    if found is None or found.practice is None:
        raise Missing
    people.check_role(actor, found.practice, Role.MANAGER)
    return found


def time_off(actor: User, practice: Practice, pk: int) -> tuple[Keeps, TimeOff]:
    """Load a time off and whose it is, for the therapist or a manager of the practice."""
    found = TimeOff.objects.select_related("resource__practice").filter(pk=pk).first()
    if found is None:
        raise Missing
    subject: Keeps | None = found.resource
    if found.resource.user_id is not None:
        listings = Therapist.objects.filter(practice=practice, user=found.resource.user_id)
        subject = listings.select_related("practice", "user").first()
    if subject is None:
        raise Missing
    check_may_keep_time_off(actor, subject)
    return subject, found


def check_may_keep_time_off(actor: User, subject: Keeps) -> None:
    """Refuse all but the therapist and the managers; of a room or tool, all but the managers."""
    if isinstance(subject, Therapist):
        check_may_keep_hours(actor, subject)
    else:
        people.check_role(actor, practice_of(subject), Role.MANAGER)


def practice_of(subject: Keeps) -> Practice:
    """The practice in whose days a time off is written; Missing for a person without a listing."""
    if subject.practice is None:
        raise Missing
    return subject.practice


def add_on_to_change(actor: User, pk: int) -> AddOn:
    """Load an add-on for a manager of its practice."""
    found = AddOn.objects.select_related("practice").filter(pk=pk).first()
    if found is None:
        raise Missing
    people.check_role(actor, found.practice, Role.MANAGER)
    return found


def need_to_change(actor: User, pk: int) -> tuple[Needing, Need]:
    """Load a need and the service or add-on it belongs to, for a manager of the practice."""
    found = Need.objects.filter(pk=pk)
    need = found.select_related("service__practice", "add_on__practice").first()
    if need is None:
        raise Missing
    owner = need.service or need.add_on
    if owner is None:
        raise Missing
    people.check_role(actor, owner.practice, Role.MANAGER)
    return owner, need


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
