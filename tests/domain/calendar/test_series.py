import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unknot.domain.calendar import series
from unknot.domain.calendar.hours import instant
from unknot.domain.calendar.series import (
    LIMIT_DAYS,
    MOST,
    BadRule,
    Every,
    Occurrence,
    Pattern,
    describe,
    occurrences,
    weekly,
)

BERLIN = ZoneInfo("Europe/Berlin")
CAIRO = ZoneInfo("Africa/Cairo")
FRIDAY = datetime(2026, 3, 27, 10)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def locals_of(rule: str, first: datetime = FRIDAY, **limits: int) -> list[datetime]:
    return [o.local for o in occurrences(rule, first, BERLIN, **limits)]


def test_ten_stays_ten_on_both_sides_of_the_clock_change():
    found = occurrences("FREQ=WEEKLY;COUNT=3", FRIDAY, BERLIN)
    assert [(o.number, o.local, o.start) for o in found] == [
        (1, datetime(2026, 3, 27, 10), utc(2026, 3, 27, 9)),
        (2, datetime(2026, 4, 3, 10), utc(2026, 4, 3, 8)),
        (3, datetime(2026, 4, 10, 10), utc(2026, 4, 10, 8)),
    ]
    assert not any(o.moved for o in found)


def test_a_time_that_never_comes_moves_forward_that_once_and_says_so():
    found = occurrences("FREQ=DAILY;COUNT=3", datetime(2026, 3, 28, 2, 30), BERLIN)
    assert [o.start for o in found] == [
        utc(2026, 3, 28, 1, 30),
        utc(2026, 3, 29, 1, 30),  # shown as 03:30
        utc(2026, 3, 30, 0, 30),
    ]
    assert [o.moved for o in found] == [False, True, False]
    assert [o.local.hour for o in found] == [2, 2, 2]


def test_a_time_that_comes_twice_means_the_earlier():
    found = occurrences("FREQ=DAILY;COUNT=3", datetime(2026, 10, 24, 2, 30), BERLIN)
    assert [o.start for o in found] == [
        utc(2026, 10, 24, 0, 30),
        utc(2026, 10, 25, 0, 30),
        utc(2026, 10, 26, 1, 30),
    ]
    assert not any(o.moved for o in found)


def test_a_session_at_a_missing_midnight_stays_on_its_day():
    found = occurrences("FREQ=WEEKLY;COUNT=2", datetime(2026, 4, 17, 0, 0), CAIRO)
    assert [o.start for o in found] == [utc(2026, 4, 16, 22), utc(2026, 4, 23, 22)]
    assert found[1].start.astimezone(CAIRO) == datetime(2026, 4, 24, 1, 0, tzinfo=CAIRO)
    assert found[1].moved


def test_adding_weeks_of_hours_would_drift():
    """Negative control: 7 x 24 hours later is another time on the wall after the change."""
    first, second = occurrences("FREQ=WEEKLY;COUNT=2", FRIDAY, BERLIN)
    assert second.start - first.start == timedelta(hours=7 * 24 - 1)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=3", [(3, 27), (4, 10), (4, 24)]),
        ("RRULE:FREQ=WEEKLY;COUNT=2;", [(3, 27), (4, 3)]),
        ("freq=weekly;byday=tu,fr;count=3", [(3, 27), (3, 31), (4, 3)]),
        ("FREQ=MONTHLY;BYDAY=4FR;COUNT=2", [(3, 27), (4, 24)]),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", [(3, 27), (4, 24)]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-3;COUNT=2", [(3, 27), (4, 28)]),
        ("FREQ=MONTHLY;BYMONTHDAY=27;COUNT=2", [(3, 27), (4, 27)]),
        ("FREQ=DAILY;UNTIL=20260329", [(3, 27), (3, 28), (3, 29)]),
        ("FREQ=DAILY;UNTIL=20260329T100000", [(3, 27), (3, 28), (3, 29)]),
        ("FREQ=DAILY;UNTIL=20260329T080000Z", [(3, 27), (3, 28), (3, 29)]),
        ("FREQ=DAILY;UNTIL=20260329T075959Z", [(3, 27), (3, 28)]),
        ("FREQ=DAILY;UNTIL=20260329T095959", [(3, 27), (3, 28)]),
        ("FREQ=YEARLY;COUNT=1", [(3, 27)]),
    ],
)
def test_rules_mean_what_the_standard_says(rule, days):
    assert [(d.month, d.day) for d in locals_of(rule)] == days


def test_a_month_without_the_day_is_left_out():
    found = locals_of("FREQ=MONTHLY;COUNT=3", datetime(2026, 1, 31, 10))
    assert [(d.month, d.day) for d in found] == [(1, 31), (3, 31), (5, 31)]


