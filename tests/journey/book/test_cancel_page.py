"""Cancelling from the page."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from tests.appointments import an_appointment
from tests.cast import Cast, at
from tests.checkins import a_completed_checkin
from unknot.journey.book.models import Appointment, Status

BrowserOf = Callable[[str], Browser]


def address_of(made: Appointment) -> str:
    return reverse("book:cancel", args=[made.key])


@pytest.mark.parametrize("name", ["ana", "tess", "finn", "paz"])
def test_it_cancels_and_says_so(
    cast: Cast, now: datetime, browser_of: BrowserOf, name: str
) -> None:
    made, browser = an_appointment(cast), browser_of(name)
    answer = browser.post(address_of(made), follow=True)
    made.refresh_from_db()
    assert made.status == Status.CANCELLED
    assert "The appointment is cancelled." in answer.content.decode()


def test_on_hold_it_can_still_be_cancelled(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    made = an_appointment(cast)
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    browser_of("ana").post(address_of(made))
    made.refresh_from_db()
    assert made.status == Status.CANCELLED


@pytest.mark.parametrize("name", ["ben", "theo", "uma", "opal"])
def test_for_everybody_else_it_does_not_exist(
    cast: Cast, now: datetime, browser_of: BrowserOf, name: str
) -> None:
    made = an_appointment(cast)
    assert browser_of(name).post(address_of(made)).status_code == 404
    made.refresh_from_db()
    assert made.status == Status.CONFIRMED


def test_too_late_is_a_clear_sentence(
    cast: Cast, now: datetime, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, browser = an_appointment(cast), browser_of("ana")
    monkeypatch.setattr(timezone, "now", lambda: made.start)
    answer = browser.post(address_of(made))
    assert answer.status_code == 409
    assert "Please call the practice" in answer.content.decode()


def test_it_takes_only_post_of_somebody_signed_in(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    made = an_appointment(cast)
    assert browser_of("ana").get(address_of(made)).status_code == 405
    assert Browser().post(address_of(made))["Location"].startswith(reverse("account_login"))


@pytest.fixture
def half_price(cast: Cast) -> None:
    """Late is half the price here."""
    cast.practice.late_fee_percent = 50
    cast.practice.save(update_fields=["late_fee_percent"])


@pytest.mark.usefixtures("half_price")
def test_the_page_says_before_pressing_what_it_costs_and_why(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    late, early = an_appointment(cast, start=at(14)), an_appointment(cast)
    browser = browser_of("ana")
    page = browser.get(reverse("book:appointment", args=[late.key])).content.decode()
    assert "Cancelling now costs 35.00 EUR." in page
    assert "There is a fee, because this is late." in page
    assert "Early enough is 24 hours before it begins." in page
    page = browser.get(reverse("book:appointment", args=[early.key])).content.decode()
    assert "There is no fee, because this is early enough." in page


@pytest.mark.usefixtures("half_price")
def test_what_became_late_meanwhile_is_not_cancelled_unseen(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    made, browser = an_appointment(cast, start=at(14)), browser_of("ana")
    assert browser.post(address_of(made), {"fee": 0}).status_code == 409
    made.refresh_from_db()
    assert made.status == Status.CONFIRMED
    answer = browser.post(address_of(made), {"fee": 3500}, follow=True)
    assert "It was cancelled late. The fee is 35.00 EUR." in answer.content.decode()


@pytest.mark.usefixtures("half_price")
@pytest.mark.parametrize(
    ("sent", "fee", "waived"),
    [
        ({}, 0, ""),
        ({"asked_by": "client"}, 3500, ""),
        ({"asked_by": "client", "reason": "First time."}, 0, "First time."),
    ],
)
def test_staff_cancel_for_the_practice_or_for_the_client_and_may_waive(
    cast: Cast, now: datetime, browser_of: BrowserOf, sent: dict[str, str], fee: int, waived: str
) -> None:
    made = an_appointment(cast, start=at(14))
    browser_of("finn").post(address_of(made), {"fee": 3500, **sent})
    made.refresh_from_db()
    assert (made.status, made.fee_minor, made.fee_waived) == (Status.CANCELLED, fee, waived)


@pytest.mark.usefixtures("half_price")
def test_a_client_cannot_waive(cast: Cast, now: datetime, browser_of: BrowserOf) -> None:
    made = an_appointment(cast, start=at(14))
    sent = {"reason": "Because.", "asked_by": "practice"}
    browser_of("ana").post(address_of(made), sent)
    made.refresh_from_db()
    assert (made.fee_minor, made.fee_waived) == (3500, "")


@pytest.mark.parametrize("sent", [{"fee": "x"}, {"asked_by": "nobody"}, {"reason": "x" * 300}])
def test_what_cannot_be_read_answers_422(
    cast: Cast, now: datetime, browser_of: BrowserOf, sent: dict[str, str]
) -> None:
    made = an_appointment(cast)
    assert browser_of("ana").post(address_of(made), sent).status_code == 422
    made.refresh_from_db()
    assert made.status == Status.CONFIRMED
