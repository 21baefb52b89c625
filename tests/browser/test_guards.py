"""The guards of the browser tests, each shown to bite."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.conftest import watch
from unknot.people import outbox

HOME = "http://home.test"


@pytest.fixture
def watched(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page at an invented address, and the list of what it should not have done."""
    page, faults = browser.new_page(), []
    watch(page, HOME, faults)
    yield page, faults
    page.close()


def answer(page: Page, body: str, *, status: int = 200, policy: str = "") -> None:
    """Let every address answer with `body`, and open the page."""
    headers = {"content-type": "text/html"}
    if policy:
        headers["content-security-policy"] = policy

    def fulfil(route: Route) -> None:
        if route.request.url.endswith("/favicon.ico"):
            route.fulfill(status=200, body="")
        else:
            route.fulfill(status=status, headers=headers, body=body)

    page.route("**/*", fulfil)
    page.goto(HOME + "/")


def test_a_quiet_page_has_no_faults(watched):
    page, faults = watched
    answer(page, "<h1>Quiet</h1>")
    assert faults == []


def test_a_console_error_is_a_fault(watched):
    page, faults = watched
    answer(page, "<script>console.error('went wrong')</script>")
    assert any("went wrong" in fault for fault in faults)


def test_a_broken_script_is_a_fault(watched):
    page, faults = watched
    answer(page, "<script>nothing.of.that.name()</script>")
    assert any("a script failed" in fault for fault in faults)


def test_what_the_policy_refuses_is_a_fault(watched):
    page, faults = watched
    answer(page, "<p style='color:red'>x</p>", policy="default-src 'none'")
    assert any("Content Security Policy" in fault for fault in faults)


def test_another_host_is_a_fault(watched):
    page, faults = watched
    answer(page, "<img alt='' src='http://other.test/pixel.gif'>")
    page.wait_for_load_state("networkidle")
    assert any("asked another host: http://other.test" in fault for fault in faults)


@pytest.mark.parametrize(("status", "count"), [(422, 0), (413, 0), (409, 0), (500, 1), (404, 1)])
def test_only_designed_answers_are_let_through(watched, status, count):
    page, faults = watched
    answer(page, "<h1>x</h1>", status=status)
    assert len(faults) == count


def test_axe_names_a_planted_fault(browser, axe: Callable[[Page], None]):
    page = browser.new_page()
    page.set_content("<html lang=en><title>t</title><main><h1>t</h1><input></main>")
    with pytest.raises(AssertionError, match="label"):
        axe(page)
    page.set_content(
        "<html lang=en><title>t</title><main><h1>t</h1><label>Name<input></label></main>"
    )
    axe(page)
    page.close()


def test_the_live_server_sees_what_the_test_wrote(phone):
    outbox.heartbeat(datetime.now(UTC))
    assert phone.goto("/health").status == 200
    assert phone.viewport_size == {"width": 390, "height": 844}
