"""The body map's views, the list and the words beside them always say the same."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor, begin
from tests.cast import Cast


@pytest.fixture
def visitor(open_page: Callable[..., Page], people: Cast) -> Visitor:
    """Somebody with a narrow phone, on the page of the body map."""
    found = Visitor(open_page(width=320, height=640))
    begin(found)
    return found


def drawn(visitor: Visitor, view: str) -> int:
    return visitor.page.locator(f"svg[data-map={view}] .region").count()


def test_a_view_that_is_asked_for_is_fetched_and_marked_in_step_with_the_list(
    visitor: Visitor,
) -> None:
    page = visitor.page
    assert [drawn(visitor, view) for view in ("back", "neck_shoulders")] == [28, 0]
    page.locator("[data-show=neck_shoulders]").click()
    visitor.mark("levator_l", 7, view="neck_shoulders")
    expect(page.locator("#mark-levator_l")).to_have_value("7")
    whole = page.locator('svg[data-map=back] [data-region="upper_trap_l"]')
    expect(whole).to_have_attribute("data-level", "7")
    page.get_by_role("link", name="Use a list").click()
    page.get_by_text("Shoulders and upper back").click()
    page.locator("#mark-levator_l").select_option("")
    page.locator("#mark-upper_trap_r").select_option("4")
    expect(whole).not_to_have_attribute("data-level", "7")
    expect(page.locator("[data-places] li")).to_have_count(1)
    expect(page.locator("[data-places] [data-place]")).to_have_text("Top of shoulder, right")


def test_a_view_that_comes_broken_leaves_the_back_and_the_list(visitor: Visitor) -> None:
    page = visitor.page
    page.route(
        "**/drawings/*.svg",
        lambda route: route.fulfill(body='<svg xmlns="http://www.w3.org/2000/svg"/>'),
    )
    page.locator("[data-show=front]").click()
    expect(page.locator("#places-list")).to_have_attribute("open", "")
    expect(page.locator("unknot-bodymap")).to_have_attribute("data-view", "back")


def test_a_sentence_about_a_place_leads_to_it_in_the_list(visitor: Visitor) -> None:
    page = visitor.page
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("link", name="Mark at least one place").click()
    expect(page.locator("#places-list")).to_have_attribute("open", "")
