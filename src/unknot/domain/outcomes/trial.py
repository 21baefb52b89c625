"""Compare two techniques in one person: the design, the sealed list, and when it stops.

Sessions come in pairs; inside each pair a coin decides which technique is first. The list is
drawn once and closed with a commitment: whoever has the salt and the order afterwards can check
with any SHA-256 tool that nothing was changed. Nobody can be blinded to a technique.

Units   days and weeks; `alpha` and p are shares; points of a 0 to 10 scale; places count from 1.
Errors  BadDesign: a design that makes no fair comparison. ValueError: an order that is none.
Source  knowledge/outcomes/trial_power.toml; CENT 2015 for what is fixed beforehand
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from typing import Final, Literal

from unknot.domain.knowledge import KNOWLEDGE, Confidence, Entry, read

Side = Literal["A", "B"]
Statistic = Literal["gls", "post_mean"]

FEWEST_PAIRS: Final = 4
MOST_PAIRS: Final = 10
#: Sessions of a comparison stand at least so far apart; a week is better.
LEAST_GAP_DAYS: Final = 4
BETTER_GAP_DAYS: Final = 7
LONGEST_GAP_DAYS: Final = 28
#: What two techniques can be compared by: the ratings asked each day.
OUTCOMES: Final = ("pain", "stress", "sleep")
#: What the days after a session are compared over, as everywhere on the progress page.
WINDOW_DAYS: Final = 3
ALPHA: Final = 0.05
#: A pair has to be done within so many weeks of the one before. Our own choice.
PAIR_WEEKS: Final = 8


def gettext_noop(text: str) -> str:
    """Mark `text` for the translators' tools and return it unchanged."""
    return text


class BadDesign(ValueError):
    """A design that makes no fair comparison; the text says what to change."""


class Stop(Enum):
    """Why a comparison ended before its last pair; the value is stored, the words are shown."""

    SAFETY = "safety"
    CLIENT = "client"
    THERAPIST = "therapist"
    OVERDUE = "overdue"


