"""Set a paper with typst: tagged, PDF/UA-1 requested, our own fonts, user text only as data.

A paper is a template beside this file; what it shows travels as JSON and is never part of the
source, so `#panic("x")` in a note is printed as it stands. Compilers stay warm, one a paper, each
behind a lock.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from unknot.interfaces.papers.inks import inks
from unknot.web.errors import UnknotError

FOLDER = Path(__file__).resolve().parent
FONTS = FOLDER / "fonts"
Paper = Literal["session", "report", "form", "figure"]
Data = Mapping[str, Any]

#: Stands for a letter that none of our fonts has.
UNKNOWN = "▯"
#: Line breaks of other systems, and those that only some programs see.
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
#: Control characters and marks that turn the direction of the text after them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
#: What typst says of a letter that no font has, when PDF/UA-1 is asked for.
_NO_GLYPH = "could not be displayed"
#: First what lies outside the alphabets of our fonts, then all but the first of them.
_STRANGE = (re.compile("[^\n\t -\u06ff\u1e00-\u1fff\u2000-\u206f\u20a0-\u20bf\u2190-\u21ff]"),
            re.compile("[^\n\t -~\xa0-\xff]"))  # fmt: skip


class NotPrinted(UnknotError):
    """The paper could not be set; nothing was released."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title = gettext_lazy("This paper could not be made")
    sentence = gettext_lazy("The PDF could not be made, so nothing was handed out.")
    mend = gettext_lazy("Try again. If it fails again, print the page from the browser.")


@dataclass(frozen=True, slots=True)
class Drawn:
    """An SVG drawing of ours: it goes to typst as it is, while texts are cleaned."""

    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class _Press:
    """A warm compiler of one paper; typst's own state is not shared between threads."""

    compiler: typst.Compiler
    lock: Lock = field(default_factory=Lock)


@cache
def _press(paper: Paper) -> _Press:
    return _Press(
        typst.Compiler(
            str(FOLDER / f"{paper}.typ"),
            root=str(FOLDER),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
        )
    )


def pdf(paper: Paper, data: Data, *, now: datetime) -> bytes:
    """Set a paper as one PDF; raises NotPrinted."""

    def run(press: _Press, inputs: dict[str, str]) -> Any:
        return press.compiler.compile(
            format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=_whole_second(now)
        )

    return bytes(_compiled(paper, data, run))


def picture(paper: Paper, data: Data, *, now: datetime, ppi: float) -> bytes:
    """Draw the first page of a paper as PNG; raises NotPrinted."""

    def run(press: _Press, inputs: dict[str, str]) -> Any:
        return press.compiler.compile(
            format="png", sys_inputs=inputs, ppi=ppi, timestamp=_whole_second(now)
        )

    pages = _compiled(paper, data, run)
    return bytes(pages[0] if isinstance(pages, list) else pages)


def _whole_second(moment: datetime) -> datetime:
    """A document's time has no fraction of a second; typst refuses one."""
    return moment.replace(microsecond=0)


def _compiled(paper: Paper, data: Data, run: Callable[[_Press, dict[str, str]], Any]) -> Any:
    """Compile; a letter that no font has is replaced, and the paper says so."""
    press, clean = _press(paper), plain(data)
    for strange in (*_STRANGE, None):
        whole = {"lang": (get_language() or "en").partition("-")[0], "inks": inks(), **clean}
        try:
            with press.lock:
                return run(press, {"data": json.dumps(whole, default=str)})
        except typst.TypstError as problem:
            if strange is None or _NO_GLYPH not in problem.message:
                raise NotPrinted from problem
            clean = replaced(clean, strange) | {"notice": _notice()}
    raise NotPrinted


def _notice() -> str:
    return _("%(sign)s stands for a letter that our print fonts do not have.") % {"sign": UNKNOWN}


def plain(value: Any) -> Any:
    """Turn data into what JSON holds; texts lose control and direction marks, no letter."""
    match value:
        case Drawn():
            return {"svg": value.svg, "alt": line(value.alt)}
        case Mapping():
            return {key: plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case None | bool() | int() | float():
            return value
        case _:
            return _UNSEEN.sub("", _BREAKS.sub("\n", str(value)))


def line(text: object) -> str:
    """A text for one line, such as a name: every break and run of blanks is one blank."""
    return " ".join(_UNSEEN.sub("", _BREAKS.sub("\n", str(text))).split())


def replaced(value: Any, strange: re.Pattern[str]) -> Any:
    """Put the sign for an unknown letter where `strange` matches, drawings left alone."""
    match value:
        case {"svg": svg, "alt": alt}:
            return {"svg": svg, "alt": strange.sub(UNKNOWN, alt)}
        case Mapping():
            return {key: replaced(inner, strange) for key, inner in value.items()}
        case list():
            return [replaced(inner, strange) for inner in value]
        case str():
            return strange.sub(UNKNOWN, value)
        case _:
            return value
