"""Turn the appointments of a day into what its list shows: visits, free gaps and the now-line."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from unknot.journey.book.reads.booked import Row
from unknot.journey.understand.day_flags import DayFlags

#: A shorter pause is only time to change the linen.
SHORTEST_GAP = timedelta(minutes=30)
#: A later change of the wishes is news to who has prepared already.
SHORT_NOTICE = timedelta(hours=24)
OVER = frozenset({"attended", "no_show"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One appointment with what may be done about it; health words only for its therapist."""

    row: Row
    own: bool
    first_visit: bool
    flags: DayFlags | None
    phone: str
    is_over: bool
    can_arrive: bool
    can_miss: bool
    is_unsigned: bool
    changed_at: datetime | None  # when the wishes changed at short notice
    recheck: str  # "asked", "open", "waits" for the full check-in, or nothing

    @property
    def is_open(self) -> bool:
        """Whether it still lies ahead or is going on."""
        return not self.is_over and not self.row.on_hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the list: a visit, a free gap until `until`, or the now-line."""

    at: datetime
    visit: Visit | None = None
    until: datetime | None = None
    is_next: bool = False

    @property
    def is_now(self) -> bool:
        return self.visit is None and self.until is None


def as_visits(
    rows: Sequence[Row],
    *,
    now: datetime,
    own: bool = False,
    known: Collection[UUID] = (),
    flags: Mapping[UUID, DayFlags] | None = None,
    phones: Mapping[UUID, str] | None = None,
    rechecks: Mapping[UUID, str] | None = None,
    changed: Mapping[UUID, datetime] | None = None,
) -> tuple[Visit, ...]:
    """Give the visits of `rows`; without `own` there is nothing but names, times and states."""
    return tuple(
        Visit(
            row=row,
            own=own,
            first_visit=own and row.client_key not in known,
            flags=(flags or {}).get(row.client_key) if row.client_key else None,
            phone=(phones or {}).get(row.client_key, "") if row.client_key else "",
            is_over=row.status in OVER or row.end <= now,
            can_arrive=row.status == "confirmed" and not row.on_hold,
            can_miss=row.status == "confirmed" and not row.on_hold and row.start <= now,
            is_unsigned=own
            and not row.on_hold
            and row.status in {"confirmed", "arrived"}
            and row.end <= now,
            changed_at=_late(row, (changed or {}).get(row.key)),
            recheck=(rechecks or {}).get(row.key, ""),
        )
        for row in rows
    )


def _late(row: Row, changed_at: datetime | None) -> datetime | None:
    """When the wishes changed, if that is less than 24 hours before the session."""
    late = changed_at is not None and changed_at >= row.start - SHORT_NOTICE
    return changed_at if late else None


def next_visit(visits: Sequence[Visit]) -> Visit | None:
    """The visit that is going on or comes next, or None."""
    return next((visit for visit in visits if visit.is_open), None)


def lines(visits: Sequence[Visit], *, now: datetime | None) -> tuple[Line, ...]:
    """Give the list of one calendar by time; `now` draws the now-line, None leaves it out."""
    following = next_visit(visits) if now is not None else None
    found: list[Line] = []
    until: datetime | None = None
    for visit in visits:
        start = visit.row.start
        if until is not None and start - until >= SHORTEST_GAP:
            found.append(Line(at=until, until=start))
        found.append(Line(at=start, visit=visit, is_next=visit is following))
        until = max(until or visit.row.end, visit.row.end)
    if now is not None:
        place = sum(line.at <= now for line in found)
        found.insert(place, Line(at=now))
    return tuple(found)


def by_therapist(visits: Sequence[Visit]) -> tuple[tuple[str, tuple[Visit, ...]], ...]:
    """Group the visits of a practice by its therapists, by name."""
    names = sorted({visit.row.therapist for visit in visits})
    return tuple(
        (name, tuple(visit for visit in visits if visit.row.therapist == name)) for name in names
    )
