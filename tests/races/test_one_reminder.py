"""Workers at once remind once: real connections, real transactions."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, at, the_cast
from tests.races.test_one_slot import race
from unknot.journey.follow import webpush
from unknot.journey.follow.actions import late, push, reminders
from unknot.journey.follow.models import (
    ArrivedAnswer,
    DailyCheckIn,
    PushKey,
    PushSubscription,
    Reminder,
    Reminding,
)
from unknot.people.actions import agree
from unknot.people.models import AuditEntry, Message, Purpose

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

RIVALS = 6
EVENING = at(19)


def willing(way: str = "mail") -> Cast:
    cast = the_cast()
    agree(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    PushSubscription.objects.create(
        user=cast.user("ana"),
        endpoint="https://push.example.net/one",
        p256dh=webpush.public_key(webpush.make_key()),
        auth=webpush.encode(b"sixteen bytes .."),
        made_at=NOW,
    )
    reminders.choose(cast.user("ana"), cast.ana, hour=19, weekdays=range(7), way=way, now=NOW)
    return cast


def test_workers_at_once_plan_a_day_once() -> None:
    willing()
    assert race([lambda: reminders.plan_due(EVENING)] * RIVALS) == {"done": RIVALS}
    assert Message.objects.filter(kind="daily-reminder").count() == 1
    assert Reminder.objects.count() == 1


def test_workers_at_once_ask_at_the_door_once() -> None:
    visit = an_appointment(willing())
    now = visit.start - timedelta(minutes=75)
    assert race([lambda: reminders.plan_due(now)] * RIVALS) == {"done": RIVALS}
    assert Message.objects.filter(kind="door-reminder").count() == 1


def test_without_the_claim_the_constraint_keeps_the_promise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Control: let everybody believe that the claim is theirs, and the losers write nothing."""
    willing()
    found = Reminding.objects.select_related("client__practice", "client__user").get()

    def plan_all_the_same() -> None:
        with reminders.transaction.atomic(durable=True):
            window = reminders.due_on(
                EVENING.date(),
                reminders.reads.rhythm_of(found),
                reminders.reads.place_of(found.client.practice),
            )
            reminders._plan(found, reminders.ReminderKind.DAILY, window, EVENING)

    ended = race([plan_all_the_same] * RIVALS)
    assert ended == {"done": 1, "IntegrityError": RIVALS - 1}
    assert Message.objects.filter(kind="daily-reminder").count() == 1


def test_workers_at_once_push_once(monkeypatch: pytest.MonkeyPatch) -> None:
    willing("push")
    reminders.plan_due(EVENING)
    pushed: list[str] = []
    monkeypatch.setattr(push.settings, "PUSH_HOSTS", ["push.example.net"])
    monkeypatch.setattr(
        webpush, "push", lambda browser, *_given, **_named: pushed.append(browser.endpoint)
    )
    assert race([lambda: push.hand_over_due(EVENING)] * RIVALS) == {"done": RIVALS}
    assert pushed == ["https://push.example.net/one"]


def test_the_first_key_is_the_only_one() -> None:
    the_cast()
    assert race([lambda: push.public_key(NOW)] * RIVALS) == {"done": RIVALS}
    assert PushKey.objects.count() == 1


def test_the_same_answers_at_once_arrive_once() -> None:
    cast = willing()
    ended = race(
        [
            lambda: late.keep_late(
                cast.user("ana"),
                cast.ana,
                key=UUID(int=1),
                waited=timedelta(hours=2),
                said={"pain": 4},
                now=NOW,
            )
        ]
        * RIVALS
    )
    assert ended == {"done": RIVALS}
    assert DailyCheckIn.objects.count() == ArrivedAnswer.objects.count() == 1
    assert AuditEntry.objects.filter(action="daily.saved").count() == 1
