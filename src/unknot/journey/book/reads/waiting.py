"""The waiting list: one's own places in line, and who is asked about a time that became free.

Nobody learns who or how many wait before them, only whether they are asked next.

Units   aware datetimes; days and minutes from midnight of the practice's zone.
Errors  none.
Source  the booking policies in docs/decisions.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import BigIntegerField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.dates import WEEKDAYS

from unknot.domain.calendar import cells
from unknot.domain.calendar.intervals import Period
from unknot.domain.calendar.slots import Slot
from unknot.journey.book.models import Appointment, AvailDay, FreedTime, Status, WaitingEntry
from unknot.journey.book.reads import booked, decision
from unknot.journey.book.reads.decision import Wanted
from unknot.people.models import Client

#: How long a time is held for whoever is asked, unless the practice's notice begins before.
OFFER: Final = timedelta(hours=2)
#: Nobody is asked who would have less time than this to answer.
SHORTEST_OFFER: Final = timedelta(minutes=10)
OPEN: Final = (WaitingEntry.State.WAITING, WaitingEntry.State.OFFERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One place in line as its client sees it; `offer` is the key of the time held for them."""

    key: UUID
    technique: str
    minutes: int
    therapist: str  # empty: any
    first_day: date
    last_day: date
    from_time: str  # empty with `to_time`: any time of the day
    to_time: str
    weekdays: tuple[str, ...]
    is_next: bool
    offer: UUID | None
    offer_start: datetime | None
    offer_until: datetime | None


def mine(client: Client, *, now: datetime) -> tuple[Row, ...]:
    """The places of a client whose days are not over, oldest first; 1 query."""
    today = now.astimezone(client.practice.tz).date()
    found = (
        WaitingEntry.objects.filter(client=client, state__in=OPEN, last_day__gte=today)
        .select_related("service", "therapist", "offer")
        .annotate(has_somebody_before=Exists(_before()))
        .order_by("since", "pk")
    )
    return tuple(row for one in found if (row := _row(one, now)) is not None)


def is_left(freed: FreedTime) -> bool:
    """Whether any cell of a freed time is free still; 1 query."""
    zone = freed.therapist.practice.tz
    return any(
        free & cells.taken_bits([Period(freed.start, freed.end)], day, zone)
        for day, free in AvailDay.objects.filter(
            resource__user=freed.therapist.user_id,
            practice=freed.therapist.practice_id,
            day__in=cells.masks(Period(freed.start, freed.end), zone),
        ).values_list("day", "free")
    )


def in_line(
    freed: FreedTime, *, now: datetime, behind: WaitingEntry | None = None
) -> QuerySet[WaitingEntry]:
    """Who waits for a time like this one, the first who came first; only those `behind` a place."""
    practice = freed.therapist.practice
    wall = freed.start.astimezone(practice.tz)
    today = now.astimezone(practice.tz).date()
    day, weekday = wall.date(), wall.weekday()
    found = (
        WaitingEntry.objects.filter(
            Q(service__therapists=freed.therapist, service__therapists__listed_since__isnull=False),
            Q(therapist=freed.therapist) | Q(therapist__isnull=True),
            Q(weekdays=[]) | Q(weekdays__contains=[weekday]),
            state=WaitingEntry.State.WAITING,
            service__active=True,
            service__for_two=False,
            first_day__lte=day,
            last_day__gte=max(day, today),
        )
        .select_related("client__user", "client__practice", "service")
        .order_by("since", "pk")
    )
    if behind is None:
        return found
    return found.filter(Q(since__gt=behind.since) | Q(since=behind.since, pk__gt=behind.pk))


def time_for(
    entry: WaitingEntry, wanted: Wanted, freed: FreedTime, *, now: datetime
) -> Slot | None:
    """The start for this entry that uses the freed time, by the one decision; None without one.

    The freed start itself if it can be had, else the nearest; none that they let go before, so
    that it is offered to nobody twice. About 9 queries.
    """
    zone = wanted.practice.tz
    day = freed.start.astimezone(zone).date()
    question = decision.ask(wanted, day, day, now=now)
    let_go = list(
        Appointment.objects.filter(
            client=entry.client,
            therapist=freed.therapist,
            start__lt=freed.end,
            end__gt=freed.start,
            status__in=[Status.EXPIRED, Status.CANCELLED],
            changed_at__gte=entry.since,
        )
    )
    fits = [
        slot
        for slot in question.offered(day, day, now=now)
        if slot.start < freed.end
        and freed.start < slot.end
        and _within(entry, slot, wanted)
        and held_until(wanted, slot.start, now=now) - now >= SHORTEST_OFFER
        and not any(one.start < slot.end and slot.start < one.end for one in let_go)
    ]
    return min(fits, key=lambda slot: (abs(slot.start - freed.start), slot.start), default=None)


def held_until(wanted: Wanted, start: datetime, *, now: datetime) -> datetime:
    """Until when an offer made now is kept: never into the practice's notice."""
    return min(now + OFFER, start - timedelta(minutes=wanted.practice.notice_minutes))


def _within(entry: WaitingEntry, slot: Slot, wanted: Wanted) -> bool:
    """Whether a session lies within the hours that somebody named."""
    zone = wanted.practice.tz
    begins, ends = slot.start.astimezone(zone), slot.end.astimezone(zone)
    first = begins.hour * 60 + begins.minute
    last = ends.hour * 60 + ends.minute + (ends.date() - begins.date()).days * 1440
    return entry.from_minute <= first and last <= entry.to_minute


def _before() -> QuerySet[WaitingEntry]:
    """Those who wait for the same service on some of the same days, and came earlier."""
    earlier = Q(since__lt=OuterRef("since")) | Q(since=OuterRef("since"), pk__lt=OuterRef("pk"))
    theirs = ExpressionWrapper(OuterRef("therapist"), output_field=BigIntegerField())
    same = Q(therapist__isnull=True) | Q(therapist=OuterRef("therapist")) | Q(asked__isnull=True)
    return WaitingEntry.objects.alias(asked=theirs).filter(
        earlier,
        same,
        service=OuterRef("service"),
        state=WaitingEntry.State.WAITING,
        first_day__lte=OuterRef("last_day"),
        last_day__gte=OuterRef("first_day"),
    )


def _row(entry: WaitingEntry, now: datetime) -> Row | None:
    """The row of a place; None when what was offered is booked by now."""
    offer = entry.offer if entry.state == WaitingEntry.State.OFFERED else None
    if offer is not None and offer.booked_at is not None:
        return None
    until = offer.held_until if offer is not None else None
    if offer is None or offer.status != Status.HELD or until is None or until <= now:
        offer = until = None
    whole = (entry.from_minute, entry.to_minute) == (0, 1440)
    return Row(
        key=entry.key,
        technique=booked.technique_name(entry.service.technique),
        minutes=entry.service.minutes,
        therapist=entry.therapist.name if entry.therapist else "",
        first_day=entry.first_day,
        last_day=entry.last_day,
        from_time="" if whole else _clock(entry.from_minute),
        to_time="" if whole else _clock(entry.to_minute),
        weekdays=tuple(str(WEEKDAYS[one]) for one in sorted(entry.weekdays)),
        is_next=offer is None and not entry.has_somebody_before,  # type: ignore[attr-defined]
        offer=offer.key if offer else None,
        offer_start=offer.start if offer else None,
        offer_until=until,
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
