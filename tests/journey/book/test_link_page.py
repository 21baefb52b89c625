"""The signed link of a mail: it shows little, moves and cancels, and a GET changes nothing."""

import logging
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import MONDAY_TEN, an_appointment
from tests.cast import Cast, at
from tests.checkins import a_completed_checkin
from unknot.journey.book import links
from unknot.journey.book.models import Appointment, Status
from unknot.journey.book.reads import clock
from unknot.people.models import AuditEntry, Message
from unknot.web.logs import RouteForAddress

ELEVEN = at(11, days=3)


def address_of(made: Appointment, name: str = "link") -> str:
    return reverse(f"book:{name}", args=[links.token(made)])


def test_the_mail_has_the_link_and_it_opens_for_anybody(cast: Cast, now: datetime) -> None:
    an_appointment(cast, note="My back hurts.")
    mail = Message.objects.get(kind="appointment-confirmed")
    found = re.search(r"/appointments/link/\S+", mail.body)
    assert found is not None
    answer = Browser().get(found[0])
    page = answer.content.decode()
    assert "Monday 30 March, 10:00 to 11:00" in page
    assert "Lindenweg 4" in page
    for private in ("Ana", "Tess", "Swedish", "My back hurts.", "70.00"):
        assert private not in page
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_opening_every_page_of_it_changes_nothing(cast: Cast, now: datetime) -> None:
    made, before = an_appointment(cast), AuditEntry.objects.count()
    assert Browser().get(address_of(made)).status_code == 200
    assert Browser().get(address_of(made, "link-move")).status_code == 200
    assert Browser().get(address_of(made, "link-cancel")).status_code == 405
    after = Appointment.objects.get(pk=made.pk)
    assert (after.status, after.sequence) == (Status.CONFIRMED, made.sequence)
    assert AuditEntry.objects.count() == before


def test_it_moves_without_an_account(cast: Cast, now: datetime) -> None:
    made = an_appointment(cast)
    answer = Browser().post(
        address_of(made, "link-move"), {"start": ELEVEN.isoformat()}, follow=True
    )
    made.refresh_from_db()
    assert made.start == ELEVEN
    assert "Moved. We have written to both of you." in answer.content.decode()
    deed = AuditEntry.objects.get(action="appointment.moved")
    assert (deed.actor, deed.client) == (None, cast.ana)


def test_it_cancels_without_an_account_and_twice_is_once(cast: Cast, now: datetime) -> None:
    made, browser = an_appointment(cast), Browser()
    for _press in range(2):
        answer = browser.post(address_of(made, "link-cancel"), follow=True)
        assert "This appointment is cancelled." in answer.content.decode()
    made.refresh_from_db()
    assert made.status == Status.CANCELLED
    assert Message.objects.filter(kind="appointment-cancelled").count() == 1


def test_a_late_one_says_its_fee_first_and_a_dearer_one_is_asked_again(
    cast: Cast, now: datetime
) -> None:
    cast.practice.late_fee_percent = 50
    cast.practice.save(update_fields=["late_fee_percent"])
    made = an_appointment(cast, start=at(14))
    page = Browser().get(address_of(made)).content.decode()
    assert "Cancelling now costs 35.00 EUR." in page
    answer = Browser().post(address_of(made, "link-cancel"), {"fee": 0})
    assert answer.status_code == 409
    assert "Meanwhile it has become late" in answer.content.decode()
    Browser().post(address_of(made, "link-cancel"), {"fee": 3500})
    made.refresh_from_db()
    assert (made.status, made.fee_minor) == (Status.CANCELLED, 3500)


def test_a_taken_time_names_three_others(cast: Cast, now: datetime) -> None:
    made = an_appointment(cast)
    an_appointment(cast, client=cast.ben, start=at(13, days=3))
    answer = Browser().post(address_of(made, "link-move"), {"start": at(13, days=3).isoformat()})
    assert (answer.status_code, len(answer.context["others"])) == (409, 3)


def test_on_hold_it_says_nothing_of_why(cast: Cast, now: datetime) -> None:
    made = an_appointment(cast)
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    pages = [
        Browser().get(address_of(made)),
        Browser().get(address_of(made, "link-move")),
        Browser().post(address_of(made, "link-move"), {"start": ELEVEN.isoformat()}),
    ]
    for answer in pages:
        words = answer.content.decode().lower()
        assert "on hold" not in words
        assert "safety" not in words
        assert 'name="start"' not in words
    made.refresh_from_db()
    assert made.start == MONDAY_TEN


def test_when_it_has_begun_nothing_can_be_pressed(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = an_appointment(cast)
    monkeypatch.setattr(clock, "database_now", lambda: made.start)
    assert "Nothing can be changed here" in Browser().get(address_of(made)).content.decode()
    for name, sent in (("link-cancel", {}), ("link-move", {"start": ELEVEN.isoformat()})):
        answer = Browser().post(address_of(made, name), sent)
        assert (answer.status_code, 'name="start"' in answer.content.decode()) == (409, False)
    made.refresh_from_db()
    assert (made.status, made.start) == (Status.CONFIRMED, MONDAY_TEN)


def test_a_token_that_is_not_ours_is_missing(cast: Cast, now: datetime) -> None:
    good = links.token(an_appointment(cast))
    bad = (good[:-1] + ("a" if good[-1] != "a" else "b"), "x", str(cast.ana.key), good[::-1])
    for token in bad:
        for name in ("link", "link-move", "link-cancel"):
            address = reverse(f"book:{name}", args=[token])
            method: Callable[[str], object] = (
                Browser().post if name == "link-cancel" else Browser().get
            )
            assert method(address).status_code == 404  # type: ignore[attr-defined]


def test_the_log_names_the_route_and_never_the_token(
    cast: Cast, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    token = links.token(an_appointment(cast))
    with caplog.at_level(logging.WARNING):
        Browser().post(reverse("book:link-cancel", args=[token]), {"fee": "much"})
    (record,) = [one for one in caplog.records if one.name == "django.request"]
    assert RouteForAddress().filter(record)
    assert token not in record.getMessage()
    assert record.getMessage() == "Unprocessable Entity: book:link-cancel"


def test_it_asks_for_the_token_of_the_form(cast: Cast, now: datetime) -> None:
    strict = Browser(enforce_csrf_checks=True)
    assert strict.post(address_of(an_appointment(cast), "link-cancel")).status_code == 403
