"""Quiet hours: a planned mail waits for the morning of the place that sends it.

Units   local minutes of the day, 0 to 1439; instants are aware, answers are UTC.
Errors  none: equal ends mean that no hour is quiet.
Source  a rule of ours; local times are read as RFC 5545, 3.3.5 says (`hours.instant`).
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from unknot.domain.calendar.hours import instant


def loud_from(moment: datetime, *, quiet_from: int, quiet_until: int, zone: ZoneInfo) -> datetime:
    """Return `moment`, or the end of the quiet hours it falls into."""
    local = moment.astimezone(zone)
    minute = local.hour * 60 + local.minute
    if not _is_quiet(minute, quiet_from, quiet_until):
        return moment.astimezone(UTC)
    day = local.date()
    if minute >= quiet_until:  # the quiet hours began this evening and end tomorrow
        day += timedelta(days=1)
    return max(instant(day, quiet_until, zone), moment.astimezone(UTC))


def _is_quiet(minute: int, quiet_from: int, quiet_until: int) -> bool:
    if quiet_from <= quiet_until:
        return quiet_from <= minute < quiet_until
    return minute >= quiet_from or minute < quiet_until
