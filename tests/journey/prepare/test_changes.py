"""What a client changes before a session: kept, said in words, and shown where it is needed."""

import html
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, at
from tests.journey.prepare.consents import a_consent
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import reads
from unknot.journey.prepare.actions import Wishes, save_preparation
from unknot.journey.prepare.models import PreparationChange
from unknot.people.models import Alert, Message

BEFORE = NOW - timedelta(days=2)


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return an_appointment(cast, start=at(12), now=BEFORE - timedelta(days=1))


@pytest.fixture
def tess(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.user("tess"))
    return client


def save(cast: Cast, visit: Appointment, now: datetime, **wishes: object) -> None:
    save_preparation(cast.user("ana"), visit, wishes=Wishes(**wishes), now=now)  # type: ignore[arg-type]


def said(visit: Appointment) -> list[str]:
    """The newest save, in words."""
    newest, *_older = reads.changes_of(visit, now=NOW)
    return [f"{label}: {words}" for label, words in newest.rows]


def test_each_save_keeps_what_it_changed_and_nothing_else(cast: Cast, visit: Appointment) -> None:
    save(cast, visit, BEFORE, focus=("low_back",), pressure=2, talk="quiet")
    save(cast, visit, NOW, focus=("low_back", "neck"), pressure=4, talk="quiet", music=False)
    rows = PreparationChange.objects.filter(at=NOW).order_by("pk")
    assert [(row.field, row.before, row.after) for row in rows] == [
        ("focus", ["low_back"], ["low_back", "neck"]),
        ("pressure", 2, 4),
        ("music", None, False),
    ]
    assert said(visit)[0] == "Areas: now also Neck"
    assert said(visit)[1].startswith("Pressure: 2, ")
    assert said(visit)[2] == "Music: now No, thank you"


def test_saving_the_same_again_is_no_change(cast: Cast, visit: Appointment) -> None:
    for time in (BEFORE, NOW):
        save(cast, visit, time, focus=("neck",), to_tell="my knee")
    assert {row.at for row in PreparationChange.objects.all()} == {BEFORE}
    assert not Alert.objects.exists()


def test_what_was_taken_back_is_said_too(cast: Cast, visit: Appointment) -> None:
    save(cast, visit, BEFORE, leave_out=("head",), warmth="warmer", to_tell="x", asks=("may_cry",))
    save(cast, visit, NOW)
    assert said(visit) == [
        "Not today: no longer Head and face",
        "Warmth: Warmer before, now no wish",
        "Please keep in mind: no longer I may cry, that is fine",
        "To tell: taken back",
    ]


def test_the_briefing_says_today_and_when(tess: Browser, cast: Cast, visit: Appointment) -> None:
    address = reverse("prepare:briefing", args=[visit.key])
    assert "Changed before this session" not in tess.get(address).content.decode()
    save(cast, visit, BEFORE, focus=("low_back",))
    save(cast, visit, NOW, focus=("low_back", "neck"))
    text = html.unescape(tess.get(address).content.decode())
    assert "Changed today, 09:00" in text
    assert "<li>Areas: now also Neck</li>" in text
    assert text.index("Changed today, 09:00") < text.index("Changed 25 March, 09:00")
    late, earlier = text.split("Said earlier")
    assert "Changed today, 09:00" in late
    assert "Changed 25 March, 09:00" in earlier
    assert "Nothing in the last 24 hours." not in text


@pytest.mark.parametrize(("hours", "late"), [(24, True), (25, False)])
def test_a_change_less_than_a_day_before_is_an_alert(
    cast: Cast, visit: Appointment, hours: int, late: bool
) -> None:
    save(cast, visit, visit.start - timedelta(hours=hours), focus=("neck",))
    assert Alert.objects.filter(kind="wishes-changed", client=cast.ana).exists() is late
    mails = Message.objects.filter(kind="alert", user=cast.user("tess"))
    assert mails.exists() is late
    assert not any("eck" in mail.subject + mail.body for mail in mails)


def test_the_day_card_shows_a_late_change_to_the_therapist_alone(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    day = reverse("practice:day")
    save(cast, visit, BEFORE, focus=("low_back",))
    assert "Wishes changed" not in tess.get(day).content.decode()
    save(cast, visit, NOW, focus=("neck",))
    assert "Wishes changed Fri 09:00" in tess.get(day).content.decode()
    desk = Browser()
    desk.force_login(cast.user("finn"))
    assert "Wishes changed" not in desk.get(day).content.decode()


def test_changes_of_many_appointments_are_one_query(
    cast: Cast, visit: Appointment, django_assert_num_queries: object
) -> None:
    other = an_appointment(cast, client=cast.ben, start=at(14), now=BEFORE)
    save(cast, visit, BEFORE, focus=("neck",))
    save(cast, visit, NOW, focus=())
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = reads.changed_since([visit.key, other.key], BEFORE)
    assert found == {visit.key: NOW}
    assert reads.changed_since([visit.key], NOW + timedelta(seconds=1)) == {}


def test_a_new_signature_is_a_change(cast: Cast, visit: Appointment) -> None:
    a_consent(cast, visit, now=BEFORE)
    assert said(visit) == ["Consent to touch: signed"]
    a_consent(cast, visit, "neck", now=NOW)
    assert said(visit) == ["Consent to touch: signed anew"]


def test_a_change_stays_as_it_was_written(cast: Cast, visit: Appointment) -> None:
    save(cast, visit, BEFORE, focus=("neck",))
    rows = PreparationChange.objects.all()
    for deed in (lambda: rows.update(after=[]), rows.delete):
        with pytest.raises(IntegrityError, match="stays as it was written"), transaction.atomic():
            deed()
