"""What all steps share: they need a check-in, keep what was typed, and stay closed after a stop."""

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tests.checkins import a_completed_checkin
from tests.journey.understand.walk import MIND, REST, STEPS, STORY, WISHES, about, begin, body, walk
from unknot.journey.understand.models import CheckIn
from unknot.journey.understand.pages.frame import PAGES

pytestmark = pytest.mark.usefixtures("now")

QUERIES = {
    "body": 5,
    "story": 5,
    "everyday": 7,
    "mind": 7,
    "safety": 8,
    "history": 7,
    "wishes": 3,
    "result": 13,
}


@pytest.mark.parametrize("name", [*STEPS, "result"])
def test_without_a_checkin_every_step_leads_to_the_start_with_a_sentence(
    cast: Cast, client: Browser, name: str
) -> None:
    page = client.get(f"/check-in/{name}/", follow=True)
    assert page.redirect_chain[-1][0] == "/check-in/"
    assert "no check-in under way" in page.content.decode()


@pytest.mark.parametrize("name", STEPS)
def test_a_checkin_deleted_meanwhile_loses_the_sender_gently(
    cast: Cast, client: Browser, name: str
) -> None:
    begin(client)
    CheckIn.objects.all().delete()
    page = client.post(f"/check-in/{name}/", {}, follow=True)
    assert page.status_code == 200
    assert "no check-in under way" in page.content.decode()


@pytest.mark.parametrize("name", STEPS)
def test_wrong_methods_are_refused(cast: Cast, client: Browser, name: str) -> None:
    begin(client)
    assert client.delete(f"/check-in/{name}/").status_code == 405


@pytest.mark.parametrize("name", STEPS)
def test_each_step_says_its_number_in_words(cast: Cast, client: Browser, name: str) -> None:
    begin(client)
    about(client)
    page = client.get(f"/check-in/{name}/").content.decode()
    assert f"Step {PAGES[name]} of 7" in page
    assert "Save and leave" in page


@pytest.mark.parametrize("name", [*STEPS, "result"])
def test_each_page_asks_the_database_a_fixed_number_of_times(
    cast: Cast, client: Browser, django_assert_num_queries: DjangoAssertNumQueries, name: str
) -> None:
    walk(client)
    client.get(f"/check-in/{name}/")
    with django_assert_num_queries(QUERIES[name]):
        assert client.get(f"/check-in/{name}/").status_code == 200


@pytest.mark.parametrize("name", STEPS)
def test_going_back_shows_what_was_said(cast: Cast, client: Browser, name: str) -> None:
    walk(client)
    page = client.get(f"/check-in/{name}/").content.decode()
    assert " selected" in page if name == "body" else " checked" in page


@pytest.mark.parametrize("name", STEPS)
def test_after_a_stop_no_step_opens_and_none_saves(cast: Cast, client: Browser, name: str) -> None:
    checkin = walk(client, rf_cad="yes")
    before = set(checkin.safety_answers.values_list("question", "said"))
    for answer in (
        client.get(f"/check-in/{name}/"),
        client.post(f"/check-in/{name}/", {"rf_cad": "no", **REST, **WISHES, **MIND, **STORY}),
    ):
        assert answer["Location"] == "/check-in/result/"
    assert set(checkin.safety_answers.values_list("question", "said")) == before


def test_without_a_stop_the_same_step_opens(cast: Cast, client: Browser) -> None:
    walk(client)
    assert client.get("/check-in/safety/").status_code == 200


def test_a_clients_completed_checkin_does_not_open_again(cast: Cast, client: Browser) -> None:
    made = a_completed_checkin(cast.ana, practice=cast.practice)
    session = client.session
    session["checkin"] = str(made.key)
    session.save()
    assert client.get("/check-in/body/")["Location"] == "/check-in/result/"


def test_two_tabs_save_into_the_same_checkin(cast: Cast, client: Browser) -> None:
    begin(client)
    body(client, cervical_l=6)
    for level in ("2", "9"):
        client.post("/check-in/mind/", {**MIND, "stress_nrs-stress_today": level})
    page = client.get("/check-in/mind/").content.decode()
    assert CheckIn.objects.count() == 1
    assert 'name="stress_nrs-stress_today" value="9"' in page


def test_a_body_of_ten_megabytes_is_refused_and_nothing_is_lost(
    cast: Cast, client: Browser
) -> None:
    begin(client)
    client.post("/check-in/mind/", MIND)
    answer = client.post("/check-in/mind/", {"phq4-gad_1": "x" * 10_000_000})
    assert answer.status_code == 413
    assert CheckIn.objects.get().answers.count() == len(MIND)
