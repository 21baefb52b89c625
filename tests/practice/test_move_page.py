"""Moving an appointment from the calendar: one form for whoever drags and whoever presses."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from tests.appointments import MONDAY_TEN, an_appointment
from tests.cast import NOW, Cast, at
from tests.checkins import a_completed_checkin
from tests.practice.test_day_page import signed_in
from unknot.journey.book.models import Appointment, WorkingHours
from unknot.people.models import AuditEntry, Message

pytestmark = pytest.mark.usefixtures("now")
CALENDAR = reverse("practice:calendar")
WEEK = reverse("practice:calendar-week")
ONE = at(13, days=3)


def address_of(made: Appointment) -> str:
    return reverse("practice:move", args=[made.key])


def sent(start: datetime, was: datetime = MONDAY_TEN, **more: str) -> dict[str, str]:
    return {"start": start.isoformat(), "was": was.isoformat(), **more}


def told(browser: Browser, page: str, **asked: str) -> str:
    """What a reader of the page's main part is told, in one line."""
    found = browser.get(page, asked).content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(unescape(strip_tags(found)).split())


def targets(browser: Browser, page: str) -> list[datetime]:
    """The instants to which the calendar lets the appointment go."""
    found = re.findall(r'/move/\?start=([^"]+)"', browser.get(page).content.decode())
    return [datetime.fromisoformat(one.replace("%3A", ":").replace("%2B", "+")) for one in found]


@pytest.mark.parametrize("name", ["tess", "finn", "paz"])
def test_a_time_is_asked_about_before_anything_moves_and_then_moves_once(
    client: Browser, cast: Cast, name: str
) -> None:
    made, browser = an_appointment(cast), signed_in(client, cast, name)
    page = told(browser, address_of(made), start=ONE.isoformat())
    assert "To Monday 30 March 2026, 13:00" in page
    assert "Move it" in page
    made.refresh_from_db()
    assert made.start == MONDAY_TEN
    for _press in range(2):
        answer = browser.post(address_of(made), sent(ONE), follow=True)
        assert answer.redirect_chain == [(f"{CALENDAR}?day=2026-03-30", 302)]
    made.refresh_from_db()
    assert made.start == ONE
    assert AuditEntry.objects.filter(action="appointment.moved").count() == 1
    assert Message.objects.filter(kind="appointment-moved").count() == 1


def test_the_page_alone_leads_to_every_time(client: Browser, cast: Cast) -> None:
    made, browser = an_appointment(cast), signed_in(client, cast, "finn")
    page = told(browser, address_of(made))
    assert "To which time? " in page
    assert "Monday 30 March 09:0009:1509:30" in page
    assert "Move it" not in page
    other = told(browser, address_of(made), day="2026-03-31", at="12:07")
    assert "To Tuesday 31 March 2026, 12:07" in other
    assert "Move it" not in other
    assert "Move it" in told(browser, address_of(made), day="2026-03-31", at="12:15")


def test_a_taken_time_is_refused_with_its_sentence(client: Browser, cast: Cast) -> None:
    made, browser = an_appointment(cast), signed_in(client, cast, "finn")
    an_appointment(cast, client=cast.ben, start=ONE)
    page = told(browser, address_of(made), start=ONE.isoformat())
    assert "Move it" not in page
    assert "To Monday 30 March 2026, 13:00" in page
    answer = browser.post(address_of(made), sent(ONE))
    assert answer.status_code == 409
    assert "just been taken" in answer.content.decode()
    made.refresh_from_db()
    assert made.start == MONDAY_TEN


def test_short_notice_needs_a_reason(client: Browser, cast: Cast) -> None:
    made, browser = an_appointment(cast), signed_in(client, cast, "finn")
    soon = at(9, 30)
    page = told(browser, address_of(made), start=soon.isoformat())
    assert "Why it breaks the notice" in page
    assert browser.post(address_of(made), sent(soon)).status_code == 409
    assert browser.post(address_of(made), sent(soon, reason="pain since last night")).status_code
    made.refresh_from_db()
    assert made.start == soon
    assert AuditEntry.objects.get(action="appointment.moved").reason == "pain since last night"


def test_what_somebody_else_moved_meanwhile_is_not_moved_again(client: Browser, cast: Cast) -> None:
    made, browser = an_appointment(cast), signed_in(client, cast, "finn")
    browser.post(address_of(made), sent(ONE))
    answer = browser.post(address_of(made), sent(at(15, days=3)))
    assert answer.status_code == 409
    assert "Somebody has moved this appointment meanwhile" in answer.content.decode()
    made.refresh_from_db()
    assert made.start == ONE


