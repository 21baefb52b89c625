"""Read a drawn chart: its shapes, its words, and whether all of it lies in its frame."""

import math
import re
from collections.abc import Iterator
from xml.etree import ElementTree

CHARACTER = 6.6
_PLACE = re.compile(r"[ML](-?[\d.]+) (-?[\d.]+)|H(-?[\d.]+)|V(-?[\d.]+)")


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def frame(svg: str) -> tuple[float, float]:
    _, _, width, height = map(float, parse(svg).attrib["viewBox"].split())
    return width, height


def words(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in parse(svg).iter("text")]


def of_class(svg: str, css: str) -> list[ElementTree.Element]:
    return [one for one in parse(svg).iter() if css in one.get("class", "").split()]


def box(text: ElementTree.Element) -> tuple[float, float]:
    """Where words begin and end, by the width that drawings reckon with."""
    length = CHARACTER * len("".join(text.itertext()))
    x = float(text.attrib["x"])
    begin = {"middle": x - length / 2, "end": x - length}.get(text.get("text-anchor", ""), x)
    return begin, begin + length


def outside(svg: str) -> list[str]:
    """What does not lie in the frame: the shapes wholly, words by where they stand."""
    width, height = frame(svg)
    return [
        f"{what} {x} {y}"
        for what, x, y in _places(parse(svg))
        if not (math.isfinite(x + y) and 0 <= x <= width and 0 <= y <= height)
    ]


def _places(root: ElementTree.Element) -> Iterator[tuple[str, float, float]]:
    for one in root.iter():
        match one.tag:
            case "circle":
                r = float(one.attrib["r"])
                x, y = float(one.attrib["cx"]), float(one.attrib["cy"])
                yield "circle", x - r, y - r
                yield "circle", x + r, y + r
            case "text":
                yield "text", float(one.attrib["x"]), float(one.attrib["y"])
            case "path":
                for found in _PLACE.finditer(one.attrib["d"]):
                    x, y, across, down = (float(n or 0) for n in found.groups())
                    yield "path", x + across, y + down


def is_clean(svg: str) -> bool:
    """Neither a number that is none, nor anything a strict policy refuses, nor small print."""
    sizes = [int(size) for size in re.findall(r'font-size="(\d+)"', svg)]
    return (
        not re.search(r"\s(id|style|on\w+|href)=", svg)
        and not re.search(r"[\s\"MLHVa-z](nan|inf)", svg)
        and all(size >= 13 for size in sizes)
    )
