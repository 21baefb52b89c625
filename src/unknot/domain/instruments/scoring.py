"""Score one questionnaire from its definition and one person's answers.

Pure: no Django, no clock, no files. `catalogue.py` reads the definitions.

Units   `Score.value` is in the instrument's own points (PEG: 0 to 10), never a percent.
Errors  UnknownItem, AnswerOutOfRange: a form was bypassed or a definition is wrong.
        "Not scored, because …" is an outcome: `value` is None and the reason a sentence.
Source  each definition names the paper that its rule comes from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from unknot.domain.instruments.conditions import holds
from unknot.domain.instruments.definition import (
    Instrument,
    Item,
    ItemRule,
    Scored,
    Scoring,
    SilentItem,
)
from unknot.domain.instruments.withheld import ScoringOnly

#: What can be scored; only an Instrument can also be asked.
Scorable = Instrument | ScoringOnly
AnyItem = Item | SilentItem

_NO_SCORE = "Not scored, because this check has no score; its answers stand as they are."
_SEPARATE = "Not scored, because each rating stands alone; different recalls are never averaged."
_NOTHING = "Not scored, because nothing was answered."


class UnknownItem(ValueError):
    """An answer names an item that the instrument does not have."""


class AnswerOutOfRange(ValueError):
    """An answer is not one of the whole numbers that the item offers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What an instrument's published rule makes of one set of answers."""

    instrument: str
    version: int
    value: float | None
    reason_not_scored: str
    subscales: Mapping[str, float | None]
    band: str
    missing: tuple[str, ...]
    branch: tuple[str, ...]
    support: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    value: float | None
    reason: str = ""
    band: str = ""


def score(instrument: Scorable, answers: Mapping[str, int | None]) -> Score:
    """Score `answers` in the instrument's points; raises UnknownItem and AnswerOutOfRange.

    An instrument whose rule is not known here is not scored, whatever the answers.
    """
    if instrument.scoring.not_scored:
        return _not_scored(instrument)
    given = _checked(instrument, answers)
    items = _scored_items(instrument, given)
    missing = tuple(item.id for item in items if item.id not in given)
    worth = _worth(instrument, given)
    result = _value(instrument.scoring, items, worth)
    subscales = _subscales(instrument, worth)
    known: dict[str, float | None] = {**given, **subscales, "total": result.value}
    return Score(
        instrument=instrument.id,
        version=instrument.version,
        value=result.value,
        reason_not_scored=result.reason,
        subscales=subscales,
        band=result.band or _word(instrument, result.value, known),
        missing=missing,
        branch=tuple(rule.ask for rule in instrument.branch if holds(rule.when, known)),
        support=tuple(
            rule.show for rule in instrument.support if holds(rule.when, _at_least(known, worth))
        ),
    )


def _at_least(
    known: Mapping[str, float | None], worth: Mapping[str, int]
) -> Mapping[str, float | None]:
    """What is known for the offer of help: points already given count though one is missing.

    The conditions of the cards are all lower bounds, so a missing answer could only add to them.
    """
    total = known["total"]
    return {**known, "total": float(sum(worth.values())) if total is None else total}


def band(instrument: Scored, value: float | None) -> str:
    """The word for a score in points; empty without bands by points or without a score."""
    if value is None or instrument.bands is None:
        return ""
    reached = [entry.label for entry in instrument.bands.band if value >= entry.min]
    return reached[-1] if reached else ""


def is_asked(item: ItemRule, answers: Mapping[str, int | None]) -> bool:
    """Whether `item` is asked after `answers`: its condition holds, or it has none."""
    return item.ask_if is None or holds(item.ask_if, answers)


