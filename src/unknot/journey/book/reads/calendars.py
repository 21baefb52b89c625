"""Reads about calendars of other programs. Returns rows and never writes.

Units   aware datetimes.
Errors  Missing for a token that opens nothing.
Source  docs/explanation/calendars.md
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from unknot.journey.book.models import Appointment, BusySource, CalendarFeed, ExternalBusy, Resource
from unknot.journey.book.reads import booked
from unknot.journey.book.reads.booked import COMING, Row
from unknot.journey.book.reads.decision import BELIEVED
from unknot.journey.choose.models import Therapist
from unknot.people.models import Membership, User
from unknot.web.errors import Missing

#: How far back a feed reaches; what is older, programs keep themselves.
BACK: Final = timedelta(days=90)
#: Reading a feed is noted no more often than this.
NOTED: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Another calendar that a therapist told us of."""

    key: UUID
    name: str
    host: str  # of the address, never the whole of it; empty for a file
    busy: int
    last_ok_at: datetime | None
    problem: str
    is_old: bool  # too long unread to be believed


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One's own listing in one practice, with the calendars that are followed for it."""

    therapist: Therapist
    policy: str
    sources: tuple[Source, ...]
    clashing: tuple[Row, ...]


def hashed(token: str) -> str:
    """What is kept of the secret part of a feed's address."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_feed(user: User) -> CalendarFeed | None:
    """The feed of this account that can be read, or None; 1 query."""
    return CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).first()


def feed_of(token: str) -> CalendarFeed:
    """The feed that a secret address opens, or Missing; 1 query."""
    found = CalendarFeed.objects.select_related("user").filter(
        token_hash=hashed(token), revoked_at__isnull=True, user__is_active=True
    )
    feed = found.first()
    if feed is None:
        raise Missing
    return feed


def feed_rows(user: User, *, now: datetime) -> tuple[Row, ...]:
    """The appointments of this account, as client and as therapist, soonest first; 2 queries.

    What was cancelled stays in it, so that programs take it away.
    """
    works = Membership.objects.filter(
        user=user, practice=OuterRef("therapist__practice"), until__isnull=True
    )
    own = Q(client__user=user) | (Q(therapist__user=user) & Q(Exists(works)))
    found = Appointment.objects.filter(
        own, booked_at__isnull=False, client__isnull=False, end__gt=now - BACK
    ).select_related("therapist__practice", "therapist__location", "service", "client")
    return booked.rows(found.order_by("start", "pk"))


def own_calendars(user: User, *, now: datetime) -> tuple[Own, ...]:
    """The calendars followed for each of one's listings; 3 queries for each."""
    listings = Therapist.objects.filter(
        user=user, practice__membership__user=user, practice__membership__until__isnull=True
    ).distinct()
    return tuple(_own(one, now) for one in listings.select_related("practice", "user"))


def source(therapist: Therapist, key: UUID) -> BusySource:
    """One of the calendars followed for this therapist, or Missing; 1 query."""
    found = BusySource.objects.filter(key=key, resource__user=therapist.user_id).first()
    if found is None:
        raise Missing
    return found


def clashing(person: Resource, *, now: datetime) -> frozenset[int]:
    """The coming appointments of a person that lie on a busy time elsewhere, by number; 1 query."""
    busy = ExternalBusy.objects.filter(
        resource=person, during__overlap=OuterRef("allocation__during")
    )
    coming = Appointment.objects.filter(
        allocation__resource=person, status__in=COMING, start__gt=now
    )
    return frozenset(coming.filter(Exists(busy)).values_list("pk", flat=True))


def _own(therapist: Therapist, now: datetime) -> Own:
    person = Resource.objects.filter(user=therapist.user_id).first()
    if person is None:
        policy = therapist.practice.get_unreadable_calendar_display()
        return Own(therapist=therapist, policy=policy, sources=(), clashing=())
    rows = Appointment.objects.filter(
        pk__in=clashing(person, now=now), therapist=therapist
    ).select_related("therapist__practice", "therapist__location", "service", "client")
    return Own(
        therapist=therapist,
        policy=therapist.practice.get_unreadable_calendar_display(),
        sources=tuple(_source(one, now) for one in person.sources.order_by(F("created_at").asc())),
        clashing=booked.rows(rows.order_by("start")),
    )


def _source(one: BusySource, now: datetime) -> Source:
    return Source(
        key=one.key,
        name=one.name,
        host=one.url.partition("://")[2].partition("/")[0],
        busy=one.busy.count(),
        last_ok_at=one.last_ok_at,
        problem=one.problem,
        is_old=bool(one.url) and (one.last_ok_at is None or one.last_ok_at <= now - BELIEVED),
    )
