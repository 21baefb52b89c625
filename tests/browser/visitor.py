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

    def __init__(self, page: Page, axe: Callable[[Page], None] | None = None) -> None:
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
        """Give one answer to every question of the page that has it."""
        controls = self.page.locator(f'#answers input[type=radio][value="{value}"]')
        names = controls.evaluate_all("all => all.map(one => one.name)")
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
        for number, part in enumerate((day, month, year)):
            self.page.locator(f".date-parts [name^={field}]").nth(number).fill(str(part))
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


def answer_the_checkin(
    visitor: Visitor,
    *,
    mark: Callable[[Visitor], object],
    flags: tuple[str, ...] = (),
    conditions: tuple[str, ...] = (),
    look: Callable[[str], object] = lambda name: None,
) -> None:
    """Walk from the first page to the result; everything not named is answered no."""
    page = visitor.page
    visitor.go("/check-in/").at("Before we begin")
    look("checkin-start")
    if page.locator("input[type=radio][name=practice]").count():
        visitor.choose("practice", "lindenweg")
    visitor.choose("adult", "yes").tick("agree").press("Start the check-in")

    visitor.at("Where does it hurt?")
    mark(visitor)
    look("checkin-body-marked")
    visitor.press("Continue").at("Where does it hurt?")
    look("checkin-body-sides")
    visitor.choose("sides", "yes").press("Continue")

    visitor.at("The story so far")
    look("checkin-story")
    visitor.write_day("onset_on", 10, 11, 2025).choose("first_ever", "no")
    visitor.choose("feels_like", "tight").choose("peg-peg_p", 6)
    visitor.choose("peg-peg_e", 5).choose("peg-peg_g", 4).press("Continue")

    visitor.at("How is your mind?")
    look("checkin-mind")
    visitor.choose("stress_nrs-stress_today", 7).choose("sleep_nrs-sleep_last_night", 6)
    for item in ("gad_1", "gad_2", "phq_1", "phq_2"):
        visitor.choose(f"phq4-{item}", 1)
    visitor.press("Continue")

    visitor.at("Is massage safe for you now?")
    look("checkin-about")
    visitor.fill("age", 38).choose("pregnant", "no").press("Continue")
    look("checkin-safety")
    visitor.choose_everywhere("no")
    for flag in flags:
        visitor.choose(flag, "yes")
    visitor.press("Continue")

    visitor.at("Your health")
    look("checkin-history")
    for condition in conditions:
        visitor.choose(condition, "yes")
    visitor.tick_all("rest-").press("Continue")

    visitor.at("What would you like?")
    look("checkin-wishes")
    visitor.choose("pressure", 3).choose("minutes", 60).press("See your result")


def two_marks(visitor: Visitor) -> None:
    """Tap the neck at 6 and the top of the left shoulder at 7."""
    visitor.mark("cervical_l", 6)
    visitor.mark("upper_trap_l", 7)


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
