"""Why a start is not offered, in the words of the rule that refuses it: for staff.

Clients read the short sentence of `slots.Refusal`. Nothing here asks the database.

Units   aware datetimes, shown on the wall of the practice; minutes.
Errors  none.
Source  domain/calendar/slots.py and load.py; the booking policies in docs/decisions
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import dateformat
from django.utils.translation import gettext as _

from unknot.domain.calendar import load
from unknot.domain.calendar.intervals import Period
from unknot.domain.calendar.slots import Kind, Refusal, Refused
from unknot.journey.book.reads.decision import Question

MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One refused start of one therapist beside the question that was asked of it."""

    refused: Refused
    question: Question
    start: datetime
    now: datetime
    therapist: str

    @property
    def day(self) -> date:
        return self.start.astimezone(self.question.zone).date()

    @property
    def session(self) -> Period:
        return Period(self.start, self.start + self.question.request.minutes * MINUTE)

    def clock(self, moment: datetime) -> str:
        """The wall clock at `moment`, with its day when that is another one."""
        wall = moment.astimezone(self.question.zone)
        told = f"{wall:%H:%M}"
        return told if wall.date() == self.day else f"{dateformat.format(wall, 'j F')}, {told}"

    def facts(self) -> dict[str, object]:
        """What the sentences name: who, from when to when, and the limit."""
        period = self.refused.period or self.session
        return {
            "name": self.therapist,
            "from": self.clock(period.start),
            "until": self.clock(period.end),
            "minutes": self.refused.minutes or 0,
        }


def sentence(case: Case) -> str:
    """The exact rule that refuses a start, with its facts."""
    return _SENTENCES[case.refused.reason](case)


def _in_the_past(case: Case) -> str:
    return _("This time has passed: it is %(now)s.") % {"now": case.clock(case.now)}


def _inside_notice(case: Case) -> str:
    earliest = case.now + (case.refused.minutes or 0) * MINUTE
    return _(
        "The practice books with %(minutes)s minutes' notice: nothing before %(earliest)s now."
    ) % {"minutes": case.refused.minutes, "earliest": case.clock(earliest)}


def _beyond_horizon(case: Case) -> str:
    days = case.question.request.horizon_days
    last = case.now.astimezone(case.question.zone).date() + timedelta(days=days)
    return _("The practice books %(days)s days ahead, up to %(last)s.") % {
        "days": days,
        "last": dateformat.format(last, "j F Y"),
    }


def _off_grid(case: Case) -> str:
    return _("Sessions start every %(minutes)s minutes, counted from midnight.") % case.facts()


def _outside_hours(case: Case) -> str:
    request = case.question.request
    first = case.start - request.setup_minutes * MINUTE
    facts = {
        "name": case.therapist,
        "from": case.clock(first),
        "until": case.clock(case.session.end),
        "hours": _hours(case),
    }
    if not facts["hours"]:
        return _("%(name)s does not work on this day.") % facts
    return (
        _("%(name)s works %(hours)s on this day; set-up and session need %(from)s to %(until)s.")
        % facts
    )


def _hours(case: Case) -> str:
    zone = case.question.zone
    own = [
        one
        for one in case.question.state.opening
        if one.start.astimezone(zone).date() <= case.day
        and (one.end - timedelta(microseconds=1)).astimezone(zone).date() >= case.day
    ]
    return ", ".join(f"{case.clock(one.start)}–{case.clock(one.end)}" for one in own)


def _cleanup(case: Case) -> str:
    cleared = case.session.end + case.question.request.cleanup_minutes * MINUTE
    return _(
        "Clean-up takes %(minutes)s minutes, until %(cleared)s, which is past closing; "
        "the practice does not allow that."
    ) % {**case.facts(), "cleared": case.clock(cleared)}


def _unreadable(case: Case) -> str:
    return (
        _(
            "A calendar of %(name)s elsewhere has not been read for a day, and the practice holds "
            "their times back until it can be."
        )
        % case.facts()
    )


def _credential(case: Case) -> str:
    return _("The credentials of %(name)s allow no session on this day.") % case.facts()


def _time_off(case: Case) -> str:
    return _("%(name)s is away from %(from)s until %(until)s.") % case.facts()


