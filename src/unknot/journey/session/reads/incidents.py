"""Incidents of a practice, and one with everything that was done about it; reads never write."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.screening import catalogue as screening
from unknot.journey.session import access
from unknot.journey.session.models import AdverseEvent, AdverseEventEntry
from unknot.people.models import Client, Practice, User

Words = str | Promise

#: Closed incidents that a list shows at most.
CLOSED_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """One grade of the screening table in words."""

    id: str
    name: Words
    means: Words
    kind: str  # of a tag
    icon: str


GRADES: Mapping[str, Grade] = {
    one.id: one
    for one in (
        Grade(
            id="mild_under_48h",
            name=_("Mild"),
            means=_("Over within 48 hours."),
            kind="",
            icon="info",
        ),
        Grade(
            id="moderate_over_48h_or_treatment",
            name=_("Moderate"),
            means=_("Longer than 48 hours, or it needed treatment."),
            kind="caution",
            icon="triangle-alert",
        ),
        Grade(
            id="serious_hospital_or_lasting",
            name=_("Serious"),
            means=_("Hospital, or something that stays."),
            kind="stop",
            icon="octagon-alert",
        ),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One entry: what was done, and what it changed; a change not made is empty."""

    author: str
    at: datetime
    text: str
    grade: Grade | None
    owner: str
    closes: bool
    reopens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """One incident as a list shows it; `noticed_time` is None when nobody knows the hour."""

    key: UUID
    client_name: str
    noticed_on: date
    noticed_time: time | None
    grade: Grade
    owner: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPage:
    """One incident with its entries, the first one first; `seen` counts them."""

    row: IncidentRow
    zone: ZoneInfo
    session: datetime
    session_key: UUID
    what: str
    reporter: str
    written_at: datetime
    entries: tuple[EntryRow, ...]
    report_to: tuple[str, ...]
    owner_pk: int
    closed_at: datetime | None
    closed_by: str

    @property
    def seen(self) -> int:
        return len(self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentList:
    """The incidents of a practice that somebody may see; `clients` are those whose they are."""

    open: tuple[IncidentRow, ...]
    closed: tuple[IncidentRow, ...]
    clients: tuple[Client, ...]


def grades() -> tuple[Grade, ...]:
    """The grades of the screening table in words, the mildest first."""
    return tuple(GRADES[name] for name in screening.load().adverse_event.grades)


def serious() -> str:
    """The gravest grade of the screening table."""
    return screening.load().adverse_event.grades[-1]


def incident_list(actor: User, practice: Practice) -> IncidentList:
    """Give what `actor` may see of a practice, the gravest open one first; 6 queries at most."""
    newest = AdverseEventEntry.objects.filter(event=OuterRef("pk")).order_by("-pk")
    found = access.incidents_of(actor, practice).annotate(
        closed=Subquery(newest.values("closes")[:1])
    )
    opened = _rows(found.filter(closed=False).order_by("-written_at"))
    closed = _rows(found.filter(closed=True).order_by("-written_at")[:CLOSED_SHOWN])
    order = {grade.id: place for place, grade in enumerate(grades())}
    return IncidentList(
        open=tuple(row for row, _event in sorted(opened, key=lambda one: -order[one[0].grade.id])),
        closed=tuple(row for row, _event in closed),
        clients=tuple({event.client_id: event.client for _row, event in opened + closed}.values()),
    )


def incident_page(event: AdverseEvent) -> IncidentPage:
    """Give one incident with all its entries; 1 query more than loading it."""
    entries = list(event.entries.select_related("author", "owner").order_by("pk"))
    last = entries[-1]
    is_serious = any(entry.grade == serious() for entry in entries)
    return IncidentPage(
        row=_row(event, last),
        zone=event.practice.tz,
        session=event.appointment.start,
        session_key=event.appointment.key,
        what=event.what,
        reporter=_name(event.reporter),
        written_at=event.written_at,
        entries=_entries(entries),
        report_to=screening.load().adverse_event.report_to if is_serious else (),
        owner_pk=last.owner_id,
        closed_at=last.at if last.closes else None,
        closed_by=_name(last.author) if last.closes else "",
    )


def _rows(found: QuerySet[AdverseEvent]) -> list[tuple[IncidentRow, AdverseEvent]]:
    events = found.select_related("client").prefetch_related("entries__owner")
    return [
        (_row(event, max(event.entries.all(), key=lambda entry: entry.pk)), event)
        for event in events
    ]


def _row(event: AdverseEvent, last: AdverseEventEntry) -> IncidentRow:
    return IncidentRow(
        key=event.key,
        client_name=event.client.name,
        noticed_on=event.noticed_on,
        noticed_time=event.noticed_time,
        grade=GRADES[last.grade],
        owner=_name(last.owner),
        is_open=not last.closes,
    )


def _entries(entries: list[AdverseEventEntry]) -> tuple[EntryRow, ...]:
    before: list[AdverseEventEntry | None] = [None, *entries[:-1]]
    return tuple(
        EntryRow(
            author=_name(entry.author),
            at=entry.at,
            text=entry.text,
            grade=None if was and was.grade == entry.grade else GRADES[entry.grade],
            owner="" if was and was.owner_id == entry.owner_id else _name(entry.owner),
            closes=entry.closes,
            reopens=was is not None and was.closes and not entry.closes,
        )
        for was, entry in zip(before, entries, strict=True)
    )


def _name(user: User) -> str:
    return user.name or user.email
