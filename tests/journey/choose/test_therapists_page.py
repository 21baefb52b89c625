"""The list of therapists and the page of one."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, TODAY, Cast, a_service, a_therapist
from tests.checkins import a_completed_checkin
from tests.journey.choose.listing import a_credential, a_review, signed_sessions
from tests.journey.choose.test_techniques_page import holding, text_of
from unknot.journey.choose.reads import therapists
from unknot.journey.choose.reads.directory import Wanted
from unknot.journey.choose.reads.person import Person

PAGE = reverse("choose:therapists")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def person(cast: Cast, client: Browser, now: datetime) -> Browser:
    """A browser whose check-in takes a blood thinner: no deep tissue."""
    checkin = a_completed_checkin(None, practice=cast.practice, medicines=["anticoagulant"])
    return holding(client, checkin)


def cards(cast: Cast, **chosen: object) -> tuple[therapists.TherapistCard, ...]:
    wanted = Wanted(**chosen)  # type: ignore[arg-type]
    return therapists.directory_page(cast.practice, wanted=wanted, person=Person(), now=NOW).cards


def test_without_a_checkin_everybody_is_listed_and_nothing_is_bookable(
    cast: Cast, client: Browser, now: datetime
) -> None:
    text = text_of(client.get(PAGE))
    for name in ("Tess", "Theo", "Uma", "Lindenweg", "Hafenstrasse"):
        assert name in text
    assert "Check in first" in text
    assert "See times" not in text


def test_only_the_own_practice_is_listed_after_a_checkin(person: Browser) -> None:
    text = text_of(person.get(PAGE))
    assert "Tess" in text
    assert "Uma" not in text


def test_times_are_offered_only_for_what_is_safe(cast: Cast, person: Browser) -> None:
    page = person.get(PAGE).content.decode()
    assert reverse("book:slots", args=["tess", cast.swedish.pk]) in page
    assert reverse("book:slots", args=["tess", cast.deep_tissue.pk]) not in page
    assert "Not offered to you" in page


def test_what_needs_agreement_has_no_times(cast: Cast, client: Browser, now: datetime) -> None:
    stones = a_service(cast.practice, "hot_stone", cast.tess, minutes=75)
    checkin = a_completed_checkin(None, practice=cast.practice, conditions=["diabetes"])
    page = holding(client, checkin).get(PAGE).content.decode()
    assert reverse("book:slots", args=["tess", stones.pk]) not in page
    assert "Needs a clinician&#x27;s agreement first" in page


def test_a_stop_closes_every_way_to_a_time(cast: Cast, client: Browser, now: datetime) -> None:
    stopped = a_completed_checkin(None, practice=cast.practice, red_flags=["rf_cad"])
    holding(client, stopped)
    for page in (PAGE, reverse("choose:therapist", args=["tess"])):
        text = text_of(client.get(page))
        assert "Booking is closed for now" in text
        assert "See times" not in text


def test_it_narrows_by_technique_and_length(cast: Cast, person: Browser) -> None:
    a_service(cast.practice, "shiatsu", cast.theo, minutes=75)
    text = text_of(person.get(PAGE, {"technique": "shiatsu"}))
    assert "1 therapist " in text
    assert "70.00 EUR for 75 min" in text
    assert "70.00 EUR for 60 min" not in text
    empty = text_of(person.get(PAGE, {"technique": "shiatsu", "minutes": "60"}))
    assert "Nobody fits all of this" in empty


@pytest.mark.parametrize(
    "query", [{"technique": "cupping"}, {"minutes": "61"}, {"minutes": "x"}, {"technique": "\x00"}]
)
def test_a_wrong_filter_is_said_beside_the_whole_list(
    person: Browser, query: dict[str, str]
) -> None:
    answer = person.get(PAGE, query)
    assert answer.status_code == 422
    text = text_of(answer)
    assert "Nobody offers this" in text
    assert "Tess" in text


def test_htmx_gets_the_same_list_alone(person: Browser) -> None:
    whole, alone = person.get(PAGE), person.get(PAGE, headers=HTMX)
    assert "HX-Request" in whole.headers["Vary"]
    assert "<html" not in alone.content.decode()
    part = alone.content.decode().strip()
    assert part.startswith('<section class="stack gap-5" id="therapists"')
    assert text_of(alone).strip() in text_of(whole)


def test_nothing_can_be_sent_here(cast: Cast, client: Browser) -> None:
    assert client.post(PAGE).status_code == 405
    assert client.post(reverse("choose:therapist", args=["tess"])).status_code == 405


def test_an_empty_installation_says_so(db: None, client: Browser) -> None:
    assert "No therapist is listed yet" in text_of(client.get(PAGE))


def test_who_did_not_agree_to_be_shown_is_not(cast: Cast, client: Browser) -> None:
    page = reverse("choose:therapist", args=["theo"])
    assert client.get(page).status_code == 200
    cast.theo.listed_since = None
    cast.theo.save(update_fields=["listed_since"])
    assert client.get(page).status_code == 404
    assert "Theo" not in text_of(client.get(PAGE))
    assert client.get("/therapists/nobody/").status_code == 404


def test_the_order_is_bookable_then_checked_then_sessions(cast: Cast) -> None:
    first, second = cards(cast, technique="swedish")
    later = cast.theo if second.name == "Theo" else cast.tess
    signed_sessions(later, 2, "swedish")
    assert [one.name for one in cards(cast, technique="swedish")] == [second.name, first.name]
    a_credential(cast.tess if first.name == "Tess" else cast.theo)
    assert [one.name for one in cards(cast, technique="swedish")] == [first.name, second.name]


def test_sessions_of_other_techniques_do_not_count_for_the_one_wanted(cast: Cast) -> None:
    signed_sessions(cast.theo, 3, "swedish")
    signed_sessions(cast.tess, 1, "deep_tissue")
    (first, second) = cards(cast, technique="deep_tissue")
    assert (first.name, first.experience) == ("Tess", (("Deep tissue massage", 1),))
    assert (second.name, second.experience) == ("Theo", (("Deep tissue massage", 0),))
    assert first.why[0] == "1 signed session with Deep tissue massage."
    assert (first.signed, second.signed) == (1, 3)


def test_a_session_with_two_techniques_is_one_session(cast: Cast) -> None:
    signed_sessions(cast.tess, 4, "swedish", "deep_tissue")
    tess = next(one for one in cards(cast) if one.name == "Tess")
    assert tess.signed == 4
    assert dict(tess.experience) == {
        "Swedish (classic, relaxation) massage": 4,
        "Deep tissue massage": 4,
    }


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Massage licence M-1, Berlin: active on the register, checked 27 March 2026"),
        (
            {"checked_on": TODAY - timedelta(days=91)},
            "seen active on the register on 26 December 2025, too long ago to rely on",
        ),
        ({"expires_on": date(2026, 3, 26)}, "ran out on 26 March 2026"),
        ({"status": "suspended"}, "suspended, as of 27 March 2026"),
        ({"status": "unknown"}, "the register did not show it as active on 27 March 2026"),
        ({"method": "document"}, "a document was shown on 27 March 2026; no register confirmed it"),
        ({"method": "roster", "source": "nppes"}, "listed in a roster, which confirms nothing"),
        ({"method": "self", "checked_on": None}, "own word, not checked"),
    ],
)
def test_a_credential_says_who_says_so(
    cast: Cast, client: Browser, now: datetime, fields: dict[str, object], said: str
) -> None:
    a_credential(cast.tess, **fields)
    assert said in text_of(client.get(PAGE))
    own = text_of(client.get(reverse("choose:therapist", args=["tess"])))
    assert said.rpartition(": ")[2].lower() in own.lower()
    tess = next(one for one in cards(cast) if one.name == "Tess")
    assert tess.badge is (fields == {})


@pytest.mark.parametrize(
    ("kind", "badge"), [("insurance", False), ("membership", False), ("registration", True)]
)
def test_only_what_somebody_practises_by_gives_the_badge(
    cast: Cast, kind: str, badge: bool
) -> None:
    a_credential(cast.tess, kind=kind)
    tess = next(one for one in cards(cast) if one.name == "Tess")
    assert [one.state for one in tess.credentials] == ["checked"]
    assert tess.badge is badge


def test_a_score_appears_with_the_fifth_review(cast: Cast, client: Browser, now: datetime) -> None:
    page = reverse("choose:therapist", args=["tess"])
    for stars in (5, 5, 5, 2):
        a_review(cast.tess, cast.ana, stars, text="Asked often.")
    before = text_of(client.get(page))
    assert "4 verified reviews" in before
    assert "A score appears from five reviews" in before
    assert "of 5 stars" not in before
    a_review(cast.tess, cast.ben, 4)
    after = text_of(client.get(page))
    assert "4.2 of 5 stars" in after
    assert "5 verified reviews" in after
    assert "2 stars" in after


def test_reviews_name_nobody_and_are_escaped(cast: Cast, client: Browser) -> None:
    a_review(cast.tess, cast.ben, 1, text="<script>bad</script>")
    page = client.get(reverse("choose:therapist", args=["tess"])).content.decode()
    assert "&lt;script&gt;bad" in page
    assert "<script>bad" not in page
    assert "Ben" not in page
    assert "March 2026" in page


def test_the_public_page_can_be_read_by_machines(cast: Cast, client: Browser) -> None:
    a_credential(cast.tess)
    page = client.get(reverse("choose:therapist", args=["tess"])).content.decode()
    assert 'itemtype="https://schema.org/Person"' in page
    assert '<h1 itemprop="name">Tess</h1>' in page
    assert "application/ld+json" not in page
    assert "Practising since 2015, by their own account." in text_of(
        client.get("/therapists/tess/")
    )


def test_the_list_takes_the_same_queries_however_long_it_is(
    cast: Cast, person: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(17):
        person.get(PAGE)
    for number in range(5):
        other = a_therapist(f"Tara{number}", cast.practice)
        cast.swedish.therapists.add(other)
        a_credential(other)
        signed_sessions(other, 2, "swedish")
        a_review(other, cast.ana)
    with django_assert_num_queries(17):
        person.get(PAGE)


def test_one_page_takes_a_known_number_of_queries(
    cast: Cast, client: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _one in range(3):
        a_review(cast.tess, cast.ana)
    with django_assert_num_queries(12):
        client.get(reverse("choose:therapist", args=["tess"]))
