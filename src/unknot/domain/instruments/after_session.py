"""When the questions 24 and 72 hours after a session may be answered.

        end ── 20 h ──[ 24 h questions ]── 60 h ──[ 72 h questions ]── 7 days

Units   hours after the end of the session; aware datetimes.
Errors  none: outside of its window there is no question to ask.
Source  clinical.md 2.5 asks at 24 and 72 hours; how far around it is a rule of ours.
"""

from datetime import datetime, timedelta
from typing import Final

ASKED: Final = (24, 72)
#: From when each question is asked: somebody who looks in the evening must not wait for midnight.
_OPENS: Final = {24: timedelta(hours=20), 72: timedelta(hours=60)}
_CLOSES: Final = timedelta(days=7)


def opens(ended_at: datetime, hours: int) -> datetime:
    """From when the question of 24 or 72 `hours` may be answered; raises KeyError for others."""
    return ended_at + _OPENS[hours]


def closes(ended_at: datetime) -> datetime:
    """Until when what was noticed can still be told here."""
    return ended_at + _CLOSES


def open_now(ended_at: datetime, now: datetime) -> int | None:
    """Which question is asked now: 24, 72, or None."""
    if now >= closes(ended_at):
        return None
    return next((hours for hours in reversed(ASKED) if now >= opens(ended_at, hours)), None)
