"""What the form to sign says: keeping and sharing answers, and being touched."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from unknot.domain import consents
from unknot.domain.bodymap import regions
from unknot.domain.guidance import catalogue
from unknot.interfaces.papers.typeset import Data, line
from unknot.interfaces.papers.words import instant
from unknot.journey.book.reads.booked import Row
from unknot.journey.prepare.touch_form import TouchForm
from unknot.web import bodymap

#: How somebody may be covered, as the page of the consent asks it.
DRAPING = tuple(cast(Any, TouchForm.base_fields["draping"]).choices)
PURPOSES = ("care", "share_safety", "share_body", "share_mind")


def content(maker: str, *, now: datetime, booked: Row | None = None) -> Data:
    """Give the template of the form its data: for one appointment, or blank."""
    return {
        "title": _("What you agree to"),
        "maker": line(maker),
        "about": _("Form to sign"),
        "foot": _("You can take back each answer at any time; tell anybody here."),
        "lead": _("Tick what is right for you. Every answer is your choice; no is a full answer."),
        "facts": _facts(booked),
        "lines": [] if booked else [_("Name"), _("Date of the session"), _("Therapist")],
        "answers": [_("Yes"), _("No")],
        "kept": {
            "title": _("Your answers"),
            "rows": [
                {
                    "title": one.title,
                    "text": one.text,
                    "version": _("version %(n)s") % {"n": one.version},
                }
                for one in _texts()
            ],
        },
        "touch": _touch(),
        "sign": {
            "title": _("Signed"),
            "said": _(
                "You can stop, or change any of this, at any moment of the session and without a "
                "reason. It is asked again on the day."
            ),
            "lines": [_("Place and date"), _("Signature of the client")],
            "again": [_("Confirmed on the day: date"), _("Initials")],
        },
    }


def _texts() -> Sequence[consents.ConsentText]:
    known, language = consents.load(), (get_language() or "en").partition("-")[0]
    return [known.newest(one, language) for one in PURPOSES]


def _facts(booked: Row | None) -> list[list[str]]:
    if booked is None:
        return []
    when = instant(booked.start, ZoneInfo(booked.zone))
    return [
        [_("Client"), line(booked.client)],
        [_("Session"), _("%(when)s, %(minutes)s minutes")
         % {"when": when, "minutes": booked.minutes}],
        [_("Technique"), booked.technique],
        [_("Therapist"), line(booked.therapist)],
    ]  # fmt: skip


def _touch() -> dict[str, Any]:
    levels = catalogue.load().pressure.level
    return {
        "title": _("Being touched"),
        "areas": _("Where may your therapist work?"),
        "head": [_("Area"), _("What belongs to it"), _("Yes"), _("No")],
        "rows": _areas(),
        "never": _("The front of the neck is never pressed, and the tailbone never massaged."),
        "except": _("Leave out (write any place):"),
        "draping": _("How do you want to be covered?"),
        "covers": [str(label) for _value, label in DRAPING],
        "pressure": _("How firm may it be at most?"),
        "levels": [f"{one.value} {one.name}" for one in levels],
        "stop": _("Which word or sign means stop?"),
        "stop_said": _("“Stop” always means stop. A raised hand works too."),
        "stop_lines": [_("Stop"), _("Less pressure")],
    }


def _areas() -> list[list[str]]:
    """The headings of the body map, each with its coarse places, left and right named once."""
    rows = []
    for heading, groups in bodymap.HEADINGS:
        inside = dict.fromkeys(
            region.label.rpartition(",")[0] or region.label
            for region in regions.load().parents()
            if _heading(region) == groups and region.role != "no_press"
        )
        rows.append([str(heading), ", ".join(inside)])
    return rows


def _heading(region: regions.Region) -> frozenset[str]:
    own = frozenset(region.groups)
    return next(groups for _name, groups in bodymap.HEADINGS if own & groups)
