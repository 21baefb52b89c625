"""Propose a sequence of regions and minutes for one session; the therapist changes it at will.

It is a rule of ours, made for a quiet session with few turns, and says nothing of what works:

1. A region is taken in when it is marked or wished for and may be pressed. Never: what safety
   avoids, what is never pressed, what the client wants left out with all that belongs to it,
   and a region that is made up of finer sites of which none is left.
2. A first and a last part are calm broad work over the whole area. The rest of the time is
   shared out by strength: the mark, 0 to 10, plus the points of a wish. Each region has a
   least time; a stronger region never gets less than a weaker one; equal ones differ by no
   more than the minute that cannot be halved.
3. A region and a finer site inside it are one place and get time once, by the stronger of the
   two; among equals it is the finer one, unless the region has a rest beside its finer sites.
4. With too little time the weakest regions are left out and named, the later ones of the map
   first among equals.
5. The back comes before the front, and inside a view the order is that of the body map.
6. Without a mark or wish the whole area has all the time. A technique that presses single
   spots has only the marked ones, without broad parts and whatever is wished for besides.

Units   whole minutes of hands-on time, marks 1 to 10; regions are ids of the body map, and a
        wish may name one of its groups.
Errors  NoTime, NothingLeft, UnknownRegion; KnowledgeError from `load`.
Source  knowledge/techniques/session_plan.toml
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import Field

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.bodymap.regions import Region
from unknot.domain.knowledge import KNOWLEDGE, Entry, KnowledgeError, read
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.clauses import Sourced

FILE = KNOWLEDGE / "techniques" / "session_plan.toml"
#: The region of a part that goes over the whole area.
WHOLE: Final = ""
NEVER_PRESSED: Final = frozenset({"no_press", "safety_only"})


class NoTime(ValueError):
    """A session has at least one minute."""


class NothingLeft(ValueError):
    """Safety and wishes leave no region at all to work on."""


class Why(Entry):
    """The words for each part."""

    first: str
    last: str
    whole: str
    search: str
    mark: str
    focus: str
    nested: str


class PlanRule(Sourced):
    """session_plan.toml"""

    calm_percent: int = Field(ge=0, le=40)
    calm_least: int = Field(ge=1)
    calm_most: int
    region_least: int = Field(ge=1)
    focus_counts: int = Field(ge=1)
    whole_area: tuple[str, ...]
    spots_only: tuple[str, ...]
    views: tuple[bodymap.View, ...]
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One step: a region, or the whole area, for so many minutes, and why it is there.

    `without` names the regions inside it that stay untouched.
    """

    region: str
    minutes: int
    why: tuple[str, ...]
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlan:
    """The proposal; `not_reached` names the regions for which the time is too short."""

    parts: tuple[Part, ...]
    not_reached: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """The minutes of all parts: always the hands-on time."""
        return sum(part.minutes for part in self.parts)


@cache
def load(file: Path = FILE) -> PlanRule:
    """Read and check the rule; raises KnowledgeError naming file and key."""
    rule = read(file, PlanRule)
    name = f"techniques/{file.name}"
    groups = bodymap.load().entry.area_groups
    techniques = screening.load().techniques
    problems = [
        f"{name}: {key}: unknown {one!r}"
        for key, named, known in (
            ("whole_area", rule.whole_area, groups),
            ("spots_only", rule.spots_only, techniques),
        )
        for one in named
        if one not in known
    ]
    if rule.calm_most < rule.calm_least:
        problems.append(f"{name}: calm_most: expected at least {rule.calm_least}")
    if problems:
        raise KnowledgeError("\n".join(problems))
    return rule


def propose(
    rule: PlanRule,
    *,
    technique: str,
    marks: Mapping[str, int],
    minutes: int,
    avoid: Collection[str] = (),
    leave_out: Collection[str] = (),
    focus: Collection[str] = (),
) -> SessionPlan:
    """Share out `minutes` of hands-on time; raises NoTime, NothingLeft or UnknownRegion."""
    if minutes < 1:
        raise NoTime(f"{minutes} minutes")
    closed = frozenset(avoid) | within(leave_out)
    wished = _wished(focus, marks)
    spots_only = technique in rule.spots_only
    wanted = {
        region.id: marks.get(region.id, 0) + rule.focus_counts * (region.id in wished)
        for region in bodymap.load().regions
        if is_open(region, closed)
        and (region.id in marks or (region.id in wished and not spots_only))
    }
    strengths = _each_place_once(wanted)
    area_is_open = any(is_open(region, closed) for region in _area(rule))
    if not strengths and not area_is_open:
        raise NothingLeft("no region is left that may be pressed")
    if not strengths:
        why = rule.why.search if spots_only else rule.why.whole
        return SessionPlan(parts=(_whole(rule, minutes, why, closed),))
    calm = _calm(rule, minutes) if area_is_open and not spots_only else 0
    shared, not_reached = _shared(rule, strengths, minutes - 2 * calm)
    parts = tuple(
        Part(
            region=region.id,
            minutes=shared[region.id],
            why=_why(
                (region.id in marks, rule.why.mark),
                (region.id in wished, rule.why.focus),
                (not wanted.keys().isdisjoint(_kin(region)), rule.why.nested),
            ),
            without=untouched(rule, region.id, closed),
        )
        for region in in_order(rule, shared)
    )
    if calm:
        first = _whole(rule, calm, rule.why.first, closed)
        parts = (first, *parts, _whole(rule, calm, rule.why.last, closed))
    return SessionPlan(parts=parts, not_reached=not_reached)


