"""What the engine is given: every check-in at its real time, in two queries."""

from datetime import timedelta

from tests.appointments import an_appointment
from tests.cast import NOW, TODAY, Cast, at
from unknot.domain.outcomes.series import CheckIn
from unknot.journey.follow.actions.check_ins import save_daily
from unknot.journey.follow.actions.door import save_door
from unknot.journey.follow.models import DailyCheckIn, SeriesImport
from unknot.journey.follow.reads import check_ins as reads

YESTERDAY = TODAY - timedelta(days=1)


def a_file(cast: Cast) -> SeriesImport:
    return SeriesImport.objects.create(
        client=cast.ana, file_name="days.csv", imported_at=NOW, rows=1
    )


def test_days_and_doors_come_in_order_of_time(cast: Cast) -> None:
    visit = an_appointment(cast, start=at(10), now=NOW - timedelta(days=7))
    before = at(10) - timedelta(minutes=45)
    ana = cast.user("ana")
    save_daily(ana, cast.ana, pain=4, mood=6, painkillers=True, now=at(20))
    save_door(ana, visit, pain=7, stiffness=5, now=before)
    DailyCheckIn.objects.create(client=cast.ana, day=YESTERDAY, sleep="7.25", series=a_file(cast))
    assert reads.observations(cast.ana) == (
        CheckIn(at=at(19, days=-1), sleep=7.25),
        CheckIn(at=before, pain=7, stiffness=5, moment="door"),
        CheckIn(at=at(20), pain=4, mood=6, painkillers=True),
    )


def test_an_imported_day_stands_at_seven_in_the_evening_where_the_practice_is(cast: Cast) -> None:
    DailyCheckIn.objects.create(client=cast.ana, day=YESTERDAY, pain=1, series=a_file(cast))
    (found,) = reads.observations(cast.ana)
    assert (found.at.date(), found.at.hour, found.at.tzinfo) == (YESTERDAY, 19, cast.practice.tz)


def test_the_number_of_queries_does_not_grow(cast: Cast, django_assert_num_queries: object) -> None:
    for days in range(1, 4):
        for hour in range(days):
            save_daily(cast.user("ana"), cast.ana, pain=1, now=at(hour, days=-days))
        with django_assert_num_queries(2):  # type: ignore[operator]
            assert len(reads.observations(cast.ana)) == days


def test_nobody_elses_are_read(cast: Cast) -> None:
    save_daily(cast.user("ana"), cast.ana, pain=1, now=NOW)
    assert reads.observations(cast.ben) == ()
