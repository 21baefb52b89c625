"""Questions: their order, what is required, and what is still open."""

import pytest

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.screening import catalogue
from unknot.domain.screening.answers import Answers
from unknot.domain.screening.questions import (
    TOLD_IN_WORDS,
    asked_about,
    questions_to_ask,
    recheck_questions,
    unanswered,
)

TABLE = catalogue.load()


def test_everything_is_asked_in_the_order_of_the_table() -> None:
    asked = questions_to_ask(TABLE, regions=(), age=60)
    flags = [flag.id for flag in TABLE.red_flags]
    assert [flag.id for flag in asked.red_flags] == [
        name for name in flags if name not in {"rf_any_new", "rf_pregnancy_warning"}
    ]
    assert asked.medicines == TABLE.medicines
    open_to_all = [row.id for row in TABLE.conditions if row.ask_if is None]
    assert [row.id for row in asked.conditions] == open_to_all


def test_the_recheck_is_only_asked_by_itself() -> None:
    asked = {flag.id for flag in questions_to_ask(TABLE, regions=(), age=60).red_flags}
    assert asked.isdisjoint(flag.id for flag in recheck_questions(TABLE))
    assert len(recheck_questions(TABLE)) == 1


def test_what_is_required_is_flags_then_conditions_then_medicines() -> None:
    asked = questions_to_ask(TABLE, regions=("lumbar_l",), age=40)
    flags = [flag.id for flag in asked.red_flags if not flag.optional]
    assert asked.required == (
        *flags,
        *(row.id for row in asked.conditions),
        *(row.id for row in asked.medicines),
    )
    assert len(flags) < len(asked.red_flags)


def test_what_is_open_is_named_in_order_with_its_facts_last() -> None:
    asked = questions_to_ask(TABLE, regions=(), age=60)
    assert unanswered(TABLE, Answers(), regions=(), age=60) == asked.required
    first, *others = asked.required
    kinds = {
        "red_flags": {flag.id for flag in TABLE.red_flags},
        "conditions": {row.id for row in TABLE.conditions},
        "medicines": {row.id for row in TABLE.medicines},
    }
    given = {kind: {name: "no" for name in others if name in ids} for kind, ids in kinds.items()}
    assert unanswered(TABLE, Answers(**given), regions=(), age=60) == (first,)  # type: ignore[arg-type]
    given["red_flags"] |= {first: "no", "rf_infection": "yes", "rf_gca": "unsure"}
    found = unanswered(TABLE, Answers(**given), regions=(), age=60)  # type: ignore[arg-type]
    assert found == ("iv_drug_use", "vision_change")


@pytest.mark.parametrize("told", TOLD_IN_WORDS)
def test_words_open_every_region_of_their_areas(told: str) -> None:
    body = bodymap.load()
    opened = [region.id for area in TOLD_IN_WORDS[told] for region in body.in_group(area)]
    assert asked_about(["lumbar_l"], [told]) == tuple(dict.fromkeys(["lumbar_l", *opened]))
    assert asked_about(["lumbar_l"], []) == ("lumbar_l",)


def test_several_words_open_several_areas() -> None:
    both = asked_about(["lumbar_l"], ["headaches", "arm_numbness"])
    assert set(both) == {
        *asked_about(["lumbar_l"], ["headaches"]),
        *asked_about(["lumbar_l"], ["arm_numbness"]),
    }
