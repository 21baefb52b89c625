"""Temperatures of heated stones: limits that hold, readings that stay."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, Cast, a_service, at
from tests.checkins import a_completed_checkin
from tests.records import WHOLE, a_signed_record, a_visit, as_sent
from unknot.domain.notes.soap import TreatedRegion
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import record
from unknot.journey.session.actions import stones as actions
from unknot.journey.session.models import StoneReading
from unknot.people.actions import withdraw_consent
from unknot.people.models import AuditEntry, Purpose


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    """A session with heated stones, today at noon."""
    a_service(cast.practice, "hot_stone", cast.tess)
    found = a_visit(cast, start=at(12), now=NOW)
    found.service = cast.tess.services.get(technique="hot_stone")
    found.save(update_fields=["service"])
    return found


@pytest.fixture
def tess(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.user("tess"))
    return client


def page(visit: Appointment) -> str:
    return reverse("session:stones", args=[visit.key])


def told(cast: Cast, *, age: int = 38, **answers: object) -> None:
    """A new check-in of Ana; who is older is asked more, which is not what is looked at here."""
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, **answers)
    checkin.age = age
    checkin.save(update_fields=["age"])


def reading(bath: str = "52", skin: str = "40", **more: str) -> dict[str, str]:
    return {"time": "08:55", "bath_c": bath, "skin_c": skin, "skin": "ordinary", **more}


def test_a_reading_is_stored_with_its_limit_and_shown_in_the_record(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    answer = tess.post(page(visit), reading(), follow=True)
    assert "The reading is saved." in answer.content.decode()
    [row] = StoneReading.objects.all()
    assert (row.bath_c, row.skin_c, row.limit_c) == (Decimal(52), Decimal(40), 45)
    assert (row.measured_at, row.author) == (at(8, 55), cast.user("tess"))
    assert "1 reading so far" in tess.get(reverse("session:record", args=[visit.key])).text
    a_signed_record(cast, visit, now=NOW)
    signed = tess.get(reverse("session:record", args=[visit.key])).text
    assert "Heated stones" in signed
    assert "52.0" in signed
    assert AuditEntry.objects.filter(action="stones.noted", client=cast.ana).count() == 1


def test_a_bath_of_70_is_refused_with_the_limit_and_nothing_is_stored(
    tess: Browser, visit: Appointment
) -> None:
    answer = tess.post(page(visit), reading(bath="70"))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "The bath reads 70 °C. The limit is 54 °C" in text
    assert "the bath follows what the trade says" in text
    assert 'value="70"' in text, "what was typed is not lost"
    assert not StoneReading.objects.exists()
    assert not AuditEntry.objects.filter(action="stones.noted").exists()
    assert tess.post(page(visit), reading(bath="54")).status_code == 302


def test_the_first_stone_above_the_start_is_kept_with_a_caution(
    tess: Browser, visit: Appointment
) -> None:
    answer = tess.post(page(visit), reading(skin="44"), follow=True)
    assert "Start at 40 °C" in answer.content.decode()
    assert StoneReading.objects.count() == 1


@pytest.mark.parametrize(
    ("answers", "limit"), [({}, 45), ({"age": 70}, 43), ({"medicines": ["opioid"]}, 40)]
)
def test_what_the_client_told_lowers_the_limit_by_itself(
    tess: Browser, cast: Cast, visit: Appointment, answers: dict[str, object], limit: int
) -> None:
    told(cast, **answers)
    assert f"at most {limit} °C here" in tess.get(page(visit)).text
    assert tess.post(page(visit), reading(skin=f"{limit}.1")).status_code == 422
    assert tess.post(page(visit), reading(skin=f"{limit}")).status_code == 302
    assert StoneReading.objects.get().limit_c == limit


def test_who_does_not_share_safety_is_asked_in_the_room(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    told(cast, age=70)
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.SHARE_SAFETY, now=NOW)
    text = tess.get(page(visit)).text
    assert "at most 45 °C here" in text
    assert "does not share safety answers" in text
    assert tess.post(page(visit), reading(skin="44")).status_code == 302
    refused = tess.post(page(visit), reading(skin="44") | {"skin": "older_or_thin"})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"bath_c": "", "skin_c": ""}, "or both"),
        ({"time": "08:65"}, "like 14:30"),
        ({"time": ""}, "like 14:30"),
        ({"time": "23:00"}, "has not come yet"),
        ({"bath_c": "warm"}, "in numbers"),
        ({"bath_c": "41.55"}, "one decimal"),
        ({"bath_c": "NaN"}, "in numbers"),
        ({"bath_c": "-3"}, "cannot be a reading"),
        ({"skin": "leather"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    tess: Browser, visit: Appointment, sent: dict[str, str], words: str
) -> None:
    answer = tess.post(page(visit), reading() | sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not StoneReading.objects.exists()


def test_sent_twice_it_is_stored_once(tess: Browser, visit: Appointment) -> None:
    for _time in range(2):
        assert tess.post(page(visit), reading(skin="")).status_code == 302
    assert StoneReading.objects.count() == 1


def test_a_signed_record_takes_no_more_readings(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    tess.post(page(visit), reading())
    a_signed_record(cast, visit, now=NOW)
    assert "No reading can be added" in tess.get(page(visit)).text
    assert tess.post(page(visit), reading(skin="41")).status_code == 409
    assert StoneReading.objects.count() == 1


def test_a_session_without_stones_has_no_such_page_until_they_are_used(
    tess: Browser, cast: Cast, now: object
) -> None:
    plain = a_visit(cast, start=at(12), now=NOW)
    assert tess.get(page(plain)).status_code == 404
    assert tess.post(page(plain), reading()).status_code == 404
    rows = (TreatedRegion(region="cervical_l", technique="hot_stone", minutes=9, pressure=2),)
    draft = record.Draft(treatments=rows)
    record.save_draft(cast.user("tess"), plain, draft=draft, revision=0, now=NOW)
    assert tess.get(page(plain)).status_code == 200


def test_before_the_question_is_asked_nothing_is_written(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    other = a_visit(cast, start=at(14), now=NOW, said="")
    other.service = visit.service
    other.save(update_fields=["service"])
    assert tess.get(page(other))["Location"] == reverse("session:record", args=[other.key])
    assert tess.post(page(other), reading()).status_code == 302
    assert not StoneReading.objects.exists()


def test_a_reading_of_another_day_is_refused(cast: Cast, visit: Appointment) -> None:
    measured = actions.Measured(at=NOW - timedelta(days=1), bath_c=Decimal(50), skin_c=None)
    with pytest.raises(actions.BadInput, match="day of the session"):
        actions.note_reading(cast.user("tess"), visit, measured=measured, now=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE care_session_stonereading SET skin_c = 39",
        "DELETE FROM care_session_stonereading",
        "INSERT INTO care_session_stonereading (appointment_id, author_id, bath_c, skin, limit_c,"
        " measured_at, noted_at) SELECT appointment_id, author_id, 50, skin, limit_c, noted_at,"
        " noted_at FROM care_session_stonereading",
    ],
)
def test_no_statement_changes_what_was_read(
    tess: Browser, cast: Cast, visit: Appointment, statement: str
) -> None:
    tess.post(page(visit), reading())
    if statement.startswith("INSERT"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.replace("noted_at, noted_at FROM", "now(), noted_at FROM"))
        a_signed_record(cast, visit, now=NOW)  # before it is signed a reading is taken
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_draft_is_still_saved_beside_it(tess: Browser, visit: Appointment) -> None:
    tess.post(page(visit), reading())
    sent = as_sent(WHOLE)
    assert tess.post(reverse("session:record", args=[visit.key]), sent).status_code == 302
