"""The clock changes of 2026, place by place, with worked instants.

The instants are literals and not computed, so that they check the zone data as well as the
code. In each table row `day` is the date on which the clock changes.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from unknot.domain.calendar.cells import day_cells, day_start, free_bits, masks, periods
from unknot.domain.calendar.hours import WeeklyHours, grid, instant, local, on_grid, opening
from unknot.domain.calendar.intervals import Period

DAY = timedelta(days=1)


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One night: what the wall shows, and the instant that it means."""

    name: str
    day: date
    minutes: int  # how long the local day is
    begins: datetime  # its first instant
    half_past_two: datetime  # what 02:30 means
    #: A wall time that comes twice or never, in minutes of the day, and the instant it means.
    odd: int | None
    odd_means: datetime | None
    odd_reads: str  # how that instant is shown
    #: The half-hourly starts around the change, as they are shown and as they are.
    around: tuple[tuple[str, datetime], ...]
    #: A session of 60 minutes over the change: its start and what the wall shows at its end.
    session: datetime
    session_shows: tuple[str, str]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.name)


CHANGES = [
    # 02:00 -05:00 becomes 03:00 -04:00 at 07:00 UTC.
    Change(
        name="America/New_York",
        day=date(2026, 3, 8),
        minutes=23 * 60,
        begins=utc(3, 8, 5),
        half_past_two=utc(3, 8, 7, 30),
        odd=2 * 60,
        odd_means=utc(3, 8, 7),
        odd_reads="03:00",
        around=(
            ("01:00 -0500", utc(3, 8, 6)),
            ("01:30 -0500", utc(3, 8, 6, 30)),
            ("03:00 -0400", utc(3, 8, 7)),
            ("03:30 -0400", utc(3, 8, 7, 30)),
        ),
        session=utc(3, 8, 6, 30),
        session_shows=("01:30", "03:30"),
    ),
    # 02:00 -04:00 becomes 01:00 -05:00 at 06:00 UTC.
    Change(
        name="America/New_York",
        day=date(2026, 11, 1),
        minutes=25 * 60,
        begins=utc(11, 1, 4),
        half_past_two=utc(11, 1, 7, 30),
        odd=90,
        odd_means=utc(11, 1, 5, 30),
        odd_reads="01:30",
        around=(
            ("01:00 -0400", utc(11, 1, 5)),
            ("01:30 -0400", utc(11, 1, 5, 30)),
            ("01:00 -0500", utc(11, 1, 6)),
            ("01:30 -0500", utc(11, 1, 6, 30)),
            ("02:00 -0500", utc(11, 1, 7)),
        ),
        session=utc(11, 1, 5, 30),
        session_shows=("01:30", "01:30"),
    ),
    # 02:00 +01:00 becomes 03:00 +02:00 at 01:00 UTC.
    Change(
        name="Europe/Berlin",
        day=date(2026, 3, 29),
        minutes=23 * 60,
        begins=utc(3, 28, 23),
        half_past_two=utc(3, 29, 1, 30),
        odd=2 * 60 + 59,
        odd_means=utc(3, 29, 1, 59),
        odd_reads="03:59",
        around=(
            ("01:30 +0100", utc(3, 29, 0, 30)),
            ("03:00 +0200", utc(3, 29, 1)),
            ("03:30 +0200", utc(3, 29, 1, 30)),
        ),
        session=utc(3, 29, 0, 30),
        session_shows=("01:30", "03:30"),
    ),
    # 03:00 +02:00 becomes 02:00 +01:00 at 01:00 UTC: 02:30 comes twice, and means the first.
    Change(
        name="Europe/Berlin",
        day=date(2026, 10, 25),
        minutes=25 * 60,
        begins=utc(10, 24, 22),
        half_past_two=utc(10, 25, 0, 30),
        odd=2 * 60,
        odd_means=utc(10, 25, 0),
        odd_reads="02:00",
        around=(
            ("02:00 +0200", utc(10, 25, 0)),
            ("02:30 +0200", utc(10, 25, 0, 30)),
            ("02:00 +0100", utc(10, 25, 1)),
            ("02:30 +0100", utc(10, 25, 1, 30)),
            ("03:00 +0100", utc(10, 25, 2)),
        ),
        session=utc(10, 25, 0, 30),
        session_shows=("02:30", "02:30"),
    ),
    # 01:00 +00:00 becomes 02:00 +01:00 at 01:00 UTC.
    Change(
        name="Europe/London",
        day=date(2026, 3, 29),
        minutes=23 * 60,
        begins=utc(3, 29, 0),
        half_past_two=utc(3, 29, 1, 30),
        odd=90,
        odd_means=utc(3, 29, 1, 30),
        odd_reads="02:30",
        around=(
            ("00:30 +0000", utc(3, 29, 0, 30)),
            ("02:00 +0100", utc(3, 29, 1)),
            ("02:30 +0100", utc(3, 29, 1, 30)),
        ),
        session=utc(3, 29, 0, 30),
        session_shows=("00:30", "02:30"),
    ),
    # 02:00 +01:00 becomes 01:00 +00:00 at 01:00 UTC.
    Change(
        name="Europe/London",
        day=date(2026, 10, 25),
        minutes=25 * 60,
        begins=utc(10, 24, 23),
        half_past_two=utc(10, 25, 2, 30),
        odd=90,
        odd_means=utc(10, 25, 0, 30),
        odd_reads="01:30",
        around=(
            ("01:00 +0100", utc(10, 25, 0)),
            ("01:30 +0100", utc(10, 25, 0, 30)),
            ("01:00 +0000", utc(10, 25, 1)),
            ("01:30 +0000", utc(10, 25, 1, 30)),
            ("02:00 +0000", utc(10, 25, 2)),
        ),
        session=utc(10, 25, 0, 30),
        session_shows=("01:30", "01:30"),
    ),
    # Half an hour only: 02:00 +11:00 becomes 01:30 +10:30 at 15:00 UTC the day before.
    Change(
        name="Australia/Lord_Howe",
        day=date(2026, 4, 5),
        minutes=24 * 60 + 30,
        begins=utc(4, 4, 13),
        half_past_two=utc(4, 4, 16),
        odd=100,
        odd_means=utc(4, 4, 14, 40),
        odd_reads="01:40",
        around=(
            ("01:00 +1100", utc(4, 4, 14)),
            ("01:30 +1100", utc(4, 4, 14, 30)),
            ("01:30 +1030", utc(4, 4, 15)),
            ("02:00 +1030", utc(4, 4, 15, 30)),
        ),
        session=utc(4, 4, 14, 30),
        session_shows=("01:30", "02:00"),
    ),
    # 02:00 +10:30 becomes 02:30 +11:00 at 15:30 UTC the day before: 02:30 exists.
    Change(
        name="Australia/Lord_Howe",
        day=date(2026, 10, 4),
        minutes=23 * 60 + 30,
        begins=utc(10, 3, 13, 30),
        half_past_two=utc(10, 3, 15, 30),
        odd=2 * 60 + 10,
        odd_means=utc(10, 3, 15, 40),
        odd_reads="02:40",
        around=(
            ("01:30 +1030", utc(10, 3, 15)),
            ("02:30 +1100", utc(10, 3, 15, 30)),
            ("03:00 +1100", utc(10, 3, 16)),
        ),
        session=utc(10, 3, 15),
        session_shows=("01:30", "03:00"),
    ),
    # No change, but an offset of 5:45.
    Change(
        name="Asia/Kathmandu",
        day=date(2026, 3, 29),
        minutes=24 * 60,
        begins=utc(3, 28, 18, 15),
        half_past_two=utc(3, 28, 20, 45),
        odd=None,
        odd_means=None,
        odd_reads="",
        around=(("02:00 +0545", utc(3, 28, 20, 15)), ("02:30 +0545", utc(3, 28, 20, 45))),
        session=utc(3, 28, 20, 45),
        session_shows=("02:30", "03:30"),
    ),
    # Midnight itself never comes: 00:00 +02:00 becomes 01:00 +03:00 at 22:00 UTC the day before.
    Change(
        name="Africa/Cairo",
        day=date(2026, 4, 24),
        minutes=23 * 60,
        begins=utc(4, 23, 22),
        half_past_two=utc(4, 23, 23, 30),
        odd=30,
        odd_means=utc(4, 23, 22, 30),
        odd_reads="01:30",
        around=(("01:00 +0300", utc(4, 23, 22)), ("01:30 +0300", utc(4, 23, 22, 30))),
        session=utc(4, 23, 21, 30),
        session_shows=("23:30", "01:30"),
    ),
    # At the end of the day: 24:00 +03:00 becomes 23:00 +02:00 at 21:00 UTC.
    Change(
        name="Africa/Cairo",
        day=date(2026, 10, 29),
        minutes=25 * 60,
        begins=utc(10, 28, 21),
        half_past_two=utc(10, 28, 23, 30),
        odd=23 * 60 + 30,
        odd_means=utc(10, 29, 20, 30),
        odd_reads="23:30",
        around=(
            ("23:00 +0300", utc(10, 29, 20)),
            ("23:30 +0300", utc(10, 29, 20, 30)),
            ("23:00 +0200", utc(10, 29, 21)),
            ("23:30 +0200", utc(10, 29, 21, 30)),
        ),
        session=utc(10, 29, 20, 30),
        session_shows=("23:30", "23:30"),
    ),
    # At the end of Saturday: 24:00 -03:00 becomes 23:00 -04:00 at 03:00 UTC on Sunday.
    Change(
        name="America/Santiago",
        day=date(2026, 4, 4),
        minutes=25 * 60,
        begins=utc(4, 4, 3),
        half_past_two=utc(4, 4, 5, 30),
        odd=23 * 60 + 15,
        odd_means=utc(4, 5, 2, 15),
        odd_reads="23:15",
        around=(
            ("23:00 -0300", utc(4, 5, 2)),
            ("23:30 -0300", utc(4, 5, 2, 30)),
            ("23:00 -0400", utc(4, 5, 3)),
            ("23:30 -0400", utc(4, 5, 3, 30)),
        ),
        session=utc(4, 5, 2, 30),
        session_shows=("23:30", "23:30"),
    ),
    # Midnight itself never comes: 00:00 -04:00 becomes 01:00 -03:00 at 04:00 UTC.
    Change(
        name="America/Santiago",
        day=date(2026, 9, 6),
        minutes=23 * 60,
        begins=utc(9, 6, 4),
        half_past_two=utc(9, 6, 5, 30),
        odd=0,
        odd_means=utc(9, 6, 4),
        odd_reads="01:00",
        around=(("01:00 -0300", utc(9, 6, 4)), ("01:30 -0300", utc(9, 6, 4, 30))),
        session=utc(9, 6, 3, 30),
        session_shows=("23:30", "01:30"),
    ),
    # No change, on the day on which New York changes.
    Change(
        name="Pacific/Honolulu",
        day=date(2026, 3, 8),
        minutes=24 * 60,
        begins=utc(3, 8, 10),
        half_past_two=utc(3, 8, 12, 30),
        odd=None,
        odd_means=None,
        odd_reads="",
        around=(("02:00 -1000", utc(3, 8, 12)), ("02:30 -1000", utc(3, 8, 12, 30))),
        session=utc(3, 8, 12, 30),
        session_shows=("02:30", "03:30"),
    ),
]

