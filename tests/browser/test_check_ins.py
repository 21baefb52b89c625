"""The five ratings on a phone: of the day, right before a session, and after one."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.appointments import an_appointment
from tests.browser.visitor import Visitor
from tests.cast import NOW, Cast, at
from tests.reviews import attended
from unknot.journey.follow.models import DailyCheckIn, DoorCheckIn

type_of_axe = Callable[[Page], None]
RATINGS = ("pain", "stiffness", "stress", "sleep", "mood")


def test_five_taps_answer_a_day(phone: Page, axe: type_of_axe, people: Cast) -> None:
    ana = Visitor(phone, axe).sign_in("ana").go("/daily/").at("How are you today?").look("daily")
    for number, name in enumerate(RATINGS):
        ana.choose(name, number)
    ana.press("Save today").at("Your progress")
    day = DailyCheckIn.objects.get()
    assert [getattr(day, name) for name in RATINGS] == [0, 1, 2, 3, 4]
    assert day.painkillers is None
    ana.go("/daily/").look("daily-again")


def test_right_before_a_session_the_appointment_asks_how_one_is(
    phone: Page, axe: type_of_axe, people: Cast
) -> None:
    visit = an_appointment(people, start=at(10), now=NOW - timedelta(days=7))
    ana = Visitor(phone, axe).sign_in("ana").go(f"/appointments/{visit.key}/").look("door-offered")
    ana.press("How are you right now?").at("How are you right now?").look("door")
    ana.choose("pain", 6)
    ana.page.locator("label:has(input[name=painkillers][value=no])").click()
    ana.press("Save").look("door-saved")
    expect(ana.main).to_contain_text("Have a good session")
    kept = DoorCheckIn.objects.get()
    assert (kept.pain, kept.painkillers, kept.appointment_id) == (6, False, visit.pk)


def test_a_day_after_the_day_is_answered_in_the_same_form(
    desktop: Page, axe: type_of_axe, people: Cast
) -> None:
    session = attended(people, days=-1, hour=9)
    ana = Visitor(desktop, axe).sign_in("ana").go(f"/appointments/{session.key}/after/24/")
    ana.at("How has it been since?").look("after-with-day")
    ana.choose("soreness", 4)
    ana.choose("mood", 7)
    ana.press("Save").look("after-with-day-saved")
    assert DailyCheckIn.objects.get().mood == 7
