"""Replay the examples of the safety table: for each row one that fires it, and a near miss.

A case states the answers of one person and what comes out: the urgency, or the action for one
technique in one place. In a firing case the row itself must give that level, so that an example
never passes because of another row; in a near miss the row must have no part in it.

Units   `age` in years, `onset_days` since the pain began, `hours` since the session.
Errors  KnowledgeError from `load`. A mismatch is no error: it is a line naming file, row,
        what was expected and what was found.
Source  knowledge/screening/examples.toml; the examples only exercise the table
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.knowledge import Entry, read
from unknot.domain.screening.after_session import AfterSession, after_session
from unknot.domain.screening.answers import SAID, Answers, UnknownQuestion, known_facts
from unknot.domain.screening.catalogue import FOLDER, Table
from unknot.domain.screening.clauses import ActionId, Reply, UrgencyId
from unknot.domain.screening.decide import DAYS_PER_WEEK, Decision, Fired, decide
from unknot.domain.screening.entries import Card, RedFlag
from unknot.domain.screening.questions import questions_to_ask, recheck_questions

FILE = "screening/examples.toml"
Part = Literal["raise_if", "soften_if", "escalate"]


class Case(Entry):
    """One person's answers, and the level or the action they lead to."""

    red_flags: dict[str, Reply] = Field(default_factory=dict)
    conditions: dict[str, Reply] = Field(default_factory=dict)
    medicines: dict[str, Reply] = Field(default_factory=dict)
    facts: dict[str, Reply] = Field(default_factory=dict)
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    age: int = 40
    onset_days: int | None = None
    regions: tuple[str, ...] = ()
    technique: str = ""
    region: str | None = None
    action: ActionId | None = None
    urgency: UrgencyId | None = None
    card: Card | None = None
    full_screen: bool = False

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if bool(self.technique) != (self.action is not None):
            raise ValueError("expected technique and action together, or neither")
        if self.action is None and self.urgency is None:
            raise ValueError("expected an action or an urgency")
        return self

    @property
    def onset_weeks(self) -> float | None:
        """Weeks since the pain began; None when nobody remembers."""
        return None if self.onset_days is None else self.onset_days / DAYS_PER_WEEK

    @property
    def answers(self) -> Answers:
        """What this person answered."""
        return Answers(
            red_flags=self.red_flags,
            conditions=self.conditions,
            medicines=self.medicines,
            facts=self.facts,
            where={name: frozenset(places) for name, places in self.where.items()},
        )


class Example(Entry):
    """A row, or one part of a red flag, with cases that fire it and cases that just do not."""

    row: str
    part: Part | None = None
    fires: tuple[Case, ...] = Field(min_length=1)
    near_misses: tuple[Case, ...] = Field(min_length=1)

    @property
    def name(self) -> str:
        """The row, and its part where one is meant."""
        return f"{self.row}.{self.part}" if self.part else self.row


class AfterCase(Entry):
    """What somebody noticed after a session, and the urgency it leads to."""

    events: tuple[str, ...] = ()
    soreness: int | None = None
    hours: int
    urgency: UrgencyId


class AfterExample(Entry):
    """A row of after_session.toml with cases that fire it and cases that just do not."""

    row: str
    fires: tuple[AfterCase, ...] = Field(min_length=1)
    near_misses: tuple[AfterCase, ...] = Field(min_length=1)


class Examples(Entry):
    """examples.toml"""

    example: tuple[Example, ...]
    after_session: tuple[AfterExample, ...]

    @property
    def names(self) -> frozenset[str]:
        """The rows that have an example, and the parts of red flags."""
        return frozenset(
            (*(one.name for one in self.example), *(one.row for one in self.after_session))
        )

    @property
    def count(self) -> int:
        """How many cases there are, firing ones and near misses."""
        lists = [(one.fires, one.near_misses) for one in self.example]
        after = [(one.fires, one.near_misses) for one in self.after_session]
        return sum(len(fires) + len(misses) for fires, misses in (*lists, *after))


@cache
def load(file: Path = FOLDER / "examples.toml") -> Examples:
    """Read the examples shipped with the table, once; raises KnowledgeError."""
    return read(file, Examples)


def replay(table: Table, examples: Examples) -> tuple[str, ...]:
    """One line for each example the table does not bear out, and for each row without one."""
    rows = _rows(table)
    known = [one for one in examples.example if one.name in rows]
    strangers = sorted(examples.names - {*rows})
    return (
        *(f"{FILE}: {name}: expected a row of the table" for name in strangers),
        *(line for one in known for line in mismatches(table, one)),
        *(line for one in examples.after_session for line in after_mismatches(table, one)),
        *without_example(table, examples),
    )


def without_example(table: Table, examples: Examples) -> tuple[str, ...]:
    """One line for each row of `table`, or part of a red flag, that no example is about."""
    return tuple(
        f"{FILE}: {row}: expected an example, found none"
        for row in _rows(table)
        if row not in examples.names
    )


def mismatches(table: Table, example: Example) -> tuple[str, ...]:
    """What one example expects of `table` and does not get, one line each."""
    return tuple(
        f"{FILE}: {example.name}.{key}.{position}: {line}"
        for key, cases in (("fires", example.fires), ("near_misses", example.near_misses))
        for position, case in enumerate(cases)
        for line in _case(table, example, case, fires=key == "fires")
    )


