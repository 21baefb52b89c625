"""/check-in/story/: dates, words to tap, a goal in own words; nothing has to be answered."""

from datetime import date

import pytest
from django.test import Client as Browser

from tests.journey.understand.walk import STORY, about, begin, body, the_checkin
from unknot.journey.understand.models import CheckIn

pytestmark = pytest.mark.usefixtures("now", "cast")
URL = "/check-in/story/"
MOST = 60_000  # bytes of a page


def test_the_story_is_kept_and_how_long_it_lasts_is_said(client: Browser) -> None:
    begin(client)
    page = client.post(URL, STORY, follow=True)
    assert "That is 20 weeks. Pain over 12 weeks is called chronic." in page.content.decode()
    checkin = the_checkin(client)
    assert checkin.onset_on == date(2025, 11, 7)
    assert (checkin.course, checkin.episodes) == ("same", "few")
    assert checkin.suspected_causes == ["posture_at_work", "stress"]
    assert (checkin.eased_by, checkin.worsened_by) == (["warmth"], ["sitting"])
    assert (checkin.headaches, checkin.shoulder_pain) == (False, None)
    assert checkin.goal == "Carry my daughter again"


def test_what_was_told_is_shown_again_and_can_be_taken_back(client: Browser) -> None:
    begin(client)
    client.post(URL, STORY)
    page = client.get(URL).content.decode()
    for shown in ('value="same" checked', 'value="stress" checked', 'name="headaches" value="no"'):
        assert shown in page
    assert "Carry my daughter again</textarea>" in page
    client.post(URL, {})
    again = the_checkin(client)
    assert (again.onset_on, again.course, again.suspected_causes) == (None, "", [])
    assert (again.headaches, again.goal) == (None, "")


@pytest.mark.parametrize(
    ("began", "word"),
    [("14 2 2026", "acute"), ("13 2 2026", "subacute"), ("1 1 2026", "chronic")],
)
def test_six_and_twelve_weeks_divide_the_classes(client: Browser, began: str, word: str) -> None:
    begin(client)
    parts = ("onset_on_day", "onset_on_month", "onset_on_year")
    day = dict(zip(parts, began.split(), strict=True))
    page = client.post(URL, day, follow=True)
    assert f"is called {word}." in page.content.decode()


def test_today_is_a_beginning_and_tomorrow_is_not(client: Browser) -> None:
    begin(client)
    day = {"onset_on_month": "3", "onset_on_year": "2026"}
    assert client.post(URL, {**day, "onset_on_day": "27"}).status_code == 302
    assert client.post(URL, {**day, "onset_on_day": "28"}).status_code == 422


def test_the_story_may_be_left_out_or_skipped(client: Browser) -> None:
    begin(client)
    page = client.get(URL).content.decode()
    assert page.count('<a class="skip-step" href="/check-in/everyday/">') == 1
    assert " checked" not in page
    assert " required" not in page
    assert client.post(URL, {})["Location"] == "/check-in/everyday/"
    assert the_checkin(client).onset_on is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"onset_on_month": "13"}, "The month is a number from 1 to 12."),
        ({"onset_on_day": "31", "onset_on_month": "2"}, "This day does not exist in that month."),
        ({"onset_on_year": "2027"}, "This day lies in the future."),
        ({"onset_on_year": "1850"}, "more than 120 years ago"),
        ({"onset_on_year": ""}, "Write the day, the month and the year."),
        ({"onset_on_day": "9" * 5_000}, "Write the date in numbers"),
        ({"onset_on_day": "1e400"}, "Write the date in numbers"),
        ({"onset_on_day": "7\0"}, "Null characters are not allowed."),
        ({"course": "sideways"}, "Choose words from the list."),
        ({"episodes": "often"}, "Choose words from the list."),
        ({"suspected_causes": ["stress", "moon"]}, "Choose words from the list."),
        ({"eased_by": "x" * 200_000}, "Choose words from the list."),
        ({"worsened_by": "si\0tting"}, "Choose words from the list."),
        ({"headaches": "often"}, "Answer yes or no."),
        ({"arm_numbness": "unsure"}, "Answer yes or no."),
        ({"goal": "x" * 301}, "Write at most 300 letters."),
        ({"goal": "x" * 200_000}, "Write at most 300 letters."),
        ({"goal": "to\0 run"}, "Write it again: a sign in it cannot be kept."),
    ],
)
def test_a_wrong_story_gets_a_sentence_and_keeps_what_was_typed(
    client: Browser, wrong: dict[str, object], sentence: str
) -> None:
    begin(client)
    page = client.post(URL, {**STORY, "shoulder_pain": "yes", **wrong})
    text = page.content.decode()
    assert page.status_code == 422
    assert sentence in text
    assert 'name="shoulder_pain" value="yes" checked' in text
    assert len(page.content) < MOST
    kept = the_checkin(client)
    assert (kept.onset_on, kept.goal, kept.shoulder_pain) == (None, "", None)


def test_markup_in_the_goal_is_only_ever_text(client: Browser) -> None:
    begin(client)
    client.post(URL, {"goal": "</textarea><script>alert(1)</script>"})
    page = client.get(URL).content.decode()
    assert "<script>alert" not in page
    assert "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;</textarea>" in page


def test_a_choice_sent_twice_is_kept_once(client: Browser) -> None:
    begin(client)
    client.post(URL, {"eased_by": ["rest", "rest", "cold"]})
    assert the_checkin(client).eased_by == ["rest", "cold"]


def test_ten_questions_stand_in_five_parts(client: Browser) -> None:
    begin(client)
    page = client.get(URL).content.decode()
    assert page.count('<h2 id="part-') == 5
    fields = {name for name in STORY if not name.startswith("onset")}
    assert all(f'name="{name}"' in page for name in fields | {"shoulder_pain", "arm_numbness"})


@pytest.mark.parametrize(
    ("told", "asked"),
    [({"arm_numbness": "yes"}, True), ({"arm_numbness": "no"}, False), ({}, False)],
)
def test_a_numb_arm_told_in_words_opens_its_safety_question(
    client: Browser, told: dict[str, str], asked: bool
) -> None:
    begin(client)
    body(client, lumbar_r=4)
    client.post(URL, told)
    about(client)
    page = client.get("/check-in/safety/").content.decode()
    assert "rf_neuro_progressive" in page  # it is asked of everybody: this is the right page
    assert ("rf_severe_arm" in page) is asked


def test_leaving_keeps_the_story(client: Browser) -> None:
    begin(client)
    assert client.post(URL, {**STORY, "leave": "yes"})["Location"] == "/check-in/"
    assert CheckIn.objects.get().goal == STORY["goal"]
