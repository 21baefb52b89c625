"""The one question before a session on real pages: by phone, and in the room with the therapist."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.appointments import an_appointment
from tests.browser.conftest import Clock
from tests.browser.visitor import MONDAY, Visitor
from tests.cast import Cast, at


def test_the_client_taps_once_and_begins_anew_when_something_is_new(
    phone: Page, axe: Callable[[Page], None], people: Cast, clock: Clock
) -> None:
    an_appointment(people)
    clock.move(at(8, 40, days=3))
    ana = Visitor(phone, axe).sign_in("ana").go("/appointments/").look("recheck-appointments")
    ana.press("One question before you come").at(re.compile(MONDAY)).look("recheck-open")
    ana.press("No, nothing is new").at(re.compile(MONDAY)).look("recheck-thanks")
    expect(ana.main).to_contain_text("There is nothing else to answer.")
    ana.page.get_by_text("Something has changed since").click()
    ana.press("I am not sure").at("Before we begin").look("recheck-begins")
    expect(ana.page.locator("body")).to_contain_text("Because something may be new")
    ana.go("/appointments/").look("recheck-appointments-wait")
    ana.page.go_back()
    ana.go("/appointments/").press(re.compile("^" + MONDAY)).press("Prepare for it")
    ana.look("recheck-waits")
    expect(ana.main).to_contain_text("Please check in again before you come")


def test_the_therapist_reads_it_aloud_before_the_record_opens(
    desktop: Page, axe: Callable[[Page], None], people: Cast, clock: Clock
) -> None:
    visit = an_appointment(people)
    clock.move(at(9, 50, days=3))
    tess = Visitor(desktop, axe).sign_in("tess").at(MONDAY).look("recheck-day")
    expect(tess.main).to_contain_text("Not asked yet")
    tess.press(re.compile("^Briefing")).at("Ana").look("recheck-briefing")
    tess.press("Open the session record").at("Ana").look("recheck-before-record")
    tess.press("They say: nothing new").at("Ana")
    expect(tess.page.locator("[name=subjective]")).to_be_visible()
    tess.go(f"/appointments/{visit.key}/briefing/").look("recheck-briefing-asked")
    expect(tess.main).to_contain_text("Asked again: nothing new, 30 March 09:50, by Tess.")
    tess.page.get_by_text("Ask once more").click()
    tess.press("They say: yes").at("Ana").look("recheck-briefing-waits")
    expect(tess.main).to_contain_text("The session waits for the full check-in")