def after_mismatches(table: Table, example: AfterExample) -> tuple[str, ...]:
    """What one example of the time after a session expects and does not get, one line each."""
    return tuple(
        f"{FILE}: {example.row}.{key}.{position}: {line}"
        for key, cases in (("fires", example.fires), ("near_misses", example.near_misses))
        for position, case in enumerate(cases)
        for line in _after_case(table, example.row, case, fires=key == "fires")
    )


def _rows(table: Table) -> tuple[str, ...]:
    """Every row that needs an example, the parts of red flags after their flag."""
    return (
        *(name for flag in table.red_flags for name in _with_parts(flag)),
        *(row.id for row in table.combinations),
        *(row.id for row in table.rules),
        *(row.id for row in table.age_rules),
        *(row.id for row in table.after_session),
    )


def _with_parts(flag: RedFlag) -> Iterator[str]:
    yield flag.id
    parts: Mapping[Part, object] = {
        "raise_if": flag.raise_if,
        "soften_if": flag.soften_if,
        "escalate": flag.escalate,
    }
    yield from (f"{flag.id}.{part}" for part, said in parts.items() if said is not None)


def _case(table: Table, example: Example, case: Case, *, fires: bool) -> Iterator[str]:
    try:
        decision = decide(
            table,
            case.answers,
            age=case.age,
            regions=case.regions,
            onset_weeks=case.onset_weeks,
        )
        _check_place(table, case)
    except UnknownQuestion as stranger:
        yield f"expected answers the table knows, found: {stranger}"
        return
    yield from _not_asked(table, case)
    yield from _differences(case, decision)
    yield from _part_played(table, example, case, decision, fires=fires)


def _check_place(table: Table, case: Case) -> None:
    if case.technique and case.technique not in table.techniques:
        raise UnknownQuestion(f"no technique is called {case.technique}")
    if case.region is not None and case.region not in bodymap.load().by_id:
        raise UnknownQuestion(f"no region is called {case.region}")


def _not_asked(table: Table, case: Case) -> Iterator[str]:
    """Whether the person of this case would have met every question that is answered."""
    asked = questions_to_ask(table, regions=case.regions, age=case.age, answers=case.answers)
    flags = (*asked.red_flags, *recheck_questions(table))
    known = {flag.id for flag in flags} | {row.id for row in asked.conditions}
    given = (*case.red_flags, *case.conditions)
    opened = {fact.id for fact in asked.facts if case.red_flags.get(fact.after) in SAID}
    told = {fact.id for fact in table.facts if not fact.after} | opened
    for name in (
        *(one for one in given if one not in known),
        *(one for one in case.facts if one not in told),
        *(one for one in case.where if one not in {**case.conditions, **case.medicines}),
    ):
        yield f"expected only what this person is asked, found {name}"


def _differences(case: Case, decision: Decision) -> Iterator[str]:
    if case.urgency is not None and decision.urgency.id != case.urgency:
        yield f"urgency: expected {case.urgency}, found {decision.urgency.id}"
    if case.action is not None:
        found = decision.action(case.technique, case.region).id
        if found != case.action:
            yield f"action: expected {case.action}, found {found}"
    cards = () if case.card is None else (case.card,)
    if decision.cards != cards:
        yield f"card: expected {', '.join(cards) or 'none'}, found {', '.join(decision.cards)}"
    if decision.full_screen != case.full_screen:
        yield f"full_screen: expected {case.full_screen}, found {decision.full_screen}"


def _part_played(
    table: Table, example: Example, case: Case, decision: Decision, *, fires: bool
) -> Iterator[str]:
    """Whether the row itself gives the level of a firing case, and has no part in a near miss."""
    rows = [row for row in decision.fired if row.id == example.row and _concerns(row, case)]
    applied = bool(rows)
    if applied and example.part is not None:
        applied = _part_applies(table, example, case, rows[0])
    if applied != fires:
        expected, found = ("fires", "silent") if fires else ("silent", "fires")
        yield f"row: expected {expected}, found {found}"
    elif fires:
        if case.urgency is not None and rows[0].urgency.id != case.urgency:
            yield f"row's urgency: expected {case.urgency}, found {rows[0].urgency.id}"
        if case.action is not None and rows[0].action.id != case.action:
            yield f"row's action: expected {case.action}, found {rows[0].action.id}"


def _concerns(row: Fired, case: Case) -> bool:
    """Whether a fired row reaches the technique and the place of this case, if it names one."""
    return not case.technique or (
        case.technique in row.techniques and (not row.regions or case.region in row.regions)
    )


def _part_applies(table: Table, example: Example, case: Case, row: Fired) -> bool:
    flag = table.red_flag(example.row)
    if example.part == "raise_if" and flag.raise_if is not None:
        # Asked of the clause itself: it may raise a level that is the highest already.
        return flag.raise_if.when.holds(age=case.age, facts=known_facts(table, case.answers))
    change = flag.soften_if if example.part == "soften_if" else flag.escalate
    return change is not None and row.urgency.id == change.to


def _after_case(table: Table, row_id: str, case: AfterCase, *, fires: bool) -> Iterator[str]:
    result: AfterSession = after_session(
        table, events=case.events, soreness=case.soreness, hours=case.hours
    )
    if result.urgency.id != case.urgency:
        yield f"urgency: expected {case.urgency}, found {result.urgency.id}"
    found = [row.urgency.id for row in result.fired if row.id == row_id]
    if bool(found) != fires:
        expected, got = ("fires", "silent") if fires else ("silent", "fires")
        yield f"row: expected {expected}, found {got}"
    elif fires and found != [case.urgency]:
        yield f"row's urgency: expected {case.urgency}, found {found[0]}"
