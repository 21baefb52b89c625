"""The read model is the truth, after any history; and a difference is found."""

import random
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from tests.appointments import an_appointment
from tests.cast import NOW, TODAY, Cast, a_client, at
from tests.checkins import a_completed_checkin
from unknot.domain.calendar import cells
from unknot.domain.calendar.hours import WeeklyHours
from unknot.journey.book.actions import arrange, booking, days, working_hours
from unknot.journey.book.models import (
    Allocation,
    Appointment,
    AvailDay,
    Need,
    Resource,
    Status,
    WorkingHours,
)
from unknot.journey.book.reads import opening, reconcile
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.models import Therapist
from unknot.journey.understand.models import CheckIn
from unknot.web.errors import Conflict


def differences() -> list[reconcile.Difference]:
    return [one for _rows, found in reconcile.days() for one in found]


def rows() -> int:
    return sum(count for count, _found in reconcile.days())


def test_a_booking_takes_its_cells_and_a_cancellation_gives_them_back(cast: Cast) -> None:
    made = an_appointment(cast)
    day = AvailDay.objects.get(practice=cast.practice, day=TODAY + timedelta(days=3))
    opens = (at(10, days=3) - day.day0) // timedelta(minutes=5)
    shown = format(day.free, f"0{cells.CELLS}b")
    assert shown[opens - 12 : opens + 26] == "1" * 12 + "0" * 14 + "1" * 12
    assert not differences()
    arrange.cancel(cast.user("ana"), made, now=NOW)
    assert not differences()
    day.refresh_from_db()
    assert format(day.free, f"0{cells.CELLS}b").count("1") == 8 * 12


@pytest.mark.parametrize("seed", range(2))
def test_after_a_random_history_nothing_differs(cast: Cast, seed: int) -> None:
    """Hold, confirm, move, cancel, let holds run out, change hours: the rows always follow."""
    chance = random.Random(seed)
    room = Resource.objects.create(kind="room", practice=cast.practice, name="Linden")
    for service in (cast.swedish, cast.deep_tissue):
        Need.objects.create(service=service, kind="room")
    people = [
        (one, a_completed_checkin(one, practice=cast.practice)) for one in (cast.ana, cast.ben)
    ]
    now = NOW
    for _step in range(60):
        now += timedelta(minutes=chance.choice((0, 1, 7, 11)))
        with suppress(Conflict):  # an ordinary answer: what counts is what is left behind
            one_step(cast, chance, people, now)
    assert Appointment.objects.count() > 10
    assert rows() > 0
    assert not differences()
    assert reconcile.overlaps() == 0
    assert reconcile.strays(now) == (0, 0)
    assert not reconcile.broken_promises(now)
    assert (
        Allocation.objects.filter(resource=room).count() == Appointment.objects.blocking().count()
    )


def one_step(
    cast: Cast, chance: random.Random, people: list[tuple[object, CheckIn]], now: datetime
) -> None:
    client, checkin = chance.choice(people)
    therapist = chance.choice((cast.tess, cast.theo))
    start = at(9, days=3 + chance.randrange(3)) + timedelta(minutes=15 * chance.randrange(28))
    user = cast.user("ana" if client is cast.ana else "ben")
    mine = Appointment.objects.filter(client=client)
    deed = chance.choice(("hold", "hold", "confirm", "move", "cancel", "expire", "hours"))
    if deed == "hold":
        wanted = Wanted(
            therapist=therapist, service=chance.choice((cast.swedish, cast.deep_tissue))
        )
        booking.hold(checkin, actor=user, wanted=wanted, start=start, now=now)
    elif deed == "confirm" and (held := mine.filter(status=Status.HELD).first()):
        booking.confirm(user, held.client, held, note="", now=now)
    elif deed == "move" and (booked := mine.filter(status=Status.CONFIRMED).first()):
        arrange.move(user, booked, start, now=now)
    elif deed == "cancel" and (booked := mine.filter(status=Status.CONFIRMED).last()):
        arrange.cancel(user, booked, now=now)
    elif deed == "expire":
        booking.expire_holds(now)
    elif deed == "hours":
        change_hours(cast, chance, now)


