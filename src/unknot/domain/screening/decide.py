"""Decide from one person's answers: how urgent it is, and what each technique may do where.

The highest urgency wins over everything; then the highest action per technique and region.
Choices where the table leaves room, each the more cautious reading unless said otherwise:

* "Not sure" counts as yes for flags and combinations at same_day or emergency_now, and as
  at most "clearance" for conditions and medicines. Below those levels it fires no flag.
* A flag with a card of help shows it for "not sure" too: it is for one's own eyes alone.
* An unanswered question is never a yes; a decision with one is `incomplete`, not favourable.
* A fact nobody was asked about is unknown and changes no level; the engine note gives "yes"
  to "not sure" only. smoker_ever is never asked: the level it would raise is the highest. Diabetes
  counts as uncontrolled and recent surgery as a spine procedure; recent_infection means a
  skin infection, because fever is already in the flag that it raises.
* `soften_if` needs a known onset inside the six weeks that its question names.
* "Six weeks" is reached on the day it is reached. An unknown onset escalates nothing.
* A condition, medicine or age rule that fires makes the urgency at least `adapt`, because
  the therapist is told; the standing rules of the body do not.
* rf_inflammatory blocks like its level; `may_continue` is told, not acted on.
* rf_abuse and other private rows never reach staff as a fired row; a private condition's
  adaptation does, without its reason.

Units   `age` in years, `onset_weeks` in weeks since the pain began; regions are body-map ids.
Errors  UnknownQuestion: an answer to something the table does not ask, or an unknown region.
        KeyError from `Decision.action` for a technique or region that does not exist.
Source  knowledge/screening/*.toml; `engine.precedence` and `engine.unknown_answer` there
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.screening.answers import SAID, Answers, check_known, known_facts
from unknot.domain.screening.catalogue import Table
from unknot.domain.screening.clauses import Action, Reply, Urgency, action, urgency
from unknot.domain.screening.entries import Card, Combination, RedFlag, Rule
from unknot.domain.screening.limits import Limits, add_up
from unknot.domain.screening.questions import recheck_questions, unanswered

Kind = Literal["red_flag", "combination", "condition", "medicine", "age", "always", "after_session"]
DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """One row of the table that applies: what it asks for, of which techniques, where."""

    id: str
    kind: Kind
    version: int
    because: str  # the question answered, or "always", or "age"
    text: str  # what follows: the change to make, or the question for a flag
    answered: str = ""  # what was asked, in words a client has seen
    reply: Reply | None = None
    urgency: Urgency = Urgency.NONE
    action: Action = Action.OK
    techniques: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()  # empty: anywhere
    private: bool = False
    card: Card | None = None
    may_continue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the table says about one set of answers, and why."""

    table_version: int
    urgency: Urgency
    fired: tuple[Fired, ...]
    unanswered: tuple[str, ...]
    full_screen: bool  # the recheck says: ask everything again
    cards: tuple[Card, ...]
    techniques: tuple[str, ...]
    limits: Limits

    @property
    def blocked(self) -> bool:
        """Whether nothing may be booked until a clinician's clearance is recorded."""
        return self.urgency >= Urgency.CLINICIAN_FIRST

    @property
    def incomplete(self) -> bool:
        """Whether a question that safety needs has no answer yet."""
        return bool(self.unanswered)

    def action(self, technique: str, region: str | None = None) -> Action:
        """Give the action for `technique` in `region` or anywhere; KeyError if unknown."""
        return self.limits.action(technique, region)

    def avoided_regions(self, technique: str) -> frozenset[str]:
        """Name the regions where `technique` is to be avoided."""
        return self.limits.avoided(technique)

    def reasons(self, technique: str, region: str | None = None) -> tuple[Fired, ...]:
        """Give the rows behind the action for `technique`, in `region` or anywhere."""
        return tuple(
            row
            for row in self.fired
            if technique in row.techniques and (not row.regions or region in row.regions)
        )

    def adaptations(
        self, technique: str, *, regions: Collection[str] | None = None, standing: bool = True
    ) -> tuple[str, ...]:
        """Give the changes for `technique`, in `regions` or everywhere.

        `standing` adds the rules that hold for everyone.
        """
        texts = (
            row.text
            for row in self.fired
            if technique in row.techniques
            and row.card is None
            and (standing or row.kind != "always")
            and (regions is None or not row.regions or not row.regions.isdisjoint(regions))
        )
        return tuple(dict.fromkeys(texts))

    def for_staff(self) -> tuple[Fired, ...]:
        """Give the fired rows that staff may see: never a private one."""
        return tuple(row for row in self.fired if not row.private)


def decide(
    table: Table,
    answers: Answers,
    *,
    age: int,
    regions: Collection[str],
    onset_weeks: float | None,
) -> Decision:
    """Decide for one person (years, weeks since onset); raises UnknownQuestion."""
    check_known(table, answers, regions)
    facts = known_facts(table, answers)
    fired = (
        *_flags(table, answers, age=age, facts=facts, onset_weeks=onset_weeks),
        *_combinations(table, answers),
        *_rules(table, answers),
        *_age_rules(table, age=age, facts=facts),
    )
    rechecks = {flag.id for flag in recheck_questions(table)}
    return Decision(
        table_version=table.version,
        urgency=max((row.urgency for row in fired), default=Urgency.NONE),
        fired=fired,
        unanswered=unanswered(table, answers, regions=regions, age=age),
        full_screen=any(answers.red_flags.get(one) in SAID for one in rechecks),
        cards=tuple(dict.fromkeys(row.card for row in fired if row.card is not None)),
        techniques=table.techniques,
        limits=add_up(table.techniques, fired),
    )


