"""Plain rows of many clients with answers and sessions, for what a practice sees together."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tests.cast import LONG_AGO, NOW, TODAY
from unknot.domain.outcomes.findings import Better, Estimate, Gate, Outcome
from unknot.journey.book.models import Appointment, Status
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.follow.models import DailyCheckIn, Finding
from unknot.journey.follow.reads.findings import BETTER
from unknot.journey.understand.models import CheckIn, CheckInState, InstrumentScore
from unknot.people.models import Client, Consent, Practice, Purpose


def clients(practice: Practice, count: int, *, shares: Sequence[str] = ()) -> list[Client]:
    """New clients who agree that their answers are used, and to share what is named."""
    made = Client.objects.bulk_create(
        Client(practice=practice, name=f"Client {number:02}", created_at=LONG_AGO)
        for number in range(count)
    )
    Consent.objects.bulk_create(
        Consent(client=one, purpose=purpose, version=1, given_at=LONG_AGO)
        for one in made
        for purpose in (Purpose.CARE, *shares)
    )
    return made


def a_session(
    client: Client, therapist: Therapist, service: Service, *, start: datetime
) -> Appointment:
    """A session of an hour that took place, as a plain row."""
    return Appointment.objects.create(
        client=client,
        therapist=therapist,
        service=service,
        status=Status.ATTENDED,
        start=start,
        end=start + timedelta(hours=1),
        promised=f"{start:%Y-%m-%dT%H:%M}",
        zone=client.practice.zone,
        tzdata="2026a",
        price_minor=7000,
        currency="EUR",
        changed_at=start,
    )


def daily(
    client: Client, *, days: int, pain: Sequence[float] = (6, 5, 4), until: date = TODAY
) -> None:
    """An answer every evening up to the day before `until`."""
    DailyCheckIn.objects.bulk_create(
        DailyCheckIn(
            client=client,
            day=until - timedelta(days=back),
            pain=pain[back % len(pain)],
            answered_at=NOW - timedelta(days=back) + timedelta(hours=11),
        )
        for back in range(1, days + 1)
    )


def questionnaires(client: Client, *scores: tuple[int, float], age: int = 45) -> None:
    """The outcome questionnaire, each so many days ago, as check-ins at the practice."""
    for back, value in scores:
        at = NOW - timedelta(days=back)
        sitting = CheckIn.objects.create(
            practice=client.practice,
            client=client,
            state=CheckInState.COMPLETED,
            consent_version=1,
            consented_at=at,
            is_adult=True,
            age=age,
            started_at=at,
            changed_at=at,
            completed_at=at,
            onset_on=(at - timedelta(days=300)).date(),
        )
        InstrumentScore.objects.create(checkin=sitting, instrument="peg", version=1, value=value)


def a_finding(
    client: Client, p_point: float | None, *, outcome: Outcome = "pain", check_ins: int = 40
) -> Finding:
    """The newest fit of a client: their chance of being a point better."""
    change = Estimate(mean=-2.0, low=-5.0, high=1.0, p_better=0.8, p_worth=0.5)
    moved = Better(
        outcome=outcome,
        state="cannot_tell",
        change=change,
        p_point=p_point,
        gates=(Gate(name="check_ins", have=check_ins, need=24),),
    )
    return Finding.objects.create(
        client=client,
        made_at=NOW,
        model_version="1",
        fingerprint="0" * 32,
        inputs={"main": outcome},
        verdicts=[],
        better=BETTER.dump_python((moved,), mode="json"),
    )
