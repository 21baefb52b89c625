"""Keep a weekly, outcome or second intake battery: answers with version and language, scores.

Units   points as each instrument defines them; the day is a local day of the practice.
Errors  BadInput: nothing answered, or an answer to what is not asked now. AnsweredAlready: that
        week, or the last seven days of the weekly questions, are answered. Nothing is half-written.
Source  clinical reference 1.3 and 1.4: raw answers with version and language, never imputed
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.domain.instruments import catalogue as instruments
from unknot.domain.instruments.due import WEEK
from unknot.domain.instruments.plan import Plan
from unknot.journey.understand import follow_ups
from unknot.journey.understand.actions.answers import save_points, store_scores
from unknot.journey.understand.follow_ups import BASELINE_WEEK
from unknot.journey.understand.models import FollowUp
from unknot.people import audit
from unknot.people.models import Client, User
from unknot.web.errors import BadInput, Conflict

Points = Mapping[str, Mapping[str, int | None]]


class AnsweredAlready(Conflict):
    """These questions look back over days that an earlier answer already tells about."""

    title = gettext_lazy("You have answered these")
    sentence = gettext_lazy("Your answers are kept as you gave them. Nothing was changed.")
    mend = gettext_lazy("Your progress page says when the next questions are due.")


@transaction.atomic(durable=True)
def save_follow_up(
    actor: User, client: Client, *, battery: str, week: int | None, points: Points, now: datetime
) -> FollowUp:
    """Keep and score one battery; answering again on the same local day replaces."""
    if not says_something(points):
        raise BadInput(_("Answer at least one question, or leave this for another day."))
    return keep_follow_up(actor, client, battery=battery, week=week, points=points, now=now)


def keep_follow_up(
    actor: User, client: Client, *, battery: str, week: int | None, points: Points, now: datetime
) -> FollowUp:
    """Keep and score one battery inside the caller's transaction; raises the module's errors."""
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    day = follow_ups.local_day(client, now)
    _check_free(client, battery, week, day)
    asked = follow_ups.asking(client, battery, now=now).plan
    _check_asked(asked, points)
    followup, made = FollowUp.objects.update_or_create(
        client=client, battery=battery, day=day, defaults={"week": week, "answered_at": now}
    )
    if not made:
        followup.answers.all().delete()
        followup.scores.all().delete()
    save_points(followup, points, now=now)
    store_scores(followup, asked)
    _write_down(actor, client, followup, now)
    return followup


def _write_down(actor: User, client: Client, kept: FollowUp, now: datetime) -> None:
    match kept.battery:
        case "weekly":
            audit.record(actor, "weekly.saved", kept, at=now, client=client)
        case "before_first":
            audit.record(actor, "baseline.saved", kept, at=now, client=client)
        case _:
            audit.record(actor, "outcome.saved", kept, at=now, client=client)


def says_something(points: Points) -> bool:
    """Whether at least one question is answered."""
    return any(value is not None for given in points.values() for value in given.values())


def _check_free(client: Client, battery: str, week: int | None, day: date) -> None:
    """Refuse a week that is answered: one of its own, or of the days looked back upon."""
    if week not in _weeks(battery):
        raise BadInput(_("These questions are not asked here."))
    before = FollowUp.objects.filter(client=client, day__lt=day)
    taken = before.filter(week=week) if week is not None else before.filter(day__gt=day - WEEK)
    if taken.exists():
        raise AnsweredAlready


def _weeks(battery: str) -> tuple[int | None, ...]:
    """The weeks that one battery can be kept under; none for a battery that is not kept here."""
    match battery:
        case "weekly":
            return (None,)
        case "before_first":
            return (BASELINE_WEEK,)
        case "outcome":
            return instruments.load().battery(battery).at_weeks
        case _:
            return ()


def _check_asked(asked: Plan, points: Points) -> None:
    """Refuse an answer to what is not asked of this client now."""
    for instrument, given in points.items():
        said = {item for item, value in given.items() if value is not None}
        if said - set(asked.items(instrument)):
            raise BadInput(_("One of these questions is not asked now."))
