"""/check-in/: agreement, age, the practice; and what was begun before."""

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tests.checkins import a_completed_checkin
from tests.journey.understand.walk import begin, body, the_checkin, walk
from unknot.journey.understand import access
from unknot.journey.understand.models import CheckIn
from unknot.people.reads import CONSENT_VERSION

pytestmark = pytest.mark.usefixtures("now")
URL = "/check-in/"


def words(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_it_says_what_is_kept_who_sees_it_and_when_it_is_deleted(
    cast: Cast, client: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        page = client.get(URL)
    assert page.status_code == 200
    for sentence in ("your therapist sees", "Nobody sees your answers about mood", "7 days"):
        assert sentence in words(page)


def test_agreeing_starts_a_checkin_and_keeps_the_version_agreed_to(
    cast: Cast, client: Browser
) -> None:
    begin(client)
    checkin = the_checkin(client)
    assert (checkin.practice, checkin.consent_version, checkin.client) == (
        cast.practice,
        CONSENT_VERSION,
        None,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"agree": ""}, "only ask you these questions if you agree"),
        ({"adult": ""}, "Say whether you are 18"),
        ({"adult": "maybe"}, "maybe"),
        ({"practice": "nowhere"}, "Choose one of the practices"),
        ({"practice": ""}, "Choose a practice"),
    ],
)
def test_a_missing_or_wrong_answer_gets_its_sentence_and_nothing_is_kept(
    cast: Cast, client: Browser, change: dict[str, str], sentence: str
) -> None:
    answers = {"practice": "lindenweg", "adult": "yes", "agree": "on", **change}
    page = client.post(URL, {name: value for name, value in answers.items() if value})
    assert page.status_code == 422
    assert sentence in words(page)
    assert not CheckIn.objects.exists()


def test_under_18_leads_to_the_reason_and_keeps_nothing(cast: Cast, client: Browser) -> None:
    answer = client.post(URL, {"practice": "lindenweg", "adult": "no", "agree": "on"})
    assert answer["Location"] == "/check-in/under-18/"
    assert not CheckIn.objects.exists()


def test_the_page_for_minors_says_why_and_whom_to_ask(
    cast: Cast, client: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        page = client.get("/check-in/under-18/")
    assert "parent or guardian" in words(page)
    assert client.post("/check-in/under-18/").status_code == 405


def test_a_repeated_submit_makes_one_checkin(cast: Cast, client: Browser) -> None:
    begin(client)
    begin(client)
    assert CheckIn.objects.count() == 1


def test_no_open_practice_closes_checkins_with_a_sentence(cast: Cast, client: Browser) -> None:
    for practice in (cast.practice, cast.other_practice):
        practice.safety_approved_by = ""
        practice.save(update_fields=["safety_approved_by"])
    assert "Check-ins are closed" in words(client.get(URL))
    page = client.post(URL, {"practice": "lindenweg", "adult": "yes", "agree": "on"})
    assert page.status_code == 422
    assert not CheckIn.objects.exists()


def test_a_closed_practice_cannot_be_chosen(cast: Cast, client: Browser) -> None:
    cast.practice.safety_approved_by = ""
    cast.practice.save(update_fields=["safety_approved_by"])
    assert "Lindenweg" not in words(client.get(URL))
    page = client.post(URL, {"practice": "lindenweg", "adult": "yes", "agree": "on"})
    assert page.status_code == 422


def test_a_demonstration_says_that_its_table_is_not_signed_off(cast: Cast, client: Browser) -> None:
    cast.practice.demonstration, cast.practice.safety_approved_by = True, ""
    cast.practice.save(update_fields=["demonstration", "safety_approved_by"])
    page = words(client.get(URL))
    assert "Lindenweg is a demonstration" in page
    assert "No clinician has signed off" in page


def test_coming_back_offers_to_go_on_where_one_was(cast: Cast, client: Browser) -> None:
    begin(client)
    body(client, cervical_l=6)
    page = words(client.get(URL))
    assert "Go on where you were" in page
    assert 'href="/check-in/story/"' in page


def test_save_and_leave_keeps_what_there_is_and_says_how_to_come_back(
    cast: Cast, client: Browser
) -> None:
    begin(client)
    page = client.post("/check-in/body/", {"mark-cervical_l": "6", "leave": "yes"}, follow=True)
    assert page.redirect_chain[-1][0] == URL
    assert "on this device within 7 days" in words(page)
    assert the_checkin(client).marks.count() == 1


def test_starting_again_deletes_what_nobody_claimed(cast: Cast, client: Browser) -> None:
    begin(client)
    assert client.get("/check-in/restart/").status_code == 405
    assert client.post("/check-in/restart/")["Location"] == URL
    assert not CheckIn.objects.exists()
    assert access.SESSION_KEY not in client.session


def test_starting_again_does_not_lose_a_stop(cast: Cast, client: Browser) -> None:
    walk(client, rf_cad="yes")
    assert client.post("/check-in/restart/")["Location"] == "/check-in/result/"
    assert CheckIn.objects.count() == 1
    assert client.post(URL, {"practice": "lindenweg", "adult": "yes", "agree": "on"})[
        "Location"
    ] == ("/check-in/result/")


def test_a_client_with_a_stop_is_shown_it_in_any_browser(cast: Cast, client: Browser) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    client.force_login(cast.user("ana"))
    answer = client.post(URL, {"practice": "lindenweg", "adult": "yes", "agree": "on"}, follow=True)
    assert "Stop. Get medical help now." in words(answer)


def test_wrong_methods_are_refused(cast: Cast, client: Browser) -> None:
    assert client.delete(URL).status_code == 405


@pytest.mark.parametrize("key", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_key_that_leads_nowhere_is_no_checkin(cast: Cast, client: Browser, key: str) -> None:
    session = client.session
    session[access.SESSION_KEY] = key
    session.save()
    page = client.get("/check-in/body/", follow=True)
    assert page.redirect_chain[-1][0] == URL
    assert "no check-in under way" in words(page)
