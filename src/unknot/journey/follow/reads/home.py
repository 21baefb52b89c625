"""Reads of what somebody chose to do at home, and how often they did lately.

Units   local days of the practice.
Errors  none.
Source  domain/outcomes/home.py
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from unknot.domain.outcomes import home
from unknot.domain.outcomes.home import Item, Lately
from unknot.domain.screening.clauses import Action
from unknot.journey.follow.models import HomeChoice, HomeDay
from unknot.journey.follow.reads import check_ins
from unknot.journey.understand import reads as understand
from unknot.people.models import Client

#: The technique whose limits say whether heat is fine.
HEATED = "hot_stone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One chosen thing with its counts."""

    id: str
    say: str
    lately: Lately


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePlan:
    """What was chosen, and what may be."""

    rows: tuple[Row, ...]
    offered: tuple[Item, ...]

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of what was chosen."""
        return tuple(row.id for row in self.rows)


def offered(client: Client) -> tuple[Item, ...]:
    """What may be chosen; heat only while the safety table asks nothing of heated stones.

    Without a check-in nobody knows, so heat is left out.
    """
    checkin = understand.latest_completed(client)
    if checkin is None:
        return home.offered(heat=False)
    decision = understand.decision_of(checkin, with_clearances=False)
    asked = [row for row in decision.reasons(HEATED) if row.kind != "always"]
    limited = any(row.action is not Action.OK for row in asked)
    return home.offered(heat=not limited)


def plan(client: Client, *, now: datetime) -> HomePlan:
    """What was chosen with its counts, in the order of the list; what is limited now is hidden."""
    today = check_ins.local_day(client, now)
    items = offered(client)
    chosen = set(
        HomeChoice.objects.filter(client=client, ended_at__isnull=True).values_list(
            "item", flat=True
        )
    )
    first = today - timedelta(days=home.DAYS - 1)
    said: dict[str, dict[date, bool]] = defaultdict(dict)
    days = HomeDay.objects.filter(client=client, day__range=(first, today))
    for item, day, done in days.values_list("item", "day", "done"):
        said[item][day] = done
    rows = (
        Row(id=one.id, say=one.say, lately=home.lately(said[one.id], today))
        for one in items
        if one.id in chosen
    )
    return HomePlan(rows=tuple(rows), offered=items)
