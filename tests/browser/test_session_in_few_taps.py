"""A normal session from the day to the signature, each tap counted; and the pages around it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.appointments import a_recheck
from tests.browser.conftest import COLOURS, Clock
from tests.browser.test_each_page import SETTLED
from tests.browser.visitor import Visitor
from tests.cast import Cast
from tests.records import AFTER, NOON, a_signed_record, a_visit
from unknot.journey.session.actions import starts
from unknot.journey.session.models import SessionNote

MOST_TAPS = 25
RATING_TAPS = 4
TARGET = 44  # pixels, both ways
PHRASES = {
    "subjective": "Tight after desk work, nothing new.",
    "objective": "Firm, warm, moves freely after.",
    "assessment": "Fits long sitting.",
    "plan": "Same again in ten days.",
}


class Thumb(Visitor):
    """Somebody who taps, and counts."""

    taps = 0

    def tap(self, target: Locator) -> None:
        """Tap once; what is tapped is large enough for a thumb."""
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= TARGET, f"{target}: {box}"
        target.tap()
        self.taps += 1

    def tap_through(self, target: Locator) -> None:
        """Tap once and arrive at the next page."""
        with self.page.expect_navigation():
            self.tap(target)

    def pick(self, field: str, value: object) -> None:
        """Open a list and tap an entry: two taps."""
        self.page.locator(f'select[name="{field}"]').select_option(str(value))
        self.taps += 2

    def open_the_record(self) -> None:
        """Tap the link of the day; how large it is, is for the day to say."""
        self.follow(self.main.get_by_role("link", name=re.compile("^Record")).first)
        self.taps += 1

    def rate(self, field: str, value: int) -> None:
        """Tap one of eleven numbers."""
        self.tap(self.page.locator(f'label:has(input[name="{field}"][value="{value}"])'))
        expect(self.page.locator(f'input[name="{field}"][value="{value}"]')).to_be_checked()


@pytest.fixture
def tess(phone: Page, people: Cast, clock: Clock) -> Thumb:
    """Tess at her day; she has her phrases, and nobody has asked the question of today yet."""
    a_visit(people, said="")
    clock.move(AFTER)
    for section, text in PHRASES.items():
        starts.add_phrase(people.user("tess"), section=section, text=text)
    thumb = Thumb(phone)
    thumb.sign_in("tess").at(re.compile("Friday"))
    return thumb


def test_a_normal_session_takes_25_taps_or_fewer(tess: Thumb) -> None:
    tess.open_the_record()
    tess.tap_through(tess.main.get_by_role("button", name="They say: nothing new"))
    tess.rate("pain_before", 6)
    tess.rate("tension_before", 7)
    tess.tap_through(tess.main.get_by_role("button", name="Start from the plan"))
    rows = tess.page.locator('select[name$="-region"]').evaluate_all(
        "all => all.filter(one => one.value).length"
    )
    assert rows >= 2
    for index in range(rows):
        tess.pick(f"row-{index}-pressure", 3)
    for text in PHRASES.values():
        tess.tap(tess.main.get_by_role("button", name=text))
    tess.rate("pain_after", 4)
    tess.rate("tension_after", 3)
    tess.tap(tess.page.locator("label:has([name=confirm])"))
    tess.tap_through(tess.main.get_by_role("button", name="Sign and lock"))
    note = SessionNote.objects.get()
    assert note.signed_at is not None
    assert (note.pain_before, note.tension_after, note.plan) == (6, 3, PHRASES["plan"])
    assert note.treatments.count() == rows
    assert tess.taps <= MOST_TAPS, tess.taps
    print(f"{tess.taps} taps")


def test_a_session_like_the_last_takes_fewer_still(tess: Thumb, people: Cast) -> None:
    visit = people.ana.appointment_set.get()
    a_recheck(people, visit)
    a_signed_record(people, visit)
    again = a_visit(people, start=NOON + timedelta(hours=2))
    tess.go(f"/appointments/{again.key}/record/")
    tess.taps = 1
    tess.tap_through(tess.main.get_by_role("button", name="Start like last time"))
    for name, value in (("pain_before", 5), ("tension_before", 5)):
        tess.rate(name, value)
    for section in ("subjective", "objective"):
        tess.tap(tess.main.get_by_role("button", name=PHRASES[section]))
    for name, value in (("pain_after", 4), ("tension_after", 3)):
        tess.rate(name, value)
    tess.tap(tess.page.locator("label:has([name=confirm])"))
    tess.tap_through(tess.main.get_by_role("button", name="Sign and lock"))
    assert SessionNote.objects.get(appointment=again).signed_at is not None
    assert tess.taps <= 10


def test_before_and_after_are_one_tap_each(tess: Thumb) -> None:
    tess.open_the_record()
    tess.tap_through(tess.main.get_by_role("button", name="They say: nothing new"))
    tess.taps = 0
    for name in ("pain_before", "tension_before", "pain_after", "tension_after"):
        expect(tess.page.locator(f"label:has(input[name={name}])")).to_have_count(11)
        tess.rate(name, 0)
    assert tess.taps == RATING_TAPS


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_around_a_record_by_light_and_dark(
    open_page: Callable[..., Page],
    axe: Callable[..., None],
    people: Cast,
    clock: Clock,
    width: int,
) -> None:
    visit = a_visit(people)
    a_signed_record(people, visit)
    again = a_visit(people, start=NOON + timedelta(hours=2))
    clock.move(AFTER)
    tess = people.user("tess")
    for section, text in PHRASES.items():
        starts.add_phrase(tess, section=section, text=text * 3)
    made = starts.keep_template(tess, visit, name="W" * 60)
    visitor = Visitor(open_page(width=width, color_scheme="light"), axe).sign_in("tess")
    for name, address in {
        "record": f"/appointments/{again.key}/record/",
        "record-signed": f"/appointments/{visit.key}/record/",
        "phrases": "/records/phrases/",
        "templates": "/records/templates/",
        "template": f"/records/templates/{made.pk}/",
        "logout": "/accounts/logout/",
    }.items():
        visitor.go(address).look(f"session-{name}")
        visitor.page.emulate_media(color_scheme="dark")
        visitor.page.evaluate(SETTLED)
        axe(visitor.page, rules=COLOURS)
        visitor.page.emulate_media(color_scheme="light")
