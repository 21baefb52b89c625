"""What a manager sees: many clients together, nothing small, nobody's name."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import follow_up
from tests.cast import NOW, Cast
from unknot.journey.follow.models import PooledEffect, PooledRun, TherapistResult
from unknot.people.models import AuditEntry, Consent

PAGE = reverse("practice:outcomes")


@pytest.fixture
def paz(client: Browser, cast: Cast, now: object) -> Browser:
    client.force_login(cast.user("paz"))
    return client


def text(browser: Browser) -> str:
    return " ".join(browser.get(PAGE).content.decode().split())


def an_effect(cast: Cast, technique: str = "", **fields: object) -> None:
    values = {
        "outcome": "pain",
        "clients": 24,
        "mean": -1.1,
        "low": -1.5,
        "high": -0.7,
        "between_sd": 0.5,
        "made_at": NOW,
        "model_version": "1",
        **fields,
    }
    PooledEffect.objects.create(practice=cast.practice, technique=technique, **values)
    PooledRun.objects.update_or_create(practice=cast.practice, part="pain", defaults={"at": NOW})


def test_a_new_practice_is_told_what_it_needs(paz: Browser) -> None:
    page = text(paz)
    assert "Too early to say" in page
    assert "20 clients" in page
    assert page.count("Not shown: fewer than 10") == 2
    assert "range-bar" not in page


def test_an_effect_stands_with_its_range_and_its_number(paz: Browser, cast: Cast) -> None:
    an_effect(cast, half_life=3.4)
    an_effect(cast, "swedish", clients=21, mean=-0.3, low=-0.9, high=0.2)
    page = text(paz)
    assert "About 1.1 points less (0.7 to 1.5 less)" in page
    assert "Cannot be told yet: anything from 0.9 points less to 0.2 more fits" in page
    assert "very roughly 3 days" in page
    assert "24 clients" in page
    assert page.count('<svg class="chart range-bar"') == 2
    assert page.count('<g class="body">') == 1  # the other one may be chance
    assert "Worked out on 27 March 2026" in page


def test_effects_of_fewer_than_twenty_or_of_another_practice_stay_away(
    paz: Browser, cast: Cast
) -> None:
    an_effect(cast, clients=19)
    PooledEffect.objects.create(
        practice=cast.other_practice,
        outcome="stress",
        clients=50,
        mean=0,
        low=-1,
        high=1,
        between_sd=0.3,
        made_at=NOW,
        model_version="1",
    )
    assert "Too early to say" in text(paz)


def test_the_follow_up_says_how_complete_it_is(paz: Browser, cast: Cast) -> None:
    made = follow_up.clients(cast.practice, 20)
    for place, client in enumerate(made):
        follow_up.a_session(client, cast.tess, cast.swedish, start=NOW - timedelta(days=10))
        if place < 10:
            follow_up.daily(client, days=20)
            follow_up.questionnaires(client, (60, 6), (5, 4))
    page = text(paz)
    assert page.count("10 of 20") == 2
    assert "10 of 20 sessions" in page
    assert "10 of 20 clients, 4 weeks or more after the first" in page


def test_who_may_need_another_plan_is_a_number_and_never_a_name(paz: Browser, cast: Cast) -> None:
    made = follow_up.clients(cast.practice, 25)
    for place, client in enumerate(made):
        follow_up.a_finding(client, 0.1 if place < 12 else 0.6)
    page = text(paz)
    assert "For 12 of 25 clients" in page
    assert "Client 0" not in page
    Consent.objects.filter(client__in=made[:3]).update(withdrawn_at=NOW)
    assert "The number is not shown" in text(paz)  # nine are left


def test_reading_numbers_reads_nobodys_record_and_no_therapist(paz: Browser, cast: Cast) -> None:
    TherapistResult.objects.create(
        therapist=cast.tess,
        clients=30,
        mean=-0.777,
        low=-1.2,
        high=-0.3,
        made_at=NOW,
        model_version="1",
    )
    page = text(paz)
    assert "lower" not in page
    assert "Tess" not in page
    assert not AuditEntry.objects.filter(action="results.read").exists()


def test_it_asks_as_often_for_many_clients_as_for_few(paz: Browser, cast: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            paz.get(PAGE)
        return len(queries)

    def some_more(count: int) -> None:
        for client in follow_up.clients(cast.practice, count):
            follow_up.a_session(client, cast.tess, cast.swedish, start=NOW - timedelta(days=10))
            follow_up.a_finding(client, 0.3)

    some_more(2)
    few = asked()
    some_more(12)
    assert asked() == few
