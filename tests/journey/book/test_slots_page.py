"""Pick a time: the week, who may press, and what the page says when nobody can."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, a_service
from tests.checkins import a_completed_checkin
from unknot.journey.book.models import AddOn, BusySource, HoursOverride, Resource, WorkingHours
from unknot.journey.understand.models import CheckIn
from unknot.journey.understand.reads import TechniqueNotSafe

BrowserOf = Callable[[str], Browser]
Visitor = Callable[[CheckIn | None], Browser]


@pytest.fixture
def address(cast: Cast, now: datetime) -> str:
    return reverse("book:slots", args=["tess", cast.swedish.pk])


def test_it_shows_the_free_times_of_the_week(
    cast: Cast, address: str, browser_of: BrowserOf
) -> None:
    an_appointment(cast)
    page = browser_of("ana").get(f"{address}?week=2026-03-30").content.decode()
    assert "30 March to 5 April" in page
    assert 'aria-label="Monday 30 March 11:15"' in page
    assert 'aria-label="Monday 30 March 10:00"' not in page
    assert 'value="2026-03-30T09:15:00+00:00"' in page  # 11:15 in Berlin, summer time


def test_a_visitor_without_a_checkin_sees_times_but_no_buttons(
    address: str, visitor: Visitor
) -> None:
    page = visitor(None).get(address).content.decode()
    assert "First a check-in" in page
    assert reverse("understand:start") in page
    assert 'name="start"' not in page
    assert "11:00" in page


def test_a_visitor_with_a_checkin_can_press(cast: Cast, address: str, visitor: Visitor) -> None:
    checkin = a_completed_checkin(None, practice=cast.practice)
    assert 'name="start"' in visitor(checkin).get(address).content.decode()


def test_a_stopped_person_reads_why_and_gets_no_buttons(
    cast: Cast, address: str, browser_of: BrowserOf
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    page = browser_of("ana").get(address).content.decode()
    assert "Booking is closed for now" in page
    assert reverse("understand:result") in page
    assert 'name="start"' not in page


def test_an_empty_week_leads_to_the_next_free_time(
    cast: Cast, address: str, browser_of: BrowserOf
) -> None:
    for day in range(5):
        HoursOverride.objects.create(therapist=cast.tess, day=f"2026-04-{6 + day:02d}")
    page = browser_of("ana").get(f"{address}?week=2026-04-06").content.decode()
    assert "The next free time is Friday 27 March, 11:00." in page


def test_with_nothing_at_all_it_points_to_others(
    cast: Cast, address: str, visitor: Visitor
) -> None:
    WorkingHours.objects.filter(therapist=cast.tess).delete()
    page = visitor(None).get(address).content.decode()
    assert "There is nothing free in the next 60 days" in page
    assert reverse("choose:therapists") in page


@pytest.mark.parametrize("query", ["week=rubbish", "week=9999-12-31", "day=0001-01-01", "week=%00"])
def test_an_unreadable_week_is_not_an_error(address: str, visitor: Visitor, query: str) -> None:
    assert visitor(None).get(f"{address}?{query}").status_code == 200


def test_it_takes_no_post(address: str, visitor: Visitor) -> None:
    assert visitor(None).post(address).status_code == 405


@pytest.mark.parametrize("slug", ["theodora", "uma"])
def test_an_unknown_pair_is_missing(cast: Cast, now: datetime, visitor: Visitor, slug: str) -> None:
    address = reverse("book:slots", args=[slug, cast.swedish.pk])
    assert visitor(None).get(address).status_code == 404


def test_an_unlisted_therapist_or_an_old_service_is_missing(
    cast: Cast, address: str, visitor: Visitor
) -> None:
    cast.swedish.active = False
    cast.swedish.save(update_fields=["active"])
    assert visitor(None).get(address).status_code == 404
    cast.tess.listed_since = None
    cast.tess.save(update_fields=["listed_since"])
    address = reverse("book:slots", args=["tess", cast.deep_tissue.pk])
    assert visitor(None).get(address).status_code == 404


def test_a_huge_service_number_is_missing(now: datetime, visitor: Visitor, db: None) -> None:
    assert visitor(None).get(f"/book/tess/{10**30}/").status_code == 404


def an_add_on(cast: Cast, technique: str = "", name: str = "Warm stones") -> AddOn:
    made = AddOn.objects.create(
        practice=cast.practice, name=name, technique=technique, minutes=15, price_minor=1200
    )
    made.services.add(cast.swedish)
    return made


def test_what_is_ticked_changes_length_and_price_and_stays(
    cast: Cast, address: str, visitor: Visitor
) -> None:
    stones = an_add_on(cast)
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    page = browser.get(f"{address}?add={stones.pk}&week=2026-03-30").content.decode()
    assert "75 minutes, 82.00 EUR" in page
    assert f'<input type="hidden" name="add" value="{stones.pk}">' in page
    assert f"day=2026-03-31&amp;add={stones.pk}" in page
    assert 'aria-label="Monday 30 March 15:30"' in page  # 75 minutes and clean-up: 16:55
    assert 'aria-label="Monday 30 March 15:45"' not in page
    without = browser.get(f"{address}?week=2026-03-30").content.decode()
    assert "60 minutes, 70.00 EUR" in without
    assert 'name="add" value="' in without


def test_an_add_on_that_the_answers_rule_out_is_refused_in_the_same_words(
    cast: Cast, address: str, browser_of: BrowserOf
) -> None:
    deep = an_add_on(cast, technique="deep_tissue")
    a_completed_checkin(cast.ana, practice=cast.practice, conditions=["osteoporosis"])
    page = browser_of("ana").get(f"{address}?add={deep.pk}").content.decode()
    assert "This technique is not offered to you" in page
    assert "60 minutes, 70.00 EUR" in page
    assert 'name="start"' in page


def test_an_add_on_that_the_answers_rule_out_is_marked_before_it_is_chosen(
    cast: Cast, address: str, browser_of: BrowserOf
) -> None:
    deep, stones = an_add_on(cast, technique="deep_tissue", name="Deep"), an_add_on(cast)
    a_completed_checkin(cast.ana, practice=cast.practice)
    page = browser_of("ana").get(address).content.decode()
    assert "disabled" not in box(page, deep) + box(page, stones)
    a_completed_checkin(cast.ana, practice=cast.practice, conditions=["osteoporosis"])
    page = browser_of("ana").get(address).content.decode()
    assert "disabled" in box(page, deep)
    assert str(TechniqueNotSafe.sentence) in box(page, deep)
    assert "disabled" not in box(page, stones)
    assert "This technique is not offered to you" not in page  # nobody chose it


def box(page: str, extra: AddOn) -> str:
    """The choice of an add-on, up to the end of its label."""
    return page.split(f'for="add-{extra.pk}"')[1].split("</label>")[0]


@pytest.mark.parametrize("add", ["x", "-1", "9" * 30, "٣", "%00"])
def test_an_add_on_that_is_no_number_is_left_out(address: str, visitor: Visitor, add: str) -> None:
    assert visitor(None).get(f"{address}?add={add}").status_code == 200


def test_a_service_for_two_says_what_that_means(
    cast: Cast, now: datetime, visitor: Visitor
) -> None:
    couple = a_service(cast.practice, "swedish", cast.tess, cast.theo, minutes=75)
    couple.for_two = True
    couple.save(update_fields=["for_two"])
    address = reverse("book:slots", args=["tess", couple.pk])
    page = visitor(None).get(address).content.decode()
    assert "for two people" in page
    assert "Two of you come at the same time" in page


def test_both_passes_of_an_hour_that_comes_twice_show_their_offset(
    cast: Cast, address: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=207))
    WorkingHours.objects.create(
        therapist=cast.tess, weekday=6, starts_minute=60, ends_minute=6 * 60
    )
    checkin = a_completed_checkin(None, practice=cast.practice, now=NOW + timedelta(days=206))
    page = visitor(checkin).get(f"{address}?week=2026-10-25").content.decode()
    assert 'aria-label="Sunday 25 October 02:00, UTC+02:00"' in page
    assert (
        'aria-label="Sunday 25 October 02:00, the second time the clock shows it, UTC+01:00"'
        in page
    )
    assert 'aria-label="Sunday 25 October 03:00"' in page


def test_an_unreadable_calendar_is_said_where_the_practice_warns(
    cast: Cast, address: str, visitor: Visitor
) -> None:
    person, _made = Resource.objects.get_or_create(user=cast.tess.user, defaults={"kind": "person"})
    BusySource.objects.create(
        resource=person, name="Home", url="https://calendar.example/a.ics", created_at=NOW
    )
    cast.practice.unreadable_calendar = "warn"
    cast.practice.save(update_fields=["unreadable_calendar"])
    page = visitor(None).get(address).content.decode()
    assert "These times may have changed" in page
    BusySource.objects.update(last_ok_at=NOW)
    assert "These times may have changed" not in visitor(None).get(address).content.decode()


def test_the_zone_is_said_in_words(address: str, visitor: Visitor) -> None:
    page = visitor(None).get(address).content.decode()
    assert "All times are local to the practice (Europe/Berlin)." in page


def test_queries_without_a_session(
    address: str, visitor: Visitor, django_assert_num_queries: Callable[[int], object]
) -> None:
    browser = visitor(None)
    browser.get(address)
    with django_assert_num_queries(9):  # type: ignore[attr-defined]
        browser.get(address)


def test_queries_of_a_client_who_can_press(
    cast: Cast,
    address: str,
    browser_of: BrowserOf,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    """Thirteen are the screening's, which decides anew from the stored answers each time;
    three look whether the sessions follow a list."""
    a_completed_checkin(cast.ana, practice=cast.practice)
    browser = browser_of("ana")
    browser.get(address)
    with django_assert_num_queries(28):  # type: ignore[attr-defined]
        browser.get(address)
