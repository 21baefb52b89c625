"""How things are 4, 8, 12 and 26 weeks after the start; each of them once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, TODAY, Cast, at
from tests.checkins import a_completed_checkin
from unknot.journey.book.models import Appointment, Status
from unknot.journey.follow.actions import check_ins as actions
from unknot.journey.follow.reads import check_ins as reads
from unknot.journey.understand.models import Answer, FollowUp, InstrumentScore

PAGE = reverse("follow:outcome")
ANSWERED = reverse("follow:answered")
CHANGE = {"change_global-change_1": "2"}


@pytest.fixture
def ana(client: Browser, cast: Cast, now: datetime) -> Browser:
    client.force_login(cast.user("ana"))
    return client


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def intake(cast: Cast, *, days_ago: int, **more: Any) -> None:
    then = NOW - timedelta(days=days_ago)
    a_completed_checkin(cast.ana, practice=cast.practice, now=then, **more)


def session(cast: Cast, *, days_ago: int) -> None:
    start = at(10, days=-days_ago)
    visit = an_appointment(cast, start=start, now=start - timedelta(days=2))
    Appointment.objects.filter(pk=visit.pk).update(status=Status.ATTENDED)


def test_before_anything_happened_it_says_what_it_counts_from(ana: Browser) -> None:
    page = shown(ana.get(PAGE))
    assert "Nothing to look back on yet" in page
    assert ana.post(PAGE, CHANGE).status_code == 409


def test_before_the_fourth_week_it_says_from_when(ana: Browser, cast: Cast) -> None:
    intake(cast, days_ago=27)
    page = shown(ana.get(PAGE))
    assert "Not due yet: from 28 March" in page
    assert ana.post(PAGE, CHANGE).status_code == 409
    assert not FollowUp.objects.exists()


def test_on_its_day_it_asks_since_the_start(ana: Browser, cast: Cast) -> None:
    intake(cast, days_ago=28)
    page = shown(ana.get(PAGE))
    assert "How are you after 4 weeks?" in page
    assert "Since 27 February 2026, how is your back or neck problem overall?" in page
    assert " checked" not in page
    assert ana.post(PAGE, CHANGE | {"elo_stress-elo_1": "3"}).url == ANSWERED
    followup = FollowUp.objects.get()
    assert (followup.battery, followup.week, followup.day) == ("outcome", 4, TODAY)
    assert "4 weeks after the start" in shown(ana.get(ANSWERED))


def test_it_may_be_changed_on_its_day_and_not_later(ana: Browser, cast: Cast) -> None:
    intake(cast, days_ago=30)
    ana.post(PAGE, CHANGE)
    assert "You already answered today" in shown(ana.get(PAGE))
    FollowUp.objects.update(day=TODAY - timedelta(days=1))
    page = shown(ana.get(PAGE))
    assert "You answered on Thursday 26 March." in page
    assert "Not due yet: from 22 April" in page
    assert ana.post(PAGE, CHANGE).status_code == 409


def test_between_two_windows_nothing_is_open(ana: Browser, cast: Cast) -> None:
    intake(cast, days_ago=120)
    assert "Not due yet: from 28 May" in shown(ana.get(PAGE))


def test_in_the_end_nothing_more_is_due(ana: Browser, cast: Cast) -> None:
    intake(cast, days_ago=300)
    assert "Nothing more is due" in shown(ana.get(PAGE))


class TestTheStart:
    def test_is_the_first_attended_session(self, cast: Cast) -> None:
        intake(cast, days_ago=40)
        session(cast, days_ago=30)
        session(cast, days_ago=21)
        rhythm = reads.rhythm(cast.ana, now=NOW)
        assert rhythm.start == TODAY - timedelta(days=30)
        assert rhythm.outcome.week == 4

    def test_is_the_first_check_in_without_a_session(self, cast: Cast) -> None:
        intake(cast, days_ago=40)
        intake(cast, days_ago=10)
        assert reads.rhythm(cast.ana, now=NOW).start == TODAY - timedelta(days=40)

    def test_stays_when_the_first_session_comes_after_an_answer(self, cast: Cast) -> None:
        intake(cast, days_ago=40)
        points = {"change_global": {"change_1": 3}}
        then = NOW - timedelta(days=10)
        actions.save_outcome(cast.user("ana"), cast.ana, points=points, now=then)
        session(cast, days_ago=4)
        assert reads.rhythm(cast.ana, now=NOW).start == TODAY - timedelta(days=40)


class TestTheLowerBack:
    @pytest.fixture(autouse=True)
    def low_back(self, cast: Cast) -> None:
        intake(cast, days_ago=30, marks={"lumbar_l": 6})

    def test_its_sentences_are_asked_and_scored(self, ana: Browser) -> None:
        page = shown(ana.get(PAGE))
        assert page.count('name="sentences"') == 24
        first = Answer.objects.filter(instrument="rmdq24").count()
        assert first == 0
        ticked = [item.id for item in _items()[:3]]
        ana.post(PAGE, {"sentences": ticked})
        assert Answer.objects.filter(instrument="rmdq24").count() == 24
        assert InstrumentScore.objects.get(followup__isnull=False, instrument="rmdq24").value == 3
        assert shown(ana.get(PAGE)).count(" checked") == 3

    def test_an_untouched_list_is_skipped(self, ana: Browser) -> None:
        ana.post(PAGE, CHANGE)
        assert not Answer.objects.filter(instrument="rmdq24").exists()

    def test_none_of_them_is_an_answer(self, ana: Browser) -> None:
        ana.post(PAGE, {"none_of_them": "on"})
        assert InstrumentScore.objects.get(followup__isnull=False, instrument="rmdq24").value == 0
        assert shown(ana.get(PAGE)).count(" checked") == 1

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            ({"sentences": ["rm_99"]}, "Choose sentences from the list."),
            ({"sentences": ["first"], "none_of_them": "on"}, "You ticked sentences above."),
            ({}, "Answer at least one question"),
        ],
    )
    def test_what_cannot_be_used_is_said(
        self, ana: Browser, sent: dict[str, Any], sentence: str
    ) -> None:
        if "none_of_them" in sent:
            sent = sent | {"sentences": [_items()[0].id]}
        answer = ana.post(PAGE, sent)
        assert answer.status_code == 422
        assert sentence in shown(answer)
        assert not FollowUp.objects.exists()


def _items() -> Any:
    from unknot.domain.instruments import catalogue

    return catalogue.load().instrument("rmdq24").items


def test_other_places_get_no_sentences(ana: Browser, cast: Cast) -> None:
    intake(cast, days_ago=30)
    page = shown(ana.get(PAGE))
    assert "How are you after 4 weeks?" in page
    assert 'name="sentences"' not in page


def test_it_counts_for_the_week_as_well(ana: Browser, cast: Cast) -> None:
    intake(cast, days_ago=30)
    ana.post(PAGE, CHANGE)
    assert "Not due yet: from 3 April" in shown(ana.get(reverse("follow:weekly")))


def test_the_number_of_queries_does_not_grow(
    ana: Browser, cast: Cast, django_assert_num_queries: Any
) -> None:
    intake(cast, days_ago=30, marks={"lumbar_l": 6}, activities=["sit", "run"])
    with django_assert_num_queries(14):
        assert ana.get(PAGE).status_code == 200
