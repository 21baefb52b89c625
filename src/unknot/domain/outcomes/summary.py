"""The first honest sentence: did a questionnaire score change by more than its error?

It compares two scores of one person and says lower, higher or "we cannot tell yet". It never
says that massage helped: two scores cannot show a cause.

Units   scores, smallest detectable change (sdc) and minimal important change (mic) in the
        instrument's own points, higher is worse; weekly readings and daily days are counts.
Errors  BadComparison: a later score that is not later, or a change limit of zero or less.
Source  the limits come with the instrument, and `source` names their paper. Four weekly
        readings before any claim: "could be chance or natural recovery" until then.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Word = Literal["cannot_tell", "lower", "higher"]

READINGS_NEEDED = 4
CHART_NEEDS = 7

Param = str | int | float | date


class BadComparison(ValueError):
    """Two scores that cannot be compared as given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One score and the local day on which it was given."""

    score: float
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an instrument's score must change to mean anything, and who found that."""

    sdc: float
    mic: float
    source: str

    def __post_init__(self) -> None:
        if not (self.sdc > 0 and self.mic > 0):
            raise BadComparison("change limits must be above zero")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What may be said, as ids into `wording.TEXTS` with the numbers they need."""

    word: Word
    sentence: str
    detail: tuple[str, ...]
    what_would_help: tuple[str, ...]
    known: bool
    params: Mapping[str, Param]


def first_sentence(
    *,
    earlier: Answered | None,
    later: Answered | None,
    limits: Limits,
    weekly_readings: int,
    daily_days: int,
) -> Finding:
    """Compare the first and the latest score with the instrument's measurement error.

    `earlier` is the first score, `later` the latest one, None while there is none.
    """
    params: dict[str, Param] = {
        "sdc": float(limits.sdc),
        "mic": float(limits.mic),
        "source": limits.source,
        "readings": weekly_readings,
        "readings_needed": READINGS_NEEDED,
        "readings_more": max(READINGS_NEEDED - weekly_readings, 0),
        "days": daily_days,
        "days_more": max(CHART_NEEDS - daily_days, 0),
    }
    daily = ("help_daily",) if daily_days < CHART_NEEDS else ()
    if earlier is None or later is None:
        sentence = "only_one_score" if earlier or later else "no_score"
        help_ = ("help_answer_again" if earlier or later else "help_answer_first", *daily)
        return _unknown(sentence, (), help_, params)
    if later.on <= earlier.on:
        raise BadComparison(f"{later.on} is not after {earlier.on}")
    params |= {
        "earlier": float(earlier.score),
        "later": float(later.score),
        "earlier_on": earlier.on,
        "later_on": later.on,
    }
    if weekly_readings < READINGS_NEEDED:
        more = "help_one_reading" if weekly_readings == READINGS_NEEDED - 1 else "help_readings"
        return _unknown("too_few_readings", ("scores", "early_change"), (more, *daily), params)
    return _compared(earlier.score, later.score, limits, daily, params)


def _compared(
    earlier: float,
    later: float,
    limits: Limits,
    daily: tuple[str, ...],
    params: Mapping[str, Param],
) -> Finding:
    change = later - earlier
    size = abs(change)
    if size < limits.sdc or math.isclose(size, limits.sdc):
        detail = ("scores", "within_error", "important", "source")
        return _unknown("within_error", detail, ("help_keep_answering", *daily), params)
    important = size > limits.mic or math.isclose(size, limits.mic)
    matters = () if important else ("below_important",)
    if change < 0:
        return Finding(
            word="lower",
            sentence="lower",
            detail=("scores_dates", *matters, "not_cause_lower", "source"),
            what_would_help=("help_cause", *daily),
            known=True,
            params=params,
        )
    return Finding(
        word="higher",
        sentence="higher",
        detail=("scores_dates", *matters, "not_cause_higher", "source"),
        what_would_help=("help_tell_therapist", *daily),
        known=True,
        params=params,
    )


def _unknown(
    sentence: str,
    detail: tuple[str, ...],
    what_would_help: tuple[str, ...],
    params: Mapping[str, Param],
) -> Finding:
    return Finding(
        word="cannot_tell",
        sentence=sentence,
        detail=detail,
        what_would_help=what_would_help,
        known=False,
        params=params,
    )
