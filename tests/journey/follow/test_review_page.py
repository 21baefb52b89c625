"""A client reviews one attended session: when, what, and how it is changed or taken back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from tests.appointments import an_appointment
from tests.cast import NOW, Cast
from tests.practice.test_day_page import signed_in
from tests.reviews import SENT, attended, hide, published, written
from unknot.journey.book.models import Appointment
from unknot.journey.choose.actions import reviews
from unknot.journey.choose.models import Review, ReviewVersion

At = Callable[[datetime], None]


@pytest.fixture
def at_moment(monkeypatch: pytest.MonkeyPatch) -> At:
    """Set the clock of the pages."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_clock(NOW)
    return set_clock


def address(visit: Appointment) -> str:
    return reverse("follow:review", args=[visit.key])


def take_back(visit: Appointment) -> str:
    return reverse("follow:review-take-back", args=[visit.key])


def test_it_asks_four_questions_and_says_who_can_read_it(cast: Cast, at_moment: At) -> None:
    page = signed_in(Browser(), cast, "ana").get(address(attended(cast))).content.decode()
    for name in SENT:
        assert page.count(f'name="{name}"') == 5
    for words in (
        "Did the therapist listen",
        "Was the pressure what you had asked for?",
        "Were your limits respected?",
        "All in all",
        "Everybody can read this. Leave out what is private about your health or other people.",
        "never with your name",
    ):
        assert words in page
    assert "checked" not in page.split("<form")[-1]
    assert "Take this review back" not in page


def test_a_review_is_kept_and_waits(cast: Cast, at_moment: At) -> None:
    visit, browser = attended(cast), signed_in(Browser(), cast, "ana")
    answer = browser.post(address(visit), SENT | {"text": "Slow hands."}, follow=True)
    assert "appears in three to four days" in answer.content.decode()
    kept = Review.objects.get()
    assert (kept.listening, kept.pressure_respected, kept.overall) == (5, 4, 4)
    assert (kept.text, kept.published_at, kept.written_at) == ("Slow hands.", None, NOW)
    page = browser.get(address(visit)).content.decode()
    assert "Only you can read this so far." in page
    assert "Slow hands.</textarea>" in page
    assert page.count("checked") == 4


