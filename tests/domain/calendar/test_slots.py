from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unknot.domain.calendar import slots
from unknot.domain.calendar.hours import DayOverride, WeeklyHours, grid, instant, local, opening
from unknot.domain.calendar.intervals import Period
from unknot.domain.calendar.slots import BadRequest, Refusal, Request, offered, refusal, slot

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = date(2026, 3, 27)
NINE = datetime(2026, 3, 27, 9, tzinfo=BERLIN)
WEEK = tuple(WeeklyHours(weekday=d, starts_minute=540, ends_minute=1020) for d in range(7))
DAY = timedelta(days=1)

CLOCK_CHANGE_DAYS = [
    (BERLIN, date(2026, 3, 29)),
    (BERLIN, date(2026, 10, 25)),
    (ZoneInfo("America/St_Johns"), date(2026, 3, 8)),
    (ZoneInfo("America/St_Johns"), date(2026, 11, 1)),
    (ZoneInfo("Australia/Lord_Howe"), date(2026, 4, 5)),
    (ZoneInfo("Australia/Lord_Howe"), date(2026, 10, 4)),
    (BERLIN, FRIDAY),
]


def at(minute: int, day: date = FRIDAY) -> datetime:
    return instant(day, minute, BERLIN)


def friday_hours() -> tuple[Period, ...]:
    return opening(WEEK, (), zone=BERLIN, first_day=FRIDAY, last_day=FRIDAY)


def why(request: Request, minute: int, *, busy=(), now=NINE, day=FRIDAY) -> Refusal | None:
    return refusal(
        request,
        at(minute, day),
        opening=opening(WEEK, (), zone=BERLIN, first_day=FRIDAY, last_day=day),
        busy=busy,
        zone=BERLIN,
        now=now,
    )


def starts(request: Request, *, busy=(), now=NINE) -> list[int]:
    found = offered(
        request,
        opening=friday_hours(),
        busy=busy,
        zone=BERLIN,
        now=now,
        first_day=FRIDAY,
        last_day=FRIDAY,
    )
    return [local(s.start, BERLIN)[1] for s in found]


HOUR = Request(minutes=60, setup_minutes=5, cleanup_minutes=10)


def test_set_up_and_clean_up_are_part_of_the_blocked_time():
    made = slot(HOUR, at(600))
    assert (made.start, made.end) == (at(600), at(660))
    assert made.blocked == Period(at(595), at(670))


def test_set_up_lies_inside_the_hours_and_clean_up_ends_by_closing():
    assert starts(HOUR)[0] == 555  # 09:00 would need the room at 08:55
    assert starts(HOUR)[-1] == 945  # 15:45 + 60 + 10 = 16:55; 16:00 would end at 17:10
    assert why(HOUR, 540) is Refusal.OUTSIDE_HOURS
    assert why(HOUR, 960) is Refusal.CLEANUP_PAST_CLOSING
    assert why(HOUR, 975) is Refusal.OUTSIDE_HOURS


def test_clean_up_past_closing_is_offered_only_where_the_practice_allows_it():
    late = Request(minutes=60, setup_minutes=5, cleanup_minutes=10, cleanup_past_closing=True)
    assert why(late, 960) is None
    assert why(late, 975) is Refusal.OUTSIDE_HOURS
    assert starts(late)[-1] == 960


def test_neighbours_may_touch_but_their_buffers_may_not_overlap():
    busy = (Period(at(715), at(790)),)  # 12:00 to 13:00 with 5 before and 10 after
    assert 645 in starts(HOUR, busy=busy)  # 10:45 to 11:45, blocked until 11:55
    assert 660 not in starts(HOUR, busy=busy)
    assert why(HOUR, 660, busy=busy) is Refusal.OVERLAPS
    assert why(HOUR, 795, busy=busy) is None  # 13:15, blocked from 13:10
    assert why(HOUR, 780, busy=busy) is Refusal.OVERLAPS


def test_each_limit_has_its_own_reason():
    later = Request(minutes=60, notice_minutes=120, horizon_days=3)
    assert why(later, 585, now=at(600)) is Refusal.IN_THE_PAST
    assert why(later, 705, now=at(600)) is Refusal.INSIDE_NOTICE
    assert why(later, 720, now=at(600)) is None
    assert why(later, 721, now=at(600)) is Refusal.OFF_GRID
    assert why(later, 600, day=FRIDAY + 3 * DAY) is None
    assert why(later, 600, day=FRIDAY + 4 * DAY) is Refusal.BEYOND_HORIZON


def test_a_start_right_now_is_not_in_the_past():
    assert why(Request(minutes=60), 600, now=at(600)) is None


def test_the_horizon_counts_the_practices_local_days():
    one_day = Request(minutes=60, horizon_days=1)
    just_before_midnight = instant(FRIDAY, 1439, BERLIN)
    just_after = instant(FRIDAY, 1440, BERLIN)
    sunday = FRIDAY + 2 * DAY
    assert why(one_day, 600, now=just_before_midnight, day=sunday) is Refusal.BEYOND_HORIZON
    assert why(one_day, 600, now=just_after, day=sunday) is None


def test_notice_is_elapsed_time_over_a_clock_change():
    request = Request(minutes=60, notice_minutes=24 * 60)
    saturday_ten = at(600, FRIDAY + DAY)
    sunday = FRIDAY + 2 * DAY  # 23 hours long
    assert why(request, 600, now=saturday_ten, day=sunday) is Refusal.INSIDE_NOTICE
    assert why(request, 660, now=saturday_ten, day=sunday) is None


