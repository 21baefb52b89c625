"""/check-in/places/: sides in words, what each place is like, and what is asked later."""

import re

import pytest
from django.test import Client as Browser

from tests.journey.understand.walk import about, begin, body, the_checkin
from unknot.domain.bodymap.regions import load as load_bodymap
from unknot.domain.screening.catalogue import load as load_screening
from unknot.journey.understand import reads
from unknot.journey.understand.forms.body import ASKED_LATER, FOLDED, OPEN

pytestmark = pytest.mark.usefixtures("now", "cast")
URL = "/check-in/places/"
LATER = "later always"
MOST = 60_000  # bytes of a page


def mark(browser: Browser, **marks: int) -> str:
    """Mark places and open the page."""
    begin(browser)
    sent = {f"mark-{name}": str(level) for name, level in marks.items()}
    assert browser.post("/check-in/body/", sent)["Location"] == URL
    return browser.get(URL).content.decode()


def said(browser: Browser) -> dict[str, tuple[int, tuple[str, ...], str]]:
    """What is kept about each place."""
    places = reads.places_of(the_checkin(browser))
    return {one.region: (one.level, one.qualities, one.since) for one in places}


def test_nothing_is_asked_without_a_mark(client: Browser) -> None:
    begin(client)
    assert client.get(URL)["Location"] == "/check-in/body/"


def test_the_sides_are_said_in_words_and_must_be_confirmed(client: Browser) -> None:
    page = mark(client, cervical_l=6, sacrum=3, arm_r=2)
    assert "This is your LEFT: <b>Neck, left</b>" in page
    assert "This is your RIGHT: <b>Front of upper arm, right</b>" in page
    refused = client.post(URL, {})
    assert refused.status_code == 422
    assert "Say whether the sides are right." in refused.content.decode()
    assert client.post(URL, {"sides": "yes"})["Location"] == "/check-in/story/"
    assert the_checkin(client).sides_confirmed


def test_confirmed_sides_are_shown_again_and_can_still_be_swapped(client: Browser) -> None:
    mark(client, cervical_l=6)
    client.post(URL, {"sides": "yes"})
    assert 'value="yes" checked' in client.get(URL).content.decode()
    client.post(URL, {"sides": "swap"})
    assert list(said(client)) == ["cervical_r"]


def test_marks_in_the_middle_need_no_side(client: Browser) -> None:
    assert "your LEFT" not in mark(client, sacrum=3)
    assert client.post(URL, {})["Location"] == "/check-in/story/"


def test_swapping_moves_every_mark_with_all_that_was_said_about_it(client: Browser) -> None:
    mark(client, cervical_l=6, lumbar_r=8, sacrum=2)
    told = {"quality-cervical_l": ["tight", "numb"], "since-cervical_l": "years"}
    client.post(URL, {"sides": "swap", **told})
    assert said(client) == {
        "lumbar_l": (8, (), ""),
        "cervical_r": (6, ("tight", "numb"), "years"),
        "sacrum": (2, (), ""),
    }


def test_a_form_for_other_marks_changes_nothing(client: Browser) -> None:
    page = mark(client, cervical_l=6)
    (shown,) = re.findall(r'name="shown" value="([^"]*)"', page)
    sent = {"sides": "swap", "shown": shown}
    assert client.post(URL, sent)["Location"] == "/check-in/story/"
    assert client.post(URL, sent)["Location"] == URL
    assert "Your marks have changed since." in client.get(URL).content.decode()
    assert list(said(client)) == ["cervical_r"]


def test_words_and_time_of_a_place_are_kept_and_shown_again(client: Browser) -> None:
    mark(client, sacrum=3)
    client.post(URL, {"quality-sacrum": ["aching", "aching"], "since-sacrum": "weeks"})
    assert said(client) == {"sacrum": (3, ("aching",), "weeks")}
    page = client.get(URL).content.decode()
    assert 'value="aching" checked' in page
    assert 'value="weeks" checked' in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"quality-sacrum": ["tight", "purple"]}, "Choose words from the list."),
        ({"quality-sacrum": "<b>"}, "Choose words from the list."),
        ({"quality-sacrum": "ti\0ght"}, "Choose words from the list."),
        ({"quality-sacrum": "x" * 200_000}, "Choose words from the list."),
        ({"since-sacrum": "yesterday"}, "Choose one of the answers in the list."),
        ({"since-sacrum": "x" * 200_000}, "Choose one of the answers in the list."),
        ({"sides": "up"}, "Say whether the sides are right."),
    ],
)
def test_what_is_not_offered_gets_a_sentence_and_nothing_is_kept(
    client: Browser, wrong: dict[str, object], sentence: str
) -> None:
    mark(client, sacrum=3, cervical_l=6)
    page = client.post(URL, {"sides": "yes", "quality-cervical_l": "tight", **wrong})
    text = page.content.decode()
    assert page.status_code == 422
    assert sentence in text
    assert "<b>" not in re.findall(r"error-summary.*?</div>", text, re.DOTALL)[0]
    assert len(page.content) < MOST
    assert said(client) == {"cervical_l": (6, (), ""), "sacrum": (3, (), "")}


