"""Properties of the decision: total, and never less cautious for knowing more."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.screening import catalogue
from unknot.domain.screening.answers import Answers
from unknot.domain.screening.clauses import Action, Reply
from unknot.domain.screening.decide import Decision, decide

TABLE = catalogue.load()
REGIONS = sorted(region.id for region in bodymap.load().regions)
FLAGS = [row.id for row in TABLE.red_flags]
CONDITIONS = [row.id for row in TABLE.conditions]
MEDICINES = [row.id for row in TABLE.medicines]
FACTS = [row.id for row in TABLE.facts]
PLACES = [(name, place) for name in TABLE.techniques for place in (None, *REGIONS)]
QUESTIONS = [("red_flags", one) for one in FLAGS]
QUESTIONS += [("conditions", one) for one in CONDITIONS]
QUESTIONS += [("medicines", one) for one in MEDICINES]
QUESTIONS += [("facts", one) for one in FACTS]

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


def with_reply(answers: Answers, question: tuple[str, str], reply: Reply) -> Answers:
    groups = {
        "red_flags": answers.red_flags,
        "conditions": answers.conditions,
        "medicines": answers.medicines,
        "facts": answers.facts,
    }
    group, name = question
    return Answers(**{**groups, group: {**groups[group], name: reply}}, where=answers.where)


def less_cautious(one: Decision, other: Decision) -> list[object]:
    """Where `one` is less cautious than `other`; empty when it nowhere is."""
    found: list[object] = [] if one.urgency >= other.urgency else [("urgency", one.urgency)]
    found += [key for key in PLACES if one.action(*key) < other.action(*key)]
    return found


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
@given(some_answers, people, st.sampled_from(QUESTIONS))
def test_not_sure_never_weighs_more_than_yes_nor_less_than_no(
    answers: Answers, person: dict, question: tuple[str, str]
) -> None:
    no, unsure, yes = (
        decide(TABLE, with_reply(answers, question, reply), **person)
        for reply in ("no", "unsure", "yes")
    )
    assert less_cautious(yes, unsure) == []
    assert less_cautious(unsure, no) == []


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
    assert less_cautious(calm, stop)
    assert ("deep_tissue", None) in less_cautious(calm, careful)
