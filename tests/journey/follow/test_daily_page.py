"""The daily twenty seconds."""

from datetime import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import TODAY, Cast
from unknot.domain.outcomes.findings import OUTCOMES
from unknot.journey.follow.models import DailyCheckIn

PAGE = reverse("follow:daily")


@pytest.fixture
def ana(client: Browser, cast: Cast, now: datetime) -> Browser:
    client.force_login(cast.user("ana"))
    return client


def test_it_asks_for_five_ratings_and_none_is_preset(ana: Browser) -> None:
    page = ana.get(PAGE).content.decode()
    assert page.count('type="radio"') == 5 * 11 + 2
    assert "checked" not in page


def test_it_asks_how_one_is_in_the_same_order_each_time(ana: Browser) -> None:
    page = ana.get(PAGE).content.decode()
    assert "How are you today?" in page
    assert "in pain?" not in page
    places = [page.index(f'name="{one}"') for one in (*OUTCOMES, "painkillers")]
    assert places == sorted(places)


def test_it_keeps_all_five_and_the_pain_killers(ana: Browser, now: datetime) -> None:
    given = {"pain": "4", "stiffness": "0", "stress": "10", "sleep": "7", "mood": "6"}
    ana.post(PAGE, given | {"painkillers": "no"})
    day = DailyCheckIn.objects.get()
    assert {one: str(int(getattr(day, one))) for one in OUTCOMES} == given
    assert (day.painkillers, day.answered_at) == (False, now)
    assert set(day.versions) == {
        *("pain_nrs", "stiffness_nrs", "stress_nrs", "sleep_nrs", "mood_nrs"),
    }


@pytest.mark.parametrize(("said", "kept"), [("yes", True), ("no", False), ("", None)])
def test_pain_killers_are_yes_no_or_not_said(ana: Browser, said: str, kept: object) -> None:
    ana.post(PAGE, {"pain": "4", "painkillers": said})
    assert DailyCheckIn.objects.get().painkillers is kept
    assert ana.get(PAGE).content.decode().count("checked") == 1 + (kept is not None)


def test_it_keeps_what_was_answered_and_what_was_skipped(ana: Browser, cast: Cast) -> None:
    answer = ana.post(PAGE, {"pain": "4", "sleep": "7"})
    assert answer.url == reverse("follow:progress")
    day = DailyCheckIn.objects.get(client=cast.ana)
    assert (day.day, day.pain, day.stress, day.sleep) == (TODAY, 4, None, 7)


def test_answering_again_replaces_the_day(ana: Browser) -> None:
    ana.post(PAGE, {"pain": "4"})
    ana.post(PAGE, {"pain": "0", "stress": "2"})
    assert DailyCheckIn.objects.get().pain == 0
    assert 'value="0"' in ana.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"painkillers": "yes"},
        {"pain": "4", "painkillers": "maybe"},
        *({"mood": wrong} for wrong in ("11", "-1", "4,5", "NaN", "x" * 9999)),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_nothing_is_kept(ana: Browser, answers: dict) -> None:
    answer = ana.post(PAGE, {**answers})
    assert answer.status_code == 422
    assert not DailyCheckIn.objects.exists()


def test_a_stranger_signs_in_first(client: Browser, db: None) -> None:
    assert client.get(PAGE).url == f"/accounts/login/?next={PAGE}"


def test_staff_have_no_daily_page(client: Browser, cast: Cast) -> None:
    client.force_login(cast.user("tess"))
    assert client.get(PAGE).status_code == 404


def test_a_day_says_which_versions_were_answered(ana: Browser) -> None:
    ana.post(PAGE, {"pain": "4", "sleep": "7"})
    day = DailyCheckIn.objects.get()
    assert day.versions == {"pain_nrs": 1, "sleep_nrs": 1}
    assert day.language == "en"
