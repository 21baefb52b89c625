"""What is done at home: chosen, one press a day, counted for two weeks, heat only where fine."""

from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, Cast
from tests.checkins import a_completed_checkin
from unknot.journey.follow.actions import routines as actions
from unknot.journey.follow.models import HomeChoice, HomeDay
from unknot.journey.follow.reads import home
from unknot.people.actions import agree
from unknot.people.models import Purpose

PAGE, CHOOSE = reverse("follow:routine"), reverse("follow:home-plan")


@pytest.fixture
def ana(client: Browser, cast: Cast, now: datetime) -> Browser:
    client.force_login(cast.user("ana"))
    return client


def shown(browser: Browser, address: str = PAGE) -> str:
    return " ".join(browser.get(address).content.decode().split())


def test_nothing_is_chosen_at_first_and_nothing_is_promised(ana: Browser) -> None:
    page = shown(ana)
    assert "Nothing is chosen." in page
    assert "Exercise, staying active and time help most people" in page
    assert "have not been tested by themselves" in shown(ana, CHOOSE)


def test_one_press_a_day_and_the_last_word_counts(ana: Browser, cast: Cast) -> None:
    assert ana.post(CHOOSE, {"items": ["move_gently"]}).status_code == 302
    day = reverse("follow:home-day", args=["move_gently"])
    assert ana.post(day, {"done": "no"}).status_code == 302
    assert "done on 0, not done on 1." in shown(ana)
    ana.post(day, {"done": "yes"})
    assert "done on 1, not done on 0." in shown(ana)
    assert HomeDay.objects.count() == 1


def test_two_weeks_are_counted_and_no_more(cast: Cast) -> None:
    actions.choose_home(cast.user("ana"), cast.ana, ["move_gently"], now=NOW)
    for back in range(20):
        at = NOW - timedelta(days=back)
        actions.say_home(cast.user("ana"), cast.ana, "move_gently", done=back % 2 == 0, now=at)
    lately = home.plan(cast.ana, now=NOW).rows[0].lately
    assert (lately.done, lately.not_done, lately.today) == (7, 7, True)


@pytest.mark.parametrize(
    ("item", "sent", "status"),
    [
        ("gentle_stretch", {"done": "yes"}, 404),
        ("move_gently", {"done": "maybe"}, 422),
        ("move_gently", {}, 422),
    ],
)
def test_only_what_was_chosen_is_answered(
    ana: Browser, cast: Cast, item: str, sent: dict[str, str], status: int
) -> None:
    actions.choose_home(cast.user("ana"), cast.ana, ["move_gently"], now=NOW)
    answer = ana.post(reverse("follow:home-day", args=[item]), sent)
    assert answer.status_code == status
    assert not HomeDay.objects.exists()


def test_what_is_taken_out_ends_and_can_come_back(ana: Browser, cast: Cast) -> None:
    ana.post(CHOOSE, {"items": ["move_gently", "rest_a_little"]})
    ana.post(CHOOSE, {"items": ["rest_a_little"]})
    assert home.plan(cast.ana, now=NOW).chosen == ("rest_a_little",)
    ana.post(CHOOSE, {"items": ["rest_a_little", "move_gently"]})
    assert home.plan(cast.ana, now=NOW).chosen == ("move_gently", "rest_a_little")
    assert HomeChoice.objects.filter(item="move_gently").count() == 2


@pytest.mark.parametrize(
    "limits",
    [
        {"conditions": ["heat_intolerance"]},
        {"conditions": ["neuropathy"]},
        {"medicines": ["opioid"]},
    ],
)
def test_heat_is_left_out_for_whom_heated_stones_are_limited(
    ana: Browser, cast: Cast, limits: dict[str, list[str]]
) -> None:
    assert "A warm shower" not in shown(ana, CHOOSE)  # nobody knows before a check-in
    a_completed_checkin(cast.ana, practice=cast.practice)
    assert "A warm shower" in shown(ana, CHOOSE)
    actions.choose_home(cast.user("ana"), cast.ana, ["warm_shower"], now=NOW)
    a_completed_checkin(cast.ana, practice=cast.practice, now=NOW + timedelta(minutes=1), **limits)
    assert "A warm shower" not in shown(ana, CHOOSE)
    assert "A warm shower" not in shown(ana)
    assert ana.post(CHOOSE, {"items": ["warm_shower"]}).status_code == 422


def test_the_therapist_chooses_with_the_client(cast: Cast, now: datetime) -> None:
    for purpose in (Purpose.CARE, Purpose.SHARE_BODY):
        agree(cast.user("ana"), cast.ana, purpose, now=NOW)
    tess = Browser()
    tess.force_login(cast.user("tess"))
    address = reverse("follow:client-home-plan", args=[cast.ana.key])
    assert tess.post(address, {"items": ["move_gently"]}).status_code == 302
    assert HomeChoice.objects.get().chosen_by == cast.user("tess")
    page = shown(tess, reverse("follow:client-routine", args=[cast.ana.key]))
    assert "Move gently" in page
    assert "Did it" not in page  # only the client says what they did
