"""Mails, alerts and the days around a session on real pages, by phone and on a wide screen."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.appointments import an_appointment
from tests.browser.conftest import Clock
from tests.browser.visitor import MONDAY, Visitor
from tests.cast import Cast, at
from tests.reviews import attended
from unknot.people.models import Message, MessageState

type_of_axe = Callable[[Page], None]


def test_areas_changed_an_hour_before_show_on_the_therapists_card(
    phone: Page, desktop: Page, axe: type_of_axe, people: Cast, clock: Clock
) -> None:
    visit = an_appointment(people)
    clock.move(at(9, days=3))
    tess = Visitor(desktop, axe).sign_in("tess").at(MONDAY)
    expect(tess.main).not_to_contain_text("Wishes changed")
    ana = Visitor(phone, axe).sign_in("ana").go(f"/appointments/{visit.key}/prepare/")
    ana.page.locator("label:has(input[name=focus][value=neck])").click()
    ana.press("Save my wishes").look("prepare-changed")
    tess.go("/practice/day/").at(MONDAY).look("day-changed")
    expect(tess.main).to_contain_text("Wishes changed")
    tess.press(re.compile("^Briefing")).at("Ana").look("briefing-changed")
    expect(tess.main.get_by_role("region", name="Changed shortly before")).to_contain_text("Neck")
    tess.go("/practice/alerts/").at("Alerts").look("alerts")
    tess.press(re.compile("^I take it")).at("Ana")
    tess.go("/practice/alerts/").look("alerts-none")
    expect(tess.main).to_contain_text("Nothing waits for you")


def test_a_red_flag_a_day_after_is_answered_at_once_and_reaches_the_practice(
    phone: Page, desktop: Page, axe: type_of_axe, people: Cast
) -> None:
    session = attended(people, days=-1, hour=9)
    ana = Visitor(phone, axe).sign_in("ana").go(f"/appointments/{session.key}/after-care/")
    ana.at("After your session").look("after-care")
    ana.press("How has it been since?").at("How has it been since?").look("after")
    ana.choose("soreness", 4)
    ana.page.locator("label:has(input[name=events][value=neck_severe])").click()
    ana.press("Save").at("Get medical help now").look("after-told")
    paz = Visitor(desktop, axe).sign_in("paz").go("/practice/alerts/").look("alerts-manager")
    expect(paz.main).to_contain_text("An answer after a session has to be looked at")
    paz.press(re.compile("^I take it"))
    expect(paz.main).to_contain_text("Ana")


def test_each_mail_shows_its_state_and_a_person_sends_it_again(
    desktop: Page, phone: Page, axe: type_of_axe, people: Cast
) -> None:
    an_appointment(people)
    first = Message.objects.order_by("pk")[0]
    Message.objects.filter(pk=first.pk).update(state=MessageState.UNKNOWN)
    paz = Visitor(desktop, axe).sign_in("paz").go("/practice/mails/").at("Mails").look("mails")
    paz.press(re.compile("^Send it again")).look("mails-again")
    finn = Visitor(phone, axe).sign_in("finn").go("/practice/mails/?state=failed")
    finn.at("Mails").look("mails-empty")
    expect(finn.main).to_contain_text("No mail here")


def test_somebody_stops_a_kind_of_mail_and_wants_them_discreet(
    phone: Page, axe: type_of_axe, people: Cast
) -> None:
    ana = Visitor(phone, axe).sign_in("ana").go("/account/").look("account-mails")
    ana.page.get_by_label("Reminders before an appointment").uncheck()
    ana.page.get_by_label("Only that there is something new").check()
    ana.page.locator("section[aria-labelledby=mails]").get_by_role("button", name="Save").click()
    expect(ana.page.get_by_label("Reminders before an appointment")).not_to_be_checked()
    expect(ana.page.get_by_label("Only that there is something new")).to_be_checked()
