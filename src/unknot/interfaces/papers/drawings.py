"""The drawings of the pages, coloured for paper: the figure with its marks, and the strands.

Outlines and charts come from `unknot.web`; a page colours them by its style sheet, paper by the
rules below, because typst's reader of SVG knows neither our style sheets nor `var()`.
"""

import re
from collections.abc import Mapping

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from unknot.interfaces.papers.inks import inks
from unknot.interfaces.papers.typeset import Drawn
from unknot.web import bodymap

_FALLBACK = re.compile(r"var\(--(?P<name>[a-z0-9-]+)(?:,[^)]*)?\)")
_TEXT = "Atkinson Hyperlegible Next"
#: The colour of each group of a chart; grey is what may be chance.
_TONES = {"body": "body", "mind": "mind", "chance": "ink-3"}
_XMLNS = 'xmlns="http://www.w3.org/2000/svg"'


def figure(view: str, levels: Mapping[str, int], *, blank: bool = False) -> Drawn:
    """Draw one view of the figure with the marks `levels`, 1 to 10; a blank one has outlines."""
    drawing = bodymap.drawing(view)
    marked = bodymap.marked(drawing, levels)
    inner = render_to_string(
        "web/components/_bodymap_drawing.html",
        {"drawing": drawing, "marked": marked, "live": False},
    )
    svg = (
        f'<svg {_XMLNS} viewBox="{drawing.box}"><style>{_figure_style(blank=blank)}</style>'
        f"{_coloured(bodymap.patterns())}{inner}</svg>"
    )
    return Drawn(svg, _figure_alt(view, marked))


def _figure_alt(view: str, marked: tuple[bodymap.Marked, ...]) -> str:
    count = sum(mark.numbered for mark in marked)
    name = bodymap.NAMES[view]
    if not count:
        return _("%(view)s of a figure, nothing marked.") % {"view": name}
    return _("%(view)s of a figure with %(n)s places marked; the list has them in words.") % {
        "view": name,
        "n": count,
    }


def _figure_style(*, blank: bool) -> str:
    ink = inks()
    skin, gap = ("#ffffff", ink["line-strong"]) if blank else (ink["figure"], "#ffffff")
    ramp = "".join(
        f'.region[data-level="{n}"]{{fill:url(#level-{n})}}'
        f'.level[data-level="{n}"]{{stroke:{ink[f"body-{n}"]}}}'
        for n in range(1, 11)
    )
    return (
        f".silhouette{{fill:{skin};{_edge(gap) if blank else ''}}}"
        f".region{{fill:{skin};stroke:{gap};stroke-width:{1.2 if blank else 2.2};"
        f"stroke-linejoin:round}}.no-pressure{{fill:url(#no-pressure)}}"
        f".detail{{fill:none}}.dots{{fill:{ink['ink-3']};opacity:.45}}"
        f".lines{{stroke:{ink['ink-3']};stroke-width:1.1;opacity:.6}}.texture{{opacity:.26}}"
        f".sides text{{font-family:{_TEXT};font-weight:600;font-size:14px;fill:{ink['ink-2']}}}"
        f".level{{font-family:{_TEXT};font-weight:600;font-size:17px;text-anchor:middle;"
        f"dominant-baseline:central;fill:{ink['on-mild']};stroke-width:5;paint-order:stroke;"
        f"stroke-linejoin:round}}.severe{{fill:{ink['on-severe']}}}{ramp}"
    )


def _edge(colour: str) -> str:
    return f"stroke:{colour};stroke-width:2.4;stroke-linejoin:round"


def chart(svg: str, alt: str) -> Drawn:
    """Colour a chart of `unknot.web.charts` for paper."""
    styled = svg.replace("<svg ", f"<svg {_XMLNS} ", 1)
    head, _sign, rest = styled.partition(">")
    return Drawn(f"{head}><style>{_chart_style()}</style>{rest}", alt)


def _chart_style() -> str:
    ink = inks()
    strands = "".join(
        f".{name} .strand,.{name} .dot,.{name} .door,.{name} .range{{stroke:{ink[tone]}}}"
        f".{name} .band,.{name} .dots{{fill:{ink[tone]}}}"
        f".{name} .label{{fill:{ink.get(f'{tone}-text', ink['ink-2'])}}}"
        for name, tone in _TONES.items()
    )
    return (
        f"text{{font-family:{_TEXT};font-size:13px;fill:{ink['ink-2']}}}"
        f".axis{{stroke:{ink['line']}}}.zero{{stroke:{ink['line-strong']}}}"
        ".strand{fill:none;stroke-width:3;stroke-linecap:round;stroke-linejoin:round}"
        ".band{opacity:.17}.dot{fill:#ffffff;stroke-width:2.5}"
        f".label{{font-weight:600}}.strong{{fill:{ink['ink']};font-weight:600}}"
        f".session{{stroke:{ink['ink-3']};stroke-width:1.5;stroke-dasharray:1 5;"
        "stroke-linecap:round}.crowded{opacity:.5}.tick{stroke-width:1;stroke-dasharray:none}"
        ".dashed{stroke-dasharray:5 4}.dots{opacity:.55}.door{fill:#ffffff;stroke-width:1.5}"
        ".range{fill:none;stroke-width:9;stroke-linecap:round;opacity:.45}"
        f".mean{{stroke:{ink['ink']};stroke-width:3;stroke-linecap:round}}"
        ".halo{stroke:#ffffff;stroke-width:4;paint-order:stroke;stroke-linejoin:round}" + strands
    )


def _coloured(markup: str) -> str:
    """Put the colour in the place of each `var()`; one that tokens.css lacks raises KeyError."""
    return _FALLBACK.sub(lambda found: inks()[found["name"]], markup)
