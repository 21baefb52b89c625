"""The words on the two-strand chart, in the reader's language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from unknot.domain.outcomes.findings import OF_THE_BODY, Strand
from unknot.domain.outcomes.series import Day
from unknot.journey.follow.reads.progress import Progress
from unknot.web.charts.strands import TableRow, Texts, one_strand, table_rows, two_strands


@dataclass(frozen=True, slots=True, kw_only=True)
class Strands:
    """One chart drawn twice, wide and for a phone, and its table; empty without any answer."""

    wide: SafeString
    phone: SafeString
    rows: tuple[TableRow, ...]


def strands(progress: Progress, *, with_mind: bool = True) -> Strands:
    """Draw body and mind over time; without `with_mind` the mind panel stays empty."""
    shown = progress.days if with_mind else tuple(_body_only(day) for day in progress.days)
    texts = _texts(progress)
    lines = progress.lines if with_mind else tuple(_of_the_body(progress.lines))

    def draw(*, phone: bool) -> SafeString:
        return mark_safe(  # noqa: S308  # two_strands escapes every word it is given
            two_strands(
                shown,
                texts=texts,
                sessions=progress.sessions,
                lines=lines,
                until=progress.today,
                phone=phone,
            )
        )

    rows = table_rows(shown, sessions=progress.sessions, until=progress.today, lines=lines)
    return Strands(wide=draw(phone=False), phone=draw(phone=True), rows=rows)


def strand(progress: Progress, only: Literal["body", "mind"], *, width: int) -> str:
    """Draw one of the two strands alone, `width` units wide; every word in it is escaped."""
    return one_strand(
        progress.days,
        only,
        texts=_texts(progress),
        sessions=progress.sessions,
        lines=progress.lines,
        until=progress.today,
        width=width,
    )


def _of_the_body(lines: Sequence[Strand]) -> Iterator[Strand]:
    return (line for line in lines if line.outcome in OF_THE_BODY)


def _body_only(day: Day) -> Day:
    return Day(day=day.day, pain=day.pain)


def _texts(progress: Progress) -> Texts:
    stand_in = next((row.stress_stand_in for row in progress.imports if row.stress_stand_in), "")
    return Texts(
        label=_label(progress),
        body=_("Pain"),
        mind=_("Stress (%(stand_in)s)") % {"stand_in": stand_in} if stand_in else _("Stress"),
        sessions=_("Sessions"),
        now=lambda number: _("%(number)s now") % {"number": number},
        last=lambda number, day: _("%(number)s on %(day)s") % {"number": number, "day": day},
        start=lambda number: _("your start, %(number)s") % {"number": number},
        number=lambda value: number_format(value, 1),
        day=_day,
    )


def _label(progress: Progress) -> str:
    count = len(progress.days)
    days = ngettext("%(n)s day", "%(n)s days", count) % {"n": count}
    sessions = ngettext("%(n)s session", "%(n)s sessions", len(progress.sessions)) % {
        "n": len(progress.sessions)
    }
    return _(
        "Two charts with one time axis: pain above, stress below, each from 0 to 10. "
        "%(days)s with answers, %(sessions)s marked. The numbers are in the table below."
    ) % {"days": days, "sessions": sessions}


def _day(day: date) -> str:
    return date_format(day, "j M")
