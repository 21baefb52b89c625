"""The states of an appointment and the steps between them.

Nothing returns from a state that frees the time to one that blocks it: the time may have
been given to someone else. Such a person books again. A safety stop is not a state: while one
stands, every coming appointment of that person is on hold, and keeps its time.

Units   none.
Errors  NotAllowed: the appointment is in a state from which this step does not lead.
Source  the booking policies in docs/decisions.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Status(StrEnum):
    """Where an appointment stands."""

    HELD = "held"  # a client is filling in the form
    PENDING = "pending"  # waits for the practice to say yes
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"


#: States whose time nobody else can have.
BLOCKING = frozenset(
    {Status.HELD, Status.PENDING, Status.CONFIRMED, Status.ARRIVED, Status.ATTENDED}
)

#: Where each state may lead.
TRANSITIONS: Mapping[Status, frozenset[Status]] = MappingProxyType(
    {
        Status.HELD: frozenset(
            {Status.PENDING, Status.CONFIRMED, Status.CANCELLED, Status.EXPIRED}
        ),
        Status.PENDING: frozenset(
            {Status.CONFIRMED, Status.DECLINED, Status.CANCELLED, Status.EXPIRED}
        ),
        Status.CONFIRMED: frozenset(
            {
                Status.ARRIVED,
                Status.ATTENDED,  # where nobody marks arrivals
                Status.NO_SHOW,
                Status.CANCELLED,
            }
        ),
        Status.ARRIVED: frozenset({Status.ATTENDED, Status.CANCELLED}),
        Status.ATTENDED: frozenset(),
        Status.NO_SHOW: frozenset(),
        Status.CANCELLED: frozenset(),
        Status.DECLINED: frozenset(),
        Status.EXPIRED: frozenset(),
    }
)


class NotAllowed(ValueError):
    """The appointment is in a state from which this step does not lead."""

    def __init__(self, before: Status, after: Status) -> None:
        super().__init__(f"an appointment cannot go from {before} to {after}")
        self.before = before
        self.after = after


def check_transition(before: Status, after: Status) -> None:
    """Raise NotAllowed unless an appointment may go from `before` to `after`."""
    if after not in TRANSITIONS[before]:
        raise NotAllowed(before, after)


def blocks(status: Status) -> bool:
    """Whether an appointment in `status` keeps its time from others."""
    return status in BLOCKING
