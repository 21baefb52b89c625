"""Suggest techniques for one person: safety first, then named reasons, ties said to be ties.

There is no score. The order is: what is simply fine, before what needs a change, before what
needs a clinician's agreement; among equals, more reasons for than against come first; what is
then still equal is a tie, says so, and is listed with the lighter usual pressure first. The
client's wishes are among the reasons; a therapist's recorded skill is weighed when one is chosen.

* A technique to be avoided anywhere is not offered, with the rows that say so. One to be
  avoided only where the client marked is offered elsewhere, naming the regions left out; if
  that is every marked region that may be pressed at all, it is not offered.
* The standing rules of the body (throat, spine line) take no technique away.
* Manual lymphatic drainage is listed only for people with clearance, as its file says.
* After a stop nothing is suggested, not even staying active: only what the level says to do.

Units   pain, stress and sleep 0 to 10 (sleep: higher is better), PHQ-4 total 0 to 12,
        pressure 1 to 5, minutes.
Errors  NotScreened: the decision still lacks answers.
Source  knowledge/techniques/reasons.toml and the technique files; screening decides safety
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.guidance.catalogue import Catalogue
from unknot.domain.guidance.entries import (
    Alternative,
    Circumstance,
    DurationId,
    Reason,
    Technique,
)
from unknot.domain.guidance.evidence import Claim
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.clauses import Action
from unknot.domain.screening.decide import Decision, Fired


class NotScreened(ValueError):
    """Guidance comes only after every safety question is answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one person told us that bears on the choice; None and False mean not told."""

    regions: tuple[str, ...] = ()
    main_region: str | None = None
    duration: DurationId | None = None
    pain: int | None = None  # the worst place, 0 to 10
    stress: int | None = None
    sleep: int | None = None
    phq4_total: int | None = None
    pressure: int | None = None
    minutes: int | None = None
    widespread: bool = False
    referral_pattern: bool = False
    light_touch_hurts: bool = False
    wants_clothed: bool = False
    wants_heat: bool = False
    no_oil: bool = False
    first_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One technique that may be done, with why, why not, and what to change."""

    technique: Technique
    action: Action
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    adaptations: tuple[str, ...]
    avoid_regions: tuple[str, ...]
    claims: tuple[Claim, ...]
    tie: bool = False

    @property
    def place(self) -> tuple[Action, int]:
        """What the order goes by: the action, then reasons against minus reasons for."""
        return (self.action, len(self.reasons_against) - len(self.reasons_for))


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOffered:
    """One technique left out: the rows that say so, or the file's own words."""

    technique: Technique
    rows: tuple[Fired, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What is suggested, what is left out and what else there is."""

    suggestions: tuple[Suggestion, ...]
    not_offered: tuple[NotOffered, ...]
    alternatives: tuple[Alternative, ...]
    always_say: str
    blocked_say: str = ""  # after a stop: what its level says to do


def suggest(catalogue: Catalogue, facts: Facts, decision: Decision) -> Guidance:
    """Order the techniques that `decision` leaves open for `facts`; raises NotScreened."""
    if decision.incomplete:
        raise NotScreened(f"not answered yet: {', '.join(decision.unanswered)}")
    words = catalogue.words
    if decision.blocked:
        level = screening.load().level(decision.urgency.id)
        return Guidance(
            suggestions=(),
            not_offered=(),
            alternatives=(),
            always_say=words.always_say,
            blocked_say=level.action,
        )
    alternatives = tuple(
        other for other in words.alternative if other.when is None or holds(other.when, facts)
    )
    left_out = {one.technique.id: one for one in _left_out(catalogue, facts, decision)}
    offered = [
        _suggestion(catalogue, technique, facts, decision)
        for technique in catalogue.techniques
        if technique.id not in left_out
    ]
    return Guidance(
        suggestions=_ordered(offered),
        not_offered=tuple(left_out.values()),
        alternatives=alternatives,
        always_say=words.always_say,
    )


def holds(when: Circumstance, facts: Facts, technique: Technique | None = None) -> bool:
    """Tell whether every condition of `when` holds; what was not told holds nothing."""
    return all(_parts(when, facts, technique))


def _parts(when: Circumstance, facts: Facts, technique: Technique | None) -> Iterator[bool]:
    if when.any:
        yield any(holds(part, facts, technique) for part in when.any)
    yield _reaches(facts.stress, when.stress_at_least)
    yield _reaches(facts.phq4_total, when.phq4_at_least)
    yield _reaches(facts.pain, when.pain_at_least)
    yield _reaches(len(facts.regions), when.regions_at_least)
    yield _stays(facts.sleep, when.sleep_at_most)
    yield _stays(facts.minutes, when.minutes_at_most)
    yield _stays(len(facts.regions) or None, when.regions_at_most)
    yield not when.duration or facts.duration in when.duration
    yield not when.main_area or not _areas(facts.main_region).isdisjoint(when.main_area)
    for name in _SWITCHES:
        yield getattr(when, name) is None or getattr(facts, name)
    yield when.minutes_fit is None or _misfits(facts.minutes, technique, "minutes")
    yield when.pressure_fits is None or _misfits(facts.pressure, technique, "pressure")


_SWITCHES = (
    "widespread",
    "referral_pattern",
    "light_touch_hurts",
    "wants_clothed",
    "wants_heat",
    "no_oil",
    "first_time",
)


def _reaches(value: int | None, bound: int | None) -> bool:
    return bound is None or (value is not None and value >= bound)


def _stays(value: int | None, bound: int | None) -> bool:
    return bound is None or (value is not None and value <= bound)


def _areas(region: str | None) -> frozenset[str]:
    return frozenset() if region is None else frozenset(bodymap.load().region(region).groups)


def _misfits(wanted: int | None, technique: Technique | None, what: str) -> bool:
    if wanted is None or technique is None:
        return False
    usual = technique.minutes if what == "minutes" else technique.pressure
    return not usual.min <= wanted <= usual.max


def _left_out(catalogue: Catalogue, facts: Facts, decision: Decision) -> Iterator[NotOffered]:
    for technique in catalogue.techniques:
        rows = _rows_against(technique.id, facts, decision)
        if rows:
            why = tuple(dict.fromkeys(_sentence(row) for row in rows))
            yield NotOffered(technique=technique, rows=rows, why=why)
        elif technique.only_with_clearance:
            yield NotOffered(technique=technique, rows=(), why=(technique.suits.why,))


def _sentence(row: Fired) -> str:
    return f"{row.answered}. {row.text}" if row.kind == "medicine" else row.text


def _rows_against(technique: str, facts: Facts, decision: Decision) -> tuple[Fired, ...]:
    """The rows that take `technique` away: avoided anywhere, or in all that could be pressed."""
    rows = [
        row for row in decision.fired if technique in row.techniques and row.action is Action.AVOID
    ]
    everywhere = tuple(row for row in rows if not row.regions)
    if everywhere:
        return everywhere
    standing = {place for row in rows if row.kind == "always" for place in row.regions}
    own = tuple(row for row in rows if row.kind != "always")
    marked = set(facts.regions)
    pressable = (marked - standing) or marked
    covered = {place for row in own for place in row.regions}
    if pressable and pressable <= covered:
        return tuple(row for row in own if not row.regions.isdisjoint(pressable))
    return ()


def _suggestion(
    catalogue: Catalogue, technique: Technique, facts: Facts, decision: Decision
) -> Suggestion:
    places = {place: decision.action(technique.id, place) for place in facts.regions}
    avoid = tuple(place for place, asked in places.items() if asked is Action.AVOID)
    asked = [Action.ADAPT if one is Action.AVOID else one for one in places.values()]
    met = [reason for reason in catalogue.words.reason if holds(reason.when, facts, technique)]
    return Suggestion(
        technique=technique,
        action=max((decision.action(technique.id), *asked)),
        reasons_for=tuple(one for one in met if _names(one.favours, technique)),
        reasons_against=tuple(one for one in met if _names(one.speaks_against, technique)),
        adaptations=decision.adaptations(technique.id, regions=facts.regions),
        avoid_regions=avoid,
        claims=tuple(catalogue.claim(name) for name in technique.claims),
    )


def _names(names: tuple[str, ...], technique: Technique) -> bool:
    return technique.id in names or "all" in names


def _ordered(offered: list[Suggestion]) -> tuple[Suggestion, ...]:
    places = [one.place for one in offered]
    ordered = sorted(offered, key=lambda one: (*one.place, one.technique.pressure.default))
    return tuple(replace(one, tie=places.count(one.place) > 1) for one in ordered)
