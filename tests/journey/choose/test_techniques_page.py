"""The guided list and the page of one technique."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Cast, a_service
from tests.checkins import a_checkin, a_completed_checkin
from unknot.domain.guidance import catalogue as guidance
from unknot.journey.understand import access
from unknot.journey.understand.models import CheckIn

PAGE = reverse("choose:techniques")
TECHNIQUES = [one.id for one in guidance.load().techniques]


def holding(browser: Browser, checkin: CheckIn) -> Browser:
    """The browser in which `checkin` was made."""
    session = browser.session
    session[access.SESSION_KEY] = str(checkin.key)
    session.save()
    return browser


def text_of(answer: object) -> str:
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", plain).replace("&#x27;", "'")


def card(browser: Browser, technique: str) -> str:
    """The suggestion of one technique, as words; empty when it is not suggested."""
    found = re.search(
        rf'<li class="card technique" id="{technique}">.*?<div class="foot">.*?</div></li>',
        browser.get(PAGE).content.decode(),
        re.DOTALL,
    )
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])) if found else ""


def left_out(browser: Browser) -> str:
    return text_of(browser.get(PAGE)).partition("Not offered to you")[2]


def test_without_a_checkin_all_ten_are_listed_with_an_invitation(
    cast: Cast, client: Browser, now: datetime
) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    text = text_of(answer)
    assert "Start your check-in" in text
    for one in guidance.load().techniques:
        assert one.name in text
    assert guidance.load().words.always_say in text
    assert guidance.load().words.also_say in text


@pytest.mark.parametrize("page", [PAGE, reverse("choose:technique", args=["swedish"])])
def test_nothing_can_be_sent_here(cast: Cast, client: Browser, page: str) -> None:
    assert client.get(page).status_code == 200
    assert client.head(page).status_code == 200
    assert client.post(page).status_code == 405


def test_a_draft_is_invited_to_go_on(cast: Cast, client: Browser, now: datetime) -> None:
    holding(client, a_checkin(practice=cast.practice))
    assert "Go on with your check-in" in text_of(client.get(PAGE))


def test_answers_that_are_too_old_are_asked_again(
    cast: Cast, client: Browser, now: datetime
) -> None:
    old = a_completed_checkin(None, practice=cast.practice, now=NOW - timedelta(days=91))
    holding(client, old)
    text = text_of(client.get(PAGE))
    assert "Please check in again" in text
    assert "Find a therapist" not in text


def test_answers_of_90_days_ago_still_stand(cast: Cast, client: Browser, now: datetime) -> None:
    old = a_completed_checkin(None, practice=cast.practice, now=NOW - timedelta(days=90))
    assert "Why for you" in text_of(holding(client, old).get(PAGE))


def test_a_stop_leads_back_to_the_result(cast: Cast, client: Browser, now: datetime) -> None:
    stopped = a_completed_checkin(None, practice=cast.practice, red_flags=["rf_cad"])
    answer = holding(client, stopped).get(PAGE)
    assert (answer.status_code, answer.url) == (302, reverse("understand:result"))


def test_a_stop_follows_its_client_into_another_browser(
    cast: Cast, client: Browser, now: datetime
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    client.force_login(cast.user("ana"))
    assert client.get(PAGE).status_code == 302
    client.force_login(cast.user("ben"))
    assert client.get(PAGE).status_code == 200


def test_a_blood_thinner_rules_out_deep_tissue_and_says_why(
    cast: Cast, client: Browser, now: datetime
) -> None:
    holding(client, a_completed_checkin(None, practice=cast.practice, medicines=["anticoagulant"]))
    assert not card(client, "deep_tissue")
    assert "Find a therapist" in card(client, "swedish")
    assert "Deep tissue massage Anticoagulants: bruising and bleeding." in left_out(client)
    assert f"{reverse('choose:therapists')}?technique=deep_tissue" not in (
        client.get(PAGE).content.decode()
    )


def test_without_the_blood_thinner_deep_tissue_is_suggested(
    cast: Cast, client: Browser, now: datetime
) -> None:
    holding(client, a_completed_checkin(None, practice=cast.practice))
    assert "Find a therapist" in card(client, "deep_tissue")


def ways(browser: Browser, technique: str) -> list[str]:
    """The links to the therapists from the list and from the page of one technique."""
    pages = (browser.get(PAGE), browser.get(reverse("choose:technique", args=[technique])))
    link = re.compile(rf'href="({reverse("choose:therapists")}\?technique={technique}[^"]*)"')
    return [way.replace("&amp;", "&") for page in pages for way in link.findall(body_of(page))]


def body_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_the_minutes_of_the_checkin_arrive_filled_in(
    cast: Cast, client: Browser, now: datetime
) -> None:
    holding(client, a_completed_checkin(None, practice=cast.practice, minutes=60))
    address = f"{reverse('choose:therapists')}?technique=swedish&minutes=60"
    assert ways(client, "swedish") == [address, address]
    page = body_of(client.get(address))
    assert '<option value="60" selected>' in page
    assert reverse("choose:therapist", args=["tess"]) in page


@pytest.mark.parametrize("minutes", [45, None])
def test_minutes_that_nobody_offers_are_left_out(
    cast: Cast, client: Browser, now: datetime, minutes: int | None
) -> None:
    holding(client, a_completed_checkin(None, practice=cast.practice, minutes=minutes))
    address = f"{reverse('choose:therapists')}?technique=swedish"
    assert ways(client, "swedish") == [address, address]
    assert reverse("choose:therapist", args=["tess"]) in body_of(client.get(address))


def test_minutes_count_only_for_the_technique_and_while_they_are_offered(
    cast: Cast, client: Browser, now: datetime
) -> None:
    holding(client, a_completed_checkin(None, practice=cast.practice, minutes=45))
    service = a_service(cast.practice, "swedish", cast.tess, minutes=45)
    address = f"{reverse('choose:therapists')}?technique="
    assert ways(client, "swedish") == [f"{address}swedish&minutes=45"] * 2
    assert ways(client, "deep_tissue") == [f"{address}deep_tissue"] * 2
    service.therapists.clear()
    assert ways(client, "swedish") == [f"{address}swedish"] * 2


def test_what_needs_agreement_is_listed_and_cannot_be_booked(
    cast: Cast, client: Browser, now: datetime
) -> None:
    holding(client, a_completed_checkin(None, practice=cast.practice, conditions=["diabetes"]))
    stones = card(client, "hot_stone")
    assert "Needs a clinician" in stones
    assert "Find a therapist" not in stones


def test_reasons_are_named_and_equal_ones_share_a_place(
    cast: Cast, client: Browser, now: datetime
) -> None:
    holding(
        client,
        a_completed_checkin(
            None, practice=cast.practice, wishes=["wants_clothed"], stress=7, minutes=None
        ),
    )
    assert "You want to stay dressed." in card(client, "shiatsu")
    assert "Many people feel calmer after a session." in card(client, "shiatsu")
    against = card(client, "swedish").partition("What speaks against it")[2]
    assert "You want to stay dressed." in against
    assert text_of(client.get(PAGE)).count("Equal: shares place") >= 2


def test_every_claim_has_its_words_and_its_source(
    cast: Cast, client: Browser, now: datetime
) -> None:
    holding(client, a_completed_checkin(None, practice=cast.practice))
    stones = card(client, "hot_stone")
    known = guidance.load()
    for name in known.technique("hot_stone").claims:
        assert known.claim(name).say in stones
        assert known.claim(name).source.lower() in stones.lower()
        assert known.status(name).text in stones.lower()
    assert "Not sure" in stones


def test_findings_about_other_places_are_folded_apart(
    cast: Cast, client: Browser, now: datetime
) -> None:
    holding(client, a_completed_checkin(None, practice=cast.practice, marks={"cervical_l": 6}))
    near, _fold, apart = card(client, "swedish").partition("findings about other places")
    claim = guidance.load().claim
    assert claim("pain_neck_sham").say in near
    assert claim("pain_chronic_lbp").say not in near
    assert claim("pain_chronic_lbp").say in apart


def test_not_massage_is_among_the_alternatives(cast: Cast, client: Browser, now: datetime) -> None:
    recent = a_completed_checkin(
        None, practice=cast.practice, onset_on=(NOW - timedelta(days=7)).date()
    )
    text = text_of(holding(client, recent).get(PAGE))
    assert "New back pain usually eases by itself." in text
    assert guidance.load().words.also_say in text


def section(browser: Browser, anchor: str) -> str:
    """One section of the guided page, as words; empty when it is not there."""
    page = browser.get(PAGE).content.decode()
    _before, found, rest = page.partition('<section class="stack gap-')
    while found and f'id="{anchor}"' not in rest.partition(">")[0]:
        _before, found, rest = rest.partition('<section class="stack gap-')
    plain = re.sub(r"<[^>]+>", " ", rest.partition("<h2>")[2].partition("<h2>")[0])
    return re.sub(r"\s+", " ", plain).replace("&#x27;", "'")


def test_the_dose_of_the_trials_is_said_with_its_source_and_what_to_do_with_less(
    cast: Cast, client: Browser, now: datetime
) -> None:
    holding(client, a_completed_checkin(None, practice=cast.practice, marks={"lumbar_l": 6}))
    text = section(client, "how-often")
    assert "about ten one-hour sessions, one a week" in text
    assert "Cherkin 2011, n=401" in text
    assert "If that is too much time or money" in text
    assert "You want shorter sessions" not in text


def test_who_wants_shorter_sessions_is_answered(cast: Cast, client: Browser, now: datetime) -> None:
    marks = {"cervical_l": 6}
    holding(client, a_completed_checkin(None, practice=cast.practice, marks=marks, minutes=30))
    assert "sessions of 30 minutes did not help more than waiting" in section(client, "how-often")


def test_when_to_stop_is_said_beforehand(cast: Cast, client: Browser, now: datetime) -> None:
    holding(client, a_completed_checkin(None, practice=cast.practice))
    text = section(client, "how-often")
    assert "After six sessions or eight weeks, whichever comes first" in text
    assert "The numbers in these rules are our own choice." in text


def test_each_suspicion_is_answered_and_a_hope_that_moves_nothing_too(
    cast: Cast, client: Browser, now: datetime
) -> None:
    suspecting = a_completed_checkin(
        None,
        practice=cast.practice,
        story={"suspected_causes": ["posture_at_work", "injury"]},
        aims=["ease_pain"],
    )
    holding(client, suspecting)
    text = section(client, "answers")
    assert "You suspect how you sit or stand at work." in text
    assert guidance.load().claim("posture").say in text
    assert "see a doctor before any massage" in text
    assert "this wish puts none before another" in text


def test_nothing_suspected_and_hoped_for_is_no_section(
    cast: Cast, client: Browser, now: datetime
) -> None:
    holding(client, a_completed_checkin(None, practice=cast.practice))
    assert section(client, "answers") == ""
    assert section(client, "how-often") != ""


def test_what_else_there_is_stands_by_its_kind(cast: Cast, client: Browser, now: datetime) -> None:
    holding(client, a_completed_checkin(None, practice=cast.practice, marks={"cervical_l": 6}))
    text = section(client, "instead")
    at = [
        text.index(part) for part in ("do yourself", "Another professional", "No massage", "dummy")
    ]
    assert at == sorted(at)
    assert reverse("choose:body-and-mind") in client.get(PAGE).content.decode()


def test_each_suggestion_says_why_it_stands_there(
    cast: Cast, client: Browser, now: datetime
) -> None:
    holding(
        client,
        a_completed_checkin(
            None, practice=cast.practice, conditions=["diabetes"], wishes=["wants_heat"]
        ),
    )
    page = client.get(PAGE).context["guided"].suggestions
    assert all(one.why_here for one in page)
    assert "needs a clinician's agreement first" in page[-1].why_here
    assert page[-1].why_here.startswith("After ")
    ties = [one for one in page if one.tie]
    assert ties
    assert all(one.why_here.startswith("Equal with ") for one in ties)
    alone = [one for one in page if not one.tie]
    assert not any(one.why_here.startswith("Equal") for one in alone)


def test_where_nothing_may_be_done_no_dose_is_given(
    cast: Cast, client: Browser, now: datetime
) -> None:
    holding(
        client, a_completed_checkin(None, practice=cast.practice, conditions=["fever_infection"])
    )
    assert "No technique here is safe for you now" in text_of(client.get(PAGE))
    assert section(client, "how-often") == ""
    assert "do yourself" in section(client, "instead")


def test_the_guided_list_takes_the_same_queries_for_everybody(
    cast: Cast, client: Browser, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plain = a_completed_checkin(None, practice=cast.practice)
    much = a_completed_checkin(
        None, practice=cast.practice, medicines=["anticoagulant", "opioid"], conditions=["diabetes"]
    )
    for checkin in (plain, much):
        holding(client, checkin)
        with django_assert_num_queries(9):
            client.get(PAGE)


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_each_technique_has_its_page(cast: Cast, client: Browser, technique: str) -> None:
    one, known = guidance.load().technique(technique), guidance.load()
    answer = client.get(reverse("choose:technique", args=[technique]))
    assert answer.status_code == 200
    text = text_of(answer)
    for part in (one.name, one.plain, *one.less_suits, f"usually {one.minutes.default}"):
        assert part in text
    for name in one.claims:
        assert known.claim(name).say in text
    assert "Who should be careful" in text
    assert "no published source; professional consensus" in text.lower()


def test_hot_stone_says_that_there_are_no_good_trials(cast: Cast, client: Browser) -> None:
    text = text_of(client.get(reverse("choose:technique", args=["hot_stone"])))
    assert "No good trials in back or neck pain yet." in text
    assert "Reduced feeling in any area" in text


def test_the_page_says_what_the_practices_ask(cast: Cast, client: Browser) -> None:
    text = text_of(client.get(reverse("choose:technique", args=["swedish"])))
    assert "60 minutes at 2 practices 70.00 EUR" in text
    holding(client, a_completed_checkin(None, practice=cast.practice))
    own = text_of(client.get(reverse("choose:technique", args=["swedish"])))
    assert "60 minutes at Lindenweg 70.00 EUR" in own
    nobody = text_of(client.get(reverse("choose:technique", args=["thai"])))
    assert "Nobody offers this technique at the moment." in nobody


def test_a_technique_that_is_ruled_out_has_no_way_to_book(
    cast: Cast, client: Browser, now: datetime
) -> None:
    holding(client, a_completed_checkin(None, practice=cast.practice, medicines=["anticoagulant"]))
    page = reverse("choose:technique", args=["deep_tissue"])
    assert "Not offered to you" in text_of(client.get(page))
    assert "Find a therapist" not in text_of(client.get(page))
    fine = reverse("choose:technique", args=["swedish"])
    assert "Find a therapist" in text_of(client.get(fine))


@pytest.mark.parametrize("name", ["cupping", "Swedish", "reasons"])
def test_an_unknown_technique_is_missing(cast: Cast, client: Browser, name: str) -> None:
    assert client.get(f"/techniques/{name}/").status_code == 404