def _flags(
    table: Table, answers: Answers, *, age: int, facts: frozenset[str], onset_weeks: float | None
) -> Iterator[Fired]:
    for flag in table.red_flags:
        reply = answers.red_flags.get(flag.id)
        level = _level(flag, age=age, facts=facts, onset_weeks=onset_weeks)
        if _counts(reply, level) or (reply == "unsure" and flag.show is not None):
            yield Fired(
                id=flag.id,
                kind="red_flag",
                version=flag.version,
                because=flag.id,
                reply=reply,
                text=flag.question,
                answered=flag.question,
                urgency=level,
                private=flag.private,
                card=flag.show,
                may_continue=flag.may_continue,
            )


def _counts(reply: Reply | None, level: Urgency) -> bool:
    return reply == "yes" or (reply == "unsure" and level >= Urgency.SAME_DAY)


def _level(flag: RedFlag, *, age: int, facts: frozenset[str], onset_weeks: float | None) -> Urgency:
    level = urgency(flag.urgency)
    if flag.raise_if is not None and flag.raise_if.when.holds(age=age, facts=facts):
        level = max(level, urgency(flag.raise_if.to))
    elif flag.soften_if is not None and onset_weeks is not None:
        soft = flag.soften_if
        if soft.days_since_above < onset_weeks * DAYS_PER_WEEK <= soft.days_since_at_most:
            level = min(level, urgency(soft.to))
    late = flag.escalate
    if late is not None and onset_weeks is not None and onset_weeks >= late.after_weeks:
        level = max(level, urgency(late.to))
    return level


def _combinations(table: Table, answers: Answers) -> Iterator[Fired]:
    for combination in table.combinations:
        level = urgency(combination.urgency)
        met = [one for one in combination.members if _counts(answers.red_flags.get(one), level)]
        if len(met) >= combination.needed:
            yield _together(table, combination, met)


def _together(table: Table, combination: Combination, met: list[str]) -> Fired:
    flags = [table.red_flag(one) for one in met]
    return Fired(
        id=combination.id,
        kind="combination",
        version=combination.version,
        because=", ".join(met),
        text=" ".join(flag.question for flag in flags),
        urgency=urgency(combination.urgency),
        private=any(flag.private for flag in flags),
    )


def _rules(table: Table, answers: Answers) -> Iterator[Fired]:
    for rule in table.rules:
        when = rule.when
        if when.always:
            yield _applied(table, rule, kind="always", because="always", answers=answers)
        elif when.condition is not None and answers.conditions.get(when.condition) in SAID:
            yield _applied(table, rule, kind="condition", because=when.condition, answers=answers)
        elif when.medicine is not None and answers.medicines.get(when.medicine) in SAID:
            yield _applied(table, rule, kind="medicine", because=when.medicine, answers=answers)


def _applied(table: Table, rule: Rule, *, kind: Kind, because: str, answers: Answers) -> Fired:
    asked = action(rule.action)
    reply = (answers.medicines if kind == "medicine" else answers.conditions).get(because)
    return Fired(
        id=rule.id,
        kind=kind,
        version=rule.version,
        because=because,
        reply=reply,
        text=rule.adapt_how,
        answered=_asked_in_words(table, kind, because),
        urgency=Urgency.NONE if kind == "always" else Urgency.ADAPT,
        action=min(asked, Action.CLEARANCE) if reply == "unsure" else asked,
        techniques=table.techniques_by_rule[rule.id],
        regions=_regions_of(rule, answers.where.get(because, frozenset())),
        private=kind == "condition" and table.condition(because).private,
        card=rule.show,
    )


def _asked_in_words(table: Table, kind: Kind, because: str) -> str:
    if kind == "condition":
        return table.condition(because).question
    if kind == "medicine":
        medicine = table.medicine(because)
        return f"{medicine.label}: {medicine.why}"
    return ""


def _regions_of(rule: Rule, where: frozenset[str]) -> frozenset[str]:
    if "any" in rule.areas or ("affected" in rule.areas and not where):
        return frozenset()
    areas = where if "affected" in rule.areas else frozenset(rule.areas)
    covered = _covered()
    return frozenset[str]().union(*(covered[area] for area in areas))


def _age_rules(table: Table, *, age: int, facts: frozenset[str]) -> Iterator[Fired]:
    for rule in table.age_rules:
        if rule.when.holds(age=age, facts=facts):
            yield Fired(
                id=rule.id,
                kind="age",
                version=rule.version,
                because="age",
                text=rule.text,
                urgency=Urgency.ADAPT,
                action=action(rule.action),
                techniques=frozenset(table.techniques),
            )


@cache
def _covered() -> Mapping[str, frozenset[str]]:
    """Which regions each area limits: a limit on a parent holds for its children, not upwards."""
    body = bodymap.load()
    areas: dict[str, set[str]] = {}
    for region in body.regions:
        limits = body.limits_for(region.id)
        for area in limits.regions | limits.groups:
            areas.setdefault(area, set()).add(region.id)
    return {area: frozenset(ids) for area, ids in areas.items()}
