"""Browsers of the cast, and of somebody who has no account yet."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from tests.cast import Cast
from unknot.journey.understand.access import SESSION_KEY
from unknot.journey.understand.models import CheckIn


@pytest.fixture
def browser_of(cast: Cast) -> Callable[[str], Browser]:
    """The browser of one of the cast, signed in."""

    def signed_in(name: str) -> Browser:
        browser = Browser()
        browser.force_login(cast.user(name))
        return browser

    return signed_in


@pytest.fixture
def visitor() -> Callable[[CheckIn | None], Browser]:
    """The browser of somebody without an account, with a check-in or without."""

    def anonymous(checkin: CheckIn | None) -> Browser:
        browser = Browser()
        if checkin is not None:
            remember(browser, checkin)
        return browser

    return anonymous


def remember(browser: Browser, checkin: CheckIn) -> None:
    """Give the browser's session this check-in."""
    session = browser.session
    session[SESSION_KEY] = str(checkin.key)
    session.save()
    browser.cookies["sessionid"] = session.session_key
