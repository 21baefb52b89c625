"""A check-in that is too old, or after which something new was said, books nothing on any route."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import a_hold
from tests.cast import NOW, Cast
from tests.checkins import a_completed_checkin
from unknot.journey.book.models import Appointment, Status
from unknot.journey.understand.access import SESSION_KEY
from unknot.journey.understand.actions.recheck import answer_recheck
from unknot.journey.understand.models import CheckIn
from unknot.people.models import Client

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
START = "2026-03-30T10:00:00+02:00"
TOO_OLD = "Your safety answers are missing or too old"
NEW = "You said that something is new, or may be"

#: How old the check-in is, what was said a minute ago, and the reason; without one it books.
CASES = {
    "ninety days": (90 * DAY, "", ""),
    "ninety days and nothing new": (90 * DAY, "no", ""),
    "ninety days and a second": (90 * DAY + timedelta(seconds=1), "", TOO_OLD),
    "ninety-one days": (91 * DAY, "", TOO_OLD),
    "ninety-one days and nothing new": (91 * DAY, "no", TOO_OLD),
    "yesterday, then yes": (DAY, "yes", NEW),
    "yesterday, then not sure": (DAY, "unsure", NEW),
    "yesterday, then nothing new": (DAY, "no", ""),
}

#: Where the check-in lies: with the account alone, or also in the browser.
HELD_BY = ("account", "browser")


@pytest.fixture(params=CASES.values(), ids=CASES.keys())
def case(request: pytest.FixtureRequest) -> tuple[timedelta, str, str]:
    found: tuple[timedelta, str, str] = request.param
    return found


def say(cast: Cast, said: str, *, at: datetime) -> None:
    if said:
        answer_recheck(cast.user("ana"), cast.ana, appointment_key=uuid4(), said=said, now=at)


def browser_with(cast: Cast, checkin: CheckIn, held_by: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.user("ana"))
    if held_by == "browser":
        session = browser.session
        session[SESSION_KEY] = str(checkin.key)
        session.save()
    return browser


@pytest.mark.parametrize("held_by", HELD_BY)
def test_the_week_the_hold_and_the_search(
    cast: Cast, now: datetime, case: tuple[timedelta, str, str], held_by: str
) -> None:
    age, said, why = case
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, now=NOW - age)
    say(cast, said, at=NOW - MINUTE)
    browser = browser_with(cast, checkin, held_by)

    week = reverse("book:slots", args=["tess", cast.swedish.pk])
    shown = browser.get(f"{week}?week=2026-03-30").content.decode()
    assert ('name="start"' not in shown) is bool(why)
    assert why in shown
    assert (reverse("understand:start") in re.findall('href="([^"]+)"', shown)) is bool(why)

    sent = browser.post(reverse("book:hold", args=["tess", cast.swedish.pk]), {"start": START})
    assert sent.status_code == (409 if why else 302)
    assert Appointment.objects.exists() is not bool(why)

    search = browser.get(reverse("choose:therapists"), {"technique": "swedish"}).content.decode()
    assert ("Please check in again" in search) is bool(why)
    assert (week in search) is not bool(why)


def test_the_confirmation_of_an_earlier_hold(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch, case: tuple[timedelta, str, str]
) -> None:
    """It was held in the last minutes of its days, before anything new was said."""
    age, said, why = case
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, now=NOW - 90 * DAY)
    held = a_hold(cast, checkin=checkin)
    at = NOW + age - 90 * DAY if age > 90 * DAY else NOW
    if age > 90 * DAY:  # the hold is kept for as long as that
        Appointment.objects.update(held_until=at + MINUTE)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    monkeypatch.setattr("unknot.journey.book.reads.clock.database_now", lambda: at)
    say(cast, said, at=at)
    browser = browser_with(cast, checkin, "account")
    words = {"name": "Ana", "phone": "+49 30 5550 0101", "note": ""}
    answer = browser.post(reverse("book:confirm", args=[held.key]), words)
    held.refresh_from_db()
    assert answer.status_code == (409 if why else 302)
    assert held.status == (Status.HELD if why else Status.CONFIRMED)
    assert why in answer.content.decode()


@pytest.mark.parametrize("said", ["yes", "unsure"])
def test_a_new_full_checkin_opens_every_route_again(
    cast: Cast, now: datetime, browser_of: Callable[[str], Browser], said: str
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, now=NOW - DAY)
    say(cast, said, at=NOW - 2 * MINUTE)
    a_completed_checkin(cast.ana, practice=cast.practice, now=NOW - MINUTE)
    page = browser_of("ana").get(reverse("book:slots", args=["tess", cast.swedish.pk]))
    assert 'name="start"' in page.content.decode()


def test_an_unclaimed_checkin_of_the_browser_is_no_way_around(cast: Cast, now: datetime) -> None:
    """It was answered without the account, before the account said that something is new."""
    a_completed_checkin(cast.ana, practice=cast.practice, now=NOW - 2 * DAY)
    unclaimed = a_completed_checkin(None, practice=cast.practice, now=NOW - DAY)
    browser = browser_with(cast, unclaimed, "browser")
    hold = reverse("book:hold", args=["tess", cast.swedish.pk])
    say(cast, "yes", at=NOW - MINUTE)
    assert browser.post(hold, {"start": START}).status_code == 409
    assert not Appointment.objects.exists()
    assert Client.objects.get(pk=cast.ana.pk).checkin_set.count() == 1


def test_the_start_page_offers_a_new_one_when_the_browsers_is_worn_out(
    cast: Cast, now: datetime
) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, now=NOW - 90 * DAY)
    browser = browser_with(cast, checkin, "browser")
    start = reverse("understand:start")
    assert "Your check-in is completed" in browser.get(start).content.decode()
    say(cast, "yes", at=NOW)
    page = browser.get(start).content.decode()
    assert "Your check-in is completed" not in page
    assert "What happens with your answers" in page
