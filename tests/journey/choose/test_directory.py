"""Who is found, in which order, and why: the search of the directory."""

import math
import random
import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from hashlib import md5
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Field
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import LONG_AGO, NOW, TODAY, Cast, a_practice, a_service, a_user
from tests.journey.choose.listing import a_credential, signed_sessions
from tests.journey.choose.test_techniques_page import text_of
from unknot.domain.bodymap import regions
from unknot.domain.credentials import standing
from unknot.domain.reviews import rating
from unknot.journey.choose.models import Credential, Postcode, TechniqueCount, Therapist
from unknot.journey.choose.reads import directory, leave, offers, places, therapists
from unknot.journey.choose.reads import directory_query as query
from unknot.journey.choose.reads.directory import Hit, Wanted
from unknot.journey.choose.reads.person import Person
from unknot.people.models import Location, Practice

PAGE = reverse("choose:therapists")
HERE = places.Place(code="10115", name="Berlin", latitude=52.532, longitude=13.385)
NORTH_KM = 111.195  # of one degree


def a_listed(practice: Practice, number: int, **fields: object) -> Therapist:
    """A listed therapist without hours: all that the directory needs."""
    values = {
        "location": practice.location_set.first(),
        "languages": ["en"],
        "listed_since": LONG_AGO,
        **fields,
    }
    return Therapist.objects.create(
        user=a_user(f"someone{practice.pk}-{number}"),
        practice=practice,
        slug=f"someone-{practice.pk}-{number}",
        name=f"Someone {number}",
        **values,
    )


def put(location: Location, north_km: float, **fields: object) -> Location:
    """Put a place so far north of HERE."""
    location.latitude = HERE.latitude + north_km / NORTH_KM
    location.longitude = HERE.longitude
    for name, value in fields.items():
        setattr(location, name, value)
    location.save(update_fields=["latitude", "longitude", *fields])
    return location


def slugs(wanted: Wanted = Wanted(), *, now: datetime = NOW) -> list[str]:  # noqa: B008  # frozen
    """Who is found by somebody of whom nothing is known."""
    return [
        hit.slug for hit in directory.search(wanted, practice=None, person=Person(), now=now).hits
    ]


def position(hit: Hit, wanted: Wanted, on: date) -> tuple[object, ...]:
    """Where a hit belongs, from its named keys, the day and nothing else."""
    far = (hit.km is None, hit.km or 0.0)
    named = (not hit.bookable, not hit.verified, -hit.step, -hit.stars, *far)
    turn = md5(f"{on.isoformat()}{hit.slug}".encode(), usedforsecurity=False).hexdigest()
    first: tuple[object, ...] = ()
    if wanted.sort == "distance":
        first = far
    elif wanted.sort == "price":
        first = (hit.price is None, hit.currency != wanted.currency, hit.currency, hit.price)
    return (*first, *named, turn)


# What credentials amount to -------------------------------------------------------------------


def drawn(chance: random.Random, therapist: Therapist) -> Credential:
    """A credential of any shape that the table takes."""
    method = chance.choice(["register", "register", "roster", "document", "self"])
    looked_at = method != "self" or chance.random() < 0.5
    day = TODAY - timedelta(days=chance.choice([-1, 0, 1, 89, 90, 91, 400]))
    near = [None, *(TODAY + timedelta(days=n) for n in (-400, -1, 0, 1, 30, 60, 61, 400))]
    return Credential(
        therapist=therapist,
        holder="Somebody",
        kind=chance.choice(["licence", "licence", "registration", "training", "insurance"]),
        title="Licence",
        number=chance.choice(["M-1", "M-1", "M-1", ""]),
        status=chance.choice(["active"] * 12 + [one.value for one in Credential.Status]),
        method=method,
        source=chance.choice(["colorado", "washington", "nppes", "generic", ""]),
        matched=chance.choice(
            [["number", "name"], ["name", "number", "state"], ["number"], ["name", "state"], []]
        ),
        checked_on=day if looked_at else None,
        checked_by=therapist.user if looked_at else None,
        issued_on=chance.choice([None, None, *near]),
        expires_on=chance.choice([None, *near]),
    )


