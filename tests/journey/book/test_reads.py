"""The week of free times, and the lists of appointments."""

from datetime import date, timedelta

from tests.appointments import a_hold, an_appointment
from tests.cast import BERLIN, NOW, TODAY, Cast, at
from unknot.journey.book.actions import booking
from unknot.journey.book.models import HoursOverride, WorkingHours
from unknot.journey.book.reads import booked, decision, weeks
from unknot.journey.book.reads.decision import Wanted

MONDAY = date(2026, 3, 30)


def starts(week: weeks.Week, day: date) -> list[str]:
    found = next(one for one in week.days if one.day == day)
    return [f"{free.start.astimezone(BERLIN):%H:%M}" for part in found.parts for free in part.slots]


def test_a_week_offers_starts_inside_the_hours_with_room_to_clear_up(cast: Cast) -> None:
    week = weeks.week(Wanted(therapist=cast.tess, service=cast.swedish), first_day=MONDAY, now=NOW)
    monday = starts(week, MONDAY)
    assert monday[0] == "09:00"
    assert monday[-1] == "15:45"  # 60 minutes and 10 of clean-up end before 17:00
    assert len(monday) == 28


def test_the_notice_of_the_practice_counts_today(cast: Cast) -> None:
    week = weeks.week(Wanted(therapist=cast.tess, service=cast.swedish), first_day=TODAY, now=NOW)
    assert starts(week, TODAY)[0] == "11:00"
    assert [day.state for day in week.days] == ["past"] * 4 + ["free", "closed", "closed"]


def test_an_appointment_and_its_clean_up_are_not_offered(cast: Cast) -> None:
    an_appointment(cast)
    free = starts(
        weeks.week(Wanted(therapist=cast.tess, service=cast.swedish), first_day=MONDAY, now=NOW),
        MONDAY,
    )
    assert "10:00" not in free
    assert "08:45" not in free
    assert free[:1] == ["11:15"]  # 09:00 to 10:10 would touch ten o'clock; 11:00 is clean-up


def test_an_expired_hold_is_offered_again_before_any_job_ran(cast: Cast) -> None:
    a_hold(cast)
    during = weeks.week(
        Wanted(therapist=cast.tess, service=cast.swedish), first_day=MONDAY, now=NOW
    )
    later = weeks.week(
        Wanted(therapist=cast.tess, service=cast.swedish), first_day=MONDAY, now=NOW + booking.HOLD
    )
    assert "10:00" not in starts(during, MONDAY)
    assert "10:00" in starts(later, MONDAY)


def test_another_therapist_is_not_touched(cast: Cast) -> None:
    an_appointment(cast)
    free = starts(
        weeks.week(Wanted(therapist=cast.theo, service=cast.swedish), first_day=MONDAY, now=NOW),
        MONDAY,
    )
    assert "10:00" in free


def test_an_override_replaces_the_hours_of_its_day(cast: Cast) -> None:
    HoursOverride.objects.create(
        therapist=cast.tess, day=MONDAY, starts_minute=18 * 60, ends_minute=20 * 60
    )
    HoursOverride.objects.create(therapist=cast.tess, day=MONDAY + timedelta(days=1))
    week = weeks.week(Wanted(therapist=cast.tess, service=cast.swedish), first_day=MONDAY, now=NOW)
    assert starts(week, MONDAY) == ["18:00", "18:15", "18:30", "18:45"]
    assert week.days[1].state == "closed"


def test_the_day_of_the_spring_change_has_no_start_in_the_missing_hour(cast: Cast) -> None:
    sunday = date(2026, 3, 29)
    WorkingHours.objects.create(therapist=cast.tess, weekday=6, starts_minute=0, ends_minute=300)
    free = starts(
        weeks.week(Wanted(therapist=cast.tess, service=cast.swedish), first_day=sunday, now=NOW),
        sunday,
    )
    assert "01:45" in free
    assert "03:00" in free
    assert not [time for time in free if time.startswith("02")]


def test_the_repeated_hour_of_autumn_is_marked(cast: Cast) -> None:
    cast.practice.horizon_days = 300
    cast.practice.save(update_fields=["horizon_days"])
    cast.tess.refresh_from_db()
    sunday = date(2026, 10, 25)
    WorkingHours.objects.create(therapist=cast.tess, weekday=6, starts_minute=0, ends_minute=300)
    week = weeks.week(Wanted(therapist=cast.tess, service=cast.swedish), first_day=sunday, now=NOW)
    slots = [free for part in week.days[6].parts for free in part.slots]
    twice = [free for free in slots if free.start.astimezone(BERLIN).hour == 2]
    assert [free.again for free in twice] == [False] * 4 + [True] * 4
    assert len({free.value for free in twice}) == 8


def test_an_empty_week_names_the_next_free_time(cast: Cast) -> None:
    for days in range(5):
        HoursOverride.objects.create(therapist=cast.tess, day=MONDAY + timedelta(days=days))
    week = weeks.week(
        Wanted(therapist=cast.tess, service=cast.swedish), first_day=MONDAY, now=at(17)
    )
    assert week.is_empty
    assert week.next_free == at(9, days=10)


def test_with_no_hours_at_all_there_is_no_next_time(cast: Cast) -> None:
    WorkingHours.objects.filter(therapist=cast.tess).delete()
    week = weeks.week(Wanted(therapist=cast.tess, service=cast.swedish), first_day=MONDAY, now=NOW)
    assert week.is_empty
    assert week.next_free is None


def test_the_weeks_end_at_the_horizon_and_begin_today(cast: Cast) -> None:
    this = weeks.week(
        Wanted(therapist=cast.tess, service=cast.swedish), first_day=date.min, now=NOW
    )
    last = weeks.week(
        Wanted(therapist=cast.tess, service=cast.swedish), first_day=date.max, now=NOW
    )
    assert (this.first, this.before) == (date(2026, 3, 23), None)
    assert this.after == MONDAY
    assert last.first <= TODAY + timedelta(days=60) <= last.last
    assert last.after is None


def test_what_is_offered_is_what_is_accepted(cast: Cast) -> None:
    week = weeks.week(Wanted(therapist=cast.tess, service=cast.swedish), first_day=MONDAY, now=NOW)
    offered = {free.start for day in week.days for part in day.parts for free in part.slots}
    tried = [at(0, days=3) + timedelta(minutes=5 * n) for n in range(12 * 24)]
    accepted = {
        start
        for start in tried
        if decision.refusal(Wanted(therapist=cast.tess, service=cast.swedish), start, now=NOW)
        is None
    }
    assert accepted == {start for start in offered if start < at(0, days=4)}


def test_a_week_takes_eight_queries(cast: Cast, django_assert_num_queries: object) -> None:
    wanted = Wanted(therapist=cast.tess, service=cast.swedish)
    with django_assert_num_queries(5):  # type: ignore[operator]
        weeks.week(wanted, first_day=MONDAY, now=NOW)  # of somebody who was never booked
    an_appointment(cast)
    with django_assert_num_queries(8):  # type: ignore[operator]
        weeks.week(wanted, first_day=MONDAY, now=NOW)


def test_coming_and_past_part_at_the_end_of_the_session(cast: Cast) -> None:
    made = an_appointment(cast)
    assert [row.key for row in booked.coming(cast.ana, now=made.end - timedelta(minutes=1))] == [
        made.key
    ]
    assert booked.coming(cast.ana, now=made.end) == ()
    assert [row.key for row in booked.past(cast.ana, now=made.end)] == [made.key]
    assert booked.coming(cast.ben, now=NOW) == ()
