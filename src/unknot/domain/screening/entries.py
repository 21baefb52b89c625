"""The rows of the screening table, as the files spell them.

Units   urgency and action words as in `clauses`; ages in years, weeks and days from the onset.
Errors  ValueError inside pydantic, turned into KnowledgeError by the reader.
Source  knowledge/screening/*.toml
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from unknot.domain.knowledge import Confidence, Entry
from unknot.domain.screening.clauses import ActionId, Basis, Clause, Sourced, UrgencyId

Card = Literal["safeguarding_card", "crisis_card"]


class Rescreen(Entry):
    """How long answers stand before they are asked again."""

    full_screen_days: int
    short_recheck: str
    after_any_new_symptom: bool


class Engine(Entry):
    """How answers are weighed, in the words of the reference."""

    precedence: str
    unknown_answer: str
    short_recheck_question: str
    audit: str
    minors: str
    minimum_age: int
    basis: Basis
    conf: Confidence
    rescreen: Rescreen


class Header(Entry):
    """The table as a whole: version and review."""

    schema_version: int
    version: int
    language: str
    compiled: str
    signed_off: bool
    review: str
    purpose: str
    engine: Engine


class Level(Entry):
    """One level of urgency: what the client is told and what it does to booking."""

    id: UrgencyId
    rank: int
    action: str
    booking: Literal["allowed", "allowed_with_flag", "blocked"]
    unlock: str = ""


class ActionMeaning(Entry):
    """One action and what it means for a technique."""

    id: ActionId
    rank: int
    meaning: str


class Change(Entry):
    """A level that a flag gets instead of its own when the clause holds."""

    when: Clause
    to: UrgencyId


class Softening(Entry):
    """A lower level for a flag whose beginning lies between two numbers of days ago."""

    days_since_above: int
    days_since_at_most: int
    to: UrgencyId


class Escalation(Entry):
    """A higher level for a flag that has lasted."""

    after_weeks: int
    to: UrgencyId


class RedFlag(Sourced):
    """One red-flag question and the level a yes gives."""

    id: str
    group: str
    regions: tuple[str, ...] = Field(min_length=1)
    optional: bool = False
    private: bool = False
    ask_if: Clause | None = None
    question: str
    trigger: Literal["yes"]
    urgency: UrgencyId
    then: Literal["run_full_screen"] | None = None
    raise_if: Change | None = None
    soften_if: Softening | None = None
    escalate: Escalation | None = None
    may_continue: str = ""
    show: Card | None = None
    note: str = ""


class Combination(Sourced):
    """Red flags that weigh more together: all of `all_of`, or `at_least` so many of `of`."""

    id: str
    all_of: tuple[str, ...] = ()
    at_least: int = 0
    of: tuple[str, ...] = ()
    urgency: UrgencyId

    @model_validator(mode="after")
    def _counts_something(self) -> Self:
        if bool(self.all_of) == bool(self.of) or not 0 <= self.at_least <= len(self.of):
            raise ValueError(f"{self.id}: expected all_of, or of with at_least up to its length")
        if self.of and not self.at_least:
            raise ValueError(f"{self.id}: expected at_least of 1 or more beside of")
        return self

    @property
    def members(self) -> tuple[str, ...]:
        """The flags this combination looks at."""
        return self.all_of or self.of

    @property
    def needed(self) -> int:
        """How many of the members must have been answered."""
        return len(self.all_of) or self.at_least


class Fact(Sourced):
    """Something the table wants to know, and the answers that tell it.

    One with a question is asked on its own, once the red flag in `after` was not denied.
    """

    id: str
    conditions: tuple[str, ...]
    medicines: tuple[str, ...]
    question: str = ""
    after: str = ""

    @model_validator(mode="after")
    def _asked_after_a_flag(self) -> Self:
        if bool(self.question) != bool(self.after):
            raise ValueError(f"{self.id}: expected question and after together, or neither")
        return self


class Condition(Sourced):
    """One question of the health history; a local one has a place on the body map."""

    id: str
    kind: Literal["systemic", "local"]
    private: bool = False
    ask_if: Clause | None = None
    question: str


class Medicine(Sourced):
    """One group of medicines, with examples a client recognises."""

    id: str
    label: str
    examples: tuple[str, ...] = Field(min_length=1)
    why: str


class Group(Entry):
    """A name for several techniques."""

    id: str
    techniques: tuple[str, ...] = Field(min_length=1)


class When(Entry):
    """What a rule waits for: one condition, one medicine, or nothing at all."""

    condition: str | None = None
    medicine: str | None = None
    always: Literal[True] | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if sum(part is not None for part in (self.condition, self.medicine, self.always)) != 1:
            raise ValueError("expected exactly one of condition, medicine, always")
        return self


class Rule(Sourced):
    """One decision row: an answer, the techniques and places it concerns, and the action."""

    id: str
    when: When
    techniques: tuple[str, ...] = Field(min_length=1)
    areas: tuple[str, ...] = Field(min_length=1)
    action: ActionId
    adapt_how: str
    show: Card | None = None


class AgeRule(Sourced):
    """A rule by age, for every technique anywhere."""

    id: str
    when: Clause
    action: ActionId
    text: str


class AfterWhen(Entry):
    """An answer after a session: a reported event, or soreness at so many hours."""

    event: str | None = None
    soreness_from: int | None = None
    hours: int | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.event is None) == (self.soreness_from is None):
            raise ValueError("expected either event or soreness_from")
        return self


class AfterRule(Sourced):
    """What an answer after a session sets off."""

    id: str
    when: AfterWhen
    fire: str | None = None
    urgency: UrgencyId | None = None
    log: Literal["adverse_event"]
    text: str = ""


class AdverseEvent(Entry):
    """How an adverse event is graded and who hears of it."""

    grades: tuple[str, ...]
    report_to: tuple[str, ...]
