"""The badge rule, on the days around its edges."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from tests.cast import TODAY
from unknot.domain.credentials.standing import BADGE_KINDS, is_valid, standing, verified


@dataclass
class Paper:
    kind: str = "licence"
    number: str = "M-1"
    status: str = "active"
    method: str = "register"
    source: str = ""
    matched: list[str] = field(default_factory=lambda: ["number", "name"])
    checked_on: date | None = TODAY
    issued_on: date | None = None
    expires_on: date | None = None


@pytest.mark.parametrize(("ago", "good"), [(0, True), (1, True), (90, True), (91, False)])
def test_a_look_into_the_register_counts_for_90_days(ago, good):
    paper = Paper(checked_on=TODAY - timedelta(days=ago))
    assert verified(paper, on=TODAY) is good
    assert standing(paper, on=TODAY) == ("verified" if good else "stale")


@pytest.mark.parametrize(("ahead", "good"), [(1, True), (0, True), (-1, False)])
def test_the_last_valid_day_still_counts(ahead, good):
    paper = Paper(expires_on=TODAY + timedelta(days=ahead))
    assert verified(paper, on=TODAY) is good
    assert standing(paper, on=TODAY) == ("verified" if good else "expired")


@pytest.mark.parametrize("method", ["roster", "document", "self"])
def test_nothing_but_a_register_verifies(method):
    assert standing(Paper(method=method), on=TODAY) == "claimed"
    assert verified(Paper(), on=TODAY)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("active", "verified"),
        ("unknown", "claimed"),
        ("expired", "expired"),
        ("lapsed", "expired"),
        ("inactive", "expired"),
        ("suspended", "restricted"),
        ("revoked", "restricted"),
        ("probation", "restricted"),
        ("no_register", "unregistered"),
    ],
)
def test_each_status_has_its_standing(status, expected):
    assert standing(Paper(status=status), on=TODAY) == expected


def test_a_check_that_lies_ahead_or_never_was_does_not_count():
    assert not verified(Paper(checked_on=TODAY + timedelta(days=1)), on=TODAY)
    assert not verified(Paper(checked_on=None), on=TODAY)


def test_a_name_without_a_number_is_not_matched():
    assert not verified(Paper(number=""), on=TODAY)


@pytest.mark.parametrize("matched", [[], ["number"], ["name"], ["name", "state"]])
def test_a_look_that_did_not_match_name_and_number_verifies_nothing(matched):
    assert standing(Paper(matched=matched), on=TODAY) == "claimed"
    assert verified(Paper(matched=["state", "name", "number"]), on=TODAY)


@pytest.mark.parametrize(
    ("source", "good"), [("colorado", True), ("washington", True), ("nppes", False), ("", False)]
)
def test_only_a_boards_own_roster_is_a_primary_source(source, good):
    assert verified(Paper(method="roster", source=source), on=TODAY) is good


def test_a_licence_is_not_valid_before_its_first_day():
    paper = Paper(issued_on=TODAY, expires_on=TODAY)
    assert [is_valid(paper, on=TODAY + timedelta(days=n)) for n in (-1, 0, 1)] == [
        False,
        True,
        False,
    ]
    assert not is_valid(Paper(status="revoked"), on=TODAY)


@pytest.mark.parametrize("kind", ["training", "membership", "insurance"])
def test_what_gives_no_leave_to_practise_stands_for_itself_and_gives_no_badge(kind):
    assert standing(Paper(kind=kind), on=TODAY) == "verified"
    assert not verified(Paper(kind=kind), on=TODAY)
    assert all(verified(Paper(kind=one), on=TODAY) for one in BADGE_KINDS)
