"""What was promised stays: couples, fees as booked, a week's work, and whose turn it is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.appointments import MONDAY_TEN, a_hold, an_appointment
from tests.cast import NOW, TODAY, Cast, a_service, at
from unknot.domain.calendar.fees import Why
from unknot.journey.book import links
from unknot.journey.book.actions import arrange, booking, days, desk, policies, waiting
from unknot.journey.book.actions.refusals import NotOffered, NotPossible
from unknot.journey.book.models import (
    Allocation,
    Appointment,
    AvailDay,
    Awaits,
    LoadLimit,
    Resource,
    Status,
    WaitingEntry,
)

SOON = at(15)  # today, inside the window of a day


@pytest.fixture
def couple(cast: Cast) -> tuple[Appointment, Appointment]:
    """Both halves of a session for two that waits for the yes of the practice: Ana's, and Gil's."""
    together = a_service(cast.practice, "swedish", cast.tess, cast.theo, minutes=75)
    together.for_two = True
    together.save(update_fields=["for_two"])
    for one in (cast.tess, cast.theo):
        Resource.objects.get_or_create(user=one.user, defaults={"kind": "person"})
    cast.practice.first_visit_by_request = True
    cast.practice.save(update_fields=["first_visit_by_request"])
    assert cast.ana.user is not None
    held = a_hold(cast, service=together)
    made = booking.confirm(cast.ana.user, cast.ana, held, note="", now=NOW, guest="Gil")
    return made, Appointment.objects.get(pair=made.pair, client__name="Gil")


def test_declining_one_half_of_a_couple_declines_both_and_frees_both(
    cast: Cast, couple: tuple[Appointment, Appointment]
) -> None:
    assert Allocation.objects.count() == 2
    desk.decline(cast.finn, couple[0], now=NOW)
    assert {one.status for one in Appointment.objects.all()} == {Status.DECLINED}
    assert not Allocation.objects.exists()


def test_who_was_brought_cannot_cancel_for_both_but_the_practice_can(
    cast: Cast, couple: tuple[Appointment, Appointment]
) -> None:
    guest = couple[1]
    with pytest.raises(NotPossible, match="whoever booked"):
        arrange.cancel_by_link(links.token(guest), actor=cast.ana.user, now=NOW)
    arrange.cancel(cast.finn, guest, now=NOW)
    assert {one.status for one in Appointment.objects.all()} == {Status.CANCELLED}


def with_a_fee(cast: Cast, percent: int = 50) -> None:
    cast.practice.late_fee_percent = percent
    cast.practice.save(update_fields=["late_fee_percent"])


def test_taking_back_what_was_never_accepted_costs_nothing(cast: Cast) -> None:
    with_a_fee(cast)
    asked = an_appointment(cast, start=SOON)
    Appointment.objects.update(status=Status.PENDING, awaits=Awaits.PRACTICE)
    asked.refresh_from_db()
    asked.therapist.practice.refresh_from_db()
    charged = arrange.charge(asked, now=NOW, on_hold=False, by_client=True)
    assert (charged.fee_minor, charged.why) == (0, Why.ASKED)
    asked.status, asked.awaits = Status.CONFIRMED, ""  # the control
    assert arrange.charge(asked, now=NOW, on_hold=False, by_client=True).why is Why.LATE


def test_what_is_booked_keeps_its_rule_when_the_practice_changes_its_own(cast: Cast) -> None:
    with_a_fee(cast)
    before = an_appointment(cast)
    cast.practice.refresh_from_db()
    stricter = replace(
        policies.policies_of(cast.practice), cancel_window_hours=336, late_fee_percent=100
    )
    policies.save_policies(cast.paz, cast.practice, draft=stricter, now=NOW)
    after = an_appointment(cast, client=cast.ben, start=at(14, days=3))
    kept, new = (Appointment.objects.get(pk=one.pk) for one in (before, after))
    assert (arrange.rule(kept).window_hours, arrange.rule(kept).fee_percent) == (24, 50)
    assert (arrange.rule(new).window_hours, arrange.rule(new).fee_percent) == (336, 100)
    again = replace(stricter, late_fee_percent=80)
    policies.save_policies(cast.paz, cast.practice, draft=again, now=NOW)
    kept, new = (Appointment.objects.get(pk=one.pk) for one in (before, after))
    assert (arrange.rule(kept).fee_percent, arrange.rule(new).fee_percent) == (50, 100)


@pytest.mark.parametrize(("limit", "allowed"), [(120, False), (180, True)])
def test_a_week_s_limit_counts_its_first_days_on_its_last(
    cast: Cast, limit: int, allowed: bool
) -> None:
    for start in (MONDAY_TEN, at(12, days=3)):
        an_appointment(cast, start=start)
    person = Resource.objects.get(user=cast.tess.user)
    LoadLimit.objects.create(resource=person, minutes_per_week=limit)
    friday = at(8, days=7)
    days.keep_ahead(friday)
    days.forget_past(friday)
    if allowed:
        assert a_hold(cast, client=cast.ben, start=at(15, days=7), now=friday)
    else:
        with pytest.raises(NotOffered):
            a_hold(cast, client=cast.ben, start=at(15, days=7), now=friday)


def test_looking_at_another_time_keeps_the_offer_of_the_waiting_list(cast: Cast) -> None:
    offered = a_hold(cast)
    assert offered.checkin is not None
    WaitingEntry.objects.create(
        client=cast.ana,
        service=cast.swedish,
        first_day=TODAY,
        last_day=TODAY + timedelta(days=9),
        since=NOW,
        state=WaitingEntry.State.OFFERED,
        offer=offered,
        offered_until=NOW + timedelta(hours=2),
    )
    first = a_hold(cast, checkin=offered.checkin, start=at(14, days=3))
    second = a_hold(cast, checkin=offered.checkin, start=at(15, 30, days=3))
    standing = {one.pk: one.status for one in Appointment.objects.all()}
    assert standing[offered.pk] == standing[second.pk] == Status.HELD
    assert standing[first.pk] == Status.CANCELLED


def test_nobody_is_held_or_offered_with_whoever_is_not_listed(cast: Cast) -> None:
    visit = an_appointment(cast, client=cast.ben)
    assert cast.ana.user is not None
    wish = waiting.Wish(
        service=cast.swedish,
        therapist=None,
        first_day=TODAY,
        last_day=TODAY + timedelta(days=9),
    )
    a_hold(cast, start=at(14, days=3))
    entry = waiting.join(cast.ana.user, cast.ana, wish, now=NOW)
    arrange.cancel(cast.finn, visit, now=NOW)
    cast.tess.listed_since = None
    cast.tess.save(update_fields=["listed_since"])
    waiting.offer_freed(NOW)
    entry.refresh_from_db()
    assert entry.offer is None
    with pytest.raises(NotOffered):
        a_hold(cast, client=cast.ben)


def test_a_move_with_a_reason_keeps_the_clean_up_where_the_rule_allows_it(cast: Cast) -> None:
    visit = an_appointment(cast)
    arrange.move(cast.finn, visit, at(14, days=3), now=NOW, reason="asked by telephone")
    assert Allocation.objects.get(appointment=visit).during.upper == at(15, 10, days=3)


def test_free_times_of_other_zone_rules_are_written_anew_once(cast: Cast) -> None:
    an_appointment(cast)
    before = set(AvailDay.objects.values_list("pk", "free"))
    assert days.follow_zone_rules(TODAY) == 0
    AvailDay.objects.update(tzdata="2020a", free=0)
    assert days.follow_zone_rules(TODAY) > 0
    assert set(AvailDay.objects.values_list("pk", "free")) == before
    assert days.follow_zone_rules(TODAY) == 0
