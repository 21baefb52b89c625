"""The whole path once, on real pages with a real database, by phone and by desktop.

A new person checks in, chooses, books and prepares; their therapist reads, records, signs and
amends; the person follows up; somebody else is stopped, and the manager ends the stop.
"""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Clock
from tests.browser.visitor import (
    MONDAY,
    Visitor,
    answer_health,
    answer_the_checkin,
    book_monday_at_ten,
    two_marks,
    wish,
)
from tests.cast import Cast, at
from unknot.journey.choose.actions import reviews
from unknot.journey.choose.models import Service
from unknot.people.models import Client

BOOKING = 'a[href*="/book/"], a[href*="/techniques/"], a[href*="/therapists/"]'


@pytest.fixture(params=[(390, "light"), (1280, "dark")], ids=["phone", "desktop"])
def visitor(
    request: pytest.FixtureRequest,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    people: Cast,
) -> Callable[[], Visitor]:
    """Another person with their own browser, each with the same kind of device."""
    width, scheme = request.param
    device = {"width": width, "height": 844, "has_touch": width < 600, "color_scheme": scheme}
    return lambda: Visitor(open_page(**device), axe)


def test_all_nine_steps(visitor: Callable[[], Visitor], people: Cast, clock: Clock) -> None:
    ana = visitor()
    understands(ana)
    appointment = chooses_and_books(ana)
    prepares(ana)

    clock.move(at(9, 40, days=3))
    is_asked(ana)
    clock.move(at(9, 45, days=3))
    tess = visitor()
    reads_the_day(tess, appointment)
    clock.move(at(11, 5, days=3))
    records(tess)

    follows(ana, appointment)

    stopped, paz = visitor(), visitor()
    is_stopped(stopped)
    ends_the_stop(paz)
    may_book_again(stopped)

    clock.move(at(9, days=5))
    says_how_it_was(ana, appointment)
    clock.move(at(9, days=9))
    reads_what_was_said(ana, tess, at(9, days=9))


def understands(person: Visitor) -> None:
    """1 and 2: the check-in, with one answer that changes how the massage is done."""
    answer_the_checkin(person, mark=two_marks, conditions=("diabetes",))
    person.at("You can book, with care").look("result-care")
    expect(person.main).to_contain_text("Done with a change:")


def chooses_and_books(person: Visitor) -> str:
    """3 to 5: a technique, a therapist, a time, an account; the address of the appointment."""
    book_monday_at_ten(person, look=person.look)
    address = person.page.url
    assert Client.objects.get(name="Nora Lind").user.email == "nora@example.org"
    person.go("/appointments/").look("appointments").go(address)
    return address


def prepares(person: Visitor) -> None:
    """6: what to know, what to wish; a calendar file that says nothing about health."""
    person.press("Prepare for it").at(re.compile(MONDAY)).look("prepare")
    person.fill("to_tell", "Please speak slowly.").choose("music", "no").press("Save my wishes")
    expect(person.main).to_contain_text("Saved. Your therapist sees it before you arrive.")
    with person.page.expect_download() as download:
        person.main.get_by_role("link", name="Add to my calendar").click()
    written = download.value.path().read_text()
    assert "DTSTART" in written
    assert not re.search(r"massage|pain|neck|diabetes", written, re.IGNORECASE)


def is_asked(person: Visitor) -> None:
    """6: the one question before every session, left for the therapist to read aloud."""
    person.go("/appointments/").look("appointments-asked").press("One question before you come")
    person.at(re.compile(MONDAY)).look("prepare-asked")
    expect(person.main.get_by_role("button", name="I am not sure")).to_be_visible()


def reads_the_day(person: Visitor, appointment: str) -> None:
    """9: the therapist's day, with the one who comes next."""
    person.sign_in("tess").at(MONDAY).look("day")
    expect(person.main).to_contain_text("Nora Lind")
    person.press(re.compile("^Is here")).at(MONDAY)
    person.press(re.compile("^Briefing")).at("Nora").look("briefing")
    expect(person.main).to_contain_text("Please speak slowly.")
    expect(person.main).to_contain_text("This client does not share mind scores.")


def records(person: Visitor) -> None:
    """7: the record with marks, rows and ratings; signed; amended."""
    page = person.page
    person.press("Open the session record").at("Nora Lind").look("record-before")
    person.press("They say: nothing new").at("Nora Lind").look("record")
    person.fill("subjective", "Tight on the left").fill("objective", "Firm, two tender spots")
    person.fill("assessment", "Fits long desk days").fill("plan", "Again in ten days")
    for name, value in (("pain_before", 6), ("pain_after", 4), ("tension_before", 7)):
        person.choose(name, value)
    for number, region in enumerate(("cervical_l", "upper_trap_l")):
        page.locator(f"[name=row-{number}-region]").select_option(region)
        page.locator(f"[name=row-{number}-technique]").select_option("swedish")
        person.fill(f"row-{number}-minutes", 25)
        page.locator(f"[name=row-{number}-pressure]").select_option("3")
    person.mark("upper_trap_l", 6)
    person.press("Save draft").at("Nora Lind")
    expect(person.main).to_contain_text("Only you see a record that is not signed.")
    person.press("Sign and lock")
    expect(person.main).to_contain_text("Say that you have read it through.")
    person.look("record-refused").choose("confirm", "yes").press("Sign and lock")
    expect(person.main).to_contain_text("Signed. The record stays as it is now.")
    assert person.main.get_by_role("button", name="Save draft").count() == 0
    person.look("record-signed")
    person.fill("text", "She called: no soreness.").press("Add to the record")
    expect(person.main).to_contain_text("She called: no soreness.")
    person.look("record-amended")


