"""The practice's page for its manager: the safety table and who approved it."""

from datetime import date

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Cast
from tests.journey.understand.walk import begin
from tests.practice.test_day_page import signed_in
from unknot.people.actions import check_numbers
from unknot.people.models import AuditEntry
from unknot.web.errors import BadInput, Denied, Missing

pytestmark = pytest.mark.usefixtures("now")
SETTINGS = reverse("practice:settings")
NUMBERS = reverse("practice:numbers")
CHECKED = {
    "numbers-emergency_number": "144",
    "numbers-phone": "+41 44 555 01 00",
    "numbers-checked": "on",
}
APPROVAL = {"name": "Dr Weber", "on_day": "26", "on_month": "3", "on_year": "2026"}


def closed(cast: Cast) -> None:
    cast.practice.safety_approved_by = ""
    cast.practice.safety_approved_version = None
    cast.practice.save(update_fields=["safety_approved_by", "safety_approved_version"])


@pytest.mark.parametrize(
    ("name", "status"),
    [("paz", 200), ("tess", 403), ("finn", 403), ("uma", 403), ("ana", 404), ("opal", 404)],
)
def test_only_a_manager_opens_it(client: Browser, cast: Cast, name: str, status: int) -> None:
    assert signed_in(client, cast, name).get(SETTINGS).status_code == status


def test_it_says_that_nobody_has_signed_the_table_off_and_counts_what_has_no_source(
    client: Browser, cast: Cast
) -> None:
    page = signed_in(client, cast, "paz").get(SETTINGS).content.decode()
    assert "Not signed off by a clinician yet" in page
    assert "Rows without a published source" in page
    assert "of 98 rules" in page
    assert "Europe/Berlin" in page


def test_an_approval_is_recorded_and_opens_check_ins(client: Browser, cast: Cast) -> None:
    closed(cast)
    browser = signed_in(client, cast, "paz")
    assert "Nobody has approved it" in browser.get(SETTINGS).content.decode()
    assert browser.post(SETTINGS, APPROVAL).status_code == 302
    cast.practice.refresh_from_db()
    assert cast.practice.safety_approved_by == "Dr Weber"
    assert cast.practice.safety_approved_on == date(2026, 3, 26)
    assert cast.practice.safety_approved_version == 1
    assert "Check-ins are open." in browser.get(SETTINGS).content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "Write the name of the clinician"),
        ({"on_year": "2027"}, "lies in the future"),
        ({"on_day": ""}, "Write the day, the month and the year."),
    ],
)
def test_an_approval_that_cannot_be_kept_changes_nothing(
    client: Browser, cast: Cast, change: dict[str, str], sentence: str
) -> None:
    closed(cast)
    answer = signed_in(client, cast, "paz").post(SETTINGS, APPROVAL | change)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    cast.practice.refresh_from_db()
    assert cast.practice.safety_approved_by == ""


def test_a_version_that_is_no_longer_in_use_is_named(client: Browser, cast: Cast) -> None:
    cast.practice.safety_approved_version = 99
    cast.practice.save(update_fields=["safety_approved_version"])
    page = signed_in(client, cast, "paz").get(SETTINGS).content.decode()
    assert "no longer in use" in page
    assert "Check-ins are closed" in page


def test_a_practice_that_can_be_booked_reads_of_nothing_missing(
    client: Browser, cast: Cast
) -> None:
    page = signed_in(client, cast, "paz").get(SETTINGS)
    assert page.context["tasks"] == ()
    assert "Before the first time can be booked" not in page.content.decode()


def test_hours_of_somebody_who_offers_nothing_do_not_count(client: Browser, cast: Cast) -> None:
    cast.tess.workinghours_set.all().delete()
    for service in (cast.swedish, cast.deep_tissue):
        service.therapists.set([cast.tess])
    page = signed_in(client, cast, "paz").get(SETTINGS)
    assert [str(task.action) for task in page.context["tasks"]] == ["Write the hours"]


