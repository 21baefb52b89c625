"""Read the screening table: questions, rules and levels, checked against each other.

Units   urgency and action ranks as in `clauses`; weeks and days are counted from the onset date.
Errors  KnowledgeError: one line per problem, naming file, key and what was expected.
        Table lookups raise KeyError for an id that the table does not have.
Source  knowledge/screening/*.toml, each entry with its source or basis. The table is not
        clinically signed off (`Table.signed_off` is false) and says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.knowledge import KNOWLEDGE, Entry, KnowledgeError, by_id, read
from unknot.domain.screening.clauses import Action, Clause, Urgency
from unknot.domain.screening.entries import (
    ActionMeaning,
    AdverseEvent,
    AfterRule,
    AgeRule,
    Combination,
    Condition,
    Fact,
    Group,
    Header,
    Level,
    Medicine,
    RedFlag,
    Rule,
)

FOLDER = KNOWLEDGE / "screening"


class LevelsFile(Entry):
    """urgency.toml"""

    level: tuple[Level, ...]
    action: tuple[ActionMeaning, ...]


class RedFlagsFile(Entry):
    """red_flags.toml"""

    red_flag: tuple[RedFlag, ...]


class CombinationsFile(Entry):
    """combinations.toml"""

    combination: tuple[Combination, ...]


class FactsFile(Entry):
    """facts.toml"""

    fact: tuple[Fact, ...]


class ConditionsFile(Entry):
    """conditions.toml"""

    condition: tuple[Condition, ...]


class MedicinesFile(Entry):
    """medicines.toml"""

    medicine: tuple[Medicine, ...]


class GroupsFile(Entry):
    """groups.toml"""

    techniques: tuple[str, ...]
    group: tuple[Group, ...]


class RulesFile(Entry):
    """rules.toml"""

    rule: tuple[Rule, ...]


class AgeRulesFile(Entry):
    """age_rules.toml"""

    age_rule: tuple[AgeRule, ...]


class AfterFile(Entry):
    """after_session.toml"""

    adverse_event: AdverseEvent
    after_session: tuple[AfterRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """The ids that an answer may name."""

    red_flags: frozenset[str]
    conditions: frozenset[str]
    medicines: frozenset[str]
    facts: frozenset[str]


class Table(Entry):
    """The whole screening table, already checked: every reference in it leads somewhere."""

    header: Header
    levels: tuple[Level, ...]
    actions: tuple[ActionMeaning, ...]
    red_flags: tuple[RedFlag, ...]
    combinations: tuple[Combination, ...]
    facts: tuple[Fact, ...]
    conditions: tuple[Condition, ...]
    medicines: tuple[Medicine, ...]
    techniques: tuple[str, ...]
    groups: tuple[Group, ...]
    rules: tuple[Rule, ...]
    age_rules: tuple[AgeRule, ...]
    adverse_event: AdverseEvent
    after_session: tuple[AfterRule, ...]

    @property
    def version(self) -> int:
        """The version a stored decision keeps."""
        return self.header.version

    @property
    def signed_off(self) -> bool:
        """Whether a licensed clinician has approved this table."""
        return self.header.signed_off

    @cached_property
    def ids(self) -> Ids:
        """Every id that an answer may name."""
        return Ids(
            red_flags=frozenset(self._red_flags),
            conditions=frozenset(self._conditions),
            medicines=frozenset(self._medicines),
            facts=frozenset(fact.id for fact in self.facts),
        )

    def red_flag(self, flag_id: str) -> RedFlag:
        """Give one red flag; KeyError when the table has none of that id."""
        return self._red_flags[flag_id]

    def condition(self, condition_id: str) -> Condition:
        """Give one condition; KeyError when the table has none of that id."""
        return self._conditions[condition_id]

    def medicine(self, medicine_id: str) -> Medicine:
        """Give one group of medicines; KeyError when the table has none of that id."""
        return self._medicines[medicine_id]

    def level(self, level_id: str) -> Level:
        """Give what the client is told at one level of urgency."""
        return by_id(self.levels, level_id)

    def techniques_of(self, names: Iterable[str]) -> frozenset[str]:
        """Spell out technique ids, group names and "all" as technique ids."""
        groups = {group.id: group.techniques for group in self.groups} | {"all": self.techniques}
        return frozenset(one for name in names for one in groups.get(name, (name,)))

    @cached_property
    def techniques_by_rule(self) -> Mapping[str, frozenset[str]]:
        """The technique ids that each rule concerns, by the rule's id."""
        return {rule.id: self.techniques_of(rule.techniques) for rule in self.rules}

    @cached_property
    def _red_flags(self) -> Mapping[str, RedFlag]:
        return {row.id: row for row in self.red_flags}

    @cached_property
    def _conditions(self) -> Mapping[str, Condition]:
        return {row.id: row for row in self.conditions}

    @cached_property
    def _medicines(self) -> Mapping[str, Medicine]:
        return {row.id: row for row in self.medicines}


@cache
def load() -> Table:
    """Give the table shipped with Unknot, read once; raises KnowledgeError."""
    return read_table(FOLDER)


