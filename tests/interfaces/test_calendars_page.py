"""The page about one's calendars, the feed behind a secret address, and calendars that are read."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import MONDAY_TEN, an_appointment
from tests.cast import NOW, Cast, at
from unknot.interfaces.ical import subscriptions
from unknot.interfaces.ical.fetch import NotFetched
from unknot.journey.book.actions import arrange, calendars
from unknot.journey.book.models import BusySource, CalendarFeed, ExternalBusy
from unknot.journey.book.reads import decision, reconcile
from unknot.journey.book.reads.decision import Wanted
from unknot.people.models import Message

BrowserOf = Callable[[str], Browser]


@pytest.fixture
def browser_of(cast: Cast) -> BrowserOf:
    """A browser in which one of the cast is signed in."""

    def signed_in(name: str) -> Browser:
        browser = Browser()
        browser.force_login(cast.user(name))
        return browser

    return signed_in


BUSY = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:dentist
DTSTAMP:20260301T000000Z
SUMMARY:Dentist with a secret
DTSTART;TZID=Europe/Berlin:20260330T140000
DTEND;TZID=Europe/Berlin:20260330T150000
END:VEVENT
END:VCALENDAR
"""


def an_address(browser: Browser) -> str:
    page = browser.post(reverse("interfaces:feed-open")).content.decode()
    return page.split("/calendar/")[1].split(".ics")[0]


def read(token: str) -> tuple[int, str]:
    answer = Browser().get(reverse("interfaces:calendar-feed", args=[token]))
    return answer.status_code, answer.content.decode()


def a_source(cast: Cast, url: str = "https://calendar.example.org/secret-path") -> BusySource:
    tess = cast.user("tess")
    return calendars.add_source(tess, cast.tess, name="Family", url=url, now=NOW)


def why(cast: Cast, start: object) -> object:
    wanted = Wanted(therapist=cast.tess, service=cast.swedish)
    refused = decision.refusal(wanted, start, now=NOW)  # type: ignore[arg-type]
    return refused.reason.name if refused else None


@pytest.mark.parametrize("who", ["ana", "tess"])
def test_a_program_reads_when_and_where_and_nothing_else(
    cast: Cast, now: object, browser_of: BrowserOf, who: str
) -> None:
    an_appointment(cast)
    status, text = read(an_address(browser_of(who)))
    assert status == 200
    assert "DTSTART:20260330T080000Z" in text
    assert "SUMMARY:Appointment" in text
    for word in ("Ana", "Tess", "swedish", "Swedish", "massage", "Massage"):
        assert word not in text


def test_a_cancelled_appointment_stays_in_it_with_a_higher_sequence(
    cast: Cast, now: object, browser_of: BrowserOf
) -> None:
    made = an_appointment(cast)
    token = an_address(browser_of("ana"))
    before = read(token)[1]
    arrange.cancel(cast.user("ana"), made, now=NOW)
    after = read(token)[1]
    assert "STATUS:CANCELLED" in after
    assert "STATUS:CANCELLED" not in before
    made.refresh_from_db()
    assert f"SEQUENCE:{made.sequence}" in after
    assert f"SEQUENCE:{made.sequence}" not in before


def test_a_new_address_ends_the_old_one_and_it_can_be_stopped(
    cast: Cast, now: object, browser_of: BrowserOf
) -> None:
    ana = browser_of("ana")
    first, second = an_address(ana), an_address(ana)
    assert read(first)[0] == 404
    assert read(second)[0] == 200
    assert CalendarFeed.objects.filter(token_hash=second).count() == 0  # only its hash is kept
    ana.post(reverse("interfaces:feed-close"))
    assert read(second)[0] == 404
    assert read("x" * 43)[0] == 404


def test_nobody_reads_the_appointments_of_others(
    cast: Cast, now: object, browser_of: BrowserOf
) -> None:
    an_appointment(cast)
    for who in ("ben", "theo", "paz", "uma", "opal"):
        assert "BEGIN:VEVENT" not in read(an_address(browser_of(who)))[1]


def test_a_file_makes_its_therapist_busy_and_keeps_no_word(
    cast: Cast, now: object, browser_of: BrowserOf
) -> None:
    tess = browser_of("tess")
    file = SimpleUploadedFile("family.ics", BUSY, "text/calendar")
    answer = tess.post(
        reverse("interfaces:source-add", args=["tess"]), {"name": "Family", "file": file}
    )
    assert answer.status_code == 302
    assert ExternalBusy.objects.get().uid == "dentist"
    assert why(cast, at(14, days=3)) == "OVERLAPS"
    assert why(cast, at(15, days=3)) is None
    page = tess.get(reverse("interfaces:calendars")).content.decode()
    assert "Family" in page
    assert "Dentist" not in page
    assert not [one for _rows, found in reconcile.days() for one in found]


