"""Cancelling from the page."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from tests.appointments import an_appointment
from tests.cast import Cast
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