def test_the_query_gives_the_badge_to_the_same_credentials_as_the_rule(cast: Cast) -> None:
    chance = random.Random(90)
    Credential.objects.bulk_create(drawn(chance, cast.tess) for _number in range(1500))
    values = dict(query.CREDENTIAL_VALUES, on=TODAY, check_days=standing.CHECK_LASTS.days)
    verified = query.VERIFIED.format(day="%(on)s::date")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT c.id FROM choose_credential c WHERE {verified}", values)
        in_sql = {pk for (pk,) in cursor.fetchall()}
    every = list(Credential.objects.all())
    in_python = {one.pk for one in every if standing.verified(one, on=TODAY)}
    assert in_sql == in_python
    assert 30 < len(in_python) < len(every) - 300  # both answers occur often


def test_the_query_opens_the_same_therapists_as_the_rule(cast: Cast) -> None:
    chance = random.Random(61)
    opened = {}
    for number in range(120):
        practice = a_practice(f"Practice {number}", horizon_days=60)
        practice.required_credentials = chance.choice(
            [[], [], ["insurance"], ["licence", "training"]]
        )
        practice.required_checked = chance.random() < 0.5
        practice.save(update_fields=["required_credentials", "required_checked"])
        one = a_listed(practice, number)
        a_service(practice, "swedish", one)
        Credential.objects.bulk_create(drawn(chance, one) for _each in range(chance.randint(0, 5)))
        days = [TODAY + timedelta(days=n) for n in range(61)]
        opened[one.slug] = len(leave.of(one).closed_days(days)) < len(days)
    found: dict[str, bool] = {}
    for page in range(1, 8):
        hits = directory.search(Wanted(page=page), practice=None, person=Person(), now=NOW).hits
        found |= {hit.slug: hit.bookable for hit in hits}
    assert {slug: found[slug] for slug in opened} == opened
    assert 20 < sum(opened.values()) < 110


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Europe/Berlin", "America/Denver"])
def test_the_badge_goes_at_the_midnight_of_the_practice(cast: Cast, zone: str) -> None:
    practice = a_practice("Far away", zone=zone)
    one = a_listed(practice, 1)
    a_service(practice, "chair", one)
    a_credential(one, expires_on=TODAY)
    confirmed = Wanted(technique="chair", licence=True)
    midnight = datetime.combine(TODAY + timedelta(days=1), time(), ZoneInfo(zone))
    before, after = midnight - timedelta(seconds=1), midnight
    assert slugs(confirmed, now=before) == [one.slug]
    assert slugs(confirmed, now=after) == []
    wanted = {"wanted": Wanted(technique="chair"), "person": Person()}
    [card] = therapists.directory_page(None, **wanted, now=before).cards
    assert card.badge
    assert card.bookable or card.closed == ""
    [card] = therapists.directory_page(None, **wanted, now=after).cards
    assert not card.badge
    assert card.closed


def test_a_training_on_a_register_gives_no_badge(cast: Cast) -> None:
    a_credential(cast.tess, kind="training")
    assert not found_of(cast.tess).verified
    a_credential(cast.tess, kind="certification")
    assert found_of(cast.tess).verified


def test_whom_a_register_forbids_elsewhere_is_bookable_nowhere(cast: Cast) -> None:
    assert found_of(cast.tess).bookable
    elsewhere = a_listed(cast.other_practice, 9)
    Therapist.objects.filter(pk=elsewhere.pk).update(user=cast.tess.user)
    a_credential(elsewhere, status="revoked")
    assert not found_of(cast.tess).bookable


