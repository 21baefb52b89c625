"""Suggest techniques for one person: safety first, then named reasons, ties said to be ties.

There is no score. The order is: what is simply fine, before what needs a change, before what
needs a clinician's agreement; among equals, more reasons for than against come first; what is
then still equal is a tie, says so, and is listed with the lighter usual pressure first, then in the
order of the catalogue. The client's wishes and aims are among the reasons; a therapist's recorded
skill is weighed when one is chosen. Each suggestion says what sets it apart from its neighbour.

* A technique to be avoided anywhere is not offered, with the rows that say so. One to be
  avoided only where the client marked is offered elsewhere, naming the regions left out; if
  that is every marked region that may be pressed at all, it is not offered.
* The standing rules of the body (throat, spine line) take no technique away.
* What is only for people with clearance is left out for everybody, in the words of its file: a
  clinician's agreement is recorded for rules that ask for one, never for a technique by itself.
* After a stop nothing is suggested, not even staying active: only what the level says to do.

Units   pain, stress and sleep 0 to 10 (sleep: higher is better), PHQ-4 total 0 to 12,
        pressure 1 to 5, minutes.
Errors  NotScreened: the decision still lacks answers.
Source  knowledge/techniques/reasons.toml and the technique files; screening decides safety
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.guidance.catalogue import Catalogue
from unknot.domain.guidance.causes import CauseAnswer, answers_to
from unknot.domain.guidance.dose import SuggestedDose, dose_for, said_beforehand
from unknot.domain.guidance.entries import Aim, Alternative, Reason, StopRule, Technique
from unknot.domain.guidance.evidence import Claim
from unknot.domain.guidance.facts import Facts, holds
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.clauses import Action
from unknot.domain.screening.decide import Decision, Fired


class NotScreened(ValueError):
    """Guidance comes only after every safety question is answered."""


#: What sets two neighbours apart: the action, the named reasons, or in a tie the usual pressure,
#: and where that is the same only the order in which techniques are listed.
Because = Literal["action", "reasons", "pressure", "listed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyHere:
    """Why a suggestion stands before its neighbour, or after it when it is the last."""

    neighbour: str
    before: bool
    because: Because


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
    elsewhere: frozenset[str] = frozenset()  # the claims about places that are not marked
    equals: tuple[str, ...] = ()  # the techniques that share its place
    why_here: WhyHere | None = None  # None for the only one

    @property
    def tie(self) -> bool:
        """Whether others share its place."""
        return bool(self.equals)

    @property
    def place(self) -> tuple[Action, int]:
        """What the order goes by: the action, then reasons against minus reasons for."""
        return (self.action, len(self.reasons_against) - len(self.reasons_for))


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOffered:
    """One technique left out: the rows that say so, or the words of its file."""

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
    aims: tuple[Aim, ...] = ()  # the aims that move no technique, answered
    causes: tuple[CauseAnswer, ...] = ()
    dose: SuggestedDose | None = None  # None when no technique is left
    stop_rules: tuple[StopRule, ...] = ()
    blocked_say: str = ""  # after a stop: what its level says to do


def suggest(catalogue: Catalogue, facts: Facts, decision: Decision) -> Guidance:
    """Order the techniques that `decision` leaves open for `facts`; raises NotScreened.

    A suspected cause that nobody answers raises UnknownCause.
    """
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
        aims=tuple(aim for aim in words.aim if aim.id in facts.aims),
        causes=answers_to(catalogue, facts),
        dose=dose_for(catalogue, facts) if offered else None,
        stop_rules=said_beforehand(catalogue) if offered else (),
    )


def _left_out(catalogue: Catalogue, facts: Facts, decision: Decision) -> Iterator[NotOffered]:
    for technique in catalogue.techniques:
        rows = _rows_against(technique.id, facts, decision)
        if rows:
            why = tuple(dict.fromkeys(_sentence(row) for row in rows))
            yield NotOffered(technique=technique, rows=rows, why=why)
        elif technique.only_with_clearance:
            yield NotOffered(technique=technique, rows=(), why=(technique.left_out_say,))


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
    marked = [one.id for one in bodymap.load().regions if one.id in set(facts.regions)]
    places = {place: decision.action(technique.id, place) for place in marked}
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
        elsewhere=frozenset(_elsewhere(catalogue, technique, marked)),
    )


def _elsewhere(catalogue: Catalogue, technique: Technique, marked: list[str]) -> Iterator[str]:
    """Name the claims that are only about complaints in places that this person did not mark."""
    groups = {group for name in marked for group in bodymap.load().region(name).groups}
    far = {
        topic.id
        for topic in catalogue.evidence.topics
        if topic.kind == "complaint" and topic.areas and groups.isdisjoint(topic.areas)
    }
    for name in technique.claims:
        if groups and set(catalogue.claim(name).about) <= far:
            yield name


def _names(names: tuple[str, ...], technique: Technique) -> bool:
    return technique.id in names or "all" in names


def _ordered(offered: list[Suggestion]) -> tuple[Suggestion, ...]:
    ordered = sorted(offered, key=lambda one: (*one.place, one.technique.pressure.default))
    return tuple(
        replace(one, equals=_equals(one, ordered), why_here=_why_here(number, ordered))
        for number, one in enumerate(ordered)
    )


def _equals(one: Suggestion, ordered: list[Suggestion]) -> tuple[str, ...]:
    return tuple(
        other.technique.id for other in ordered if other is not one and other.place == one.place
    )


def _why_here(number: int, ordered: list[Suggestion]) -> WhyHere | None:
    if len(ordered) == 1:
        return None
    before = number + 1 < len(ordered)
    one, neighbour = ordered[number], ordered[number + 1 if before else number - 1]
    return WhyHere(neighbour=neighbour.technique.id, before=before, because=_apart(one, neighbour))


def _apart(one: Suggestion, other: Suggestion) -> Because:
    if one.action is not other.action:
        return "action"
    if one.place != other.place:
        return "reasons"
    same = one.technique.pressure.default == other.technique.pressure.default
    return "listed" if same else "pressure"
