"""Every page of the check-in by light and by dark, narrow and wide, and some on paper."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.checkin_pages import each_page
from tests.browser.conftest import COLOURS
from tests.browser.visitor import NARROWEST, Visitor
from tests.cast import Cast

PAPER = 718  # the width of A4 in CSS pixels, less the usual margins
ON_PAPER = {"body", "places", "result", "result-care", "result-stop"}
PAGES = 17
ENOUGH = 800  # letters of what is wrong with one page

#: Wait until colours have stopped moving from one scheme to the other.
SETTLED = """async () => {
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    await Promise.all(document.getAnimations().map(one => one.finished));
}"""

#: What should not be on paper, or does not fit on it: buttons and what only a screen can do, words
#: that reach over the edge, boxes that hide a part of themselves, drawings wider than their frame.
MISPRINTED = """width => {
    const shown = one => one.checkVisibility() && one.getBoundingClientRect().width > 1;
    const all = [...document.querySelectorAll('main *, header *')].filter(shown);
    const faults = [];
    const say = (what, one) => faults.push(`${what}: ${one.outerHTML.slice(0, 100)}`);
    for (const one of all) {
        if (one.matches('button, .button, summary, select, nav a')) say('a button', one);
        const { left, right } = one.getBoundingClientRect();
        if (!one.closest('svg') && (right > width + 1 || left < -1)) say('over the edge', one);
        const hides = getComputedStyle(one).overflow !== 'visible'
            && !one.matches('svg, svg *, .sr-only');
        const larger = one.scrollHeight > one.clientHeight + 1
            || one.scrollWidth > one.clientWidth + 1;
        if (hides && larger) say('cut', one);
        if (one.matches('svg.bodymap')) {
            const drawn = one.querySelector('.silhouette').getBoundingClientRect();
            const frame = one.parentElement.getBoundingClientRect();
            if (drawn.left < frame.left - 1 || drawn.right > frame.right + 1
                || drawn.bottom > frame.bottom + 1) say('a cut drawing', one);
        }
    }
    return faults.slice(0, 8);
}"""


@pytest.mark.parametrize("width", [NARROWEST, 1280])
def test_nothing_for_axe_to_find_and_nothing_wider_than_the_window(
    open_page: Callable[..., Page],
    axe: Callable[..., None],
    people: Cast,
    live_server: LiveServer,
    width: int,
) -> None:
    page = open_page(width=width, color_scheme="light")
    seen, faults = [], []
    for name in each_page(page, people, live_server):
        seen.append(name)
        try:
            Visitor(page, axe).look(f"checkin-{name}")
            page.emulate_media(color_scheme="dark")
            page.evaluate(SETTLED)
            axe(page, rules=COLOURS)  # only colours differ in the dark
        except AssertionError as fault:
            faults.append(f"{name}: {str(fault)[:ENOUGH]}")
        page.emulate_media(color_scheme="light")
    assert faults == [], "\n".join(faults)
    assert len(set(seen)) == PAGES


def test_a_colour_too_faint_in_the_dark_alone_would_be_noticed(
    browser: Browser, axe: Callable[..., None]
) -> None:
    page = browser.new_page(color_scheme="light")
    page.set_content(
        "<html lang=en><title>t</title><style>"
        "body { background: white; color: black }"
        "@media (prefers-color-scheme: dark) { body { background: black; color: #222 } }"
        "</style><main><h1>t</h1><p>Too faint to read.</p></main>"
    )
    axe(page, rules=COLOURS)
    page.emulate_media(color_scheme="dark")
    with pytest.raises(AssertionError, match="color-contrast"):
        axe(page, rules=COLOURS)
    page.close()


def test_dark_is_dark(open_page: Callable[..., Page], people: Cast) -> None:
    page = open_page(width=NARROWEST, color_scheme="dark")
    page.goto("/check-in/")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.emulate_media(color_scheme="light")
    assert page.evaluate(ground) != dark


def test_on_paper_nothing_is_cut_and_no_button_is_left(
    open_page: Callable[..., Page], people: Cast, live_server: LiveServer
) -> None:
    page = open_page(width=PAPER)
    seen, faults = set(), []
    for name in each_page(page, people, live_server):
        if name in ON_PAPER:
            page.emulate_media(media="print")
            faults += [f"{name}: {fault}" for fault in page.evaluate(MISPRINTED, PAPER)]
            page.emulate_media(media="screen")
            seen.add(name)
    assert faults == [], "\n".join(faults)
    assert seen == ON_PAPER


@pytest.fixture
def sheet(browser: Browser) -> Iterator[Page]:
    """A page to write a fault on."""
    page = browser.new_page(viewport={"width": PAPER, "height": 900})
    yield page
    page.close()


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<button>Continue</button>", "a button"),
        ("<p style='width: 900px'>Long</p>", "over the edge"),
        ("<p style='height: 5px; overflow: hidden'>Two<br>lines</p>", "cut"),
    ],
)
def test_a_fault_on_paper_would_be_noticed(sheet: Page, body: str, fault: str) -> None:
    sheet.set_content(f"<main>{body}</main>")
    assert [said.split(":")[0] for said in sheet.evaluate(MISPRINTED, PAPER)] == [fault]
