"""What the paper of one session says, for its client or for its therapist."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from unknot.domain.bodymap import regions
from unknot.interfaces.papers import drawings
from unknot.interfaces.papers.actions import SessionPaper
from unknot.interfaces.papers.typeset import Data, line
from unknot.interfaces.papers.words import instant, long_day, number, of_ten
from unknot.journey.session.reads.note import NotePage
from unknot.web import bodymap


def content(paper: SessionPaper, *, now: datetime) -> Data:
    """Give the template of a session its data."""
    page, visit, note = paper.page, paper.page.visit, paper.page.note
    day = date_format(visit.start.astimezone(visit.zone), "l j F Y")
    name = line(page.client_name)
    return {
        "title": _("Your session") if paper.own else _("Session record"),
        "maker": line(visit.practice),
        "about": _("%(name)s, %(day)s") % {"name": name, "day": day},
        "foot": _("Private. Made for %(name)s on %(day)s.")
        % {
            "name": name if paper.own else line(visit.practice),
            "day": long_day(now.astimezone(visit.zone).date()),
        },
        "lead": _("%(day)s, %(technique)s, %(n)s minutes.")
        % {"day": day, "technique": visit.technique.name, "n": visit.minutes},
        "facts": _facts(page),
        "treated": _treated(page, own=paper.own),
        "ratings": _ratings(page),
        "texts": _texts(page, own=paper.own),
        "after": {
            "title": _("After the session"),
            "rows": [
                {"who": name, "lines": [capfirst(one) for one in lines]}
                for name, lines in paper.aftercare
            ],
        },
        "figures": _figures(page, own=paper.own),
        "added": {
            "title": _("Added later"),
            "rows": [
                {"who": f"{line(row.author)}, {instant(row.at, visit.zone)}", "text": row.text}
                for row in note.amendments
            ],
        },
    }


def _facts(page: NotePage) -> list[list[str]]:
    visit, note = page.visit, page.note
    signed = instant(note.signed_at, visit.zone) if note.signed_at else ""
    return [
        [_("Client"), line(page.client_name)],
        [_("Therapist"), line(visit.therapist)],
        [_("Where"), line(f"{visit.practice}, {visit.location.address}")],
        [
            _("Signed"),
            _("by %(who)s, %(when)s") % {"who": line(note.author), "when": signed},
        ],
    ]


def _treated(page: NotePage, *, own: bool) -> dict[str, Any]:
    body = regions.load()
    return {
        "title": _("What was done where"),
        "head": [_("Place"), _("Technique"), _("Minutes"), _("Pressure, 1 to 5")],
        "rows": [
            [
                body.region(row.region).label if own else row.region_label,
                row.technique_name,
                str(row.minutes),
                str(row.pressure),
            ]
            for row in page.note.treatments
        ],
        "total": _("%(n)s minutes hands on.") % {"n": page.note.minutes},
        "empty": _("No treated place is written down."),
    }


def _ratings(page: NotePage) -> dict[str, Any]:
    note = page.note
    return {
        "title": _("Before and after, in the room"),
        "head": [_("0 to 10"), _("Before"), _("After")],
        "rows": [
            [_("Pain"), number(note.pain_before), number(note.pain_after)],
            [_("Tension"), number(note.tension_before), number(note.tension_after)],
        ],
        "said": _("Change is not cause: a lower number after a session does not show why."),
    }


def _texts(page: NotePage, *, own: bool) -> list[dict[str, str]]:
    note = page.note
    plan = {"title": _("Plan"), "text": note.plan}
    if own:
        return [plan]
    return [
        {"title": _("What the client said"), "text": note.subjective},
        {"title": _("What I found"), "text": note.objective},
        {"title": _("What I think"), "text": note.assessment},
        plan,
    ]


def _figures(page: NotePage, *, own: bool) -> list[dict[str, Any]]:
    marks = page.body.marks if page.body is not None else {}
    if own:
        title = _("Your own map, from your last check-in before it was signed")
        return [_map(title, marks, _("You had marked no place."), own=True)]
    found = _map(_("Found by touch"), page.note.marks, _("No finding is marked."), own=False)
    if page.body is None:
        said = _("This client does not share where it hurts.")
    else:
        said = _("The client had marked no place.")
    return [found, _map(_("The client's own map"), marks, said, own=False)]


def _map(title: str, marks: Mapping[str, int], empty: str, *, own: bool) -> dict[str, Any]:
    views = bodymap.views(marks)
    return {
        "title": title,
        "views": [_view(name, marks) for name in views],
        "head": [_("Place"), _("How strong")],
        "rows": list(_in_words(marks, own=own)),
        "empty": empty,
    }


def _view(name: str, marks: Mapping[str, int]) -> dict[str, Any]:
    return {"name": bodymap.NAMES[name], "figure": drawings.figure(name, marks)}


def _in_words(marks: Mapping[str, int], *, own: bool) -> Iterable[list[str]]:
    body = regions.load()
    for region, level in sorted(marks.items(), key=lambda mark: -mark[1]):
        known = body.region(region)
        yield [known.label if own else known.label_pro, of_ten(level)]
