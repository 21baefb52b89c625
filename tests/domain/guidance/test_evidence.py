"""What is known of one technique, complaint by complaint; a gap is said to be a gap."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.guidance import catalogue, evidence
from unknot.domain.guidance.evidence import Found
from unknot.domain.knowledge import KNOWLEDGE, KnowledgeError

KNOWN = evidence.load()
TECHNIQUES = [one.id for one in catalogue.load().techniques]
COMPLAINTS = tuple(topic.id for topic in KNOWN.topics if topic.kind == "complaint")


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    shutil.copytree(KNOWLEDGE / "evidence", tmp_path / "evidence")
    return tmp_path


def found(technique: str, complaint: str) -> Found:
    rows = {one.topic.id: one for one in evidence.by_complaint(KNOWN, technique)}
    return rows[complaint]


def ids(claims: tuple[evidence.Claim, ...]) -> list[str]:
    return [claim.id for claim in claims]


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_each_technique_answers_for_each_complaint(technique: str) -> None:
    rows = evidence.by_complaint(KNOWN, technique)
    assert tuple(one.topic.id for one in rows) == COMPLAINTS
    for one in rows:
        assert all(technique in claim.techniques for claim in one.own)
        assert all("massage" in claim.techniques for claim in one.general)
        assert not set(ids(one.own)) & set(ids(one.general))
        assert one.nothing is (not one.own and not one.general)


def test_a_study_of_one_technique_is_kept_apart_from_massage_in_general() -> None:
    assert ids(found("deep_tissue", "low_back").own) == ["technique_superior"]
    neck = found("deep_tissue", "neck")
    assert ids(neck.own) == ["deep_neck"]
    assert "pain_neck_sham" in ids(neck.general)
    assert "deep_neck" not in ids(neck.general)
    assert ids(found("swedish", "neck").own) == []
    assert found("swedish", "neck").general == neck.general


def test_where_no_study_is_known_that_is_the_answer() -> None:
    for technique in TECHNIQUES:
        assert found(technique, "head").nothing
        assert found(technique, "hips").nothing
    assert not found("hot_stone", "upper_back").nothing
    assert found("swedish", "upper_back").nothing


def besides(technique: str, *named: str) -> dict[str, tuple[list[str], list[str]]]:
    rows = evidence.besides(KNOWN, technique, named)
    return {one.topic.id: (ids(one.own), ids(one.general)) for one in rows}


def test_besides_complaints_stand_the_claims_that_are_named() -> None:
    named = ("rom", "flexibility", "soreness", "lactic_acid")
    assert besides("sports", *named) == {
        "movement": (["rom", "flexibility"], []),
        "sport": (["soreness"], []),
        "mechanism": ([], ["lactic_acid"]),
    }
    assert besides("sports") == {}


def test_a_claim_of_another_technique_never_stands_besides() -> None:
    assert besides("hot_stone", "soreness", "toxins_water") == {"mechanism": ([], ["toxins_water"])}


def test_harm_is_known_of_every_technique() -> None:
    assert ids(evidence.harm(KNOWN)) == ["safety_minor", "safety_serious"]


def test_a_techniques_file_names_what_its_studies_say_and_nothing_about_another() -> None:
    for one in catalogue.load().techniques:
        own = {claim.id for claim in KNOWN.claims if one.id in claim.techniques}
        assert own <= set(one.claims), one.id
        for name in one.claims:
            assert {"massage", one.id} & set(KNOWN.claim(name).techniques), (one.id, name)


def test_complaints_cover_the_back_the_neck_and_the_mind() -> None:
    covered = {area for topic in KNOWN.topics for area in topic.areas}
    assert {"neck", "upper_back", "low_back", "shoulder", "head", "pelvis"} <= covered
    assert covered <= set(bodymap.load().entry.area_groups)
    assert {"stress", "anxiety", "mood", "sleep"} <= set(COMPLAINTS)


def test_a_claim_says_in_which_month_it_was_reviewed() -> None:
    assert KNOWN.claim("cortisol").reviewed_on == date(2026, 11, 1)
    assert KNOWN.body_and_mind.reviewed_on == date(2026, 11, 1)


def test_the_evidence_has_no_claim_of_another_id() -> None:
    with pytest.raises(KeyError):
        KNOWN.claim("miracles")


def test_a_copy_that_nobody_touched_is_read(knowledge: Path) -> None:
    assert evidence.read_evidence(knowledge) == KNOWN


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("claims.toml", 'about = ["neck"]', 'about = ["nape"]', "about: unknown 'nape'"),
        ("claims.toml", 'about = ["neck"]', "about = []", "about: Tuple should have at least 1"),
        (
            "claims.toml",
            'techniques = ["deep_tissue"]',
            'techniques = ["deep"]',
            "deep_neck.techniques: unknown 'deep'",
        ),
        ("claims.toml", 'reviewed = "2026-11"', 'reviewed = "2026-13"', "reviewed: String should"),
        ("claims.toml", 'reviewed = "2026-11"\n', "", "reviewed: Field required"),
        ("claims.toml", 'areas = ["neck"]', 'areas = ["necks"]', "neck.areas: unknown 'necks'"),
        ("claims.toml", 'id = "stress"\nname', 'id = "sleep"\nname', "sleep.id: expected an id"),
        (
            "claims.toml",
            'id = "harm_note"',
            'id = "mixed"',
            "safety_minor.status: unknown 'harm_note'",
        ),
        (
            "body_and_mind.toml",
            'claims = ["cortisol"]',
            'claims = ["cortison"]',
            "cortisol.claims: unknown 'cortison'",
        ),
        (
            "body_and_mind.toml",
            'claims = ["sleep"]',
            'claims = ["slumber"]',
            "sleep.claims: unknown 'slumber'",
        ),
        (
            "body_and_mind.toml",
            'claims = ["sleep"]',
            'claims = ["sleep"]\ntext = "It helps."',
            "expected either text or claims",
        ),
        ("body_and_mind.toml", 'source = "Pengel 2003"\n', "", "expected either a source or basis"),
        (
            "body_and_mind.toml",
            'source = "Pengel 2003"\nconf = "seen"',
            'source = "Pengel 2003"',
            "expected conf and version",
        ),
        (
            "body_and_mind.toml",
            'id = "endorphins"',
            'id = "cortisol"',
            "cortisol.id: expected an id used once",
        ),
    ],
)
def test_a_broken_file_is_named_with_its_key_and_what_was_expected(
    knowledge: Path, file: str, old: str, new: str, complaint: str
) -> None:
    path = knowledge / "evidence" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        evidence.read_evidence(knowledge)
    assert file.removesuffix(".toml") in str(error.value)
    assert complaint in str(error.value)
