"""How far each appointment of a list is with the short recheck: asked, not yet, or waiting.

Everybody who keeps the list may know it; what was answered is not in it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from unknot.domain.screening.recheck import Step, step
from unknot.journey.book.reads import Row
from unknot.journey.understand import rechecks


def marks(rows: Collection[Row], *, now: datetime) -> Mapping[UUID, str]:
    """The mark of each coming appointment by its key: asked, open or waits; 3 queries for all.

    Without a mark: not asked about yet, over, or on hold, which is said louder.
    """
    coming = [row for row in rows if row.is_coming and not row.on_hold]
    if not coming:
        return {}
    asked = rechecks.asked_before([row.key for row in coming])
    found = rechecks.standings({row.client_pk for row in coming if row.client_pk}, now=now)
    steps = {
        row.key: step(found[row.client_pk], asked=row.key in asked, start=row.start, now=now)
        for row in coming
        if row.client_pk
    }
    return {key: mark.value for key, mark in steps.items() if mark is not Step.EARLY}
