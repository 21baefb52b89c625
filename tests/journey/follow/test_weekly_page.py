"""The weekly questions: skippable one by one, never all of them, and not twice in a week."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, Cast
from tests.checkins import a_completed_checkin
from unknot.journey.follow.actions import check_ins as actions
from unknot.journey.understand.models import Answer, FollowUp, InstrumentScore, Recheck

PAGE = reverse("follow:weekly")
ANSWERED = reverse("follow:answered")
PEG = {"peg-peg_p": "4", "peg-peg_e": "3", "peg-peg_g": "3"}
WORST = {f"phq4-{item}": "3" for item in ("gad_1", "gad_2", "phq_1", "phq_2")}


@pytest.fixture
def ana(client: Browser, cast: Cast, now: datetime) -> Browser:
    client.force_login(cast.user("ana"))
    return client


def weekly(cast: Cast, days_ago: int, **more: Any) -> None:
    points = {"peg": {"peg_p": 5, "peg_e": 5, "peg_g": 5}}
    then = NOW - timedelta(days=days_ago)
    actions.save_weekly(cast.user("ana"), cast.ana, points=points, now=then, **more)


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_nothing_is_chosen_beforehand(ana: Browser) -> None:
    page = shown(ana.get(PAGE))
    assert "What number best describes your pain on average in the past week" in page
    assert " checked" not in page


def test_what_was_answered_is_scored_and_shown_to_oneself(ana: Browser) -> None:
    assert ana.post(PAGE, PEG).url == ANSWERED
    page = shown(ana.get(ANSWERED))
    assert "3.3, on a scale from 0 to 10" in page
    assert "Start the full check-in" not in page
    assert "If you need help now" not in page


def test_a_missing_answer_is_said_and_is_no_error(ana: Browser) -> None:
    assert ana.post(PAGE, {"peg-peg_p": "4"}).url == ANSWERED
    assert "Not scored, because 2 answers are missing" in shown(ana.get(ANSWERED))
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"anything_new": ""},
        {"peg-peg_p": "11"},
        {"peg-peg_p": ["4", "5"]},
        {"anything_new": "perhaps"},
        {**PEG, "version-peg": "99"},
        {"peg-peg_p": "x" * 9999},
    ],
)
def test_what_cannot_be_used_gets_a_sentence_and_nothing_is_kept(
    ana: Browser, sent: dict[str, Any]
) -> None:
    answer = ana.post(PAGE, sent)
    assert answer.status_code == 422
    assert "needs another look" in shown(answer) or "need another look" in shown(answer)
    assert not FollowUp.objects.exists()


def test_an_empty_page_is_refused_in_words(ana: Browser) -> None:
    assert "Answer at least one question" in shown(ana.post(PAGE, {}))


def test_answering_again_on_the_same_day_shows_and_replaces(ana: Browser) -> None:
    ana.post(PAGE, PEG | {"anything_new": "yes"})
    page = shown(ana.get(PAGE))
    assert "You already answered today" in page
    assert page.count(" checked") == 4
    ana.post(PAGE, {"peg-peg_p": "9"})
    assert Answer.objects.get().value == 9
    assert Recheck.objects.get().said == "yes"  # only a full check-in takes it back


def test_before_a_week_is_over_the_page_says_when(ana: Browser, cast: Cast) -> None:
    weekly(cast, 3)
    answer = ana.get(PAGE)
    assert answer.status_code == 200
    assert "Not due yet: from 31 March" in shown(answer)
    assert "<form class" not in shown(answer)
    assert ana.post(PAGE, PEG).status_code == 409
    assert FollowUp.objects.count() == 1


def test_after_a_week_it_is_open_again(ana: Browser, cast: Cast) -> None:
    weekly(cast, 7)
    ana.post(PAGE, PEG)
    assert FollowUp.objects.count() == 2


@pytest.mark.parametrize(("said", "asks"), [("yes", True), ("unsure", True), ("no", False)])
def test_anything_new_asks_for_the_full_check_in(ana: Browser, said: str, asks: bool) -> None:
    ana.post(PAGE, {"anything_new": said})
    kept = Recheck.objects.get()
    assert (kept.said, kept.version, kept.language) == (said, 1, "en")
    page = shown(ana.get(ANSWERED))
    assert ("Start the full check-in" in page) == asks
    assert (f'class="button large" href="{reverse("understand:start")}"' in page) == asks


def test_mood_is_left_out_for_fourteen_days_and_the_page_says_so(ana: Browser, cast: Cast) -> None:
    assert "Over the last 2 weeks" in shown(ana.get(PAGE))
    a_completed_checkin(cast.ana, practice=cast.practice, now=NOW - timedelta(days=10))
    page = shown(ana.get(PAGE))
    assert "Over the last 2 weeks" not in page
    assert "It may be asked again in 4 days." in page
    ana.post(PAGE, PEG | WORST)
    assert not Answer.objects.filter(followup__isnull=False, instrument="phq4").exists()


def test_ones_own_activities_are_asked_in_ones_own_words(ana: Browser, cast: Cast) -> None:
    a_completed_checkin(
        cast.ana,
        practice=cast.practice,
        activities=["lift <b>my</b> son", "sit {0}"],
        now=NOW - timedelta(days=20),
    )
    page = shown(ana.get(PAGE))
    assert "How hard is it today to: lift &lt;b&gt;my&lt;/b&gt; son?" in page
    assert "How hard is it today to: sit {0}?" in page
    assert "act_3" not in page
    ana.post(PAGE, {"activity3-act_1": "8", "activity3-act_2": "5"})
    score = InstrumentScore.objects.get(followup__isnull=False, instrument="activity3")
    assert float(score.value) == 6.5


class TestHelp:
    def test_the_crisis_card_is_shown_to_oneself_after_saving(self, ana: Browser) -> None:
        ana.post(PAGE, WORST)
        page = shown(ana.get(ANSWERED))
        assert "If you need help now" in page
        assert "It can help to talk to someone" in page

    def test_it_is_within_reach_while_mood_is_asked(self, ana: Browser, cast: Cast) -> None:
        assert "If you need help now" in shown(ana.get(PAGE))
        a_completed_checkin(cast.ana, practice=cast.practice, now=NOW)
        assert "If you need help now" not in shown(ana.get(PAGE))

    def test_a_low_score_shows_none(self, ana: Browser) -> None:
        ana.post(PAGE, dict.fromkeys(WORST, "0"))
        page = shown(ana.get(ANSWERED))
        assert "0, on a scale from 0 to 12" in page
        assert "If you need help now" not in page
        assert "It can help to talk" not in page


def test_only_oneself_sees_the_answers(ana: Browser, cast: Cast) -> None:
    ana.post(PAGE, WORST)
    for name in ("ben", "tess", "theo", "uma", "finn", "paz", "opal"):
        browser = Browser()
        browser.force_login(cast.user(name))
        assert browser.get(ANSWERED).status_code == 404


@pytest.mark.parametrize(("page", "queries"), [(PAGE, 12), (ANSWERED, 9)])
def test_the_number_of_queries_does_not_grow(
    ana: Browser, cast: Cast, page: str, queries: int, django_assert_num_queries: Any
) -> None:
    for weeks in range(3, 0, -1):
        weekly(cast, 7 * weeks, anything_new="no")
    with django_assert_num_queries(queries):
        assert ana.get(page).status_code == 200
