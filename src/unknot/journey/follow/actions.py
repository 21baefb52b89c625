"""Keep the daily twenty seconds and the weekly three questions, import a series, leave a review.

Units   ratings 0 to 10 or None for a skipped question; days are local days of the practice.
Errors  BadInput: no answer at all, or imported days that the person answered themselves.
        Missing: a review of a session that was not theirs. ReviewTwice: the second review of one.
        Nothing is half-written.
Source  batteries "daily" and "weekly" of knowledge/instruments; PEG: Krebs 2009
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.scoring import score
from unknot.journey.book import reads as book
from unknot.journey.choose import actions as choose
from unknot.journey.choose.reviews import Scores
from unknot.journey.follow import reads
from unknot.journey.follow.models import DailyCheckIn, SeriesImport, WeeklyCheckIn
from unknot.people import audit
from unknot.people.models import Client, User
from unknot.web.errors import BadInput, Missing


class DayAnswers(Protocol):
    """One day as an importer reads it."""

    @property
    def day(self) -> date: ...
    @property
    def pain(self) -> float | None: ...
    @property
    def stress(self) -> float | None: ...
    @property
    def sleep(self) -> float | None: ...


@transaction.atomic(durable=True)
def save_daily(
    actor: User,
    client: Client,
    *,
    pain: int | None,
    stress: int | None,
    sleep: int | None,
    now: datetime,
) -> DailyCheckIn:
    """Keep today's answers; answering again on the same day replaces them."""
    if pain is None and stress is None and sleep is None:
        raise BadInput(_("Answer at least one of the three questions."))
    saved, _made = DailyCheckIn.objects.update_or_create(
        client=client,
        day=reads.local_day(client, now),
        defaults={
            "pain": pain,
            "stress": stress,
            "sleep": sleep,
            "answered_at": now,
            "series": None,
        },
    )
    audit.record(actor, "daily.saved", saved, at=now, client=client)
    return saved


@transaction.atomic(durable=True)
def save_weekly(
    actor: User, client: Client, *, answers: Mapping[str, int], now: datetime
) -> WeeklyCheckIn:
    """Score and keep the three PEG answers; answering again on the same day replaces them."""
    peg = catalogue.load().instrument("peg")
    scored = score(peg, answers)
    if scored.value is None:
        raise BadInput(_("Answer all three questions: the score needs each of them."))
    saved, _made = WeeklyCheckIn.objects.update_or_create(
        client=client,
        day=reads.local_day(client, now),
        defaults={
            **answers,
            "score": scored.value,
            "version": peg.version,
            "answered_at": now,
        },
    )
    audit.record(actor, "weekly.saved", saved, at=now, client=client)
    return saved


@transaction.atomic(durable=True)
def import_days(
    client: Client,
    rows: Sequence[DayAnswers],
    *,
    file_name: str,
    attribution: str = "",
    stress_stand_in: str = "",
    actor: User | None,
    now: datetime,
) -> SeriesImport:
    """Keep a series that came as a file; a day the person answered themselves is never replaced."""
    if not rows:
        raise BadInput(_("There is no row to import."))
    days = [row.day for row in rows]
    own = DailyCheckIn.objects.filter(client=client, day__in=days, series__isnull=True)
    if taken := own.order_by("day").values_list("day", flat=True).first():
        raise BadInput(
            _("%(day)s was already answered by the person; leave that row out.") % {"day": taken}
        )
    DailyCheckIn.objects.filter(client=client, day__in=days).delete()
    series = SeriesImport.objects.create(
        client=client,
        file_name=file_name,
        attribution=attribution,
        stress_stand_in=stress_stand_in,
        imported_by=actor,
        imported_at=now,
        rows=len(rows),
    )
    DailyCheckIn.objects.bulk_create(
        DailyCheckIn(
            client=client,
            day=row.day,
            pain=row.pain,
            stress=row.stress,
            sleep=row.sleep,
            answered_at=now,
            series=series,
        )
        for row in rows
    )
    audit.record(actor, "daily.imported", series, at=now, client=client)
    return series


def reviewable(client: Client, appointment_key: UUID) -> book.Attended:
    """The attended session that this client may review; Missing for any other appointment."""
    attended = book.attended(client, appointment_key)
    if attended is None:
        raise Missing
    return attended


@transaction.atomic(durable=True)
def leave_review(
    client: Client, appointment_key: UUID, *, scores: Scores, text: str, now: datetime
) -> None:
    """Hand `choose` a review together with the proof that this client attended the session."""
    attended = reviewable(client, appointment_key)
    choose.add_review(
        attended.therapist,
        client,
        appointment_key=appointment_key,
        technique=attended.technique,
        scores=scores,
        text=text,
        attended_on=attended.on,
        now=now,
    )


@transaction.atomic(durable=True)
def open_progress(actor: User, client: Client, *, now: datetime) -> reads.Progress:
    """A therapist reads a client's progress: the read, and the row that says so."""
    audit.record(actor, "progress.read", client, at=now, client=client)
    return reads.progress(client, now=now)
