"""Questionnaires on a phone: a question that falls away, folded activities, help in reach."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor, begin
from tests.cast import Cast
from unknot.journey.understand import questionnaires
from unknot.journey.understand.models import CheckIn

FREQ, LIMIT = "gcps_r-nhis_pain_freq", "gcps_r-nhis_pain_limit"


@pytest.fixture(params=["light", "dark"])
def visitor(
    request: pytest.FixtureRequest,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    people: Cast,
) -> Visitor:
    """Somebody with the narrowest phone, past the first page."""
    found = Visitor(open_page(width=320, height=640, color_scheme=request.param), axe)
    begin(found)
    return found


def test_never_takes_the_next_question_away(visitor: Visitor) -> None:
    visitor.go("/check-in/everyday/").look("everyday-empty")
    limit = visitor.page.locator(f"[name={LIMIT}]").first
    expect(limit).to_be_visible()
    visitor.choose(LIMIT, 3).choose(FREQ, 0)
    expect(limit).to_be_hidden()
    visitor.choose(FREQ, 2)
    expect(limit).to_be_visible()
    visitor.choose(FREQ, 0).press("Continue").at("How is your mind?")
    assert questionnaires.points_of(CheckIn.objects.get())["gcps_r"] == {"nhis_pain_freq": 0}


def test_a_mistake_in_a_folded_activity_is_open_and_named(visitor: Visitor) -> None:
    visitor.go("/check-in/everyday/").open("Add a second activity").choose("hard_2", 3)
    visitor.press("Continue").at("Your everyday")
    summary = visitor.page.locator(".error-summary")
    expect(summary).to_contain_text("Name the activity that you rated.")
    expect(visitor.page.locator("[name=activity_2]")).to_be_visible()
    expect(visitor.page.locator("[name=activity_3]")).to_be_hidden()
    visitor.look("everyday-wrong")


def test_the_way_to_help_leaves_no_word_in_the_addresses(visitor: Visitor) -> None:
    visitor.go("/check-in/mind/")
    card = visitor.page.get_by_role("heading", name="If you need help now")
    expect(card).not_to_be_in_viewport()
    visitor.main.get_by_role("link", name="If you need help now").click()
    expect(card).to_be_in_viewport()
    visitor.choose("phq4-gad_1", 3).choose("phq4-gad_2", 0)
    visitor.press("Continue").at("A little more").look("more")
    expect(visitor.page).to_have_url(re.compile(r"/check-in/more/(#help)?$"))
