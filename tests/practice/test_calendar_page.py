"""The calendars of staff: who sees what, the words, and days of 23 and 25 hours."""

from datetime import date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client as Browser
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from tests.appointments import MONDAY_TEN, a_hold, an_appointment
from tests.cast import NOW, TODAY, Cast, a_client, at
from tests.journey.choose.listing import a_credential
from tests.practice.test_day_page import signed_in
from tests.practice.test_resources_page import a_room, takes_a_room
from unknot.domain.calendar.intervals import Period
from unknot.journey.book.actions import time_off
from unknot.journey.book.actions.time_off import Away
from unknot.journey.book.models import (
    Allocation,
    Appointment,
    BusySource,
    ExternalBusy,
    Resource,
    WorkingHours,
)
from unknot.journey.book.reads import staff_calendar, weeks
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.book.reads.staff_calendar import Block, Column
from unknot.journey.choose.models import Therapist
from unknot.practice.calendar_grid import clock, grid

pytestmark = pytest.mark.usefixtures("now")
DAY = reverse("practice:calendar")
WEEK = reverse("practice:calendar-week")
MONDAY = f"{DAY}?day=2026-03-30"
BERLIN = ZoneInfo("Europe/Berlin")


def words(browser: Browser, page: str) -> str:
    """What a reader of the page's main part is told, in one line."""
    told = browser.get(page).content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(unescape(strip_tags(told)).split())


def columns(cast: Cast, days: int = 3) -> dict[str, Column]:
    found = staff_calendar.of_day(cast.practice, TODAY + timedelta(days=days), now=NOW)
    return {one.name: one for one in found}


def busy_elsewhere(cast: Cast, *, start: datetime, end: datetime) -> None:
    person = Resource.objects.get(user=cast.tess.user)
    source = BusySource.objects.create(
        resource=person, name="Private", zone="Europe/Berlin", created_at=NOW
    )
    ExternalBusy.objects.create(
        source=source, market=1, resource=person, uid="dentist", during=DateTimeTZRange(start, end)
    )


def test_the_desk_sees_everybody_with_names_times_and_standings(
    client: Browser, cast: Cast
) -> None:
    booked = an_appointment(cast)
    told = words(signed_in(client, cast, "finn"), MONDAY)
    assert "10:00–11:00 Ana Tess confirmed" not in told  # her name is the column's
    assert "10:00–11:00 Ana confirmed" in told
    assert "11:00–11:10 set-up or clean-up" in told
    assert "Free 09:00 to 10:00, book with Tess" in told
    assert "Free 11:10 to 17:00, book with Tess" in told
    assert "Free 09:00 to 17:00, book with Theo" in told
    page = client.get(MONDAY).content.decode()
    assert reverse("practice:desk-visit", args=[booked.key]) in page
    assert reverse("practice:desk") + "?day=2026-03-30&amp;therapist=tess&amp;start=" in page
    assert "Swedish" not in told


def test_a_therapist_sees_one_column(client: Browser, cast: Cast) -> None:
    an_appointment(cast)
    a_room(cast)
    an_appointment(cast, client=cast.ben, therapist=cast.theo)
    told = words(signed_in(client, cast, "tess"), MONDAY)
    assert "Ana" in told
    assert "Ben" not in told
    assert "Theo" not in told
    assert "Garden room" not in told
    week = signed_in(client, cast, "tess").get(f"{WEEK}?day=2026-03-30&therapist=theo")
    assert week.status_code == 403


def test_a_room_has_a_column_with_the_therapist(client: Browser, cast: Cast) -> None:
    a_room(cast)
    takes_a_room(cast)
    an_appointment(cast)
    told = words(signed_in(client, cast, "paz"), MONDAY)
    assert "Garden room 10:00–11:00 Ana Tess confirmed 11:00–11:10 set-up or clean-up" in told


def test_what_another_calendar_says_has_no_title(client: Browser, cast: Cast) -> None:
    an_appointment(cast)
    busy_elsewhere(cast, start=at(14, days=3), end=at(15, days=3))
    told = words(signed_in(client, cast, "paz"), MONDAY)
    assert "14:00–15:00 busy elsewhere" in told
    assert "dentist" not in client.get(MONDAY).content.decode()
    assert "Private" not in told


def test_another_practice_is_only_busy_elsewhere(client: Browser, cast: Cast) -> None:
    booked = an_appointment(cast)
    other = Therapist.objects.create(
        user=cast.tess.user,
        practice=cast.other_practice,
        location=cast.other_practice.location_set.get(),
        slug="tess-2",
        name="Tess there",
    )
    Appointment.objects.filter(pk=booked.pk).update(therapist=other)
    told = words(signed_in(client, cast, "paz"), MONDAY)
    assert "10:00–11:10 busy elsewhere" in told
    assert "Ana" not in told


