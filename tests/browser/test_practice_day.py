"""The practice's day in a browser: dragging and its twin by keys, and every page looked at."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.appointments import MONDAY_TEN, an_appointment
from tests.browser.conftest import COLOURS
from tests.browser.visitor import Visitor, give_session
from tests.cast import NOW, Cast, a_client, a_therapist, at
from tests.checkins import a_completed_checkin
from tests.practice.test_day_page import signed_in
from unknot.journey.book.actions import needs, resources
from unknot.journey.book.actions.needs import NeedDraft
from unknot.journey.book.actions.resources import ThingDraft
from unknot.journey.book.models import Appointment, Status
from unknot.people import alerts

CALENDAR = reverse("practice:calendar") + "?day=2026-03-30"
WEEK = reverse("practice:calendar-week") + "?day=2026-03-30&therapist=tess"
TWO = at(14, days=3)
type_of_sign_in = Callable[[Page, str], Visitor]


@pytest.fixture
def sign_in(
    people: Cast, live_server: LiveServer, axe: Callable[..., None]
) -> Callable[[Page, str], Visitor]:
    """Let a page be somebody's of the cast."""

    def give(page: Page, name: str) -> Visitor:
        browser = signed_in(Browser(), people, name)
        give_session(page, live_server, browser.cookies["sessionid"].value)
        return Visitor(page, axe)

    return give


def start_of(made: Appointment) -> object:
    made.refresh_from_db()
    return made.start


def carry(page: Page, block: Locator, target: str) -> None:
    """Take a block at its upper edge, wait for the times, and move it onto one of them."""
    block.scroll_into_view_if_needed()
    place = block.bounding_box()
    assert place is not None
    x, y = place["x"] + 20, place["y"] + 6
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 20, steps=4)
    onto = page.locator(".target", has_text=target).first
    onto.wait_for()
    there = onto.bounding_box()
    assert there is not None
    page.mouse.move(x, there["y"] + 6, steps=8)


def test_dragging_asks_and_then_moves(
    people: Cast, desktop: Page, sign_in: type_of_sign_in
) -> None:
    made = an_appointment(people)
    visitor = sign_in(desktop, "finn").go(CALENDAR)
    carry(desktop, desktop.locator("[data-move]", has_text="Ana").first, "14:00")
    expect(desktop.locator(".target.over")).to_contain_text("14:00")
    with desktop.expect_navigation():
        desktop.mouse.up()
    visitor.at("Move the appointment")
    expect(visitor.main.get_by_role("heading", level=2).first).to_have_text(
        "To Monday 30 March 2026, 14:00"
    )
    assert start_of(made) == MONDAY_TEN  # nothing has moved before it was confirmed
    visitor.look("move")
    visitor.press("Move it").at("Monday 30 March")
    assert start_of(made) == TWO


def test_let_go_elsewhere_or_escaped_it_stays(
    people: Cast, desktop: Page, sign_in: type_of_sign_in
) -> None:
    made = an_appointment(people)
    sign_in(desktop, "finn").go(CALENDAR)
    block, status = (
        desktop.locator("[data-move]", has_text="Ana").first,
        desktop.locator("#drag-status"),
    )
    carry(desktop, block, "14:00")
    desktop.keyboard.press("Escape")
    expect(status).to_have_text("It stays where it is: that time cannot be taken.")
    desktop.mouse.up()
    expect(desktop.locator(".target")).to_have_count(0)
    carry(desktop, block, "14:00")
    desktop.mouse.move(5, 300)
    desktop.mouse.up()
    expect(status).to_have_text("It stays where it is: that time cannot be taken.")
    expect(desktop).to_have_url(desktop.url)
    assert start_of(made) == MONDAY_TEN


