"""What to lay out, heat and clean on one day, without naming a client."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.appointments import MONDAY_TEN, a_hold, an_appointment
from tests.cast import NOW, Cast, a_client, a_service
from tests.practice.test_day_page import signed_in, words
from unknot.journey.book.actions import arrange, needs, resources
from unknot.journey.book.actions.needs import NeedDraft
from unknot.journey.book.actions.resources import ThingDraft
from unknot.journey.book.reads.room_plan import room_plan

pytestmark = pytest.mark.usefixtures("now")
PAGE = reverse("practice:room-plan") + "?day=2026-03-30"
HEATER = ThingDraft(kind="tool", name="Stone heater", features=frozenset({"stone_heater"}))


def a_house(cast: Cast) -> None:
    """A room that Swedish takes, with ten minutes before and after, and a heater with thirty."""
    room = ThingDraft(kind="room", name="Garden room")
    for thing in (room, HEATER):
        resources.add_things(cast.paz, cast.practice, draft=thing, now=NOW)
    around = {"before_minutes": 10, "after_minutes": 10}
    needs.add_need(cast.paz, cast.swedish, draft=NeedDraft(kind="room", **around), now=NOW)
    heat = NeedDraft(kind="tool", feature="stone_heater", before_minutes=30, after_minutes=30)
    needs.add_need(cast.paz, cast.swedish, draft=heat, now=NOW)


def test_the_room_is_set_up_used_and_cleaned_in_time(client: Browser, cast: Cast) -> None:
    a_house(cast)
    an_appointment(cast)
    told = words(signed_in(client, cast, "finn"), PAGE)
    assert "09:50Set up 10:00Swedish" in told
    assert "Tess, until 11:00" in told
    assert "unscented oil" in told
    assert "11:00Clean and change the linen, done by 11:10" in told


def test_the_heater_goes_on_before_and_off_after(client: Browser, cast: Cast) -> None:
    a_house(cast)
    an_appointment(cast)
    told = words(signed_in(client, cast, "finn"), PAGE)
    assert "09:30Turn on, needed at 10:00." in told
    assert "11:00Turn off, ready again at 11:30" in told


def test_a_heater_that_is_needed_again_stays_on(cast: Cast) -> None:
    a_house(cast)
    an_appointment(cast)
    an_appointment(cast, client=cast.ben, start=MONDAY_TEN + timedelta(hours=2))
    heater = next(one for one in room_plan(cast.practice, MONDAY_TEN.date()) if one.kind == "tool")
    assert [use.stays_on for use in heater.uses] == [True, False]


@pytest.mark.parametrize("name", ["finn", "tess", "paz"])
def test_no_client_is_named(client: Browser, cast: Cast, name: str) -> None:
    a_house(cast)
    an_appointment(cast)
    told = words(signed_in(client, cast, name), PAGE)
    assert "Ana" not in told
    assert "Garden room" in told


def test_what_is_cancelled_or_only_held_is_not_laid_out(cast: Cast) -> None:
    a_house(cast)
    arrange.cancel(cast.user("ana"), an_appointment(cast), now=NOW)
    a_hold(cast, client=cast.ben)
    assert all(not one.uses for one in room_plan(cast.practice, MONDAY_TEN.date()))


def test_whoever_works_without_a_room_is_listed_by_name(client: Browser, cast: Cast) -> None:
    an_appointment(cast)
    assert "Tess, no room named" in words(signed_in(client, cast, "finn"), PAGE)


def test_another_practice_is_not_shown(client: Browser, cast: Cast) -> None:
    a_house(cast)
    an_appointment(cast)
    assert "Nothing to get ready" in words(signed_in(client, cast, "uma"), PAGE)


def test_a_day_that_is_none_shows_today(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "finn")
    answer = browser.get(reverse("practice:room-plan"), {"day": "yesterday"})
    assert answer.status_code == 422
    assert "This is not a day." in answer.content.decode()


@pytest.mark.parametrize("count", [1, 6])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    service = a_service(cast.practice, "shiatsu", cast.tess, minutes=30)
    for number in range(count):
        start = MONDAY_TEN + timedelta(minutes=45 * number)
        person = a_client(f"Client{number}", cast.practice)
        an_appointment(cast, client=person, service=service, start=start)
    with django_assert_num_queries(2):
        room_plan(cast.practice, MONDAY_TEN.date())
