"""Reads of what a client wants to get better first.

Nothing here writes.

Units   `worth` in points of the 0 to 10 scale, as the mean over the days after one session; days
        are local days of the practice.
Errors  none.
Source  knowledge/outcomes/aims.toml for whoever has not chosen
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.outcomes import aims
from unknot.domain.outcomes.findings import OF_THE_BODY, Outcome
from unknot.journey.book.reads import booked
from unknot.journey.follow import models
from unknot.people.models import Client, Purpose

Words = str | Promise

OUTCOMES: Mapping[Outcome, Words] = {
    "pain": _("Pain"),
    "stiffness": _("Stiffness"),
    "stress": _("Stress"),
    "sleep": _("Sleep"),
    "mood": _("Mood"),
}
WORTH: Mapping[str, Words] = {
    "a_little": _("A little better"),
    "clearly": _("Clearly better"),
    "a_lot": _("A lot better"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """The outcome a verdict claims on, and what would be worth it.

    `chosen_on` is None while nothing was chosen. `before` is what it was when the first session
    began, None unless it was changed after that: a reader has to know that results were in sight.
    """

    outcome: Outcome
    worth: float
    worth_id: str
    chosen_on: date | None
    before: Outcome | None = None

    @property
    def outcome_words(self) -> Words:
        """The outcome in the reader's language."""
        return OUTCOMES[self.outcome]

    @property
    def worth_words(self) -> Words:
        """What would be worth it, in the reader's language."""
        return WORTH[self.worth_id]

    @property
    def before_words(self) -> Words:
        """What it was before a change; empty when it is what it was."""
        return OUTCOMES[self.before] if self.before is not None else ""

    @property
    def shared_by(self) -> Purpose:
        """The consent under which a therapist may know it."""
        return Purpose.SHARE_BODY if self.outcome in OF_THE_BODY else Purpose.SHARE_MIND


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a therapist learns of it; `aim` is None unless the client shares that part."""

    aim: Aim | None


def main_outcome(client: Client) -> Aim:
    """What this client wants to get better first: the newest choice, else the default; 2 queries.

    A choice counts as late when it was made after the first session had begun.
    """
    chosen = tuple(models.Aim.objects.filter(client=client).order_by("chosen_at", "pk"))
    if not chosen:
        return _default()
    newest, start = chosen[-1], booked.first_start(client)
    outcome, before = cast(Outcome, newest.outcome), None
    if start is not None and newest.chosen_at >= start:
        early = [one for one in chosen if one.chosen_at < start]
        at_first = cast(Outcome, early[-1].outcome) if early else _default().outcome
        before = at_first if at_first != outcome else None
    return Aim(
        outcome=outcome,
        worth=float(newest.points),
        worth_id=newest.worth,
        chosen_on=newest.chosen_at.astimezone(client.practice.tz).date(),
        before=before,
    )


def has_had_a_session(client: Client) -> bool:
    """Whether results may already be in sight of who chooses; 1 query."""
    return booked.first_start(client) is not None


def _default() -> Aim:
    known = aims.load()
    return Aim(
        outcome=known.default_outcome,
        worth=known.points(known.default_worth),
        worth_id=known.default_worth,
        chosen_on=None,
    )
