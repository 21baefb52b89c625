"""Choosing, proving, reviewing and planning: with the keys alone, and where no script runs."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.appointments import MONDAY_TEN, an_appointment
from tests.browser.conftest import Clock
from tests.browser.test_credential_pages import a_scan
from tests.browser.test_keyboard_only import Keys
from tests.browser.visitor import MONDAY, Visitor, give_checkin
from tests.cast import NOW, Cast
from tests.checkins import a_completed_checkin
from tests.reviews import attended
from unknot.journey.choose.actions import reviews
from unknot.journey.choose.models import Credential, CredentialDocument, Therapist
from unknot.journey.prepare.models import SessionPlan

type_of_person = Callable[[], Visitor]


class Plain(Visitor):
    """Somebody whose browser runs no script."""


@pytest.fixture(params=["keys", "plain"])
def person(
    request: pytest.FixtureRequest, open_page: Callable[..., Page], people: Cast
) -> type_of_person:
    """Another person without a mouse, or another person without script."""
    if request.param == "keys":
        return lambda: Keys(open_page(width=1280))
    return lambda: Plain(open_page(width=390, height=844, java_script_enabled=False))


def sign_in(one: Visitor, name: str) -> Visitor:
    """Sign in as one of the cast, with whatever this person has for typing."""
    one.go("/accounts/login/").fill("login", f"{name}@example.org")
    return one.fill("password", "knot-and-thread-42").press("Sign in")


def attach(one: Visitor) -> None:
    """Choose a picture: the keys open the window in which files are chosen."""
    if not isinstance(one, Keys):
        one.page.set_input_files("[name=file]", a_scan())
        return
    one.to_field("file")
    with one.page.expect_file_chooser() as chooser:
        one.page.keyboard.press("Enter")
    chooser.value.set_files(a_scan())


def test_from_the_result_to_the_times(
    person: type_of_person, people: Cast, live_server: LiveServer
) -> None:
    Therapist.objects.filter(pk=people.theo.pk).update(languages=["de"])
    ana = person()
    checkin = a_completed_checkin(None, practice=people.practice, medicines=["anticoagulant"])
    give_checkin(ana.page, live_server, checkin)
    ana.go("/check-in/result/").press("See what may help").at("What may help you")
    expect(ana.main.locator('a[href*="technique=deep_tissue"]')).to_have_count(0)
    ana.press(re.compile(r"^All about it ?: Swedish")).at(re.compile("^Swedish"))
    ana.press("Find a therapist").at("Choose a therapist")
    cards = ana.main.locator(".cards > li")
    expect(cards).to_have_count(2)
    if ana.main.locator(".more-filters[open]").count() == 0:
        ana.open("More filters")
    ana.select("language", "en")
    if isinstance(ana, Plain):
        ana.press("Show these")
    expect(cards).to_have_count(1)
    assert "language=en" in ana.page.url
    assert "technique=swedish" in ana.page.url
    ana.press("Tess").at("Tess")
    expect(ana.main).to_contain_text("Not offered to you")  # deep tissue, with its reason
    ana.press(re.compile("^See times with Tess: Swedish")).at("Pick a time")
    expect(ana.main.get_by_role("button", name=re.compile("March")).first).to_be_visible()


def test_a_credential_is_proved_and_checked(person: type_of_person, people: Cast) -> None:
    tess = sign_in(person(), "tess").go("/practice/credentials/")
    tess.fill("title", "Massage licence").fill("number", "MT-12").fill("jurisdiction", "US-CO")
    tess.press("Add the credential")
    tess.press(re.compile("^Change, or add documents"))
    attach(tess)
    tess.press("Add the document")
    expect(tess.main).to_contain_text("Kept, written anew without hidden data.")
    assert CredentialDocument.objects.get().credential.therapist == people.tess
    paz = sign_in(person(), "paz").go("/practice/team/")
    paz.press(re.compile("^Check Tess, Massage licence"))
    paz.choose("method", "register").fill("source", "The board of Colorado")
    paz.choose("matched", "number").choose("matched", "name").select("status", "active")
    paz.choose("discipline", "none").press("Record the check").at("Team credentials")
    expect(paz.main).to_contain_text("Active on the register, checked 27 March 2026")
    assert Credential.objects.get().checked_by == people.paz


def test_a_session_is_reviewed_and_answered(
    person: type_of_person, people: Cast, clock: Clock
) -> None:
    visit = attended(people)
    clock.move(visit.end + timedelta(hours=25))
    ana = sign_in(person(), "ana").go(f"/appointments/{visit.key}/").press("Write a review")
    for question in ("listening", "pressure_respected", "boundaries_respected", "overall"):
        ana.choose(question, 4)
    ana.fill("text", "Asked before each change.").press("Send my review").at("Appointments")
    clock.move(NOW)
    assert reviews.publish_reviews(NOW) == 1
    tess = sign_in(person(), "tess").go("/practice/reviews/").at("Your reviews")
    tess.press(re.compile("^Answer")).at("Answer a review")
    tess.fill("text", "Thank you.").press("Publish the answer").at("Your reviews")
    ana.go("/therapists/tess/").at("Tess")
    expect(ana.main).to_contain_text("Asked before each change.")
    expect(ana.main).to_contain_text("Thank you.")


def test_a_plan_is_changed(person: type_of_person, people: Cast, clock: Clock) -> None:
    an_appointment(people)
    clock.move(MONDAY_TEN - timedelta(minutes=20))
    tess = sign_in(person(), "tess").at(MONDAY)
    tess.press(re.compile("^Briefing")).at("Ana").press("Change the plan")
    places = [tess.page.locator(f"[name=part-{n}-region]") for n in (1, 2)]
    before = [place.input_value() for place in places]
    tess.press(re.compile(r"^Later ?: step 2"))
    assert [place.input_value() for place in places] == before[::-1]
    tess.fill("part-1-minutes", 5).fill("part-1-note", "slowly").press("Save the plan")
    tess.press("Back to the briefing").at("Ana")
    expect(tess.main).to_contain_text("Your plan")
    expect(tess.main).to_contain_text("slowly")
    part = SessionPlan.objects.get().parts.get(position=2)
    assert (part.region, part.minutes) == (before[1], 5)
