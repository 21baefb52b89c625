"""Plain builders of what a listing shows: credentials, reviews and signed sessions."""

import uuid
from datetime import date, timedelta
from hashlib import sha256

from tests.cast import LONG_AGO, NOW, TODAY
from unknot.domain.reviews import Scores
from unknot.journey.choose.actions import experience, reviews
from unknot.journey.choose.models import Credential, CredentialDocument, Review, Therapist
from unknot.people.models import Client


def a_credential(therapist: Therapist, **fields: object) -> Credential:
    """A licence that the register showed as active today."""
    values = {
        "holder": therapist.name,
        "kind": "licence",
        "title": "Massage licence",
        "number": "M-1",
        "jurisdiction": "Berlin",
        "status": "active",
        "method": "register",
        "matched": ["number", "name"],
        "checked_on": TODAY,
        "checked_by": therapist.user,
        **fields,
    }
    return Credential.objects.create(therapist=therapist, **values)


def a_document(therapist: Therapist, content: bytes = b"%PDF-1.7 kept") -> CredentialDocument:
    """A document of a training that rests on the therapist's own word."""
    told = {"method": "self", "status": "unknown", "checked_on": None, "checked_by": None}
    return CredentialDocument.objects.create(
        credential=a_credential(therapist, kind="training", number="", **told),
        kind="pdf",
        content=content,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        uploaded_by=therapist.user,
        uploaded_at=NOW,
    )


def a_review(
    therapist: Therapist, client: Client, overall: int = 5, *, text: str = "", on: date = TODAY
) -> Review:
    """A published review of a session of its own; it was written ten days ago."""
    written = reviews.keep_review(
        therapist,
        client,
        appointment_key=uuid.uuid4(),
        technique="swedish",
        scores=Scores(listening=5, pressure_respected=5, boundaries_respected=5, overall=overall),
        text=text,
        attended_on=on,
        now=NOW - timedelta(days=10),
    )
    assert reviews.publish_reviews(NOW) == 1
    written.refresh_from_db()
    return written


def signed_sessions(therapist: Therapist, number: int, *techniques: str) -> None:
    """So many signed sessions, each with all of `techniques`."""
    for _session in range(number):
        experience.count_session(therapist, techniques, uuid.uuid4(), LONG_AGO.date())
