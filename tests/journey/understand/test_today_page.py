"""/check-in/today/: the 24 sentences, where sending nothing ticked is an answer."""

import pytest
from django.test import Client as Browser

from tests.checkins import MARKS
from tests.journey.understand.walk import begin, body, the_checkin
from unknot.domain.instruments import catalogue
from unknot.journey.understand import questionnaires

pytestmark = pytest.mark.usefixtures("now", "cast")

PAGE = "/check-in/today/"
ITEMS = [item.id for item in catalogue.load().instrument("rmdq24").items]


def low_back(browser: Browser) -> None:
    begin(browser)
    body(browser, lumbar_l=6)


def ticked(browser: Browser) -> dict[str, int]:
    return questionnaires.points_of(the_checkin(browser)).get("rmdq24", {})


def test_only_the_lower_back_is_asked_about(client: Browser) -> None:
    low_back(client)
    assert client.get(PAGE).status_code == 200
    body(client, **MARKS)
    assert client.get(PAGE)["Location"] == "/check-in/mind/"
    assert client.post(PAGE, {"sentences": ["rmdq_1"]})["Location"] == "/check-in/mind/"
    assert ticked(client) == {}


def test_the_sentences_stand_there_word_for_word(client: Browser) -> None:
    low_back(client)
    page = client.get(PAGE).content.decode()
    for item in catalogue.load().instrument("rmdq24").items:
        assert item.text.replace("'", "&#x27;") in page
    assert "Tick a sentence only if you are sure it describes you today." in page
    assert "Roland and Morris 1983." in page
    assert "None of these fits? Leave every box empty" in page
    assert "19 to 24 of 24" in page
    assert page.count('type="checkbox"') == 24
    assert "checked" not in page


def test_a_tick_is_one_and_the_rest_is_none(client: Browser) -> None:
    low_back(client)
    sent = {"sentences": ["rmdq_3", "rmdq_24"]}
    assert client.post(PAGE, sent)["Location"] == "/check-in/mind/"
    assert ticked(client) == dict.fromkeys(ITEMS, 0) | {"rmdq_3": 1, "rmdq_24": 1}
    assert client.get(PAGE).content.decode().count("checked") == 2


def test_sending_nothing_ticked_is_an_answer(client: Browser) -> None:
    low_back(client)
    client.post(PAGE, {})
    assert ticked(client) == dict.fromkeys(ITEMS, 0)


def test_skipping_is_none(client: Browser) -> None:
    low_back(client)
    page = client.get(PAGE).content.decode()
    assert '<a href="/check-in/mind/">Skip these sentences</a>' in page
    client.get("/check-in/mind/")
    assert ticked(client) == {}


def test_leaving_in_the_middle_keeps_the_ticks_and_answers_nothing_else(client: Browser) -> None:
    low_back(client)
    sent = {"sentences": ["rmdq_3"], "leave": "yes"}
    assert client.post(PAGE, sent)["Location"] == "/check-in/"
    assert ticked(client) == {"rmdq_3": 1}
    assert client.get(PAGE).content.decode().count("checked") == 1
    client.post(PAGE, {"leave": "yes"})
    assert ticked(client) == {}


def test_leaving_after_it_was_sent_leaves_it_sent(client: Browser) -> None:
    low_back(client)
    client.post(PAGE, {"sentences": ["rmdq_3"]})
    client.post(PAGE, {"sentences": ["rmdq_4"], "leave": "yes"})
    assert ticked(client) == dict.fromkeys(ITEMS, 0) | {"rmdq_4": 1}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"sentences": ["rmdq_25"]}, "Choose sentences from the list."),
        ({"sentences": ["rmdq_1", "rmdq_1e400"]}, "Choose sentences from the list."),
        ({"sentences": ["rmdq_1", "1"]}, "Choose sentences from the list."),
        ({"sentences": ["rmdq_1\x00"]}, "Choose sentences from the list."),
        ({"sentences": ["rmdq_1", "<b>" + "x" * 200_000]}, "Choose sentences from the list."),
        ({"sentences": ["peg_p"]}, "Choose sentences from the list."),
        ({"version-rmdq24": "2"}, "These questions have changed since you opened the page."),
    ],
)
def test_what_is_no_sentence_gets_one(
    client: Browser, wrong: dict[str, object], sentence: str
) -> None:
    low_back(client)
    page = client.post(PAGE, {"sentences": ["rmdq_1"], **wrong})
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "<b>x" not in page.content.decode()
    assert 'name="version-rmdq24" value="1"' in page.content.decode() or "version" not in wrong
    assert ticked(client) == {}


def test_a_sentence_ticked_twice_counts_once_and_strangers_not_at_all(client: Browser) -> None:
    low_back(client)
    client.post(PAGE, {"sentences": ["rmdq_1", "rmdq_1"], "rmdq24-rmdq_2": "1", "phq4-gad_1": "3"})
    assert sum(ticked(client).values()) == 1
    assert set(questionnaires.points_of(the_checkin(client))) == {"rmdq24"}
