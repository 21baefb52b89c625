"""Deeds about who can be chosen: a review, a counted session, a checked credential, a roster.

`add_review` and `count_session` run inside the transaction of the step that calls them, so that
the review or the count exists exactly when the deed behind it does.

Units   scores 1 to 5; dates are calendar days in the practice's zone; aware datetimes.
Errors  ReviewTwice, ImportedMeanwhile, BadInput; Missing and Denied from access; none leaves a
        trace.
Source  credentials.py (the badge rule), reviews.py; a roster never verifies (NPPES is
        self-declared and has no expiry date).
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from unknot.journey.choose import access
from unknot.journey.choose.credentials import RosterCredential
from unknot.journey.choose.models import Credential, Experience, Review, Therapist
from unknot.journey.choose.reviews import Scores
from unknot.people import audit
from unknot.people.models import Client, User
from unknot.web.errors import BadInput, Conflict

LONGEST_REVIEW = 1500
BATCH = 500


class ReviewTwice(Conflict):
    """This session has its review already."""

    sentence = _("You have already reviewed this session.")
    mend = _("Your review is kept as you wrote it.")


class ImportedMeanwhile(Conflict):
    """Two imports of the same roster ran at once."""

    sentence = _("Another import of this roster is running: nothing was kept of this one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many credentials of a roster are new, updated, or left because somebody checked them."""

    made: int = 0
    updated: int = 0
    left: int = 0

    def plus(self, other: "Imported") -> "Imported":
        """Add the counts of the next batch."""
        return Imported(
            made=self.made + other.made,
            updated=self.updated + other.updated,
            left=self.left + other.left,
        )


@transaction.atomic
def add_review(
    therapist: Therapist,
    client: Client,
    *,
    appointment_key: uuid.UUID,
    technique: str,
    scores: Scores,
    text: str = "",
    attended_on: date,
    now: datetime,
) -> Review:
    """Keep one client's review of one attended session; the caller proves the attendance."""
    if len(text) > LONGEST_REVIEW:
        raise BadInput(_("A review has at most 1500 characters: shorten it, and send it again."))
    try:
        with transaction.atomic():
            review = Review.objects.create(
                therapist=therapist,
                client=client,
                appointment_key=appointment_key,
                technique=technique,
                listening=scores.listening,
                pressure_respected=scores.pressure_respected,
                boundaries_respected=scores.boundaries_respected,
                overall=scores.overall,
                text=text.strip(),
                attended_on=attended_on,
                written_at=now,
            )
    except IntegrityError as error:
        if "appointment_key" in str(error):
            raise ReviewTwice from error
        raise
    audit.record(client.user, "review.written", review, at=now, client=client)
    return review


@transaction.atomic
def count_session(
    therapist: Therapist, techniques: Iterable[str], appointment_key: uuid.UUID, on: date
) -> None:
    """Count one signed session towards each of its techniques; counting it again adds nothing."""
    Experience.objects.bulk_create(
        [
            Experience(
                therapist=therapist,
                technique=technique,
                appointment_key=appointment_key,
                signed_on=on,
            )
            for technique in sorted(set(techniques))
        ],
        ignore_conflicts=True,
    )


@transaction.atomic(durable=True)
def record_verification(
    actor: User,
    credential: Credential,
    *,
    status: str,
    checked_on: date,
    method: str,
    now: datetime,
    expires_on: date | None = None,
) -> Credential:
    """Record what a manager or the operator found about a credential, how and on which day.

    An `expires_on` of None leaves the day that is known already.
    """
    access.check_may_verify(actor, credential)
    if status not in Credential.Status.values:
        raise BadInput(_("Choose one of the listed states of a credential."))
    if method not in Credential.Method.values:
        raise BadInput(_("Say how it was checked: choose one of the listed ways."))
    if checked_on > access.today_of(credential, now):
        raise BadInput(_("A check cannot lie in the future: choose today or an earlier day."))
    locked = Credential.objects.select_for_update(no_key=True, of=("self",)).get(pk=credential.pk)
    locked.status = status
    locked.method = method
    locked.checked_on = checked_on
    locked.checked_by = actor
    locked.expires_on = expires_on or locked.expires_on
    locked.save(update_fields=["status", "method", "checked_on", "checked_by", "expires_on"])
    audit.record(actor, "credential.checked", locked, at=now, reason=f"{method}: {status}")
    return locked


@transaction.atomic(durable=True)
def import_credentials(
    rows: Iterable[RosterCredential], *, actor: User | None, source: str, now: datetime
) -> Imported:
    """Keep every row of a roster as an unverified credential; a known key is updated.

    Whatever `rows` raises undoes the whole import, and so does a second import at the same time.
    A credential that somebody has checked since is left as it is: a roster never says more than
    a register. `source` names the roster.
    """
    remaining = iter(rows)
    total = Imported()
    try:
        while batch := {row.source_key: row for row in islice(remaining, BATCH)}:
            total = total.plus(_keep(batch, source))
    except IntegrityError as error:
        if "credential_once_per_source_row" in str(error):
            raise ImportedMeanwhile from error
        raise
    if latest := Credential.objects.filter(source=source).order_by("-pk").first():
        said = f"{total.made} new, {total.updated} updated, {total.left} left"
        audit.record(actor, "credentials.imported", latest, at=now, reason=said)
    return total


def _keep(batch: dict[str, RosterCredential], source: str) -> Imported:
    known = {
        credential.source_key: credential
        for credential in Credential.objects.select_for_update(no_key=True)
        .filter(source=source, source_key__in=batch)
        .order_by("pk")
    }
    checked = [one for one in known.values() if one.method != Credential.Method.ROSTER]
    own = [one for one in known.values() if one.method == Credential.Method.ROSTER]
    for credential in own:
        _say(credential, batch[credential.source_key])
    Credential.objects.bulk_update(own, SAID)
    new = [_say(_unverified(source, key), row) for key, row in batch.items() if key not in known]
    Credential.objects.bulk_create(new)
    return Imported(made=len(new), updated=len(own), left=len(checked))


#: The fields of a credential that a roster fills.
SAID = ["holder", "title", "number", "jurisdiction", "raw"]


def _unverified(source: str, key: str) -> Credential:
    return Credential(
        kind=Credential.Kind.LICENCE,
        status=Credential.Status.UNKNOWN,
        method=Credential.Method.ROSTER,
        source=source,
        source_key=key,
    )


def _say(credential: Credential, row: RosterCredential) -> Credential:
    credential.holder = row.holder
    credential.title = row.title
    credential.number = row.number
    credential.jurisdiction = row.jurisdiction
    credential.raw = dict(row.raw)
    return credential
