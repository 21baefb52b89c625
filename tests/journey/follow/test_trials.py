"""A comparison in pairs: agreed by two, drawn once, sealed, kept to, stopped at any time."""

import itertools
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from tests.appointments import a_hold, an_appointment
from tests.cast import NOW, Cast, a_service, at
from tests.checkins import a_completed_checkin
from tests.trials import a_protocol, due, held_next, proposed, rated, running
from unknot.domain.outcomes import trial as rules
from unknot.journey.book.actions import arrange, attendance
from unknot.journey.book.actions.refusals import NotOffered, NotPossible
from unknot.journey.book.models import PlannedSession
from unknot.journey.follow.actions import trial_results, trials
from unknot.journey.follow.actions.trials import BadTrial, TrialOpen
from unknot.journey.follow.models import (
    Trial,
    TrialEvent,
    TrialResult,
    TrialSeal,
    TrialSession,
    TrialState,
)
from unknot.journey.understand.actions import stop as stopping
from unknot.journey.understand.reads import ScreeningMissing, TechniqueNotSafe
from unknot.people.models import AuditEntry
from unknot.web.errors import Missing


def test_the_list_is_sealed_and_logged_before_the_first_session(cast: Cast) -> None:
    trial = running(cast)
    seal = TrialSeal.objects.get()
    assert trial.state == TrialState.RUNNING
    assert rules.matches(seal.salt, seal.order, trial.commitment)
    assert len(seal.order) == 8
    drawn = TrialEvent.objects.get(kind="drawn")
    assert (drawn.detail, drawn.at) == (trial.commitment, NOW)
    assert [one.kind for one in trial.events.order_by("pk")] == [
        "proposed",
        "accepted",
        "drawn",
        "opened",
    ]
    assert AuditEntry.objects.filter(action="trial.begun", client=cast.ana).exists()


def test_only_the_next_place_is_taken_out_of_the_list(cast: Cast) -> None:
    trial = running(cast)
    place = TrialSession.objects.get()
    planned = PlannedSession.objects.get()
    assert (place.place, place.service) == (1, planned.service)
    order = trial.seal.order
    assert place.service == (cast.swedish if order[0] == "A" else cast.deep_tissue)
    other = cast.deep_tissue if order[0] == "A" else cast.swedish
    with pytest.raises(NotOffered):
        a_hold(cast, service=other)


