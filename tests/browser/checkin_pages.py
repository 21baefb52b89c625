"""Every page of the check-in, reached at once: for tests that look at each of them closely."""

from collections.abc import Iterator

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.visitor import Visitor, give_checkin
from tests.cast import Cast
from tests.checkins import a_checkin, a_completed_checkin

#: Five places, the strongest in the lower back: every kind of question is asked about them.
MARKS = {"lumbar_l": 7, "cervical_l": 6, "upper_trap_l": 4, "thigh_back_l": 3, "hand_r": 2}
WORRIED = {"stress": 7, "sleep": 3, "phq4": (3, 3, 3, 3)}

#: The pages of a check-in that is under way, by name.
UNDER_WAY = {
    "body": "/check-in/body/",
    "places": "/check-in/places/",
    "story": "/check-in/story/",
    "everyday": "/check-in/everyday/",
    "today": "/check-in/today/",
    "mind": "/check-in/mind/",
    "more": "/check-in/more/",
    "about": "/check-in/safety/?about=1",
    "safety": "/check-in/safety/",
    "history": "/check-in/history/",
    "wishes": "/check-in/wishes/",
}

#: The answers that lead to each kind of result.
RESULTS = {
    "result": {},
    "result-care": {"conditions": ("diabetes",), "marks": MARKS, **WORRIED},
    "result-stop": {"red_flags": ("rf_stroke",)},
    "result-same-day": {"red_flags": ("rf_gca",)},
}


def each_page(page: Page, people: Cast, server: LiveServer) -> Iterator[str]:
    """Open one page of the check-in after the other, filled in, and give its name."""
    visitor = Visitor(page)
    for name, address in (("start", "/check-in/"), ("minor", "/check-in/under-18/")):
        visitor.go(address)
        yield name
    draft = a_checkin(
        practice=people.practice, marks=MARKS, activities=("Lifting my child",), **WORRIED
    )
    give_checkin(page, server, draft)
    for name, address in UNDER_WAY.items():
        visitor.go(address)
        assert page.url.endswith(address), f"{name} leads to {page.url}"
        yield name
    yield from each_result(page, people, server)


def each_result(page: Page, people: Cast, server: LiveServer) -> Iterator[str]:
    """Open one kind of result after the other, and give its name."""
    for name, answers in RESULTS.items():
        checkin = a_completed_checkin(None, practice=people.practice, **answers)
        give_checkin(page, server, checkin)
        Visitor(page).go("/check-in/result/")
        yield name
