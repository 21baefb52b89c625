"""What a knowledge file of an instrument may say: wording, licence, scoring, change, examples.

Units   points of the instrument; recalls are ISO 8601 durations or plain words.
Errors  pydantic's, which the reader turns into KnowledgeError with file and key.
Source  each file names the paper its rule comes from and who allows the wording.
"""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from unknot.domain.instruments.conditions import ConditionText
from unknot.domain.knowledge import Confidence, Entry

Text = Annotated[str, Field(min_length=1)]
Method = Literal["single", "mean", "sum", "decision", "none"]
Ship = Literal["yes", "house", "code_only", "no"]
Range = tuple[int, int]


class Option(Entry):
    value: int | Text
    label: Text
    loinc: str = ""
    red_flag: str = Field(default="", pattern=r"^(rf_[a-z_]+)?$")


class AnswerRange(Entry):
    min: int
    max: int
    step: Literal[1]
    type: Literal["integer"]


class AnswerList(Entry):
    id: Text
    conf: Confidence | None = None
    loinc_list: str = ""
    range: AnswerRange | None = None
    option: tuple[Option, ...] = ()

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.range is None) == (not self.option):
            raise ValueError(f"{self.id}: expected either range or option, and only one of them")
        values = [option.value for option in self.option]
        if len(set(values)) != len(values):
            raise ValueError(f"{self.id}: expected every option.value once, found {values}")
        return self

    @cached_property
    def points(self) -> tuple[int, ...]:
        """The whole numbers that may be answered, in order; empty for a list of words."""
        if self.range:
            return tuple(range(self.range.min, self.range.max + 1, self.range.step))
        return tuple(option.value for option in self.option if isinstance(option.value, int))


class ItemRule(Entry):
    """What scoring needs to know of an item besides its answers."""

    id: Text
    subscale: str = ""
    ask_if: ConditionText | None = None
    optional: bool = False
    multi: bool = False


class ItemEntry(ItemRule):
    text: Text
    answers: str = ""
    anchors: dict[str, str] = Field(default_factory=dict)
    recall: str = ""
    loinc: str = ""
    note: str = ""
    conf: Confidence | None = None


class Item(ItemEntry):
    """An item with the answers it offers, as the catalogue hands it out."""

    scale: AnswerList


class SilentItem(ItemRule):
    """An item that can be scored and not asked: it has answers and no wording."""

    scale: AnswerList


class Licence(Entry):
    ship: Ship
    conf: Confidence
    terms: str = ""
    holder_text: str = ""
    same_as: str = ""
    note: str = ""


class Codes(Entry):
    """LOINC codes; `none_found` names those that were looked for without result."""

    instrument: str = ""
    item: str = ""
    panel: str = ""
    score: str = ""
    legacy: str = ""
    phq2_panel: str = ""
    phq2_score: str = ""
    phq9_panel: str = ""
    phq9_score: str = ""
    distress: str = ""
    risk: str = ""
    none_found: tuple[str, ...] = ()
    note: str = ""
    conf: Confidence
    legacy_conf: Confidence | None = None


class Subscale(Entry):
    items: tuple[str, ...] = Field(min_length=1)
    range: Range
    positive_at: int | None = None


class GradeRule(Entry):
    when: ConditionText | None = None
    grade: int
    label: Text


class BandRule(Entry):
    when: ConditionText | None = None
    label: Text


def _last_is_for_the_rest(rules: Sequence[GradeRule | BandRule]) -> None:
    if rules and [rule.when is None for rule in rules] != [False] * (len(rules) - 1) + [True]:
        raise ValueError("expected the last rule, and only the last, without `when`")


class Scoring(Entry):
    """How points become a score; reversed items count from the other end of their answers."""

    method: Method
    range: Range | None = None
    direction: Literal["higher_worse", "higher_better"] | None = None
    missing: str = ""
    missing_conf: Confidence | None = None
    max_missing: int = Field(default=0, ge=0)
    missing_counts_as: int | None = None
    times: int = Field(default=1, ge=1)
    reversed: tuple[str, ...] = ()
    round: int = Field(default=0, ge=0, le=2)
    item: str = ""
    items: tuple[str, ...] = ()
    separate: bool = False
    same_items_only: bool = False
    subscales: dict[str, Subscale] = Field(default_factory=dict)
    positive_at: int | None = None
    improved_at_most: int | None = None
    worse_at_least: int | None = None
    rule: tuple[GradeRule, ...] = ()
    rules_order: Literal["", "first match wins"] = ""
    not_scored: str = ""
    conf: Confidence | None = None
    note: str = ""

    @model_validator(mode="after")
    def _fits_the_method(self) -> Self:
        if self.times != 1 and self.method != "sum":
            raise ValueError("expected times with method 'sum', and only there")
        if self.reversed and (
            self.method not in ("sum", "mean") or self.missing_counts_as is not None
        ):
            raise ValueError("expected reversed with 'sum' or 'mean', without missing_counts_as")
        if self.not_scored and self.method != "none":
            raise ValueError("expected not_scored with method 'none', and only there")
        return self

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.method == "none":
            return self
        if self.range is None or self.direction is None or not self.missing:
            raise ValueError("expected range, direction and missing for every method but 'none'")
        if (self.method == "decision") != bool(self.rule):
            raise ValueError("expected rule with method 'decision', and only there")
        _last_is_for_the_rest(self.rule)
        return self


