"""Say a pooled effect or a therapist's own result in words; a range is never left out.

Units   points with one decimal.
Errors  KnowledgeError: the file breaks its schema.
Source  knowledge/outcomes/practice_sentences.toml
"""

from collections.abc import Mapping
from functools import cache
from typing import Literal

from unknot.domain.knowledge import KNOWLEDGE, Confidence, Entry, read

Id = Literal["change_less", "change_more", "change_open", "own_less", "own_more", "own_open"]


class Sentence(Entry):
    """One sentence in each language."""

    en: str
    de: str


class Sentences(Entry):
    """All sentences about many clients together."""

    version: str
    source: str
    conf: Confidence
    sentence: Mapping[Id, Sentence]


@cache
def load() -> Sentences:
    """Read the sentences once."""
    return read(KNOWLEDGE / "outcomes" / "practice_sentences.toml", Sentences)


def change(mean: float, low: float, high: float, *, language: str) -> str:
    """What a pooled change of `mean` points with this range says; `low` is the lower number."""
    id_: Id = "change_less" if high < 0 else "change_more" if low > 0 else "change_open"
    return _say(id_, (mean, low, high), language)


def own_result(mean: float, low: float, high: float, *, clients: int, language: str) -> str:
    """What a therapist's effect says to that therapist; not distinguishable unless it is clear."""
    id_: Id = "own_less" if high < 0 else "own_more" if low > 0 else "own_open"
    return _say(id_, (mean, low, high), language, clients=clients)


def _say(id_: Id, numbers: tuple[float, float, float], language: str, **counts: int) -> str:
    mean, low, high = numbers
    german = language.startswith("de")
    near, far = sorted((abs(low), abs(high)))
    points = {"mean": abs(mean), "near": near, "far": far, "less": -low, "more": high}
    said = {name: _points(value, german=german) for name, value in points.items()}
    sentence = load().sentence[id_]
    return (sentence.de if german else sentence.en).format(**said, **counts)


def _points(value: float, *, german: bool) -> str:
    text = f"{abs(value):.1f}"
    return text.replace(".", ",") if german else text
