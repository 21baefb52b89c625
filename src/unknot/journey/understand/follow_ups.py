"""Reads about follow-ups: what a battery asks of a client now, and what was said.

Nothing here writes.

Units   local days of the practice; points as each instrument defines them.
Errors  UnknownInstrument for a battery that no file defines.
Source  knowledge/instruments/shared/batteries.toml; clinical reference 1.3
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from unknot.domain.instruments import catalogue as instruments
from unknot.domain.instruments.plan import Asked, Plan, plan
from unknot.journey.understand import questionnaires, reads
from unknot.journey.understand.models import CheckIn, CheckInState, FollowUp
from unknot.people.models import Client

ACTIVITIES = "activity3"
WEEKLY, OUTCOME, BEFORE_FIRST = "weekly", "outcome", "before_first"
#: The week of the questions before the first session.
BASELINE_WEEK = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a battery asks of one client now, with the words of their own activities."""

    plan: Plan
    activities: tuple[str, ...]

    @property
    def words(self) -> dict[str, str]:
        """What fills {activity_1} and so on in the questions."""
        return {f"activity_{place}": text for place, text in enumerate(self.activities, 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """When one battery was answered; `week` is that of the table."""

    battery: str
    week: int | None
    day: date


def local_day(client: Client, now: datetime) -> date:
    """The day it is now where the client's practice is."""
    return now.astimezone(client.practice.tz).date()


def asking(client: Client, battery: str, *, now: datetime) -> Asking:
    """Choose what `battery` asks of this client now; what was answered today may be changed.

    The activities are those of the newest check-in; without any, nothing is asked about them.
    """
    latest = reads.latest_completed(client)
    named = questionnaires.activities_of(latest) if latest else ()
    found = plan(
        instruments.load(),
        battery,
        main_region=questionnaires.main_region(latest) if latest else "",
        days_since=questionnaires.days_since(
            client, now=now, without=given_on(client, battery, local_day(client, now))
        ),
    )
    asked = (
        replace(one, items=one.items[: len(named)]) if one.instrument == ACTIVITIES else one
        for one in found.asked
    )
    return Asking(plan=replace(found, asked=tuple(filter(_has_items, asked))), activities=named)


def _has_items(one: Asked) -> bool:
    return bool(one.items)


def given_on(client: Client, battery: str, day: date) -> FollowUp | None:
    """The follow-up of one battery on a local day."""
    return FollowUp.objects.filter(client=client, battery=battery, day=day).first()


def answered_on(client: Client, battery: str) -> date | None:
    """The local day on which a battery was answered last; 1 query."""
    rows = FollowUp.objects.filter(client=client, battery=battery).order_by("-day")
    return rows.values_list("day", flat=True).first()


def newest(client: Client) -> FollowUp | None:
    """The follow-up that was answered last, of whichever battery."""
    rows = FollowUp.objects.select_related("client__practice").filter(client=client)
    return rows.order_by("-answered_at", "-pk").first()


def answered(client: Client) -> tuple[Answered, ...]:
    """Every follow-up with its day, oldest first."""
    rows = FollowUp.objects.filter(client=client).order_by("day", "pk")
    return tuple(
        Answered(battery=battery, week=week, day=day)
        for battery, week, day in rows.values_list("battery", "week", "day")
    )


def first_completed_on(client: Client) -> date | None:
    """The local day of the client's first completed check-in."""
    completed = CheckIn.objects.filter(client=client, state=CheckInState.COMPLETED)
    at = completed.order_by("completed_at").values_list("completed_at", flat=True).first()
    return None if at is None else local_day(client, at)
