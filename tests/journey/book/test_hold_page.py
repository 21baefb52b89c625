"""Pressing a time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import reverse

from tests.appointments import MONDAY_TEN, a_hold, an_appointment
from tests.cast import Cast, at
from tests.checkins import a_checkin, a_completed_checkin
from unknot.journey.book.actions import booking
from unknot.journey.book.models import AddOn, Appointment
from unknot.journey.book.pages import slots
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


@pytest.mark.parametrize(
    "start", [at(10, 7, days=3), at(3, days=3), at(10, days=90), at(8), at(10, days=-40)]
)
def test_a_refused_start_comes_with_three_times_that_can_be_pressed(
    cast: Cast, address: str, visitor: Visitor, start: datetime
) -> None:
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    answer = browser.post(address, {"start": start.isoformat()})
    others = answer.context["others"]
    assert len(others) == 3
    assert "These times are free" in answer.content.decode()
    assert browser.post(address, {"start": others[1].value}).status_code == 302


def test_tomorrow_of_another_zone_is_refused_as_past(
    cast: Cast, address: str, visitor: Visitor
) -> None:
    """It is Saturday in Auckland already; here the instant is over."""
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    answer = browser.post(address, {"start": "2026-03-27T20:00:00+13:00"})
    assert (answer.status_code, len(answer.context["others"])) == (409, 3)
    assert not Appointment.objects.exists()


def test_a_key_that_is_none_holds_nothing(cast: Cast, address: str, visitor: Visitor) -> None:
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    answer = browser.post(address, {**TEN, "key": "mine"})
    assert (answer.status_code, len(answer.context["others"])) == (422, 3)
    assert not Appointment.objects.exists()


def test_the_same_form_twice_is_one_hold(cast: Cast, address: str, visitor: Visitor) -> None:
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    form = {**TEN, "key": str(uuid4())}
    first, second = browser.post(address, form), browser.post(address, form)
    assert first["Location"] == second["Location"]
    assert Appointment.objects.count() == 1


def test_the_same_form_after_giving_the_time_back_says_that_it_is_no_longer_held(
    cast: Cast, address: str, visitor: Visitor
) -> None:
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    form = {**TEN, "key": str(uuid4())}
    browser.post(address, form)
    browser.post(reverse("book:release", args=[Appointment.objects.get().key]))
    answer = browser.post(address, form)
    assert answer.status_code == 409
    assert "We no longer hold this time for you." in answer.content.decode()
    assert MONDAY_TEN in [one.start for one in answer.context["others"]]
    assert Appointment.objects.count() == 1


def test_another_time_of_the_same_form_is_another_hold(
    cast: Cast, address: str, visitor: Visitor
) -> None:
    """Going back in the browser shows the old form; the other press is a new wish."""
    browser, key = visitor(a_completed_checkin(None, practice=cast.practice)), str(uuid4())
    browser.post(address, {**TEN, "key": key})
    browser.post(address, {"start": at(13, days=3).isoformat(), "key": key})
    held = Appointment.objects.get(status="held")
    assert held.start == at(13, days=3)


def test_what_was_added_is_held_with_the_time(cast: Cast, address: str, visitor: Visitor) -> None:
    stones = AddOn.objects.create(
        practice=cast.practice, name="Warm stones", minutes=15, price_minor=1200
    )
    stones.services.add(cast.swedish)
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    answer = browser.post(address, {**TEN, "add": [stones.pk]}, follow=True)
    held = Appointment.objects.get()
    assert held.end - held.start == timedelta(minutes=75)
    assert held.price_minor == 8200
    released = browser.post(reverse("book:release", args=[held.key]))
    assert (
        released["Location"]
        == f"{reverse('book:slots', args=['tess', cast.swedish.pk])}?add={stones.pk}"
    )
    assert answer.status_code == 200


def test_an_add_on_of_another_practice_or_one_that_is_gone_leaves_no_trace(
    cast: Cast, address: str, visitor: Visitor
) -> None:
    foreign = AddOn.objects.create(practice=cast.other_practice, name="Warm stones")
    foreign.services.add(cast.uma.services.get())
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    answer = browser.post(address, {**TEN, "add": [foreign.pk]})
    assert answer.status_code == 409
    assert "Something that you added is no longer offered." in answer.content.decode()
    assert not Appointment.objects.exists()


def test_a_service_or_therapist_of_another_practice_is_missing(
    cast: Cast, now: datetime, visitor: Visitor
) -> None:
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    for slug, service in (("uma", cast.swedish.pk), ("tess", cast.uma.services.get().pk)):
        assert browser.post(reverse("book:hold", args=[slug, service]), TEN).status_code == 404
    elsewhere = reverse("book:hold", args=["uma", cast.uma.services.get().pk])
    assert browser.post(elsewhere, TEN).status_code == 409
    assert not Appointment.objects.exists()


def test_a_client_holds_three_times_over_all_their_checkins_and_browsers(
    cast: Cast, address: str, browser_of: BrowserOf
) -> None:
    from tests.journey.book.conftest import remember

    answers = []
    for hour in (9, 11, 13, 15):
        browser = browser_of("ana")
        remember(browser, a_completed_checkin(cast.ana, practice=cast.practice))
        answers.append(browser.post(address, {"start": at(hour, 30, days=3).isoformat()}))
    assert [answer.status_code for answer in answers] == [302, 302, 302, 409]


def test_holds_count_by_public_network_and_never_by_the_address_of_a_proxy() -> None:
    def asked(address: str) -> str:
        return slots.asker(RequestFactory().get("/", REMOTE_ADDR=address))

    for inside in ("127.0.0.1", "::1", "10.0.0.7", "172.17.0.1", "192.168.1.5", "fd00::1", "", "x"):
        assert asked(inside) == ""
    assert asked("8.8.8.8") not in ("", asked("8.8.4.4"))
    assert "8.8.8.8" not in asked("8.8.8.8")
    assert asked("2a00:1450:4001:80e::1") == asked("2a00:1450:4001:80e:ffff::2") != ""


def test_the_next_hold_of_a_full_address_is_refused(
    cast: Cast, address: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(booking, "OPEN_HOLDS_OF_ADDRESS", 2)
    statuses = []
    for hour, network in ((9, "8.8.8.8"), (11, "8.8.8.8"), (13, "8.8.8.8"), (15, "8.8.4.4")):
        browser = visitor(a_completed_checkin(None, practice=cast.practice))
        start = {"start": at(hour, 30, days=3).isoformat()}
        statuses.append(browser.post(address, start, REMOTE_ADDR=network).status_code)
    assert statuses == [302, 302, 409, 302]


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
