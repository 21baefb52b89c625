"""The short recheck: who may answer, what is kept, and what takes a yes back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.cast import NOW, Cast
from tests.checkins import a_completed_checkin
from unknot.domain.screening import catalogue
from unknot.domain.screening.recheck import Reason
from unknot.journey.understand import reads, rechecks
from unknot.journey.understand.actions.recheck import StillNew, answer_recheck
from unknot.journey.understand.models import Recheck
from unknot.people.models import AuditEntry
from unknot.web.errors import BadInput, Missing

KEY = uuid4()
HOUR = timedelta(hours=1)


@pytest.fixture
def ana(cast: Cast) -> Cast:
    """The cast, with a full check-in of Ana."""
    a_completed_checkin(cast.ana, practice=cast.practice, now=NOW - 2 * HOUR)
    return cast


def answer(cast: Cast, said: str, *, by: str = "ana", key: object = KEY, after: int = 0) -> Recheck:
    at = NOW + after * HOUR
    return answer_recheck(cast.user(by), cast.ana, appointment_key=key, said=said, now=at)  # type: ignore[arg-type]


def reason(cast: Cast, *, after: int = 10) -> Reason:
    return rechecks.standing_of(cast.ana, now=NOW + after * HOUR).reason


def test_it_is_kept_with_its_version_and_who_wrote_it_down(ana: Cast) -> None:
    answer(ana, "no", by="tess")
    kept = Recheck.objects.get()
    assert (kept.client, kept.appointment_key, kept.said) == (ana.ana, KEY, "no")
    assert kept.version == catalogue.load().version
    assert (kept.answered_at, kept.recorded_by) == (NOW, ana.user("tess"))
    entry = AuditEntry.objects.get(action="recheck.recorded")
    assert (entry.actor, entry.client) == (ana.user("tess"), ana.ana)
    row = rechecks.recheck_of(KEY)
    assert row is not None
    assert (row.said, row.at, row.by, row.is_new) == ("no", NOW, "Tess", False)


@pytest.mark.parametrize("who", ["ben", "theo", "uma", "finn", "paz", "opal"])
def test_nobody_else_may_answer(ana: Cast, who: str) -> None:
    with pytest.raises(Missing):
        answer(ana, "no", by=who)
    assert not Recheck.objects.exists()


@pytest.mark.parametrize("said", ["", "maybe", "YES"])
def test_only_three_answers_are_taken(ana: Cast, said: str) -> None:
    with pytest.raises(BadInput):
        answer(ana, said)
    assert not Recheck.objects.exists()


def test_answering_again_replaces(ana: Cast) -> None:
    answer(ana, "no")
    answer(ana, "yes", after=1)
    kept = Recheck.objects.get()
    assert (kept.said, kept.answered_at) == ("yes", NOW + HOUR)


def test_another_clients_session_is_not_there(ana: Cast) -> None:
    answer(ana, "no")
    with pytest.raises(Missing):
        answer_recheck(ana.user("ben"), ana.ben, appointment_key=KEY, said="no", now=NOW)


@pytest.mark.parametrize("said", ["yes", "unsure"])
def test_something_new_is_taken_back_only_by_a_full_checkin(ana: Cast, said: str) -> None:
    assert reason(ana) is Reason.STANDS
    answer(ana, said)
    assert reason(ana) is Reason.SOMETHING_NEW
    with pytest.raises(StillNew):
        answer(ana, "no", after=1)
    assert answer(ana, "yes", after=1).answered_at == NOW  # said again: it stays as it was
    a_completed_checkin(ana.ana, practice=ana.practice, now=NOW + 2 * HOUR)
    assert reason(ana) is Reason.STANDS
    answer(ana, "no", after=3)
    assert Recheck.objects.get().said == "no"


def test_something_new_after_the_full_checkin_asks_for_another(ana: Cast) -> None:
    answer(ana, "yes")
    a_completed_checkin(ana.ana, practice=ana.practice, now=NOW + HOUR)
    answer(ana, "yes", after=2)
    assert reason(ana) is Reason.SOMETHING_NEW


def test_a_no_before_another_session_takes_nothing_back(ana: Cast) -> None:
    answer(ana, "yes")
    answer(ana, "no", key=uuid4(), after=1)
    assert reason(ana) is Reason.SOMETHING_NEW


def test_what_is_said_after_a_session_changes_nothing_about_it(ana: Cast) -> None:
    answer(ana, "no")
    answer(ana, "yes", key=uuid4(), after=5)
    then = NOW + HOUR
    assert rechecks.standing_of(ana.ana, now=then, session=KEY).reason is Reason.STANDS
    later = NOW + 6 * HOUR
    assert rechecks.standing_of(ana.ana, now=later, session=KEY).reason is Reason.SOMETHING_NEW
    own = rechecks.standing_of(
        ana.ana, now=then, session=Recheck.objects.get(said="yes").appointment_key
    )
    assert own.reason is Reason.SOMETHING_NEW


def test_whose_checkin_stands_is_read_for_many_at_once(
    ana: Cast, django_assert_num_queries: object
) -> None:
    answer(ana, "yes")
    clients = [ana.ana.pk, ana.ben.pk]
    with django_assert_num_queries(3):  # type: ignore[operator]
        found = rechecks.histories(clients)
    reasons = [found[pk].standing(NOW).reason for pk in clients]
    assert reasons == [Reason.SOMETHING_NEW, Reason.NEVER]


def test_a_session_asks_about_its_own_time() -> None:
    start, end = NOW, NOW + HOUR
    for now, asked in (
        (NOW - HOUR, start),
        (NOW + HOUR / 2, NOW + HOUR / 2),
        (NOW + 9 * HOUR, end),
    ):
        assert rechecks.time_of(start, end, now) == asked


def test_the_newest_checkin_of_the_client_decides_not_the_one_at_hand(ana: Cast) -> None:
    old = a_completed_checkin(ana.ana, practice=ana.practice, now=NOW - timedelta(days=91))
    assert reads.check_screened(old, now=NOW).completed_at == NOW - 2 * HOUR
    a_completed_checkin(ana.ana, practice=ana.practice, conditions=["osteoporosis"], now=NOW)
    reads.check_may_book(old, "swedish", now=NOW)
    with pytest.raises(reads.TechniqueNotSafe):
        reads.check_may_book(old, "deep_tissue", now=NOW)
