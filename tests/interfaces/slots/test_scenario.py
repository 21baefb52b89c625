"""The reader of scenarios: what blocks, what does not, and every problem in one sentence."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.interfaces.test_score_file import JSON_VALUES
from unknot.domain.calendar.slots import Refusal
from unknot.interfaces.answers import document
from unknot.interfaces.answers.document import UnusableAnswers
from unknot.interfaces.slots.answer import answer
from unknot.interfaces.slots.scenario import read

PLAIN: dict[str, Any] = {
    "zone": "Europe/Berlin",
    "now": "2026-03-27T09:00",
    "from": "2026-03-27",
    "step": 60,
    "service": {"minutes": 60},
    "weekly": [{"day": "friday", "start": "09:00", "end": "13:00"}],
}
DAY = "2026-03-27T"


def given_file(**changed: Any) -> document.Object:
    """The plain scenario with other keys, as it is read from a file; None leaves a key out."""
    whole = {key: value for key, value in {**PLAIN, **changed}.items() if value is not None}
    return document.read(json.dumps(whole).encode(), "scenario.json", "scenarios")


def hours(**changed: Any) -> list[str]:
    """The hours of the local starts that are offered."""
    offered = answer(read(given_file(**changed)))["offered"]
    return [one["local"][11:16] for one in offered]


def explained(start: str, **changed: Any) -> Any:
    return answer(read(given_file(**changed), DAY + start))["explained"]


def problems(**changed: Any) -> list[str]:
    with pytest.raises(UnusableAnswers) as refused:
        read(given_file(**changed), changed.get("explain"))
    return list(refused.value.problems)


def span(start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"start": DAY + start, "end": DAY + end, **more}


def test_the_plain_day_is_offered_by_the_hour() -> None:
    assert hours() == ["09:00", "10:00", "11:00", "12:00"]


def test_times_are_told_in_utc_and_on_the_wall() -> None:
    assert answer(read(given_file()))["offered"][0] == {
        "utc": "2026-03-27T08:00:00Z",
        "local": "2026-03-27T09:00:00+01:00",
    }


@pytest.mark.parametrize(
    ("busy", "blocks"),
    [
        (span("10:00", "11:00"), True),
        (span("10:00", "11:00", kind="own"), True),
        (span("10:00", "11:00", kind="time_off"), True),
        (span("10:00", "11:00", kind="credential"), True),
        (span("10:00", "11:00", kind="external"), True),
        (span("10:00", "11:00", kind="external", status="busy"), True),
        (span("10:00", "11:00", kind="external", status="tentative"), True),
        (span("10:00", "11:00", kind="external", status="free"), False),
        (span("10:30", "10:30", kind="external"), False),
        (span("10:00", "11:00", kind="held"), True),
        (span("10:00", "11:00", kind="held", until=DAY + "09:01"), True),
        (span("10:00", "11:00", kind="held", until=DAY + "09:00"), False),
        (span("09:00Z", "10:00Z"), True),
        (span("09:00", "10:00"), False),
        (span("11:00", "12:00"), False),
    ],
)
def test_what_blocks_ten_o_clock(busy: dict[str, Any], blocks: bool) -> None:
    assert ("10:00" not in hours(busy=[busy])) is blocks
    in_pool = {"needs": [{"pool": "room"}], "minutes": 60}
    if busy.get("kind") not in {"time_off", "credential"}:
        pools = {"room": {"quantity": 1, "busy": [busy]}}
        assert ("10:00" not in hours(service=in_pool, pools=pools)) is blocks


@pytest.mark.parametrize("end", ["23:59", "24:00"])
def test_the_end_of_a_day_is_its_midnight(end: str) -> None:
    late = [{"day": "friday", "start": "22:00", "end": end}]
    assert hours(weekly=late) == ["22:00", "23:00"]
    assert hours(weekly=None, windows=[span("22:00", end)]) == ["22:00", "23:00"]
    override = [{"date": "2026-03-27", "windows": [{"start": "22:00", "end": end}]}]
    assert hours(overrides=override) == ["22:00", "23:00"]
    ends = read(given_file(busy=[span("22:00", end)])).state.taken[0].period.end
    assert ends == datetime(2026, 3, 27, 23, tzinfo=UTC)


def test_23_59_in_another_zone_is_only_a_minute() -> None:
    """23:59 UTC is 00:59 in Berlin, so no day ends there."""
    ends = read(given_file(busy=[span("22:00Z", "23:59Z")])).state.taken[0].period.end
    assert ends == datetime(2026, 3, 27, 23, 59, tzinfo=UTC)


def test_an_override_replaces_the_hours_of_its_date() -> None:
    assert hours(overrides=[{"date": "2026-03-27", "windows": []}]) == []
    assert hours(overrides=[{"date": "2026-04-03", "windows": []}])[0] == "09:00"


def test_a_session_over_midnight_uses_the_next_days_hours() -> None:
    week = [
        {"day": "friday", "start": "23:00", "end": "24:00"},
        {"day": "saturday", "start": "00:00", "end": "01:00"},
    ]
    assert hours(weekly=week, service={"minutes": 90}) == ["23:00"]


def test_local_times_around_the_clock_change() -> None:
    """02:30 never comes on 29 March and moves forward; 02:30 on 25 October is the earlier one."""
    spring = read(given_file(now="2026-03-29T02:30")).now
    autumn = read(given_file(now="2026-10-25T02:30")).now
    assert spring == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert autumn == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_units_are_told_by_their_pool_and_number() -> None:
    service = {"minutes": 60, "needs": [{"pool": "tool:lamp", "quantity": 2, "before": 15}]}
    pools = {
        "room": {"quantity": 3},
        "tool:lamp": {"quantity": 3, "busy": [span("10:30", "10:45", unit=2)]},
    }
    told = explained("10:00", service=service, pools=pools)
    assert (told["offered"], told["rule"]) == (True, None)
    assert [(one["pool"], one["unit"]) for one in told["units"]] == [
        ("tool:lamp", 1),
        ("tool:lamp", 3),
    ]
    assert told["units"][0]["start"]["local"] == "2026-03-27T09:45:00+01:00"


ROOM = {"minutes": 60, "needs": [{"pool": "room"}]}
PARTNER = {"minutes": 60, "needs": [{"pool": "partner"}]}
LAMP = {"minutes": 60, "needs": [{"pool": "tool:lamp"}]}
ONE_IN_USE = {"quantity": 1, "busy": [span("10:00", "10:01")]}
#: These are about somebody whose sessions follow a list; a scenario has no such person.
ABOUT_A_LIST = {Refusal.NOT_NEXT, Refusal.NEXT_IS_BOOKED, Refusal.TOO_CLOSE}
EXPLAINED = [
    ("in_the_past", "08:00", {}),
    ("inside_notice", "10:00", {"notice": 61}),
    ("beyond_horizon", "10:00", {"now": "2026-03-26T09:00", "horizon": 0}),
    ("off_grid", "10:30", {}),
    ("outside_hours", "13:00", {}),
    ("cleanup_past_closing", "12:00", {"service": {"minutes": 60, "cleanup": 5}}),
    ("calendar_unreadable", "10:00", {"unreadable_calendar": {}}),
    ("calendar_unreadable", "10:00", {"unreadable_calendar": {"since": DAY + "10:30"}}),
    ("credential", "10:00", {"busy": [span("09:00", "12:00", kind="credential")]}),
    ("time_off", "10:00", {"busy": [span("09:00", "12:00", kind="time_off")]}),
    ("overlaps", "10:00", {"busy": [span("09:00", "12:00", kind="held")]}),
    ("day_limit", "10:00", {"limits": {"minutes_per_day": 59}}),
    ("week_limit", "10:00", {"limits": {"minutes_per_week": 59}}),
    ("no_break", "10:00", {"limits": {"longest_run": 90}, "work": [span("09:00", "10:00")]}),
    ("no_room", "10:00", {"service": ROOM, "pools": {"room": ONE_IN_USE}}),
    ("no_tool", "10:00", {"service": LAMP, "pools": {"tool:lamp": ONE_IN_USE}}),
    ("no_partner", "10:00", {"service": PARTNER, "pools": {"partner": ONE_IN_USE}}),
]


@pytest.mark.parametrize(("rule", "start", "changed"), EXPLAINED)
def test_each_rule_is_named_with_its_figures(rule: str, start: str, changed: Any) -> None:
    told = explained(start, **changed)
    assert (told["offered"], told["rule"], told["units"]) == (False, rule, [])
    assert told["sentence"].endswith(".")
    assert "None" not in told["sentence"]
    assert "Please choose" in told["for_the_client"]
    assert start not in hours(**changed)


def test_every_rule_has_an_example() -> None:
    of_a_scenario = set(Refusal) - ABOUT_A_LIST
    assert {rule for rule, _, _ in EXPLAINED} == {one.name.lower() for one in of_a_scenario}


def test_the_policy_for_an_unreadable_calendar() -> None:
    every = hours()
    assert hours(unreadable_calendar={}) == []
    assert hours(unreadable_calendar={"since": DAY + "11:00"}) == every[:2]
    for policy in ("warn", "offer"):
        given_ = read(given_file(unreadable_calendar={"policy": policy}))
        told = answer(given_)
        assert len(told["offered"]) == len(every)
        assert bool(told["warning"]) is (policy == "warn")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"zone": "Europe/Atlantis"},
            'zone: found "Europe/Atlantis", expected the name of a zone such as Europe/Berlin.',
        ),
        (
            {"zone": "../../etc/passwd"},
            'zone: found "../../etc/passwd", expected the name of a zone such as Europe/Berlin.',
        ),
        (
            {"zone": None},
            "zone: found nothing, expected the name of a zone such as Europe/Berlin.",
        ),
        (
            {"service": None},
            "service: found nothing, expected an object in braces.",
        ),
        (
            {"weekly": None},
            "weekly: found nothing, expected weekly hours, or windows.",
        ),
        (
            {"now": "0001-01-01T00:00"},
            'now: found "0001-01-01T00:00", expected a time such as 2026-03-27T14:30 or '
            "2026-03-27T13:30Z, of the years 1990 to 2099.",
        ),
        (
            {"from": "9999-12-31"},
            'from: found "9999-12-31", expected a date such as 2026-03-27, of the years '
            "1990 to 2099.",
        ),
        (
            {"from": "2026-02-29"},
            'from: found "2026-02-29", expected a date such as 2026-03-27, of the years '
            "1990 to 2099.",
        ),
        (
            {"to": "2026-03-26"},
            'to: found "2026-03-26", expected a date not before "2026-03-27".',
        ),
        (
            {"to": "2027-05-01"},
            "to: found 401 days from the first to the last, expected 400 at most.",
        ),
        (
            {"to": "2027-04-01", "step": 5},
            "step: found over 40,000 starts from first to last day, expected fewer.",
        ),
        (
            {"step": 0},
            "step: found 0, expected a whole number from 1 to 720.",
        ),
        (
            {"notice": -1},
            "notice: found -1, expected a whole number from 0 to 527040.",
        ),
        (
            {"horizon": 1e9},
            "horizon: found 1000000000.0, expected a whole number from 0 to 3660.",
        ),
        (
            {"service": {"minutes": "60"}},
            'service.minutes: found "60", expected a whole number from 1 to 1440.',
        ),
        (
            {"service": {"minutes": True}},
            "service.minutes: found true, expected a whole number from 1 to 1440.",
        ),
        (
            {"service": {"minutes": 60, "set-up": 5}},
            "service.set-up: found a key that nothing reads, expected one of minutes, "
            "setup, cleanup, weight, needs.",
        ),
        (
            {"service": ROOM},
            'service.needs[0].pool: found "room", expected a pool that is described in pools.',
        ),
        (
            {"service": ROOM, "pools": {"tool:a": {"quantity": 1}}},
            'service.needs[0].pool: found "room", expected one of tool:a.',
        ),
        (
            {"pools": {"chair": {"quantity": 1}}},
            'pools.chair: found "chair", expected room, tool or partner, perhaps with a '
            'kind, such as "tool:stone_heater".',
        ),
        (
            {"pools": {"room": {"quantity": 1, "busy": [span("10:00", "11:00", unit=2)]}}},
            "pools.room.busy[0].unit: found 2, expected a unit from 1 to 1.",
        ),
        (
            {"weekly": [{"day": "friday", "start": "12:00", "end": "09:00"}]},
            "weekly[0].end: found a time that is not after start, expected a later one.",
        ),
        (
            {
                "weekly": [
                    {"day": "friday", "start": "09:00", "end": "12:00"},
                    {"day": "friday", "start": "11:59", "end": "13:00"},
                ]
            },
            "weekly[1]: found an overlap with weekly[0], expected windows that are apart.",
        ),
        (
            {
                "overrides": [
                    {"date": "2026-03-27", "windows": [{"start": "09:00", "end": "12:00"}]},
                    {"date": "2026-03-27", "windows": [{"start": "08:00", "end": "10:00"}]},
                ]
            },
            "overrides[0].windows[0]: found an overlap with overrides[1].windows[0], "
            "expected windows that are apart.",
        ),
        (
            {"weekly": [{"day": "friday", "start": "09:00", "end": "24:01"}]},
            'weekly[0].end: found "24:01", expected a time of the day such as 09:00 or 24:00.',
        ),
        (
            {"windows": [span("09:00", "10:00")]},
            "weekly: found beside windows, expected only one of the two.",
        ),
        (
            {"weekly": None, "windows": [span("09:00", "12:00"), span("11:00", "13:00")]},
            "windows[1]: found an overlap with windows[0], expected windows that are apart.",
        ),
        (
            {"busy": [span("11:00", "10:00")]},
            'busy[0].end: found "2026-03-27T10:00", expected a time after "2026-03-27T11:00".',
        ),
        (
            {"busy": [span("10:00", "10:00")]},
            'busy[0].end: found "2026-03-27T10:00", expected a time after "2026-03-27T10:00".',
        ),
        (
            {"busy": [span("10:00", "11:00", kind="maybe")]},
            'busy[0].kind: found "maybe", expected one of own, held, external, time_off, '
            "credential.",
        ),
        (
            {"busy": [span("10:00", "11:00", status="free")]},
            "busy[0].status: found with own, expected external.",
        ),
        (
            {"busy": [span("10:00", "11:00", until=DAY + "10:00")]},
            "busy[0].until: found with own, expected held.",
        ),
        (
            {"busy": {}},
            "busy: found an object, expected a list in brackets.",
        ),
        (
            {"explain": "noon"},
            "explain: found a key that nothing reads, expected one of zone … "
            "unreadable_calendar (17 are known).",
        ),
    ],
)
def test_each_problem_is_one_sentence_with_its_place(changed: Any, said: str) -> None:
    assert problems(**changed) == [said]


def test_a_start_that_is_no_time_is_a_problem() -> None:
    with pytest.raises(UnusableAnswers, match=r"^--explain: found \"noon\", expected a time"):
        read(given_file(), "noon")


def test_windows_that_touch_are_one() -> None:
    week = [
        {"day": "friday", "start": "09:00", "end": "10:30"},
        {"day": "friday", "start": "10:30", "end": "12:00"},
    ]
    assert hours(weekly=week) == ["09:00", "10:00", "11:00"]


def test_a_start_far_from_the_days_asked_about_is_explained_by_its_own_hours() -> None:
    made = read(given_file(horizon=3660), "2026-05-08T10:00")
    assert answer(made)["explained"]["offered"] is True
    other = read(given_file(horizon=3660), "2026-05-09T10:00")
    assert answer(other)["explained"]["rule"] == "outside_hours"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*sorted(PLAIN), "busy", "pools", "limits", "work", "to"]), JSON_VALUES)
def test_any_value_anywhere_ends_with_an_answer_or_with_sentences(key: str, value: Any) -> None:
    said: tuple[str, ...] = ()
    try:
        told = answer(read(given_file(**{key: value}), "2026-03-27T10:00"))["zone"]
    except UnusableAnswers as refused:
        told, said = "", refused.problems
    assert told or said
    assert all(one.endswith(".") for one in said)
