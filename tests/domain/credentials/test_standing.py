"""The badge rule, on the days around its edges."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from tests.cast import TODAY
from unknot.domain.credentials.standing import standing, verified


@dataclass
class Paper:
    number: str = "M-1"
    status: str = "active"
    method: str = "register"
    checked_on: date | None = TODAY
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
    ],
)
def test_each_status_has_its_standing(status, expected):
    assert standing(Paper(status=status), on=TODAY) == expected


def test_a_check_that_lies_ahead_or_never_was_does_not_count():
    assert not verified(Paper(checked_on=TODAY + timedelta(days=1)), on=TODAY)
    assert not verified(Paper(checked_on=None), on=TODAY)


def test_a_name_without_a_number_is_not_matched():
    assert not verified(Paper(number=""), on=TODAY)
