"""Every save of a record leaves a version that its therapist can compare."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tests.records import AFTER, ROWS, TAGS, WHOLE, a_signed_record, a_visit, as_sent
from unknot.domain.notes.versions import SECTIONS
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import record
from unknot.journey.session.models import NoteVersion
from unknot.journey.session.reads.versions import LABELS
from unknot.people.models import AuditEntry


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return a_visit(cast)


@pytest.fixture
def tess(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.user("tess"))
    return client


def page(visit: Appointment) -> str:
    return reverse("session:versions", args=[visit.key])


def save(cast: Cast, visit: Appointment, draft: record.Draft, revision: int) -> None:
    later = AFTER + timedelta(minutes=revision)
    record.save_draft(cast.user("tess"), visit, draft=draft, revision=revision, now=later)


def test_each_save_leaves_a_version_with_who_and_when(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    save(cast, visit, WHOLE, 0)
    save(cast, visit, replace(WHOLE, plan="Same again in a week", treatments=ROWS[:1]), 1)
    found = NoteVersion.objects.order_by("revision")
    assert [(one.revision, one.by, one.content["plan"]) for one in found] == [
        (1, cast.user("tess"), WHOLE.plan),
        (2, cast.user("tess"), "Same again in a week"),
    ]
    text = tess.get(page(visit)).content.decode()
    assert "What version 2 changed" in text
    assert "Changed: Plan, Treated regions" in text
    assert "27 March 2026, 13:11" in text
    assert '<del><span class="sr-only">removed: </span>ten days</del>' in text
    assert '<ins><span class="sr-only">added: </span>a week</ins>' in text


def test_an_older_version_can_be_chosen_and_a_strange_one_is_the_newest(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    save(cast, visit, WHOLE, 0)
    save(cast, visit, replace(WHOLE, pain_after=2), 1)
    assert tess.get(page(visit), {"revision": "1"}).context["page"].chosen.revision == 1
    for strange in ("9", "x", "-1", "9" * 40, "٢"):
        assert tess.get(page(visit), {"revision": strange}).context["page"].chosen.revision == 2


def test_a_save_that_is_refused_leaves_no_version(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    tess.post(reverse("session:record", args=[visit.key]), as_sent())
    other = as_sent(replace(WHOLE, plan="Something else"))
    older = tess.post(reverse("session:record", args=[visit.key]), other)
    assert older.status_code == 409
    assert NoteVersion.objects.count() == 1


def test_the_signed_record_is_its_last_version_and_amendments_stand_below(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_signed_record(cast, visit)
    record.amend(cast.user("tess"), visit, text=TAGS, now=AFTER)
    text = tess.get(page(visit)).content.decode()
    assert "Signed by Tess, 27 March 2026, 13:10" in text
    assert "&lt;b&gt;knot&lt;/b&gt;" in text
    assert NoteVersion.objects.count() == 1
    assert page(visit) in tess.get(reverse("session:record", args=[visit.key])).content.decode()


def test_without_a_record_there_are_no_versions(tess: Browser, visit: Appointment) -> None:
    assert tess.get(page(visit)).status_code == 404


def test_a_record_from_before_versions_were_kept_says_so(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    save(cast, visit, WHOLE, 0)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM care_session_noteversion")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert "No version was kept" in tess.get(page(visit)).content.decode()


def test_the_reader_is_written_down(tess: Browser, cast: Cast, visit: Appointment) -> None:
    save(cast, visit, WHOLE, 0)
    tess.get(page(visit))
    assert AuditEntry.objects.filter(action="record.read", client=cast.ana).count() == 1


def test_more_versions_cost_no_more_queries(tess: Browser, cast: Cast, visit: Appointment) -> None:
    counted = []
    for revision in range(3):
        save(cast, visit, replace(WHOLE, pain_after=revision), revision)
        with CaptureQueriesContext(connection) as asked:
            tess.get(page(visit))
        counted.append(len(asked))
    assert len(set(counted)) == 1


@pytest.mark.parametrize(
    "statement",
    ["UPDATE care_session_noteversion SET content = '{}'", "DELETE FROM care_session_noteversion"],
)
def test_no_statement_changes_a_version(cast: Cast, visit: Appointment, statement: str) -> None:
    save(cast, visit, WHOLE, 0)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_section_has_its_words() -> None:
    assert set(LABELS) == set(SECTIONS)
