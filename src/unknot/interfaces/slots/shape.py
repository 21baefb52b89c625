"""The shape of a scenario: which keys it has and what each may hold, without the zone.

Pure: the object of a JSON file in, a checked shape out. Nothing is guessed: a key that nothing
reads, a number that is not written as a whole one and a time that no calendar has are problems.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import partial
from typing import Annotated, cast
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from unknot.domain.calendar import hours, weekly
from unknot.interfaces.answers.document import Object, Problems, UnusableAnswers, one_of, whole

FIRST_YEAR, LAST_YEAR = 1990, 2099
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_UNITS = 100

_DATE = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_MOMENT = re.compile(_DATE + r"[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(Z|[+-][0-9]{2}:[0-9]{2})?")
_YEARS = f"of the years {FIRST_YEAR} to {LAST_YEAR}"
A_DATE = f"a date such as 2026-03-27, {_YEARS}"
A_MOMENT = f"a time such as 2026-03-27T14:30 or 2026-03-27T13:30Z, {_YEARS}"
_A_CLOCK = "a time of the day such as 09:00 or 24:00"
_POOL = re.compile(r"(room|tool|partner)(:[a-z0-9_-]{1,40})?")
_A_POOL = 'room, tool or partner, perhaps with a kind, such as "tool:stone_heater"'
_AN_OBJECT, _A_LIST = "an object in braces", "a list in brackets"
_A_ZONE = "the name of a zone such as Europe/Berlin"
_DAY_SECONDS = 86400
_FARTHEST = timedelta(hours=18)  # from UTC, with room to spare


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time as it was written: on the wall of the scenario's zone, or with its own offset."""

    text: str
    day: date
    second: int  # of the day, 0 to 86400
    offset: timedelta | None

    def starts(self, zone: ZoneInfo) -> datetime:
        """The instant in UTC."""
        if self.offset is None:
            minute, second = divmod(self.second, 60)
            return hours.instant(self.day, minute, zone) + timedelta(seconds=second)
        midnight = datetime.combine(self.day, time(), timezone(self.offset))
        return (midnight + timedelta(seconds=self.second)).astimezone(UTC)

    def ends(self, zone: ZoneInfo) -> datetime:
        """The instant in UTC, where 23:59 of the zone means the end of its day."""
        moment = self.starts(zone)
        day, minute = hours.local(moment, zone)
        last = minute == hours.DAY_MINUTES - 1
        return hours.instant(day, hours.DAY_MINUTES, zone) if last else moment


def moment(value: object) -> Moment:
    """Read a written time; ValueError with what was expected."""
    found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(A_MOMENT)
    second = int(found[4]) * 3600 + int(found[5]) * 60 + int(found[6] or 0)
    fits = int(found[5]) < 60 and int(found[6] or 0) < 60 and second <= _DAY_SECONDS
    offset = _offset(found[7])
    if not fits or (offset is not None and abs(offset) > _FARTHEST):
        raise ValueError(A_MOMENT)
    return Moment(text=found[0], day=_date(found, A_MOMENT), second=second, offset=offset)


def _offset(text: str | None) -> timedelta | None:
    if text is None:
        return None
    if text == "Z":
        return timedelta()
    hour, minute = text[1:].split(":")
    return (-1 if text[0] == "-" else 1) * timedelta(hours=int(hour), minutes=int(minute))


