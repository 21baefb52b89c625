"""A therapist's own results: theirs alone, shrunken, with a range; and whose plan to look at."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests import follow_up
from tests.cast import LONG_AGO, NOW, Cast
from unknot.journey.choose.models import Therapist
from unknot.journey.follow.models import TherapistResult
from unknot.people.models import AuditEntry, CareRelation, Client, Consent, Purpose

PAGE = reverse("practice:results")


@pytest.fixture
def tess(client: Browser, cast: Cast, now: object) -> Browser:
    client.force_login(cast.user("tess"))
    return client


def text(browser: Browser) -> str:
    return " ".join(browser.get(PAGE).content.decode().split())


def a_result(therapist: Therapist, **fields: object) -> None:
    values = {"clients": 24, "mean": 0.05, "low": -0.3, "high": 0.4, **fields}
    TherapistResult.objects.create(therapist=therapist, made_at=NOW, model_version="1", **values)


def in_care(cast: Cast, count: int, *shares: str) -> list[Client]:
    made = follow_up.clients(cast.practice, count, shares=shares)
    CareRelation.objects.bulk_create(
        CareRelation(client=one, therapist_user=cast.tess.user, since=LONG_AGO) for one in made
    )
    return made


def test_before_there_are_twenty_clients_nothing_is_said(tess: Browser, cast: Cast) -> None:
    a_result(cast.tess, clients=19)
    page = text(tess)
    assert "Too early to say" in page
    assert "20 of your clients" in page
    assert "points" not in page.split("Whose plan")[0]


def test_the_usual_sentence_is_not_distinguishable(tess: Browser, cast: Cast) -> None:
    a_result(cast.tess)
    page = text(tess)
    assert "Not distinguishable from the practice." in page
    assert "0.3 points lower to 0.4 points higher" in page


def test_another_therapists_result_is_nobodys_business(tess: Browser, cast: Cast) -> None:
    a_result(cast.theo, mean=-0.8, low=-1.2, high=-0.4)
    assert "Too early to say" in text(tess)


def test_clients_who_share_it_are_listed_by_chance_and_the_look_is_kept(
    tess: Browser, cast: Cast
) -> None:
    listed, likely, silent = in_care(cast, 3, Purpose.SHARE_BODY)
    Consent.objects.filter(client=silent, purpose=Purpose.SHARE_BODY).update(withdrawn_at=NOW)
    for client, chance in ((listed, 0.12), (likely, 0.4), (silent, 0.05)):
        follow_up.a_finding(client, chance)
    page = text(tess)
    assert listed.name in page
    assert "a chance of 12 in 100" in page
    assert likely.name not in page
    assert silent.name not in page
    assert "2.0" not in page  # the raw change of all three
    read = AuditEntry.objects.filter(action="results.read")
    assert [one.client for one in read] == [listed]


def test_a_main_outcome_of_the_mind_needs_its_own_yes(tess: Browser, cast: Cast) -> None:
    (client,) = in_care(cast, 1, Purpose.SHARE_BODY)
    follow_up.a_finding(client, 0.1, outcome="stress")
    assert client.name not in text(tess)
    Consent.objects.create(client=client, purpose=Purpose.SHARE_MIND, version=1, given_at=LONG_AGO)
    assert client.name in text(tess)


def test_nobody_is_listed_on_few_answers_or_in_another_ones_care(tess: Browser, cast: Cast) -> None:
    (early,) = in_care(cast, 1, Purpose.SHARE_BODY)
    follow_up.a_finding(early, 0.01, check_ins=10)
    (stranger,) = follow_up.clients(cast.practice, 1, shares=(Purpose.SHARE_BODY,))
    stranger.name = "Stranger"
    stranger.save(update_fields=["name"])
    follow_up.a_finding(stranger, 0.01)
    page = text(tess)
    assert "Nobody to list" in page
    assert "Stranger" not in page
    assert not AuditEntry.objects.filter(action="results.read").exists()


def test_a_therapist_without_a_listing_has_the_page_too(
    client: Browser, cast: Cast, now: object
) -> None:
    cast.theo.delete()
    client.force_login(cast.user("theo"))
    assert client.get(PAGE).status_code == 200
