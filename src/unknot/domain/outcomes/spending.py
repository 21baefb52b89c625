"""What a rhythm costs a month, and which rhythm a budget pays for.

Units   money in whole minor units of one currency; rhythms in weeks between two sessions.
Errors  BadRhythm: a rhythm below one week, or money below zero.
Source  52 weeks in 12 months; rounded up, so that a plan never costs more than was said.
"""

from collections.abc import Iterable
from dataclasses import dataclass

WEEKS, MONTHS = 52, 12


class BadRhythm(ValueError):
    """A rhythm below one week, or money below zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A rhythm against a budget; `fitting` is the most frequent one it pays for, or None."""

    monthly_minor: int
    budget_minor: int
    fitting: int | None

    @property
    def is_within(self) -> bool:
        """Whether the rhythm costs no more a month than the budget."""
        return self.monthly_minor <= self.budget_minor


def a_month(price_minor: int, every_weeks: int) -> int:
    """The mean cost of a month, rounded up to a whole minor unit."""
    if every_weeks < 1 or price_minor < 0:
        raise BadRhythm(f"{price_minor} every {every_weeks} weeks")
    return -(-price_minor * WEEKS // (MONTHS * every_weeks))


def fit(price_minor: int, every_weeks: int, budget_minor: int, *, allowed: Iterable[int]) -> Fit:
    """Compare a rhythm with a budget a month, and find one of `allowed` that it pays for."""
    if budget_minor < 0:
        raise BadRhythm(f"a budget of {budget_minor}")
    paid = (one for one in sorted(allowed) if a_month(price_minor, one) <= budget_minor)
    return Fit(
        monthly_minor=a_month(price_minor, every_weeks),
        budget_minor=budget_minor,
        fitting=next(paid, None),
    )
