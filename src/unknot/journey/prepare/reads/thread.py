"""The messages about one appointment, as one of both sides reads them."""

from dataclasses import dataclass
from datetime import datetime

from unknot.journey.book.models import Appointment
from unknot.journey.prepare.models import ThreadEntry, ThreadRead
from unknot.journey.prepare.reads.visits import SHOWN, Visit, client_of, first_name, visit
from unknot.people.access import is_own
from unknot.people.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message; `new` to its reader until they open the thread."""

    pk: int
    own: bool
    author: str
    text: str
    sent_at: datetime
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """All messages of one appointment, the oldest first."""

    visit: Visit
    first_name: str
    by_client: bool  # read by the client; else by the therapist
    entries: tuple[Entry, ...]
    can_write: bool

    @property
    def unread(self) -> int:
        """How many of them are new to the reader."""
        return sum(entry.new for entry in self.entries)


def thread(reader: User, appointment: Appointment) -> Thread:
    """The messages about an appointment as `reader` finds them; 2 queries."""
    client = client_of(appointment)
    last = _read_up_to(reader, appointment)
    found = ThreadEntry.objects.filter(appointment=appointment).select_related("author")
    return Thread(
        visit=visit(appointment),
        first_name=first_name(client),
        by_client=is_own(reader, client),
        entries=tuple(
            Entry(
                pk=one.pk,
                own=one.author_id == reader.pk,
                author=client.name if one.by_client else one.author.name,
                text=one.text,
                sent_at=one.sent_at,
                new=one.pk > last and one.author_id != reader.pk,
            )
            for one in found.order_by("pk")
        ),
        can_write=appointment.status in SHOWN,
    )


def unread_of(reader: User, appointment: Appointment) -> int:
    """How many messages about an appointment `reader` has not opened; 2 queries."""
    new = ThreadEntry.objects.filter(
        appointment=appointment, pk__gt=_read_up_to(reader, appointment)
    )
    return new.exclude(author=reader).count()


def _read_up_to(reader: User, appointment: Appointment) -> int:
    read = ThreadRead.objects.filter(appointment=appointment, reader=reader)
    return read.values_list("last_id", flat=True).first() or 0
