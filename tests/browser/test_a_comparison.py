"""One whole comparison of two techniques, by phone: proposed, agreed, booked, done, analysed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import COLOURS, Clock
from tests.browser.test_each_page import SETTLED
from tests.browser.test_preparation_pages import become
from tests.browser.visitor import Visitor
from tests.cast import NOW, Cast
from tests.checkins import a_completed_checkin
from tests.trials import due, held_next, rated
from unknot.journey.book.actions import attendance
from unknot.journey.book.models import Appointment, Status
from unknot.journey.follow.actions import trial_results, trials
from unknot.journey.follow.models import Trial
from unknot.people.actions import agree
from unknot.people.models import Purpose


@pytest.mark.parametrize("width", [390, 1280])
def test_from_the_proposal_to_what_was_found(
    open_page: Callable[..., Page],
    axe: Callable[..., None],
    people: Cast,
    clock: Clock,
    live_server: LiveServer,
    width: int,
) -> None:
    page = open_page(width=width, color_scheme="light")

    def look(name: str) -> None:
        Visitor(page, axe).look(f"comparison-{name}")
        page.emulate_media(color_scheme="dark")
        page.evaluate(SETTLED)
        axe(page, rules=COLOURS)
        page.emulate_media(color_scheme="light")

    a_completed_checkin(people.ana, practice=people.practice)
    agree(people.user("ana"), people.ana, Purpose.SHARE_BODY, now=NOW)
    ana = become(page, live_server, people, "ana").go(reverse("follow:progress"))
    ana.press("Compare two techniques in pairs of sessions").at("Comparing two techniques")
    look("none")
    ana.press("Propose one to Tess").at("Propose a comparison")
    look("propose")
    ana.select("service_a", people.swedish.pk).select("service_b", people.deep_tissue.pk)
    ana.choose("outcome", "pain").select("pairs", 4).select("gap_days", 4).press("Propose this")
    expect(page.get_by_role("alert")).to_contain_text("Tick that you agree")
    ana.tick("agreed").press("Propose this")
    expect(ana.main).to_contain_text("It begins when the other one agrees")
    look("proposed")

    trial = Trial.objects.get()
    address = reverse("follow:trial", args=[trial.key])
    become(page, live_server, people, "tess").go(address)
    look("asked")
    Visitor(page).press("Agree and draw the order")
    trial.refresh_from_db()
    expect(page.get_by_role("row").filter(has_text="sealed")).to_have_count(7)

    ana = become(page, live_server, people, "ana").go(address)
    look("running")
    place = due(trial)
    ana.press("Choose a time").at("Pick a time")
    expect(ana.main).to_contain_text("Your sessions follow a list just now")
    look("slots")
    other = people.deep_tissue if place.service == people.swedish else people.swedish
    page.goto(reverse("book:slots", args=["tess", other.pk]))
    expect(ana.main.locator('button[name="start"]')).to_have_count(0)
    ana.press("See its free times")
    ana.follow(ana.main.locator('button[name="start"]:visible').first)
    ana.press("Book this time")
    booked = Appointment.objects.get(client=people.ana, status=Status.CONFIRMED)
    assert booked.service == place.service

    with transaction.atomic():
        attendance.mark_attended(booked, actor=people.tess.user, now=booked.end)
    trials.keep_up(booked.end)
    for _place in range(7):
        last = held_next(people, trial)
    rated(people, NOW, 45)
    done = last.end + timedelta(days=4)
    assert trial_results.analyse_due(done) == 1
    clock.move(done)
    for name in ("ana", "tess"):
        reader = become(page, live_server, people, name).go(address)
        expect(reader.main).to_contain_text("8 of 8 sessions done")
        expect(reader.main).to_contain_text("We cannot tell the two apart.")
        reader.open("The seal and the log")
        look(f"found-{name}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Text", exact=True).click()
    assert "after CENT 2015" in download.value.path().read_text()