class Band(Entry):
    min: int
    max: int
    label: Text


class Bands(Entry):
    """The words for a score: by its points, or by the first rule that holds.

    Words that read as a diagnosis are for whoever scores, and are not shown to the person.
    """

    conf: Confidence
    note: str = ""
    reads_as_diagnosis: bool = False
    band: tuple[Band, ...] = ()
    rule: tuple[BandRule, ...] = ()

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if self.band and self.rule:
            raise ValueError("expected either band or rule, and only one of them")
        _last_is_for_the_rest(self.rule)
        return self

    @model_validator(mode="after")
    def _gapless(self) -> Self:
        for lower, upper in zip(self.band, self.band[1:], strict=False):
            if upper.min != lower.max + 1:
                raise ValueError(f"expected band {upper.label!r} to start at {lower.max + 1}")
        return self


class DetectableChange(Entry):
    value: float | None = None
    conf: Confidence
    formula: str = ""
    note: str = ""
    source: str = ""


class ChangeFacts(Entry):
    mic_points: float | None = None
    mic_points_range: tuple[float, float] | None = None
    mic_percent: float | None = None
    reliable_change_points: float | None = None
    trial_between_group: float | None = None
    smallest_detectable_change: DetectableChange | None = None
    recovered_at: int | None = None
    recovered_at_most: int | None = None
    recovered_source: str = ""
    recovered_conf: Confidence | None = None
    comparable: bool = True
    none_found: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
    conf: Confidence | None = None

    @model_validator(mode="after")
    def _sure(self) -> Self:
        if self.comparable and self.conf is None:
            raise ValueError("expected conf beside the thresholds of change")
        return self


class Branch(Entry):
    when: ConditionText
    ask: Text
    skip_items_already_answered_within_days: int


class Support(Entry):
    when: ConditionText
    show: Text


class Setup(Entry):
    text: Text
    max: int
    keep_for_followup: bool


class ExcludedItem(Entry):
    name: Text
    loinc: str
    why: Text


class Expect(Entry):
    """What an example must give; what it does not name is not compared."""

    value: float | None = None
    subscales: dict[str, float] = Field(default_factory=dict)
    not_scored: tuple[str, ...] = ()
    band: str | None = None
    branch: tuple[str, ...] | None = None
    support: tuple[str, ...] | None = None


class Example(Entry):
    answers: dict[str, int]
    expect: Expect
    conf: Confidence | None = None
    note: str = ""


class Scored(Entry):
    """What every instrument that is not refused says, with or without wording."""

    id: Text
    version: int = Field(ge=1)
    name: Text
    measures: Text
    source: Text
    reviewed_by: str
    reviewed_on: date | None = None
    licence: Licence
    loinc: Codes | None = None
    scoring: Scoring
    bands: Bands | None = None
    change: ChangeFacts | None = None
    branch: tuple[Branch, ...] = ()
    support: tuple[Support, ...] = ()
    note: str = ""
    example: tuple[Example, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _signed(self) -> Self:
        if bool(self.reviewed_by) != bool(self.reviewed_on):
            raise ValueError("expected reviewed_by and reviewed_on together, or neither")
        return self


class InstrumentEntry(Scored):
    """One file of knowledge/instruments, as written."""

    language: Text
    recall: Text
    answers: str = ""
    stem: str = ""
    instructions: str = ""
    instructions_conf: Confidence | None = None
    setup: Setup | None = None
    item: tuple[ItemEntry, ...] = ()
    items_conf: Confidence | None = None
    item_order_note: str = ""
    excluded_item: ExcludedItem | None = None
    includes: tuple[str, ...] = ()
    use_for_regions: tuple[str, ...] = ()
    min_interval_days: int | None = None
    recommended_interval_days: int | None = None
    interval_conf: Confidence | None = None
    ask_at_hours: tuple[int, ...] = ()
    use: str = ""
    flag: str = ""

    @model_validator(mode="after")
    def _licence_allows_wording(self) -> Self:
        if self.licence.ship not in ("yes", "house") and self.item:
            raise ValueError(
                f"licence.ship is {self.licence.ship!r}: expected no item wording, "
                f"found item {self.item[0].id!r}"
            )
        return self

    @model_validator(mode="after")
    def _each_item_once(self) -> Self:
        ids = [item.id for item in self.item]
        for twice in sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"item.id: expected every id once, found {twice!r} again")
        return self


class Instrument(InstrumentEntry):
    """An instrument ready for use: its own and its included items, each with its answers."""

    items: tuple[Item, ...]

    def find_item(self, item_id: str) -> Item | None:
        """The item called `item_id`, or None."""
        return next((item for item in self.items if item.id == item_id), None)
