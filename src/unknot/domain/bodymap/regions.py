"""The one vocabulary of body regions for the drawing, the questions and the chart.

Units   none; `side` is the person's own side, never the viewer's.
Errors  KnowledgeError from `load`, naming file, key and what was expected;
        UnknownRegion for an id that is not in the vocabulary.
Source  src/unknot/knowledge/bodymap/regions.toml
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from unknot.domain.knowledge import KNOWLEDGE, Confidence, Entry, KnowledgeError, read

FILE = KNOWLEDGE / "bodymap" / "regions.toml"

Text = Annotated[str, Field(min_length=1)]
View = Literal["back", "front", "list"]
Side = Literal["l", "r", "mid"]
Role = Literal["primary", "referral", "safety_only", "no_press"]
_WORD = {"l": "left", "r": "right"}


class UnknownRegion(ValueError):
    """A name is not a region of the body map."""


class Region(Entry):
    id: Text
    parent: str = ""
    parent_other: str = ""
    view: View
    side: Side
    role: Role
    label: Text
    label_pro: Text
    muscles: tuple[str, ...]
    refers_to: tuple[str, ...]
    groups: tuple[Text, ...] = Field(min_length=1)
    drawn_in: tuple[str, ...]
    note: str
    snomed: str
    snomed_conf: Confidence

    @cached_property
    def parents(self) -> tuple[str, ...]:
        """The ids of the coarser regions it belongs to: none, one or, on the midline, two."""
        return tuple(name for name in (self.parent, self.parent_other) if name)

    @property
    def markable(self) -> bool:
        """Whether pain may be marked here; the list-only region is asked in words."""
        return self.view != "list"


class Counts(Entry):
    parents: int
    children: int
    list_only: int
    total: int


class Drawing(Entry):
    file: Text
    views: tuple[Literal["back", "front"], ...] = Field(min_length=1)
    viewbox: tuple[int, int]
    regions: int
    name: str = ""
    shows: str = ""


class Levels(Entry):
    parent: Text
    child: Text
    parent_other: Text
    shown_on_whole: Text
    safety_questions: Text
    technique_limits: Text
    exact_site_unknown: Text


class Laterality(Entry):
    l: Text  # noqa: E741 - the key of the file: the side's letter
    r: Text
    conf: Confidence


class DermatomeHint(Entry):
    root: Text
    area: Text


class DermatomeHints(Entry):
    conf: Confidence
    note: Text
    hint: tuple[DermatomeHint, ...]


class BodyMapEntry(Entry):
    """The file as written."""

    version: int
    compiled: Text
    language: Text
    source: Text
    reviewed_by: str
    snomed_terms: Text
    ui_rules: tuple[Text, ...]
    counts: Counts
    laterality_snomed: Laterality
    levels: Levels
    roles: dict[Role, Text]
    area_groups: dict[str, tuple[str, ...]]
    drawings: dict[str, Drawing]
    dermatome_hints: DermatomeHints
    region: tuple[Region, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Whose technique limits hold at a mark, and what the therapist is told besides."""

    regions: frozenset[str]
    groups: frozenset[str]
    told_regions: frozenset[str]
    told_groups: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyMap:
    """All regions in the order of the file, with the questions one asks about them."""

    entry: BodyMapEntry
    by_id: Mapping[str, Region]

    @property
    def regions(self) -> tuple[Region, ...]:
        """Every region, parents first, in the order of the file."""
        return self.entry.region

    def region(self, region_id: str) -> Region:
        """The region of that id; raises UnknownRegion."""
        found = self.by_id.get(region_id)
        if found is None:
            raise UnknownRegion(f"{region_id!r} is not a region of the body map")
        return found

    def label(self, region_id: str) -> str:
        """The client's word for a region; raises UnknownRegion."""
        return self.region(region_id).label

    def parents(self) -> tuple[Region, ...]:
        """The regions that are tapped on the whole figure."""
        return tuple(r for r in self.regions if not r.parents and r.markable)

    def children(self, region_id: str) -> tuple[Region, ...]:
        """The finer sites of a region; empty when it has none; raises UnknownRegion."""
        parent = self.region(region_id).id
        return tuple(r for r in self.regions if parent in r.parents)

    def in_group(self, group: str) -> tuple[Region, ...]:
        """The regions of a safety group; raises UnknownRegion for a group nobody belongs to."""
        if group not in self.entry.area_groups:
            raise UnknownRegion(f"{group!r} is not a group of the body map")
        return tuple(r for r in self.regions if group in r.groups)

    def drawn(self, drawing: str) -> tuple[Region, ...]:
        """The regions in a drawing; raises UnknownRegion for a drawing that does not exist."""
        if drawing not in self.entry.drawings:
            raise UnknownRegion(f"{drawing!r} is not a drawing of the body map")
        return tuple(r for r in self.regions if drawing in r.drawn_in)

    def expand_for_safety(self, region_ids: Collection[str]) -> frozenset[str]:
        """The regions whose safety questions are asked: the marks, their parents, the family.

        A marked parent widens to all its children, a child to its parents and their
        other children; raises UnknownRegion.
        """
        marked = [self.region(region_id) for region_id in region_ids]
        tops = {top for region in marked for top in region.parents or (region.id,)}
        children = {one.id for one in self.regions if not tops.isdisjoint(one.parents)}
        return frozenset(tops | children | {region.id for region in marked})

    def safety_groups(self, region_ids: Collection[str]) -> frozenset[str]:
        """The groups whose red-flag questions are asked for these marks; raises UnknownRegion."""
        wide = self.expand_for_safety(region_ids)
        return frozenset(group for name in wide for group in self.region(name).groups)

    def limits_for(self, region_id: str) -> Limits:
        """The ids and groups whose technique limits hold at a mark; raises UnknownRegion.

        Its own and its parents'. Those of the children of a marked parent do not bind,
        because the exact site is unknown; the therapist is told them.
        """
        region = self.region(region_id)
        binding = (region, *(self.region(name) for name in region.parents))
        children = self.children(region_id)
        groups = frozenset(group for r in binding for group in r.groups)
        return Limits(
            regions=frozenset(r.id for r in binding),
            groups=groups,
            told_regions=frozenset(r.id for r in children),
            told_groups=frozenset(group for r in children for group in r.groups) - groups,
        )


