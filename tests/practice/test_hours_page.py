"""Working hours: a week saved whole, days that differ, two tabs, and what stays booked."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.appointments import an_appointment
from tests.cast import NOW, TODAY, Cast, a_member
from tests.practice.test_day_page import signed_in
from unknot.domain.calendar import weekly
from unknot.domain.calendar.hours import WeeklyHours
from unknot.journey.book.actions import working_hours
from unknot.journey.book.models import HoursOverride, Status, WorkingHours
from unknot.journey.book.reads import opening
from unknot.journey.choose.models import Therapist
from unknot.people.models import AuditEntry, Role
from unknot.web.errors import BadInput, Denied, Missing

pytestmark = pytest.mark.usefixtures("now")
HOURS = reverse("practice:hours")
OTHER_DAY = reverse("practice:other-day")
PEOPLE = [("finn", 403), ("ana", 404), ("opal", 404)]
MORNINGS = {"day0-0-from": "9:00", "day0-0-to": "12:00"}
APRIL = {"day_day": "6", "day_month": "4", "day_year": "2026"}


def fingerprint(therapist: Therapist) -> str:
    return opening.fingerprint(opening.week_of(therapist))


def sent(therapist: Therapist, **changed: str) -> dict[str, str]:
    return {"fingerprint": fingerprint(therapist), **MORNINGS, **changed}


def week(therapist: Therapist) -> list[tuple[int, int, int]]:
    return [(one.weekday, one.starts_minute, one.ends_minute) for one in opening.week_of(therapist)]


def test_a_week_is_saved_whole_and_shown_again(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "tess")
    late = {"day0-1-from": "14.30", "day0-1-to": "24:00", "day6-0-from": "00:00"}
    answer = browser.post(HOURS, sent(cast.tess, **late, **{"day6-0-to": "1:00"}))
    assert answer.headers["Location"] == HOURS
    assert week(cast.tess) == [(0, 540, 720), (0, 870, 1440), (6, 0, 60)]
    assert len(week(cast.theo)) == 5
    assert AuditEntry.objects.get(action="hours.saved").actor == cast.tess.user
    page = browser.get(HOURS).content.decode()
    assert 'value="14:30"' in page
    assert 'value="24:00"' in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"day1-0-from": "17:00", "day1-0-to": "9:00"}, "On Tuesday the end must come after"),
        ({"day1-0-from": "9:00", "day1-0-to": "9:00"}, "On Tuesday the end must come after"),
        ({"day0-1-from": "11:59", "day0-1-to": "13:00"}, "The hours of Monday overlap."),
        ({"day4-0-from": "9:00"}, "Friday needs both a start and an end."),
        ({"day4-1-to": "9:00"}, "Friday needs both a start and an end."),
        ({"day2-0-from": "9", "day2-0-to": "10:00"}, "Write the time like 09:30"),
        ({"day2-0-from": "9:60", "day2-0-to": "10:00"}, "Write the time like 09:30"),
        ({"day2-0-from": "9:00", "day2-0-to": "24:01"}, "Write the time like 09:30"),
        ({"day2-0-from": "٠٩:٠٠", "day2-0-to": "10:00"}, "Write the time like 09:30"),
        ({"day2-0-from": "-1:00", "day2-0-to": "10:00"}, "Write the time like 09:30"),
    ],
)
def test_hours_that_cannot_be_kept_get_a_sentence_and_change_nothing(
    client: Browser, cast: Cast, changed: dict[str, str], sentence: str
) -> None:
    before = week(cast.tess)
    answer = signed_in(client, cast, "tess").post(HOURS, sent(cast.tess, **changed))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert all(f'value="{typed}"' in page for typed in changed.values())
    assert week(cast.tess) == before


def test_stretches_that_touch_do_not_overlap(client: Browser, cast: Cast) -> None:
    touching = {"day0-1-from": "12:00", "day0-1-to": "15:00"}
    assert (
        signed_in(client, cast, "tess").post(HOURS, sent(cast.tess, **touching)).status_code == 302
    )


def test_two_tabs_conflict_and_the_second_is_asked(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "tess")
    first = sent(cast.tess)
    second = sent(cast.tess, **{"day0-0-to": "11:00"})
    assert browser.post(HOURS, first).status_code == 302
    answer = browser.post(HOURS, second)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody saved other hours" in page
    assert "09:00–12:00" in page
    assert 'value="11:00"' in page
    assert week(cast.tess) == [(0, 540, 720)]
    knowingly = second | {"fingerprint": answer.context["form"]["fingerprint"].value()}
    assert browser.post(HOURS, knowingly).status_code == 302
    assert week(cast.tess) == [(0, 540, 660)]


def test_pressing_twice_is_one_save(client: Browser, cast: Cast) -> None:
    browser, once = signed_in(client, cast, "tess"), sent(cast.tess)
    assert [browser.post(HOURS, once).status_code for _press in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(action="hours.saved").count() == 1


def test_without_a_fingerprint_nothing_is_replaced(client: Browser, cast: Cast) -> None:
    answer = signed_in(client, cast, "tess").post(HOURS, MORNINGS)
    assert answer.status_code == 409
    assert len(week(cast.tess)) == 5


def test_appointments_outside_the_new_hours_are_listed_and_stay(
    client: Browser, cast: Cast
) -> None:
    booked = an_appointment(cast)
    browser = signed_in(client, cast, "tess")
    assert "stay as they are" not in browser.get(HOURS).content.decode()
    browser.post(HOURS, sent(cast.tess, **{"day0-0-from": "10:30"}))
    page = browser.get(HOURS).content.decode()
    assert "These appointments stay as they are" in page
    assert "Monday 30 March, 10:00–11:00, Ana" in page
    booked.refresh_from_db()
    assert booked.status == Status.CONFIRMED


def test_a_day_can_be_closed_or_have_other_hours(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "tess")
    assert browser.post(OTHER_DAY, APRIL | {"kind": "closed"}).status_code == 302
    opened = {"day_day": "7", "kind": "open", "starts": "10:00", "ends": "24:00"}
    assert browser.post(OTHER_DAY, APRIL | opened).status_code == 302
    kept = [(one.starts_minute, one.ends_minute) for one in HoursOverride.objects.order_by("day")]
    assert kept == [(None, None), (600, 1440)]
    page = browser.get(HOURS).content.decode()
    assert "Monday 6 April 2026" in page
    assert "10:00–24:00" in page
    assert AuditEntry.objects.filter(action="hours-day.added").count() == 2


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"kind": "open"}, "Write from when to when"),
        ({"kind": "open", "starts": "12:00", "ends": "10:00"}, "The end must come after"),
        ({"kind": "open", "starts": "noon", "ends": "13:00"}, "Write the time like 09:30"),
        ({"kind": "half"}, "Select a valid choice"),
        ({"kind": "closed", "day_day": "31"}, "This day does not exist"),
        ({"kind": "closed", "day_month": "3"}, "Choose today or a day of the next two years."),
        ({"kind": "closed", "day_year": "2031"}, "Choose today or a day of the next two years."),
        ({"kind": "closed", "day_day": ""}, "Write the day, the month and the year."),
    ],
)
def test_a_day_that_cannot_be_kept_gets_a_sentence(
    client: Browser, cast: Cast, changed: dict[str, str], sentence: str
) -> None:
    answer = signed_in(client, cast, "tess").post(OTHER_DAY, APRIL | changed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not HoursOverride.objects.exists()


def test_a_day_differs_only_once(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "tess")
    browser.post(OTHER_DAY, APRIL | {"kind": "closed"})
    answer = browser.post(OTHER_DAY, APRIL | {"kind": "closed"})
    assert answer.status_code == 409
    assert "remove that first" in answer.content.decode()
    assert HoursOverride.objects.count() == 1


def test_a_day_that_is_removed_follows_the_week_again(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "tess")
    browser.post(OTHER_DAY, APRIL | {"kind": "closed"})
    remove = reverse("practice:other-day-remove", args=[HoursOverride.objects.get().pk])
    assert browser.get(remove).status_code == 405
    assert signed_in(Browser(), cast, "theo").post(remove).status_code == 403
    assert signed_in(Browser(), cast, "uma").post(remove).status_code == 404
    assert browser.post(remove).status_code == 302
    assert not HoursOverride.objects.exists()
    assert browser.post(remove).status_code == 404
    assert AuditEntry.objects.filter(action="hours-day.removed").count() == 1


def test_a_manager_keeps_the_hours_of_the_own_practice(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    assert "?therapist=tess" in browser.get(HOURS).content.decode()
    theirs = f"{HOURS}?therapist=tess"
    assert "Hours of Tess" in browser.get(theirs).content.decode()
    assert browser.post(theirs, sent(cast.tess)).headers["Location"] == theirs
    assert week(cast.tess) == [(0, 540, 720)]
    assert browser.post(HOURS, sent(cast.tess)).status_code == 404
    assert browser.get(f"{HOURS}?therapist=uma").status_code == 404
    assert browser.get(f"{HOURS}?therapist=nobody").status_code == 404


def test_a_colleague_keeps_only_the_own_hours(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "theo")
    theirs = f"{HOURS}?therapist=tess"
    assert browser.get(theirs).status_code == 403
    assert browser.post(theirs, sent(cast.tess)).status_code == 403
    assert len(week(cast.tess)) == 5


@pytest.mark.parametrize(("name", "status"), PEOPLE)
def test_nobody_else_opens_them(client: Browser, cast: Cast, name: str, status: int) -> None:
    browser = signed_in(client, cast, name)
    for address in (HOURS, f"{HOURS}?therapist=tess"):
        assert browser.get(address).status_code == status
        assert browser.post(address, sent(cast.tess)).status_code == status
    assert browser.post(OTHER_DAY, APRIL | {"kind": "closed"}).status_code == status
    assert len(week(cast.tess)) == 5


def test_a_therapist_without_a_listing_is_told_to_write_it_first(
    client: Browser, cast: Cast
) -> None:
    nora = a_member("Nora", cast.practice, Role.THERAPIST)
    client.force_login(nora, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "First your listing" in client.get(HOURS).content.decode()
    assert client.post(HOURS, MORNINGS).status_code == 404
    assert client.post(OTHER_DAY, APRIL | {"kind": "closed"}).status_code == 404


def test_three_stretches_of_a_day_are_shown_and_kept(client: Browser, cast: Cast) -> None:
    for starts in (1080, 1200):
        WorkingHours.objects.create(
            therapist=cast.tess, weekday=0, starts_minute=starts, ends_minute=starts + 60
        )
    page = signed_in(client, cast, "tess").get(HOURS)
    assert 'name="day0-2-from"' in page.content.decode()


def test_wrong_methods_are_refused(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "tess")
    assert browser.put(HOURS).status_code == 405
    assert browser.get(OTHER_DAY).status_code == 405
    assert Browser().get(HOURS).headers["Location"].startswith("/accounts/login/")


def test_the_actions_ask_for_the_right_person_and_sensible_hours(cast: Cast) -> None:
    monday = WeeklyHours(weekday=0, starts_minute=540, ends_minute=720)
    clash = WeeklyHours(weekday=0, starts_minute=600, ends_minute=660)
    own = {"fingerprint": fingerprint(cast.tess), "now": NOW}
    for actor, error in ((cast.theo.user, Denied), (cast.finn, Denied), (cast.uma.user, Missing)):
        with pytest.raises(error):
            working_hours.save_hours(actor, cast.tess, week=[monday], **own)  # type: ignore[arg-type]
        with pytest.raises(error):
            working_hours.add_override(actor, cast.tess, day=TODAY, window=None, now=NOW)
    with pytest.raises(working_hours.BadHours, match="Monday"):
        working_hours.save_hours(cast.tess.user, cast.tess, week=[monday, clash], **own)  # type: ignore[arg-type]
    day = TODAY - timedelta(days=1)
    with pytest.raises(BadInput):
        working_hours.add_override(cast.tess.user, cast.tess, day=day, window=None, now=NOW)
    with pytest.raises(BadInput):
        working_hours.add_override(cast.tess.user, cast.tess, day=TODAY, window=(720, 540), now=NOW)
    assert len(week(cast.tess)) == 5


def test_the_number_of_queries(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    an_appointment(cast)
    browser = signed_in(client, cast, "tess")
    with django_assert_num_queries(13):
        browser.get(HOURS)


@pytest.mark.parametrize(
    ("typed", "minute"), [("0:00", 0), ("9:05", 545), ("09.30", 570), (" 24:00 ", 1440)]
)
def test_a_typed_time_is_read(typed: str, minute: int) -> None:
    assert weekly.minute(typed) == minute
    assert weekly.minute(weekly.clock(minute)) == minute
