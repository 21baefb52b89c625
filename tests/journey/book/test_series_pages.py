"""The pages of a series: conflicts come first, and nothing is booked that was not shown."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import Cast, at
from tests.checkins import a_completed_checkin
from unknot.journey.book.models import Appointment, Series, Status

pytestmark = pytest.mark.usefixtures("now")

BrowserOf = Callable[[str], Browser]


def the_form(browser: Browser, address: str, question: dict[str, str]) -> dict[str, str]:
    """What a browser would send of the plan's form if nothing is changed on the page."""
    answer = browser.get(address, question)
    assert answer.status_code == 200
    page = answer.content.decode()
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    chosen = re.findall(r'name="(at-[^"]+)" id="[^"]+" value="([^"]+)" checked', page)
    return {**sent, **dict(chosen)}


def a_series(cast: Cast, browser: Browser) -> Series:
    visit = an_appointment(cast)
    address = reverse("book:series-new", args=[visit.key])
    sent = the_form(browser, address, {"every": "1", "count": "4"})
    assert browser.post(address, sent).status_code == 302
    return Series.objects.get()


def test_the_conflicts_come_first_and_pressing_books_the_rest(
    cast: Cast, browser_of: BrowserOf
) -> None:
    visit = an_appointment(cast)
    an_appointment(cast, client=cast.ben, start=at(10, days=10))
    ana = browser_of("ana")
    address = reverse("book:series-new", args=[visit.key])
    page = ana.get(address, {"every": "1", "count": "4"}).content.decode()
    assert page.index("This time is taken") < page.index("2 times are free")
    sent = the_form(ana, address, {"every": "1", "count": "4"})
    answer = ana.post(address, sent)
    made = Series.objects.get()
    assert answer.url == reverse("book:series", args=[made.key])
    assert made.appointment_set.filter(status=Status.CONFIRMED).count() == 3
    again = ana.post(address, sent)
    assert again.url == answer.url
    assert Series.objects.count() == 1


def test_a_time_lost_meanwhile_shows_the_plan_again(cast: Cast, browser_of: BrowserOf) -> None:
    visit = an_appointment(cast)
    ana = browser_of("ana")
    address = reverse("book:series-new", args=[visit.key])
    sent = the_form(ana, address, {"every": "1", "count": "4"})
    an_appointment(cast, client=cast.ben, start=at(10, days=10))
    answer = ana.post(address, sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Nothing has been changed yet" in page
    assert "1 time that cannot be had" in page
    assert not Series.objects.exists()


@pytest.mark.parametrize(
    "question", [{"every": "1", "count": "1"}, {"every": "9", "count": "4"}, {"count": "x"}]
)
def test_a_rhythm_that_makes_no_series_is_mended(
    cast: Cast, browser_of: BrowserOf, question: dict[str, str]
) -> None:
    address = reverse("book:series-new", args=[an_appointment(cast).key])
    page = browser_of("ana").get(address, question).content.decode()
    assert "Book these times" not in page
    assert browser_of("ana").post(address, question).status_code == 422


def test_a_time_that_is_none_is_refused(cast: Cast, browser_of: BrowserOf) -> None:
    address = reverse("book:series-new", args=[an_appointment(cast).key])
    ana = browser_of("ana")
    sent = the_form(ana, address, {"every": "1", "count": "4"})
    answer = ana.post(address, {**sent, "at-2026-04-06T10:00": "tomorrow"})
    assert answer.status_code == 422
    assert not Series.objects.exists()


def test_a_stopped_client_repeats_nothing(cast: Cast, browser_of: BrowserOf) -> None:
    address = reverse("book:series-new", args=[an_appointment(cast).key])
    ana = browser_of("ana")
    sent = the_form(ana, address, {"every": "1", "count": "4"})
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    assert ana.post(address, sent).status_code == 409
    assert not Series.objects.exists()


def test_a_series_moves_from_one_session_on(cast: Cast, browser_of: BrowserOf) -> None:
    ana = browser_of("ana")
    made = a_series(cast, ana)
    address = reverse("book:series-move", args=[made.key])
    question = {"from": "2026-04-13T10:00", "weekday": "3", "time": "11:30"}
    sent = the_form(ana, address, question)
    assert ana.post(address, sent).status_code == 302
    starts = Appointment.objects.filter(series=made).order_by("start")
    assert [one.promised for one in starts] == [
        "2026-03-30T10:00",
        "2026-04-06T10:00",
        "2026-04-16T11:30",
        "2026-04-23T11:30",
    ]


def test_what_is_coming_is_cancelled_after_its_cost_is_shown(
    cast: Cast, browser_of: BrowserOf
) -> None:
    ana = browser_of("ana")
    made = a_series(cast, ana)
    address = reverse("book:series-cancel", args=[made.key])
    page = ana.get(address).content.decode()
    assert "4 sessions would be cancelled" in page
    assert "Cancelling now costs nothing" in page
    assert ana.post(address, {"fee": "0"}).status_code == 302
    assert not Appointment.objects.filter(series=made, status=Status.CONFIRMED).exists()
    page = ana.get(reverse("book:series", args=[made.key])).content.decode()
    assert "Nothing of this series is coming" in page
    assert "Nothing of it is coming any more" in ana.get(address).content.decode()


@pytest.mark.parametrize("hostile", ["\x00", "'; --", "9999-99-99T99:99", "2026-04-06"])
def test_a_name_that_nobody_gave_changes_nothing(
    cast: Cast, browser_of: BrowserOf, hostile: str
) -> None:
    ana = browser_of("ana")
    made = a_series(cast, ana)
    for name in ("book:series-move", "book:series-cancel"):
        assert ana.get(reverse(name, args=[made.key]), {"from": hostile}).status_code == 200


def test_the_desk_repeats_an_appointment_too(cast: Cast, browser_of: BrowserOf) -> None:
    made = a_series(cast, browser_of("finn"))
    assert made.created_by == cast.finn


def test_an_appointment_leads_to_its_series(
    cast: Cast, browser_of: BrowserOf, now: datetime
) -> None:
    ana = browser_of("ana")
    made = a_series(cast, ana)
    visit = Appointment.objects.get(series=made, occurrence="2026-04-06T10:00")
    page = ana.get(reverse("book:appointment", args=[visit.key])).content.decode()
    address = reverse("book:series-new", args=[visit.key])
    assert address in page
    assert ana.get(address).url == reverse("book:series", args=[made.key])


def test_a_plan_asks_as_often_for_four_sessions_as_for_eight(
    cast: Cast, browser_of: BrowserOf
) -> None:
    address = reverse("book:series-new", args=[an_appointment(cast).key])
    ana = browser_of("ana")
    counted = []
    for count in ("4", "8"):
        with CaptureQueriesContext(connection) as asked:
            ana.get(address, {"every": "1", "count": count})
        counted.append(len(asked))
    assert counted[0] == counted[1]
