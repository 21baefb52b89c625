"""Sessions counted once, credentials checked by who may."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import LONG_AGO, NOW, TODAY, Cast
from tests.journey.choose.listing import a_credential, a_review, signed_sessions
from unknot.journey.choose.actions import credentials, experience
from unknot.journey.choose.models import Experience, Review
from unknot.journey.choose.reads import papers
from unknot.people.models import AuditEntry, Membership, Role
from unknot.web.errors import BadInput, Denied, Missing

FOUND = credentials.Finding(
    status="active", method="register", checked_on=TODAY, matched=("number", "name")
)


def test_a_session_counts_once_for_each_technique(cast: Cast) -> None:
    key = uuid.uuid4()
    experience.count_session(cast.tess, ["swedish", "chair", "swedish"], key, TODAY)
    experience.count_session(cast.tess, ["swedish"], key, TODAY)
    assert Experience.objects.filter(therapist=cast.tess).count() == 2


def test_a_manager_and_the_operator_may_check(cast: Cast) -> None:
    paper = a_credential(cast.tess, status="unknown", method="self", checked_on=None)
    for actor in (cast.paz, cast.opal):
        found = credentials.record_verification(actor, paper, finding=FOUND, now=NOW)
        assert papers.verified(found, TODAY)
        assert found.checked_by == actor
    assert AuditEntry.objects.filter(action="credential.checked").count() == 2


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("tess", Denied), ("theo", Denied), ("finn", Denied), ("uma", Missing), ("ana", Missing)],
)
def test_nobody_else_may_check(cast: Cast, name: str, refusal: type[Exception]) -> None:
    paper = a_credential(cast.tess, status="unknown", method="self", checked_on=None)
    with pytest.raises(refusal):
        credentials.record_verification(cast.user(name), paper, finding=FOUND, now=NOW)
    paper.refresh_from_db()
    assert paper.status == "unknown"


def test_nobody_checks_their_own_credential(cast: Cast) -> None:
    paper = a_credential(cast.tess, status="unknown", method="self", checked_on=None)
    Membership.objects.create(
        user=cast.tess.user, practice=cast.practice, role=Role.MANAGER, since=LONG_AGO
    )
    with pytest.raises(Denied):
        credentials.record_verification(cast.tess.user, paper, finding=FOUND, now=NOW)
    assert credentials.record_verification(cast.paz, paper, finding=FOUND, now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "splendid"},
        {"method": "hearsay"},
        {"method": "self"},
        {"matched": ("shoe size",)},
        {"discipline": "perhaps"},
        {"checked_on": TODAY + timedelta(days=1)},
    ],
)
def test_a_check_that_cannot_be_is_refused(cast: Cast, wrong: dict[str, object]) -> None:
    paper = a_credential(cast.tess, status="unknown", method="self", checked_on=None)
    finding = replace(FOUND, **wrong)  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        credentials.record_verification(cast.paz, paper, finding=finding, now=NOW)
    paper.refresh_from_db()
    assert (paper.status, paper.method) == ("unknown", "self")


def test_the_last_valid_day_is_kept_unless_a_new_one_is_told(cast: Cast) -> None:
    paper = a_credential(cast.tess, expires_on=TODAY)
    found = credentials.record_verification(cast.paz, paper, finding=FOUND, now=NOW)
    assert found.expires_on == TODAY
    later = replace(FOUND, expires_on=TODAY + timedelta(days=365))
    found = credentials.record_verification(cast.paz, paper, finding=later, now=NOW)
    assert found.expires_on == later.expires_on


def test_the_builders_count_what_they_say(cast: Cast) -> None:
    signed_sessions(cast.tess, 3, "swedish", "chair")
    a_review(cast.tess, cast.ana)
    assert Experience.objects.count() == 6
    assert Review.objects.count() == 1
