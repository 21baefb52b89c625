"""/check-in/wishes/: what somebody would like, and what the therapist may see."""

from typing import get_args

import pytest
from django.test import Client as Browser

from tests.cast import NOW, Cast
from tests.checkins import a_checkin, a_completed_checkin
from tests.journey.understand.walk import WISHES, about, begin, the_checkin, walk
from unknot.domain.guidance import catalogue as guidance_catalogue
from unknot.domain.guidance.entries import AimId
from unknot.journey.understand import reads
from unknot.journey.understand.actions import belonging, checkin
from unknot.journey.understand.models import Aim, Cause
from unknot.people import access
from unknot.people.models import Purpose

pytestmark = pytest.mark.usefixtures("now")
URL = "/check-in/wishes/"


def test_safety_and_body_are_ticked_and_mood_is_not(cast: Cast, client: Browser) -> None:
    begin(client)
    page = client.get(URL).content.decode()
    for name, ticked in (("share_safety", True), ("share_body", True), ("share_mind", False)):
        field = page[page.index(f'value="{name}"') :]
        assert ("checked" in field[: field.index(">")]) is ticked


@pytest.mark.parametrize(
    "shares", [[], ["share_safety"], ["share_mind"], ["share_safety", "share_body", "share_mind"]]
)
def test_what_is_ticked_is_what_the_account_agrees_to(cast: Cast, shares: list[str]) -> None:
    draft = a_checkin(practice=cast.other_practice, shares=shares)
    checkin.complete(draft, now=NOW)
    client = belonging.claim(cast.user("ana"), draft, name="Ana", phone="", now=NOW)
    assert access.agreed(client) == {Purpose.CARE, *shares}


def test_a_known_clients_choice_is_shown_and_can_be_changed(cast: Cast, client: Browser) -> None:
    client.force_login(cast.user("ana"))
    begin(client)
    before = set(the_checkin(client).shares)
    assert before == access.shared_by(cast.ana)
    about(client)
    client.post(URL, {**WISHES, "shares": ["share_mind"]})
    assert the_checkin(client).shares == ["share_mind"]


def test_something_else_cannot_be_shared(cast: Cast, client: Browser) -> None:
    begin(client)
    for name in ("care", "everything"):
        page = client.post(URL, {**WISHES, "shares": [name]})
        assert page.status_code == 422
        assert "Choose what to share from the list." in page.content.decode()


def test_the_texts_that_are_agreed_to_stand_on_the_page(cast: Cast, client: Browser) -> None:
    begin(client)
    page = client.get(URL).content.decode()
    assert "No other staff see them" in page


def test_nothing_is_hoped_for_beforehand(cast: Cast, client: Browser) -> None:
    begin(client)
    page = client.get(URL).content.decode()
    for aim in Aim.values:
        field = page[page.index(f'value="{aim}"') :]
        assert "checked" not in field[: field.index(">")]


def test_what_is_hoped_for_is_kept_shown_again_and_heard(cast: Cast, client: Browser) -> None:
    begin(client)
    about(client)
    client.post(URL, {**WISHES, "aims": ["sleep_better", "ease_pain"]})
    draft = the_checkin(client)
    assert draft.aims == ["ease_pain", "sleep_better"]
    field = client.get(URL).content.decode().partition('value="sleep_better"')[2]
    assert "checked" in field[: field.index(">")]


def test_an_aim_moves_what_is_usually_chosen_for_it(cast: Cast) -> None:
    hoping = a_completed_checkin(None, practice=cast.practice, aims=["move_freely", "ease_pain"])
    guidance = reads.guidance_of(hoping, NOW.date())
    thai = next(one for one in guidance.suggestions if one.technique.id == "thai")
    assert "hopes_to_move_freely" in [reason.id for reason in thai.reasons_for]
    assert [aim.id for aim in guidance.aims] == ["ease_pain"]


def test_the_aims_and_causes_asked_are_those_that_guidance_answers() -> None:
    assert set(Aim.values) == set(get_args(AimId))
    assert set(Cause.values) == {cause.id for cause in guidance_catalogue.load().causes}


def test_sending_it_completes_the_checkin(cast: Cast, client: Browser) -> None:
    assert walk(client).state == "completed"
