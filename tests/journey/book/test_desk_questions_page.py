"""The address under which a client without an account answers, and what follows for the time."""

from datetime import datetime
from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import MONDAY_TEN
from tests.cast import NOW, Cast
from tests.checkins import a_completed_checkin
from tests.journey.book.conftest import remember
from tests.journey.understand import walk
from unknot.journey.book import access
from unknot.journey.book.actions import arrange, desk
from unknot.journey.book.models import Appointment, Status
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.understand.models import CheckIn, SafetyStop

pytestmark = pytest.mark.usefixtures("now")
BEGIN = {"practice": "lindenweg", "adult": "yes", "agree": "on"}


@pytest.fixture
def visit(cast: Cast) -> Appointment:
    """A provisional time of somebody without an account."""
    nora = desk.Newcomer(name="Nora New", phone="+49 30 1234")
    wanted = Wanted(therapist=cast.tess, service=cast.swedish)
    return desk.book(cast.finn, cast.practice, nora, wanted, MONDAY_TEN, now=NOW)


def address(visit: Appointment) -> str:
    return reverse("book:questions", args=[access.questions_token(visit.key)])


def answer(browser: Browser, **said: str) -> str:
    """Answer everything from the first page on, and return where that leads."""
    walk.body(browser, cervical_l=6)
    browser.post("/check-in/story/", walk.STORY)
    browser.post("/check-in/everyday/", walk.EVERYDAY)
    browser.post("/check-in/mind/", walk.MIND)
    walk.about(browser)
    sent = browser.post("/check-in/safety/", walk.flags(browser, **said))
    if sent["Location"].endswith("/result/"):
        return str(sent["Location"])
    browser.post("/check-in/history/", walk.REST)
    return str(browser.post("/check-in/wishes/", walk.WISHES)["Location"])


def test_the_page_names_the_time_and_not_the_client(visit: Appointment, client: Browser) -> None:
    page = client.get(address(visit)).content.decode()
    assert "Monday 30 March 2026, 10:00 with Tess" in page
    assert "Start the questions" in page
    assert "Nora" not in page


def test_answers_on_the_page_confirm_the_appointment(visit: Appointment, client: Browser) -> None:
    started = client.post(address(visit), BEGIN)
    assert started["Location"] == reverse("understand:body")
    checkin = CheckIn.objects.get()
    assert checkin.client == visit.client
    assert "Go on where you were" in client.get(address(visit)).content.decode()
    assert answer(client).endswith("/result/")
    result = client.get("/check-in/result/").content.decode()
    assert address(visit) in result
    page = client.get(address(visit)).content.decode()
    assert "Your appointment is confirmed" in page
    visit.refresh_from_db()
    assert (visit.status, visit.checkin) == (Status.CONFIRMED, checkin)


def test_a_stop_on_the_way_holds_the_appointment(visit: Appointment, client: Browser) -> None:
    client.post(address(visit), BEGIN)
    answer(client, rf_cad="yes")
    assert SafetyStop.objects.get().client == visit.client
    page = client.get(address(visit)).content.decode()
    assert "on hold" in page
    assert "Start the questions" not in page
    assert client.post(address(visit), BEGIN).status_code == 200
    assert CheckIn.objects.count() == 1
    visit.refresh_from_db()
    assert visit.status == Status.PENDING


def test_agreement_and_age_are_asked(visit: Appointment, client: Browser) -> None:
    assert client.post(address(visit), {"practice": "lindenweg"}).status_code == 422
    minor = client.post(address(visit), BEGIN | {"adult": "no"})
    assert minor["Location"] == reverse("understand:minor")
    assert not CheckIn.objects.exists()


def test_a_strangers_checkin_in_the_same_browser_confirms_nothing(
    cast: Cast, visit: Appointment, client: Browser
) -> None:
    remember(client, a_completed_checkin(None, practice=cast.practice))
    page = client.get(address(visit)).content.decode()
    assert "Start the questions" in page
    visit.refresh_from_db()
    assert visit.status == Status.PENDING


def test_the_device_forgets_on_request(visit: Appointment, client: Browser) -> None:
    client.post(address(visit), BEGIN)
    answer(client)
    assert client.post(address(visit), {"done": "yes"})["Location"] == "/"
    assert "checkin" not in client.session
    assert urlsplit(client.get("/check-in/result/")["Location"]).path == "/check-in/"


def test_what_the_browser_holds_books_nothing_else(
    cast: Cast, visit: Appointment, client: Browser
) -> None:
    client.post(address(visit), BEGIN)
    answer(client)
    slots = reverse("book:hold", args=["tess", cast.swedish.pk])
    assert client.post(slots, {"start": "2026-04-01T10:00:00+02:00"}).status_code == 409


@pytest.mark.parametrize("token", ["x", "x~y", "~", "00000000-0000-0000-0000-000000000000~abc"])
def test_a_forged_address_is_not_there(cast: Cast, client: Browser, token: str) -> None:
    assert client.get(reverse("book:questions", args=[token])).status_code == 404


def test_a_token_of_one_appointment_is_none_of_another(visit: Appointment, client: Browser) -> None:
    _key, _sep, signature = access.questions_token(visit.key).partition("~")
    forged = f"{CheckIn().key}~{signature}"
    assert client.get(reverse("book:questions", args=[forged])).status_code == 404


def test_the_address_ends_when_the_appointment_begins_or_is_cancelled(
    cast: Cast, visit: Appointment, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get(address(visit)).status_code == 200
    begun: datetime = visit.start
    monkeypatch.setattr("django.utils.timezone.now", lambda: begun)
    assert client.get(address(visit)).status_code == 404
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    arrange.cancel(cast.finn, visit, now=NOW)
    assert client.post(address(visit), BEGIN).status_code == 404


def test_closed_checkins_say_so(cast: Cast, visit: Appointment, client: Browser) -> None:
    cast.practice.safety_approved_by = ""
    cast.practice.save(update_fields=["safety_approved_by"])
    page = client.get(address(visit)).content.decode()
    assert "closed at the moment" in page
    client.post(address(visit), BEGIN)
    assert not CheckIn.objects.exists()
