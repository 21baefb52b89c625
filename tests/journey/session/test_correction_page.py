"""A request to correct a record is answered on record: once, dated, never changed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import LONG_AGO, NOW, Cast
from tests.records import WHOLE, a_signed_record, a_visit
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import corrections as actions
from unknot.journey.session.models import (
    Amendment,
    CorrectionAnswer,
    CorrectionRequest,
    SessionNote,
)
from unknot.people.models import AuditEntry, CareRelation, Message

YES, NO = {"accepted": "yes", "text": "It was the right side"}, {"accepted": "no", "text": "Agreed"}


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    found = a_visit(cast)
    a_signed_record(cast, found)
    return found


@pytest.fixture
def asked(cast: Cast, visit: Appointment) -> CorrectionRequest:
    actions.ask(cast.user("ana"), visit, text="It was the other side", now=NOW)
    return CorrectionRequest.objects.get()


def by(cast: Cast, name: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.user(name))
    return browser


def page(asked: CorrectionRequest) -> str:
    return reverse("session:correction", args=[asked.key])


@pytest.mark.parametrize("name", ["tess", "paz"])
def test_accepted_it_amends_the_record_and_the_client_reads_it(
    cast: Cast, visit: Appointment, asked: CorrectionRequest, name: str
) -> None:
    before = SessionNote.objects.values().get()
    text = by(cast, name).post(page(asked), YES, follow=True).content.decode()
    assert "Accepted: this was added to the record." in text
    amendment = Amendment.objects.get()
    assert (amendment.text, amendment.author) == (YES["text"], cast.user(name))
    assert SessionNote.objects.values().get() == before, "the note stays as it was signed"
    shared = by(cast, "ana").get(reverse("session:shared", args=[visit.key])).content.decode()
    assert YES["text"] in shared
    record = by(cast, "tess").get(reverse("session:record", args=[visit.key])).content.decode()
    assert record.count(YES["text"]) == 2, "beside the request, and as an amendment"


def test_declined_it_gives_the_reason_and_adds_nothing(
    cast: Cast, visit: Appointment, asked: CorrectionRequest
) -> None:
    by(cast, "tess").post(page(asked), NO)
    assert not Amendment.objects.exists()
    shared = by(cast, "ana").get(reverse("session:shared", args=[visit.key])).content.decode()
    assert "Declined, for this reason." in shared
    assert "Answered by Tess, 27 March 2026, 09:00" in shared


def test_the_client_gets_a_mail_that_says_nothing(cast: Cast, asked: CorrectionRequest) -> None:
    by(cast, "tess").post(page(asked), NO)
    mail = Message.objects.get(kind="correction-answered")
    assert mail.recipient == "ana@example.org"
    assert "Agreed" not in mail.body
    assert "other side" not in mail.subject + mail.body


def test_it_is_answered_once(cast: Cast, asked: CorrectionRequest) -> None:
    by(cast, "tess").post(page(asked), NO)
    again = by(cast, "paz").post(page(asked), YES)
    assert again.status_code == 409
    assert not CorrectionAnswer.objects.get().accepted
    assert not Amendment.objects.exists()
    assert "Answer on record" not in by(cast, "paz").get(page(asked)).content.decode()


@pytest.mark.parametrize("sent", [{}, {"accepted": "yes"}, {"text": "So"}, {**NO, "text": " "}])
def test_an_answer_needs_both_parts(
    cast: Cast, asked: CorrectionRequest, sent: dict[str, str]
) -> None:
    assert by(cast, "tess").post(page(asked), sent).status_code == 422
    assert not CorrectionAnswer.objects.exists()


def test_the_manager_reads_what_the_client_reads_and_no_more(
    cast: Cast, asked: CorrectionRequest
) -> None:
    text = by(cast, "paz").get(page(asked)).content.decode()
    assert WHOLE.plan in text
    for own in (WHOLE.subjective, WHOLE.objective, WHOLE.assessment):
        assert own not in text
    entry = AuditEntry.objects.get(action="correction.read")
    assert (entry.actor, entry.client) == (cast.user("paz"), cast.ana)


def test_another_therapist_of_the_client_cannot_answer_for_who_signed(
    cast: Cast, asked: CorrectionRequest
) -> None:
    CareRelation.objects.create(client=cast.ana, therapist_user=cast.user("theo"), since=LONG_AGO)
    assert by(cast, "theo").get(page(asked)).status_code == 404
    with pytest.raises(actions.Denied):
        actions.answer(cast.user("theo"), asked, accepted=False, text="No", now=NOW)


def test_the_list_shows_what_waits_and_what_was_answered(
    cast: Cast, asked: CorrectionRequest
) -> None:
    address = reverse("session:corrections")
    assert page(asked) in by(cast, "tess").get(address).content.decode()
    assert page(asked) not in by(cast, "theo").get(address).content.decode()
    assert "Answered" not in by(cast, "paz").get(address).content.decode()
    later = NOW + timedelta(hours=1)
    actions.answer(cast.user("tess"), asked, accepted=False, text="No", now=later)
    text = by(cast, "paz").get(address).content.decode()
    assert "Nobody waits for an answer" in text
    assert "Declined 27 March 2026, 10:00" in text


@pytest.mark.parametrize("table", ["correctionrequest", "correctionanswer"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET text = 'other'"])
def test_no_statement_changes_what_was_asked_or_answered(
    cast: Cast, asked: CorrectionRequest, table: str, change: str
) -> None:
    by(cast, "tess").post(page(asked), NO)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(f"care_session_{table}"))


def test_an_acceptance_without_an_amendment_is_none(cast: Cast, asked: CorrectionRequest) -> None:
    values = {"request": asked, "author": cast.user("tess"), "at": NOW, "text": "So"}
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionAnswer.objects.create(**values, accepted=True)
    CorrectionAnswer.objects.create(**values, accepted=False)
