"""What goes wrong in real life: going back, two tabs, lost sessions, double presses, late forms."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.appointments import MONDAY_TEN, an_appointment
from tests.browser.conftest import Clock
from tests.browser.visitor import Visitor, give_checkin, give_session
from tests.cast import NOW, Cast
from tests.checkins import a_checkin, a_completed_checkin
from unknot.journey.book.models import Appointment, Status
from unknot.journey.understand import reads
from unknot.journey.understand.models import CheckIn, SafetyStop

LATER = NOW + timedelta(minutes=11)
TEN_MEGABYTES = 10 * 1024 * 1024


@pytest.fixture
def visitor(phone: Page, people: Cast) -> Visitor:
    """Somebody with a phone, whom nobody knows yet."""
    return Visitor(phone)


@pytest.fixture
def ana(phone: Page, people: Cast, live_server: LiveServer) -> Visitor:
    """Ana, signed in, with a completed check-in."""
    a_completed_checkin(people.ana, practice=people.practice)
    browser = Browser()
    browser.force_login(people.user("ana"))
    give_session(phone, live_server, browser.cookies["sessionid"].value)
    return Visitor(phone)


def hold_monday_at_ten(person: Visitor, people: Cast) -> None:
    """Press the time of Monday at ten with Tess."""
    person.go(f"/book/tess/{people.swedish.pk}/?week=2026-03-30&day=2026-03-30")
    person.press(re.compile("^Monday 30 March.* 10:00")).at("Book this time")


def test_going_back_keeps_what_was_answered(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/check-in/").choose("practice", "lindenweg").choose("adult", "yes").tick("agree")
    visitor.press("Start the check-in").mark("upper_trap_l", 7).press("Continue")
    visitor.choose("sides", "yes").choose("quality-upper_trap_l", "burning").press("Continue")
    visitor.at("The story so far").choose("course", "waves").press("Continue")
    visitor.at("Your everyday").choose("gcps_r-peg_p", 6).press("Continue")
    visitor.at("How is your mind?")
    page.go_back()
    visitor.at("Your everyday")
    expect(page.locator("[name=gcps_r-peg_p][value='6']")).to_be_checked()
    visitor.press("Back to the step before").at("The story so far")
    expect(page.locator("[name=course][value=waves]")).to_be_checked()
    visitor.press("Back to the step before").at("What is it like there?")
    expect(page.locator("[name=quality-upper_trap_l][value=burning]")).to_be_checked()
    visitor.press("Back to the step before").at("Where does it hurt?")
    expect(visitor.main.locator("[data-places]")).to_contain_text("Top of shoulder, left")
    visitor.press("Continue").at("What is it like there?").press("Continue")
    visitor.at("The story so far").press("Continue").at("Your everyday")
    visitor.press("Continue").at("How is your mind?")
    assert reads.marks_of(CheckIn.objects.get()) == {"upper_trap_l": 7}


def test_a_second_tab_cannot_answer_a_stop_away(
    visitor: Visitor, people: Cast, live_server: LiveServer
) -> None:
    checkin = a_checkin(practice=people.practice)
    give_checkin(visitor.page, live_server, checkin)
    second = Visitor(visitor.page.context.new_page())
    second.go("/check-in/safety/")
    visitor.go("/check-in/safety/").choose("rf_stroke", "yes").press("Continue")
    visitor.at("Stop. Get medical help now.")
    visitor.go("/check-in/wishes/").at("Stop. Get medical help now.")
    second.choose("rf_stroke", "no").press("Continue").at("Stop. Get medical help now.")
    expect(second.main.get_by_role("status").first).not_to_be_empty()
    assert SafetyStop.objects.get().ended_at is None


def test_a_lost_session_says_so_and_starts_again(visitor: Visitor) -> None:
    visitor.go("/check-in/").choose("practice", "lindenweg").choose("adult", "yes").tick("agree")
    visitor.press("Start the check-in").mark("upper_trap_l", 7)
    visitor.page.context.clear_cookies(name="sessionid")
    visitor.press("Continue").at("Before we begin")
    expect(visitor.main.get_by_role("status")).to_contain_text("check-in")
    visitor.page.context.clear_cookies()
    visitor.go("/check-in/story/").at("Before we begin")
    expect(visitor.main.get_by_role("status")).to_contain_text("check-in")


def test_pressing_twice_books_once(ana: Visitor, people: Cast) -> None:
    hold_monday_at_ten(ana, people)
    ana.fill("name", "Ana")
    ana.main.get_by_role("button", name="Book this time").dblclick(no_wait_after=True)
    # The second press ends the first one's navigation, so wait for the page and not for that.
    expect(ana.page).to_have_url(re.compile("/appointments/"), timeout=20_000)
    ana.at("Monday 30 March, 10:00 to 11:00")
    ana.page.go_back()
    ana.page.wait_for_load_state()
    assert list(Appointment.objects.values_list("status", flat=True)) == [Status.CONFIRMED]


def test_two_tabs_book_once(ana: Visitor, people: Cast) -> None:
    hold_monday_at_ten(ana, people)
    second = Visitor(ana.page.context.new_page())
    second.go(ana.page.url)
    for tab in (ana, second):
        tab.fill("name", "Ana").press("Book this time").at("Monday 30 March, 10:00 to 11:00")
    assert list(Appointment.objects.values_list("status", flat=True)) == [Status.CONFIRMED]


def test_an_expired_hold_is_held_again_when_it_is_still_free(
    ana: Visitor, people: Cast, clock: Clock
) -> None:
    hold_monday_at_ten(ana, people)
    ana.fill("name", "Ana").fill("note", "The stairs are hard for me.")
    clock.move(LATER)
    ana.press("Book this time").at("Book this time")
    expect(ana.main.get_by_role("alert")).to_contain_text("It was still free")
    expect(ana.page.locator("[name=note]")).to_have_value("The stairs are hard for me.")
    ana.press("Book this time").at("Monday 30 March, 10:00 to 11:00")


def test_an_expired_hold_that_is_gone_says_so_and_offers_the_times(
    ana: Visitor, people: Cast, clock: Clock
) -> None:
    hold_monday_at_ten(ana, people)
    ana.fill("name", "Ana")
    clock.move(LATER)
    an_appointment(people, client=people.ben, start=MONDAY_TEN, now=LATER)
    ana.press("Book this time").at("Pick a time")
    expect(ana.main.get_by_role("alert")).to_be_visible()
    expect(ana.main.get_by_role("button", name=re.compile("Monday.* 10:00"))).to_have_count(0)
    # one of the three other times, and in the week
    expect(ana.main.get_by_role("button", name=re.compile("Monday.* 11:15"))).to_have_count(2)


def test_ten_megabytes_get_a_sentence(
    visitor: Visitor, people: Cast, live_server: LiveServer
) -> None:
    give_checkin(visitor.page, live_server, a_checkin(practice=people.practice))
    visitor.go("/check-in/wishes/")
    visitor.page.evaluate(
        """size => {
            const field = document.createElement('input');
            Object.assign(field, { type: 'hidden', name: 'more', value: 'x'.repeat(size) });
            document.getElementById('answers').append(field);
        }""",
        TEN_MEGABYTES,
    )
    visitor.press("See your result").at("This is too much at once")
    expect(visitor.main).to_contain_text("nothing was saved")
    assert CheckIn.objects.get().completed_at is None


@pytest.mark.parametrize("width", [390, 1280])
def test_a_wrong_answer_keeps_the_others(
    open_page: Callable[..., Page], people: Cast, live_server: LiveServer, width: int
) -> None:
    page = open_page(width=width)
    give_checkin(page, live_server, a_checkin(practice=people.practice))
    person = Visitor(page).go("/check-in/story/")
    person.write_day("onset_on", 31, 2, 2026).choose("course", "worse").press("Continue")
    expect(page.get_by_role("alert")).to_contain_text("This day does not exist in that month.")
    expect(page.locator("[name=course][value=worse]")).to_be_checked()
    expect(page.locator("[name=onset_on_day]")).to_have_value("31")
