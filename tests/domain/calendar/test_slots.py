from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from unknot.domain.calendar.hours import DayOverride, WeeklyHours, instant, local, opening
from unknot.domain.calendar.intervals import Period
from unknot.domain.calendar.slots import (
    Assigned,
    BadRequest,
    Kind,
    Load,
    LoadLimits,
    Need,
    Refusal,
    Refused,
    Request,
    State,
    Taken,
    Unit,
    Work,
    decide,
    offered,
    refusal,
    relaxed,
    slot,
)

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = date(2026, 3, 27)
NINE = datetime(2026, 3, 27, 9, tzinfo=BERLIN)
WEEK = tuple(WeeklyHours(weekday=d, starts_minute=540, ends_minute=1020) for d in range(7))
DAY = timedelta(days=1)


def at(minute: int, day: date = FRIDAY) -> datetime:
    return instant(day, minute, BERLIN)


def state(*, busy=(), day=FRIDAY, **more) -> State:
    return State(
        opening=opening(WEEK, (), zone=BERLIN, first_day=FRIDAY, last_day=day),
        taken=tuple(Taken(period=period) for period in busy),
        **more,
    )


def why(request: Request, minute: int, *, now=NINE, day=FRIDAY, **more) -> Refusal | None:
    found = refused(request, minute, now=now, day=day, **more)
    return found and found.reason


def refused(request: Request, minute: int, *, now=NINE, day=FRIDAY, **more) -> Refused | None:
    return refusal(request, at(minute, day), state(day=day, **more), zone=BERLIN, now=now)


def starts(request: Request, *, now=NINE, **more) -> list[int]:
    found = offered(request, state(**more), zone=BERLIN, now=now, first_day=FRIDAY, last_day=FRIDAY)
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
        HOUR, State(opening=closed), zone=BERLIN, now=NINE, first_day=FRIDAY, last_day=FRIDAY
    )
    assert found == ()


def test_a_start_in_the_hour_that_never_comes_is_not_offered():
    sunday = date(2026, 3, 29)
    around = tuple(WeeklyHours(weekday=d, starts_minute=0, ends_minute=1440) for d in range(7))
    found = offered(
        Request(minutes=30),
        State(opening=opening(around, (), zone=BERLIN, first_day=sunday, last_day=sunday + DAY)),
        zone=BERLIN,
        now=NINE,
        first_day=sunday,
        last_day=sunday,
    )
    shown = [local(s.start, BERLIN)[1] for s in found]
    assert len(shown) == len(set(shown)) == 92
    assert not [minute for minute in shown if 120 <= minute < 180]


def span(first: int, last: int) -> Period:
    return Period(at(first), at(last))


def unit(number: int, *taken: tuple[int, int]) -> Unit:
    return Unit(id=number, taken=tuple(span(*one) for one in taken))


def units(request: Request, minute: int, **more) -> list[tuple[str, int]]:
    found = decide(request, at(minute), state(**more), zone=BERLIN, now=NINE)
    assert isinstance(found, Assigned), found
    return [(pool, number) for pool, number, _ in found.units]


def test_the_reason_names_what_takes_the_time():
    for kind, reason in [
        (Kind.OWN, Refusal.OVERLAPS),
        (Kind.HELD, Refusal.OVERLAPS),
        (Kind.EXTERNAL, Refusal.OVERLAPS),
        (Kind.TENTATIVE, Refusal.OVERLAPS),
        (Kind.TIME_OFF, Refusal.TIME_OFF),
        (Kind.CREDENTIAL, Refusal.CREDENTIAL),
    ]:
        given = State(opening=state().opening, taken=(Taken(period=span(600, 660), kind=kind),))
        found = refusal(HOUR, at(630), given, zone=BERLIN, now=NINE)
        assert found == Refused(reason=reason, period=span(600, 660), kind=kind)


def test_the_first_rule_that_applies_is_the_reason():
    everything = tuple(Taken(period=span(0, 1440), kind=kind) for kind in Kind)
    full = {"limits": LoadLimits(minutes_per_day=0), "held_back_from": at(0)}
    request = Request(minutes=60, needs=(Need(pool="room"),), notice_minutes=60)

    def reason(minute: int, taken, **more) -> Refusal:
        given = State(opening=state().opening, taken=taken, **more)
        found = decide(request, at(minute), given, zone=BERLIN, now=at(600))
        assert isinstance(found, Refused)
        return found.reason

    assert reason(541, everything, **full) is Refusal.IN_THE_PAST
    assert reason(601, everything, **full) is Refusal.INSIDE_NOTICE
    assert reason(1201, everything, **full) is Refusal.OFF_GRID
    assert reason(1200, everything, **full) is Refusal.OUTSIDE_HOURS
    assert reason(720, everything, **full) is Refusal.CALENDAR_UNREADABLE
    del full["held_back_from"]
    assert reason(720, everything, **full) is Refusal.CREDENTIAL
    assert reason(720, everything[:-1], **full) is Refusal.TIME_OFF
    assert reason(720, everything[:-2], **full) is Refusal.OVERLAPS
    assert reason(720, (), **full) is Refusal.DAY_LIMIT
    assert reason(720, ()) is Refusal.NO_ROOM


