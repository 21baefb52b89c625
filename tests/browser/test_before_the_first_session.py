"""What should get better first, and the questions that come twice, on real pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.appointments import a_hold
from tests.browser.test_preparation_pages import become
from tests.browser.visitor import Visitor
from tests.cast import NOW, Cast, at
from tests.checkins import a_completed_checkin
from unknot.journey.book.actions import booking
from unknot.people.actions import agree
from unknot.people.models import Purpose

BEFORE = NOW - timedelta(days=7)


@pytest.mark.parametrize("kind", ["phone", "desktop"])
def test_one_thing_is_chosen_and_the_questions_come_twice(
    request: pytest.FixtureRequest,
    axe: Callable[[Page], None],
    people: Cast,
    live_server: LiveServer,
    kind: str,
) -> None:
    checkin = a_completed_checkin(
        people.ana, practice=people.practice, marks={"lumbar_l": 7}, now=BEFORE
    )
    held = a_hold(people, checkin=checkin, start=at(11), now=BEFORE)
    visit = booking.confirm(people.user("ana"), people.ana, held, note="", now=BEFORE)
    for purpose in (Purpose.CARE, Purpose.SHARE_BODY, Purpose.SHARE_MIND):
        agree(people.user("ana"), people.ana, purpose, now=BEFORE)
    page = request.getfixturevalue(kind)
    ana = Visitor(page, axe).sign_in("ana").go(reverse("prepare:prepare", args=[visit.key]))
    ana.press("Choose what should get better first").at("What should get better first?")
    ana.look("aim").press("Save my choice").look("aim-empty")
    ana.choose("outcome", "stress").choose("worth", "clearly").press("Save my choice")
    ana.at("Your progress").look("aim-progress")
    expect(ana.main).to_contain_text("What should get better first: stress, clearly better.")
    ana.press("Answer before your first session").at("Before your first session")
    ana.look("before-first")
    ana.choose("peg-peg_p", 7).choose("peg-peg_e", 6).choose("peg-peg_g", 5)
    ana.press("Save my answers").at("Your answers").look("before-first-answered")
    expect(ana.main).to_contain_text("before your first session")
    ana.go(reverse("follow:before-first")).look("before-first-again")
    tess = become(page, live_server, people, "tess")
    tess.go(reverse("follow:aim-told", args=[visit.key]))
    Visitor(page, axe).look("aim-told")
    expect(page.locator("main")).to_contain_text("clearly better, about 1 of 10 points")
