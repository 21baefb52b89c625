"""Find a client as people spell: accents, slips, parts of a number; only one's own practice."""

from datetime import datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.cast import LONG_AGO, Cast, a_user
from unknot.journey.book.reads import desk
from unknot.people.models import CareRelation, Client

NAMES = {
    "Jürgen Müller": "+49 30 5550 0123",
    "Katharina Weiß": "030 / 777 88 99",
    "Zoë Ångström": "",
    "Søren Łukasz": "",
}


@pytest.fixture
def known(cast: Cast) -> Cast:
    """Clients with accents in their names, one with an account, and a namesake elsewhere."""
    for name, phone in NAMES.items():
        Client.objects.create(practice=cast.practice, name=name, phone=phone, created_at=LONG_AGO)
    Client.objects.filter(name="Zoë Ångström").update(user=a_user("zoe.angstrom"))
    Client.objects.create(
        practice=cast.other_practice, name="Jürgen Müller", phone="+49 30 5550 0123",
        created_at=LONG_AGO,
    )  # fmt: skip
    return cast


def names(cast: Cast, text: str, who: str = "finn") -> list[str]:
    found = desk.find_clients(cast.user(who), cast.practice, text)
    return [one.name for one in found]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Jürgen Müller", "Jürgen Müller"),
        ("jurgen", "Jürgen Müller"),
        ("mueller", "Jürgen Müller"),
        ("MULER", "Jürgen Müller"),
        ("Muller Jurgen", "Jürgen Müller"),
        ("Catharina", "Katharina Weiß"),
        ("weiss", "Katharina Weiß"),
        ("angstrom", "Zoë Ångström"),
        ("zoe.ang", "Zoë Ångström"),
        ("zoe.angstrom@example.org", "Zoë Ångström"),
        ("zoe.angstorm@example.org", "Zoë Ångström"),
        ("soren lukas", "Søren Łukasz"),
        ("5550 0123", "Jürgen Müller"),
        ("0123", "Jürgen Müller"),
        ("+49 30 5550-0123", "Jürgen Müller"),
        ("0049 (30) 5550", "Jürgen Müller"),
        ("77788", "Katharina Weiß"),
    ],
)
def test_the_first_found_is_whom_was_meant(known: Cast, typed: str, name: str) -> None:
    assert names(known, typed)[:1] == [name]


@pytest.mark.parametrize("typed", ["", "  ", "12", "Xqzwv", "%", "_", "\\", "9999999"])
def test_nothing_is_found_by_nothing(known: Cast, typed: str) -> None:
    assert names(known, typed) == []


def test_only_clients_of_this_practice_are_found(known: Cast) -> None:
    assert names(known, "Jürgen Müller").count("Jürgen Müller") == 1
    assert Client.objects.filter(name="Jürgen Müller").count() == 2


def test_a_therapist_finds_those_in_their_care_alone(known: Cast) -> None:
    jurgen = Client.objects.get(practice=known.practice, name="Jürgen Müller")
    assert names(known, "muller", "theo") == []
    CareRelation.objects.create(client=jurgen, therapist_user=known.user("theo"), since=LONG_AGO)
    assert names(known, "muller", "theo") == ["Jürgen Müller"]
    CareRelation.objects.update(until=LONG_AGO)
    assert names(known, "muller", "theo") == []
    assert names(known, "muller", "paz") == ["Jürgen Müller"]


def test_twenty_at_most(known: Cast, now: datetime) -> None:
    Client.objects.bulk_create(
        Client(practice=known.practice, name=f"Maria Berg {one}", created_at=now)
        for one in range(30)
    )
    assert len(names(known, "berg")) == desk.MOST_FOUND


def test_a_search_asks_twice(
    known: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        names(known, "muller")
