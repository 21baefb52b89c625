"""The pages around a session that no walk passes: by light and by dark, narrow and wide."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.appointments import an_appointment
from tests.browser.conftest import COLOURS
from tests.browser.test_each_page import SETTLED
from tests.browser.test_preparation_pages import become
from tests.browser.visitor import NARROWEST, Visitor
from tests.cast import NOW, Cast, at
from tests.practice.test_room_plan_page import a_house
from tests.reviews import attended
from unknot.journey.follow.actions.after_session import save_after_session
from unknot.people import alerts, mail
from unknot.people.actions import agree
from unknot.people.models import Message, MessageState, Purpose

ENOUGH = 800  # letters of what is wrong with one page


def addresses(cast: Cast) -> Iterator[tuple[str, str, str]]:
    """Who opens which page: everything on it is filled."""
    a_house(cast)
    past, coming = attended(cast, days=-8), an_appointment(cast, start=at(12), now=NOW)
    asked = attended(cast, days=-1, hour=9)
    for purpose in Purpose:
        agree(cast.user("ana"), cast.ana, purpose, now=NOW)
    save_after_session(
        cast.user("ana"),
        past,
        hours=72,
        soreness=7,
        events=["headache"],
        now=past.end + timedelta(hours=72),
    )
    url = reverse("practice:day")
    alerts.raise_alert(
        "question", cast.practice, url=url, client=cast.ana, first=cast.tess.user, now=NOW
    )
    for one, state in zip(Message.objects.order_by("pk"), MessageState, strict=False):
        Message.objects.filter(pk=one.pk).update(state=state, problem="The server said no.")
    reminder = Message.objects.filter(kind="appointment-reminder").first()
    assert reminder is not None
    stop = mail.stop_address(reminder)
    yield "stop-mail", "ana", stop[stop.index("/mails/") :]
    yield "account", "ana", reverse("people:account")
    yield "after-care", "ana", reverse("follow:after-care", args=[asked.key])
    yield "after", "ana", reverse("follow:after", args=[asked.key, 24])
    yield "after-told", "ana", reverse("follow:after", args=[past.key, 72])
    yield "report", "ana", reverse("interfaces:paper-report")
    yield "answers-after", "tess", reverse("follow:answers-after", args=[coming.key])
    yield "alerts", "tess", reverse("practice:alerts")
    yield "rooms", "finn", reverse("practice:room-plan")
    yield "mails", "paz", reverse("practice:mails")
    yield "move", "paz", reverse("practice:move", args=[coming.key])
    yield "incidents", "paz", reverse("session:incidents")
    yield "corrections", "paz", reverse("session:corrections")


@pytest.mark.parametrize("width", [NARROWEST, 390, 1280])
def test_nothing_for_axe_to_find_and_nothing_wider_than_the_window(
    open_page: Callable[..., Page],
    axe: Callable[..., None],
    people: Cast,
    live_server: LiveServer,
    width: int,
) -> None:
    page = open_page(width=width, color_scheme="light")
    faults = []
    for name, person, address in list(addresses(people)):
        become(page, live_server, people, person).go(address)
        try:
            Visitor(page, axe).look(f"around-{name}")
            page.emulate_media(color_scheme="dark")
            page.evaluate(SETTLED)
            axe(page, rules=COLOURS)  # only colours differ in the dark
        except AssertionError as fault:
            faults.append(f"{name}: {str(fault)[:ENOUGH]}")
        page.emulate_media(color_scheme="light")
    assert faults == [], "\n".join(faults)
