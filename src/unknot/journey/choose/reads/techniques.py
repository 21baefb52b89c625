"""Rows about techniques for the pages: the catalogue's own words, put in order for reading.

Pure: no tables, no clock. Nothing is claimed here that the catalogue does not say.

Units   pressure 1 to 5, minutes.
Errors  KeyError for a technique that does not exist.
Source  knowledge/techniques, knowledge/screening; what studies found comes from reads/evidence
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.guidance import catalogue as guidance
from unknot.domain.guidance.entries import Reason, Technique
from unknot.domain.guidance.match import Guidance, NotOffered, Suggestion
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.clauses import Action
from unknot.domain.screening.entries import Rule
from unknot.journey.choose.reads.advice import Advice, advice, why_here
from unknot.journey.choose.reads.evidence import (
    ClaimRow,
    TechniqueEvidence,
    claim_rows,
    source_of,
    technique_evidence,
)

Text = str | Promise

OIL: Final[dict[str, Text]] = {
    "yes": _("with oil"),
    "a little": _("with a little oil"),
    "none": _("without oil"),
    "none or a little": _("without oil, or with a little"),
}
POSITIONS: Final[dict[str, Text]] = {
    "prone": _("on your front"),
    "supine": _("on your back"),
    "side_lying": _("on your side"),
    "seated": _("sitting"),
    "floor mat": _("on a mat on the floor"),
    "table": _("on a table"),
}
#: For whom a technique is usually chosen, in words.
CHOSEN_FOR: Final[dict[str, Text]] = {
    "widespread tension": _("tension in many places"),
    "stress_related": _("stress"),
    "poor_sleep": _("poor sleep"),
    "chronic_low_back": _("low back pain that lasts"),
    "first_massage": _("a first massage"),
    "older_or_medical": _("older people, and people with an illness"),
    "stiff_localised_tension": _("stiff, tense places"),
    "neck_shoulder_overuse": _("a neck and shoulders that had too much to do"),
    "sports_load": _("sport"),
    "local_knot": _("a tender knot"),
    "referred_headache_or_arm_pattern": _("pain that spreads to the head or an arm"),
    "upper_trapezius": _("the top of the shoulder"),
    "wants_clothed": _("people who want to stay dressed"),
    "wants_no_oil": _("people who want no oil"),
    "whole_body_calm": _("calm for the whole body"),
    "wants_heat": _("people who like warmth"),
    "general_relaxation": _("relaxing"),
    "stiff_cold_muscles": _("muscles that feel stiff and cold"),
    "stiffness": _("stiffness"),
    "cannot_take_firm_pressure": _("people for whom firm pressure is too much"),
    "training_load": _("hard training"),
    "likes_stretching": _("people who like to be stretched"),
    "swelling_after_clearance": _("swelling, once a clinician agreed"),
    "desk_neck_shoulder": _("a neck and shoulders tired from the desk"),
    "short_visit": _("a short visit"),
    "cannot_lie_prone": _("people who cannot lie on their front"),
    "trauma_preference": _("people who feel safer dressed and sitting"),
}
#: Areas that are not a single place of the body map.
AREAS: Final[dict[str, Text]] = {
    "neck": _("neck"),
    "legs": _("legs"),
    "flank": _("flank"),
    "spine_line": _("middle of the spine"),
}
#: Areas that say nothing of a place: everywhere.
EVERYWHERE: Final = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """One named reason; `mind` when it rests on stress, sleep or mood."""

    text: str
    mind: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TechniqueRow:
    """What a technique is like."""

    id: str
    name: str
    plain: str
    minutes: tuple[int, int, int]  # least, usual, most
    pressure: tuple[tuple[str, str], ...]  # from the lightest to the firmest: name, how it feels
    pressure_words: str
    oil: Text
    wears: str
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionRow:
    """One technique that may be done for this person, and why."""

    technique: TechniqueRow
    place: int  # equal ones share a place
    tie: bool
    clearance: bool  # a clinician has to agree first: not bookable
    adapt: bool
    reasons_for: tuple[ReasonRow, ...]
    reasons_against: tuple[ReasonRow, ...]
    adaptations: tuple[str, ...]
    left_out: tuple[str, ...]
    why_here: str
    near: tuple[ClaimRow, ...]  # what is known of the places marked, and in general
    elsewhere: tuple[ClaimRow, ...]  # what is known of other places alone


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOfferedRow:
    """One technique that is left out for this person, and why."""

    id: str
    name: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guided:
    """Everything the guided list shows."""

    suggestions: tuple[SuggestionRow, ...]
    not_offered: tuple[NotOfferedRow, ...]
    advice: Advice
    always_say: str
    also_say: str

    @property
    def bookable(self) -> frozenset[str]:
        """The techniques this person may book: what is suggested and needs no agreement."""
        return frozenset(one.technique.id for one in self.suggestions if not one.clearance)

    @property
    def clearance(self) -> tuple[SuggestionRow, ...]:
        """The suggestions that wait for a clinician's agreement."""
        return tuple(one for one in self.suggestions if one.clearance)


