"""Preparing on both sides: what the client changes, the therapist's card shows; looked at."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.appointments import an_appointment
from tests.browser.conftest import COLOURS
from tests.browser.test_each_page import SETTLED
from tests.browser.visitor import Visitor, give_session
from tests.cast import NOW, Cast, at
from tests.journey.prepare.consents import a_consent
from unknot.journey.book.models import Appointment
from unknot.journey.prepare.actions import Wishes, save_preparation, send_entry

BEFORE = NOW - timedelta(days=2)
ENOUGH = 800  # letters of what is wrong with one page


@pytest.fixture
def visit(people: Cast) -> Appointment:
    """Ana comes today at noon, has said where, signed, and asked something."""
    ana, visit = people.user("ana"), an_appointment(people, start=at(12), now=BEFORE)
    wishes = Wishes(focus=("low_back",), pressure=3, talk="quiet")
    save_preparation(ana, visit, wishes=wishes, now=BEFORE)
    a_consent(people, visit, now=BEFORE)
    a_consent(people, visit, "head", "pelvis", now=BEFORE + timedelta(hours=1))
    asked = "May I keep my socks on?\n\nMy feet are often cold, and I forgot to say it."
    send_entry(ana, visit, text=asked, now=BEFORE)
    send_entry(people.user("tess"), visit, text="Of course.", now=BEFORE + timedelta(hours=2))
    send_entry(ana, visit, text="Thank you!", now=NOW)
    return visit


def become(page: Page, server: LiveServer, cast: Cast, name: str) -> Visitor:
    browser = Browser()
    browser.force_login(cast.user(name))
    page.context.clear_cookies()
    give_session(page, server, browser.session.session_key)
    return Visitor(page)


def test_a_signature_without_a_part_is_refused_and_nothing_is_lost(
    open_page: Callable[..., Page], people: Cast, live_server: LiveServer
) -> None:
    page, visit = open_page(width=390), an_appointment(people, start=at(12), now=BEFORE)
    ana = become(page, live_server, people, "ana").go(reverse("prepare:touch", args=[visit.key]))
    ana.choose("area_neck", "yes").choose("draping", "partly").fill("stop_sign", "Pineapple")
    ana.press("Sign")
    expect(page.get_by_role("alert")).to_contain_text("Write your name: it is your signature.")
    expect(page.locator("[name=stop_sign]")).to_have_value("Pineapple")
    expect(page.locator("[name=area_neck][value=yes]")).to_be_checked()


@pytest.mark.parametrize("width", [390, 1280])
def test_each_page_by_light_and_dark(
    open_page: Callable[..., Page],
    axe: Callable[..., None],
    people: Cast,
    live_server: LiveServer,
    visit: Appointment,
    width: int,
) -> None:
    page, faults = open_page(width=width, color_scheme="light"), []
    stops = [
        ("ana", "prepare"),
        ("ana", "touch"),
        ("ana", "questions"),
        ("tess", "questions"),
        ("tess", "briefing"),
    ]
    for who, name in stops:
        visitor = become(page, live_server, people, who)
        visitor.go(reverse(f"prepare:{name}", args=[visit.key]))
        try:
            Visitor(page, axe).look(f"preparing-{name}-{who}")
            page.emulate_media(color_scheme="dark")
            page.evaluate(SETTLED)
            axe(page, rules=COLOURS)
        except AssertionError as fault:
            faults.append(f"{name} of {who}: {str(fault)[:ENOUGH]}")
        page.emulate_media(color_scheme="light")
    assert faults == [], "\n".join(faults)
