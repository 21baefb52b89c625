"""The weekly three questions: all or none, because the score needs each."""

from datetime import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import Cast
from unknot.journey.follow.models import WeeklyCheckIn

PAGE = reverse("follow:weekly")


@pytest.fixture
def ana(client: Browser, cast: Cast, now: datetime) -> Browser:
    client.force_login(cast.user("ana"))
    return client


def test_three_answers_are_scored_and_kept_with_their_version(ana: Browser) -> None:
    ana.post(PAGE, {"peg_p": "4", "peg_e": "3", "peg_g": "3"})
    kept = WeeklyCheckIn.objects.get()
    assert (float(kept.score), kept.version) == (3.3, 1)


def test_a_missing_answer_keeps_the_others_on_the_page(ana: Browser) -> None:
    answer = ana.post(PAGE, {"peg_p": "4", "peg_e": "3"})
    assert answer.status_code == 422
    assert answer.content.decode().count("checked") == 2
    assert not WeeklyCheckIn.objects.exists()
