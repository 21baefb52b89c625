"""Home, credits and the sheet of components."""

import re

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import Settings

from tests.cast import Cast
from unknot.domain.guidance import catalogue
from unknot.web import pages

pytestmark = pytest.mark.django_db


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_home_starts_the_check_in_and_says_what_to_do_when_it_is_urgent(client: Client) -> None:
    text = text_of(client, "/")
    assert "Start your check-in" in text
    assert 'href="#urgent"' in text
    assert 'id="urgent"' in text
    assert 'href="tel:112"' in text
    assert "It does not diagnose" in text


def test_home_claims_only_what_the_catalogue_says(client: Client) -> None:
    text = text_of(client, "/")
    for claim, _heading in pages.KNOWN:
        assert escape(catalogue.load().claim(claim).say) in text


def test_a_claim_without_a_step_has_no_meter() -> None:
    grades = {known.say: known.grade for known in pages.known()}
    tested = catalogue.load().claim("pain_neck_sham")
    assert catalogue.load().step("pain_neck_sham") is None
    assert grades[tested.say] == 0


def test_every_step_of_the_meter_has_a_mark() -> None:
    steps = {status.step for status in catalogue.load().statuses if status.step}
    assert steps <= set(pages.GRADES)


@pytest.mark.parametrize(
    "words",
    [
        "Lucide",
        "Atkinson Hyperlegible Next",
        "Familjen Grotesk",
        "htmx",
        "Kossakowski",
        "CC BY 4.0",
        "Regenstrief Institute",
        "Spitzer",
        "Krebs",
    ],
)
def test_credits_name_everybody_who_asked_for_it(words: str, client: Client) -> None:
    assert words in text_of(client, "/credits/")


def test_the_sheet_of_components_is_there_in_a_test(client: Client) -> None:
    text = text_of(client, "/components/")
    assert "<unknot-bodymap" in text
    assert "error-summary" in text


def test_the_sheet_of_components_is_not_there_while_serving(
    client: Client, settings: Settings
) -> None:
    settings.MODE = "serve"
    assert client.get("/components/").status_code == 404


@pytest.mark.parametrize("path", ["/", "/credits/"])
def test_the_pages_only_answer_to_reading(path: str, client: Client) -> None:
    assert client.post(path).status_code == 405


def test_every_page_has_a_language_a_skip_link_and_one_main(client: Client) -> None:
    text = text_of(client, "/credits/")
    assert '<html lang="en">' in text
    assert '<a class="skip" href="#main">' in text
    assert text.count("<main ") == 1
    assert text.count("<h1") == 1


def test_the_demonstration_says_that_it_is_one(client: Client, settings: Settings) -> None:
    settings.MODE = "demo"
    assert "This is a demonstration" in text_of(client, "/credits/")


def test_a_real_practice_is_no_demonstration(client: Client) -> None:
    assert "This is a demonstration" not in text_of(client, "/credits/")


@pytest.mark.parametrize(
    "path",
    ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"],
)
def test_account_pages_look_like_ours(path: str, client: Client) -> None:
    text = text_of(client, path)
    assert 'class="site-header"' in text
    assert '<div class="field"><label for="id_' in text
    assert 'class="button' in text


def test_a_wrong_password_is_summed_up_and_the_email_kept(client: Client) -> None:
    answer = client.post("/accounts/login/", {"login": "ana@example.org", "password": "no"})
    text = answer.content.decode()
    assert "error-summary" in text
    assert 'value="ana@example.org"' in text


def test_account_pages_load_scripts_as_files_only(client: Client) -> None:
    scripts = re.findall(r"<script\b([^>]*)>", text_of(client, "/accounts/login/"))
    assert any("webauthn.js" in given for given in scripts)
    for given in scripts:
        assert 'src="/static/' in given or 'type="application/json"' in given


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/logout/",
    ],
)
def test_pages_of_an_account_extend_ours_and_lead_on(path: str, client: Client, cast: Cast) -> None:
    client.force_login(cast.ana.user)
    text = text_of(client, path)
    assert 'class="account-links"' in text
    assert 'class="signed-in"' in text
    assert "style=" not in text
