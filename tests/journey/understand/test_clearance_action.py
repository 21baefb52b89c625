"""A stop ends only by a clinician's recorded word, and only who may record it does."""

from collections.abc import Collection
from datetime import date, timedelta

import pytest

from tests.cast import NOW, TODAY, Cast
from tests.checkins import a_completed_checkin
from unknot.domain.screening.clauses import Action, Urgency
from unknot.journey.understand import access, reads, stops
from unknot.journey.understand.actions import stop as actions
from unknot.journey.understand.models import CheckIn, Clearance, SafetyStop
from unknot.people.actions import share_only
from unknot.people.models import AuditEntry, User
from unknot.web.errors import BadInput, Conflict, Denied, Missing


def a_stop(cast: Cast, *flags: str) -> SafetyStop:
    """An open stop of Ana."""
    checkin = a_completed_checkin(
        cast.ana, practice=cast.practice, red_flags=flags or ("rf_night", "rf_infection")
    )
    stop = stops.open_stop_of(checkin)
    assert stop is not None
    return stop


def clear(
    actor: User, stop: SafetyStop, covers: Collection[str] | None = None, **more: object
) -> Clearance:
    values = {
        "clinician": "Dr Weber",
        "said_on": TODAY,
        "statement": "Examined today; massage may go ahead.",
        "now": NOW,
        **more,
    }
    chosen = stop.flags if covers is None else covers
    return actions.record_clearance(actor, stop, covers=chosen, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["tess", "paz"])
def test_the_treating_therapist_and_the_manager_end_a_stop(cast: Cast, name: str) -> None:
    stop = a_stop(cast)
    clearance = clear(cast.user(name), stop)
    assert (clearance.clinician, clearance.said_on) == ("Dr Weber", TODAY)
    assert not stops.is_on_hold(cast.ana)
    assert stops.call_backs(cast.practice) == ()
    entry = AuditEntry.objects.get(action="clearance.recorded")
    assert (entry.actor, entry.client) == (cast.user(name), cast.ana)


def test_after_a_clearance_booking_is_open_and_the_therapist_is_still_told(cast: Cast) -> None:
    stop = a_stop(cast)
    clear(cast.user("paz"), stop)
    checkin = CheckIn.objects.get(pk=stop.checkin_id)
    reads.check_may_book(checkin, "swedish", now=NOW)
    decision = reads.decision_of(checkin)
    assert decision.urgency is Urgency.ADAPT
    assert {"rf_night", "rf_infection"} <= {row.id for row in decision.for_staff()}
    assert reads.decision_of(checkin, with_clearances=False).blocked


@pytest.mark.parametrize(
    ("name", "error"),
    [("theo", Denied), ("finn", Denied), ("uma", Missing), ("ben", Missing), ("ana", Missing)],
)
def test_nobody_else_ends_a_stop(cast: Cast, name: str, error: type[Exception]) -> None:
    stop = a_stop(cast)
    with pytest.raises(error):
        clear(cast.user(name), stop)
    assert stops.is_on_hold(cast.ana)
    assert not Clearance.objects.exists()


@pytest.mark.parametrize("name", ["theo", "finn", "tess"])
def test_an_unclaimed_stop_is_the_managers_alone(cast: Cast, name: str) -> None:
    checkin = a_completed_checkin(None, practice=cast.practice, red_flags=["rf_cad"])
    stop = stops.open_stop_of(checkin)
    assert stop is not None
    with pytest.raises(Denied):
        clear(cast.user(name), stop)
    clear(cast.user("paz"), stop)
    assert stops.open_stop_of(checkin) is None


def test_a_partial_clearance_names_what_is_missing_and_ends_nothing(cast: Cast) -> None:
    stop = a_stop(cast)
    with pytest.raises(BadInput, match="fever, shaking chills"):
        clear(cast.user("tess"), stop, covers=["rf_night"])
    assert stops.is_on_hold(cast.ana)
    assert not Clearance.objects.exists()