STOP_WORDS: Final = {
    Stop.SAFETY: gettext_noop("A safety answer came first, so the comparison was stopped."),
    Stop.CLIENT: gettext_noop("The client wished to stop."),
    Stop.THERAPIST: gettext_noop("The therapist stopped it."),
    Stop.OVERDUE: gettext_noop("A pair of sessions was not finished in time."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What is fixed before the first session and never changed."""

    technique_a: str
    technique_b: str
    pairs: int
    gap_days: int = BETTER_GAP_DAYS
    outcome: str = "pain"
    window_days: int = WINDOW_DAYS
    statistic: Statistic = "gls"
    alpha: float = ALPHA
    pair_weeks: int = PAIR_WEEKS

    def __post_init__(self) -> None:
        if self.technique_a == self.technique_b:
            raise BadDesign(gettext_noop("Choose two different techniques to compare."))
        if not FEWEST_PAIRS <= self.pairs <= MOST_PAIRS:
            raise BadDesign(gettext_noop("Choose between 4 and 10 pairs of sessions."))
        if not LEAST_GAP_DAYS <= self.gap_days <= LONGEST_GAP_DAYS:
            raise BadDesign(gettext_noop("Leave between 4 and 28 days between two sessions."))
        if 2 * self.gap_days > 7 * self.pair_weeks:
            raise BadDesign(gettext_noop("A pair cannot be finished in the weeks it is given."))

    @property
    def sessions(self) -> int:
        """How many sessions the whole list has."""
        return 2 * self.pairs


def draw(pairs: int, coin: Callable[[], bool]) -> str:
    """Draw the order, "ABBAAB…": `coin` falls once for each pair, heads is A first."""
    return "".join("AB" if coin() else "BA" for _ in range(pairs))


def side(order: str, place: int) -> Side:
    """Return which technique stands at `place` of the list, from 1; ValueError outside of it."""
    check_order(order)
    if not 1 <= place <= len(order):
        raise ValueError(f"place {place} of {len(order)}")
    return "A" if order[place - 1] == "A" else "B"


def check_order(order: str) -> None:
    """Raise ValueError unless every pair of `order` has both techniques."""
    pairs = [order[at : at + 2] for at in range(0, len(order), 2)]
    if not pairs or any(one not in ("AB", "BA") for one in pairs):
        raise ValueError(f"{order!r} is no list of pairs")


def pair_of(place: int) -> int:
    """Return the pair, from 1, that the session at `place` belongs to."""
    return (place + 1) // 2


def completed_pairs(done: Collection[int]) -> tuple[int, ...]:
    """Return the pairs of which both places are in `done`, in order."""
    return tuple(
        pair_of(first)
        for first in range(1, max(done, default=0) + 1, 2)
        if first in done and first + 1 in done
    )


def commitment(salt: str, order: str) -> str:
    """Return the SHA-256, in hex, of the salt, a line feed and the order.

    >>> commitment("00", "AB")[:12]
    'd504540caa38'
    """
    return hashlib.sha256(f"{salt}\n{order}".encode("ascii")).hexdigest()


def matches(salt: str, order: str, sealed: str) -> bool:
    """Whether this salt and order are what was sealed."""
    return commitment(salt, order) == sealed


def smallest_p(pairs: int) -> float:
    """Return the smallest two-sided p that `pairs` pairs can give: 2 of 2^pairs lists."""
    return min(1.0, 2.0 ** (1 - pairs))


def next_not_before(previous_start: datetime, gap_days: int) -> datetime:
    """Return the earliest start of the session after the one at `previous_start`."""
    return previous_start + timedelta(days=gap_days)


def overdue_at(pair_began: datetime, pair_weeks: int) -> datetime:
    """Return when a pair that could begin at `pair_began` is given up."""
    return pair_began + timedelta(weeks=pair_weeks)


def analysed_at(last_session_end: datetime, window_days: int) -> datetime:
    """Return when the days after the last session are all in, with one more to answer them."""
    return last_session_end + timedelta(days=window_days + 1)


class PowerRow(Entry):
    """What `pairs` pairs would find, as shares of trials, for each real difference in points."""

    pairs: int
    difference: tuple[float, ...]
    gls: tuple[float, ...]
    post_mean: tuple[float, ...]


class PowerTable(Entry):
    """The simulated power of the randomisation test."""

    source: str
    conf: Confidence
    alpha: float
    checked_null: str
    row: tuple[PowerRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """What may be said of a design before it begins.

    `found` pairs a real difference in points with how many of ten such trials would find it;
    it was simulated for `simulated_pairs`, the nearest number not above the design's.
    """

    pairs: int
    simulated_pairs: int
    smallest_p: float
    alpha: float
    found: tuple[tuple[float, float], ...]

    @property
    def can_find_any(self) -> bool:
        """Whether the smallest possible p is below alpha at all."""
        return self.smallest_p <= self.alpha


@cache
def power_table() -> PowerTable:
    """Read the table of knowledge/outcomes/trial_power.toml; raises KnowledgeError."""
    return read(KNOWLEDGE / "outcomes" / "trial_power.toml", PowerTable)


def power(pairs: int, statistic: Statistic = "gls") -> Power:
    """Return what a design of so many pairs can find; BadDesign outside of the table."""
    table = power_table()
    rows = [row for row in table.row if row.pairs <= pairs]
    if not rows or pairs > table.row[-1].pairs:
        raise BadDesign(gettext_noop("Choose between 4 and 10 pairs of sessions."))
    row = rows[-1]
    shares = row.gls if statistic == "gls" else row.post_mean
    return Power(
        pairs=pairs,
        simulated_pairs=row.pairs,
        smallest_p=smallest_p(pairs),
        alpha=table.alpha,
        found=tuple(zip(row.difference, shares, strict=True)),
    )


def labels(order: str, pairs: Sequence[int]) -> tuple[int, ...]:
    """Return +1 for each of `pairs` in which A came first and -1 where B did."""
    return tuple(1 if side(order, 2 * pair - 1) == "A" else -1 for pair in pairs)
