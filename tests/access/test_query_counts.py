"""How many queries a page costs, for the pages whose own tests do not say it."""

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.access.test_route_table import World, world
from tests.cast import NOW, Cast, a_therapist, at
from tests.journey.understand.walk import begin, body
from unknot.journey.book.actions import desk
from unknot.journey.book.actions.desk import Newcomer
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.models import Therapist

__all__ = ["world"]  # the fixture of the route table

QUERIES = {
    ("web:home", "nobody"): 0,
    ("understand:result", "ana"): 18,
    ("choose:body-and-mind", "nobody"): 0,
    ("choose:body-and-mind", "ana"): 7,
    ("choose:technique", "nobody"): 1,
    ("choose:technique", "ana"): 18,
    ("choose:therapist", "ana"): 29,
    ("choose:review-report", "ben"): 8,
    ("book:search", "ana"): 41,
    ("choose:moderation-log", "nobody"): 4,
    ("choose:moderation-decision", "opal"): 9,
    ("book:move", "ana"): 15,
    ("book:series-new", "ana"): 6,
    ("book:series", "ana"): 5,
    ("book:series-move", "ana"): 6,
    ("book:series-cancel", "ana"): 8,
    ("book:waiting", "ana"): 5,
    ("book:waiting-join", "ana"): 19,
    ("book:link", "nobody"): 2,
    ("book:link-move", "nobody"): 13,
    ("prepare:touch", "ana"): 5,
    ("session:stones", "tess"): 17,
    ("session:incident-new", "tess"): 10,
    ("session:incident", "paz"): 11,
    ("session:corrections", "paz"): 12,
    ("session:correction", "paz"): 10,
    ("follow:daily", "ana"): 5,
    ("follow:door", "ana"): 6,
    ("follow:weekly", "ana"): 13,
    ("follow:outcome", "ana"): 7,
    ("follow:trials", "ana"): 7,
    ("follow:trial-new", "ana"): 9,
    ("follow:trial", "ana"): 10,
    ("follow:client-trials", "tess"): 15,
    ("follow:client-trial-new", "tess"): 12,
    ("follow:review", "ana"): 9,
    ("follow:client-progress", "tess"): 22,
    ("follow:home-plan", "ana"): 9,
    ("follow:before-first", "ana"): 5,
    ("follow:aim", "ana"): 6,
    ("follow:aim-told", "tess"): 12,
    ("follow:progress", "ana"): 16,
    ("follow:routine", "ana"): 33,
    ("follow:routine-edit", "ana"): 27,
    ("follow:client-routine", "tess"): 41,
    ("follow:client-routine-edit", "tess"): 36,
    ("follow:client-home-plan", "tess"): 15,
    ("people:account", "ana"): 8,
    ("book:questions", "nobody"): 2,
    ("practice:desk", "finn"): 8,
    ("practice:desk-visit", "finn"): 9,
    ("practice:blocked", "paz"): 8,
    ("practice:questionnaires", "paz"): 8,
    ("practice:questionnaire", "paz"): 9,
    ("practice:review", "tess"): 11,
    ("practice:results", "tess"): 14,
    ("practice:outcomes", "paz"): 16,
    ("practice:call-backs", "paz"): 9,
    ("practice:call-back", "paz"): 15,
    ("interfaces:calendars", "tess"): 10,
    ("interfaces:paper-form", "tess"): 9,
    ("interfaces:paper-figure", "tess"): 3,
    ("interfaces:paper-report", "ana"): 4,
    ("interfaces:check-ins", "ana"): 8,
    ("interfaces:calendar-feed", "nobody"): 3,
}

#: Pages of questions, for a client who answers them again.
QUESTIONS = {
    "understand:body": 5,
    "understand:places": 6,
    "understand:story": 5,
    "understand:everyday": 9,
    "understand:today": 8,
    "understand:mind": 9,
    "understand:more": 8,
}


def test_each_page_asks_as_often_as_it_says(world: World, now: datetime) -> None:
    counted = {}
    for name, person in QUERIES:
        browser = Browser()
        if person != "nobody":
            browser.force_login(world.cast.user(person))
        address = reverse(name, kwargs=world.known.get(name, {}))
        with CaptureQueriesContext(connection) as asked:
            status = browser.get(address).status_code
        assert status == 200, name
        counted[name, person] = len(asked)
    assert counted == QUERIES


def test_pages_of_questions_ask_as_often_as_they_say(cast: Cast, now: datetime) -> None:
    browser = Browser()
    browser.force_login(cast.user("ana"))
    begin(browser)
    body(browser, lumbar_l=6)
    items = ("gad_1", "gad_2", "phq_1", "phq_2")
    browser.post(reverse("understand:mind"), {f"phq4-{item}": "3" for item in items})
    counted = {}
    for name in QUESTIONS:
        with CaptureQueriesContext(connection) as asked:
            status = browser.get(reverse(name)).status_code
        assert status == 200, name
        counted[name] = len(asked)
    assert counted == QUESTIONS


#: The most that a practice's day may ask, whoever looks at it.
MOST_FOR_A_DAY = 45


@pytest.mark.parametrize("name", ["paz", "tess"])
def test_a_day_asks_as_often_for_twenty_therapists_as_for_two(
    cast: Cast, now: datetime, name: str
) -> None:
    browser = Browser()
    browser.force_login(cast.user(name))
    booked = [_two_sessions(cast, one) for one in (cast.tess, cast.theo)]
    few = _asked(browser, articles=sum(booked) if name == "paz" else 2)
    more = [a_therapist(f"Therapist{number}", cast.practice) for number in range(18)]
    cast.swedish.therapists.add(*more)
    booked += [_two_sessions(cast, one) for one in more]
    many = _asked(browser, articles=sum(booked) if name == "paz" else 2)
    assert few == many <= MOST_FOR_A_DAY


def _two_sessions(cast: Cast, therapist: Therapist) -> int:
    wanted = Wanted(therapist=therapist, service=cast.swedish)
    for number, start in enumerate((at(12), at(14))):
        who = Newcomer(name=f"Client {number}", phone="030 555")
        desk.book(cast.paz, cast.practice, who, wanted, start, now=NOW)
    return 2


def _asked(browser: Browser, *, articles: int) -> int:
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(reverse("practice:day")).content.decode()
    assert page.count("<article") == articles
    return len(asked)
