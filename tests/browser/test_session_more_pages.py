"""What hangs on a session record, on real pages: stones, incidents, the shared part, versions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import COLOURS, Clock
from tests.browser.test_each_page import SETTLED
from tests.browser.visitor import Visitor
from tests.cast import NOW, Cast, a_service, at
from tests.incidents import MODERATE, SERIOUS, an_incident
from tests.records import AFTER, WHOLE, a_visit
from unknot.domain.notes.soap import TreatedRegion
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import corrections, incidents, record

STONES = (
    *WHOLE.treatments,
    TreatedRegion(region="lumbar_l", technique="hot_stone", minutes=10, pressure=2),
)


@pytest.fixture
def visit(people: Cast, clock: Clock) -> Appointment:
    """A session with heated stones today at noon; it is ten past one, and two drafts are saved."""
    found = a_visit(people, now=NOW)
    a_service(people.practice, "hot_stone", people.tess)
    tess, first = people.user("tess"), replace(WHOLE, plan="Same again", treatments=STONES[:1])
    record.save_draft(tess, found, draft=first, revision=0, now=at(12, 50))
    whole = replace(WHOLE, treatments=STONES)
    record.save_draft(tess, found, draft=whole, revision=1, now=AFTER)
    clock.move(AFTER)
    return found


def look(visitor: Visitor, name: str) -> None:
    """Look closely by light and by dark."""
    visitor.look(f"session-{name}")
    visitor.page.emulate_media(color_scheme="dark")
    visitor.page.evaluate(SETTLED)
    assert visitor.axe is not None
    visitor.axe(visitor.page, rules=COLOURS)
    visitor.page.emulate_media(color_scheme="light")


@pytest.fixture(params=[390, 1280])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Page]) -> Page:
    return open_page(width=request.param, color_scheme="light")


def test_a_therapist_notes_temperatures_and_a_bath_of_70_is_refused(
    page: Page, axe: Callable[..., None], people: Cast, visit: Appointment
) -> None:
    tess = Visitor(page, axe).sign_in("tess").go(f"/appointments/{visit.key}/record/")
    tess.press("Stone temperatures").at("Stone temperatures")
    look(tess, "stones-empty")
    tess.fill("bath_c", 70).fill("skin_c", 40).press("Save the reading")
    expect(tess.main.get_by_role("alert")).to_contain_text("The limit is 54 °C")
    look(tess, "stones-refused")
    tess.fill("bath_c", 52).press("Save the reading").at("Stone temperatures")
    expect(tess.main.get_by_role("table")).to_contain_text("52.0")
    look(tess, "stones")


def test_what_went_wrong_is_written_down_followed_up_and_closed(
    page: Page, axe: Callable[..., None], people: Cast, visit: Appointment
) -> None:
    tess = Visitor(page, axe).sign_in("tess").go(f"/appointments/{visit.key}/record/")
    tess.press("Write down an incident").at("Write down an incident")
    look(tess, "incident-new")
    tess.fill("what", "A red spot under the stone").choose("grade", SERIOUS)
    tess.fill("done", "Cooled it for 20 minutes").select("owner", people.user("paz").pk)
    tess.press("Write it down").at("Ana")
    look(tess, "incident")
    other = an_incident(people, visit, now=AFTER, grade=MODERATE)
    later = AFTER + timedelta(minutes=5)
    incidents.close(people.user("paz"), other, text="Gone the next day", seen=1, now=later)
    tess.go("/practice/incidents/").at("Incidents")
    look(tess, "incidents")
    tess.go(f"/practice/incidents/{other.key}/").at("Ana")
    look(tess, "incident-closed")


def test_a_client_reads_the_shared_part_and_asks_to_correct_it(
    page: Page, axe: Callable[..., None], people: Cast, visit: Appointment
) -> None:
    record.sign(people.user("tess"), visit, revision=2, now=AFTER)
    ana = Visitor(page, axe).sign_in("ana").go(f"/appointments/{visit.key}/")
    ana.press("Read what was done").at("Your session")
    look(ana, "shared")
    ana.fill("text", "It was the right side").press("Ask to correct it").at("Your session")
    look(ana, "shared-asked")


def test_a_correction_is_answered_on_record(
    page: Page, axe: Callable[..., None], people: Cast, visit: Appointment
) -> None:
    record.sign(people.user("tess"), visit, revision=2, now=AFTER)
    corrections.ask(people.user("ana"), visit, text="It was the right side", now=AFTER)
    tess = Visitor(page, axe).sign_in("tess").go("/practice/corrections/").at("Corrections")
    look(tess, "corrections")
    tess.follow(tess.main.get_by_role("link", name="Ana, session of 27 March 2026")).at("Ana")
    look(tess, "correction")
    tess.choose("accepted", "yes").fill("text", "The right side was treated too.")
    tess.press("Answer on record").at("Ana")
    look(tess, "correction-answered")
    tess.go(f"/appointments/{visit.key}/record/").look("session-signed")


def test_every_save_can_be_compared(
    page: Page, axe: Callable[..., None], people: Cast, visit: Appointment
) -> None:
    tess = Visitor(page, axe).sign_in("tess").go(f"/appointments/{visit.key}/record/")
    tess.press("Versions").at("Versions")
    expect(tess.main.locator("ins").first).to_be_visible()
    look(tess, "versions")
