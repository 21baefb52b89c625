"""What the database itself refuses, whatever code asks for it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, at
from unknot.journey.book.models import Allocation, Appointment, Resource, Status


def copy_of(appointment: Appointment, **changes: object) -> Appointment:
    """A second row like the first, written past every rule of ours."""
    fields = {
        name: getattr(appointment, name)
        for name in ("therapist", "service", "client", "start", "end", "currency")
    }
    values = {"status": Status.CONFIRMED, "price_minor": 0, "changed_at": NOW, **fields, **changes}
    return Appointment.objects.create(**values)


def again(taken: Allocation, **changes: object) -> Allocation:
    """The same resource taken once more, past every rule of ours."""
    values = {
        "market": taken.market,
        "resource": taken.resource,
        "during": taken.during,
        "appointment": taken.appointment,
        **changes,
    }
    return Allocation.objects.create(**values)


def test_nobody_is_in_two_places_at_once(cast: Cast) -> None:
    taken = an_appointment(cast).allocation_set.get()
    with pytest.raises(IntegrityError, match="no_double_booking"), transaction.atomic():
        again(taken, appointment=copy_of(taken.appointment))
    assert Allocation.objects.count() == 1


def test_without_the_constraint_the_same_two_rows_fit(cast: Cast) -> None:
    """The control: nothing else refused the row. The test's transaction puts it back."""
    taken = an_appointment(cast).allocation_set.get()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE book_allocation DROP CONSTRAINT no_double_booking")
    again(taken)
    assert Allocation.objects.count() == 2


def test_a_room_is_not_given_twice_either(cast: Cast) -> None:
    taken = an_appointment(cast).allocation_set.get()
    room = Resource.objects.create(kind="room", practice=cast.practice, name="Linden")
    again(taken, resource=room)
    with pytest.raises(IntegrityError, match="no_double_booking"), transaction.atomic():
        again(taken, resource=room)


def test_another_person_may_have_the_same_time(cast: Cast) -> None:
    taken = an_appointment(cast).allocation_set.get()
    again(taken, resource=Resource.objects.create(kind="person", user=cast.user("theo")))
    assert Allocation.objects.count() == 2


def test_markets_are_apart(cast: Cast) -> None:
    """The constraint begins with the market, so that the table can be spread by it."""
    again(an_appointment(cast).allocation_set.get(), market=2)
    assert Allocation.objects.count() == 2


def test_neighbours_touch(cast: Cast) -> None:
    taken = an_appointment(cast).allocation_set.get()
    again(taken, during=DateTimeTZRange(taken.during.upper, at(18, days=3)))
    assert Allocation.objects.count() == 2


@pytest.mark.parametrize(
    "during",
    [
        DateTimeTZRange(None, at(18, days=3)),
        DateTimeTZRange(at(18, days=3), None),
        DateTimeTZRange(empty=True),
    ],
)
def test_what_is_taken_has_two_ends(cast: Cast, during: DateTimeTZRange) -> None:
    taken = an_appointment(cast).allocation_set.get()
    with pytest.raises(IntegrityError, match="allocation_has_two_ends"), transaction.atomic():
        again(taken, during=during, resource=Resource.objects.create(
            kind="room", practice=cast.practice
        ))  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({"kind": "person"}, False),
        ({"kind": "room"}, False),
        ({"kind": "tool", "practice": True}, True),
        ({"kind": "person", "practice": True}, False),
    ],
)
def test_a_resource_is_somebody_or_of_a_practice(
    cast: Cast, fields: dict[str, object], fits: bool
) -> None:
    values = fields | ({"practice": cast.practice} if "practice" in fields else {})
    if fits:
        Resource.objects.create(**values)
        return
    with (
        pytest.raises(IntegrityError, match="resource_is_somebody_or_of_a_practice"),
        transaction.atomic(),
    ):
        Resource.objects.create(**values)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"client": None}, "appointment_only_a_hold_is_without_client"),
        ({"status": Status.HELD, "held_until": None}, "appointment_hold_ends"),
        ({"awaits": "practice"}, "appointment_only_an_open_one_waits"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(
    cast: Cast, changes: dict[str, object], name: str
) -> None:
    first = an_appointment(cast)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        copy_of(first, **changes)


def test_an_appointment_has_a_length(cast: Cast) -> None:
    first = an_appointment(cast)
    with pytest.raises(IntegrityError, match="appointment_has_a_length"), transaction.atomic():
        copy_of(first, end=first.start)
