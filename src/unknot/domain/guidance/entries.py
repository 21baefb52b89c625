"""The rows of the technique files, as the files spell them.

Units   pressure 1 to 5, minutes, temperatures in degrees Celsius, weeks since the onset.
Errors  ValueError inside pydantic, turned into KnowledgeError by the reader.
Source  knowledge/techniques/*.toml
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from unknot.domain.guidance.evidence import Step
from unknot.domain.knowledge import Confidence, Entry
from unknot.domain.screening.clauses import Sourced

DurationId = Literal["acute", "subacute", "chronic"]
AimId = Literal["ease_pain", "relax", "sleep_better", "move_freely"]
#: What else there is besides a technique: oneself, somebody else, or leaving massage be.
AlternativeKind = Literal["self_care", "professional", "no_massage"]


class Range(Entry):
    """A range with the value usually chosen."""

    min: int
    max: int
    default: int

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.min <= self.default <= self.max:
            raise ValueError("expected min <= default <= max")
        return self


class Suits(Entry):
    """For whom a technique is usually chosen, and why."""

    presentation: tuple[str, ...]
    duration: tuple[Literal["acute_mild", "subacute", "chronic", "any"], ...]
    why: str


class BathHeat(Entry):
    """The stone bath; never the temperature on the skin."""

    max: int
    note: str
    conf: Confidence


class SkinHeat(Entry):
    """The temperature of a stone where it meets the skin."""

    max: int
    start_low: int
    elderly_or_thin_skin_max: int
    elderly_or_thin_skin_rules: tuple[str, ...]  # rows of the screening that ask for this limit
    dulled_feeling_max: int
    dulled_feeling_rules: tuple[str, ...]
    note: str
    conf: Confidence


class StaticHeat(Entry):
    """Stones that lie still."""

    min_layers: int
    max_minutes_per_spot: int
    never: str
    conf: Confidence


class MovingHeat(Entry):
    """Stones that move."""

    rule: str
    conf: Confidence


class StoneHeat(Entry):
    """The four limits of heated stones."""

    bath_c: BathHeat
    skin_contact_c: SkinHeat
    static: StaticHeat
    moving: MovingHeat


class TechniqueCodes(Entry):
    """Codes of other systems for one technique."""

    cpt: tuple[str, ...]
    cpt_conf: Confidence | None = None


class Technique(Sourced):
    """One technique: what is done, with what, for whom, and which claims concern it."""

    id: str
    name: str
    plain: str
    optional: bool = False
    only_with_clearance: bool = False
    left_out_say: str = ""  # what a client reads instead, with `only_with_clearance`
    strokes: tuple[str, ...] = ()
    tempo: str = ""
    tissue: tuple[str, ...] = ()
    oil: Literal["yes", "a little", "none", "none or a little"]
    client_wears: str
    position: tuple[str, ...] = ()
    equipment: tuple[str, ...]
    less_suits: tuple[str, ...] = ()
    aftercare: tuple[str, ...] = ()
    note: str = ""
    rules_from: tuple[str, ...]
    heat: Literal["none", "optional moist pack"] | StoneHeat
    claims: tuple[str, ...] = Field(min_length=1)
    pressure: Range
    minutes: Range
    suits: Suits
    evidence: dict[str, Step]
    codes: TechniqueCodes

    @model_validator(mode="after")
    def _says_why_left_out(self) -> Self:
        if self.only_with_clearance != bool(self.left_out_say):
            raise ValueError("expected left_out_say with only_with_clearance, and only then")
        return self


class PressureLevel(Entry):
    """One step of the pressure scale."""

    value: int
    name: str
    feel: str


class PressureScale(Sourced):
    """pressure.toml"""

    rule: str
    level: tuple[PressureLevel, ...]


class DurationClass(Entry):
    """One class of duration; the bounds are weeks since the onset."""

    id: DurationId
    weeks_below: int | None = None
    weeks_from: int | None = None
    weeks_to: int | None = None
    weeks_above: int | None = None

    def holds(self, weeks: float) -> bool:
        """Tell whether `weeks` since the onset fall into this class."""
        return (
            (self.weeks_below is None or weeks < self.weeks_below)
            and (self.weeks_from is None or weeks >= self.weeks_from)
            and (self.weeks_to is None or weeks <= self.weeks_to)
            and (self.weeks_above is None or weeks > self.weeks_above)
        )


class Recurrence(Sourced):
    """What counts as the pain coming back."""

    definition: str


class Durations(Sourced):
    """duration.toml"""

    rule: str
    note: str
    classes: tuple[DurationClass, ...] = Field(alias="class")
    recurrence: Recurrence


class Dose(Sourced):
    """How often and how long, in one situation; what is said of it, also when it is too much.

    A dose without `say` is a fact of the evidence and is suggested to nobody.
    """

    id: str
    where: str
    sessions: str
    numbers: str = ""
    caveat: str = ""
    when: "Circumstance | None" = None
    minutes: int | None = None
    say: str = ""
    shorter: str = ""  # for who wants sessions below `minutes`
    less: str = ""  # when time or money is short
    claims: tuple[str, ...] = ()


class StopAt(Entry):
    """When a stop rule is looked at: at any time, or after so many sessions or weeks."""

    any_time: bool = False
    sessions: int | None = None
    weeks: int | None = None


class StopWhen(Entry):
    """What a stop rule waits for; every key that is set must hold."""

    red_flag: bool = False
    probability_point_better_below: float | None = None
    not_reliably_better: bool = False
    worse_by_important_change: bool = False
    z_above: float | None = None
    over_cut_off: tuple[str, ...] = ()
    limb_symptoms: bool = False
    not_better: bool = False
    improved_for_weeks: int | None = None


class StopRule(Sourced):
    """When to review, stop or refer."""

    id: str
    at: StopAt
    when: StopWhen
    do: str
    say: str = ""  # what a client is told beforehand; empty: nothing


class Circumstance(Entry):
    """A condition over one person's facts; every key that is set must hold."""

    any: tuple["Circumstance", ...] = ()
    stress_at_least: int | None = None
    sleep_at_most: int | None = None
    phq4_at_least: int | None = None
    pain_at_least: int | None = None
    regions_at_least: int | None = None
    regions_at_most: int | None = None
    minutes_at_most: int | None = None
    duration: tuple[DurationId, ...] = ()
    main_area: tuple[str, ...] = ()
    aims: tuple[AimId, ...] = ()  # one of them is hoped for
    aims_only: tuple[AimId, ...] = ()  # nothing else is hoped for
    widespread: Literal[True] | None = None
    referral_pattern: Literal[True] | None = None
    light_touch_hurts: Literal[True] | None = None
    wants_clothed: Literal[True] | None = None
    wants_heat: Literal[True] | None = None
    no_oil: Literal[True] | None = None
    first_time: Literal[True] | None = None
    minutes_fit: Literal[False] | None = None
    pressure_fits: Literal[False] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("expected at least one condition")
        return self


