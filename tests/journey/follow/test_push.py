"""Reminders are pushed to a service on this machine, read by their browser, and never twice."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, at
from tests.journey.follow.push_service import Service, push_service
from tests.journey.follow.test_reminders import HEALTH
from unknot.journey.book.models import Appointment, Status
from unknot.journey.follow import webpush
from unknot.journey.follow.actions import check_ins, push, reminders
from unknot.journey.follow.models import PushKey, PushSubscription, Reminder, ReminderState
from unknot.journey.follow.reads import reminders as reads
from unknot.people.actions import agree
from unknot.people.models import Message, Purpose
from unknot.web.errors import BadInput

EVENING = at(19)


@pytest.fixture
def service(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Service]:
    with push_service(tmp_path) as service:
        settings.PUSH_HOSTS = ["localhost", service.host]
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "localhost.pem"))
        monkeypatch.setenv("NO_PROXY", "localhost")
        yield service


@pytest.fixture
def pushed(cast: Cast, service: Service) -> Cast:
    """Ana agreed to care and has her reminders pushed at seven in the evening."""
    agree(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    subscribe(cast, service.browser())
    return cast


def subscribe(cast: Cast, browser: webpush.Browser | None) -> None:
    reminders.choose(
        cast.user("ana"),
        cast.ana,
        hour=19,
        weekdays=range(7),
        way="push",
        browser=browser,
        now=NOW,
    )


def state() -> str:
    return Reminder.objects.latest("pk").state


def test_its_browser_reads_it_and_nobody_else_learns_anything(
    pushed: Cast, service: Service
) -> None:
    assert reminders.plan_due(EVENING) == 1
    assert push.hand_over_due(EVENING) == 1
    assert push.hand_over_due(EVENING) == 0
    ((path, headers, body),) = service.posted
    assert path == "/one"
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["TTL"] == "7200"
    assert headers["Authorization"].endswith(f"k={push.public_key(NOW)}")
    assert b"seconds" not in body
    (text,) = service.texts()
    assert json.loads(text) == {
        "title": "Unknot",
        "body": "Your twenty seconds for today",
        "url": "/daily/",
        "tag": "daily",
    }
    assert state() == ReminderState.SENT
    assert not Message.objects.exists()


def test_no_push_says_who_or_how(pushed: Cast, service: Service) -> None:
    visit = an_appointment(pushed)
    for day in range(6):
        if day == 3:
            now = visit.start - timedelta(minutes=75)
            reminders.plan_due(now)
            push.hand_over_due(now)
        reminders.plan_due(at(19, days=day))
        push.hand_over_due(at(19, days=day))
    told = [json.loads(text) for text in service.texts()]
    assert [one["tag"] for one in told] == [*["daily"] * 3, "door", *["daily"] * 2, "last"]
    for one in told:
        said = " ".join(one.values()).lower()
        assert not [word for word in HEALTH if word in said.split()]
        assert "ana" not in said.split()
    assert told[-1]["url"] == "/daily/reminders/"


def test_discreet_people_read_one_word(pushed: Cast, service: Service) -> None:
    user = pushed.user("ana")
    user.discreet_mail = True
    user.save(update_fields=["discreet_mail"])
    reminders.plan_due(EVENING)
    push.hand_over_due(EVENING)
    assert json.loads(service.texts()[0])["body"] == "A moment for Unknot"


@pytest.mark.parametrize("answer", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(pushed: Cast, service: Service, answer: int) -> None:
    service.answer = answer
    reminders.plan_due(EVENING)
    assert push.hand_over_due(EVENING) == 0
    assert not PushSubscription.objects.exists()
    assert state() == ReminderState.DROPPED
    assert reads.choice(pushed.ana).reaches_nobody


@pytest.mark.parametrize("answer", [429, 500, 503, 307])
def test_a_service_that_refuses_is_asked_again_later(
    pushed: Cast, service: Service, answer: int
) -> None:
    service.answer = answer
    reminders.plan_due(EVENING)
    assert push.hand_over_due(EVENING) == 0
    assert state() == ReminderState.PLANNED
    assert push.hand_over_due(EVENING + timedelta(minutes=1)) == 0
    assert len(service.posted) == 1
    service.answer = 201
    assert push.hand_over_due(EVENING + timedelta(minutes=5)) == 1


def test_nobody_wants_it_late(pushed: Cast, service: Service) -> None:
    service.answer = 503
    reminders.plan_due(EVENING)
    push.hand_over_due(EVENING)
    service.answer = 201
    assert push.hand_over_due(EVENING + timedelta(hours=2)) == 0
    assert state() == ReminderState.DROPPED


def test_no_answer_after_it_was_sent_is_never_sent_again(
    pushed: Cast, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_given: object, **_named: object) -> None:
        raise webpush.PushSilent

    monkeypatch.setattr(webpush, "push", silent)
    reminders.plan_due(EVENING)
    push.hand_over_due(EVENING)
    assert state() == ReminderState.SENT


def test_a_worker_that_died_sends_nothing_twice(pushed: Cast, service: Service) -> None:
    reminders.plan_due(EVENING)
    Reminder.objects.update(state=ReminderState.SENDING, claimed_at=EVENING)
    push.hand_over_due(EVENING + timedelta(minutes=11))
    assert state() == ReminderState.DROPPED
    assert service.posted == []


def test_an_answer_makes_it_needless(pushed: Cast, service: Service) -> None:
    reminders.plan_due(EVENING)
    check_ins.save_daily(
        pushed.user("ana"), pushed.ana, pain=2, stress=None, sleep=None, now=EVENING
    )
    assert push.hand_over_due(EVENING) == 0
    assert service.posted == []


def test_a_session_that_moved_or_fell_out_asks_nothing(pushed: Cast, service: Service) -> None:
    visit = an_appointment(pushed)
    now = visit.start - timedelta(minutes=80)
    reminders.plan_due(now)
    Appointment.objects.filter(pk=visit.pk).update(status=Status.CANCELLED)
    assert push.hand_over_due(now) == 0
    assert service.posted == []


def test_each_browser_of_a_person_gets_it(pushed: Cast, service: Service) -> None:
    subscribe(pushed, service.browser("two"))
    reminders.plan_due(EVENING)
    assert push.hand_over_due(EVENING) == 1
    assert {path for path, *_ in service.posted} == {"/one", "/two"}


def test_a_phone_belongs_to_who_used_it_last(pushed: Cast, service: Service) -> None:
    push.keep_browser(pushed.user("ben"), service.browser(), now=NOW)
    assert PushSubscription.objects.get().user == pushed.user("ben")


def test_the_eleventh_browser_takes_the_place_of_the_oldest(pushed: Cast, service: Service) -> None:
    for n in range(11):
        browser = service.browser(f"more-{n}")
        push.keep_browser(pushed.user("ana"), browser, now=NOW + timedelta(hours=n + 1))
    left = PushSubscription.objects.values_list("endpoint", flat=True)
    assert len(left) == push.MOST_BROWSERS
    assert not any(one.endswith(("/one", "more-0")) for one in left)


def test_a_strange_service_is_refused_and_never_asked(
    pushed: Cast, service: Service, settings: LazySettings
) -> None:
    with pytest.raises(BadInput):
        subscribe(pushed, webpush.Browser(endpoint="https://10.0.0.1/x", p256dh="x", auth="x"))
    settings.PUSH_HOSTS = ["push.example.net"]
    reminders.plan_due(EVENING)
    assert push.hand_over_due(EVENING) == 0
    assert service.posted == []


def test_saying_no_forgets_every_browser(pushed: Cast, service: Service) -> None:
    reminders.plan_due(EVENING)
    reminders.decline(pushed.user("ana"), pushed.ana, now=EVENING)
    assert not PushSubscription.objects.exists()
    assert push.hand_over_due(EVENING) == 0
    assert service.posted == []


def test_the_key_is_made_once(db: None) -> None:
    first = push.public_key(NOW)
    assert push.public_key(NOW + timedelta(days=1)) == first
    assert len(webpush.decode(first)) == 65
    assert PushKey.objects.count() == 1
