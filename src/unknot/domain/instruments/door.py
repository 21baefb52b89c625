"""When the check-in right before a session may be answered.

        2 h before the start ──[ door check-in ]── start

Units   aware datetimes.
Errors  none: outside of its window there is no question to ask.
Source  reference note on statistics, findings 4: a check-in just before each session; how long
        before is a rule of ours (unsourced consensus)
"""

from datetime import datetime, timedelta
from typing import Final

_BEFORE: Final = timedelta(hours=2)


def opens(start: datetime) -> datetime:
    """From when on a session that begins at `start` can be asked about."""
    return start - _BEFORE


def is_open(start: datetime, now: datetime) -> bool:
    """Whether `now` is right before the session and not in it."""
    return opens(start) <= now < start