def test_a_licence_that_begins_next_week_can_be_booked_and_one_after_the_horizon_cannot(
    cast: Cast,
) -> None:
    begins = a_credential(cast.tess, issued_on=TODAY + timedelta(days=7))
    assert found_of(cast.tess).bookable
    begins.issued_on = TODAY + timedelta(days=cast.practice.horizon_days + 1)
    begins.save(update_fields=["issued_on"])
    assert not found_of(cast.tess).bookable


def found_of(therapist: Therapist, wanted: Wanted = Wanted()) -> Hit:  # noqa: B008  # frozen
    """The hit of one therapist."""
    hits = directory.search(wanted, practice=None, person=Person(), now=NOW).hits
    return next(hit for hit in hits if hit.slug == therapist.slug)


# The order ------------------------------------------------------------------------------------


@pytest.fixture
def crowd(cast: Cast) -> list[Therapist]:
    """Seventy therapists whose keys are drawn at random, many of them equal."""
    chance = random.Random(20)
    made = []
    for number in range(35):
        practice = a_practice(
            f"House {number}", currency=chance.choice(["EUR", "EUR", "EUR", "CHF"])
        )
        place = practice.location_set.get()
        if chance.random() < 0.9:
            put(place, chance.choice([0.1, 2.0, 2.1, 9.0, 19.9, 30.0]))
        team = [a_listed(practice, each, **_drawn_reviews(chance)) for each in range(2)]
        service = a_service(practice, chance.choice(["swedish", "shiatsu"]), *team)
        service.price_minor = chance.choice([5000, 6000])
        service.save(update_fields=["price_minor"])
        for one in team:
            if chance.random() < 0.5:
                a_credential(one)
            TechniqueCount.objects.create(
                therapist=one, technique="swedish", sessions=chance.choice([1, 9, 10, 49, 50, 900])
            )
        made += team
    return made


def _drawn_reviews(chance: random.Random) -> dict[str, object]:
    count = chance.choice([0, 4, 5, 200])
    return {
        "review_count": count,
        "review_bound": chance.choice([2.4, 3.6, 4.7]) if count else None,
    }


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(technique="swedish"),
        Wanted(place=HERE),
        Wanted(technique="swedish", place=HERE, radius=20),
        Wanted(place=HERE, sort="distance"),
        Wanted(sort="price", currency="EUR"),
    ],
)
def test_the_order_follows_from_the_named_keys_alone(
    crowd: list[Therapist], wanted: Wanted
) -> None:
    first = directory.search(wanted, practice=None, person=Person(), now=NOW)
    hits: list[Hit] = []
    for page in range(1, first.pages + 1):
        there = replace(wanted, page=page)
        hits += directory.search(there, practice=None, person=Person(), now=NOW).hits
    assert len({hit.pk for hit in hits}) == len(hits) == first.total > 12
    assert [hit.slug for hit in hits] == [
        hit.slug for hit in sorted(hits, key=lambda hit: position(hit, wanted, TODAY))
    ]


def test_no_other_column_moves_anybody(crowd: list[Therapist]) -> None:
    wanted = Wanted(technique="swedish", place=HERE)
    before = slugs(wanted)
    for number, one in enumerate(crowd):
        Therapist.objects.filter(pk=one.pk).update(
            name=f"Aa {number}", about="x" * number, practising_since=1950 + number, gender="woman"
        )
    assert slugs(wanted) == before


def test_equals_take_turns_and_the_turns_change_with_the_day(cast: Cast) -> None:
    practice = a_practice("Many")
    team = [a_listed(practice, number) for number in range(12)]
    a_service(practice, "chair", *team)
    chair = Wanted(technique="chair")
    days = [NOW + timedelta(days=n) for n in range(40)]
    firsts = {slugs(chair, now=day)[0] for day in days}
    assert len(firsts) > 6
    assert slugs(chair) == slugs(chair)


