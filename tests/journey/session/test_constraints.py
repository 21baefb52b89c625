"""What the database itself keeps about records, each with the case that it lets through."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from tests.cast import Cast
from tests.records import AFTER, a_draft, a_signed_record, a_visit
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import record as actions
from unknot.journey.session.models import Amendment, SessionNote, TherapistMark, Treatment

CHANGES = [
    "UPDATE care_session_sessionnote SET plan = 'other'",
    "UPDATE care_session_sessionnote SET signed_at = NULL",
    "UPDATE care_session_treatment SET minutes = 1",
    "UPDATE care_session_therapistmark SET level = 1",
    "DELETE FROM care_session_treatment",
    "DELETE FROM care_session_therapistmark",
    "INSERT INTO care_session_treatment (note_id, region, technique, minutes, pressure)"
    " SELECT id, 'lumbar_l', 'swedish', 5, 2 FROM care_session_sessionnote",
    "INSERT INTO care_session_therapistmark (note_id, region, level)"
    " SELECT id, 'lumbar_l', 2 FROM care_session_sessionnote",
]


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return a_visit(cast)


def run(statement: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


@pytest.mark.parametrize("statement", CHANGES)
def test_a_signed_note_cannot_be_changed_by_any_statement(
    cast: Cast, visit: Appointment, statement: str
) -> None:
    a_signed_record(cast, visit)
    with pytest.raises(IntegrityError, match="a signed note is only amended"):
        run(statement)


@pytest.mark.parametrize("statement", CHANGES)
def test_an_unsigned_note_can_be_changed_by_the_same_statement(
    cast: Cast, visit: Appointment, statement: str
) -> None:
    a_draft(cast, visit)
    assert run(statement) > 0


def test_only_a_note_that_was_never_saved_can_be_deleted(cast: Cast, visit: Appointment) -> None:
    values = {"author": cast.user("tess"), "started_at": AFTER, "changed_at": AFTER}
    SessionNote.objects.create(appointment=visit, **values).delete()
    a_signed_record(cast, visit)
    with pytest.raises(ProtectedError, match="NoteVersion"):
        SessionNote.objects.all().delete()
    with pytest.raises(IntegrityError, match="a signed note is only amended"):
        run("DELETE FROM care_session_sessionnote")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE care_session_amendment SET text = 'other'", "DELETE FROM care_session_amendment"],
)
def test_an_amendment_stays_as_it_was_written(
    cast: Cast, visit: Appointment, statement: str
) -> None:
    a_signed_record(cast, visit)
    actions.amend(cast.user("tess"), visit, text="More", now=AFTER)
    assert Amendment.objects.count() == 1  # a further one may always be added
    with pytest.raises(IntegrityError, match="an amendment stays as it was written"):
        run(statement)


@pytest.mark.parametrize(
    ("statement", "promise"),
    [
        ("UPDATE care_session_sessionnote SET pain_before = 11", "sessionnote_ratings_0_to_10"),
        ("UPDATE care_session_treatment SET minutes = 0", "treatment_minutes_and_pressure"),
        ("UPDATE care_session_treatment SET pressure = 6", "treatment_minutes_and_pressure"),
        ("UPDATE care_session_therapistmark SET level = 11", "therapistmark_level_1_to_10"),
    ],
)
def test_numbers_outside_their_range_are_refused(
    cast: Cast, visit: Appointment, statement: str, promise: str
) -> None:
    a_draft(cast, visit)
    with pytest.raises(IntegrityError, match=promise):
        run(statement)


def test_a_region_stands_once_with_each_technique(cast: Cast, visit: Appointment) -> None:
    a_draft(cast, visit)
    row = Treatment.objects.first()
    assert row is not None
    values = {"note": row.note, "minutes": 5, "pressure": 2, "region": row.region}
    Treatment.objects.create(technique="shiatsu", **values)
    with (
        pytest.raises(IntegrityError, match="treatment_once_per_region"),
        transaction.atomic(),
    ):
        Treatment.objects.create(technique=row.technique, **values)
    assert TherapistMark.objects.count() == 1
