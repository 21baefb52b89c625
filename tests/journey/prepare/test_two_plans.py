"""Two tablets plan the same session at the same moment: one wins, and the other is told."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connection, transaction

from tests.cast import Cast, the_cast
from tests.records import AFTER, a_visit
from unknot.journey.book.models import Appointment
from unknot.journey.prepare.actions import plan as actions
from unknot.journey.prepare.models import PlannedPart, SessionPlan

TABLETS = 4
STEPS = (actions.Step(region="", minutes=10), actions.Step(region="sacrum", minutes=50))
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
            actions.save_plan(tess, visit, steps=STEPS, revision=revision, now=AFTER)
        except actions.OlderPlan:
            return "refused"
        finally:
            connection.close()
        return "saved"

    with ThreadPoolExecutor(TABLETS) as tablets:
        return Counter(tablets.map(save, range(TABLETS)))


def test_of_first_copies_one_is_saved(cast: Cast, visit: Appointment) -> None:
    assert rush(cast, visit, revision=0) == {"saved": 1, "refused": TABLETS - 1}
    assert SessionPlan.objects.get().revision == 1
    assert PlannedPart.objects.count() == len(STEPS)


def test_of_later_copies_one_is_saved(cast: Cast, visit: Appointment) -> None:
    actions.save_plan(cast.user("tess"), visit, steps=STEPS, revision=0, now=AFTER)
    assert rush(cast, visit, revision=1) == {"saved": 1, "refused": TABLETS - 1}
    assert SessionPlan.objects.get().revision == 2


def test_nothing_that_forbids_a_plan_happens_while_it_is_saved(
    cast: Cast, visit: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {"appointment": visit, "client": cast.ana, "therapist": cast.tess}

    def is_free(name: str) -> bool:
        try:
            with transaction.atomic():
                manager = type(rows[name])._default_manager
                manager.select_for_update(no_key=True, nowait=True).get(pk=rows[name].pk)
        except OperationalError:
            return False
        finally:
            connection.close()
        return True

    def look(*_: object) -> None:
        with ThreadPoolExecutor(1) as other:
            free.update({name: other.submit(is_free, name).result() for name in rows})

    free: dict[str, bool] = {}
    monkeypatch.setattr(actions, "_check_is_newest", look)
    actions.save_plan(cast.user("tess"), visit, steps=STEPS, revision=0, now=AFTER)
    assert free == {"appointment": False, "client": False, "therapist": True}


def test_without_the_revision_every_copy_is_saved(
    cast: Cast, visit: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.save_plan(cast.user("tess"), visit, steps=STEPS, revision=0, now=AFTER)
    monkeypatch.setattr(actions, "_check_is_newest", lambda stored, revision: None)
    assert rush(cast, visit, revision=1) == {"saved": TABLETS}
