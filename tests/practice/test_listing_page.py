"""The own listing: what clients read, and the consent to be shown."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Cast, a_member
from tests.journey.choose.listing import a_credential
from tests.practice.test_day_page import signed_in
from unknot.journey.choose.actions import listing
from unknot.journey.choose.models import Therapist
from unknot.people.models import AuditEntry, Role, User
from unknot.web.errors import BadInput, Denied, Missing

pytestmark = pytest.mark.usefixtures("now")
LISTING = reverse("practice:listing")
PEOPLE = [("paz", 403), ("finn", 403), ("ana", 404), ("opal", 404)]


def sent(cast: Cast, **changed: object) -> dict[str, object]:
    """What Tess sends; a value of None leaves the field out."""
    whole = {
        "name": "Tess",
        "about": "Slow and thorough.",
        "languages": ["de", "uk"],
        "practising_since": "2012",
        "location": str(cast.practice.location_set.get().pk),
        "listed": "on",
    }
    return {name: value for name, value in (whole | changed).items() if value is not None}


def a_draft(cast: Cast, **changed: object) -> listing.ListingDraft:
    values = {"name": "Nora", "location": cast.practice.location_set.get().pk, "listed": True}
    return listing.ListingDraft(**values | changed)  # type: ignore[arg-type]


@pytest.fixture
def nora(cast: Cast) -> User:
    """A therapist of Lindenweg who has no listing yet."""
    return a_member("Nora", cast.practice, Role.THERAPIST)


def test_a_therapist_changes_what_clients_read(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "tess")
    assert browser.post(LISTING, sent(cast)).headers["Location"] == LISTING
    cast.tess.refresh_from_db()
    assert (cast.tess.about, cast.tess.languages) == ("Slow and thorough.", ["de", "uk"])
    assert cast.tess.practising_since == 2012
    assert AuditEntry.objects.get(action="listing.saved").actor == cast.tess.user
    assert "Slow and thorough." in browser.get(LISTING).content.decode()


def test_a_therapist_says_their_gender_and_where_they_work_most(
    client: Browser, cast: Cast
) -> None:
    browser = signed_in(client, cast, "tess")
    browser.post(LISTING, sent(cast, gender="woman", areas=["neck", "jaw"]))
    cast.tess.refresh_from_db()
    assert (cast.tess.gender, cast.tess.areas) == ("woman", ["neck", "jaw"])
    page = browser.get(LISTING).content.decode()
    assert '<option value="woman" selected>' in page
    browser.post(LISTING, sent(cast))
    cast.tess.refresh_from_db()
    assert (cast.tess.gender, cast.tess.areas) == ("", [])
    for wrong in ({"gender": "robot"}, {"areas": ["aura"]}):
        assert browser.post(LISTING, sent(cast, **wrong)).status_code == 422


def test_the_address_stays_when_the_name_changes(client: Browser, cast: Cast) -> None:
    signed_in(client, cast, "tess").post(LISTING, sent(cast, name="Tess Summer"))
    cast.tess.refresh_from_db()
    assert (cast.tess.name, cast.tess.slug) == ("Tess Summer", "tess")


def test_taking_the_consent_back_hides_the_listing_at_once(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "tess")
    first = cast.tess.listed_since
    browser.post(LISTING, sent(cast))
    cast.tess.refresh_from_db()
    assert cast.tess.listed_since == first
    browser.post(LISTING, sent(cast, listed=None))
    cast.tess.refresh_from_db()
    assert cast.tess.listed_since is None
    assert browser.get(reverse("choose:therapist", args=["tess"])).status_code == 404


def test_a_new_listing_gets_an_address_nobody_has(cast: Cast, nora: User) -> None:
    first = listing.save_listing(nora, cast.practice, draft=a_draft(cast, name="Tess"), now=NOW)
    again = listing.save_listing(nora, cast.practice, draft=a_draft(cast, name="Tess"), now=NOW)
    assert (first.slug, again.slug, first.pk) == ("tess-2", "tess-2", again.pk)


@pytest.mark.parametrize(("name", "slug"), [("سارة", "therapist"), ("N" * 120, "n" * 44)])
def test_every_name_gives_an_address(cast: Cast, nora: User, name: str, slug: str) -> None:
    made = listing.save_listing(nora, cast.practice, draft=a_draft(cast, name=name), now=NOW)
    assert made.slug == slug


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, "Write the name that clients see."),
        ({"about": "x" * 1501}, "at most 1500 characters"),
        ({"languages": ["de", "tlh"]}, "Choose languages from the list."),
        ({"practising_since": "2027"}, "This year has not come yet."),
        ({"practising_since": "12"}, "with 4 digits"),
        ({"practising_since": "long ago"}, "with 4 digits"),
        ({"location": "999999"}, "Choose where you work."),
        ({"location": None}, "Choose where you work."),
    ],
)
def test_a_listing_that_cannot_be_kept_changes_nothing(
    client: Browser, cast: Cast, changed: dict[str, object], sentence: str
) -> None:
    answer = signed_in(client, cast, "tess").post(LISTING, sent(cast, **changed))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert "about" in changed or "Slow and thorough." in page
    cast.tess.refresh_from_db()
    assert cast.tess.about == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"name": " "},
        {"about": "x" * 1501},
        {"languages": ("tlh",)},
        {"practising_since": 2027},
        {"location": 0},
    ],
)
def test_the_action_refuses_what_a_form_would_have_refused(
    cast: Cast, nora: User, changed: dict[str, object]
) -> None:
    with pytest.raises(BadInput):
        listing.save_listing(nora, cast.practice, draft=a_draft(cast, **changed), now=NOW)
    assert not Therapist.objects.filter(user=nora).exists()


def test_a_listing_is_for_therapists_of_the_practice(cast: Cast) -> None:
    with pytest.raises(Denied):
        listing.save_listing(cast.paz, cast.practice, draft=a_draft(cast), now=NOW)
    with pytest.raises(Missing):
        listing.save_listing(cast.uma.user, cast.practice, draft=a_draft(cast), now=NOW)
    draft = a_draft(cast, location=cast.other_practice.location_set.get().pk)
    with pytest.raises(BadInput):
        listing.save_listing(cast.tess.user, cast.practice, draft=draft, now=NOW)


@pytest.mark.parametrize(("name", "status"), PEOPLE)
def test_nobody_else_writes_a_listing(client: Browser, cast: Cast, name: str, status: int) -> None:
    browser = signed_in(client, cast, name)
    assert browser.get(LISTING).status_code == status
    assert browser.post(LISTING, sent(cast)).status_code == status


def test_a_colleague_writes_only_the_own_listing(client: Browser, cast: Cast) -> None:
    signed_in(client, cast, "theo").post(LISTING, sent(cast, name="Tess"))
    cast.tess.refresh_from_db()
    cast.theo.refresh_from_db()
    assert (cast.tess.about, cast.theo.about) == ("", "Slow and thorough.")


def test_wrong_methods_are_refused(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "tess")
    assert browser.put(LISTING).status_code == 405
    assert Browser().get(LISTING).headers["Location"].startswith("/accounts/login/")


def test_the_number_of_queries(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(client, cast, "tess")
    for number in range(3):
        a_credential(cast.tess, number=str(number))
    with django_assert_num_queries(9):
        browser.get(LISTING)
