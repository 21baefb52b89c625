"""/check-in/more/: the longer questions that the short ones call for, and no more than those."""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from tests.cast import NOW, Cast
from tests.checkins import a_completed_checkin
from tests.journey.understand.walk import begin, the_checkin
from unknot.journey.understand import questionnaires
from unknot.journey.understand.actions import answers

pytestmark = pytest.mark.usefixtures("now", "cast")

PAGE = "/check-in/more/"
SAFETY = "/check-in/safety/"


def short(browser: Browser, gad_1: int, gad_2: int, phq_1: int, phq_2: int) -> None:
    given = {"gad_1": gad_1, "gad_2": gad_2, "phq_1": phq_1, "phq_2": phq_2}
    begin(browser)
    browser.post("/check-in/mind/", {f"phq4-{name}": str(value) for name, value in given.items()})


def points(browser: Browser) -> dict[str, dict[str, int]]:
    return questionnaires.points_of(the_checkin(browser))


@pytest.mark.parametrize(
    ("answers", "there", "not_there"),
    [
        ((2, 1, 1, 1), "gad7-gad_3", "phq8-phq_3"),
        ((1, 1, 0, 3), "phq8-phq_3", "gad7-gad_3"),
    ],
)
def test_only_what_the_short_ones_call_for_is_asked(
    client: Browser, answers: tuple[int, int, int, int], there: str, not_there: str
) -> None:
    short(client, *answers)
    page = client.get(PAGE).content.decode()
    assert f'name="{there}"' in page
    assert f'name="{not_there}"' not in page
    for asked_before in ("gad_1", "gad_2", "phq_1", "phq_2"):
        assert f'-{asked_before}"' not in page


def test_both_with_instructions_origin_and_help(client: Browser) -> None:
    short(client, 3, 0, 3, 0)
    page = client.get(PAGE).content.decode()
    for words in (
        "Over the last 2 weeks, how often have you been bothered by any of the following",
        "Over the last 2 weeks, how often have you been bothered by the following problems?",
        "Feeling afraid as if something awful might happen",
        "Trouble falling or staying asleep, or sleeping too much",
        "Patient Health Questionnaire",
        "Developed by Drs. Robert L. Spitzer",
        'href="#help"',
        'id="help"',
        "116 123",
        "Your therapist does not see these answers unless you share them.",
    ):
        assert words in page
    assert "self-harm" not in page
    assert "checked" not in page


@pytest.mark.parametrize("answers", [(0, 0, 0, 0), (2, 0, 0, 2), (1, 1, 1, 1)])
def test_low_answers_call_for_nothing(client: Browser, answers: tuple[int, int, int, int]) -> None:
    short(client, *answers)
    assert client.get(PAGE)["Location"] == SAFETY
    assert client.post(PAGE, {"gad7-gad_3": "3"})["Location"] == SAFETY
    assert set(points(client)) == {"phq4"}


def test_nobody_gets_here_before_the_short_ones(client: Browser) -> None:
    begin(client)
    assert client.get(PAGE)["Location"] == SAFETY


def test_the_answers_are_kept_beside_the_short_ones_and_scored_with_them(client: Browser) -> None:
    short(client, 2, 1, 0, 0)
    sent = {f"gad7-gad_{number}": "1" for number in range(3, 8)}
    assert client.post(PAGE, sent)["Location"] == SAFETY
    assert points(client)["gad7"] == {f"gad_{number}": 1 for number in range(3, 8)}
    checkin = the_checkin(client)
    answers.store_scores(checkin, questionnaires.plan_of(checkin, now=NOW))
    scores = {one.instrument: one for one in checkin.scores.all()}
    assert (scores["gad7"].value, scores["gad7"].band) == (8, "mild")
    assert client.get(PAGE).content.decode().count("checked") == 5


def test_all_may_be_left_out(client: Browser) -> None:
    short(client, 3, 3, 3, 3)
    assert client.post(PAGE, {})["Location"] == SAFETY
    assert set(points(client)) == {"phq4"}


def test_a_returning_client_is_not_asked_again_within_two_weeks(
    client: Browser, cast: Cast
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, now=NOW - timedelta(days=5))
    client.force_login(cast.user("ana"))
    short(client, 3, 3, 3, 3)
    assert client.get(PAGE)["Location"] == SAFETY


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"gad7-gad_3": "4"}, "Choose one of the answers in the list."),
        ({"gad7-gad_3": "3.0"}, "Choose one of the answers in the list."),
        ({"gad7-gad_3": "1e400"}, "Choose one of the answers in the list."),
        ({"gad7-gad_3": "\x00"}, "Choose one of the answers in the list."),
        ({"gad7-gad_3": "a lot"}, "Choose one of the answers in the list."),
        ({"gad7-gad_3": ["0", "3"]}, "There are two answers to this question. Choose one."),
        ({"version-gad7": "7"}, "These questions have changed since you opened the page."),
        ({"version-phq8": "0"}, "These questions have changed since you opened the page."),
    ],
)
def test_what_is_no_answer_gets_a_sentence_and_keeps_nothing(
    client: Browser, wrong: dict[str, object], sentence: str
) -> None:
    short(client, 3, 3, 3, 3)
    page = client.post(PAGE, {"gad7-gad_3": "1", "phq8-phq_3": "2", **wrong})
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert 'name="phq8-phq_3" value="2"' in page.content.decode()
    assert set(points(client)) == {"phq4"}


def test_fields_that_were_not_on_the_page_have_no_effect(client: Browser) -> None:
    short(client, 2, 1, 0, 0)
    strangers = {"gad7-gad_1": "0", "phq8-phq_3": "3", "gad7-gad_8": "3", "phq9-phq_9": "3"}
    client.post(PAGE, {"gad7-gad_3": "1", **strangers})
    assert points(client)["gad7"] == {"gad_3": 1}
    assert points(client)["phq4"]["gad_1"] == 2
    assert set(points(client)) == {"phq4", "gad7"}
