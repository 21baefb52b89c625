"""The drawings of the body map, read once from the SVG files in static/web/drawings.

A drawing knows outlines, places of numbers and which sites are finer parts of which; the words
and the groups of the list come from `unknot.domain.bodymap`, so that the picture, the questions
and the therapist's chart share one vocabulary.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap import regions

FOLDER = Path(__file__).resolve().parent / "static" / "web" / "drawings"
PREFIX = "mark-"

#: Every drawing with what it shows, in words.
NAMES: Mapping[str, str | Promise] = {
    "back": _("Back"),
    "front": _("Front"),
    "neck_shoulders": _("Neck and shoulders"),
    "low_back": _("Lower back"),
}
WHOLE = ("back", "front")
#: The only drawing written out with the question; the script brings the others when they are asked
#: for, so that the page stays small. Without script the list has everything.
FIRST = "back"

#: The list beside the picture: heading and the groups of the vocabulary below it. A region
#: stands under the first heading that has one of its groups.
HEADINGS: tuple[tuple[str | Promise, frozenset[str]], ...] = (
    (_("Neck"), frozenset({"neck"})),
    (_("Shoulders and upper back"), frozenset({"upper_back", "shoulder"})),
    (_("Lower back"), frozenset({"low_back", "flank"})),
    (_("Buttocks"), frozenset({"pelvis"})),
    (_("Head and jaw"), frozenset({"head", "jaw"})),
    (_("Arms and hands"), frozenset({"arm", "hand"})),
    (_("Chest and belly"), frozenset({"chest", "abdomen"})),
    (_("Hips, legs and feet"), frozenset({"leg", "legs"})),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who marks the map, and in which words it asks them; a therapist reads anatomical names."""

    professional: bool
    ask: str | Promise
    nothing: str | Promise
    least: str | Promise
    most: str | Promise
    words: str | Promise  # for 0, 1 to 3, 4 to 6 and 7 to 10
    named: str | Promise
    part: str | Promise
    list_help: str | Promise


