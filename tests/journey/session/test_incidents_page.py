"""The list of incidents: who sees whose, and in which order."""

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import LONG_AGO, NOW, Cast
from tests.incidents import MILD, MODERATE, SERIOUS, an_incident
from tests.reviews import attended
from unknot.domain.screening import catalogue as screening
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import incidents as actions
from unknot.journey.session.reads import incidents as reads
from unknot.people.models import AuditEntry, CareRelation, Role

LIST = reverse("session:incidents")


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return attended(cast)


def seen_by(cast: Cast, name: str) -> str:
    browser = Browser()
    browser.force_login(cast.user(name))
    return browser.get(LIST).content.decode()


def test_an_empty_list_says_what_to_do(cast: Cast, visit: Appointment) -> None:
    assert "Nothing is open" in seen_by(cast, "tess")


def test_the_manager_and_who_treats_the_client_see_it_and_nobody_else(
    cast: Cast, visit: Appointment
) -> None:
    an_incident(cast, visit)
    assert "Ana" in seen_by(cast, "paz")
    assert "Ana" in seen_by(cast, "tess")
    assert "Ana" not in seen_by(cast, "theo")
    assert "Ana" not in seen_by(cast, "uma")
    answer = Browser()
    answer.force_login(cast.user("finn"))
    refused = answer.get(LIST)
    assert refused.status_code == 403
    assert "Ana" not in refused.content.decode()
    CareRelation.objects.create(client=cast.ana, therapist_user=cast.user("theo"), since=LONG_AGO)
    assert "Ana" in seen_by(cast, "theo")


def test_who_no_longer_works_here_sees_nothing(cast: Cast, visit: Appointment) -> None:
    an_incident(cast, visit)
    cast.practice.membership_set.filter(role=Role.MANAGER).update(until=NOW)
    browser = Browser()
    browser.force_login(cast.user("paz"))
    assert browser.get(LIST).status_code == 404


def test_the_gravest_stands_first_and_closed_ones_apart(cast: Cast, visit: Appointment) -> None:
    mild = an_incident(cast, visit, grade=MILD)
    an_incident(cast, visit, grade=MODERATE)
    an_incident(cast, visit, grade=SERIOUS)
    actions.close(cast.user("paz"), mild, text="Gone the next day", seen=1, now=NOW)
    found = reads.incident_list(cast.user("paz"), cast.practice)
    assert [row.grade.id for row in found.open] == [SERIOUS, MODERATE]
    assert [row.grade.id for row in found.closed] == [MILD]
    assert "Closed" in seen_by(cast, "paz")


def test_the_list_writes_down_whose_it_showed(cast: Cast, visit: Appointment) -> None:
    an_incident(cast, visit)
    seen_by(cast, "paz")
    entry = AuditEntry.objects.get(action="incident.read")
    assert (entry.actor, entry.client) == (cast.user("paz"), cast.ana)


def test_more_incidents_cost_no_more_queries(cast: Cast, visit: Appointment) -> None:
    browser, counted = Browser(), []
    browser.force_login(cast.user("paz"))
    for _more in range(2):
        an_incident(cast, visit)
        with CaptureQueriesContext(connection) as asked:
            browser.get(LIST)
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_every_grade_of_the_table_has_its_words() -> None:
    grades = screening.load().adverse_event.grades
    assert set(reads.GRADES) == set(grades)
    assert reads.serious() == grades[-1] == SERIOUS
    assert grades[:2] == (MILD, MODERATE)
