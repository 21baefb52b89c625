"""The weekly and the outcome questions on real pages: what is open, what is said afterwards."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor
from tests.cast import NOW, Cast
from tests.checkins import a_completed_checkin

PHQ4 = ("gad_1", "gad_2", "phq_1", "phq_2")


@pytest.mark.parametrize("kind", ["phone", "desktop"])
def test_the_week_and_the_look_back_are_answered_and_wait_again(
    request: pytest.FixtureRequest, axe: Callable[[Page], None], people: Cast, kind: str
) -> None:
    a_completed_checkin(
        people.ana,
        practice=people.practice,
        marks={"lumbar_l": 7},
        activities=["tie my shoes", "sit through a film"],
        now=NOW - timedelta(weeks=4),
    )
    ana = Visitor(request.getfixturevalue(kind), axe).sign_in("ana").go("/progress/")
    ana.at("Your progress").look("due-progress")
    ana.press("Answer this week").at("How was this week?").look("due-weekly")
    expect(ana.main).to_contain_text("How hard is it today to: sit through a film?")
    ana.press("Save this week").at("How was this week?").look("due-weekly-empty")
    ana.choose("anything_new", "unsure").choose("peg-peg_p", 7)
    for item in PHQ4:
        ana.choose(f"phq4-{item}", 3)
    ana.press("Save this week").at("Your answers").look("due-answered-help")
    expect(ana.main).to_contain_text("Not scored, because 2 answers are missing")
    expect(ana.main).to_contain_text("If you need help now")
    expect(ana.main.get_by_role("link", name="Start the full check-in")).to_be_visible()
    ana.press("See your progress").press("Look back").at("How are you after 4 weeks?")
    ana.look("due-outcome")
    expect(ana.main).to_contain_text("Patient Health Questionnaire-4 is not asked")
    ana.tick("none_of_them").choose("change_global-change_1", 2).press("Save my answers")
    ana.at("Your answers").look("due-answered-outcome")
    ana.press("See your progress").look("due-progress-after")
    expect(ana.main).to_contain_text("The next weekly questions are due from Friday 3 April.")
    ana.go("/outcome/").at("How are you after 4 weeks?").look("due-outcome-again")


def test_pages_that_are_not_due_say_from_when(
    phone: Page, axe: Callable[[Page], None], people: Cast
) -> None:
    ana = Visitor(phone, axe).sign_in("ana").go("/outcome/").at("Looking back").look("no-start")
    expect(ana.main).to_contain_text("Nothing to look back on yet")
    a_completed_checkin(people.ana, practice=people.practice, now=NOW - timedelta(days=3))
    ana.go("/outcome/").look("outcome-not-due")
    expect(ana.main).to_contain_text("Not due yet: from 21 April")
