"""What each step of the check-in moves over the wire, from the server that installations run.

The bytes are those that arrive: status lines, headers and bodies of the page, of redirects on the
way to it, and of every file it needs, as packed on the wire. What the browser has kept counts too,
as if each file were asked for again: a person takes longer than a file may be kept unasked.
"""

import http.client
import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, Page

import unknot
from tests.browser.visitor import Visitor, answer_the_checkin, begin
from tests.cast import Cast
from unknot.project.commands.children import Children

LIMIT = 60_000  # bytes
ASKED_AGAIN = 900  # bytes of an answer "not modified"; a test measures it


class Wire:
    """The bytes that arrive at one page, counted by the browser itself."""

    def __init__(self, page: Page) -> None:
        self.moved, self.kept = 0, 0
        line = page.context.new_cdp_session(page)
        line.on("Network.requestWillBeSent", self._redirected)
        line.on("Network.loadingFinished", self._arrived)
        line.on("Network.requestServedFromCache", self._was_kept)
        line.send("Network.enable")

    def _redirected(self, event: dict[str, dict[str, int]]) -> None:
        self.moved += int(event.get("redirectResponse", {}).get("encodedDataLength", 0))

    def _arrived(self, event: dict[str, int]) -> None:
        self.moved += int(event["encodedDataLength"])

    def _was_kept(self, event: dict[str, object]) -> None:
        self.kept += 1

    def take(self) -> int:
        """The bytes since the last time."""
        taken = self.moved + self.kept * ASKED_AGAIN
        self.moved, self.kept = 0, 0
        return taken


@pytest.fixture
def served(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a web server started as `./unknot serve` starts it, on the test's database."""
    address = urlsplit(os.environ["UNKNOT_DATABASE_URL"])
    database = address._replace(path="/" + str(connection.settings_dict["NAME"])).geturl()
    for name, value in {
        "DJANGO_SETTINGS_MODULE": "unknot.project.settings",
        "PYTHONPATH": str(Path(unknot.__file__).resolve().parents[1]),
        "UNKNOT_DATA": str(tmp_path),
        "UNKNOT_DATABASE_URL": database,
        "UNKNOT_MODE": "serve",
        "UNKNOT_SECRET_KEY": settings.SECRET_KEY,
    }.items():
        monkeypatch.setenv(name, value)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    family = Children("127.0.0.1", port)
    family.start()
    try:
        family.await_answer()
        yield f"http://127.0.0.1:{port}"
    finally:
        family.stop()


@pytest.fixture
def page(browser: Browser, served: str) -> Iterator[Page]:
    """A phone with nothing kept from before."""
    context = browser.new_context(base_url=served, viewport={"width": 390, "height": 844})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def every_view(visitor: Visitor) -> None:
    """Open every drawing of the body, then mark one place on the back and one on the front."""
    for name in ("Zoom: neck and shoulders", "Zoom: lower back", "Front", "Back"):
        visitor.main.get_by_role("button", name=name, exact=True).click()
        visitor.page.wait_for_load_state("networkidle")
    visitor.mark("lumbar_l", 7)
    visitor.main.get_by_role("button", name="Front", exact=True).click()
    visitor.mark("hand_l", 3, view="front")


def weigh(page: Page, walk: Callable[[Callable[[str], object]], object]) -> dict[str, int]:
    """The bytes of each page of a walk, each from the page before until it is looked at."""
    wire, weights = Wire(page), {}

    def look(name: str) -> None:
        page.wait_for_load_state("networkidle")
        weights[name] = wire.take()

    walk(look)
    look("result")
    return weights


def assert_light(weights: dict[str, int]) -> None:
    """Assert that no page but the first moves more than the limit."""
    first, *steps = weights
    heavy = {name: weights[name] for name in steps if weights[name] > LIMIT}
    assert heavy == {}, f"more than {LIMIT} bytes: {heavy}; the first page, {first}, is free"


def test_no_step_moves_more_than_60_kilobytes(
    page: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = weigh(
        page,
        lambda look: answer_the_checkin(
            Visitor(page), mark=every_view, sentences=("rmdq_1",), worried=True, look=look
        ),
    )
    with capsys.disabled():
        print("", *(f"{name:24}{bytes:>8} bytes" for name, bytes in weights.items()), sep="\n")
    assert_light(weights)
    assert len(weights) == 13


def test_without_script_neither(browser: Browser, served: str) -> None:
    context = browser.new_context(base_url=served, java_script_enabled=False)
    page = context.new_page()
    weights = weigh(page, lambda look: walk_to_the_map(Visitor(page), look))
    assert_light(weights)
    context.close()


def walk_to_the_map(visitor: Visitor, look: Callable[[str], object]) -> None:
    """The first page and the largest, which without script has the list alone."""
    begin(visitor, look)


def test_the_counter_counts_what_arrives_and_what_is_kept(page: Page, served: str) -> None:
    wire = Wire(page)
    page.goto("/check-in/")
    page.wait_for_load_state("networkidle")
    first, links = wire.take(), page.locator("link[rel=stylesheet], link[rel=preload]")
    files = links.evaluate_all("all => all.map(one => one.href)")
    assert first > sum(size_of(served, file) for file in files) > 50_000
    page.goto("/check-in/under-18/")
    page.wait_for_load_state("networkidle")
    again = wire.take()
    assert len(files) * ASKED_AGAIN < again < first / 2
    page.goto("/static/web/bodymap.js")
    assert wire.take() >= size_of(served, f"{served}/static/web/bodymap.js")


def size_of(served: str, file: str) -> int:
    """The bytes of a file as the server sends them."""
    status, _head, body = ask(served, urlsplit(file).path)
    assert status == 200
    return len(body)


def ask(served: str, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Ask for a file as a browser does, packed if the server packs."""
    line = http.client.HTTPConnection(urlsplit(served).netloc, timeout=20)
    line.request("GET", path, headers={"Accept-Encoding": "gzip, br", **headers})
    answer = line.getresponse()
    body = answer.read()
    line.close()
    return answer.status, answer.headers, body


def test_asking_again_moves_no_more_than_is_counted(served: str) -> None:
    path = "/static/web/components.css"
    _status, head, _body = ask(served, path)
    status, again, body = ask(served, path, **{"If-Modified-Since": str(head["Last-Modified"])})
    assert (status, body) == (304, b"")
    assert len(str(again)) + len("HTTP/1.1 304 Not Modified\r\n") <= ASKED_AGAIN


def test_a_heavy_step_would_be_noticed() -> None:
    assert_light({"first": LIMIT + 1, "second": LIMIT})
    with pytest.raises(AssertionError, match=re.escape("{'second': 60001}")):
        assert_light({"first": 1, "second": LIMIT + 1})
