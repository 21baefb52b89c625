"""Tablets save the same record at the same moment: nothing is lost, and clashes are told."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from tests.cast import Cast, the_cast
from tests.records import AFTER, WHOLE, a_visit
from unknot.domain.notes.merge import Merged
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import record as actions
from unknot.journey.session.drafts import TEXTS, Draft
from unknot.journey.session.models import SavedDraft, SessionNote

TABLETS = 4
KEY = UUID("3f2b1c1e-8d0a-4c53-9d55-0a4b6a2a7f10")
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return the_cast()


@pytest.fixture
def visit(cast: Cast) -> Appointment:
    return a_visit(cast)


def rush(
    cast: Cast, visit: Appointment, drafts: list[Draft], *, revision: int, key: UUID | None = None
) -> Counter[str]:
    """Save all drafts at once, each grown from revision `revision`; count how each ended."""
    tess, start = cast.user("tess"), Barrier(len(drafts))
    base = WHOLE if revision else None

    def save(draft: Draft) -> str:
        try:
            start.wait()
            actions.save_draft(
                tess, visit, draft=draft, revision=revision, now=AFTER, base=base, key=key
            )
        except actions.OlderCopy:
            return "refused"
        finally:
            connection.close()
        return "saved"

    with ThreadPoolExecutor(len(drafts)) as tablets:
        return Counter(tablets.map(save, drafts))


def other_plans() -> list[Draft]:
    return [replace(WHOLE, plan=f"Plan of tablet {number}") for number in range(TABLETS)]


def a_text_each(base: Draft) -> list[Draft]:
    return [replace(base, **{name: f"{name} of its tablet"}) for name in TEXTS]


@pytest.mark.parametrize("revision", [0, 1])
def test_of_copies_that_clash_one_is_saved(cast: Cast, visit: Appointment, revision: int) -> None:
    if revision:
        actions.save_draft(cast.user("tess"), visit, draft=WHOLE, revision=0, now=AFTER)
    found = rush(cast, visit, other_plans(), revision=revision)
    assert found == {"saved": 1, "refused": TABLETS - 1}
    assert SessionNote.objects.get().revision == revision + 1


@pytest.mark.parametrize("revision", [0, 1])
def test_what_different_tablets_wrote_stands_together(
    cast: Cast, visit: Appointment, revision: int
) -> None:
    if revision:
        actions.save_draft(cast.user("tess"), visit, draft=WHOLE, revision=0, now=AFTER)
    drafts = a_text_each(WHOLE if revision else Draft())
    assert rush(cast, visit, drafts, revision=revision) == {"saved": len(TEXTS)}
    note = SessionNote.objects.get()
    assert [getattr(note, name) for name in TEXTS] == [f"{name} of its tablet" for name in TEXTS]


@pytest.mark.parametrize("revision", [0, 1])
def test_one_draft_sent_four_times_at_once_arrives_once(
    cast: Cast, visit: Appointment, revision: int
) -> None:
    if revision:
        actions.save_draft(cast.user("tess"), visit, draft=WHOLE, revision=0, now=AFTER)
    same = [replace(WHOLE, plan="The same")] * TABLETS
    assert rush(cast, visit, same, revision=revision, key=KEY) == {"saved": TABLETS}
    assert SessionNote.objects.get().revision == revision + 1
    assert SavedDraft.objects.get().key == KEY


def test_without_the_merge_texts_would_be_lost(
    cast: Cast, visit: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.save_draft(cast.user("tess"), visit, draft=WHOLE, revision=0, now=AFTER)
    monkeypatch.setattr(actions.merge, "merge", lambda base, mine, theirs: Merged(values=mine))
    rush(cast, visit, a_text_each(WHOLE), revision=1)
    note = SessionNote.objects.get()
    kept = [name for name in TEXTS if getattr(note, name) == f"{name} of its tablet"]
    assert len(kept) == 1
