"""What can still change about a service, and what stays because appointments refer to it."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, a_member
from tests.practice.test_day_page import signed_in
from unknot.journey.choose.actions import offering as offers
from unknot.people.models import AuditEntry, Role
from unknot.web.errors import BadInput, Denied

pytestmark = pytest.mark.usefixtures("now")
PEOPLE = [("tess", 403), ("finn", 403), ("uma", 403), ("ana", 404), ("opal", 404)]


def page_of(cast: Cast) -> str:
    return reverse("practice:service", args=[cast.swedish.pk])


def sent(cast: Cast, **changed: object) -> dict[str, object]:
    whole = {"price": "80", "therapists": [str(cast.theo.pk)], "active": "on", **changed}
    return {name: value for name, value in whole.items() if value is not None}


def test_a_manager_changes_price_and_therapists_and_booked_times_keep_theirs(
    client: Browser, cast: Cast
) -> None:
    booked = an_appointment(cast)
    browser = signed_in(client, cast, "paz")
    assert 'value="70.00"' in browser.get(page_of(cast)).content.decode()
    answer = browser.post(page_of(cast), sent(cast, technique="thai", minutes="30"))
    assert answer.headers["Location"] == reverse("practice:offer")
    cast.swedish.refresh_from_db()
    booked.refresh_from_db()
    assert (cast.swedish.price_minor, booked.price_minor) == (8000, 7000)
    assert (cast.swedish.technique, cast.swedish.minutes) == ("swedish", 60)
    assert list(cast.swedish.therapists.all()) == [cast.theo]
    assert AuditEntry.objects.get(action="service.changed").actor == cast.paz


def test_a_service_that_is_switched_off_is_no_longer_offered(client: Browser, cast: Cast) -> None:
    slots = reverse("book:slots", args=["tess", cast.swedish.pk])
    browser = signed_in(client, cast, "paz")
    assert browser.get(slots).status_code == 200
    browser.post(page_of(cast), sent(cast, active=None))
    cast.swedish.refresh_from_db()
    assert not cast.swedish.active
    assert browser.get(slots).status_code == 404


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"price": "-1"}, "A price cannot be below zero."),
        ({"price": "1000000000000"}, "a price is at most"),
        ({"price": "70,505"}, "too many decimals"),
        ({"price": "much"}, "in digits only"),
        ({"therapists": None}, "Choose who offers this."),
        ({"therapists": ["0"]}, "Choose therapists of this practice."),
    ],
)
def test_a_change_that_cannot_be_kept_changes_nothing(
    client: Browser, cast: Cast, changed: dict[str, object], sentence: str
) -> None:
    answer = signed_in(client, cast, "paz").post(page_of(cast), sent(cast, **changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    cast.swedish.refresh_from_db()
    assert cast.swedish.price_minor == 7000
    assert cast.swedish.therapists.count() == 2


@pytest.mark.parametrize(("name", "status"), PEOPLE)
def test_nobody_else_opens_it(client: Browser, cast: Cast, name: str, status: int) -> None:
    browser = signed_in(client, cast, name)
    assert browser.get(page_of(cast)).status_code == status
    assert browser.post(page_of(cast), sent(cast)).status_code == status
    cast.swedish.refresh_from_db()
    assert cast.swedish.price_minor == 7000


def test_a_manager_of_another_practice_does_not_find_it(client: Browser, cast: Cast) -> None:
    other = a_member("Otto", cast.other_practice, Role.MANAGER)
    client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(page_of(cast)).status_code == 404
    assert client.post(page_of(cast), sent(cast)).status_code == 404
    assert client.get(reverse("practice:service", args=[10**9])).status_code == 404


def test_the_action_asks_for_the_role_and_the_price_itself(cast: Cast) -> None:
    everybody = frozenset({cast.tess.pk})
    change = {"therapists": everybody, "active": True, "now": NOW}
    with pytest.raises(Denied):
        offers.change_service(cast.user("tess"), cast.swedish, price_minor=1, **change)  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        offers.change_service(cast.paz, cast.swedish, price_minor=-1, **change)  # type: ignore[arg-type]


def test_wrong_methods_are_refused(client: Browser, cast: Cast) -> None:
    assert signed_in(client, cast, "paz").put(page_of(cast)).status_code == 405
    assert Browser().get(page_of(cast)).headers["Location"].startswith("/accounts/login/")


def test_the_number_of_queries(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(client, cast, "paz")
    with django_assert_num_queries(13):
        browser.get(page_of(cast))