def test_time_off_a_request_and_a_hold_are_said_in_words(client: Browser, cast: Cast) -> None:
    whole = Away(first_day=date(2026, 3, 30), last_day=date(2026, 3, 30))
    time_off.add(cast.user("theo"), cast.theo, away=whole, now=NOW)
    first, second = (
        an_appointment(cast),
        an_appointment(cast, client=cast.ben, start=at(13, days=3)),
    )
    Appointment.objects.filter(pk=first.pk).update(status="pending", awaits="practice")
    Appointment.objects.filter(pk=second.pk).update(status="pending", awaits="screening")
    eva = a_client("Eva", cast.practice)
    a_hold(cast, client=eva, start=at(15, days=3))
    told = words(signed_in(client, cast, "finn"), MONDAY)
    assert "Ana requested" in told
    assert "Ben provisional" in told
    assert "15:00–16:00 held while somebody books" in told
    assert "Eva" not in told
    assert "All day time off" in told


def test_a_hold_that_ran_out_is_not_shown(cast: Cast) -> None:
    a_hold(cast)
    assert [one.kind for one in columns(cast)["Tess"].blocks].count("session") == 1
    later = staff_calendar.of_day(
        cast.practice, TODAY + timedelta(days=3), now=NOW + timedelta(hours=1)
    )
    assert all(block.kind == "free" for column in later for block in column.blocks)


def test_what_is_over_stays_when_its_allocations_are_gone(cast: Cast) -> None:
    booked = an_appointment(cast)
    Allocation.objects.all().delete()
    assert [one.who for one in columns(cast)["Tess"].blocks if one.kind == "session"] == ["Ana"]
    Appointment.objects.filter(pk=booked.pk).update(status="cancelled")
    assert not any(one.kind == "session" for one in columns(cast)["Tess"].blocks)


def test_the_week_of_one_therapist(client: Browser, cast: Cast) -> None:
    an_appointment(cast)
    told = words(signed_in(client, cast, "tess"), f"{WEEK}?day=2026-04-01")
    assert "30 March to 5 April" in told
    assert "Monday 30 March" in told
    assert "10:00–11:00 Ana confirmed" in told
    paz = signed_in(client, cast, "paz")
    assert "Free 09:00 to 17:00, book with Theo" in words(
        paz, f"{WEEK}?day=2026-03-30&therapist=theo"
    )
    assert "Tess" in words(paz, WEEK)
    assert paz.get(f"{WEEK}?therapist=uma").status_code == 404


def test_the_now_line_is_only_on_today(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "tess")
    assert "09:00 now" in words(browser, DAY)
    assert "now" not in words(browser, MONDAY).split()


def test_a_free_gap_begins_in_the_future_and_on_five_minutes(cast: Cast) -> None:
    now = NOW + timedelta(minutes=61, seconds=3)
    (tess,) = staff_calendar.of_day(cast.practice, TODAY, now=now, only=cast.user("tess"))
    (gap,) = tess.blocks
    assert (gap.period.start, gap.period.end) == (at(10, 5), at(17))


def test_an_empty_day_says_so(client: Browser, cast: Cast) -> None:
    WorkingHours.objects.all().delete()
    assert "Nothing on this day" in words(signed_in(client, cast, "finn"), MONDAY)
    assert "Nothing in this week" in words(signed_in(client, cast, "finn"), WEEK)


