"""The page that says whether the installation is well: red as soon as the worker is silent."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client as Browser

from tests.cast import NOW, Cast
from unknot.people import outbox, reads
from unknot.people.models import Heartbeat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def a_beat(seconds_ago: int) -> None:
    Heartbeat.objects.create(name="worker", at=NOW - timedelta(seconds=seconds_ago))


def test_it_is_well_while_the_worker_beats(client: Browser) -> None:
    a_beat(seconds_ago=119)
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {
        "well": True,
        "database": "answers",
        "worker": "alive",
        "messages_waiting": 0,
    }


@pytest.mark.parametrize("seconds_ago", [120, 3600, 30 * 24 * 3600])
def test_a_worker_that_stopped_turns_it_red_and_is_named(
    client: Browser, cast: Cast, seconds_ago: int
) -> None:
    a_beat(seconds_ago=seconds_ago)
    outbox.queue("alert", cast.paz, {"alert": None}, at=NOW - timedelta(minutes=5))
    answer = client.get("/health")
    assert answer.status_code == 503
    told = answer.json()
    assert (told["well"], told["worker"]) == (False, "silent")
    assert told["messages_waiting"] == 1


def test_a_worker_that_never_ran_is_silent(client: Browser) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["worker"]) == (503, "silent")


def test_another_process_that_beats_is_not_the_worker(client: Browser) -> None:
    Heartbeat.objects.create(name="server", at=NOW)
    assert client.get("/health").status_code == 503


def test_a_database_that_does_not_answer_is_named(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_now: object) -> bool:
        raise DatabaseError

    monkeypatch.setattr(reads, "worker_is_alive", gone)
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json() == {"well": False, "database": "does not answer"}
