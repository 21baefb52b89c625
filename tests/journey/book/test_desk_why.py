"""Each rule that refuses a start says so with its facts; no database is asked."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.cast import BERLIN, NOW, at
from unknot.domain.calendar import slots
from unknot.domain.calendar.intervals import Period
from unknot.domain.calendar.load import LoadLimits, Work
from unknot.domain.calendar.slots import Kind, Need, Refusal, Refused, Request, State, Taken, Unit
from unknot.journey.book.reads import why
from unknot.journey.book.reads.decision import Question

REQUEST = Request(minutes=60, cleanup_minutes=10, notice_minutes=120, horizon_days=60)
OPEN = (Period(at(9, days=3), at(17, days=3)),)


def told(start: datetime, request: Request = REQUEST, **state: object) -> tuple[Refusal, str]:
    """The reason and the sentence for a start on Monday with Tess, who works 9 to 17."""
    question = Question(
        request=request,
        state=State(**{"opening": OPEN, **state}),  # type: ignore[arg-type]
        zone=BERLIN,
    )
    refused = question.decide(start, now=NOW)
    assert isinstance(refused, Refused), refused
    case = why.Case(refused=refused, question=question, start=start, now=NOW, therapist="Tess")
    return refused.reason, why.sentence(case)


def taken(kind: Kind) -> dict[str, object]:
    return {"taken": (Taken(Period(at(14, days=3), at(15, 10, days=3)), kind),)}


def test_every_refusal_has_its_sentence() -> None:
    assert set(why._SENTENCES) == set(Refusal)


@pytest.mark.parametrize(
    ("start", "reason", "parts"),
    [
        (at(8), Refusal.IN_THE_PAST, ["it is 09:00"]),
        (at(10), Refusal.INSIDE_NOTICE, ["120 minutes", "before 11:00"]),
        (at(10, days=61), Refusal.BEYOND_HORIZON, ["60 days", "26 May 2026"]),
        (at(14, 31, days=3), Refusal.OFF_GRID, ["every 15 minutes"]),
        (at(8, 30, days=3), Refusal.OUTSIDE_HOURS, ["works 09:00–17:00", "08:30 to 09:30"]),
        (at(10, days=4), Refusal.OUTSIDE_HOURS, ["Tess does not work on this day"]),
        (at(16, days=3), Refusal.CLEANUP_PAST_CLOSING, ["10 minutes", "until 17:10"]),
    ],
)
def test_limits_and_hours_are_named_exactly(
    start: datetime, reason: Refusal, parts: list[str]
) -> None:
    found, sentence = told(start)
    assert found is reason
    assert [part for part in parts if part not in sentence] == []


@pytest.mark.parametrize(
    ("kind", "reason", "part"),
    [
        (Kind.OWN, Refusal.OVERLAPS, "An appointment takes 14:00 to 15:10"),
        (Kind.HELD, Refusal.OVERLAPS, "holds 14:00 to 15:10"),
        (Kind.EXTERNAL, Refusal.OVERLAPS, "Another calendar of Tess is busy from 14:00 to 15:10"),
        (Kind.TENTATIVE, Refusal.OVERLAPS, "perhaps busy, 14:00 to 15:10"),
        (Kind.TIME_OFF, Refusal.TIME_OFF, "away from 14:00 until 15:10"),
        (Kind.CREDENTIAL, Refusal.CREDENTIAL, "The credentials of Tess"),
    ],
)
def test_what_takes_the_time_is_named_with_its_end(kind: Kind, reason: Refusal, part: str) -> None:
    found, sentence = told(at(14, 30, days=3), **taken(kind))
    assert (found, part in sentence) == (reason, True), sentence


def test_an_unreadable_calendar_is_named() -> None:
    found, sentence = told(at(14, 30, days=3), held_back_from=NOW)
    assert found is Refusal.CALENDAR_UNREADABLE
    assert "elsewhere has not been read" in sentence


@pytest.mark.parametrize(
    ("limits", "reason", "part"),
    [
        ({"minutes_per_day": 100}, Refusal.DAY_LIMIT, "at most 100 hands-on minutes a day"),
        ({"minutes_per_week": 100}, Refusal.WEEK_LIMIT, "at most 100 hands-on minutes a week"),
    ],
)
def test_a_limit_says_how_many_minutes_too_many(
    limits: dict[str, int], reason: Refusal, part: str
) -> None:
    heavy = replace(REQUEST, weight_percent=150)
    work = (Work(Period(at(9, days=3), at(10, days=3))),)
    found, sentence = told(at(14, 30, days=3), heavy, limits=LoadLimits(**limits), work=work)
    assert found is reason
    assert part in sentence
    assert "50 more" in sentence  # 60 done and 90 for this one, of 100


def test_a_missing_break_names_the_run() -> None:
    limits = LoadLimits(longest_run_minutes=90, break_minutes=15)
    work = (Work(Period(at(13, 30, days=3), at(14, 30, days=3))),)
    found, sentence = told(at(14, 30, days=3), limits=limits, work=work)
    assert found is Refusal.NO_BREAK
    assert "13:30 to 15:30 without a break of 15 minutes; 90 minutes" in sentence


@pytest.mark.parametrize(
    ("pool", "reason", "part"),
    [
        ("room:double", Refusal.NO_ROOM, "No room (double) is free from 14:20 to 15:40"),
        ("tool:stone_heater", Refusal.NO_TOOL, "No tool (stone heater) is free"),
        ("partner", Refusal.NO_PARTNER, "No second therapist is free"),
    ],
)
def test_a_pool_is_named_with_its_own_buffers(pool: str, reason: Refusal, part: str) -> None:
    busy = Unit(id=1, taken=(Period(at(14, days=3), at(16, days=3)),))
    request = replace(REQUEST, needs=(Need(pool, 1, 10, 10),))
    found, sentence = told(at(14, 30, days=3), request, pools={pool: (busy,)})
    assert (found, part in sentence) == (reason, True), sentence
    found, sentence = told(at(14, 30, days=3), request, pools={})
    assert "there is none" in sentence


def test_what_can_be_booked_is_no_case() -> None:
    """The control: without anything in the way the same start is given."""
    question = Question(request=REQUEST, state=State(opening=OPEN), zone=BERLIN)
    assert isinstance(question.decide(at(14, 30, days=3), now=NOW), slots.Assigned)
    assert at(14, 30, days=3) - NOW > timedelta(days=2)
