"""A series: what is shown is what is booked, all or none, and the wall clock keeps its time."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.appointments import MONDAY_TEN, an_appointment
from tests.cast import BERLIN, NOW, Cast, at
from tests.checkins import a_completed_checkin
from unknot.domain.calendar.series import weekly
from unknot.journey.book.actions import arrange, series
from unknot.journey.book.actions.desk import ClientOnHold
from unknot.journey.book.actions.refusals import CallThePractice, CostsMore, NotPossible, OnHold
from unknot.journey.book.models import (
    Allocation,
    Appointment,
    BlockedPerson,
    LoadLimit,
    Resource,
    Series,
    Status,
)
from unknot.journey.book.reads import reconcile
from unknot.journey.book.reads import series as reads
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.understand.reads import ScreeningMissing, ScreeningStop
from unknot.people.models import AuditEntry, Message
from unknot.web.errors import BadInput, Missing

FIRST = datetime(2026, 3, 30, 10)


def wanted(cast: Cast) -> Wanted:
    return Wanted(therapist=cast.tess, service=cast.swedish)


def repeat(visit: Appointment | None, *, every: int = 1, count: int = 4) -> reads.Repeat:
    first = visit.start.astimezone(BERLIN).replace(tzinfo=None) if visit else FIRST
    return reads.Repeat(first=first, rule=weekly(every, count), based_on=visit)


def planned(cast: Cast, what: reads.Repeat, by: str = "ana") -> reads.Plan:
    return reads.plan(cast.user(by), cast.ana, wanted(cast), what, now=NOW)


def all_free(plan: reads.Plan) -> dict[str, datetime | None]:
    return {line.name: line.start for line in plan.free}


def book(cast: Cast, what: reads.Repeat, choices: series.Choices, by: str = "ana") -> Series:
    return series.book(
        cast.user(by), cast.ana, wanted(cast), what, choices, now=NOW, request_key=uuid4()
    )


def a_series(cast: Cast, *, start: datetime = MONDAY_TEN, count: int = 4) -> Series:
    what = repeat(an_appointment(cast, start=start), count=count)
    return book(cast, what, all_free(planned(cast, what)))


def walls(made: Series) -> list[str]:
    starts = Appointment.objects.filter(series=made, status=Status.CONFIRMED).order_by("start")
    return [f"{one.start.astimezone(BERLIN):%d.%m. %H:%M}" for one in starts]


def test_a_series_keeps_its_time_when_the_clocks_change(cast: Cast) -> None:
    made = a_series(cast, start=at(14))  # Friday before the change
    assert walls(made) == ["27.03. 14:00", "03.04. 14:00", "10.04. 14:00", "17.04. 14:00"]
    first, second = Appointment.objects.filter(series=made).order_by("start")[:2]
    assert second.start - first.start == timedelta(days=7) - timedelta(hours=1)
    assert [first.occurrence, second.occurrence] == ["2026-03-27T14:00", "2026-04-03T14:00"]


def test_a_taken_time_is_shown_first_with_its_reason_and_others_near_it(cast: Cast) -> None:
    visit = an_appointment(cast)
    an_appointment(cast, client=cast.ben, start=at(10, days=10))
    plan = planned(cast, repeat(visit))
    (line,) = plan.conflicts
    assert (line.name, line.reason) == (
        "2026-04-06T10:00",
        "This time is taken. Please choose another one.",
    )
    assert line.others
    assert [one.name for one in plan.standing] == ["2026-03-30T10:00"]
    assert [one.name for one in plan.free] == ["2026-04-13T10:00", "2026-04-20T10:00"]


def test_each_time_is_kept_left_out_or_shifted(cast: Cast) -> None:
    what = repeat(an_appointment(cast))
    an_appointment(cast, client=cast.ben, start=at(10, days=10))
    plan = planned(cast, what)
    other = plan.conflicts[0].others[0].start
    choices = {
        "2026-04-06T10:00": other,
        "2026-04-13T10:00": None,
        "2026-04-20T10:00": plan.free[1].start,
    }
    made = book(cast, what, choices)
    found = Appointment.objects.filter(series=made).order_by("occurrence")
    assert [(one.occurrence, one.start) for one in found] == [
        ("2026-03-30T10:00", MONDAY_TEN),
        ("2026-04-06T10:00", other),
        ("2026-04-20T10:00", plan.free[1].start),
    ]
    assert all(one.allocation_set.exists() for one in found)


def test_a_time_lost_meanwhile_is_named_and_nothing_is_booked(cast: Cast) -> None:
    what = repeat(an_appointment(cast))
    choices = all_free(planned(cast, what))
    an_appointment(cast, client=cast.ben, start=at(10, days=17))
    before = Allocation.objects.count()
    with pytest.raises(series.TimesLost) as lost:
        book(cast, what, choices)
    assert lost.value.starts == (at(10, days=17),)
    assert "13 April, 10:00" in str(lost.value.sentence)
    assert (Series.objects.count(), Allocation.objects.count()) == (0, before)
    assert not AuditEntry.objects.filter(action__startswith="series").exists()


def test_the_same_form_twice_is_one_series(cast: Cast) -> None:
    what, key = repeat(an_appointment(cast)), uuid4()
    choices = all_free(planned(cast, what))
    made = [
        series.book(
            cast.user("ana"), cast.ana, wanted(cast), what, choices, now=NOW, request_key=key
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert Appointment.objects.filter(series=made[0]).count() == 4


def test_what_lies_beyond_the_horizon_is_counted_and_refused(cast: Cast) -> None:
    cast.practice.horizon_days = 14
    cast.practice.save()
    what = repeat(an_appointment(cast))
    plan = planned(cast, what)
    assert (plan.fitting, plan.beyond) == (2, 2)
    choices = {line.name: line.start for line in plan.lines if not line.stands}
    with pytest.raises(series.TimesLost) as lost:
        book(cast, what, choices)
    assert len(lost.value.starts) == 2


def test_the_load_guard_counts_the_times_of_the_series_together(cast: Cast) -> None:
    visit = an_appointment(cast, start=at(9, days=3))
    person = Resource.objects.get(user=cast.tess.user)
    LoadLimit.objects.create(resource=person, minutes_per_week=180)
    first = datetime(2026, 4, 6, 10)
    what = reads.Repeat(first=first, rule="FREQ=DAILY;COUNT=5")
    plan = planned(cast, what)
    assert visit.start < plan.lines[0].start
    assert [line.is_free for line in plan.lines] == [True, True, True, False, False]
    assert len(book(cast, what, all_free(plan)).appointment_set.all()) == 3


def test_what_is_no_time_of_the_series_is_not_booked(cast: Cast) -> None:
    what = repeat(an_appointment(cast))
    with pytest.raises(BadInput):
        book(cast, what, {"2026-04-07T10:00": at(10, days=11)})
    with pytest.raises(BadInput):
        book(cast, what, {})


def test_the_safety_answers_must_allow_it(cast: Cast) -> None:
    what = repeat(an_appointment(cast))
    choices = all_free(planned(cast, what))
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    with pytest.raises(ScreeningStop):
        book(cast, what, choices)
    with pytest.raises(ClientOnHold):
        book(cast, what, choices, by="finn")
    assert planned(cast, what).obstacle is not None


def test_somebody_on_the_block_list_calls_the_practice(cast: Cast) -> None:
    what = repeat(an_appointment(cast))
    BlockedPerson.objects.create(
        practice=cast.practice, client=cast.ana, reason="-", by=cast.paz, since=NOW
    )
    with pytest.raises(CallThePractice):
        book(cast, what, all_free(planned(cast, what)))


def test_the_desk_books_a_series_that_waits_for_the_answers(cast: Cast) -> None:
    with pytest.raises(ScreeningMissing):
        book(cast, repeat(None), all_free(planned(cast, repeat(None))))
    made = book(cast, repeat(None), all_free(planned(cast, repeat(None), "finn")), by="finn")
    found = Appointment.objects.filter(series=made)
    assert {(one.status, one.awaits) for one in found} == {("pending", "screening")}
    assert found.count() == 4
    mail = Message.objects.get(user=cast.user("ana"), kind="series-booked")
    assert "/before/" in mail.body


@pytest.mark.parametrize("by", ["ben", "theo", "uma", "opal"])
def test_nobody_else_plans_or_books_it(cast: Cast, by: str) -> None:
    what = repeat(an_appointment(cast))
    with pytest.raises(Missing):
        planned(cast, what, by)
    with pytest.raises(Missing):
        book(cast, what, {"2026-04-06T10:00": at(10, days=10)}, by=by)


def test_nobody_books_more_than_the_practice_wants_to_speak_about(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "MOST_COMING", 3)
    what = repeat(an_appointment(cast))
    with pytest.raises(NotPossible):
        book(cast, what, all_free(planned(cast, what)))


def test_the_mails_tell_the_times_and_nothing_about_health(cast: Cast) -> None:
    a_series(cast)
    mails = Message.objects.filter(kind__startswith="series-booked")
    assert {mail.user for mail in mails} == {cast.user("ana"), cast.user("tess")}
    for mail in mails:
        assert "20 April 2026, 10:00" in mail.body
        assert "wedish" not in mail.body


def test_following_sessions_move_to_another_weekday_and_keep_their_names(cast: Cast) -> None:
    made = a_series(cast)
    plan = reads.following(
        cast.user("ana"), made, since="2026-04-06T10:00", weekday=2, minute=15 * 60, now=NOW
    )
    choices = {line.name: line.start for line in plan.free}
    series.move_following(cast.user("ana"), made, choices, now=NOW)
    assert walls(made) == ["30.03. 10:00", "08.04. 15:00", "15.04. 15:00", "22.04. 15:00"]
    names = Appointment.objects.filter(series=made).order_by("start")
    assert [one.occurrence[:10] for one in names] == [
        "2026-03-30",
        "2026-04-06",
        "2026-04-13",
        "2026-04-20",
    ]
    moved = names[1]
    assert (moved.promised, moved.sequence) == ("2026-04-08T15:00", 1)
    an_appointment(cast, client=cast.ben, start=at(10, days=10))  # the old time is free again


def test_a_series_moves_over_its_own_old_times(cast: Cast) -> None:
    first = datetime(2026, 3, 30, 10)
    what = reads.Repeat(first=first, rule="FREQ=WEEKLY;BYDAY=MO,TU;COUNT=4")
    an_appointment(cast, start=at(15, days=3))  # brings a check-in
    made = book(cast, what, all_free(planned(cast, what)))
    still = {one.occurrence: one for one in reads.coming(made, now=NOW)}
    # Each Monday takes the Tuesday's place, and the Tuesday goes on to Wednesday.
    choices = {name: one.start + timedelta(days=1) for name, one in still.items()}
    series.move_following(cast.user("ana"), made, choices, now=NOW)
    assert walls(made) == ["31.03. 10:00", "01.04. 10:00", "07.04. 10:00", "08.04. 10:00"]


def test_a_move_that_cannot_be_had_moves_nothing(cast: Cast) -> None:
    made = a_series(cast)
    before = walls(made)
    an_appointment(cast, client=cast.ben, start=at(15, days=12))
    still = {one.occurrence: one for one in reads.coming(made, now=NOW)}
    choices = {
        name: datetime.combine(one.start.date() + timedelta(days=2), at(15, days=5).time(), UTC)
        for name, one in still.items()
    }
    with pytest.raises(series.TimesLost):
        series.move_following(cast.user("ana"), made, choices, now=NOW)
    assert walls(made) == before


def test_cancelling_from_one_on_leaves_those_before(cast: Cast) -> None:
    made = a_series(cast)
    gone = series.cancel_following(cast.user("ana"), made, since="2026-04-13T10:00", now=NOW)
    assert (gone, walls(made)) == (2, ["30.03. 10:00", "06.04. 10:00"])
    assert made.ended_at is None
    assert series.cancel_following(cast.user("ana"), made, now=NOW) == 2
    made.refresh_from_db()
    assert (walls(made), made.ended_at) == ([], NOW)
    assert not Allocation.objects.exists()


def test_what_is_late_of_a_series_costs_what_the_rule_says(cast: Cast) -> None:
    cast.practice.late_fee_percent = 50
    cast.practice.save()
    made = a_series(cast)
    late = MONDAY_TEN - timedelta(hours=3)
    ana = cast.user("ana")
    assert series.cost(ana, made, now=late) == 3500
    with pytest.raises(CostsMore):
        series.cancel_following(ana, made, now=late, expected_minor=0)
    assert len(walls(made)) == 4
    series.cancel_following(ana, made, now=late, expected_minor=3500)
    fees = Appointment.objects.filter(series=made).order_by("start")
    assert [one.fee_minor for one in fees] == [3500, 0, 0, 0]


def test_staff_cancel_a_series_for_nothing(cast: Cast) -> None:
    cast.practice.late_fee_percent = 50
    cast.practice.save()
    made = a_series(cast)
    series.cancel_following(cast.finn, made, now=MONDAY_TEN - timedelta(hours=3))
    assert not Appointment.objects.filter(fee_minor__gt=0).exists()


def test_one_of_a_series_is_an_ordinary_appointment(cast: Cast) -> None:
    made = a_series(cast)
    second = Appointment.objects.get(series=made, occurrence="2026-04-06T10:00")
    arrange.move(cast.user("ana"), second, at(11, days=10), now=NOW)
    second.refresh_from_db()
    assert (second.occurrence, second.series) == ("2026-04-06T10:00", made)


def test_a_first_visit_by_request_is_no_series(cast: Cast) -> None:
    what = repeat(an_appointment(cast))
    cast.practice.first_visit_by_request = True
    cast.practice.save()
    with pytest.raises(NotPossible):
        book(cast, what, all_free(planned(cast, what)))


def test_a_series_of_somebody_elses_appointment_is_refused(cast: Cast) -> None:
    visit = an_appointment(cast, client=cast.ben)
    an_appointment(cast, start=at(13, days=3))
    with pytest.raises(NotPossible):
        book(cast, repeat(visit), {"2026-04-06T10:00": at(10, days=10)})


def test_a_rule_that_no_series_follows_is_explained(cast: Cast) -> None:
    what = reads.Repeat(first=FIRST, rule="FREQ=SECONDLY")
    with pytest.raises(reads.BadSeries, match="not within a day"):
        planned(cast, what)


def test_the_rows_of_the_read_model_stay_right(cast: Cast) -> None:
    made = a_series(cast)
    series.cancel_following(cast.user("ana"), made, since="2026-04-13T10:00", now=NOW)
    assert not [one for _calendars, found in reconcile.days() for one in found]


def test_a_series_on_hold_moves_nowhere_and_is_cancelled_for_nothing(cast: Cast) -> None:
    cast.practice.late_fee_percent = 50
    cast.practice.save()
    made = a_series(cast)
    choices = {one.occurrence: one.start + timedelta(days=1) for one in reads.coming(made, now=NOW)}
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    for by in ("ana", "finn"):
        with pytest.raises(OnHold):
            series.move_following(cast.user(by), made, choices, now=NOW)
    late = MONDAY_TEN - timedelta(hours=3)
    series.cancel_following(cast.user("ana"), made, now=late, expected_minor=0)
    assert not Appointment.objects.filter(fee_minor__gt=0).exists()