def follows(person: Visitor, appointment: str) -> None:
    """8: today, this week, the two strands."""
    person.go("/daily/").at("How are you today?").look("daily")
    person.choose("pain", 4).choose("stress", 5).choose("sleep", 6).press("Save today")
    person.at("Your progress").look("progress")
    expect(person.main).to_contain_text("1 session")
    person.press("Answer this week").at("How was this week?").look("weekly")
    for item in ("peg_p", "peg_e", "peg_g"):
        person.choose(f"peg-{item}", 4)
    person.press("Save this week").at("Your answers").look("answered")
    person.press("See your progress").at("Your progress")
    expect(person.main).to_contain_text("We cannot tell yet")
    person.go("/account/").look("account")


def says_how_it_was(person: Visitor, appointment: str) -> None:
    """8: a review of the session that took place; nobody else reads it yet."""
    person.go(appointment).press("Write a review").look("review")
    for question in ("listening", "pressure_respected", "boundaries_respected"):
        person.choose(question, 5)
    person.press("Send my review")
    expect(person.main).to_contain_text("Choose an answer.")
    person.look("review-refused").choose("overall", 5).fill("text", "Asked before each change.")
    person.press("Send my review").at("Appointments")
    expect(person.main).to_contain_text("appears in three to four days")
    person.go("/therapists/tess/").at("Tess")
    expect(person.main).to_contain_text("No reviews yet")


def reads_what_was_said(person: Visitor, therapist: Visitor, now: datetime) -> None:
    """8: some days later everybody reads it, and the therapist answers."""
    assert reviews.publish_reviews(now) == 1
    therapist.go("/practice/reviews/").at("Your reviews").look("reviews")
    therapist.press(re.compile("^Answer")).at("Answer a review").look("answer")
    therapist.fill("text", "Thank you.").press("Publish the answer").at("Your reviews")
    person.go("/therapists/tess/").at("Tess").look("therapist")
    expect(person.main).to_contain_text("1 verified review")
    expect(person.main).to_contain_text("Asked before each change.")
    expect(person.main).to_contain_text("Thank you.")
    person.go("/reviews/decisions/").at("Decisions about reviews").look("decisions")


def is_stopped(person: Visitor) -> None:
    """2: a red flag; one first action, the words to say, and no way on to a time."""
    answer_the_checkin(person, mark=two_marks, flags=("rf_stroke",))
    person.at(re.compile("Stop|doctor")).look("stop")
    first = person.main.locator("a, button, input, select, textarea, summary").first
    assert first.get_attribute("href") == "tel:112"
    before_the_reasons = person.main.locator("h1 ~ .row").locator("a, button")
    assert before_the_reasons.count() == 1
    assert person.main.locator("a.button:not(.secondary), button:not(.secondary)").count() == 1
    assert person.main.locator(BOOKING).count() == 0
    person.go("/techniques/")
    assert person.main.locator('a[href*="/book/"]').count() == 0
    person.go("/therapists/")
    assert person.main.locator('a[href*="/book/"]').count() == 0
    for address in person_books_by_address(person):
        person.go(address)
        expect(person.main.get_by_role("button", name=re.compile("10:00"))).to_have_count(0)
    person.go("/check-in/result/").fill("name", "Kim Hall").fill("phone", "+49 30 5550 0155")
    person.press("Ask for a call")
    expect(person.main).to_contain_text("The practice has your number and will call you.")


def person_books_by_address(person: Visitor) -> list[str]:
    """The addresses of the times of all therapists of the practice, typed by hand."""
    services = Service.objects.filter(practice__slug="lindenweg")
    return [f"/book/{one.slug}/{row.pk}/" for row in services for one in row.therapists.all()]


def ends_the_stop(person: Visitor) -> None:
    """9: the manager calls and records what the clinician said."""
    person.sign_in("paz").at("Call-backs").look("call-backs")
    person.press("I have called Kim Hall").at("Call-backs")
    person.press("Open Kim Hall").at("Kim Hall").look("call-back")
    person.press("Record and end the stop")
    expect(person.main).to_contain_text("Write which clinician said so.")
    person.fill("clinician", "Dr Weber, family doctor").write_day("said_on", 30, 3, 2026)
    person.fill("statement", "Examined today. Massage is fine.").choose("covers", "rf_stroke")
    person.press("Record and end the stop").at("Call-backs")
    expect(person.main).to_contain_text("Recorded. The stop has ended")
    person.go("/practice/day/").look("desk-day")
    person.go("/practice/settings/").look("settings")


def may_book_again(person: Visitor) -> None:
    """The stop has ended: the same answers now lead on to a time."""
    person.go("/check-in/result/")
    answer_health(person)
    wish(person)
    person.at(re.compile("You can book")).look("result-cleared")
    person.press("See what may help").at("What may help you")
    person.press(re.compile("Find a therapist for Swedish"))
    person.press(re.compile("See times with Theo"))
    expect(person.main.get_by_role("button", name=re.compile("March")).first).to_be_visible()
