"""Gates: each opens at its number and not one before."""

from datetime import UTC, datetime, timedelta

from unknot.domain.outcomes import gates
from unknot.domain.outcomes.findings import Gate
from unknot.domain.outcomes.model import load
from unknot.domain.outcomes.series import Session

RULE = load().gate
START = datetime(2026, 1, 5, 19, tzinfo=UTC)


def days(*numbers: float) -> list[datetime]:
    return [START + timedelta(days=number) for number in numbers]


def session(day: float, technique: str = "swedish") -> Session:
    start = START + timedelta(days=day)
    return Session(start=start, end=start + timedelta(hours=1), technique=technique, minutes=60)


def by_name(found: tuple[Gate, ...]) -> dict[str, Gate]:
    return {gate.name: gate for gate in found}


def test_helps_opens_at_28_days_14_check_ins_and_3_sessions() -> None:
    rated = days(*range(0, 26, 2), 28)
    sessions = [session(day) for day in (4.5, 10.5, 16.5)]
    assert all(gate.is_open for gate in gates.helps(rated, sessions, RULE))
    assert not by_name(gates.helps(rated[:-1], sessions, RULE))["days"].is_open
    assert by_name(gates.helps(rated[1:], sessions, RULE))["check_ins"].have == 13
    two = by_name(gates.helps(rated, sessions[:2], RULE))["sessions_between_check_ins"]
    assert (two.have, two.need, two.is_open) == (2, 3, False)


def test_a_session_counts_with_a_check_in_at_the_door_and_one_within_three_days() -> None:
    visit = session(10)
    at_door, next_day = visit.start - timedelta(minutes=45), visit.end + timedelta(days=1)
    assert gates.bracketed([at_door, next_day], [visit]) == (visit,)
    assert gates.bracketed([next_day], [visit]) == ()
    assert gates.bracketed([at_door], [visit]) == ()
    assert gates.bracketed([at_door, visit.end + timedelta(hours=73)], [visit]) == ()
    assert gates.bracketed([visit.start - timedelta(hours=37), next_day], [visit]) == ()


def test_a_technique_counts_its_own_sessions_only() -> None:
    rated = days(*range(40))
    sessions = [session(day + 0.5, "shiatsu" if day % 2 else "swedish") for day in range(4, 14, 2)]
    found = by_name(gates.technique(rated, sessions, "shiatsu", RULE))
    assert found["sessions_between_check_ins"].have == 0
    assert by_name(gates.technique(rated, sessions, "swedish", RULE))[
        "sessions_between_check_ins"
    ].is_open


def test_better_needs_eight_weeks_and_24_check_ins() -> None:
    assert all(gate.is_open for gate in gates.better(days(*range(23), 56), RULE))
    assert not all(gate.is_open for gate in gates.better(days(*range(23), 55), RULE))
    assert not all(gate.is_open for gate in gates.better(days(*range(22), 56), RULE))


def test_nothing_answered_opens_nothing() -> None:
    assert not any(gate.is_open for gate in gates.helps([], [], RULE))
    assert not gates.chart([], RULE).is_open
    assert gates.chart(days(*range(7)), RULE).is_open
