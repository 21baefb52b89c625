"""Three hundred random practices in PostgreSQL: what is listed is accepted, and nothing else is."""

import random
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from tests.appointments import MONDAY_TEN, a_hold, an_appointment
from tests.cast import NOW, Cast, a_service, at
from unknot.domain.calendar import cells, hours, slots
from unknot.domain.calendar.intervals import Period
from unknot.journey.book.actions import booking, days, locks, taking
from unknot.journey.book.models import (
    Appointment,
    AvailDay,
    BusySource,
    ExternalBusy,
    HoursOverride,
    LoadLimit,
    LoadWeight,
    Need,
    Resource,
    Status,
    TimeOff,
    WorkingHours,
)
from unknot.journey.book.reads import decision
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.models import Service
from unknot.web.errors import Conflict

STATES = 300
#: Around the spring change of Berlin, on Sunday 29 March.
FIRST, LAST = date(2026, 3, 28), date(2026, 3, 31)


def test_what_is_listed_is_accepted_and_nothing_else(cast: Cast) -> None:
    accepted = 0
    for seed in range(STATES):
        savepoint = transaction.savepoint()
        accepted += one_state(cast, random.Random(seed))
        transaction.savepoint_rollback(savepoint)
    assert accepted > STATES // 2


def one_state(cast: Cast, chance: random.Random) -> bool:
    """Book one start that is listed and one that is not; whether any was listed."""
    wanted, people = a_state(cast, chance)
    offered = decision.ask(wanted, FIRST, LAST, now=NOW).offered(FIRST, LAST, now=NOW)
    check_cells(wanted, offered)
    starts = sorted(slot.start for slot in offered)
    before = Appointment.objects.count()
    other = not_offered(chance, set(starts))
    with pytest.raises(Conflict) as answer, transaction.atomic():
        book(wanted, people, other)
    assert str(answer.value.sentence)
    assert Appointment.objects.count() == before
    if starts:
        book(wanted, people, chance.choice(starts))
        assert Appointment.objects.count() == before + 1
    return bool(starts)


def a_state(cast: Cast, chance: random.Random) -> tuple[Wanted, list[Resource]]:
    """Tess with random hours, sessions, time off, busy times elsewhere, a room and two heaters."""
    practice = cast.practice
    practice.step_minutes = chance.choice((5, 15, 30))
    practice.notice_minutes = chance.choice((0, 120, 1500))
    practice.cleanup_past_closing = chance.random() < 0.3
    practice.save(update_fields=["step_minutes", "notice_minutes", "cleanup_past_closing"])
    service = cast.swedish
    Service.objects.filter(pk=service.pk).update(
        minutes=chance.choice((30, 55, 60, 90)),
        setup_minutes=chance.choice((0, 5, 15)),
        cleanup_minutes=chance.choice((0, 10, 12)),
    )
    service.refresh_from_db()
    therapist = locks.therapist(cast.tess.pk)
    rules(therapist.pk, chance)
    person = locks.lock_people([therapist])[therapist.user_id]
    things = a_house(cast, service, chance)
    days.ensure(days.calendars([person, *things]), FIRST - days.ONE_DAY, LAST + days.ONE_DAY)
    wanted = Wanted(therapist=therapist, service=service)
    for _n in range(chance.randrange(5)):
        with transaction.atomic():
            try:
                book(wanted, [person], a_time(chance))
            except Conflict:
                continue  # not a time that this practice offers
    away(person, chance)
    if chance.random() < 0.3:
        LoadLimit.objects.create(
            resource=person, minutes_per_day=chance.choice((60, 120)), longest_run_minutes=120
        )
    days.rebuild(days.calendars([person]), since=FIRST - days.ONE_DAY)
    return wanted, [person]


def rules(therapist: int, chance: random.Random) -> None:
    WorkingHours.objects.filter(therapist=therapist).delete()
    for weekday in range(7):
        begins = chance.randrange(0, 12 * 60, 5)
        for ends in sorted(chance.sample(range(begins + 60, 1441, 15), chance.randrange(3)))[:1]:
            WorkingHours.objects.create(
                therapist_id=therapist, weekday=weekday, starts_minute=begins, ends_minute=ends
            )
    if chance.random() < 0.4:
        HoursOverride.objects.create(
            therapist_id=therapist, day=date(2026, 3, 29), starts_minute=60, ends_minute=600
        )


