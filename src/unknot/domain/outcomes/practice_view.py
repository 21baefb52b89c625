"""What a practice may see of its clients together: shares with small cells left out.

Units   counts of sessions and clients; chances 0 to 1.
Errors  none.
Source  reference note on statistics, 6 (who isn't improving) and 11 (gates); the small cell is our
        choice
"""

from collections.abc import Sequence
from dataclasses import dataclass

from unknot.domain.outcomes.findings import Better

#: Below this chance of being at least a point better, a plan is worth a second look.
NOT_IMPROVING = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many; nothing is known of it while a part of it is a small cell."""

    part: int
    whole: int
    least: int

    @property
    def is_shown(self) -> bool:
        """Whether the part and the rest are both empty or large enough to hide everybody."""
        rest = self.whole - self.part
        return self.whole >= self.least and all(
            n == 0 or n >= self.least for n in (self.part, rest)
        )

    @property
    def percent(self) -> int:
        """The share in whole percent; 0 of nothing."""
        return round(100 * self.part / self.whole) if self.whole else 0


def is_judged(better: Better) -> bool:
    """Whether there is enough to say how the level moved."""
    return better.p_point is not None and all(gate.is_open for gate in better.gates)


def is_not_improving(better: Better) -> bool:
    """Whether a better level is unlikely; judged by its chance, never by the raw change."""
    return is_judged(better) and better.p_point is not None and better.p_point < NOT_IMPROVING


def not_improving(judged: Sequence[Better], *, least: int) -> Share:
    """How many of those who can be judged are unlikely to be a point better."""
    known = [one for one in judged if is_judged(one)]
    return Share(part=sum(map(is_not_improving, known)), whole=len(known), least=least)