def test_the_number_of_queries(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(client, cast, "paz")
    with django_assert_num_queries(9):
        browser.get(SETTINGS)


# Emergency and help numbers --------------------------------------------------------------------


def test_the_numbers_are_unchecked_until_a_manager_says_so_and_then_say_who_and_when(
    client: Browser, cast: Cast
) -> None:
    browser = signed_in(client, cast, "paz")
    page = browser.get(SETTINGS)
    assert [task.url for task in page.context["checks"]] == ["#numbers"]
    assert "Nobody has checked them yet." in page.content.decode()
    assert browser.post(NUMBERS, CHECKED).headers["Location"] == SETTINGS
    page = browser.get(SETTINGS)
    assert page.context["checks"] == ()
    assert "Paz checked them on 27 March 2026." in page.content.decode()
    cast.practice.refresh_from_db()
    assert cast.practice.phone == "+41 44 555 01 00"
    entry = AuditEntry.objects.get(action="help-numbers.checked")
    assert (entry.actor, entry.at) == (cast.paz, NOW)


def test_clients_read_the_new_emergency_number(client: Browser, cast: Cast) -> None:
    signed_in(Browser(), cast, "paz").post(NUMBERS, CHECKED)
    begin(client)
    page = client.get("/check-in/mind/").content.decode()
    assert 'Emergency number: <a href="tel:144">144</a>' in page
    assert 'Emergency number: <a href="tel:112">' not in page


@pytest.mark.parametrize(
    ("country", "line"),
    [
        ("DE", "TelefonSeelsorge"),
        ("GB", "Samaritans"),
        ("US", "Call or text"),
        ("FR", "Your local emergency number"),
    ],
)
def test_the_help_lines_follow_the_country_on_both_sides(
    client: Browser, cast: Cast, country: str, line: str
) -> None:
    cast.practice.country = country
    cast.practice.save(update_fields=["country"])
    assert line in signed_in(Browser(), cast, "paz").get(SETTINGS).content.decode()
    begin(client)
    assert line in client.get("/check-in/mind/").content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"numbers-emergency_number": ""}, "Write the emergency number."),
        ({"numbers-emergency_number": "1"}, "2 to 20 digits and spaces"),
        ({"numbers-emergency_number": "+"}, "2 to 20 digits and spaces"),
        ({"numbers-emergency_number": "1" * 21}, "2 to 20 digits and spaces"),
        ({"numbers-emergency_number": "1" * 200_000}, "2 to 20 digits and spaces"),
        ({"numbers-emergency_number": "one one two"}, "2 to 20 digits and spaces"),
        ({"numbers-emergency_number": "١١٢"}, "2 to 20 digits and spaces"),
        ({"numbers-phone": "<b>030</b>"}, "2 to 20 digits and spaces"),
        ({"numbers-phone": "030/5550100"}, "2 to 20 digits and spaces"),
        ({"numbers-checked": ""}, "Make sure of the numbers and the help lines, then tick."),
    ],
)
def test_numbers_that_cannot_be_dialled_change_nothing(
    client: Browser, cast: Cast, changed: dict[str, str], sentence: str
) -> None:
    answer = signed_in(client, cast, "paz").post(NUMBERS, CHECKED | changed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    cast.practice.refresh_from_db()
    assert (cast.practice.emergency_number, cast.practice.numbers_checked_at) == ("112", None)


def test_a_practice_may_have_no_phone(client: Browser, cast: Cast) -> None:
    signed_in(client, cast, "paz").post(NUMBERS, CHECKED | {"numbers-phone": " "})
    cast.practice.refresh_from_db()
    assert (cast.practice.phone, cast.practice.emergency_number) == ("", "144")


@pytest.mark.parametrize(
    ("name", "status"), [("tess", 403), ("finn", 403), ("uma", 403), ("ana", 404), ("opal", 404)]
)
def test_only_a_manager_changes_the_numbers(
    client: Browser, cast: Cast, name: str, status: int
) -> None:
    assert signed_in(client, cast, name).post(NUMBERS, CHECKED).status_code == status
    cast.practice.refresh_from_db()
    assert cast.practice.emergency_number == "112"


@pytest.mark.parametrize(("by", "refusal"), [("tess", Denied), ("uma", Missing)])
def test_the_action_asks_for_the_role_itself(cast: Cast, by: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        check_numbers(cast.user(by), cast.practice, phone="", emergency_number="144", now=NOW)


@pytest.mark.parametrize(("emergency", "phone"), [("", ""), ("x", ""), ("112", "x"), ("112\n", "")])
def test_the_action_refuses_what_a_form_would_have_refused(
    cast: Cast, emergency: str, phone: str
) -> None:
    with pytest.raises(BadInput, match="2 to 20 digits"):
        check_numbers(cast.paz, cast.practice, phone=phone, emergency_number=emergency, now=NOW)
    cast.practice.refresh_from_db()
    assert cast.practice.emergency_number == "112"
