"""/check-in/everyday/: the grade of pain, and what somebody finds hard in their own words."""

import pytest
from django.test import Client as Browser

from tests.checkins import MARKS
from tests.journey.understand.walk import EVERYDAY, begin, body, the_checkin
from unknot.journey.understand import questionnaires
from unknot.journey.understand.forms.everyday import EverydayForm
from unknot.journey.understand.forms.questionnaires import filled
from unknot.journey.understand.models import Answer

pytestmark = pytest.mark.usefixtures("now", "cast")

PAGE = "/check-in/everyday/"
GRADE = {name: value for name, value in EVERYDAY.items() if name.startswith("gcps_r")}


def activities(browser: Browser) -> tuple[str, ...]:
    return questionnaires.activities_of(the_checkin(browser))


def points(browser: Browser) -> dict[str, dict[str, int]]:
    return questionnaires.points_of(the_checkin(browser))


def test_the_grade_the_three_ratings_and_the_activities_are_kept(client: Browser) -> None:
    begin(client)
    assert client.post(PAGE, EVERYDAY)["Location"] == "/check-in/mind/"
    assert points(client) == {
        "gcps_r": {
            "nhis_pain_freq": 2,
            "nhis_pain_limit": 1,
            "peg_p": 6,
            "peg_e": 5,
            "peg_g": 4,
        },
        "activity3": {"act_1": 7},
    }
    assert activities(client) == ("Carrying my daughter",)


def test_each_answer_keeps_version_and_language(client: Browser) -> None:
    begin(client)
    client.post(PAGE, EVERYDAY)
    kept = set(Answer.objects.values_list("version", "language"))
    assert kept == {(1, "en")}


def test_the_questions_stand_there_word_for_word_with_who_wrote_them(client: Browser) -> None:
    begin(client)
    page = client.get(PAGE).content.decode()
    for words in (
        "In the past three months, how often did you have pain?",
        "Over the past three months, how often did your pain limit your life or work activities?",
        "What number best describes your pain on average in the past week?",
        "Von Korff 2020, Pain 161(3):651-661",
        "J Gen Intern Med 2009;24(6):733-738.",
        "Our own questions. They have not been tested in studies.",
    ):
        assert words in page
    assert "checked" not in page


def test_nothing_has_to_be_answered(client: Browser) -> None:
    begin(client)
    assert client.post(PAGE, {})["Location"] == "/check-in/mind/"
    assert points(client) == {}


def test_the_lower_back_is_asked_about_afterwards(client: Browser) -> None:
    begin(client)
    body(client, lumbar_l=6)
    assert client.post(PAGE, {})["Location"] == "/check-in/today/"
    body(client, **MARKS)
    assert client.post(PAGE, {})["Location"] == "/check-in/mind/"


def test_what_was_said_is_there_again(client: Browser) -> None:
    begin(client)
    client.post(PAGE, EVERYDAY)
    page = client.get(PAGE).content.decode()
    assert 'value="Carrying my daughter"' in page
    assert "How hard is it today to: Carrying my daughter?" in page
    assert page.count("checked") == 6


def test_an_answer_taken_back_is_forgotten(client: Browser) -> None:
    begin(client)
    client.post(PAGE, EVERYDAY)
    client.post(PAGE, {**EVERYDAY, "gcps_r-peg_e": "", "activity_1": "", "hard_1": ""})
    assert "peg_e" not in points(client)["gcps_r"]
    assert "activity3" not in points(client)
    assert activities(client) == ()


# How often it limits is asked only of somebody with pain ---------------------------------------


def test_a_hidden_question_is_not_answered(client: Browser) -> None:
    """With "Never" the next question is out of sight; what was in it before does not count."""
    begin(client)
    client.post(PAGE, GRADE)
    client.post(PAGE, {**GRADE, "gcps_r-nhis_pain_freq": "0", "gcps_r-nhis_pain_limit": "3"})
    assert "nhis_pain_limit" not in points(client)["gcps_r"]
    assert points(client)["gcps_r"]["nhis_pain_freq"] == 0


def test_without_the_first_answer_the_second_is_kept_as_it_was_said(client: Browser) -> None:
    begin(client)
    client.post(PAGE, {"gcps_r-nhis_pain_limit": "3"})
    assert points(client)["gcps_r"] == {"nhis_pain_limit": 3}


# Activities ------------------------------------------------------------------------------------


def test_three_activities_each_with_its_number(client: Browser) -> None:
    begin(client)
    named = {"activity_1": " Lifting ", "hard_1": "0", "activity_2": "Sitting", "hard_2": "10"}
    client.post(PAGE, {**named, "activity_3": "Walking"})
    assert activities(client) == ("Lifting", "Sitting", "Walking")
    assert points(client)["activity3"] == {"act_1": 0, "act_2": 10}


def test_a_gap_closes_and_the_number_goes_with_its_activity(client: Browser) -> None:
    begin(client)
    client.post(PAGE, {"activity_1": "", "activity_3": "Walking", "hard_3": "4"})
    assert activities(client) == ("Walking",)
    assert points(client)["activity3"] == {"act_1": 4}


def test_a_number_without_an_activity_asks_for_its_name(client: Browser) -> None:
    begin(client)
    page = client.post(PAGE, {"hard_2": "4"})
    assert page.status_code == 422
    assert "Name the activity that you rated." in page.content.decode()
    assert points(client) == {}


