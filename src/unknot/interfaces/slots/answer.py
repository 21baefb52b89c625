"""Write which starts are offered and, for one start, the exact rule that refuses it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from unknot.domain.calendar import slots
from unknot.domain.calendar.intervals import Period
from unknot.domain.calendar.slots import Assigned, Kind, Refusal, Refused
from unknot.interfaces.slots.scenario import Scenario

Result = Mapping[str, object]

_RULES = {
    Refusal.IN_THE_PAST: "This start has passed: it is {now}.",
    Refusal.INSIDE_NOTICE: "With a notice of {minutes} minutes the first start is {earliest}.",
    Refusal.BEYOND_HORIZON: "With a horizon of {horizon} days the last day is {last_day}.",
    Refusal.OFF_GRID: "Starts are multiples of {minutes} minutes from the local midnight.",
    Refusal.OUTSIDE_HOURS: "Set-up and session, {set_up} to {end}, are not inside working hours.",
    Refusal.CLEANUP_PAST_CLOSING: "Clean-up until {cleared} would end after closing.",
    Refusal.CALENDAR_UNREADABLE: "An outside calendar cannot be read: what ends after {held_from}"
    " is held back.",
    Refusal.CREDENTIAL: "A credential is missing from {taken_from} to {taken_to}.",
    Refusal.TIME_OFF: "The therapist is off from {taken_from} to {taken_to}.",
    Refusal.OVERLAPS: "{set_up} to {cleared}, buffers included, overlaps {what} from {taken_from}"
    " to {taken_to}.",
    Refusal.DAY_LIMIT: "The day's weighted hands-on minutes would be above {minutes}.",
    Refusal.WEEK_LIMIT: "The week's weighted hands-on minutes would be above {minutes}.",
    Refusal.NO_BREAK: "The run from {taken_from} to {taken_to} would be longer than {minutes}"
    " minutes without a break of {least_break}.",
    Refusal.NO_ROOM: "Too few of {pool} are free from {taken_from} to {taken_to}.",
    Refusal.NO_TOOL: "Too few of {pool} are free from {taken_from} to {taken_to}.",
    Refusal.NO_PARTNER: "Too few of {pool} are free from {taken_from} to {taken_to}.",
}
_WHAT = {
    Kind.OWN: "booked time",
    Kind.HELD: "held time",
    Kind.EXTERNAL: "busy time of an outside calendar",
    Kind.TENTATIVE: "tentative time of an outside calendar",
}
_WARNING = "An outside calendar cannot be read, so a start offered here may be taken there."


def answer(scenario: Scenario) -> Result:
    """Everything that is offered from the first to the last day, and the explained start."""
    found = slots.offered(
        scenario.request,
        scenario.state,
        zone=scenario.zone,
        now=scenario.now,
        first_day=scenario.first_day,
        last_day=scenario.last_day,
    )
    result: dict[str, object] = {
        "zone": scenario.zone.key,
        "now": _both(scenario, scenario.now),
        "from": scenario.first_day.isoformat(),
        "to": scenario.last_day.isoformat(),
        "warning": _WARNING if scenario.unreadable == "warn" else "",
        "offered": [_both(scenario, one.start) for one in found],
    }
    if scenario.explain is not None:
        result["explained"] = _explained(scenario, scenario.explain)
    return result


def _explained(scenario: Scenario, start: datetime) -> Result:
    found = slots.decide(
        scenario.request, start, scenario.state, zone=scenario.zone, now=scenario.now
    )
    told: dict[str, object] = {
        **_both(scenario, start),
        "offered": isinstance(found, Assigned),
        "rule": None,
        "sentence": "This start is offered.",
        "for_the_client": "",
        "units": [],
    }
    if isinstance(found, Refused):
        told |= {
            "rule": found.reason.name.lower(),
            "sentence": _RULES[found.reason].format_map(_facts(scenario, start, found)),
            "for_the_client": found.reason.value,
        }
    else:
        told["units"] = [_unit(scenario, number, period) for _, number, period in found.units]
    return told


def _unit(scenario: Scenario, number: int, period: Period) -> Result:
    pool, place = scenario.units[number]
    return {
        "pool": pool,
        "unit": place,
        "start": _both(scenario, period.start),
        "end": _both(scenario, period.end),
    }


def _facts(scenario: Scenario, start: datetime, refused: Refused) -> Mapping[str, object]:
    """What the sentence of a rule may name."""
    request, state = scenario.request, scenario.state
    wanted = slots.slot(request, start)
    today = scenario.now.astimezone(scenario.zone).date()
    times = {
        "now": scenario.now,
        "earliest": scenario.now + timedelta(minutes=request.notice_minutes),
        "set_up": wanted.blocked.start,
        "end": wanted.end,
        "cleared": wanted.blocked.end,
        "held_from": state.held_back_from,
        "taken_from": refused.period and refused.period.start,
        "taken_to": refused.period and refused.period.end,
    }
    return {
        **{name: _local(scenario, moment) for name, moment in times.items() if moment},
        "minutes": refused.minutes,
        "horizon": request.horizon_days,
        "last_day": today + timedelta(days=request.horizon_days),
        "least_break": state.limits.break_minutes if state.limits else 0,
        "what": _WHAT.get(refused.kind or Kind.OWN, ""),
        "pool": refused.pool,
    }


def _both(scenario: Scenario, moment: datetime) -> dict[str, str]:
    """A time in UTC and on the wall of the scenario's zone, with its offset."""
    utc = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {"utc": utc, "local": _local(scenario, moment)}


def _local(scenario: Scenario, moment: datetime) -> str:
    return moment.astimezone(scenario.zone).isoformat()