every_change = pytest.mark.parametrize(
    "change", CHANGES, ids=[f"{c.name}-{c.day.isoformat()}" for c in CHANGES]
)


def shown(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%H:%M")


def daily(starts: int, ends: int) -> list[WeeklyHours]:
    return [WeeklyHours(weekday=d, starts_minute=starts, ends_minute=ends) for d in range(7)]


def test_the_table_has_every_place_and_every_kind_of_day():
    assert {c.name for c in CHANGES} == {
        "America/New_York",
        "Europe/Berlin",
        "Europe/London",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Africa/Cairo",
        "America/Santiago",
        "Pacific/Honolulu",
    }
    assert {c.minutes for c in CHANGES} == {1380, 1410, 1440, 1470, 1500}


@every_change
def test_the_day_begins_at_its_instant_and_is_as_long_as_it_is(change):
    assert day_start(change.day, change.zone) == change.begins
    assert day_cells(change.day, change.zone) * 5 == change.minutes
    following = change.begins + timedelta(minutes=change.minutes)
    assert day_start(change.day + DAY, change.zone) == following


@every_change
def test_the_first_instant_belongs_to_the_day_and_the_one_before_does_not(change):
    assert local(change.begins, change.zone)[0] == change.day
    assert local(change.begins - timedelta(microseconds=1), change.zone)[0] == change.day - DAY


@every_change
def test_half_past_two_means_one_instant(change):
    assert instant(change.day, 150, change.zone) == change.half_past_two


@pytest.mark.parametrize(
    "change", [c for c in CHANGES if c.odd is not None], ids=lambda c: f"{c.name}-{c.day}"
)
def test_a_repeated_time_means_the_earlier_and_a_missing_one_moves_forward(change):
    meant = instant(change.day, change.odd, change.zone)
    assert meant == change.odd_means
    assert shown(meant, change.zone) == change.odd_reads
    reads = divmod(change.odd, 60)
    came_twice = change.minutes > 24 * 60
    assert (change.odd_reads == "{:02}:{:02}".format(*reads)) == came_twice


@every_change
def test_the_starts_around_the_change_are_the_times_that_exist(change):
    (first, *_), (last, *_) = (pair[1:] for pair in (change.around[0], change.around[-1]))
    found = [
        (start.astimezone(change.zone).strftime("%H:%M %z"), start)
        for start in grid(change.day, 30, change.zone)
        if first <= start <= last
    ]
    assert found == list(change.around)
    assert all(on_grid(start, 30, change.zone) for _, start in found)


@every_change
def test_a_place_open_around_the_clock_is_open_as_long_as_the_day(change):
    open_ = opening(daily(0, 1440), (), zone=change.zone, first_day=change.day, last_day=change.day)
    whole = Period(change.begins, change.begins + timedelta(minutes=change.minutes))
    assert open_ == (whole,)
    bits = free_bits(open_, change.day, change.zone)
    assert bits.bit_count() * 5 == change.minutes
    assert periods(bits, change.day, change.zone) == (whole,)


@every_change
def test_a_session_of_an_hour_lasts_an_hour_whatever_the_wall_shows(change):
    session = Period(change.session, change.session + timedelta(minutes=60))
    assert (shown(session.start, change.zone), shown(session.end, change.zone)) == (
        change.session_shows
    )
    assert sum(bits.bit_count() for bits in masks(session, change.zone).values()) * 5 == 60


#: Nine o'clock the day before and the day after the change: the same on the wall.
NINE = [
    ("America/New_York", (3, 7), utc(3, 7, 14), (3, 9), utc(3, 9, 13)),
    ("America/New_York", (10, 31), utc(10, 31, 13), (11, 2), utc(11, 2, 14)),
    ("Europe/Berlin", (3, 28), utc(3, 28, 8), (3, 30), utc(3, 30, 7)),
    ("Europe/Berlin", (10, 24), utc(10, 24, 7), (10, 26), utc(10, 26, 8)),
    ("Europe/London", (3, 28), utc(3, 28, 9), (3, 30), utc(3, 30, 8)),
    ("Europe/London", (10, 24), utc(10, 24, 8), (10, 26), utc(10, 26, 9)),
    ("Australia/Lord_Howe", (4, 4), utc(4, 3, 22), (4, 6), utc(4, 5, 22, 30)),
    ("Australia/Lord_Howe", (10, 3), utc(10, 2, 22, 30), (10, 5), utc(10, 4, 22)),
    ("Asia/Kathmandu", (3, 28), utc(3, 28, 3, 15), (3, 30), utc(3, 30, 3, 15)),
    ("Africa/Cairo", (4, 23), utc(4, 23, 7), (4, 25), utc(4, 25, 6)),
    ("Africa/Cairo", (10, 28), utc(10, 28, 6), (10, 30), utc(10, 30, 7)),
    ("America/Santiago", (4, 3), utc(4, 3, 12), (4, 5), utc(4, 5, 13)),
    ("America/Santiago", (9, 5), utc(9, 5, 13), (9, 7), utc(9, 7, 12)),
    ("Pacific/Honolulu", (3, 7), utc(3, 7, 19), (3, 9), utc(3, 9, 19)),
]


@pytest.mark.parametrize(("name", "day_before", "before", "day_after", "after"), NINE)
def test_weekly_hours_keep_to_the_wall_on_both_sides_of_the_change(
    name, day_before, before, day_after, after
):
    zone = ZoneInfo(name)
    for day, begins in ((date(2026, *day_before), before), (date(2026, *day_after), after)):
        (period,) = opening(daily(540, 1020), (), zone=zone, first_day=day, last_day=day)
        assert period == Period(begins, begins + timedelta(hours=8))
        assert (local(period.start, zone), local(period.end, zone)) == ((day, 540), (day, 1020))


@pytest.mark.parametrize(
    "change", [c for c in CHANGES if c.minutes != 24 * 60], ids=lambda c: f"{c.name}-{c.day}"
)
def test_arithmetic_on_the_wall_would_miss_the_end_of_the_day(change):
    """Negative control: adding a day of wall time as 24 hours misses every changing day."""
    assert change.begins + timedelta(hours=24) != day_start(change.day + DAY, change.zone)
