"""/check-in/story/ and /check-in/mind/: dates, words, ratings and the four questions."""

from datetime import date

import pytest
from django.test import Client as Browser

from tests.cast import Cast
from tests.journey.understand.walk import MIND, STORY, begin, the_checkin, walk
from unknot.journey.understand import reads

pytestmark = pytest.mark.usefixtures("now", "cast")


def test_the_story_is_kept_and_how_long_it_lasts_is_said(client: Browser) -> None:
    begin(client)
    page = client.post("/check-in/story/", STORY, follow=True)
    assert "That is 20 weeks. Pain over 12 weeks is called chronic." in page.content.decode()
    checkin = the_checkin(client)
    assert checkin.onset_on == date(2025, 11, 7)
    assert (checkin.first_ever, checkin.feels_like) == (False, ["tight", "aching"])
    assert reads.points_of(checkin)["peg"] == {"peg_p": 6, "peg_e": 5, "peg_g": 4}


@pytest.mark.parametrize(
    ("began", "word"),
    [("14 2 2026", "acute"), ("13 2 2026", "subacute"), ("1 1 2026", "chronic")],
)
def test_six_and_twelve_weeks_divide_the_classes(client: Browser, began: str, word: str) -> None:
    begin(client)
    parts = ("onset_on_day", "onset_on_month", "onset_on_year")
    day = dict(zip(parts, began.split(), strict=True))
    page = client.post("/check-in/story/", day, follow=True)
    assert f"is called {word}." in page.content.decode()


def test_the_ratings_name_their_paper(client: Browser) -> None:
    begin(client)
    assert "J Gen Intern Med 2009" in client.get("/check-in/story/").content.decode()


def test_the_story_may_be_left_out(client: Browser) -> None:
    begin(client)
    assert client.post("/check-in/story/", {})["Location"] == "/check-in/mind/"
    assert the_checkin(client).onset_on is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"onset_on_month": "13"}, "The month is a number from 1 to 12."),
        ({"onset_on_day": "31", "onset_on_month": "2"}, "This day does not exist in that month."),
        ({"onset_on_year": "2027"}, "This day lies in the future."),
        ({"onset_on_year": "1850"}, "more than 120 years ago"),
        ({"onset_on_year": ""}, "Write the day, the month and the year."),
        ({"first_ever": "often"}, "Answer yes or no."),
        ({"feels_like": ["tight", "purple"]}, "Choose words from the list."),
        ({"peg-peg_p": "11"}, "Choose a number from 0 to 10."),
        ({"peg-peg_p": "x"}, "Choose a number from 0 to 10."),
    ],
)
def test_a_wrong_story_gets_a_sentence_and_keeps_what_was_typed(
    client: Browser, wrong: dict[str, object], sentence: str
) -> None:
    begin(client)
    page = client.post("/check-in/story/", {**STORY, **wrong})
    text = page.content.decode()
    assert page.status_code == 422
    assert sentence in text
    assert 'name="peg-peg_e" value="5"' in text
    assert not the_checkin(client).answers.exists()


def test_the_mind_is_asked_word_for_word_with_its_line_of_origin(client: Browser) -> None:
    begin(client)
    page = client.get("/check-in/mind/").content.decode()
    for words in (
        "Over the last 2 weeks, how often have you been bothered",
        "Not being able to stop or control worrying",
        "Developed by Drs. Robert L. Spitzer",
        "116 123",
    ):
        assert words in page


def test_the_mind_is_kept_and_each_question_may_be_left_out(client: Browser) -> None:
    begin(client)
    client.post("/check-in/mind/", MIND)
    assert reads.points_of(the_checkin(client))["phq4"]["gad_1"] == 1
    less = {name: value for name, value in MIND.items() if name != "phq4-gad_1"}
    assert client.post("/check-in/mind/", less)["Location"] == "/check-in/safety/"
    assert "gad_1" not in reads.points_of(the_checkin(client))["phq4"]


@pytest.mark.parametrize("wrong", ["4", "-1", "often", "1.5"])
def test_an_answer_that_is_not_offered_is_refused(client: Browser, wrong: str) -> None:
    begin(client)
    page = client.post("/check-in/mind/", {**MIND, "phq4-gad_1": wrong})
    assert page.status_code == 422
    assert "Choose one of the answers in the list." in page.content.decode()


def test_nothing_about_health_stands_in_an_address(client: Browser) -> None:
    begin(client)
    page = client.post("/check-in/mind/", MIND)
    assert page["Location"] == "/check-in/safety/"


def test_a_clinician_is_suggested_and_help_shown_when_answers_are_hard(
    client: Browser, cast: Cast
) -> None:
    walk(client)
    assert "If you need help now" not in client.get("/check-in/result/").content.decode()
    client.post("/check-in/mind/", dict.fromkeys(MIND, "3"))
    client.post("/check-in/wishes/", {})
    page = client.get("/check-in/result/").content.decode()
    assert "If you need help now" in page
    assert "It can help to talk to someone" in page
    assert "You can book" in page
