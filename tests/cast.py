"""The cast, never renamed, and plain builders. It is Friday 27 March 2026, 09:00 in Berlin.

Ana     client                          Ben     another client, never sees Ana's data
Tess    Ana's therapist                 Theo    same practice, does not treat Ana
Paz     practice manager                Finn    front desk
Uma     therapist of another practice   Opal    operator of the installation
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from unknot.journey.book.models import WorkingHours
from unknot.journey.choose.models import Service, Therapist
from unknot.people.models import CareRelation, Client, Location, Membership, Practice, Role, User

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)  # 09:00 in Berlin, two days before the spring change
TODAY = date(2026, 3, 27)
PASSWORD = "knot-and-thread-42"
LONG_AGO = NOW - timedelta(days=400)


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """An instant: wall time in Berlin, `days` after the fixed day."""
    return datetime.combine(TODAY + timedelta(days=days), time(hour, minute), BERLIN).astimezone(
        UTC
    )


@dataclass
class Cast:
    practice: Practice
    other_practice: Practice
    ana: Client
    ben: Client
    tess: Therapist
    theo: Therapist
    uma: Therapist
    paz: User
    finn: User
    opal: User
    swedish: Service
    deep_tissue: Service

    def user(self, name: str) -> User:
        """The account of one of the cast."""
        person = getattr(self, name)
        account: User | None = person if isinstance(person, User) else person.user
        assert account is not None
        return account


def a_user(name: str, **fields: object) -> User:
    """An account: ana@example.org and so on."""
    return User.objects.create_user(
        f"{name.lower()}@example.org", PASSWORD, name=name, created_at=LONG_AGO, **fields
    )


def a_practice(name: str, **fields: object) -> Practice:
    """A practice in Berlin whose safety table somebody has approved."""
    values = {
        "slug": name.lower().replace(" ", "-"),
        "zone": "Europe/Berlin",
        "currency": "EUR",
        "country": "DE",
        "phone": "+49 30 5550 0100",
        "emergency_number": "112",
        "safety_approved_by": "Dr Example",
        "safety_approved_on": date(2026, 1, 15),
        "safety_approved_version": 1,
        "created_at": LONG_AGO,
        **fields,
    }
    practice = Practice.objects.create(name=name, **values)
    Location.objects.create(practice=practice, name="Main room", address="Lindenweg 4")
    return practice


def a_member(name: str, practice: Practice, role: Role) -> User:
    """Somebody with one role in a practice."""
    user = a_user(name)
    Membership.objects.create(user=user, practice=practice, role=role, since=LONG_AGO)
    return user


def a_therapist(name: str, practice: Practice) -> Therapist:
    """A listed therapist who works Monday to Friday, 09:00 to 17:00."""
    therapist = Therapist.objects.create(
        user=a_member(name, practice, Role.THERAPIST),
        practice=practice,
        location=practice.location_set.get(),
        slug=name.lower(),
        name=name,
        languages=["en", "de"],
        practising_since=2015,
        listed_since=LONG_AGO,
    )
    for weekday in range(5):
        WorkingHours.objects.create(
            therapist=therapist, weekday=weekday, starts_minute=9 * 60, ends_minute=17 * 60
        )
    return therapist


def a_client(name: str, practice: Practice, **fields: object) -> Client:
    """A client with an account."""
    return Client.objects.create(
        practice=practice, user=a_user(name), name=name, created_at=LONG_AGO, **fields
    )


def a_service(
    practice: Practice, technique: str, *therapists: Therapist, minutes: int = 60
) -> Service:
    """A service that `therapists` offer: no set-up, ten minutes of clean-up, 70.00."""
    service = Service.objects.create(
        practice=practice,
        technique=technique,
        minutes=minutes,
        setup_minutes=0,
        cleanup_minutes=10,
        price_minor=7000,
    )
    service.therapists.set(therapists)
    return service


def the_cast() -> Cast:
    """Everybody, in two practices; Tess treats Ana."""
    practice, other = a_practice("Lindenweg"), a_practice("Hafenstrasse")
    tess, theo, uma = (
        a_therapist("Tess", practice),
        a_therapist("Theo", practice),
        a_therapist("Uma", other),
    )
    ana, ben = a_client("Ana", practice), a_client("Ben", practice)
    CareRelation.objects.create(client=ana, therapist_user=tess.user, since=LONG_AGO)
    a_service(other, "swedish", uma)
    return Cast(
        practice=practice,
        other_practice=other,
        ana=ana,
        ben=ben,
        tess=tess,
        theo=theo,
        uma=uma,
        paz=a_member("Paz", practice, Role.MANAGER),
        finn=a_member("Finn", practice, Role.FRONT_DESK),
        opal=a_user("Opal", is_operator=True),
        swedish=a_service(practice, "swedish", tess, theo),
        deep_tissue=a_service(practice, "deep_tissue", tess, theo),
    )
