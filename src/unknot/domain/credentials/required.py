"""What a practice requires of whoever treats, and on which days that is met.

Pure: no tables, no clock. Three things close a day for a therapist:

* a licence or registration that is suspended or revoked: every day, whatever else they hold;
* a licence or registration that has run out by that day, while no other of its kind is valid; if
  somebody had looked at one of them, the therapist's own word alone does not renew it;
* a kind that the practice requires and that nobody holds validly on that day. Where the practice
  requires checked ones, a credential on the therapist's own word does not count.

A probation does not close a day: the register lets them work, and the page says so. Neither does
a check that is older than 90 days: it takes the badge away, not the licence.

Units   calendar days of the practice; the last valid day is the last day that is open.
Errors  none.
Source  the decision on booking and credentials in docs/decisions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from unknot.domain.credentials.standing import FORBIDDEN, Checked, has_run_out, is_valid

#: Kinds that give leave to practise: one that is over closes the days after it.
LEAVE = ("licence", "registration")
#: A look by somebody else than the therapist.
LOOKED_AT = frozenset({"register", "roster", "document"})

Why = Literal["forbidden", "run_out", "missing", "unchecked", "not_begun"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """The kinds a practice requires, and whether somebody must have looked at them."""

    kinds: tuple[str, ...] = ()
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Why a day is closed: the rule, and the kind of credential it is about."""

    why: Why
    kind: str


def closed(credentials: Sequence[Checked], requirement: Requirement, *, on: date) -> Closed | None:
    """Say why nobody with these `credentials` may be booked for the day `on`, or None."""
    for one in credentials:
        if one.kind in LEAVE and one.status in FORBIDDEN:
            return Closed(why="forbidden", kind=one.kind)
    for kind in LEAVE:
        held = [one for one in credentials if one.kind == kind]
        if held and not _renewed(held, on):
            return Closed(why=_lacks(held, on), kind=kind)
    for kind in requirement.kinds:
        held = [one for one in credentials if one.kind == kind]
        if not any(_counts(one, requirement, on) for one in held):
            return Closed(why=_lacks(held, on), kind=kind)
    return None


def open_days(
    credentials: Sequence[Checked], requirement: Requirement, *, days: Iterable[date]
) -> frozenset[date]:
    """Give those of `days` on which somebody with these `credentials` may be booked."""
    return frozenset(day for day in days if closed(credentials, requirement, on=day) is None)


def outlasted(credential: Checked, held: Iterable[Checked]) -> bool:
    """Tell whether one of `held` takes over on the day after the last day of `credential`.

    It is of the same kind and valid then, and somebody looked at it where that is asked for.
    """
    if credential.expires_on is None:
        return False
    of_kind = [one for one in held if one.kind == credential.kind]
    return _renewed([credential, *of_kind], credential.expires_on + timedelta(days=1))


def _renewed(held: Sequence[Checked], on: date) -> bool:
    valid = [one for one in held if is_valid(one, on=on)]
    if any(one.method in LOOKED_AT for one in held):
        return any(one.method in LOOKED_AT for one in valid)
    return bool(valid)


def _counts(one: Checked, requirement: Requirement, on: date) -> bool:
    return is_valid(one, on=on) and (not requirement.checked or one.method in LOOKED_AT)


def _lacks(held: Sequence[Checked], on: date) -> Why:
    """Why none of `held`, credentials of one kind, counts on the day `on`."""
    if not held:
        return "missing"
    if any(is_valid(one, on=on) for one in held):
        return "unchecked"
    begins = any(not has_run_out(one, on=on) and one.status not in FORBIDDEN for one in held)
    return "not_begun" if begins else "run_out"
