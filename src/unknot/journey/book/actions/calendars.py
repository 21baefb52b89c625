"""Calendars of other programs: the feed they read, and the busy times we read from theirs.

Nothing of an imported entry is kept but its times. A busy time that lands on an appointment moves
nothing: it is told.

Units   aware datetimes; busy periods in UTC.
Errors  BadInput; Missing for a stranger. None leaves a trace.
Source  the booking policies in docs/decisions; docs/explanation/calendars.md
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar.intervals import Period
from unknot.journey.book import access
from unknot.journey.book.actions import days, freed
from unknot.journey.book.actions.locks import lock_people
from unknot.journey.book.models import BusySource, CalendarFeed, ExternalBusy, Resource
from unknot.journey.book.reads import calendars as reads
from unknot.journey.book.reads.decision import BELIEVED
from unknot.journey.choose.models import Therapist
from unknot.people import audit, outbox
from unknot.people.models import User
from unknot.web.errors import BadInput

#: How often a calendar that can be read is read again.
EVERY: Final = timedelta(minutes=30)
#: The first and the longest pause after a failure; it doubles from one to the other.
FIRST_PAUSE: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(hours=6)
#: How long one worker has for one calendar before another may try it.
CLAIM: Final = timedelta(minutes=10)
MOST_SOURCES: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """One busy time of another calendar."""

    period: Period
    uid: str
    tentative: bool


@transaction.atomic(durable=True)
def open_feed(actor: User, *, now: datetime) -> str:
    """Make a new secret address for one's own appointments, in place of the one before.

    The token is given once and kept as a hash alone.
    """
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    CalendarFeed.objects.filter(user=actor, revoked_at__isnull=True).update(revoked_at=now)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(user=actor, token_hash=reads.hashed(token), since=now)
    audit.record(actor, "calendar-feed.opened", feed, at=now)
    return token


@transaction.atomic(durable=True)
def close_feed(actor: User, *, now: datetime) -> None:
    """Let the secret address lead nowhere; a second press changes nothing."""
    feed = CalendarFeed.objects.filter(user=actor, revoked_at__isnull=True).first()
    if feed is not None:
        CalendarFeed.objects.filter(pk=feed.pk).update(revoked_at=now)
        audit.record(actor, "calendar-feed.closed", feed, at=now)


def note_read(feed: CalendarFeed, *, now: datetime) -> None:
    """Keep when a program last read a feed, to the hour."""
    if feed.last_read_at is None or feed.last_read_at <= now - reads.NOTED:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=now)


@transaction.atomic(durable=True)
def add_source(
    actor: User, therapist: Therapist, *, name: str, url: str = "", now: datetime
) -> BusySource:
    """Follow another calendar of a therapist: an address to read again and again, or a file."""
    access.check_may_keep_hours(actor, therapist)
    (person,) = lock_people([therapist]).values()
    if BusySource.objects.filter(resource=person).count() >= MOST_SOURCES:
        raise BadInput(_("You follow ten calendars already: remove one first."))
    source = BusySource.objects.create(
        resource=person,
        name=name.strip(),
        url=url,
        zone=therapist.practice.zone,
        created_at=now,
        next_try_at=now if url else None,
    )
    audit.record(actor, "calendar-source.added", source, at=now)
    return source


@transaction.atomic(durable=True)
def remove_source(actor: User, therapist: Therapist, source: BusySource, *, now: datetime) -> None:
    """Forget another calendar and every busy time read from it."""
    access.check_may_keep_hours(actor, therapist)
    (person,) = lock_people([therapist]).values()
    touched = _periods(source)
    removed, _rows = BusySource.objects.filter(pk=source.pk, resource=person).delete()
    if removed:
        _rebuild(person, touched, now)
        audit.record(actor, "calendar-source.removed", source, at=now)


def claim(now: datetime) -> BusySource | None:
    """Take the calendar that has waited longest to be read, so that no other worker reads it."""
    due = BusySource.objects.filter(next_try_at__lte=now).exclude(url="").order_by("next_try_at")
    for source in due[:20]:
        mine = BusySource.objects.filter(pk=source.pk, next_try_at=source.next_try_at)
        if mine.update(next_try_at=now + CLAIM, last_try_at=now):
            return source
    return None


@transaction.atomic(durable=True)
def replace_busy(
    source: BusySource, busy: Iterable[Busy], *, fingerprint: str, now: datetime
) -> None:
    """Put what was read just now in the place of what was read before, and rebuild those days.

    An appointment that now lies on a busy time is told to its therapist, once.
    """
    person = _locked(source)
    if person is None:
        return
    found = list(busy)
    if source.fingerprint != fingerprint:
        before = _periods(source)
        clashing = reads.clashing(person, now=now)
        ExternalBusy.objects.filter(source=source).delete()
        ExternalBusy.objects.bulk_create(
            (
                ExternalBusy(
                    source=source,
                    market=person.market,
                    resource=person,
                    uid=one.uid,
                    during=DateTimeTZRange(one.period.start, one.period.end),
                    tentative=one.tentative,
                )
                for one in found
            ),
            batch_size=1000,
        )
        _rebuild(person, [*before, *(one.period for one in found)], now)
        _tell_of_clashes(person, reads.clashing(person, now=now) - clashing, now)
    BusySource.objects.filter(pk=source.pk).update(
        last_ok_at=now,
        next_try_at=now + EVERY if source.url else None,
        failures=0,
        problem="",
        fingerprint=fingerprint,
        told_at=None,
    )


@transaction.atomic(durable=True)
def note_failure(source: BusySource, problem: str, *, now: datetime) -> None:
    """Keep why a calendar could not be read, try later, and tell its therapist in time.

    They are told once it is too old to be believed, before the practice's policy surprises them.
    """
    if _locked(source) is None:
        return
    source.refresh_from_db()
    pause = min(FIRST_PAUSE * 2 ** min(source.failures, 10), LONGEST_PAUSE)
    known = source.last_ok_at or source.created_at
    tell = source.told_at is None and (source.last_ok_at is None or known <= now - BELIEVED)
    BusySource.objects.filter(pk=source.pk).update(
        failures=source.failures + 1,
        problem=problem[:250],
        next_try_at=now + pause if source.url else None,
        told_at=now if tell else source.told_at,
    )
    user = source.resource.user
    if tell and user is not None:
        outbox.queue("calendar-unreadable", user, {"source": source}, at=now)


def fingerprint(raw: bytes, day: datetime) -> str:
    """A short text that is another one as soon as the calendar is, or the day it is read for."""
    return hashlib.sha256(f"{day:%Y-%m-%d}".encode() + raw).hexdigest()


def _locked(source: BusySource) -> Resource | None:
    """The person whose calendar it is, locked; None when the source is gone meanwhile."""
    person = (
        Resource.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk=source.resource_id)
        .first()
    )
    still = BusySource.objects.filter(pk=source.pk).exists()
    return person if still else None


def _periods(source: BusySource) -> list[Period]:
    spans = ExternalBusy.objects.filter(source=source).values_list("during", flat=True)
    return [Period(one.lower, one.upper) for one in spans]


def _rebuild(person: Resource, periods: Iterable[Period], now: datetime) -> None:
    found = days.calendars([person])
    freed.note(days.rebuild(found, days=days.days_of(found, periods)), now=now)


def _tell_of_clashes(person: Resource, clashing: frozenset[int], now: datetime) -> None:
    if clashing and person.user is not None:
        outbox.queue("calendar-clash", person.user, {"count": len(clashing)}, at=now)
