"""Questions about one appointment: both sides ask, the other one hears, nothing is changed."""

import html
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, at
from unknot.journey.book.models import Appointment, Status
from unknot.journey.prepare import reads
from unknot.journey.prepare.actions import send_entry
from unknot.journey.prepare.models import ThreadEntry
from unknot.people.models import Alert, AuditEntry, Message

ASKED = "May I keep my socks on?\n\nMy feet are cold."


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return an_appointment(cast, start=at(12), now=NOW - timedelta(days=2))


@pytest.fixture
def ana(cast: Cast) -> Browser:
    return signed_in(cast, "ana")


@pytest.fixture
def tess(cast: Cast) -> Browser:
    return signed_in(cast, "tess")


def signed_in(cast: Cast, name: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.user(name))
    return browser


def page(visit: Appointment) -> str:
    return reverse("prepare:questions", args=[visit.key])


def send(browser: Browser, visit: Appointment, text: str) -> int:
    return browser.post(page(visit), {"text": text}).status_code


def text_of(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_both_sides_write_and_the_oldest_comes_first(
    ana: Browser, tess: Browser, visit: Appointment
) -> None:
    assert "No question yet" in text_of(ana, page(visit))
    assert send(ana, visit, ASKED) == 302
    assert send(tess, visit, "Of course.") == 302
    for browser in (ana, tess):
        text = text_of(browser, page(visit))
        assert "No question yet" not in text
        assert text.index(ASKED) < text.index("Of course.")
    assert list(ThreadEntry.objects.values_list("by_client", flat=True)) == [True, False]


def test_what_is_new_is_marked_until_it_was_opened(
    ana: Browser, tess: Browser, visit: Appointment
) -> None:
    briefing = reverse("prepare:briefing", args=[visit.key])
    prepare = reverse("prepare:prepare", args=[visit.key])
    send(ana, visit, "One")
    send(ana, visit, "Two")
    assert "2 new messages" in text_of(tess, briefing)
    assert "new message" not in text_of(ana, prepare)
    assert text_of(tess, page(visit)).count("new</span>") == 2
    assert "new</span>" not in text_of(tess, page(visit))
    assert "new message" not in text_of(tess, briefing)
    send(tess, visit, "Three")
    assert "1 new message" in text_of(ana, prepare)


def test_the_other_side_gets_a_mail_without_the_text(
    ana: Browser, tess: Browser, cast: Cast, visit: Appointment
) -> None:
    mails = Message.objects.filter(kind="thread-entry").order_by("pk")
    send(ana, visit, ASKED)
    send(tess, visit, "Of course.")
    assert [mail.user for mail in mails] == [cast.user("tess"), cast.user("ana")]
    for mail in mails:
        assert mail.subject == "There is a new message about your appointment"
        assert page(visit) in mail.body
        assert "socks" not in mail.body
        assert "course" not in mail.body


def test_a_question_is_an_alert_until_the_therapist_answers(
    ana: Browser, tess: Browser, cast: Cast, visit: Appointment
) -> None:
    send(tess, visit, "Come a little earlier, please.")
    assert not Alert.objects.exists()
    send(ana, visit, ASKED)
    send(ana, visit, "And my hat?")
    alert = Alert.objects.get()
    assert (alert.kind, alert.client, alert.url) == ("question", cast.ana, page(visit))
    assert list(alert.told.all()) == [cast.user("tess")]
    send(tess, visit, "Yes.")
    alert.refresh_from_db()
    assert (alert.taken_by, alert.taken_at) == (cast.user("tess"), NOW)
    send(ana, visit, "Thanks!")
    assert Alert.objects.filter(taken_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write what you want to ask or say."),
        (" \u202e\n", "Write what you want to ask or say."),
        ("x" * 2001, "2000"),
    ],
)
def test_nothing_and_too_much_are_refused_and_stay_in_the_field(
    ana: Browser, visit: Appointment, text: str, sentence: str
) -> None:
    answer = ana.post(page(visit), {"text": text})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert text.strip() in answer.content.decode()
    assert not ThreadEntry.objects.exists()


def test_lines_are_kept_and_what_misleads_is_not(ana: Browser, visit: Appointment) -> None:
    assert send(ana, visit, "one\r\ntwo \u202egnp.exe\x07" + "x" * 1900) == 302
    text = ThreadEntry.objects.get().text
    assert text.startswith("one\ntwo gnp.exex")


def test_tags_stay_words(ana: Browser, visit: Appointment) -> None:
    send(ana, visit, "<b>knot</b>")
    assert "&lt;b&gt;knot&lt;/b&gt;" in ana.get(page(visit)).content.decode()


def test_a_message_stays_as_it_was_sent(cast: Cast, visit: Appointment) -> None:
    send_entry(cast.user("ana"), visit, text="One", now=NOW)
    rows = ThreadEntry.objects.all()
    for deed in (lambda: rows.update(text="Two"), rows.delete):
        with pytest.raises(IntegrityError, match="stays as it was written"), transaction.atomic():
            deed()


def test_both_can_write_after_the_session_and_nobody_after_a_cancellation(
    ana: Browser, visit: Appointment
) -> None:
    Appointment.objects.filter(pk=visit.pk).update(status=Status.ATTENDED)
    assert send(ana, visit, "My neck feels lighter.") == 302
    Appointment.objects.filter(pk=visit.pk).update(status=Status.CANCELLED)
    assert send(ana, visit, "One more thing") == 409
    text = text_of(ana, page(visit))
    assert "My neck feels lighter." in text
    assert "<textarea" not in text


def test_the_therapists_reading_is_written_down(
    ana: Browser, tess: Browser, cast: Cast, visit: Appointment
) -> None:
    entries = AuditEntry.objects.filter(action="thread.read")
    text_of(tess, page(visit))
    assert not entries.exists()
    send(ana, visit, ASKED)
    text_of(ana, page(visit))
    assert not entries.exists()
    text_of(tess, page(visit))
    assert (entries.get().actor, entries.get().client) == (cast.user("tess"), cast.ana)


@pytest.mark.parametrize("who", ["ben", "theo", "paz", "finn", "uma", "opal"])
def test_nobody_else_learns_of_it(cast: Cast, visit: Appointment, who: str) -> None:
    other = signed_in(cast, who)
    assert other.get(page(visit)).status_code == 404
    assert send(other, visit, "Hello") == 404
    assert not ThreadEntry.objects.exists()


def test_reading_costs_the_same_however_much_was_written(
    cast: Cast, visit: Appointment, django_assert_num_queries: object
) -> None:
    for number in range(20):
        with django_assert_num_queries(2):  # type: ignore[operator]
            assert len(reads.thread(cast.user("ana"), visit).entries) == number
        send_entry(cast.user("tess"), visit, text=str(number), now=NOW)
