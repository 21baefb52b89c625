"""Eight people press the same time at once: real connections, real transactions.

The lock makes rivals queue, comparing before swapping tells a loser, and the constraint keeps the
promise. Each control takes guards away and shows what they were for.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, OperationalError, connection, connections

from tests.appointments import MONDAY_TEN
from tests.cast import NOW, TODAY, Cast, a_client, at, the_cast
from tests.checkins import a_completed_checkin
from unknot.journey.book.actions import booking, days, locks, taking
from unknot.journey.book.models import Appointment, Resource, Status
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.models import Therapist
from unknot.journey.understand.models import CheckIn

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

RIVALS = 8
DROP = "ALTER TABLE book_allocation DROP CONSTRAINT no_double_booking"


def race(deeds: list[Callable[[], object]]) -> Counter[str]:
    """Run every deed in its own thread at the same moment and count how each ended."""
    ended: Counter[str] = Counter()
    ready = threading.Barrier(len(deeds), timeout=60)

    def run(deed: Callable[[], object]) -> None:
        try:
            with connection.cursor() as cursor:  # the connection is open before the race begins
                cursor.execute("SET lock_timeout = '30s'")
            ready.wait()
            deed()
            ended["done"] += 1
        except Exception as problem:
            ended[type(problem).__name__] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sum(ended.values()) == len(deeds), ended
    return ended


def rivals(cast: Cast) -> list[Callable[[], object]]:
    """Eight people without accounts, each with a check-in, who want Tess on Monday at ten."""

    def deed(checkin: CheckIn) -> Callable[[], object]:
        return lambda: booking.hold(
            checkin,
            actor=AnonymousUser(),
            wanted=Wanted(therapist=cast.tess, service=cast.swedish),
            start=MONDAY_TEN,
            now=NOW,
        )

    days.extend(cast.tess, today=TODAY)
    return [deed(a_completed_checkin(None, practice=cast.practice)) for _ in range(RIVALS)]


def held() -> int:
    return Appointment.objects.filter(status=Status.HELD).count()


@contextmanager
def without_the_constraint() -> Iterator[None]:
    """Drop the constraint and put it back, over an empty table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s",
            ["no_double_booking"],
        )
        definition = cursor.fetchone()[0]
        cursor.execute(DROP)
    try:
        yield
    finally:
        Appointment.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                f"ALTER TABLE book_allocation ADD CONSTRAINT no_double_booking {definition}"
            )


@contextmanager
def without_the_swap() -> Iterator[None]:
    """Let every booking believe that its cells were free, and put the comparison back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('book_swap'::regproc)")
        definition = cursor.fetchone()[0]
        head = definition[: definition.index("LANGUAGE")]
        cursor.execute(f"{head} LANGUAGE sql AS 'SELECT true'")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(definition)


def without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the calendars without locking them, and let all rivals see the time free first."""

    def unlocked(therapists: Iterable[Therapist]) -> dict[int, Resource]:
        users = [one.user_id for one in therapists]
        return {one.user_id: one for one in Resource.objects.filter(user__in=users)}

    all_saw_it_free = threading.Barrier(RIVALS, timeout=60)
    rule = booking.check_offered

    def looked(*args: object, **kwargs: object) -> object:
        answer = rule(*args, **kwargs)
        all_saw_it_free.wait()
        return answer

    monkeypatch.setattr(locks, "lock_people", unlocked)
    monkeypatch.setattr(taking, "lock_days", lambda keys: None)
    monkeypatch.setattr(booking, "check_offered", looked)


def test_eight_people_one_slot() -> None:
    assert race(rivals(the_cast())) == {"done": 1, "SlotTaken": RIVALS - 1}
    assert held() == 1


def test_compare_and_swap_alone_answers_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lock all have seen the time free, and still the losers hear SlotTaken."""
    deeds = rivals(the_cast())
    without_the_lock(monkeypatch)
    assert race(deeds) == {"done": 1, "SlotTaken": RIVALS - 1}
    assert held() == 1


def test_the_constraint_alone_never_lets_two_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without lock and swap the losers hear of a violation or a deadlock, but one alone wins."""
    deeds = rivals(the_cast())
    without_the_lock(monkeypatch)
    with without_the_swap():
        ended = race(deeds)
    assert held() == ended["done"] <= 1
    assert set(ended) <= {"done", IntegrityError.__name__, OperationalError.__name__}


