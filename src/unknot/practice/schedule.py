"""Turn the appointments of a day into what its list shows: visits, free gaps and the now-line."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from unknot.journey.book.reads.booked import Row
from unknot.journey.book.reads.gaps import Gap
from unknot.journey.understand.day_flags import DayFlags

#: A shorter pause is only time to change the linen.
SHORTEST_GAP = timedelta(minutes=30)
#: Who comes within this time is shown by name.
SOON = timedelta(hours=1)
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
    recheck: str  # "asked", "open", "waits" for the full check-in, or nothing
    has_news: bool  # wishes that changed shortly before
    late_minutes: int  # since a start at which nobody was noted; 0 otherwise

    @property
    def is_open(self) -> bool:
        """Whether it still lies ahead or is going on."""
        return not self.is_over and not self.row.on_hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the list: a visit, a free gap until `until`, or the now-line.

    `bookable` is the first start at which something can still be booked in the gap.
    """

    at: datetime
    visit: Visit | None = None
    until: datetime | None = None
    bookable: datetime | None = None
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
    news: Collection[UUID] = (),
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
            recheck=(rechecks or {}).get(row.key, ""),
            has_news=own and row.key in news,
            late_minutes=_late(row, now),
        )
        for row in rows
    )


def _late(row: Row, now: datetime) -> int:
    """How long ago a session began, in minutes, for which nobody was noted; 0 once it is over."""
    if row.status != "confirmed" or row.on_hold or not row.start < now < row.end:
        return 0
    return (now - row.start) // timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """Who of the day has come, who has not, and who is still expected; on hold is left out."""

    late: tuple[Visit, ...]  # began, and nobody is noted
    coming: tuple[Visit, ...]  # of the next hour
    here: tuple[Visit, ...]
    missed: tuple[Visit, ...]
    later: int
    given: int

    @property
    def is_empty(self) -> bool:
        """Whether nobody is expected, here, late or missing."""
        return not (self.late or self.coming or self.here or self.missed or self.later)


def arrivals(visits: Sequence[Visit], *, now: datetime) -> Arrivals:
    """Sort a day's visits by what is known of their clients at `now`."""
    confirmed = [one for one in visits if one.can_arrive]
    ahead = [one for one in confirmed if one.row.start > now]
    soon = tuple(one for one in ahead if one.row.start <= now + SOON)
    return Arrivals(
        late=tuple(one for one in confirmed if one.row.start <= now),
        coming=soon,
        here=tuple(one for one in visits if one.row.status == "arrived" and not one.row.on_hold),
        missed=tuple(one for one in visits if one.row.status == "no_show"),
        later=len(ahead) - len(soon),
        given=sum(one.row.status == "attended" for one in visits),
    )


def next_visit(visits: Sequence[Visit]) -> Visit | None:
    """The visit that is going on or comes next, or None."""
    return next((visit for visit in visits if visit.is_open), None)


def lines(
    visits: Sequence[Visit], *, now: datetime | None, gaps: Sequence[Gap] = ()
) -> tuple[Line, ...]:
    """Give the list of one calendar by time; `now` draws the now-line, None leaves it out.

    `gaps` are the times that can be booked: those in a pause belong to its line.
    """
    following = next_visit(visits) if now is not None else None
    found = list(_pauses(visits, gaps))
    for visit in visits:
        found.append(Line(at=visit.row.start, visit=visit, is_next=visit is following))
    found.sort(key=lambda line: line.at)
    if now is not None:
        place = sum(line.at <= now for line in found)
        found.insert(place, Line(at=now))
    return tuple(found)


def _pauses(visits: Sequence[Visit], gaps: Sequence[Gap]) -> Iterator[Line]:
    """The pauses between visits, then what can be booked before the first and after the last."""
    inside: set[datetime] = set()
    until: datetime | None = None
    for visit in visits:
        start = visit.row.start
        if until is not None and start - until >= SHORTEST_GAP:
            own = [gap.start for gap in gaps if until <= gap.start < start]
            inside.update(own)
            yield Line(at=until, until=start, bookable=min(own, default=None))
        until = max(until or visit.row.end, visit.row.end)
    for gap in gaps:
        if gap.start not in inside:
            yield Line(at=gap.start, until=gap.end, bookable=gap.start)


def by_therapist(visits: Sequence[Visit]) -> tuple[tuple[str, tuple[Visit, ...]], ...]:
    """Group the visits of a practice by its therapists, by name."""
    names = sorted({visit.row.therapist for visit in visits})
    return tuple(
        (name, tuple(visit for visit in visits if visit.row.therapist == name)) for name in names
    )
