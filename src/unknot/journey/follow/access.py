"""Whose days may be seen: one's own, or those of somebody one treats and who shares them."""

from uuid import UUID

from unknot.people import access as people
from unknot.people.models import Client, Purpose
from unknot.web.errors import Denied


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
