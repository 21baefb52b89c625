"""The form to sign and the blank figure: for an appointment, or without a name."""

from datetime import datetime
from pathlib import Path

import pytest
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import Cast
from tests.interfaces.papers.sheets import text_of
from tests.interfaces.papers.test_session_paper_page import browser_of
from tests.interfaces.papers.test_typeset import findings
from unknot.domain import consents
from unknot.interfaces.papers.consent import PURPOSES
from unknot.people.models import AuditEntry


@pytest.mark.parametrize("name", ["ana", "tess", "finn", "paz"])
def test_the_form_of_an_appointment_names_who_and_when(
    cast: Cast, now: datetime, tmp_path: Path, name: str
) -> None:
    visit = an_appointment(cast)
    answer = browser_of(cast, name).get(reverse("interfaces:paper-form", args=[visit.key]))
    text = text_of(answer.content)
    for words in ("Ana", "Tess", "30 March 2026, 10:00", "Swedish", "Signature of the client"):
        assert words in text
    for purpose in PURPOSES:
        assert " ".join(consents.load().newest(purpose).text.split()) in text
    assert findings(answer.content, tmp_path) == []
    assert AuditEntry.objects.get(action="form.printed").client == cast.ana


def test_code_in_every_text_of_a_form_is_printed_as_it_stands(
    cast: Cast, now: datetime, tmp_path: Path
) -> None:
    visit = an_appointment(cast)
    for row, name in (
        (cast.ana, "Ana\u202e #panic()\n*Maria*"),
        (cast.tess, '$Tess$ #"x"'),
        (cast.practice, "= Linden @ref"),
    ):
        row.name = name
        row.save(update_fields=["name"])
    made = browser_of(cast, "ana").get(reverse("interfaces:paper-form", args=[visit.key])).content
    text = text_of(made)
    for words in ("Ana #panic() *Maria*", '$Tess$ #"x"', "= Linden @ref"):
        assert words in text
    assert findings(made, tmp_path) == []


@pytest.mark.parametrize("name", ["ben", "theo", "uma", "opal"])
def test_nobody_else_gets_the_form_of_an_appointment(cast: Cast, now: datetime, name: str) -> None:
    visit = an_appointment(cast)
    address = reverse("interfaces:paper-form", args=[visit.key])
    assert browser_of(cast, name).get(address).status_code == 404


@pytest.mark.parametrize("page", ["paper-blank-form", "paper-figure"])
def test_a_blank_one_names_the_practice_and_nobody(cast: Cast, now: datetime, page: str) -> None:
    for name, maker in (("ana", "Lindenweg"), ("uma", "Hafenstrasse"), ("opal", "Unknot")):
        answer = browser_of(cast, name).get(reverse(f"interfaces:{page}"))
        text = text_of(answer.content)
        assert maker in text
        assert "Ana" not in text
        assert answer["Cache-Control"] == "no-store"
    assert not AuditEntry.objects.filter(action="form.printed").exists()


def test_every_area_of_the_body_map_can_be_answered(cast: Cast, now: datetime) -> None:
    text = text_of(browser_of(cast, "tess").get(reverse("interfaces:paper-blank-form")).content)
    for words in ("Neck", "Lower back", "Buttocks", "Chest and belly", "never pressed", "5 deep"):
        assert words in text
