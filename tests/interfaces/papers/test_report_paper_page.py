"""The report for a doctor: only what its client ticks, made when asked for and not kept."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, Cast
from tests.interfaces.papers.sheets import some_months, text_of
from tests.interfaces.papers.test_session_paper_page import browser_of
from tests.interfaces.papers.test_typeset import findings
from unknot.interfaces.papers import actions
from unknot.journey.follow.actions import findings as fits
from unknot.journey.follow.cards import cards as progress_cards
from unknot.journey.follow.reads.aims import main_outcome
from unknot.journey.follow.reads.findings import stored
from unknot.people.actions import agree
from unknot.people.models import AuditEntry, Purpose
from unknot.web.errors import BadInput

ADDRESS = "/papers/report/"
#: What each part brings, and no other part does.
BODY = "Pain was rated on"
MIND = "Stress was rated on"
TECHNIQUES = "signed session"


def the_report(browser: Browser, **sent: Any) -> bytes:
    answer = browser.post(reverse("interfaces:paper-report"), sent)
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Content-Type"] == "application/pdf"
    return answer.content


def test_nothing_is_ticked_at_first_whatever_is_shared(cast: Cast, now: datetime) -> None:
    for purpose in (Purpose.CARE, Purpose.SHARE_BODY, Purpose.SHARE_MIND):
        agree(cast.user("ana"), cast.ana, purpose, now=NOW)
    shown = browser_of(cast, "ana").get(reverse("interfaces:paper-report")).content.decode()
    boxes = re.findall(r'<input type="checkbox" name="parts"[^>]*>', shown)
    assert len(boxes) == len(actions.PARTS)
    assert not [box for box in boxes if "checked" in box]


def test_everything_that_is_ticked_is_in_it(cast: Cast, now: datetime, tmp_path: Path) -> None:
    some_months(cast)
    made = the_report(browser_of(cast, "ana"), parts=actions.PARTS, weeks="12")
    text = text_of(made)
    for words in (BODY, MIND, TECHNIQUES, "Some signs", "Furlan", "A change over time does not"):
        assert words in text
    assert "We cannot tell yet: your pain score went from 7.0 to 5.0" in text
    assert "2 January 2026 to 27 March 2026" in text
    assert findings(made, tmp_path) == []


@pytest.mark.parametrize("part", actions.PARTS)
def test_what_is_not_ticked_is_not_in_it_and_not_named(
    cast: Cast, now: datetime, tmp_path: Path, part: str
) -> None:
    some_months(cast)
    made = the_report(browser_of(cast, "ana"), parts=[part], weeks="12")
    text = text_of(made)
    there = {"body": BODY, "mind": MIND, "techniques": TECHNIQUES}
    assert {name for name, words in there.items() if words in text} == {part}
    if part != "body":
        assert "pain score" not in text
    if part != "techniques":
        assert "Sessions" not in text
        assert "Swedish" not in text
    assert findings(made, tmp_path) == []


def test_what_lies_before_the_period_is_neither_shown_nor_compared(
    cast: Cast, now: datetime
) -> None:
    some_months(cast)
    text = text_of(the_report(browser_of(cast, "ana"), parts=actions.PARTS, weeks="4"))
    assert "January" not in text
    assert "13 February" not in text
    assert "6 March 2026" in text
    assert "7.0 to 5.0" not in text


def test_without_any_answer_it_says_that_nothing_can_be_told(
    cast: Cast, now: datetime, tmp_path: Path
) -> None:
    made = the_report(browser_of(cast, "ana"), parts=actions.PARTS, weeks="52")
    text = text_of(made)
    assert "We cannot tell yet: there are no answers to compare." in text
    assert text.count("Nothing was rated in this period") == 2
    assert "No signed session lies in this period" in text
    assert findings(made, tmp_path) == []


def test_code_in_every_text_of_a_report_is_printed_as_it_stands(
    cast: Cast, now: datetime, tmp_path: Path
) -> None:
    some_months(cast)
    cast.ana.name = "Ana\u202e #panic()\n*Maria*"
    cast.ana.save(update_fields=["name"])
    cast.practice.name, cast.practice.phone = "$Linden$ = weg", "@ref #1"
    cast.practice.save(update_fields=["name", "phone"])
    cast.ana.seriesimport_set.update(file_name="`days`.csv", attribution='By #import "x": *')
    made = the_report(browser_of(cast, "ana"), parts=actions.PARTS, weeks="52")
    text = text_of(made)
    assert "Ana #panic() *Maria* chose" in text
    assert "$Linden$ = weg, @ref #1" in text
    assert 'From the file `days`.csv. By #import "x": *' in text
    assert findings(made, tmp_path) == []


def test_each_report_is_written_down_with_its_parts(cast: Cast, now: datetime) -> None:
    the_report(browser_of(cast, "ana"), parts=["mind", "body"], weeks="26")
    row = AuditEntry.objects.get(action="report.released")
    assert (row.actor, row.client, row.reason) == (
        cast.user("ana"),
        cast.ana,
        "body, mind; 26 weeks",
    )


@pytest.mark.parametrize(
    "sent", [{}, {"weeks": "12"}, {"parts": ["soul"], "weeks": "12"}, {"parts": ["body"]}]
)
def test_a_form_that_cannot_be_used_says_what_to_mend(
    cast: Cast, now: datetime, sent: dict[str, Any]
) -> None:
    answer = browser_of(cast, "ana").post(reverse("interfaces:paper-report"), sent)
    assert answer.status_code == 422
    assert "another look" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="report.released").exists()


def test_a_report_of_nothing_is_refused_below_the_form_too(cast: Cast, now: datetime) -> None:
    with pytest.raises(BadInput, match="at least one part"):
        actions.release_report(cast.user("ana"), cast.ana, parts=["soul"], weeks=4, now=now)


def test_one_client_never_gets_anothers(cast: Cast, now: datetime) -> None:
    some_months(cast)
    text = text_of(the_report(browser_of(cast, "ben"), parts=actions.PARTS, weeks="12"))
    assert "Ana" not in text
    assert "no answers to compare" in text


LEFT_OUT = "rests also on answers before this period"


def test_what_the_model_found_is_said_as_on_the_page(
    cast: Cast, now: datetime, tmp_path: Path
) -> None:
    some_months(cast)
    fitted(cast)
    made = the_report(browser_of(cast, "ana"), parts=actions.PARTS, weeks="26")
    text = text_of(made)
    found = progress_cards(stored(cast.ana), main_outcome(cast.ana))
    assert found.main is not None
    assert " ".join(found.main.said.sentence.split()) in text
    said = {card.outcome: card.said.sentence for card in found.also}
    assert said["stress"] in text
    assert said["sleep"] not in text
    assert LEFT_OUT not in text
    assert findings(made, tmp_path) == []


def test_whether_massage_helps_is_left_out_without_the_sessions(cast: Cast, now: datetime) -> None:
    some_months(cast)
    fitted(cast)
    found = progress_cards(stored(cast.ana), main_outcome(cast.ana))
    assert found.main is not None
    text = text_of(the_report(browser_of(cast, "ana"), parts=["body"], weeks="26"))
    assert found.main.said.sentence not in text


def test_what_rests_on_answers_before_the_period_is_left_out(cast: Cast, now: datetime) -> None:
    some_months(cast)
    fitted(cast)
    text = text_of(the_report(browser_of(cast, "ana"), parts=actions.PARTS, weeks="4"))
    assert "massage" not in text.split(LEFT_OUT)[0].split("Body: pain")[1]
    assert LEFT_OUT in text
    assert "your start" not in text


def fitted(cast: Cast) -> None:
    """Work out what can be found of Ana, as the worker does."""
    agree(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    list(fits.fit([cast.ana], now=NOW))