class Reason(Sourced):
    """A named reason for some techniques and against others; it has no weight."""

    id: str
    private: bool = False
    when: Circumstance
    favours: tuple[str, ...]
    speaks_against: tuple[str, ...]
    text: str


class Alternative(Entry):
    """Something else than the suggested techniques, in the words of the reference."""

    id: str
    kind: AlternativeKind
    text: str
    claims: tuple[str, ...]
    when: Circumstance | None = None
    version: int


class Aim(Sourced):
    """What is said to an aim that no reason answers, because no technique serves it better."""

    id: AimId
    say: str
    claims: tuple[str, ...]


class CauseClaim(Entry):
    """A claim in the answer to a cause; `when` keeps it to those whom it is about."""

    id: str
    when: Circumstance | None = None


class Cause(Sourced):
    """The answer to one cause that a client suspects: what can be said, and what helps besides."""

    id: str
    heard: str
    say: str
    besides: str
    claims: tuple[CauseClaim, ...] = ()


class BannedPhrases(Sourced):
    """banned_phrases.toml"""

    phrases: tuple[str, ...]
    denied_in: tuple[str, ...]


class CodeSystems(Entry):
    """codes.toml: optional codes of other systems, each with its own licence."""

    cpt: dict[str, str]
    snomed: dict[str, dict[str, str]]
    licence_note: dict[str, str]
    icf: dict[str, str]
    icd10cm: dict[str, str]
