"""Tell what the change of one score between two dates can mean, and what it cannot.

Units   points of the instrument (later minus earlier) and percent of the earlier score.
Errors  ScoreOutOfRange: a score lies outside the instrument. What the instrument gives no
        threshold for is None, and so is everything when a score is missing.
Source  `change` in each instrument: smallest detectable or reliable change, and the
        smallest important change (mic); knowledge/instruments/shared/responder_rule.toml.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from unknot.domain.instruments.batteries import Drop, ResponderRule, Verdict
from unknot.domain.instruments.definition import ChangeFacts, Instrument
from unknot.domain.instruments.scoring import Score, half_up

Reading = Score | float | Decimal | None

_NOT_SCORED = "No comparison, because one of the two scores is missing."
_NO_CHANGE_SCORE = "No comparison, because this instrument does not measure change."
_OTHER_ITEMS = "No comparison, because other questions were answered the other time."
_OTHER_VERSION = "No comparison, because the questionnaire was another version."


class ScoreOutOfRange(ValueError):
    """A score is not a number inside the instrument's range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change; `beyond_error` says measurement noise alone does not explain it."""

    points: float | None
    percent: float | None = None
    beyond_error: bool | None = None
    at_least_important: bool | None = None
    better: bool | None = None
    reason: str = ""


def change(instrument: Instrument, earlier: Reading, later: Reading) -> Change:
    """Compare two scores of one instrument, in points and percent; raises ScoreOutOfRange."""
    facts = instrument.change
    if reason := _why_not(instrument, earlier, later):
        return Change(points=None, reason=reason)
    before, after = _number(instrument, earlier), _number(instrument, later)
    if before is None or after is None or facts is None:
        return Change(points=None, reason=_NOT_SCORED)
    points = after - before
    return Change(
        points=float(points),
        percent=float(half_up(points * 100 / before, 1)) if before else None,
        beyond_error=_reaches(points, measurement_error(facts)),
        at_least_important=_reaches(points, facts.mic_points),
        better=_better(instrument, points),
    )


def measurement_error(facts: ChangeFacts) -> float | None:
    """The points from which a change exceeds noise in one person; None when not published."""
    smallest = facts.smallest_detectable_change
    if smallest and smallest.value is not None:
        return smallest.value
    return facts.reliable_change_points


def responder(
    rule: ResponderRule,
    baseline: Mapping[str, float],
    followup: Mapping[str, float],
    weekly: Sequence[float] = (),
) -> Verdict:
    """Apply the responder rule to scores in points, keyed by instrument id.

    `weekly` are the weekly readings of the rule's instrument since baseline, oldest first.
    A person for whom both halves of the rule speak is unclear.
    """
    improved = _improved(rule, baseline, followup)
    worse = _worse(rule, baseline, followup, weekly)
    if improved == worse:
        return "unclear"
    return "improved" if improved else "worse"


def _improved(
    rule: ResponderRule, baseline: Mapping[str, float], followup: Mapping[str, float]
) -> bool:
    felt = followup.get("change_global")
    if felt is None or felt > rule.improved_if.change_global_at_most:
        return False
    return any(_dropped(drop, baseline, followup) for drop in rule.improved_if.any)


def _dropped(drop: Drop, baseline: Mapping[str, float], followup: Mapping[str, float]) -> bool:
    if drop.instrument not in baseline or drop.instrument not in followup:
        return False
    before, after = _exact(baseline[drop.instrument]), _exact(followup[drop.instrument])
    down = before - after
    return down >= _exact(drop.down_points) and down * 100 >= before * _exact(drop.down_percent)


def _worse(
    rule: ResponderRule,
    baseline: Mapping[str, float],
    followup: Mapping[str, float],
    weekly: Sequence[float],
) -> bool:
    felt = followup.get("change_global")
    if felt is not None and felt >= rule.worse_if.change_global_at_least:
        return True
    needed = rule.worse_if.weekly_readings
    before = baseline.get(rule.worse_if.instrument)
    if before is None or len(weekly) < needed:
        return False
    line = _exact(before) + _exact(rule.worse_if.up_points)
    return all(_exact(reading) >= line for reading in weekly[-needed:])


def _why_not(instrument: Instrument, earlier: Reading, later: Reading) -> str:
    if instrument.change is None or not instrument.change.comparable:
        return _NO_CHANGE_SCORE
    if not isinstance(earlier, Score) or not isinstance(later, Score):
        return ""
    if earlier.version != later.version:
        return _OTHER_VERSION
    if instrument.scoring.same_items_only and earlier.missing != later.missing:
        return _OTHER_ITEMS
    return ""


def _number(instrument: Instrument, reading: Reading) -> Decimal | None:
    value = reading.value if isinstance(reading, Score) else reading
    if value is None:
        return None
    number = _exact(value)
    allowed = instrument.scoring.range
    if not number.is_finite() or (allowed and not allowed[0] <= number <= allowed[1]):
        raise ScoreOutOfRange(f"{instrument.id}: {value!r} is not a score within {allowed}")
    return number


def _exact(value: float | Decimal) -> Decimal:
    """The decimal a person would read: 0.1 is a tenth, so thresholds are met exactly."""
    return Decimal(str(value))


def _reaches(points: Decimal, threshold: float | None) -> bool | None:
    return None if threshold is None else abs(points) >= _exact(threshold)


def _better(instrument: Instrument, points: Decimal) -> bool | None:
    if not points:
        return None
    return (points < 0) == (instrument.scoring.direction == "higher_worse")
