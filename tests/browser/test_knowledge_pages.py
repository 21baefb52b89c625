"""What is known, by light and by dark, narrow and wide, without script and on paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import COLOURS
from tests.browser.visitor import NARROWEST, Visitor
from tests.cast import Cast

PAGES = {
    "/body-and-mind/": "Body and mind",
    "/techniques/swedish/": "Swedish (classic, relaxation) massage",
    "/techniques/lymphatic/": "Manual lymphatic drainage",
}
FOLDED = "main details :is(p, li)"
ALL_SHOWN = "all => all.every(one => one.checkVisibility())"


@pytest.mark.parametrize("width", [NARROWEST, 1280])
def test_nothing_for_axe_to_find_and_nothing_wider_than_the_window(
    open_page: Callable[..., Page], axe: Callable[..., None], people: Cast, width: int
) -> None:
    page = open_page(width=width, color_scheme="light")
    for address, heading in PAGES.items():
        page.emulate_media(color_scheme="light")
        Visitor(page, axe).go(address).at(heading).look(f"known-{address.split('/')[-2]}-{width}")
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        axe(page, rules=COLOURS)


def test_sources_open_without_script(open_page: Callable[..., Page], people: Cast) -> None:
    page = open_page(width=390, java_script_enabled=False)
    Visitor(page).go("/body-and-mind/")
    card = page.locator("#cortisol")
    source = card.get_by_text("Moyer 2011")
    expect(source).to_be_hidden()
    card.get_by_text("Where this is from").click()
    expect(source).to_be_visible()


def test_on_paper_every_finding_is_unfolded(open_page: Callable[..., Page], people: Cast) -> None:
    page = open_page(width=718)
    for address in PAGES:
        Visitor(page).go(address)
        page.emulate_media(media="screen")
        assert not page.locator(FOLDED).evaluate_all(ALL_SHOWN)
        page.emulate_media(media="print")
        assert page.locator(FOLDED).evaluate_all(ALL_SHOWN), address