CLIENT = Voice(
    professional=False,
    ask=_("How strong is it right now?"),
    nothing=_("no pain"),
    least=_("0 = no pain"),
    most=_("10 = worst I can imagine"),
    words=_("no pain|mild|moderate|strong"),
    named=_("{name}, pain {level} of 10"),
    part=_("{name}, part of a place with pain {level} of 10"),
    list_help=_(
        "Choose a number from 1 to 10 for each place that hurts: 1 is very little, 10 is the worst "
        "you can imagine. Left and right are your own."
    ),
)
THERAPIST = Voice(
    professional=True,
    ask=_("How tense or tender is it to touch?"),
    nothing=_("nothing found"),
    least=_("0 = nothing found"),
    most=_("10 = most"),
    words=_("nothing found|slight|moderate|marked"),
    named=_("{name}, finding {level} of 10"),
    part=_("{name}, part of a place with finding {level} of 10"),
    list_help=_(
        "Choose a number from 1 to 10 for each place with a finding. Left and right are the "
        "client's."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One region of a drawing: where it is, and where its number stands."""

    region: str
    parents: tuple[str, ...]
    outline: str
    x: str
    y: str
    no_pressure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The word left or right beside the figure: the person's own side."""

    x: str
    y: str
    left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One picture of the figure: decoration as markup, regions as data."""

    name: str
    box: str
    zoom: bool
    silhouette: SafeString
    detail: SafeString
    hits: tuple[tuple[str, str], ...]
    shapes: tuple[Shape, ...]
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A region of a drawing with the level to show; `numbered` is whether the number is written."""

    shape: Shape
    level: int
    numbered: bool

    @property
    def severe(self) -> bool:
        return self.level > 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A region in the list, with the name of its field and the level chosen, 0 for none."""

    region: str
    field: str
    label: str
    parents: tuple[str, ...]
    level: int

    @property
    def finer(self) -> bool:
        return bool(self.parents)

    @property
    def numbers(self) -> SafeString:
        return numbers(self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The regions under one heading, coarse ones before their finer sites."""

    heading: str | Promise
    rows: tuple[Row, ...]

    @property
    def marked(self) -> int:
        return sum(row.level > 0 for row in self.rows)


@cache
def drawing(name: str) -> Drawing:
    """Read a drawing by name; raises KeyError for one that does not exist."""
    NAMES[name]
    root = ElementTree.fromstring((FOLDER / f"{name}.svg").read_text(encoding="utf-8"))  # noqa: S314
    parts = {part.get("class"): part for part in root.iter() if part.get("class")}
    hits = parts.get("hits")
    return Drawing(
        name=name,
        box=root.get("viewBox", ""),
        zoom=name not in WHOLE,
        silhouette=_inside(parts["silhouette"]),
        detail=_inside(parts["detail"]),
        hits=tuple((h.get("data-hit", ""), h.get("d", "")) for h in hits if h.get("d"))
        if hits is not None
        else (),
        shapes=tuple(_shape(part) for part in root.iter() if part.get("data-region")),
        sides=tuple(
            Side(x=text.get("x", ""), y=text.get("y", ""), left=text.text == "Left")
            for text in parts["sides"]
        ),
    )


@cache
def patterns() -> SafeString:
    """The fills of the levels 1 to 10 and the stripes, as `<defs>`; they stand once in a page."""
    root = ElementTree.fromstring((FOLDER / "patterns.svg").read_text(encoding="utf-8"))  # noqa: S314
    return _inside(root)


@cache
def numbers(level: int) -> SafeString:
    """The options 1 to 10 of a region's field, the chosen one selected; written once for each.

    There are 72 such fields in a page, so an option is as short as HTML allows.
    """
    return format_html_join(
        "",
        "<option{}>{}",
        ((mark_safe(" selected") if n == level else "", n) for n in range(1, 11)),
    )


def marked(figure: Drawing, levels: Mapping[str, int]) -> tuple[Marked, ...]:
    """Every region of `figure` with the level (0 to 10) it shows for the marks in `levels`.

    On the whole figure a region shows the strongest of its own level and its finer sites'; on a
    zoomed view a site takes the colour of a parent not drawn there, without the number.
    """
    drawn = {shape.region for shape in figure.shapes}
    children: dict[str, list[int]] = {}
    for region in regions.load().regions:
        for parent in region.parents:
            children.setdefault(parent, []).append(levels.get(region.id, 0))
    found = []
    for shape in figure.shapes:
        own = levels.get(shape.region, 0)
        if not figure.zoom:
            own = max([own, *children.get(shape.region, [])])
        above = max([levels.get(p, 0) for p in shape.parents if p not in drawn], default=0)
        found.append(Marked(shape=shape, level=own or above, numbered=own > 0))
    return tuple(found)


def views(levels: Mapping[str, int]) -> tuple[str, ...]:
    """The whole drawings, back and front, on which a mark in `levels` shows."""
    body = regions.load()
    tops = {top for name in levels for top in body.region(name).parents or (name,)}
    return tuple(name for name in WHOLE if tops & {shape.region for shape in drawing(name).shapes})


def grouped(levels: Mapping[str, int], voice: Voice = CLIENT) -> tuple[Group, ...]:
    """All markable regions under their headings, each with its level from `levels` (0 to 10)."""
    body = regions.load()
    found: dict[int, list[Row]] = {number: [] for number in range(len(HEADINGS))}
    for region in _families(body):
        row = Row(
            region=region.id,
            field=PREFIX + region.id,
            label=region.label_pro if voice.professional else region.label,
            parents=region.parents,
            level=levels.get(region.id, 0),
        )
        found[_heading(region)].append(row)
    return tuple(
        Group(heading=HEADINGS[number][0], rows=tuple(rows)) for number, rows in found.items()
    )


def _families(body: regions.BodyMap) -> list[regions.Region]:
    listed: dict[str, regions.Region] = {}
    for parent in body.parents():
        listed[parent.id] = parent
        for child in body.children(parent.id):
            listed.setdefault(child.id, child)
    return list(listed.values())


def _heading(region: regions.Region) -> int:
    groups = frozenset(region.groups)
    return next(number for number, (_name, held) in enumerate(HEADINGS) if groups & held)


def _shape(part: ElementTree.Element) -> Shape:
    name = part.attrib["data-region"]
    region = regions.load().region(name)
    return Shape(
        region=name,
        parents=region.parents,
        outline=part.attrib["d"],
        x=part.attrib["data-x"],
        y=part.attrib["data-y"],
        no_pressure=region.role == "no_press",
    )


def _inside(part: ElementTree.Element) -> SafeString:
    return mark_safe("".join(_markup(child) for child in part))  # noqa: S308 - our own drawing


def _markup(part: ElementTree.Element) -> str:
    tag = part.tag.rpartition("}")[2]
    attributes = "".join(f' {key}="{value}"' for key, value in part.attrib.items())
    inner = "".join(_markup(child) for child in part)
    return f"<{tag}{attributes}>{inner}</{tag}>"