def _overlaps(case: Case) -> str:
    match case.refused.kind:
        case Kind.HELD:
            told = _("Somebody holds %(from)s to %(until)s, buffers included, and may book it.")
        case Kind.EXTERNAL:
            told = _("Another calendar of %(name)s is busy from %(from)s to %(until)s.")
        case Kind.TENTATIVE:
            told = _("Another calendar of %(name)s says perhaps busy, %(from)s to %(until)s.")
        case _:
            told = _("An appointment takes %(from)s to %(until)s, buffers included.")
    return told % case.facts()


def _day_limit(case: Case) -> str:
    done = case.question.state.totals(case.question.zone).days.get(case.day, timedelta())
    return _(
        "%(name)s gives at most %(minutes)s hands-on minutes a day; with this session it would be "
        "%(over)s more."
    ) % {**case.facts(), "over": _over(case, done)}


def _week_limit(case: Case) -> str:
    week = load.week(case.day)
    done = case.question.state.totals(case.question.zone).weeks.get(week, timedelta())
    return _(
        "%(name)s gives at most %(minutes)s hands-on minutes a week; with this session it would "
        "be %(over)s more."
    ) % {**case.facts(), "over": _over(case, done)}


def _over(case: Case, done: timedelta) -> int:
    """How many weighted minutes too many it would be, rounded up; `done` is a hundredfold."""
    more = load.Work(case.session, case.question.request.weight_percent)
    over = done + more.weighted - (case.refused.minutes or 0) * MINUTE * 100
    return -(-over // (100 * MINUTE))


def _no_break(case: Case) -> str:
    limits = case.question.state.limits
    return _(
        "%(name)s would work from %(from)s to %(until)s without a break of %(pause)s minutes; "
        "%(minutes)s minutes is the longest."
    ) % {**case.facts(), "pause": limits.break_minutes if limits else 0}


def _no_unit(case: Case) -> str:
    kind, _colon, feature = case.refused.pool.partition(":")
    units = len(case.question.state.pools.get(case.refused.pool, ()))
    named = {"room": _("room"), "tool": _("tool"), "partner": _("second therapist")}.get(kind, kind)
    facts = {
        **case.facts(),
        "what": f"{named} ({feature.replace('-', ' ').replace('_', ' ')})" if feature else named,
        "count": units,
    }
    if not units:
        return _("This session needs a %(what)s, and there is none.") % facts
    return (
        _("No %(what)s is free from %(from)s to %(until)s, buffers included; there are %(count)s.")
        % facts
    )


def _not_next(case: Case) -> str:
    return _(
        "A comparison in pairs is running, and this is not the next session of its list. "
        "Book that one, or stop the comparison first."
    )


def _next_is_booked(case: Case) -> str:
    return _("The next session of the running comparison is booked already.")


def _too_close(case: Case) -> str:
    moment = case.question.request.not_before or case.start
    return _("The running comparison needs days between two sessions: not before %(day)s.") % {
        "day": dateformat.format(moment.astimezone(case.question.zone), "j F, H:i")
    }


_SENTENCES: Final[Mapping[Refusal, Callable[[Case], str]]] = {
    Refusal.IN_THE_PAST: _in_the_past,
    Refusal.INSIDE_NOTICE: _inside_notice,
    Refusal.BEYOND_HORIZON: _beyond_horizon,
    Refusal.OFF_GRID: _off_grid,
    Refusal.OUTSIDE_HOURS: _outside_hours,
    Refusal.CLEANUP_PAST_CLOSING: _cleanup,
    Refusal.CALENDAR_UNREADABLE: _unreadable,
    Refusal.CREDENTIAL: _credential,
    Refusal.TIME_OFF: _time_off,
    Refusal.OVERLAPS: _overlaps,
    Refusal.DAY_LIMIT: _day_limit,
    Refusal.WEEK_LIMIT: _week_limit,
    Refusal.NO_BREAK: _no_break,
    Refusal.NOT_NEXT: _not_next,
    Refusal.NEXT_IS_BOOKED: _next_is_booked,
    Refusal.TOO_CLOSE: _too_close,
    Refusal.NO_PARTNER: _no_unit,
    Refusal.NO_ROOM: _no_unit,
    Refusal.NO_TOOL: _no_unit,
}
