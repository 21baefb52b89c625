"""How far each appointment of a list is with the short recheck: asked, not yet, or waiting.

Everybody who keeps the list may know it; what was answered is not in it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from unknot.domain.screening.recheck import Step, step
from unknot.journey.book.reads.booked import Row
from unknot.journey.understand import rechecks


def marks(rows: Collection[Row], *, now: datetime) -> Mapping[UUID, str]:
    """The mark of each coming appointment by its key: asked, open or waits; 3 queries for all.

    Without a mark: not asked about yet, over, or on hold, which is said louder.
    """
    coming = [row for row in rows if row.is_coming and not row.on_hold]
    if not coming:
        return {}
    asked = rechecks.asked_before([row.key for row in coming])
    found = rechecks.histories({row.client_pk for row in coming if row.client_pk})
    steps = {}
    for row in coming:
        if row.client_pk is not None:
            then = found[row.client_pk].standing(rechecks.time_of(row.start, row.end, now))
            steps[row.key] = step(then, asked=row.key in asked, start=row.start, now=now)
    return {key: mark.value for key, mark in steps.items() if mark is not Step.EARLY}
