"""Staff can switch on a second factor and a passkey; both ask for the password again first."""

import pytest
from django.test import Client as Browser

from tests.cast import NOW, PASSWORD
from unknot.people.actions import set_up_practice


@pytest.fixture
def manager(client: Browser, db: None) -> Browser:
    set_up_practice(
        practice_name="Lindenweg",
        location_name="Main room",
        address="",
        zone="Europe/Berlin",
        currency="EUR",
        country="DE",
        manager_name="Paz",
        manager_email="paz@example.org",
        password=PASSWORD,
        also_therapist=True,
        now=NOW,
    )
    client.login(email="paz@example.org", password=PASSWORD)
    return client


@pytest.mark.parametrize("page", ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"])
def test_it_asks_for_the_password_and_then_opens(manager: Browser, page: str) -> None:
    asked = manager.get(page)
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    answer = manager.post(asked.headers["Location"], {"password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == page
    assert answer.status_code == 200
