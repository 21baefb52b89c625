"""Suggestions: safe ones only, ordered by named reasons, ties said, nothing sold as best."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.guidance import catalogue
from unknot.domain.guidance.entries import AimId, Circumstance, Reason
from unknot.domain.guidance.facts import Facts
from unknot.domain.guidance.match import Guidance, NotScreened, Suggestion, suggest
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.answers import Answers
from unknot.domain.screening.clauses import Action, Reply
from unknot.domain.screening.clearance import cleared
from unknot.domain.screening.decide import Decision, decide
from unknot.domain.screening.questions import questions_to_ask

CATALOGUE = catalogue.load()
TABLE = screening.load()
AIMS: tuple[AimId, ...] = get_args(AimId)
REGIONS = sorted(region.id for region in bodymap.load().regions)


def screened(
    *regions: str,
    age: int = 40,
    where: dict[str, frozenset[str]] | None = None,
    **said: Reply,
) -> Decision:
    """Decide for someone who said no to everything but `said`."""
    asked = questions_to_ask(
        TABLE, regions=regions, age=age, answers=Answers(conditions={"pregnancy": "yes"})
    )

    def replies(ids: list[str]) -> dict[str, Reply]:
        return {one: said.get(one, "no") for one in ids}

    answers = Answers(
        red_flags=replies([row.id for row in TABLE.red_flags]),
        conditions=replies([row.id for row in asked.conditions]),
        medicines=replies([row.id for row in TABLE.medicines]),
        where=where or {},
    )
    return decide(TABLE, answers, age=age, regions=regions, onset_weeks=3)


def guided(facts: Facts, **said: Reply) -> Guidance:
    return suggest(CATALOGUE, facts, screened(*facts.regions, **said))


def offered(guidance: Guidance) -> dict[str, Suggestion]:
    return {one.technique.id: one for one in guidance.suggestions}


def test_a_blood_thinner_never_leads_to_deep_tissue_and_says_why() -> None:
    guidance = guided(Facts(regions=("lumbar_l",), pressure=5), anticoagulant="yes")
    left_out = {one.technique.id: one for one in guidance.not_offered}
    assert "deep_tissue" not in offered(guidance)
    assert {"deep_tissue", "trigger_point", "sports", "thai"} <= left_out.keys()
    assert [row.because for row in left_out["deep_tissue"].rows] == ["anticoagulant"]
    assert left_out["deep_tissue"].why == (
        "Anticoagulants: bruising and bleeding. Use Swedish at pressure 1-2.",
    )


def test_without_the_blood_thinner_deep_tissue_is_offered() -> None:
    assert "deep_tissue" in offered(guided(Facts(regions=("lumbar_l",))))


def test_not_sure_about_a_blood_thinner_asks_for_clearance() -> None:
    guidance = guided(Facts(regions=("lumbar_l",)), anticoagulant="unsure")
    assert offered(guidance)["deep_tissue"].action is Action.CLEARANCE


def test_what_is_simply_fine_comes_before_changes_and_clearance() -> None:
    guidance = guided(Facts(regions=("lumbar_l",), wants_heat=True), diabetes="yes")
    actions = [one.action for one in guidance.suggestions]
    assert actions == sorted(actions)
    assert guidance.suggestions[-1].technique.id == "hot_stone"  # wished for, yet clearance first


def test_reasons_are_named_and_order_equals() -> None:
    facts = Facts(regions=("lumbar_l",), main_region="lumbar_l", duration="chronic", stress=7)
    guidance = guided(facts)
    first = guidance.suggestions[0]
    assert first.technique.id == "swedish"
    assert [one.id for one in first.reasons_for] == ["under_strain", "lasting_low_back"]
    for one, following in zip(guidance.suggestions, guidance.suggestions[1:], strict=False):
        assert one.place <= following.place


def test_ties_are_said_to_be_ties() -> None:
    guidance = guided(Facts(regions=("lumbar_l",)))
    places = [one.place for one in guidance.suggestions]
    assert any(one.tie for one in guidance.suggestions)
    for one in guidance.suggestions:
        assert one.tie is (places.count(one.place) > 1)


def test_a_lone_technique_in_its_place_is_no_tie() -> None:
    guidance = guided(Facts(regions=("lumbar_l",), first_time=True))
    assert guidance.suggestions[0].technique.id == "swedish"
    assert guidance.suggestions[0].tie is False


@pytest.mark.parametrize(
    ("reason", "technique", "facts", "near_miss"),
    [
        ("under_strain", "shiatsu", Facts(stress=6), Facts(stress=5)),
        ("under_strain", "swedish", Facts(sleep=4), Facts(sleep=5)),
        ("under_strain", "hot_stone", Facts(phq4_total=3), Facts(phq4_total=2)),
        (
            "widespread",
            "swedish",
            Facts(regions=tuple(REGIONS[:6])),
            Facts(regions=tuple(REGIONS[:5])),
        ),
        ("widespread", "swedish", Facts(widespread=True), Facts()),
        (
            "few_spots_that_spread",
            "trigger_point",
            Facts(regions=("levator_l",), referral_pattern=True),
            Facts(regions=("levator_l",)),
        ),
        (
            "few_spots_that_spread",
            "trigger_point",
            Facts(regions=("levator_l", "cervical_l"), referral_pattern=True),
            Facts(regions=("levator_l", "cervical_l", "scapula_l"), referral_pattern=True),
        ),
        ("new_pain", "swedish", Facts(duration="acute"), Facts(duration="subacute")),
        (
            "lasting_neck_or_upper_back",
            "deep_tissue",
            Facts(main_region="cervical_l", duration="subacute"),
            Facts(main_region="cervical_l", duration="acute"),
        ),
        (
            "lasting_low_back",
            "deep_tissue",
            Facts(main_region="lumbar_r", duration="chronic"),
            Facts(main_region="lumbar_r", duration="subacute"),
        ),
        ("wants_clothed", "shiatsu", Facts(wants_clothed=True), Facts()),
        ("wants_heat", "hot_stone", Facts(wants_heat=True), Facts()),
        ("no_oil", "chair", Facts(no_oil=True), Facts()),
        ("first_massage", "swedish", Facts(first_time=True), Facts()),
        ("short_visit", "chair", Facts(minutes=30), Facts(minutes=31)),
        ("hopes_to_relax", "hot_stone", Facts(aims=("relax",)), Facts(aims=("ease_pain",))),
        ("hopes_to_sleep_better", "swedish", Facts(aims=("sleep_better",)), Facts()),
        ("hopes_to_move_freely", "thai", Facts(aims=("move_freely",)), Facts()),
    ],
)
def test_a_reason_for_a_technique_needs_its_fact(
    reason: str, technique: str, facts: Facts, near_miss: Facts
) -> None:
    def named(told: Facts) -> set[str]:
        return {one.id for one in offered(guided(told))[technique].reasons_for}

    assert reason in named(facts)
    assert reason not in named(near_miss)


@pytest.mark.parametrize(
    ("reason", "technique", "facts", "near_miss"),
    [
        ("severe_pain", "deep_tissue", Facts(pain=8), Facts(pain=7)),
        ("severe_pain", "trigger_point", Facts(light_touch_hurts=True), Facts()),
        ("widespread", "deep_tissue", Facts(widespread=True), Facts()),
        ("new_pain", "trigger_point", Facts(duration="acute"), Facts(duration="chronic")),
        ("wants_clothed", "swedish", Facts(wants_clothed=True), Facts()),
        ("no_oil", "hot_stone", Facts(no_oil=True), Facts()),
        ("minutes_do_not_fit", "thai", Facts(minutes=45), Facts(minutes=60)),
        ("pressure_does_not_fit", "deep_tissue", Facts(pressure=2), Facts(pressure=3)),
        (
            "hopes_only_to_relax",
            "trigger_point",
            Facts(aims=("relax",)),
            Facts(aims=("relax", "move_freely")),
        ),
    ],
)
def test_a_reason_against_a_technique_needs_its_fact(
    reason: str, technique: str, facts: Facts, near_miss: Facts
) -> None:
    def named(told: Facts) -> set[str]:
        return {one.id for one in offered(guided(told))[technique].reasons_against}

    assert reason in named(facts)
    assert reason not in named(near_miss)


def test_every_reason_is_tried_above() -> None:
    marks = [*test_a_reason_for_a_technique_needs_its_fact.pytestmark]
    marks += test_a_reason_against_a_technique_needs_its_fact.pytestmark
    tried = {row[0] for mark in marks for row in mark.args[1]}
    assert tried == {reason.id for reason in CATALOGUE.words.reason}


def test_a_wound_leaves_a_technique_to_the_other_marked_places() -> None:
    wound = frozenset({"lumbar_l"})
    facts = Facts(regions=("lumbar_l", "scapula_l"))
    decision = screened(*facts.regions, where={"skin_broken": wound}, skin_broken="yes")
    swedish = offered(suggest(CATALOGUE, facts, decision))["swedish"]
    assert swedish.avoid_regions == ("lumbar_l",)
    assert swedish.action is Action.ADAPT
    assert "Leave a hand's width." in swedish.adaptations


def test_a_wound_on_the_only_marked_place_leaves_nothing_to_offer() -> None:
    wound = frozenset({"lumbar_l"})
    decision = screened("lumbar_l", where={"skin_broken": wound}, skin_broken="yes")
    guidance = suggest(CATALOGUE, Facts(regions=("lumbar_l",)), decision)
    assert guidance.suggestions == ()
    assert all(one.why for one in guidance.not_offered)


def test_the_spine_line_is_left_out_without_taking_the_technique_away() -> None:
    swedish = offered(guided(Facts(regions=("lumbar_mid",))))["swedish"]
    assert swedish.avoid_regions == ("lumbar_mid",)
    assert swedish.action is Action.ADAPT


def test_a_limit_elsewhere_on_the_body_does_not_gate_the_place_marked() -> None:
    back = offered(guided(Facts(regions=("lumbar_l",)), carotid_disease="yes"))
    neck = offered(guided(Facts(regions=("cervical_l",)), carotid_disease="yes"))
    assert back["swedish"].action is Action.OK
    assert neck["swedish"].action is Action.CLEARANCE


def test_lymphatic_drainage_is_not_suggested_for_pain() -> None:
    guidance = guided(Facts(regions=("lumbar_l",)))
    left_out = {one.technique.id: one.why for one in guidance.not_offered}
    assert left_out["lymphatic"] == (
        "This is for swelling, after a clinician's agreement. "
        "It is not a treatment for back or neck pain.",
    )


def test_an_agreement_to_other_rules_does_not_bring_lymphatic_drainage() -> None:
    facts = Facts(regions=("lumbar_l",))
    asked = screened("lumbar_l", diabetes="yes", lymphoedema="yes")
    agreed = cleared(asked, {row.id for row in asked.fired})
    assert agreed != asked
    assert "lymphatic" not in offered(suggest(CATALOGUE, facts, agreed))


def test_fever_leaves_no_technique_and_still_names_what_else_there_is() -> None:
    guidance = guided(Facts(regions=("lumbar_l",)), fever_infection="yes")
    assert guidance.suggestions == ()
    assert len(guidance.not_offered) == 10
    assert {"stay_active", "clinician"} <= {one.id for one in guidance.alternatives}


@pytest.mark.parametrize(
    ("flag", "words"),
    [("rf_night", "doctor or physiotherapist"), ("rf_stroke", "Call your local emergency number")],
)
def test_after_a_stop_only_what_its_level_says_is_left(flag: str, words: str) -> None:
    guidance = guided(Facts(regions=("lumbar_l",)), **{flag: "yes"})
    assert guidance.suggestions == ()
    assert guidance.alternatives == ()
    assert words in guidance.blocked_say


def test_guidance_before_the_screen_is_an_error() -> None:
    decision = decide(TABLE, Answers(), age=40, regions=(), onset_weeks=None)
    with pytest.raises(NotScreened, match="rf_stroke"):
        suggest(CATALOGUE, Facts(), decision)


def test_no_technique_is_sold_as_best() -> None:
    guidance = guided(Facts(regions=("lumbar_l",)))
    assert "not found one technique clearly better" in guidance.always_say
    for one in guidance.suggestions:
        assert "technique_superior" in {claim.id for claim in one.claims}


def test_not_massage_is_among_the_alternatives_in_the_words_of_the_claims() -> None:
    new = guided(Facts(regions=("lumbar_l",), duration="acute"))
    assert any("usually eases by itself" in one.text for one in new.alternatives)
    neck = Facts(regions=("cervical_l",), main_region="cervical_l", duration="chronic")
    assert any("dummy massage" in one.text for one in guided(neck).alternatives)


def test_leaving_massage_be_is_always_among_the_alternatives() -> None:
    for facts in (Facts(), Facts(regions=("thoracic_l",), main_region="thoracic_l")):
        kinds = {one.kind for one in guided(facts).alternatives}
        assert kinds == {"self_care", "professional", "no_massage"}


def test_alternatives_that_quote_a_claim_quote_it_word_for_word() -> None:
    for one in CATALOGUE.words.alternative:
        if one.id.startswith("no_massage"):
            assert one.text == CATALOGUE.claim(one.claims[0]).say


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "acute"), (41, "acute"), (42, "subacute"), (84, "subacute"), (85, "chronic")],
)
def test_duration_is_classed_by_the_day(days: int, expected: str) -> None:
    on = date(2026, 3, 27)
    assert catalogue.duration_class(on - timedelta(days=days), on) == expected


def test_a_pain_cannot_begin_tomorrow() -> None:
    on = date(2026, 3, 27)
    with pytest.raises(catalogue.OnsetInFuture):
        catalogue.duration_class(on + timedelta(days=1), on)


ratings = st.one_of(st.none(), st.integers(0, 10))
some_facts = st.builds(
    Facts,
    regions=st.lists(st.sampled_from(REGIONS), unique=True, max_size=8).map(tuple),
    main_region=st.one_of(st.none(), st.sampled_from(REGIONS)),
    duration=st.sampled_from([None, "acute", "subacute", "chronic"]),
    pain=ratings,
    stress=ratings,
    sleep=ratings,
    pressure=st.one_of(st.none(), st.integers(1, 5)),
    minutes=st.one_of(st.none(), st.integers(10, 120)),
    wants_clothed=st.booleans(),
    wants_heat=st.booleans(),
    no_oil=st.booleans(),
    first_time=st.booleans(),
    aims=st.lists(st.sampled_from(AIMS), unique=True).map(tuple),
    suspected_causes=st.lists(
        st.sampled_from([cause.id for cause in CATALOGUE.causes]), unique=True
    ).map(tuple),
)
questions = st.sampled_from([row.id for row in (*TABLE.conditions, *TABLE.medicines)])
replies: st.SearchStrategy[Reply] = st.sampled_from(["yes", "unsure"])


@settings(max_examples=200, deadline=None)
@given(some_facts, st.dictionaries(questions, replies, max_size=4))
def test_what_is_suggested_is_never_avoided_and_nothing_gets_lost(
    facts: Facts, said: dict[str, Reply]
) -> None:
    decision = screened(*facts.regions, **said)
    guidance = suggest(CATALOGUE, facts, decision)
    names = [one.technique.id for one in (*guidance.suggestions, *guidance.not_offered)]
    assert sorted(names) == sorted(TABLE.techniques)
    for one in guidance.suggestions:
        assert decision.action(one.technique.id) <= one.action < Action.AVOID
        for place in facts.regions:
            avoided = decision.action(one.technique.id, place) is Action.AVOID
            assert (place in one.avoid_regions) is avoided
            assert one.action >= Action.ADAPT or not avoided
        if one.action is Action.ADAPT:
            assert one.adaptations or one.avoid_regions


@settings(max_examples=100, deadline=None)
@given(some_facts, st.dictionaries(questions, replies, max_size=3))
def test_the_order_follows_from_named_reasons_and_ties_are_flagged_exactly(
    facts: Facts, said: dict[str, Reply]
) -> None:
    found = suggest(CATALOGUE, facts, screened(*facts.regions, **said)).suggestions
    pressures = {one.technique.id: one.technique.pressure.default for one in found}
    keys = [
        (one.action, len(one.reasons_against) - len(one.reasons_for), pressures[one.technique.id])
        for one in found
    ]
    assert keys == sorted(keys)
    for one in found:
        same = {other.technique.id for other in found if other.place == one.place}
        assert set(one.equals) == same - {one.technique.id}
        assert one.tie is (len(same) > 1)


@settings(max_examples=100, deadline=None)
@given(some_facts, st.dictionaries(questions, replies, max_size=3))
def test_each_says_what_sets_it_apart_from_its_neighbour(
    facts: Facts, said: dict[str, Reply]
) -> None:
    found = suggest(CATALOGUE, facts, screened(*facts.regions, **said)).suggestions
    for one, following in pairwise(found):
        assert one.why_here is not None
        assert one.why_here.before
        assert one.why_here.neighbour == following.technique.id
        apart = {
            "action": one.action < following.action,
            "reasons": one.action == following.action and one.place < following.place,
            "pressure": one.place == following.place
            and one.technique.pressure.default < following.technique.pressure.default,
            "listed": one.place == following.place
            and one.technique.pressure.default == following.technique.pressure.default,
        }
        assert [name for name, holds in apart.items() if holds] == [one.why_here.because]
    if len(found) > 1:
        last = found[-1].why_here
        assert last is not None
        assert not last.before
        assert last.neighbour == found[-2].technique.id
    elif found:
        assert found[0].why_here is None


@settings(max_examples=100, deadline=None)
@given(some_facts, st.sampled_from(TABLE.techniques), st.booleans())
def test_a_reason_more_never_moves_a_technique_the_wrong_way(
    facts: Facts, technique: str, speaks_for: bool
) -> None:
    facts = replace(facts, first_time=True)
    reason = Reason(
        id="one_more",
        when=Circumstance(first_time=True),
        favours=(technique,) if speaks_for else (),
        speaks_against=() if speaks_for else (technique,),
        text="One reason more.",
        basis="unsourced consensus",
        conf="derived",
        version=1,
    )
    words = CATALOGUE.words.model_copy(update={"reason": (*CATALOGUE.words.reason, reason)})
    more = CATALOGUE.model_copy(update={"words": words})
    decision = screened(*facts.regions)

    def at(known: catalogue.Catalogue) -> int | None:
        names = [one.technique.id for one in suggest(known, facts, decision).suggestions]
        return names.index(technique) if technique in names else None

    before, after = at(CATALOGUE), at(more)
    if before is None or after is None:
        assert before is after
    elif speaks_for:
        assert after <= before
    else:
        assert after >= before


@settings(max_examples=50, deadline=None)
@given(some_facts, st.data())
def test_the_order_of_what_was_told_changes_nothing(facts: Facts, data: st.DataObject) -> None:
    turned = replace(
        facts,
        regions=tuple(data.draw(st.permutations(facts.regions))),
        aims=tuple(data.draw(st.permutations(facts.aims))),
        suspected_causes=tuple(data.draw(st.permutations(facts.suspected_causes))),
    )
    decision = screened(*facts.regions)
    assert suggest(CATALOGUE, turned, decision) == suggest(CATALOGUE, facts, decision)


def test_hoping_for_less_pain_moves_nothing_and_says_so() -> None:
    plain = guided(Facts(regions=("lumbar_l",)))
    hoping = guided(Facts(regions=("lumbar_l",), aims=("ease_pain",)))
    assert hoping.suggestions == plain.suggestions
    assert [aim.claims for aim in hoping.aims] == [("technique_superior",)]
    assert plain.aims == ()


def test_wishes_against_oil_and_clothes_off_put_swedish_last_of_what_is_fine() -> None:
    guidance = guided(Facts(regions=("lumbar_l",), wants_clothed=True, no_oil=True))
    assert guidance.suggestions[0].technique.id in {"chair", "shiatsu", "thai"}
    assert [one.id for one in offered(guidance)["swedish"].reasons_against] == [
        "wants_clothed",
        "no_oil",
    ]


def test_with_a_blood_thinner_what_else_there_is_is_said() -> None:
    facts = Facts(
        regions=("cervical_l",),
        main_region="cervical_l",
        duration="chronic",
        pressure=5,
        aims=("ease_pain",),
        suspected_causes=("posture_at_work",),
    )
    guidance = guided(facts, anticoagulant="yes")
    assert "deep_tissue" not in offered(guidance)
    assert {one.kind for one in guidance.alternatives} == {
        "self_care",
        "professional",
        "no_massage",
    }
    swedish = offered(guidance)["swedish"]
    assert swedish.action is Action.ADAPT
    assert any("bruis" in text.lower() or "pressure" in text for text in swedish.adaptations)
    assert guidance.dose is not None
    assert [answer.cause.id for answer in guidance.causes] == ["posture_at_work"]
    assert guidance.stop_rules


def test_findings_about_places_that_are_not_marked_are_told_apart_and_none_is_lost() -> None:
    neck = offered(guided(Facts(regions=("cervical_l",))))["swedish"]
    assert {"pain_chronic_lbp", "function_chronic_lbp", "acute_pain"} <= neck.elsewhere
    near = {claim.id for claim in neck.claims} - neck.elsewhere
    assert {"pain_neck_sham", "technique_superior", "stress", "safety_minor"} <= near
    back = offered(guided(Facts(regions=("lumbar_l",))))["swedish"]
    assert "pain_neck_sham" in back.elsewhere
    assert "pain_chronic_lbp" not in back.elsewhere
    assert offered(guided(Facts()))["swedish"].elsewhere == frozenset()


def test_where_nothing_is_left_no_dose_is_given() -> None:
    guidance = guided(Facts(regions=("lumbar_l",)), fever_infection="yes")
    assert guidance.dose is None
    assert guidance.stop_rules == ()
