"""The public page of one therapist: what machines read of it, and what stays in place."""

from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import TODAY, Cast
from tests.journey.choose.listing import a_credential, a_review, signed_sessions
from tests.journey.choose.test_techniques_page import text_of
from unknot.journey.choose.models import Therapist
from unknot.people.models import Location

pytestmark = pytest.mark.usefixtures("now")
PAGE = "/therapists/tess/"
SCHEMA = "https://schema.org/"
#: Of schema.org, for each type that the page may use: the properties that it may have.
PROPERTIES = {
    "Person": {
        "name", "url", "jobTitle", "worksFor", "knowsLanguage", "description", "hasCredential",
        "makesOffer",
    },
    "HealthAndBeautyBusiness": {"name", "address", "telephone", "priceRange", "geo"},
    "GeoCoordinates": {"latitude", "longitude"},
    "EducationalOccupationalCredential": {"name", "credentialCategory"},
    "Offer": {"name", "itemOffered", "price", "priceCurrency", "aggregateRating"},
    "Service": {"name"},
    "AggregateRating": {"ratingValue", "reviewCount", "bestRating", "worstRating"},
}  # fmt: skip
VOID = {"meta", "link", "img", "br", "input", "hr", "path", "rect", "circle"}


@dataclass
class Item:
    """One thing of microdata, with its properties."""

    type: str
    properties: dict[str, list["Item | str"]] = field(default_factory=dict)

    def add(self, name: str, value: "Item | str") -> None:
        self.properties.setdefault(name, []).append(value)

    def words(self, name: str) -> list[str]:
        """The texts of a property."""
        return [
            " ".join(one.split()) for one in self.properties.get(name, []) if isinstance(one, str)
        ]

    def items(self, name: str) -> list["Item"]:
        """The things of a property."""
        return [one for one in self.properties.get(name, []) if isinstance(one, Item)]