@pytest.mark.parametrize("start", ["", "soon", "2026-03-30T10:00:00"])
def test_what_is_no_time_answers_422(client: Browser, cast: Cast, start: str) -> None:
    made, browser = an_appointment(cast), signed_in(client, cast, "finn")
    for answer in (
        browser.post(address_of(made), {"start": start}),
        browser.get(address_of(made), {"start": start}),
        browser.get(address_of(made), {"day": "2026-02-30"}),
    ):
        assert answer.status_code == 422
        assert "To which time?" in answer.content.decode()


def test_on_hold_nothing_moves_and_no_time_is_shown(client: Browser, cast: Cast) -> None:
    made, browser = an_appointment(cast), signed_in(client, cast, "finn")
    assert targets(browser, f"{CALENDAR}?day=2026-03-30&moving={made.key}") != []
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    assert targets(browser, f"{CALENDAR}?day=2026-03-30&moving={made.key}") == []
    assert "Move it" not in told(browser, address_of(made), start=ONE.isoformat())
    assert browser.post(address_of(made), sent(ONE)).status_code == 409
    assert "data-move" not in browser.get(f"{CALENDAR}?day=2026-03-30").content.decode()


@pytest.mark.parametrize("name", ["theo", "uma", "ben", "opal"])
def test_nobody_else_moves_it(client: Browser, cast: Cast, name: str) -> None:
    made, browser = an_appointment(cast), signed_in(client, cast, name)
    assert browser.get(address_of(made)).status_code == 404
    assert browser.post(address_of(made), sent(ONE)).status_code == 404
    assert browser.get(f"{CALENDAR}?moving={made.key}").status_code == 404


@pytest.mark.parametrize("asked", ["x", "00000000-0000-0000-0000-000000000000"])
def test_what_is_not_there_cannot_be_taken_up(client: Browser, cast: Cast, asked: str) -> None:
    assert signed_in(client, cast, "finn").get(f"{CALENDAR}?moving={asked}").status_code == 404


def test_the_calendar_takes_an_appointment_up_and_offers_what_the_decision_does(
    client: Browser, cast: Cast
) -> None:
    made, browser = an_appointment(cast), signed_in(client, cast, "finn")
    an_appointment(cast, client=cast.ben, start=ONE)
    page = browser.get(f"{CALENDAR}?day=2026-03-30").content.decode()
    assert f"?day=2026-03-30&amp;moving={made.key}" in page
    day = f"{CALENDAR}?day=2026-03-30&moving={made.key}"
    assert "Moving Ana, Monday 30 March, 10:00" in told(browser, day)
    found = targets(browser, day)
    assert at(10, 15, days=3) in found  # onto its own old time
    assert not [one for one in found if ONE < one < ONE + timedelta(hours=1)]
    week = targets(browser, f"{WEEK}?day=2026-03-30&therapist=tess&moving={made.key}")
    assert set(found) < set(week)
    assert at(9, days=4) in week
    other = targets(browser, f"{WEEK}?day=2026-03-30&therapist=theo&moving={made.key}")
    assert other == []  # it stays with its therapist


def test_in_the_night_of_the_clock_change_no_time_is_offered_that_does_not_exist(
    client: Browser, cast: Cast
) -> None:
    WorkingHours.objects.create(therapist=cast.tess, weekday=6, starts_minute=0, ends_minute=6 * 60)
    made, browser = an_appointment(cast), signed_in(client, cast, "finn")
    found = targets(browser, f"{CALENDAR}?day=2026-03-29&moving={made.key}")
    walls = [f"{one.astimezone(cast.practice.tz):%H:%M}" for one in found]
    assert "01:45" in walls
    assert "03:00" in walls
    assert not [one for one in walls if one.startswith("02")]
    after = found[walls.index("03:00")]
    assert after - found[walls.index("01:45")] == timedelta(minutes=15)
    browser.post(address_of(made), sent(after))
    made.refresh_from_db()
    assert made.start == after


def test_the_number_of_queries_does_not_grow(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made, browser = an_appointment(cast), signed_in(client, cast, "finn")
    address = f"{address_of(made)}?start={ONE.isoformat().replace('+', '%2B')}"
    with django_assert_num_queries(29):
        browser.get(address)
    an_appointment(cast, client=cast.ben, start=at(15, days=3), now=NOW)
    with django_assert_num_queries(29):
        browser.get(address)
