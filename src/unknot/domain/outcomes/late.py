"""When answers were really given that waited on a device for a network.

The device says how long they waited by its own clock, so a clock that is wrong by hours, and stays
so, does no harm: only the difference is used.

Units   aware datetimes.
Errors  ClockChanged: they would come from the future. TooLate: they waited too long to be told
        from a clock that jumped.
Source  a rule of ours; unsourced consensus
"""

from datetime import datetime, timedelta
from typing import Final

#: Two weeks without a network happen; a year is a clock that was set.
LONGEST: Final = timedelta(days=14)
#: Clocks are set by minutes all the time.
SLACK: Final = timedelta(minutes=10)


class ClockChanged(ValueError):
    """The clock of the device was set back while the answers waited."""


class TooLate(ValueError):
    """The answers waited longer than `LONGEST`."""


def real_time(now: datetime, waited: timedelta) -> datetime:
    """When answers that waited so long were given: never later than `now`."""
    if waited < -SLACK:
        raise ClockChanged(f"{waited}, allowed from {-SLACK}")
    if waited > LONGEST:
        raise TooLate(f"{waited}, allowed to {LONGEST}")
    return now - max(waited, timedelta(0))
