"""Template tags of the body map.

`{% bodymap_patterns %}`         once in the page, in the block `defs`, when any map is drawn
`{% bodymap levels %}`           the question: pictures and list with real form controls
`{% bodymap_chart levels %}`     the same for a therapist's findings, with anatomical names
`{% bodymap_picture levels "back" %}`   a picture to read, in a briefing or a record
`{% bodymap_words levels %}`     the same marks as a list in words, strongest first

`levels` maps a region id to its level from 1 to 10. Fields are named `mark-<region id>`, their
values are empty or "1" to "10".
"""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from unknot.domain.bodymap import regions
from unknot.web import bodymap as maps

register = template.Library()


@register.simple_tag
def bodymap_patterns() -> SafeString:
    """Draw the fills that every map in the page refers to."""
    return format_html(
        '<svg class="sr-only" width="0" height="0" aria-hidden="true" focusable="false">{}</svg>',
        maps.patterns(),
    )


@register.inclusion_tag("web/components/bodymap.html")
def bodymap(levels: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Ask where it hurts: the whole figure, two zoomed views, and the same regions as a list."""
    return _asked(levels, maps.CLIENT)


@register.inclusion_tag("web/components/bodymap.html")
def bodymap_chart(levels: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Ask a therapist what they found, in anatomical names, on the same map and fields."""
    return _asked(levels, maps.THERAPIST)


def _asked(levels: Mapping[str, int] | None, voice: maps.Voice) -> dict[str, Any]:
    marks = levels or {}
    drawings = [maps.drawing(name) for name in maps.NAMES]
    groups = maps.grouped(marks, voice)
    return {
        "figure": {
            "drawings": [
                {
                    "drawing": d,
                    "name": maps.NAMES[d.name],
                    "marked": maps.marked(d, marks) if d.name == maps.FIRST else (),
                    "file": f"web/drawings/{d.name}.svg",
                }
                for d in drawings
            ],
            "groups": groups,
            "marked": sum(group.marked for group in groups),
        },
        "voice": voice,
        "numbers": [str(number) for number in range(1, 11)],
    }


@register.inclusion_tag("web/components/bodymap_picture.html")
def bodymap_picture(
    levels: Mapping[str, int] | None = None, drawing: str = "back", kind: str = ""
) -> dict[str, Any]:
    """Show the marks on one drawing, to read only: no ids, nothing to press.

    `kind` adds classes such as `quiet` (fainter lines) or `plain` (without left and right).
    """
    figure = maps.drawing(drawing)
    return {
        "drawing": figure,
        "name": maps.NAMES[drawing],
        "marked": maps.marked(figure, levels or {}),
        "words": _words(levels or {}, {shape.region for shape in figure.shapes}),
        "kind": kind,
    }


@register.inclusion_tag("web/components/bodymap_words.html")
def bodymap_words(levels: Mapping[str, int] | None = None) -> dict[str, Any]:
    """List the marks in words, the strongest first."""
    return {"words": _words(levels or {}, None)}


def _words(levels: Mapping[str, int], drawn: set[str] | None) -> list[tuple[str, int]]:
    body = regions.load()
    chosen = [
        (region.label, levels[region.id])
        for region in body.regions
        if levels.get(region.id) and (drawn is None or {region.id, *region.parents} & drawn)
    ]
    return sorted(chosen, key=lambda mark: -mark[1])