def test_the_race_is_real_without_all_three(monkeypatch: pytest.MonkeyPatch) -> None:
    deeds = rivals(the_cast())
    without_the_lock(monkeypatch)
    with without_the_constraint(), without_the_swap():
        assert race(deeds)["done"] > 1
        assert held() > 1


def test_one_person_in_eight_tabs_holds_one_time() -> None:
    cast = the_cast()
    checkin = a_completed_checkin(None, practice=cast.practice)

    def deed(number: int) -> Callable[[], object]:
        return lambda: booking.hold(
            checkin,
            actor=AnonymousUser(),
            wanted=Wanted(therapist=cast.tess if number % 2 else cast.theo, service=cast.swedish),
            start=at(9 + number // 2, days=3),
            now=NOW,
        )

    assert race([deed(number) for number in range(RIVALS)]) == {"done": RIVALS}
    assert held() == 1


def test_pressing_book_eight_times_books_once() -> None:
    cast = the_cast()
    ana = cast.user("ana")
    hold = booking.hold(
        a_completed_checkin(cast.ana, practice=cast.practice),
        actor=ana,
        wanted=Wanted(therapist=cast.tess, service=cast.swedish),
        start=MONDAY_TEN,
        now=NOW,
    )

    def deed() -> object:
        return booking.confirm(ana, cast.ana, hold, note="", now=NOW)

    assert race([deed] * RIVALS) == {"done": RIVALS}
    booked = Appointment.objects.get()
    assert booked.status == Status.CONFIRMED
    assert booked.therapist.user.message_set.count() == 1


def test_crossing_holds_and_the_job_never_deadlock() -> None:
    """Half move from Tess to Theo, half from Theo to Tess, while two workers free old holds."""
    cast = the_cast()
    checkins = [
        a_completed_checkin(a_client(f"Rival{number}", cast.practice), practice=cast.practice)
        for number in range(6)
    ]

    def hold(number: int, *, moved: bool) -> object:
        first = (number % 2 == 0) != moved
        return booking.hold(
            checkins[number],
            actor=AnonymousUser(),
            wanted=Wanted(therapist=cast.tess if first else cast.theo, service=cast.swedish),
            start=at(9 + 2 * (number // 2), days=4 if moved else 3),
            now=NOW + booking.HOLD if moved else NOW,
        )

    def move(number: int) -> Callable[[], object]:
        return lambda: hold(number, moved=True)

    for number in range(6):
        hold(number, moved=False)
    jobs: list[Callable[[], object]] = [lambda: booking.expire_holds(NOW + booking.HOLD)] * 2
    assert race([*map(move, range(6)), *jobs]) == {"done": 8}
    assert held() == 6


def test_a_hold_waits_for_the_job_before_it_takes_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """The job has an old hold and not yet its days; whoever held it asks for another time."""
    cast = the_cast()
    checkin = a_completed_checkin(a_client("Rival", cast.practice), practice=cast.practice)

    def hold(hour: int, now: datetime) -> object:
        return booking.hold(
            checkin,
            actor=AnonymousUser(),
            wanted=Wanted(therapist=cast.tess, service=cast.swedish),
            start=at(hour, days=3),
            now=now,
        )

    hold(9, NOW)
    after = NOW + booking.HOLD
    days_are_taken, job_has_it, lock = threading.Event(), threading.Event(), taking.lock_days

    def first_the_other(keys: Iterable[locks.DayKey]) -> None:
        if threading.current_thread().name == "job":
            job_has_it.set()
            days_are_taken.wait(timeout=1)  # passes unless the hold waits for the job, as it must
            lock(keys)
        else:
            lock(keys)
            days_are_taken.set()

    def job() -> object:
        threading.current_thread().name = "job"
        return booking.expire_holds(after)

    def move() -> object:
        job_has_it.wait(timeout=30)
        return hold(11, after)

    monkeypatch.setattr(taking, "lock_days", first_the_other)
    assert race([job, move]) == {"done": 2}
    assert held() == 1
