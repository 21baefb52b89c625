"""From an empty installation to a booked time, through the pages a practice has for it."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, PASSWORD, TODAY, a_user, at
from tests.checkins import a_completed_checkin
from unknot.domain.screening import catalogue as screening
from unknot.journey.book.actions import booking
from unknot.journey.book.models import Appointment
from unknot.journey.book.reads import weeks
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.models import Service, Therapist
from unknot.people.actions import approve_safety_table, set_up_practice
from unknot.people.models import Client, Practice, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

MONDAY_TEN = at(10, days=3)
LISTING = {
    "name": "Mara Winter",
    "about": "Slow and thorough.",
    "languages": ["en", "de"],
    "practising_since": "2015",
    "listed": "on",
}
SERVICE = {
    "technique": "swedish",
    "minutes": "60",
    "setup_minutes": "0",
    "cleanup_minutes": "10",
    "price": "70,50",
}


def an_empty_practice(*, also_therapist: bool = True) -> Practice:
    """What ./unknot setup leaves behind."""
    return set_up_practice(
        practice_name="Winter Massage",
        location_name="First floor",
        address="Winterweg 1",
        zone="Europe/Berlin",
        currency="EUR",
        country="DE",
        manager_name="Mara Winter",
        manager_email="mara@example.org",
        password=PASSWORD,
        also_therapist=also_therapist,
        now=NOW,
    )


def missing_in(browser: Browser) -> list[str]:
    """What the checklist still asks for."""
    tasks = browser.get(reverse("practice:settings")).context["tasks"]
    return [str(task.action) for task in tasks]


def the_manager(browser: Browser) -> User:
    manager = User.objects.get(email="mara@example.org")
    browser.force_login(manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    return manager


def book_monday_ten(practice: Practice) -> Appointment:
    client = Client.objects.create(
        practice=practice, user=a_user("Ana"), name="Ana", created_at=NOW
    )
    assert client.user is not None
    held = booking.hold(
        a_completed_checkin(client, practice=practice),
        actor=client.user,
        wanted=Wanted(therapist=Therapist.objects.get(), service=Service.objects.get()),
        start=MONDAY_TEN,
        now=NOW,
    )
    return booking.confirm(client.user, client, held, note="", now=NOW)


def test_a_therapist_who_works_alone_becomes_bookable_page_by_page(client: Browser) -> None:
    practice = an_empty_practice()
    manager = the_manager(client)
    first = ["Record the approval", "Write your listing", "Add a service", "Write the hours"]
    assert missing_in(client) == first

    version = screening.load().version
    approve_safety_table(manager, practice, name="Dr Weber", on=TODAY, version=version, now=NOW)
    assert missing_in(client) == first[1:]

    where = {"location": str(practice.location_set.get().pk)}
    assert client.post(reverse("practice:listing"), LISTING | where).status_code == 302
    assert missing_in(client) == first[2:]

    assert client.post(reverse("practice:offer"), SERVICE).status_code == 302
    assert missing_in(client) == first[3:]

    hours = reverse("practice:hours")
    fingerprint = client.get(hours).context["form"].initial["fingerprint"]
    week = {"day0-0-from": "9:00", "day0-0-to": "12:30", "fingerprint": fingerprint}
    assert client.post(hours, week).status_code == 302
    assert missing_in(client) == []

    therapist, service = Therapist.objects.get(), Service.objects.get()
    shown = weeks.week(
        Wanted(therapist=therapist, service=service), first_day=MONDAY_TEN.date(), now=NOW
    )
    assert [day.count > 0 for day in shown.days] == [True, False, False, False, False, False, False]
    booked = book_monday_ten(practice)
    assert (booked.status, booked.price_minor, booked.currency) == ("confirmed", 7050, "EUR")


def test_without_the_pages_nothing_can_be_booked(client: Browser) -> None:
    an_empty_practice()
    the_manager(client)
    assert not Therapist.objects.exists()
    assert "Clients cannot book anything yet." in (
        client.get(reverse("practice:settings")).content.decode()
    )


def test_who_works_alone_reads_no_word_of_a_team(client: Browser) -> None:
    practice = an_empty_practice()
    the_manager(client)
    pages = [reverse(f"practice:{name}") for name in ("settings", "listing", "offer", "hours")]
    before = " ".join(client.get(page).content.decode() for page in pages)
    where = {"location": str(practice.location_set.get().pk)}
    client.post(reverse("practice:listing"), LISTING | where)
    client.post(reverse("practice:offer"), SERVICE)
    pages.append(reverse("practice:service", args=[Service.objects.get().pk]))
    after = " ".join(client.get(page).content.decode() for page in pages)
    for word in ("Who offers it", "Nobody is listed", "Whose hours", "each therapist", "What we"):
        assert word not in before + after


def test_a_manager_who_treats_nobody_is_told_who_has_to_write_a_listing(client: Browser) -> None:
    an_empty_practice(also_therapist=False)
    the_manager(client)
    page = client.get(reverse("practice:settings")).content.decode()
    assert "each therapist signs in, opens My work" in page
    assert "nobody has written one yet" in client.get(reverse("practice:offer")).content.decode()
    assert "Nobody has a listing yet" in client.get(reverse("practice:hours")).content.decode()
