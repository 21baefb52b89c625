"""What the changes of the tables do to rows that are already there."""

import importlib
from datetime import timedelta

import pytest
from django.apps import apps

from tests.cast import NOW, Cast
from unknot.people.models import Client, Consent, Purpose

CHANGE = importlib.import_module("unknot.people.migrations.0003_consent_per_answer_group")


@pytest.fixture
def shares(cast: Cast) -> Consent:
    """Ana agreed to the first text, in which safety and body were one."""
    given = NOW - timedelta(days=90)
    return Consent.objects.create(
        client=cast.ana, purpose=Purpose.SHARE_BODY, version=1, given_at=given
    )


def safety_of(client: Client) -> Consent | None:
    return Consent.objects.filter(client=client, purpose=Purpose.SHARE_SAFETY).first()


def test_who_shared_body_shares_safety_since_the_same_day(cast: Cast, shares: Consent) -> None:
    CHANGE.share_safety_as_before(apps, None)
    found = safety_of(cast.ana)
    assert found is not None
    assert (found.version, found.given_at, found.withdrawn_at) == (1, shares.given_at, None)
    assert safety_of(cast.ben) is None


def test_what_was_taken_back_stays_taken_back(cast: Cast, shares: Consent) -> None:
    Consent.objects.update(withdrawn_at=NOW)
    CHANGE.share_safety_as_before(apps, None)
    assert safety_of(cast.ana) is None


def test_it_can_run_twice(cast: Cast, shares: Consent) -> None:
    CHANGE.share_safety_as_before(apps, None)
    CHANGE.share_safety_as_before(apps, None)
    assert Consent.objects.filter(purpose=Purpose.SHARE_SAFETY).count() == 1