def test_a_rule_without_an_end_is_cut_at_both_limits():
    assert len(locals_of("FREQ=DAILY")) == MOST
    assert len(locals_of("FREQ=DAILY", limit_days=9)) == 10
    assert len(locals_of("FREQ=DAILY", most=4)) == 4
    last = locals_of("FREQ=MONTHLY")[-1]
    assert last <= FRIDAY + timedelta(days=LIMIT_DAYS) < last + timedelta(days=32)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("FREQ=SECONDLY", series.TOO_OFTEN),
        ("FREQ=MINUTELY;COUNT=2", series.TOO_OFTEN),
        ("FREQ=HOURLY;INTERVAL=24", series.TOO_OFTEN),
        ("FREQ=WEEKLY;COUNT=105", series.TOO_MANY),
        ("FREQ=DAILY;UNTIL=20270327", series.TOO_MANY),
        ("FREQ=WEEKLY;INTERVAL=12;COUNT=50", series.TOO_FAR),
        ("FREQ=WEEKLY;UNTIL=20290101", series.TOO_FAR),
        ("FREQ=WEEKLY;UNTIL=99991231", series.TOO_FAR),
        ("FREQ=WEEKLY;UNTIL=99991231T235959Z", series.TOO_FAR),
        ("FREQ=WEEKLY;UNTIL=20260326", series.ENDS_FIRST),
        ("FREQ=WEEKLY;UNTIL=20260327T095900", series.ENDS_FIRST),
        ("FREQ=WEEKLY;UNTIL=20260327T085900Z", series.ENDS_FIRST),
        ("FREQ=WEEKLY;UNTIL=00010101T000000", series.ENDS_FIRST),
        ("FREQ=WEEKLY;UNTIL=00000101", series.UNREADABLE),
        ("FREQ=WEEKLY;UNTIL=20260230", series.UNREADABLE),
        ("FREQ=WEEKLY;UNTIL=tomorrow", series.UNREADABLE),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20260501", series.TWO_ENDS),
        ("FREQ=WEEKLY;COUNT=0", series.UNREADABLE),
        ("FREQ=WEEKLY;COUNT=-2", series.UNREADABLE),
        ("FREQ=WEEKLY;COUNT=x", series.UNREADABLE),
        ("FREQ=WEEKLY;COUNT=٣", series.UNREADABLE),
        ("FREQ=WEEKLY;INTERVAL=0", series.UNREADABLE),
        ("FREQ=WEEKLY;INTERVAL=-1", series.UNREADABLE),
        ("FREQ=DAILY;INTERVAL=99999999999", series.UNREADABLE),
        ("FREQ=WEEKLY;BYDAY=XX", series.UNREADABLE),
        ("FREQ=WEEKLY;BYDAY=", series.UNREADABLE),
        ("FREQ=WEEKLY;BYDAY=1FR", series.UNREADABLE),
        ("FREQ=MONTHLY;BYDAY=6FR", series.UNREADABLE),
        ("FREQ=MONTHLY;BYDAY=0FR", series.UNREADABLE),
        ("FREQ=MONTHLY;BYDAY=FR,1MO", series.UNREADABLE),
        ("FREQ=MONTHLY;BYMONTHDAY=32", series.UNREADABLE),
        ("FREQ=MONTHLY;BYMONTHDAY=0", series.UNREADABLE),
        ("FREQ=YEARLY;BYMONTH=13", series.UNREADABLE),
        ("FREQ=WEEKLY;WKST=FUNDAY", series.UNREADABLE),
        ("FREQ=FORTNIGHTLY", series.UNREADABLE),
        ("COUNT=3", series.UNREADABLE),
        ("", series.UNREADABLE),
        ("every week", series.UNREADABLE),
        ("FREQ=WEEKLY\nCOUNT=3", series.UNREADABLE),
        ("DTSTART:20260101T000000\nRRULE:FREQ=DAILY", series.UNREADABLE),
        ("FREQ=WEEKLY;FREQ=DAILY", series.TWICE),
        ("FREQ=WEEKLY;BYHOUR=3,4", series.UNKNOWN_PART),
        ("FREQ=YEARLY;BYWEEKNO=13", series.UNKNOWN_PART),
        ("FREQ=YEARLY;BYYEARDAY=86", series.UNKNOWN_PART),
        ("FREQ=YEARLY;BYEASTER=0", series.UNKNOWN_PART),
        ("FREQ=WEEKLY;BYMONTHDAY=27", series.UNKNOWN_PART),
        ("FREQ=MONTHLY;BYSETPOS=1", series.NEEDS_A_DAY),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=400", series.UNREADABLE),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=6", series.NEVER),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", series.NEVER),
        ("FREQ=WEEKLY;BYDAY=MO", series.NOT_FIRST),
        ("FREQ=WEEKLY;COUNT=3;" + "BYDAY=" + "FR," * 70 + "FR", series.TOO_LONG),
    ],
)
def test_a_rule_that_no_series_follows_is_refused_with_one_sentence(rule, sentence):
    with pytest.raises(BadRule) as refused:
        occurrences(rule, FRIDAY, BERLIN)
    assert refused.value.sentence == sentence
    assert str(refused.value) == sentence % refused.value.facts
    assert "%(" not in str(refused.value)


