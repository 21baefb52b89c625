"""/check-in/safety/ and /check-in/history/: what is asked of whom, and that none is left out."""

import pytest
from django.test import Client as Browser

from tests.cast import Cast
from tests.journey.understand.walk import REST, about, begin, body, flags, the_checkin
from unknot.domain.screening import catalogue
from unknot.journey.understand import reads
from unknot.journey.understand.forms.safety import GROUPS

pytestmark = pytest.mark.usefixtures("now", "cast")
SAFETY, HISTORY = "/check-in/safety/", "/check-in/history/"


def test_age_and_pregnancy_come_first(client: Browser) -> None:
    begin(client)
    page = client.get(SAFETY).content.decode()
    assert "How old are you?" in page
    assert "drooping" not in page
    about(client)
    page = client.get(SAFETY).content.decode()
    assert "is your face drooping on one side" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"age": "17", "pregnant": "no"}, "for people of 18 and older"),
        ({"age": "121", "pregnant": "no"}, "at most 120"),
        ({"age": "old", "pregnant": "no"}, "as a number, for example 42"),
        ({"age": "", "pregnant": "no"}, "Write your age in years."),
        ({"age": "40"}, "Answer yes, no or not sure."),
        ({"age": "40", "pregnant": "perhaps"}, "Answer yes, no or not sure."),
    ],
)
def test_a_wrong_age_gets_its_sentence(
    client: Browser, typed: dict[str, str], sentence: str
) -> None:
    begin(client)
    page = client.post(f"{SAFETY}?about=1", typed)
    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_the_marks_the_age_and_pregnancy_decide_what_is_asked(client: Browser) -> None:
    begin(client)
    body(client, cervical_l=6)
    about(client, age=52, pregnant="yes")
    asked = set(flags(client))
    assert {"rf_cad", "rf_gca", "rf_pregnancy_warning", "rf_stroke"} <= asked
    assert not asked & {"rf_ces_saddle", "rf_kidney", "rf_any_new"}
    about(client, age=49, pregnant="no")
    assert not set(flags(client)) & {"rf_gca", "rf_pregnancy_warning"}


def test_each_red_flag_must_be_answered_and_answers_stay(client: Browser) -> None:
    begin(client)
    body(client, cervical_l=6)
    about(client)
    said = flags(client, rf_systemic="unsure")
    left = {name: reply for name, reply in said.items() if name != "rf_cad"}
    page = client.post(SAFETY, left)
    assert page.status_code == 422
    text = page.content.decode()
    assert text.count("Answer yes, no or not sure.") == 2  # in the summary and beside the field
    assert 'name="rf_systemic" value="unsure"' in text
    assert client.post(SAFETY, said)["Location"] == HISTORY


def test_the_private_question_may_be_left_out(client: Browser) -> None:
    begin(client)
    about(client)
    said = {name: reply for name, reply in flags(client).items() if name != "rf_abuse"}
    said.pop("rf_ces_sexual", None)
    assert client.post(SAFETY, said)["Location"] == HISTORY


def test_leaving_in_the_middle_keeps_the_answers_given(client: Browser) -> None:
    begin(client)
    about(client)
    client.post(SAFETY, {"rf_stroke": "no", "leave": "yes"})
    assert the_checkin(client).safety_answers.filter(question="rf_stroke").exists()
    assert reads.missing_step(the_checkin(client)) == "safety"


def test_a_wrong_reply_is_refused(client: Browser) -> None:
    begin(client)
    about(client)
    page = client.post(SAFETY, {**flags(client), "rf_stroke": "maybe"})
    assert page.status_code == 422
    assert not the_checkin(client).safety_answers.filter(question="rf_stroke").exists()


def test_history_needs_age_first(client: Browser) -> None:
    begin(client)
    assert client.get(HISTORY)["Location"] == SAFETY


def test_no_to_everything_else_answers_what_is_left_and_nothing_more(client: Browser) -> None:
    begin(client)
    about(client)
    page = client.post(
        HISTORY,
        {**REST, "varicose": "yes", "where-varicose": ["legs"], "anticoagulant": "unsure"},
    )
    assert page["Location"] == "/check-in/wishes/"
    said = reads.said_of(the_checkin(client))
    assert said["condition", "varicose"].said == "yes"
    assert said["condition", "varicose"].where == ["legs"]
    assert said["medicine", "anticoagulant"].said == "unsure"
    assert said["condition", "diabetes"].said == "no"
    assert "calf_l" in reads.safety_answers(the_checkin(client)).where["varicose"]


def test_without_that_tick_every_question_wants_an_answer(client: Browser) -> None:
    begin(client)
    about(client)
    page = client.post(HISTORY, {**REST, "rest-medicines": "", "opioid": "yes"})
    assert page.status_code == 422
    text = page.content.decode()
    assert text.count("Answer yes, no or not sure.") == 22  # 11 medicines, each said twice
    assert 'name="opioid" value="yes"' in text


@pytest.mark.parametrize("wrong", [{"where-varicose": "moon"}, {"varicose": "sometimes"}])
def test_what_is_not_offered_is_refused(client: Browser, wrong: dict[str, str]) -> None:
    begin(client)
    about(client)
    assert client.post(HISTORY, {**REST, "varicose": "yes", **wrong}).status_code == 422
    assert not the_checkin(client).safety_answers.filter(question="varicose").exists()


def test_pregnancy_opens_its_own_questions(client: Browser) -> None:
    begin(client)
    about(client, pregnant="unsure")
    assert "Less than 13 weeks?" in client.get(HISTORY).content.decode()
    about(client, pregnant="no")
    assert "Less than 13 weeks?" not in client.get(HISTORY).content.decode()


def test_every_condition_stands_under_a_heading_of_its_own_choice() -> None:
    grouped = [question for _name, _title, questions in GROUPS for question in questions]
    known = {row.id for row in catalogue.load().conditions} - {"pregnancy"}
    assert sorted(grouped) == sorted(known)


def test_missing_answers_lead_back_instead_of_to_a_result(client: Browser, cast: Cast) -> None:
    begin(client)
    body(client, cervical_l=6)
    page = client.post("/check-in/wishes/", {}, follow=True)
    assert page.redirect_chain[-1][0] == SAFETY
    assert "They cannot be skipped" in page.content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"pressure": "6"}, "Choose a pressure from 1 to 5."),
        ({"minutes": "7"}, "Choose one of the lengths in the list."),
        ({"wishes": ["gold"]}, "Choose wishes from the list."),
    ],
)
def test_a_wish_that_is_not_offered_gets_its_sentence(
    client: Browser, wrong: dict[str, object], sentence: str
) -> None:
    begin(client)
    page = client.post("/check-in/wishes/", wrong)
    assert page.status_code == 422
    assert sentence in page.content.decode()
