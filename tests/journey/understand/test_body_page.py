"""/check-in/body/: marks, levels and sides, and every way to send them wrongly."""

import pytest
from django.test import Client as Browser

from tests.cast import Cast
from tests.journey.understand.walk import begin, the_checkin
from unknot.journey.understand import reads

pytestmark = pytest.mark.usefixtures("now", "cast")
URL = "/check-in/body/"


def test_marks_are_kept_and_their_side_is_asked_once(client: Browser, cast: Cast) -> None:
    begin(client)
    marks = {"mark-cervical_l": "6", "mark-sacrum": "3", "mark-calf_r": ""}
    assert client.post(URL, marks)["Location"] == URL
    page = client.get(URL).content.decode()
    assert "This is your LEFT:" in page
    assert "<b>Neck, left</b>" in page
    assert "your RIGHT" not in page
    assert client.post(URL, {**marks, "sides": "yes"})["Location"] == "/check-in/story/"
    assert reads.marks_of(the_checkin(client)) == {"cervical_l": 6, "sacrum": 3}
    assert "your LEFT" not in client.get(URL).content.decode()


def test_swapping_moves_the_marks_to_the_other_side(client: Browser) -> None:
    begin(client)
    client.post(URL, {"mark-cervical_l": "6"})
    client.post(URL, {"mark-cervical_l": "6", "sides": "swap"})
    assert reads.marks_of(the_checkin(client)) == {"cervical_r": 6}


def test_marks_in_the_middle_need_no_side(client: Browser) -> None:
    begin(client)
    assert client.post(URL, {"mark-sacrum": "3"})["Location"] == "/check-in/story/"


def test_sending_twice_keeps_one_mark(client: Browser) -> None:
    begin(client)
    for level in ("3", "3", "5"):
        client.post(URL, {"mark-sacrum": level})
    assert reads.marks_of(the_checkin(client)) == {"sacrum": 5}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"mark-cervical_l": "11"}, "Neck, left: choose a number from 1 to 10."),
        ({"mark-cervical_l": "0"}, "Neck, left: choose a number from 1 to 10."),
        ({"mark-cervical_l": "six"}, "Neck, left: choose a number from 1 to 10."),
        ({"mark-cervical_l": "6.5"}, "Neck, left: choose a number from 1 to 10."),
        ({"mark-tail": "6"}, "There is no place called “tail” on the map."),
        ({"mark-saddle": "6"}, "Between the legs is asked about in words, not marked."),
        ({"mark-<b>": "6"}, "“&lt;b&gt;”"),
        ({}, "Mark at least one place, or say that nothing hurts."),
        ({"mark-calf_l": "4", "nowhere": "on"}, "Remove it, or take this tick away"),
        ({"mark-calf_l": "4", "sides": "up"}, "Say whether the sides are right."),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_the_rest_stays(
    client: Browser, wrong: dict[str, str], sentence: str
) -> None:
    begin(client)
    typed = {"mark-sacrum": "3", **wrong} if wrong else {}
    page = client.post(URL, typed)
    text = page.content.decode()
    assert page.status_code == 422
    assert sentence in text
    if typed:
        assert '<option value="3" selected>' in text
    assert reads.marks_of(the_checkin(client)) == {}


def test_nothing_hurts_is_an_answer(client: Browser) -> None:
    begin(client)
    client.post(URL, {"mark-sacrum": "3"})
    assert client.post(URL, {"nowhere": "on"})["Location"] == "/check-in/story/"
    assert reads.marks_of(the_checkin(client)) == {}


def test_the_list_offers_every_region_that_may_be_marked(client: Browser) -> None:
    begin(client)
    assert client.get(URL).content.decode().count('<select id="mark-') == 72
