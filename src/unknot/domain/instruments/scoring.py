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
from fractions import Fraction

from unknot.domain.instruments.conditions import holds
from unknot.domain.instruments.definition import Instrument, Item, Scoring

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


def score(instrument: Instrument, answers: Mapping[str, int | None]) -> Score:
    """Score `answers` in the instrument's points; raises UnknownItem and AnswerOutOfRange."""
    given = _checked(instrument, answers)
    items = _scored_items(instrument, given)
    missing = tuple(item.id for item in items if item.id not in given)
    result = _value(instrument, items, given)
    subscales = _subscales(instrument, given)
    known: dict[str, float | None] = {**given, **subscales, "total": result.value}
    return Score(
        instrument=instrument.id,
        version=instrument.version,
        value=result.value,
        reason_not_scored=result.reason,
        subscales=subscales,
        band=result.band or band(instrument, result.value),
        missing=missing,
        branch=tuple(rule.ask for rule in instrument.branch if holds(rule.when, known)),
        support=tuple(rule.show for rule in instrument.support if holds(rule.when, known)),
    )


def band(instrument: Instrument, value: float | None) -> str:
    """The word for a score in points; empty when the instrument has no bands or no score."""
    if value is None or instrument.bands is None:
        return ""
    reached = [entry.label for entry in instrument.bands.band if value >= entry.min]
    return reached[-1] if reached else ""


def is_asked(item: Item, answers: Mapping[str, int | None]) -> bool:
    """Whether `item` is asked after `answers`: its condition holds, or it has none."""
    return item.ask_if is None or holds(item.ask_if, answers)


def half_up(value: Fraction | Decimal, decimals: int = 0) -> Decimal:
    """Round to `decimals` places, halves away from zero, as the published rules do."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _checked(instrument: Instrument, answers: Mapping[str, int | None]) -> dict[str, int]:
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


def _point(item: Item, answer: object) -> int:
    points = item.scale.points
    if item.multi or not points:
        raise AnswerOutOfRange(f"{item.id} offers words to choose from and has no points")
    if isinstance(answer, bool) or not isinstance(answer, int) or answer not in points:
        allowed = f"whole numbers {points[0]} to {points[-1]}"
        raise AnswerOutOfRange(f"{item.id}={answer!r}: allowed are {allowed}")
    return answer


def _scored_items(instrument: Instrument, given: Mapping[str, int]) -> tuple[Item, ...]:
    scoring = instrument.scoring
    match scoring.method:
        case "none":
            return ()
        case "single" if scoring.item:
            return tuple(item for item in instrument.items if item.id == scoring.item)
        case "decision":
            return tuple(item for item in instrument.items if is_asked(item, given))
        case _:
            named = scoring.items or tuple(item.id for item in instrument.items)
            return tuple(item for item in instrument.items if item.id in named)


def _value(instrument: Instrument, items: Sequence[Item], given: Mapping[str, int]) -> _Result:
    scoring = instrument.scoring
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
    mean = Fraction(sum(answered), len(answered))
    match scoring.method:
        case "mean":
            return _Result(value=float(half_up(mean, scoring.round)))
        case "sum_times_2":
            return _Result(value=float(2 * half_up(mean * len(points))))
        case _:
            return _Result(value=float(half_up(mean * len(points))))


def _subscales(instrument: Instrument, given: Mapping[str, int]) -> dict[str, float | None]:
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
