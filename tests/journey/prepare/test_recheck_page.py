"""The short recheck before a session, as the client and their therapist meet it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import MONDAY_TEN, a_recheck, an_appointment
from tests.cast import NOW, Cast, at
from tests.checkins import a_completed_checkin
from unknot.domain.screening import catalogue
from unknot.journey.book.actions import attendance
from unknot.journey.book.models import Appointment
from unknot.journey.understand.access import SESSION_KEY
from unknot.journey.understand.models import Recheck

QUESTION = catalogue.load().header.engine.short_recheck_question
OPENS = MONDAY_TEN - timedelta(hours=48)
SECOND = timedelta(seconds=1)
Clock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    def move(to: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: to)

    move(NOW)
    return move


@pytest.fixture
def visit(cast: Cast, clock: Clock) -> Appointment:
    """Ana comes to Tess on Monday at ten."""
    return an_appointment(cast)


def browser(cast: Cast, name: str) -> Browser:
    found = Browser()
    found.force_login(cast.user(name))
    return found


def address(visit: Appointment, name: str = "prepare:recheck") -> str:
    return reverse(name, args=[visit.key])


def shown(cast: Cast, visit: Appointment, *, to: str = "ana") -> str:
    page = "prepare:prepare" if to == "ana" else "prepare:briefing"
    answer = browser(cast, to).get(address(visit, page))
    assert answer.status_code == 200
    return answer.content.decode()


def send(cast: Cast, visit: Appointment, said: str, *, by: str = "ana", **more: str) -> object:
    return browser(cast, by).post(address(visit), {"said": said, **more}, follow=True)


def test_it_is_asked_from_two_days_before_the_session(
    cast: Cast, visit: Appointment, clock: Clock
) -> None:
    for by in ("ana", "tess"):
        clock(OPENS - SECOND)
        assert QUESTION not in shown(cast, visit, to=by)
        assert send(cast, visit, "no", by=by).status_code == 409  # type: ignore[attr-defined]
        clock(OPENS)
        assert QUESTION in shown(cast, visit, to=by)
    assert not Recheck.objects.exists()


def test_nothing_is_chosen_beforehand_and_an_answer_is_asked_for(
    cast: Cast, visit: Appointment, clock: Clock
) -> None:
    clock(OPENS)
    text = shown(cast, visit)
    assert text.count('name="said"') == 3
    for page in (text, shown(cast, visit, to="tess")):
        part = page.split('id="recheck"')[1].split("</section>")[0]
        assert "csrfmiddlewaretoken" in part
    assert "checked" not in text.split('id="recheck"')[1].split("</section>")[0]
    for said in ("", "maybe"):
        assert send(cast, visit, said).status_code == 422  # type: ignore[attr-defined]
    assert not Recheck.objects.exists()


def test_nothing_new_is_thanked_for_and_shown(cast: Cast, visit: Appointment, clock: Clock) -> None:
    clock(at(8, 40, days=2))
    answer = send(cast, visit, "no")
    assert answer.redirect_chain == [(address(visit, "prepare:prepare"), 302)]  # type: ignore[attr-defined]
    assert "Thank you, nothing else to answer." in answer.content.decode()  # type: ignore[attr-defined]
    assert "Answered 29 March, 08:40." in shown(cast, visit)
    text = shown(cast, visit, to="tess")
    assert "Asked again: nothing new, 29 March 08:40, by Ana." in text
    assert "Not asked yet" not in text


@pytest.mark.parametrize("said", ["yes", "unsure"])
def test_something_new_begins_the_full_checkin_at_once(
    cast: Cast, visit: Appointment, clock: Clock, said: str
) -> None:
    clock(OPENS)
    ana = browser(cast, "ana")
    session = ana.session
    session[SESSION_KEY] = str(a_completed_checkin(cast.ana, practice=cast.practice).key)
    session.save()
    answer = ana.post(address(visit), {"said": said}, follow=True)
    assert answer.redirect_chain == [(reverse("understand:start"), 302)]
    text = answer.content.decode()
    assert "Because something may be new, we ask all questions again" in text
    assert "Your check-in is completed" not in text
    assert Recheck.objects.get().said == said
    text = shown(cast, visit)
    assert "Please check in again before you come" in text
    assert reverse("understand:start") in text
    assert QUESTION not in text


@pytest.mark.parametrize("said", ["yes", "unsure"])
def test_the_therapist_learns_that_the_session_waits_and_not_why(
    cast: Cast, visit: Appointment, clock: Clock, said: str
) -> None:
    clock(OPENS)
    text = shown(cast, visit, to="tess")
    assert "Not asked yet. Read this aloud:" in text
    send(cast, visit, said, by="tess")
    assert Recheck.objects.get().recorded_by == cast.user("tess")
    text = shown(cast, visit, to="tess")
    assert "The session waits for the full check-in" in text
    assert "Ask Ana to sign in on their phone" in text
    assert f"testserver{reverse('understand:start')}" in text
    assert QUESTION not in text
    assert "something may be new, 28 March 09:00, by Tess." in text
    clock(OPENS + timedelta(hours=2))
    a_completed_checkin(cast.ana, practice=cast.practice, now=OPENS + timedelta(hours=1))
    text = shown(cast, visit, to="tess")
    assert "The session waits" not in text
    assert "The full check-in was answered after that." in text
    assert "Your new check-in answers it." in shown(cast, visit)


def test_a_therapist_goes_back_to_where_the_question_was_read(
    cast: Cast, visit: Appointment, clock: Clock
) -> None:
    clock(at(9, 50, days=3))
    tess = browser(cast, "tess")
    to_briefing = tess.post(address(visit), {"said": "no"})
    assert to_briefing.headers["Location"] == address(visit, "prepare:briefing")
    to_record = tess.post(address(visit), {"said": "no", "then": "record"})
    assert to_record.headers["Location"] == address(visit, "session:record")
    assert tess.post(address(visit), {"said": "no", "then": "//x"}).status_code == 422


def test_a_yes_is_not_taken_back_with_the_short_question(
    cast: Cast, visit: Appointment, clock: Clock
) -> None:
    clock(OPENS)
    send(cast, visit, "yes")
    for by in ("ana", "tess"):
        answer = send(cast, visit, "no", by=by)
        assert answer.status_code == 409  # type: ignore[attr-defined]
        assert "The full check-in answers this" in answer.content.decode()  # type: ignore[attr-defined]
    assert Recheck.objects.get().said == "yes"


def test_the_client_answers_until_they_arrive_the_therapist_after_it_too(
    cast: Cast, visit: Appointment, clock: Clock
) -> None:
    clock(at(9, 50, days=3))
    attendance.mark_arrived(visit, actor=cast.user("tess"), now=at(9, 50, days=3))
    assert QUESTION not in shown(cast, visit)
    assert send(cast, visit, "no").status_code == 409  # type: ignore[attr-defined]
    assert QUESTION in shown(cast, visit, to="tess")
    assert send(cast, visit, "no", by="tess").status_code == 200  # type: ignore[attr-defined]


def test_nobody_who_did_not_come_is_asked_afterwards(
    cast: Cast, visit: Appointment, clock: Clock
) -> None:
    clock(visit.end - SECOND)
    assert QUESTION in shown(cast, visit)
    clock(visit.end)
    assert QUESTION not in shown(cast, visit)
    assert send(cast, visit, "no").status_code == 409  # type: ignore[attr-defined]
    attendance.mark_no_show(visit, actor=cast.user("tess"), now=visit.end)
    assert send(cast, visit, "no", by="tess").status_code == 409  # type: ignore[attr-defined]


def test_who_is_on_hold_is_not_asked(cast: Cast, visit: Appointment, clock: Clock) -> None:
    clock(OPENS)
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"], now=OPENS)
    for by in ("ana", "tess"):
        assert 'id="recheck"' not in shown(cast, visit, to=by)
        assert send(cast, visit, "no", by=by).status_code == 409  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ["ben", "theo", "uma", "finn", "paz", "opal"])
def test_it_does_not_exist_for_anybody_else(
    cast: Cast, visit: Appointment, clock: Clock, who: str
) -> None:
    clock(OPENS)
    assert send(cast, visit, "no", by=who).status_code == 404  # type: ignore[attr-defined]
    assert not Recheck.objects.exists()


def test_ones_own_list_says_what_is_open(cast: Cast, visit: Appointment, clock: Clock) -> None:
    def listed() -> str:
        return browser(cast, "ana").get(reverse("book:appointments")).content.decode()

    clock(OPENS - SECOND)
    assert "One question before you come" not in listed()
    clock(OPENS)
    assert "One question before you come" in listed()
    assert f"{address(visit, 'prepare:prepare')}#recheck" in listed()
    a_recheck(cast, visit, said="no", now=OPENS)
    assert "One question" not in listed()
    assert "waits for a new check-in" not in listed()
    a_recheck(cast, visit, said="unsure", now=OPENS)
    assert "It waits for a new check-in." in listed()


def test_answers_that_will_be_too_old_are_said_to_be_so_in_time(
    cast: Cast, visit: Appointment, clock: Clock
) -> None:
    """They stand today, and would not when the session begins."""
    last = MONDAY_TEN - timedelta(days=90)
    cast.ana.checkin_set.update(started_at=last, completed_at=last)
    clock(OPENS)
    assert QUESTION in shown(cast, visit)
    old = last - SECOND
    cast.ana.checkin_set.update(started_at=old, completed_at=old)
    assert "Your answers are too old to rely on." in shown(cast, visit)
    assert "The last one is too old to rely on." in shown(cast, visit, to="tess")
