"""Moving an appointment from the page: its client, and staff with a reason."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import MONDAY_TEN, an_appointment
from tests.cast import Cast, at
from tests.checkins import a_completed_checkin
from unknot.journey.book.models import Appointment, Status
from unknot.people.models import AuditEntry, Message

BrowserOf = Callable[[str], Browser]
ELEVEN = at(11, days=3)


def address_of(made: Appointment) -> str:
    return reverse("book:move", args=[made.key])


@pytest.mark.parametrize("name", ["ana", "tess", "finn"])
def test_it_moves_even_onto_its_own_old_time(
    cast: Cast, now: datetime, browser_of: BrowserOf, name: str
) -> None:
    made, browser = an_appointment(cast), browser_of(name)
    overlapping = at(10, 15, days=3)
    page = browser.get(address_of(made)).content.decode()
    assert f'value="{overlapping.isoformat()}"' in page
    answer = browser.post(address_of(made), {"start": overlapping.isoformat()}, follow=True)
    made.refresh_from_db()
    assert made.start == overlapping
    assert "Moved. We have written to both of you." in answer.content.decode()
    assert Message.objects.filter(kind="appointment-moved").count() == 1


def test_a_taken_time_keeps_the_old_one_and_names_three_others(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    made = an_appointment(cast)
    an_appointment(cast, client=cast.ben, start=at(13, days=3))
    answer = browser_of("ana").post(address_of(made), {"start": at(13, days=3).isoformat()})
    made.refresh_from_db()
    assert (answer.status_code, made.start) == (409, MONDAY_TEN)
    assert len(answer.context["others"]) == 3


@pytest.mark.parametrize("start", ["", "soon", "2026-03-30T10:00:00"])
def test_what_is_no_time_answers_422(
    cast: Cast, now: datetime, browser_of: BrowserOf, start: str
) -> None:
    made = an_appointment(cast)
    answer = browser_of("ana").post(address_of(made), {"start": start})
    assert answer.status_code == 422
    assert len(answer.context["others"]) == 3


def test_the_same_time_changes_nothing(cast: Cast, now: datetime, browser_of: BrowserOf) -> None:
    made = an_appointment(cast)
    browser_of("ana").post(address_of(made), {"start": MONDAY_TEN.isoformat()})
    after = Appointment.objects.get(pk=made.pk)
    assert after.sequence == made.sequence


def test_only_staff_break_the_notice_and_only_with_a_reason(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    made, soon = an_appointment(cast), {"start": at(10).isoformat()}
    with_reason = {**soon, "reason": "She asked on the phone."}
    assert browser_of("ana").post(address_of(made), with_reason).status_code == 409
    staff = browser_of("finn")
    assert staff.post(address_of(made), soon).status_code == 409
    page = staff.get(f"{address_of(made)}?also=1&week=2026-03-27").content.decode()
    assert f'value="{at(10).isoformat()}"' in page
    assert staff.post(address_of(made), with_reason).status_code == 302
    assert AuditEntry.objects.get(action="appointment.moved").reason == "She asked on the phone."


def test_a_late_move_says_so_before(cast: Cast, now: datetime, browser_of: BrowserOf) -> None:
    early, late = an_appointment(cast), an_appointment(cast, start=at(14))
    browser = browser_of("ana")
    assert "Moving it now is late" in browser.get(address_of(late)).content.decode()
    assert "Moving it now is late" not in browser.get(address_of(early)).content.decode()


def test_on_hold_nothing_can_be_pressed(cast: Cast, now: datetime, browser_of: BrowserOf) -> None:
    made = an_appointment(cast)
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    browser = browser_of("ana")
    assert 'name="start"' not in browser.get(address_of(made)).content.decode()
    answer = browser.post(address_of(made), {"start": ELEVEN.isoformat()})
    made.refresh_from_db()
    assert (answer.status_code, made.start) == (409, MONDAY_TEN)


def test_a_cancelled_one_cannot_be_moved(cast: Cast, now: datetime, browser_of: BrowserOf) -> None:
    made, browser = an_appointment(cast), browser_of("ana")
    browser.post(reverse("book:cancel", args=[made.key]))
    assert 'name="start"' not in browser.get(address_of(made)).content.decode()
    for start in (MONDAY_TEN, ELEVEN):
        answer = browser.post(address_of(made), {"start": start.isoformat()})
        assert answer.status_code == 409
    made.refresh_from_db()
    assert made.status == Status.CANCELLED


@pytest.mark.parametrize("name", ["ben", "theo", "uma", "opal"])
def test_for_everybody_else_it_does_not_exist(
    cast: Cast, now: datetime, browser_of: BrowserOf, name: str
) -> None:
    made, browser = an_appointment(cast), browser_of(name)
    assert browser.get(address_of(made)).status_code == 404
    assert browser.post(address_of(made), {"start": ELEVEN.isoformat()}).status_code == 404
    made.refresh_from_db()
    assert made.start == MONDAY_TEN
