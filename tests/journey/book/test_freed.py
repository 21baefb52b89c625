"""The waiting list hears of whatever opens times: time off, hours, other calendars, limits."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.appointments import MONDAY_TEN, an_appointment
from tests.cast import NOW, TODAY, Cast, a_client, at
from tests.checkins import a_completed_checkin
from unknot.domain.calendar.hours import WeeklyHours
from unknot.domain.calendar.intervals import Period
from unknot.journey.book.actions import (
    booking,
    calendars,
    days,
    limits,
    resources,
    time_off,
    waiting,
    working_hours,
)
from unknot.journey.book.models import (
    Appointment,
    BusySource,
    FreedTime,
    Need,
    Status,
    WaitingEntry,
)
from unknot.journey.book.reads import opening
from unknot.people.models import Client

MONDAY = TODAY + timedelta(days=3)
LATER = NOW + timedelta(minutes=5)

#: Take back what was closed.
Opening = Callable[[], object]


def join(cast: Cast, client: Client, minutes: int = 0) -> WaitingEntry:
    """Wait for Tess on Monday alone."""
    assert client.user is not None
    a_completed_checkin(client, practice=cast.practice)
    wish = waiting.Wish(
        service=cast.swedish, therapist=cast.tess, first_day=MONDAY, last_day=MONDAY
    )
    return waiting.join(client.user, client, wish, now=NOW + timedelta(minutes=minutes))


def line(cast: Cast, *names: str) -> list[WaitingEntry]:
    return [
        join(cast, a_client(name, cast.practice), minutes) for minutes, name in enumerate(names)
    ]


def states(entries: list[WaitingEntry]) -> list[str]:
    for entry in entries:
        entry.refresh_from_db()
    return [entry.state for entry in entries]


def starts() -> list[object]:
    held = Appointment.objects.filter(status=Status.HELD)
    return list(held.order_by("start").values_list("start", flat=True))


def leave(cast: Cast) -> Opening:
    away = time_off.Away(first_day=MONDAY, last_day=MONDAY)
    off = time_off.add(cast.user("tess"), cast.tess, away=away, now=NOW)
    return lambda: time_off.remove(cast.user("tess"), cast.tess, off, now=NOW)


def other_day(cast: Cast) -> Opening:
    closed = working_hours.add_override(
        cast.user("tess"), cast.tess, day=MONDAY, window=None, now=NOW
    )
    return lambda: working_hours.remove_override(cast.user("tess"), closed, now=NOW)


def no_mondays(cast: Cast, then: Callable[[], object] | None = None) -> Opening:
    week = opening.week_of(cast.tess)
    save(cast, tuple(one for one in week if one.weekday))
    return then or (lambda: save(cast, week))


def one_monday(cast: Cast) -> Opening:
    return no_mondays(
        cast,
        lambda: working_hours.add_override(
            cast.user("tess"), cast.tess, day=MONDAY, window=(9 * 60, 17 * 60), now=NOW
        ),
    )


def save(cast: Cast, week: tuple[WeeklyHours, ...]) -> None:
    stored = opening.fingerprint(opening.week_of(cast.tess))
    working_hours.save_hours(cast.user("tess"), cast.tess, week=week, fingerprint=stored, now=NOW)


def other_calendar(cast: Cast) -> Opening:
    source = calendars.add_source(cast.user("tess"), cast.tess, name="Family", now=NOW)
    busy = calendars.Busy(period=Period(at(0, days=3), at(23, days=3)), uid="one", tentative=False)
    calendars.replace_busy(source, [busy], fingerprint="one", now=NOW)
    source.refresh_from_db()
    return lambda: calendars.replace_busy(source, [], fingerprint="two", now=NOW)


def other_calendar_forgotten(cast: Cast) -> Opening:
    other_calendar(cast)
    source = BusySource.objects.get(resource__user=cast.tess.user)
    return lambda: calendars.remove_source(cast.user("tess"), cast.tess, source, now=NOW)


def limit(cast: Cast) -> Opening:
    an_appointment(cast, client=a_client("Sooner", cast.practice), start=at(14, days=3))
    keep(cast, limits.LimitsDraft(minutes_per_day=60))
    return lambda: keep(cast, limits.LimitsDraft(minutes_per_day=120))


def keep(cast: Cast, draft: limits.LimitsDraft) -> None:
    limits.save_limits(cast.user("tess"), cast.tess, draft=draft, now=NOW)


def only_room(cast: Cast) -> Opening:
    Need.objects.create(service=cast.swedish, kind="room")
    (room,) = resources.add_things(
        cast.paz, cast.practice, draft=resources.ThingDraft(kind="room", name="Blue"), now=NOW
    )
    away = time_off.Away(first_day=MONDAY, last_day=MONDAY)
    off = time_off.add(cast.paz, room, away=away, now=NOW)
    return lambda: time_off.remove(cast.paz, room, off, now=NOW)


EVERYTHING = [
    leave,
    other_day,
    no_mondays,
    one_monday,
    other_calendar,
    other_calendar_forgotten,
    limit,
    only_room,
]


@pytest.mark.parametrize("closed", EVERYTHING)
def test_what_opens_is_offered_to_the_first_who_came(
    cast: Cast, closed: Callable[[Cast], Opening]
) -> None:
    days.extend(cast.tess, today=TODAY)
    opens = closed(cast)
    (first,) = entries = line(cast, "First")
    assert (waiting.offer_freed(LATER), states(entries)) == (0, ["waiting"])  # the control
    opens()
    later = join(cast, cast.ben, minutes=1)
    assert waiting.offer_freed(LATER) >= 1
    assert states([first]) == ["offered"]
    assert first.offer is not None
    assert first.offer.start == at(9, days=3)
    later.refresh_from_db()
    assert later.offer is None or later.offer.start > first.offer.start
    assert not FreedTime.objects.filter(settled_at__isnull=True).exists()
    assert waiting.offer_freed(LATER) == 0


def test_a_day_that_opens_has_room_for_several_and_each_is_asked_once(cast: Cast) -> None:
    days.extend(cast.tess, today=TODAY)
    opens = leave(cast)
    entries = line(cast, *(f"Nr{number}" for number in range(9)))
    opens()
    assert waiting.offer_freed(LATER) == 6  # of 70 minutes each from nine to five
    assert states(entries) == ["offered"] * 6 + ["waiting"] * 3
    assert len(set(starts())) == 6
    assert waiting.offer_freed(LATER) == 0


def test_who_let_one_time_go_is_asked_about_the_rest_of_the_day(cast: Cast) -> None:
    days.extend(cast.tess, today=TODAY)
    opens = leave(cast)
    (entry,) = line(cast, "First")
    opens()
    waiting.offer_freed(LATER)
    booking.release(Appointment.objects.get(), actor=entry.client.user, now=LATER)
    FreedTime.objects.update(settled_at=None)
    assert waiting.offer_freed(LATER) == 1
    entry.refresh_from_db()
    assert entry.offer is not None
    assert entry.offer.start == at(10, days=3)


def test_hours_that_open_inside_notice_or_are_past_ask_nobody(cast: Cast) -> None:
    days.extend(cast.tess, today=TODAY)
    opens = leave(cast)
    entries = line(cast, "First")
    opens()
    assert waiting.offer_freed(at(14, 5, days=3)) == 0
    assert states(entries) == ["waiting"]


def test_closing_opens_nothing_and_nobody_waiting_needs_no_row(cast: Cast) -> None:
    days.extend(cast.tess, today=TODAY)
    leave(cast)()  # nobody waits
    line(cast, "First")
    leave(cast)
    keep(cast, limits.LimitsDraft(minutes_per_day=60))
    keep(cast, limits.LimitsDraft(minutes_per_day=60, weights={"swedish": 150}))
    assert not FreedTime.objects.exists()
    keep(cast, limits.LimitsDraft(minutes_per_day=60))
    assert FreedTime.objects.exists()


def test_only_what_opened_is_told(cast: Cast) -> None:
    days.extend(cast.tess, today=TODAY)
    an_appointment(cast, client=a_client("Sooner", cast.practice), start=MONDAY_TEN)
    opens = leave(cast)
    line(cast, "First")
    opens()
    assert list(FreedTime.objects.values_list("start", "end").order_by("start")) == [
        (at(9, days=3), at(10, days=3)),
        (at(11, 10, days=3), at(17, days=3)),
    ]
