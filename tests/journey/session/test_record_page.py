"""The record of a session: opening it and saving drafts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, Cast
from tests.checkins import MARKS, a_completed_checkin
from tests.records import AFTER, NOON, ROWS, TAGS, WHOLE, a_draft, a_signed_record, a_visit, as_sent
from unknot.domain.notes.soap import TreatedRegion
from unknot.journey.book.models import Appointment, Status
from unknot.journey.prepare.actions import Step, save_plan
from unknot.journey.session.models import SessionNote
from unknot.people.actions import withdraw_consent
from unknot.people.models import AuditEntry, Purpose


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return a_visit(cast)


@pytest.fixture
def tess(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.user("tess"))
    return client


def page(visit: Appointment) -> str:
    return reverse("session:record", args=[visit.key])


def test_it_opens_empty_over_the_clients_own_map(tess: Browser, visit: Appointment) -> None:
    answer = tess.get(page(visit))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Upper trapezius, left" in text
    assert "Not saved yet" in text
    assert text.count('class="row-of"') == 3
    assert not SessionNote.objects.exists()


def test_the_rows_can_start_from_the_plan_and_nothing_typed_is_lost(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    steps = (
        Step(region="", minutes=10),
        Step(region="cervical_l", minutes=20),
        Step(region="sacrum", minutes=5),
        Step(region="sacrum", minutes=25),
    )
    save_plan(cast.user("tess"), visit, steps=steps, revision=0, now=NOW)
    typed = as_sent(replace(WHOLE, treatments=ROWS[:1]), revision=0)
    answer = tess.post(page(visit), {**typed, "start": "plan"})
    assert answer.status_code == 200
    form = answer.context["sent"]
    rows = [(row["region"].value(), str(row["minutes"].value())) for row in form.rows]
    assert rows[:2] == [("cervical_l", "25"), ("sacrum", "30")]  # what was typed stands first
    assert form.rows[1]["pressure"].value() is None
    assert form.form["subjective"].value() == WHOLE.subjective
    assert not SessionNote.objects.exists()


def test_without_a_saved_plan_the_rows_start_from_the_proposal(
    tess: Browser, visit: Appointment
) -> None:
    empty = as_sent(replace(WHOLE, treatments=()), revision=0)
    form = tess.post(page(visit), {**empty, "start": "plan"}).context["sent"]
    assert [row["region"].value() for row in form.rows][:2] == ["cervical_l", "upper_trap_l"]


def test_opening_it_leaves_one_audit_row(tess: Browser, cast: Cast, visit: Appointment) -> None:
    tess.get(page(visit))
    entry = AuditEntry.objects.get(action="record.read")
    assert (entry.actor, entry.client) == (cast.user("tess"), cast.ana)


def test_without_consent_the_clients_map_is_hidden(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    assert tess.get(page(visit)).context["page"].body is not None
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.SHARE_BODY, now=NOW)
    answer = tess.get(page(visit))
    assert answer.context["page"].body is None
    assert answer.context["page"].safety is not None
    assert "does not share where it hurts" in answer.content.decode()


def test_without_consent_what_to_adapt_is_hidden(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, conditions=["bp_controlled"])
    assert "Slow rise" in tess.get(page(visit)).content.decode()
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.SHARE_SAFETY, now=NOW)
    answer = tess.get(page(visit))
    assert answer.context["page"].safety is None
    assert answer.context["page"].body is not None
    assert "Slow rise" not in answer.content.decode()
    assert "does not share safety answers" in answer.content.decode()


def test_a_draft_is_saved_whole_and_shown_again(tess: Browser, visit: Appointment) -> None:
    answer = tess.post(page(visit), as_sent(), follow=True)
    assert answer.redirect_chain == [(page(visit), 302)]
    note = SessionNote.objects.get()
    assert (note.subjective, note.plan) == (WHOLE.subjective, WHOLE.plan)
    assert (note.pain_before, note.tension_after) == (6, 3)
    assert note.revision == 1
    assert note.signed_at is None
    assert [(row.region, row.minutes) for row in note.treatments.order_by("pk")] == [
        ("cervical_l", 25),
        ("upper_trap_l", 15),
    ]
    assert [(mark.region, mark.level) for mark in note.marks.all()] == [("upper_trap_l", 6)]
    assert answer.content.decode().count('class="row-of"') == 5


def test_an_empty_draft_is_saved_too(tess: Browser, visit: Appointment) -> None:
    assert (
        tess.post(
            page(visit), {"revision": "0", "row-TOTAL_FORMS": "0", "row-INITIAL_FORMS": "0"}
        ).status_code
        == 302
    )
    assert SessionNote.objects.get().revision == 1


def test_a_row_can_be_removed(tess: Browser, visit: Appointment) -> None:
    tess.post(page(visit), as_sent())
    tess.post(page(visit), as_sent(replace(WHOLE, treatments=ROWS[:1]), revision=1))
    assert [row.region for row in SessionNote.objects.get().treatments.all()] == ["cervical_l"]


def test_more_rows_keep_what_was_typed_and_save_nothing(tess: Browser, visit: Appointment) -> None:
    answer = tess.post(page(visit), as_sent(more="1"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.count('class="row-of"') == 6
    assert "Firm, two tender spots" in text
    assert 'value="25"' in text
    assert not SessionNote.objects.exists()


def test_every_text_appears_as_typed(tess: Browser, visit: Appointment) -> None:
    texts = dict.fromkeys(("subjective", "objective", "assessment", "plan"), TAGS)
    answer = tess.post(page(visit), as_sent(replace(WHOLE, **texts)), follow=True)
    text = answer.content.decode()
    assert (
        text.count("&lt;b&gt;knot&lt;/b&gt; &amp; &#x27;quote&#x27;") == 8
    )  # each in its field, and in the base
    assert TAGS not in text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("subjective", "x" * 5001, "5000"),
        ("pain_before", "11", "Choose a number from 0 to 10."),
        ("pain_before", "many", "Choose a number from 0 to 10."),
        ("row-0-region", "nose", "nose"),
        ("row-0-region", "neck_front_mid", "neck_front_mid"),
        ("row-0-region", "", "Choose the region, or empty this row."),
        ("row-0-technique", "reiki", "reiki"),
        ("row-0-minutes", "0", "1"),
        ("row-0-minutes", "241", "240"),
        ("row-0-minutes", "ten", "whole number"),
        ("row-0-pressure", "6", "6"),
        ("row-1-region", "cervical_l", "stands above with the same technique"),
        ("mark-nose", "5", "A mark needs a place of the map"),
        ("mark-saddle", "5", "A mark needs a place of the map"),
        ("mark-cervical_l", "11", "A mark needs a place of the map"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(
    tess: Browser, visit: Appointment, field: str, value: str, sentence: str
) -> None:
    same = {"row-1-technique": "swedish"} if field == "row-1-region" else {}
    answer = tess.post(page(visit), as_sent(**{field: value}, **same))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert "Same again in ten days" in text
    assert not SessionNote.objects.exists()


def test_the_longest_text_and_the_largest_numbers_are_taken(
    tess: Browser, visit: Appointment
) -> None:
    largest = TreatedRegion(region="cervical_l", technique="swedish", minutes=240, pressure=5)
    draft = replace(WHOLE, subjective="x" * 5000, pain_before=10, treatments=(largest,))
    assert tess.post(page(visit), as_sent(draft)).status_code == 302
    assert len(SessionNote.objects.get().subjective) == 5000


@pytest.mark.parametrize("total", ["", "-1", "many", "99999999999999"])
def test_a_damaged_number_of_rows_is_refused(tess: Browser, visit: Appointment, total: str) -> None:
    sent = as_sent(WHOLE) | {"row-TOTAL_FORMS": total}
    assert tess.post(page(visit), sent).status_code == 422
    assert tess.post(page(visit), sent | {"more": "1"}).status_code == 200
    assert not SessionNote.objects.exists()


def test_a_client_on_hold_cannot_be_recorded_and_nothing_typed_is_lost(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    assert tess.get(page(visit)).status_code == 200
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    opened = tess.get(page(visit))
    assert opened.status_code == 409
    assert "must be looked at by a clinician first" in opened.content.decode()
    sent = tess.post(page(visit), as_sent())
    assert sent.status_code == 409
    assert "Firm, two tender spots" in sent.content.decode()
    assert not SessionNote.objects.exists()


def test_it_opens_only_on_the_day(tess: Browser, cast: Cast, now: object) -> None:
    tomorrow = a_visit(cast, start=NOON + timedelta(days=3))
    answer = tess.get(page(tomorrow))
    assert answer.status_code == 409
    assert "from the day of the appointment on" in answer.content.decode()


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.NO_SHOW, Status.DECLINED])
def test_a_session_that_did_not_take_place_has_no_record(
    tess: Browser, visit: Appointment, status: Status
) -> None:
    Appointment.objects.filter(pk=visit.pk).update(status=status)
    assert tess.get(page(visit)).status_code == 409
    assert tess.post(page(visit), as_sent()).status_code == 409
    assert not SessionNote.objects.exists()


def test_a_signed_record_is_shown_to_read(tess: Browser, cast: Cast, visit: Appointment) -> None:
    a_signed_record(cast, visit)
    text = tess.get(page(visit)).content.decode()
    assert "Signed by Tess" in text
    assert "25 min, pressure 3 of 5" in text
    assert "Sign and lock" not in text


def test_a_signed_record_can_be_read_while_the_client_is_on_hold(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_signed_record(cast, visit)
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    assert tess.get(page(visit)).status_code == 200


def test_saving_into_a_signed_record_is_refused_and_shows_what_was_typed(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_signed_record(cast, visit)
    answer = tess.post(page(visit), as_sent(replace(WHOLE, plan="Too late"), revision=1))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Too late" in text
    assert "What you typed was not saved" in text
    assert SessionNote.objects.get().plan == "Same again in ten days"


@pytest.mark.parametrize("who", ["ana", "ben", "theo", "paz", "finn", "uma", "opal"])
def test_nobody_else_learns_of_it(
    client: Browser, cast: Cast, visit: Appointment, who: str
) -> None:
    a_draft(cast, visit)
    client.force_login(cast.user(who))
    assert client.get(page(visit)).status_code == 404
    assert client.post(page(visit), as_sent(revision=1)).status_code == 404
    assert not AuditEntry.objects.filter(action="record.read").exists()


def test_a_stranger_signs_in_first(client: Browser, visit: Appointment) -> None:
    assert client.get(page(visit))["Location"].startswith("/accounts/login/")


def test_other_methods_are_refused(tess: Browser, visit: Appointment) -> None:
    assert tess.put(page(visit)).status_code == 405


def test_the_number_of_queries_does_not_grow_with_the_rows(
    tess: Browser, cast: Cast, visit: Appointment, django_assert_num_queries: object
) -> None:
    a_draft(cast, visit)
    with django_assert_num_queries(30):  # type: ignore[operator]
        tess.get(page(visit))
    places = ("cervical_r", "upper_trap_r", "lumbar_l", "lumbar_r")
    more = tuple(replace(ROWS[0], region=place) for place in places)
    tess.post(page(visit), as_sent(replace(WHOLE, treatments=ROWS + more), revision=1))
    tess.get(page(visit))  # the message is shown once
    with django_assert_num_queries(30):  # type: ignore[operator]
        tess.get(page(visit))


def test_a_signed_record_keeps_the_map_of_its_day(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_signed_record(cast, visit)
    later = AFTER + timedelta(days=1)
    a_completed_checkin(cast.ana, practice=cast.practice, marks={"lumbar_l": 2}, now=later)
    assert dict(tess.get(page(visit)).context["page"].body.marks) == MARKS
