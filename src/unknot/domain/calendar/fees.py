"""What it costs to cancel an appointment, and why.

A practice's own cancellation and one that a safety rule asks for never cost the client
anything, nor does taking back what the practice has not said yes to. An
appointment that was moved inside the window stays late for good, so that nobody moves a session to
next week only to cancel it then.

Units   minor units of the appointment's own currency; hours and elapsed time; whole percent.
Errors  BadFee: a window, percentage, price or time that makes no sense, or a waiver without
        a reason.
Source  the booking policies in docs/decisions.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

_LONGEST_WINDOW_HOURS = 24 * 365


def gettext_noop(text: str) -> str:
    """Mark `text` for the translators' tools and return it unchanged."""
    return text


class BadFee(ValueError):
    """A window, percentage, price or time that makes no sense."""


class Exempt(Enum):
    """A ground on which a late cancellation costs nothing."""

    PRACTICE = "practice"  # the practice cancels
    SAFETY = "safety"  # the screening put the appointment on hold
    WAIVED = "waived"  # the practice makes an exception, and says why
    ASKED = "asked"  # the practice has not said yes to it yet


class Why(Enum):
    """Why there is a fee or none; the value is the sentence to show, to be translated."""

    PRACTICE = gettext_noop("There is no fee, because the practice cancels.")
    SAFETY = gettext_noop("There is no fee, because the session is on hold for safety.")
    WAIVED = gettext_noop("There is no fee: the practice makes an exception.")
    ASKED = gettext_noop("There is no fee, because the practice has not said yes yet.")
    IN_TIME = gettext_noop("There is no fee, because this is early enough.")
    NO_FEE = gettext_noop("This is late, but there is no fee.")
    MOVED_LATE = gettext_noop("There is a fee, because this session was moved late before.")
    LATE = gettext_noop("There is a fee, because this is late.")


_EXEMPTIONS = {
    Exempt.PRACTICE: Why.PRACTICE,
    Exempt.SAFETY: Why.SAFETY,
    Exempt.WAIVED: Why.WAIVED,
    Exempt.ASKED: Why.ASKED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationRule:
    """A practice's window before the start, 0 for none, and its fee in percent of the price."""

    window_hours: int
    fee_percent: int

    def __post_init__(self) -> None:
        if not 0 <= self.window_hours <= _LONGEST_WINDOW_HOURS:
            raise BadFee(f"window of {self.window_hours} hours, allowed 0 to a year")
        if not 0 <= self.fee_percent <= 100:
            raise BadFee(f"fee of {self.fee_percent} percent, allowed 0 to 100")


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Whether a cancellation is late, what it costs, and why.

    `reason` is the practice's own for an exception, and empty otherwise.
    """

    is_late: bool
    fee_minor: int
    why: Why
    reason: str = ""


def is_late(
    rule: CancellationRule,
    *,
    start: datetime,
    now: datetime,
    late_moved_at: datetime | None = None,
) -> bool:
    """Whether a change at `now` is inside the window; at its very edge it is still in time.

    Use it for a move too: one that is late is to be remembered as `late_moved_at`.
    """
    _check_aware(start, now, late_moved_at)
    if rule.window_hours == 0:
        return False
    return late_moved_at is not None or _inside(rule, start, now)


def charge(
    rule: CancellationRule,
    *,
    price_minor: int,
    start: datetime,
    now: datetime,
    late_moved_at: datetime | None = None,
    exempt: Exempt | None = None,
    reason: str = "",
) -> Charge:
    """Return what cancelling at `now` costs; BadFee if the facts make no sense.

    An exception by the practice needs its reason, and only an exception may have one.
    """
    if price_minor < 0:
        raise BadFee(f"price of {price_minor}, expected 0 or more")
    told = reason.strip()
    if bool(told) != (exempt is Exempt.WAIVED):
        raise BadFee("an exception needs a reason, and only an exception has one")
    late = is_late(rule, start=start, now=now, late_moved_at=late_moved_at)
    if exempt is not None:
        return Charge(is_late=late, fee_minor=0, why=_EXEMPTIONS[exempt], reason=told)
    if not late:
        return Charge(is_late=False, fee_minor=0, why=Why.IN_TIME)
    fee = percent_of(price_minor, rule.fee_percent)
    why = Why.LATE if _inside(rule, start, now) else Why.MOVED_LATE
    return Charge(is_late=True, fee_minor=fee, why=why if fee else Why.NO_FEE)


def percent_of(amount_minor: int, percent: int) -> int:
    """Return `percent` of an amount of minor units, half a unit rounded up."""
    return (amount_minor * percent + 50) // 100


def _inside(rule: CancellationRule, start: datetime, now: datetime) -> bool:
    # In UTC: two times of one zone would be subtracted on the wall, not in elapsed time.
    return start.astimezone(UTC) - now.astimezone(UTC) < timedelta(hours=rule.window_hours)


def _check_aware(*moments: datetime | None) -> None:
    if any(moment is not None and moment.tzinfo is None for moment in moments):
        raise BadFee("the times of a fee need a zone")
