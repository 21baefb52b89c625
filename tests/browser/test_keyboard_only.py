"""The check-in and a booking with the Tab, arrow, Space and Enter keys alone, focus always seen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.browser.visitor import (
    MONDAY,
    Visitor,
    answer_the_checkin,
    begin,
    two_marks_in_the_list,
)
from tests.cast import Cast
from unknot.journey.book.models import Appointment, Status
from unknot.journey.understand import questionnaires, reads
from unknot.journey.understand.models import CheckIn

FAR = 150  # so many presses of Tab reach the end of the longest page
ACROSS = 40  # so many arrows reach any region of a drawing

#: What has the focus: its name, value and words, whether its ring shows, whether it is covered or
#: has left the window.
FOCUS = """() => {
    const here = document.activeElement, label = here.closest('label') ?? here;
    const rings = [here, label, ...label.querySelectorAll('*')].map(one => getComputedStyle(one));
    const drawn = here.closest('svg')?.querySelector('.focus-ring')?.getAttribute('d');
    const ringed = drawn
        || rings.some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2);
    const { left, top, width, height } = label.getBoundingClientRect();
    const x = left + width / 2, y = top + height / 2;
    const outside = x < 0 || y < 0 || x > innerWidth || y > innerHeight;
    const over = document.elementFromPoint(x, y);
    const covered = !here.closest('svg')
        && (!over || !(label.contains(over) || over.contains(label)));
    const icon = here.querySelector('[aria-label]')?.ariaLabel;
    const words = (here.ariaLabel || here.innerText || icon || '').replace(/\\s+/g, ' ').trim();
    const { region = '', x: across = 0, y: down = 0 } = here.dataset;
    return { tag: here.tagName, name: here.name ?? '', value: here.value ?? '', words, ringed,
        covered, outside, region, map: here.closest('svg')?.dataset.map ?? '',
        across: Number(across), down: Number(down) };
}"""

type_of_focus = dict[str, str]


class Keys(Visitor):
    """Somebody who only presses keys; wherever the keys lead, the focus must be seen."""

    # Keys ------------------------------------------------------------------------------------

    def key(self, key: str) -> type_of_focus:
        """Press a key that stays on the page; the focus is then seen, and is returned."""
        self.page.keyboard.press(key)
        return self.seen()

    def seen(self) -> type_of_focus:
        """Assert that something has the focus, in the window, uncovered, with a ring."""
        focus: type_of_focus = self.page.evaluate(FOCUS)
        where = f"{self.page.url}: {focus}"
        assert focus["tag"] != "BODY", f"the focus is lost: {where}"
        assert focus["ringed"], f"no ring: {where}"
        assert not focus["outside"], f"outside the window: {where}"
        assert not focus["covered"], f"hidden below something: {where}"
        return focus

    def tab_until(self, wanted: Callable[[type_of_focus], object], what: str) -> type_of_focus:
        """Press Tab until the focus is on what is wanted; the end of the page is passed once."""
        stops: list[str] = []
        for _step in range(FAR):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement === document.body"):
                assert "the end" not in stops, f"{self.page.url}: Tab never reached {what}: {stops}"
                stops.append("the end")
                continue
            focus = self.seen()
            if wanted(focus):
                return focus
            stops.append(focus["words"] or focus["name"])
        raise AssertionError(f"{self.page.url}: Tab never reached {what}, but {stops}")

    def to_field(self, name: str, value: str = "") -> type_of_focus:
        """Reach the field called `name`, of boxes the one with this value."""
        return self.tab_until(
            lambda focus: focus["name"] == name and value in ("", focus["value"]), f"{name} {value}"
        )

    # What a visitor does, without touching anything ------------------------------------------

    def press(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> "Keys":
        """Reach a link or button by its words, press Enter and arrive."""
        assert within is None
        pattern = re.compile(f"^{re.escape(name)}$") if isinstance(name, str) else name
        self.tab_until(lambda focus: pattern.search(focus["words"]), pattern.pattern)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def choose(self, field: str, value: object) -> "Keys":
        """Choose an answer with the arrow keys, or with Space when the focus is on it."""
        wanted = self.page.locator(f'input[name="{field}"][value="{value}"]')
        if wanted.get_attribute("type") == "checkbox":
            self.to_field(field, str(value))
            self.key("Space")
        else:
            focus = self.to_field(field)
            if focus["value"] == str(value):
                self.key("Space")
            for _step in range(12):
                if focus["value"] == str(value):
                    break
                focus = self.key("ArrowDown")
        assert wanted.is_checked()
        return self

    def tick(self, field: str) -> "Keys":
        """Tick the first box of this name with Space."""
        self.to_field(field)
        self.key("Space")
        assert self.page.evaluate("document.activeElement.checked")
        return self

    def fill(self, field: str, text: object) -> "Keys":
        """Type into a field."""
        self.to_field(field)
        self.page.keyboard.type(str(text))
        self.seen()
        return self

    def open(self, words: str) -> "Keys":
        """Unfold a part of the page with Enter."""
        self.tab_until(lambda focus: focus["words"].startswith(words), words)
        self.key("Enter")
        return self

    def open_the_list(self) -> "Keys":
        """Jump to the list of all places; the next Tab goes on from there."""
        self.tab_until(lambda focus: focus["words"] == "Use a list", "the list")
        self.page.keyboard.press("Enter")
        return self

    def select(self, field: str, value: object) -> "Keys":
        """Type the number that is wanted from a list."""
        self.to_field(field)
        self.page.keyboard.type(str(value))
        assert self.seen()["value"] == str(value)
        return self

    def mark(self, region: str, level: int, *, view: str = "back") -> "Keys":
        """Go to a region of the drawing with the arrows, Enter, then up to its level and back."""
        shape = self.page.locator(f'svg[data-map={view}] .region[data-region="{region}"]')
        x, y = (float(shape.get_attribute(f"data-{axis}") or 0) for axis in "xy")
        focus = self.seen_or_tab(view)
        for _step in range(ACROSS):
            if focus["region"] == region:
                break
            focus = self._towards(x - float(focus["across"]), y - float(focus["down"]), focus)
        assert focus["region"] == region, f"the arrows never reached {region}"
        self.key("Enter")
        for _step in range(12):
            if self.page.locator(f'[name="map-level"][value="{level}"]').is_checked():
                break
            self.key("ArrowRight")
        assert self.page.locator(f'[name="mark-{region}"]').input_value() == str(level)
        assert self.key("Escape")["region"] == region
        return self

    def seen_or_tab(self, view: str) -> type_of_focus:
        """The focus on a region of the drawing `view`, reached with Tab unless it is there."""
        focus: type_of_focus = self.page.evaluate(FOCUS)
        if focus["map"] == view:
            return focus
        return self.tab_until(lambda here: here["map"] == view, f"the drawing {view}")

    def _towards(self, right: float, down: float, focus: type_of_focus) -> type_of_focus:
        """One arrow nearer: along the longer way first, along the other where that does not go."""
        ways = [
            (abs(right), "ArrowRight" if right > 0 else "ArrowLeft"),
            (abs(down), "ArrowDown" if down > 0 else "ArrowUp"),
        ]
        for _far, arrow in sorted(ways, reverse=True):
            new = self.key(arrow)
            if new["region"] != focus["region"]:
                return new
        return focus


@pytest.fixture
def keys(desktop: Page, people: Cast) -> Keys:
    """Somebody at a desk without a mouse."""
    return Keys(desktop)


def neck_and_lower_back(keys: Visitor) -> None:
    """Two places by the arrows of the drawing."""
    keys.mark("lumbar_l", 7)
    keys.mark("upper_trap_l", 6)


def test_check_in_and_book(keys: Keys, people: Cast) -> None:
    answer_the_checkin(
        keys,
        mark=neck_and_lower_back,
        sentences=("rmdq_1", "rmdq_5"),
        worried=True,
        shares=("share_mind",),
    )
    keys.at("You can book")
    books(keys)
    keys.at(re.compile(f"{MONDAY}, 10:00 to 11:00"))
    appointment = Appointment.objects.get()
    assert appointment.status == Status.CONFIRMED
    checkin = appointment.checkin
    assert checkin is not None
    assert reads.marks_of(checkin) == {"lumbar_l": 7, "upper_trap_l": 6}
    assert sorted(checkin.shares) == ["share_body", "share_mind", "share_safety"]
    assert questionnaires.activities_of(checkin) == ("Lifting my child", "Gardening")
    points = questionnaires.points_of(checkin)
    assert [name for name, value in points["rmdq24"].items() if value] == ["rmdq_1", "rmdq_5"]
    assert len(points["rmdq24"]) == 24
    assert points["phq8"].keys() >= {"phq_3", "phq_8"}
    assert points["gad7"].keys() >= {"gad_3", "gad_7"}


def test_the_list_of_places(keys: Keys) -> None:
    begin(keys)
    two_marks_in_the_list(keys)
    keys.press("Continue").at("What is it like there?")
    assert reads.marks_of(CheckIn.objects.get()) == {"cervical_l": 6, "upper_trap_l": 7}


def books(keys: Keys) -> None:
    """From the result to a confirmed time, with a new account."""
    keys.press("See what may help")
    keys.press(re.compile("^Find a therapist for Swedish"))
    keys.press(re.compile("^See times with Tess"))
    keys.press("Week after")
    keys.press(re.compile(f"^{MONDAY}.* 10:00"))
    keys.press("Create an account")
    keys.fill("email", "nora@example.org")
    keys.fill("password1", "a-calm-river-at-noon")
    keys.press("Make my account")
    keys.fill("name", "Nora Lind")
    keys.press("Book this time")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<style>:focus { outline: none }</style><button>Go on</button>", "no ring"),
        ("<button style='position: fixed; top: -200px'>Go on</button>", "outside the window"),
        ("<button>Go on</button><b style='position: fixed; inset: 0'></b>", "below something"),
        ("<button onfocus='this.remove()'>Go on</button>", "never reached"),
    ],
)
def test_a_focus_that_cannot_be_seen_would_be_noticed(
    browser: Browser, body: str, fault: str
) -> None:
    page = browser.new_page()
    page.set_content(f"<style>:focus {{ outline: 3px solid }}</style>{body}")
    with pytest.raises(AssertionError, match=fault):
        Keys(page).tab_until(lambda focus: focus["words"] == "Go on", "Go on")
    page.close()


def test_a_lost_focus_would_be_noticed(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        "<style>:focus { outline: 3px solid }</style><button onclick='this.remove()'>Add</button>"
    )
    keys = Keys(page)
    keys.tab_until(lambda focus: focus["words"] == "Add", "Add")
    with pytest.raises(AssertionError, match="the focus is lost"):
        keys.key("Enter")
    page.close()