def test_nothing_in_the_tables_can_be_paid_for() -> None:
    paid = ("paid", "sponsor", "boost", "promot", "feature", "priorit", "rank", "fee", "premium",
            "bid", "commission", "subscri", "placement", "weight", "advert")  # fmt: skip
    names = {
        f"{model.__name__}.{field.name}"
        for label in ("choose", "people")
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, Field)
    }
    assert "Therapist.review_bound" in names
    theirs = {"Practice.late_fee_percent"}  # what a client owes for cancelling late
    assert not [name for name in names - theirs if any(word in name.lower() for word in paid)]


def test_more_sessions_count_in_steps(cast: Cast) -> None:
    for sessions, step in ((0, 0), (1, 1), (9, 1), (10, 2), (49, 2), (50, 3), (5000, 3)):
        TechniqueCount.objects.update_or_create(
            therapist=cast.tess, technique="swedish", defaults={"sessions": sessions}
        )
        assert found_of(cast.tess, Wanted(technique="swedish")).step == step
    assert found_of(cast.tess).step == 0  # nobody asked for a technique


def test_few_reviews_count_little_and_a_good_one_never_moves_down(cast: Cast) -> None:
    for count, bound, stars in ((0, None, 2.05), (4, 1.24, 1.2), (5, 2.99, 2.95), (5, 4.6, 4.6)):
        Therapist.objects.filter(pk=cast.tess.pk).update(review_count=count, review_bound=bound)
        assert found_of(cast.tess).stars == stars
    for counts in ({}, {1: 4}, {5: 4}, {1: 2, 3: 2, 5: 1}, {5: 200}):
        before, after = (
            math.floor(rating(given).bound * 20) / 20
            for given in (counts, {**counts, 5: counts.get(5, 0) + 1})
        )
        assert before <= after


def test_a_page_that_does_not_exist_is_the_first(crowd: list[Therapist]) -> None:
    found = directory.search(Wanted(page=99), practice=None, person=Person(), now=NOW)
    assert (found.page, found.total) == (1, len(crowd) + 3)
    assert [hit.slug for hit in found.hits] == slugs()


# What leaves somebody out ---------------------------------------------------------------------


def test_nobody_is_found_without_their_consent(cast: Cast) -> None:
    assert "tess" in slugs()
    Therapist.objects.filter(pk=cast.tess.pk).update(listed_since=None)
    for wanted in (Wanted(), Wanted(technique="swedish"), Wanted(place=HERE)):
        assert "tess" not in slugs(wanted)


def test_each_filter_leaves_the_others_out(cast: Cast) -> None:
    Therapist.objects.filter(pk=cast.tess.pk).update(
        gender="woman", areas=["neck", "jaw"], languages=["en", "fr"]
    )
    Therapist.objects.filter(pk=cast.theo.pk).update(gender="man")
    Location.objects.filter(practice=cast.practice).update(step_free=True)
    Location.objects.filter(practice=cast.other_practice).update(step_free=False)
    a_credential(cast.uma)
    dear = a_service(cast.practice, "shiatsu", cast.theo, minutes=90)
    dear.price_minor = 12000
    dear.save(update_fields=["price_minor"])
    expected = {
        Wanted(): {"tess", "theo", "uma"},
        Wanted(genders=("woman",)): {"tess"},
        Wanted(genders=("woman", "man")): {"tess", "theo"},
        Wanted(area="jaw"): {"tess"},
        Wanted(language="fr"): {"tess"},
        Wanted(step_free=True): {"tess", "theo"},
        Wanted(licence=True): {"uma"},
        Wanted(technique="deep_tissue"): {"tess", "theo"},
        Wanted(minutes=90): {"theo"},
        Wanted(technique="shiatsu", most_minor=11999, currency="EUR"): set(),
        Wanted(technique="shiatsu", most_minor=12000, currency="EUR"): {"theo"},
        Wanted(most_minor=12000, currency="CHF"): set(),
    }
    for wanted, found in expected.items():
        assert set(slugs(wanted)) == found, wanted


