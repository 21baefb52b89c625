"""The paper of a signed record: whole for its therapist, the shared part for its client."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, Cast, at
from tests.interfaces.papers.sheets import a_session, pages_of, text_of
from tests.interfaces.papers.test_typeset import CODE, findings
from tests.records import AFTER, WHOLE, a_draft, a_visit
from unknot.domain.bodymap import regions
from unknot.domain.notes.soap import TreatedRegion
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import record
from unknot.people.actions import agree
from unknot.people.models import AuditEntry, Purpose


def address_of(visit: Appointment) -> str:
    return reverse("interfaces:paper-session", args=[visit.key])


def browser_of(cast: Cast, name: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.user(name))
    return browser


def the_paper(cast: Cast, name: str, visit: Appointment) -> bytes:
    answer = browser_of(cast, name).get(address_of(visit))
    assert answer.status_code == 200
    return answer.content


def signed(cast: Cast, draft: record.Draft) -> Appointment:
    """A record that Tess signed, with other words than usual."""
    visit, tess = a_visit(cast), cast.user("tess")
    revision = record.save_draft(tess, visit, draft=draft, revision=0, now=AFTER).revision
    record.sign(tess, visit, revision=revision, now=AFTER)
    return visit


def test_the_therapist_gets_the_whole_record(cast: Cast, now: datetime, tmp_path: Path) -> None:
    made = the_paper(cast, "tess", a_session(cast))
    text = text_of(made)
    for words in (WHOLE.subjective, WHOLE.objective, WHOLE.assessment, WHOLE.plan):
        assert words in text
    for words in ("Upper trapezius, left", "25", "Found by touch", "Change is not cause"):
        assert words in text
    assert findings(made, tmp_path) == []


def test_the_client_gets_the_shared_part(cast: Cast, now: datetime, tmp_path: Path) -> None:
    made = the_paper(cast, "ana", a_session(cast))
    text = text_of(made)
    for words in (
        WHOLE.plan,
        "Top of shoulder, left",
        "40 minutes hands on",
        "7 of 10",
        "After the session",
    ):
        assert words in text
    for words in (WHOLE.subjective, WHOLE.objective, WHOLE.assessment, "Found by touch"):
        assert words not in text
    assert findings(made, tmp_path) == []


def test_a_map_that_is_not_shared_is_on_the_clients_paper_alone(cast: Cast, now: datetime) -> None:
    visit = a_session(cast)
    hidden = the_paper(cast, "tess", visit)
    agree(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    agree(cast.user("ana"), cast.ana, Purpose.SHARE_BODY, now=NOW)
    assert "The client's own map" in text_of(hidden)
    assert "7 of 10" in text_of(the_paper(cast, "tess", visit))
    cast.ana.consent_set.all().update(withdrawn_at=NOW)
    text = text_of(the_paper(cast, "tess", visit))
    assert "does not share where it hurts" in text
    assert "7 of 10" not in text
    assert "7 of 10" in text_of(the_paper(cast, "ana", visit))


def test_what_was_added_later_is_the_practices(cast: Cast, now: datetime) -> None:
    visit = a_session(cast)
    record.amend(cast.user("tess"), visit, text="Called the next day", now=at(14))
    assert "Called the next day" in text_of(the_paper(cast, "tess", visit))
    assert "Called the next day" not in text_of(the_paper(cast, "ana", visit))


def test_it_is_a_file_that_no_cache_keeps_with_a_name_that_says_nothing(
    cast: Cast, now: datetime
) -> None:
    answer = browser_of(cast, "ana").get(address_of(a_session(cast)))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"] == 'attachment; filename="session.pdf"'


def test_each_making_is_written_down(cast: Cast, now: datetime) -> None:
    visit = a_session(cast)
    the_paper(cast, "tess", visit)
    the_paper(cast, "ana", visit)
    rows = AuditEntry.objects.filter(action="record.printed").order_by("pk")
    assert [(row.actor, row.client) for row in rows] == [
        (cast.user("tess"), cast.ana),
        (cast.user("ana"), cast.ana),
    ]


@pytest.mark.parametrize("name", ["ben", "theo", "uma", "paz", "finn", "opal"])
def test_nobody_else_gets_one_and_nothing_is_written_down(
    cast: Cast, now: datetime, name: str
) -> None:
    visit = a_session(cast)
    assert browser_of(cast, name).get(address_of(visit)).status_code == 404
    assert not AuditEntry.objects.filter(action="record.printed").exists()


def test_a_draft_is_not_printed_and_its_client_learns_nothing(cast: Cast, now: datetime) -> None:
    visit = a_visit(cast)
    a_draft(cast, visit)
    refused = browser_of(cast, "tess").get(address_of(visit))
    assert refused.status_code == 409
    assert "not signed yet" in refused.content.decode()
    assert browser_of(cast, "ana").get(address_of(visit)).status_code == 404
    assert not AuditEntry.objects.filter(action="record.printed").exists()


def test_code_and_marks_in_every_field_are_printed_as_they_stand(
    cast: Cast, now: datetime, tmp_path: Path
) -> None:
    said = "\n".join(CODE)
    cast.ana.name, cast.tess.name = "Ana\u202e #panic()\n*Maria*", '$Tess$ #"x"'
    cast.ana.save(update_fields=["name"])
    cast.tess.save(update_fields=["name"])
    visit = signed(
        cast, replace(WHOLE, subjective=said, objective=said, assessment=said, plan=said)
    )
    record.amend(cast.user("tess"), visit, text=said, now=at(14))
    made = the_paper(cast, "tess", visit)
    text = text_of(made)
    for code in CODE:
        assert text.count(" ".join(code.split())) >= 5
    assert "Ana #panic() *Maria*" in text
    assert '$Tess$ #"x"' in text
    assert findings(made, tmp_path) == []


def test_the_longest_texts_and_sixty_rows_fill_pages(
    cast: Cast, now: datetime, tmp_path: Path
) -> None:
    places = [one.id for one in regions.load().regions if one.markable][:70]
    rows = []
    for place in places:
        row = TreatedRegion(region=place, technique="swedish", minutes=1, pressure=2)
        if regions.load().region(place).role != "no_press" and len(rows) < record.ROWS_MAX:
            rows.append(row)
    long = ("word " * 1000)[: record.TEXT_MAX - 10] + "the end."
    unbroken = "x" * record.TEXT_MAX
    visit = signed(
        cast,
        replace(WHOLE, subjective=long, objective=unbroken, plan=long, treatments=tuple(rows)),
    )
    made = the_paper(cast, "tess", visit)
    assert text_of(made).count("the end.") == 2
    assert "60 minutes hands on" in text_of(made)
    assert pages_of(made) >= 5
    assert findings(made, tmp_path) == []


def test_a_record_without_marks_says_so(cast: Cast, now: datetime, tmp_path: Path) -> None:
    visit = signed(cast, replace(WHOLE, marks={}, tension_before=None, tension_after=None))
    made = the_paper(cast, "tess", visit)
    assert "No finding is marked" in text_of(made)
    assert findings(made, tmp_path) == []
