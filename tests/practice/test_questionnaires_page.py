"""Every questionnaire with its status, and a practice's own wording from the form to the score."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Cast, a_member
from tests.journey.understand.walk import MIND, begin, body, the_checkin, walk
from tests.practice.test_day_page import signed_in
from unknot.domain.instruments import catalogue as instruments
from unknot.journey.understand import questionnaires, reads, scores, wordings
from unknot.journey.understand.models import CheckIn, InstrumentScore, LicensedWording
from unknot.people.models import AuditEntry, Membership, Role

pytestmark = pytest.mark.usefixtures("now")
LIST = reverse("practice:questionnaires")
PEOPLE = [("paz", 200), ("tess", 403), ("finn", 403), ("uma", 403), ("ana", 404), ("opal", 404)]
WHO5 = tuple(f"who5_{number}" for number in range(1, 6))


def page_of(instrument: str) -> str:
    return reverse("practice:questionnaire", args=[instrument])


def stop_of(instrument: str) -> str:
    return reverse("practice:questionnaire-stop", args=[instrument])


def texts(word: str = "Neutral text", **changed: str) -> dict[str, str]:
    """A form filled in with neutral words that are not the words of any questionnaire."""
    return {
        "licence": "Example holder, licence 12 of 3 March 2026",
        "language": "en",
        "stem": "Words before",
        **{f"item-{name}": f"{word} {number}" for number, name in enumerate(WHO5, 1)},
        **{f"label-{points}": f"answer {points}" for points in range(6)},
        **changed,
    }


def added(browser: Browser, **changed: str) -> LicensedWording:
    answer = browser.post(page_of("who5"), texts(**changed))
    assert answer.status_code == 302, answer.content.decode()
    return LicensedWording.objects.get(withdrawn_at__isnull=True)


def asks_own(browser: Browser, **more: str) -> bool:
    """Whether a new check-in asks for the practice's own wording."""
    begin(browser, **more)
    return "who5-who5_1" in browser.get("/check-in/mind/").content.decode()


# The list -------------------------------------------------------------------------------------


def test_every_instrument_of_the_data_is_listed_with_its_name(client: Browser, cast: Cast) -> None:
    page = signed_in(client, cast, "paz").get(LIST).content.decode()
    known = instruments.load()
    for table in (known.instruments, known.scoring_only, known.refused):
        for entry in table.values():
            assert str(escape(entry.name)) in page, entry.id


def test_what_is_refused_says_why_and_what_is_scored_only_names_the_terms(
    client: Browser, cast: Cast
) -> None:
    page = signed_in(client, cast, "paz").get(LIST).content.decode()
    known = instruments.load()
    for refused in known.refused.values():
        assert str(escape(refused.reason)) in page, refused.id
        assert page_of(refused.id) not in page
    for silent in known.scoring_only.values():
        assert str(escape(silent.licence.terms)) in page, silent.id
        assert page_of(silent.id) in page


def test_what_no_set_of_questions_holds_is_not_called_asked(cast: Cast) -> None:
    rows = {row.id: row for row in wordings.known_to(cast.practice).asked}
    assert rows["dass21_stress"].sets == ()
    assert rows["peg"].sets == (
        "weekly questions",
        "check-in",
        "questions before the first session",
        rows["change_global"].sets[0],
    )
    assert rows["phq8"].sets == ("check-in",)
    assert rows["gad7"].holder.startswith("Developed by Drs. Robert L. Spitzer")
    assert rows["sleep_nrs"].house


@pytest.mark.parametrize("address", [LIST, page_of("who5")])
@pytest.mark.parametrize(("name", "status"), PEOPLE)
def test_only_a_manager_opens_them(
    client: Browser, cast: Cast, name: str, status: int, address: str
) -> None:
    assert signed_in(client, cast, name).get(address).status_code == status


@pytest.mark.parametrize(("name", "status"), PEOPLE[1:])
def test_nobody_else_words_one_or_stops_one(
    client: Browser, cast: Cast, name: str, status: int
) -> None:
    row = added(signed_in(Browser(), cast, "paz"))
    other = signed_in(client, cast, name)
    assert other.post(page_of("who5"), texts("Mine")).status_code == status
    assert other.post(stop_of("who5")).status_code == status
    row.refresh_from_db()
    assert (row.items["who5_1"], row.withdrawn_at) == ("Neutral text 1", None)


