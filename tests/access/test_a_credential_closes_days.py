"""A licence that ends tomorrow: tomorrow can be booked and the day after cannot, on any route.

The days are Saturday, the last valid one, and Sunday; Tess works on both for once.
"""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.access.test_red_flags_close_every_route import World, hold, moved_by, signed_in
from tests.access.test_red_flags_close_every_route import world as world
from tests.appointments import a_hold, an_appointment
from tests.cast import NOW, TODAY, Cast, at
from tests.checkins import a_completed_checkin
from tests.journey.choose.listing import a_credential
from unknot.journey.book.actions import booking, refusals
from unknot.journey.book.models import Appointment, HoursOverride, Status
from unknot.journey.book.reads import weeks
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.actions import credentials
from unknot.journey.choose.models import Credential, Therapist

pytestmark = pytest.mark.usefixtures("now")

TOMORROW, DAY_AFTER = TODAY + timedelta(days=1), TODAY + timedelta(days=2)
NINE, FIVE, MIDNIGHT = 9 * 60, 17 * 60, 24 * 60


@pytest.fixture
def licence(cast: Cast) -> Credential:
    """Tess's licence: Saturday is its last valid day, and she works all weekend."""
    for day in (TOMORROW, DAY_AFTER):
        opens(cast, day, NINE, FIVE)
    return a_credential(cast.tess, expires_on=TOMORROW)


def opens(cast: Cast, day: date, starts: int, ends: int) -> None:
    HoursOverride.objects.create(
        therapist=cast.tess, day=day, starts_minute=starts, ends_minute=ends
    )


def free_days(cast: Cast) -> list[date]:
    """The days of this week and the next on which Tess shows a free time."""
    shown = [
        weeks.week(
            Wanted(therapist=cast.tess, service=cast.swedish),
            first_day=TODAY + timedelta(days=n),
            now=NOW,
        )
        for n in (0, 7)
    ]
    return [day.day for week in shown for day in week.days if day.count]


def held_on(cast: Cast, start: datetime) -> Appointment:
    return a_hold(cast, start=start)


def test_the_week_shows_tomorrow_and_nothing_later(cast: Cast, licence: Credential) -> None:
    assert free_days(cast) == [TODAY, TOMORROW]
    week = weeks.week(Wanted(therapist=cast.tess, service=cast.swedish), first_day=TODAY, now=NOW)
    assert week.ends == TOMORROW
    licence.delete()
    assert DAY_AFTER in free_days(cast)
    assert (
        weeks.week(Wanted(therapist=cast.tess, service=cast.swedish), first_day=TODAY, now=NOW).ends
        is None
    )


def test_the_next_free_time_is_never_after_the_last_day(cast: Cast, licence: Credential) -> None:
    for day in (TODAY, TOMORROW):
        HoursOverride.objects.filter(therapist=cast.tess, day=day).delete()
        HoursOverride.objects.create(therapist=cast.tess, day=day)  # closed
    assert weeks.next_free(Wanted(therapist=cast.tess, service=cast.swedish), now=NOW) is None
    licence.delete()
    assert weeks.next_free(Wanted(therapist=cast.tess, service=cast.swedish), now=NOW) == at(
        9, days=2
    )


def test_a_hand_made_hold_of_the_day_after_is_refused(cast: Cast, licence: Credential) -> None:
    with pytest.raises(refusals.NotOffered, match="a credential"):
        held_on(cast, at(10, days=2))
    assert held_on(cast, at(10, days=1)).status == Status.HELD


def test_no_session_runs_into_the_day_after(cast: Cast, licence: Credential) -> None:
    HoursOverride.objects.filter(therapist=cast.tess).delete()
    opens(cast, TOMORROW, NINE, MIDNIGHT)
    opens(cast, DAY_AFTER, 0, FIVE)
    with pytest.raises(refusals.NotOffered):
        held_on(cast, at(23, 30, days=1))
    assert held_on(cast, at(21, days=1))
    licence.delete()
    assert held_on(cast, at(23, 30, days=1))


def test_a_hold_from_before_the_check_is_not_confirmed(cast: Cast) -> None:
    licence = a_credential(cast.tess, method="self", status="unknown", checked_on=None)
    later = held_on(cast, at(10, days=4))
    found = credentials.Finding(
        status="suspended", method="register", checked_on=TODAY, matched=("number", "name")
    )
    credentials.record_verification(cast.paz, licence, finding=found, now=NOW)
    assert cast.ana.user is not None
    with pytest.raises(refusals.NotOffered):
        booking.confirm(cast.ana.user, cast.ana, later, note="", now=NOW)
    later.refresh_from_db()
    assert later.booked_at is None


def test_whom_a_register_forbids_to_work_is_closed_in_every_practice(cast: Cast) -> None:
    elsewhere = Therapist.objects.create(
        user=cast.tess.user,
        practice=cast.other_practice,
        location=cast.other_practice.location_set.get(),
        slug="tess-elsewhere",
        name="Tess",
        listed_since=NOW,
    )
    paper = a_credential(elsewhere, status="active")
    assert free_days(cast) != []
    paper.status = "revoked"
    paper.save(update_fields=["status"])
    assert free_days(cast) == []
    with pytest.raises(refusals.NotOffered):
        held_on(cast, at(10, days=3))


def test_what_the_practice_requires_closes_whoever_lacks_it(cast: Cast) -> None:
    cast.practice.required_credentials = ["insurance"]
    cast.practice.save(update_fields=["required_credentials"])
    cast.tess.refresh_from_db()
    assert free_days(cast) == []
    with pytest.raises(refusals.NotOffered, match="requires"):
        held_on(cast, at(10, days=3))
    a_credential(cast.tess, kind="insurance", title="Liability insurance")
    assert free_days(cast) != []


def test_the_pages_say_until_when(cast: Cast, licence: Credential, client: Browser) -> None:
    address = reverse("book:slots", args=["tess", cast.swedish.pk])
    page = client.get(address, {"week": str(TODAY)}).content.decode()
    assert "can be booked up to Saturday 28 March" in page
    later = client.get(address, {"week": str(TODAY + timedelta(days=7))}).content.decode()
    assert "cannot be booked after 28 March" in later
    licence.delete()
    assert "a credential ends then" not in client.get(address).content.decode()


def test_what_is_booked_already_stays(cast: Cast) -> None:
    made = an_appointment(cast)
    a_credential(cast.tess, expires_on=TODAY)
    made.refresh_from_db()
    assert made.status == Status.CONFIRMED
    assert free_days(cast) == [TODAY]


def test_no_form_to_any_address_books_a_closed_day(world: World) -> None:
    """The control comes first: without the licence's end the same forms book."""
    moves = {"book:hold", "book:confirm"}
    assert moved_by(world, "ana", only=moves) == moves
    a_credential(world.cast.tess, expires_on=TODAY + timedelta(days=3))
    assert moved_by(world, "ana") == set()
    later = Appointment.objects.filter(start__gt=at(23, days=3), booked_at__isnull=False)
    assert not later.exists()


def test_a_page_sends_a_closed_day_back(cast: Cast, licence: Credential) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice)
    browser = signed_in(cast, "ana")
    assert hold(browser, cast, at(10, days=2)) == 409
    assert hold(browser, cast, at(10, days=1)) == 302
