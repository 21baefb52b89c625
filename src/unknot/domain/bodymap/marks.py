"""Read the places a person marked on the body map, and say what follows from them.

Units   intensity is the 0-10 pain rating without the zero: whole numbers 1 to 10.
Errors  UnknownRegion, RegionNotMarkable, IntensityOutOfRange, MarkedTwice, NothingMarked;
        each names the region or the number.
Source  src/unknot/knowledge/bodymap/regions.toml; coarse areas and the six regions of
        "widespread" are those the instruments and the technique rules speak of.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from unknot.domain.bodymap.regions import BodyMap, Region, UnknownRegion, load

Area = Literal["neck", "upper_back", "low_back", "other"]
Sides = Literal["left", "right", "both", "middle"]

#: From this many regions on, pain counts as widespread.
WIDESPREAD_FROM = 6
_AREAS: tuple[Area, ...] = ("neck", "upper_back", "low_back")
_DIGITS = re.compile(r"[0-9]{1,2}")


class RegionNotMarkable(ValueError):
    """The region is asked about in words and never marked."""


class IntensityOutOfRange(ValueError):
    """The intensity is not a whole number from 1 to 10."""


class MarkedTwice(ValueError):
    """The same region was marked more than once."""


class NothingMarked(ValueError):
    """A question about marks was asked when there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One region with how strong the pain there is, 1 to 10."""

    region: str
    intensity: int

    def __post_init__(self) -> None:
        _check_intensity(self.region, self.intensity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laterality:
    """Which sides the marks lie on, to ask once whether that is the correct side."""

    side: Sides
    left: tuple[str, ...]
    right: tuple[str, ...]
    middle: tuple[str, ...]


def parse_marks(
    raw: Mapping[str, object] | Iterable[tuple[str, object]], body: BodyMap | None = None
) -> tuple[Mark, ...]:
    """Read marks from a form or import, in the order of the map; raises the module's errors."""
    pairs = raw.items() if isinstance(raw, Mapping) else raw
    body = body or load()
    marks: dict[str, Mark] = {}
    for region_id, intensity in pairs:
        region = _markable(body, region_id)
        if region.id in marks:
            raise MarkedTwice(f"{region.id} was marked more than once")
        marks[region.id] = Mark(region=region.id, intensity=_number(region.id, intensity))
    return tuple(marks[region.id] for region in body.regions if region.id in marks)


def main_region(marks: Sequence[Mark], body: BodyMap | None = None) -> Area:
    """The coarse area of the strongest mark; raises NothingMarked.

    Between equally strong marks the area with more marks wins, then the order of the map.
    """
    if not marks:
        raise NothingMarked("there is no mark to name a main region from")
    body = body or load()
    order = {region.id: position for position, region in enumerate(body.regions)}
    areas = {mark.region: _area(body.region(mark.region)) for mark in marks}
    counted = list(areas.values())
    worst = min(
        marks,
        key=lambda m: (-m.intensity, -counted.count(areas[m.region]), order[m.region]),
    )
    return areas[worst.region]


def laterality(marks: Sequence[Mark], body: BodyMap | None = None) -> Laterality:
    """The person's own sides of the marks; raises NothingMarked."""
    if not marks:
        raise NothingMarked("there is no mark to name a side from")
    body = body or load()
    on: dict[str, list[str]] = {"l": [], "r": [], "mid": []}
    for mark in marks:
        on[body.region(mark.region).side].append(mark.region)
    side: Sides = "middle"
    if on["l"] or on["r"]:
        side = "both" if on["l"] and on["r"] else "left" if on["l"] else "right"
    return Laterality(side=side, left=tuple(on["l"]), right=tuple(on["r"]), middle=tuple(on["mid"]))


def region_count(marks: Sequence[Mark], body: BodyMap | None = None) -> int:
    """How many regions of the whole figure hurt; a finer site never counts beside its parent."""
    body = body or load()
    named = {mark.region for mark in marks}
    areas = {name for name in named if not body.region(name).parents}
    for name in sorted(named - areas):
        parents = body.region(name).parents
        if not areas & set(parents):
            areas.add(parents[0])
    return len(areas)


def widespread(marks: Sequence[Mark], body: BodyMap | None = None) -> bool:
    """Whether six or more regions of the whole figure hurt."""
    return region_count(marks, body) >= WIDESPREAD_FROM


def shown_on_whole(marks: Sequence[Mark], body: BodyMap | None = None) -> Mapping[str, int]:
    """What the whole figure shows: each parent the strongest of its own and its children's."""
    body = body or load()
    shown: dict[str, int] = {}
    for mark in marks:
        region = body.region(mark.region)
        for name in region.parents or (region.id,):
            shown[name] = max(shown.get(name, 0), mark.intensity)
    return shown


def _markable(body: BodyMap, region_id: object) -> Region:
    if not isinstance(region_id, str):
        raise UnknownRegion(f"{region_id!r} is not a region of the body map")
    region = body.region(region_id)
    if not region.markable:
        raise RegionNotMarkable(f"{region.id} is asked about in words and cannot be marked")
    return region


def _number(region_id: str, intensity: object) -> int:
    if isinstance(intensity, str) and _DIGITS.fullmatch(intensity):
        intensity = int(intensity)
    return _check_intensity(region_id, intensity)


def _check_intensity(region_id: str, intensity: object) -> int:
    whole = isinstance(intensity, int) and not isinstance(intensity, bool)
    if not isinstance(intensity, int) or not whole or not 1 <= intensity <= 10:
        raise IntensityOutOfRange(f"{region_id}: expected 1 to 10, found {intensity!r}")
    return intensity


def _area(region: Region) -> Area:
    return next((area for area in _AREAS if area in region.groups), "other")