@pytest.mark.parametrize("asked", ["2026-02-30", "x", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_shows_today(client: Browser, cast: Cast, asked: str) -> None:
    browser = signed_in(client, cast, "paz")
    for page in (DAY, WEEK):
        answer = browser.get(f"{page}?day={asked}")
        assert answer.status_code == 422
        assert "Here is t" in answer.content.decode()


def test_nothing_is_placed_by_a_style(client: Browser, cast: Cast) -> None:
    an_appointment(cast)
    browser = signed_in(client, cast, "paz")
    for page in (MONDAY, f"{WEEK}?day=2026-03-30"):
        assert "style=" not in browser.get(page).content.decode().split("<body")[1]


def a_column(day: date, *periods: tuple[datetime, datetime]) -> Column:
    blocks = tuple(Block(kind="session", period=Period(*one)) for one in periods)
    return Column(day=day, name="T", slug="t", is_person=True, open=(), blocks=blocks)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def test_rows_are_elapsed_time_and_the_hour_that_comes_twice_says_which() -> None:
    autumn = date(2026, 10, 25)
    column = a_column(
        autumn,
        (utc("2026-10-25T00:00"), utc("2026-10-25T00:30")),  # 02:00 in summer time
        (utc("2026-10-25T01:00"), utc("2026-10-25T01:30")),  # 02:00 again
        (utc("2026-10-25T02:00"), utc("2026-10-25T03:00")),  # 03:00
    )
    shown = grid([column], BERLIN, now=NOW).columns[0]
    assert [one.starts for one in shown.items] == ["02:00 (+02:00)", "02:00 (+01:00)", "03:00"]
    assert [one.place for one in shown.items] == [
        "fh0 fm0 th0 tm6",
        "fh1 fm0 th1 tm6",
        "fh2 fm0 th3 tm0",
    ]
    assert [one.label for one in shown.marks] == ["02:00 (+02:00)", "02:00 (+01:00)", "03:00"]


def test_a_spring_day_has_an_hour_less() -> None:
    spring = date(2026, 3, 29)
    column = a_column(spring, (utc("2026-03-29T00:00"), utc("2026-03-29T02:00")))
    shown = grid([column], BERLIN, now=NOW).columns[0]
    assert [(one.starts, one.ends) for one in shown.items] == [("01:00", "04:00")]
    assert shown.items[0].place == "fh0 fm0 th2 tm0"
    assert [one.label for one in shown.marks] == ["01:00", "03:00"]


def test_other_days_keep_one_axis() -> None:
    day = date(2026, 3, 30)
    column = a_column(day, (utc("2026-03-30T08:10"), utc("2026-03-30T09:05")))
    shown = grid([column], BERLIN, now=NOW)
    assert [one.label for one in shown.axis] == ["10:00", "11:00"]
    assert shown.columns[0].marks == ()
    assert shown.columns[0].items[0].place == "fh0 fm2 th1 tm1"
    assert clock(utc("2026-03-30T08:10"), BERLIN) == "10:10"


def test_what_goes_over_midnight_is_cut_there() -> None:
    day = date(2026, 3, 30)
    late = Period(utc("2026-03-30T20:00"), utc("2026-03-31T03:00"))
    for shown_day, times in ((day, ("22:00", "24:00")), (date(2026, 3, 31), ("00:00", "05:00"))):
        block = Block(kind="away", period=late)
        column = Column(day=shown_day, name="T", slug="t", is_person=True, open=(), blocks=(block,))
        (item,) = grid([column], BERLIN, now=NOW).columns[0].items
        assert (item.starts, item.ends) == times


def test_what_lies_outside_the_hours_shown_is_listed_and_not_placed() -> None:
    day = date(2026, 3, 30)
    early = Block(kind="elsewhere", period=Period(utc("2026-03-30T02:00"), utc("2026-03-30T03:00")))
    column = Column(day=day, name="T", slug="t", is_person=True, open=(), blocks=(early,))
    shown = grid([column], BERLIN, now=NOW)
    assert shown.columns[0].items[0].place == ""
    assert shown.axis[0].label == "08:00"


@pytest.mark.parametrize(("name", "status"), [("ana", 404), ("opal", 404), ("uma", 200)])
def test_nobody_else_opens_it(client: Browser, cast: Cast, name: str, status: int) -> None:
    an_appointment(cast)
    browser = signed_in(client, cast, name)
    for page in (MONDAY, WEEK):
        answer = browser.get(page)
        assert answer.status_code == status
        assert "Ana confirmed" not in " ".join(strip_tags(answer.content.decode()).split())


def test_the_number_of_queries_does_not_grow(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    a_room(cast)
    takes_a_room(cast)
    an_appointment(cast)
    browser = signed_in(client, cast, "paz")
    with django_assert_num_queries(17):
        browser.get(MONDAY)
    an_appointment(cast, client=cast.ben, start=at(14, days=3))
    with django_assert_num_queries(17):
        browser.get(MONDAY)
    with django_assert_num_queries(18):
        browser.get(f"{WEEK}?day=2026-03-30&therapist=tess")


def test_hours_closed_by_a_credential_say_so_and_are_not_free(client: Browser, cast: Cast) -> None:
    an_appointment(cast)
    licence = a_credential(cast.tess, expires_on=TODAY + timedelta(days=2))
    browser = signed_in(client, cast, "finn")
    told = words(browser, MONDAY)
    assert "closed: a credential ended on 29 March 2026" in told
    blocks = columns(cast)["Tess"].blocks
    assert [(one.kind, one.period.start) for one in blocks] == [
        ("closed", at(9, days=3)),
        ("session", MONDAY_TEN),
        ("buffer", at(11, days=3)),
        ("closed", at(11, 10, days=3)),
    ]
    week = weeks.week(Wanted(therapist=cast.tess, service=cast.swedish), first_day=TODAY, now=NOW)
    assert week.ends == licence.expires_on
    assert [one.kind for one in columns(cast)["Theo"].blocks] == ["free"]
    licence.expires_on = TODAY + timedelta(days=3)
    licence.save(update_fields=["expires_on"])
    assert "a credential ended" not in words(browser, MONDAY)
    cast.practice.required_credentials = ["insurance"]
    cast.practice.save(update_fields=["required_credentials"])
    assert "requires of this therapist is not in place" in words(browser, MONDAY)
