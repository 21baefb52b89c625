"""Every answer carries the security headers; private answers stay out of caches."""

import gzip
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from unknot.web.middleware import security_headers

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'"
)


def answer_to(session: Any = None) -> HttpResponse:
    request = RequestFactory().get("/")
    if session is not None:
        request.session = session

    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("hello")

    answer = security_headers(page)(request)
    assert isinstance(answer, HttpResponse)
    return answer


def test_every_answer_carries_the_policy_that_allows_only_our_own_files() -> None:
    answer = answer_to()
    assert answer["Content-Security-Policy"] == POLICY
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ],
)
def test_other_sites_cannot_reach_in(header: str, value: str) -> None:
    assert answer_to()[header] == value


def test_passkeys_are_allowed_and_cameras_are_not() -> None:
    allowed = answer_to()["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in allowed
    assert "camera=()" in allowed


def test_a_page_of_somebody_with_a_session_is_never_stored() -> None:
    session = SessionStore()
    session["answers"] = "begun"
    assert answer_to(session)["Cache-Control"] == "no-store"


def test_a_page_of_nobody_in_particular_may_be_stored() -> None:
    assert "Cache-Control" not in answer_to(SessionStore())
    assert "Cache-Control" not in answer_to()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/credits/", "/accounts/login/", "/no-such-page/"])
def test_pages_and_error_pages_carry_the_headers(path: str, client: Client) -> None:
    answer = client.get(path)
    assert answer["Content-Security-Policy"] == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_page_travels_packed_and_in_a_length_that_tells_nothing(cast: object) -> None:
    browser = Client(headers={"accept-encoding": "gzip"})
    answers = [browser.get("/check-in/") for _time in range(8)]
    assert {answer["Content-Encoding"] for answer in answers} == {"gzip"}
    assert all("Accept-Encoding" in answer["Vary"] for answer in answers)
    assert len({len(answer.content) for answer in answers}) > 1
    assert b"Before we begin" in gzip.decompress(answers[0].content)


def test_a_browser_that_cannot_unpack_gets_the_page_as_it_is(cast: object) -> None:
    answer = Client().get("/check-in/")
    assert "Content-Encoding" not in answer
    assert b"Before we begin" in answer.content
