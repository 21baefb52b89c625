"""From the suggestion to the plan, by light and dark, narrow and wide: every page as it differs."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.appointments import MONDAY_TEN, an_appointment
from tests.browser.conftest import Clock
from tests.browser.test_credential_pages import looked_at
from tests.browser.visitor import NARROWEST, Visitor, give_checkin
from tests.cast import Cast, a_service, at
from tests.checkins import a_completed_checkin
from tests.journey.choose.listing import a_credential, signed_sessions
from tests.reviews import attended, written
from unknot.journey.choose.models import Therapist

MARKS = {"lumbar_l": 7, "cervical_l": 6, "upper_trap_l": 4, "thigh_back_l": 3}
LONG = "Slow work on neck and shoulders, with a question before each change. " * 6 + "W" * 60
EVERY_FILTER = "/therapists/?technique=swedish&gender=woman&language=en&step_free=on&sort=price"
WRONG = "/therapists/?price=abc&postcode=00000&radius=20&technique=nothing&sort=distance"

type_of_visit = Callable[..., Visitor]


@pytest.fixture(params=[NARROWEST, 1280])
def visitor(
    request: pytest.FixtureRequest,
    open_page: Callable[..., Page],
    axe: Callable[..., None],
    people: Cast,
) -> type_of_visit:
    """Somebody with a page of their own, narrow or wide; signed in when a name is given."""

    def new(name: str = "") -> Visitor:
        one = Visitor(open_page(width=request.param, color_scheme="light"), axe)
        return one.sign_in(name) if name else one

    return new


def many_therapists(people: Cast) -> None:
    """Somebody of whom everything is known, and enough others for a second page of the list."""
    tess = people.tess
    Therapist.objects.filter(pk=tess.pk).update(
        about=LONG, gender="woman", areas=["neck", "shoulder"], languages=["en", "de", "pt"]
    )
    people.practice.location_set.update(step_free=True)
    a_credential(tess)
    a_credential(tess, kind="training", title="T" * 100, method="self", checked_on=None)
    signed_sessions(tess, 12, "swedish")
    for technique in ("thai", "hot_stone"):
        a_service(people.practice, technique, tess, people.theo, minutes=75)


def test_what_is_suggested_with_a_blood_thinner(
    visitor: type_of_visit, people: Cast, axe: Callable[..., None], live_server: LiveServer
) -> None:
    many_therapists(people)
    ana = visitor()
    checkin = a_completed_checkin(
        None, practice=people.practice, marks=MARKS, medicines=["anticoagulant"], stress=8, sleep=2
    )
    give_checkin(ana.page, live_server, checkin)
    ana.go("/techniques/").at("What may help you")
    expect(ana.main.locator("#left-out")).to_contain_text("Deep tissue massage")
    expect(ana.main.locator("#deep_tissue")).to_have_count(0)
    looked_at(ana, axe, "guided")
    for summary in ana.main.locator("summary").all():
        summary.click()
    looked_at(ana, axe, "guided-unfolded")
    for technique in ("thai", "deep_tissue"):
        ana.go(f"/techniques/{technique}/")
        looked_at(ana, axe, f"technique-{technique}")


def test_lists_of_therapists(
    visitor: type_of_visit, people: Cast, axe: Callable[..., None], live_server: LiveServer
) -> None:
    many_therapists(people)
    ana = visitor()
    ana.go("/therapists/").at("Choose a therapist")
    looked_at(ana, axe, "therapists-without-checkin")
    give_checkin(ana.page, live_server, a_completed_checkin(None, practice=people.practice))
    ana.go(EVERY_FILTER)
    expect(ana.main).to_contain_text("1 therapist")
    for chip in ana.main.locator(".chip").all():
        words = chip.inner_text().split()
        assert len(words) == len(set(words)), "a word stands twice"
    ana.main.locator("summary").last.click()
    looked_at(ana, axe, "therapists-filtered")
    ana.page.goto(WRONG)
    expect(ana.main.get_by_role("alert")).to_be_visible()
    looked_at(ana, axe, "therapists-wrong")
    ana.go("/therapists/?price=1")
    expect(ana.main).to_contain_text("Nobody fits all of this")
    looked_at(ana, axe, "therapists-none")
    ana.go("/therapists/tess/")
    looked_at(ana, axe, "therapist-without-reviews")


def test_a_plan_before_and_after_it_is_changed(
    visitor: type_of_visit, people: Cast, axe: Callable[..., None], clock: Clock
) -> None:
    visit = an_appointment(people)
    clock.move(MONDAY_TEN - timedelta(minutes=20))
    tess = visitor("tess")
    tess.go(f"/appointments/{visit.key}/plan/").at("Plan of the session")
    looked_at(tess, axe, "plan-proposed")
    tess.fill("part-1-minutes", 999).press("Save the plan")
    expect(tess.main.get_by_role("alert")).to_contain_text("Write the minutes, 1 to 240.")
    looked_at(tess, axe, "plan-refused")
    tess.fill("part-1-minutes", 5).fill("part-1-note", "W" * 60).press("Save the plan")
    tess.go(f"/appointments/{visit.key}/plan/")
    expect(tess.main).to_contain_text("Saved by Tess")
    looked_at(tess, axe, "plan-saved")
    tess.go(f"/appointments/{visit.key}/briefing/")
    expect(tess.main).to_contain_text("Your plan")
    looked_at(tess, axe, "briefing-with-plan")


def test_what_a_practice_says_of_itself(
    visitor: type_of_visit, people: Cast, axe: Callable[..., None]
) -> None:
    many_therapists(people)
    tess = visitor("tess").go("/practice/listing/").at("My listing")
    looked_at(tess, axe, "listing")
    tess.fill("name", "").press("Save the listing")
    expect(tess.main.get_by_role("alert")).to_be_visible()
    looked_at(tess, axe, "listing-refused")
    paz = visitor("paz").go("/practice/places/").at("Places")
    looked_at(paz, axe, "places")
    paz.press("Change Main room").fill("coordinates", "north").press("Save the place")
    expect(paz.main.get_by_role("alert")).to_be_visible()
    looked_at(paz, axe, "place-refused")
    paz.go("/practice/offer/")
    looked_at(paz, axe, "offer")


def test_a_review_that_can_no_longer_be_changed(
    visitor: type_of_visit, people: Cast, axe: Callable[..., None], clock: Clock
) -> None:
    visit, missed = attended(people), attended(people, hour=14)
    written(visit, text="W" * 80)
    clock.move(at(9, days=60))
    ana = visitor("ana").go(f"/appointments/{visit.key}/review/")
    expect(ana.main).to_contain_text("It could be changed until")
    looked_at(ana, axe, "review-closed")
    ana.page.goto(f"/appointments/{missed.key}/review/")
    expect(ana.main).to_contain_text("until")
    looked_at(ana, axe, "review-too-late")


def test_every_tab_stands_in_the_window(visitor: type_of_visit, people: Cast) -> None:
    for name, address in (("paz", "/practice/team/"), ("tess", "/practice/reviews/")):
        one = visitor(name).go(address)
        for tab in tabs(one):
            expect(tab).to_be_in_viewport(ratio=1)


def tabs(visitor: Visitor) -> Iterator[object]:
    """The tabs of a page, more than two."""
    found = visitor.main.locator("nav.tabs a").all()
    assert len(found) > 2
    yield from found


def test_a_phone_leads_from_the_top_to_the_times(
    phone: Page, people: Cast, live_server: LiveServer
) -> None:
    give_checkin(phone, live_server, a_completed_checkin(None, practice=people.practice))
    ana = Visitor(phone).go("/therapists/tess/")
    jump = ana.main.get_by_role("link", name="Book a time")
    expect(jump).to_be_in_viewport()
    jump.click()
    expect(ana.main.get_by_role("heading", name="Book a time")).to_be_in_viewport()
