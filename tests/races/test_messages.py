"""A thousand mails, two workers, ten kills: no mail reaches the server twice.

Each worker is the real command in a process of its own, killed without warning while it sends. The
control takes the claim away and shows that mails do arrive twice without it.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests.people.smtp import Server, serving
from tests.project.conftest import CHECKOUT
from unknot.people import delivery, outbox
from unknot.people.models import Message, MessageState

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

MAILS, KILLS, WORKERS = 1000, 10, 2
PATIENCE = 240


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Server()) as one:
        yield one


def planned(count: int) -> None:
    now = datetime.now(UTC)
    Message.objects.bulk_create(
        Message(
            kind="account",
            recipient=f"somebody{number}@example.org",
            subject="Hello",
            body="A mail.",
            created_at=now,
            due_at=now,
        )
        for number in range(count)
    )


def a_worker(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """`unknot work` on the database of this test, as an installation runs it."""
    parts = urlsplit(os.environ["UNKNOT_DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    variables = {
        **{key: text for key, text in os.environ.items() if not key.startswith("UNKNOT_")},
        "PYTHONPATH": str(CHECKOUT / "src"),
        "UNKNOT_DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}")),
        "UNKNOT_SECRET_KEY": "only-for-the-tests-and-never-for-a-person",
        "UNKNOT_SMTP_HOST": "127.0.0.1",
        "UNKNOT_SMTP_PORT": str(port),
        "UNKNOT_SMTP_TLS": "no",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "unknot", "work", "--data", str(folder)],
        cwd=CHECKOUT,
        env=variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def waiting() -> int:
    return Message.objects.filter(state=MessageState.PLANNED).count()


def kill_and_replace(workers: list[subprocess.Popen[bytes]], folder: Path, server: Server) -> None:
    """Kill one worker while mails go out, and start another in its place."""
    before, deadline = len(server.received), time.monotonic() + 30
    while len(server.received) < before + random.randint(10, 40):
        assert time.monotonic() < deadline, "no mail went out before the kill"
        time.sleep(0.01)
    one = random.randrange(WORKERS)
    workers[one].send_signal(signal.SIGKILL)
    workers[one].wait(30)
    workers[one] = a_worker(folder, server.port)


def test_no_mail_is_handed_over_twice_under_two_workers_and_ten_kills(
    tmp_path: Path, server: Server
) -> None:
    planned(MAILS)
    workers = [a_worker(tmp_path, server.port) for _worker in range(WORKERS)]
    try:
        for _kill in range(KILLS):
            kill_and_replace(workers, tmp_path, server)
        deadline = time.monotonic() + PATIENCE
        while waiting():
            assert time.monotonic() < deadline, f"{waiting()} mails still wait"
            time.sleep(0.2)
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(30)
    outbox.send_due(datetime.now(UTC) + timedelta(hours=1), deliver=never)
    states = Counter(Message.objects.values_list("state", flat=True))
    twice = [name for name, times in Counter(server.received).items() if times > 1]
    assert twice == []
    assert states.keys() <= {MessageState.HANDED_OVER, MessageState.UNKNOWN}
    assert states[MessageState.UNKNOWN] <= KILLS
    assert states[MessageState.HANDED_OVER] <= len(server.received) <= MAILS


def never(message: Message) -> None:
    raise AssertionError("nothing was left to send")


def test_without_the_claim_a_mail_would_be_handed_over_twice(
    server: Server, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(1)
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port  # type: ignore[attr-defined]
    settings.EMAIL_USE_TLS = False  # type: ignore[attr-defined]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    for mail in [Message.objects.get(), Message.objects.get()]:  # two workers, each with its copy
        delivery.by_smtp(mail)
    assert len(server.received) == 2
    assert len(set(server.received)) == 1
