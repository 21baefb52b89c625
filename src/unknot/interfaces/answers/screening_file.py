"""Read one person's answers to the safety table from the object in a JSON file.

Pure: the object and today's date in, the arguments of `decide` out. Nothing is guessed: a reply is
yes, no or unsure, a region is written by its id, and a question left out is an unanswered one.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.screening.answers import Answers
from unknot.domain.screening.catalogue import Table
from unknot.domain.screening.clauses import Reply
from unknot.domain.screening.decide import DAYS_PER_WEEK
from unknot.domain.screening.questions import TOLD_IN_WORDS
from unknot.interfaces.answers.document import (
    Object,
    Problems,
    check_keys,
    list_at,
    object_at,
    one_of,
    shown,
    whole,
)

Kind = Literal["red_flags", "conditions", "medicines", "facts"]
KINDS: tuple[Kind, ...] = ("red_flags", "conditions", "medicines", "facts")
KEYS = ("version", "age", "today", "onset_on", "marks", "told", *KINDS, "where", "cleared")
MARK_KEYS = ("region", "view", "intensity")
VIEWS = ("back", "front")
REPLIES = ("yes", "no", "unsure")
OLDEST = 120  # years
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningAnswers:
    """What `decide` is given, and which rows a clinician has agreed to."""

    answers: Answers
    age: int
    regions: tuple[str, ...]
    told: tuple[str, ...]
    onset_weeks: float | None
    cleared: tuple[str, ...]


def read(found: Object, table: Table, *, today: date) -> ScreeningAnswers:
    """The answers in `found`, on `today` unless it says another day; raises UnusableAnswers."""
    problems = Problems()
    check_keys(found, KEYS, problems)
    version = found.get("version", table.version)
    if not whole(version) or version != table.version:
        problems.expected("version", version, f"{table.version}, the version of the table here")
    reading = ScreeningAnswers(
        age=_age(found, table, problems),
        onset_weeks=_onset_weeks(found, today, problems),
        regions=_regions(list_at(found, "marks", problems), problems),
        told=_names(found, "told", TOLD_IN_WORDS, problems),
        answers=Answers(
            red_flags=_replies(found, "red_flags", table.ids.red_flags, problems),
            conditions=_replies(found, "conditions", table.ids.conditions, problems),
            medicines=_replies(found, "medicines", table.ids.medicines, problems),
            facts=_replies(found, "facts", table.ids.facts, problems),
            where=_where(found, table, problems),
        ),
        cleared=_names(found, "cleared", _clearable(table), problems),
    )
    problems.check()
    return reading


def _age(found: Object, table: Table, problems: Problems) -> int:
    youngest = table.header.engine.minimum_age
    wanted = f"a whole number from {youngest} to {OLDEST}"
    if "age" not in found:
        problems.told("age", f"found nothing, expected {wanted}")
        return 0
    age = found["age"]
    if isinstance(age, int) and whole(age) and youngest <= age <= OLDEST:
        return age
    problems.expected("age", age, wanted)
    return 0


def _onset_weeks(found: Object, today: date, problems: Problems) -> float | None:
    on = _day(found, "today", problems) or today
    began = _day(found, "onset_on", problems)
    if began is None:
        return None
    if not on.year - OLDEST <= began.year or began > on:
        wanted = f"a day up to {on.isoformat()} and at most {OLDEST} years back"
        problems.expected("onset_on", began.isoformat(), wanted)
        return None
    return (on - began).days / DAYS_PER_WEEK


def _day(found: Object, key: str, problems: Problems) -> date | None:
    value = found.get(key)
    if value is None:
        return None
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # the shape of a day, such as 2026-02-30: told below like every other misfit
    problems.expected(key, value, "a day such as 2026-03-27")
    return None


def _regions(marks: list[object], problems: Problems) -> tuple[str, ...]:
    """The marked regions in the order of the file, each once and on its own view."""
    marked: dict[str, str] = {}
    for place, mark in enumerate(marks):
        key = f"marks[{place}]"
        if not isinstance(mark, dict):
            problems.expected(key, mark, 'an object such as {"region": "cervical_l"}')
            continue
        _check_mark_keys(key, mark, problems)
        region = _region(key, mark, problems)
        if region is None:
            continue
        if region.id in marked:
            _say_twice(key, region.id, marked[region.id], mark.get("view"), problems)
            continue
        view = mark.get("view")
        marked[region.id] = str(view) if view in VIEWS else region.view
        _check_view(key, mark, region, problems)
    return tuple(marked)


def _check_mark_keys(key: str, mark: Mapping[str, object], problems: Problems) -> None:
    for name in (name for name in mark if name not in MARK_KEYS):
        problems.told(
            f"{key}.{name}", f"found a key that nothing reads, expected {one_of(MARK_KEYS)}"
        )
    strength = mark.get("intensity")
    if strength is not None and not (
        isinstance(strength, int) and whole(strength) and 1 <= strength <= 10
    ):
        problems.expected(f"{key}.intensity", strength, "a whole number from 1 to 10")


def _region(key: str, mark: Mapping[str, object], problems: Problems) -> bodymap.Region | None:
    body = bodymap.load()
    if "region" not in mark:
        problems.told(f"{key}.region", "found nothing, expected a region of the body map")
        return None
    name = mark["region"]
    region = body.by_id.get(name) if isinstance(name, str) else None
    if region is None:
        problems.expected(f"{key}.region", name, "a region of the body map")
    elif not region.markable:
        wanted = "a region that can be marked; this one is asked about in words"
        problems.expected(f"{key}.region", name, wanted)
        return None
    return region


def _say_twice(key: str, region: str, before: str, view: object, problems: Problems) -> None:
    if view in VIEWS and view != before:
        what = f"found {region} under {before} and {view}, expected one mark on its own view"
    else:
        what = f"found {region} marked before, expected each region once"
    problems.told(f"{key}.region", what)


def _check_view(
    key: str, mark: Mapping[str, object], region: bodymap.Region, problems: Problems
) -> None:
    view = mark.get("view")
    if view is not None and view != region.view:
        problems.expected(f"{key}.view", view, f'"{region.view}", where {region.id} is drawn')


def _replies(
    found: Object, kind: Kind, known: Collection[str], problems: Problems
) -> dict[str, Reply]:
    replies: dict[str, Reply] = {}
    for name, said in object_at(found, kind, problems).items():
        if name not in known:
            wanted = one_of(sorted(known))
            problems.told(f"{kind}.{name}", f"found what the table does not ask, expected {wanted}")
        elif said is not None and said not in REPLIES:
            problems.expected(f"{kind}.{name}", said, "yes, no or unsure")
        elif said is not None:
            replies[name] = cast(Reply, said)
    return replies


def _where(found: Object, table: Table, problems: Problems) -> dict[str, frozenset[str]]:
    """The regions named for an answer; an area stands for each region in it."""
    asked = table.ids.conditions | table.ids.medicines
    named = object_at(found, "where", problems)
    where: dict[str, frozenset[str]] = {}
    for name in named:
        key = f"where.{name}"
        if name not in asked:
            problems.told(
                key, "found what the table does not ask, expected a condition or medicine"
            )
            continue
        if not isinstance(named[name], list):
            problems.expected(key, named[name], "a list of areas or regions in brackets")
            continue
        places = _places(key, cast(list[object], named[name]), problems)
        if places:
            where[name] = places
    return where


def _places(key: str, places: list[object], problems: Problems) -> frozenset[str]:
    body = bodymap.load()
    inside: set[str] = set()
    for position, place in enumerate(places):
        if isinstance(place, str) and place in body.entry.area_groups:
            inside |= {region.id for region in body.in_group(place)}
        elif isinstance(place, str) and place in body.by_id:
            inside.add(place)
        else:
            problems.expected(f"{key}[{position}]", place, "an area or a region of the body map")
    return frozenset(inside)


def _names(found: Object, key: str, known: Collection[str], problems: Problems) -> tuple[str, ...]:
    """The names in a list, each known and there once."""
    names: dict[str, None] = {}
    for position, name in enumerate(list_at(found, key, problems)):
        if not isinstance(name, str) or name not in known:
            problems.expected(f"{key}[{position}]", name, _EXPECTED.get(key) or one_of(known))
        elif name in names:
            problems.told(f"{key}[{position}]", f"found {shown(name)} again, expected it once")
        else:
            names[name] = None
    return tuple(names)


_EXPECTED = {"cleared": "a red flag or a rule of the table"}


def _clearable(table: Table) -> frozenset[str]:
    rules = {rule.id for rule in table.rules} | {rule.id for rule in table.age_rules}
    return table.ids.red_flags | rules
