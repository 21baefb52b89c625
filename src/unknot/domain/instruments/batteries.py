"""What the files shared by all instruments may say: batteries, cards, the responder rule.

Units   seconds, hours, weeks and points as the field's name says.
Errors  pydantic's, which the reader turns into KnowledgeError with file and key.
Source  the files themselves; conf says how sure each is.
"""

from typing import Literal

from pydantic import Field

from unknot.domain.instruments.definition import AnswerList, Text
from unknot.domain.knowledge import Confidence, Entry

Verdict = Literal["improved", "worse", "unclear"]
#: Steps of an intake that are not questionnaires.
STEPS = frozenset({"safety_screen", "body_map", "onset_date"})


class AnswerLists(Entry):
    list: tuple[AnswerList, ...]


class AddIf(Entry):
    add: tuple[Text, ...] = Field(min_length=1)
    main_region: str = ""
    session_in_last_hours: int | None = None


class Battery(Entry):
    id: Text
    items: tuple[Text, ...] = Field(min_length=1)
    target_seconds: int | None = None
    at_weeks: tuple[int, ...] = ()
    add_if: AddIf | None = None
    every_second_week: tuple[str, ...] = ()
    branch: str = ""
    order: tuple[str, ...] = ()
    offer: str = ""
    safety_recheck: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every `instrument` or `instrument.item` that the battery asks for."""
        added = self.add_if.add if self.add_if else ()
        branch = (self.branch,) if self.branch else ()
        ordered = tuple(name for name in self.order if name not in STEPS)
        return (*self.items, *added, *self.every_second_week, *branch, *ordered)


class Batteries(Entry):
    version: int
    source: Text
    reviewed_by: str
    battery: tuple[Battery, ...]


class CardLine(Entry):
    region: Text
    text: Text


class SupportCard(Entry):
    id: Text
    text: Text
    always_reachable: bool = False
    conf: Confidence | None = None
    rules: tuple[str, ...] = ()
    line: tuple[CardLine, ...] = ()


class SupportCards(Entry):
    version: int
    language: Text
    reviewed_by: str
    card: tuple[SupportCard, ...]


class Drop(Entry):
    instrument: Text
    down_percent: float
    down_points: float


class ImprovedIf(Entry):
    change_global_at_most: int
    any: tuple[Drop, ...] = Field(min_length=1)


class WorseIf(Entry):
    instrument: Text
    up_points: float
    weekly_readings: int = Field(ge=1)
    change_global_at_least: int


class ResponderExample(Entry):
    baseline: dict[str, float]
    followup: dict[str, float]
    expect: Verdict
    note: str = ""


class ResponderRule(Entry):
    id: Text
    version: int
    source: Text
    reviewed_by: str
    conf: Confidence
    improved: Text
    worse: Text
    unclear: Text
    show: Text
    note: str = ""
    chance_note_below_weekly_readings: int
    improved_if: ImprovedIf
    worse_if: WorseIf
    example: tuple[ResponderExample, ...] = Field(min_length=1)


class Notices(Entry):
    schema_version: int
    compiled: Text
    reviewed_by: str
    rounding: Text
    notices: dict[str, Text]
    licence_ship_values: dict[str, Text]