def test_a_clearance_must_cover_the_flags_behind_a_combination(cast: Cast) -> None:
    """Leg signs alone would only adapt; with a weaker limb they stop together."""
    checkin = a_completed_checkin(
        cast.ana,
        practice=cast.practice,
        marks={"lumbar_l": 5},
        red_flags=["rf_severe_leg", "rf_neuro_progressive"],
        onset_on=TODAY - timedelta(days=10),
    )
    stop = stops.open_stop_of(checkin)
    assert stop is not None
    assert set(stop.flags) == {"rf_severe_leg", "rf_neuro_progressive"}
    with pytest.raises(BadInput):
        clear(cast.user("tess"), stop, covers=["rf_neuro_progressive"])
    clear(cast.user("tess"), stop)
    assert reads.decision_of(checkin).blocked is False


@pytest.mark.parametrize(
    "wrong",
    [
        {"clinician": "  "},
        {"statement": ""},
        {"statement": "x" * 2001},
        {"said_on": TODAY + timedelta(days=1)},
        {"said_on": TODAY - timedelta(days=1)},
        {"covers": ["rf_night", "rf_infection", "rf_cad"]},
    ],
)
def test_a_clearance_that_cannot_be_true_is_refused(cast: Cast, wrong: dict[str, object]) -> None:
    stop = a_stop(cast)
    with pytest.raises(BadInput):
        clear(cast.user("paz"), stop, **wrong)  # type: ignore[arg-type]
    assert stops.is_on_hold(cast.ana)


def test_a_stop_ends_once(cast: Cast) -> None:
    stop = a_stop(cast)
    clear(cast.user("paz"), stop)
    with pytest.raises(Conflict):
        clear(cast.user("paz"), stop)


def test_a_clearance_of_an_old_stop_says_nothing_about_a_new_yes(cast: Cast) -> None:
    clear(cast.user("paz"), a_stop(cast, "rf_night"))
    again = a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_night"])
    with pytest.raises(reads.ScreeningStop):
        reads.check_may_book(again, "swedish", now=NOW)


def test_calling_somebody_does_not_end_their_stop(cast: Cast) -> None:
    stop = a_stop(cast)
    actions.mark_called(cast.user("finn"), stop.checkin, now=NOW)
    assert stops.call_backs(cast.practice) == ()
    assert len(stops.call_backs(cast.practice, done=True)) == 1
    assert stops.is_on_hold(cast.ana)
    with pytest.raises(Missing):
        actions.mark_called(cast.user("uma"), stop.checkin, now=NOW)


def test_only_who_may_clear_reads_what_was_answered(cast: Cast) -> None:
    checkin = a_stop(cast).checkin
    assert access.may_clear(cast.user("paz"), checkin)
    assert access.may_clear(cast.user("tess"), checkin)
    assert not access.may_clear(cast.user("finn"), checkin)
    assert access.checkin_to_call(cast.user("finn"), checkin.key).client == cast.ana
    with pytest.raises(Missing):
        access.checkin_to_call(cast.user("uma"), checkin.key)


def test_a_checkin_that_asks_for_no_call_is_nobodys_to_call(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    for name in ("finn", "theo", "uma", "ben"):
        with pytest.raises(Missing):
            access.checkin_to_call(cast.user(name), checkin.key)
    for name in ("paz", "tess"):  # who may record a clinician's word finds it all the same
        assert access.checkin_to_call(cast.user(name), checkin.key) == checkin


def test_a_technique_that_needs_agreement_opens_when_a_clinician_agrees(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, conditions=["heart_stable"])
    needed = [row.id for row in reads.agreements_needed(checkin) if "deep_tissue" in row.techniques]
    assert needed
    with pytest.raises(reads.TechniqueNotSafe):
        reads.check_may_book(checkin, "deep_tissue", now=NOW)
    reads.check_may_book(checkin, "swedish", now=NOW)
    every = [row.id for row in reads.agreements_needed(checkin)]
    agree(cast.user("tess"), checkin, every)
    reads.check_may_book(checkin, "deep_tissue", now=NOW)
    assert reads.decision_of(checkin).action("deep_tissue") is Action.ADAPT


def agree(actor: User, checkin: CheckIn, covers: Collection[str]) -> Clearance:
    return actions.record_agreement(
        actor,
        checkin,
        clinician="Dr Weber",
        said_on=TODAY,
        statement="Agreed.",
        covers=covers,
        now=NOW,
    )


def test_an_agreement_never_lifts_what_is_to_be_avoided(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, medicines=["anticoagulant"])
    avoided = [row.id for row in reads.decision_of(checkin).fired if row.action is Action.AVOID]
    with pytest.raises(BadInput):
        agree(cast.user("tess"), checkin, avoided)
    with pytest.raises(reads.TechniqueNotSafe):
        reads.check_may_book(checkin, "deep_tissue", now=NOW)


@pytest.mark.parametrize(("name", "error"), [("theo", Denied), ("uma", Missing), ("ana", Missing)])
def test_strangers_record_no_agreement(cast: Cast, name: str, error: type[Exception]) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, conditions=["heart_stable"])
    needed = [row.id for row in reads.agreements_needed(checkin)]
    with pytest.raises(error):
        agree(cast.user(name), checkin, needed)
    assert not Clearance.objects.exists()


