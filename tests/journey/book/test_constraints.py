"""What the database itself refuses, whatever code asks for it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from tests.appointments import an_appointment
from tests.cast import NOW, Cast
from unknot.journey.book.models import Appointment, Status


def copy_of(appointment: Appointment, **changes: object) -> Appointment:
    """A second row like the first, written past every rule of ours."""
    fields = {
        name: getattr(appointment, name)
        for name in ("therapist", "service", "client", "start", "end", "blocked", "currency")
    }
    values = {"status": Status.CONFIRMED, "price_minor": 0, "changed_at": NOW, **fields, **changes}
    return Appointment.objects.create(**values)


@pytest.mark.parametrize("status", ["pending", "confirmed", "arrived", "attended"])
def test_two_blocking_appointments_of_one_therapist_never_overlap(cast: Cast, status: str) -> None:
    first = an_appointment(cast)
    with pytest.raises(IntegrityError, match="appointment_no_overlap"), transaction.atomic():
        copy_of(first, status=status)
    assert Appointment.objects.count() == 1


def test_without_the_constraint_the_same_two_rows_fit(cast: Cast) -> None:
    """The control: nothing else refused the row. The test's transaction puts it back."""
    first = an_appointment(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE book_appointment DROP CONSTRAINT appointment_no_overlap")
    copy_of(first)
    assert Appointment.objects.count() == 2


@pytest.mark.parametrize("status", ["cancelled", "declined", "expired", "no_show"])
def test_a_freed_time_fits_again(cast: Cast, status: str) -> None:
    first = an_appointment(cast)
    copy_of(first, status=status)
    assert Appointment.objects.count() == 2


def test_another_therapist_may_have_the_same_time(cast: Cast) -> None:
    copy_of(an_appointment(cast), therapist=cast.theo)
    assert Appointment.objects.count() == 2


def test_neighbours_touch(cast: Cast) -> None:
    first = an_appointment(cast)
    length = first.blocked.upper - first.blocked.lower
    after = DateTimeTZRange(first.blocked.upper, first.blocked.upper + length)
    copy_of(first, start=first.blocked.upper, end=after.upper, blocked=after)
    assert Appointment.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"client": None}, "appointment_only_a_hold_is_without_client"),
        ({"status": Status.HELD, "held_until": None}, "appointment_hold_ends"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(
    cast: Cast, changes: dict[str, object], name: str
) -> None:
    first = an_appointment(cast)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        copy_of(first, therapist=cast.theo, **changes)


def test_an_appointment_has_a_length(cast: Cast) -> None:
    first = an_appointment(cast)
    with pytest.raises(IntegrityError, match="appointment_has_a_length"), transaction.atomic():
        copy_of(first, therapist=cast.theo, end=first.start)
