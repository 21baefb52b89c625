"""Where things are: the table of postcodes, and the places of a practice.

Units   WGS 84 degrees.
Errors  BadInput: the sentence says which value and how to mend it; Denied from access. Nothing is
        half-written.
Source  docs/explanation/directory.md; PostgreSQL's advisory locks, which end with the transaction
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Protocol

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from unknot.journey.choose.models import Postcode
from unknot.people import access, audit
from unknot.people.models import Location, Role, User
from unknot.web.errors import BadInput

BATCH = 5000
#: The first of the two numbers of the lock; the second is made from the country.
LOCK = 4_518


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDraft:
    """What staff say about a place; both coordinates or neither; None: nobody says."""

    name: str
    address: str = ""
    how_to_find: str = ""
    latitude: float | None = None
    longitude: float | None = None
    step_free: bool | None = None


class PostcodePlace(Protocol):
    """What a row of a table of postcodes has."""

    @property
    def code(self) -> str: ...

    @property
    def place(self) -> str: ...

    @property
    def latitude(self) -> float: ...

    @property
    def longitude(self) -> float: ...


@transaction.atomic(durable=True)
def save_place(actor: User, place: Location, *, draft: PlaceDraft, now: datetime) -> None:
    """Change one place of a practice."""
    access.check_role(actor, place.practice, Role.MANAGER)
    _check(draft)
    place.name = draft.name.strip()
    place.address = draft.address.strip()
    place.how_to_find = draft.how_to_find.strip()
    place.latitude, place.longitude = draft.latitude, draft.longitude
    place.step_free = draft.step_free
    place.save(
        update_fields=["name", "address", "how_to_find", "latitude", "longitude", "step_free"]
    )
    audit.record(actor, "place.saved", place, at=now)


def _check(draft: PlaceDraft) -> None:
    if not draft.name.strip():
        raise BadInput(_("Write what the place is called."))
    latitude, longitude = draft.latitude, draft.longitude
    if (latitude is None) != (longitude is None):
        raise BadInput(_("Write both coordinates or neither."))
    if latitude is None or longitude is None:
        return
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadInput(_("The first number is from -90 to 90, the second from -180 to 180."))


@transaction.atomic(durable=True)
def replace_postcodes(country: str, rows: Iterable[PostcodePlace], *, now: datetime) -> int:
    """Put `rows` in the place of a country's postcodes, and say how many there are now.

    Of rows with the same code the first is kept. Whatever `rows` raises leaves all as it was.
    A second import of the same country waits for the first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, country])
    Postcode.objects.filter(country=country).delete()
    made = (
        Postcode(
            country=country,
            code=row.code,
            place=row.place,
            latitude=row.latitude,
            longitude=row.longitude,
        )
        for row in rows
    )
    for batch in _batches(made):
        Postcode.objects.bulk_create(batch, ignore_conflicts=True)
    kept = Postcode.objects.filter(country=country)
    count = kept.count()
    subject = kept.order_by("pk").first() or Postcode(country=country)
    audit.record(None, "postcodes.imported", subject, at=now, reason=f"{country}: {count} kept")
    return count


def _batches(rows: Iterable[Postcode]) -> Iterator[list[Postcode]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch
