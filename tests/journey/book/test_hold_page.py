"""Pressing a time."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import MONDAY_TEN, a_hold, an_appointment
from tests.cast import Cast, at
from tests.checkins import a_checkin, a_completed_checkin
from unknot.journey.book.models import Appointment
from unknot.journey.understand.models import CheckIn

BrowserOf = Callable[[str], Browser]
Visitor = Callable[[CheckIn | None], Browser]
TEN = {"start": MONDAY_TEN.isoformat()}


@pytest.fixture
def address(cast: Cast, now: datetime) -> str:
    return reverse("book:hold", args=["tess", cast.swedish.pk])


def test_a_visitor_holds_a_time_and_goes_on(cast: Cast, address: str, visitor: Visitor) -> None:
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    answer = browser.post(address, TEN)
    held = Appointment.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("book:held", args=[held.key])


def test_a_client_with_an_older_checkin_holds_too(
    cast: Cast, address: str, browser_of: BrowserOf
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice)
    browser_of("ana").post(address, TEN)
    assert Appointment.objects.get().client == cast.ana


def test_a_taken_time_answers_409_with_what_is_free_now(
    cast: Cast, address: str, visitor: Visitor
) -> None:
    an_appointment(cast, client=cast.ben)
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    answer = browser.post(address, TEN)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This time has just been taken. Here is what is free now." in page
    assert "30 March to 5 April" in page
    assert 'aria-label="Monday 30 March 11:15"' in page
    assert 'aria-label="Monday 30 March 10:00"' not in page


def test_without_a_checkin_nothing_is_held(address: str, visitor: Visitor) -> None:
    answer = visitor(None).post(address, TEN)
    assert answer.status_code == 409
    assert "First a check-in" in answer.content.decode()
    assert not Appointment.objects.exists()


def test_a_hand_made_post_of_a_stopped_visitor_is_refused(
    cast: Cast, address: str, visitor: Visitor
) -> None:
    stopped = a_completed_checkin(None, practice=cast.practice, red_flags=["rf_cad"])
    answer = visitor(stopped).post(address, TEN)
    assert answer.status_code == 409
    assert "Booking is closed for now" in answer.content.decode()
    assert not Appointment.objects.exists()


def test_a_hand_made_post_of_a_stopped_client_is_refused(
    cast: Cast, address: str, browser_of: BrowserOf
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    a_completed_checkin(cast.ana, practice=cast.practice)
    assert browser_of("ana").post(address, TEN).status_code == 409
    assert not Appointment.objects.exists()


def test_an_unfinished_checkin_of_the_browser_counts_before_an_older_good_one(
    cast: Cast, address: str, browser_of: BrowserOf
) -> None:
    from tests.journey.book.conftest import remember

    a_completed_checkin(cast.ana, practice=cast.practice)
    browser = browser_of("ana")
    remember(browser, a_checkin(practice=cast.practice))
    answer = browser.post(address, TEN)
    assert answer.status_code == 409
    assert "A check-in is needed first" in answer.content.decode()


@pytest.mark.parametrize(
    "start",
    ["", "ten", "2026-03-30", "2026-03-30T10:00:00", "0001-01-01T00:00:00+23:59", "x" * 5000, "\0"],
)
def test_what_is_no_time_answers_422(
    cast: Cast, address: str, visitor: Visitor, start: str
) -> None:
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    assert browser.post(address, {"start": start}).status_code == 422
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("start", [at(10, 7, days=3), at(3, days=3), at(10, days=90), at(8)])
def test_a_start_that_is_not_offered_answers_409(
    cast: Cast, address: str, visitor: Visitor, start: datetime
) -> None:
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    assert browser.post(address, {"start": start.isoformat()}).status_code == 409
    assert not Appointment.objects.exists()


def test_the_fourth_open_hold_of_a_browser_is_refused(
    cast: Cast, address: str, visitor: Visitor
) -> None:
    from tests.journey.book.conftest import remember

    browser = visitor(None)
    answers = []
    for hour in (9, 11, 13, 15):
        remember(browser, a_completed_checkin(None, practice=cast.practice))
        answers.append(browser.post(address, {"start": at(hour, 30, days=3).isoformat()}))
    assert [answer.status_code for answer in answers] == [302, 302, 302, 409]
    assert "You already hold several times" in answers[-1].content.decode()


def test_it_takes_only_post(address: str, visitor: Visitor) -> None:
    assert visitor(None).get(address).status_code == 405


def test_it_asks_for_the_token(cast: Cast, address: str) -> None:
    assert Browser(enforce_csrf_checks=True).post(address, TEN).status_code == 403


def test_the_hold_of_somebody_else_is_not_touched(
    cast: Cast, address: str, visitor: Visitor
) -> None:
    other = a_hold(cast, client=cast.ben, start=at(13, days=3))
    visitor(a_completed_checkin(None, practice=cast.practice)).post(address, TEN)
    other.refresh_from_db()
    assert other.status == "held"