def test_a_service_that_is_switched_off_is_not_found(cast: Cast) -> None:
    shiatsu = a_service(cast.practice, "shiatsu", cast.tess)
    assert slugs(Wanted(technique="shiatsu")) == ["tess"]
    shiatsu.active = False
    shiatsu.save(update_fields=["active"])
    assert slugs(Wanted(technique="shiatsu")) == []


def test_each_area_is_a_group_of_the_body_map() -> None:
    groups = {group for region in regions.load().regions for group in region.groups}
    assert offers.AREAS.keys() <= groups


# Where ----------------------------------------------------------------------------------------


def test_a_radius_keeps_who_is_within_it_and_says_who_is_nowhere(cast: Cast) -> None:
    put(cast.practice.location_set.get(), 9.9)
    near = Wanted(place=HERE, radius=10)
    found = directory.search(near, practice=None, person=Person(), now=NOW)
    assert {hit.slug: hit.km for hit in found.hits} == {"tess": 10.0, "theo": 10.0}
    assert (found.total, found.without_place) == (2, 1)
    put(cast.practice.location_set.get(), 10.1)
    assert slugs(near) == []
    assert set(slugs(Wanted(place=HERE))) == {"tess", "theo", "uma"}
    assert found_of(cast.uma, Wanted(place=HERE)).km is None


def test_distances_are_those_of_the_globe_and_every_point_within_lies_in_the_box() -> None:
    chance = random.Random(6371)
    for _each in range(3000):
        latitude, longitude = chance.uniform(-90, 90), chance.uniform(-180, 180)
        radius = chance.choice(places.RADII)
        box = places.box(latitude, longitude, radius)
        there = destination(latitude, longitude, chance.uniform(0, 6.3), radius * 0.999)
        assert box.south <= there[0] <= box.north
        inside = box.west <= there[1] <= box.east
        across = box.west > box.east and (there[1] >= box.west or there[1] <= box.east)
        assert inside or across


def destination(
    latitude: float, longitude: float, bearing: float, km: float
) -> tuple[float, float]:
    """Where one arrives after so many kilometres in a direction."""
    angle, north = km / places.EARTH_KM, math.radians(latitude)
    to_north = math.asin(
        math.sin(north) * math.cos(angle) + math.cos(north) * math.sin(angle) * math.cos(bearing)
    )
    east = math.radians(longitude) + math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(north),
        math.cos(angle) - math.sin(north) * math.sin(to_north),
    )
    return math.degrees(to_north), (math.degrees(east) + 540) % 360 - 180


@pytest.mark.parametrize("longitude", [179.95, -179.95])
def test_a_search_across_the_180th_meridian_finds_both_sides(cast: Cast, longitude: float) -> None:
    here = places.Place(code="1", name="Taveuni", latitude=-16.8, longitude=longitude)
    for practice, east in ((cast.practice, 179.9), (cast.other_practice, -179.9)):
        Location.objects.filter(practice=practice).update(latitude=-16.8, longitude=east)
    assert set(slugs(Wanted(place=here, radius=20))) == {"tess", "theo", "uma"}


@pytest.mark.parametrize(
    ("km", "said"),
    [(None, "distance unknown"), (0.0, "less than 0.5 km"), (3.5, "about 3.5 km"),
     (4.0, "about 4 km")],
)  # fmt: skip
def test_a_distance_is_said_roughly(km: float | None, said: str) -> None:
    assert therapists.reasons.distance(km) == said


@pytest.fixture
def berlin(cast: Cast) -> Postcode:
    put(cast.practice.location_set.get(), 3.4)
    return Postcode.objects.create(
        country="DE", code="10115", place="Berlin", latitude=HERE.latitude, longitude=HERE.longitude
    )


