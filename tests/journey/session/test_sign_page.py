"""Signing a record: what must be there, and what follows."""

from dataclasses import replace

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import Cast
from tests.checkins import a_completed_checkin
from tests.records import WHOLE, a_draft, a_visit, as_sent
from unknot.journey.book.models import Appointment, Status
from unknot.journey.choose.models import Experience
from unknot.journey.session.actions import record as actions
from unknot.journey.session.forms import MISSING
from unknot.journey.session.models import SessionNote
from unknot.people.models import AuditEntry, Message


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return a_visit(cast)


@pytest.fixture
def tess(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.user("tess"))
    return client


def page(visit: Appointment) -> str:
    return reverse("session:sign", args=[visit.key])


def signed() -> bool:
    return SessionNote.objects.filter(signed_at__isnull=False).exists()


def test_signing_keeps_what_was_sent_and_everybody_who_must_know_knows(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    answer = tess.post(page(visit), as_sent(confirm="yes"), follow=True)
    assert "Signed. The record stays as it is now." in answer.content.decode()
    assert signed()
    visit.refresh_from_db()
    assert visit.status == Status.ATTENDED
    counted = Experience.objects.filter(therapist=cast.tess, appointment_key=visit.key)
    assert {row.technique for row in counted} == {"swedish", "trigger_point"}
    actions_done = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"record.saved", "record.signed", "appointment.attended"} <= actions_done


def test_the_client_hears_of_it_without_a_health_word(
    tess: Browser, cast: Cast, visit: Appointment, settings: object
) -> None:
    tess.post(page(visit), as_sent(confirm="yes"))
    mail = Message.objects.get(kind="session-done")
    assert mail.recipient == "ana@example.org"
    assert mail.subject == "Thank you for your visit: how are you?"
    site = settings.SITE_URL  # type: ignore[attr-defined]
    assert site + reverse("follow:daily") in mail.body
    assert site + reverse("follow:review", args=[visit.key]) in mail.body
    text = (mail.subject + mail.body).lower()
    for word in ("pain", "swedish", "trigger", "massage", "treat", "neck", "therapy", "note"):
        assert word not in text


@pytest.mark.parametrize(
    ("gap", "part"),
    [
        ({"subjective": ""}, "subjective"),
        ({"objective": "  "}, "objective"),
        ({"assessment": ""}, "assessment"),
        ({"plan": ""}, "plan"),
        ({"treatments": ()}, "regions"),
        ({"pain_before": None}, "before"),
        ({"pain_after": None}, "after"),
    ],
)
def test_each_missing_part_is_named_and_the_draft_is_kept(
    tess: Browser, visit: Appointment, gap: dict[str, object], part: str
) -> None:
    answer = tess.post(page(visit), as_sent(replace(WHOLE, **gap), confirm="yes"))
    text = answer.content.decode()
    assert answer.status_code == 422
    named = [name for name, sentence in MISSING.items() if str(sentence) in text]
    assert named == [part]
    assert not signed()
    assert SessionNote.objects.get().revision == 1
    assert 'name="revision" value="1"' in text
    assert not Message.objects.filter(kind="session-done").exists()


def test_without_the_confirmation_it_is_saved_and_not_signed(
    tess: Browser, visit: Appointment
) -> None:
    answer = tess.post(page(visit), as_sent())
    assert answer.status_code == 422
    text = answer.content.decode()
    assert text.count("Say that you have read it through.") == 2  # on top and beside the box
    assert 'href="#confirm"' in text
    assert SessionNote.objects.get().revision == 1
    assert not signed()


def test_signing_twice_signs_once(tess: Browser, visit: Appointment) -> None:
    tess.post(page(visit), as_sent(confirm="yes"))
    again = tess.post(page(visit), as_sent(confirm="yes"))
    assert again.status_code == 409
    assert "What you typed was not saved" not in again.content.decode()
    assert Message.objects.filter(kind="session-done").count() == 1
    assert AuditEntry.objects.filter(action="record.signed").count() == 1


def test_an_older_copy_is_not_signed(tess: Browser, cast: Cast, visit: Appointment) -> None:
    a_draft(cast, visit)
    mine = replace(WHOLE, plan="My other plan")
    answer = tess.post(page(visit), as_sent(mine, revision=0, confirm="yes"))
    assert answer.status_code == 409
    assert "My other plan" in answer.content.decode()
    assert not signed()


def test_a_client_on_hold_is_not_signed_for(tess: Browser, cast: Cast, visit: Appointment) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    assert tess.post(page(visit), as_sent(confirm="yes")).status_code == 409
    assert not SessionNote.objects.exists()


def test_a_client_without_an_account_gets_no_mail(cast: Cast, visit: Appointment) -> None:
    cast.ana.user = None
    cast.ana.save(update_fields=["user"])
    revision = a_draft(cast, visit)
    actions.sign(cast.user("tess"), visit, revision=revision, now=visit.end)
    assert signed()
    assert not Message.objects.filter(kind="session-done").exists()


@pytest.mark.parametrize("who", ["ana", "ben", "theo", "paz", "finn", "uma", "opal"])
def test_nobody_else_can_sign(client: Browser, cast: Cast, visit: Appointment, who: str) -> None:
    a_draft(cast, visit)
    client.force_login(cast.user(who))
    assert client.post(page(visit), as_sent(revision=1, confirm="yes")).status_code == 404
    assert not signed()


def test_a_stranger_signs_in_first(client: Browser, visit: Appointment) -> None:
    assert client.post(page(visit))["Location"].startswith("/accounts/login/")


def test_it_is_not_a_page_to_open(tess: Browser, visit: Appointment) -> None:
    assert tess.get(page(visit)).status_code == 405
