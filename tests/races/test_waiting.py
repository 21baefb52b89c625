"""Two workers at the waiting list: real connections, real transactions.

A freed time is claimed by one worker and passed over by the other, and a place in line is locked
before it is asked. The control takes that lock away and shows what it is for.
"""

import threading
from datetime import timedelta

import pytest

from tests.appointments import an_appointment
from tests.cast import NOW, TODAY, Cast, a_client, at, the_cast
from tests.checkins import a_completed_checkin
from tests.races.test_one_slot import race
from unknot.journey.book.actions import arrange, days, time_off, waiting
from unknot.journey.book.models import Appointment, FreedTime, Status, WaitingEntry
from unknot.people.models import Message

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

LATER = NOW + timedelta(minutes=5)


def two_freed_times(cast: Cast) -> None:
    """Tess has two times that somebody gave back, far from each other."""
    for hour in (9, 14):
        visit = an_appointment(
            cast, client=a_client(f"Other{hour}", cast.practice), start=at(hour, days=3)
        )
        arrange.cancel(cast.finn, visit, now=NOW)


def line(cast: Cast, *names: str) -> None:
    """Ana, or others, wait for Tess on these days."""
    for number, name in enumerate(names):
        client = a_client(name, cast.practice)
        assert client.user is not None
        a_completed_checkin(client, practice=cast.practice)
        wish = waiting.Wish(
            service=cast.swedish,
            therapist=cast.tess,
            first_day=TODAY,
            last_day=TODAY + timedelta(days=14),
        )
        waiting.join(client.user, client, wish, now=NOW + timedelta(seconds=number))


def workers(count: int) -> list[object]:
    return [lambda: waiting.offer_freed(LATER)] * count


def held() -> int:
    return Appointment.objects.filter(status=Status.HELD).count()


def test_two_workers_offer_one_freed_time_once() -> None:
    cast = the_cast()
    line(cast, "First", "Second", "Third")
    visit = an_appointment(cast, start=at(10, days=3))
    arrange.cancel(cast.finn, visit, now=NOW)
    assert race(workers(4)) == {"done": 4}  # type: ignore[arg-type]
    assert held() == 1
    assert WaitingEntry.objects.get(state="offered").client.name == "First"
    assert Message.objects.filter(kind="waiting-offer").count() == 1
    assert not FreedTime.objects.filter(settled_at__isnull=True).exists()


def test_two_workers_with_two_freed_times_ask_one_person_once() -> None:
    cast = the_cast()
    line(cast, "Only")
    two_freed_times(cast)
    assert race(workers(2)) == {"done": 2}  # type: ignore[arg-type]
    assert held() == 1
    assert Message.objects.filter(kind="waiting-offer").count() == 1


def test_two_workers_with_two_freed_times_ask_two_people() -> None:
    cast = the_cast()
    line(cast, "First", "Second")
    two_freed_times(cast)
    assert race(workers(2)) == {"done": 2}  # type: ignore[arg-type]
    assert WaitingEntry.objects.filter(state="offered").count() == held() == 2


def test_without_its_lock_one_place_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: each worker has its own freed time, and both saw the place waiting."""
    cast = the_cast()
    line(cast, "Only")
    two_freed_times(cast)
    first, second = FreedTime.objects.order_by("pk")
    both_saw_it_waiting = threading.Barrier(2, timeout=60)
    line_of = waiting.reads.in_line

    def looked(freed: FreedTime, **said: object) -> list[WaitingEntry]:
        found = list(line_of(freed, **said))  # type: ignore[arg-type]
        both_saw_it_waiting.wait()
        return found

    monkeypatch.setattr(waiting.reads, "in_line", looked)
    monkeypatch.setattr(waiting, "_still_waiting", lambda entry: entry)
    deeds = [lambda: waiting._offer(first.pk, LATER), lambda: waiting._offer(second.pk, LATER)]
    assert race(deeds) == {"done": 2}  # type: ignore[arg-type]
    assert held() == 2
    assert Message.objects.filter(kind="waiting-offer").count() == 2


def test_two_workers_at_a_day_that_opened_ask_each_place_once() -> None:
    cast = the_cast()
    days.extend(cast.tess, today=TODAY)
    monday = TODAY + timedelta(days=3)
    away = time_off.Away(first_day=monday, last_day=monday)
    off = time_off.add(cast.user("tess"), cast.tess, away=away, now=NOW)
    line(cast, "First", "Second", "Third")
    time_off.remove(cast.user("tess"), cast.tess, off, now=NOW)
    assert race(workers(3)) == {"done": 3}  # type: ignore[arg-type]
    assert WaitingEntry.objects.filter(state="offered").count() == held() == 3
    assert Message.objects.filter(kind="waiting-offer").count() == 3
