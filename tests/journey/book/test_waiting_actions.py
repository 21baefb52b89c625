"""The waiting list: first come first served, one held offer at a time, never against the rules."""

from datetime import datetime, timedelta

import pytest

from tests.appointments import MONDAY_TEN, a_hold, an_appointment
from tests.cast import NOW, TODAY, Cast, a_client, at
from tests.checkins import a_completed_checkin
from unknot.journey.book.actions import arrange, booking, waiting
from unknot.journey.book.actions.refusals import CallThePractice
from unknot.journey.book.models import (
    Allocation,
    Appointment,
    BlockedPerson,
    FreedTime,
    Status,
    WaitingEntry,
)
from unknot.journey.book.reads import waiting as reads
from unknot.journey.understand.reads import ScreeningMissing, ScreeningStop
from unknot.people import outbox
from unknot.people.models import Client, Message
from unknot.web.errors import BadInput, Missing

LATER = NOW + timedelta(minutes=5)


def wish(cast: Cast, **said: object) -> waiting.Wish:
    values = {
        "service": cast.swedish,
        "therapist": cast.tess,
        "first_day": TODAY,
        "last_day": TODAY + timedelta(days=14),
    }
    return waiting.Wish(**{**values, **said})  # type: ignore[arg-type]


def join(
    cast: Cast, client: Client, *, now: datetime = NOW, screened: bool = True, **said: object
) -> WaitingEntry:
    assert client.user is not None
    if screened:
        a_completed_checkin(client, practice=cast.practice)
    return waiting.join(client.user, client, wish(cast, **said), now=now)


def freed(cast: Cast, *, start: datetime = MONDAY_TEN, now: datetime = NOW) -> None:
    """A time of Tess that somebody else had and has cancelled."""
    visit = an_appointment(
        cast, client=a_client(f"Other{start:%d%H%M}", cast.practice), start=start
    )
    arrange.cancel(cast.finn, visit, now=now)


def state(entry: WaitingEntry) -> str:
    entry.refresh_from_db()
    return str(entry.state)


def held() -> list[Appointment]:
    return list(Appointment.objects.filter(status=Status.HELD).order_by("pk"))


def test_the_first_who_came_is_asked_and_nobody_else(cast: Cast) -> None:
    second = join(cast, cast.ben, now=NOW + timedelta(minutes=1))
    first = join(cast, cast.ana, now=NOW)
    freed(cast)
    assert waiting.offer_freed(LATER) == 1
    assert (state(first), state(second)) == ("offered", "waiting")
    (offer,) = held()
    assert (offer.client, offer.start) == (cast.ana, MONDAY_TEN)
    assert offer.held_until == first.offered_until == LATER + reads.OFFER
    mail = Message.objects.get(kind="waiting-offer")
    assert mail.user == cast.user("ana")
    assert f"/book/held/{offer.key}/" in mail.body
    assert "wedish" not in mail.subject + mail.body
    assert waiting.offer_freed(LATER) == 0


def test_an_offer_is_booked_on_the_ordinary_page(cast: Cast) -> None:
    entry = join(cast, cast.ana)
    freed(cast)
    waiting.offer_freed(LATER)
    booking.confirm(cast.user("ana"), cast.ana, held()[0], note="", now=LATER)
    waiting.offer_freed(LATER)
    assert state(entry) == "booked"
    assert reads.mine(cast.ana, now=LATER) == ()


def test_what_runs_out_goes_to_the_next_and_never_back(cast: Cast) -> None:
    first = join(cast, cast.ana)
    second = join(cast, cast.ben, now=NOW + timedelta(minutes=1))
    freed(cast)
    waiting.offer_freed(LATER)
    over = LATER + reads.OFFER
    booking.expire_holds(over)
    assert waiting.offer_freed(over) == 1
    assert (state(first), state(second)) == ("waiting", "offered")
    assert [one.client for one in held()] == [cast.ben]
    over += reads.OFFER
    booking.expire_holds(over)
    assert waiting.offer_freed(over) == 0
    assert (state(first), state(second)) == ("waiting", "waiting")
    assert not Allocation.objects.exists()


