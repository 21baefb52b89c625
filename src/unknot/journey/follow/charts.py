"""The words on the chart of somebody's days, in the reader's language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from unknot.domain.outcomes.findings import OF_THE_BODY, OUTCOMES, Outcome
from unknot.domain.outcomes.wording import language_of, outcome_name
from unknot.journey.follow.reads.progress import Progress
from unknot.web.charts.panels import Panel, Rating, Row, Texts, Visit, panels, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Strands:
    """One chart drawn twice, wide and for a phone, and its table; empty without any answer."""

    wide: SafeString
    phone: SafeString
    names: tuple[str, ...]
    rows: tuple[Row, ...]


def strands(progress: Progress, *, with_mind: bool = True) -> Strands:
    """Draw every outcome that was rated over one time axis; without `with_mind` only the body's."""
    shown = tuple(_panels(progress, [one for one in OUTCOMES if with_mind or one in OF_THE_BODY]))
    visits, texts = _visits(progress), _texts(progress, [panel.name for panel in shown])

    def draw(*, phone: bool) -> SafeString:
        drawn = panels(shown, texts=texts, visits=visits, until=progress.today, phone=phone)
        return mark_safe(drawn)  # noqa: S308  # panels escapes every word it is given

    return Strands(
        wide=draw(phone=False),
        phone=draw(phone=True),
        names=tuple(panel.name for panel in shown),
        rows=table(shown, visits=visits, until=progress.today)[::-1],
    )


def strand(progress: Progress, outcome: Outcome, *, width: int) -> str:
    """Draw one outcome alone, `width` units wide; every word in it is escaped."""
    shown = tuple(_panels(progress, [outcome]))
    texts = _texts(progress, [panel.name for panel in shown])
    visits = _visits(progress)
    return panels(shown, texts=texts, visits=visits, until=progress.today, width=width)


def _panels(progress: Progress, outcomes: Sequence[Outcome]) -> Iterator[Panel]:
    lines = {line.outcome: line for line in progress.lines}
    for outcome in outcomes:
        ratings = [
            Rating(day=day, value=value, at_door=one.moment == "door")
            for day, one in progress.check_ins
            if (value := getattr(one, outcome)) is not None
        ]
        if ratings:
            name = _name(progress, outcome)
            yield Panel(outcome=outcome, name=name, ratings=ratings, strand=lines.get(outcome))


def _name(progress: Progress, outcome: Outcome) -> str:
    """The outcome; of an imported series, what its stress column really measured."""
    name = outcome_name(outcome, language_of(get_language()))
    stand_in = next((row.stress_stand_in for row in progress.imports if row.stress_stand_in), "")
    return f"{name} ({stand_in})" if outcome == "stress" and stand_in else name


def _visits(progress: Progress) -> tuple[Visit, ...]:
    days = enumerate(sorted(set(progress.sessions)), start=1)
    return tuple(Visit(day=day, mark=str(number)) for number, day in days)


def _texts(progress: Progress, names: Sequence[str]) -> Texts:
    return Texts(
        label=_label(progress, names),
        sessions=_("Sessions"),
        now=lambda number: _("%(number)s now") % {"number": number},
        last=lambda number, day: _("%(number)s on %(day)s") % {"number": number, "day": day},
        start=lambda number: _("your start, %(number)s") % {"number": number},
        number=lambda value: number_format(value, 1),
        day=lambda day: date_format(day, "j M"),
    )


def _label(progress: Progress, names: Sequence[str]) -> str:
    count = len(progress.days)
    days = ngettext("%(n)s day", "%(n)s days", count) % {"n": count}
    sessions = ngettext("%(n)s session", "%(n)s sessions", len(progress.sessions)) % {
        "n": len(progress.sessions)
    }
    return _(
        "%(names)s over one time axis, each from 0 to 10. %(days)s with answers, "
        "%(sessions)s marked. The numbers are in the table below."
    ) % {"names": ", ".join(names), "days": days, "sessions": sessions}
