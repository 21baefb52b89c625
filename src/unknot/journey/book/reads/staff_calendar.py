"""The calendars that staff look at: what takes each person, room and tool, day by day.

Names, times and standings, never a word about health; what another calendar says has no title.
Nothing is written.

Units   local days of the practice; aware datetimes.
Errors  none.
Source  docs/decisions/0019-the-read-model.md
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import cells, hours
from unknot.domain.calendar.intervals import Period, intersect, merge, subtract
from unknot.journey.book.models import (
    BLOCKING,
    Allocation,
    Appointment,
    Awaits,
    ExternalBusy,
    Resource,
    Status,
    TimeOff,
)
from unknot.journey.book.reads import decision
from unknot.journey.choose.models import Therapist
from unknot.journey.choose.reads import leave as leaves
from unknot.journey.choose.reads import offering
from unknot.journey.choose.reads.leave import Leave
from unknot.journey.understand import stops
from unknot.people.models import Practice, User

#: A shorter pause is only time to change the linen.
SHORTEST_GAP: Final = timedelta(minutes=30)
SHOWN: Final = [*BLOCKING, Status.NO_SHOW]

MOVABLE: Final = frozenset({Status.PENDING, Status.CONFIRMED})
STOPPABLE: Final = frozenset({Status.PENDING, Status.CONFIRMED, Status.ARRIVED})

SESSION: Final = "session"
BUFFER: Final = "buffer"
AWAY: Final = "away"
ELSEWHERE: Final = "elsewhere"
FREE: Final = "free"
CLOSED: Final = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One stretch of a column; `who` only for a session of this practice.

    `state` is how that session stands, or what closes the hours.
    """

    kind: str
    period: Period
    who: str = ""
    by: str = ""  # the therapist, in the column of a room or tool
    state: str | Promise = ""
    is_on_hold: bool = False
    key: UUID | None = None
    can_move: bool = False
    is_missed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One person, room or tool on one local day: the blocks by time, and when it is open."""

    day: date
    name: str
    slug: str
    is_person: bool
    open: tuple[Period, ...]
    blocks: tuple[Block, ...]


def of_day(
    practice: Practice, day: date, *, now: datetime, only: User | None = None
) -> tuple[Column, ...]:
    """A column for each therapist, then each room and tool; of `only` one's own; 11 queries."""
    therapists = list(_therapists(practice, only))
    things = _things(practice) if only is None else []
    return _columns(practice, therapists, things, (day, day), now=now)


def of_week(therapist: Therapist, monday: date, *, now: datetime) -> tuple[Column, ...]:
    """Seven columns of one therapist; 9 queries."""
    span = (monday, monday + timedelta(days=6))
    return _columns(therapist.practice, [therapist], [], span, now=now)


def _therapists(practice: Practice, only: User | None) -> Iterable[Therapist]:
    found = offering.therapists_of(practice).select_related("practice")
    return found if only is None else found.filter(user=only)


def _things(practice: Practice) -> list[Resource]:
    found = Resource.objects.filter(practice=practice, active=True)
    return list(found.order_by("kind", "name", "pk"))


def _columns(
    practice: Practice,
    therapists: Sequence[Therapist],
    things: Sequence[Resource],
    span: tuple[date, date],
    *,
    now: datetime,
) -> tuple[Column, ...]:
    people = {
        one.user_id: one.pk
        for one in Resource.objects.filter(user__in=[each.user_id for each in therapists])
    }
    whole = Period(*decision.bounds(span, practice.tz))
    blocks = _blocks(practice, [*people.values(), *(one.pk for one in things)], whole, now)
    for user, block in _without_allocation(therapists, whole):
        if user in people:
            blocks.setdefault(people[user], []).append(block)
    opening = decision.openings_of(therapists, *span) if therapists else {}
    leave = leaves.of_many(therapists) if therapists else {}
    columns = []
    for day in hours.days(*span):
        bounds = Period(*decision.bounds((day, day), practice.tz))
        for therapist in therapists:
            own = _within(blocks.get(people.get(therapist.user_id, -1), ()), bounds)
            open_ = intersect(opening[therapist.pk], [bounds])
            why = _why_closed(leave[therapist.pk], day)
            rest = _closed(open_, own, why) if why else _free(open_, own, now)
            columns.append(
                Column(
                    day=day,
                    name=therapist.name,
                    slug=therapist.slug,
                    is_person=True,
                    open=open_,
                    blocks=_by_time([*own, *rest]),
                )
            )
        columns += [
            Column(
                day=day,
                name=one.name,
                slug="",
                is_person=False,
                open=(),
                blocks=_by_time(_within(blocks.get(one.pk, ()), bounds)),
            )
            for one in things
        ]
    return tuple(columns)