@dataclass(frozen=True, slots=True, kw_only=True)
class CareRow:
    """One rule of the safety table for a technique: about whom, where, and what follows."""

    about: Text
    where: str
    then: str
    source: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class CareGroup:
    """The rules with the same action."""

    action: str
    heading: Text
    rows: tuple[CareRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TechniquePage:
    """One technique, whole."""

    row: TechniqueRow
    strokes: tuple[str, ...]
    tempo: str
    position: tuple[Text, ...]
    chosen_for: tuple[Text, ...]
    why_chosen: str
    less_suits: tuple[str, ...]
    aftercare: tuple[str, ...]
    note: str
    source: Text
    only_with_clearance: bool
    pressure_rule: str
    signed_off: bool  # the safety table, by a clinician
    care: tuple[CareGroup, ...]
    evidence: TechniqueEvidence


def catalogue() -> tuple[TechniqueRow, ...]:
    """Every technique in the catalogue's order."""
    return tuple(_row(one) for one in guidance.load().techniques)


def names() -> dict[str, str]:
    """The name of every technique by its id."""
    return {one.id: one.name for one in guidance.load().techniques}


def page(technique: str) -> TechniquePage:
    """One technique, whole; KeyError when there is none of that id."""
    one = guidance.load().technique(technique)
    return TechniquePage(
        row=_row(one),
        strokes=one.strokes,
        tempo=one.tempo,
        position=tuple(POSITIONS[place] for place in one.position),
        chosen_for=tuple(CHOSEN_FOR[name] for name in one.suits.presentation),
        why_chosen=one.suits.why,
        less_suits=one.less_suits,
        aftercare=one.aftercare,
        note=one.note,
        source=source_of(one),
        only_with_clearance=one.only_with_clearance,
        pressure_rule=guidance.load().pressure.rule,
        signed_off=screening.load().signed_off,
        care=tuple(_care(technique)),
        evidence=technique_evidence(technique),
    )


def guided(found: Guidance) -> Guided:
    """Put what the rules found for one person into rows."""
    words = guidance.load().words
    return Guided(
        suggestions=tuple(_suggestions(found.suggestions)),
        not_offered=tuple(_not_offered(one) for one in found.not_offered),
        advice=advice(found),
        always_say=found.always_say,
        also_say=words.also_say,
    )


def general() -> tuple[str, str]:
    """What is said to everybody: that this is a starting point, and what helps besides."""
    words = guidance.load().words
    return words.always_say, words.also_say


def _row(one: Technique) -> TechniqueRow:
    levels = [
        level
        for level in guidance.load().pressure.level
        if one.pressure.min <= level.value <= one.pressure.max
    ]
    ends = list(dict.fromkeys((levels[0].name, levels[-1].name)))
    return TechniqueRow(
        id=one.id,
        name=one.name,
        plain=one.plain,
        minutes=(one.minutes.min, one.minutes.default, one.minutes.max),
        pressure=tuple((level.name, level.feel) for level in levels),
        pressure_words=" – ".join(ends),
        oil=OIL[one.oil],
        wears=one.client_wears,
        claims=claim_rows(guidance.load().claim(name) for name in one.claims),
    )


def _suggestions(found: tuple[Suggestion, ...]) -> Iterator[SuggestionRow]:
    places = [one.place for one in found]
    for one in found:
        yield SuggestionRow(
            technique=_row(one.technique),
            place=places.index(one.place) + 1,
            tie=one.tie,
            clearance=one.action is Action.CLEARANCE,
            adapt=one.action is Action.ADAPT,
            reasons_for=_reasons(one.reasons_for),
            reasons_against=_reasons(one.reasons_against),
            adaptations=one.adaptations,
            left_out=tuple(bodymap.load().label(place) for place in one.avoid_regions),
            why_here=why_here(one, found),
            near=claim_rows(claim for claim in one.claims if claim.id not in one.elsewhere),
            elsewhere=claim_rows(claim for claim in one.claims if claim.id in one.elsewhere),
        )


def _reasons(reasons: tuple[Reason, ...]) -> tuple[ReasonRow, ...]:
    return tuple(ReasonRow(text=one.text, mind=one.private) for one in reasons)


def _not_offered(one: NotOffered) -> NotOfferedRow:
    return NotOfferedRow(id=one.technique.id, name=one.technique.name, why=one.why)


_HEADINGS: Final[dict[Action, Text]] = {
    Action.AVOID: _("Not for you if"),
    Action.CLEARANCE: _("Only after a clinician agreed if"),
    Action.ADAPT: _("Changed for you if"),
}


def _care(technique: str) -> Iterator[CareGroup]:
    table = screening.load()
    rules = [rule for rule in table.rules if technique in table.techniques_of(rule.techniques)]
    asked = [rule for rule in rules if not rule.when.always]
    for action, heading in _HEADINGS.items():
        rows = tuple(_care_row(rule) for rule in asked if rule.action == action.id)
        if rows:
            yield CareGroup(action=action.id, heading=heading, rows=rows)
    standing = tuple(_care_row(rule) for rule in rules if rule.when.always)
    if standing:
        yield CareGroup(action="always", heading=_("For everybody"), rows=standing)


def _care_row(rule: Rule) -> CareRow:
    return CareRow(
        about=_about(rule), where=_where(rule), then=rule.adapt_how, source=source_of(rule)
    )


def _about(rule: Rule) -> Text:
    table = screening.load()
    if rule.when.condition is not None:
        return table.condition(rule.when.condition).question
    if rule.when.medicine is not None:
        medicine = table.medicine(rule.when.medicine)
        return f"{medicine.label} ({', '.join(medicine.examples)})"
    return ""


def _where(rule: Rule) -> str:
    if EVERYWHERE in rule.areas:
        return ""
    return ", ".join(str(_area(area)) for area in rule.areas)


def _area(area: str) -> Text:
    if area == "affected":
        return _("only the place concerned")
    return AREAS[area] if area in AREAS else bodymap.load().label(area)
