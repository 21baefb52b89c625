"""The check-in right before a session: two hours long, once, at its real time."""

from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, at
from unknot.journey.book.models import Appointment, Status
from unknot.journey.follow.actions import door as actions
from unknot.journey.follow.actions.after_session import NotKept
from unknot.journey.follow.models import DailyCheckIn, DoorCheckIn
from unknot.people.actions import withdraw_consent
from unknot.people.models import AuditEntry, Purpose
from unknot.web.errors import BadInput

START = at(10)


@pytest.fixture
def visit(cast: Cast) -> Appointment:
    """Ana's session of this morning, booked a week ago."""
    return an_appointment(cast, start=START, now=NOW - timedelta(days=7))


def tell(
    cast: Cast, visit: Appointment, *, before: timedelta = timedelta(minutes=45)
) -> DoorCheckIn:
    return actions.save_door(
        cast.user("ana"), visit, pain=6, mood=4, painkillers=True, now=START - before
    )


def test_it_keeps_what_is_now_with_its_own_wording(cast: Cast, visit: Appointment) -> None:
    kept = tell(cast, visit)
    assert (kept.pain, kept.stiffness, kept.mood, kept.painkillers) == (6, None, 4, True)
    assert kept.answered_at == START - timedelta(minutes=45)
    assert kept.versions == {"pain_nrs": 1, "mood_now_nrs": 1}
    assert AuditEntry.objects.filter(action="door.saved", client=cast.ana).exists()
    assert not DailyCheckIn.objects.exists()


@pytest.mark.parametrize(
    ("before", "is_open"),
    [
        (timedelta(hours=2, seconds=1), False),
        (timedelta(hours=2), True),
        (timedelta(seconds=1), True),
        (timedelta(), False),
        (timedelta(minutes=-5), False),
    ],
)
def test_it_is_open_for_two_hours(
    cast: Cast, visit: Appointment, before: timedelta, is_open: bool
) -> None:
    if is_open:
        assert tell(cast, visit, before=before)
    else:
        with pytest.raises(actions.NotOpen):
            tell(cast, visit, before=before)
        assert not DoorCheckIn.objects.exists()


def test_a_second_answer_is_refused_and_the_first_stays(cast: Cast, visit: Appointment) -> None:
    tell(cast, visit)
    with pytest.raises(actions.NotOpen):
        tell(cast, visit, before=timedelta(minutes=1))
    assert DoorCheckIn.objects.get().answered_at == START - timedelta(minutes=45)


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.ATTENDED, Status.NO_SHOW])
def test_only_a_session_to_come_is_asked_about(
    cast: Cast, visit: Appointment, status: Status
) -> None:
    Appointment.objects.filter(pk=visit.pk).update(status=status)
    with pytest.raises(actions.NotOpen):
        tell(cast, visit)


def test_who_waits_in_the_practice_can_still_answer(cast: Cast, visit: Appointment) -> None:
    Appointment.objects.filter(pk=visit.pk).update(status=Status.ARRIVED)
    assert tell(cast, visit)


def test_nothing_is_kept_of_who_took_back_that_answers_are_kept(
    cast: Cast, visit: Appointment
) -> None:
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    with pytest.raises(NotKept):
        tell(cast, visit)


def test_no_rating_is_no_answer(cast: Cast, visit: Appointment) -> None:
    with pytest.raises(BadInput):
        actions.save_door(
            cast.user("ana"), visit, painkillers=True, now=START - timedelta(minutes=9)
        )


def test_the_page_asks_about_now_and_then_says_that_it_is_kept(
    cast: Cast, visit: Appointment, client: Browser, now: datetime
) -> None:
    client.force_login(cast.user("ana"))
    page = reverse("follow:door", args=[visit.key])
    asked = client.get(page).content.decode()
    assert "How stiff do your neck and back feel right now?" in asked
    assert "in pain?" not in asked
    assert client.post(page, {}).status_code == 422
    assert client.post(page, {"pain": "11"}).status_code == 422
    kept = client.post(page, {"pain": "3", "sleep": "8"}, follow=True).content.decode()
    assert "Saved. Have a good session." in kept
    assert "radio" not in kept
    assert DoorCheckIn.objects.get().answered_at == now
    assert client.post(page, {"pain": "9"}).status_code == 409


def test_the_page_says_when_it_opens(cast: Cast, client: Browser, now: datetime) -> None:
    later = an_appointment(cast)
    client.force_login(cast.user("ana"))
    page = reverse("follow:door", args=[later.key])
    assert "You can answer on" in client.get(page).content.decode()
    assert client.post(page, {"pain": "3"}).status_code == 409
