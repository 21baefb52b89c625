"""Two check one credential at once, and two workers write one warning: real transactions.

The lock of the therapist's calendar makes them queue. The controls take it away, or the step that
is kept with the mail, and show what they were for.
"""

import threading
from datetime import timedelta

import pytest

from tests.cast import NOW, TODAY, Cast, the_cast
from tests.journey.choose.listing import a_credential
from tests.races.test_one_slot import race
from unknot.journey.choose.actions import credentials, warnings
from unknot.journey.choose.actions.credentials import Finding, fingerprint, record_verification
from unknot.journey.choose.models import Credential, CredentialWarning
from unknot.people.models import AuditEntry, Message

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

TOLD = {"method": "self", "status": "unknown", "checked_on": None, "checked_by": None}
GOOD = Finding(status="active", method="register", matched=("number", "name"), checked_on=TODAY)
BAD = Finding(status="suspended", method="register", matched=("number", "name"), checked_on=TODAY)


def both_check(cast: Cast, paper: Credential) -> dict[str, int]:
    """The manager finds it active and the operator suspended, both from the same page."""
    seen = fingerprint(paper)
    return race(
        [
            lambda: record_verification(cast.paz, paper, finding=GOOD, now=NOW, seen=seen),
            lambda: record_verification(cast.opal, paper, finding=BAD, now=NOW, seen=seen),
        ]
    )


def test_of_two_checks_at_once_one_is_kept_and_the_other_is_told() -> None:
    cast = the_cast()
    paper = a_credential(cast.tess, **TOLD)
    assert both_check(cast, paper) == {"done": 1, "CheckedMeanwhile": 1}
    assert AuditEntry.objects.filter(action="credential.checked").count() == 1


def test_without_the_lock_both_believe_to_be_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = the_cast()
    paper = a_credential(cast.tess, **TOLD)
    both_read = threading.Barrier(2, timeout=60)

    def unlocked(credential: Credential) -> Credential:
        found = Credential.objects.select_related("therapist__practice").get(pk=credential.pk)
        both_read.wait()
        return found

    monkeypatch.setattr(credentials, "lock_credential", unlocked)
    assert both_check(cast, paper) == {"done": 2}
    assert AuditEntry.objects.filter(action="credential.checked").count() == 2


def two_workers() -> dict[str, int]:
    return race([lambda: warnings.warn_of_ends(NOW)] * 2)


def test_two_workers_write_one_warning() -> None:
    cast = the_cast()
    for number in range(5):
        a_credential(cast.tess, number=str(number), expires_on=TODAY + timedelta(days=7))
    assert two_workers() == {"done": 2}
    assert CredentialWarning.objects.count() == 5
    assert Message.objects.count() == 2 * 5


def test_without_the_kept_step_each_worker_would_write(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = the_cast()
    a_credential(cast.tess, expires_on=TODAY + timedelta(days=7))
    monkeypatch.setattr(CredentialWarning.objects, "create", lambda **_fields: None)
    assert two_workers() == {"done": 2}
    assert Message.objects.count() == 2 * 2
