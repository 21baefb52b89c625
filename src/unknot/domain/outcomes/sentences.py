"""The sentences about a person's own numbers, in English and German side by side.

Units   none.
Errors  KnowledgeError: the file breaks its schema, or a text names other values than its twin.
Source  knowledge/outcomes/sentences.toml
"""

import re
from functools import cache
from typing import Literal

from pydantic import model_validator

from unknot.domain.knowledge import KNOWLEDGE, Entry, read

Language = Literal["en", "de"]
VALUE = re.compile(r"%\((\w+)\)s")


class Text(Entry):
    """One sentence, or part of one, in both languages."""

    en: str
    de: str

    @model_validator(mode="after")
    def _same_values(self) -> "Text":
        if set(VALUE.findall(self.en)) != set(VALUE.findall(self.de)) and not self._declined():
            raise ValueError(f"{self.en!r} and {self.de!r} name different values")
        return self

    def _declined(self) -> bool:
        """German may need another form of the same thing: your pain, ihren Schmerzen."""
        forms = {"outcome", "outcome_first", "your", "your_first", "with_your"}
        return set(VALUE.findall(self.en)) ^ set(VALUE.findall(self.de)) <= forms


Texts = dict[str, Text]


class Sentences(Entry):
    """All of them, by what they are about."""

    source: str
    reviewed_by: str
    outcome: Texts
    your: Texts
    with_your: Texts
    less: Texts
    more: Texts
    technique: Texts
    range: Texts
    word: Texts
    verdict: Texts
    detail: Texts
    others: Texts
    better: Texts
    link: Texts
    gate: Texts
    help: Texts
    chart: Texts


@cache
def load() -> Sentences:
    """Read the sentences once."""
    return read(KNOWLEDGE / "outcomes" / "sentences.toml", Sentences)
