"""Headless Chromium for the tests: one browser, one fresh context for each page.

A page fails its test when the console shows an error, when the Content-Security-Policy refuses
something, or when anything is requested from another host.
"""

import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests import chromium
from tests.cast import NOW, Cast, the_cast

# A form filled in wrongly (422) or too long (413), a time that is gone (409), a network that a test
# took away: designed answers.
DESIGNED = re.compile(
    r"Failed to load resource: (.* status of (409|413|422)|net::ERR_INTERNET_DISCONNECTED)"
)

#: The rules whose answer changes with the colours alone.
COLOURS = ("color-contrast", "link-in-text-block")

ONLY_FAULTS = {"resultTypes": ["violations"]}  # nothing is looked at less, half the time is spent

type_of_opener = Callable[..., Page]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of the run; without one the tests are skipped, or fail under CI=true."""
    program = chromium.find()
    if program is None:
        sentence = "No Chromium: run ./unknot test, or set UNKNOT_CHROMIUM to its program."
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, chromium_sandbox=False, args=chromium.ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[type_of_opener]:
    """Open a page of its own visitor: `open_page(width=390, height=844)`, at the live server."""
    faults: list[str] = []
    contexts = []

    def open_one(*, width: int, height: int = 900, **options: object) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale="en-GB",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        watch(page, live_server.url, faults)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert faults == [], "\n".join(faults)


def watch(page: Page, home: str, faults: list[str]) -> None:
    """Write into `faults` whatever `page` should not have done."""

    def heard(message: object) -> None:
        text = message.text
        if message.type == "error" and not DESIGNED.match(text):
            faults.append(f"{page.url}: the console said: {text}")

    def asked(request: object) -> None:
        if not request.url.startswith((home, "data:", "blob:", "about:")):
            faults.append(f"{page.url}: asked another host: {request.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: a script failed: {error}"))
    page.on("request", asked)


class Clock:
    """The clock of the server, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.patch = monkeypatch
        self.move(NOW)

    def move(self, to: datetime) -> None:
        """Let every page read this instant from now on."""
        self.patch.setattr("django.utils.timezone.now", lambda: to)
        self.patch.setattr("unknot.journey.book.reads.clock.database_now", lambda: to)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The fixed clock, which a test may move."""
    return Clock(monkeypatch)


@pytest.fixture
def people(transactional_db: None, clock: Clock) -> Cast:
    """The cast, seen by the server's own threads."""
    return the_cast()


@pytest.fixture
def phone(open_page: type_of_opener) -> Page:
    """A visitor with a phone, 390 pixels wide."""
    return open_page(width=390, height=844, has_touch=True, device_scale_factor=2)


@pytest.fixture
def desktop(open_page: type_of_opener) -> Page:
    """A visitor with a screen 1280 pixels wide."""
    return open_page(width=1280)


#: Two frames for a change of scheme to be drawn, then every transition at its end.
AT_REST = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.allSettled(document.getAnimations().map(one => one.finished));
}"""


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """Assert that axe finds nothing wrong on a page: `axe(page)`, with `rules=COLOURS` for some."""
    engine = Axe()

    def assert_accessible(page: Page, *, rules: tuple[str, ...] = ()) -> None:
        page.evaluate(AT_REST)  # a colour on its way from light to dark is no colour of ours
        only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
        options = {**ONLY_FAULTS, **only}
        found = engine.run(page, options=options).response["violations"]
        lines = [
            f"{page.url}: {fault['id']}: {fault['help']}: {node['target']} {node['html'][:120]}"
            for fault in found
            for node in fault["nodes"]
        ]
        assert lines == [], "\n".join(lines)

    return assert_accessible