def test_an_agreement_covers_only_what_this_person_needs(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, conditions=["heart_stable"])
    for covers in ([], ["r003"], ["r1"]):
        with pytest.raises(BadInput):
            agree(cast.user("tess"), checkin, covers)


def test_a_call_about_an_agreement_is_settled_once_all_of_it_is_recorded(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, conditions=["heart_stable"])
    actions.ask_for_call(checkin, name="Ana", phone="030 1234567", now=NOW)
    assert [row.urgency for row in stops.call_backs(cast.practice)] == [""]
    needed = [row.id for row in reads.agreements_needed(checkin)]
    agree(cast.user("tess"), checkin, needed[:1])
    assert len(stops.call_backs(cast.practice)) == 1
    agree(cast.user("tess"), checkin, needed[1:])
    assert stops.call_backs(cast.practice) == ()


def test_without_a_stop_or_a_missing_agreement_nobody_is_called(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    with pytest.raises(Missing):
        actions.ask_for_call(checkin, name="Ana", phone="030 1234567", now=NOW)


def test_a_screening_stands_ninety_days(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    reads.check_may_book(checkin, "swedish", now=NOW + timedelta(days=90))
    with pytest.raises(reads.ScreeningMissing):
        reads.check_may_book(checkin, "swedish", now=NOW + timedelta(days=90, seconds=1))


def test_a_screening_by_another_version_of_the_table_does_not_stand(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    checkin.screening.table_version = 0
    with pytest.raises(reads.ScreeningMissing):
        reads.check_may_book(checkin, "swedish", now=NOW)


def test_the_days_of_a_clearance_are_days_of_the_practice(cast: Cast) -> None:
    stop = a_stop(cast)
    late = NOW.replace(hour=23, minute=30)  # already 28 March in Berlin
    clear(cast.user("paz"), stop, said_on=date(2026, 3, 28), now=late)
    assert not stops.is_on_hold(cast.ana)


def test_an_agreement_stands_ninety_days_for_later_checkins(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, conditions=["heart_stable"])
    agree(cast.user("tess"), checkin, [row.id for row in reads.agreements_needed(checkin)])
    for days, needed in ((90, False), (91, True)):
        later = a_completed_checkin(
            cast.ana,
            practice=cast.practice,
            conditions=["heart_stable"],
            now=NOW + timedelta(days=days),
        )
        assert bool(reads.agreements_needed(later)) is needed


def test_staff_never_read_that_a_card_of_help_was_shown(cast: Cast) -> None:
    checkin = a_completed_checkin(
        cast.ana, practice=cast.practice, conditions=["mental_health_acute"]
    )
    rows = reads.agreements_shown(checkin)
    assert rows
    assert "card" not in f"{rows}".lower()


def test_agreements_are_shown_while_safety_is_shared_or_a_call_was_asked_for(cast: Cast) -> None:
    checkin = a_completed_checkin(
        cast.ana, practice=cast.practice, conditions=["heart_stable"], shares=["share_body"]
    )
    share_only(cast.ana, ["share_body"], now=NOW)
    assert reads.agreements_shown(checkin) == ()
    actions.ask_for_call(checkin, name="Ana", phone="030 1234567", now=NOW)
    assert reads.agreements_shown(CheckIn.objects.get(pk=checkin.pk))


def test_a_stop_that_has_ended_tells_no_longer_what_was_answered(cast: Cast) -> None:
    stop = a_stop(cast)
    assert stops.stop_row(stop).questions
    clear(cast.user("paz"), stop)
    assert stops.stop_row(SafetyStop.objects.get()).questions == ()
