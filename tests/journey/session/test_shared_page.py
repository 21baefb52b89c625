"""What a client has of the record of their own session: this much, and no word more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import NOW, Cast, at
from tests.records import AFTER, TAGS, WHOLE, a_draft, a_signed_record, a_visit
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import corrections as actions
from unknot.journey.session.actions import record
from unknot.journey.session.models import CorrectionRequest
from unknot.people.models import Alert, AuditEntry


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return a_visit(cast)


def by(cast: Cast, name: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.user(name))
    return browser


def page(visit: Appointment) -> str:
    return reverse("session:shared", args=[visit.key])


def asking(visit: Appointment) -> str:
    return reverse("session:correction-new", args=[visit.key])


def test_the_client_reads_what_was_done_and_what_comes_next(cast: Cast, visit: Appointment) -> None:
    a_signed_record(cast, visit)
    text = by(cast, "ana").get(page(visit)).content.decode()
    assert "40 minutes hands on." in text
    assert "Trigger point" in text
    assert "Pressure 2, " in text
    assert WHOLE.plan in text
    assert "<td>6</td><td>4</td>" in text
    assert "Change is not cause." in text


def test_the_therapists_own_notes_stay_with_the_practice(cast: Cast, visit: Appointment) -> None:
    a_signed_record(cast, visit)
    record.amend(cast.user("tess"), visit, text="Only for us", now=AFTER)
    text = by(cast, "ana").get(page(visit)).content.decode()
    for own in (WHOLE.subjective, WHOLE.objective, WHOLE.assessment, "Only for us"):
        assert own not in text
    assert "Upper trapezius" not in text, "the client's words, not the therapist's"


def test_a_draft_is_not_shared(cast: Cast, visit: Appointment) -> None:
    a_draft(cast, visit)
    text = by(cast, "ana").get(page(visit)).content.decode()
    assert "Nothing is shared yet" in text
    assert WHOLE.plan not in text
    assert by(cast, "ana").post(asking(visit), {"text": "Wrong"}).status_code == 409
    assert not CorrectionRequest.objects.exists()


def test_every_text_appears_as_typed(cast: Cast, visit: Appointment) -> None:
    draft = replace(WHOLE, plan=TAGS)
    saved = record.save_draft(cast.user("tess"), visit, draft=draft, revision=0, now=AFTER)
    record.sign(cast.user("tess"), visit, revision=saved.revision, now=AFTER)
    assert "&lt;b&gt;knot&lt;/b&gt;" in by(cast, "ana").get(page(visit)).content.decode()


def test_the_after_care_is_that_of_the_techniques_used(cast: Cast, visit: Appointment) -> None:
    a_signed_record(cast, visit)
    shared = by(cast, "ana").get(page(visit)).context["shared"]
    assert [name for name, _lines in shared.aftercare] == [
        "Swedish (classic, relaxation) massage",
        "Trigger point therapy (ischaemic compression)",
    ]


def test_the_appointment_links_to_it_once_the_session_took_place(
    cast: Cast, visit: Appointment
) -> None:
    address = reverse("book:appointment", args=[visit.key])
    assert page(visit) not in by(cast, "ana").get(address).content.decode()
    a_signed_record(cast, visit)
    assert page(visit) in by(cast, "ana").get(address).content.decode()
    assert page(visit) not in by(cast, "tess").get(address).content.decode()


def test_a_request_is_stored_dated_and_alerts_who_signed(cast: Cast, visit: Appointment) -> None:
    a_signed_record(cast, visit)
    answer = by(cast, "ana").post(asking(visit), {"text": f"The right side {TAGS}"}, follow=True)
    text = answer.content.decode()
    assert "Waits for an answer." in text
    assert "Asked 27 March 2026, 09:00" in text
    assert "&lt;b&gt;knot&lt;/b&gt;" in text
    assert "Ask to correct it" not in text
    alert = Alert.objects.get()
    asked = CorrectionRequest.objects.get()
    assert (alert.kind, alert.url) == (
        "correction",
        reverse("session:correction", args=[asked.key]),
    )
    assert [one.email for one in alert.told.all()] == ["tess@example.org"]
    assert AuditEntry.objects.filter(action="correction.asked", client=cast.ana).count() == 1


def test_one_request_at_a_time(cast: Cast, visit: Appointment) -> None:
    a_signed_record(cast, visit)
    by(cast, "ana").post(asking(visit), {"text": "First"})
    assert by(cast, "ana").post(asking(visit), {"text": "Second"}).status_code == 409
    [asked] = CorrectionRequest.objects.all()
    actions.answer(cast.user("tess"), asked, accepted=False, text="No", now=NOW)
    assert by(cast, "ana").post(asking(visit), {"text": "Second"}).status_code == 302


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5001])
def test_a_request_needs_words_that_fit(cast: Cast, visit: Appointment, text: str) -> None:
    a_signed_record(cast, visit)
    assert by(cast, "ana").post(asking(visit), {"text": text}).status_code == 422
    assert not CorrectionRequest.objects.exists()


def test_more_regions_and_requests_cost_no_more_queries(cast: Cast, visit: Appointment) -> None:
    a_signed_record(cast, visit)
    browser, counted = by(cast, "ana"), []
    for day in range(1, 3):
        actions.ask(cast.user("ana"), visit, text="Wrong", now=NOW + timedelta(days=day))
        with CaptureQueriesContext(connection) as asked:
            browser.get(page(visit))
        counted.append(len(asked))
        waiting = CorrectionRequest.objects.get(answer__isnull=True)
        actions.answer(cast.user("tess"), waiting, accepted=False, text="No", now=at(20, days=day))
    assert counted[0] == counted[1]