def test_giving_it_back_or_leaving_asks_the_next(cast: Cast) -> None:
    first = join(cast, cast.ana)
    second = join(cast, cast.ben, now=NOW + timedelta(minutes=1))
    freed(cast)
    waiting.offer_freed(LATER)
    waiting.leave(cast.user("ana"), first, now=LATER)
    assert waiting.offer_freed(LATER) == 1
    assert (state(first), state(second)) == ("left", "offered")
    booking.release(held()[0], actor=cast.user("ben"), now=LATER)
    assert waiting.offer_freed(LATER) == 0
    assert state(second) == "waiting"


def test_an_offer_ends_before_the_notice_begins(cast: Cast) -> None:
    join(cast, cast.ana)
    freed(cast)
    now = MONDAY_TEN - timedelta(hours=3)
    waiting.offer_freed(now)
    assert held()[0].held_until == MONDAY_TEN - timedelta(hours=2)


@pytest.mark.parametrize("minutes", [0, 60, 65])
def test_no_time_is_offered_inside_notice_or_past(cast: Cast, minutes: int) -> None:
    entry = join(cast, cast.ana)
    freed(cast)
    assert waiting.offer_freed(MONDAY_TEN - timedelta(minutes=minutes)) == 0
    assert state(entry) == "waiting"
    assert not FreedTime.objects.filter(settled_at__isnull=True).exists()


def test_nobody_gets_five_minutes_to_answer_but_a_later_start_of_the_same_time(
    cast: Cast,
) -> None:
    join(cast, cast.ana)
    freed(cast)
    now = MONDAY_TEN - timedelta(minutes=125)
    waiting.offer_freed(now)
    (offer,) = held()
    assert (offer.start, offer.held_until) == (
        MONDAY_TEN + timedelta(minutes=15),
        now + timedelta(minutes=20),
    )


@pytest.mark.parametrize(
    "said",
    [
        {"weekdays": (1, 2)},
        {"from_minute": 11 * 60},
        {"to_minute": 10 * 60},
        {"first_day": TODAY + timedelta(days=4)},
        {"last_day": TODAY + timedelta(days=2)},
    ],
)
def test_only_a_time_that_was_wished_for_is_offered(cast: Cast, said: dict[str, object]) -> None:
    join(cast, cast.ana, **said)
    freed(cast)
    assert waiting.offer_freed(LATER) == 0
    assert held() == []


def test_a_wish_for_any_therapist_and_these_hours_is_met(cast: Cast) -> None:
    entry = join(
        cast,
        cast.ana,
        therapist=None,
        weekdays=(0,),
        from_minute=9 * 60,
        to_minute=12 * 60,
        first_day=TODAY + timedelta(days=3),
        last_day=TODAY + timedelta(days=3),
    )
    freed(cast)
    assert waiting.offer_freed(LATER) == 1
    assert state(entry) == "offered"


def test_who_is_on_hold_or_blocked_or_not_screened_is_passed_over(cast: Cast) -> None:
    stopped = join(cast, cast.ana)
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    blocked_client = a_client("Blocked", cast.practice)
    blocked = join(cast, blocked_client, now=NOW + timedelta(minutes=1))
    BlockedPerson.objects.create(
        practice=cast.practice, client=blocked_client, reason="-", by=cast.paz, since=NOW
    )
    unsure_client = a_client("Unsure", cast.practice)
    unsure = join(cast, unsure_client, now=NOW + timedelta(minutes=2))
    unsure_client.checkin_set.update(completed_at=NOW - timedelta(days=400))
    last = join(cast, cast.ben, now=NOW + timedelta(minutes=3))
    freed(cast)
    assert waiting.offer_freed(LATER) == 1
    assert [state(one) for one in (stopped, blocked, unsure)] == ["waiting"] * 3
    assert state(last) == "offered"


def test_who_has_another_session_then_is_passed_over(cast: Cast) -> None:
    entry = join(cast, cast.ana)
    an_appointment(cast, therapist=cast.theo, start=MONDAY_TEN)
    freed(cast)
    assert waiting.offer_freed(LATER) == 0
    assert state(entry) == "waiting"