def test_a_double_press_keeps_one(cast: Cast, at_moment: At) -> None:
    visit, browser = attended(cast), signed_in(Browser(), cast, "ana")
    for _press in range(2):
        assert browser.post(address(visit), SENT).status_code == 302
    assert Review.objects.count() == 1
    assert not ReviewVersion.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"overall": ""}, "Choose an answer."),
        ({"listening": "6"}, "Choose one of the answers in the list."),
        ({"listening": "0"}, "Choose one of the answers in the list."),
        ({"text": "x" * 1501}, "at most 1500 characters"),
    ],
)
def test_a_review_that_cannot_be_kept_gets_a_sentence(
    cast: Cast, at_moment: At, changed: dict[str, str], sentence: str
) -> None:
    visit = attended(cast)
    answer = signed_in(Browser(), cast, "ana").post(address(visit), SENT | changed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Review.objects.exists()


def test_it_is_refused_before_24_hours_with_the_day(cast: Cast, at_moment: At) -> None:
    visit, browser = attended(cast), signed_in(Browser(), cast, "ana")
    opens = visit.end + timedelta(hours=24)
    at_moment(opens - timedelta(seconds=1))
    for answer in (browser.get(address(visit)), browser.post(address(visit), SENT)):
        assert answer.status_code == 409
        assert "You can review this session from 18 March 2026, 11:00." in answer.content.decode()
    assert not Review.objects.exists()
    at_moment(opens)
    assert browser.post(address(visit), SENT).status_code == 302


def test_it_is_refused_after_60_days_with_the_day(cast: Cast, at_moment: At) -> None:
    visit = attended(cast)
    closes = visit.end + timedelta(days=60)
    at_moment(closes)
    browser = signed_in(Browser(), cast, "ana")
    assert browser.get(address(visit)).status_code == 200
    at_moment(closes + timedelta(seconds=1))
    for answer in (browser.get(address(visit)), browser.post(address(visit), SENT)):
        assert answer.status_code == 409
        assert "could be reviewed until 16 May 2026." in answer.content.decode()
    assert not Review.objects.exists()


def test_after_60_days_one_s_own_can_be_read_and_taken_back(cast: Cast, at_moment: At) -> None:
    visit = attended(cast)
    published(visit, text="Slow hands.")
    at_moment(NOW + timedelta(days=90))
    browser = signed_in(Browser(), cast, "ana")
    page = browser.get(address(visit)).content.decode()
    assert "Slow hands." in page
    assert "It could be changed until 16 May 2026." in page
    assert "<textarea" not in page
    assert browser.post(address(visit), SENT).status_code == 409
    assert browser.post(take_back(visit)).status_code == 302
    assert not Review.objects.exists()


def test_a_published_one_is_changed_and_its_earlier_words_stay(cast: Cast, at_moment: At) -> None:
    visit, browser = attended(cast), signed_in(Browser(), cast, "ana")
    published(visit, text="Too cold.")
    assert "Your earlier words stay readable" in browser.get(address(visit)).content.decode()
    answer = browser.post(address(visit), SENT | {"text": "Warm."}, follow=True)
    assert "stays readable as the earlier words" in answer.content.decode()
    assert ReviewVersion.objects.get().text == "Too cold."


def test_it_shows_the_answer_and_why_it_is_hidden(cast: Cast, at_moment: At) -> None:
    visit, browser = attended(cast), signed_in(Browser(), cast, "ana")
    review = published(visit)
    reviews.answer_review(cast.tess.user, review.key, text="Thank you.", now=NOW)
    assert "Thank you." in browser.get(address(visit)).content.decode()
    hide(cast, review.key)
    page = browser.get(address(visit)).content.decode()
    assert "Your review is hidden" in page
    assert "It names or describes a private person." in page
    assert "While it is hidden it cannot be taken back" in page
    assert "Yes, delete it" not in page
    assert "stay readable" not in page
    refused = browser.post(take_back(visit))
    assert refused.status_code == 409
    assert "The operator has hidden this review" in refused.content.decode()
    assert Review.objects.count() == 1


def test_taking_back_twice_is_missing_the_second_time(cast: Cast, at_moment: At) -> None:
    visit, browser = attended(cast), signed_in(Browser(), cast, "ana")
    assert browser.post(take_back(visit)).status_code == 404
    written(visit)
    assert "Yes, delete it" in browser.get(address(visit)).content.decode()
    answer = browser.post(take_back(visit), follow=True)
    assert "Your review is deleted." in answer.content.decode()
    assert browser.post(take_back(visit)).status_code == 404
    assert browser.get(take_back(visit)).status_code == 405


@pytest.mark.parametrize("name", ["ben", "tess", "theo", "uma", "finn", "paz", "opal"])
def test_nobody_else_opens_it(cast: Cast, at_moment: At, name: str) -> None:
    visit = attended(cast)
    published(visit)
    browser = signed_in(Browser(), cast, name)
    assert browser.get(address(visit)).status_code == 404
    assert browser.post(address(visit), SENT).status_code == 404
    assert browser.post(take_back(visit)).status_code == 404
    assert Review.objects.count() == 1


def test_a_session_that_did_not_take_place_is_not_reviewed(cast: Cast, at_moment: At) -> None:
    coming = an_appointment(cast)
    browser = signed_in(Browser(), cast, "ana")
    assert browser.get(address(coming)).status_code == 404
    assert browser.post(address(coming), SENT).status_code == 404
    assert browser.put(address(coming)).status_code == 405
    assert Browser().get(address(coming)).headers["Location"].startswith("/accounts/login/")
