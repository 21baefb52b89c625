"""The technique and evidence files: complete, honest, and refused clearly when broken."""

import shutil
from pathlib import Path

import pytest

from unknot.domain.guidance import catalogue
from unknot.domain.knowledge import KNOWLEDGE, KnowledgeError
from unknot.domain.screening import catalogue as screening

CATALOGUE = catalogue.load()


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    for name in ("techniques", "evidence"):
        shutil.copytree(KNOWLEDGE / name, tmp_path / name)
    return tmp_path


def test_nothing_of_the_techniques_and_claims_is_lost() -> None:
    assert len(CATALOGUE.techniques) == 10
    assert len(CATALOGUE.claims) == 40
    assert len(CATALOGUE.doses) == 4
    assert len(CATALOGUE.banned.phrases) == 53
    assert [level.value for level in CATALOGUE.pressure.level] == [1, 2, 3, 4, 5]
    assert tuple(one.id for one in CATALOGUE.techniques) == screening.load().techniques


def test_a_copy_that_nobody_touched_is_read(knowledge: Path) -> None:
    assert catalogue.read_catalogue(knowledge) == CATALOGUE


def test_every_claim_that_guidelines_make_names_its_guideline() -> None:
    sources = {c.id: c.source for c in CATALOGUE.claims if c.id.startswith("guideline_")}
    assert set(sources) == {"guideline_who", "guideline_nice", "guideline_acp", "guideline_kngf"}
    assert "WHO" in sources["guideline_who"]
    assert "NICE NG59" in sources["guideline_nice"]
    assert "ACP" in sources["guideline_acp"]
    assert "KNGF" in sources["guideline_kngf"]


def test_low_certainty_is_never_shown_as_fairly_sure() -> None:
    assert {status.step for status in CATALOGUE.statuses} == {"some signs", "not sure", None}
    assert CATALOGUE.step("pain_chronic_lbp") == "some signs"
    assert CATALOGUE.step("shiatsu_pain") == "not sure"
    assert CATALOGUE.step("cortisol") is None


def test_the_stop_rules_of_the_insight_engine_stand_in_for_the_first_three() -> None:
    ids = {rule.id for rule in CATALOGUE.stop_rules}
    assert {"s4", "s5", "review_plan", "other_care", "worse", "distress", "red_flag"} == ids


def test_a_chair_session_claims_nothing_of_longer_sessions() -> None:
    chair = CATALOGUE.technique("chair")
    assert "neck_short_sessions" in chair.claims
    assert "pain_neck_waitlist" not in (*chair.claims, *chair.evidence)
    assert "pain_neck_waitlist" in CATALOGUE.technique("swedish").evidence  # lasts an hour


def test_stone_temperatures_keep_bath_and_skin_apart() -> None:
    heat = CATALOGUE.technique("hot_stone").heat
    assert not isinstance(heat, str)
    assert heat.skin_contact_c.start_low < heat.skin_contact_c.max < heat.bath_c.max


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        (
            "techniques/hot_stone.toml",
            'dulled_feeling_rules = ["m016"]',
            'dulled_feeling_rules = ["m999"]',
            "heat.skin_contact_c.dulled_feeling_rules: unknown 'm999'",
        ),
        (
            "techniques/hot_stone.toml",
            "dulled_feeling_max = 40",
            "dulled_feeling_max = 44",
            "heat: expected start <= dulled <= thin skin <= skin < bath",
        ),
        (
            "techniques/swedish.toml",
            '"technique_superior"',
            '"technique_best"',
            "claims: unknown 'technique_best', expected one of",
        ),
        (
            "techniques/swedish.toml",
            'pain_chronic_lbp = "some signs"',
            'pain_chronic_lbp = "sure"',
            "evidence: expected",
        ),
        (
            "techniques/swedish.toml",
            'rules_from = ["all"',
            'rules_from = ["soft"',
            "rules_from: unknown 'soft'",
        ),
        (
            "techniques/swedish.toml",
            'basis = "unsourced consensus"',
            "",
            "expected either a source or basis",
        ),
        (
            "techniques/chair.toml",
            'claims = ["neck_short_sessions"',
            'claims = ["pain_neck_waitlist", "neck_short_sessions"',
            "claims: pain_neck_waitlist is from sessions of 60 minutes, expected minutes.max",
        ),
        (
            "techniques/lymphatic.toml",
            'left_out_say = "',
            'note = "',
            "expected left_out_say with only_with_clearance",
        ),
        ("techniques/swedish.toml", 'tempo = "', 'speed = "', "speed: Extra inputs"),
        (
            "techniques/swedish.toml",
            "default = 3",
            "default = 5",
            "pressure: Value error, expected min <= default <= max",
        ),
        (
            "techniques/thai.toml",
            'id = "thai"',
            'id = "thay"',
            "expected in both the technique files and screening",
        ),
        (
            "techniques/reasons.toml",
            'favours = ["swedish", "shiatsu"',
            'favours = ["swedisch", "shiatsu"',
            "under_strain.favours: unknown 'swedisch'",
        ),
        (
            "techniques/reasons.toml",
            'main_area = ["neck", "upper_back"]',
            'main_area = ["nape"]',
            "when.main_area: unknown 'nape'",
        ),
        (
            "techniques/reasons.toml",
            "wants_heat = true",
            "wants_ice = true",
            "reason.8.when.wants_ice: Extra inputs",
        ),
        (
            "techniques/reasons.toml",
            'id = "ease_pain"',
            'id = "relax"',
            "aim: expected ease_pain to be met by a reason or answered by an aim",
        ),
        (
            "techniques/reasons.toml",
            'kind = "self_care"',
            'kind = "wellness"',
            "alternative.0.kind",
        ),
        (
            "techniques/dosing.toml",
            'when = { main_area = ["low_back"], duration = ["chronic"] }',
            "",
            "expected the last dose with `say`, and no other, to have no `when`",
        ),
        (
            "techniques/dosing.toml",
            '"pain_neck_waitlist", "pain',
            '"pain_neck_queue", "pain',
            "neck_dose.claims: unknown 'pain_neck_queue'",
        ),
        (
            "techniques/causes.toml",
            '{ id = "posture" }',
            '{ id = "slouching" }',
            "posture_at_work.claims: unknown 'slouching'",
        ),
        (
            "techniques/causes.toml",
            'id = "unknown"',
            'id = "stress"',
            "stress.id: expected an id used once",
        ),
        (
            "techniques/duration.toml",
            "weeks_above = 12",
            "weeks_above = 20",
            "class: expected one class at 85 days",
        ),
        ("evidence/claims.toml", 'status = "supported_low"', 'status = "proven"', "claim.0.status"),
        (
            "evidence/claims.toml",
            'source = "Furlan 2015 Cochrane',
            'origin = "Furlan 2015 Cochrane',
            "pain_chronic_lbp: expected either a source or basis",
        ),
        (
            "evidence/claims.toml",
            'id = "function_chronic_lbp"',
            'id = "pain_chronic_lbp"',
            "pain_chronic_lbp.id: expected an id used once",
        ),
    ],
)
def test_a_broken_file_is_named_with_its_key_and_what_was_expected(
    knowledge: Path, file: str, old: str, new: str, complaint: str
) -> None:
    path = knowledge / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        catalogue.read_catalogue(knowledge)
    assert file.removesuffix(".toml").rpartition("/")[2] in str(error.value)
    assert complaint in str(error.value)
