"""Say which instruments a battery asks of one person now, and why it leaves the others out.

A battery follows from what was said: Roland-Morris only for low back pain, PHQ-8 or GAD-7 only
when a subscale of PHQ-4 says so, the after-session check only soon after a session. What was
answered so lately that asking again would measure the same days twice is left out.

Units   days since an instrument was last answered; hours since the last session ended; points
        of the answers given so far.
Errors  UnknownInstrument for a battery that no file defines; scoring's own for answers.
Source  knowledge/instruments/shared/batteries.toml; `recommended_interval_days`, `branch` and
        `use_for_regions` of each instrument
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from unknot.domain.instruments.batteries import Battery
from unknot.domain.instruments.catalogue import Catalogue
from unknot.domain.instruments.definition import Instrument
from unknot.domain.instruments.scoring import score
from unknot.domain.instruments.sitting import Points, gather

#: Why an instrument of a battery is not asked.
Reason = Literal["other_region", "no_session", "too_soon"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One instrument with the items that are asked; the rest was answered a moment ago."""

    instrument: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One instrument of the battery that is not asked; `days` until it may be, when too soon."""

    instrument: str
    reason: Reason
    days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a battery asks now, in its order, and what it leaves out."""

    battery: str
    asked: tuple[Asked, ...]
    left_out: tuple[LeftOut, ...]

    def items(self, instrument: str) -> tuple[str, ...]:
        """The items asked of `instrument`; empty when it is not asked."""
        return next((one.items for one in self.asked if one.instrument == instrument), ())


def plan(
    catalogue: Catalogue,
    battery_id: str,
    *,
    main_region: str = "",
    days_since: Mapping[str, int] | None = None,
    points: Points | None = None,
    hours_since_session: float | None = None,
) -> Plan:
    """Choose what `battery_id` asks of somebody with pain in `main_region`.

    Raises UnknownInstrument. `days_since` counts from the last answer to each instrument in an
    earlier sitting; `points` are the answers of this sitting so far, which open branches;
    `hours_since_session` is None for somebody who had none.
    """
    battery, since = catalogue.battery(battery_id), days_since or {}
    found: list[Asked | LeftOut] = []
    for name in _in_order(battery):
        reason = _unwanted(battery, name, main_region, hours_since_session)
        instrument = catalogue.instrument(name)
        if reason is not None:
            found.append(LeftOut(instrument=name, reason=reason))
            continue
        named = _named_items(battery, name)
        items = [item.id for item in instrument.items if not named or item.id in named]
        one = _in_time(instrument, items, since.get(name))
        found.append(one)
        if isinstance(one, Asked) and battery.branch == name:
            found += _branches(catalogue, instrument, points or {}, since)
    return Plan(
        battery=battery_id,
        asked=tuple(one for one in found if isinstance(one, Asked)),
        left_out=tuple(one for one in found if isinstance(one, LeftOut)),
    )


def too_soon(instrument: Instrument, days: int | None) -> int:
    """How many days until `instrument` may be asked again; 0 when it may be asked now."""
    interval = instrument.recommended_interval_days
    if interval is None or days is None:
        return 0
    return max(0, interval - days)


def _in_order(battery: Battery) -> tuple[str, ...]:
    """Each instrument once, in the battery's own order, else as its items are listed."""
    names = battery.order or (*battery.items, *_added(battery), *battery.every_second_week)
    listed = {name.partition(".")[0] for name in battery.names}
    return tuple(dict.fromkeys(one for name in names if (one := name.partition(".")[0]) in listed))


def _added(battery: Battery) -> tuple[str, ...]:
    return battery.add_if.add if battery.add_if else ()


def _named_items(battery: Battery, instrument: str) -> Collection[str]:
    """The items a battery names one by one; empty for the whole instrument."""
    parts = (name.partition(".") for name in battery.names)
    return {item for name, _dot, item in parts if name == instrument and item}


def _unwanted(
    battery: Battery, instrument: str, main_region: str, hours: float | None
) -> Reason | None:
    """Why this person is not asked what the battery adds for some only; None when they are."""
    only = battery.add_if
    if only is None or instrument not in only.add:
        return None
    if only.main_region and only.main_region != main_region:
        return "other_region"
    within = only.session_in_last_hours
    if within is not None and (hours is None or not 0 <= hours <= within):
        return "no_session"
    return None


def _in_time(instrument: Instrument, items: Iterable[str], days: int | None) -> Asked | LeftOut:
    if wait := too_soon(instrument, days):
        return LeftOut(instrument=instrument.id, reason="too_soon", days=wait)
    return Asked(instrument=instrument.id, items=tuple(items))


def _branches(
    catalogue: Catalogue, begun: Instrument, points: Points, days_since: Mapping[str, int]
) -> Iterator[Asked | LeftOut]:
    """What the answers to `begun` call for, without the items that it asked itself."""
    given = gather(begun, points)
    for name in score(begun, given).branch:
        further = catalogue.instrument(name)
        rest = [item.id for item in further.items if item.id not in given]
        yield _in_time(further, rest, days_since.get(name))
