"""Rules against a second library and against counting days, and the limit on the work."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from unknot.interfaces.ical import busy, repeats
from unknot.interfaces.ical.lines import Unreadable

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def walls(text: str, start: datetime, first: datetime, last: datetime) -> list[datetime]:
    found = repeats.walls(
        repeats.parse(text),
        start,
        first=first,
        last=last,
        until=repeats.NEVER,
        work=repeats.Work(10**7),
    )
    return list(found)


# A rule that no day ever follows keeps the second reader busy for long, so none is made here. It
# also wants a numbered and a plain weekday at once, where the standard wants either.
WEEKDAYS = st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True)
NUMBERED = st.builds(
    lambda number, days: "BYDAY=" + ",".join(number + day for day in days),
    st.sampled_from(["", "1", "2", "-1"]),
    WEEKDAYS,
)
PLAIN = WEEKDAYS.map(lambda days: "BYDAY=" + ",".join(days))
MONTH_DAYS = st.sampled_from([13, 29, 31, -1, -2]).map(lambda day: f"BYMONTHDAY=1,{day}")
MONTHS = st.integers(1, 12).map(lambda month: f"BYMONTH={month},7")
HOURS = st.sampled_from(["", "BYHOUR=9,14"])
DAYS_OF = {
    "YEARLY": st.one_of(st.just(""), NUMBERED, MONTH_DAYS, MONTHS),
    "MONTHLY": st.one_of(st.just(""), NUMBERED, MONTH_DAYS),
    "WEEKLY": st.one_of(st.just(""), PLAIN, MONTHS),
    "DAILY": st.one_of(st.just(""), PLAIN, MONTH_DAYS, MONTHS),
    "HOURLY": st.one_of(st.just(""), PLAIN, MONTHS),
}
RULES = st.sampled_from(sorted(DAYS_OF)).flatmap(
    lambda every: st.tuples(
        st.just(f"FREQ={every}"),
        st.integers(1, 5).map(lambda interval: f"INTERVAL={interval}"),
        st.one_of(st.just(""), st.integers(1, 30).map(lambda count: f"COUNT={count}")),
        st.one_of(st.just(""), st.sampled_from(DAYS).map(lambda day: f"WKST={day}")),
        DAYS_OF[every],
        HOURS if every != "HOURLY" else st.just(""),
        st.sampled_from(["", "BYMINUTE=0,30"]),
        st.sampled_from(["", "BYSETPOS=1", "BYSETPOS=-1", "BYSETPOS=1,-1"]),
    )
)


@settings(deadline=None)
@given(
    parts=RULES,
    start=st.datetimes(datetime(2018, 1, 1), datetime(2026, 12, 31)).map(
        lambda at: at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)
    ),
    after=st.integers(0, 700),
    days=st.integers(1, 400),
)
def test_rules_give_the_times_of_a_second_reader(
    parts: tuple[str, ...], start: datetime, after: int, days: int
) -> None:
    rule = ";".join(filter(None, parts))
    assume("BYSETPOS" not in rule or rule.count("BY") > 1)
    first = datetime(2026, 1, 1) + timedelta(days=after)
    last = first + timedelta(days=days)
    other = rrulestr(rule, dtstart=start)
    if "COUNT" not in rule:
        other = other.replace(until=last)
    expected = sorted({wall for wall in other if first <= wall <= last})
    assert walls(rule, start, first, last) == expected


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        # The examples of RFC 5545, 3.8.5.3, in which readers differ most.
        (
            "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
            datetime(1997, 5, 12, 9),
            ["1997-05-12", "1998-05-11", "1999-05-17"],
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
            datetime(1997, 8, 5, 9),
            ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"],
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
            datetime(1997, 8, 5, 9),
            ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"],
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
            datetime(2007, 1, 15, 9),
            ["2007-01-15", "2007-01-30", "2007-02-15", "2007-03-15", "2007-03-30"],
        ),
        (
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3",
            datetime(1996, 11, 5, 9),
            ["1996-11-05", "2000-11-07", "2004-11-02"],
        ),
        (
            "FREQ=YEARLY;BYYEARDAY=1,100,200;COUNT=4",
            datetime(1997, 1, 1, 9),
            ["1997-01-01", "1997-04-10", "1997-07-19", "1998-01-01"],
        ),
        ("FREQ=YEARLY;COUNT=2", datetime(2024, 2, 29, 9), ["2024-02-29", "2028-02-29"]),
        # A numbered and a plain weekday: either of them, where the second reader wants both.
        (
            "FREQ=MONTHLY;BYDAY=SU,1FR;COUNT=4",
            datetime(2026, 3, 1, 9),
            ["2026-03-01", "2026-03-06", "2026-03-08", "2026-03-15"],
        ),
    ],
)
def test_the_standards_own_examples(rule: str, start: datetime, expected: list[str]) -> None:
    found = walls(rule, start, start, start + timedelta(days=4000))
    assert [wall.date().isoformat() for wall in found[: len(expected)]] == expected


@settings(deadline=None, max_examples=50)
@given(
    weekly=st.booleans(),
    interval=st.integers(1, 4),
    hour=st.integers(0, 23),
    back=st.integers(0, 60),
)
def test_series_keep_their_hour_over_a_clock_change(
    weekly: bool, interval: int, hour: int, back: int
) -> None:
    step = timedelta(days=interval * (7 if weekly else 1))
    wall = datetime(2026, 3, 20, hour, 30) - timedelta(days=back)
    raw = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\n"
        f"DTSTART;TZID=Europe/Berlin:{wall:%Y%m%dT%H%M%S}\nDURATION:PT5M\n"
        f"RRULE:FREQ={'WEEKLY' if weekly else 'DAILY'};INTERVAL={interval}\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    )
    first, last = datetime(2026, 3, 22, tzinfo=UTC), datetime(2026, 4, 20, tzinfo=UTC)
    found = busy.busy_periods(raw.encode(), zone=ZoneInfo("UTC"), first=first, last=last)
    expected = []
    while wall < datetime(2026, 4, 22):
        at = wall.replace(tzinfo=BERLIN).astimezone(UTC)
        if at < last and at + timedelta(minutes=5) > first:
            expected.append(at)
        wall += step
    assert [entry.period.start for entry in found.periods] == expected


def test_work_is_counted_and_ends() -> None:
    never = repeats.parse("FREQ=DAILY;COUNT=3;BYMONTH=2;BYMONTHDAY=30")
    start = datetime(2026, 1, 1)
    span = {"first": start, "last": repeats.NEVER, "until": repeats.NEVER}
    with pytest.raises(Unreadable, match="more often than can be read"):
        list(repeats.walls(never, start, **span, work=repeats.Work(10_000)))


def test_a_rule_without_a_count_costs_the_same_from_any_year() -> None:
    span = {"first": datetime(2026, 1, 1), "last": datetime(2026, 2, 1), "until": repeats.NEVER}
    for start in (datetime(1, 1, 1), datetime(2025, 12, 1)):
        found = repeats.walls(repeats.parse("FREQ=DAILY"), start, **span, work=repeats.Work(600))
        assert len(list(found)) == 32


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "DAILY",
        "FREQ=SOMETIMES",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=-2",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;BYMONTHDAY=0",
        "FREQ=DAILY;BYHOUR=24",
        "FREQ=DAILY;WKST=1",
        "RSCALE=CHINESE;FREQ=YEARLY",
        "FREQ=DAILY;BYMONTH=" + "1," * 900 + "1",
    ],
)
def test_rules_that_cannot_be_read_are_refused(rule: str) -> None:
    with pytest.raises(Unreadable, match="rule of a repeated event"):
        repeats.parse(rule)