def _day(value: object) -> date:
    found = re.fullmatch(_DATE, value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(A_DATE)
    return _date(found, A_DATE)


def _date(found: re.Match[str], expected: str) -> date:
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(expected)
    try:
        return date(year, month, day)
    except ValueError as problem:
        raise ValueError(expected) from problem


def _clock(value: object) -> int:
    try:
        return weekly.minute(value if isinstance(value, str) else "")
    except weekly.BadTime as problem:
        raise ValueError(_A_CLOCK) from problem


def _whole(value: object, *, low: int, high: int) -> int:
    if isinstance(value, int) and whole(value) and low <= value <= high:
        return value
    raise ValueError(f"a whole number from {low} to {high}")


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("true or false")


def _word(value: object, *, known: tuple[str, ...]) -> str:
    if isinstance(value, str) and value in known:
        return value
    raise ValueError(one_of(known))


def _pool(value: object) -> str:
    if isinstance(value, str) and _POOL.fullmatch(value):
        return value
    raise ValueError(_A_POOL)


def _zone(value: object) -> ZoneInfo:
    if isinstance(value, str) and value in available_timezones():
        return ZoneInfo(value)
    raise ValueError(_A_ZONE)


def _said(read: Callable[[object], object]) -> BeforeValidator:
    """A validator whose sentence is what `read` expects."""

    def checked(value: object) -> object:
        try:
            return read(value)
        except ValueError as problem:
            raise PydanticCustomError(
                "expected", "{expected}", {"expected": str(problem)}
            ) from None

    return BeforeValidator(checked)


def _between(low: int, high: int) -> BeforeValidator:
    return _said(partial(_whole, low=low, high=high))


def _among(*known: str) -> BeforeValidator:
    return _said(partial(_word, known=known))


Written = Annotated[Moment, _said(moment)]
Day = Annotated[date, _said(_day)]
Clock = Annotated[int, _said(_clock)]
Truth = Annotated[bool, _said(_truth)]
Pool = Annotated[str, _said(_pool)]
Zone = Annotated[ZoneInfo, _said(_zone)]
Length = Annotated[int, _between(1, 1440)]
Buffer = Annotated[int, _between(0, 720)]
Limit = Annotated[int, _between(0, 100_000)]
Percent = Annotated[int, _between(0, 1000)]
Weekday = Annotated[str, _among(*WEEKDAYS)]
Status = Annotated[str, _among("free", "tentative", "busy")]
Units = Annotated[int, _between(1, MOST_UNITS)]


class Part(BaseModel):
    """An object of the scenario; each key is known and written as it is read."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True
    )


class Stretch(Part):
    """A time with a start and an end."""

    start: Written
    end: Written


class Busy(Stretch):
    """What takes the therapist's time, or that of a unit of a pool."""

    kind: Annotated[str, _among("own", "held", "external", "time_off", "credential")] = "own"
    status: Status | None = None
    until: Written | None = None


class UnitBusy(Busy):
    """What takes one unit of a pool; the units of a pool are counted from 1."""

    kind: Annotated[str, _among("own", "held", "external")] = "own"
    unit: Units = 1


class PoolPart(Part):
    """Rooms, tools or partners of one kind."""

    quantity: Units
    busy: list[UnitBusy] = Field(default_factory=list)


class NeedPart(Part):
    """What a session needs of one pool."""

    pool: Pool
    quantity: Annotated[int, _between(1, 10)] = 1
    before: Buffer = 0
    after: Buffer = 0


class ServicePart(Part):
    """The session."""

    minutes: Length
    setup: Buffer = 0
    cleanup: Buffer = 0
    weight: Percent = 100
    needs: list[NeedPart] = Field(default_factory=list)


class Window(Part):
    """A window of a day on the clock."""

    start: Clock
    end: Clock


class WeekWindow(Window):
    """A window of every week."""

    day: Weekday


class OverridePart(Part):
    """One date whose windows replace those of the week."""

    date: Day
    windows: list[Window]


class WorkPart(Stretch):
    """Hands-on time that the load guard counts."""

    weight: Percent = 100


class LimitsPart(Part):
    """The therapist's own limits."""

    minutes_per_day: Limit | None = None
    minutes_per_week: Limit | None = None
    longest_run: Limit | None = None
    least_break: Buffer = 0


class UnreadablePart(Part):
    """An outside calendar that cannot be read, and what the practice does then."""

    policy: Annotated[str, _among("hold_back", "warn", "offer")] = "hold_back"
    since: Written | None = None


class Shape(Part):
    """The whole scenario."""

    zone: Zone
    now: Written
    first: Day = Field(alias="from")
    last: Day | None = Field(default=None, alias="to")
    step: Annotated[int, _between(1, 720)] = 15
    notice: Annotated[int, _between(0, 527_040)] = 0
    horizon: Annotated[int, _between(0, 3660)] = 90
    cleanup_past_closing: Truth = False
    service: ServicePart
    weekly: list[WeekWindow] | None = None
    overrides: list[OverridePart] = Field(default_factory=list)
    windows: list[Stretch] | None = None
    busy: list[Busy] = Field(default_factory=list)
    pools: dict[Pool, PoolPart] = Field(default_factory=dict)
    limits: LimitsPart | None = None
    work: list[WorkPart] = Field(default_factory=list)
    unreadable_calendar: UnreadablePart | None = None


_OBJECTS: dict[str, type[Part]] = {
    "": Shape,
    "service": ServicePart,
    "service.needs": NeedPart,
    "weekly": WeekWindow,
    "overrides": OverridePart,
    "overrides.windows": Window,
    "windows": Stretch,
    "busy": Busy,
    "pools.*": PoolPart,
    "pools.*.busy": UnitBusy,
    "limits": LimitsPart,
    "work": WorkPart,
    "unreadable_calendar": UnreadablePart,
}


def shaped(found: Object) -> Shape:
    """The scenario in `found`; raises UnusableAnswers with every problem of its shape."""
    problems = Problems()
    try:
        return Shape.model_validate(found)
    except ValidationError as problem:
        for one in problem.errors(include_url=False):
            _tell(one["type"], one["loc"], one["input"], one["msg"], problems)
    raise UnusableAnswers(*problems.sentences)


def _tell(
    kind: str, loc: tuple[int | str, ...], found: object, expected: str, problems: Problems
) -> None:
    """One problem as a sentence: where, what was found, what was expected."""
    match kind:
        case "extra_forbidden":
            known = one_of([field.alias or name for name, field in _fields(loc).items()])
            problems.told(_path(loc), f"found a key that nothing reads, expected {known}")
        case "missing":
            problems.told(_path(loc), f"found nothing, expected {_wanted(loc)}")
        case "model_type" | "dict_type":
            problems.expected(_path(loc), found, _AN_OBJECT)
        case "list_type":
            problems.expected(_path(loc), found, _A_LIST)
        case _:
            problems.expected(_path(loc), found, expected)


def _path(loc: tuple[int | str, ...]) -> str:
    """The place in the file, such as busy[2].end."""
    parts = (f"[{one}]" if isinstance(one, int) else f".{one}" for one in loc if one != "[key]")
    return "".join(parts).removeprefix(".")


def _fields(loc: tuple[int | str, ...]) -> dict[str, FieldInfo]:
    """The fields of the object that holds the key at `loc`."""
    names = [one for one in loc[:-1] if isinstance(one, str)]
    if names[:1] == ["pools"]:
        names[1:2] = ["*"]
    return _OBJECTS[".".join(names)].model_fields


def _wanted(loc: tuple[int | str, ...]) -> str:
    """What the key that is missing at `loc` should hold, as its own check says it."""
    field = next(one for name, one in _fields(loc).items() if (one.alias or name) == loc[-1])
    for check in (one for one in field.metadata if isinstance(one, BeforeValidator)):
        try:
            cast(Callable[[object], object], check.func)(None)
        except PydanticCustomError as problem:
            return problem.message()
    return _AN_OBJECT if loc[-1] == "service" else _A_LIST