def a_house(cast: Cast, service: Service, chance: random.Random) -> list[Resource]:
    things = [
        Resource.objects.create(kind=kind, practice=cast.practice, features=features)
        for kind, features in (("room", []), ("tool", ["stone_heater"]), ("tool", ["stone_heater"]))
    ]
    if chance.random() < 0.5:
        Need.objects.create(service=service, kind="room")
    if chance.random() < 0.5:
        Need.objects.create(
            service=service,
            kind="tool",
            feature="stone_heater",
            quantity=chance.choice((1, 2)),
            before_minutes=chance.choice((0, 30)),
            after_minutes=chance.choice((0, 45)),
        )
    return things


def away(person: Resource, chance: random.Random) -> None:
    def a_span() -> DateTimeTZRange:
        begins = a_time(chance) + timedelta(minutes=chance.randrange(5))
        return DateTimeTZRange(begins, begins + timedelta(minutes=chance.randrange(1, 300)))

    for _n in range(chance.randrange(2)):
        account = Appointment.objects.none().model._meta.get_field("booked_by").related_model
        by = account.objects.get(pk=person.user_id)
        TimeOff.objects.create(resource=person, during=a_span(), created_by=by, created_at=NOW)
    source = BusySource.objects.create(
        resource=person, name="elsewhere", zone="Europe/Berlin", created_at=NOW
    )
    for n in range(chance.randrange(4)):
        ExternalBusy.objects.create(
            source=source, market=1, resource=person, uid=str(n), during=a_span()
        )


def a_time(chance: random.Random) -> datetime:
    return at(0, days=1) + timedelta(minutes=15 * chance.randrange(4 * 24 * 4))


def not_offered(chance: random.Random, starts: set[datetime]) -> datetime:
    while (start := a_time(chance) + timedelta(minutes=chance.choice((0, 0, 0, 1, 7)))) in starts:
        pass
    return start


def book(wanted: Wanted, people: list[Resource], start: datetime) -> Appointment:
    taking.prepare(wanted, people, start, now=NOW)
    assigned = booking.check_offered(None, wanted, start, now=NOW)
    values = {"status": Status.HELD, "held_until": NOW + booking.HOLD}
    return booking.insert(wanted, people[0], assigned, values, now=NOW)


def check_cells(wanted: Wanted, offered: tuple[slots.Slot, ...]) -> None:
    """No start is listed whose cells the read model does not show free."""
    person = decision.person_of(wanted.therapist)
    known = {
        row.day: row.free
        for row in AvailDay.objects.filter(resource=person, practice=wanted.practice)
    }
    closing = wanted.practice.cleanup_past_closing
    for slot in offered:
        whole = Period(slot.blocked.start, slot.end if closing else slot.blocked.end)
        for day, mask in cells.masks(whole, wanted.practice.tz).items():
            assert known[day] & mask == mask, (
                slot.start,
                hours.local(slot.start, wanted.practice.tz),
            )


def test_the_second_therapist_of_a_session_for_two_has_limits_of_their_own(cast: Cast) -> None:
    visit = an_appointment(cast, client=cast.ben, therapist=cast.theo, start=at(14, days=3))
    theo = Resource.objects.get(user=cast.theo.user)
    couple = a_service(cast.practice, "swedish", cast.tess, cast.theo, minutes=75)
    couple.for_two = True
    couple.save(update_fields=["for_two"])
    wanted = Wanted(therapist=cast.tess, service=couple)
    monday, tuesday = MONDAY_TEN.date(), MONDAY_TEN.date() + timedelta(days=1)

    def days_offered() -> set[date]:
        question = decision.ask(wanted, monday, tuesday, now=NOW)
        return {slot.start.date() for slot in question.offered(monday, tuesday, now=NOW)}

    assert days_offered() == {monday, tuesday}
    LoadLimit.objects.create(resource=theo, minutes_per_day=134)
    assert days_offered() == {tuesday}
    refused = decision.refusal(wanted, MONDAY_TEN, now=NOW)
    assert refused is not None
    assert refused.reason is slots.Refusal.NO_PARTNER
    with pytest.raises(Conflict, match="second therapist"):
        a_hold(cast, service=couple)
    assert a_hold(cast, service=couple, start=at(10, days=4)).status == Status.HELD
    assert decision.refusal(wanted, MONDAY_TEN, now=NOW, without=[visit.pk]) is None
    LoadWeight.objects.create(resource=theo, technique="swedish", percent=200)
    assert days_offered() == set()
