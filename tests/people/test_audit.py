"""The audit table only grows; the database says so, not Python."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cast import NOW, Cast
from unknot.people import audit
from unknot.people.models import AuditEntry


@pytest.fixture
def entry(cast: Cast) -> AuditEntry:
    audit.record(cast.paz, "practice.set-up", cast.practice, at=NOW, client=cast.ana)
    return AuditEntry.objects.get()


def test_an_entry_names_kind_and_number_only(entry: AuditEntry, cast: Cast) -> None:
    assert entry.subject == f"practice {cast.practice.pk}"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE people_auditentry SET action = 'nothing'",
        "DELETE FROM people_auditentry",
        "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE people_auditentry CASCADE",
    ],
)
def test_the_database_refuses_to_change_it(entry: AuditEntry, statement: str) -> None:
    with (
        pytest.raises(IntegrityError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEntry.objects.count() == 1


def test_without_the_trigger_it_would_be_lost(entry: AuditEntry) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER auditentry_append_only ON people_auditentry")
        cursor.execute("DELETE FROM people_auditentry")
    assert not AuditEntry.objects.exists()
