"""What each client of a day asks of the therapist, in a few words: one query for all of them.

The words are those of the newest completed check-in, and only of clients who share safety answers.
A private answer counts without being named, and a row that opens a support card never counts.
The whole of it stands in the briefing; reading either leaves a row in the audit table.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from unknot.domain.screening import catalogue as screening
from unknot.journey.understand.models import CheckIn, CheckInState
from unknot.people import access
from unknot.people.models import Purpose

FLAG_KINDS = frozenset({"red_flag", "combination"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFlags:
    """How many answers change the session, the medicines among them, and a warning sign."""

    answers: int
    medicines: tuple[str, ...]
    warning: bool


def day_flags(clients: Collection[int]) -> dict[int, DayFlags]:
    """The flags by the client's primary key; a client who shares nothing is left out."""
    newest = (
        CheckIn.objects.filter(client__in=clients, state=CheckInState.COMPLETED)
        .filter(client__in=access.who_consent_to(Purpose.SHARE_SAFETY))
        .select_related("screening")
        .order_by("client_id", "-completed_at", "-pk")
        .distinct("client_id")
    )
    return {
        checkin.client_id: _flags(checkin.screening.fired)
        for checkin in newest
        if checkin.client_id is not None and hasattr(checkin, "screening")
    }


def _flags(fired: Collection[Mapping[str, Any]]) -> DayFlags:
    told = {_because(row) for row in fired if row["kind"] not in FLAG_KINDS | {"always"}} - {""}
    labels = {medicine.id: medicine.label for medicine in screening.load().medicines}
    return DayFlags(
        answers=len(told),
        medicines=tuple(label for name, label in labels.items() if name in told),
        warning=any(_warns(row) for row in fired),
    )


def _because(row: Mapping[str, Any]) -> str:
    """The condition or medicine behind a fired row; empty for one that opens a support card."""
    if row["kind"] == "age":
        return "age"
    return _reasons().get(row["id"], "")


def _warns(row: Mapping[str, Any]) -> bool:
    return row["kind"] in FLAG_KINDS and not row["private"] and row["id"] not in _cards()


@cache
def _reasons() -> Mapping[str, str]:
    return {
        rule.id: rule.when.condition or rule.when.medicine or ""
        for rule in screening.load().rules
        if rule.show is None
    }


@cache
def _cards() -> frozenset[str]:
    return frozenset(flag.id for flag in screening.load().red_flags if flag.show is not None)
