"""Two tablets save the same record at the same moment: one wins, and the other is told."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.cast import Cast, the_cast
from tests.records import AFTER, WHOLE, a_visit
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import record as actions
from unknot.journey.session.models import SessionNote

TABLETS = 4
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return the_cast()


@pytest.fixture
def visit(cast: Cast) -> Appointment:
    return a_visit(cast)


def rush(cast: Cast, visit: Appointment, *, revision: int) -> Counter[str]:
    """Save `TABLETS` copies of the same revision at once; count how each ended."""
    tess, start = cast.user("tess"), Barrier(TABLETS)

    def save(_tablet: int) -> str:
        try:
            start.wait()
            actions.save_draft(tess, visit, draft=WHOLE, revision=revision, now=AFTER)
        except actions.OlderCopy:
            return "refused"
        finally:
            connection.close()
        return "saved"

    with ThreadPoolExecutor(TABLETS) as tablets:
        return Counter(tablets.map(save, range(TABLETS)))


def test_of_first_copies_one_is_saved(cast: Cast, visit: Appointment) -> None:
    assert rush(cast, visit, revision=0) == {"saved": 1, "refused": TABLETS - 1}
    assert SessionNote.objects.get().revision == 1


def test_of_later_copies_one_is_saved(cast: Cast, visit: Appointment) -> None:
    actions.save_draft(cast.user("tess"), visit, draft=WHOLE, revision=0, now=AFTER)
    assert rush(cast, visit, revision=1) == {"saved": 1, "refused": TABLETS - 1}
    assert SessionNote.objects.get().revision == 2


def test_without_the_revision_every_copy_is_saved(
    cast: Cast, visit: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.save_draft(cast.user("tess"), visit, draft=WHOLE, revision=0, now=AFTER)
    monkeypatch.setattr(actions, "_check_is_newest", lambda note, revision: None)
    assert rush(cast, visit, revision=1) == {"saved": TABLETS}
