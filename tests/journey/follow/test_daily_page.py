"""The daily twenty seconds."""

from datetime import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import TODAY, Cast
from unknot.journey.follow.models import DailyCheckIn

PAGE = reverse("follow:daily")


@pytest.fixture
def ana(client: Browser, cast: Cast, now: datetime) -> Browser:
    client.force_login(cast.user("ana"))
    return client


def test_it_asks_three_questions_and_none_is_preset(ana: Browser) -> None:
    page = ana.get(PAGE).content.decode()
    assert page.count('type="radio"') == 33
    assert "checked" not in page


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


@pytest.mark.parametrize("answers", [{}, {"pain": "11"}, {"pain": "4,5"}, {"pain": "x" * 9999}])
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
