"""The outbox: mails are rows written with their cause; the worker hands each over at most once.

Units   aware datetimes.
Errors  none leaves `send_due`: every failure is a state of its message.
Source  docs/decisions/0008-the-outbox.md
"""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils.translation import override

from unknot.people.models import Heartbeat, Message, MessageState, User

log = logging.getLogger(__name__)
ATTEMPTS = 5
STUCK_AFTER = timedelta(minutes=10)

Deliver = Callable[[Message], None]


class NotDelivered(Exception):
    """The server refused or was not reached: nothing left the house, so it may be tried again."""


def queue(
    kind: str,
    recipient: User,
    context: dict[str, Any],
    *,
    at: datetime,
    due: datetime | None = None,
) -> Message:
    """Write one mail to `recipient`; the first line of `messages/<kind>.txt` is its subject."""
    with override(recipient.language):
        text = render_to_string(f"messages/{kind}.txt", {**context, "site_url": settings.SITE_URL})
    subject, _, body = text.strip().partition("\n")
    return Message.objects.create(
        kind=kind,
        recipient=recipient.email,
        user=recipient,
        subject=subject[:120],
        body=body.strip(),
        created_at=at,
        due_at=due or at,
    )


def queue_text(recipient: str, kind: str, subject: str, body: str, *, at: datetime) -> Message:
    """Write a mail whose text somebody else made, such as an account's confirmation link."""
    return Message.objects.create(
        kind=kind, recipient=recipient, subject=subject[:120], body=body, created_at=at, due_at=at
    )


def send_due(now: datetime, *, deliver: Deliver | None = None, limit: int = 50) -> int:
    """Hand over what is due, one claim each, and return how many were handed over."""
    deliver = deliver or chosen_delivery()
    if deliver is None:
        return 0
    _settle_stuck(now)
    due = Message.objects.filter(state=MessageState.PLANNED, due_at__lte=now).order_by("due_at")
    return sum(_hand_over(pk, now, deliver) for pk in due.values_list("pk", flat=True)[:limit])


def _hand_over(pk: int, now: datetime, deliver: Deliver) -> bool:
    claimed = Message.objects.filter(pk=pk, state=MessageState.PLANNED).update(
        state=MessageState.HANDING_OVER, claimed_at=now
    )
    if claimed != 1:
        return False  # another worker was first
    message = Message.objects.get(pk=pk)
    message.attempts += 1
    try:
        deliver(message)
    except NotDelivered as problem:
        _retry_or_fail(message, now, str(problem))
        return False
    except (OSError, smtplib.SMTPException) as problem:
        # The connection broke after the mail was on its way: only a person may send it again.
        log.warning("message %s: no answer after hand-over", message.pk)
        _settle(message, MessageState.UNKNOWN, now, str(problem))
        return False
    _settle(message, MessageState.HANDED_OVER, now, "")
    return True


def _retry_or_fail(message: Message, now: datetime, problem: str) -> None:
    if message.attempts >= ATTEMPTS:
        _settle(message, MessageState.FAILED, now, problem)
        return
    message.state = MessageState.PLANNED
    message.due_at = now + timedelta(minutes=5 * 2**message.attempts)
    message.problem = problem[:250]
    message.save(update_fields=["state", "due_at", "problem", "attempts"])


def _settle(message: Message, state: MessageState, now: datetime, problem: str) -> None:
    message.state = state
    message.settled_at = now
    message.problem = problem[:250]
    message.save(update_fields=["state", "settled_at", "problem", "attempts"])


def _settle_stuck(now: datetime) -> None:
    """A worker died between claim and answer: whether the mail left cannot be known."""
    Message.objects.filter(
        state=MessageState.HANDING_OVER, claimed_at__lt=now - STUCK_AFTER
    ).update(
        state=MessageState.UNKNOWN, settled_at=now, problem="The worker stopped while sending."
    )


def chosen_delivery() -> Deliver | None:
    """How this installation delivers: the demonstration's inbox, SMTP, or not yet."""
    if settings.MODE == "demo":
        return to_inbox
    return by_smtp if settings.EMAIL_HOST else None


def to_inbox(message: Message) -> None:
    """Deliver inside a demonstration: the inbox page reads the outbox itself, so nothing leaves."""


def by_smtp(message: Message) -> None:
    """Hand one mail to the configured server; NotDelivered when it certainly did not leave."""
    connection = get_connection()
    mail = EmailMessage(
        message.subject, message.body, to=[message.recipient], connection=connection
    )
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as problem:
        raise NotDelivered(f"The mail server cannot be reached: {problem}") from problem
    try:
        mail.send()
    except smtplib.SMTPResponseException as problem:
        raise NotDelivered(f"The mail server refused it: {problem.smtp_code}") from problem
    except smtplib.SMTPRecipientsRefused as problem:
        raise NotDelivered("The mail server refused the address.") from problem
    finally:
        connection.close()


def heartbeat(now: datetime) -> None:
    """Say that the worker is alive."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": now})
