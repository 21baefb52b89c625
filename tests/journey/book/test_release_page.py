"""Giving a held time back."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import a_hold
from tests.cast import Cast
from unknot.journey.book.models import Status

BrowserOf = Callable[[str], Browser]


def test_it_frees_the_time_and_returns_to_the_week(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    held = a_hold(cast)
    answer = browser_of("ana").post(reverse("book:release", args=[held.key]))
    held.refresh_from_db()
    assert held.status == Status.CANCELLED
    assert answer["Location"] == reverse("book:slots", args=["tess", cast.swedish.pk])


def test_nobody_else_gives_it_back(cast: Cast, now: datetime, browser_of: BrowserOf) -> None:
    held = a_hold(cast)
    address = reverse("book:release", args=[held.key])
    for name in ("ben", "tess", "paz"):
        assert browser_of(name).post(address).status_code == 404
    assert Browser().post(address)["Location"].startswith(reverse("account_login"))
    held.refresh_from_db()
    assert held.status == Status.HELD


def test_it_takes_only_post_and_a_known_key(
    cast: Cast, now: datetime, browser_of: BrowserOf
) -> None:
    browser = browser_of("ana")
    assert browser.get(reverse("book:release", args=[a_hold(cast).key])).status_code == 405
    assert browser.post(reverse("book:release", args=[uuid4()])).status_code == 404
