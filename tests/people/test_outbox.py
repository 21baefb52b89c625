"""At most one hand-over per message, and every failure is a visible state."""

import smtplib
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cast import NOW
from unknot.people import delivery, outbox
from unknot.people.models import Message, MessageState


@pytest.fixture
def letter(db: None) -> Message:
    return outbox.queue_text("ana@example.org", "account", "Your account", "Hello.", at=NOW)


def refusing(problem: Exception) -> Callable[[Message], None]:
    def deliver(message: Message) -> None:
        raise problem

    return deliver


def test_a_due_message_is_handed_over_once(letter: Message) -> None:
    sent: list[int] = []
    assert outbox.send_due(NOW, deliver=lambda message: sent.append(message.pk)) == 1
    assert outbox.send_due(NOW, deliver=lambda message: sent.append(message.pk)) == 0
    assert sent == [letter.pk]
    letter.refresh_from_db()
    assert letter.state == MessageState.HANDED_OVER


def test_a_message_of_tomorrow_waits(letter: Message) -> None:
    Message.objects.update(due_at=NOW + timedelta(days=1))
    assert outbox.send_due(NOW, deliver=lambda message: None) == 0


def test_a_claimed_message_is_left_to_its_worker(letter: Message) -> None:
    Message.objects.update(state=MessageState.HANDING_OVER, claimed_at=NOW)
    assert outbox.send_due(NOW, deliver=lambda message: None) == 0


def test_an_unreached_server_means_a_later_try(letter: Message) -> None:
    outbox.send_due(NOW, deliver=refusing(delivery.NotDelivered("The mail server is away.")))
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (MessageState.PLANNED, 1)
    assert letter.due_at > NOW
    assert letter.problem == "The mail server is away."


def test_after_the_last_try_it_has_failed(letter: Message) -> None:
    Message.objects.update(attempts=outbox.ATTEMPTS - 1)
    outbox.send_due(NOW, deliver=refusing(delivery.NotDelivered("away")))
    letter.refresh_from_db()
    assert letter.state == MessageState.FAILED


@pytest.mark.parametrize("problem", [TimeoutError("late"), smtplib.SMTPServerDisconnected("gone")])
def test_a_broken_answer_is_unknown_and_never_sent_again(
    letter: Message, problem: Exception
) -> None:
    outbox.send_due(NOW, deliver=refusing(problem))
    letter.refresh_from_db()
    assert letter.state == MessageState.UNKNOWN
    assert outbox.send_due(NOW + timedelta(days=1), deliver=lambda message: None) == 0


def test_a_worker_that_died_leaves_an_unknown_message(letter: Message) -> None:
    Message.objects.update(state=MessageState.HANDING_OVER, claimed_at=NOW - timedelta(hours=1))
    outbox.send_due(NOW, deliver=lambda message: None)
    letter.refresh_from_db()
    assert letter.state == MessageState.UNKNOWN


def test_without_a_mail_server_messages_wait(letter: Message) -> None:
    assert outbox.send_due(NOW) == 0
    letter.refresh_from_db()
    assert letter.state == MessageState.PLANNED


def test_the_server_is_not_reached(letter: Message, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]
    with pytest.raises(delivery.NotDelivered, match="cannot be reached"):
        delivery.by_smtp(letter)


def test_a_fault_of_ours_stops_no_other_mail_and_is_not_tried_forever(
    letter: Message, caplog: pytest.LogCaptureFixture
) -> None:
    other = outbox.queue_text("ben@example.org", "account", "Your account", "Hello.", at=NOW)

    def deliver(message: Message) -> None:
        if message.pk == letter.pk:
            raise ZeroDivisionError

    assert outbox.send_due(NOW, deliver=deliver) == 1
    letter.refresh_from_db()
    other.refresh_from_db()
    assert (letter.state, other.state) == (MessageState.UNKNOWN, MessageState.HANDED_OVER)
    assert "a fault while handing over" in caplog.text


def test_an_answer_that_comes_after_the_claim_was_given_up_changes_nothing(
    letter: Message,
) -> None:
    def slow(message: Message) -> None:
        outbox.send_due(NOW + timedelta(minutes=11), deliver=lambda other: None)

    outbox.send_due(NOW, deliver=slow)
    letter.refresh_from_db()
    assert letter.state == MessageState.UNKNOWN


def test_each_mail_is_a_sign_of_life(letter: Message) -> None:
    beats: list[int] = []
    outbox.send_due(NOW, deliver=lambda message: None, beat=lambda: beats.append(1))
    assert beats == [1]
