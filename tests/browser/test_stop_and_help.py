"""The stop page and the help on the page about the mind: one action first, and in sight."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Clock
from tests.browser.visitor import Visitor, give_checkin
from tests.cast import Cast
from tests.checkins import a_checkin, a_completed_checkin
from unknot.domain.screening import catalogue as screening

FOLD = 844  # the height of the phone
NUMBER = "144"  # neither the number of the footer nor of most of Europe
CONTROLS = "a, button, input, select, textarea, summary"


@pytest.fixture
def visitor(phone: Page, people: Cast) -> Visitor:
    """Somebody with a phone, at a practice with its own emergency number."""
    people.practice.emergency_number = NUMBER
    people.practice.save(update_fields=["emergency_number"])
    return Visitor(phone)


@pytest.fixture
def answers(visitor: Visitor, people: Cast, live_server: LiveServer) -> Callable[..., Visitor]:
    """Come to the result of a check-in with these answers: `answers(red_flags=["rf_gca"])`."""

    def come(**said: object) -> Visitor:
        checkin = a_completed_checkin(None, practice=people.practice, **said)
        give_checkin(visitor.page, live_server, checkin)
        return visitor.go("/check-in/result/")

    return come


def assert_in_sight(*shown: Locator) -> None:
    """Assert that each stands wholly in the first window, without scrolling."""
    for one in shown:
        expect(one).to_be_visible()
        box = one.bounding_box()
        assert box is not None
        assert box["y"] >= 0, box
        assert box["y"] + box["height"] <= FOLD, box


def heading(visitor: Visitor, words: str) -> Locator:
    """The heading with these words."""
    return visitor.main.get_by_role("heading", name=words, exact=True)


def test_an_emergency_has_one_action_first(answers: Callable[..., Visitor]) -> None:
    visitor = answers(red_flags=("rf_stroke",)).at("Stop. Get medical help now.")
    call = visitor.main.get_by_role("link", name=f"Call {NUMBER}")
    assert_in_sight(visitor.main.get_by_role("heading", level=1), call)
    assert call.get_attribute("href") == f"tel:{NUMBER}"
    first = visitor.main.locator(CONTROLS).first
    assert first.get_attribute("href") == f"tel:{NUMBER}"
    assert visitor.page.evaluate("scrollY") == 0


@pytest.mark.parametrize("flag", ["rf_stroke", "rf_gca"])
def test_it_says_which_words_why_and_what_if(answers: Callable[..., Visitor], flag: str) -> None:
    visitor = answers(red_flags=(flag,))
    question = screening.load().red_flag(flag).question
    say = visitor.main.get_by_role("region", name="Say these words")
    expect(say).to_contain_text("Before a massage I answered a safety questionnaire.")
    expect(say).to_contain_text(question)
    why = visitor.main.get_by_role("region", name="Why we stopped")
    expect(why).to_contain_text("This is not a diagnosis.")
    expect(heading(visitor, "Answered by mistake?")).to_be_visible()
    expect(heading(visitor, "What happens now")).to_be_visible()
    order = visitor.main.get_by_role("heading").all_inner_texts()
    assert order.index("Say these words") < order.index("Why we stopped")
    assert order.index("Why we stopped") < order.index("Answered by mistake?")
    assert_in_sight(visitor.main.get_by_role("heading", level=1), heading(visitor, order[1]))


def test_no_emergency_calls_no_emergency_number(answers: Callable[..., Visitor]) -> None:
    visitor = answers(red_flags=("rf_gca",)).at("Speak to a doctor today")
    assert visitor.main.get_by_role("link", name=f"Call {NUMBER}").count() == 0
    assert_in_sight(visitor.main.get_by_role("link", name="Ask the practice to call you"))


def test_a_button_below_the_fold_would_be_noticed(visitor: Visitor) -> None:
    visitor.page.set_content(
        f"<main><h1>Stop</h1><p style='height: {FOLD}px'></p><a href='tel:1'>Call</a></main>"
    )
    assert_in_sight(visitor.main.get_by_role("heading", level=1))
    with pytest.raises(AssertionError, match="'y'"):
        assert_in_sight(visitor.main.get_by_role("link", name="Call"))


def test_help_is_one_press_away_from_every_question_about_the_mind(
    visitor: Visitor, people: Cast, live_server: LiveServer, clock: Clock
) -> None:
    give_checkin(visitor.page, live_server, a_checkin(practice=people.practice, phq4=(3, 3, 3, 3)))
    for page in ("mind", "more"):
        visitor.go(f"/check-in/{page}/")
        now = visitor.main.get_by_role("link", name="If you need help now")
        assert_in_sight(now)
        expect(visitor.page.locator(str(now.get_attribute("href")))).to_have_count(1)
        now.click()
        card = visitor.main.get_by_role("complementary", name="If you need help now")
        number = card.get_by_role("link", name=NUMBER)
        expect(number).to_be_in_viewport()
        assert number.get_attribute("href") == f"tel:{NUMBER}"


def test_mood_that_low_shows_help_and_blocks_nothing(answers: Callable[..., Visitor]) -> None:
    visitor = answers(phq4=(3, 3, 3, 3)).at("You can book")
    help_ = visitor.main.get_by_role("complementary").first
    expect(help_.get_by_role("link", name=NUMBER)).to_be_visible()
    expect(visitor.main.get_by_role("link", name="See what may help")).to_be_visible()