def test_a_calendar_that_cannot_be_read_holds_back_what_reaches_past_its_last_sight():
    assert why(HOUR, 600, held_back_from=at(670)) is None  # blocked until 11:10
    assert why(HOUR, 615, held_back_from=at(670)) is Refusal.CALENDAR_UNREADABLE


def test_a_heater_warms_up_while_another_session_is_in_the_room():
    hot = Request(
        minutes=60,
        needs=(
            Need(pool="room"),
            Need(pool="tool:stone_heater", before_minutes=30, after_minutes=15),
        ),
    )
    room, heater = unit(1, (540, 600), (660, 720)), unit(7)
    found = decide(
        hot,
        at(600),
        state(
            busy=[span(540, 600), span(660, 720)],
            pools={"room": (room,), "tool:stone_heater": (heater,)},
        ),
        zone=BERLIN,
        now=NINE,
    )
    assert isinstance(found, Assigned)
    assert found.slot.blocked == span(600, 660)
    assert found.units == (
        ("room", 1, span(600, 660)),
        ("tool:stone_heater", 7, span(570, 675)),
    )
    for taken in [(560, 571), (674, 700)]:
        pools = {"room": (room,), "tool:stone_heater": (unit(7, taken),)}
        assert refused(hot, 600, pools=pools) == Refused(
            reason=Refusal.NO_TOOL, pool="tool:stone_heater", period=span(570, 675)
        )


def test_each_kind_of_pool_has_its_own_reason_also_when_it_is_unknown():
    for pool, reason in [
        ("room", Refusal.NO_ROOM),
        ("room:double", Refusal.NO_ROOM),
        ("tool:stone_heater", Refusal.NO_TOOL),
        ("partner", Refusal.NO_PARTNER),
    ]:
        needing = Request(minutes=60, needs=(Need(pool=pool),))
        assert why(needing, 600) is reason
        assert why(needing, 600, pools={pool: (unit(1, (630, 640)),)}) is reason
        assert why(needing, 600, pools={pool: (unit(1, (640, 650)), unit(2))}) is None


def test_the_lowest_free_units_are_taken_and_none_twice():
    two = Request(minutes=60, needs=(Need(pool="room", quantity=2),))
    rooms = (unit(9), unit(4, (630, 640)), unit(3), unit(5))
    assert units(two, 600, pools={"room": rooms}) == [("room", 3), ("room", 5)]
    assert why(two, 600, pools={"room": rooms[:2]}) is Refusal.NO_ROOM


def test_two_needs_of_one_pool_share_its_units_as_well_as_can_be():
    """The long need fits only unit 1, so the short one must leave it unit 1."""
    request = Request(
        minutes=60, needs=(Need(pool="tool:lamp"), Need(pool="tool:lamp", before_minutes=30))
    )
    lamps = (unit(1), unit(2, (540, 590)))
    pools = {"tool:lamp": lamps}
    assert units(request, 600, pools=pools) == [("tool:lamp", 2), ("tool:lamp", 1)]
    assert why(request, 600, pools={"tool:lamp": lamps[1:]}) is Refusal.NO_TOOL


def test_a_unit_in_two_pools_is_taken_once():
    request = Request(minutes=60, needs=(Need(pool="room"), Need(pool="room:quiet")))
    pools = {"room": (unit(1), unit(2)), "room:quiet": (unit(1),)}
    assert units(request, 600, pools=pools) == [("room", 2), ("room:quiet", 1)]
    assert why(request, 600, pools={"room": (unit(1),), "room:quiet": (unit(1),)}) is (
        Refusal.NO_ROOM
    )


def test_the_load_of_a_day_counts_weighted_hands_on_minutes():
    work = (Work(period=span(540, 600), weight_percent=150),)  # counts 90
    limits = LoadLimits(minutes_per_day=150)
    assert why(Request(minutes=60), 720, work=work, limits=limits) is None
    assert refused(Request(minutes=75), 720, work=work, limits=limits) == Refused(
        reason=Refusal.DAY_LIMIT, minutes=150
    )
    heavy = Request(minutes=60, weight_percent=101)
    assert why(heavy, 720, work=work, limits=limits) is Refusal.DAY_LIMIT
    assert why(heavy, 720, work=work, limits=limits, day=FRIDAY + DAY) is None


def test_the_load_of_a_week_is_that_of_the_local_iso_week():
    sunday, monday = FRIDAY + 2 * DAY, FRIDAY + 3 * DAY
    late = Period(at(1380, sunday), at(1440, sunday))  # Sunday 23:00 to 24:00 in Berlin
    given = {"limits": LoadLimits(minutes_per_week=100), "work": (Work(period=late),)}
    assert why(Request(minutes=60), 720, **given) is Refusal.WEEK_LIMIT
    assert why(Request(minutes=60), 720, day=monday, **given) is None


