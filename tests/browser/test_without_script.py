"""From the first question to a confirmed appointment in a browser that runs no script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import (
    Visitor,
    answer_the_checkin,
    begin,
    book_monday_at_ten,
    two_marks_in_the_list,
)
from tests.cast import Cast
from unknot.journey.book.models import Appointment, Status
from unknot.journey.understand import reads


@pytest.fixture
def visitor(open_page: Callable[..., Page], people: Cast) -> Visitor:
    """Somebody whose browser runs no script."""
    return Visitor(open_page(width=390, height=844, java_script_enabled=False))


def test_the_whole_way_to_an_appointment(visitor: Visitor, people: Cast) -> None:
    answer_the_checkin(visitor, mark=two_marks_in_the_list)
    visitor.at("You can book")
    book_monday_at_ten(visitor)
    appointment = Appointment.objects.get()
    assert appointment.status == Status.CONFIRMED
    assert appointment.therapist == people.tess
    assert reads.marks_of(appointment.checkin) == {"cervical_l": 6, "upper_trap_l": 7}


def test_no_script_ran(visitor: Visitor) -> None:
    begin(visitor)
    expect(visitor.page.locator("unknot-bodymap.ready")).to_have_count(0)
    expect(visitor.page.locator("unknot-bodymap [data-places] li")).to_have_count(0)
