"""Somebody who takes an anticoagulant never gets deep tissue, reads why, and finds something else.

By every way: the guided list, the technique's page, the therapists, the week of times, a form made
by hand, and a time that was held before the medicine was told.
"""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.access.test_red_flags_close_every_route import confirm, signed_in
from tests.appointments import a_hold
from tests.cast import Cast, at
from tests.checkins import a_completed_checkin
from tests.journey.choose.test_techniques_page import text_of
from unknot.journey.book.models import Appointment
from unknot.journey.choose.models import Service

pytestmark = pytest.mark.usefixtures("now")

THERAPISTS = reverse("choose:therapists")


@pytest.fixture
def ana(cast: Cast) -> Browser:
    """Ana's browser; her check-in says that she takes an anticoagulant."""
    a_completed_checkin(cast.ana, practice=cast.practice, medicines=["anticoagulant"])
    return signed_in(cast, "ana")


def times(service: Service) -> str:
    return reverse("book:slots", args=["tess", service.pk])


def hold(browser: Browser, service: Service) -> int:
    address = reverse("book:hold", args=["tess", service.pk])
    return browser.post(address, {"start": at(11, days=5).isoformat()}).status_code


@pytest.mark.parametrize("said", ["yes", "unsure"])
def test_no_page_leads_to_a_time_for_it(cast: Cast, said: str) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, medicines={"anticoagulant": said})
    browser = signed_in(cast, "ana")
    pages = [
        reverse("choose:techniques"),
        reverse("choose:technique", args=["deep_tissue"]),
        THERAPISTS,
        f"{THERAPISTS}?technique=deep_tissue",
        reverse("choose:therapist", args=["tess"]),
        times(cast.deep_tissue),
    ]
    for address in pages:
        page = browser.get(address).content.decode()
        assert f'href="{times(cast.deep_tissue)}"' not in page, address
        assert f'href="{THERAPISTS}?technique=deep_tissue' not in page, address
        assert reverse("book:hold", args=["tess", cast.deep_tissue.pk]) not in page, address


def test_without_the_medicine_the_same_pages_lead_there(cast: Cast) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice)
    browser = signed_in(cast, "ana")
    guided = browser.get(reverse("choose:techniques")).content.decode()
    assert f'href="{THERAPISTS}?technique=deep_tissue' in guided
    therapist = browser.get(reverse("choose:therapist", args=["tess"])).content.decode()
    assert times(cast.deep_tissue) in therapist
    assert hold(browser, cast.deep_tissue) == 302


def test_it_says_why_and_what_else(cast: Cast, ana: Browser) -> None:
    page = text_of(ana.get(reverse("choose:techniques")))
    left_out = page[page.index("Not offered to you") :]
    assert "Deep tissue massage" in left_out
    assert "Anticoagulants: bruising and bleeding. Use Swedish" in left_out
    assert "Swedish" in page[: page.index("Not offered to you")]
    assert "Exercise, staying active and time help most people" in page
    technique = text_of(ana.get(reverse("choose:technique", args=["deep_tissue"])))
    assert "Not offered to you, because of what you told us." in technique


def test_a_hand_made_form_is_refused_and_another_technique_is_not(cast: Cast, ana: Browser) -> None:
    assert hold(ana, cast.deep_tissue) == 409
    assert not Appointment.objects.exists()
    assert hold(ana, cast.swedish) == 302


def test_a_time_held_before_the_medicine_was_told_cannot_be_booked(cast: Cast) -> None:
    first = a_completed_checkin(cast.ana, practice=cast.practice)
    held = a_hold(cast, checkin=first, service=cast.deep_tissue, start=at(14, days=4))
    a_completed_checkin(cast.ana, practice=cast.practice, medicines=["anticoagulant"])
    assert confirm(signed_in(cast, "ana"), held) == 409
    held.refresh_from_db()
    assert held.booked_at is None
