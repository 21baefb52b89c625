"""The routine on real pages: planned, put into the calendar, done at home; looked at closely."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.appointments import an_appointment
from tests.browser.conftest import COLOURS
from tests.browser.test_each_page import SETTLED
from tests.browser.test_preparation_pages import become
from tests.browser.visitor import NARROWEST, Visitor
from tests.cast import NOW, TODAY, Cast, at
from tests.checkins import a_completed_checkin
from tests.reviews import attended
from unknot.interfaces.checkins.daily_csv import DayRow
from unknot.journey.follow.actions import check_ins, routines
from unknot.journey.follow.actions.routines import Wanted
from unknot.people.actions import agree
from unknot.people.models import Purpose

ENOUGH = 800  # letters of what is wrong with one page
PAGE = reverse("follow:routine")


def addresses(cast: Cast) -> Iterator[tuple[str, str, str]]:
    """Who opens which page, filled; each is prepared when it is its turn."""
    ana, tess = cast.user("ana"), cast.ana.key
    yield "none", "ana", PAGE
    yield "edit", "ana", reverse("follow:routine-edit")
    attended(cast, days=-70)
    an_appointment(cast, start=at(12, days=3), now=NOW)
    for purpose in Purpose:
        agree(ana, cast.ana, purpose, now=NOW)
    a_plan(cast)
    chosen = ["move_gently", "warm_shower"]
    routines.choose_home(ana, cast.ana, chosen, now=NOW)
    for back in range(5):
        then = NOW - timedelta(days=back)
        routines.say_home(ana, cast.ana, "move_gently", done=back != 2, now=then)
    yield "full", "ana", PAGE
    yield "therapist", "tess", reverse("follow:client-routine", args=[tess])
    yield "home", "ana", reverse("follow:home-plan")
    yield "therapist-edit", "tess", reverse("follow:client-routine-edit", args=[tess])
    a_completed_checkin(cast.ana, practice=cast.practice, phq4=(3, 3, 3, 3), now=NOW)
    routines.change_state(ana, cast.ana, "paused", now=NOW)
    yield "paused", "ana", PAGE
    rows = [
        DayRow(line=n, day=TODAY - timedelta(days=back), pain=pain, stress=3, sleep=6)
        for n, (back, pain) in enumerate([(60, 6), (59, 7), (58, 6), *((n, 0) for n in range(9))])
    ]
    check_ins.import_days(cast.ana, rows, file_name="days.csv", actor=None, now=NOW)
    yield "recovered", "ana", PAGE
    routines.settle_invitations(cast.ana, now=NOW)
    yield "not-invited", "ana", reverse("book:appointments")
    later = NOW + timedelta(minutes=5)
    flags = ["rf_neuro_progressive"]
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=flags, now=later)
    yield "stop", "ana", PAGE


def a_plan(cast: Cast) -> None:
    wanted = Wanted(every_weeks=1, kinds=("swedish-60",), budget_minor=20000, starts_on=TODAY)
    routines.save_routine(cast.user("ana"), cast.ana, wanted, now=NOW)


@pytest.mark.parametrize("width", [NARROWEST, 390, 1280])
def test_nothing_for_axe_to_find_and_nothing_wider_than_the_window(
    open_page: Callable[..., Page],
    axe: Callable[..., None],
    people: Cast,
    live_server: LiveServer,
    width: int,
) -> None:
    page = open_page(width=width, color_scheme="light")
    faults = []
    for name, person, address in addresses(people):
        become(page, live_server, people, person).go(address)
        try:
            Visitor(page, axe).look(f"routine-{name}")
            page.emulate_media(color_scheme="dark")
            page.evaluate(SETTLED)
            axe(page, rules=COLOURS)  # only colours differ in the dark
        except AssertionError as fault:
            faults.append(f"{name}: {str(fault)[:ENOUGH]}")
        page.emulate_media(color_scheme="light")
    assert faults == [], "\n".join(faults)


def test_from_the_plan_to_its_series_and_one_press_a_day(
    phone: Page, axe: Callable[[Page], None], people: Cast
) -> None:
    an_appointment(people)
    ana = Visitor(phone, axe).sign_in("ana").go(PAGE).press("Make a plan").at("The plan")
    phone.get_by_label("How often?").select_option("2")
    phone.get_by_label("Budget a month").fill("100")
    ana.press("Save the plan").at("Your routine")
    expect(ana.main).to_contain_text("more than the budget of 100.00 EUR; every 4 weeks would fit")
    ana.press("See the times of a series").at("Repeat this appointment")
    ana.press("Book these times").at("Series of appointments")
    ana.go(PAGE)
    expect(ana.main).to_contain_text("A series is booked.")
    ana.press("Choose what to do between sessions").choose("items", "move_gently").press("Save")
    ana.press(re.compile("^Did it"))
    expect(ana.main).to_contain_text("done on 1, not done on 0")
    expect(ana.main.get_by_role("button", name=re.compile("^Did it"))).to_have_attribute(
        "aria-pressed", "true"
    )
    ana.press("Stop it")
    expect(ana.main).to_contain_text("stopped")
