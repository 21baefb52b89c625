"""Plain builders of appointments: through the actions, as a person would book them."""

from datetime import datetime

from django.db.models import F, QuerySet

from tests.cast import NOW, Cast, at
from tests.checkins import a_completed_checkin
from unknot.journey.book.actions import booking
from unknot.journey.book.models import Appointment
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.understand.actions.recheck import answer_recheck
from unknot.journey.understand.models import CheckIn
from unknot.people.models import Client, Message

MONDAY_TEN = at(10, days=3)  # Monday 30 March, after the spring change


def a_hold(
    cast: Cast,
    *,
    checkin: CheckIn | None = None,
    client: Client | None = None,
    therapist: Therapist | None = None,
    service: Service | None = None,
    start: datetime = MONDAY_TEN,
    now: datetime = NOW,
) -> Appointment:
    """A held time with Tess on Monday at ten, for Ana's check-in unless another is given."""
    client = client or cast.ana
    assert client.user is not None
    return booking.hold(
        checkin or a_completed_checkin(client, practice=cast.practice),
        actor=client.user,
        wanted=Wanted(therapist=therapist or cast.tess, service=service or cast.swedish),
        start=start,
        now=now,
    )


def an_appointment(
    cast: Cast,
    *,
    client: Client | None = None,
    therapist: Therapist | None = None,
    service: Service | None = None,
    start: datetime = MONDAY_TEN,
    note: str = "",
    now: datetime = NOW,
) -> Appointment:
    """A confirmed appointment of Ana with Tess on Monday at ten, unless others are named."""
    client = client or cast.ana
    assert client.user is not None
    held = a_hold(cast, client=client, therapist=therapist, service=service, start=start, now=now)
    return booking.confirm(client.user, client, held, note=note, now=now)


def a_recheck(
    cast: Cast, visit: Appointment, *, said: str = "no", by: str = "ana", now: datetime = NOW
) -> None:
    """What was answered before this session: by Ana, that nothing is new, unless told otherwise."""
    assert visit.client is not None
    key = visit.key
    answer_recheck(cast.user(by), visit.client, appointment_key=key, said=said, now=now)


def sent_at_once() -> QuerySet[Message]:
    """The mails that are not planned for later."""
    return Message.objects.filter(due_at__lte=F("created_at"))
