"""What one person answered to the screening table, and which facts follow from it.

Units   none.
Errors  UnknownQuestion: an answer to something the table does not ask, or an unknown region.
Source  knowledge/screening/facts.toml; `engine.unknown_answer` in table.toml
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.screening.catalogue import Table
from unknot.domain.screening.clauses import Reply

#: The answers that are not a no.
SAID = ("yes", "unsure")


class UnknownQuestion(ValueError):
    """An answer names a question or a region that does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One person's answers by question id; `where` holds the places named for an answer."""

    red_flags: Mapping[str, Reply] = field(default_factory=dict)
    conditions: Mapping[str, Reply] = field(default_factory=dict)
    medicines: Mapping[str, Reply] = field(default_factory=dict)
    facts: Mapping[str, Reply] = field(default_factory=dict)
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)


def known_facts(table: Table, answers: Answers) -> frozenset[str]:
    """Name the facts that hold: told by name, or by a condition or medicine not denied."""
    return frozenset(
        fact.id
        for fact in table.facts
        if answers.facts.get(fact.id) in SAID
        or any(answers.conditions.get(one) in SAID for one in fact.conditions)
        or any(answers.medicines.get(one) in SAID for one in fact.medicines)
    )


def check_known(table: Table, answers: Answers, regions: Collection[str]) -> None:
    """Refuse answers about anything the table or the body map lacks; raises UnknownQuestion."""
    places = {place for named in answers.where.values() for place in named}
    for kind, given, known in (
        ("red flag", answers.red_flags.keys(), table.ids.red_flags),
        ("condition", answers.conditions.keys(), table.ids.conditions),
        ("medicine", answers.medicines.keys(), table.ids.medicines),
        ("fact", answers.facts.keys(), table.ids.facts),
        ("region", {*regions, *places}, bodymap.load().by_id.keys()),
    ):
        if strangers := sorted(given - known):
            raise UnknownQuestion(f"no {kind} is called {', '.join(strangers)}")
