"""Properties of the decision: total, explained, and never less cautious for knowing more.

Each property is tried twice: on 10,000 seeded random cases, and by Hypothesis, which shrinks
what it finds. The loops are also run on deliberately broken decisions, and must notice them.
"""

import os
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.screening import catalogue
from unknot.domain.screening.answers import SAID, Answers
from unknot.domain.screening.clauses import Action, Reply, Urgency
from unknot.domain.screening.decide import Decision, decide
from unknot.domain.screening.limits import Limits

TABLE = catalogue.load()
REGIONS = sorted(region.id for region in bodymap.load().regions)
FLAGS = [row.id for row in TABLE.red_flags]
CONDITIONS = [row.id for row in TABLE.conditions]
MEDICINES = [row.id for row in TABLE.medicines]
FACTS = [row.id for row in TABLE.facts]
PLACES = [(name, place) for name in TABLE.techniques for place in (None, *REGIONS)]
GROUPS = {"red_flags": FLAGS, "conditions": CONDITIONS, "medicines": MEDICINES, "facts": FACTS}
QUESTIONS = [(group, one) for group, ids in GROUPS.items() for one in ids]
CASES = 10_000
#: `./unknot mutate` runs these tests once for each of many hundred changes: there, fewer cases.
TRIED = 500 if "MUTANT_UNDER_TEST" in os.environ else CASES
REPLIES: tuple[Reply, ...] = ("no", "unsure", "yes")

