"""The first honest sentence: what may be said of a change of the pain questionnaire.

It says better, worse or "we cannot tell", and why. It never says that massage helped: two scores
cannot show a cause.

Units   scores and the smallest change that matters (mic) in the instrument's own points; weekly
        readings and daily days are counts.
Errors  none.
Source  domain/outcomes/questionnaires.py has the rule. Below four weekly readings a change "could
        be chance or natural recovery": clinical reference 1.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from unknot.domain.outcomes.norms import Rules
from unknot.domain.outcomes.questionnaires import Change, Scale, Why

Word = Literal["cannot_tell", "improved", "worse"]

READINGS_NEEDED = 4
CHART_NEEDS = 7

Param = str | int | float | date

#: What would help to tell, by why it cannot be told.
HELP: Mapping[Why, str] = {
    "no_score": "help_answer_first",
    "only_one_score": "help_answer_again",
    "too_soon": "help_weeks",
    "no_norms": "help_others",
    "too_small": "help_keep_answering",
    "within_noise": "help_keep_answering",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What may be said, as ids of knowledge/outcomes/sentences.toml with the numbers they need."""

    word: Word
    sentence: str
    detail: tuple[str, ...]
    what_would_help: tuple[str, ...]
    known: bool
    params: Mapping[str, Param]


def first_sentence(
    change: Change, *, scale: Scale, rules: Rules, weekly_readings: int, daily_days: int
) -> Finding:
    """Say what a change of the pain questionnaire means, and what would help to tell more."""
    daily = ("help_daily",) if daily_days < CHART_NEEDS else ()
    early = ("early_change",) if weekly_readings < READINGS_NEEDED else ()
    params = {**_params(change, scale, rules), **_counts(daily_days)}
    if change.state == "cannot_tell":
        help_ = (HELP[change.why],) if change.why in HELP else ()
        return Finding(
            word="cannot_tell",
            sentence=change.why,
            detail=_why(change, early),
            what_would_help=(*help_, *daily),
            known=False,
            params=params,
        )
    better = change.state == "improved"
    return Finding(
        word=change.state,
        sentence=change.state,
        detail=(
            "scores_dates",
            *_expected(change),
            *early,
            "not_cause_lower" if better else "not_cause_higher",
            "source",
        ),
        what_would_help=("help_cause" if better else "help_tell_therapist", *daily),
        known=True,
        params=params,
    )


def _why(change: Change, early: tuple[str, ...]) -> tuple[str, ...]:
    if change.newest is None:
        return ()
    match change.why:
        case "too_small" | "within_noise":
            return ("scores_dates", *_expected(change), *early, "important", "source")
        case "too_soon":
            return ("scores", "early_change")
        case _:
            return ("scores", *early)


def _expected(change: Change) -> tuple[str, ...]:
    if change.expected is None:
        return ()
    return ("expected_about" if change.expected[0] == change.expected[1] else "expected_between",)


def _counts(daily_days: int) -> dict[str, Param]:
    return {"days": daily_days, "days_more": max(CHART_NEEDS - daily_days, 0)}


def _params(change: Change, scale: Scale, rules: Rules) -> dict[str, Param]:
    """The numbers of the sentences; what is not known yet is left out, and named by none."""
    params: dict[str, Param] = {
        "source": scale.source,
        "weeks_needed": rules.better_after_days // 7,
        "norms_needed": rules.pooled_from,
    }
    if scale.mic is not None:
        params["mic"] = float(scale.mic)
    if change.baseline is not None:
        params |= {"earlier": float(change.baseline.score), "earlier_on": change.baseline.on}
    if change.newest is not None:
        params |= {"later": float(change.newest.score), "later_on": change.newest.on}
    if change.expected is not None:
        low, high = change.expected
        params |= {"expected": (low + high) / 2, "expected_low": low, "expected_high": high}
    if change.norms is not None:
        params["norms_clients"] = change.norms.clients
    return params
