"""How long a full check-in stands, and when the short recheck is asked."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.screening.clauses import Reply
from unknot.domain.screening.recheck import (
    ASKED_BEFORE,
    Reason,
    Standing,
    Step,
    Told,
    standing,
    step,
)

NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
DAYS = 90

instants = st.integers(-200 * 86400, 86400).map(lambda n: NOW + timedelta(seconds=n))
replies: st.SearchStrategy[Reply] = st.sampled_from(["yes", "no", "unsure"])
answers = st.lists(st.builds(Told, said=replies, at=instants), max_size=5)


def reason(
    completed_at: datetime | None,
    *rechecks: Told,
    now: datetime = NOW,
    days: int = DAYS,
    began_at: datetime | None = None,
) -> Reason:
    return standing(completed_at, rechecks, now=now, days=days, began_at=began_at).reason


def told(said: Reply, at: datetime) -> Told:
    return Told(said=said, at=at)


def test_without_a_full_checkin_nothing_stands() -> None:
    assert reason(None) is Reason.NEVER
    assert reason(None, told("yes", NOW)) is Reason.NEVER
    assert reason(None, began_at=NOW) is Reason.NEVER


@pytest.mark.parametrize("days", [1, 90, 91])
def test_it_stands_to_the_last_instant_of_its_days(days: int) -> None:
    last = NOW - days * DAY
    assert reason(last, days=days) is Reason.STANDS
    assert reason(last - SECOND, days=days) is Reason.TOO_OLD
    assert reason(NOW, days=days) is Reason.STANDS


@pytest.mark.parametrize("said", ["yes", "unsure"])
def test_yes_and_not_sure_end_it_and_only_a_newer_one_stands_again(said: Reply) -> None:
    asked = told(said, NOW - 2 * DAY)
    assert reason(NOW - 3 * DAY, asked) is Reason.SOMETHING_NEW
    assert reason(NOW - 2 * DAY, asked) is Reason.SOMETHING_NEW  # the same instant
    assert reason(NOW - 2 * DAY + SECOND, asked) is Reason.STANDS


def test_nothing_new_changes_nothing() -> None:
    assert reason(NOW - DAY, told("no", NOW)) is Reason.STANDS
    assert reason(NOW - 91 * DAY, told("no", NOW)) is Reason.TOO_OLD


def test_a_later_no_does_not_take_a_yes_back() -> None:
    said = (told("yes", NOW - 2 * SECOND), told("no", NOW - SECOND))
    for order in (said, said[::-1]):
        assert reason(NOW - DAY, *order) is Reason.SOMETHING_NEW


def test_one_begun_before_the_answer_does_not_stand_again() -> None:
    asked = told("yes", NOW - DAY)
    done = NOW - DAY + SECOND
    assert reason(done, asked, began_at=NOW - DAY - SECOND) is Reason.SOMETHING_NEW
    assert reason(done, asked, began_at=NOW - DAY) is Reason.SOMETHING_NEW
    assert reason(done, asked, began_at=done) is Reason.STANDS
    assert reason(NOW - DAY, asked, began_at=NOW) is Reason.SOMETHING_NEW  # never later than done


def test_its_age_counts_from_the_completion_not_from_the_beginning() -> None:
    assert reason(NOW - 90 * DAY, began_at=NOW - 97 * DAY) is Reason.STANDS


def test_something_new_is_told_before_its_age() -> None:
    assert reason(NOW - 91 * DAY, told("yes", NOW)) is Reason.SOMETHING_NEW


@pytest.mark.parametrize("said", ["yes", "no", "unsure"])
def test_which_answers_ask_for_the_full_checkin(said: Reply) -> None:
    assert told(said, NOW).is_new is (said != "no")


@pytest.mark.parametrize("why", Reason)
def test_only_one_reason_stands(why: Reason) -> None:
    assert Standing(reason=why).stands is (why is Reason.STANDS)


@given(completed=instants, said=answers, more=st.builds(Told, said=replies, at=instants))
def test_one_more_answer_never_makes_it_stand(
    completed: datetime, said: list[Told], more: Told
) -> None:
    if reason(completed, *said, more) is Reason.STANDS:
        assert reason(completed, *said) is Reason.STANDS


@given(completed=instants, said=answers, at=instants)
def test_not_sure_weighs_as_much_as_yes(
    completed: datetime, said: list[Told], at: datetime
) -> None:
    assert reason(completed, *said, told("unsure", at)) is reason(completed, *said, told("yes", at))


@given(completed=instants, said=answers, later=st.integers(0, 400 * 86400))
def test_waiting_never_makes_it_stand(completed: datetime, said: list[Told], later: int) -> None:
    if reason(completed, *said) is not Reason.STANDS:
        then = NOW + timedelta(seconds=later)
        assert reason(completed, *said, now=then) is not Reason.STANDS


@given(completed=instants, said=answers)
def test_a_new_full_checkin_after_every_answer_stands(
    completed: datetime, said: list[Told]
) -> None:
    again = max([completed, *(one.at for one in said)]) + SECOND
    assert reason(again, *said, now=again, began_at=again) is Reason.STANDS


STOOD = Standing(reason=Reason.STANDS)


def test_the_recheck_opens_two_days_before_the_session() -> None:
    assert timedelta(hours=48) == ASKED_BEFORE
    for asked, early in ((False, Step.EARLY), (True, Step.ASKED)):
        at = NOW + ASKED_BEFORE + SECOND
        assert step(STOOD, asked=asked, start=at, now=NOW) is early
    assert step(STOOD, asked=False, start=NOW + ASKED_BEFORE, now=NOW) is Step.OPEN
    assert step(STOOD, asked=False, start=NOW - DAY, now=NOW) is Step.OPEN
    assert step(STOOD, asked=True, start=NOW, now=NOW) is Step.ASKED


@pytest.mark.parametrize("why", [one for one in Reason if one is not Reason.STANDS])
@pytest.mark.parametrize("asked", [False, True])
def test_what_does_not_stand_waits_whatever_was_asked(why: Reason, asked: bool) -> None:
    found = Standing(reason=why)
    assert step(found, asked=asked, start=NOW + ASKED_BEFORE, now=NOW) is Step.WAITS
    assert step(found, asked=asked, start=NOW + ASKED_BEFORE + SECOND, now=NOW) is Step.EARLY
