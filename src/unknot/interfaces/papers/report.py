"""What the report for a doctor says: only what its client released, and how sure any of it is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Literal

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from unknot.domain.guidance import catalogue
from unknot.domain.outcomes.findings import Outcome
from unknot.domain.outcomes.series import Day, ratings
from unknot.domain.outcomes.summary_wording import parts
from unknot.domain.outcomes.wording import caption, language_of
from unknot.interfaces.papers import drawings
from unknot.interfaces.papers.actions import BODY, MIND, TECHNIQUES, Report
from unknot.interfaces.papers.typeset import Data, Drawn, line
from unknot.interfaces.papers.words import NONE, long_day, one_decimal
from unknot.journey.choose.reads.evidence import ClaimRow, claim_rows
from unknot.journey.follow import charts
from unknot.journey.follow.cards import Card, cards

Named = Literal["body", "mind"]
#: As wide as the text of a page, so that 13 px are 9 points.
CHART = 690
#: What the form names in each part; findings about other outcomes were not released.
RELEASED: Mapping[Named, Outcome] = {"body": "pain", "mind": "stress"}


def content(report: Report, *, now: datetime) -> Data:
    """Give the template of the report its data; what is not released is not named."""
    client, practice = report.client, report.client.practice
    name, today = line(client.name), now.astimezone(practice.tz).date()
    sections = [
        make(report)
        for part, make in ((BODY, _body), (MIND, _mind), (TECHNIQUES, _techniques))
        if part in report.parts
    ]
    return {
        "title": _("Report for a doctor"),
        "maker": line(practice.name),
        "about": name,
        "foot": _("Released by %(name)s on %(day)s.") % {"name": name, "day": long_day(today)},
        "lead": _("%(name)s chose what stands here. It is not a diagnosis.") % {"name": name},
        "facts": _facts(report, today),
        "sections": sections,
        "reading": [
            _("Ratings are the client's own, 0 to 10; higher is worse."),
            _("A change over time does not show its cause. Nobody was compared with anybody."),
            _("Where it says you or your, the client is meant."),
            _("Days without a rating are left out, not filled in."),
        ],
    }


def _facts(report: Report, today: date) -> list[list[str]]:
    practice = report.client.practice
    period = _("%(first)s to %(last)s, %(n)s weeks") % {
        "first": long_day(report.since),
        "last": long_day(today),
        "n": report.weeks,
    }
    rows = [[_("Client"), line(report.client.name)], [_("Period"), period]]
    if report.client.origin != "real":
        rows.append([_("Data"), line(report.client.get_origin_display())])
    return [*rows, [_("Practice"), line(f"{practice.name}, {practice.phone}")]]


def _body(report: Report) -> dict[str, Any]:
    said = parts(
        report.progress.finding,
        language=language_of(get_language()),
        dates=long_day,
        numbers=one_decimal,
    )
    return {
        "title": _("Body: pain"),
        "tone": "body",
        "finding": {
            "title": _("What the program tells this client, word for word"),
            "word": said.word,
            "sentence": said.sentence,
            "detail": [*said.detail, *said.what_would_help],
        },
        **_strand(report, "body"),
    }


def _mind(report: Report) -> dict[str, Any]:
    return {"title": _("Mind: stress"), "tone": "mind", "finding": None, **_strand(report, "mind")}


def _strand(report: Report, name: Named) -> dict[str, Any]:
    days = report.progress.days
    column: Literal["pain", "stress"] = "pain" if name == "body" else "stress"
    rated = ratings(days, column)
    return {
        **_found(report, RELEASED[name]),
        "said": _said(list(rated.values()), name),
        "chart": _chart(report, name) if rated else None,
        "caption": caption(language_of(get_language())) if rated else "",
        "notes": [
            _("From the file %(file)s. %(by)s")
            % {"file": line(one.file_name), "by": line(one.attribution)}
            for one in report.progress.imports
        ],
        "head": [_("Week from"), _("Days rated"), _("Mean"), _("Lowest"), _("Highest")],
        "rows": _weeks(days, column),
        "rows_title": _("The same numbers by week"),
    }


def _found(report: Report, outcome: Outcome) -> dict[str, Any]:
    """What the model found, as the progress page says it, if all it rests on is released.

    Whether massage helps rests on the days of sessions too; whether the level moved does not.
    """
    if _rests_on_earlier(report):
        note = _(
            "What the program worked out rests also on answers before this period, so it is left "
            "out. A report of a longer time has it."
        )
        return {"cards": [], "cards_note": note}
    found = cards(report.progress.stored, report.progress.aim)
    massage = [found.main, *found.also, *found.techniques] if TECHNIQUES in report.parts else []
    shown = [card for card in (*massage, found.better) if card and card.outcome == outcome]
    return {"cards": [_card(card) for card in shown], "cards_note": ""}


def _rests_on_earlier(report: Report) -> bool:
    stored = report.progress.stored
    strands = stored.found.strands if stored else ()
    return any(level.day < report.since for strand in strands for level in strand.levels)


def _card(card: Card) -> dict[str, Any]:
    said = card.said
    return {
        "name": f"{card.name}: {said.word}",
        "sentence": said.sentence,
        "bar": drawings.chart(card.bar, said.sentence) if card.bar else None,
        "detail": [*said.detail, *said.help],
        "others": list(said.others),
    }


def _said(rated: Sequence[float], name: Named) -> str:
    if not rated:
        return _("Nothing was rated in this period, so we cannot tell anything.")
    values = {
        "n": len(rated),
        "least": one_decimal(min(rated)),
        "most": one_decimal(max(rated)),
        "mean": one_decimal(sum(rated) / len(rated)),
    }
    if name == "body":
        return (
            _("Pain was rated on %(n)s days, from %(least)s to %(most)s, %(mean)s on average.")
            % values
        )
    return (
        _(
            "Stress was rated on %(n)s days, from %(least)s to %(most)s, %(mean)s on average. "
            "We cannot tell from it whether stress has changed."
        )
        % values
    )


def _chart(report: Report, name: Named) -> Drawn:
    progress = report.progress
    if TECHNIQUES not in report.parts:
        progress = replace(progress, sessions=())  # days of sessions were not released
    drawn = charts.strand(progress, RELEASED[name], width=CHART)
    alt = _("Ratings of %(name)s day by day, 0 to 10; the table has them by week.") % {
        "name": _("pain") if name == "body" else _("stress")
    }
    return drawings.chart(drawn, alt)


def _weeks(days: Sequence[Day], column: Literal["pain", "stress"]) -> list[list[str]]:
    rated = ratings(days, column)
    rows = []
    for monday, group in groupby(sorted(rated), key=_monday):
        values = [rated[day] for day in group]
        rows.append(
            [
                long_day(monday),
                str(len(values)),
                one_decimal(sum(values) / len(values)),
                one_decimal(min(values)),
                one_decimal(max(values)),
            ]
        )
    return rows


def _techniques(report: Report) -> dict[str, Any]:
    zone = report.client.practice.tz
    rows = [
        [
            long_day(one.on.astimezone(zone).date()),
            ", ".join(sorted({row.technique_name for row in one.note.treatments})) or NONE,
            str(one.note.minutes),
            str(one.note.firmest or NONE),
        ]
        for one in report.sessions
    ]
    return {
        "title": _("Sessions and techniques"),
        "tone": "techniques",
        "said": _("%(n)s signed sessions in this period. Minutes are hands on; pressure is 1 to 5.")
        % {"n": len(rows)}
        if rows
        else _("No signed session lies in this period."),
        "head": [_("Day"), _("Technique"), _("Minutes"), _("Firmest")],
        "rows": rows,
        "sure": _sure(report),
    }


def _sure(report: Report) -> dict[str, Any]:
    """What studies say of the techniques used: each claim once, with its step and its source."""
    used = {row.technique for one in report.sessions for row in one.note.treatments}
    known = catalogue.load()
    ids = dict.fromkeys(claim for name in sorted(used) for claim in known.technique(name).claims)
    claims = claim_rows(known.claim(one) for one in ids)
    return {
        "title": _("What studies say of these techniques"),
        "said": _("About groups of people, not about this client. How sure, and the source:"),
        "rows": [{"say": row.say, "sure": _step(row), "source": str(row.source)} for row in claims],
    }


def _step(row: ClaimRow) -> str:
    steps = {1: _("Not sure"), 2: _("Some signs"), 3: _("Fairly sure"), 4: _("Sure")}
    return str(steps.get(row.grade) or capfirst(row.status))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
