"""An error raised by a page becomes its own status and plain words, whole or as a fragment."""

import logging

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

pytestmark = [pytest.mark.urls("tests.web.failing_urls"), pytest.mark.django_db]

HTMX = {"HX-Request": "true"}

CASES = [
    ("/missing/", 404, "not yours to see"),
    ("/gone/", 404, "not yours to see"),
    ("/nowhere/", 404, "not yours to see"),
    ("/denied/", 403, "You have no right to see this record."),
    ("/forbidden/", 403, "not allowed to open this page"),
    ("/taken/", 409, "Somebody has just booked this time."),
    ("/input/", 422, "missing or cannot be right"),
    ("/unreadable/", 400, "not in a form we understand"),
]


@pytest.mark.parametrize(("path", "status", "words"), CASES)
def test_an_error_has_its_page_with_what_is_wrong_and_how_to_mend_it(
    path: str, status: int, words: str, client: Client
) -> None:
    answer = client.get(path)
    text = answer.content.decode()
    assert answer.status_code == status
    assert words in text
    assert "What you can do" in text
    assert "<html" in text


@pytest.mark.parametrize(("path", "status", "words"), CASES)
def test_htmx_gets_the_same_words_as_a_fragment(
    path: str, status: int, words: str, client: Client
) -> None:
    answer = client.get(path, headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == status
    assert words in text
    assert 'role="alert"' in text
    assert "<html" not in text


def test_a_boosted_link_gets_the_whole_page(client: Client) -> None:
    answer = client.get("/taken/", headers={**HTMX, "HX-Boosted": "true"})
    assert "<html" in answer.content.decode()


FORM = {"content_type": "application/x-www-form-urlencoded"}


def too_long() -> str:
    return "story=" + "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_a_body_that_is_too_large_is_refused_with_413() -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post("/reading/", too_long(), **FORM)
    assert answer.status_code == 413
    assert "larger than one form may be" in answer.content.decode()


def test_a_body_read_by_the_page_is_refused_with_413_too(client: Client) -> None:
    answer = client.post("/reading/", too_long(), **FORM)
    assert answer.status_code == 413


def test_a_body_just_inside_the_limit_is_read(client: Client) -> None:
    answer = client.post("/reading/", "story=fine", **FORM)
    assert answer.content == b"fine"


def test_too_many_fields_are_refused_with_413(client: Client) -> None:
    fields = "&".join(f"f{number}=1" for number in range(1001))
    assert client.post("/reading/", fields, **FORM).status_code == 413


def test_a_form_without_its_token_says_how_to_send_it_again() -> None:
    answer = Client(enforce_csrf_checks=True).post("/reading/", {"story": "x"})
    assert answer.status_code == 403
    assert "load the page again" in answer.content.decode()


def test_an_unforeseen_error_shows_no_trace_and_logs_no_words_of_a_person(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = Client(raise_request_exception=False)
    with caplog.at_level(logging.ERROR):
        answer = client.get("/broken/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "Something broke on our side" in text
    assert "Ana" not in text
    assert "Traceback" not in text
    assert "RuntimeError in GET" in caplog.text
    assert "failing_urls.py" in caplog.text
    assert "Ana wrote" not in caplog.text


def test_an_unforeseen_error_still_stops_a_test(client: Client) -> None:
    with pytest.raises(RuntimeError):
        client.get("/broken/")


@pytest.mark.parametrize("path", ["/away/", "/ended/", "/closed/"])
def test_a_database_that_does_not_answer_is_said_with_503(
    path: str, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = client.get(path)
    text = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "We cannot reach our records just now" in text
    assert "What you can do" in text
    assert "The database does not answer" in caplog.text
    assert "Ana" not in text + caplog.text
    assert "<html" not in client.get(path, headers=HTMX).content.decode()


def test_a_query_that_the_database_refused_is_our_fault() -> None:
    client = Client(raise_request_exception=False)
    assert client.get("/deadlock/").status_code == 500


def test_a_session_that_cannot_be_kept_is_said_with_503_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between two pages there is no page to catch the error: Django's last resort is ours."""

    def save(self: object, must_create: bool = False) -> None:
        raise OperationalError("the connection is closed")

    client = Client(raise_request_exception=False)
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", save)
    answer = client.get("/writing/")
    assert answer.status_code == 503
    assert "We cannot reach our records just now" in answer.content.decode()
