"""One's own appointments."""

from collections.abc import Callable
from datetime import datetime

from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import a_hold, an_appointment
from tests.cast import Cast, at
from tests.checkins import a_completed_checkin
from unknot.journey.book.actions import arrange

BrowserOf = Callable[[str], Browser]
ADDRESS = "/appointments/"


def test_it_lists_what_is_coming_and_what_was(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    coming = an_appointment(cast)
    gone = an_appointment(cast, start=at(13, days=3))
    arrange.cancel(cast.user("ana"), gone, now=now)
    page = browser_of("ana").get(ADDRESS).content.decode()
    assert page.index("Coming") < page.index(str(coming.key)) < page.index("Before")
    assert page.index("Before") < page.index(str(gone.key))
    assert "Monday 30 March 2026, 10:00" in page


def test_it_shows_what_is_on_hold(cast: Cast, now: datetime, browser_of: BrowserOf) -> None:
    an_appointment(cast)
    assert "on hold" not in browser_of("ana").get(ADDRESS).content.decode()
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    assert "on hold" in browser_of("ana").get(ADDRESS).content.decode()


def test_without_any_it_invites_the_first_step(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    an_appointment(cast)
    a_hold(cast, client=cast.ben, start=at(13, days=3))
    page = browser_of("ben").get(ADDRESS).content.decode()
    assert "No appointment is coming" in page
    assert reverse("choose:techniques") in page


def test_staff_have_no_list_of_their_own(cast: Cast, now: datetime, browser_of: BrowserOf) -> None:
    for name in ("tess", "paz", "finn", "opal"):
        assert browser_of(name).get(ADDRESS).status_code == 404


def test_somebody_signed_out_signs_in(cast: Cast, now: datetime) -> None:
    assert Browser().get(ADDRESS)["Location"].startswith(reverse("account_login"))


def test_it_takes_no_post(cast: Cast, now: datetime, browser_of: BrowserOf) -> None:
    assert browser_of("ana").post(ADDRESS).status_code == 405


def test_ten_appointments_take_as_many_queries_as_one(
    cast: Cast,
    now: datetime,
    browser_of: BrowserOf,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    browser = browser_of("ana")
    an_appointment(cast)
    browser.get(ADDRESS)
    with django_assert_num_queries(12):  # type: ignore[attr-defined]
        browser.get(ADDRESS)
    for days in (4, 5, 6):
        an_appointment(cast, start=at(10, days=days))
    with django_assert_num_queries(12):  # type: ignore[attr-defined]
        browser.get(ADDRESS)
