"""The outbox: mails are rows written with their cause; the worker hands each over at most once.

        planned ──▶ being handed over ──▶ handed over ──▶ bounced (said by a person)
           │  ▲              ├──▶ planned again, later: the server was not reached
           │  │              ├──▶ bounced: the address is refused     failed: five tries
           ▼  └─ by hand ────┴──▶ unknown: no answer after the mail was on its way
        withdrawn: no longer needed, or too late

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
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import override

from unknot.domain.calendar import quiet
from unknot.domain.texts import one_line
from unknot.people.delivery import (
    AddressRefused,
    Deliver,
    NotDelivered,
    ProviderSilent,
    chosen_delivery,
)
from unknot.people.mail_kinds import KINDS
from unknot.people.models import Heartbeat, Message, MessageState, Practice, StoppedMail, User

log = logging.getLogger(__name__)
ATTEMPTS = 5
STUCK_AFTER = timedelta(minutes=10)
#: So few that a server which hangs on each is over before a claim counts as stuck.
BATCH = 20


def queue(
    kind: str,
    recipient: User,
    context: dict[str, Any],
    *,
    at: datetime,
    practice: Practice | None = None,
    due: datetime | None = None,
    useless_at: datetime | None = None,
    about: str = "",
) -> Message | None:
    """Write one mail to `recipient`; the first line of `messages/<kind>.txt` is its subject.

    None when they have stopped this group of mails. A kind that waits does so for the end of the
    quiet hours of `practice`; who wants discreet mails reads only that there is news.
    """
    group = KINDS[kind].group
    if group and StoppedMail.objects.filter(user=recipient, group=group).exists():
        return None
    template = "discreet" if recipient.discreet_mail else kind
    with override(recipient.language):
        text = render_to_string(
            f"messages/{template}.txt", {**context, "site_url": settings.SITE_URL}
        )
    subject, _, body = text.strip().partition("\n")
    return Message.objects.create(
        kind=kind,
        recipient=recipient.email,
        user=recipient,
        practice=practice,
        about=about,
        subject=_subject(subject),
        body=body.strip(),
        created_at=at,
        due_at=_out_of_quiet_hours(kind, practice, due or at),
        useless_at=useless_at,
    )


def _subject(text: str) -> str:
    """A subject is one line, whatever a name in it holds: a second one would be a header."""
    return one_line(text)[:120]


def withdraw(about: str, *, now: datetime) -> int:
    """Take back what is planned `about` something and not yet on its way; how many it were."""
    planned = Message.objects.filter(about=about, state=MessageState.PLANNED)
    return planned.update(state=MessageState.WITHDRAWN, settled_at=now)


def _out_of_quiet_hours(kind: str, practice: Practice | None, due: datetime) -> datetime:
    if practice is None or not KINDS[kind].waits:
        return due
    return quiet.loud_from(
        due,
        quiet_from=practice.quiet_from,
        quiet_until=practice.quiet_until,
        zone=practice.tz,
    )


def queue_text(recipient: str, kind: str, subject: str, body: str, *, at: datetime) -> Message:
    """Write a mail whose text somebody else made, such as an account's confirmation link."""
    return Message.objects.create(
        kind=kind,
        recipient=recipient,
        subject=_subject(subject),
        body=body,
        created_at=at,
        due_at=at,
    )


def send_due(
    now: datetime,
    *,
    deliver: Deliver | None = None,
    limit: int = BATCH,
    beat: Callable[[], None] | None = None,
) -> int:
    """Hand over what is due, one claim each, and return how many were handed over.

    `beat` is called before each, so that a slow server does not look like a stopped worker.
    """
    deliver = deliver or chosen_delivery()
    if deliver is None:
        return 0
    _settle_stuck(now)
    _withdraw_useless(now)
    due = Message.objects.filter(state=MessageState.PLANNED, due_at__lte=now).order_by("due_at")
    sent = 0
    for pk in due.values_list("pk", flat=True)[:limit]:
        if beat is not None:
            beat()
        sent += _hand_over(pk, now, deliver)
    return sent


def _hand_over(pk: int, now: datetime, deliver: Deliver) -> bool:
    claimed = Message.objects.filter(pk=pk, state=MessageState.PLANNED).update(
        state=MessageState.HANDING_OVER, claimed_at=now
    )
    if claimed != 1:
        return False  # another worker was first
    message = Message.objects.select_related("user", "practice").get(pk=pk)
    message.attempts += 1
    try:
        deliver(message)
    except AddressRefused as problem:
        _settle(message, MessageState.BOUNCED, now, str(problem))
        return False
    except NotDelivered as problem:
        _retry_or_fail(message, now, str(problem))
        return False
    except (OSError, smtplib.SMTPException, ProviderSilent) as problem:
        # The connection broke after the mail was on its way: only a person may send it again.
        log.warning("message %s: no answer after hand-over", message.pk)
        _settle(message, MessageState.UNKNOWN, now, str(problem))
        return False
    except Exception:
        # A fault of ours must not stop the others, nor send this one again and again.
        log.exception("message %s: a fault while handing over", message.pk)
        _settle(message, MessageState.UNKNOWN, now, "A fault of the program while sending.")
        return False
    _settle(message, MessageState.HANDED_OVER, now, "")
    return True


def _retry_or_fail(message: Message, now: datetime, problem: str) -> None:
    if message.attempts >= ATTEMPTS:
        _settle(message, MessageState.FAILED, now, problem)
        return
    later = now + timedelta(minutes=5 * 2**message.attempts)
    _claimed(message).update(
        state=MessageState.PLANNED,
        due_at=_out_of_quiet_hours(message.kind, message.practice, later),
        problem=problem[:250],
        attempts=message.attempts,
    )


def _settle(message: Message, state: MessageState, now: datetime, problem: str) -> None:
    _claimed(message).update(
        state=state, settled_at=now, problem=problem[:250], attempts=message.attempts
    )


def _claimed(message: Message) -> QuerySet[Message]:
    """The row, while it is still this worker's; a claim that was given up is somebody else's."""
    return Message.objects.filter(
        pk=message.pk, state=MessageState.HANDING_OVER, claimed_at=message.claimed_at
    )


def _settle_stuck(now: datetime) -> None:
    """A worker died between claim and answer: whether the mail left cannot be known."""
    Message.objects.filter(
        state=MessageState.HANDING_OVER, claimed_at__lt=now - STUCK_AFTER
    ).update(
        state=MessageState.UNKNOWN, settled_at=now, problem="The worker stopped while sending."
    )


def _withdraw_useless(now: datetime) -> None:
    """Nobody wants a reminder of yesterday, whatever kept it."""
    late = Message.objects.filter(state=MessageState.PLANNED, due_at__lte=now, useless_at__lte=now)
    late.update(
        state=MessageState.WITHDRAWN, settled_at=now, problem="It came too late to be of use."
    )


def heartbeat(now: datetime) -> None:
    """Say that the worker is alive."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": now})
