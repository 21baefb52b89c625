"""Reads of the questions before the first session: when they are open, and whether answered.

Nothing here writes.

Units   instants aware; days are local days of the practice.
Errors  none.
Source  domain/instruments/due.py
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from unknot.domain.instruments.due import second_baseline_opens
from unknot.journey.book.reads import booked
from unknot.journey.understand import follow_ups
from unknot.journey.understand import reads as understand
from unknot.journey.understand.follow_ups import BEFORE_FIRST
from unknot.people.models import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeFirst:
    """Where somebody stands before their first session.

    `session` and `opens` are None when none is booked, when it has begun, or when no day is left
    between check-in and session.
    """

    today: date
    session: datetime | None = None
    opens: datetime | None = None
    key: UUID | None = None
    answered_on: date | None = None
    is_due: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the questions may be answered now; what was answered today may be changed."""
        return self.is_due and self.answered_on in (None, self.today)

    @property
    def waits(self) -> bool:
        """Whether they are open and not answered yet."""
        return self.is_due and self.answered_on is None


def before_first(client: Client, *, now: datetime) -> BeforeFirst:
    """Where `client` stands before their first session; at most 3 queries."""
    today = follow_ups.local_day(client, now)
    first = booked.first_session(client, now=now)
    if first is None or first.start <= now:
        return BeforeFirst(today=today)
    checkin = understand.latest_completed(client)
    opens = second_baseline_opens(
        first.start,
        checked_in=checkin.completed_at if checkin is not None else None,
        zone=client.practice.tz,
    )
    return BeforeFirst(
        today=today,
        session=first.start,
        opens=opens,
        key=first.key,
        answered_on=follow_ups.answered_on(client, BEFORE_FIRST),
        is_due=opens is not None and opens <= now,
    )
