"""What there must be enough of before anything is said; needs neither NumPy nor a fit.

Units   counts; instants aware. "Before" a session is at its door or up to 36 hours earlier, so that
        the evening before a morning and the morning before an evening both count; "after" is up to
        72 hours from its end.
Errors  none.
Source  knowledge/outcomes/model.toml, [gate]
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

from unknot.domain.outcomes.findings import Gate
from unknot.domain.outcomes.model import GateRule
from unknot.domain.outcomes.series import Session

BEFORE = timedelta(hours=36)
AFTER = timedelta(hours=72)


def bracketed(rated_at: Sequence[datetime], sessions: Sequence[Session]) -> tuple[Session, ...]:
    """The sessions that have a check-in shortly before and one in the three days after."""
    times = sorted(rated_at)

    def between(begin: datetime, end: datetime) -> bool:
        return bisect_right(times, end) > bisect_right(times, begin)

    return tuple(
        one
        for one in sessions
        if between(one.start - BEFORE, one.start) and between(one.end, one.end + AFTER)
    )


def helps(
    rated_at: Sequence[datetime], sessions: Sequence[Session], rule: GateRule
) -> tuple[Gate, ...]:
    """What "does massage help?" needs."""
    return (
        Gate(name="days", have=_span_days(rated_at), need=rule.helps_days),
        Gate(name="check_ins", have=len(rated_at), need=rule.helps_check_ins),
        Gate(
            name="sessions_between_check_ins",
            have=len(bracketed(rated_at, sessions)),
            need=rule.helps_sessions,
        ),
    )


def technique(
    rated_at: Sequence[datetime], sessions: Sequence[Session], name: str, rule: GateRule
) -> tuple[Gate, ...]:
    """What "does this technique help?" needs: its own sessions, besides days and check-ins."""
    own = [one for one in sessions if one.technique == name]
    days, check_ins, _sessions = helps(rated_at, sessions, rule)
    enough = Gate(
        name="sessions_between_check_ins",
        have=len(bracketed(rated_at, own)),
        need=rule.technique_sessions,
    )
    return (days, check_ins, enough)


def better(rated_at: Sequence[datetime], rule: GateRule) -> tuple[Gate, ...]:
    """What "am I getting better?" needs."""
    return (
        Gate(name="weeks", have=_span_days(rated_at) // 7, need=rule.better_weeks),
        Gate(name="check_ins", have=len(rated_at), need=rule.better_check_ins),
    )


def chart(rated_at: Sequence[datetime], rule: GateRule) -> Gate:
    """What a smoothed line needs."""
    return Gate(name="check_ins", have=len(rated_at), need=rule.chart_check_ins)


def _span_days(rated_at: Sequence[datetime]) -> int:
    return (max(rated_at) - min(rated_at)).days if rated_at else 0
