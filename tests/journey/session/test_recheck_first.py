"""Nothing is recorded before somebody asked whether anything is new, and the check-in stands."""

from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import a_recheck, an_appointment
from tests.cast import NOW, Cast, at
from tests.checkins import a_completed_checkin
from tests.records import AFTER, NOON, WHOLE, a_draft, a_signed_record, a_visit, as_sent
from unknot.domain.screening import catalogue
from unknot.journey.book.actions import attendance
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import record as actions
from unknot.journey.session.models import SessionNote
from unknot.journey.understand.models import Recheck
from unknot.people.models import AuditEntry

QUESTION = catalogue.load().header.engine.short_recheck_question


@pytest.fixture
def visit(cast: Cast, now: datetime) -> Appointment:
    """Ana comes to Tess at noon; nobody has asked yet."""
    return a_visit(cast, said="")


@pytest.fixture
def tess(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.user("tess"))
    return client


def record(visit: Appointment) -> str:
    return reverse("session:record", args=[visit.key])


def test_the_question_comes_first_and_one_tap_opens_the_record(
    tess: Browser, visit: Appointment
) -> None:
    before = tess.get(record(visit))
    assert before.status_code == 200
    assert QUESTION in before.content.decode()
    assert 'name="subjective"' not in before.content.decode()
    assert not AuditEntry.objects.filter(action="record.read").exists()
    recheck = reverse("prepare:recheck", args=[visit.key])
    opened = tess.post(recheck, {"said": "no", "then": "record"}, follow=True)
    assert opened.redirect_chain == [(record(visit), 302)]
    assert 'name="subjective"' in opened.content.decode()


@pytest.mark.parametrize("said", ["yes", "unsure"])
def test_the_session_waits_for_the_full_checkin(
    tess: Browser, cast: Cast, visit: Appointment, said: str
) -> None:
    a_recheck(cast, visit, said=said, by="tess")
    text = tess.get(record(visit)).content.decode()
    assert "The session waits for the full check-in" in text
    assert "Something may be new since the last one." in text
    assert 'name="subjective"' not in text
    a_completed_checkin(cast.ana, practice=cast.practice, now=NOW + timedelta(minutes=5))
    assert 'name="subjective"' in tess.get(record(visit)).content.decode()


@pytest.mark.parametrize("said", ["", "yes", "unsure"])
def test_nothing_is_saved_or_signed_before_it(cast: Cast, visit: Appointment, said: str) -> None:
    if said:
        a_recheck(cast, visit, said=said)
    refusal = actions.WaitsForCheckIn if said else actions.RecheckFirst
    with pytest.raises(refusal) as refused:
        a_draft(cast, visit)
    assert type(refused.value) is refusal
    assert not SessionNote.objects.exists()


@pytest.mark.parametrize("said", ["yes", "unsure"])
def test_a_draft_is_not_signed_once_something_new_was_said(
    cast: Cast, visit: Appointment, said: str
) -> None:
    a_recheck(cast, visit)
    revision = a_draft(cast, visit)
    a_recheck(cast, visit, said=said, by="tess", now=AFTER)
    with pytest.raises(actions.WaitsForCheckIn):
        actions.sign(cast.user("tess"), visit, revision=revision, now=AFTER)
    a_completed_checkin(cast.ana, practice=cast.practice, now=AFTER + timedelta(minutes=5))
    later = AFTER + timedelta(minutes=10)
    actions.sign(cast.user("tess"), visit, revision=revision, now=later)
    assert SessionNote.objects.get().signed_at == later


def test_a_refused_page_keeps_what_was_typed(tess: Browser, cast: Cast, visit: Appointment) -> None:
    a_recheck(cast, visit, said="yes")
    answer = tess.post(record(visit), as_sent())
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "This session waits for the full check-in" in text
    assert WHOLE.subjective in text


def test_an_open_draft_without_the_question_opens_after_one_tap(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    """Records begun before the question was asked of everybody keep what they hold."""
    a_recheck(cast, visit)
    a_draft(cast, visit)
    Recheck.objects.all().delete()
    assert QUESTION in tess.get(record(visit)).content.decode()
    a_recheck(cast, visit, by="tess")
    assert WHOLE.subjective in tess.get(record(visit)).content.decode()


def test_a_session_that_took_place_is_signed_whatever_is_said_before_the_next(
    cast: Cast, visit: Appointment
) -> None:
    a_recheck(cast, visit)
    revision = a_draft(cast, visit)
    monday = an_appointment(cast)
    a_recheck(cast, monday, said="yes", now=at(20))
    actions.sign(cast.user("tess"), visit, revision=revision, now=at(21))
    with pytest.raises(actions.WaitsForCheckIn):
        actions.save_draft(
            cast.user("tess"), monday, draft=WHOLE, revision=0, now=at(11, 5, days=3)
        )


def test_a_session_of_the_ninetieth_day_is_recorded_the_day_after(
    cast: Cast, visit: Appointment
) -> None:
    a_recheck(cast, visit)
    last = visit.end - timedelta(days=90)
    cast.ana.checkin_set.update(started_at=last, completed_at=last)
    tomorrow = AFTER + timedelta(days=1)
    assert a_draft(cast, visit, now=tomorrow) == 1
    earlier = last - timedelta(seconds=1)
    cast.ana.checkin_set.update(started_at=earlier, completed_at=earlier)
    with pytest.raises(actions.WaitsForCheckIn):
        actions.sign(cast.user("tess"), visit, revision=1, now=tomorrow)


def test_what_is_signed_is_read_and_amended_as_ever(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_recheck(cast, visit)
    a_signed_record(cast, visit)
    Recheck.objects.all().delete()
    assert WHOLE.subjective in tess.get(record(visit)).content.decode()
    amend = reverse("session:amend", args=[visit.key])
    assert tess.post(amend, {"text": "She called."}).status_code == 302


def test_after_signing_the_question_is_closed(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_recheck(cast, visit)
    a_signed_record(cast, visit)
    answer = tess.post(reverse("prepare:recheck", args=[visit.key]), {"said": "yes"})
    assert answer.status_code == 409
    assert Recheck.objects.get().said == "no"


def test_arrived_and_no_show_need_no_answer(cast: Cast, visit: Appointment) -> None:
    attendance.mark_arrived(visit, actor=cast.user("tess"), now=NOON)
    other = an_appointment(cast, start=at(14))
    attendance.mark_no_show(other, actor=cast.user("finn"), now=at(14, 20))
    visit.refresh_from_db()
    other.refresh_from_db()
    assert (visit.status, other.status) == ("arrived", "no_show")
