"""The page about body and mind: what is known, what is not, and what became of hearsay."""

import re
from datetime import datetime
from html import unescape as html_unescape

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tests.checkins import a_checkin, a_completed_checkin
from tests.journey.choose.test_techniques_page import holding, text_of
from unknot.domain.guidance import evidence
from unknot.journey.choose.reads import evidence as rows

ADDRESS = reverse("choose:body-and-mind")
KNOWN = evidence.load()
PAGE = KNOWN.body_and_mind


def part(text: str, begin: str, end: str) -> str:
    return text.partition(begin)[2].partition(end)[0]


def test_everybody_may_read_it_without_a_single_question_to_the_database(
    client: Browser, django_assert_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    with django_assert_num_queries(0):
        assert client.get(ADDRESS).status_code == 200
    assert client.post(ADDRESS).status_code == 405


def test_each_part_says_what_is_known_and_what_is_not(client: Browser, db: None) -> None:
    text = text_of(client.get(ADDRESS))
    assert PAGE.lead in text
    for section in PAGE.section:
        assert section.heading in text
        for passage in section.passage:
            assert passage.text in text
            for name in passage.claims:
                assert KNOWN.claim(name).say in text


@pytest.mark.parametrize("section", PAGE.section, ids=lambda section: section.id)
def test_what_is_not_known_stands_under_its_own_heading(
    client: Browser, db: None, section: evidence.Section
) -> None:
    html = client.get(ADDRESS).content.decode()
    shown = html_unescape(part(html, f'id="{section.id}"', "</section>"))
    known, heading, not_known = shown.partition("What is not known")
    assert bool(heading) is any(one.kind == "not_known" for one in section.passage)
    for passage in section.passage:
        there, elsewhere = (known, not_known) if passage.kind == "known" else (not_known, known)
        for text in (passage.text, *(KNOWN.claim(name).say for name in passage.claims)):
            assert text in there
            assert not text or text not in elsewhere


@pytest.mark.parametrize("one", PAGE.elsewhere, ids=lambda one: one.id)
def test_what_people_read_elsewhere_has_its_status_source_and_month(
    client: Browser, db: None, one: evidence.Elsewhere
) -> None:
    html = client.get(ADDRESS).content.decode()
    card = part(html, f'<li class="card flat stack gap-3" id="{one.id}">', '<li class="card')
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", card))
    assert one.name in text
    for name in one.claims:
        claim = KNOWN.claim(name)
        assert claim.say in text
        assert f"{KNOWN.status(name).text.capitalize()}." in text
        assert str(rows.source_of(claim)).lower() in text.lower()
        assert "Reviewed November 2026." in text


def test_a_claim_with_a_step_has_its_meter_and_one_that_was_tested_has_none(
    client: Browser, db: None
) -> None:
    html = client.get(ADDRESS).content.decode()
    assert 'data-n="2"' in part(html, 'id="anxiety"', "</details>")
    assert "data-n" not in part(html, 'id="cortisol"', "</details>")


def test_the_page_says_when_it_was_reviewed_and_that_nobody_signed_it_off(
    client: Browser, db: None
) -> None:
    text = text_of(client.get(ADDRESS))
    assert "This page was reviewed in November 2026. No clinician has signed it off yet." in text


def test_help_is_in_reach_with_the_lines_of_the_readers_country(
    cast: Cast, client: Browser, now: datetime
) -> None:
    assert 'href="tel:112"' in client.get(ADDRESS).content.decode()
    holding(client, a_completed_checkin(None, practice=cast.practice))
    text = text_of(client.get(ADDRESS))
    assert "If you need help now" in text
    assert "TelefonSeelsorge" in text


def test_a_draft_and_a_stop_may_read_it_and_nothing_leads_to_a_time(
    cast: Cast, client: Browser, now: datetime
) -> None:
    stopped = a_completed_checkin(None, practice=cast.practice, red_flags=["rf_cad"])
    for checkin in (a_checkin(practice=cast.practice), stopped):
        answer = holding(client, checkin).get(ADDRESS)
        assert answer.status_code == 200
        assert "/book/" not in answer.content.decode()
        assert "?technique=" not in answer.content.decode()


def test_techniques_result_and_footer_lead_here(cast: Cast, client: Browser, now: datetime) -> None:
    link = f'href="{ADDRESS}"'
    footer = part(client.get(reverse("web:home")).content.decode(), "<footer", "</footer>")
    assert link in footer
    addresses = [reverse("choose:techniques"), reverse("choose:technique", args=["thai"])]
    for address in addresses:
        assert link in part(client.get(address).content.decode(), "<main", "</main>")
    holding(client, a_completed_checkin(None, practice=cast.practice))
    for address in (reverse("understand:result"), reverse("choose:techniques")):
        assert link in part(client.get(address).content.decode(), "<main", "</main>")
