"""Who may: roles, own data, care relations. Loading and authorising are one step."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from unknot.people.models import (
    CareRelation,
    Client,
    Consent,
    Membership,
    Practice,
    Purpose,
    Role,
    User,
)
from unknot.web.errors import Denied, Missing

Actor = User | AnonymousUser


def roles(actor: Actor, practice: Practice) -> frozenset[Role]:
    """The roles `actor` holds in `practice` today; none for a stranger."""
    if not isinstance(actor, User):
        return frozenset()
    held = Membership.objects.filter(user=actor, practice=practice, until__isnull=True)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def practices_of(actor: Actor) -> QuerySet[Practice]:
    """The practices where `actor` works now, oldest first."""
    if not isinstance(actor, User):
        return Practice.objects.none()
    return (
        Practice.objects.filter(membership__user=actor, membership__until__isnull=True)
        .distinct()
        .order_by("pk")
    )


def own_client(actor: Actor) -> Client | None:
    """The client that `actor` is; the newest one when they are known to several practices."""
    if not isinstance(actor, User):
        return None
    return (
        Client.objects.filter(user=actor).select_related("practice", "user").order_by("-pk").first()
    )


def treats(actor: Actor, client: Client) -> bool:
    """Whether `actor` is a therapist of the client's practice who treats this client."""
    return (
        isinstance(actor, User)
        and Role.THERAPIST in roles(actor, client.practice)
        and CareRelation.objects.filter(
            client=client, therapist_user=actor, until__isnull=True
        ).exists()
    )


def client_in_care(actor: Actor, key: UUID) -> Client:
    """Load a client for the therapist who treats them; anybody else learns nothing."""
    client = Client.objects.select_related("practice").filter(key=key).first()
    if client is None or not treats(actor, client):
        raise Missing
    return client


def is_own(actor: Actor, client: Client | None) -> bool:
    """Whether `actor` is this client."""
    return isinstance(actor, User) and client is not None and client.user_id == actor.pk


def agreed(client: Client) -> frozenset[str]:
    """The purposes that hold for `client` now: none while `care` does not; 1 query."""
    given = Consent.objects.filter(client=client, withdrawn_at__isnull=True)
    found = frozenset(given.values_list("purpose", flat=True))
    return found if Purpose.CARE in found else frozenset()


def shared_by(client: Client) -> frozenset[str]:
    """The answer groups that `client` lets the therapist see; 1 query."""
    return agreed(client) - {Purpose.CARE}


def has_decided_on_sharing(client: Client) -> bool:
    """Whether `client` has ever agreed to share an answer group, standing or taken back."""
    return Consent.objects.filter(client=client).exclude(purpose=Purpose.CARE).exists()


def consents_to(client: Client, purpose: str) -> bool:
    """Whether `client` agrees to `purpose` now, and to `care`, on which all sharing rests."""
    return purpose in agreed(client)


def who_consent_to(purpose: str) -> QuerySet[Consent, int]:
    """The primary keys of all clients who agree to `purpose` and to `care`, for use in a query."""
    given = Consent.objects.filter(withdrawn_at__isnull=True)
    cared = given.filter(purpose=Purpose.CARE).values("client_id")
    return given.filter(purpose=purpose, client__in=cared).values_list("client_id", flat=True)


def check_role(actor: Actor, practice: Practice, *allowed: Role) -> None:
    """Refuse an actor who holds none of `allowed`: Missing for strangers, Denied for colleagues."""
    held = roles(actor, practice)
    if not held:
        raise Missing
    if not held & frozenset(allowed):
        raise Denied("Your role in this practice does not include this.")


def lock(client: Client | None) -> None:
    """Make whoever else changes what this client may do wait; nobody's is nothing to wait for."""
    if client is not None:
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)


def start_care(client: Client, therapist_user: User, *, now: datetime) -> None:
    """Open the care relation that lets a therapist read this client's answers."""
    relation, made = CareRelation.objects.get_or_create(
        client=client, therapist_user=therapist_user, defaults={"since": now}
    )
    if not made and relation.until is not None:
        relation.until = None
        relation.save(update_fields=["until"])


def newest_therapist(client: Client) -> User | None:
    """Who began last to treat this client, of those who still work as a therapist; 1 query."""
    relations = CareRelation.objects.filter(
        client=client,
        until__isnull=True,
        therapist_user__is_active=True,
        therapist_user__membership__practice=client.practice_id,
        therapist_user__membership__role=Role.THERAPIST,
        therapist_user__membership__until__isnull=True,
    )
    newest = relations.select_related("therapist_user").order_by("-since", "-pk").first()
    return newest.therapist_user if newest is not None else None


def treated_by(actor: User, clients: Iterable[Client]) -> frozenset[int]:
    """Which of `clients`, all of one practice, `actor` treats there as a therapist; 1 query."""
    relations = CareRelation.objects.filter(
        client__in=list(clients),
        therapist_user=actor,
        until__isnull=True,
        client__practice__membership__user=actor,
        client__practice__membership__role=Role.THERAPIST,
        client__practice__membership__until__isnull=True,
    )
    return frozenset(relations.values_list("client_id", flat=True))


def clients_in_care(actor: User, practice: Practice) -> tuple[Client, ...]:
    """The clients of `practice` whom `actor` treats there, by name; 1 query."""
    found = Client.objects.filter(
        practice=practice,
        carerelation__therapist_user=actor,
        carerelation__until__isnull=True,
        practice__membership__user=actor,
        practice__membership__role=Role.THERAPIST,
        practice__membership__until__isnull=True,
    )
    return tuple(found.order_by("name", "pk"))
