"""A person in front of a page: they read, press words, choose answers, and look closely.

With UNKNOT_SHOTS=FOLDER every page that is looked at is also kept there as a picture.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.cast import PASSWORD
from unknot.journey.understand import access
from unknot.journey.understand.models import CheckIn

NARROWEST = 320
MONDAY = "Monday 30 March"
ONE_COLUMN = 960


class Visitor:
    """One page of one person; without `axe` no page is looked at closely."""

    def __init__(self, page: Page, axe: Callable[..., None] | None = None) -> None:
        self.page, self.axe = page, axe
        self.main = page.locator("main")

    # Moving ----------------------------------------------------------------------------------

    def go(self, address: str) -> "Visitor":
        """Open an address; anything but an ordinary answer fails."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == 200, f"{address}: {answer.status}"
        return self

    def press(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> "Visitor":
        """Press the link or button with exactly this name and arrive at the next page."""
        place = within or self.main
        exact = isinstance(name, str)
        button = place.get_by_role("button", name=name, exact=exact)
        link = place.get_by_role("link", name=name, exact=exact)
        return self.follow(button.or_(link).first)

    def follow(self, target: Locator) -> "Visitor":
        """Press `target` and wait for the page behind it."""
        with self.page.expect_navigation():
            target.click()
        return self

    def at(self, heading: str | re.Pattern[str]) -> "Visitor":
        """Be on the page with this heading."""
        expect(self.main.get_by_role("heading", level=1)).to_have_text(heading)
        return self

    def sign_in(self, name: str) -> "Visitor":
        """Sign in as one of the cast."""
        self.go("/accounts/login/")
        self.page.get_by_label("Email").fill(f"{name}@example.org")
        self.page.locator("[name=password]").fill(PASSWORD)
        return self.press("Sign in")

    # Answering -------------------------------------------------------------------------------

    def choose(self, field: str, value: object) -> "Visitor":
        """Press the answer `value` of the question `field`."""
        return self._press_label(f'input[name="{field}"][value="{value}"]')

    def _press_label(self, control: str) -> "Visitor":
        self.page.locator(f"label:has({control})").click()
        expect(self.page.locator(control)).to_be_checked()
        return self

    def tick(self, field: str) -> "Visitor":
        """Press the box of the field called `field`."""
        return self._press_label(f'input[type=checkbox][name="{field}"]')

    def choose_everywhere(self, value: str) -> "Visitor":
        """Give one answer to every question that is shown and has it."""
        controls = self.page.locator(f'#answers input[type=radio][value="{value}"]')
        names = controls.evaluate_all(
            "all => all.filter(one => one.closest('label').checkVisibility()).map(one => one.name)"
        )
        for name in names:
            self.choose(name, value)
        return self

    def tick_all(self, start: str) -> "Visitor":
        """Tick every box whose name begins with `start`."""
        for name in self.page.locator(f'input[type=checkbox][name^="{start}"]').evaluate_all(
            "all => all.map(one => one.name)"
        ):
            self.tick(name)
        return self

    def fill(self, field: str, text: object) -> "Visitor":
        """Type into the field called `field`."""
        self.page.locator(f'[name="{field}"]').fill(str(text))
        return self

    def write_day(self, field: str, day: int, month: int, year: int) -> "Visitor":
        """Type a date into its three fields."""
        for part, number in (("day", day), ("month", month), ("year", year)):
            self.fill(f"{field}_{part}", number)
        return self

    def open(self, words: str) -> "Visitor":
        """Unfold the part of the page whose heading begins with these words."""
        self.main.locator("summary").filter(has_text=re.compile(rf"^\s*{words}")).last.click()
        return self

    def select(self, field: str, value: object) -> "Visitor":
        """Choose from the list of the field called `field`."""
        self.page.locator(f'select[name="{field}"]').select_option(str(value))
        return self

    def open_the_list(self) -> "Visitor":
        """Come to the list of all places, which stands open where no script runs."""
        listed = self.page.locator("#places-list")
        if listed.get_attribute("open") is None:
            self.main.get_by_role("link", name="Use a list").click()
        expect(listed).to_have_attribute("open", "")
        return self

    def mark(self, region: str, level: int, *, view: str = "back") -> "Visitor":
        """Tap a region of the drawing, then its level."""
        shape = self.page.locator(f'svg[data-map={view}] .region[data-region="{region}"]')
        shape.scroll_into_view_if_needed()
        x, y = shape.evaluate(
            """shape => {
                const place = new DOMPoint(shape.dataset.x, shape.dataset.y);
                const { x, y } = place.matrixTransform(shape.ownerSVGElement.getScreenCTM());
                return [x, y];
            }"""
        )
        if self.page.evaluate("navigator.maxTouchPoints"):
            self.page.touchscreen.tap(x, y)
        else:
            self.page.mouse.click(x, y)
        return self.choose("map-level", level)

    # Looking ---------------------------------------------------------------------------------

    def look(self, name: str) -> "Visitor":
        """Look closely: nothing for axe to find, nothing wider than the narrowest phone."""
        if self.axe is not None:
            self.axe(self.page)
            assert_fits(self.page)
            self._keep(name)
        return self

    def _keep(self, name: str) -> None:
        folder = os.environ.get("UNKNOT_SHOTS")
        if not folder:
            return
        width = self.page.viewport_size["width"]
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            path = Path(folder) / f"{name}-{width}-{scheme}.png"
            self.page.screenshot(path=path, full_page=True)
        self.page.emulate_media(color_scheme=None)


def assert_fits(page: Page, width: int = NARROWEST) -> None:
    """Assert that the page has no sideways scrolling at `width` pixels."""
    size = page.viewport_size
    page.set_viewport_size({"width": width, "height": 640})
    wide = page.evaluate("document.documentElement.scrollWidth")
    culprits = page.evaluate(
        """width => [...document.querySelectorAll('main *')]
            .filter(one => one.getBoundingClientRect().right > width + 1)
            .slice(0, 3).map(one => one.outerHTML.slice(0, 120))""",
        width,
    )
    page.set_viewport_size(size)
    assert wide <= width, f"{page.url}: {wide} pixels wide at {width}: {culprits}"


type_of_look = Callable[[str], object]


def unseen(name: str) -> None:
    """Walk past a page without a closer look."""


def answer_the_checkin(
    visitor: Visitor,
    *,
    mark: Callable[[Visitor], object],
    flags: tuple[str, ...] = (),
    conditions: tuple[str, ...] = (),
    sentences: tuple[str, ...] | None = None,
    worried: bool = False,
    shares: tuple[str, ...] = (),
    look: type_of_look = unseen,
) -> None:
    """Walk from the first page to the result; everything not named is answered no.

    The sentences about the lower back are asked only when it hurts most there; `worried` answers
    call for the longer questions about the mind. A flag that stops ends the way at the result.
    """
    begin(visitor, look)
    say_where(visitor, mark, look)
    tell_the_story(visitor, look)
    say_how_it_limits(visitor, sentences, look)
    say_how_the_mind_is(visitor, worried=worried, look=look)
    answer_safety(visitor, flags, look)
    if not visitor.page.url.endswith("/result/"):
        answer_health(visitor, conditions, look)
        wish(visitor, shares, look)


def begin(visitor: Visitor, look: type_of_look = unseen) -> None:
    """The first page: agreement and age."""
    visitor.go("/check-in/").at("Before we begin")
    look("checkin-start")
    if visitor.page.locator("input[type=radio][name=practice]").count():
        visitor.choose("practice", "lindenweg")
    visitor.choose("adult", "yes").tick("agree").press("Start the check-in")
    visitor.at("Where does it hurt?")


def say_where(visitor: Visitor, mark: Callable[[Visitor], object], look: type_of_look) -> None:
    """The map, then what the strongest place is like."""
    mark(visitor)
    look("checkin-body-marked")
    visitor.press("Continue").at("What is it like there?")
    look("checkin-places")
    first = visitor.page.locator('[name^="quality-"]').first.get_attribute("name")
    assert first is not None
    region = first.removeprefix("quality-")
    visitor.choose("sides", "yes").choose(first, "tight").choose(f"since-{region}", "months")
    visitor.press("Continue")


def tell_the_story(visitor: Visitor, look: type_of_look) -> None:
    """When it began, what bears on it, what somebody wants back."""
    visitor.at("The story so far")
    look("checkin-story")
    visitor.write_day("onset_on", 10, 11, 2025).choose("course", "same").choose("episodes", "few")
    visitor.choose("suspected_causes", "posture_at_work").choose("eased_by", "warmth")
    visitor.choose("worsened_by", "sitting").choose("headaches", "no")
    visitor.choose("arm_numbness", "no").fill("goal", "Carry my child up the stairs")
    visitor.press("Continue")


def say_how_it_limits(
    visitor: Visitor, sentences: tuple[str, ...] | None, look: type_of_look
) -> None:
    """Every day and one's own activities; the sentences only where they are asked."""
    visitor.at("Your everyday")
    look("checkin-everyday")
    visitor.choose("gcps_r-nhis_pain_freq", 2).choose("gcps_r-nhis_pain_limit", 1)
    for item, level in (("peg_p", 6), ("peg_e", 5), ("peg_g", 4)):
        visitor.choose(f"gcps_r-{item}", level)
    visitor.fill("activity_1", "Lifting my child").choose("hard_1", 6)
    visitor.open("Add a second activity").fill("activity_2", "Gardening").choose("hard_2", 4)
    visitor.press("Continue")
    if sentences is not None:
        visitor.at("Your back today")
        look("checkin-today")
        for sentence in sentences:
            visitor.choose("sentences", sentence)
        visitor.press("Continue")


def say_how_the_mind_is(visitor: Visitor, *, worried: bool, look: type_of_look) -> None:
    """Stress, sleep, mood and worry; the longer questions only where the short ones call."""
    visitor.at("How is your mind?")
    look("checkin-mind")
    visitor.choose("stress_nrs-stress_today", 7).choose("sleep_nrs-sleep_last_night", 6)
    for item in ("gad_1", "gad_2", "phq_1", "phq_2"):
        visitor.choose(f"phq4-{item}", 2 if worried else 1)
    visitor.press("Continue")
    if worried:
        visitor.at("A little more")
        look("checkin-more")
        visitor.choose_everywhere("1").press("Continue")


def answer_safety(visitor: Visitor, flags: tuple[str, ...], look: type_of_look) -> None:
    """Age and pregnancy, then the red flags."""
    visitor.at("Is massage safe for you now?")
    look("checkin-about")
    visitor.fill("age", 38).choose("pregnant", "no").press("Continue")
    look("checkin-safety")
    visitor.choose_everywhere("no")
    for flag in flags:
        visitor.choose(flag, "yes")
    visitor.press("Continue")


def answer_health(
    visitor: Visitor, conditions: tuple[str, ...] = (), look: type_of_look = unseen
) -> None:
    """Conditions and medicines: no to everything not named."""
    visitor.at("Your health")
    look("checkin-history")
    for condition in conditions:
        visitor.choose(condition, "yes")
    visitor.tick_all("rest-").press("Continue")


def wish(visitor: Visitor, shares: tuple[str, ...] = (), look: type_of_look = unseen) -> None:
    """Pressure, length, and `shares` beside what is proposed for the therapist to see."""
    visitor.at("What would you like?")
    look("checkin-wishes")
    visitor.choose("pressure", 3).choose("minutes", 60)
    for share in shares:
        visitor.choose("shares", share)
    visitor.press("See your result")


def two_marks(visitor: Visitor) -> None:
    """Tap the neck at 6 and the top of the left shoulder at 7."""
    visitor.mark("cervical_l", 6)
    visitor.mark("upper_trap_l", 7)


def two_marks_in_the_list(visitor: Visitor) -> None:
    """The same two places, chosen in the list."""
    visitor.open_the_list()
    visitor.open("Neck").select("mark-cervical_l", 6)
    visitor.open("Shoulders and upper back").select("mark-upper_trap_l", 7)


def book_monday_at_ten(
    visitor: Visitor, *, look: Callable[[str], object] = lambda name: None
) -> None:
    """Walk from the result through a new account to a confirmed appointment with Tess."""
    visitor.press("See what may help").at("What may help you")
    look("techniques")
    visitor.press(re.compile("Find a therapist for Swedish")).at("Choose a therapist")
    look("therapists")
    visitor.press(re.compile("See times with Tess")).at("Pick a time")
    look("slots")
    visitor.press("Week after")
    if visitor.page.viewport_size["width"] < ONE_COLUMN:  # there the days are a strip
        visitor.follow(visitor.main.get_by_role("link", name=re.compile(r"^Mon\s?30")).first)
    visitor.press(re.compile(f"^{MONDAY}.* 10:00")).at("Book this time")
    look("held-without-account")
    visitor.press("Create an account").at("Make an account")
    look("signup")
    visitor.fill("email", "nora@example.org").fill("password1", "a-calm-river-at-noon")
    visitor.press("Make my account").at("Book this time")
    look("held")
    visitor.fill("name", "Nora Lind").fill("phone", "+49 30 5550 0123")
    visitor.press("Book this time").at(re.compile(f"{MONDAY}, 10:00 to 11:00"))
    look("appointment")


def give_session(page: Page, server: LiveServer, key: str) -> None:
    """Let the browser of `page` hold the session `key`."""
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": server.url}])


def give_checkin(page: Page, server: LiveServer, checkin: CheckIn) -> None:
    """Let the browser of `page` hold this check-in."""
    session = SessionStore()
    session[access.SESSION_KEY] = str(checkin.key)
    session.create()
    give_session(page, server, session.session_key)