def change_hours(cast: Cast, chance: random.Random, now: datetime) -> None:
    begins = chance.choice((8, 9, 10)) * 60
    week = [WeeklyHours(weekday=day, starts_minute=begins, ends_minute=17 * 60) for day in range(5)]
    working_hours.save_hours(
        cast.user("tess"),
        cast.tess,
        week=week,
        fingerprint=opening.fingerprint(opening.week_of(cast.tess)),
        now=now,
    )


def test_a_wrong_row_is_found(cast: Cast) -> None:
    """The control: one cell turned over by hand."""
    an_appointment(cast)
    day = AvailDay.objects.filter(day=TODAY + timedelta(days=3)).get()
    AvailDay.objects.filter(day=day.day).update(free=day.free ^ (1 << 100))
    (found,) = differences()
    assert found.what == "1 cells differ"


def test_an_overlap_a_stray_and_a_bare_one_are_found(cast: Cast) -> None:
    """The control: past the constraint, which the test's transaction puts back."""
    made = an_appointment(cast)
    taken = made.allocation_set.get()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE book_allocation DROP CONSTRAINT no_double_booking")
    inside = DateTimeTZRange(at(10, 30, days=3), at(10, 35, days=3))
    Allocation.objects.create(market=1, resource=taken.resource, during=inside, appointment=made)
    assert reconcile.overlaps() == 1
    Appointment.objects.update(status=Status.CANCELLED)
    assert reconcile.strays(NOW) == (2, 0)
    Appointment.objects.update(status=Status.CONFIRMED)
    Allocation.objects.all().delete()
    assert reconcile.strays(NOW) == (0, 1)


def test_a_promise_that_another_version_of_the_zone_breaks_is_listed(cast: Cast) -> None:
    made = an_appointment(cast)
    assert made.promised == "2026-03-30T10:00"
    assert not reconcile.broken_promises(NOW)
    Appointment.objects.update(promised="2026-03-30T11:00")
    (found,) = reconcile.broken_promises(NOW)
    assert "promised 2026-03-30T11:00" in found.what


def test_the_rows_reach_to_the_horizon_and_the_past_is_let_go(cast: Cast) -> None:
    assert days.keep_ahead(NOW) == 3  # Tess, Theo, Uma
    assert days.keep_ahead(NOW) == 0
    assert AvailDay.objects.filter(day=TODAY + timedelta(days=60)).count() == 3
    an_appointment(cast)
    assert days.forget_past(NOW) == 0
    later = NOW + timedelta(days=13)
    assert days.forget_past(later) > 1
    assert not Allocation.objects.exists()
    assert Appointment.objects.filter(status=Status.CONFIRMED).count() == 1
    assert not AvailDay.objects.filter(day__lt=TODAY + timedelta(days=4)).exists()


def test_somebody_in_two_practices_has_a_row_in_each_and_is_busy_in_both(cast: Cast) -> None:
    """Theo also works for the other practice: what one books, the other cannot."""
    second = cast.theo
    second.pk, second.slug, second.practice = None, "theo-2", cast.other_practice
    second.location = cast.other_practice.location_set.get()
    second._state.adding = True
    second.save()
    theo = booking.locks.therapist(second.pk)
    other = a_client("Zoe", cast.other_practice)
    service = cast.other_practice.service_set.get()
    service.therapists.add(theo)
    for weekday in range(5):
        WorkingHours.objects.create(
            therapist=theo, weekday=weekday, starts_minute=540, ends_minute=1020
        )
    here = Therapist.objects.get(slug="theo")
    an_appointment(cast, therapist=here)
    with pytest.raises(Conflict):
        booking.hold(
            a_completed_checkin(other, practice=cast.other_practice),
            actor=AnonymousUser(),
            wanted=Wanted(therapist=theo, service=service),
            start=at(10, days=3),
            now=NOW,
        )
    assert not differences()
