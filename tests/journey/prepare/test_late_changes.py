"""What the client changes shortly before shows on the briefing and on the therapist's day."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, at
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import reads
from unknot.journey.prepare.actions import Wishes, save_preparation
from unknot.journey.prepare.models import PreparationChange
from unknot.people.models import Alert, Message

NOON = at(12)
AN_HOUR_BEFORE = NOON - timedelta(hours=1)
EARLY = NOON - timedelta(days=3)


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return an_appointment(cast, start=NOON, now=NOON - timedelta(days=4))


def save(cast: Cast, visit: Appointment, when: datetime, **wanted: object) -> None:
    wished = Wishes(**{"pressure": 3, **wanted})  # type: ignore[arg-type]
    save_preparation(cast.user("ana"), visit, wishes=wished, now=when)


def told(visit: Appointment) -> list[tuple[str, str, str]]:
    found = reads.news(visit, professional=True)
    return [(str(one.label), str(one.before), str(one.now)) for one in found]


def test_areas_changed_an_hour_before_are_news(cast: Cast, visit: Appointment) -> None:
    save(cast, visit, EARLY, focus=("neck",))
    save(cast, visit, AN_HOUR_BEFORE, focus=("neck", "low_back"))
    assert told(visit) == [("Please work here", "Neck", "Neck; Lower back")]


def test_first_wishes_in_time_are_no_change(cast: Cast, visit: Appointment) -> None:
    save(cast, visit, EARLY, focus=("neck",))
    assert not PreparationChange.objects.exists()


def test_first_wishes_an_hour_before_are_news(cast: Cast, visit: Appointment) -> None:
    save(cast, visit, AN_HOUR_BEFORE, leave_out=("head",))
    assert told(visit) == [("Not today, please leave out", "", "Head and face")]


def test_a_change_days_before_is_kept_and_is_no_news(cast: Cast, visit: Appointment) -> None:
    save(cast, visit, EARLY, pressure=3)
    save(cast, visit, EARLY + timedelta(hours=1), pressure=2)
    assert PreparationChange.objects.get().after == 2
    assert told(visit) == []


def test_a_wish_that_ends_as_it_began_is_no_news(cast: Cast, visit: Appointment) -> None:
    save(cast, visit, EARLY, music=True)
    save(cast, visit, AN_HOUR_BEFORE, music=False)
    save(cast, visit, AN_HOUR_BEFORE + timedelta(minutes=5), music=True)
    assert told(visit) == []


def test_saving_the_same_again_changes_nothing(cast: Cast, visit: Appointment) -> None:
    for _again in range(2):
        save(cast, visit, AN_HOUR_BEFORE, talk="quiet", to_tell="The left side")
    assert PreparationChange.objects.count() == 2


def test_the_therapist_hears_of_late_places_and_not_of_late_music(
    cast: Cast, visit: Appointment
) -> None:
    save(cast, visit, AN_HOUR_BEFORE, music=False)
    assert not Alert.objects.exists()
    save(cast, visit, AN_HOUR_BEFORE, music=False, leave_out=("neck",))
    assert Alert.objects.get().kind == "wishes-changed"
    mail = Message.objects.get(kind="alert")
    assert mail.user == cast.user("tess")
    assert "neck" not in mail.body.lower()


def test_a_change_stays_as_it_was_written(cast: Cast, visit: Appointment) -> None:
    save(cast, visit, AN_HOUR_BEFORE, pressure=2)
    with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
        PreparationChange.objects.update(after=5)


def test_the_card_of_the_day_and_the_briefing_show_it(
    cast: Cast, visit: Appointment, client: Browser
) -> None:
    client.force_login(cast.user("tess"))
    day, briefing = reverse("practice:day"), reverse("prepare:briefing", args=[visit.key])
    assert "Wishes changed" not in client.get(day).content.decode()
    save(cast, visit, NOW, focus=("neck",))
    assert "Wishes changed" in client.get(day).content.decode()
    page = client.get(briefing).content.decode()
    assert "Changed shortly before" in page
    assert "Please work here, 27 March, 09:00" in page


def test_the_front_desk_reads_nothing_of_it(
    cast: Cast, visit: Appointment, client: Browser
) -> None:
    save(cast, visit, AN_HOUR_BEFORE, focus=("neck",))
    client.force_login(cast.finn)
    assert "Wishes changed" not in client.get(reverse("practice:day")).content.decode()


def test_the_pressure_of_the_checkin_is_where_wishes_begin(cast: Cast, visit: Appointment) -> None:
    save(cast, visit, AN_HOUR_BEFORE, pressure=3)  # as the form begins, from the check-in
    assert told(visit) == []