@pytest.mark.parametrize(
    "first",
    [
        datetime(1, 1, 1, 10),
        datetime(9999, 12, 31, 10),
        datetime(2026, 3, 27, 10, 0, 1),
        datetime(2026, 3, 27, 10, tzinfo=UTC),
    ],
)
def test_a_first_session_outside_the_calendar_is_refused(first):
    with pytest.raises(BadRule) as refused:
        occurrences("FREQ=WEEKLY;COUNT=2", first, BERLIN)
    assert refused.value.sentence == series.BAD_FIRST


@pytest.mark.parametrize("year", [1970, 2000, 2026, 2199])
def test_a_leap_day_and_its_weekdays_are_found_in_any_year(year):
    first = datetime(year, 2, 28, 10)
    found = locals_of("FREQ=DAILY;COUNT=3", first)
    assert found == [first + n * timedelta(days=1) for n in range(3)]
    code = series._WEEKDAYS[first.weekday()]
    assert locals_of(f"FREQ=WEEKLY;BYDAY={code};COUNT=1", first) == [first]


def test_a_rule_that_no_day_follows_is_refused_soon():
    """Without the shift to the calendar's end this search runs for about ten seconds."""
    began = time.process_time()
    with pytest.raises(BadRule, match="No day"):
        occurrences("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", FRIDAY, BERLIN)
    assert time.process_time() - began < 5


@settings(deadline=None)
@given(st.integers(1, 52), st.integers(1, MOST), st.sampled_from([BERLIN, CAIRO]), st.data())
def test_the_forms_rule_is_every_so_many_weeks_at_the_same_time(every, count, zone, data):
    first = data.draw(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))
    first = first.replace(second=0, microsecond=0)
    rule = weekly(every, count)
    assert describe(rule) == Pattern(every=Every.WEEK, interval=every, count=count)
    if (count - 1) * every * 7 > LIMIT_DAYS:
        with pytest.raises(BadRule) as refused:
            occurrences(rule, first, zone)
        assert refused.value.sentence == series.TOO_FAR
        return
    found = occurrences(rule, first, zone)
    assert [o.local for o in found] == [first + timedelta(weeks=every * n) for n in range(count)]
    for o in found:
        assert o.start == instant(o.local.date(), o.local.hour * 60 + o.local.minute, zone)
        assert o.moved == (o.start.astimezone(zone).replace(tzinfo=None) != o.local)


@pytest.mark.parametrize(("every", "count"), [(0, 3), (53, 3), (1, 0), (1, MOST + 1)])
def test_the_form_cannot_ask_for_more_than_a_series_has(every, count):
    with pytest.raises(BadRule):
        weekly(every, count)


until = st.dates(date(2026, 1, 1), date(2029, 1, 1)).map("{:%Y%m%d}".format)
weekday = st.tuples(st.sampled_from(["", "1", "-1", "5"]), st.sampled_from(["FR", "MO"]))
part = st.one_of(
    st.builds("INTERVAL={}".format, st.integers(-1, 9999)),
    st.builds("COUNT={}".format, st.integers(-1, 200)),
    until.map("UNTIL={}".format),
    st.builds("BYMONTH={}".format, st.integers(0, 13)),
    st.builds("BYMONTHDAY={}".format, st.integers(-32, 32)),
    st.builds("BYSETPOS={}".format, st.integers(-7, 7)),
    weekday.map(lambda pair: f"BYDAY={pair[0]}{pair[1]}"),
    st.text(max_size=8),
)


def outcome(rule: str) -> tuple[tuple[Occurrence, ...], str]:
    try:
        return occurrences(rule, FRIDAY, BERLIN), ""
    except BadRule as refused:
        return (), str(refused)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from([*(e.value for e in Every), "HOURLY"]), st.lists(part, max_size=4))
def test_any_text_is_either_a_short_series_or_one_sentence(frequency, parts):
    rule = ";".join([f"FREQ={frequency}", *parts])
    found, problem = outcome(rule)
    assert bool(found) != bool(problem)
    if problem:
        return
    assert len(found) <= MOST
    assert found[0].local == FRIDAY
    assert all(o.local.time() == FRIDAY.time() for o in found)
    assert found[-1].local <= FRIDAY + timedelta(days=LIMIT_DAYS)
    assert [o.start for o in found] == sorted({o.start for o in found})
    pattern = describe(rule)
    if pattern.count is not None:
        assert len(found) == pattern.count
    if pattern.weekdays:
        assert {o.local.weekday() for o in found} <= {day for _, day in pattern.weekdays}


def test_the_facts_of_a_rule_are_all_there():
    rule = "FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU,-1FR;BYMONTH=1,4;BYSETPOS=-1;UNTIL=20261231T100000Z"
    assert describe(rule) == Pattern(
        every=Every.MONTH,
        interval=3,
        until=utc(2026, 12, 31, 10),
        weekdays=((1, 1), (-1, 4)),
        months=(1, 4),
        positions=(-1,),
    )
    assert describe("FREQ=YEARLY;BYMONTHDAY=-1,15;UNTIL=20261231") == Pattern(
        every=Every.YEAR, until=date(2026, 12, 31), month_days=(-1, 15)
    )
