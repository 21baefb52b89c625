"""Give a scoring-only instrument the wording for which a practice holds a licence.

Pure: who recorded the wording, and when, is kept by the practice's own row.

Units   texts of at most 500 characters; points of the instrument.
Errors  WordingRefused: one sentence saying what is missing, unknown, too long or not allowed.
Source  the practice's licence; the rule that scores the answers stays the one in the file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from unknot.domain.instruments.definition import (
    AnswerList,
    Instrument,
    Item,
    Option,
    Scored,
    SilentItem,
)
from unknot.domain.instruments.withheld import Refused, ScoringOnly

LONGEST = 500


class WordingRefused(ValueError):
    """The wording does not fit its instrument, or none may be added; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A practice's own wording: texts by item id, labels by point, and the licence line."""

    items: Mapping[str, str]
    licence: str
    language: str
    stem: str = ""
    options: Mapping[int, str] = field(default_factory=dict)


def with_wording(entry: Instrument | ScoringOnly | Refused, wording: Wording) -> Instrument:
    """The instrument with `wording`, ready to be asked and scored; raises WordingRefused."""
    match entry:
        case Refused():
            raise WordingRefused(entry.reason)
        case Instrument():
            raise WordingRefused(f"{entry.name} already has its wording here.")
        case ScoringOnly():
            _check(entry, wording)
    shared = {name: getattr(entry, name) for name in Scored.model_fields}
    licence = entry.licence.model_copy(update={"holder_text": wording.licence.strip()})
    return Instrument(
        **{**shared, "licence": licence},
        language=wording.language,
        recall="as its wording says",
        stem=wording.stem.strip(),
        items=tuple(_item(item, wording) for item in entry.items),
    )


def _item(item: SilentItem, wording: Wording) -> Item:
    scale = item.scale
    if wording.options:
        labels = tuple(
            Option(value=point, label=wording.options[point].strip()) for point in scale.points
        )
        scale = AnswerList(id=scale.id, conf=scale.conf, option=labels)
    return Item(id=item.id, text=wording.items[item.id].strip(), scale=scale)


def _check(entry: ScoringOnly, wording: Wording) -> None:
    if not entry.items:
        raise WordingRefused(f"{entry.name} cannot be asked, because {entry.scoring.not_scored}.")
    if problem := next(_problems(entry, wording), ""):
        raise WordingRefused(problem)


def _problems(entry: ScoringOnly, wording: Wording) -> Iterator[str]:
    yield from _misfits(entry.name, "item", [item.id for item in entry.items], wording.items)
    if wording.options:
        points = entry.items[0].scale.points
        yield from _misfits(entry.name, "answer", points, wording.options)
    yield from _bad_texts(
        {
            **{f"item {name}": text for name, text in wording.items.items()},
            **{f"answer {point}": text for point, text in wording.options.items()},
            "the licence line": wording.licence,
            "the language": wording.language,
            **({"the stem": wording.stem} if wording.stem else {}),
        }
    )


K = TypeVar("K", str, int)


def _misfits(name: str, kind: str, wanted: Sequence[K], texts: Mapping[K, str]) -> Iterator[str]:
    for key in wanted:
        if key not in texts:
            yield f"{name} needs a text for {kind} {key}."
    for stranger in sorted(map(str, texts.keys() - set(wanted))):
        yield f"{name} has no {kind} {stranger}."


def _bad_texts(texts: Mapping[str, object]) -> Iterator[str]:
    for name, text in texts.items():
        if not isinstance(text, str):
            yield f"The text of {name} is not a text."
        elif not text.strip():
            yield f"The text of {name} is empty."
        elif len(text) > LONGEST:
            yield f"The text of {name} has {len(text)} characters; at most {LONGEST} are allowed."
