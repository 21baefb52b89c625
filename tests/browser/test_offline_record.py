"""A session is recorded with the network gone: it arrives once, and nothing is left behind."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import COLOURS, Clock
from tests.browser.test_each_page import SETTLED
from tests.browser.visitor import Visitor
from tests.cast import PASSWORD, Cast
from tests.checkins import MARKS
from tests.journey.session.test_drafts_meet import THEIRS
from tests.records import AFTER, WHOLE, a_draft, a_visit
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import record as actions
from unknot.journey.session.models import Amendment, SavedDraft, SessionNote
from unknot.journey.session.reads import note as reads

KEPT = "Kept on this device, not sent yet."
LEFT = "Object.keys(localStorage).filter(one => one.startsWith('unknot-draft')).length"


@pytest.fixture
def visit(people: Cast, clock: Clock) -> Appointment:
    visit = a_visit(people)
    clock.move(AFTER)
    return visit


@pytest.fixture
def tess(phone: Page, people: Cast, visit: Appointment) -> Visitor:
    """Tess at the open record."""
    return Visitor(phone).sign_in("tess").go(f"/appointments/{visit.key}/record/").at("Ana")


def network(tess: Visitor, *, there: bool) -> None:
    tess.page.context.set_offline(not there)


def state(tess: Visitor, words: str | re.Pattern[str]) -> None:
    expect(tess.page.locator("[data-says]").first).to_have_text(words)


def left(tess: Visitor) -> int:
    return int(tess.page.evaluate(LEFT))


def write_all(tess: Visitor) -> None:
    """Write a whole record."""
    for name in ("subjective", "objective", "assessment", "plan"):
        tess.fill(name, getattr(WHOLE, name))
    for name in ("pain_before", "pain_after", "tension_before", "tension_after"):
        tess.choose(name, getattr(WHOLE, name))
    for index, row in enumerate(WHOLE.treatments):
        for name in ("region", "technique", "pressure"):
            tess.select(f"row-{index}-{name}", getattr(row, name))
        tess.fill(f"row-{index}-minutes", row.minutes)
    tess.mark("upper_trap_l", 6)


def stored() -> actions.Draft:
    return actions.draft_of(reads.note_row(SessionNote.objects.get()))


def test_a_session_recorded_offline_arrives_once(tess: Visitor) -> None:
    network(tess, there=False)
    write_all(tess)
    tess.main.get_by_role("button", name="Save draft").click()
    state(tess, KEPT)
    assert not SessionNote.objects.exists()
    assert left(tess) == 1
    network(tess, there=True)
    state(tess, re.compile(r"^Sent \d\d:\d\d\.$"))
    assert stored() == WHOLE
    assert SessionNote.objects.get().revision == SavedDraft.objects.count() == 1
    assert left(tess) == 0
    tess.tick("confirm").press("Sign and lock")
    expect(tess.main).to_contain_text("Signed. The record stays as it is now.")
    assert left(tess) == 0


def test_rows_and_signing_wait_for_the_network_with_a_reason(tess: Visitor) -> None:
    network(tess, there=False)
    write_all(tess)
    before = tess.page.locator(".row-of:visible").count()
    tess.main.get_by_role("button", name="More rows").click()
    expect(tess.page.locator(".row-of:visible")).to_have_count(before + 3)
    tess.select(f"row-{before}-region", "sacrum").select(f"row-{before}-technique", "swedish")
    tess.fill(f"row-{before}-minutes", 5).select(f"row-{before}-pressure", 1)
    tess.tick("confirm")
    tess.main.get_by_role("button", name="Sign and lock").click()
    state(tess, re.compile("Signing needs the network"))
    network(tess, there=True)
    tess.press("Sign and lock")
    note = SessionNote.objects.get()
    assert note.signed_at is not None
    assert note.treatments.filter(region="sacrum").exists()


def test_an_answer_that_was_lost_is_asked_for_again_and_it_stands_once(tess: Visitor) -> None:
    lost: list[str] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch(max_redirects=0).text())  # the server has handled it
        route.abort("internetdisconnected")

    tess.page.route("**/record/", lose)
    tess.fill("plan", "In ten days")
    state(tess, KEPT)
    with tess.page.expect_event("requestfailed"):
        pass
    assert json.loads(lost[0])["revision"] == 1
    tess.page.evaluate("window.dispatchEvent(new Event('online'))")
    state(tess, re.compile("^Sent"))
    assert SessionNote.objects.get().revision == SavedDraft.objects.count() == 1


def test_it_is_still_there_after_the_page_was_closed(tess: Visitor, visit: Appointment) -> None:
    network(tess, there=False)
    write_all(tess)
    context = tess.page.context
    tess.page.close()
    context.set_offline(False)
    again = Visitor(context.new_page()).go(f"/appointments/{visit.key}/record/")
    state(again, re.compile("^Sent"))
    assert stored() == WHOLE
    expect(again.page.locator("[name=plan]")).to_have_value(WHOLE.plan)


def test_what_another_tablet_wrote_is_taken_in_or_asked_about(
    tess: Visitor, axe: Callable[..., None], people: Cast, visit: Appointment
) -> None:
    network(tess, there=False)
    tess.fill("plan", "In ten days").fill("objective", "Softer")
    actions.save_draft(people.user("tess"), visit, draft=THEIRS, revision=0, now=AFTER)
    network(tess, there=True)
    state(tess, re.compile("not sent yet: The same part was changed in two places"))
    tess.axe = axe
    tess.press("Save draft").at("Ana").look("record-conflict")
    tess.choose("choice-plan", "both").choose("choice-objective", "mine")
    tess.press("Save with these choices")
    note = SessionNote.objects.get()
    assert (note.plan, note.objective) == ("In two weeks\n\nIn ten days", "Softer")
    assert note.subjective == THEIRS.subjective
    assert left(tess) == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_two_copies_side_by_side_by_light_and_dark(
    open_page: Callable[..., Page],
    axe: Callable[..., None],
    people: Cast,
    visit: Appointment,
    width: int,
) -> None:
    tess = Visitor(open_page(width=width, color_scheme="light"), axe).sign_in("tess")
    tess.go(f"/appointments/{visit.key}/record/")
    actions.save_draft(people.user("tess"), visit, draft=THEIRS, revision=0, now=AFTER)
    tess.fill("plan", "W" * 400).choose("pain_after", 9).press("Save draft")
    both_schemes(tess, "record-conflict")
    tess.page.locator("form[novalidate], form").last.evaluate("form => form.noValidate = true")
    tess.choose("choice-plan", "mine").press("Save with these choices")
    expect(tess.main).to_contain_text("Choose what stays here.")
    both_schemes(tess, "record-conflict-again")
    tess.choose("choice-pain_after", "theirs").press("Save with these choices")
    note = SessionNote.objects.get()
    assert (note.plan, note.pain_after) == ("W" * 400, THEIRS.pain_after)
    assert left(tess) == 0


def both_schemes(visitor: Visitor, name: str) -> None:
    """Look closely by light, and at the colours by dark."""
    visitor.look(name)
    visitor.page.emulate_media(color_scheme="dark")
    visitor.page.evaluate(SETTLED)
    assert visitor.axe is not None
    visitor.axe(visitor.page, rules=COLOURS)
    visitor.page.emulate_media(color_scheme="light")


def test_a_week_offline_while_it_was_signed_becomes_an_amendment(
    tess: Visitor, people: Cast, visit: Appointment, clock: Clock, axe: Callable[..., None]
) -> None:
    network(tess, there=False)
    tess.fill("plan", "In ten days")
    revision = a_draft(people, visit)
    actions.sign(people.user("tess"), visit, revision=revision, now=AFTER)
    clock.move(AFTER + timedelta(days=7))
    network(tess, there=True)
    state(tess, re.compile("not sent yet"))
    tess.go(f"/appointments/{visit.key}/record/")
    tess.axe = axe
    tess.look("record-signed-with-draft-left").press("Look at both").look("record-too-late")
    expect(tess.main).to_contain_text("Same again in ten days")
    tess.press("Add to the record")
    assert "In ten days" in Amendment.objects.get().text
    assert SessionNote.objects.get().plan == WHOLE.plan
    assert left(tess) == 0


def test_the_clients_places_lie_below_the_therapists_marks(tess: Visitor) -> None:
    drawn = tess.page.locator("svg[data-map=back] .theirs")
    expect(drawn).to_have_count(len(MARKS))
    tess.mark("upper_trap_l", 3)  # a line lies in nobody's way
    tess.page.get_by_role("button", name="Zoom: neck and shoulders").click()
    expect(tess.page.locator("svg[data-map=neck_shoulders] .theirs").first).to_be_visible()
    expect(tess.main).to_contain_text("The client marked: Upper trapezius, left 7")


def test_signed_out_meanwhile_it_is_kept_and_sent_after_signing_in(
    tess: Visitor, visit: Appointment
) -> None:
    tess.page.context.clear_cookies(name="sessionid")
    tess.fill("plan", "In ten days")
    state(tess, "Kept on this device. Sign in again to send it.")
    assert not SessionNote.objects.exists()
    assert left(tess) == 1
    tess.follow(tess.page.get_by_role("link", name="Sign in again"))
    tess.page.get_by_label("Email").fill("tess@example.org")
    tess.page.locator("[name=password]").fill(PASSWORD)
    tess.press("Sign in").at("Ana")
    state(tess, re.compile("^Sent"))
    assert SessionNote.objects.get().plan == "In ten days"


@pytest.mark.parametrize("width", [390, 1280])
def test_signing_out_is_blocked_until_it_is_sent_and_empties_the_device(
    open_page: Callable[..., Page],
    axe: Callable[..., None],
    people: Cast,
    visit: Appointment,
    width: int,
) -> None:
    tess = Visitor(open_page(width=width), axe).sign_in("tess")
    tess.go(f"/appointments/{visit.key}/record/")
    tess.page.route("**/record/", lambda route: route.abort("internetdisconnected"))
    tess.fill("plan", "In ten days")
    state(tess, KEPT)
    tess.page.unroute("**/record/")
    other = Visitor(tess.page.context.new_page(), axe).go("/accounts/logout/").at("Sign out")
    both_schemes(other, "logout-blocked")
    expect(other.main).to_contain_text("Friday 27 March 2026, 12:00")
    expect(other.main).not_to_contain_text("Ana")
    expect(other.main.get_by_role("button", name="Sign out")).to_be_disabled()
    other.main.get_by_role("button", name="Send now").click()
    expect(other.main.get_by_role("button", name="Sign out")).to_be_enabled()
    assert SessionNote.objects.get().plan == "In ten days"
    other.press("Sign out")
    assert left(other) == 0


def test_thrown_away_it_is_gone_and_signing_out_is_free(tess: Visitor, visit: Appointment) -> None:
    tess.page.route("**/record/", lambda route: route.abort("internetdisconnected"))
    tess.fill("plan", "In ten days")
    state(tess, KEPT)
    tess.go("/accounts/logout/")
    tess.main.locator("summary").click()
    tess.main.get_by_role("button", name="Throw it away for good").click()
    tess.press("Sign out")
    assert left(tess) == 0
    assert not SessionNote.objects.exists()
