"""The day's list says how far each appointment is with the question before the session."""

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.appointments import a_recheck, an_appointment
from tests.cast import Cast, at
from unknot.journey.book.models import Appointment

MARKS = {"": "Not asked yet", "no": "Asked again", "yes": "Waits for the full check-in"}
MARKS["unsure"] = MARKS["yes"]


@pytest.fixture
def visit(cast: Cast, now: datetime) -> Appointment:
    return an_appointment(cast, start=at(12))


def listed(cast: Cast, name: str, *, day: str = "2026-03-27") -> str:
    browser = Browser()
    browser.force_login(cast.user(name))
    return browser.get(reverse("practice:day"), {"day": day}).content.decode()


@pytest.mark.parametrize("name", ["tess", "finn", "paz"])
@pytest.mark.parametrize("said", MARKS)
def test_each_appointment_has_its_mark(
    cast: Cast, visit: Appointment, name: str, said: str
) -> None:
    if said:
        a_recheck(cast, visit, said=said)
    text = listed(cast, name)
    for mark in set(MARKS.values()):
        assert (mark in text) is (mark == MARKS[said])


def test_who_does_not_treat_the_client_sees_nothing(cast: Cast, visit: Appointment) -> None:
    assert "Not asked yet" not in listed(cast, "theo")


def test_a_later_day_is_not_asked_about_yet(cast: Cast, visit: Appointment) -> None:
    an_appointment(cast)
    assert "Not asked yet" not in listed(cast, "finn", day="2026-03-30")


@pytest.mark.parametrize("name", ["tess", "finn"])
def test_more_rows_cost_no_more_queries(cast: Cast, visit: Appointment, name: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            listed(cast, name)
        return len(queries)

    once = asked()
    a_recheck(cast, an_appointment(cast, start=at(14), client=cast.ana))
    assert asked() == once
