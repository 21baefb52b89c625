"""When the mails around one session are due, and until when anybody wants them.

        reminder         preparation      the session      day check   three-day check
    ───────┼──────────────────┼────────────────┼──────────────┼──────────────┼──────▶
     a day before        24 h before      start … end     end + 24 h     end + 72 h
     the free time to
     cancel is over

Units   aware datetimes; hours.
Errors  none: what is too late to be of use is left out.
Source  a rule of ours; the questions after 24 and 72 hours are those of clinical.md 2.5.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

HOUR: Final = timedelta(hours=1)
#: How long the questions after a session stay of use.
CHECKS_OPEN: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One planned mail: nobody wants it from `useless_at` on."""

    kind: str
    due: datetime
    useless_at: datetime


def before(start: datetime, *, cancel_window_hours: int, now: datetime) -> tuple[Letter, ...]:
    """The mails before a session; what would be due already was said by the confirmation."""
    return tuple(letter for letter in _before(start, cancel_window_hours) if letter.due > now)


def _before(start: datetime, cancel_window_hours: int) -> Iterator[Letter]:
    lead = (cancel_window_hours + 24) * HOUR
    yield Letter(kind="appointment-reminder", due=start - lead, useless_at=start - 24 * HOUR)
    yield Letter(kind="appointment-preparation", due=start - 24 * HOUR, useless_at=start)


def weekly(now: datetime) -> Letter:
    """The next weekly check-in, a week after a session was signed or a week was answered.

    Nobody is reminded twice of one week: who does not answer is left alone.
    """
    due = now + timedelta(days=7)
    return Letter(kind="weekly", due=due, useless_at=due + timedelta(days=7))


def after(end: datetime, *, now: datetime) -> tuple[Letter, ...]:
    """The mails after a session that was signed at `now`."""
    planned = (
        Letter(kind="check-24", due=end + 24 * HOUR, useless_at=end + 3 * 24 * HOUR),
        Letter(kind="check-72", due=end + 72 * HOUR, useless_at=end + CHECKS_OPEN),
    )
    return tuple(letter for letter in planned if now < letter.useless_at)
