"""The small things somebody may do at home, and how often they did them lately.

Counts only: no streak, no share, no praise. A day without an answer is neither done nor missed.

Units   local days.
Errors  KnowledgeError: home.toml breaks its schema.
Source  knowledge/outcomes/home.toml, which takes everything from the techniques' aftercare
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final, Literal

from pydantic import Field

from unknot.domain.knowledge import KNOWLEDGE, Entry, read
from unknot.domain.screening.clauses import Sourced

Kind = Literal["movement", "heat", "breaks"]

#: How many days, today among them, are counted.
DAYS: Final = 14


class Item(Sourced):
    """One thing to do at home, and the aftercare it is taken from, by technique."""

    id: str
    kind: Kind
    say: str
    aftercare: dict[str, str] = Field(min_length=1)


class Home(Entry):
    """home.toml"""

    active: str
    tested: str
    item: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """How many of the last days were answered done and not done, and what was said today."""

    done: int
    not_done: int
    today: bool | None


@cache
def load() -> Home:
    """Give the home plan's items, read once; raises KnowledgeError."""
    return read(KNOWLEDGE / "outcomes" / "home.toml", Home)


def offered(*, heat: bool) -> tuple[Item, ...]:
    """Give the items that may be chosen; those of heat only where heat is known to be fine."""
    return tuple(one for one in load().item if heat or one.kind != "heat")


def lately(said: Mapping[date, bool], today: date) -> Lately:
    """Count the last days, today among them; later days than today are not counted."""
    first = today - timedelta(days=DAYS - 1)
    window = [done for day, done in said.items() if first <= day <= today]
    return Lately(done=sum(window), not_done=len(window) - sum(window), today=said.get(today))
