"""Setting up a practice, consents, and who may approve the safety table."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.cast import NOW, Cast
from unknot.domain import consents
from unknot.people import access, actions, reads
from unknot.people.models import AuditEntry, Consent, Membership, Practice, Purpose, Role, User
from unknot.web.errors import BadInput, Denied, Missing

ANSWERS: dict[str, Any] = {
    "practice_name": "Lindenweg",
    "location_name": "Main room",
    "address": "Lindenweg 4",
    "zone": "Europe/Berlin",
    "currency": "eur",
    "country": "de",
    "manager_name": "Paz",
    "manager_email": "Paz@Example.org",
    "password": "knot-and-thread-42",
    "also_therapist": True,
    "now": NOW,
}


def test_a_manager_may_be_the_only_therapist(db: None) -> None:
    practice = actions.set_up_practice(**ANSWERS)
    held = Membership.objects.filter(practice=practice, user__email="paz@example.org")
    assert set(held.values_list("role", flat=True)) == {Role.MANAGER, Role.THERAPIST}
    assert (practice.currency, practice.country, practice.emergency_number) == ("EUR", "DE", "112")
    assert not practice.safety_approved_by
    assert AuditEntry.objects.get().action == "practice.set-up"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("practice_name", "  ", "needs a name"),
        ("zone", "Berlin", "Europe/Berlin"),
        ("zone", "../etc", "Europe/Berlin"),
        ("currency", "€", "three letters"),
        ("country", "DEU", "two letters"),
        ("manager_email", "paz", "valid email"),
        ("password", "short", "at least 10"),
    ],
)
def test_a_bad_answer_is_one_sentence_and_writes_nothing(
    db: None, field: str, value: str, sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        actions.set_up_practice(**{**ANSWERS, field: value})
    assert not Practice.objects.exists()
    assert not User.objects.exists()


def test_an_address_belongs_to_one_account(cast: Cast) -> None:
    with pytest.raises(BadInput, match="already an account"):
        actions.set_up_practice(**{**ANSWERS, "practice_name": "Second"})


def test_the_manager_records_who_approved_the_safety_table(cast: Cast) -> None:
    actions.approve_safety_table(
        cast.paz, cast.practice, name="Dr Weber", on=date(2026, 3, 1), version=1, now=NOW
    )
    cast.practice.refresh_from_db()
    assert cast.practice.safety_approved_by == "Dr Weber"


@pytest.mark.parametrize(
    ("name", "error"), [("tess", Denied), ("finn", Denied), ("uma", Missing), ("opal", Missing)]
)
def test_nobody_else_may(cast: Cast, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        actions.approve_safety_table(
            cast.user(name), cast.practice, name="Dr", on=date(2026, 3, 1), version=1, now=NOW
        )


def test_an_approval_cannot_come_from_the_future(cast: Cast) -> None:
    with pytest.raises(BadInput, match="future"):
        actions.approve_safety_table(
            cast.paz, cast.practice, name="Dr", on=date(2026, 3, 28), version=1, now=NOW
        )


def test_an_agreement_is_withdrawn_in_one_step_and_kept(cast: Cast) -> None:
    ana = cast.user("ana")
    actions.agree(ana, cast.ana, Purpose.SHARE_MIND, now=NOW)
    actions.agree(ana, cast.ana, Purpose.SHARE_MIND, now=NOW)
    actions.withdraw_consent(ana, cast.ana, Purpose.SHARE_MIND, now=NOW + timedelta(hours=1))
    actions.withdraw_consent(ana, cast.ana, Purpose.SHARE_MIND, now=NOW + timedelta(hours=2))
    assert Consent.objects.get().withdrawn_at == NOW + timedelta(hours=1)
    assert all(row.given_at is None for row in reads.consents(cast.ana))
    deeds = AuditEntry.objects.filter(client=cast.ana).order_by("pk")
    assert list(deeds.values_list("action", flat=True)) == ["consent.given", "consent.withdrawn"]


@pytest.mark.parametrize("purpose", list(Purpose))
def test_an_agreement_keeps_the_version_of_its_own_text(cast: Cast, purpose: Purpose) -> None:
    actions.agree(cast.user("ana"), cast.ana, purpose, now=NOW)
    assert Consent.objects.get().version == consents.load().newest(purpose).version


def test_agreeing_to_a_newer_text_ends_the_older_agreement_and_keeps_both(cast: Cast) -> None:
    old = Consent.objects.create(
        client=cast.ana, purpose=Purpose.CARE, version=1, given_at=NOW - timedelta(days=9)
    )
    actions.agree(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    old.refresh_from_db()
    assert (old.version, old.withdrawn_at) == (1, NOW)
    standing = Consent.objects.get(withdrawn_at=None)
    assert (standing.version, standing.given_at) == (reads.CONSENT_VERSION, NOW)


def test_what_stands_keeps_its_version_when_nobody_was_asked(cast: Cast) -> None:
    Consent.objects.create(client=cast.ana, purpose=Purpose.CARE, version=1, given_at=NOW)
    actions.give_consent(cast.ana, Purpose.CARE, now=NOW + timedelta(days=1))
    assert Consent.objects.get().version == 1


@pytest.mark.parametrize("read", [0, 1, 99])
def test_nobody_agrees_to_a_text_that_is_not_in_force(cast: Cast, read: int) -> None:
    with pytest.raises(actions.TextChanged):
        actions.agree(cast.user("ana"), cast.ana, Purpose.CARE, version=read, now=NOW)
    assert not Consent.objects.exists()
    assert not AuditEntry.objects.exists()


def test_what_a_check_in_no_longer_shares_is_taken_back_and_audited(cast: Cast) -> None:
    shares = {Purpose.SHARE_BODY, Purpose.SHARE_MIND}
    with transaction.atomic():
        actions.give_consent(cast.ana, Purpose.CARE, now=NOW)
        actions.share_only(cast.ana, shares, now=NOW)
        assert access.agreed(cast.ana) == shares | {Purpose.CARE}
        assert not AuditEntry.objects.exists()
        actions.share_only(cast.ana, {Purpose.SHARE_BODY, Purpose.SHARE_SAFETY}, now=NOW)
    assert access.agreed(cast.ana) == set(Purpose) - {Purpose.SHARE_MIND}
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor) == ("consent.withdrawn", cast.user("ana"))
