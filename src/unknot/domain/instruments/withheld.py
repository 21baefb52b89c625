"""What a knowledge file may say of an instrument whose wording is not ours to carry.

Scoring-only instruments have points, a rule and examples; a practice with its own licence
adds the wording. Refused instruments have a name and the reason, and nothing else is done.

Units   points of the instrument.
Errors  pydantic's, which the reader turns into KnowledgeError with file and key.
Source  each file names the terms that keep the wording out.
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from unknot.domain.instruments.definition import AnswerList, AnswerRange, Scored, SilentItem, Text
from unknot.domain.knowledge import Confidence, Entry

#: Keys under which wording would arrive.
_WORDING = frozenset({"item", "items", "text", "stem", "instructions", "option", "labels"})


def _check_no_wording(raw: object, ship: object) -> None:
    if isinstance(raw, dict) and (found := _WORDING & raw.keys()):
        raise ValueError(f"{min(found)}: ship is {ship!r}: expected no item wording here")


class Points(Entry):
    """The whole numbers that every item offers; their labels belong to the wording."""

    min: int
    max: int
    conf: Confidence
    note: str = ""


class ScoringOnlyEntry(Scored):
    """One file of knowledge/instruments/scoring_only, as written."""

    item_count: int | None = Field(default=None, ge=1)
    item_ids: tuple[str, ...] = ()
    answers: Points | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_wording(cls, raw: object) -> object:
        _check_no_wording(raw, "code_only")
        return raw

    @model_validator(mode="after")
    def _ids_are_numbers(self) -> Self:
        if self.licence.ship != "code_only":
            raise ValueError(f"licence.ship: expected 'code_only', found {self.licence.ship!r}")
        numbered = tuple(f"{self.id}_{n}" for n in range(1, len(self.item_ids) + 1))
        if self.item_ids != numbered:
            raise ValueError(
                f"item_ids: ship is 'code_only': expected no item wording, only {self.id}_1, "
                f"{self.id}_2 and so on, found {self.item_ids}"
            )
        return self

    @model_validator(mode="after")
    def _can_be_scored_or_says_why(self) -> Self:
        known = self.answers is not None and self.item_count == len(self.item_ids)
        if (self.scoring.method == "none") != bool(self.scoring.not_scored):
            raise ValueError("expected scoring.not_scored with method 'none', and only there")
        if (self.scoring.method == "none") == known:
            raise ValueError("expected item_count, as many item_ids and answers, or not_scored")
        return self

    def resolved(self) -> "ScoringOnly":
        """The instrument with each item's answers, ready to be scored."""
        shared = {name: getattr(self, name) for name in Scored.model_fields}
        return ScoringOnly(**shared, items=tuple(self._items()))

    def _items(self) -> list[SilentItem]:
        if self.answers is None:
            return []
        points = AnswerRange(min=self.answers.min, max=self.answers.max, step=1, type="integer")
        scale = AnswerList(id=self.id, conf=self.answers.conf, range=points)
        return [SilentItem(id=name, scale=scale) for name in self.item_ids]


class ScoringOnly(Scored):
    """An instrument that can be scored and, without a practice's own wording, not asked."""

    items: tuple[SilentItem, ...]


class Refused(Entry):
    """An instrument that is not used here, with the sentence that says why."""

    id: Text
    name: Text
    ship: Literal["no", "yes"]
    reason: str = Field(pattern=r"^[A-Z].*\.$")
    conf: Confidence
    reviewed_by: str
    terms: str = ""
    note: str = ""
    item_count: int | None = None
    scoring: str = ""
    mic: int | str | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_wording(cls, raw: object) -> object:
        if isinstance(raw, dict):
            _check_no_wording(raw, raw.get("ship"))
        return raw

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if not (self.terms if self.ship == "no" else self.note):
            raise ValueError("expected terms, or with ship 'yes' a note, beside the reason")
        return self