def test_a_postcode_is_found_however_it_is_typed(berlin: Postcode) -> None:
    Postcode.objects.create(
        country="GB", code="BS1", place="Bristol", latitude=51.45, longitude=-2.6
    )
    for typed in ("10115", " 10 115 ", "10-115"):
        found = places.find("DE", typed)
        assert found is not None
        assert found.name == "Berlin"
    outward = places.find("GB", "bs1 4dj")
    assert outward is not None
    assert (outward.code, outward.name) == ("BS14DJ", "Bristol")
    for typed in ("D-10115", "DE-10115", "D 10115", "１０１１５"):
        assert places.find("DE", typed) == places.find("DE", "10115")
    for country, typed in (("DE", "99999"), ("FR", "10115"), ("DE", ""), ("DE", "1" * 50)):
        assert places.find(country, typed) is None


@pytest.mark.parametrize(
    ("country", "typed", "expected"),
    [
        ("GB", "N1 9GU", "N1"),
        ("GB", "N1 9", None),
        ("GB", "N19", "N19"),
        ("GB", "N19 5AB", "N19"),
        ("GB", "N19GU", "N1"),
        ("GB", "N1XYZ", None),
        ("US", "90210-1234", "90210"),
        ("US", "90210", "90210"),
        ("US", "9021", None),
    ],
)
def test_only_a_full_postcode_is_cut_to_what_the_table_has(
    db: None, country: str, typed: str, expected: str | None
) -> None:
    for place, code in (("GB", "N1"), ("GB", "N19"), ("US", "90210")):
        Postcode.objects.create(country=place, code=code, place=code, latitude=1, longitude=1)
    found = places.find(country, typed)
    assert (found.name if found else None) == expected


def test_the_page_searches_around_a_postcode(berlin: Postcode, client: Browser) -> None:
    text = text_of(client.get(PAGE, {"postcode": "10115", "radius": "5"}))
    assert "2 therapists within 5 km of 10115 Berlin" in text
    assert "1 more fits, but has not said where it is." in text
    assert "About 3.5 km" in text
    assert "From 10115: about 3.5 km." in text
    assert not client.session.keys()  # what was typed is kept nowhere


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"postcode": "99999"}, "We do not know the postcode 99999 in DE: check it."),
        ({"radius": "10"}, "A distance needs a postcode to measure from: write one."),
        ({"radius": "11"}, "Choose a distance from the list."),
        ({"sort": "distance"}, "To sort by distance, write a postcode to measure from."),
        ({"sort": "fame"}, "Choose how to sort from the list."),
        ({"gender": "robot"}, "Choose a gender from the list."),
        ({"area": "aura"}, "Choose a part of the body from the list."),
        ({"language": "xx"}, "Choose a language from the list."),
        ({"price": "cheap"}, "Write the price in digits only"),
        ({"page": "0"}, "There is no such page"),
        ({"page": "9" * 30}, "There is no such page"),
        ({"postcode": "1\x00"}, "Null characters are not allowed."),
    ],
)
def test_a_wrong_value_is_said_and_counts_as_none(
    cast: Cast, client: Browser, query: dict[str, str], sentence: str
) -> None:
    answer = client.get(PAGE, query)
    text = text_of(answer)
    assert answer.status_code == 422
    assert sentence in text
    for name in ("Tess", "Theo", "Uma"):
        assert name in text


# What a card says -----------------------------------------------------------------------------


def reasons_of(slug: str, wanted: Wanted) -> tuple[str, ...]:
    """What the card of one therapist says to somebody of whom nothing is known."""
    page = therapists.directory_page(None, wanted=wanted, person=Person(), now=NOW)
    return next(card.why for card in page.cards if card.slug == slug)


