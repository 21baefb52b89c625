"""What can still be booked on a day: the same as booking itself says, in as few questions."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.appointments import an_appointment
from tests.cast import NOW, TODAY, Cast, a_client, at
from tests.journey.choose.listing import a_credential
from tests.practice.test_resources_page import a_room, takes_a_room
from unknot.domain.calendar.intervals import Period, merge
from unknot.journey.book.actions import time_off
from unknot.journey.book.actions.time_off import Away
from unknot.journey.book.models import BusySource, LoadLimit, LoadWeight, Resource
from unknot.journey.book.reads import decision, gaps
from unknot.journey.book.reads.decision import Wanted
from unknot.people.models import UnreadableCalendar

MONDAY = TODAY + timedelta(days=3)
pytestmark = pytest.mark.usefixtures("now")


def of(cast: Cast, slug: str) -> list[tuple[str, str]]:
    """The gaps of one therapist on Monday, as the clock on the wall shows them."""
    zone = cast.practice.tz
    return [
        (f"{one.start.astimezone(zone):%H:%M}", f"{one.end.astimezone(zone):%H:%M}")
        for one in gaps.of_day(cast.practice, MONDAY, now=NOW)
        if one.slug == slug
    ]


def agrees(cast: Cast) -> None:
    """Assert that every gap is what the one decision says when it is asked of one therapist."""
    for therapist in (cast.tess, cast.theo):
        shortest = therapist.services.filter(active=True, for_two=False).order_by("minutes", "pk")
        wanted = Wanted(therapist=therapist, service=shortest[0])
        alone = decision.ask(wanted, MONDAY, MONDAY, now=NOW)
        (together,) = decision.ask_each([wanted], MONDAY, MONDAY, now=NOW)
        assert together == alone
        starts = alone.offered(MONDAY, MONDAY, now=NOW)
        expected = merge(Period(one.start, one.end) for one in starts)
        found = gaps.of_day(cast.practice, MONDAY, now=NOW)
        assert expected == tuple(
            Period(one.start, one.end) for one in found if one.slug == therapist.slug
        )


def test_a_free_day_is_one_gap_up_to_the_end_of_its_last_session(cast: Cast) -> None:
    assert of(cast, "theo") == [("09:00", "16:45")]
    agrees(cast)


def test_what_is_booked_parts_the_day(cast: Cast) -> None:
    an_appointment(cast, start=at(12, days=3))
    assert of(cast, "tess") == [("09:00", "11:45"), ("13:15", "16:45")]
    agrees(cast)


def test_a_pause_too_short_for_the_shortest_session_is_no_gap(cast: Cast) -> None:
    an_appointment(cast, start=at(9, 30, days=3))
    assert of(cast, "tess") == [("10:45", "16:45")]
    agrees(cast)


def test_rooms_load_credentials_and_unread_calendars_count_as_in_booking(cast: Cast) -> None:
    a_room(cast)
    takes_a_room(cast)
    an_appointment(cast, start=at(12, days=3))
    agrees(cast)
    person = Resource.objects.get(user=cast.tess.user)
    LoadLimit.objects.create(resource=person, minutes_per_day=120, longest_run_minutes=90)
    LoadWeight.objects.create(resource=person, technique="swedish", percent=150)
    agrees(cast)
    BusySource.objects.create(
        resource=person, name="Private", url="https://calendar.example/a.ics",
        zone="Europe/Berlin", created_at=NOW,
    )  # fmt: skip
    cast.practice.unreadable_calendar = UnreadableCalendar.HOLD_BACK
    cast.practice.save(update_fields=["unreadable_calendar"])
    cast.tess.refresh_from_db()
    assert of(cast, "tess") == []
    agrees(cast)


def test_time_off_and_an_ended_credential_leave_no_gap(cast: Cast) -> None:
    time_off.add(
        cast.user("theo"), cast.theo, away=Away(first_day=MONDAY, last_day=MONDAY), now=NOW
    )
    a_credential(cast.tess, expires_on=TODAY)
    assert (of(cast, "theo"), of(cast, "tess")) == ([], [])
    agrees(cast)


def test_who_is_not_listed_has_no_gap(cast: Cast) -> None:
    cast.theo.listed_since = None
    cast.theo.save(update_fields=["listed_since"])
    assert of(cast, "theo") == []


def test_as_many_questions_for_one_as_for_all(cast: Cast) -> None:
    a_room(cast)
    takes_a_room(cast)
    an_appointment(cast)
    an_appointment(cast, client=a_client("Eva", cast.practice), start=at(14, days=3))
    counted = []
    for only in (cast.user("tess"), None):
        with CaptureQueriesContext(connection) as asked:
            gaps.of_day(cast.practice, MONDAY, now=NOW, only=only)
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 13