@cache
def load(file: Path = FILE) -> BodyMap:
    """Read and check the body map; raises KnowledgeError naming file and key."""
    entry = read(file, BodyMapEntry)
    problems = [
        f"bodymap/{file.name}: {line}"
        for check in (_each_once, _counts, _families, _groups, _sides, _drawings)
        for line in check(entry)
    ]
    if problems:
        raise KnowledgeError("\n".join(problems))
    return BodyMap(entry=entry, by_id={region.id: region for region in entry.region})


def _each_once(entry: BodyMapEntry) -> Iterator[str]:
    ids = [region.id for region in entry.region]
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"region.id: expected every id once, found {twice!r} again"


def _counts(entry: BodyMapEntry) -> Iterator[str]:
    listed = [region for region in entry.region if region.view == "list"]
    children = [region for region in entry.region if region.parent]
    found = {
        "parents": len(entry.region) - len(children) - len(listed),
        "children": len(children),
        "list_only": len(listed),
        "total": len(entry.region),
    }
    for key, number in found.items():
        if (expected := getattr(entry.counts, key)) != number:
            yield f"counts.{key}: expected {expected} regions, found {number}"


def _families(entry: BodyMapEntry) -> Iterator[str]:
    tops = {r.id for r in entry.region if not r.parents and r.markable}
    for region in entry.region:
        for parent in region.parents:
            if parent not in tops:
                yield f"region.{region.id}.parent: expected a parent region, found {parent!r}"
        if region.parent_other and not region.parent:
            yield f"region.{region.id}.parent_other: expected parent beside it, found none"


def _groups(entry: BodyMapEntry) -> Iterator[str]:
    for region in entry.region:
        expected = {group for group, ids in entry.area_groups.items() if region.id in ids}
        if expected != set(region.groups):
            yield (
                f"region.{region.id}.groups: expected {sorted(expected)} as in area_groups, "
                f"found {sorted(region.groups)}"
            )
    known = {region.id for region in entry.region}
    for group, ids in entry.area_groups.items():
        for stranger in sorted(set(ids) - known):
            yield f"area_groups.{group}: expected a region id, found {stranger!r}"


def _sides(entry: BodyMapEntry) -> Iterator[str]:
    for region in entry.region:
        for key, text in (("label", region.label), ("label_pro", region.label_pro)):
            said = {"left", "right"} & set(text.lower().replace(",", " ").split())
            expected = {_WORD[region.side]} if region.side in _WORD else set()
            if said != expected:
                yield (
                    f"region.{region.id}.{key}: expected {sorted(expected) or 'no side'} "
                    f"for side {region.side!r}, found {text!r}"
                )
        if region.id.endswith(("_l", "_r")) != (region.side != "mid") or (
            region.side != "mid" and not region.id.endswith(f"_{region.side}")
        ):
            yield f"region.{region.id}.side: expected the side of the id, found {region.side!r}"


def _drawings(entry: BodyMapEntry) -> Iterator[str]:
    for region in entry.region:
        for stranger in sorted(set(region.drawn_in) - entry.drawings.keys()):
            yield f"region.{region.id}.drawn_in: expected a drawing, found {stranger!r}"
    for name, drawing in entry.drawings.items():
        number = sum(name in region.drawn_in for region in entry.region)
        if number != drawing.regions:
            yield f"drawings.{name}.regions: expected {drawing.regions} regions, found {number}"
