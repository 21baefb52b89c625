"""Every version of a note, and one of them beside the one before; reads never write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.domain.bodymap import regions
from unknot.domain.guidance import catalogue
from unknot.domain.notes import versions
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import reads as prepare
from unknot.journey.session.models import NoteVersion
from unknot.journey.session.reads import note as notes

Words = str | Promise

LABELS: Mapping[str, Words] = {
    "subjective": gettext_lazy("What the client said"),
    "objective": gettext_lazy("What I found"),
    "assessment": gettext_lazy("What I think"),
    "plan": gettext_lazy("Plan"),
    "pain_before": gettext_lazy("Pain before"),
    "pain_after": gettext_lazy("Pain after"),
    "tension_before": gettext_lazy("Tension before"),
    "tension_after": gettext_lazy("Tension after"),
    "treatments": gettext_lazy("Treated regions"),
    "marks": gettext_lazy("What I found by touch"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One save: who, when, and which sections it changed."""

    revision: int
    saved_at: datetime
    by: str
    changed: tuple[Words, ...]
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section that differs: the text before and after, cut where they differ."""

    label: Words
    before: tuple[versions.Piece, ...]
    after: tuple[versions.Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsPage:
    """The versions, newest first; `sections` compare `chosen` with the save before."""

    visit: prepare.Visit
    client_name: str
    note: notes.NoteRow
    rows: tuple[VersionRow, ...]
    chosen: VersionRow | None
    sections: tuple[Section, ...]


def versions_page(appointment: Appointment, revision: int | None) -> VersionsPage | None:
    """Compare version `revision`, or the newest; None when nothing was ever saved.

    The number of queries does not grow with the versions.
    """
    note = notes.note_of(appointment)
    if note is None:
        return None
    kept = list(NoteVersion.objects.filter(note=note).select_related("by").order_by("revision"))
    numbers = [one.revision for one in kept]
    chosen = revision if revision in numbers else max(numbers, default=None)
    rows = _rows(kept, chosen)
    return VersionsPage(
        visit=prepare.visit(appointment),
        client_name=prepare.client_of(appointment).name,
        note=notes.note_row(note),
        rows=rows[::-1],
        chosen=next((row for row in rows if row.chosen), None),
        sections=_sections(kept, numbers.index(chosen)) if chosen is not None else (),
    )


def _rows(kept: Sequence[NoteVersion], chosen: int | None) -> tuple[VersionRow, ...]:
    before: list[Mapping[str, Any]] = [{}, *(one.content for one in kept)]
    return tuple(
        VersionRow(
            revision=one.revision,
            saved_at=one.saved_at,
            by=one.by.name or one.by.email,
            changed=tuple(LABELS[c.section] for c in versions.changes(was, one.content)),
            chosen=one.revision == chosen,
        )
        for was, one in zip(before, kept, strict=False)
    )


def _sections(kept: Sequence[NoteVersion], place: int) -> tuple[Section, ...]:
    before = kept[place - 1].content if place else {}
    found = []
    for change in versions.changes(before, kept[place].content):
        texts = _said(change.section, change.before), _said(change.section, change.after)
        left, right = versions.side_by_side(*texts)
        found.append(Section(label=LABELS[change.section], before=left, after=right))
    return tuple(found)


def _said(section: str, value: Any) -> str:
    """One section of a version in words; empty when there is nothing."""
    if section == "treatments":
        return "\n".join(_treated(row) for row in value)
    if section == "marks":
        places = prepare.places_of(value)
        return "\n".join(f"{place.label_pro}: {place.level}" for place in places)
    return "" if value is None else str(value)


def _treated(row: Mapping[str, Any]) -> str:
    return _("%(region)s: %(technique)s, %(minutes)s min, pressure %(pressure)s of 5") % {
        "region": regions.load().region(row["region"]).label_pro,
        "technique": catalogue.load().technique(row["technique"]).name,
        "minutes": row["minutes"],
        "pressure": row["pressure"],
    }
