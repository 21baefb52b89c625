"""Make the demonstration busy: five years of weekly sessions of one client, a day of 20 therapists.

`./unknot bench pages` opens the two heaviest pages of staff on it; alone it measures nothing.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db import transaction

from unknot.domain.notes.soap import TreatedRegion
from unknot.journey.book.actions import desk
from unknot.journey.book.models import Appointment, Status, WorkingHours
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.session.actions import record as session
from unknot.journey.understand.actions.recheck import answer_recheck
from unknot.people.models import Client, Membership, Practice, Role, User

WEEKS: Final = 5 * 52
THERAPISTS: Final = 20
#: The starts of each therapist's day, in minutes of the practice's local day.
STARTS: Final = (480, 555, 630, 705, 795, 870, 945)


def five_years(visit: Appointment) -> int:
    """Give the client of `visit` a signed session in each of the 260 weeks before; how many."""
    client, now = visit.client, datetime.now(UTC)
    if client is None or client.user is None:
        raise LookupError("a booked appointment of the demonstration has a client with an account")
    made = 0
    for week in range(WEEKS, 0, -1):
        start = (now - timedelta(weeks=week)).replace(hour=4, minute=0, second=0, microsecond=0)
        one = _given(visit, start)
        answer_recheck(
            client.user, client, appointment_key=one.key, said="no", now=start - timedelta(hours=1)
        )
        after = one.end + timedelta(minutes=10)
        draft = session.Draft(
            subjective=f"Week {WEEKS - week}: tight since the last days of work.",
            objective="Firm and tender where marked, moves freely otherwise.",
            assessment="Tension with long sitting, as before.",
            plan="Same again next week.",
            pain_before=6,
            pain_after=4,
            tension_before=6,
            tension_after=3,
            treatments=(
                TreatedRegion(
                    region="cervical_l",
                    technique=visit.service.technique,
                    minutes=20,
                    pressure=3,
                ),
            ),
            marks={"cervical_l": 5},
        )
        therapist = visit.therapist.user
        saved = session.save_draft(therapist, one, draft=draft, revision=0, now=after)
        session.sign(therapist, one, revision=saved.revision, now=after)
        made += 1
    return made


def _given(visit: Appointment, start: datetime) -> Appointment:
    """A confirmed appointment of the past, like `visit`; it takes no time that is still to come."""
    return Appointment.objects.create(
        therapist=visit.therapist,
        service=visit.service,
        client=visit.client,
        checkin=visit.checkin,
        status=Status.CONFIRMED,
        start=start,
        end=start + (visit.end - visit.start),
        promised=f"{start:%Y-%m-%dT%H:%M}",
        zone=visit.zone,
        tzdata=visit.tzdata,
        price_minor=visit.price_minor,
        currency=visit.currency,
        booked_at=start - timedelta(days=3),
        changed_at=start - timedelta(days=3),
    )


def full_day(practice: Practice, manager: User, day: date) -> int:
    """Book seven sessions with each of 20 therapists on a local day; how many stand in it."""
    practice.required_credentials = []  # who has just begun here has no papers yet
    practice.save(update_fields=["required_credentials"])
    team = [_therapist(practice, number) for number in range(THERAPISTS)]
    service = Service.objects.create(
        practice=practice, technique="swedish", minutes=55, cleanup_minutes=10, price_minor=7000
    )
    service.therapists.set(team)
    clients = _clients(practice)
    evening = datetime.combine(day - timedelta(days=1), time(20), practice.tz)
    made = 0
    for place, therapist in enumerate(team):
        for turn, minute in enumerate(STARTS):
            start = datetime.combine(day, time(*divmod(minute, 60)), practice.tz)
            desk.book(
                manager,
                practice,
                clients[(place * len(STARTS) + turn) % len(clients)],
                Wanted(therapist=therapist, service=service),
                start.astimezone(UTC),
                now=evening,
                reason="measured",
            )
            made += 1
    return made


def _clients(practice: Practice) -> Sequence[Client]:
    """Clients who can be booked: 140 newcomers whose safety questions are still open."""
    now = datetime.now(UTC)
    return Client.objects.bulk_create(
        Client(practice=practice, name=f"Client {number}", created_at=now)
        for number in range(THERAPISTS * len(STARTS))
    )


@transaction.atomic
def _therapist(practice: Practice, number: int) -> Therapist:
    now = datetime.now(UTC)
    user = User.objects.create_user(
        f"busy-{number}@unknot.example", None, name=f"Therapist {number}", created_at=now
    )
    Membership.objects.create(user=user, practice=practice, role=Role.THERAPIST, since=now)
    made = Therapist.objects.create(
        user=user,
        practice=practice,
        location=practice.location_set.first(),
        slug=f"busy-{number}",
        name=f"Therapist {number:02}",
        languages=["en"],
        listed_since=now,
    )
    WorkingHours.objects.bulk_create(
        WorkingHours(therapist=made, weekday=weekday, starts_minute=480, ends_minute=1080)
        for weekday in range(7)
    )
    return made
