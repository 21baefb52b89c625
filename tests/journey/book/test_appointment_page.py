"""One appointment, as its client, its therapist and the practice see it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.appointments import a_hold, an_appointment
from tests.cast import Cast
from tests.checkins import a_completed_checkin
from tests.reviews import attended, written
from unknot.journey.book.actions import attendance
from unknot.journey.book.models import Appointment

BrowserOf = Callable[[str], Browser]


def address_of(made: Appointment) -> str:
    return reverse("book:appointment", args=[made.key])


def page_of(browser: Browser, made: Appointment) -> str:
    answer = browser.get(address_of(made))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_client_sees_time_place_price_and_the_next_steps(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    made = an_appointment(cast, note="The stairs are hard for me.")
    page = page_of(browser_of("ana"), made)
    for text in (
        "Monday 30 March, 10:00 to 11:00",
        "70.00 EUR",
        "Lindenweg 4",
        "The stairs are hard",
    ):
        assert text in page
    assert reverse("interfaces:appointment-calendar", args=[made.key]) in page
    assert "Yes, cancel it" in page


def test_the_therapist_sees_who_comes_and_the_note(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    page = page_of(browser_of("tess"), an_appointment(cast, note="The stairs are hard for me."))
    assert "<b>Ana</b>" in page
    assert "The stairs are hard" in page


@pytest.mark.parametrize("name", ["finn", "paz"])
def test_who_keeps_the_list_sees_the_time_and_no_note(
    cast: Cast, now: datetime, browser_of: BrowserOf, name: str
) -> None:
    made = an_appointment(cast, note="The stairs are hard for me.")
    page = page_of(browser_of(name), made)
    assert "<b>Ana</b>" in page
    assert "The stairs are hard" not in page
    assert "calendar.ics" not in page
    assert "Yes, cancel it" in page


@pytest.mark.parametrize("name", ["ben", "theo", "uma", "opal"])
def test_for_everybody_else_it_does_not_exist(
    cast: Cast, now: datetime, browser_of: BrowserOf, name: str
) -> None:
    assert browser_of(name).get(address_of(an_appointment(cast))).status_code == 404


def test_somebody_signed_out_signs_in(cast: Cast, now: datetime) -> None:
    answer = Browser().get(address_of(an_appointment(cast)))
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_hold_is_no_appointment_yet(cast: Cast, now: datetime, browser_of: BrowserOf) -> None:
    assert browser_of("ana").get(address_of(a_hold(cast))).status_code == 404


def test_on_hold_it_says_why_in_words_fit_for_each(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    made = an_appointment(cast)
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    own, desk = page_of(browser_of("ana"), made), page_of(browser_of("finn"), made)
    assert "we would like to speak with you first" in own
    assert "Cancelling is free, because the appointment is on hold." in own
    assert "check-in" not in desk.split("<main")[1].split("</main>")[0]


def test_it_leads_to_the_review_while_one_can_be_written(
    cast: Cast,
    now: datetime,
    browser_of: BrowserOf,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    def at(moment: datetime) -> Browser:
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return browser_of("ana")

    made = an_appointment(cast)
    review, second = reverse("follow:review", args=[made.key]), timedelta(seconds=1)
    opens, closes = made.end + timedelta(hours=24), made.end + timedelta(days=60)
    assert review not in page_of(browser_of("ana"), made)
    attendance.mark_attended(made, actor=cast.user("tess"), now=made.end)
    for moment in (made.end, opens - second):
        page = page_of(at(moment), made)
        assert "From 31 March 2026, 11:00 on you can write a review." in page
        assert review not in page
        assert "Yes, cancel it" not in page
    for moment in (opens, closes):
        browser = at(moment)
        page_of(browser, made)
        with django_assert_num_queries(6):
            page = page_of(browser, made)
        assert "Write a review" in page
        assert "you can write a review" not in page
        assert browser.get(review).status_code == 200
    assert review not in page_of(at(closes + second), made)
    assert review not in page_of(browser_of("tess"), made)


def test_after_the_window_one_s_own_review_stays_within_reach(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    visit = attended(cast, days=-70)
    browser = browser_of("ana")
    assert reverse("follow:review", args=[visit.key]) not in page_of(browser, visit)
    written(visit)
    page = page_of(browser, visit)
    assert "Read your review" in page
    assert "Write a review" not in page
    assert browser.get(reverse("follow:review", args=[visit.key])).status_code == 200


def test_what_has_begun_is_cancelled_by_telephone(
    cast: Cast, now: datetime, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, browser = an_appointment(cast), browser_of("ana")
    monkeypatch.setattr(timezone, "now", lambda: made.start)
    page = page_of(browser, made)
    assert "Yes, cancel it" not in page
    assert "+49 30 5550 0100" in page


def test_it_takes_no_post_and_no_unknown_key(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    browser = browser_of("ana")
    assert browser.post(address_of(an_appointment(cast))).status_code == 405
    assert browser.get(reverse("book:appointment", args=[uuid4()])).status_code == 404


def test_number_of_queries(
    cast: Cast,
    now: datetime,
    browser_of: BrowserOf,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    made, browser = an_appointment(cast), browser_of("ana")
    page_of(browser, made)
    with django_assert_num_queries(6):  # type: ignore[attr-defined]
        page_of(browser, made)
