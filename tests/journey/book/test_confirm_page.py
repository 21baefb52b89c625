"""Booking the held time: once, by the right person, with nothing lost that was typed."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import MONDAY_TEN, a_hold, sent_at_once
from tests.cast import NOW, PASSWORD, Cast, a_user
from tests.checkins import a_completed_checkin
from unknot.journey.book.actions import booking
from unknot.journey.book.models import Appointment, Status
from unknot.journey.book.reads import clock
from unknot.journey.understand.models import CheckIn
from unknot.people.models import Client

BrowserOf = Callable[[str], Browser]
Visitor = Callable[[CheckIn | None], Browser]
WORDS = {"name": "Ana Example", "phone": "+49 30 5550 0199", "note": "The stairs are hard."}


def address_of(held: Appointment) -> str:
    return reverse("book:confirm", args=[held.key])


def hold_as(browser: Browser, cast: Cast) -> Appointment:
    address = reverse("book:hold", args=["tess", cast.swedish.pk])
    assert browser.post(address, {"start": MONDAY_TEN.isoformat()}).status_code == 302
    return Appointment.objects.get(status=Status.HELD)


def test_a_client_books(cast: Cast, now: datetime, browser_of: BrowserOf) -> None:
    held = a_hold(cast)
    answer = browser_of("ana").post(address_of(held), WORDS)
    held.refresh_from_db()
    cast.ana.refresh_from_db()
    assert answer["Location"] == reverse("book:appointment", args=[held.key])
    assert (held.status, held.note) == (Status.CONFIRMED, "The stairs are hard.")
    assert cast.ana.phone == "+49 30 5550 0199"


def test_a_visitor_signs_in_on_the_way_and_becomes_a_client(
    cast: Cast, now: datetime, visitor: Visitor
) -> None:
    a_user("Nora")
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    held = hold_as(browser, cast)
    back = reverse("book:held", args=[held.key])
    answer = browser.post(
        f"{reverse('account_login')}?next={back}",
        {"login": "nora@example.org", "password": PASSWORD},
    )
    assert answer["Location"] == back
    assert 'name="note"' in browser.get(back).content.decode()
    browser.post(address_of(held), {**WORDS, "name": "Nora"})
    held.refresh_from_db()
    nora = Client.objects.get(user__email="nora@example.org")
    assert (held.status, held.client, nora.name) == (Status.CONFIRMED, nora, "Nora")
    assert held.checkin is not None
    assert held.checkin.client == nora


def test_a_visitor_creates_an_account_on_the_way(
    cast: Cast, now: datetime, visitor: Visitor
) -> None:
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    held = hold_as(browser, cast)
    back = reverse("book:held", args=[held.key])
    answer = browser.post(
        f"{reverse('account_signup')}?next={back}",
        {"email": "nora@example.org", "password1": PASSWORD},
    )
    assert answer["Location"] == back
    browser.post(address_of(held), WORDS)
    held.refresh_from_db()
    assert held.status == Status.CONFIRMED


def test_pressing_twice_books_once(cast: Cast, now: datetime, browser_of: BrowserOf) -> None:
    held, browser = a_hold(cast), browser_of("ana")
    answers = [browser.post(address_of(held), WORDS) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Appointment.objects.filter(status=Status.CONFIRMED).count() == 1
    assert sent_at_once().count() == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Write your name"),
        ({"phone": "call me"}, "Write the number in digits"),
        ({"note": "x" * 501}, "at most 500 characters"),
        ({"note": "a\0b"}, "Null characters"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_typed_is_lost(
    cast: Cast,
    now: datetime,
    browser_of: BrowserOf,
    wrong: dict[str, str],
    sentence: str,
) -> None:
    held = a_hold(cast)
    answer = browser_of("ana").post(address_of(held), {**WORDS, **wrong})
    page = answer.content.decode()
    held.refresh_from_db()
    assert answer.status_code == 422
    assert sentence in page
    assert held.status == Status.HELD
    for name in WORDS.keys() - wrong.keys():
        assert WORDS[name] in page


def test_somebody_signed_out_in_the_middle_comes_back_to_what_they_typed(
    cast: Cast, now: datetime, visitor: Visitor
) -> None:
    held, browser = a_hold(cast), visitor(None)
    answer = browser.post(address_of(held), WORDS)
    back = reverse("book:held", args=[held.key])
    assert answer["Location"] == f"{reverse('account_login')}?next={back}"
    browser.post(answer["Location"], {"login": "ana@example.org", "password": PASSWORD})
    assert "The stairs are hard." in browser.get(back).content.decode()


def test_a_hold_that_ran_out_is_taken_again_when_the_time_is_free(
    cast: Cast, now: datetime, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, browser = a_hold(cast), browser_of("ana")
    monkeypatch.setattr(clock, "database_now", lambda: NOW + booking.HOLD)
    answer = browser.post(address_of(held), WORDS)
    page = answer.content.decode()
    again = Appointment.objects.get(status=Status.HELD)
    assert answer.status_code == 409
    assert "We held this time for you until 09:10. That has passed." in page
    assert "It was still free, so we hold it for you again." in page
    assert "The stairs are hard." in page
    assert address_of(again) in page
    assert browser.post(address_of(again), WORDS).status_code == 302


def test_a_hold_that_ran_out_and_was_taken_shows_what_is_free(
    cast: Cast, now: datetime, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, browser = a_hold(cast), browser_of("ana")
    later = NOW + booking.HOLD
    a_hold(cast, client=cast.ben, now=later)
    monkeypatch.setattr(clock, "database_now", lambda: later)
    answer = browser.post(address_of(held), WORDS)
    assert answer.status_code == 409
    assert "This time has just been taken" in answer.content.decode()
    assert 'aria-label="Monday 30 March 10:00"' not in answer.content.decode()
    # What was typed waits for the next time that is held.
    other = a_hold(cast, start=MONDAY_TEN.replace(hour=12), now=later)
    page = browser.get(reverse("book:held", args=[other.key])).content.decode()
    assert "The stairs are hard." in page


def test_a_stop_opened_after_the_hold_refuses(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    held = a_hold(cast)
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    answer = browser_of("ana").post(address_of(held), WORDS)
    held.refresh_from_db()
    assert answer.status_code == 409
    assert "Booking is closed for now" in answer.content.decode()
    assert held.status == Status.HELD


def test_a_later_stopped_checkin_of_the_same_browser_refuses_the_older_hold(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    from tests.journey.book.conftest import remember

    held, browser = a_hold(cast), browser_of("ana")
    remember(browser, a_completed_checkin(None, practice=cast.practice, red_flags=["rf_cad"]))
    answer = browser.post(address_of(held), WORDS)
    held.refresh_from_db()
    assert answer.status_code == 409
    assert held.status == Status.HELD


def test_nobody_books_the_hold_of_somebody_else(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    held = a_hold(cast)
    for name in ("ben", "tess", "paz", "uma"):
        assert browser_of(name).post(address_of(held), WORDS).status_code == 404
    held.refresh_from_db()
    assert held.status == Status.HELD


def test_it_takes_only_post(cast: Cast, now: datetime, browser_of: BrowserOf) -> None:
    assert browser_of("ana").get(address_of(a_hold(cast))).status_code == 405
