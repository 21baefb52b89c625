"""A real mail server that accepts, refuses, hangs or dies, and providers that do."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
)
from pytest_django import Settings

from tests.cast import NOW
from tests.people.smtp import Server, serving
from unknot.people import delivery, outbox
from unknot.people.models import Message, MessageState
from unknot.project import environment


@pytest.fixture
def letter(db: None) -> Message:
    return outbox.queue_text("ana@example.org", "account", "Your account", "Hello.", at=NOW)


@contextmanager
def at_work(settings: Settings, behaviour: str) -> Iterator[Server]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = "127.0.0.1", False, 1
    with serving(Server(behaviour)) as server:
        settings.EMAIL_PORT = server.port
        yield server


@pytest.mark.parametrize(
    ("behaviour", "state", "received"),
    [
        ("accepts", MessageState.HANDED_OVER, 1),
        ("refuses", MessageState.BOUNCED, 0),
        ("later", MessageState.PLANNED, 0),
        ("full", MessageState.PLANNED, 0),
        ("hangs", MessageState.UNKNOWN, 1),
        ("dies", MessageState.UNKNOWN, 1),
    ],
)
def test_each_answer_of_a_server_is_a_state(
    letter: Message, settings: Settings, behaviour: str, state: str, received: int
) -> None:
    with at_work(settings, behaviour) as server:
        outbox.send_due(NOW, deliver=delivery.by_smtp)
    letter.refresh_from_db()
    assert (letter.state, len(server.received)) == (state, received)


def test_a_server_that_is_not_there_means_a_later_try(letter: Message, settings: Settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = "127.0.0.1", False, 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.socket() as taken:  # bound and not listening: refused at once
        taken.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = taken.getsockname()[1]
        outbox.send_due(NOW, deliver=delivery.by_smtp)
    letter.refresh_from_db()
    assert letter.state == MessageState.PLANNED
    assert letter.due_at > NOW


def test_a_subject_with_a_line_break_sends_no_header_of_its_own(
    db: None, settings: Settings
) -> None:
    made = outbox.queue_text(
        "ana@example.org", "account", "Hello\nBcc: all@example.org", "Text", at=NOW
    )
    with at_work(settings, "accepts") as server:
        outbox.send_due(NOW, deliver=delivery.by_smtp)
    made.refresh_from_db()
    assert made.state == MessageState.HANDED_OVER
    assert made.subject == "Hello Bcc: all@example.org"
    assert len(server.received) == 1


def answer(status: int) -> AnymailAPIError:
    response = requests.Response()
    response.status_code = status
    return AnymailRequestsAPIError(
        "no",
        response=response,
        backend=SimpleNamespace(esp_name="Postmark", debug_api_requests=False),
    )


def silence(cause: Exception) -> AnymailAPIError:
    problem = AnymailAPIError("no answer")
    problem.__cause__ = cause
    return problem


@pytest.mark.parametrize(
    ("problem", "state"),
    [
        (AnymailRecipientsRefused("no such mailbox"), MessageState.BOUNCED),
        (answer(429), MessageState.PLANNED),
        (answer(401), MessageState.PLANNED),
        (answer(503), MessageState.UNKNOWN),
        (silence(requests.ReadTimeout("no answer")), MessageState.UNKNOWN),
        (silence(requests.ConnectTimeout("not reached")), MessageState.PLANNED),
        (silence(requests.ConnectionError("NewConnectionError: refused")), MessageState.PLANNED),
        (silence(requests.ConnectionError("Connection aborted")), MessageState.UNKNOWN),
    ],
)
def test_each_answer_of_a_provider_is_a_state(
    letter: Message,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    problem: Exception,
    state: str,
) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "secret"}

    def fail(*given: Any, **named: Any) -> None:
        raise problem

    monkeypatch.setattr("anymail.backends.base_requests.AnymailRequestsBackend.post_to_esp", fail)
    outbox.send_due(NOW, deliver=delivery.by_provider)
    letter.refresh_from_db()
    assert letter.state == state
    assert "secret" not in letter.problem


@pytest.mark.parametrize("provider", environment.MAIL_KEYS)
def test_every_provider_takes_its_key_from_the_settings(
    provider: str, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setenv("UNKNOT_MAIL_PROVIDER", provider)
    monkeypatch.setenv("UNKNOT_MAIL_KEY", "secret")
    name, settings.ANYMAIL = environment.mail_provider("UNKNOT_MAIL_PROVIDER", "UNKNOT_MAIL_KEY")
    settings.EMAIL_BACKEND = f"anymail.backends.{name}.EmailBackend"
    backend = delivery.get_connection()
    assert "secret" in map(str, vars(backend).values())


def test_an_unknown_provider_or_one_without_its_key_stops_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UNKNOT_MAIL_PROVIDER", "pigeon")
    with pytest.raises(environment.SettingError, match="expected one of brevo"):
        environment.mail_provider("UNKNOT_MAIL_PROVIDER", "UNKNOT_MAIL_KEY")
    monkeypatch.setenv("UNKNOT_MAIL_PROVIDER", "brevo")
    with pytest.raises(environment.SettingError, match="UNKNOT_MAIL_KEY is missing"):
        environment.mail_provider("UNKNOT_MAIL_PROVIDER", "UNKNOT_MAIL_KEY")
