"""Keep the daily twenty seconds, the weekly and the outcome questions, and an import.

Units   ratings 0 to 10 or None for a skipped question; points as each instrument defines them;
        days are local days of the practice.
Errors  BadInput: no answer at all, or imported days that the person answered themselves.
        NotDue: questions that are not open today. Nothing is half-written.
Source  batteries "daily", "weekly" and "outcome" of knowledge/instruments
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.domain.instruments import catalogue
from unknot.journey.book.actions import letters
from unknot.journey.follow.actions import reminders
from unknot.journey.follow.models import DailyCheckIn, SeriesImport
from unknot.journey.follow.reads import check_ins
from unknot.journey.understand.actions.follow_up import (
    Points,
    keep_follow_up,
    save_follow_up,
    says_something,
)
from unknot.journey.understand.actions.recheck import keep_weekly
from unknot.journey.understand.follow_ups import OUTCOME, WEEKLY
from unknot.journey.understand.models import FollowUp
from unknot.people import audit
from unknot.people.models import Client, User
from unknot.web.errors import BadInput, Conflict

#: The daily battery: column, instrument, item and strand.
DAILY = (
    ("pain", "pain_nrs", "pain_24h", "body"),
    ("stress", "stress_nrs", "stress_today", "mind"),
    ("sleep", "sleep_nrs", "sleep_last_night", "mind"),
)


class NotDue(Conflict):
    """These questions are not open today: they are answered, or their day has not come."""

    title = gettext_lazy("These questions are not due now")
    sentence = gettext_lazy("They are answered already, or their day has not come yet.")
    mend = gettext_lazy("Your progress page says when they are due.")


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
    """Keep today's answers with their versions; answering again on the same day replaces them."""
    given = {"pain": pain, "stress": stress, "sleep": sleep}
    return keep_daily(actor, client, given, answered_at=now, now=now)


def keep_daily(
    actor: User,
    client: Client,
    given: Mapping[str, int | None],
    *,
    answered_at: datetime,
    now: datetime,
) -> DailyCheckIn:
    """The same for answers given at `answered_at`; runs inside the caller's transaction."""
    if all(value is None for value in given.values()):
        raise BadInput(_("Answer at least one of the three questions."))
    asked = [
        catalogue.load().instrument(name)
        for column, name, _item, _strand in DAILY
        if given[column] is not None
    ]
    saved, _made = DailyCheckIn.objects.update_or_create(
        client=client,
        day=check_ins.local_day(client, answered_at),
        defaults={
            **given,
            "versions": {one.id: one.version for one in asked},
            "language": asked[0].language,
            "answered_at": answered_at,
            "series": None,
        },
    )
    reminders.take_back(client, now=now)
    audit.record(actor, "daily.saved", saved, at=now, client=client)
    return saved


@transaction.atomic(durable=True)
def save_weekly(
    actor: User, client: Client, *, points: Points, anything_new: str = "", now: datetime
) -> FollowUp:
    """Keep the week's answers and whether anything is new (yes, no, unsure or empty)."""
    if not says_something(points) and not anything_new:
        raise BadInput(_("Answer at least one question, or leave this for another day."))
    if not check_ins.rhythm(client, now=now).weekly_open:
        raise NotDue
    kept = keep_follow_up(actor, client, battery=WEEKLY, week=None, points=points, now=now)
    letters.plan_weekly(client, now=now)
    keep_weekly(actor, client, kept, said=anything_new, now=now)
    return kept


def save_outcome(actor: User, client: Client, *, points: Points, now: datetime) -> FollowUp:
    """Keep the outcome answers of the week that is open now; raises NotDue when none is."""
    rhythm = check_ins.rhythm(client, now=now)
    if not rhythm.outcome_open:
        raise NotDue
    return save_follow_up(
        actor, client, battery=OUTCOME, week=rhythm.outcome.week, points=points, now=now
    )


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