def _blocks(
    practice: Practice, numbers: Sequence[int], whole: Period, now: datetime
) -> dict[int, list[Block]]:
    """What takes these resources: appointments, time off and other calendars; 4 queries."""
    during = DateTimeTZRange(whole.start, whole.end)
    found: dict[int, list[Block]] = {}
    taken = list(
        Allocation.objects.filter(
            market=practice.market, resource__in=numbers, during__overlap=during
        )
        .exclude(appointment__status=Status.HELD, appointment__held_until__lte=now)
        .select_related("appointment__therapist", "appointment__client", "resource")
    )
    on_hold = _on_hold(one.appointment for one in taken)
    for one in taken:
        period = Period(one.during.lower, one.during.upper)
        parts = _parts(one.appointment, period, practice, on_hold)
        person = one.resource.user_id is not None
        found.setdefault(one.resource_id, []).extend(
            replace(part, by="") if person else part for part in parts
        )
    rows = TimeOff.objects.filter(resource__in=numbers, during__overlap=during)
    for resource, off in rows.values_list("resource", "during"):
        block = Block(kind=AWAY, period=Period(off.lower, off.upper))
        found.setdefault(resource, []).append(block)
    busy = ExternalBusy.objects.filter(
        market=practice.market, resource__in=numbers, during__overlap=during
    )
    for resource, period in busy.values_list("resource", "during"):
        block = Block(kind=ELSEWHERE, period=Period(period.lower, period.upper))
        found.setdefault(resource, []).append(block)
    return found


def _without_allocation(
    therapists: Sequence[Therapist], whole: Period
) -> Iterator[tuple[int, Block]]:
    """Sessions whose allocations are gone, because they are over or nobody came; 2 queries."""
    found = list(
        Appointment.objects.filter(
            therapist__in=[one.pk for one in therapists],
            status__in=SHOWN,
            start__lt=whole.end,
            end__gt=whole.start,
            booked_at__isnull=False,
        )
        .filter(Q(status=Status.NO_SHOW) | Q(allocation__isnull=True))
        .select_related("therapist", "client")
        .distinct()
    )
    on_hold = _on_hold(found)
    for one in found:
        yield one.therapist.user_id, _session(one, on_hold)


def _on_hold(found: Iterable[Appointment]) -> set[int]:
    clients = {one.client_id for one in found if one.client_id is not None}
    return set(stops.clients_on_hold(clients)) if clients else set()


def _parts(
    appointment: Appointment, taken: Period, practice: Practice, on_hold: set[int]
) -> Iterator[Block]:
    """The session and the buffers around it; another practice's is only busy elsewhere."""
    if appointment.therapist.practice_id != practice.pk:
        yield Block(kind=ELSEWHERE, period=taken)
        return
    session = _session(appointment, on_hold)
    yield session
    for rest in subtract([taken], [session.period]):
        yield Block(kind=BUFFER, period=rest)


def _session(appointment: Appointment, on_hold: set[int]) -> Block:
    client = appointment.client
    stopped = appointment.client_id in on_hold and appointment.status in STOPPABLE
    return Block(
        kind=SESSION,
        period=Period(appointment.start, appointment.end),
        who=client.name if client else "",
        by=appointment.therapist.name,
        state=_state(appointment, is_on_hold=stopped),
        is_on_hold=stopped,
        key=appointment.key if client and appointment.booked_at else None,
        is_missed=appointment.status == Status.NO_SHOW,
        can_move=bool(client and appointment.booked_at)
        and appointment.status in MOVABLE
        and not stopped
        and appointment.pair is None,
    )


def _state(appointment: Appointment, *, is_on_hold: bool) -> str | Promise:
    if is_on_hold:
        return _("on hold")
    if appointment.status == Status.HELD:
        return _("held while somebody books")
    if appointment.status == Status.PENDING:
        waits = appointment.awaits == Awaits.SCREENING
        return _("provisional") if waits else _("requested")
    return Status(appointment.status).label


def _within(blocks: Iterable[Block], bounds: Period) -> list[Block]:
    return [one for one in blocks if one.period.overlaps(bounds)]


def _free(open_: Sequence[Period], blocks: Iterable[Block], now: datetime) -> Iterator[Block]:
    """The gaps that are still to come and long enough for a session."""
    taken = merge(one.period for one in blocks)
    for gap in subtract(open_, taken):
        start = max(gap.start, cells.outward(Period(now, now + SHORTEST_GAP)).end - SHORTEST_GAP)
        if gap.end - start >= SHORTEST_GAP:
            yield Block(kind=FREE, period=Period(start, gap.end))


def _closed(
    open_: Sequence[Period], blocks: Iterable[Block], why: str | Promise
) -> Iterator[Block]:
    """The hours that would be open but for a credential, around what is booked in them."""
    for gap in subtract(open_, merge(one.period for one in blocks)):
        yield Block(kind=CLOSED, period=gap, state=why)


def _why_closed(leave: Leave, day: date) -> str | Promise:
    """What closes a day for a therapist, as the week of free times reads it; empty if nothing."""
    closed = leave.closed(day)
    if closed is None:
        return ""
    ended = [
        one.expires_on
        for one in leave.credentials
        if one.kind == closed.kind and one.expires_on is not None and one.expires_on < day
    ]
    if closed.why != "run_out" or not ended:
        return leaves.SENTENCES[closed.why]
    told = dateformat.format(max(ended), "j F Y")
    return gettext("a credential ended on %(day)s") % {"day": told}


def _by_time(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(sorted(blocks, key=lambda one: (one.period.start, one.period.end)))
