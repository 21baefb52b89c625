"""The places of a practice: where they are, and whether they are step-free."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Cast
from tests.practice.test_day_page import signed_in
from unknot.journey.choose.actions import places
from unknot.people.models import AuditEntry, Location
from unknot.web.errors import BadInput, Denied, Missing

pytestmark = pytest.mark.usefixtures("now")
PLACES = reverse("practice:places")
PEOPLE = [("tess", 403), ("finn", 403), ("uma", 403), ("ana", 404), ("opal", 404)]


def place_of(cast: Cast) -> Location:
    return cast.practice.location_set.get()


def page_of(cast: Cast) -> str:
    return reverse("practice:place", args=[place_of(cast).pk])


def sent(**changed: str) -> dict[str, str]:
    whole = {"name": "Garden house", "address": "Lindenweg 4", "how_to_find": "Second court"}
    return whole | {"coordinates": "52.5323, 13.3846", "step_free": "yes"} | changed


def test_a_manager_says_where_a_place_is(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    assert "No coordinates" in browser.get(PLACES).content.decode()
    assert browser.post(page_of(cast), sent()).headers["Location"] == PLACES
    place = place_of(cast)
    assert (place.name, place.how_to_find) == ("Garden house", "Second court")
    assert (place.latitude, place.longitude, place.step_free) == (52.5323, 13.3846, True)
    assert AuditEntry.objects.get(action="place.saved").actor == cast.paz
    assert "52.53230, 13.38460" in browser.get(PLACES).content.decode()
    assert 'value="52.53230, 13.38460"' in browser.get(page_of(cast)).content.decode()


def test_what_is_left_empty_is_unknown_again(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    browser.post(page_of(cast), sent())
    browser.post(page_of(cast), sent(coordinates="", step_free=""))
    place = place_of(cast)
    assert (place.latitude, place.longitude, place.step_free) == (None, None, None)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, "Write what the place is called."),
        ({"coordinates": "52,53 13,38"}, "Write two numbers with a comma between them"),
        ({"coordinates": "52.5"}, "Write two numbers with a comma between them"),
        ({"coordinates": "north, east"}, "Write two numbers with a comma between them"),
        ({"coordinates": "91, 13"}, "from -90 to 90"),
        ({"coordinates": "nan, 13"}, "from -90 to 90"),
        ({"coordinates": "52, 181"}, "from -180 to 180"),
        ({"step_free": "maybe"}, "Choose an answer."),
    ],
)
def test_a_wrong_value_is_said_and_nothing_is_kept(
    client: Browser, cast: Cast, changed: dict[str, str], sentence: str
) -> None:
    answer = signed_in(client, cast, "paz").post(page_of(cast), sent(**changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert place_of(cast).name == "Main room"
    assert not AuditEntry.objects.filter(action="place.saved").exists()


@pytest.mark.parametrize(
    "draft",
    [
        places.PlaceDraft(name=" "),
        places.PlaceDraft(name="Room", latitude=52.0),
        places.PlaceDraft(name="Room", latitude=91.0, longitude=0.0),
        places.PlaceDraft(name="Room", latitude=float("nan"), longitude=0.0),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_the_action_refuses_what_a_form_would_have_refused(
    cast: Cast, draft: places.PlaceDraft
) -> None:
    with pytest.raises(BadInput):
        places.save_place(cast.paz, place_of(cast), draft=draft, now=NOW)
    assert place_of(cast).name == "Main room"


@pytest.mark.django_db(transaction=True)
def test_only_a_manager_of_the_practice_changes_a_place(cast: Cast) -> None:
    draft = places.PlaceDraft(name="Mine")
    mine, theirs = place_of(cast), cast.other_practice.location_set.get()
    for actor in (cast.tess.user, cast.finn):
        with pytest.raises(Denied):
            places.save_place(actor, mine, draft=draft, now=NOW)
    with pytest.raises(Missing):
        places.save_place(cast.opal, mine, draft=draft, now=NOW)
    with pytest.raises(Missing):
        places.save_place(cast.paz, theirs, draft=draft, now=NOW)


@pytest.mark.parametrize(("name", "status"), PEOPLE)
def test_nobody_else_opens_it(client: Browser, cast: Cast, name: str, status: int) -> None:
    browser = signed_in(client, cast, name)
    for page in (PLACES, page_of(cast)):
        assert browser.get(page).status_code == status
    assert browser.post(page_of(cast), sent()).status_code == status
    assert place_of(cast).name == "Main room"


def test_a_place_of_another_practice_is_not_there(client: Browser, cast: Cast) -> None:
    theirs = reverse("practice:place", args=[cast.other_practice.location_set.get().pk])
    browser = signed_in(client, cast, "paz")
    assert browser.get(theirs).status_code == 404
    assert browser.get(reverse("practice:place", args=[999_999])).status_code == 404


def test_the_number_of_queries(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(client, cast, "paz")
    with django_assert_num_queries(8):
        browser.get(PLACES)
    with django_assert_num_queries(10):
        browser.get(page_of(cast))
