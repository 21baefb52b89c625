"""When somebody is warned that a credential will run out: 60, 30 and 7 days before its last day.

Pure: no tables, no clock.

Units   whole days; the last valid day itself is 0 days away.
Errors  none.
Source  the decision on booking and credentials in docs/decisions.
"""

from collections.abc import Collection
from datetime import date
from typing import Final

#: How many days before the last valid day somebody is told.
STEPS: Final = (60, 30, 7)
#: What has to be renewed: a membership or a training that ends closes nothing by itself.
RENEWED: Final = frozenset({"licence", "registration", "certification", "insurance"})


def step(kind: str, expires_on: date | None, *, on: date) -> int | None:
    """Give the nearest step that has been reached on the day `on`; None before and after all."""
    if expires_on is None or kind not in RENEWED:
        return None
    left = (expires_on - on).days
    return min((days for days in STEPS if 0 <= left <= days), default=None)


def step_due(
    kind: str, expires_on: date | None, *, on: date, written: Collection[int]
) -> int | None:
    """Give the step to write about, unless it is `written`; steps that were missed stay missed."""
    reached = step(kind, expires_on, on=on)
    return None if reached in written else reached
