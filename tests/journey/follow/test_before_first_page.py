"""The questions before the first session: open for two days, answered once, kept as week 0."""

from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import MONDAY_TEN, a_hold
from tests.cast import NOW, Cast, at
from tests.checkins import a_completed_checkin
from tests.reviews import attended
from unknot.journey.book.actions import arrange, booking
from unknot.journey.book.models import Appointment
from unknot.journey.follow.actions import check_ins as actions
from unknot.journey.follow.reads import baseline, check_ins
from unknot.journey.understand.models import FollowUp, InstrumentScore
from unknot.people.models import AuditEntry

PAGE = reverse("follow:before-first")
PEG = {"peg-peg_p": "4", "peg-peg_e": "3", "peg-peg_g": "3"}
POINTS = {"peg": {"peg_p": 4, "peg_e": 3, "peg_g": 3}}
LAST_WEEK = NOW - timedelta(days=7)


@pytest.fixture
def ana(client: Browser, cast: Cast, now: datetime) -> Browser:
    client.force_login(cast.user("ana"))
    return client


def booked(cast: Cast, start: datetime = MONDAY_TEN, *, now: datetime = LAST_WEEK) -> Appointment:
    """Ana's first session, booked with the check-in of a week ago."""
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, now=now)
    held = a_hold(cast, checkin=checkin, start=start, now=now)
    return booking.confirm(cast.user("ana"), cast.ana, held, note="", now=now)


def shown(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_it_is_open_for_two_days_and_kept_as_week_zero(ana: Browser, cast: Cast) -> None:
    booked(cast, at(11))
    page = shown(ana.get(PAGE))
    assert "open until Friday 27 March, 11:00" in page
    assert " checked" not in page
    assert ana.post(PAGE, PEG).url == reverse("follow:answered")
    kept = FollowUp.objects.get()
    assert (kept.battery, kept.week) == ("before_first", 0)
    assert float(InstrumentScore.objects.get(followup=kept, instrument="peg").value or 0) == 3.3
    assert AuditEntry.objects.filter(action="baseline.saved", client=cast.ana).count() == 1
    assert "before your first session" in shown(ana.get(reverse("follow:answered")))


@pytest.mark.parametrize(
    ("hours", "is_due"), [(-49, False), (-48, True), (-1, True), (0, False), (1, False)]
)
def test_it_opens_and_closes_on_time(cast: Cast, hours: int, is_due: bool) -> None:
    visit = booked(cast)
    then = visit.start + timedelta(hours=hours)
    assert baseline.before_first(cast.ana, now=then).is_due == is_due


def test_before_that_the_page_says_from_when(ana: Browser, cast: Cast) -> None:
    booked(cast, MONDAY_TEN + timedelta(days=2))
    assert "Open from Monday 30 March, 10:00" in shown(ana.get(PAGE))
    assert ana.post(PAGE, PEG).status_code == 409
    assert not FollowUp.objects.exists()


def test_without_a_session_there_is_nothing_to_answer(ana: Browser) -> None:
    assert "Nothing to answer" in shown(ana.get(PAGE))
    assert ana.post(PAGE, PEG).status_code == 409


def test_it_never_repeats_the_check_in_of_the_same_day(ana: Browser, cast: Cast) -> None:
    booked(cast, at(11))
    a_completed_checkin(cast.ana, practice=cast.practice, now=NOW - timedelta(minutes=5))
    assert "so shortly before the session" in shown(ana.get(PAGE))


def test_the_day_after_the_check_in_it_is_open(cast: Cast) -> None:
    booked(cast, now=at(11, days=1))
    assert not baseline.before_first(cast.ana, now=at(23, 59, days=1)).is_due
    assert baseline.before_first(cast.ana, now=at(0, 0, days=2)).is_due


def test_who_had_a_session_is_not_asked(ana: Browser, cast: Cast) -> None:
    attended(cast)
    booked(cast, at(11))
    assert ana.post(PAGE, PEG).status_code == 409


def test_it_can_be_changed_on_the_same_day(ana: Browser, cast: Cast) -> None:
    booked(cast, at(11))
    ana.post(PAGE, PEG)
    assert "You already answered today" in shown(ana.get(PAGE))
    assert ana.post(PAGE, {**PEG, "peg-peg_p": "9"}).status_code == 302
    assert FollowUp.objects.count() == 1


def test_it_is_never_answered_twice(cast: Cast) -> None:
    booked(cast)
    actions.save_before_first(cast.user("ana"), cast.ana, points=POINTS, now=at(10, days=2))
    with pytest.raises(actions.NotDue):
        actions.save_before_first(cast.user("ana"), cast.ana, points=POINTS, now=at(9, days=3))


def test_a_cancelled_session_does_not_undo_it(cast: Cast) -> None:
    visit = booked(cast, at(11))
    actions.save_before_first(cast.user("ana"), cast.ana, points=POINTS, now=NOW)
    arrange.cancel(cast.user("ana"), visit, now=NOW)
    assert FollowUp.objects.get().week == 0


def test_it_counts_as_the_week_and_does_not_move_the_start(cast: Cast) -> None:
    visit = booked(cast, at(11))
    actions.save_before_first(cast.user("ana"), cast.ana, points=POINTS, now=NOW)
    visit.status = "attended"
    visit.save(update_fields=["status"])
    found = check_ins.rhythm(cast.ana, now=NOW + timedelta(days=1))
    assert found.start == visit.start.date()
    assert not found.weekly_open


@pytest.mark.parametrize("sent", [{}, {"peg-peg_p": "11"}, {"peg-peg_p": "x" * 999}])
def test_what_cannot_be_used_gets_a_sentence(
    ana: Browser, cast: Cast, sent: dict[str, str]
) -> None:
    booked(cast, at(11))
    assert ana.post(PAGE, sent).status_code == 422
    assert not FollowUp.objects.exists()


def test_the_pages_around_it_lead_there(ana: Browser, cast: Cast) -> None:
    visit = booked(cast, at(11))
    assert PAGE in shown(ana.get(reverse("follow:progress")))
    assert PAGE in shown(ana.get(reverse("prepare:prepare", args=[visit.key])))
    ana.post(PAGE, PEG)
    assert PAGE not in shown(ana.get(reverse("follow:progress")))