def test_the_second_and_the_third_are_folded_until_there_is_something_in_them(
    client: Browser,
) -> None:
    begin(client)
    page = client.get(PAGE).content.decode()
    assert page.count('<details class="more-activity">') == 2
    client.post(PAGE, {"activity_1": "Lifting", "activity_2": "Sitting"})
    page = client.get(PAGE).content.decode()
    assert page.count('<details class="more-activity" open>') == 1
    assert page.count('<details class="more-activity">') == 1
    wrong = client.post(PAGE, {"hard_3": "11"}).content.decode()
    assert wrong.count('<details class="more-activity" open>') == 1


@pytest.mark.parametrize(
    "words",
    [
        "Carry {activity_2} and {0} and {x.__class__}",
        "{activity_1}",
        "100% of %s",
        "{{ form }} {% now %}",
    ],
)
def test_braces_are_only_letters(client: Browser, words: str) -> None:
    begin(client)
    client.post(PAGE, {"activity_1": words, "activity_2": "Sitting"})
    assert activities(client) == (words, "Sitting")
    assert f"How hard is it today to: {words}?" in client.get(PAGE).content.decode()


def test_a_gap_that_nobody_fills_stays_as_it_is_written() -> None:
    assert filled("To {activity_1} and {that}", {"activity_1": "{that}"}) == "To {that} and {that}"
    assert filled("{0} {a.b} {} {", {"0": "nought"}) == "nought {a.b} {} {"


def test_tags_in_an_activity_are_shown_as_letters(client: Browser) -> None:
    begin(client)
    client.post(PAGE, {"activity_1": '<script>alert("1")</script>'})
    page = client.get(PAGE).content.decode()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;") == 2
    client.post(PAGE, {"activity_1": '"><b>x', "hard_1": "99"})
    assert "<b>x" not in client.post(PAGE, {"activity_1": '"><b>x', "hard_1": "9"}).content.decode()


# What is no answer -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"gcps_r-peg_p": "11"}, "Choose a number from 0 to 10."),
        ({"gcps_r-peg_p": "-1"}, "Choose a number from 0 to 10."),
        ({"gcps_r-peg_p": "x"}, "Choose a number from 0 to 10."),
        ({"gcps_r-peg_p": "3.0"}, "Choose a number from 0 to 10."),
        ({"gcps_r-peg_p": "03"}, "Choose a number from 0 to 10."),
        ({"gcps_r-peg_p": " 3"}, "Choose a number from 0 to 10."),
        ({"gcps_r-peg_p": "1e400"}, "Choose a number from 0 to 10."),
        ({"gcps_r-peg_p": "٣"}, "Choose a number from 0 to 10."),
        ({"gcps_r-peg_p": "3\x00"}, "Choose a number from 0 to 10."),
        ({"hard_1": "10.5"}, "Choose a number from 0 to 10."),
        ({"gcps_r-nhis_pain_freq": "4"}, "Choose one of the answers in the list."),
        ({"gcps_r-nhis_pain_freq": "Never"}, "Choose one of the answers in the list."),
        ({"gcps_r-peg_p": ["3", "4"]}, "There are two answers to this question. Choose one."),
        ({"activity_1": ["a", "b"]}, "There are two answers to this question. Choose one."),
        ({"activity_1": "x" * 81}, "Write at most 80 letters."),
        ({"activity_1": "x" * 200_000}, "Write at most 80 letters."),
        ({"activity_1": "lift\x00ing"}, "This holds a character that cannot be kept."),
        ({"version-gcps_r": "2"}, "These questions have changed since you opened the page."),
        ({"version-gcps_r": "x" * 9}, "These questions have changed since you opened the page."),
    ],
)
def test_what_is_no_answer_gets_a_sentence_and_keeps_nothing(
    client: Browser, wrong: dict[str, object], sentence: str
) -> None:
    begin(client)
    page = client.post(PAGE, {**EVERYDAY, **wrong})
    text = page.content.decode()
    assert page.status_code == 422
    assert sentence in text
    assert 'name="gcps_r-peg_e" value="5"' in text
    assert points(client) == {}
    assert activities(client) == ()


def test_eighty_letters_fit(client: Browser) -> None:
    begin(client)
    client.post(PAGE, {"activity_1": "ä" * 80})
    assert activities(client) == ("ä" * 80,)


def test_after_a_change_of_the_questions_the_page_can_be_sent_again(client: Browser) -> None:
    begin(client)
    page = client.post(PAGE, {**EVERYDAY, "version-gcps_r": "0"}).content.decode()
    assert 'name="version-gcps_r" value="1"' in page
    assert client.post(PAGE, {**EVERYDAY, "version-gcps_r": "1"}).status_code == 302


def test_fields_that_were_not_on_the_page_have_no_effect(client: Browser) -> None:
    begin(client)
    strangers = {
        "horoscope-sign": "3",
        "gcps_r-peg_x": "3",
        "peg-peg_p": "9",
        "phq4-gad_1": "3",
        "activity_4": "Flying",
        "hard_4": "3",
        "odi-odi_1": "1",
    }
    assert client.post(PAGE, {**GRADE, **strangers}).status_code == 302
    assert set(points(client)) == {"gcps_r"}
    assert set(points(client)["gcps_r"]) <= {name.partition("-")[2] for name in GRADE}
    assert activities(client) == ()


def test_the_form_folds_nothing_that_holds_a_zero() -> None:
    from unknot.domain.instruments import catalogue
    from unknot.domain.instruments.plan import plan

    form = EverydayForm(
        plan=plan(catalogue.load(), "intake"),
        activities=["a", "b"],
        points={"activity3": {"act_2": 0}},
    )
    assert [row.folded for row in form.activity_rows()] == [False, False, True]
