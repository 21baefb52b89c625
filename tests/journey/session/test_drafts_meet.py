"""A draft meets another copy of the record: merged, chosen between, sent twice, or too late."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import Cast
from tests.records import AFTER, ROWS, WHOLE, a_draft, a_signed_record, a_visit, as_sent
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import record as actions
from unknot.journey.session.drafts import Draft, as_text, from_text
from unknot.journey.session.models import Amendment, SavedDraft, SessionNote
from unknot.people.models import AuditEntry

KEY = "3f2b1c1e-8d0a-4c53-9d55-0a4b6a2a7f10"
MINE = replace(WHOLE, plan="In ten days")
THEIRS = replace(WHOLE, plan="In two weeks")


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return a_visit(cast)


@pytest.fixture
def tess(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.user("tess"))
    return client


def page(visit: Appointment, name: str = "record") -> str:
    return reverse(f"session:{name}", args=[visit.key])


def grown(draft: Draft, *, revision: int = 1, base: Draft = WHOLE, **more: str) -> dict[str, str]:
    """What a browser sends for a draft that grew from `base`."""
    return as_sent(draft, revision=revision, base=as_text(base), **more)


def by_device(tess: Browser, visit: Appointment, sent: dict[str, str]) -> Any:
    return tess.post(page(visit), sent, headers={"accept": "application/json"})


def test_what_two_tabs_wrote_in_different_places_stands_together(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_draft(cast, visit)
    tess.post(page(visit), grown(replace(WHOLE, objective="Softer", marks={"cervical_l": 4})))
    rows = (*ROWS, replace(ROWS[0], region="sacrum"))
    answer = tess.post(page(visit), grown(replace(WHOLE, treatments=rows)), follow=True)
    assert "together with what was written somewhere else" in answer.content.decode()
    note = SessionNote.objects.get()
    assert note.objective == "Softer"
    assert [mark.region for mark in note.marks.all()] == ["cervical_l"]
    assert note.treatments.count() == 3
    assert note.revision == 3


def test_where_both_changed_the_same_part_both_are_shown_and_nothing_is_saved(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_draft(cast, visit)
    tess.post(page(visit), grown(THEIRS))
    answer = tess.post(page(visit), grown(MINE))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert [row.name for row in answer.context["clashes"]] == ["choice-plan"]
    assert "In ten days" in text
    assert "In two weeks" in text
    assert SessionNote.objects.get().plan == "In two weeks"


@pytest.mark.parametrize(
    ("choice", "plan"),
    [
        ("mine", "In ten days"),
        ("theirs", "In two weeks"),
        ("both", "In two weeks\n\nIn ten days"),
    ],
)
def test_the_choice_is_kept(
    tess: Browser, cast: Cast, visit: Appointment, choice: str, plan: str
) -> None:
    a_draft(cast, visit)
    tess.post(page(visit), grown(THEIRS))
    refused = tess.post(page(visit), grown(replace(MINE, objective="Softer")))
    carried = dict(refused.context["sent"].fields) | {"seen": "2", "choice-plan": choice}
    assert tess.post(page(visit), carried).status_code == 302
    note = SessionNote.objects.get()
    assert (note.plan, note.objective) == (plan, "Softer")


def test_without_a_choice_it_is_asked_again(tess: Browser, cast: Cast, visit: Appointment) -> None:
    a_draft(cast, visit)
    tess.post(page(visit), grown(THEIRS))
    again = tess.post(page(visit), grown(MINE, seen="2"))
    assert again.status_code == 409
    assert "Choose what stays here." in again.content.decode()
    nonsense = tess.post(page(visit), grown(MINE, seen="2", **{"choice-plan": "yours"}))
    assert nonsense.status_code == 422
    assert SessionNote.objects.get().plan == "In two weeks"


def test_a_choice_made_beside_an_older_copy_does_not_count(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_draft(cast, visit)
    tess.post(page(visit), grown(THEIRS))
    tess.post(page(visit), grown(replace(THEIRS, plan="Never"), revision=2, base=THEIRS))
    late = tess.post(page(visit), grown(MINE, seen="2", **{"choice-plan": "mine"}))
    assert late.status_code == 409
    assert "Never" in late.content.decode()


def test_both_texts_together_may_be_too_long_and_then_nothing_is_lost(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_draft(cast, visit)
    tess.post(page(visit), grown(replace(WHOLE, plan="x" * 4000)))
    long = grown(replace(WHOLE, plan="y" * 4000), seen="2", **{"choice-plan": "both"})
    answer = tess.post(page(visit), long)
    assert answer.status_code == 422
    assert "y" * 4000 in answer.content.decode()
    assert SessionNote.objects.get().plan == "x" * 4000


def test_a_merged_copy_is_not_signed_before_it_was_read(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_draft(cast, visit)
    tess.post(page(visit), grown(replace(WHOLE, objective="Softer")))
    answer = tess.post(page(visit, "sign"), grown(MINE, confirm="yes"), follow=True)
    assert "Read it through, then sign." in answer.content.decode()
    note = SessionNote.objects.get()
    assert (note.signed_at, note.plan, note.objective) == (None, "In ten days", "Softer")


def test_a_draft_sent_twice_arrives_once_and_is_answered_the_same(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    first = by_device(tess, visit, as_sent(WHOLE) | {"draft": KEY})
    tess.post(page(visit), grown(THEIRS))  # another tablet, in between
    second = by_device(tess, visit, as_sent(WHOLE) | {"draft": KEY})
    assert first.json()["revision"] == second.json()["revision"] == 1
    assert SessionNote.objects.get().plan == "In two weeks"
    assert AuditEntry.objects.filter(action="record.saved").count() == 2


def test_signing_forgets_all_but_the_newest_keys(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    revision = a_draft(cast, visit)
    note = SessionNote.objects.get()
    SavedDraft.objects.bulk_create(
        SavedDraft(note=note, key=UUID(int=number), revision=1, at=AFTER) for number in range(25)
    )
    actions.sign(cast.user("tess"), visit, revision=revision, now=AFTER)
    left = set(SavedDraft.objects.values_list("key", flat=True))
    assert left == {UUID(int=number) for number in range(5, 25)}


def test_without_its_key_the_second_sending_would_ask(tess: Browser, visit: Appointment) -> None:
    by_device(tess, visit, as_sent(WHOLE))
    tess.post(page(visit), grown(THEIRS))
    assert by_device(tess, visit, as_sent(WHOLE)).status_code == 409


def test_the_database_knows_a_key_once(cast: Cast, visit: Appointment) -> None:
    a_draft(cast, visit)
    note = SessionNote.objects.get()
    SavedDraft.objects.create(note=note, key=UUID(KEY), revision=1, at=AFTER)
    with pytest.raises(IntegrityError, match="saveddraft_arrives_once"):
        SavedDraft.objects.create(note=note, key=UUID(KEY), revision=2, at=AFTER)


def test_a_device_that_was_merged_goes_on_from_its_own_copy(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_draft(cast, visit)
    tess.post(page(visit), grown(replace(WHOLE, objective="Softer")))
    told = by_device(tess, visit, grown(MINE) | {"draft": KEY}).json()
    assert (told["revision"], told["merged"]) == (1, True)
    assert from_text(told["base"]) == MINE
    later = replace(MINE, pain_after=2)
    assert by_device(tess, visit, grown(later, base=MINE)).status_code == 200
    note = SessionNote.objects.get()
    assert (note.objective, note.plan, note.pain_after) == ("Softer", "In ten days", 2)


def test_a_device_hears_why_its_draft_waits(tess: Browser, cast: Cast, visit: Appointment) -> None:
    half = by_device(tess, visit, as_sent(**{"row-0-minutes": ""}))
    assert half.status_code == 422
    assert "Write the minutes" in half.json()["why"]
    a_draft(cast, visit)
    tess.post(page(visit), grown(THEIRS))
    clash = by_device(tess, visit, grown(MINE))
    assert clash.status_code == 409
    assert "changed in two places" in clash.json()["why"]


def test_the_page_says_which_drafts_arrived(tess: Browser, visit: Appointment) -> None:
    by_device(tess, visit, as_sent(WHOLE) | {"draft": KEY})
    assert f'data-arrived="{KEY} "' in tess.get(page(visit)).content.decode()


def test_a_week_later_the_record_is_signed_and_the_draft_is_offered_as_an_amendment(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_signed_record(cast, visit)
    answer = tess.post(page(visit), grown(MINE) | {"draft": KEY})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert [(row.mine, row.theirs) for row in answer.context["rows"]] == [
        ("In ten days", "Same again in ten days")
    ]
    assert "Plan: In ten days</textarea>" in text
    for _twice in range(2):
        sent = {"text": "Plan: In ten days", "draft": KEY}
        assert tess.post(page(visit, "amend"), sent).status_code == 302
    assert Amendment.objects.get().text == "Plan: In ten days"
    assert f'data-arrived="{KEY} "' in tess.get(page(visit)).content.decode()


def test_an_amendment_without_a_key_may_be_said_twice(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_signed_record(cast, visit)
    for _twice in range(2):
        tess.post(page(visit, "amend"), {"text": "Again"})
    assert Amendment.objects.count() == 2


@pytest.mark.parametrize(
    "base",
    [
        "",
        "nothing",
        "[]",
        "null",
        '{"plan": 5}',
        '{"pain_after": "x"}',
        '{"mark.nose": true}',
        '{"treated.a": [1]}',
        '{"unknown": "x"}',
        "[" * 5000,
    ],
)
def test_a_damaged_base_asks_more_and_loses_nothing(
    tess: Browser, cast: Cast, visit: Appointment, base: str
) -> None:
    a_draft(cast, visit)
    tess.post(page(visit), grown(THEIRS))
    answer = tess.post(page(visit), as_sent(MINE, revision=1, base=base))
    assert answer.status_code == 409
    assert SessionNote.objects.get().plan == "In two weeks"


ODD = "Zoë\r\nO\u2019Neil \u202egnal\u202c \u2067x\u2069\tend"


def test_line_breaks_and_bidi_marks_come_back_as_typed(tess: Browser, visit: Appointment) -> None:
    tess.post(page(visit), as_sent(replace(WHOLE, subjective=ODD)))
    note = SessionNote.objects.get()
    assert note.subjective == ODD.replace("\r\n", "\n")
    base = from_text(tess.get(page(visit)).context["sent"].base_text)
    assert base.subjective == note.subjective


@pytest.mark.parametrize("name", ["record", "sign"])
def test_more_than_five_thousand_characters_are_refused_and_come_back(
    tess: Browser, visit: Appointment, name: str
) -> None:
    answer = tess.post(page(visit, name), as_sent(replace(WHOLE, plan="x" * 5001), confirm="yes"))
    assert answer.status_code == 422
    assert "x" * 5001 in answer.content.decode()
    assert not SessionNote.objects.exists()
