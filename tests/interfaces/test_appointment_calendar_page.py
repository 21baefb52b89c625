"""The calendar file of one appointment: when and where, and not a word more."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from icalendar import Calendar

from tests.appointments import a_hold, an_appointment
from tests.cast import Cast, at
from unknot.journey.book.actions import arrange
from unknot.journey.book.models import Appointment


def address_of(made: Appointment) -> str:
    return reverse("interfaces:appointment-calendar", args=[made.key])


def browser_of(cast: Cast, name: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.user(name))
    return browser


def test_it_holds_time_and_place_in_utc(cast: Cast, now: datetime) -> None:
    made = an_appointment(cast, note="sciatica")
    answer = browser_of(cast, "ana").get(address_of(made))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    (entry,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(entry["summary"]) == "Appointment"
    assert str(entry["uid"]) == f"{made.key}@unknot"
    assert str(entry["location"]) == "Lindenweg, Lindenweg 4"
    assert entry["dtstart"].dt == at(10, days=3)
    assert entry["dtend"].dt == at(11, days=3)
    assert b"DTSTART:20260330T080000Z" in answer.content
    assert entry["dtstamp"].dt == now.astimezone(UTC)


def test_it_says_nothing_about_health(cast: Cast, now: datetime) -> None:
    made = an_appointment(cast, note="sciatica")
    text = browser_of(cast, "tess").get(address_of(made)).content.decode().lower()
    for word in ("massage", "swedish", "sciatica", "pain", "therap", "ana", "tess", "description"):
        assert word not in text


def test_the_same_appointment_gives_the_same_file(cast: Cast, now: datetime) -> None:
    made, browser = an_appointment(cast), browser_of(cast, "ana")
    assert browser.get(address_of(made)).content == browser.get(address_of(made)).content


def test_a_cancelled_one_says_so_under_the_same_name(cast: Cast, now: datetime) -> None:
    made = an_appointment(cast)
    before = made.sequence
    arrange.cancel(cast.user("ana"), made, now=now)
    answer = browser_of(cast, "ana").get(address_of(made))
    (entry,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (str(entry["status"]), int(entry["sequence"])) == ("CANCELLED", before + 1)
    assert str(entry["uid"]) == f"{made.key}@unknot"


@pytest.mark.parametrize("name", ["ben", "theo", "paz", "finn", "uma", "opal"])
def test_only_the_client_and_their_therapist_get_it(cast: Cast, now: datetime, name: str) -> None:
    assert browser_of(cast, name).get(address_of(an_appointment(cast))).status_code == 404


def test_a_hold_has_none_and_an_unknown_key_is_missing(cast: Cast, now: datetime) -> None:
    browser = browser_of(cast, "ana")
    assert browser.get(address_of(a_hold(cast))).status_code == 404
    unknown = reverse("interfaces:appointment-calendar", args=[uuid4()])
    assert browser.get(unknown).status_code == 404


def test_somebody_signed_out_signs_in_and_nobody_posts(cast: Cast, now: datetime) -> None:
    made = an_appointment(cast)
    assert Browser().get(address_of(made))["Location"].startswith(reverse("account_login"))
    assert browser_of(cast, "ana").post(address_of(made)).status_code == 405
