"""What the practice offers: the list, a new service, and prices as people type them."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Cast, a_service
from tests.practice.test_day_page import signed_in
from unknot.journey.choose.actions import offering as offers
from unknot.journey.choose.models import Service
from unknot.people.models import AuditEntry
from unknot.web import money
from unknot.web.errors import BadInput, Denied, Missing

pytestmark = pytest.mark.usefixtures("now")
OFFER = reverse("practice:offer")
PEOPLE = [("tess", 403), ("finn", 403), ("uma", 403), ("ana", 404), ("opal", 404)]


def sent(cast: Cast, **changed: object) -> dict[str, object]:
    return {
        "technique": "swedish",
        "minutes": "90",
        "setup_minutes": "5",
        "cleanup_minutes": "15",
        "price": "95.50",
        "therapists": [str(cast.tess.pk)],
        **changed,
    }


def a_draft(cast: Cast, **changed: object) -> offers.ServiceDraft:
    values = {
        "technique": "swedish",
        "minutes": 90,
        "price_minor": 9550,
        "therapists": frozenset({cast.tess.pk}),
    }
    return offers.ServiceDraft(**values | changed)  # type: ignore[arg-type]


def test_a_manager_adds_a_service(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    assert browser.post(OFFER, sent(cast)).headers["Location"] == OFFER
    made = Service.objects.get(minutes=90)
    assert (made.price_minor, made.setup_minutes, made.cleanup_minutes) == (9550, 5, 15)
    assert list(made.therapists.all()) == [cast.tess]
    assert AuditEntry.objects.get(action="service.added").actor == cast.paz
    page = browser.get(OFFER).content.decode()
    assert "95.50 EUR" in page


def test_the_list_says_what_cannot_be_booked_and_who_is_not_listed(
    client: Browser, cast: Cast
) -> None:
    cast.theo.listed_since = None
    cast.theo.save(update_fields=["listed_since"])
    cast.swedish.active = False
    cast.swedish.save(update_fields=["active"])
    page = signed_in(client, cast, "paz").get(OFFER).content.decode()
    assert "Cannot be booked at the moment" in page
    assert "Theo (not listed)" in page
    assert "Uma" not in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"price": "-1"}, "A price cannot be below zero."),
        ({"price": "−1"}, "A price cannot be below zero."),
        ({"price": "1000000000000"}, "a price is at most 1000000.00 EUR"),
        ({"price": "70,505"}, "too many decimals for EUR: write it like 70.00"),
        ({"price": "seventy"}, "in digits only, such as 70.00"),
        ({"price": "1e3"}, "in digits only"),
        ({"price": "٧٠"}, "in digits only"),
        ({"price": "NaN"}, "in digits only"),
        ({"price": "1,000.00"}, "in digits only"),
        ({"price": ""}, "Write the price."),
        ({"technique": "crystals"}, "Choose a technique from the list."),
        ({"technique": ""}, "Choose a technique from the list."),
        ({"minutes": "25"}, "lasts 30 to 90 minutes"),
        ({"minutes": "95"}, "lasts 30 to 90 minutes"),
        ({"minutes": "31"}, "Write minutes in steps of 5."),
        ({"minutes": "-60"}, "lasts 30 to 90 minutes"),
        ({"minutes": "an hour"}, "Write a whole number of minutes."),
        ({"setup_minutes": "61"}, "at most 60 minutes"),
        ({"cleanup_minutes": "-1"}, "at least 0 minutes"),
        ({"therapists": []}, "Choose who offers this."),
        ({"therapists": ["x"]}, "Choose therapists of this practice."),
    ],
)
def test_a_service_that_cannot_be_kept_gets_a_sentence_and_loses_nothing(
    client: Browser, cast: Cast, changed: dict[str, object], sentence: str
) -> None:
    before = Service.objects.count()
    answer = signed_in(client, cast, "paz").post(OFFER, sent(cast, **changed))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert "cleanup_minutes" in changed or 'value="15"' in page
    assert Service.objects.count() == before


def test_a_therapist_of_another_practice_cannot_be_chosen(client: Browser, cast: Cast) -> None:
    answer = signed_in(client, cast, "paz").post(OFFER, sent(cast, therapists=[cast.uma.pk]))
    assert answer.status_code == 422
    assert "Choose therapists of this practice." in answer.content.decode()


def test_the_same_technique_and_length_twice_is_a_conflict(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    answer = browser.post(OFFER, sent(cast, minutes="60"))
    assert answer.status_code == 409
    assert "change that one instead" in answer.content.decode()
    assert Service.objects.filter(practice=cast.practice).count() == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"technique": "crystals"},
        {"minutes": 29},
        {"setup_minutes": -1},
        {"cleanup_minutes": 61},
        {"price_minor": -1},
        {"price_minor": money.HIGHEST + 1},
        {"therapists": frozenset()},
        {"therapists": frozenset({0})},
    ],
)
def test_the_action_refuses_what_a_form_would_have_refused(
    cast: Cast, changed: dict[str, object]
) -> None:
    with pytest.raises(BadInput):
        offers.add_service(cast.paz, cast.practice, draft=a_draft(cast, **changed), now=NOW)
    assert Service.objects.filter(practice=cast.practice).count() == 2


def test_only_a_manager_of_the_practice_adds_a_service(cast: Cast) -> None:
    with pytest.raises(Denied):
        offers.add_service(cast.user("tess"), cast.practice, draft=a_draft(cast), now=NOW)
    with pytest.raises(Missing):
        offers.add_service(cast.paz, cast.other_practice, draft=a_draft(cast), now=NOW)
    assert not Service.objects.filter(minutes=90).exists()


@pytest.mark.parametrize(("name", "status"), PEOPLE)
def test_nobody_else_opens_it(client: Browser, cast: Cast, name: str, status: int) -> None:
    browser = signed_in(client, cast, name)
    assert browser.get(OFFER).status_code == status
    assert browser.post(OFFER, sent(cast)).status_code == status
    assert not Service.objects.filter(minutes=90).exists()


def test_wrong_methods_are_refused(client: Browser, cast: Cast) -> None:
    assert signed_in(client, cast, "paz").delete(OFFER).status_code == 405
    assert Browser().post(OFFER, sent(cast)).headers["Location"].startswith("/accounts/login/")


def test_the_number_of_queries_does_not_grow_with_the_services(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(client, cast, "paz")
    with django_assert_num_queries(10):
        browser.get(OFFER)
    a_service(cast.practice, "thai", cast.tess, cast.theo, minutes=90)
    a_service(cast.practice, "swedish", cast.theo, minutes=45)
    with django_assert_num_queries(10):
        browser.get(OFFER)


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("70", "EUR", 7000),
        (" 70.5 ", "EUR", 7050),
        ("70,50", "EUR", 7050),
        ("0.29", "EUR", 29),
        ("1000000", "EUR", 100_000_000),
        ("7000", "JPY", 7000),
        ("70,505", "KWD", 70505),
        ("0", "EUR", 0),
    ],
)
def test_a_typed_price_is_read_exactly(typed: str, currency: str, minor: int) -> None:
    assert money.parse(typed, currency) == minor


@pytest.mark.parametrize(
    ("minor", "currency"), [(7050, "EUR"), (5, "EUR"), (70, "JPY"), (1, "KWD")]
)
def test_a_price_in_a_field_is_read_back_as_it_was(minor: int, currency: str) -> None:
    assert money.parse(money.amount(minor, currency), currency) == minor


@pytest.mark.parametrize("typed", ["70.5", "70.", ".5", "9" * 5000])
def test_a_price_that_the_currency_does_not_have_is_refused(typed: str) -> None:
    with pytest.raises(money.BadPrice):
        money.parse(typed, "JPY")