replies: st.SearchStrategy[Reply] = st.sampled_from(["yes", "no", "unsure"])
places = st.frozensets(st.sampled_from(REGIONS), max_size=3)
some_answers = st.builds(
    Answers,
    red_flags=st.dictionaries(st.sampled_from(FLAGS), replies, max_size=5),
    conditions=st.dictionaries(st.sampled_from(CONDITIONS), replies, max_size=6),
    medicines=st.dictionaries(st.sampled_from(MEDICINES), replies, max_size=4),
    facts=st.dictionaries(st.sampled_from(FACTS), replies, max_size=3),
    where=st.dictionaries(st.sampled_from([*CONDITIONS, *MEDICINES]), places, max_size=6),
)
people = st.fixed_dictionaries(
    {
        "age": st.integers(0, 120),
        "regions": st.frozensets(st.sampled_from(REGIONS), max_size=6),
        "onset_weeks": st.one_of(st.none(), st.floats(0, 2000)),
    }
)
many = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
few = settings(many, max_examples=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom the random answers are about."""

    age: int
    regions: tuple[str, ...]
    onset_weeks: float | None


Decider = Callable[[Answers, Person], Decision]
#: What a loop found: the first case where the property does not hold, or nothing.
Finding = tuple[object, ...] | None


def decided(answers: Answers, person: Person) -> Decision:
    return decide(
        TABLE,
        answers,
        age=person.age,
        regions=person.regions,
        onset_weeks=person.onset_weeks,
    )


def groups_of(answers: Answers) -> dict[str, Mapping[str, Reply]]:
    return {group: getattr(answers, group) for group in GROUPS}


def with_reply(answers: Answers, question: tuple[str, str], reply: Reply) -> Answers:
    groups, (group, name) = groups_of(answers), question
    return Answers(**{**groups, group: {**groups[group], name: reply}}, where=answers.where)


def stronger(one: Mapping[str, Reply], other: Mapping[str, Reply]) -> dict[str, Reply]:
    both = {name: max(one[name], other[name], key=REPLIES.index) for name in {*one} & {*other}}
    return {**one, **other, **both}


def union(one: Answers, other: Answers) -> Answers:
    """Both sets of answers together: the stronger reply, and every place either one named.

    An affected place that one of them left open stays open, because open means anywhere.
    """
    first, second = groups_of(one), groups_of(other)
    groups = {group: stronger(first[group], second[group]) for group in GROUPS}
    open_places = {
        name
        for said in (one, other)
        for name, reply in (*said.conditions.items(), *said.medicines.items())
        if reply in SAID and not said.where.get(name)
    }
    where = {
        name: frozenset(place for said in (one, other) for place in said.where.get(name, ()))
        for name in {*one.where, *other.where} - open_places
    }
    return Answers(**groups, where=where)


def less_cautious(one: Decision, other: Decision) -> list[object]:
    """Where `one` is less cautious than `other`, looking at every place; empty when nowhere."""
    found = besides_places(one, other)
    found += [key for key in PLACES if one.action(*key) < other.action(*key)]
    return found


def quickly_less_cautious(one: Decision, other: Decision) -> list[object]:
    """The same without looking at places that neither decision says anything about."""
    found = besides_places(one, other)
    if one.limits == other.limits:
        return found
    found += [
        (name, None)
        for name, asked in other.limits.anywhere.items()
        if one.limits.anywhere[name] < asked
    ]
    wide, finer = one.limits.anywhere, one.limits.somewhere
    found += [
        key
        for key, asked in other.limits.somewhere.items()
        if asked > wide[key[0]] and asked > finer.get(key, Action.OK)
    ]
    return found


def besides_places(one: Decision, other: Decision) -> list[object]:
    found: list[object] = [] if one.urgency >= other.urgency else [("urgency", one.urgency)]
    found += ["blocked"] if other.blocked and not one.blocked else []
    found += ["full_screen"] if other.full_screen and not one.full_screen else []
    found += sorted({*other.cards} - {*one.cards})
    found += sorted({row.id for row in other.fired} - {row.id for row in one.fired})
    return found


def a_person(dice: random.Random) -> Person:
    marked = dice.random() < 0.2  # marks say what is asked, never what counts
    days = dice.choice([None, 1, 14, 15, 41, 42, 43, dice.randrange(0, 4000)])
    return Person(
        age=dice.choice([17, 18, 49, 50, 59, 60, 64, 65, dice.randrange(0, 121)]),
        regions=tuple(dice.sample(REGIONS, 2)) if marked else (),
        onset_weeks=None if days is None else days / 7,
    )


def random_answers(dice: random.Random, *, most: int) -> Answers:
    """Up to `most` answers of each group; half of those with a place name up to three."""
    groups = {
        group: {
            name: dice.choice(REPLIES)
            for name in dice.sample(ids, dice.randrange(min(most, len(ids)) + 1))
        }
        for group, ids in GROUPS.items()
    }
    named = [*groups["conditions"], *groups["medicines"]]
    where = {
        name: frozenset(dice.sample(REGIONS, dice.randrange(1, 4)))
        for name in named
        if dice.random() < 0.5
    }
    return Answers(**groups, where=where)


def further_yes(decider: Decider, cases: int) -> Finding:
    """Say one more yes, and one more, to a few answers: never less cautious than before."""
    dice = random.Random(1)
    for _ in range(cases // 10):
        person, answers = a_person(dice), random_answers(dice, most=2)
        before = decider(answers, person)
        for question in dice.sample(QUESTIONS, 10):
            answers = with_reply(answers, question, "yes")
            after = decider(answers, person)
            if found := quickly_less_cautious(after, before):
                return (found, question, answers, person)
            before = after
    return None


def both_together(decider: Decider, cases: int) -> Finding:
    """Put two sets of answers of one person together: as cautious as each of them alone."""
    dice = random.Random(2)
    for person, some in _sets(dice, decider, cases):
        for (one, alone), (other, besides) in combinations(some, 2):
            joint = decider(union(one, other), person)
            if found := [
                *quickly_less_cautious(joint, alone),
                *quickly_less_cautious(joint, besides),
            ]:
                return (found, one, other, person)
    return None


def _sets(
    dice: random.Random, decider: Decider, cases: int
) -> Iterator[tuple[Person, list[tuple[Answers, Decision]]]]:
    """Eleven sets of answers for one person make 55 pairs."""
    for _ in range(-(-cases // 55)):
        person = a_person(dice)
        sets = [random_answers(dice, most=2) for _ in range(11)]
        yield person, [(one, decider(one, person)) for one in sets]


def not_sure_between(decider: Decider, cases: int) -> Finding:
    """Answer one question no, then not sure, then yes: each at least as cautious as the last."""
    dice = random.Random(3)
    for _ in range(cases // 10):
        person, answers = a_person(dice), random_answers(dice, most=2)
        questions = dice.sample(QUESTIONS, 10)
        for question in questions:
            answers = with_reply(answers, question, "no")
        no = decider(answers, person)
        for question in questions:
            unsure, yes = (
                decider(with_reply(answers, question, reply), person) for reply in REPLIES[1:]
            )
            if found := [*quickly_less_cautious(unsure, no), *quickly_less_cautious(yes, unsure)]:
                return (found, question, answers, person)
    return None


def explained(decider: Decider, cases: int) -> Finding:
    """Any answers give a decision, whose urgency and actions are those of its own rows."""
    dice = random.Random(4)
    for _ in range(cases):
        person, answers = a_person(dice), random_answers(dice, most=6)
        decision = decider(answers, person)
        level = max((row.urgency for row in decision.fired), default=Urgency.NONE)
        spots = dice.sample(PLACES, 8)
        wrong = [
            key
            for key in spots
            if decision.action(*key)
            is not max((row.action for row in decision.reasons(*key)), default=Action.OK)
        ]
        if wrong or decision.urgency is not level or not all(row.version for row in decision.fired):
            return (wrong, decision.urgency, level, answers, person)
    return None


def test_ten_thousand_further_yes_never_make_the_result_less_cautious() -> None:
    assert further_yes(decided, TRIED) is None


def test_ten_thousand_pairs_of_answers_never_cancel_each_other() -> None:
    assert both_together(decided, TRIED) is None


def test_ten_thousand_times_not_sure_lies_between_no_and_yes() -> None:
    assert not_sure_between(decided, TRIED) is None


def test_ten_thousand_random_answers_all_get_an_explained_decision() -> None:
    assert explained(decided, TRIED) is None


@many
@given(some_answers, people)
def test_every_set_of_answers_gets_a_decision(answers: Answers, person: dict) -> None:
    decision = decide(TABLE, answers, **person)
    assert all(decision.action(*key) in Action for key in PLACES)
    assert decision.urgency == max((row.urgency for row in decision.fired), default=0)
    assert all(row.version for row in decision.fired)


@many
@given(some_answers, people, st.sampled_from(QUESTIONS))
def test_a_further_yes_never_makes_the_result_less_cautious(
    answers: Answers, person: dict, question: tuple[str, str]
) -> None:
    before = decide(TABLE, answers, **person)
    after = decide(TABLE, with_reply(answers, question, "yes"), **person)
    assert less_cautious(after, before) == []


@many
@given(some_answers, some_answers, people)
def test_two_sets_of_answers_never_cancel_each_other(
    one: Answers, other: Answers, person: dict
) -> None:
    joint = decide(TABLE, union(one, other), **person)
    assert less_cautious(joint, decide(TABLE, one, **person)) == []
    assert less_cautious(joint, decide(TABLE, other, **person)) == []


@many
@given(some_answers, people, st.sampled_from(QUESTIONS))
def test_not_sure_never_weighs_more_than_yes_nor_less_than_no(
    answers: Answers, person: dict, question: tuple[str, str]
) -> None:
    no, unsure, yes = (
        decide(TABLE, with_reply(answers, question, reply), **person) for reply in REPLIES
    )
    assert less_cautious(yes, unsure) == []
    assert less_cautious(unsure, no) == []


@few
@given(some_answers, some_answers, people)
def test_the_quick_comparison_notices_what_the_full_one_does(
    one: Answers, other: Answers, person: dict
) -> None:
    first, second = decide(TABLE, one, **person), decide(TABLE, other, **person)
    quick, full = quickly_less_cautious(first, second), less_cautious(first, second)
    assert bool(quick) is bool(full)
    assert set(map(str, quick)) <= set(map(str, full))


@many
@given(some_answers, people)
def test_urgency_and_private_rows_do_not_depend_on_who_looks(
    answers: Answers, person: dict
) -> None:
    decision = decide(TABLE, answers, **person)
    assert all(not row.private for row in decision.for_staff())
    hidden = [row for row in decision.fired if row.private]
    assert len(decision.for_staff()) + len(hidden) == len(decision.fired)


def test_the_comparison_notices_a_less_cautious_result() -> None:
    person = {"age": 40, "regions": frozenset(), "onset_weeks": None}
    calm = decide(TABLE, Answers(), **person)
    stop = decide(TABLE, Answers(red_flags={"rf_stroke": "yes"}), **person)
    careful = decide(TABLE, Answers(conditions={"osteoporosis": "yes"}), **person)
    private = decide(TABLE, Answers(red_flags={"rf_abuse": "yes"}), **person)
    anew = decide(TABLE, Answers(red_flags={"rf_any_new": "yes"}), **person)
    for compare in (less_cautious, quickly_less_cautious):
        assert {"blocked", ("urgency", Urgency.NONE)} <= {*compare(calm, stop)}
        assert ("deep_tissue", None) in compare(calm, careful)
        assert "safeguarding_card" in compare(calm, private)
        assert "full_screen" in compare(calm, anew)
        assert compare(stop, calm) == []


def test_an_open_place_stays_open_in_the_union() -> None:
    somewhere = Answers(
        conditions={"skin_broken": "yes"}, where={"skin_broken": frozenset({"calf_l"})}
    )
    anywhere = Answers(conditions={"skin_broken": "unsure"})
    other = Answers(conditions={"skin_broken": "no"}, where={"skin_broken": frozenset({"calf_r"})})
    assert union(somewhere, anywhere) == Answers(conditions={"skin_broken": "yes"})
    assert union(somewhere, other).where == {"skin_broken": frozenset({"calf_l", "calf_r"})}


# Decisions that are broken on purpose, each as a mistake in the engine would break them.


def last_row_wins(answers: Answers, person: Person) -> Decision:
    """A later row overwrites an earlier one instead of the higher action winning."""
    decision = decided(answers, person)
    anywhere = dict(decision.limits.anywhere)
    somewhere = dict(decision.limits.somewhere)
    for row in decision.fired:
        for name in row.techniques:
            anywhere |= {} if row.regions else {name: row.action}
            somewhere |= {(name, place): row.action for place in row.regions}
    return replace(decision, limits=Limits(anywhere=anywhere, somewhere=somewhere))


def last_urgency_wins(answers: Answers, person: Person) -> Decision:
    decision = decided(answers, person)
    levels = [row.urgency for row in decision.fired if row.urgency]
    return replace(decision, urgency=levels[-1] if levels else Urgency.NONE)


def one_medicine_hides_another(answers: Answers, person: Person) -> Decision:
    """A yes to antiplatelets drops the answer about anticoagulants."""
    medicines = dict(answers.medicines)
    if medicines.get("antiplatelet") in SAID:
        medicines.pop("anticoagulant", None)
    return decided(replace(answers, medicines=medicines), person)


def unsure_is_a_yes_and_yes_is_unsure(answers: Answers, person: Person) -> Decision:
    swap: dict[Reply, Reply] = {"yes": "unsure", "unsure": "yes", "no": "no"}
    conditions = {name: swap[reply] for name, reply in answers.conditions.items()}
    return decided(replace(answers, conditions=conditions), person)


def an_unsure_person_is_not_asked_again(answers: Answers, person: Person) -> Decision:
    """One answer of not sure loses every red flag."""
    said = {reply for group in groups_of(answers).values() for reply in group.values()}
    return decided(replace(answers, red_flags={}) if "unsure" in said else answers, person)


def a_limit_without_a_row(answers: Answers, person: Person) -> Decision:
    decision = decided(answers, person)
    anywhere = {**decision.limits.anywhere, "swedish": Action.AVOID}
    return replace(decision, limits=replace(decision.limits, anywhere=anywhere))


@pytest.mark.parametrize(
    ("look", "broken"),
    [
        (further_yes, last_row_wins),
        (further_yes, last_urgency_wins),
        (further_yes, one_medicine_hides_another),
        (both_together, last_row_wins),
        (both_together, last_urgency_wins),
        (both_together, one_medicine_hides_another),
        (not_sure_between, last_row_wins),
        (not_sure_between, unsure_is_a_yes_and_yes_is_unsure),
        (not_sure_between, an_unsure_person_is_not_asked_again),
        (explained, last_row_wins),
        (explained, last_urgency_wins),
        (explained, a_limit_without_a_row),
    ],
)
def test_each_loop_notices_a_decision_that_is_broken(
    look: Callable[[Decider, int], Finding], broken: Decider
) -> None:
    assert look(broken, CASES) is not None
