"""A list that somebody's sessions follow: what is offered is what is accepted, for everybody."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import MONDAY_TEN, a_hold, an_appointment
from tests.cast import NOW, Cast, at
from unknot.domain.calendar.slots import Refusal
from unknot.journey.book.actions import arrange, desk, planned, refusals
from unknot.journey.book.models import PlannedSession
from unknot.journey.book.reads import planned as reads
from unknot.journey.book.reads import weeks
from unknot.journey.book.reads.decision import Wanted, ask

WEDNESDAY = at(9, days=5)


@pytest.fixture
def listed(cast: Cast) -> Cast:
    """Ana's next session with Tess is deep tissue, not before Wednesday."""
    planned.plan_next(cast.ana, cast.tess, cast.deep_tissue, not_before=WEDNESDAY, now=NOW)
    return cast


def starts(cast: Cast, **fields: object) -> tuple[datetime, ...]:
    wanted = Wanted(**{"therapist": cast.tess, "service": cast.deep_tissue, **fields})  # type: ignore[arg-type]
    day = MONDAY_TEN.date()
    return tuple(
        one.start
        for one in ask(wanted, day, day + timedelta(days=4), now=NOW).offered(
            day, day + timedelta(days=4), now=NOW
        )
    )


def test_only_the_next_technique_of_the_list_can_be_held(listed: Cast) -> None:
    with pytest.raises(refusals.NotOffered, match="the next one on it"):
        a_hold(listed, start=at(10, days=5), service=listed.swedish)
    assert a_hold(listed, start=at(10, days=5), service=listed.deep_tissue).pk


def test_without_the_list_the_other_technique_is_booked(cast: Cast) -> None:
    """Negative control: it is the list that refuses, nothing else."""
    assert a_hold(cast, start=at(10, days=5), service=cast.swedish).pk


def test_days_between_two_sessions_are_kept(listed: Cast) -> None:
    with pytest.raises(refusals.NotOffered, match="too close"):
        a_hold(listed, start=MONDAY_TEN, service=listed.deep_tissue)


def test_what_is_offered_is_what_is_accepted(listed: Cast) -> None:
    own = starts(listed, client=listed.ana.pk)
    assert own
    assert min(own) >= WEDNESDAY
    assert starts(listed, client=listed.ana.pk, service=listed.swedish) == ()
    assert min(starts(listed)) < WEDNESDAY  # somebody who is not known yet
    assert starts(listed, client=listed.ben.pk) == starts(listed)


def test_with_another_therapist_and_for_others_nothing_changes(listed: Cast) -> None:
    assert a_hold(listed, therapist=listed.theo, service=listed.swedish).pk
    assert a_hold(listed, client=listed.ben, service=listed.swedish).pk


def test_one_place_of_the_list_is_booked_once_and_a_cancelled_one_keeps_its_place(
    listed: Cast,
) -> None:
    first = an_appointment(listed, start=at(10, days=5), service=listed.deep_tissue)
    with pytest.raises(refusals.NotOffered, match="booked already"):
        a_hold(listed, start=at(10, days=6), service=listed.deep_tissue)
    arrange.cancel(listed.user("ana"), first, now=NOW)
    again = an_appointment(listed, start=at(10, days=6), service=listed.deep_tissue)
    assert again.start == at(10, days=6)


def test_moving_keeps_the_place_and_the_days_between(listed: Cast) -> None:
    made = an_appointment(listed, start=at(10, days=5), service=listed.deep_tissue)
    moved = arrange.move(listed.user("ana"), made, at(11, days=6), now=NOW)
    assert moved.start == at(11, days=6)
    with pytest.raises(refusals.NotOffered, match="too close"):
        arrange.move(listed.user("ana"), made, at(11, days=3), now=NOW)


def test_staff_follow_the_list_too_even_with_a_reason(listed: Cast) -> None:
    wanted = Wanted(therapist=listed.tess, service=listed.swedish)
    with pytest.raises(refusals.NotOffered, match="the next one on it"):
        desk.book(
            listed.paz, listed.practice, listed.ana, wanted, at(10, days=5), now=NOW, reason="asked"
        )


def test_when_the_list_ends_everything_can_be_booked_again(listed: Cast) -> None:
    planned.forget(listed.ana, listed.tess)
    assert a_hold(listed, service=listed.swedish).pk


def test_a_new_place_replaces_the_one_before(listed: Cast) -> None:
    planned.plan_next(listed.ana, listed.tess, listed.swedish, not_before=at(9, days=10), now=NOW)
    row = PlannedSession.objects.get()
    assert (row.service, row.not_before) == (listed.swedish, at(9, days=10))


def test_the_page_says_what_comes_next_and_leads_there(
    listed: Cast, now: datetime, browser_of: Callable[[str], Browser]
) -> None:
    browser = browser_of("ana")
    page = browser.get(reverse("book:slots", args=["tess", listed.swedish.pk])).content.decode()
    assert "Your sessions follow a list just now" in page
    assert reverse("book:slots", args=["tess", listed.deep_tissue.pk]) in page
    an_appointment(listed, start=at(10, days=5), service=listed.deep_tissue)
    page = browser.get(reverse("book:slots", args=["tess", listed.swedish.pk])).content.decode()
    assert "is booked already" in page
    other = browser_of("ben").get(reverse("book:slots", args=["tess", listed.swedish.pk]))
    assert "follow a list" not in other.content.decode()


def test_the_week_of_another_technique_is_empty_with_its_reason(listed: Cast) -> None:
    wanted = Wanted(therapist=listed.tess, service=listed.swedish, client=listed.ana.pk)
    assert weeks.week(wanted, first_day=MONDAY_TEN.date(), now=NOW).is_empty
    found = reads.of(listed.ana.pk, listed.tess)
    assert found is not None
    assert found.refusal(listed.swedish, ("swedish",)) is Refusal.NOT_NEXT
    assert found.refusal(listed.deep_tissue, ("deep_tissue", "hot_stone")) is Refusal.NOT_NEXT
    assert found.refusal(listed.deep_tissue, ("deep_tissue",)) is None
