"""Whose days may be seen: one's own, or those of somebody one treats and who shares them."""

from uuid import UUID

from unknot.domain.outcomes.findings import OF_THE_BODY
from unknot.journey.choose.models import Therapist
from unknot.journey.follow.models import Trial
from unknot.people import access as people
from unknot.people.models import Client, Purpose, User
from unknot.web.errors import Denied, Missing


def client_who_shares(actor: people.Actor, key: UUID) -> Client:
    """Load a client for their therapist; Denied while the client shares no body answers.

    Pain, day by day, and the pain questionnaires belong to the body answers; who took back that
    their answers are used shares nothing.
    """
    client = people.client_in_care(actor, key)
    if not people.consents_to(client, Purpose.SHARE_BODY):
        raise Denied("This client does not share body answers.")
    return client


def shares_mind(client: Client) -> bool:
    """Whether the client lets their therapist see mind scores."""
    return people.consents_to(client, Purpose.SHARE_MIND)


def check_part_of_trial(actor: people.Actor, client: Client, therapist: Therapist) -> bool:
    """Whether it is the client who acts; Missing unless it is them or this therapist of theirs."""
    if people.is_own(actor, client) and therapist.practice_id == client.practice_id:
        return True
    if isinstance(actor, User) and therapist.user_id == actor.pk and people.treats(actor, client):
        return False
    raise Missing


def trial_of_either(actor: people.Actor, key: UUID) -> Trial:
    """Load a comparison for its client or its therapist; anybody else learns nothing."""
    found = (
        Trial.objects.select_related(
            "client__practice", "client__user", "therapist__practice", "service_a", "service_b"
        )
        .filter(key=key)
        .first()
    )
    if found is None:
        raise Missing
    check_part_of_trial(actor, found.client, found.therapist)
    return found


def therapist_of_trial(client: Client, slug: str) -> Therapist:
    """Load a therapist who treats this client, to compare techniques with."""
    found = Therapist.objects.filter(
        slug=slug, practice=client.practice_id, listed_since__isnull=False
    ).select_related("practice", "user")
    therapist = found.first()
    if therapist is None or not people.treats(therapist.user, client):
        raise Missing
    return therapist


def own_listing(actor: User, client: Client) -> Therapist:
    """The listed therapist that `actor` is where this client is treated."""
    found = Therapist.objects.filter(
        user=actor, practice=client.practice_id, listed_since__isnull=False
    )
    therapist = found.select_related("practice").first()
    if therapist is None:
        raise Missing
    return therapist


def shares_outcome(client: Client, outcome: str) -> bool:
    """Whether the client lets their therapist see answers of this outcome."""
    body = outcome in OF_THE_BODY
    return people.consents_to(client, Purpose.SHARE_BODY if body else Purpose.SHARE_MIND)
