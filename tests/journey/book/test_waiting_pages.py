"""The pages of the waiting list: join from a full week, see one's place, leave."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, TODAY, Cast
from tests.checkins import a_completed_checkin
from unknot.journey.book.actions import arrange, waiting
from unknot.journey.book.models import Appointment, Status, WaitingEntry

pytestmark = pytest.mark.usefixtures("now")

BrowserOf = Callable[[str], Browser]


def wish(**said: object) -> dict[str, object]:
    return {
        "who": "this",
        "first_day": f"{TODAY:%Y-%m-%d}",
        "last_day": f"{TODAY + timedelta(days=14):%Y-%m-%d}",
        "from_time": "",
        "to_time": "",
        **said,
    }


def address(cast: Cast) -> str:
    return reverse("book:waiting-join", args=["tess", cast.swedish.pk])


def join(cast: Cast, browser: Browser, **said: object) -> WaitingEntry:
    answer = browser.post(address(cast), wish(**said))
    assert answer.status_code == 302, answer.content.decode()
    return WaitingEntry.objects.latest("pk")


def test_the_week_leads_to_the_list_and_the_form_joins_it(
    cast: Cast, browser_of: BrowserOf
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice)
    ana = browser_of("ana")
    week = ana.get(reverse("book:slots", args=["tess", cast.swedish.pk])).content.decode()
    assert address(cast) in week
    assert "Join the waiting list" in ana.get(address(cast)).content.decode()
    entry = join(cast, ana, weekdays=["0", "2"], from_time="09:30", to_time="13:00", who="any")
    assert (entry.therapist, entry.weekdays) == (None, [0, 2])
    assert (entry.from_minute, entry.to_minute) == (570, 780)
    for name in ("book:waiting", "book:appointments"):
        page = ana.get(reverse(name)).content.decode()
        assert "You are asked next." in page
        assert "Monday, Wednesday" in page
        assert "between 09:30 and 13:00" in page


def test_who_came_later_is_not_told_how_many_are_before(cast: Cast, browser_of: BrowserOf) -> None:
    for client in (cast.ana, cast.ben):
        a_completed_checkin(client, practice=cast.practice)
    join(cast, browser_of("ana"))
    ben = browser_of("ben")
    join(cast, ben)
    page = ben.get(reverse("book:waiting")).content.decode()
    assert "Others came before you" in page
    assert "Ana" not in page


def test_an_offer_is_shown_booked_and_gone(cast: Cast, browser_of: BrowserOf) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice)
    ana = browser_of("ana")
    join(cast, ana)
    arrange.cancel(cast.finn, an_appointment(cast, client=cast.ben), now=NOW)
    assert waiting.offer_freed(NOW) == 1
    offer = Appointment.objects.get(status=Status.HELD)
    page = ana.get(reverse("book:waiting")).content.decode()
    assert "is held for you until" in page
    assert reverse("book:held", args=[offer.key]) in page
    assert ana.get(reverse("book:held", args=[offer.key])).status_code == 200
    sent = {"name": "Ana", "phone": "", "note": ""}
    answer = ana.post(reverse("book:confirm", args=[offer.key]), sent)
    assert answer.status_code == 302
    offer.refresh_from_db()
    assert offer.status == Status.CONFIRMED
    assert "You wait for nothing" in ana.get(reverse("book:waiting")).content.decode()


def test_leaving_twice_is_leaving_once(cast: Cast, browser_of: BrowserOf) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice)
    ana = browser_of("ana")
    entry = join(cast, ana)
    for _ in range(2):
        assert ana.post(reverse("book:waiting-leave", args=[entry.key])).status_code == 302
    entry.refresh_from_db()
    assert entry.state == "left"
    leave = reverse("book:waiting-leave", args=[entry.key])
    assert browser_of("ben").post(leave).status_code == 404


def test_without_answers_the_check_in_comes_first(cast: Cast, browser_of: BrowserOf) -> None:
    ana = browser_of("ana")
    assert "First a check-in" in ana.get(address(cast)).content.decode()
    assert ana.post(address(cast), wish()).status_code == 409
    assert not WaitingEntry.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"who": "tess"},
        {"first_day": "soon"},
        {"last_day": "9999-12-31"},
        {"last_day": f"{TODAY - timedelta(days=1):%Y-%m-%d}"},
        {"weekdays": ["7"]},
        {"from_time": "12:00", "to_time": "11:00"},
        {"from_time": "25:00"},
    ],
)
def test_a_wish_that_makes_no_sense_is_mended(
    cast: Cast, browser_of: BrowserOf, said: dict[str, object]
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice)
    assert browser_of("ana").post(address(cast), wish(**said)).status_code == 422
    assert not WaitingEntry.objects.exists()


def test_joining_twice_is_said(cast: Cast, browser_of: BrowserOf) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice)
    ana = browser_of("ana")
    join(cast, ana)
    answer = ana.post(address(cast), wish())
    assert answer.status_code == 409
    assert "on this list already" in answer.content.decode()
