"""The check-in and a booking with the Tab, arrow, Space and Enter keys alone, focus always seen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.visitor import MONDAY, Visitor
from tests.cast import Cast
from unknot.journey.book.models import Appointment, Status
from unknot.journey.understand import reads

FAR = 150  # so many presses of Tab reach the end of the longest page

#: What has the focus: its name, value and words, whether its ring shows, whether it is covered.
FOCUS = """() => {
    const here = document.activeElement, label = here.closest('label') ?? here;
    const rings = [here, label, ...label.querySelectorAll('*')].map(one => getComputedStyle(one));
    const drawn = here.closest('svg')?.querySelector('.focus-ring')?.getAttribute('d');
    const ringed = drawn
        || rings.some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2);
    const { left, top, width, height } = label.getBoundingClientRect();
    const over = document.elementFromPoint(left + width / 2, top + height / 2);
    const covered = !over || !(label.contains(over) || over.contains(label));
    const icon = here.querySelector('[aria-label]')?.ariaLabel;
    const words = (here.ariaLabel || here.innerText || icon || '').replace(/\\s+/g, ' ').trim();
    return { tag: here.tagName, name: here.name ?? '', value: here.value ?? '', words, ringed,
        covered };
}"""


class Keys:
    """Somebody who only presses keys; every stop of the Tab key must show its focus."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        """Press one key."""
        self.page.keyboard.press(key)

    def tab_until(self, wanted: Callable[[dict[str, str]], object], what: str) -> dict[str, str]:
        """Press Tab until the focus is on what is wanted."""
        stops = []
        for _step in range(FAR):
            self.press("Tab")
            focus: dict[str, str] = self.page.evaluate(FOCUS)
            if focus["tag"] == "BODY":
                continue
            assert focus["ringed"], f"{self.page.url}: no ring on {focus}"
            assert not focus["covered"], f"{self.page.url}: hidden below something: {focus}"
            if wanted(focus):
                return focus
            stops.append(focus["words"] or focus["name"])
        raise AssertionError(f"{self.page.url}: Tab never reached {what}, but {stops}")

    def to_field(self, name: str) -> dict[str, str]:
        """Reach the field called `name`."""
        return self.tab_until(lambda focus: focus["name"] == name, name)

    def choose(self, name: str, value: object) -> None:
        """Choose an answer with the arrow keys, or with Space when the focus is on it."""
        focus = self.to_field(name)
        if focus["value"] == str(value):
            self.press("Space")
        for _step in range(12):
            if self.page.evaluate(FOCUS)["value"] == str(value):
                break
            self.press("ArrowDown")
        assert self.page.locator(f'[name="{name}"][value="{value}"]').is_checked()

    def tick(self, name: str) -> None:
        """Tick the first box of this name with Space."""
        self.to_field(name)
        self.press("Space")
        assert self.page.evaluate("document.activeElement.checked")

    def write(self, name: str, text: str) -> None:
        """Type into a field."""
        self.to_field(name)
        self.page.keyboard.type(text)

    def enter(self, words: str) -> None:
        """Reach a link or button by its words, press Enter and arrive."""
        self.tab_until(lambda focus: re.search(words, focus["words"]), words)
        with self.page.expect_navigation():
            self.press("Enter")


@pytest.fixture
def keys(desktop: Page, people: Cast) -> Keys:
    """Somebody at a desk without a mouse."""
    return Keys(desktop)


def test_check_in_and_book(keys: Keys, people: Cast) -> None:
    answers_everything(keys)
    Visitor(keys.page).at("You can book")
    books(keys)
    Visitor(keys.page).at(re.compile(f"{MONDAY}, 10:00 to 11:00"))
    appointment = Appointment.objects.get()
    assert appointment.status == Status.CONFIRMED
    assert reads.marks_of(appointment.checkin) == {"cervical_l": 6, "upper_trap_l": 7}


def answers_everything(keys: Keys) -> None:
    """All seven steps; the places through the list."""
    keys.page.goto("/check-in/")
    keys.choose("practice", "lindenweg")
    keys.choose("adult", "yes")
    keys.tick("agree")
    keys.enter("^Start the check-in$")

    keys.tab_until(lambda focus: focus["words"] == "Use a list", "the list")
    keys.press("Enter")
    for heading, region, level in (
        ("Neck", "cervical_l", "6"),
        ("Shoulders and upper back", "upper_trap_l", "7"),
    ):
        keys.tab_until(lambda focus, to=heading: focus["words"].startswith(to), heading)
        keys.press("Enter")
        keys.write(f"mark-{region}", level)
    keys.enter("^Continue$")
    keys.choose("sides", "yes")
    keys.enter("^Continue$")

    for part, text in (("day", "10"), ("month", "11"), ("year", "2025")):
        keys.write(f"onset_on_{part}", text)
    keys.choose("first_ever", "no")
    keys.tick("feels_like")
    keys.choose("peg-peg_p", 6)
    keys.enter("^Continue$")

    keys.choose("stress_nrs-stress_today", 4)
    keys.enter("^Continue$")

    keys.write("age", "38")
    keys.choose("pregnant", "no")
    keys.enter("^Continue$")

    for name in names(keys.page, "input[type=radio][value=no]"):
        keys.choose(name, "no")
    keys.enter("^Continue$")
    for name in names(keys.page, 'input[type=checkbox][name^="rest-"]'):
        keys.tick(name)
    keys.enter("^Continue$")
    keys.choose("minutes", 60)
    keys.enter("^See your result$")


def books(keys: Keys) -> None:
    """From the result to a confirmed time, with a new account."""
    keys.enter("^See what may help$")
    keys.enter("^Find a therapist for Swedish")
    keys.enter("^See times with Tess")
    keys.enter("^Week after$")
    keys.enter(f"^{MONDAY}.* 10:00")
    keys.enter("^Create an account$")
    keys.write("email", "nora@example.org")
    keys.write("password1", "a-calm-river-at-noon")
    keys.enter("^Make my account$")
    keys.write("name", "Nora Lind")
    keys.enter("^Book this time$")


def names(page: Page, selector: str) -> list[str]:
    """The names of the fields that `selector` finds, in the order of the page."""
    found: list[str] = page.locator(selector).evaluate_all("all => all.map(one => one.name)")
    return found


def test_a_stop_without_a_ring_would_be_noticed(keys: Keys) -> None:
    keys.page.set_content("<style>:focus { outline: none }</style><button>Go on</button>")
    with pytest.raises(AssertionError, match="no ring"):
        keys.enter("Go on")