def test_the_number_of_queries(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(client, cast, "paz")
    added(browser)
    browser.get(LIST)
    with django_assert_num_queries(8):
        browser.get(LIST)
    with django_assert_num_queries(9):
        browser.get(page_of("who5"))


# From the wording to the score ----------------------------------------------------------------


def test_a_practice_words_it_a_client_answers_it_and_it_is_scored(
    client: Browser, cast: Cast
) -> None:
    paz = signed_in(Browser(), cast, "paz")
    added(paz)
    entry = AuditEntry.objects.get(action="wording.recorded")
    assert (entry.actor, entry.at, entry.client) == (cast.paz, NOW, None)

    begin(client)
    page = client.get("/check-in/mind/").content.decode()
    assert "Words before" in page
    assert "Neutral text 5" in page
    assert "Example holder, licence 12 of 3 March 2026" in page
    answers = MIND | {f"who5-{name}": "5" for name in WHO5}
    assert walk_with(client, answers)

    checkin = the_checkin(client)
    given = checkin.answers.filter(instrument="who5")
    assert set(given.values_list("item", "value", "version", "language")) == {
        (name, 5, 1, "en") for name in WHO5
    }
    row = questionnaires.scores_of(checkin)["who5"]
    assert (row.value, row.low, row.high, row.version) == (100, 0, 100, 1)
    assert shown_score(checkin) == ("WHO-5 Well-Being Index", "100")
    assert client.get("/check-in/result/").status_code == 200

    assert paz.post(stop_of("who5")).status_code == 302
    assert shown_score(checkin) == ("WHO-5 Well-Being Index", "100")
    assert client.get("/check-in/result/").status_code == 200
    assert not asks_own(Browser())


def shown_score(checkin: CheckIn) -> tuple[str, str]:
    """The name and the number of the worded score, as its owner reads them."""
    line = next(one for one in scores.score_words(checkin) if one.instrument == "who5")
    return line.name, line.value


def walk_with(browser: Browser, mind: dict[str, str]) -> bool:
    """Walk the whole check-in and give these answers to the page about the mind."""
    before = dict(MIND)
    MIND.clear()
    MIND.update(mind)
    try:
        return reads.is_complete(walk(browser))
    finally:
        MIND.clear()
        MIND.update(before)


def test_an_answer_left_out_is_not_scored_and_says_so(client: Browser, cast: Cast) -> None:
    added(signed_in(Browser(), cast, "paz"))
    assert walk_with(client, MIND | {f"who5-{name}": "2" for name in WHO5[:4]})
    row = questionnaires.scores_of(the_checkin(client))["who5"]
    assert row.value is None
    assert row.not_scored_because == (
        "Not scored, because 1 answer is missing and every answer is needed."
    )


def test_it_is_asked_in_this_practice_alone_and_not_before(client: Browser, cast: Cast) -> None:
    assert not asks_own(client)
    added(signed_in(Browser(), cast, "paz"))
    assert asks_own(Browser())
    assert not asks_own(Browser(), practice=cast.other_practice.slug)


def test_who_stops_asking_is_written_down_and_stopping_twice_is_no_second_deed(
    client: Browser, cast: Cast
) -> None:
    browser = signed_in(client, cast, "paz")
    row = added(browser)
    browser.post(stop_of("who5"))
    answer = browser.post(stop_of("who5"), follow=True).content.decode()
    assert "It was not being asked." in answer
    row.refresh_from_db()
    assert row.withdrawn_at == NOW
    entry = AuditEntry.objects.get(action="wording.withdrawn")
    assert (entry.actor, entry.subject) == (cast.paz, f"licensedwording {row.pk}")
    assert "Paz: from 27 March 2026, 09:00 to 27 March 2026, 09:00" in answer


def test_a_new_text_withdraws_the_old_row_and_keeps_it(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    old = added(browser)
    new = added(browser, word="Better text", replaces=str(old.pk))
    old.refresh_from_db()
    assert (old.withdrawn_at, old.items["who5_1"]) == (NOW, "Neutral text 1")
    assert new.items["who5_1"] == "Better text 1"
    page = browser.get(page_of("who5")).content.decode()
    assert "Neutral text 1" in page
    assert "Paz: since 27 March 2026, 09:00" in page


def test_space_around_what_was_written_is_taken_off(client: Browser, cast: Cast) -> None:
    row = added(signed_in(client, cast, "paz"), language=" en\n", **{"item-who5_1": " Neutral "})
    assert (row.language, row.items["who5_1"]) == ("en", "Neutral")


def test_the_same_text_again_makes_no_new_row(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    added(browser)
    added(browser)
    assert LicensedWording.objects.count() == 1
    assert AuditEntry.objects.filter(action="wording.recorded").count() == 1


def test_a_wording_of_older_scoring_is_not_asked_until_it_is_saved_again(
    client: Browser, cast: Cast
) -> None:
    browser = signed_in(client, cast, "paz")
    row = added(browser)
    LicensedWording.objects.update(version=99)
    assert "Not asked until looked at again" in browser.get(LIST).content.decode()
    page = browser.get(page_of("who5")).content.decode()
    assert "recorded for version 99 of the scoring; version 1 is in use" in page
    assert not asks_own(client)
    added(browser, replaces=str(row.pk))
    assert asks_own(Browser())


# Two managers ---------------------------------------------------------------------------------


def test_who_saves_second_reads_the_first_text_before_replacing_it(
    client: Browser, cast: Cast
) -> None:
    second = a_member("Pia", cast.practice, Role.MANAGER)
    first, later = signed_in(Browser(), cast, "paz"), client
    later.force_login(second, backend="allauth.account.auth_backends.AuthenticationBackend")
    added(first)
    answer = later.post(page_of("who5"), texts("Mine"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this wording" in page
    assert "Neutral text 1" in page
    assert ">Mine 1</textarea>" in page.replace("\n", "")
    standing = LicensedWording.objects.get()
    assert standing.items["who5_1"] == "Neutral text 1"
    assert f'name="replaces" value="{standing.pk}"' in page
    assert later.post(page_of("who5"), texts("Mine", replaces=str(standing.pk))).status_code == 302
    assert LicensedWording.objects.get(withdrawn_at__isnull=True).recorded_by == second


# What cannot be kept --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"item-who5_3": ""}, "Write the text of this question."),
        ({"item-who5_3": "  "}, "Write the text of this question."),
        ({"item-who5_3": "x" * 501}, "at most 500 characters"),
        ({"item-who5_3": "x" * 200_000}, "at most 500 characters"),
        ({"item-who5_3": "a\0b"}, "Null characters are not allowed."),
        ({"stem": "x" * 501}, "at most 500 characters"),
        ({"licence": ""}, "Write who allows it"),
        ({"licence": "x" * 301}, "The licence line has at most 300 letters."),
        ({"language": ""}, "Write the language, such as en."),
        ({"language": "<b>"}, "Write the language as a short code"),
        ({"label-3": ""}, "Write words for every answer, or for none."),
        ({"label-3": "x" * 501}, "at most 500 characters"),
        ({"replaces": "one"}, "Enter a whole number."),
        ({"replaces": "7"}, "Somebody else changed this wording"),
    ],
)
def test_a_wording_that_cannot_be_kept_gets_a_sentence_and_keeps_what_was_typed(
    client: Browser, cast: Cast, changed: dict[str, str], sentence: str
) -> None:
    answer = signed_in(client, cast, "paz").post(page_of("who5"), texts(**changed))
    assert answer.status_code == (409 if changed.get("replaces") == "7" else 422)
    page = answer.content.decode()
    assert sentence in page
    assert "Neutral text 5" in page
    assert not LicensedWording.objects.exists()


def test_html_is_text_for_the_manager_and_for_the_client(client: Browser, cast: Cast) -> None:
    nasty = "<script>alert(1)</script> {stem}"
    paz = signed_in(Browser(), cast, "paz")
    added(paz, licence=nasty, stem=nasty, **{"item-who5_1": nasty, "label-0": nasty})
    begin(client)
    pages = (paz.get(LIST), paz.get(page_of("who5")), client.get("/check-in/mind/"))
    for page in (one.content.decode() for one in pages):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {stem}" in page


def test_an_item_that_is_not_asked_for_is_not_kept(client: Browser, cast: Cast) -> None:
    row = added(signed_in(client, cast, "paz"), **{"item-who5_6": "A sixth"})
    assert tuple(row.items) == WHO5


@pytest.mark.parametrize("address", [page_of("nothing"), page_of("who5x"), stop_of("nothing")])
def test_an_unknown_id_is_not_found(client: Browser, cast: Cast, address: str) -> None:
    browser = signed_in(client, cast, "paz")
    assert browser.post(address, texts()).status_code == 404


@pytest.mark.parametrize(
    ("instrument", "sentence"),
    [
        ("phq9", "because its item 9 needs a duty to respond"),
        ("odi", "because it needs a licence through Mapi ePROVIDE"),
        ("phq4", "already has its wording here."),
    ],
)
def test_what_no_practice_words_has_no_page_and_the_answer_says_why(
    client: Browser, cast: Cast, instrument: str, sentence: str
) -> None:
    browser = signed_in(client, cast, "paz")
    for answer in (
        browser.get(page_of(instrument)),
        browser.post(page_of(instrument), texts()),
        browser.post(stop_of(instrument)),
    ):
        assert answer.status_code == 404
        assert sentence in answer.content.decode()
    assert not LicensedWording.objects.exists()


@pytest.mark.parametrize("instrument", ["sqs", "psfs"])
def test_what_cannot_be_scored_says_why_and_offers_no_form(
    client: Browser, cast: Cast, instrument: str
) -> None:
    browser = signed_in(client, cast, "paz")
    page = browser.get(page_of(instrument)).content.decode()
    assert instruments.load().scoring_only[instrument].scoring.not_scored in page
    assert 'name="licence"' not in page
    assert browser.post(page_of(instrument), texts()).status_code == 422
    assert not LicensedWording.objects.exists()


def test_a_manager_of_no_practice_any_more_words_nothing(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    Membership.objects.filter(user=cast.paz).update(until=NOW)
    assert browser.post(page_of("who5"), texts()).status_code == 404
    assert not LicensedWording.objects.exists()


def test_numbers_are_the_answers_where_no_words_are_given(client: Browser, cast: Cast) -> None:
    bare = {f"label-{points}": "" for points in range(6)}
    assert added(signed_in(Browser(), cast, "paz"), **bare).options == {}
    begin(client)
    body(client, cervical_l=6)
    page = client.get("/check-in/mind/").content.decode()
    assert 'name="who5-who5_1" value="5"' in page
    assert not InstrumentScore.objects.exists()