def test_somebody_faster_leaves_nothing_to_offer(cast: Cast) -> None:
    entry = join(cast, cast.ana)
    freed(cast)
    for start in (9, 10, 11):  # whatever touches the freed hour
        an_appointment(
            cast,
            client=a_client(f"Fast{start}", cast.practice),
            start=at(start, 15 * (start - 9), days=3),
        )
    assert waiting.offer_freed(LATER) == 0
    assert state(entry) == "waiting"


def test_a_place_ends_with_its_last_day(cast: Cast) -> None:
    entry = join(cast, cast.ana, last_day=TODAY + timedelta(days=3))
    waiting.offer_freed(at(23, 59, days=3))
    assert state(entry) == "waiting"
    waiting.offer_freed(at(0, 1, days=4))
    assert state(entry) == "over"


def test_a_worker_that_dies_in_the_middle_leaves_the_row_for_the_next(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = join(cast, cast.ana)
    freed(cast)

    def die(*_args: object, **_kwargs: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "queue", die)
        with pytest.raises(SystemExit):
            waiting.offer_freed(LATER)
    assert (state(entry), held()) == ("waiting", [])
    assert FreedTime.objects.filter(settled_at__isnull=True).exists()
    assert waiting.offer_freed(LATER) == 1
    assert state(entry) == "offered"


def test_joining_needs_answers_that_allow_it_now(cast: Cast) -> None:
    with pytest.raises(ScreeningMissing):
        join(cast, cast.ana, screened=False)
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    with pytest.raises(ScreeningStop):
        join(cast, cast.ana, screened=False)
    assert not WaitingEntry.objects.exists()


def test_who_is_blocked_does_not_join(cast: Cast) -> None:
    BlockedPerson.objects.create(
        practice=cast.practice, client=cast.ana, reason="-", by=cast.paz, since=NOW
    )
    with pytest.raises(CallThePractice):
        join(cast, cast.ana)


def test_one_place_a_wish_and_five_in_all(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    join(cast, cast.ana)
    with pytest.raises(waiting.AlreadyWaiting):
        join(cast, cast.ana, screened=False)
    monkeypatch.setattr(waiting, "MOST_PLACES", 1)
    with pytest.raises(BadInput):
        join(cast, cast.ana, therapist=None, screened=False)


@pytest.mark.parametrize(
    "said",
    [
        {"first_day": TODAY + timedelta(days=5), "last_day": TODAY + timedelta(days=4)},
        {"first_day": TODAY - timedelta(days=5), "last_day": TODAY - timedelta(days=4)},
        {"last_day": TODAY + timedelta(days=366)},
        {"from_minute": 600, "to_minute": 659},
    ],
)
def test_a_wish_that_no_time_could_meet_is_refused(cast: Cast, said: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        join(cast, cast.ana, **said)


def test_nobody_joins_or_leaves_for_somebody_else(cast: Cast) -> None:
    entry = join(cast, cast.ana)
    with pytest.raises(Missing):
        waiting.leave(cast.user("ben"), entry, now=NOW)
    with pytest.raises(Missing):
        waiting.join(cast.finn, cast.ana, wish(cast, therapist=None), now=NOW)


def test_a_place_says_whether_one_is_asked_next(cast: Cast) -> None:
    join(cast, cast.ana)
    join(cast, cast.ben, now=NOW + timedelta(minutes=1), therapist=None)
    assert [one.is_next for one in reads.mine(cast.ana, now=NOW)] == [True]
    assert [one.is_next for one in reads.mine(cast.ben, now=NOW)] == [False]


def test_a_hold_that_ran_out_is_freed_for_those_who_wait(cast: Cast) -> None:
    entry = join(cast, cast.ana)
    a_hold(cast, client=cast.ben)
    over = NOW + booking.HOLD
    booking.expire_holds(over)
    assert waiting.offer_freed(over) == 1
    assert state(entry) == "offered"
