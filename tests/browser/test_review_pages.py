"""Reviews by light and dark, narrow and wide: written, read, answered, asked about, judged."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Clock
from tests.browser.test_credential_pages import looked_at
from tests.browser.visitor import NARROWEST, Visitor
from tests.cast import NOW, Cast
from tests.journey.choose.listing import a_review
from tests.reviews import attended, hide, published, said, scores
from unknot.journey.choose.actions import reviews
from unknot.journey.follow.actions import reviews as follow

LONG = "Slow hands, and a question before each change of pressure. " * 5 + "W" * 60


@pytest.mark.parametrize("width", [NARROWEST, 1280])
def test_reviews_are_read_answered_reported_and_judged(
    open_page: Callable[..., Page], people: Cast, axe: Callable[..., None], width: int
) -> None:
    def visitor(name: str) -> Visitor:
        return Visitor(open_page(width=width, color_scheme="light"), axe).sign_in(name)

    for stars in (5, 4, 5, 3, 5):
        a_review(people.tess, people.ben, stars)
    visit = attended(people)
    review = published(visit, text=LONG)
    follow.leave_review(people.ana, visit.key, scores=scores(3), text="W" * 80, now=NOW)
    reviews.answer_review(people.tess.user, review.key, text="W" * 80, now=NOW)
    hide(people, said(people, client=people.ben, overall=1).key)

    tess = visitor("tess").go("/practice/reviews/").at("Your reviews")
    tess.page.locator(".reviews summary").first.click()
    looked_at(tess, axe, "reviews-own")
    tess.press(re.compile("^Change your answer")).at("Change your answer")
    tess.fill("text", "").press("Publish the answer")
    looked_at(tess, axe, "review-answer-refused")

    ben = visitor("ben").go("/therapists/tess/").at("Tess")
    expect(ben.main).to_contain_text("it would probably be at least")
    looked_at(ben, axe, "therapist-with-reviews")
    ben.main.get_by_role("link", name="Ask the operator to look at this").first.click()
    ben.at("Ask the operator to look at a review").press("Send it to the operator")
    looked_at(ben, axe, "review-report-refused")
    ben.fill("words", "It is about me.").press("Send it to the operator")
    ben.at("Decisions about reviews")
    looked_at(ben, axe, "review-decisions")

    opal = visitor("opal").go("/moderation/").at("Moderation")
    expect(opal.main).to_contain_text("It is about me.")
    looked_at(opal, axe, "moderation")
    opal.main.get_by_role("link", name="Decide").first.click()
    opal.at("Decide about a review").press("Decide")
    looked_at(opal, axe, "moderation-refused")
    opal.main.locator("[value=hide-insult]").check()
    opal.press("Decide").at("Moderation")
    expect(opal.main).to_contain_text("Nothing is waiting.")


@pytest.mark.parametrize("width", [NARROWEST, 1280])
def test_one_s_own_review_in_all_its_states(
    open_page: Callable[..., Page],
    people: Cast,
    axe: Callable[..., None],
    clock: Clock,
    width: int,
) -> None:
    visit = attended(people)
    address = f"/appointments/{visit.key}/review/"
    clock.move(visit.end + timedelta(hours=2))
    ana = Visitor(open_page(width=width, color_scheme="light"), axe).sign_in("ana")
    ana.page.goto(address)
    expect(ana.main).to_contain_text("You can review this session from 18 March 2026")
    looked_at(ana, axe, "review-early")
    clock.move(NOW - timedelta(days=8))
    ana.go(address).at(re.compile("^Your session with Tess"))
    looked_at(ana, axe, "review-new")
    for question in ("listening", "pressure_respected", "boundaries_respected", "overall"):
        ana.choose(question, 3)
    ana.fill("text", LONG).press("Send my review").go(address)
    looked_at(ana, axe, "review-waiting")
    clock.move(NOW)
    assert reviews.publish_reviews(NOW) == 1
    hide(people, people.tess.reviews.get().key)
    ana.go(address).at(re.compile("^Your session with Tess"))
    expect(ana.main).to_contain_text("Your review is hidden")
    expect(ana.main).to_contain_text("While it is hidden it cannot be taken back")
    looked_at(ana, axe, "review-hidden")
    key = people.tess.reviews.get().key
    reviews.decide(people.opal, key, decision="show", reason="fine", now=NOW)
    ana.go(address).at(re.compile("^Your session with Tess"))
    ana.page.locator("summary", has_text="Take this review back").click()
    ana.press("Yes, delete it").at("Appointments")
    expect(ana.main).to_contain_text("Your review is deleted.")
