"""/check-in/body/: marks and levels, and every way to send them wrongly."""

import pytest
from django.test import Client as Browser

from tests.journey.understand.walk import begin, the_checkin
from unknot.journey.understand import reads

pytestmark = pytest.mark.usefixtures("now", "cast")
URL = "/check-in/body/"
MOST = 60_000  # bytes of a page


def test_marks_are_kept_and_their_places_are_asked_next(client: Browser) -> None:
    begin(client)
    marks = {"mark-cervical_l": "6", "mark-sacrum": "3", "mark-calf_r": ""}
    assert client.post(URL, marks)["Location"] == "/check-in/places/"
    assert reads.marks_of(the_checkin(client)) == {"cervical_l": 6, "sacrum": 3}
    assert "<option selected>6" in client.get(URL).content.decode()


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
        ({"mark-cervical_l": "-3"}, "Neck, left: choose a number from 1 to 10."),
        ({"mark-cervical_l": "six"}, "Neck, left: choose a number from 1 to 10."),
        ({"mark-cervical_l": "6.5"}, "Neck, left: choose a number from 1 to 10."),
        ({"mark-cervical_l": "1e400"}, "Neck, left: choose a number from 1 to 10."),
        ({"mark-cervical_l": "6\0"}, "Neck, left: choose a number from 1 to 10."),
        ({"mark-cervical_l": "9" * 200_000}, "Neck, left: choose a number from 1 to 10."),
        ({"mark-cervical_l": ["6", "8"]}, "Neck, left has two different answers."),
        ({"mark-cervical_l": ["6", ""]}, "Neck, left has two different answers."),
        ({"mark-tail": "6"}, "There is no place called “tail” on the map."),
        ({"mark-tail": ""}, "There is no place called “tail” on the map."),
        ({"mark-": "6"}, "There is no place called “” on the map."),
        ({"mark-" + "x" * 500: "6"}, f"“{'x' * 40}…”"),
        ({"mark-ta\0il": "6"}, "There is no place called “tail” on the map."),
        ({"mark-saddle": "6"}, "Between the legs is asked about in words, not marked."),
        ({"mark-<b>": "6"}, "“&lt;b&gt;”"),
        ({"mark-calf_l": "4", "nowhere": "on"}, "Remove it, or take this tick away"),
    ],
)
def test_what_cannot_be_gets_one_sentence_and_the_rest_stays(
    client: Browser, wrong: dict[str, object], sentence: str
) -> None:
    begin(client)
    page = client.post(URL, {"mark-sacrum": "3", **wrong})
    text = page.content.decode()
    assert page.status_code == 422
    assert text.count(sentence) == 1 + ("nowhere" in wrong)  # a field says it again beside itself
    assert "One answer needs another look" in text
    assert "<option selected>3" in text
    assert len(page.content) < MOST
    assert reads.marks_of(the_checkin(client)) == {}


def test_the_name_of_a_field_may_be_as_long_as_a_book(client: Browser) -> None:
    begin(client)
    name = "mark-" + "x" * 200_000
    typed = client.post(URL, f"{name}=6", content_type="application/x-www-form-urlencoded")
    assert typed.status_code == 422
    assert f"“{'x' * 40}…”" in typed.content.decode()
    assert client.post(URL, {name: "6"}).status_code == 400  # sent in parts: cannot be read at all


def test_several_mistakes_are_named_each_once_with_a_way_to_mend_them(client: Browser) -> None:
    begin(client)
    text = client.post(URL, {"mark-cervical_l": "11", "mark-tail": "1"}).content.decode()
    assert "2 answers need another look" in text
    assert '<a href="#mark-cervical_l">Neck, left:' in text
    assert '<a href="#places-list">There is no place' in text


def test_a_place_drawn_in_two_views_and_sent_twice_alike_is_one_mark(client: Browser) -> None:
    begin(client)
    assert client.post(URL, {"mark-upper_trap_l": ["6", "6"]}).status_code == 302
    assert reads.marks_of(the_checkin(client)) == {"upper_trap_l": 6}


def test_places_on_back_and_front_are_two_marks(client: Browser) -> None:
    begin(client)
    client.post(URL, {"mark-shoulder_back_l": "6", "mark-shoulder_front_l": "2"})
    marks = reads.marks_of(the_checkin(client))
    assert marks == {"shoulder_back_l": 6, "shoulder_front_l": 2}


def test_something_must_be_said_before_going_on(client: Browser) -> None:
    begin(client)
    page = client.post(URL, {})
    assert page.status_code == 422
    assert "Mark at least one place, or say that nothing hurts." in page.content.decode()


def test_leaving_needs_no_mark(client: Browser) -> None:
    begin(client)
    assert client.post(URL, {"leave": "yes"})["Location"] == "/check-in/"


def test_nothing_hurts_is_an_answer(client: Browser) -> None:
    begin(client)
    client.post(URL, {"mark-sacrum": "3"})
    assert client.post(URL, {"nowhere": "on"})["Location"] == "/check-in/story/"
    assert reads.marks_of(the_checkin(client)) == {}


def test_the_list_offers_every_region_that_may_be_marked(client: Browser) -> None:
    begin(client)
    assert client.get(URL).content.decode().count('<select id="mark-') == 72


def test_the_page_stays_small_with_marks_or_without(client: Browser) -> None:
    begin(client)
    assert len(client.get(URL).content) < MOST
    client.post(URL, {f"mark-{name}": "7" for name in ("sacrum", "chest_l", "hand_r", "levator_l")})
    assert len(client.get(URL).content) < MOST


def test_the_marks_are_there_to_print_in_words(client: Browser) -> None:
    begin(client)
    client.post(URL, {"mark-sacrum": "3"})
    printed = client.get(URL).content.decode().partition("as-saved")[2]
    assert "Base of the spine" in printed
    assert "Left and right are your own." in printed
