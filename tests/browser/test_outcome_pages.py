"""What clients report together, and a therapist's own results: filled and empty, at any width."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests import follow_up
from tests.browser.conftest import COLOURS
from tests.browser.test_each_page import SETTLED
from tests.browser.test_preparation_pages import become
from tests.browser.visitor import NARROWEST, Visitor
from tests.cast import LONG_AGO, NOW, Cast
from unknot.journey.follow.models import PooledEffect, PooledRun, TherapistResult
from unknot.people.models import CareRelation, Purpose

EFFECTS = (
    ("pain", "", 34, -0.9, -1.3, -0.5),
    ("pain", "swedish", 28, -1.0, -1.5, -0.5),
    ("pain", "deep_tissue", 21, -0.5, -1.2, 0.2),
    ("stress", "", 31, -0.6, -1.0, -0.2),
    ("sleep", "", 26, 0.3, -0.1, 0.7),
)


def pages(cast: Cast) -> Iterator[tuple[str, str, str]]:
    """Both pages empty, then both filled."""
    yield "outcomes-empty", "paz", reverse("practice:outcomes")
    yield "results-empty", "theo", reverse("practice:results")
    fill(cast)
    yield "outcomes", "paz", reverse("practice:outcomes")
    yield "results", "tess", reverse("practice:results")


def fill(cast: Cast) -> None:
    for outcome, technique, clients, mean, low, high in EFFECTS:
        PooledEffect.objects.create(
            practice=cast.practice,
            outcome=outcome,
            technique=technique,
            clients=clients,
            mean=mean,
            low=low,
            high=high,
            between_sd=0.5,
            half_life=3.2 if outcome == "pain" else None,
            made_at=NOW,
            model_version="1",
        )
    PooledRun.objects.create(practice=cast.practice, part="pain", at=NOW)
    TherapistResult.objects.create(
        therapist=cast.tess,
        clients=24,
        mean=0.05,
        low=-0.3,
        high=0.4,
        made_at=NOW,
        model_version="1",
    )
    for place, client in enumerate(
        follow_up.clients(cast.practice, 24, shares=(Purpose.SHARE_BODY,))
    ):
        follow_up.a_session(client, cast.tess, cast.swedish, start=NOW - timedelta(days=9))
        follow_up.a_finding(client, 0.11 if place < 11 else 0.5)
        if place < 13:
            follow_up.daily(client, days=20)
        if place < 3:
            CareRelation.objects.create(
                client=client, therapist_user=cast.tess.user, since=LONG_AGO
            )


@pytest.mark.parametrize("width", [NARROWEST, 390, 1280])
def test_nothing_for_axe_to_find_and_nothing_wider_than_the_window(
    open_page: Callable[..., Page],
    axe: Callable[..., None],
    people: Cast,
    live_server: LiveServer,
    width: int,
) -> None:
    page = open_page(width=width, color_scheme="light")
    for name, person, address in pages(people):
        become(page, live_server, people, person).go(address)
        Visitor(page, axe).look(name)
        page.emulate_media(color_scheme="dark")
        page.evaluate(SETTLED)
        axe(page, rules=COLOURS)  # only colours differ in the dark
        page.emulate_media(color_scheme="light")
