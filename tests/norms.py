"""Other clients with a later pain score, so that there is something to compare with."""

from collections.abc import Sequence
from datetime import timedelta

from tests.cast import LONG_AGO, NOW
from unknot.journey.understand.models import CheckIn, CheckInState, FollowUp, InstrumentScore
from unknot.people.models import Client, Consent, Practice, Purpose


def others(practice: Practice, scores: Sequence[float], *, weeks: int = 8, **fields: str) -> None:
    """One client for each score, given `weeks` after their check-in."""
    begun, answered = NOW - timedelta(weeks=weeks), NOW - timedelta(days=1)
    for number, score in enumerate(scores):
        client = Client.objects.create(
            practice=practice, name=f"Other {number}", created_at=LONG_AGO, **fields
        )
        Consent.objects.create(client=client, purpose=Purpose.CARE, version=1, given_at=begun)
        CheckIn.objects.create(
            practice=practice,
            client=client,
            state=CheckInState.COMPLETED,
            consent_version=1,
            consented_at=begun,
            is_adult=True,
            started_at=begun,
            changed_at=begun,
            completed_at=begun,
        )
        sitting = FollowUp.objects.create(
            client=client, battery="weekly", day=answered.date(), answered_at=answered
        )
        InstrumentScore.objects.create(followup=sitting, instrument="peg", version=1, value=score)