def test_a_closed_day_offers_nothing():
    closed = opening(
        WEEK, (DayOverride(day=FRIDAY, windows=()),), zone=BERLIN, first_day=FRIDAY, last_day=FRIDAY
    )
    found = offered(
        HOUR, opening=closed, busy=(), zone=BERLIN, now=NINE, first_day=FRIDAY, last_day=FRIDAY
    )
    assert found == ()


def test_a_start_in_the_hour_that_never_comes_is_not_offered():
    sunday = date(2026, 3, 29)
    around = tuple(WeeklyHours(weekday=d, starts_minute=0, ends_minute=1440) for d in range(7))
    found = offered(
        Request(minutes=30),
        opening=opening(around, (), zone=BERLIN, first_day=sunday, last_day=sunday + DAY),
        busy=(),
        zone=BERLIN,
        now=NINE,
        first_day=sunday,
        last_day=sunday,
    )
    shown = [local(s.start, BERLIN)[1] for s in found]
    assert len(shown) == len(set(shown)) == 92
    assert not [minute for minute in shown if 120 <= minute < 180]


@st.composite
def situations(draw):
    zone, day = draw(st.sampled_from(CLOCK_CHANGE_DAYS))
    midnight = instant(day, 0, zone)

    def some_period(start: int, length: int) -> Period:
        begins = midnight + timedelta(minutes=start)
        return Period(begins, begins + timedelta(minutes=length))

    windows = st.lists(st.sampled_from(range(0, 1441, 5)), min_size=2, max_size=6, unique=True)
    marks = sorted(draw(windows))
    today = tuple(zip(marks[::2], marks[1::2], strict=False))
    open_ = opening(
        (WeeklyHours(weekday=d, starts_minute=0, ends_minute=1440) for d in range(7))
        if draw(st.booleans())
        else (),
        (DayOverride(day=day, windows=today),),
        zone=zone,
        first_day=day - DAY,
        last_day=day + DAY,
    )
    request = Request(
        minutes=draw(st.sampled_from([15, 30, 60, 90])),
        setup_minutes=draw(st.sampled_from([0, 5, 15])),
        cleanup_minutes=draw(st.sampled_from([0, 10, 15])),
        step_minutes=draw(st.sampled_from([15, 20, 30, 45])),
        notice_minutes=draw(st.sampled_from([0, 60, 600])),
        horizon_days=draw(st.sampled_from([0, 1, 30])),
        cleanup_past_closing=draw(st.booleans()),
    )
    busy = draw(
        st.lists(st.builds(some_period, st.integers(-90, 1500), st.integers(1, 120)), max_size=5)
    )
    now = midnight + timedelta(minutes=draw(st.integers(-1500, 900)))
    return zone, day, request, {"opening": open_, "busy": busy, "zone": zone, "now": now}


@settings(max_examples=150, deadline=None)
@given(situations())
def test_a_grid_start_is_offered_exactly_when_it_is_not_refused(situation):
    zone, day, request, given_ = situation
    found = offered(request, **given_, first_day=day, last_day=day)
    starts_offered = {s.start for s in found}
    every_start = grid(day, request.step_minutes, zone)
    for start in every_start:
        reason = refusal(request, start, **given_)
        assert (start in starts_offered) == (reason is None), reason
    assert starts_offered <= set(every_start)


@settings(max_examples=150, deadline=None)
@given(situations())
def test_what_is_offered_is_free_open_and_in_time_minute_by_minute(situation):
    zone, day, request, given_ = situation
    for made in offered(request, **given_, first_day=day, last_day=day):
        assert made.start >= given_["now"] + timedelta(minutes=request.notice_minutes)
        assert local(made.start, zone)[0] == day
        assert local(made.start, zone)[1] % request.step_minutes == 0
        assert made.end - made.start == timedelta(minutes=request.minutes)
        until = made.end if request.cleanup_past_closing else made.blocked.end
        minute = made.blocked.start
        while minute < until:
            assert any(p.start <= minute < p.end for p in given_["opening"])
            minute += timedelta(minutes=1)
        assert not any(p.overlaps(made.blocked) for p in given_["busy"])


def test_the_agreement_is_real_a_second_rule_would_break_it(monkeypatch):
    """Negative control: when only the offer forgets what is taken, the two lists differ."""
    busy = (Period(at(600), at(660)),)
    honest = set(starts(HOUR, busy=busy))
    monkeypatch.setattr(slots, "clashes", lambda periods, period: False)
    careless = set(starts(HOUR, busy=busy))
    monkeypatch.undo()
    refused = {minute for minute in careless if why(HOUR, minute, busy=busy)}
    assert refused == careless - honest != set()


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0},
        {"minutes": 1441},
        {"minutes": 60, "step_minutes": 0},
        {"minutes": 60, "setup_minutes": -5},
        {"minutes": 60, "notice_minutes": -1},
        {"minutes": 60, "horizon_days": -1},
    ],
)
def test_a_request_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(BadRequest):
        Request(**wrong)


def test_every_refusal_is_a_sentence_that_says_what_to_do():
    for reason in Refusal:
        assert "Please choose" in reason.value
        assert reason.value.endswith(".")


def test_the_answer_does_not_depend_on_the_zone_the_moment_is_written_in():
    noon = at(720)
    tokyo = noon.astimezone(ZoneInfo("Asia/Tokyo"))
    assert slot(HOUR, noon) == slot(HOUR, tokyo)
    assert slot(HOUR, tokyo).start.tzinfo is UTC
