"""What a credential may be called, from who checked it, how and when.

Pure: no tables, no clock. The rows of models.Credential fit `Checked` as they are.

Units   dates are calendar days; `expires_on` is the last valid day; 90 days are counted from the
        day of the check, which is day 0, so the 90th day after it still counts.
Errors  none: what is not known is said to be unknown, never taken as good.
Source  the badge rule: a primary source matched name and number within 90 days, the status there
        is active and the licence has not run out. A register's page and a licensing board's own
        roster are primary; a self-declared list such as NPPES never is.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final, Literal, Protocol

from unknot.domain.credentials.matching import PRIMARY

#: The kinds that can carry the badge on a card and in the directory: what a register is asked
#: about somebody's leave to practise, not a training, a membership or an insurance.
BADGE_KINDS: Final = frozenset({"licence", "registration", "certification"})
#: For how many days after it a look into the register counts.
CHECK_LASTS = timedelta(days=90)
#: What has to agree before a primary source speaks of this person's credential.
NEEDED = frozenset({"number", "name"})

Standing = Literal["verified", "stale", "expired", "restricted", "unregistered", "claimed"]

#: What a register says of somebody it warns of: shown, never hidden.
RESTRICTED = frozenset({"suspended", "revoked", "probation"})
#: With these nobody may treat, whatever else they hold.
FORBIDDEN = frozenset({"suspended", "revoked"})
RUN_OUT = frozenset({"expired", "lapsed", "inactive"})


class Checked(Protocol):
    """What the rule looks at."""

    @property
    def kind(self) -> str: ...

    @property
    def number(self) -> str: ...

    @property
    def status(self) -> str: ...

    @property
    def method(self) -> str: ...

    @property
    def source(self) -> str: ...

    @property
    def matched(self) -> Collection[str]: ...

    @property
    def checked_on(self) -> date | None: ...

    @property
    def issued_on(self) -> date | None: ...

    @property
    def expires_on(self) -> date | None: ...


def standing(credential: Checked, *, on: date) -> Standing:
    """Say how `credential` stands on the day `on`, whatever its kind."""
    if credential.status in RESTRICTED:
        return "restricted"
    if has_run_out(credential, on=on):
        return "expired"
    if credential.status == "no_register":
        return "unregistered"
    if not _confirmed(credential):
        return "claimed"
    return "verified" if _fresh(credential.checked_on, on) else "stale"


def verified(credential: Checked, *, on: date) -> bool:
    """Tell whether `credential` gives its therapist the badge on the day `on`."""
    return credential.kind in BADGE_KINDS and standing(credential, on=on) == "verified"


def has_run_out(credential: Checked, *, on: date) -> bool:
    """Tell whether `credential` is over on the day `on`: by its status, or past its last day."""
    last = credential.expires_on
    return credential.status in RUN_OUT or (last is not None and last < on)


def is_valid(credential: Checked, *, on: date) -> bool:
    """Tell whether `credential` gives leave on the day `on`, taking its word for its dates."""
    begun = credential.issued_on is None or credential.issued_on <= on
    return begun and credential.status not in FORBIDDEN and not has_run_out(credential, on=on)


def is_primary(method: str, source: str) -> bool:
    """Tell whether this is a look at a primary source: a register's page or a board's roster."""
    return method == "register" or (method == "roster" and source in PRIMARY)


def _confirmed(credential: Checked) -> bool:
    return (
        is_primary(credential.method, credential.source)
        and credential.status == "active"
        and bool(credential.number)
        and set(credential.matched) >= NEEDED
    )


def _fresh(checked_on: date | None, on: date) -> bool:
    return checked_on is not None and timedelta(0) <= on - checked_on <= CHECK_LASTS
