"""What a credential may be called, from who checked it, how and when.

Pure: no tables, no clock. The rows of models.Credential fit `Checked` as they are.

Units   dates are calendar days; `expires_on` is the last valid day; 90 days are counted from the
        day of the check, which is day 0, so the 90th day after it still counts.
Errors  none: what is not known is said to be unknown, never taken as good.
Source  the badge rule: a primary source matched name and number within 90 days, the status there
        is active and the licence has not run out. A roster file never verifies anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, Protocol

#: For how many days after it a look into the register counts.
CHECK_LASTS = timedelta(days=90)

Standing = Literal["verified", "stale", "expired", "restricted", "claimed"]

#: What a register says of somebody it warns of: shown, never hidden.
RESTRICTED = frozenset({"suspended", "revoked", "probation"})
RUN_OUT = frozenset({"expired", "lapsed", "inactive"})


class Checked(Protocol):
    """What the rule looks at."""

    number: str
    status: str
    method: str
    checked_on: date | None
    expires_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterCredential:
    """One licence as a roster tells it: somebody's claim, matched to no therapist yet."""

    holder: str
    number: str
    jurisdiction: str  # ISO 3166-2, such as US-AK
    title: str
    source: str  # the roster's name
    source_key: str  # what the row is called there; the same key is the same credential
    raw: Mapping[str, str] = field(default_factory=dict)


def standing(credential: Checked, *, on: date) -> Standing:
    """Say how `credential` stands on the day `on`; only "verified" earns the badge."""
    if credential.status in RESTRICTED:
        return "restricted"
    if credential.status in RUN_OUT or _past(credential.expires_on, on):
        return "expired"
    if credential.method != "register" or credential.status != "active" or not credential.number:
        return "claimed"
    return "verified" if _fresh(credential.checked_on, on) else "stale"


def verified(credential: Checked, *, on: date) -> bool:
    """Tell whether `credential` may carry the badge on the day `on`."""
    return standing(credential, on=on) == "verified"


def _past(last_day: date | None, on: date) -> bool:
    return last_day is not None and last_day < on


def _fresh(checked_on: date | None, on: date) -> bool:
    return checked_on is not None and timedelta(0) <= on - checked_on <= CHECK_LASTS
