"""The pictures of the README, taken from real pages; UNKNOT_PICTURES=write keeps new ones."""

import math
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client as Browser
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Clock
from tests.browser.visitor import Visitor, give_checkin, give_session, two_marks
from tests.cast import TODAY, Cast, at
from tests.checkins import a_checkin, a_completed_checkin
from tests.records import a_signed_record, a_visit
from unknot.interfaces.checkins.daily_csv import DayRow
from unknot.journey.follow.actions import check_ins as follow
from unknot.people.models import Origin

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
LARGEST = 300_000
DAYS = 84
SESSIONS = (-63, -42, -21)  # days before today


@pytest.fixture
def keep(tmp_path: Path) -> Callable[..., Path]:
    """Take the picture of a page as it stands: `keep(page, "body.png", height=800)`."""

    def take(page: Page, name: str, *, height: int) -> Path:
        folder = FOLDER if os.environ.get("UNKNOT_PICTURES") == "write" else tmp_path
        width = page.viewport_size["width"]
        page.evaluate("document.fonts.ready")
        page.screenshot(
            path=folder / name,
            clip={"x": 0, "y": 0, "width": width, "height": height},
            full_page=True,
        )
        return folder / name

    return take


def assert_small(picture: Path) -> None:
    """Assert that a picture was taken and that a slow line can carry it."""
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert 10_000 < picture.stat().st_size < LARGEST, picture.stat().st_size


def test_where_it_hurts(
    open_page: Callable[..., Page],
    people: Cast,
    live_server: LiveServer,
    keep: Callable[..., Path],
) -> None:
    page = open_page(width=390, height=1180, has_touch=True, device_scale_factor=1.5)
    give_checkin(page, live_server, a_checkin(practice=people.practice, marks={"head_back": 3}))
    two_marks(Visitor(page).go("/check-in/body/"))
    page.mouse.move(0, 0)
    assert_small(keep(page, "body.png", height=1180))


def test_techniques_with_their_evidence(
    desktop: Page, people: Cast, live_server: LiveServer, keep: Callable[..., Path]
) -> None:
    checkin = a_completed_checkin(None, practice=people.practice, stress=7, sleep=3)
    give_checkin(desktop, live_server, checkin)
    Visitor(desktop).go("/techniques/").at("What may help you")
    assert_small(keep(desktop, "techniques.png", height=1240))


def test_body_and_mind_over_time(
    desktop: Page,
    people: Cast,
    live_server: LiveServer,
    clock: Clock,
    client: Browser,
    keep: Callable[..., Path],
) -> None:
    three_months(people)
    client.force_login(people.user("ana"))
    give_session(desktop, live_server, client.cookies["sessionid"].value)
    Visitor(desktop).go("/progress/").at("Your progress")
    assert desktop.locator("svg.chart").first.is_visible()
    assert_small(keep(desktop, "progress.png", height=1500))


def three_months(people: Cast) -> None:
    """Simulated days, weeks and three sessions of Ana, labelled as simulated."""
    ana = people.ana
    ana.origin = Origin.SIMULATED
    ana.save(update_fields=["origin"])
    for days in SESSIONS:
        visit = a_visit(people, start=at(12, days=days), now=at(9, days=days - 1))
        a_signed_record(people, visit, now=at(13, 10, days=days))
    rows = [a_day(number) for number in range(DAYS) if number % 11 != 5]
    follow.import_days(ana, rows, file_name="simulated.csv", actor=None, now=at(8))
    for weeks, score in ((11, 7), (3, 5), (2, 4), (1, 4), (0, 4)):
        answers = dict.fromkeys(("peg_p", "peg_e", "peg_g"), score)
        when = at(8) - timedelta(weeks=weeks)
        follow.save_weekly(people.user("ana"), ana, points={"peg": answers}, now=when)


def a_day(number: int) -> DayRow:
    """One simulated day: slow waves that settle, the same on every run."""
    wave = math.sin(number / 4.5) * 1.1 + math.sin(number * 2.4) * 0.9
    calm = number / DAYS
    return DayRow(
        line=number + 2,
        day=TODAY - timedelta(days=DAYS - number),
        pain=round(min(10, max(0, 6.4 - 2.6 * calm + wave))),
        stress=round(min(10, max(0, 6.0 - 2.2 * calm + math.sin(number / 6 + 1) * 1.4))),
        sleep=round(min(10, max(0, 5.0 + 1.5 * calm - wave / 2))),
    )
