"""The check-in on a phone by the list of places alone; the drawing follows and is never touched."""

from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor, answer_the_checkin, begin
from tests.cast import Cast
from unknot.journey.understand import reads
from unknot.journey.understand.models import CheckIn

#: Count every touch, click and key that reaches a drawing.
COUNT = """() => {
    window.touches = 0;
    const count = event => { window.touches += event.target.closest('svg.bodymap') ? 1 : 0; };
    for (const kind of ['pointerdown', 'click', 'keydown']) {
        document.addEventListener(kind, count, true);
    }
}"""
TOUCHES = "window.touches"


def three_places(visitor: Visitor) -> None:
    """A side of the neck, a place too small for the whole drawing, and one on the front."""
    page = visitor.page
    page.evaluate(COUNT)
    visitor.open_the_list()
    visitor.open("Neck").select("mark-cervical_l", 6).select("mark-suboccipital_r", 4)
    visitor.open("Arms and hands").select("mark-hand_l", 3)
    expect(page.locator('svg[data-map=back] [data-region="cervical_l"]')).to_have_attribute(
        "data-level", "6"
    )
    expect(page.locator('svg[data-map=front] [data-region="hand_l"]')).to_have_attribute(
        "data-level", "3"
    )
    expect(visitor.main.get_by_role("heading", name="You marked 3 places")).to_be_visible()
    assert page.evaluate(TOUCHES) == 0


def test_the_check_in(phone: Page, people: Cast) -> None:
    answer_the_checkin(Visitor(phone), mark=three_places)
    Visitor(phone).at("You can book")
    checkin = CheckIn.objects.get()
    assert reads.marks_of(checkin) == {"cervical_l": 6, "suboccipital_r": 4, "hand_l": 3}
    assert checkin.completed_at is not None


def test_taking_a_place_back_in_the_list(phone: Page, people: Cast) -> None:
    visitor = Visitor(phone)
    begin(visitor)
    three_places(visitor)
    visitor.select("mark-hand_l", "")
    expect(visitor.main.get_by_role("heading", name="You marked 2 places")).to_be_visible()
    expect(phone.locator('svg[data-map=front] [data-region="hand_l"][data-level]')).to_have_count(0)


def test_a_touch_of_the_drawing_would_be_counted(phone: Page, people: Cast) -> None:
    visitor = Visitor(phone)
    begin(visitor)
    phone.evaluate(COUNT)
    visitor.mark("upper_trap_l", 3)
    assert phone.evaluate(TOUCHES) > 0