def test_a_card_names_each_key_and_each_filter(cast: Cast) -> None:
    put(cast.practice.location_set.get(), 3.4, step_free=True)
    signed_sessions(cast.tess, 3, "swedish")
    a_credential(cast.tess)
    Therapist.objects.filter(pk=cast.tess.pk).update(areas=["neck"])
    wanted = Wanted(
        technique="swedish", minutes=60, area="neck", language="de", step_free=True, licence=True,
        most_minor=7000, currency="EUR", place=HERE, radius=5,
    )  # fmt: skip
    assert reasons_of("tess", wanted) == (
        "A credential was confirmed on a register or a licensing board’s list in the last 90 days.",
        "3 signed sessions with Swedish (classic, relaxation) massage.",
        "No reviews yet.",
        "From 10115: about 3.5 km.",
        "Offers the 60 minutes you want.",
        "Works a lot on: Neck, by their own account.",
        "Step-free.",
        "Costs no more than you said.",
        "Speaks German.",
    )
    assert reasons_of("uma", Wanted(technique="swedish")) == (
        "No signed session with Swedish (classic, relaxation) massage yet.",
        "No reviews yet.",
    )


def test_who_cannot_be_booked_says_so_instead_of_times(cast: Cast, client: Browser) -> None:
    a_credential(cast.tess, status="suspended")
    for page in (PAGE, reverse("choose:therapist", args=["tess"])):
        text = text_of(client.get(page))
        assert "Not bookable This therapist cannot be booked at the moment." in text
    assert slugs()[-1] == "tess"


def test_a_page_takes_the_same_queries_whatever_its_size(cast: Cast, client: Browser) -> None:
    def asked(query: dict[str, str]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE, query).status_code == 200
        return len(captured)

    Postcode.objects.create(
        country="DE", code="10115", place="Berlin", latitude=HERE.latitude, longitude=HERE.longitude
    )
    around = {"postcode": "10115", "radius": "50"}
    put(cast.practice.location_set.get(), 1)
    few = (asked({}), asked(around))
    practice = a_practice("Many")
    put(practice.location_set.get(), 1)
    team = [a_listed(practice, number) for number in range(30)]
    a_service(practice, "swedish", *team)
    for one in team:
        a_credential(one)
    assert (asked({}), asked(around)) == few == (10, 12)


def test_pages_are_linked_with_the_filters_that_stand(cast: Cast, client: Browser) -> None:
    practice = a_practice("Many")
    a_service(practice, "chair", *(a_listed(practice, number) for number in range(25)))
    first = client.get(PAGE, {"technique": "chair", "minutes": "", "gender": ""})
    assert "25 therapists" in text_of(first)
    assert "Page 1 of 2" in text_of(first)
    assert f'rel="next" href="{PAGE}?technique=chair&amp;page=2"' in first.content.decode()
    second = client.get(PAGE, {"technique": "chair", "page": "2"})
    assert f'rel="prev" href="{PAGE}?technique=chair&amp;page=1"' in second.content.decode()
    shown = {uuid.uuid4().hex: 0}  # no name comes on both pages
    for page in (first, second):
        cards = page.context["page"].cards
        assert not shown.keys() & {card.slug for card in cards}
        shown |= dict.fromkeys((card.slug for card in cards), 1)
    assert sum(shown.values()) == 25


def test_the_whole_order_is_explained_on_the_page(cast: Cast, client: Browser) -> None:
    text = text_of(client.get(PAGE, {"technique": "swedish"}))
    for words in (
        "Nobody can pay to be higher.",
        "You can book something here.",
        "none, 1 to 9, 10 to 49, 50 or more",
        "in steps of a twentieth of a star",
        "the order changes every day",
    ):
        assert words in text


def chosen(**fields: Any) -> Wanted:
    """A search with some fields, for the table below."""
    return Wanted(**fields)


@pytest.mark.parametrize(
    ("wanted", "narrows"),
    [
        (chosen(), False),
        (chosen(place=HERE, sort="distance", page=3, currency="EUR"), False),
        (chosen(technique="swedish"), True),
        (chosen(place=HERE, radius=5), True),
        (chosen(genders=("woman",)), True),
    ],
)
def test_an_empty_list_knows_whether_something_was_chosen(wanted: Wanted, narrows: bool) -> None:
    assert wanted.narrows is narrows
