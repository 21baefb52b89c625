"""The client's signed session before this one."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, Cast
from tests.records import AFTER, NOON, a_draft, a_signed_record, a_visit
from unknot.journey.book.models import Appointment
from unknot.people.models import AuditEntry

TEN_DAYS = timedelta(days=10)


@pytest.fixture
def former(cast: Cast, now: object) -> Appointment:
    return a_visit(cast, start=NOON - TEN_DAYS, now=NOW - timedelta(days=12))


@pytest.fixture
def visit(cast: Cast, former: Appointment) -> Appointment:
    return a_visit(cast)


@pytest.fixture
def tess(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.user("tess"))
    return client


def page(visit: Appointment) -> str:
    return reverse("session:last", args=[visit.key])


def test_it_shows_techniques_and_pressures_and_leaves_an_audit_row(
    tess: Browser, cast: Cast, former: Appointment, visit: Appointment
) -> None:
    a_signed_record(cast, former, now=AFTER - TEN_DAYS)
    text = tess.get(page(visit)).content.decode()
    assert "25 min, pressure 3 of 5" in text
    assert "Trigger point therapy" in text
    assert "Same again in ten days" in text
    assert AuditEntry.objects.filter(action="record.read", client=cast.ana).count() == 1


def test_a_draft_is_not_a_session_yet(
    tess: Browser, cast: Cast, former: Appointment, visit: Appointment
) -> None:
    a_draft(cast, former, now=AFTER - TEN_DAYS)
    assert "no signed record" in tess.get(page(visit)).content.decode()
    assert not AuditEntry.objects.filter(action="record.read").exists()


def test_the_part_for_the_briefing_is_the_same_text(
    tess: Browser, cast: Cast, former: Appointment, visit: Appointment
) -> None:
    a_signed_record(cast, former, now=AFTER - TEN_DAYS)
    part = tess.get(page(visit), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert part.strip() in tess.get(page(visit)).content.decode()


@pytest.mark.parametrize("who", ["ana", "ben", "theo", "paz", "finn", "uma", "opal"])
def test_nobody_else_learns_of_it(
    client: Browser, cast: Cast, visit: Appointment, who: str
) -> None:
    client.force_login(cast.user(who))
    assert client.get(page(visit)).status_code == 404


def test_a_stranger_signs_in_first(client: Browser, visit: Appointment) -> None:
    assert client.get(page(visit))["Location"].startswith("/accounts/login/")
