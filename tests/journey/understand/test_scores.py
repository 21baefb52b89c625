"""The scores in words: number, range, direction, a word where the data has one, else why not."""

from dataclasses import replace

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Cast
from tests.checkins import a_checkin, a_completed_checkin
from unknot.journey.understand.actions import checkin as actions
from unknot.journey.understand.actions import steps
from unknot.journey.understand.models import CheckIn
from unknot.journey.understand.scores import ScoreLine, group_of, score_words
from unknot.people.actions import agree
from unknot.people.models import Purpose

pytestmark = pytest.mark.usefixtures("cast")

GRADE = {"nhis_pain_freq": 3, "nhis_pain_limit": 1, "peg_p": 4, "peg_e": 5, "peg_g": 4}


def lines(checkin: CheckIn) -> dict[str, ScoreLine]:
    return {one.instrument: one for one in score_words(checkin)}


def scored(cast: Cast, **points: dict[str, int | None]) -> CheckIn:
    checkin = a_checkin(practice=cast.practice, peg=None, phq4=None, stress=None, sleep=None)
    steps.save_answers(checkin, points=points, now=NOW)
    actions.complete(checkin, now=NOW)
    return CheckIn.objects.get(pk=checkin.pk)


@pytest.mark.parametrize(
    ("name", "points", "value", "span", "band"),
    [
        ("peg", GRADE, "4.3", "from 0 to 10; lower is better", ""),
        ("gcps_r", GRADE, "2", "from 0 to 3; lower is better", "bothersome chronic pain"),
        ("stress_nrs", {"stress_today": 10}, "10", "from 0 to 10; lower is better", ""),
        ("sleep_nrs", {"sleep_last_night": 0}, "0", "from 0 to 10; higher is better", ""),
        ("elo_stress", {"elo_1": 4}, "4", "from 1 to 5; lower is better", "high"),
        (
            "phq4",
            {"gad_1": 0, "gad_2": 1, "phq_1": 0, "phq_2": 0},
            "1",
            "from 0 to 12; lower is better",
            "none to minimal",
        ),
    ],
)
def test_a_score_has_its_number_its_range_and_only_the_words_of_the_data(
    cast: Cast, name: str, points: dict[str, int | None], value: str, span: str, band: str
) -> None:
    asker = "gcps_r" if name == "peg" else name
    line = lines(scored(cast, **{asker: points}))[name]
    assert (line.value, line.range, line.band, line.why_not) == (value, span, band, "")


def test_the_names_are_short_and_what_has_a_score_comes_first(cast: Cast) -> None:
    checkin = scored(cast, gcps_r={"peg_p": 4}, stress_nrs={"stress_today": 4}, phq4={"gad_1": 0})
    found = [(one.name, one.group, one.value) for one in score_words(checkin)]
    assert found == [
        ("Chronic pain grade", "body", ""),
        ("My activities", "body", ""),
        ("PEG scale", "body", ""),
        ("Stress today", "mind", "4"),
        ("Sleep last night", "mind", ""),
        ("Single-item stress question", "mind", ""),
        ("Patient Health Questionnaire-4", "mind", ""),
    ]


def test_an_incomplete_peg_says_why_there_is_no_score(cast: Cast) -> None:
    line = lines(scored(cast, peg={"peg_p": 6, "peg_g": 5}))["peg"]
    because = "Not scored, because 1 answer is missing and every answer is needed."
    assert (line.value, line.range, line.band, line.why_not) == ("", "", "", because)


def test_sentences_that_were_skipped_are_no_zero(cast: Cast) -> None:
    checkin = a_completed_checkin(None, practice=cast.practice, marks={"lumbar_l": 6})
    line = lines(checkin)["rmdq24"]
    because = "Not scored, because the page with these sentences was not sent."
    assert (line.value, line.why_not) == ("", because)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("peg", "body"),
        ("rmdq24", "body"),
        ("activity3", "body"),
        ("phq4", "mind"),
        ("elo_stress", "mind"),
        ("sleep_nrs", "mind"),
        ("who5", "mind"),
        ("something_new", "mind"),
    ],
)
def test_what_nobody_named_belongs_to_the_mind(name: str, group: str) -> None:
    assert group_of(name) == group


def test_who_sees_it_is_what_the_check_in_shares_until_there_is_a_client(cast: Cast) -> None:
    found = lines(a_completed_checkin(None, practice=cast.practice))
    assert (found["peg"].shared, found["phq4"].shared) == (True, False)
    shares = ["share_mind"]
    found = lines(a_completed_checkin(None, practice=cast.practice, shares=shares))
    assert (found["peg"].shared, found["phq4"].shared) == (False, True)


def test_the_clients_own_word_counts_afterwards(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    assert not lines(checkin)["phq4"].shared
    agree(cast.user("ana"), cast.ana, Purpose.SHARE_MIND, now=NOW)
    assert lines(checkin)["phq4"].shared


def test_three_queries(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    with CaptureQueriesContext(connection) as asked:
        score_words(checkin)
    assert len(asked) == 3


def test_the_list_says_it_in_whole_words(cast: Cast) -> None:
    checkin = scored(cast, gcps_r=GRADE, phq4={"gad_1": 3, "gad_2": 3, "phq_1": 3})
    page = " ".join(
        render_to_string("understand/_scores.html", {"scores": score_words(checkin)}).split()
    )
    for words in (
        "<b>4.3</b>",
        "from 0 to 10; lower is better",
        "In the words of this questionnaire: bothersome chronic pain.",
        "Not scored, because 1 answer is missing and every answer is needed.",
        "You share these with your therapist.",
        "Only you see these.",
        "One day says little.",
    ):
        assert words in page
    assert page.count("<h3>") == 2


def test_no_scores_no_list_and_no_tags_from_names(cast: Cast) -> None:
    assert render_to_string("understand/_scores.html", {"scores": ()}).strip() == ""
    line = score_words(scored(cast, elo_stress={"elo_1": 4}))
    wild = [replace(one, name="<b>x", band="<i>") for one in line]
    page = render_to_string("understand/_scores.html", {"scores": wild})
    assert "<b>x" not in page
    assert "<i>" not in page