def test_removing_it_frees_the_time(cast: Cast, now: object, browser_of: BrowserOf) -> None:
    source = a_source(cast)
    subscriptions.take(source, BUSY, now=NOW)
    assert why(cast, at(14, days=3)) == "OVERLAPS"
    address = reverse("interfaces:source-remove", args=["tess", source.key])
    assert browser_of("theo").post(address).status_code == 404
    browser_of("tess").post(address)
    assert why(cast, at(14, days=3)) is None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": "x"}, "Give either an address or a file."),
        ({"name": "", "url": "https://example.org/a"}, "Give this calendar a name"),
        ({"name": "x", "url": "http://example.org/a"}, "https"),
        ({"name": "x", "url": "https://example.org:8443/a"}, "port"),
    ],
)
def test_bad_input_is_answered_with_one_sentence(
    cast: Cast, now: object, browser_of: BrowserOf, said: dict[str, str], sentence: str
) -> None:
    answer = browser_of("tess").post(reverse("interfaces:source-add", args=["tess"]), said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not BusySource.objects.exists()


def test_a_file_that_is_no_calendar_is_refused(
    cast: Cast, now: object, browser_of: BrowserOf
) -> None:
    file = SimpleUploadedFile("x.ics", b"<html></html>", "text/calendar")
    answer = browser_of("tess").post(
        reverse("interfaces:source-add", args=["tess"]), {"name": "x", "file": file}
    )
    assert answer.status_code == 422
    assert not BusySource.objects.exists()


def test_nobody_adds_to_the_calendar_of_another(
    cast: Cast, now: object, browser_of: BrowserOf
) -> None:
    address = reverse("interfaces:source-add", args=["tess"])
    for who in ("ana", "theo", "finn", "uma"):
        said = {"name": "x", "url": "https://example.org/a"}
        assert browser_of(who).post(address, said).status_code == 404


def test_the_worker_reads_what_is_due_and_again_later(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = a_source(cast)
    asked: list[str] = []
    monkeypatch.setattr(subscriptions, "fetch", lambda url: asked.append(url) or BUSY)
    assert subscriptions.read_due(NOW) == 1
    assert subscriptions.read_due(NOW) == 0  # claimed and settled
    assert subscriptions.read_due(NOW + calendars.EVERY) == 1
    assert asked == [source.url] * 2
    source.refresh_from_db()
    assert source.last_ok_at == NOW + calendars.EVERY
    assert why(cast, at(14, days=3)) == "OVERLAPS"


def test_what_cannot_be_read_holds_times_back_after_a_day_and_is_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = a_source(cast)
    subscriptions.take(source, BUSY, now=NOW)

    def broken(url: str) -> bytes:
        raise NotFetched("The server %(host)s does not answer.", host="calendar.example.org")

    monkeypatch.setattr(subscriptions, "fetch", broken)
    soon, later = NOW + timedelta(hours=1), NOW + timedelta(hours=25)
    assert subscriptions.read_due(soon) == 1
    wanted = Wanted(therapist=cast.tess, service=cast.swedish)
    assert decision.refusal(wanted, MONDAY_TEN, now=soon) is None
    assert not Message.objects.filter(kind="calendar-unreadable").exists()
    assert subscriptions.read_due(later) == 1
    refused = decision.refusal(wanted, MONDAY_TEN, now=later)
    assert refused is not None
    assert refused.reason.name == "CALENDAR_UNREADABLE"
    told = Message.objects.get(kind="calendar-unreadable")
    assert told.recipient == "tess@example.org"
    assert "secret-path" not in told.body
    cast.practice.unreadable_calendar = "offer"
    cast.practice.save(update_fields=["unreadable_calendar"])
    cast.tess.refresh_from_db()
    assert decision.refusal(wanted, MONDAY_TEN, now=later) is None


def test_a_busy_time_on_an_appointment_moves_nothing_and_is_told_once(cast: Cast) -> None:
    made = an_appointment(cast, start=at(14, days=3))
    source = a_source(cast)
    subscriptions.take(source, BUSY, now=NOW)
    source.refresh_from_db()
    subscriptions.take(source, BUSY + b"\n", now=NOW)
    made.refresh_from_db()
    assert made.start == at(14, days=3)
    assert Message.objects.filter(kind="calendar-clash").count() == 1
    assert not [one for _rows, found in reconcile.days() for one in found]
