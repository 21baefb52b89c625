"""Credentials: told by the therapist, found by somebody else, never hidden."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.cast import LONG_AGO, NOW, TODAY, Cast, a_member
from tests.journey.choose.listing import a_credential
from tests.practice.test_listing_page import a_draft
from unknot.domain.credentials.standing import standing
from unknot.journey.choose.actions import credentials as deeds
from unknot.journey.choose.actions.credentials import (
    CheckedMeanwhile,
    CredentialDraft,
    Finding,
    fingerprint,
)
from unknot.journey.choose.actions.listing import save_listing
from unknot.journey.choose.models import Credential, RosterEntry, Therapist
from unknot.people.models import AuditEntry, Membership, Role
from unknot.web.errors import BadInput, Denied, Missing

DRAFT = CredentialDraft(
    kind="licence",
    title="Massage licence",
    number="MT 12",
    jurisdiction="US-CO",
    issuer="The board",
    issued_on=date(2020, 1, 1),
    expires_on=date(2027, 1, 1),
)
TOLD = {"method": "self", "status": "unknown", "checked_on": None, "checked_by": None}
FOUND = Finding(
    status="active",
    method="register",
    source="The board",
    matched=("number", "name"),
    checked_on=TODAY,
)
FROM_ROSTER = replace(FOUND, method="roster", source="", row="colorado:MT-12")


def told(cast: Cast, **changed: object) -> Credential:
    draft = replace(DRAFT, **changed)  # type: ignore[arg-type]
    return deeds.add_credential(cast.tess.user, cast.practice, draft=draft, now=NOW)


def a_row(**changed: object) -> RosterEntry:
    """Tess's row in Colorado's list."""
    values = {
        "source": "colorado",
        "source_key": "MT-12",
        "holder": "Tess",
        "name_key": "tess",
        "number": "MT-12",
        "number_key": "mt12",
        "jurisdiction": "US-CO",
        "kind": "licence",
        "title": "Massage Therapist",
        "status": "active",
        "discipline": "none",
        "read_on": TODAY,
        **changed,
    }
    return RosterEntry.objects.create(**values)


# What the therapist tells ---------------------------------------------------------------------


def test_everything_told_is_kept_and_earns_no_badge(cast: Cast) -> None:
    paper = told(cast, kind="training", technique="shiatsu", hours=500)
    assert (paper.technique, paper.hours, paper.issued_on) == ("shiatsu", 500, date(2020, 1, 1))
    assert (paper.holder, paper.method, paper.status) == ("Tess", "self", "unknown")
    assert standing(paper, on=TODAY) == "claimed"


def test_the_name_on_a_credential_is_the_listings_unless_another_is_told(cast: Cast) -> None:
    assert told(cast, holder=" ").holder == "Tess"
    paper = told(cast, number="MT 13", holder=" Tess Before ")
    assert paper.holder == "Tess Before"
    draft = replace(DRAFT, number="MT 13")
    deeds.change_credential(cast.tess.user, cast.practice, paper.key, draft=draft, now=NOW)
    paper.refresh_from_db()
    assert paper.holder == "Tess"


def test_technique_and_hours_belong_to_a_training_alone(cast: Cast) -> None:
    paper = told(cast, technique="shiatsu", hours=500)
    assert (paper.technique, paper.hours) == ("", None)


def test_that_no_register_exists_is_the_own_word_until_somebody_looked(cast: Cast) -> None:
    paper = told(cast, no_register=True)
    assert (paper.status, paper.method) == ("no_register", "self")
    assert standing(paper, on=TODAY) == "unregistered"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "diploma"},
        {"title": " "},
        {"technique": "reiki"},
        {"hours": 0},
        {"hours": 10_001},
        {"expires_on": date(2019, 12, 31)},
    ],
)
def test_what_cannot_be_kept_is_refused(cast: Cast, wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        told(cast, **wrong)
    assert not Credential.objects.exists()


def test_a_listing_holds_forty_credentials(cast: Cast) -> None:
    for number in range(deeds.MOST):
        a_credential(cast.tess, number=str(number), **TOLD)
    with pytest.raises(BadInput):
        told(cast)
    assert Credential.objects.count() == deeds.MOST


def test_the_own_word_can_be_corrected_and_taken_away(cast: Cast) -> None:
    paper = told(cast)
    draft = replace(DRAFT, number="MT 13")
    for _press in range(2):
        deeds.change_credential(cast.tess.user, cast.practice, paper.key, draft=draft, now=NOW)
    paper.refresh_from_db()
    assert paper.number == "MT 13"
    assert AuditEntry.objects.get(action="credential.changed").reason == "number"
    deeds.remove_credential(cast.tess.user, cast.practice, paper.key, now=NOW)
    assert not Credential.objects.exists()
    assert AuditEntry.objects.filter(action="credential.removed").count() == 1


def test_what_somebody_has_checked_stays_as_it_is(cast: Cast) -> None:
    paper = told(cast)
    bad = replace(FOUND, status="suspended", discipline="present")
    deeds.record_verification(cast.paz, paper, finding=bad, now=NOW)
    with pytest.raises(CheckedMeanwhile):
        deeds.change_credential(cast.tess.user, cast.practice, paper.key, draft=DRAFT, now=NOW)
    with pytest.raises(CheckedMeanwhile):
        deeds.remove_credential(cast.tess.user, cast.practice, paper.key, now=NOW)
    paper.refresh_from_db()
    assert (paper.status, paper.discipline) == ("suspended", "present")


def test_what_has_run_out_is_not_taken_away(cast: Cast) -> None:
    paper = told(cast, expires_on=TODAY - timedelta(days=1))
    with pytest.raises(BadInput):
        deeds.remove_credential(cast.tess.user, cast.practice, paper.key, now=NOW)
    draft = replace(DRAFT, expires_on=TODAY)
    deeds.change_credential(cast.tess.user, cast.practice, paper.key, draft=draft, now=NOW)
    deeds.remove_credential(cast.tess.user, cast.practice, paper.key, now=NOW)
    assert not Credential.objects.exists()


@pytest.mark.parametrize("kind", ["licence", "registration"])
@pytest.mark.parametrize(
    "other",
    [
        {"kind": "membership"},
        {"number": "MT 13"},
        {"issued_on": None},
        {"expires_on": None},
        {"expires_on": TODAY - timedelta(days=2)},
        {"expires_on": date(2027, 1, 1), "kind": "training"},
    ],
)
def test_a_licence_that_has_run_out_is_not_worded_into_something_else(
    cast: Cast, kind: str, other: dict[str, object]
) -> None:
    last = TODAY - timedelta(days=1)
    paper = told(cast, kind=kind, expires_on=last)
    lapsed = replace(DRAFT, kind=kind, expires_on=last)

    def change(**changed: object) -> None:
        draft = replace(lapsed, **changed)  # type: ignore[arg-type]
        deeds.change_credential(cast.tess.user, cast.practice, paper.key, draft=draft, now=NOW)

    with pytest.raises(BadInput):
        change(**other)
    paper.refresh_from_db()
    assert (paper.kind, paper.number, paper.expires_on) == (kind, "MT 12", last)
    # The control: its texts can be corrected, and a later last day renews it.
    change(title="Massage therapist", holder="Tess Before", expires_on=date(2027, 1, 1))
    paper.refresh_from_db()
    assert (paper.title, paper.expires_on) == ("Massage therapist", date(2027, 1, 1))


def test_what_still_holds_or_gives_no_leave_can_be_worded_anew(cast: Cast) -> None:
    day = TODAY - timedelta(days=1)
    for paper in (told(cast, expires_on=TODAY), told(cast, kind="insurance", expires_on=day)):
        draft = replace(DRAFT, kind="membership", expires_on=None, number=str(paper.pk))
        deeds.change_credential(cast.tess.user, cast.practice, paper.key, draft=draft, now=NOW)
        paper.refresh_from_db()
        assert (paper.kind, paper.expires_on) == ("membership", None)


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("theo", Missing), ("uma", Missing), ("paz", Denied), ("opal", Missing), ("ana", Missing)],
)
def test_nobody_else_changes_it(cast: Cast, name: str, refusal: type[Exception]) -> None:
    paper = told(cast)
    with pytest.raises(refusal):
        deeds.change_credential(cast.user(name), cast.practice, paper.key, draft=DRAFT, now=NOW)
    with pytest.raises(refusal):
        deeds.remove_credential(cast.user(name), cast.practice, paper.key, now=NOW)
    assert Credential.objects.exists()


# What somebody else found ---------------------------------------------------------------------


def test_a_check_is_bound_to_what_the_checker_saw(cast: Cast) -> None:
    paper = told(cast)
    seen = fingerprint(paper)
    draft = replace(DRAFT, number="SOMEBODY ELSE'S")
    deeds.change_credential(cast.tess.user, cast.practice, paper.key, draft=draft, now=NOW)
    with pytest.raises(CheckedMeanwhile):
        deeds.record_verification(cast.paz, paper, finding=FOUND, now=NOW, seen=seen)
    paper.refresh_from_db()
    assert paper.method == "self"
    found = deeds.record_verification(
        cast.paz, paper, finding=FOUND, now=NOW, seen=fingerprint(paper)
    )
    assert found.method == "register"


def test_the_second_of_two_checkers_is_told(cast: Cast) -> None:
    paper = told(cast)
    seen = fingerprint(paper)
    bad = replace(FOUND, status="suspended")
    deeds.record_verification(cast.opal, paper, finding=bad, now=NOW, seen=seen)
    with pytest.raises(CheckedMeanwhile):
        deeds.record_verification(cast.paz, paper, finding=FOUND, now=NOW, seen=seen)
    paper.refresh_from_db()
    assert paper.status == "suspended"


def test_the_same_check_pressed_twice_is_one(cast: Cast) -> None:
    paper = told(cast)
    seen = fingerprint(paper)
    for _press in range(2):
        deeds.record_verification(cast.paz, paper, finding=FOUND, now=NOW, seen=seen)
    assert AuditEntry.objects.filter(action="credential.checked").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"source_url": "javascript:alert(1)"},
        {"source_url": "ftp://example.org/"},
        {"discipline_url": "data:text/html,x"},
        {"discipline_on": TODAY + timedelta(days=1)},
        {"status": "no_register"},
    ],
)
def test_what_cannot_have_been_found_is_refused(cast: Cast, wrong: dict[str, object]) -> None:
    paper = told(cast)
    finding = replace(FOUND, **wrong)  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        deeds.record_verification(cast.paz, paper, finding=finding, now=NOW)
    paper.refresh_from_db()
    assert paper.method == "self"


def test_a_document_can_show_that_no_register_exists(cast: Cast) -> None:
    paper = told(cast)
    finding = Finding(status="no_register", method="document", checked_on=TODAY)
    found = deeds.record_verification(cast.paz, paper, finding=finding, now=NOW)
    assert standing(found, on=TODAY) == "unregistered"


def test_a_boards_own_roster_verifies_by_number_and_name(cast: Cast) -> None:
    paper = told(cast)
    a_row()
    found = deeds.record_verification(cast.paz, paper, finding=FROM_ROSTER, now=NOW)
    assert standing(found, on=TODAY) == "verified"


@pytest.mark.parametrize(
    "row",
    [
        None,
        {"source": "washington"},
        {"number": "MT-99", "number_key": "mt99"},
        {"holder": "Theo", "name_key": "theo"},
        {"status": "expired"},
        {"read_on": TODAY - timedelta(days=1)},
    ],
)
def test_a_roster_proves_no_more_than_its_row_says(
    cast: Cast, row: dict[str, object] | None
) -> None:
    paper = told(cast)
    if row is not None:
        a_row(**row)
    with pytest.raises(BadInput):
        deeds.record_verification(cast.paz, paper, finding=FROM_ROSTER, now=NOW)
    paper.refresh_from_db()
    assert paper.method == "self"


def test_a_list_that_people_fill_in_themselves_never_verifies(cast: Cast) -> None:
    paper = told(cast)
    a_row(source="nppes")
    finding = replace(FROM_ROSTER, row="nppes:MT-12")
    found = deeds.record_verification(cast.paz, paper, finding=finding, now=NOW)
    assert standing(found, on=TODAY) == "claimed"


def by_row(cast: Cast, paper: Credential, key: str = "MT-12", **changed: object) -> Credential:
    finding = replace(FROM_ROSTER, row=f"colorado:{key}", **changed)  # type: ignore[arg-type]
    return deeds.record_verification(cast.paz, paper, finding=finding, now=NOW)


def test_two_rows_are_never_mixed(cast: Cast) -> None:
    paper = told(cast)
    earlier = TODAY - timedelta(days=9)
    a_row(source_key="a", status="expired", expires_on=earlier)
    a_row(source_key="b", read_on=earlier)
    for key, changed in (
        ("a", {}),  # the state of the other row
        ("b", {}),  # the day of reading of the other row
        ("b", {"checked_on": earlier, "expires_on": earlier}),  # its last day
        ("c", {}),
    ):
        with pytest.raises(BadInput):
            by_row(cast, paper, key, **changed)
    paper.refresh_from_db()
    assert paper.method == "self"
    by_row(cast, paper, "a", status="expired")
    found = by_row(cast, paper, "b", checked_on=earlier)
    assert (found.status, found.source, found.checked_on) == ("active", "colorado", earlier)


def test_the_last_day_is_the_rows_and_no_longer_one_that_was_told(cast: Cast) -> None:
    paper = told(cast)  # until 2027, by the own word
    ends = TODAY + timedelta(days=20)
    a_row(expires_on=ends)
    with pytest.raises(BadInput):
        by_row(cast, paper, expires_on=date(2027, 1, 1))
    assert by_row(cast, paper).expires_on == ends
    assert by_row(cast, paper, expires_on=ends).expires_on == ends
    assert AuditEntry.objects.filter(action="credential.checked").count() == 1


def test_a_row_without_a_last_day_keeps_the_known_one(cast: Cast) -> None:
    paper = told(cast)
    a_row()
    with pytest.raises(BadInput):
        by_row(cast, paper, expires_on=date(2030, 1, 1))
    assert by_row(cast, paper).expires_on == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("left", "status", "expected"), [(0, "active", "verified"), (-1, "expired", "expired")]
)
def test_a_row_that_has_run_out_is_never_recorded_as_active(
    cast: Cast, left: int, status: str, expected: str
) -> None:
    paper = told(cast)
    a_row(expires_on=TODAY + timedelta(days=left))
    found = by_row(cast, paper)
    assert (found.status, standing(found, on=TODAY)) == (status, expected)
    if status == "active":
        with pytest.raises(BadInput):
            by_row(cast, paper, status="expired")
    else:
        assert by_row(cast, paper, status="expired").status == "expired"


@pytest.mark.parametrize(
    ("row", "said", "expected"),
    [
        ("present", "unknown", "present"),
        ("present", "present", "present"),
        ("none", "none", "none"),
        ("unknown", "none", "unknown"),
        ("none", "present", "present"),
    ],
)
def test_what_a_row_says_of_discipline_cannot_be_hidden(
    cast: Cast, row: str, said: str, expected: str
) -> None:
    paper = told(cast)
    a_row(discipline=row)
    if row == "present":
        with pytest.raises(BadInput):
            by_row(cast, paper, discipline="none")
    assert by_row(cast, paper, discipline=said).discipline == expected


# Consent --------------------------------------------------------------------------------------


def test_neither_a_check_nor_a_roster_nor_a_manager_lists_anybody(cast: Cast) -> None:
    Therapist.objects.update(listed_since=None)
    paper = told(cast)
    a_row()
    deeds.record_verification(cast.paz, paper, finding=FROM_ROSTER, now=NOW)
    deeds.record_verification(cast.opal, paper, finding=FOUND, now=NOW)
    assert not Therapist.objects.filter(listed_since__isnull=False).exists()
    with pytest.raises(Denied):
        save_listing(cast.paz, cast.practice, draft=a_draft(cast), now=NOW)
    # The control: their own tick does.
    save_listing(cast.tess.user, cast.practice, draft=a_draft(cast, name="Tess"), now=NOW)
    assert list(
        Therapist.objects.filter(listed_since__isnull=False).values_list("user", flat=True)
    ) == [cast.tess.user.pk]


def test_who_manages_and_treats_is_checked_by_somebody_else(cast: Cast) -> None:
    paper = told(cast)
    Membership.objects.create(
        user=cast.tess.user, practice=cast.practice, role=Role.MANAGER, since=LONG_AGO
    )
    with pytest.raises(Denied):
        deeds.record_verification(cast.tess.user, paper, finding=FOUND, now=NOW)
    other = a_member("Mo", cast.practice, Role.MANAGER)
    assert deeds.record_verification(other, paper, finding=FOUND, now=NOW).checked_by == other


def test_the_database_keeps_a_check_without_a_person_out(cast: Cast) -> None:
    paper = told(cast)
    paper.method = "register"
    with pytest.raises(IntegrityError), transaction.atomic():
        paper.save(update_fields=["method"])