def within(places: Collection[str]) -> frozenset[str]:
    """Give the regions that `places` name, groups opened and finer sites included.

    Raises UnknownRegion for a place that is neither a region nor a group.
    """
    body = bodymap.load()
    found: set[str] = set()
    for place in places:
        if place in body.entry.area_groups:
            found.update(region.id for region in body.in_group(place))
        else:
            found.add(body.region(place).id)
    children = (child.id for name in tuple(found) for child in body.children(name))
    return frozenset(found.union(children))


def is_open(region: Region, closed: Collection[str]) -> bool:
    """Tell whether a region may be pressed at all: itself, its parents, and some of its sites."""
    sites = bodymap.load().children(region.id)
    return _may_be_pressed(region, closed) and (
        not sites or has_rest(region) or any(_may_be_pressed(site, closed) for site in sites)
    )


def has_rest(region: Region) -> bool:
    """Tell whether a region is more than its finer sites: it is then drawn beside them."""
    sites = bodymap.load().children(region.id)
    return any(not set(site.drawn_in).isdisjoint(region.drawn_in) for site in sites)


def untouched(rule: PlanRule, place: str, closed: Collection[str]) -> tuple[str, ...]:
    """Name the regions inside a part that stay untouched; raises UnknownRegion."""
    if place != WHOLE:
        children = bodymap.load().children(place)
        return tuple(child.id for child in children if not is_open(child, closed))
    listed = _area(rule)
    shut = {region.id for region in listed if not is_open(region, closed)}
    return tuple(one.id for one in listed if one.id in shut and shut.isdisjoint(one.parents))


def in_order(rule: PlanRule, places: Collection[str]) -> tuple[Region, ...]:
    """Put regions in the order of a session: view by view, each in the order of the map."""
    listed = bodymap.load().regions
    return tuple(
        region
        for view in rule.views
        for region in listed
        if region.view == view and region.id in places
    )


def _wished(focus: Collection[str], marks: Mapping[str, int]) -> frozenset[str]:
    """The regions wished for: a group stands for its marked regions, or else its coarse ones."""
    body = bodymap.load()
    found: set[str] = set()
    for place in focus:
        if place not in body.entry.area_groups:
            found.add(body.region(place).id)
            continue
        group = body.in_group(place)
        marked = {region.id for region in group if region.id in marks}
        found |= marked or {
            region.id for region in group if not region.parents and region.role == "primary"
        }
    return frozenset(found)


def _may_be_pressed(region: Region, closed: Collection[str]) -> bool:
    return (
        region.markable
        and region.role not in NEVER_PRESSED
        and region.id not in closed
        and not any(parent in closed for parent in region.parents)
    )


def _each_place_once(strengths: Mapping[str, int]) -> dict[str, int]:
    """Leave out what lies around or inside something stronger; the order stays that of the map."""
    body = bodymap.load()
    taken: set[str] = set()
    for name in sorted(strengths, key=lambda name: (-strengths[name], _yields(body.region(name)))):
        if taken.isdisjoint(_kin(body.region(name))):
            taken.add(name)
    return {name: strength for name, strength in strengths.items() if name in taken}


def _yields(region: Region) -> bool:
    """Whether among equals the kin of a region comes first."""
    if region.parents:
        return any(has_rest(bodymap.load().region(parent)) for parent in region.parents)
    return not has_rest(region)


def _kin(region: Region) -> tuple[str, ...]:
    """The regions around a region and the finer sites inside it."""
    return (*region.parents, *(site.id for site in bodymap.load().children(region.id)))


def _calm(rule: PlanRule, minutes: int) -> int:
    """The minutes of the first part and again of the last; none when no region would fit."""
    share = minutes * rule.calm_percent // 100
    calm = min(max(share, rule.calm_least), rule.calm_most)
    return calm if minutes - 2 * calm >= rule.region_least else 0


def _shared(
    rule: PlanRule, strengths: Mapping[str, int], minutes: int
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Share out by strength with the largest remainders; name the regions left without time."""
    fit = max(1, minutes // rule.region_least)
    ranked = sorted(strengths, key=lambda name: -strengths[name])  # equal ones as the map has them
    taken, not_reached = ranked[:fit], tuple(ranked[fit:])
    least = min(rule.region_least, minutes)
    extra = minutes - least * len(taken)
    weight = sum(strengths[name] for name in taken)
    shared = {name: least + extra * strengths[name] // weight for name in taken}
    rest = minutes - sum(shared.values())
    by_remainder = sorted(taken, key=lambda name: -(extra * strengths[name] % weight))
    for name in by_remainder[:rest]:
        shared[name] += 1
    return shared, not_reached


def _area(rule: PlanRule) -> tuple[Region, ...]:
    """The regions that broad work goes over: on the first view, in the groups of the rule."""
    groups = set(rule.whole_area)
    return tuple(
        region
        for region in bodymap.load().regions
        if region.view == rule.views[0] and not groups.isdisjoint(region.groups)
    )


def _whole(rule: PlanRule, minutes: int, why: str, closed: frozenset[str]) -> Part:
    without = untouched(rule, WHOLE, closed)
    return Part(region=WHOLE, minutes=minutes, why=(why,), without=without)


def _why(*words: tuple[bool, str]) -> tuple[str, ...]:
    return tuple(text for holds, text in words if holds)
