"""Import a roster: evidence of what people say of themselves, never a verified credential.

Units   calendar days; aware datetimes.
Errors  ImportedMeanwhile; none leaves a trace.
Source  domain/credentials: a roster never verifies (NPPES is self-declared and has no expiry).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from unknot.domain.credentials.standing import RosterCredential
from unknot.journey.choose.models import Credential
from unknot.people import audit
from unknot.people.models import User
from unknot.web.errors import Conflict

BATCH = 500


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
