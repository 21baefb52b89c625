"""The colours of the design for paper: the light values of tokens.css as #rrggbb.

Typst and its SVG reader know no `light-dark()`, so the one list of colours is translated here.
"""

import math
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from unknot import web

TOKENS = Path(web.__file__).resolve().parent / "static" / "web" / "tokens.css"
_TOKEN = re.compile(
    r"--(?P<name>[a-z0-9-]+):\s*light-dark\(oklch\((?P<l>[\d.]+) (?P<c>[\d.]+) (?P<h>[\d.]+)\)"
)


@cache
def inks() -> Mapping[str, str]:
    """Every colour of tokens.css by its name without the dashes, such as `body-text`."""
    text = TOKENS.read_text(encoding="utf-8")
    return {
        one["name"]: _hex(float(one["l"]), float(one["c"]), math.radians(float(one["h"])))
        for one in _TOKEN.finditer(text)
    }


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """Turn an Oklab colour into sRGB, as CSS Color 4 defines it; what lies outside is clipped."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(_gamma(one) * 255):02x}" for one in linear)


def _gamma(light: float) -> float:
    held = min(max(light, 0.0), 1.0)
    return 12.92 * held if held <= 0.0031308 else 1.055 * held ** (1 / 2.4) - 0.055
