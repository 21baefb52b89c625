"""The page of one technique: an answer for every complaint, with certainty, source and month."""

import re

import pytest
from django.test import Client as Browser
from django.urls import reverse

from unknot.domain.guidance import catalogue, evidence
from unknot.domain.guidance.evidence import Claim
from unknot.journey.choose.reads import evidence as rows

KNOWN = evidence.load()
TECHNIQUES = [one.id for one in catalogue.load().techniques]
FULL = ("swedish", "deep_tissue", "trigger_point", "shiatsu", "hot_stone")


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&#x27;", "'")


def page(browser: Browser, technique: str) -> str:
    return browser.get(reverse("choose:technique", args=[technique])).content.decode()


def section(html: str, name: str) -> str:
    return html.partition(f'id="{name}"')[2].partition("<h2>")[2].partition("<h2>")[0]


def complaints(browser: Browser, technique: str) -> dict[str, str]:
    """What the page says of each topic, by its heading, as words."""
    found = re.findall(
        r"<section><h3>(.*?)</h3>(.*?)</section>", page(browser, technique), re.DOTALL
    )
    return {plain(name): plain(said) for name, said in found}


def says(text: str, claim: Claim) -> bool:
    words = (claim.say, f"{KNOWN.status(claim.id).text.capitalize()}.", "Reviewed November 2026.")
    return all(one in text for one in words) and str(rows.source_of(claim)).lower() in text.lower()


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_each_complaint_is_answered_with_certainty_source_and_month(
    client: Browser, db: None, technique: str
) -> None:
    said = complaints(client, technique)
    for found in evidence.by_complaint(KNOWN, technique):
        if found.nothing:
            assert found.topic.name in said["No good trials found"]
            assert found.topic.name not in said
            continue
        text = said[found.topic.name]
        for claim in (*found.own, *found.general):
            assert says(text, claim), claim.id
        assert ("No good trials found of this technique." in text) is (not found.own)


def test_a_study_of_the_technique_stands_before_massage_in_general(
    client: Browser, db: None
) -> None:
    neck = complaints(client, "deep_tissue")["Neck"]
    own, _, general = neck.partition("Massage in general: 3 findings")
    assert KNOWN.claim("deep_neck").say in own
    assert KNOWN.claim("pain_neck_sham").say in general
    assert KNOWN.claim("pain_neck_sham").say not in own


def test_no_trials_at_all_are_said_to_be_none(client: Browser, db: None) -> None:
    gaps = complaints(client, "swedish")["No good trials found"]
    assert "Neither of this technique nor of massage in general:" in gaps
    assert "Head and jaw" in gaps
    stones = complaints(client, "hot_stone")["Upper back and shoulders"]
    assert "No good trials in back or neck pain yet." in stones
    assert "Of massage in general we found none either." in stones


def test_a_claim_already_told_is_not_told_again_besides(client: Browser, db: None) -> None:
    assert "Compared with other kinds" not in complaints(client, "swedish")
    assert "Compared with other kinds" in complaints(client, "thai")
    assert KNOWN.claim("soreness").say in complaints(client, "sports")["Sport"]


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_harm_is_told_of_every_technique(client: Browser, db: None, technique: str) -> None:
    text = plain(section(page(client, technique), "harm") or page(client, technique))
    for claim in evidence.harm(KNOWN):
        assert says(text, claim)


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_what_is_done_worn_and_used_is_told_and_a_gap_is_named(
    client: Browser, db: None, technique: str
) -> None:
    one = catalogue.load().technique(technique)
    text = plain(page(client, technique))
    for heading in ("How long", "Oil", "What you wear", "How it feels", "Who should be careful"):
        assert heading in text
    assert one.client_wears.lower() in text.lower()
    gap = "Nothing more is known to us about"
    assert (f"{gap} its strokes and its pace." in text) is (not one.strokes)
    assert (f"{gap} the time after this technique." in text) is (not one.aftercare)
    for line in one.aftercare:
        assert line.lower() in text.lower()


def test_the_five_main_techniques_have_no_gap_in_how_they_are_done(
    client: Browser, db: None
) -> None:
    for technique in FULL:
        assert "Nothing more is known to us" not in plain(page(client, technique))


def test_how_one_lies_is_said_in_plain_words(client: Browser, db: None) -> None:
    text = plain(page(client, "swedish"))
    assert "On your front, on your back, on your side" in text
    assert "side_lying" not in text
    assert "Tension in many places" in text


def test_who_should_avoid_it_comes_from_the_safety_table(client: Browser, db: None) -> None:
    text = plain(page(client, "deep_tissue"))
    assert "Not for you if" in text
    assert "Anticoagulants" in text