def test_three_places_are_asked_openly_more_are_folded_and_the_rest_keep_their_number(
    client: Browser,
) -> None:
    markable = [region.id for region in load_bodymap().regions if region.markable]
    page = mark(client, **dict.fromkeys(markable, 5) | {"hand_r": 9})
    openly, _fold, folded = page.partition('<details class="more-places">')
    assert openly.count('class="place ') == OPEN
    assert folded.count('class="place ') == FOLDED
    assert openly.index("place-hand_r") < openly.index("place-head_back")
    assert f"{72 - OPEN - FOLDED} other places are kept with their numbers" in folded
    assert len(page.encode()) < MOST


def test_few_places_are_not_folded(client: Browser) -> None:
    assert "<details" not in mark(client, cervical_l=6, sacrum=3, chest_mid=2)


def test_a_folded_place_that_says_something_is_open(client: Browser) -> None:
    mark(client, cervical_l=6, sacrum=5, chest_mid=4, calf_l=1)
    client.post(URL, {"sides": "yes", "quality-calf_l": "burning"})
    assert '<details class="more-places" open>' in client.get(URL).content.decode()


def test_where_pain_is_often_felt_stands_as_a_weak_tradition(client: Browser) -> None:
    page = mark(client, upper_trap_l=7, hand_l=3)
    assert "side of the neck, temple, behind the eye, jaw angle." in page
    assert "only weakly tested" in page
    assert (
        "C6 thumb" not in page
    )  # names of nerve roots are no pattern that somebody could recognise


def test_another_place_can_be_marked_without_losing_what_was_said(client: Browser) -> None:
    mark(client, cervical_l=6)
    sent = {"mark": "more", "quality-cervical_l": "tight"}
    assert client.post(URL, sent)["Location"] == "/check-in/body/"
    client.post("/check-in/body/", {"mark-cervical_l": "6", "mark-arm_l": "2"})
    assert said(client)["cervical_l"] == (6, ("tight",), "")


@pytest.mark.parametrize("region", ["arm_l", "hand_r", "temple_l", "jaw_r", "chest_l", "abdomen"])
def test_a_place_with_safety_questions_of_its_own_says_so_calmly(
    client: Browser, region: str
) -> None:
    assert LATER in mark(client, **{region: 3})


@pytest.mark.parametrize("region", ["sacrum", "cervical_l", "upper_trap_r"])
def test_an_ordinary_place_says_nothing_about_later(client: Browser, region: str) -> None:
    assert LATER not in mark(client, **{region: 3})


def test_every_area_that_promises_questions_has_some() -> None:
    asked = {area for flag in load_screening().red_flags for area in flag.regions}
    assert {"head", "jaw", "shoulder", "arm", "hand", "chest", "abdomen", "flank", "leg"} <= asked
    body_map = load_bodymap()
    for area in ASKED_LATER:
        assert asked & body_map.safety_groups([one.id for one in body_map.in_group(area)])


def test_a_marked_arm_opens_its_safety_question_and_a_lower_back_does_not(client: Browser) -> None:
    assert asks_arm(client, forearm_r=3)
    assert not asks_arm(client, lumbar_r=3)


def asks_arm(browser: Browser, **marks: int) -> bool:
    browser.session.flush()
    browser.cookies.clear()
    begin(browser)
    body(browser, **marks)
    about(browser)
    page = browser.get("/check-in/safety/").content.decode()
    assert "rf_neuro_progressive" in page  # it is asked of everybody: this is the right page
    return "rf_severe_arm" in page
