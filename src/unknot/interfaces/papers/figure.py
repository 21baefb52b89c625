"""What the blank body map says: two views to mark with a pen, and the scale of the program."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from unknot.interfaces.papers import drawings
from unknot.interfaces.papers.typeset import Data, line
from unknot.web import bodymap

EMPTY_ROWS = 8


def content(maker: str, *, now: datetime) -> Data:
    """Give the template of the blank figure its data; `maker` is who hands it out."""
    return {
        "title": _("Where does it hurt?"),
        "maker": line(maker),
        "about": _("Body map to fill in"),
        "foot": _("Left and right are your own. This is not a diagnosis."),
        "lead": _("Shade each place that hurts and write its number, 1 to 10, beside it."),
        "lines": [_("Name"), _("Date"), _("Filled in by")],
        "views": [
            {"name": bodymap.NAMES[view], "figure": drawings.figure(view, {}, blank=True)}
            for view in bodymap.WHOLE
        ],
        "scale": _scale(),
        "striped": _("Striped: pain here can be marked, but nobody presses here."),
        "places": {
            "head": [_("Place"), _("Number now"), _("What it feels like, and since when")],
            "empty": EMPTY_ROWS,
        },
    }


def _scale() -> dict[str, Any]:
    ends = str(bodymap.CLIENT.words).split("|")
    marks = ((0, ends[0]), *((n, _word(n, ends)) for n in range(1, 11)))
    return {
        "title": _("How strong is it right now?"),
        "cells": [{"n": str(n), "word": word, "ink": f"body-{n}", "dark": n > 6}
                  for n, word in marks],
        "ends": [str(bodymap.CLIENT.least), str(bodymap.CLIENT.most)],
    }  # fmt: skip


def _word(level: int, words: list[str]) -> str:
    """The word of a level, written where its step begins."""
    return {1: words[1], 4: words[2], 7: words[3]}.get(level, "")
