"""An appointment that waits for the safety questions, or for the practice, says so in words."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import Cast
from unknot.journey.book.access import questions_token

BrowserOf = Callable[[str], Browser]


@pytest.mark.parametrize(
    ("awaits", "name", "words"),
    [
        ("screening", "ana", "It is booked once the safety questions are answered."),
        ("screening", "finn", "once the client has answered the safety questions."),
        ("practice", "ana", "The time is kept for you."),
        ("practice", "tess", "It is a first visit that waits for an answer."),
        ("", "ana", "confirmed"),
    ],
)
def test_the_page_says_what_it_waits_for(
    cast: Cast, now: datetime, browser_of: BrowserOf, awaits: str, name: str, words: str
) -> None:
    made = an_appointment(cast)
    if awaits:
        made.status, made.awaits = "pending", awaits
        made.save(update_fields=["status", "awaits"])
    page = browser_of(name).get(reverse("book:appointment", args=[made.key])).content.decode()
    assert words in page
    questions = reverse("book:questions", args=[questions_token(made.key)])
    assert (questions in page) == ((awaits, name) == ("screening", "ana"))
