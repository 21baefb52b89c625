"""A manager reads every questionnaire, words one, and checks the numbers, on phone and screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor
from tests.cast import Cast

WHO5 = tuple(f"who5_{number}" for number in range(1, 6))


@pytest.mark.parametrize("width", [390, 1280])
def test_a_manager_words_a_questionnaire_and_reads_it_as_asked(
    open_page: Callable[..., Page],
    people: Cast,
    axe: Callable[[Page], None],
    width: int,
) -> None:
    page = open_page(width=width)
    paz = Visitor(page, axe).sign_in("paz")
    paz.go("/practice/questionnaires/")
    paz.main.get_by_text("PEG scale").click()
    paz.look("questionnaires")
    paz.press("Add your own wording WHO-5 Well-Being Index").look("wording-empty")
    paz.press("Save the wording").look("wording-wrong")
    paz.fill("licence", "Example holder, licence 12 of 3 March 2026").fill("language", "en")
    for name in WHO5:
        paz.fill(f"item-{name}", f"Neutral text for {name}")
    paz.press("Save the wording")
    expect(page.get_by_text("Saved. It is asked in every check-in from now on.")).to_be_visible()
    paz.main.locator("summary").click()
    paz.look("wording-saved")
    paz.press("All questionnaires")
    expect(paz.main.get_by_text("Asked in your wording")).to_be_visible()
    paz.go("/practice/settings/").look("settings")
    paz.tick("numbers-checked").press("Save the numbers")
    expect(paz.main.get_by_text("Paz checked them on 27 March 2026.")).to_be_visible()
