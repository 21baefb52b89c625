"""Say which instruments a battery asks of one person now, and why it leaves the others out.

A battery follows from what was said: Roland-Morris only for low back pain, PHQ-8 or GAD-7 only
when a subscale of PHQ-4 says so. What was answered so lately that asking again would measure the
same days twice is left out, and so is an instrument without wording.

Units   days since an instrument was last answered; points of the answers given so far.
Errors  UnknownInstrument for a battery that no file defines; scoring's own for answers.
Source  knowledge/instruments/shared/batteries.toml; `recommended_interval_days`, `branch` and
        `use_for_regions` of each instrument
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from unknot.domain.instruments.batteries import Battery
from unknot.domain.instruments.catalogue import Catalogue
from unknot.domain.instruments.definition import Instrument
from unknot.domain.instruments.scoring import score
from unknot.domain.instruments.sitting import Points, gather

#: Why an instrument of a battery is not asked.
Reason = Literal["other_region", "too_soon"]


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
) -> Plan:
    """Choose what `battery_id` asks of somebody with pain in `main_region`.

    Raises UnknownInstrument. `days_since` counts from the last answer to each instrument in an
    earlier sitting; `points` are the answers of this sitting so far, which open branches.
    """
    battery = catalogue.battery(battery_id)
    found: list[Asked | LeftOut] = []
    for name in _in_order(battery):
        one = _decide(
            catalogue.instrument(name),
            _named_items(battery, name),
            wanted=_applies(battery, name, main_region),
            since=(days_since or {}).get(name),
        )
        found.append(one)
        if isinstance(one, Asked) and battery.branch == name:
            found += _branches(catalogue, name, points or {})
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
    return battery.add_if.add if battery.add_if and battery.add_if.main_region else ()


def _named_items(battery: Battery, instrument: str) -> Collection[str]:
    """The items a battery names one by one; empty for the whole instrument."""
    parts = (name.partition(".") for name in battery.names)
    return {item for name, _dot, item in parts if name == instrument and item}


def _applies(battery: Battery, instrument: str, main_region: str) -> bool:
    only = battery.add_if
    if only is None or instrument not in only.add or not only.main_region:
        return True
    return only.main_region == main_region


def _decide(
    instrument: Instrument, items: Collection[str], *, wanted: bool, since: int | None
) -> Asked | LeftOut:
    if not wanted:
        return LeftOut(instrument=instrument.id, reason="other_region")
    if wait := too_soon(instrument, since):
        return LeftOut(instrument=instrument.id, reason="too_soon", days=wait)
    return Asked(
        instrument=instrument.id,
        items=tuple(item.id for item in instrument.items if not items or item.id in items),
    )


def _branches(catalogue: Catalogue, name: str, points: Points) -> Iterator[Asked]:
    begun = catalogue.instrument(name)
    given = gather(begun, points)
    for further in score(begun, given).branch:
        items = catalogue.instrument(further).items
        rest = tuple(item.id for item in items if item.id not in given)
        yield Asked(instrument=further, items=rest)
