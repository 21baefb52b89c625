"""Roles and care relations decide; unknown and forbidden look the same."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.cast import NOW, Cast
from unknot.people import access
from unknot.people.models import CareRelation, Membership, Role
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
