"""The practice's page for its manager: the safety table and who approved it."""

from datetime import date

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tests.practice.test_day_page import signed_in

pytestmark = pytest.mark.usefixtures("now")
SETTINGS = reverse("practice:settings")
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