def test_a_break_is_due_after_the_longest_run():
    limits = LoadLimits(longest_run_minutes=150, break_minutes=20)
    work = (Work(period=span(540, 600)), Work(period=span(615, 675)))  # a run of 135 minutes
    assert refused(Request(minutes=30), 690, work=work, limits=limits) == Refused(
        reason=Refusal.NO_BREAK, period=span(540, 720), minutes=150
    )
    assert why(Request(minutes=15), 675, work=work, limits=limits) is None
    assert why(Request(minutes=30), 705, work=work, limits=limits) is None  # after half an hour


def test_a_session_between_two_runs_joins_them():
    limits = LoadLimits(longest_run_minutes=150, break_minutes=20)
    work = (Work(period=span(540, 600)), Work(period=span(645, 705)))
    assert why(Request(minutes=15), 615, work=work, limits=limits) is Refusal.NO_BREAK
    assert why(Request(minutes=15), 720, work=work, limits=limits) is None


def test_sessions_that_touch_are_one_run_even_without_a_least_break():
    limits = LoadLimits(longest_run_minutes=90)
    work = (Work(period=span(540, 600)),)
    assert why(Request(minutes=45), 600, work=work, limits=limits) is Refusal.NO_BREAK
    assert why(Request(minutes=45), 615, work=work, limits=limits) is None


def test_staff_may_pass_over_notice_and_buffers_but_not_over_capacity_or_load():
    request = Request(
        minutes=60,
        setup_minutes=15,
        cleanup_minutes=15,
        notice_minutes=600,
        needs=(Need(pool="room", before_minutes=10, after_minutes=10),),
    )
    pools = {"room": (unit(1, (590, 600)),)}
    busy = [span(540, 600), span(660, 720)]
    assert why(request, 600, busy=busy, pools=pools) is Refusal.INSIDE_NOTICE
    assert why(relaxed(request), 600, busy=busy, pools=pools) is None
    assert why(relaxed(request), 615, busy=busy, pools=pools) is Refusal.OVERLAPS
    assert why(relaxed(request), 600, pools={"room": (unit(1, (601, 602)),)}) is Refusal.NO_ROOM
    limits = LoadLimits(minutes_per_day=59)
    assert why(relaxed(request), 600, pools=pools, limits=limits) is Refusal.DAY_LIMIT


def test_a_partner_is_judged_by_limits_of_their_own():
    request = Request(minutes=60, needs=(Need(pool="partner"),))
    done = (Work(period=span(720, 780)),)

    def partner(weight: int = 100, **limits: int) -> dict[str, tuple[Unit, ...]]:
        load = Load(limits=LoadLimits(**limits), work=done)
        return {"partner": (Unit(id=1, load=load, weight_percent=weight), unit(2, (600, 660)))}

    assert units(request, 600, pools=partner(minutes_per_day=120)) == [("partner", 1)]
    for refused_by in [
        partner(minutes_per_day=119),
        partner(minutes_per_week=119),
        partner(weight=101, minutes_per_day=120),
        partner(longest_run_minutes=119, break_minutes=65),
    ]:
        assert why(request, 600, pools=refused_by) is Refusal.NO_PARTNER
        assert units(request, 660 + 120, pools=refused_by) == [("partner", 2)]
        found = offered(
            request,
            state(pools=refused_by),
            zone=BERLIN,
            now=NINE,
            first_day=FRIDAY,
            last_day=FRIDAY,
        )
        assert at(600) not in {slot.start for slot in found}


def test_the_therapists_own_rooms_and_work_do_not_depend_on_the_order_given():
    rooms = (unit(2), unit(1, (600, 610)))
    request = Request(minutes=60, needs=(Need(pool="room"),))
    busy = [span(900, 930), span(700, 720)]
    assert starts(request, busy=busy, pools={"room": rooms}) == starts(
        request, busy=busy[::-1], pools={"room": rooms[::-1]}
    )


@pytest.mark.parametrize("naive", ["start", "now", "held_back_from"])
def test_a_time_without_a_zone_is_no_time(naive):
    times = {"start": at(600), "now": NINE, "held_back_from": at(900)}
    times[naive] = times[naive].replace(tzinfo=None)
    with pytest.raises(BadRequest):
        decide(
            HOUR,
            times["start"],
            state(held_back_from=times["held_back_from"]),
            zone=BERLIN,
            now=times["now"],
        )


@pytest.mark.parametrize(
    "wrong", [{"quantity": 0}, {"quantity": 101}, {"before_minutes": -1}, {"after_minutes": -1}]
)
def test_a_need_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(BadRequest):
        Need(pool="room", **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0},
        {"minutes": 1441},
        {"minutes": 60, "step_minutes": 0},
        {"minutes": 60, "setup_minutes": -5},
        {"minutes": 60, "notice_minutes": -1},
        {"minutes": 60, "horizon_days": -1},
        {"minutes": 60, "weight_percent": -1},
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
