"""Roles and care relations decide; unknown and forbidden look the same."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.cast import NOW, Cast
from unknot.people import access
from unknot.people.actions import agree, withdraw_consent
from unknot.people.models import CareRelation, Membership, Purpose, Role
from unknot.web.errors import Missing


def test_only_the_treating_therapist_reaches_a_client(cast: Cast) -> None:
    assert access.client_in_care(cast.user("tess"), cast.ana.key) == cast.ana
    for name in ["theo", "uma", "paz", "finn", "opal", "ben", "ana"]:
        with pytest.raises(Missing):
            access.client_in_care(cast.user(name), cast.ana.key)
    with pytest.raises(Missing):
        access.client_in_care(AnonymousUser(), cast.ana.key)


def test_an_unknown_client_looks_like_a_forbidden_one(cast: Cast) -> None:
    with pytest.raises(Missing):
        access.client_in_care(cast.user("tess"), uuid4())


def test_a_therapist_who_left_reaches_nobody(cast: Cast) -> None:
    Membership.objects.filter(user=cast.tess.user).update(until=NOW)
    with pytest.raises(Missing):
        access.client_in_care(cast.user("tess"), cast.ana.key)


def test_care_that_ended_can_begin_again(cast: Cast) -> None:
    CareRelation.objects.update(until=NOW)
    assert not access.treats(cast.user("tess"), cast.ana)
    access.start_care(cast.ana, cast.user("tess"), now=NOW)
    assert access.treats(cast.user("tess"), cast.ana)


def test_a_role_counts_only_in_its_practice(cast: Cast) -> None:
    assert access.roles(cast.user("uma"), cast.practice) == frozenset()
    assert access.roles(cast.user("uma"), cast.other_practice) == {Role.THERAPIST}


def test_sharing_holds_only_while_answers_may_be_used(cast: Cast) -> None:
    ana = cast.user("ana")
    shares = [Purpose.SHARE_SAFETY, Purpose.SHARE_BODY, Purpose.SHARE_MIND]
    for purpose in shares:
        agree(ana, cast.ana, purpose, now=NOW)
    assert not any(access.consents_to(cast.ana, purpose) for purpose in Purpose)
    agree(ana, cast.ana, Purpose.CARE, now=NOW)
    assert all(access.consents_to(cast.ana, purpose) for purpose in Purpose)
    withdraw_consent(ana, cast.ana, Purpose.CARE, now=NOW)
    assert access.agreed(cast.ana) == frozenset()


@pytest.mark.parametrize("taken", list(Purpose))
def test_each_purpose_stands_for_itself(cast: Cast, taken: Purpose) -> None:
    for purpose in Purpose:
        agree(cast.user("ana"), cast.ana, purpose, now=NOW)
        agree(cast.user("ben"), cast.ben, purpose, now=NOW)
    withdraw_consent(cast.user("ana"), cast.ana, taken, now=NOW)
    left = set() if taken == Purpose.CARE else set(Purpose) - {taken}
    assert access.agreed(cast.ana) == left
    for purpose in Purpose:
        found = set(access.who_consent_to(purpose))
        assert found == ({cast.ana.pk} if purpose in left else set()) | {cast.ben.pk}
