"""The header: which links each role gets, and which one stands for the page that is open."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, Cast
from unknot.people.models import Membership, Role

pytestmark = pytest.mark.usefixtures("now")


def header(cast: Cast, name: str, address: str) -> dict[str, bool]:
    """The labels of the header on a page, and whether each is the current one."""
    browser = Browser()
    browser.force_login(cast.user(name))
    links = browser.get(address).context["navigation"]
    return {str(link.label): link.current for link in links}


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("tess", ["Today", "Call-backs", "My work", "Account"]),
        ("paz", ["Today", "Call-backs", "Practice", "Account"]),
        ("finn", ["Today", "Call-backs", "Account"]),
        ("ana", ["Appointments", "Today", "Progress", "Account"]),
        ("opal", ["Credentials", "Moderation", "Account"]),
    ],
)
def test_each_role_gets_its_links(cast: Cast, name: str, labels: list[str]) -> None:
    assert list(header(cast, name, reverse("people:account"))) == labels


@pytest.mark.parametrize(
    ("name", "page", "label"),
    [
        ("tess", reverse("practice:listing"), "My work"),
        ("tess", reverse("practice:hours"), "My work"),
        ("paz", reverse("practice:settings"), "Practice"),
        ("paz", reverse("practice:offer"), "Practice"),
        ("paz", reverse("practice:hours") + "?therapist=tess", "Practice"),
        ("paz", reverse("practice:day"), "Today"),
        ("finn", reverse("practice:desk"), "Today"),
        ("finn", reverse("practice:desk-book"), "Today"),
        ("tess", reverse("practice:calendar"), "Today"),
        ("tess", reverse("practice:calendar-week"), "Today"),
        ("tess", reverse("practice:time-off"), "My work"),
        ("tess", reverse("practice:limits"), "My work"),
        ("tess", reverse("practice:credentials"), "My work"),
        ("paz", reverse("practice:time-off") + "?therapist=tess", "Practice"),
        ("paz", reverse("practice:limits") + "?therapist=tess", "Practice"),
        ("paz", reverse("practice:resources"), "Practice"),
        ("paz", reverse("practice:add-ons"), "Practice"),
        ("paz", reverse("practice:policies"), "Practice"),
        ("paz", reverse("practice:blocked"), "Practice"),
        ("ana", reverse("book:waiting"), "Appointments"),
        ("ana", reverse("interfaces:calendars"), "Account"),
    ],
)
def test_a_page_below_a_link_marks_that_link(cast: Cast, name: str, page: str, label: str) -> None:
    current = [text for text, is_current in header(cast, name, page).items() if is_current]
    assert current == [label]


def test_who_treats_and_manages_has_both_links_and_one_is_current(cast: Cast) -> None:
    Membership.objects.create(user=cast.paz, practice=cast.practice, role=Role.THERAPIST, since=NOW)
    links = header(cast, "paz", reverse("practice:hours") + "?therapist=tess")
    assert (links["My work"], links["Practice"]) == (False, True)
