"""What one person told us that bears on the choice, and whether a condition holds over it.

Units   pain, stress and sleep 0 to 10 (sleep: higher is better), PHQ-4 total 0 to 12,
        pressure 1 to 5, minutes.
Errors  UnknownRegion for a main region that is not on the body map.
Source  the conditions of knowledge/techniques/reasons.toml, dosing.toml and causes.toml
"""

from collections.abc import Iterator
from dataclasses import dataclass

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.guidance.entries import AimId, Circumstance, DurationId, Technique


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one person told us that bears on the choice; None and False mean not told."""

    regions: tuple[str, ...] = ()
    main_region: str | None = None
    duration: DurationId | None = None
    pain: int | None = None  # the worst place, 0 to 10
    stress: int | None = None
    sleep: int | None = None
    phq4_total: int | None = None
    pressure: int | None = None
    minutes: int | None = None
    widespread: bool = False
    referral_pattern: bool = False
    light_touch_hurts: bool = False
    wants_clothed: bool = False
    wants_heat: bool = False
    no_oil: bool = False
    first_time: bool = False
    aims: tuple[AimId, ...] = ()
    suspected_causes: tuple[str, ...] = ()


def holds(when: Circumstance, facts: Facts, technique: Technique | None = None) -> bool:
    """Tell whether every condition of `when` holds; what was not told holds nothing."""
    return all(_parts(when, facts, technique))


def _parts(when: Circumstance, facts: Facts, technique: Technique | None) -> Iterator[bool]:
    if when.any:
        yield any(holds(part, facts, technique) for part in when.any)
    yield _reaches(facts.stress, when.stress_at_least)
    yield _reaches(facts.phq4_total, when.phq4_at_least)
    yield _reaches(facts.pain, when.pain_at_least)
    yield _reaches(len(facts.regions), when.regions_at_least)
    yield _stays(facts.sleep, when.sleep_at_most)
    yield _stays(facts.minutes, when.minutes_at_most)
    yield _stays(len(facts.regions) or None, when.regions_at_most)
    yield not when.duration or facts.duration in when.duration
    yield not when.main_area or not _areas(facts.main_region).isdisjoint(when.main_area)
    yield not when.aims or not set(when.aims).isdisjoint(facts.aims)
    yield not when.aims_only or (bool(facts.aims) and set(facts.aims) <= set(when.aims_only))
    for name in _SWITCHES:
        yield getattr(when, name) is None or getattr(facts, name)
    yield when.minutes_fit is None or _misfits(facts.minutes, technique, "minutes")
    yield when.pressure_fits is None or _misfits(facts.pressure, technique, "pressure")


_SWITCHES = (
    "widespread",
    "referral_pattern",
    "light_touch_hurts",
    "wants_clothed",
    "wants_heat",
    "no_oil",
    "first_time",
)


def _reaches(value: int | None, bound: int | None) -> bool:
    return bound is None or (value is not None and value >= bound)


def _stays(value: int | None, bound: int | None) -> bool:
    return bound is None or (value is not None and value <= bound)


def _areas(region: str | None) -> frozenset[str]:
    return frozenset() if region is None else frozenset(bodymap.load().region(region).groups)


def _misfits(wanted: int | None, technique: Technique | None, what: str) -> bool:
    if wanted is None or technique is None:
        return False
    usual = technique.minutes if what == "minutes" else technique.pressure
    return not usual.min <= wanted <= usual.max
