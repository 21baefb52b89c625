"""Keep the daily twenty seconds, the questions of a week or before the first session, an import.

Units   ratings 0 to 10 or None for a skipped question; points as each instrument defines them;
        days are local days of the practice.
Errors  BadInput: no answer at all, or imported days that the person answered themselves.
        NotDue: questions that are not open today. Nothing is half-written.
Source  batteries "daily", "weekly", "before_first" and "outcome" of knowledge/instruments
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.domain.instruments import catalogue
from unknot.domain.outcomes.series import Moment
from unknot.journey.book.actions import letters
from unknot.journey.follow.actions import reminders
from unknot.journey.follow.actions.worsening import tell_if_worse
from unknot.journey.follow.models import DailyCheckIn, DoorCheckIn, SeriesImport
from unknot.journey.follow.reads import baseline, check_ins
from unknot.journey.understand.actions.follow_up import (
    Points,
    keep_follow_up,
    says_something,
)
from unknot.journey.understand.actions.recheck import keep_weekly
from unknot.journey.understand.follow_ups import BASELINE_WEEK, BEFORE_FIRST, OUTCOME, WEEKLY
from unknot.journey.understand.models import FollowUp
from unknot.people import audit
from unknot.people.models import Client, User
from unknot.web.errors import BadInput, Conflict

#: Column, instrument, item and strand.
Question = tuple[str, str, str, str]
#: The daily battery, always in this order.
DAILY: tuple[Question, ...] = (
    ("pain", "pain_nrs", "pain_24h", "body"),
    ("stiffness", "stiffness_nrs", "stiffness_today", "body"),
    ("stress", "stress_nrs", "stress_today", "mind"),
    ("sleep", "sleep_nrs", "sleep_last_night", "mind"),
    ("mood", "mood_nrs", "mood_today", "mind"),
)


class NotDue(Conflict):
    """These questions are not open today: they are answered, or their day has not come."""

    title = gettext_lazy("These questions are not due now")
    sentence = gettext_lazy("They are answered already, or their day has not come yet.")
    mend = gettext_lazy("Your progress page says when they are due.")


class Said(TypedDict, total=False):
    """Five ratings 0 to 10, None or left out where skipped; pain killers None where not said."""

    pain: int | None
    stiffness: int | None
    stress: int | None
    sleep: int | None
    mood: int | None
    painkillers: bool | None


class DayAnswers(Protocol):
    """One check-in as an importer reads it; `at` is None where the file gives only the day."""

    @property
    def day(self) -> date: ...
    @property
    def at(self) -> datetime | None: ...
    @property
    def moment(self) -> Moment: ...
    @property
    def pain(self) -> float | None: ...
    @property
    def stiffness(self) -> float | None: ...
    @property
    def stress(self) -> float | None: ...
    @property
    def sleep(self) -> float | None: ...
    @property
    def mood(self) -> float | None: ...
    @property
    def painkillers(self) -> bool | None: ...


@transaction.atomic(durable=True)
def save_daily(actor: User, client: Client, *, now: datetime, **said: Unpack[Said]) -> DailyCheckIn:
    """Keep today's answers with their versions; answering again on the same day replaces them."""
    return keep_daily(actor, client, said, now=now)


def keep_daily(
    actor: User, client: Client, said: Said, *, now: datetime, answered_at: datetime | None = None
) -> DailyCheckIn:
    """Keep a day's answers, given now or at `answered_at`, in a transaction of the caller."""
    at = answered_at or now
    saved, _made = DailyCheckIn.objects.update_or_create(
        client=client,
        day=check_ins.local_day(client, at),
        defaults={**columns(said, DAILY), "answered_at": at, "series": None},
    )
    reminders.take_back(client, now=now)
    audit.record(actor, "daily.saved", saved, at=now, client=client)
    return saved


def columns(said: Said, asked: Sequence[Question]) -> dict[str, Any]:
    """The columns of what was said, with the version of each answered instrument."""
    given = {name: said.get(name) for name, *_rest in asked}
    answered = [
        catalogue.load().instrument(instrument)
        for name, instrument, *_rest in asked
        if given[name] is not None
    ]
    if not answered:
        raise BadInput(_("Answer at least one of the five ratings."))
    return {
        **given,
        "painkillers": said.get("painkillers"),
        "versions": {one.id: one.version for one in answered},
        "language": answered[0].language,
    }


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
    tell_if_worse(actor, client, now=now)
    letters.plan_weekly(client, now=now)
    keep_weekly(actor, client, kept, said=anything_new, now=now)
    return kept


@transaction.atomic(durable=True)
def save_outcome(actor: User, client: Client, *, points: Points, now: datetime) -> FollowUp:
    """Keep the outcome answers of the week that is open now; raises NotDue when none is."""
    rhythm = check_ins.rhythm(client, now=now)
    if not rhythm.outcome_open:
        raise NotDue
    return _keep(actor, client, OUTCOME, rhythm.outcome.week, points, now)


@transaction.atomic(durable=True)
def save_before_first(actor: User, client: Client, *, points: Points, now: datetime) -> FollowUp:
    """Keep the second baseline; raises NotDue outside the two days before the first session."""
    if not baseline.before_first(client, now=now).is_open:
        raise NotDue
    return _keep(actor, client, BEFORE_FIRST, BASELINE_WEEK, points, now)


def _keep(
    actor: User, client: Client, battery: str, week: int | None, points: Points, now: datetime
) -> FollowUp:
    if not says_something(points):
        raise BadInput(_("Answer at least one question, or leave this for another day."))
    kept = keep_follow_up(actor, client, battery=battery, week=week, points=points, now=now)
    tell_if_worse(actor, client, now=now)
    return kept


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
    days = [row for row in rows if row.moment == "day"]
    doors = [(row.at, row) for row in rows if row.moment == "door" and row.at is not None]
    _make_room(client, [row.day for row in days], [at for at, _row in doors])
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
            client=client, series=series, day=row.day, answered_at=row.at, **_imported(row)
        )
        for row in days
    )
    DoorCheckIn.objects.bulk_create(
        DoorCheckIn(client=client, series=series, answered_at=at, **_imported(row))
        for at, row in doors
    )
    audit.record(actor, "daily.imported", series, at=now, client=client)
    return series


def _make_room(client: Client, days: Sequence[date], doors: Sequence[datetime]) -> None:
    """Drop what earlier files gave for the same days and instants; one's own answers stay."""
    same_days = DailyCheckIn.objects.filter(client=client, day__in=days)
    same_doors = DoorCheckIn.objects.filter(client=client, answered_at__in=doors)
    own_day = same_days.filter(series__isnull=True).order_by("day").values_list("day", flat=True)
    own_door = same_doors.filter(series__isnull=True).order_by("answered_at")
    taken = own_day.first() or own_door.values_list("answered_at", flat=True).first()
    if taken is not None:
        raise BadInput(
            _("%(day)s was already answered by the person; leave that row out.") % {"day": taken}
        )
    same_days.delete()
    same_doors.delete()


def _imported(row: DayAnswers) -> dict[str, Any]:
    ratings = {name: getattr(row, name) for name, *_rest in DAILY}
    return {**ratings, "painkillers": row.painkillers}
