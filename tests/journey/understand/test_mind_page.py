"""/check-in/mind/: stress, sleep, mood and worry; each may be left out, help is in reach."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from tests.cast import NOW, Cast
from tests.checkins import a_completed_checkin
from tests.journey.understand.walk import MIND, begin, body, the_checkin, walk
from unknot.domain.instruments import catalogue
from unknot.journey.understand import questionnaires
from unknot.journey.understand.models import Answer, LicensedWording

pytestmark = pytest.mark.usefixtures("now", "cast")

PAGE = "/check-in/mind/"


def points(browser: Browser) -> dict[str, dict[str, int]]:
    return questionnaires.points_of(the_checkin(browser))


def test_the_mind_is_asked_word_for_word_with_who_wrote_it(client: Browser) -> None:
    begin(client)
    page = client.get(PAGE).content.decode()
    for words in (
        "How stressed have you felt today?",
        "How well did you sleep last night?",
        "Did pain wake you or keep you awake?",
        "Stress means a situation in which a person feels tense",
        "Elo 2003, Scand J Work Environ Health 29(6):444-451.",
        "Over the last 2 weeks, how often have you been bothered",
        "Not being able to stop or control worrying",
        "Developed by Drs. Robert L. Spitzer",
        "Our own question. It has not been tested in studies.",
        "Your therapist does not see these answers unless you share them.",
    ):
        assert words in page
    assert "checked" not in page


def test_help_stands_at_the_top_and_at_the_foot(client: Browser) -> None:
    begin(client)
    page = client.get(PAGE).content.decode()
    assert 'href="#help"' in page
    assert 'id="help"' in page
    assert "116 123" in page
    assert 'href="tel:112"' in page


def test_the_mind_is_kept_with_version_and_language(client: Browser) -> None:
    begin(client)
    assert client.post(PAGE, MIND)["Location"] == "/check-in/safety/"
    assert points(client) == {
        "stress_nrs": {"stress_today": 7},
        "sleep_nrs": {"sleep_last_night": 3},
        "phq4": {"gad_1": 1, "gad_2": 0, "phq_1": 1, "phq_2": 0},
    }
    assert set(Answer.objects.values_list("version", "language")) == {(1, "en")}


def test_each_question_may_be_left_out_also_afterwards(client: Browser) -> None:
    begin(client)
    client.post(PAGE, MIND)
    less = {name: value for name, value in MIND.items() if name != "phq4-gad_1"}
    assert client.post(PAGE, less)["Location"] == "/check-in/safety/"
    assert "gad_1" not in points(client)["phq4"]
    client.post(PAGE, {})
    assert points(client) == {}


@pytest.mark.parametrize(
    ("gad_1", "gad_2", "following"),
    [("1", "1", "safety"), ("2", "0", "safety"), ("2", "1", "more"), ("0", "3", "more")],
)
def test_three_points_of_worry_or_mood_ask_a_little_more(
    client: Browser, gad_1: str, gad_2: str, following: str
) -> None:
    begin(client)
    low = dict.fromkeys(("phq4-gad_1", "phq4-gad_2", "phq4-phq_1", "phq4-phq_2"), "0")
    for first, second in (("gad_1", "gad_2"), ("phq_1", "phq_2")):
        sent = low | {f"phq4-{first}": gad_1, f"phq4-{second}": gad_2}
        assert client.post(PAGE, sent)["Location"] == f"/check-in/{following}/"


def test_the_way_back_passes_the_lower_back(client: Browser) -> None:
    begin(client)
    assert 'href="/check-in/everyday/"' in client.get(PAGE).content.decode()
    body(client, lumbar_l=6)
    assert 'href="/check-in/today/"' in client.get(PAGE).content.decode()


def test_hard_answers_show_help_and_block_nothing(client: Browser) -> None:
    walk(client)
    assert "If you need help now" not in client.get("/check-in/result/").content.decode()
    client.post(PAGE, dict.fromkeys(MIND, "3"))
    client.post("/check-in/wishes/", {})
    page = client.get("/check-in/result/").content.decode()
    assert "If you need help now" in page
    assert "It can help to talk to someone" in page
    assert "You can book" in page


# What was answered lately ----------------------------------------------------------------------


def returning(browser: Browser, cast: Cast, *, days: int) -> None:
    """Ana signs in and begins again, `days` after her last check-in."""
    before = NOW - timedelta(days=days)
    a_completed_checkin(cast.ana, practice=cast.practice, now=before)
    browser.force_login(cast.user("ana"))
    begin(browser)


def test_the_four_questions_of_five_days_ago_are_not_asked_again(
    client: Browser, cast: Cast
) -> None:
    returning(client, cast, days=5)
    page = client.get(PAGE).content.decode()
    assert "Not being able to stop or control worrying" not in page
    assert "Patient Health Questionnaire-4 is not asked: you answered it lately." in page
    assert "It may be asked again in 9 days." in page
    assert "How stressed have you felt today?" in page


def test_sent_all_the_same_they_are_not_kept_and_call_for_nothing(
    client: Browser, cast: Cast
) -> None:
    returning(client, cast, days=13)
    assert "It may be asked again tomorrow." in client.get(PAGE).content.decode()
    sent = client.post(PAGE, {**MIND, "phq4-gad_1": "3", "phq4-gad_2": "3"})
    assert sent["Location"] == "/check-in/safety/"
    assert "phq4" not in points(client)


def test_after_two_weeks_they_are_asked_again(client: Browser, cast: Cast) -> None:
    returning(client, cast, days=14)
    page = client.get(PAGE).content.decode()
    assert "Not being able to stop or control worrying" in page
    assert "is not asked" not in page
    client.post(PAGE, MIND)
    assert "phq4" in points(client)
    again = client.get(PAGE).content.decode()
    assert "Not being able to stop or control worrying" in again


def test_somebody_elses_answers_leave_nothing_out(client: Browser, cast: Cast) -> None:
    before = NOW - timedelta(days=5)
    a_completed_checkin(cast.ana, practice=cast.practice, now=before)
    for name in ("ben", None):
        browser = Browser()
        if name:
            browser.force_login(cast.user(name))
        begin(browser)
        assert "stop or control worrying" in browser.get(PAGE).content.decode()


# A practice's own wording ----------------------------------------------------------------------


def wording(cast: Cast, name: str = "who5", **changed: Any) -> LicensedWording:
    bare = catalogue.load().scoring_only[name]
    row = {
        "practice": cast.practice,
        "instrument": name,
        "version": bare.version,
        "language": "en",
        "stem": "Over the last two weeks",
        "items": {item.id: f"Licensed text {item.id} {{x}}" for item in bare.items},
        "options": {point: f"Step {point}" for point in bare.items[0].scale.points},
        "licence": "Licensed to Lindenweg until 2027",
        "recorded_by": cast.paz,
        "recorded_at": NOW,
    }
    return LicensedWording.objects.create(**{**row, **changed})


def test_what_the_practice_words_itself_is_asked_under_its_licence(
    client: Browser, cast: Cast
) -> None:
    wording(cast)
    begin(client)
    page = client.get(PAGE).content.decode()
    first = catalogue.load().scoring_only["who5"].items[0].id
    assert f"Licensed text {first} {{x}}" in page
    assert "Step 5" in page
    assert "Licensed to Lindenweg until 2027." in page
    client.post(PAGE, {f"who5-{first}": "5"})
    assert points(client) == {"who5": {first: 5}}
    assert client.post(PAGE, {f"who5-{first}": "6"}).status_code == 422


@pytest.mark.parametrize("how", ["withdrawn", "other practice", "old"])
def test_wording_without_force_is_not_asked(client: Browser, cast: Cast, how: str) -> None:
    match how:
        case "withdrawn":
            wording(cast, withdrawn_at=NOW)
        case "other practice":
            wording(cast, practice=cast.other_practice)
        case _:
            wording(cast, version=99)
    begin(client)
    assert "Licensed text" not in client.get(PAGE).content.decode()


# What is no answer -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"phq4-gad_1": "4"}, "Choose one of the answers in the list."),
        ({"phq4-gad_1": "-1"}, "Choose one of the answers in the list."),
        ({"phq4-gad_1": "often"}, "Choose one of the answers in the list."),
        ({"phq4-gad_1": "1.5"}, "Choose one of the answers in the list."),
        ({"phq4-gad_1": "3.0"}, "Choose one of the answers in the list."),
        ({"phq4-gad_1": "1e400"}, "Choose one of the answers in the list."),
        ({"phq4-gad_1": "nan"}, "Choose one of the answers in the list."),
        ({"phq4-gad_1": "1\x00"}, "Choose one of the answers in the list."),
        ({"phq4-gad_1": "x" * 200_000}, "Choose one of the answers in the list."),
        ({"elo_stress-elo_1": "0"}, "Choose one of the answers in the list."),
        ({"elo_stress-elo_1": "6"}, "Choose one of the answers in the list."),
        ({"stress_nrs-stress_today": "11"}, "Choose a number from 0 to 10."),
        ({"stress_nrs-stress_today": "True"}, "Choose a number from 0 to 10."),
        ({"phq4-gad_1": ["1", "2"]}, "There are two answers to this question. Choose one."),
        ({"phq4-gad_1": ["1", "1"]}, "There are two answers to this question. Choose one."),
        ({"version-phq4": "2"}, "These questions have changed since you opened the page."),
        ({"version-phq4": ["1", "2"]}, "There are two answers to this question. Choose one."),
    ],
)
def test_what_is_no_answer_gets_a_sentence_and_keeps_nothing(
    client: Browser, wrong: dict[str, object], sentence: str
) -> None:
    begin(client)
    page = client.post(PAGE, {**MIND, **wrong})
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert 'name="phq4-phq_1" value="1"' in page.content.decode()
    assert points(client) == {}


def test_fields_that_were_not_on_the_page_have_no_effect(client: Browser) -> None:
    begin(client)
    strangers = {
        "phq4-phq_9": "3",
        "phq9-phq_9": "3",
        "phq8-phq_3": "3",
        "gcps_r-peg_p": "3",
        "isi-isi_1": "2",
        "who5-who5_1": "2",
        "horoscope-sign": "1",
    }
    assert client.post(PAGE, {**MIND, **strangers})["Location"] == "/check-in/safety/"
    assert set(points(client)) == {"stress_nrs", "sleep_nrs", "phq4"}
    assert set(points(client)["phq4"]) == {"gad_1", "gad_2", "phq_1", "phq_2"}


def test_nothing_about_health_stands_in_an_address(client: Browser) -> None:
    begin(client)
    sent = client.post(PAGE, {**MIND, "phq4-gad_1": "3"})
    assert sent["Location"] == "/check-in/more/"
