"""What is asked of one person: by the marked regions, age, and what was already said.

Answers are taken as given whatever is asked: `ask_if` and body regions say what is asked,
never what counts.

Units   `age` in years; regions are body-map ids.
Errors  UnknownRegion for a mark that is not on the body map.
Source  knowledge/screening/*.toml; levels of the body map: `levels.safety_questions` there
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.screening.answers import SAID, Answers, known_facts
from unknot.domain.screening.catalogue import Table
from unknot.domain.screening.clauses import Clause
from unknot.domain.screening.entries import Condition, Fact, Medicine, RedFlag

#: What somebody may tell in words instead of marking it, and the areas whose questions it opens.
TOLD_IN_WORDS: Mapping[str, tuple[str, ...]] = {
    "headaches": ("head",),
    "shoulder_pain": ("shoulder",),
    "arm_numbness": ("arm", "hand"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What is asked of one person, in the order of the table."""

    red_flags: tuple[RedFlag, ...]
    conditions: tuple[Condition, ...]
    medicines: tuple[Medicine, ...]
    facts: tuple[Fact, ...] = ()  # each only after its red flag was not denied

    @property
    def required(self) -> tuple[str, ...]:
        """The ids that must be answered before the pages go on, whatever else was said."""
        return (
            *(flag.id for flag in self.red_flags if not flag.optional),
            *(condition.id for condition in self.conditions),
            *(medicine.id for medicine in self.medicines),
        )


def questions_to_ask(
    table: Table, *, regions: Collection[str], age: int, answers: Answers | None = None
) -> Questions:
    """Choose the questions for marked `regions` and `age` (years); no region marked asks all."""
    facts = known_facts(table, answers or Answers())
    groups = {"any", *bodymap.load().safety_groups(regions)}

    def applies(clause: Clause | None) -> bool:
        return clause is None or clause.holds(age=age, facts=facts)

    def concerns(flag: RedFlag) -> bool:
        return not regions or not groups.isdisjoint(flag.regions)

    flags = tuple(
        flag
        for flag in table.red_flags
        if flag.then is None and applies(flag.ask_if) and concerns(flag)
    )
    asked = {flag.id for flag in flags}
    return Questions(
        red_flags=flags,
        facts=tuple(fact for fact in table.facts if fact.after in asked),
        conditions=tuple(row for row in table.conditions if applies(row.ask_if)),
        medicines=table.medicines,
    )


def asked_about(regions: Collection[str], told: Collection[str]) -> tuple[str, ...]:
    """Give the regions whose questions are asked: the marks, and what was `told` in words.

    Nothing marked stays nothing, so that everything is asked; `told` are keys of TOLD_IN_WORDS.
    """
    if not regions:
        return ()
    body = bodymap.load()
    areas = [area for words in told for area in TOLD_IN_WORDS[words]]
    opened = (region.id for area in areas for region in body.in_group(area))
    return tuple(dict.fromkeys((*regions, *opened)))


def recheck_questions(table: Table) -> tuple[RedFlag, ...]:
    """Give the questions of the short recheck before a session; a yes asks everything again."""
    return tuple(flag for flag in table.red_flags if flag.then is not None)


def unanswered(
    table: Table, answers: Answers, *, regions: Collection[str], age: int
) -> tuple[str, ...]:
    """Name the required questions that have no answer, for marked `regions` and `age` (years)."""
    asked = questions_to_ask(table, regions=regions, age=age, answers=answers)
    given = answers.red_flags.keys() | answers.conditions.keys() | answers.medicines.keys()
    missing = [question for question in asked.required if question not in given]
    opened = (fact for fact in asked.facts if answers.red_flags.get(fact.after) in SAID)
    return (*missing, *(fact.id for fact in opened if fact.id not in answers.facts))
