"""Read the answers to one instrument from the object in a JSON file.

Pure: the object in, points by item id out. `version` and `language` may be left out; when they are
there, they must be those of the instrument, because other wording is another question.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from unknot.domain.instruments.definition import Instrument
from unknot.domain.instruments.scoring import AnyItem, Scorable
from unknot.interfaces.answers.document import (
    Object,
    Problems,
    check_keys,
    object_at,
    one_of,
    whole,
)

KEYS = ("instrument", "version", "language", "answers")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreAnswers:
    """Points by item id, None for a question left open, and the language they were given in."""

    points: Mapping[str, int | None]
    language: str | None


def read(found: Object, instrument: Scorable) -> ScoreAnswers:
    """The answers in `found` to `instrument`; raises UnusableAnswers with every problem."""
    problems = Problems()
    check_keys(found, KEYS, problems)
    named = found.get("instrument", instrument.id)
    if named != instrument.id:
        problems.expected("instrument", named, f'"{instrument.id}" as on the command line')
    _check_version(found, instrument, problems)
    language = _language(found, instrument, problems)
    if "answers" not in found:
        problems.told("answers", "found nothing, expected an object of item and points")
    points = _points(object_at(found, "answers", problems), instrument, problems)
    problems.check()
    return ScoreAnswers(points=points, language=language)


def _check_version(found: Object, instrument: Scorable, problems: Problems) -> None:
    version = found.get("version", instrument.version)
    if not whole(version) or version != instrument.version:
        wanted = f"{instrument.version}, the version of {instrument.id} that is scored here"
        problems.expected("version", version, wanted)


def _language(found: Object, instrument: Scorable, problems: Problems) -> str | None:
    """The wording's language; a scoring-only instrument has none and takes what the file says."""
    if isinstance(instrument, Instrument):
        told = found.get("language", instrument.language)
        if told != instrument.language:
            wanted = f'"{instrument.language}", the language of the wording here'
            problems.expected("language", told, wanted)
        return instrument.language
    told = found.get("language")
    if told is None:
        return None
    if isinstance(told, str) and _LANGUAGE.fullmatch(told):
        return told
    problems.expected("language", told, 'a short code such as "en" or "pt-BR"')
    return None


def _points(
    answers: Mapping[str, object], instrument: Scorable, problems: Problems
) -> dict[str, int | None]:
    items = {item.id: item for item in instrument.items}
    points: dict[str, int | None] = {}
    for name, answer in answers.items():
        key = f"answers.{name}"
        item = items.get(name)
        if item is None and items:
            problems.told(
                key, f"found an item that {instrument.id} does not have, {_wanted(items)}"
            )
        elif answer is None:
            points[name] = None
        elif isinstance(answer, int) and whole(answer) and (item is None or _fits(item, answer)):
            points[name] = answer
        else:
            problems.expected(key, answer, _range(item))
    return points


def _wanted(items: Mapping[str, AnyItem]) -> str:
    return f"expected {one_of(items)}"


def _fits(item: AnyItem, answer: int) -> bool:
    return not item.multi and answer in item.scale.points


def _range(item: AnyItem | None) -> str:
    if item is None:
        return "a whole number"
    if item.multi or not item.scale.points:
        return "null, because this item is answered in words and has no points"
    points = item.scale.points
    return f"a whole number from {points[0]} to {points[-1]}"
