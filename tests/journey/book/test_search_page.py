"""Find a time: the page, its question and what it shows to whom."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, a_service
from tests.checkins import a_completed_checkin
from tests.journey.choose.test_techniques_page import text_of
from unknot.journey.book.actions import days
from unknot.journey.book.models import Need, Resource
from unknot.journey.choose.models import Postcode
from unknot.journey.understand.models import CheckIn
from unknot.people.models import Location

PAGE = reverse("book:search")
Visitor = Callable[[CheckIn | None], Browser]


@pytest.fixture
def weeks(cast: Cast, now: datetime) -> Cast:
    """The cast, whose days are written."""
    days.keep_ahead(now)
    return cast


def test_each_card_says_the_first_free_time_and_opens_the_week_there(
    weeks: Cast, visitor: Visitor
) -> None:
    page = visitor(None).get(PAGE, {"technique": "swedish", "weekday": "0", "part": "afternoon"})
    text = text_of(page)
    assert text.count("First free time") == 3
    assert "Mon 30 March, 12:00" in text
    week = reverse("book:slots", args=["tess", weeks.swedish.pk])
    assert f'href="{week}?day=2026-03-30"' in page.content.decode()
    assert "Mon 30 Mar, 12:45" in text  # up to three more
    assert "70.00" in text
    opened = visitor(None).get(week, {"day": "2026-03-30"})
    assert "12:00" in text_of(opened)


def test_a_checkin_shows_its_practice_and_its_techniques_alone(
    weeks: Cast, visitor: Visitor
) -> None:
    checkin = a_completed_checkin(None, practice=weeks.practice, medicines=["anticoagulant"])
    page = visitor(checkin).get(PAGE)
    text = text_of(page)
    assert "Tess" in text
    assert "Uma" not in text
    assert f"/{weeks.deep_tissue.pk}/?day" not in page.content.decode()
    assert 'value="deep_tissue"' not in page.content.decode()


def test_a_stopped_reader_sees_no_time(weeks: Cast, visitor: Visitor) -> None:
    checkin = a_completed_checkin(None, practice=weeks.practice, red_flags=["rf_cad"])
    page = visitor(checkin).get(PAGE, {"technique": "swedish"})
    assert "Booking is closed for now" in text_of(page)
    assert 'href="/book/' not in page.content.decode()
    assert 'href="/book/' in visitor(None).get(PAGE).content.decode()


def test_nothing_that_fits_says_what_to_do(weeks: Cast, visitor: Visitor) -> None:
    page = visitor(None).get(PAGE, {"weekday": "6"})
    assert page.status_code == 200
    assert "Nobody has a free time that fits all of this" in text_of(page)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"since": "2026-03-26"}, "This day has passed"),
        ({"since": "9999-12-31"}, "Nobody plans so far ahead"),
        ({"since": "tomorrow"}, "Write the day as"),
        ({"postcode": "00000"}, "We do not know the postcode"),
        ({"radius": "5"}, "A distance needs a postcode"),
        ({"weekday": "7"}, "Choose a weekday from the list"),
        ({"part": "night"}, "Choose a part of the day"),
        ({"span": "100000"}, "Choose how many days"),
        ({"technique": "no_such"}, "Nobody offers this technique"),
        ({"feature": "no_such"}, "Nobody has this"),
        ({"page": "6"}, "There is no such page"),
    ],
)
def test_a_wrong_value_is_said_and_counts_as_none(
    weeks: Cast, visitor: Visitor, sent: dict[str, str], sentence: str
) -> None:
    page = visitor(None).get(PAGE, sent)
    assert page.status_code == 422
    text = text_of(page)
    assert sentence in text
    assert "First free time" in text


def test_distance_is_that_to_the_postcode(weeks: Cast, visitor: Visitor) -> None:
    Postcode.objects.create(
        country="DE", code="10115", place="Berlin", latitude=52.532, longitude=13.385
    )
    here = {"latitude": 52.55, "longitude": 13.385}
    Location.objects.filter(practice=weeks.practice).update(**here)
    text = text_of(visitor(None).get(PAGE, {"postcode": "10115", "radius": "5"}))
    assert "within 5 km of 10115 Berlin" in text
    assert "About 2 km" in text
    assert "Uma" not in text  # nobody has said where she is


def test_what_a_service_takes_can_be_asked_for_once_somebody_has_it(
    weeks: Cast, visitor: Visitor
) -> None:
    assert "Stone heater" not in text_of(visitor(None).get(PAGE))
    warm = a_service(weeks.practice, "hot_stone", weeks.tess, minutes=90)
    Need.objects.create(service=warm, kind="tool", feature="stone_heater", before_minutes=30)
    assert "Stone heater" not in text_of(visitor(None).get(PAGE))
    tool = Resource.objects.create(
        kind="tool", practice=weeks.practice, name="Heater", features=["stone_heater"]
    )
    days.keep_ahead(datetime.fromisoformat("2026-03-27T08:00:00+00:00"))
    page = visitor(None).get(PAGE, {"feature": "stone_heater"})
    assert "Stone heater" in text_of(page)
    assert f"/{warm.pk}/?day" in page.content.decode()
    tool.active = False
    tool.save(update_fields=["active"])
    assert f"/{warm.pk}/?day" not in visitor(None).get(PAGE).content.decode().replace(
        f"/{weeks.swedish.pk}/?day", ""
    )


def test_htmx_gets_the_list_alone(weeks: Cast, visitor: Visitor) -> None:
    page = visitor(None).get(PAGE, headers={"HX-Request": "true"})
    assert page.content.decode().lstrip().startswith("<section")
    assert "HX-Request" in page["Vary"]


def test_it_costs_a_few_queries_and_some_for_each_card(
    weeks: Cast, visitor: Visitor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = visitor(None)
    with django_assert_num_queries(37):  # three cards, 7 each
        browser.get(PAGE, {"technique": "swedish", "minutes": "60"})
    with django_assert_num_queries(6):
        browser.get(PAGE, {"weekday": "6", "since": "2026-03-29", "span": "7"})