class Microdata(HTMLParser):
    """Read the things of a page as a machine does; a property outside of any thing is an error."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.top: list[Item] = []
        self._open: list[tuple[str, Item | None, tuple[Item, str, list[str]] | None]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        owner = next((item for _tag, item, _text in reversed(self._open) if item), None)
        name, item, text = given.get("itemprop"), None, None
        if "itemscope" in given:
            item = Item((given.get("itemtype") or "").removeprefix(SCHEMA))
            if name is None:
                self.top.append(item)
        if name is not None:
            assert owner is not None, f"{name} belongs to nothing"
            if item is not None:
                owner.add(name, item)
            elif tag in {"meta", "link"}:
                owner.add(name, given.get("content") or given.get("href") or "")
            else:
                text = (owner, name, [])
        if tag not in VOID:
            self._open.append((tag, item, text))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or tag not in {opened for opened, _item, _text in self._open}:
            return
        while self._open:
            opened, _item, text = self._open.pop()
            if text is not None:
                owner, name, parts = text
                owner.add(name, "".join(parts))
            if opened == tag:
                break

    def handle_data(self, data: str) -> None:
        for _tag, _item, text in self._open:
            if text is not None:
                text[2].append(data)


def person_of(client: Browser) -> Item:
    """The one thing that the page is about."""
    (person,) = Microdata(client.get(PAGE).content.decode()).top
    return person


def every(item: Item) -> list[Item]:
    """A thing with all things in it."""
    inner = [one for values in item.properties.values() for one in values if isinstance(one, Item)]
    return [item, *(deeper for one in inner for deeper in every(one))]


def test_each_property_belongs_to_its_type(cast: Cast, client: Browser) -> None:
    a_credential(cast.tess)
    for _number in range(5):
        a_review(cast.tess, cast.ana, 5)
    Location.objects.update(latitude=52.53, longitude=13.38)
    person = person_of(client)
    assert person.type == "Person"
    for item in every(person):
        assert item.properties.keys() <= PROPERTIES[item.type], item.type
    assert {item.type for item in every(person)} == PROPERTIES.keys()


def test_machines_read_who_where_and_for_how_much(cast: Cast, client: Browser) -> None:
    Location.objects.filter(practice=cast.practice).update(latitude=52.53, longitude=13.38)
    person = person_of(client)
    assert person.words("name") == ["Tess"]
    assert person.words("knowsLanguage") == ["English", "German"]
    (practice,) = person.items("worksFor")
    assert practice.words("name") == ["Lindenweg"]
    assert practice.words("address") == ["Lindenweg 4"]
    assert practice.words("priceRange") == ["70.00 EUR"]
    (geo,) = practice.items("geo")
    assert (geo.words("latitude"), geo.words("longitude")) == (["52.53000"], ["13.38000"])
    offers = person.items("makesOffer")
    assert [offer.words("price") for offer in offers] == [["70.00"], ["70.00"]]
    assert offers[0].words("priceCurrency") == ["EUR"]
    assert offers[0].items("itemOffered")[0].words("name") == ["Deep tissue massage"]


def test_without_coordinates_machines_read_none(cast: Cast, client: Browser) -> None:
    assert not person_of(client).items("worksFor")[0].items("geo")


def test_machines_read_only_credentials_with_the_badge(cast: Cast, client: Browser) -> None:
    a_credential(cast.tess, title="Massage licence")
    a_credential(cast.tess, title="Old licence", checked_on=TODAY - timedelta(days=91))
    a_credential(cast.tess, title="Own word", method="self", checked_on=None, checked_by=None)
    found = person_of(client).items("hasCredential")
    assert [one.words("name") for one in found] == [["Massage licence"]]
    text = text_of(client.get(PAGE))
    assert "Old licence" in text
    assert "Own word" in text


def test_machines_read_a_score_only_from_five_reviews(cast: Cast, client: Browser) -> None:
    def ratings() -> list[Item]:
        return [item for item in every(person_of(client)) if item.type == "AggregateRating"]

    for _number in range(4):
        a_review(cast.tess, cast.ana, 4)
    assert ratings() == []
    a_review(cast.tess, cast.ana, 5)
    (rating,) = ratings()
    assert (rating.words("ratingValue"), rating.words("reviewCount")) == (["4.2"], ["5"])


def test_the_page_has_one_address(cast: Cast, client: Browser) -> None:
    page = client.get(PAGE, {"from": "somewhere"}).content.decode()
    assert '<link rel="canonical" href="http://testserver/therapists/tess/">' in page
    assert reverse("choose:therapist", args=["tess"]) == PAGE
    Therapist.objects.filter(pk=cast.tess.pk).update(name="Tess Summer")
    assert "Tess Summer" in text_of(client.get(PAGE))


def test_nothing_on_the_page_is_a_script_of_its_own(cast: Cast, client: Browser) -> None:
    answer = client.get(PAGE)
    assert "ld+json" not in answer.content.decode()
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_experience_is_counted_and_trainings_say_whose_word_they_are(
    cast: Cast, client: Browser
) -> None:
    signed_sessions(cast.tess, 3, "swedish")
    a_credential(
        cast.tess, kind="training", title="Trigger points", hours=120, method="self",
        number="", checked_on=None, checked_by=None,
    )  # fmt: skip
    text = text_of(client.get(PAGE))
    assert "3 signed sessions here" in text
    assert "Swedish (classic, relaxation) massage 3" in text
    assert "Practising since 2015, by their own account." in text
    assert "Trigger points" in text
    assert "120 hours" in text
    assert "The therapist's own word, not checked" in text.replace("&#x27;", "'").replace("’", "'")


def test_the_number_of_queries_does_not_grow(
    cast: Cast, client: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(9):
        client.get(PAGE)
    for number in range(4):
        a_credential(cast.tess, number=f"M-{number}")
        signed_sessions(cast.tess, 1, "swedish")
    with django_assert_num_queries(9):
        client.get(PAGE)