def test_a_finger_drags_by_the_handle_across_days(
    people: Cast, open_page: Callable[..., Page], sign_in: type_of_sign_in
) -> None:
    made = an_appointment(people)
    tablet = open_page(width=1180, height=1600, has_touch=True)
    visitor = sign_in(tablet, "tess").go(WEEK)
    handle = tablet.locator("[data-move] .move").first
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    session = tablet.context.new_cdp_session(tablet)

    def touch(kind: str, x: float, y: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    top = tablet.locator("[data-move]").first.bounding_box()
    assert top is not None
    touch("touchStart", x, y)
    touch("touchMove", x + 15, y + 15)
    column = tablet.locator(".calendar-column").nth(1)  # Tuesday
    onto = column.locator(".target", has_text="14:00").first
    onto.wait_for()
    there = onto.bounding_box()
    assert there is not None
    for step in (0.4, 0.8, 1.0):
        end = (there["x"] + 20, there["y"] + 6 + (y - top["y"]))
        touch("touchMove", x + (end[0] - x) * step, y + (end[1] - y) * step)
    with tablet.expect_navigation():
        touch("touchEnd", 0, 0)
    visitor.press("Move it")
    assert start_of(made) == TWO + timedelta(days=1)


def test_the_twin_by_keys_alone(people: Cast, desktop: Page, sign_in: type_of_sign_in) -> None:
    made = an_appointment(people)
    sign_in(desktop, "finn").go(CALENDAR)

    def press(name: str) -> None:
        """Tab until something with this name has the focus, then press Enter."""
        for _tab in range(120):
            desktop.keyboard.press("Tab")
            words = desktop.evaluate(
                "document.activeElement.textContent.replace(/\\s+/g, ' ').trim()"
            )
            if words == name:
                with desktop.expect_navigation():
                    desktop.keyboard.press("Enter")
                return
        raise AssertionError(name)

    press("Move Ana, 10:00")
    assert "moving=" in desktop.url
    press("Move to 14:00")
    expect(desktop.get_by_role("heading", level=1)).to_have_text("Move the appointment")
    assert start_of(made) == MONDAY_TEN
    press("Move it")
    assert start_of(made) == TWO


def test_without_script_the_twin_works(
    people: Cast, open_page: Callable[..., Page], sign_in: type_of_sign_in
) -> None:
    made = an_appointment(people)
    page = open_page(width=390, java_script_enabled=False)
    visitor = sign_in(page, "tess").go(CALENDAR)
    visitor.follow(page.locator(".move").first)
    visitor.follow(page.locator(".target a", has_text="14:00").first)
    visitor.press("Move it")
    assert start_of(made) == TWO


def a_full_day(cast: Cast) -> Appointment:
    """Today and Monday in a practice with six therapists, a room and a heater."""
    for draft in (
        ThingDraft(kind="room", name="Garden room"),
        ThingDraft(kind="room", name="Harbour room"),
        ThingDraft(kind="tool", name="Stone heater", features=frozenset({"stone_heater"})),
    ):
        resources.add_things(cast.paz, cast.practice, draft=draft, now=NOW)
    for name in ("Mira Anagnostopoulou", "Jo", "Lena", "Sam"):
        cast.swedish.therapists.add(a_therapist(name, cast.practice))
    needs.add_need(cast.paz, cast.swedish, draft=NeedDraft(kind="room"), now=NOW)
    taken = [
        an_appointment(cast, client=a_client(name, cast.practice), therapist=who, start=at(hour))
        for name, who, hour in (
            ("George Blythe", cast.theo, 12),
            ("Leila Haddad", cast.tess, 13),
            ("Arne Lindqvist", cast.theo, 14),
            ("Maximiliane Wolkenstein", cast.tess, 15),
        )
    ]
    for one, start in zip(
        taken[:2], (NOW - timedelta(minutes=12), NOW + timedelta(minutes=40)), strict=True
    ):
        Appointment.objects.filter(pk=one.pk).update(start=start, end=start + timedelta(hours=1))
    Appointment.objects.filter(pk=taken[2].pk).update(
        start=at(8), end=at(8, 45), status=Status.NO_SHOW
    )
    a_completed_checkin(cast.ben, practice=cast.practice, red_flags=["rf_cad"])
    with transaction.atomic():
        alerts.raise_alert("question", cast.practice, url=reverse("practice:day"), now=NOW)
    an_appointment(
        cast, client=a_client("Eva", cast.practice), therapist=cast.theo, start=at(13, days=3)
    )
    return an_appointment(cast)


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_each_page_by_light_and_dark(
    people: Cast, request: pytest.FixtureRequest, sign_in: type_of_sign_in, device: str,
    axe: Callable[..., None],
) -> None:  # fmt: skip
    made = a_full_day(people)
    page: Page = request.getfixturevalue(device)
    day = reverse("practice:day")
    for name, person, address in (
        ("day-of-all", "paz", day),
        ("day-later", "paz", f"{day}?day=2026-03-30"),
        ("day-of-one", "tess", day),
        ("calendar-day", "paz", CALENDAR),
        ("calendar-moving", "paz", f"{CALENDAR}&moving={made.key}"),
        ("calendar-of-week", "paz", WEEK),
        ("week-moving", "paz", f"{WEEK}&moving={made.key}"),
        ("move-choose", "paz", reverse("practice:move", args=[made.key])),
    ):
        sign_in(page, person).go(address).look(f"practice-{name}")
        page.emulate_media(color_scheme="dark")
        axe(page, rules=COLOURS)
        page.emulate_media(color_scheme="light")
