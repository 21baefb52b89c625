"""The routine's numbers are those that clients were told beforehand."""

from unknot.domain.guidance import catalogue
from unknot.domain.knowledge import by_id
from unknot.domain.outcomes import home
from unknot.domain.outcomes.routine import load


def test_reviewing_and_referring_follow_the_rules_told_beforehand() -> None:
    rules, told = load(), catalogue.load().stop_rules
    review, again = by_id(told, "review_plan"), by_id(told, "other_care")
    assert (rules.review.sessions, rules.review.weeks) == (review.at.sessions, review.at.weeks)
    assert rules.review.again_weeks == again.at.weeks
    for one in (review, again):
        assert one.when.not_reliably_better
        assert (
            rules.review.probability_point_better_below == one.when.probability_point_better_below
        )
    assert rules.limb.weeks == by_id(told, "s4").at.weeks
    assert rules.taper.better_weeks == by_id(told, "s5").when.improved_for_weeks


def test_the_first_plan_is_the_one_suggested_to_everybody() -> None:
    plan, told = load().plan, by_id(catalogue.load().doses, "default_plan")
    assert plan.minutes == told.minutes
    assert (plan.every_weeks, plan.weeks) == (1, 4)
    assert "once a week for 4 weeks" in told.sessions


def test_each_thing_to_do_at_home_is_some_technique_s_aftercare() -> None:
    known = catalogue.load()
    for item in home.load().item:
        for technique, words in item.aftercare.items():
            assert words in known.technique(technique).aftercare, item.id


def test_what_helps_most_people_is_said_in_the_words_of_guidance() -> None:
    assert home.load().active == catalogue.load().words.also_say


def test_no_claim_is_made_for_what_is_done_at_home() -> None:
    said = [one.say.lower() for one in home.load().item] + [home.load().active.lower()]
    banned = catalogue.load().banned.phrases
    assert not [(one, phrase) for one in said for phrase in banned if phrase in one]