def read_table(folder: Path) -> Table:
    """Read the eleven files of `folder` and check every reference; raises KnowledgeError."""
    levels = read(folder / "urgency.toml", LevelsFile)
    groups = read(folder / "groups.toml", GroupsFile)
    after = read(folder / "after_session.toml", AfterFile)
    table = Table(
        header=read(folder / "table.toml", Header),
        levels=levels.level,
        actions=levels.action,
        red_flags=read(folder / "red_flags.toml", RedFlagsFile).red_flag,
        combinations=read(folder / "combinations.toml", CombinationsFile).combination,
        facts=read(folder / "facts.toml", FactsFile).fact,
        conditions=read(folder / "conditions.toml", ConditionsFile).condition,
        medicines=read(folder / "medicines.toml", MedicinesFile).medicine,
        techniques=groups.techniques,
        groups=groups.group,
        rules=read(folder / "rules.toml", RulesFile).rule,
        age_rules=read(folder / "age_rules.toml", AgeRulesFile).age_rule,
        adverse_event=after.adverse_event,
        after_session=after.after_session,
    )
    if problems := tuple(_problems(table)):
        raise KnowledgeError("\n".join(problems))
    return table


def _problems(table: Table) -> Iterator[str]:
    yield from _rank_problems(table)
    yield from _repeated(table)
    yield from _flag_problems(table)
    yield from _fact_problems(table)
    yield from _rule_problems(table)


def _rank_problems(table: Table) -> Iterator[str]:
    for key, said, known in (
        ("level", {row.id: row.rank for row in table.levels}, {u.id: u.value for u in Urgency}),
        ("action", {row.id: row.rank for row in table.actions}, {a.id: a.value for a in Action}),
    ):
        if said != known:
            yield f"screening/urgency.toml: {key}.rank: expected {known}, got {said}"


def _repeated(table: Table) -> Iterator[str]:
    ids = [
        *(("red_flags.toml", row.id) for row in table.red_flags),
        *(("combinations.toml", row.id) for row in table.combinations),
        *(("conditions.toml", row.id) for row in table.conditions),
        *(("medicines.toml", row.id) for row in table.medicines),
        *(("rules.toml", row.id) for row in table.rules),
        *(("age_rules.toml", row.id) for row in table.age_rules),
        *(("after_session.toml", row.id) for row in table.after_session),
    ]
    seen: set[str] = set()
    for file, row_id in ids:
        if row_id in seen:
            yield f"screening/{file}: {row_id}.id: expected an id used once in the table"
        seen.add(row_id)


def _flag_problems(table: Table) -> Iterator[str]:
    flags = {row.id for row in table.red_flags}
    groups = {"any", *bodymap.load().entry.area_groups}
    for flag in table.red_flags:
        yield from _dangling("red_flags.toml", f"{flag.id}.regions", flag.regions, groups)
    for combination in table.combinations:
        key = f"{combination.id}.of"
        yield from _dangling("combinations.toml", key, combination.members, flags)
    for after in table.after_session:
        fired = (after.fire,) if after.fire is not None else ()
        yield from _dangling("after_session.toml", f"{after.id}.fire", fired, flags)
        if (after.fire is None) == (after.urgency is None):
            yield f"screening/after_session.toml: {after.id}: expected either fire or urgency"


def _fact_problems(table: Table) -> Iterator[str]:
    conditions = {row.id for row in table.conditions}
    medicines = {row.id for row in table.medicines}
    flags = {row.id for row in table.red_flags}
    for fact in table.facts:
        yield from _dangling("facts.toml", f"{fact.id}.conditions", fact.conditions, conditions)
        yield from _dangling("facts.toml", f"{fact.id}.medicines", fact.medicines, medicines)
        after = (fact.after,) if fact.after else ()
        yield from _dangling("facts.toml", f"{fact.id}.after", after, flags)
    facts = {fact.id for fact in table.facts}
    for file, key, clause in _clauses(table):
        yield from _dangling(file, f"{key}.fact", tuple(clause.facts()), facts)


def _clauses(table: Table) -> Iterator[tuple[str, str, Clause]]:
    for flag in table.red_flags:
        if flag.ask_if is not None:
            yield "red_flags.toml", f"{flag.id}.ask_if", flag.ask_if
        if flag.raise_if is not None:
            yield "red_flags.toml", f"{flag.id}.raise_if", flag.raise_if.when
    for condition in table.conditions:
        if condition.ask_if is not None:
            yield "conditions.toml", f"{condition.id}.ask_if", condition.ask_if
    for rule in table.age_rules:
        yield "age_rules.toml", f"{rule.id}.when", rule.when


def _rule_problems(table: Table) -> Iterator[str]:
    body = bodymap.load()
    conditions = {row.id for row in table.conditions}
    medicines = {row.id for row in table.medicines}
    techniques = {"all", *table.techniques, *(group.id for group in table.groups)}
    areas = {"any", "affected", *body.entry.area_groups, *(region.id for region in body.regions)}
    for group in table.groups:
        key = f"{group.id}.techniques"
        yield from _dangling("groups.toml", key, group.techniques, set(table.techniques))
    for rule in table.rules:
        needs_condition = (rule.when.condition,) if rule.when.condition else ()
        needs_medicine = (rule.when.medicine,) if rule.when.medicine else ()
        file = "rules.toml"
        yield from _dangling(file, f"{rule.id}.when.condition", needs_condition, conditions)
        yield from _dangling(file, f"{rule.id}.when.medicine", needs_medicine, medicines)
        yield from _dangling(file, f"{rule.id}.techniques", rule.techniques, techniques)
        yield from _dangling(file, f"{rule.id}.areas", rule.areas, areas)


def _dangling(file: str, key: str, names: Sequence[str], known: set[str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            expected = ", ".join(sorted(known))
            yield f"screening/{file}: {key}: unknown {name!r}, expected one of {expected}"