def half_up(value: Decimal, decimals: int = 0) -> Decimal:
    """Round to `decimals` places, halves away from zero, as the published rules do."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def reverse(item: AnyItem, answer: int) -> int:
    """The points of `answer` counted from the other end of what `item` offers."""
    return item.scale.points[0] + item.scale.points[-1] - answer


def _not_scored(instrument: Scorable) -> Score:
    return Score(
        instrument=instrument.id,
        version=instrument.version,
        value=None,
        reason_not_scored=f"Not scored, because {instrument.scoring.not_scored}.",
        subscales={},
        band="",
        missing=(),
        branch=(),
        support=(),
    )


def _word(instrument: Scorable, value: float | None, known: Mapping[str, float | None]) -> str:
    if value is None or instrument.bands is None or not instrument.bands.rule:
        return band(instrument, value)
    return next(
        rule.label for rule in instrument.bands.rule if rule.when is None or holds(rule.when, known)
    )


def _checked(instrument: Scorable, answers: Mapping[str, int | None]) -> dict[str, int]:
    if strangers := answers.keys() - {item.id for item in instrument.items}:
        raise UnknownItem(f"{instrument.id} has no item {', '.join(sorted(map(str, strangers)))}")
    given: dict[str, int] = {}
    for item in instrument.items:
        answer = answers.get(item.id)
        if answer is not None:
            given[item.id] = _point(item, answer)
    return {
        item.id: given[item.id]
        for item in instrument.items
        if item.id in given and is_asked(item, given)
    }


def _point(item: AnyItem, answer: object) -> int:
    points = item.scale.points
    if item.multi or not points:
        raise AnswerOutOfRange(f"{item.id} offers words to choose from and has no points")
    if isinstance(answer, bool) or not isinstance(answer, int) or answer not in points:
        allowed = f"whole numbers {points[0]} to {points[-1]}"
        raise AnswerOutOfRange(f"{item.id}={answer!r}: allowed are {allowed}")
    return answer


def _worth(instrument: Scorable, given: Mapping[str, int]) -> Mapping[str, int]:
    """The answers as they count: those to reversed items from the other end."""
    turned = instrument.scoring.reversed
    if not turned:
        return given
    return {
        item.id: reverse(item, given[item.id]) if item.id in turned else given[item.id]
        for item in instrument.items
        if item.id in given
    }


def _scored_items(instrument: Scorable, given: Mapping[str, int]) -> Sequence[AnyItem]:
    scoring = instrument.scoring
    match scoring.method:
        case "none":
            return ()
        case "single" if scoring.item:
            return tuple(item for item in instrument.items if item.id == scoring.item)
        case "decision":
            return tuple(item for item in instrument.items if is_asked(item, given))
        case _:
            named = scoring.items
            return tuple(item for item in instrument.items if not named or item.id in named)


def _value(scoring: Scoring, items: Sequence[AnyItem], given: Mapping[str, int]) -> _Result:
    names = [item.id for item in items]
    match scoring.method:
        case "none":
            return _Result(value=None, reason=_NO_SCORE)
        case "single" if scoring.separate:
            return _only_rating(names, given)
        case "decision":
            return _grade(scoring, names, given)
        case _:
            return _points(scoring, names, given)


def _only_rating(names: Sequence[str], given: Mapping[str, int]) -> _Result:
    rated = [given[name] for name in names if name in given]
    if len(rated) == 1:
        return _Result(value=float(rated[0]))
    return _Result(value=None, reason=_SEPARATE if rated else _NOTHING)


def _grade(scoring: Scoring, names: Sequence[str], given: Mapping[str, int]) -> _Result:
    lacking = sum(name not in given for name in names)
    if lacking:
        return _Result(value=None, reason=_too_few(lacking, allowed=0))
    rule = next(rule for rule in scoring.rule if rule.when is None or holds(rule.when, given))
    return _Result(value=float(rule.grade), band=rule.label)


def _points(scoring: Scoring, names: Sequence[str], given: Mapping[str, int]) -> _Result:
    """Sum or mean; unanswered items count as the mean of the answered ones where allowed."""
    default = scoring.missing_counts_as
    points = [given.get(name, default) for name in names]
    answered = [point for point in points if point is not None]
    lacking = len(points) - len(answered)
    if not answered:
        return _Result(value=None, reason=_NOTHING)
    if lacking > scoring.max_missing:
        return _Result(value=None, reason=_too_few(lacking, allowed=scoring.max_missing))
    total = Decimal(sum(answered))
    if scoring.method == "mean":
        return _Result(value=float(half_up(total / len(answered), scoring.round)))
    return _Result(value=float(scoring.times * half_up(total * len(points) / len(answered))))


def _subscales(instrument: Scorable, given: Mapping[str, int]) -> dict[str, float | None]:
    scoring = instrument.scoring
    if scoring.separate:
        return {item.id: given.get(item.id) for item in instrument.items}
    return {
        name: sum(given[item] for item in entry.items)
        if all(item in given for item in entry.items)
        else None
        for name, entry in scoring.subscales.items()
    }


def _too_few(lacking: int, *, allowed: int) -> str:
    answers = "1 answer is" if lacking == 1 else f"{lacking} answers are"
    rule = f"at most {allowed} may be" if allowed else "every answer is needed"
    return f"Not scored, because {answers} missing and {rule}."
