"""From the result of a check-in every page to choose is near, and nothing is asked again."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client as Browser
from django.urls import resolve, reverse

from tests.access.test_red_flags_close_every_route import signed_in, visitor
from tests.cast import Cast
from tests.checkins import a_completed_checkin
from unknot.domain.screening import catalogue as screening

pytestmark = pytest.mark.usefixtures("now")

#: The steps of guiding and choosing; what an account or another role is needed for is elsewhere.
STEPS = ("understand:result", "choose:", "book:slots")
#: What a page says to somebody of whom it knows nothing.
ASKED_AGAIN = ("Check in first", "Check in to see")


def links(page: str, at: str) -> Iterator[str]:
    for href in re.findall(r'<a\b[^>]*\bhref="([^"#]+)', page):
        found = urlsplit(urljoin(at, href.replace("&amp;", "&")))
        if not found.netloc and found.scheme in {"", "http"}:
            yield found.path + (f"?{found.query}" if found.query else "")


def walked(browser: Browser) -> dict[str, str]:
    """Every page of the steps that links lead to from the result: its address and its text."""
    waiting, seen = [reverse("understand:result")], {}
    while waiting:
        address = waiting.pop()
        name = resolve(urlsplit(address).path).view_name
        if address in seen or not name.startswith(STEPS):
            continue
        answer = browser.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        seen[address] = answer.content.decode()
        if name != "book:slots":  # weeks lead to weeks without end
            waiting += links(seen[address], address)
    return seen


@pytest.mark.parametrize("account", [True, False], ids=["signed in", "without an account"])
def test_every_page_is_a_few_links_away_and_asks_nothing_again(cast: Cast, account: bool) -> None:
    checkin = a_completed_checkin(cast.ana if account else None, practice=cast.practice)
    pages = walked(signed_in(cast, "ana") if account else visitor(checkin))
    paths = {urlsplit(address).path for address in pages}
    expected = {
        reverse("choose:techniques"),
        reverse("choose:body-and-mind"),
        reverse("choose:therapists"),
        *(reverse("choose:technique", args=[one]) for one in screening.load().techniques),
        *(reverse("choose:therapist", args=[slug]) for slug in ("tess", "theo")),
        reverse("book:slots", args=["tess", cast.swedish.pk]),
    }
    assert expected <= paths
    for address, page in pages.items():
        assert [words for words in ASKED_AGAIN if words in page] == [], address


def test_somebody_without_a_checkin_is_asked_to_check_in(cast: Cast, client: Browser) -> None:
    page = client.get(reverse("choose:therapist", args=["tess"])).content.decode()
    assert any(words in page for words in ASKED_AGAIN)
