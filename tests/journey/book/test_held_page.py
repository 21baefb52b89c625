"""The time held: the countdown, the form, and the way to an account."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import MONDAY_TEN, a_hold, an_appointment
from tests.cast import NOW, Cast, a_service
from tests.checkins import a_completed_checkin
from unknot.journey.book.actions import booking
from unknot.journey.book.models import Appointment, Resource
from unknot.journey.book.reads import clock
from unknot.journey.understand.models import CheckIn

BrowserOf = Callable[[str], Browser]
Visitor = Callable[[CheckIn | None], Browser]


def address_of(held: Appointment) -> str:
    return reverse("book:held", args=[held.key])


def test_a_client_sees_the_time_the_price_and_the_form(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    page = browser_of("ana").get(address_of(a_hold(cast))).content.decode()
    assert "Monday 30 March, 10:00 to 11:00" in page
    assert "70.00 EUR" in page
    assert "Held for you until 09:10." in page
    assert 'data-seconds-left="600"' in page
    assert 'value="Ana"' in page


def test_a_visitor_is_asked_for_an_account_and_comes_back(
    cast: Cast, now: datetime, visitor: Visitor
) -> None:
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    hold = reverse("book:hold", args=["tess", cast.swedish.pk])
    address = browser.post(hold, {"start": MONDAY_TEN.isoformat()})["Location"]
    page = browser.get(address).content.decode()
    assert f"{reverse('account_signup')}?next={address}" in page
    assert f"{reverse('account_login')}?next={address}" in page
    assert 'name="note"' not in page


def test_an_expired_hold_offers_the_same_time_again(
    cast: Cast, now: datetime, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = a_hold(cast)
    monkeypatch.setattr(clock, "database_now", lambda: NOW + booking.HOLD)
    page = browser_of("ana").get(address_of(held)).content.decode()
    assert "This time is no longer held" in page
    assert "Hold this time again" in page
    assert 'value="2026-03-30T08:00:00+00:00"' in page
    assert 'name="note"' not in page


def test_where_first_visits_are_asked_for_the_page_says_so(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    cast.practice.first_visit_by_request = True
    cast.practice.save(update_fields=["first_visit_by_request"])
    held, browser = a_hold(cast), browser_of("ana")
    page = browser.get(address_of(held)).content.decode()
    assert "The practice answers first visits itself" in page
    assert "Ask for this time" in page
    answer = browser.post(reverse("book:confirm", args=[held.key]), {"name": "Ana"}, follow=True)
    page = answer.content.decode()
    assert "Asked for. We write to you when the practice has answered." in page
    assert "The practice has not answered yet" in page


def test_a_time_for_two_asks_who_comes_along(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    couple = a_service(cast.practice, "swedish", cast.tess, cast.theo, minutes=75)
    couple.for_two = True
    couple.save(update_fields=["for_two"])
    for one in (cast.tess, cast.theo):
        Resource.objects.get_or_create(user=one.user, defaults={"kind": "person"})
    held, browser = a_hold(cast, service=couple), browser_of("ana")
    assert 'name="guest"' in browser.get(address_of(held)).content.decode()
    address = reverse("book:confirm", args=[held.key])
    answer = browser.post(address, {"name": "Ana"})
    assert answer.status_code == 422
    assert "Write the name of the person who comes with you." in answer.content.decode()
    assert browser.post(address, {"name": "Ana", "guest": "Bela"}).status_code == 302
    other = Appointment.objects.get(pair__isnull=False, client__name="Bela")
    assert (other.status, other.awaits) == ("pending", "screening")
    browser.post(reverse("book:cancel", args=[held.key]))
    other.refresh_from_db()
    assert other.status == "cancelled"


def test_after_booking_the_back_button_leads_to_the_appointment(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    made = an_appointment(cast)
    answer = browser_of("ana").get(address_of(made))
    assert answer["Location"] == reverse("book:appointment", args=[made.key])


def test_nobody_else_sees_it(cast: Cast, now: datetime, browser_of: BrowserOf) -> None:
    address = address_of(a_hold(cast))
    for name in ("ben", "tess", "theo", "paz", "uma", "opal"):
        assert browser_of(name).get(address).status_code == 404


def test_somebody_signed_out_signs_in_whatever_the_key(
    cast: Cast, now: datetime, visitor: Visitor
) -> None:
    for key in (a_hold(cast).key, uuid4()):
        answer = visitor(None).get(reverse("book:held", args=[key]))
        assert answer["Location"].startswith(reverse("account_login"))


def test_another_visitor_does_not_see_it(cast: Cast, now: datetime, visitor: Visitor) -> None:
    hold = reverse("book:hold", args=["tess", cast.swedish.pk])
    first = visitor(a_completed_checkin(None, practice=cast.practice))
    address = first.post(hold, {"start": MONDAY_TEN.isoformat()})["Location"]
    second = visitor(a_completed_checkin(None, practice=cast.practice))
    assert second.get(address)["Location"].startswith(reverse("account_login"))


def test_it_takes_no_post_and_no_bad_key(cast: Cast, now: datetime, browser_of: BrowserOf) -> None:
    browser = browser_of("ana")
    assert browser.post(address_of(a_hold(cast))).status_code == 405
    assert browser.get("/book/held/12/").status_code == 404


def test_number_of_queries(
    cast: Cast,
    now: datetime,
    browser_of: BrowserOf,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    address, browser = address_of(a_hold(cast)), browser_of("ana")
    browser.get(address)
    with django_assert_num_queries(7):  # type: ignore[attr-defined]
        browser.get(address)
