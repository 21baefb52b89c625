"""What people do about mails: stop a group of them, send one again by hand, set quiet hours.

Units   minutes of the local day, 0 to 1439; aware datetimes.
Errors  Missing for a message of another practice. Conflict when its state has moved on.
        BadInput for quiet hours that no day has.
Source  docs/decisions/0008-the-outbox.md: only a person sends again what may have arrived.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.people import access, audit
from unknot.people.mail_kinds import KINDS, Group
from unknot.people.models import Message, MessageState, Practice, Role, StoppedMail, User
from unknot.web.errors import BadInput, Conflict, Missing

#: What a person may send once more; the rest is on its way, has arrived, or is not wanted.
SENT_AGAIN: Final = (MessageState.UNKNOWN, MessageState.FAILED, MessageState.BOUNCED)
#: How far back a practice looks at its mails.
SHOWN_DAYS: Final = 30
SHOWN_MAX: Final = 200


class MovedOn(Conflict):
    """The state of the mail is not the one on the page any more."""

    title = _("This mail has moved on")
    sentence = _("It is already in another state, so nothing was changed.")
    mend = _("Load the list again and look at it there.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """One mail of a practice: never its text."""

    pk: int
    label: str | Promise
    recipient: str
    due_at: datetime
    settled_at: datetime | None
    state: str
    state_words: str | Promise
    problem: str

    @property
    def needs_a_look(self) -> bool:
        return self.state in SENT_AGAIN

    @property
    def may_bounce(self) -> bool:
        return self.state == MessageState.HANDED_OVER


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One group of mails and whether this person still wants it."""

    id: str
    label: str | Promise
    wanted: bool


def of_practice(practice: Practice, *, state: str, now: datetime) -> tuple[MailRow, ...]:
    """The mails of the last 30 days, newest first, at most 200, in one state or all; 1 query."""
    found = Message.objects.filter(
        practice=practice, created_at__gte=now - timedelta(days=SHOWN_DAYS)
    ).select_related("user")
    if state in MessageState.values:
        found = found.filter(state=state)
    return tuple(_row(one) for one in found.order_by("-created_at", "-pk")[:SHOWN_MAX])


def _row(message: Message) -> MailRow:
    user = message.user
    return MailRow(
        pk=message.pk,
        label=KINDS[message.kind].label,
        recipient=(user.name or user.email) if user is not None else message.recipient,
        due_at=message.due_at,
        settled_at=message.settled_at,
        state=message.state,
        state_words=MessageState(message.state).label,
        problem=message.problem,
    )


def groups_of(user: User) -> tuple[GroupRow, ...]:
    """Every group that can be stopped and whether `user` wants it; 1 query."""
    stopped = set(StoppedMail.objects.filter(user=user).values_list("group", flat=True))
    return tuple(
        GroupRow(id=group.value, label=group.label, wanted=group.value not in stopped)
        for group in Group
    )


@transaction.atomic(durable=True)
def send_again(actor: User, pk: int, *, now: datetime) -> None:
    """Plan a mail once more, at once; the press that comes second is refused."""
    message = _locked(actor, pk)
    if message.state not in SENT_AGAIN:
        raise MovedOn
    message.state, message.due_at, message.useless_at = MessageState.PLANNED, now, None
    message.attempts, message.settled_at = 0, None
    message.save(update_fields=["state", "due_at", "useless_at", "attempts", "settled_at"])
    audit.record(actor, "mail.sent-again", message, at=now)


@transaction.atomic(durable=True)
def note_bounced(actor: User, pk: int, *, now: datetime) -> None:
    """Note that a mail which was handed over came back."""
    message = _locked(actor, pk)
    if message.state != MessageState.HANDED_OVER:
        raise MovedOn
    message.state, message.settled_at = MessageState.BOUNCED, now
    message.save(update_fields=["state", "settled_at"])
    audit.record(actor, "mail.bounced", message, at=now)


@transaction.atomic(durable=True)
def set_quiet_hours(
    actor: User, practice: Practice, *, quiet_from: int, quiet_until: int, now: datetime
) -> None:
    """Keep from when to when planned mails wait; equal minutes mean that none is quiet."""
    access.check_role(actor, practice, Role.MANAGER)
    if not (0 <= quiet_from < 1440 and 0 <= quiet_until < 1440):
        raise BadInput(_("Quiet hours go from 00:00 to 23:59."))
    practice.quiet_from, practice.quiet_until = quiet_from, quiet_until
    practice.save(update_fields=["quiet_from", "quiet_until"])
    audit.record(actor, "quiet-hours.saved", practice, at=now)


@transaction.atomic(durable=True)
def choose(user: User, *, wanted: Collection[str], discreet: bool, now: datetime) -> None:
    """Keep which groups of mails `user` wants, and whether mails may say what they are about."""
    for group in Group:
        if group.value in wanted:
            StoppedMail.objects.filter(user=user, group=group).delete()
        else:
            _stop(user, group, now)
    user.discreet_mail = discreet
    user.save(update_fields=["discreet_mail"])


@transaction.atomic(durable=True)
def stop(user: User, group: Group, *, now: datetime) -> None:
    """Stop one group of mails; what is planned of it is withdrawn. Repeating changes nothing."""
    _stop(user, group, now)


def _stop(user: User, group: Group, now: datetime) -> None:
    StoppedMail.objects.get_or_create(user=user, group=group, defaults={"at": now})
    kinds = [name for name, kind in KINDS.items() if kind.group == group]
    planned = Message.objects.filter(user=user, kind__in=kinds, state=MessageState.PLANNED)
    planned.update(state=MessageState.WITHDRAWN, settled_at=now)


def _locked(actor: User, pk: int) -> Message:
    message = Message.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk)
    found = message.select_related("practice").first()
    if found is None or found.practice is None:
        raise Missing
    access.check_role(actor, found.practice, Role.MANAGER, Role.FRONT_DESK)
    return found
