"""One row of a roster: what a list that others publish says about one licence.

Pure. A row is evidence that belongs to nobody: it never says that a credential is verified.

Units   dates are calendar days; `expires_on` is the last valid day, None when the roster has none.
Errors  none.
Source  each reader in interfaces/rosters names the layout of its list.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

LONGEST_NUMBER, LONGEST_NAME = 60, 160

#: What a roster may say of a licence, and of a finding against its holder.
KINDS = frozenset(
    {"licence", "registration", "certification", "membership", "training", "insurance"}
)
STATUSES = frozenset(
    {"active", "expired", "lapsed", "suspended", "revoked", "probation", "inactive", "unknown"}
)
DISCIPLINES = frozenset({"none", "present", "unknown"})


class RosterRow(NamedTuple):
    """One licence as a roster tells it; a plain tuple, because a roster has a million of them."""

    key: str  # what the row is called in its roster: the same key is the same licence
    number: str
    holder: str  # first name first
    jurisdiction: str  # ISO 3166-2, such as US-CO
    kind: str
    title: str
    status: str
    discipline: str
    issued_on: date | None
    expires_on: date | None
    raw: Mapping[str, str]  # the cells that it was read from and that have no field of their own
