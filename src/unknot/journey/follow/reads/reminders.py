"""Reads of what somebody chose about reminders, and of what was sent.

Units   hours of the practice's local day; weekdays 0 (Monday) to 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from unknot.domain.calendar.reminding import PATIENCE, Place, Rhythm
from unknot.journey.follow.models import (
    DailyCheckIn,
    PushSubscription,
    Reminder,
    ReminderKind,
    Reminding,
    Way,
)
from unknot.people.mail_kinds import Group
from unknot.people.models import Client, Practice, StoppedMail

#: What the page proposes: early evening, every day.
HOUR, WEEKDAYS = 19, tuple(range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a client chose; before any choice `asked` is False and the rest is our proposal."""

    asked: bool = False
    wanted: bool = False
    hour: int = HOUR
    weekdays: tuple[int, ...] = WEEKDAYS
    way: str = Way.MAIL
    next_at: datetime | None = None
    stopped: bool = False  # by us, for want of answers
    browsers: int = 0  # that show reminders of this account

    @property
    def reaches_nobody(self) -> bool:
        """Whether reminders are pushed and no browser takes them any more."""
        return self.wanted and self.way == Way.PUSH and not self.browsers


def choice(client: Client) -> Choice:
    """What `client` chose; a stop by the link in a mail counts as a no; at most 3 queries."""
    found = Reminding.objects.filter(client=client).first()
    if found is None:
        return Choice()
    wanted = found.wanted and not is_stopped(client)
    return Choice(
        asked=True,
        wanted=wanted,
        hour=found.hour,
        weekdays=tuple(found.weekdays),
        way=found.way,
        next_at=found.next_at if wanted else None,
        stopped=found.stopped_at is not None and not wanted,
        browsers=PushSubscription.objects.filter(user=client.user_id).count(),
    )


def is_offered(client: Client, *, answered: bool) -> bool:
    """Whether to offer reminders: once somebody has answered a day, until they chose; 1 query."""
    return answered and not Reminding.objects.filter(client=client).exists()


def is_stopped(client: Client) -> bool:
    """Whether the link in a mail, or the account page, stopped these reminders."""
    return StoppedMail.objects.filter(user=client.user_id, group=Group.DAILY).exists()


def place_of(practice: Practice) -> Place:
    """The zone and the quiet hours of a practice."""
    return Place(zone=practice.tz, quiet_from=practice.quiet_from, quiet_until=practice.quiet_until)


def rhythm_of(found: Reminding) -> Rhythm:
    """The hour and the days somebody chose."""
    return Rhythm(hour=found.hour, weekdays=frozenset(found.weekdays))


def reminded_days(found: Reminding, today: date) -> tuple[date, ...]:
    """The newest days that were reminded since the choice, and today whatever was chosen since."""
    sent = Reminder.objects.filter(client=found.client_id).exclude(kind=ReminderKind.DOOR)
    rows = sent.order_by("-day").values_list("day", "kind", "due_at")[: PATIENCE + 2]
    return tuple(
        day
        for day, kind, due_at in rows
        if day == today or (kind == ReminderKind.DAILY and due_at >= found.chosen_at)
    )


def newest_answer(client: Client) -> Sequence[date]:
    """The newest day with answers, alone in a list, or an empty one."""
    days = DailyCheckIn.objects.filter(client=client).order_by("-day")
    return list(days.values_list("day", flat=True)[:1])