def test_what_was_drawn_and_logged_cannot_be_changed(cast: Cast) -> None:
    trial = running(cast)
    for table, change in (
        (TrialSeal.objects.all(), {"order": "ABABABAB"}),
        (TrialEvent.objects.filter(kind="drawn"), {"detail": "0"}),
        (Trial.objects.all(), {"pairs": 5}),
        (Trial.objects.all(), {"outcome": "stress"}),
        (Trial.objects.all(), {"commitment": "0" * 64}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            table.update(**change)
    Trial.objects.filter(pk=trial.pk).update(stop_reason="client")  # what changes may change


def test_a_proposal_can_still_be_changed_in_the_tables(cast: Cast) -> None:
    """Negative control: the trigger guards what is drawn, not every row."""
    trial = proposed(cast)
    assert Trial.objects.filter(pk=trial.pk).update(outcome="stress") == 1


def test_the_tables_refuse_a_comparison_that_runs_unsealed(cast: Cast) -> None:
    proposed(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Trial.objects.update(state="running")


def test_a_client_agrees_in_words_whoever_proposes(cast: Cast) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice)
    with pytest.raises(BadTrial):
        trials.propose(cast.user("ana"), cast.ana, a_protocol(cast), now=NOW)
    trial = trials.propose(cast.tess.user, cast.ana, a_protocol(cast), now=NOW)
    assert trial.consent == ""
    with pytest.raises(NotPossible):
        trials.accept(cast.tess.user, trial, now=NOW)
    with pytest.raises(BadTrial):
        trials.accept(cast.user("ana"), trial, now=NOW)
    begun = trials.accept(cast.user("ana"), trial, agreed=True, now=NOW)
    assert "I can stop at any time" in begun.consent
    assert begun.consented_at == NOW


@pytest.mark.parametrize("name", ["ben", "theo", "paz", "uma", "opal"])
def test_nobody_else_has_a_part_in_it(cast: Cast, name: str) -> None:
    trial = proposed(cast)
    actor = cast.user(name)
    for act in (trials.accept, trials.decline, trials.stop):
        with pytest.raises(Missing):
            act(actor, trial, now=NOW)
    with pytest.raises(Missing):
        trials.propose(actor, cast.ana, a_protocol(cast), now=NOW)


def test_one_comparison_at_a_time(cast: Cast) -> None:
    first = proposed(cast)
    with pytest.raises(TrialOpen):
        proposed(cast)
    trials.decline(cast.tess.user, first, now=NOW)
    assert proposed(cast).pk != first.pk


@pytest.mark.parametrize(
    "wrong",
    [{"pairs": 3}, {"pairs": 11}, {"gap_days": 3}, {"outcome": "wealth"}],
)
def test_a_protocol_that_compares_nothing_is_refused(cast: Cast, wrong: dict[str, object]) -> None:
    with pytest.raises(BadTrial):
        proposed(cast, **wrong)
    assert not Trial.objects.exists()


def test_two_of_one_kind_or_of_two_lengths_are_not_compared(cast: Cast) -> None:
    longer = a_service(cast.practice, "deep_tissue", cast.tess, minutes=90)
    with pytest.raises(BadTrial, match="same length"):
        proposed(cast, service_b=longer)
    with pytest.raises(BadTrial, match="two different"):
        proposed(cast, service_b=cast.swedish)
    foreign = a_service(cast.other_practice, "thai", cast.uma)
    with pytest.raises(Missing):
        proposed(cast, service_b=foreign)


def test_both_techniques_must_be_safe_for_this_person(cast: Cast) -> None:
    with pytest.raises(ScreeningMissing):
        trials.propose(cast.user("ana"), cast.ana, a_protocol(cast), agreed=True, now=NOW)
    a_completed_checkin(cast.ana, practice=cast.practice, medicines=["anticoagulant"])
    with pytest.raises(TechniqueNotSafe):
        trials.propose(cast.user("ana"), cast.ana, a_protocol(cast), agreed=True, now=NOW)


def test_sessions_booked_before_are_on_no_list_and_the_first_keeps_its_distance(
    cast: Cast,
) -> None:
    early = an_appointment(cast)
    running(cast)
    assert PlannedSession.objects.get().not_before == early.start + timedelta(days=4)
    with transaction.atomic():
        attendance.mark_attended(early, actor=cast.tess.user, now=early.end)
    assert trials.keep_up(early.end) == 0


def test_a_place_is_kept_when_its_session_is_cancelled_or_missed(cast: Cast) -> None:
    trial = running(cast)
    place = due(trial)
    one = an_appointment(cast, service=place.service)
    arrange.cancel(cast.user("ana"), one, now=NOW)
    two = an_appointment(cast, service=place.service, start=at(10, days=4))
    attendance.mark_no_show(two, actor=cast.paz, now=two.end)
    assert trials.keep_up(two.end) == 0
    assert due(trial).place == 1
    held_next(cast, trial)
    assert due(trial).place == 2


def test_a_whole_comparison_follows_its_list_to_the_end_and_is_analysed_once(cast: Cast) -> None:
    trial = running(cast)
    made = [held_next(cast, trial) for _place in range(8)]
    trial.refresh_from_db()
    assert trial.state == TrialState.COMPLETE
    assert not PlannedSession.objects.exists()
    given = "".join("A" if one.service_id == cast.swedish.pk else "B" for one in made)
    assert given == trial.seal.order
    gaps = [later.start - earlier.start for earlier, later in itertools.pairwise(made)]
    assert min(gaps) >= timedelta(days=4)
    rated(cast, NOW - timedelta(days=10), 60)
    assert trial_results.analyse_due(made[-1].end) == 0  # its days after are still to come
    later = made[-1].end + timedelta(days=4)
    assert trial_results.analyse_due(later) == 1
    assert trial_results.analyse_due(later) == 0
    result = TrialResult.objects.get()
    assert (result.pairs, result.statistic) == ([1, 2, 3, 4], "gls")
    assert result.p is not None
    assert 0.125 <= result.p <= 1
    assert result.engine == "trial 1, model 1"
    assert len(result.inputs["sessions"]) == 8
    with pytest.raises(DatabaseError), transaction.atomic():
        TrialResult.objects.update(p=0.01)


@pytest.mark.parametrize(("who", "why"), [("ana", "client"), ("tess", "therapist")])
def test_either_stops_it_at_once_and_books_freely_again(cast: Cast, who: str, why: str) -> None:
    trial = running(cast)
    for _place in range(3):
        last = held_next(cast, trial)
    stopped = trials.stop(cast.user(who), trial, now=last.end)
    assert (stopped.state, stopped.stop_reason) == (TrialState.STOPPED, why)
    assert not PlannedSession.objects.exists()
    assert trials.stop(cast.user(who), trial, now=last.end).ended_at == last.end
    rated(cast, NOW, 20)
    assert trial_results.analyse_due(last.end + timedelta(days=4)) == 1
    result = TrialResult.objects.get()
    assert result.pairs == [1]  # the third session has no partner and is on no list
    assert result.p == 1


def test_a_safety_stop_ends_it(cast: Cast) -> None:
    trial = running(cast)
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    with transaction.atomic():
        stopping.stop_after_session(
            checkin, {"rf_cad"}, urgency="emergency_now", now=NOW, actor=cast.user("ana")
        )
    assert trials.keep_up(NOW) == 1
    trial.refresh_from_db()
    assert (trial.state, trial.stop_reason) == (TrialState.STOPPED, "safety")
    assert trials.keep_up(NOW) == 0


def test_a_pair_that_is_not_finished_in_time_ends_it(cast: Cast) -> None:
    trial = running(cast)
    late = NOW + timedelta(weeks=8)
    assert trials.keep_up(late - timedelta(seconds=1)) == 0
    assert trials.keep_up(late) == 1
    trial.refresh_from_db()
    assert trial.stop_reason == "overdue"
    assert trial_results.analyse_due(late) == 1
    result = TrialResult.objects.get()
    assert (result.pairs, result.p, result.statistic) == ([], None, "")


def test_with_too_few_ratings_plain_means_are_compared(cast: Cast) -> None:
    trial = running(cast)
    made = [held_next(cast, trial) for _place in range(2)]
    trials.stop(cast.user("ana"), trial, now=made[-1].end)
    rated(cast, NOW, 9)
    trial_results.analyse_due(made[-1].end + timedelta(days=4))
    assert TrialResult.objects.get().statistic == "post_mean"


def test_what_is_over_cannot_begin_or_be_declined(cast: Cast) -> None:
    trial = trials.decline(cast.tess.user, proposed(cast), now=NOW)
    for act in (trials.accept, trials.decline, trials.stop):
        with pytest.raises(NotPossible):
            act(cast.tess.user, trial, now=NOW)
