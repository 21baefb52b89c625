"""What should get better first: chosen by the client, kept row by row, read by the therapist."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, at
from tests.reviews import attended
from unknot.journey.follow.actions import aims as actions
from unknot.journey.follow.models import Aim
from unknot.journey.follow.reads import findings
from unknot.journey.follow.reads.aims import main_outcome
from unknot.people.actions import agree
from unknot.people.models import AuditEntry, Purpose

PAGE = reverse("follow:aim")


@pytest.fixture
def ana(client: Browser, cast: Cast, now: datetime) -> Browser:
    client.force_login(cast.user("ana"))
    return client


def choose(cast: Cast, outcome: str, worth: str = "clearly", *, at: datetime = NOW) -> Aim:
    return actions.choose(cast.user("ana"), cast.ana, outcome=outcome, worth=worth, now=at)


def shown(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_nothing_chosen_means_pain_and_a_little(cast: Cast) -> None:
    found = main_outcome(cast.ana)
    assert (found.outcome, found.worth, found.chosen_on) == ("pain", 0.5, None)


def test_what_was_chosen_counts(ana: Browser, cast: Cast) -> None:
    assert ana.post(PAGE, {"outcome": "sleep", "worth": "clearly"}).url == reverse(
        "follow:progress"
    )
    found = main_outcome(cast.ana)
    assert (found.outcome, found.worth, found.chosen_on) == ("sleep", 1.0, date(2026, 3, 27))
    assert found.before is None
    assert AuditEntry.objects.filter(action="aim.chosen", client=cast.ana).count() == 1


def test_a_change_is_a_new_row_and_the_newest_counts(cast: Cast) -> None:
    choose(cast, "pain", at=NOW - timedelta(days=2))
    choose(cast, "stress")
    assert Aim.objects.count() == 2
    assert main_outcome(cast.ana).outcome == "stress"


def test_the_same_choice_again_changes_nothing(cast: Cast) -> None:
    choose(cast, "pain", at=NOW - timedelta(days=2))
    choose(cast, "pain")
    assert Aim.objects.count() == 1


def test_a_choice_is_never_edited(cast: Cast) -> None:
    kept = choose(cast, "pain")
    with pytest.raises(IntegrityError, match="stays as it was chosen"), transaction.atomic():
        Aim.objects.filter(pk=kept.pk).update(outcome="mood")


@pytest.mark.parametrize(("outcome", "worth"), [("pressure", "a_lot"), ("pain", "enormously")])
def test_what_does_not_exist_cannot_be_chosen(cast: Cast, outcome: str, worth: str) -> None:
    with pytest.raises(actions.BadInput):
        choose(cast, outcome, worth)
    assert not Aim.objects.exists()


def test_a_change_after_the_first_session_is_said(cast: Cast) -> None:
    session = attended(cast)
    choose(cast, "pain", at=session.start - timedelta(hours=1))
    assert main_outcome(cast.ana).before is None
    choose(cast, "mood", at=session.start + timedelta(hours=1))
    found = main_outcome(cast.ana)
    assert (found.outcome, found.before) == ("mood", "pain")


def test_a_first_choice_after_the_first_session_replaces_the_default(cast: Cast) -> None:
    session = attended(cast)
    choose(cast, "sleep", at=session.start + timedelta(hours=1))
    assert main_outcome(cast.ana).before == "pain"


def test_coming_back_to_what_it_was_is_no_change(cast: Cast) -> None:
    session = attended(cast)
    choose(cast, "sleep", at=session.start - timedelta(hours=1))
    choose(cast, "mood", at=session.start + timedelta(hours=1))
    choose(cast, "sleep", at=session.start + timedelta(hours=2))
    assert main_outcome(cast.ana).before is None


def test_another_client_keeps_their_own(cast: Cast) -> None:
    choose(cast, "stress")
    assert main_outcome(cast.ben).outcome == "pain"


def test_nothing_is_chosen_beforehand(ana: Browser) -> None:
    page = shown(ana.get(PAGE))
    assert " checked" not in page
    assert "It is best chosen before the first session" in page


def test_after_a_session_the_page_says_what_a_change_means(ana: Browser, cast: Cast) -> None:
    attended(cast)
    assert "will say that it was changed" in shown(ana.get(PAGE))


@pytest.mark.parametrize("sent", [{}, {"outcome": "pain"}, {"outcome": "x" * 999, "worth": "0.5"}])
def test_what_cannot_be_used_gets_a_sentence(ana: Browser, sent: dict[str, str]) -> None:
    answer = ana.post(PAGE, sent)
    assert answer.status_code == 422
    assert not Aim.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "purpose", "other"),
    [
        ("pain", Purpose.SHARE_BODY, Purpose.SHARE_MIND),
        ("stress", Purpose.SHARE_MIND, Purpose.SHARE_BODY),
    ],
)
def test_the_therapist_reads_it_only_with_its_consent(
    client: Browser, cast: Cast, now: datetime, outcome: str, purpose: Purpose, other: Purpose
) -> None:
    visit = an_appointment(cast, start=at(10), now=NOW - timedelta(days=7))
    choose(cast, outcome)
    for given in Purpose:
        if given not in (purpose, other):
            agree(cast.user("ana"), cast.ana, given, now=NOW)
    agree(cast.user("ana"), cast.ana, other, now=NOW)
    client.force_login(cast.user("tess"))
    page = reverse("follow:aim-told", args=[visit.key])
    if purpose == Purpose.SHARE_MIND:
        assert "does not share" in shown(client.get(page))
        assert not AuditEntry.objects.filter(action="aim.read").exists()
    agree(cast.user("ana"), cast.ana, purpose, now=NOW)
    assert "Clearly better, about 1 of 10 points" in shown(client.get(page))
    assert AuditEntry.objects.filter(action="aim.read", client=cast.ana).count() == 1


def test_what_was_chosen_goes_into_the_fit(cast: Cast) -> None:
    before = findings.course(cast.ana)
    choose(cast, "stress", "a_lot")
    course = findings.course(cast.ana)
    assert (course.main, course.worth_points) == ("stress", 2.0)
    assert course.fingerprint("1") != before.fingerprint("1")
