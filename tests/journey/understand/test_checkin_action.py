"""The actions of the check-in: saving, scoring, deciding, stopping, claiming, deleting."""

from datetime import date, datetime, timedelta

import pytest

from tests.cast import NOW, TODAY, Cast
from tests.checkins import a_checkin, a_completed_checkin
from unknot.domain.bodymap.marks import parse_marks
from unknot.domain.screening import catalogue as screening
from unknot.journey.understand import access, questionnaires, reads, stops
from unknot.journey.understand.actions import answers, belonging, steps
from unknot.journey.understand.actions import checkin as actions
from unknot.journey.understand.actions import stop as stopping
from unknot.journey.understand.models import (
    Answer,
    CallBack,
    CheckIn,
    Clearance,
    InstrumentScore,
    SafetyAnswer,
    SafetyStop,
    ScreeningResult,
)
from unknot.people import access as rights
from unknot.people.actions import give_consent, share_only, withdraw_consent
from unknot.people.models import AuditEntry, Client, Consent, Purpose
from unknot.web.errors import BadInput, Missing


def test_a_completed_checkin_keeps_scores_by_the_instruments_own_rules(cast: Cast) -> None:
    checkin = a_completed_checkin(
        None, practice=cast.practice, peg=(6, 7, 5), phq4=(3, 3, 2, 2), stress=7, sleep=3
    )
    scores = questionnaires.scores_of(checkin)
    assert scores["peg"].value == 6.0
    assert (scores["phq4"].value, scores["phq4"].band) == (10.0, "severe")
    assert scores["phq4"].subscales == {"anxiety": 6, "depression": 4}
    assert (scores["stress_nrs"].value, scores["sleep_nrs"].value) == (7.0, 3.0)
    assert {score.version for score in scores.values()} == {1}


def test_a_skipped_instrument_is_a_gap_with_its_reason_and_never_a_zero(cast: Cast) -> None:
    checkin = a_completed_checkin(None, practice=cast.practice, peg=None, phq4=None, stress=None)
    for name in ("peg", "phq4", "stress_nrs"):
        row = questionnaires.scores_of(checkin)[name]
        assert row.value is None
        assert row.not_scored_because


def test_every_answer_keeps_the_version_and_language_it_was_given_under(cast: Cast) -> None:
    checkin = a_completed_checkin(None, practice=cast.practice)
    kept = set(checkin.answers.values_list("version", "language", "answered_at"))
    assert kept == {(1, "en", NOW)}
    assert set(checkin.safety_answers.values_list("version", flat=True)) == {1}


def test_saving_a_step_twice_leaves_one_answer_and_the_newest(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice)
    for level in (3, 8):
        steps.save_answers(checkin, points={"stress_nrs": {"stress_today": level}}, now=NOW)
    assert Answer.objects.get(checkin=checkin, instrument="stress_nrs").value == 8
    steps.save_answers(checkin, points={"stress_nrs": {"stress_today": None}}, now=NOW)
    assert not Answer.objects.filter(checkin=checkin, instrument="stress_nrs").exists()


def test_completing_twice_changes_nothing(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice, red_flags=["rf_cad"])
    first = actions.complete(checkin, now=NOW)
    again = actions.complete(checkin, now=NOW + timedelta(minutes=5))
    assert (first.pk, first.decided_at) == (again.pk, again.decided_at)
    assert SafetyStop.objects.count() == CallBack.objects.count() == 1


@pytest.mark.parametrize("missing", ["red_flag", "condition", "medicine"])
def test_an_open_safety_question_keeps_the_checkin_open(cast: Cast, missing: str) -> None:
    checkin = a_checkin(practice=cast.practice)
    gone = SafetyAnswer.objects.filter(checkin=checkin, kind=missing).exclude(
        question__in=["rf_abuse", "pregnancy"]
    )
    gone[0].delete()
    with pytest.raises(actions.NotComplete):
        actions.complete(checkin, now=NOW)
    assert not ScreeningResult.objects.exists()
    assert not InstrumentScore.objects.exists()


def test_editing_a_completed_checkin_that_nobody_claimed_opens_it_again(cast: Cast) -> None:
    checkin = a_completed_checkin(None, practice=cast.practice)
    steps.save_answers(checkin, points={"stress_nrs": {"stress_today": 9}}, now=NOW)
    found = CheckIn.objects.get(pk=checkin.pk)
    assert found.state == "draft"
    assert not ScreeningResult.objects.filter(checkin=found).exists()
    with pytest.raises(reads.ScreeningMissing):
        reads.check_may_book(found, "swedish", now=NOW)


def test_a_clients_completed_checkin_stays_as_it_was_said(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    with pytest.raises(answers.Finished):
        steps.save_answers(checkin, points={"stress_nrs": {"stress_today": 9}}, now=NOW)
    assert questionnaires.points_of(checkin)["stress_nrs"]["stress_today"] == 4


@pytest.mark.parametrize(
    ("flag", "urgency"),
    [("rf_cad", "emergency_now"), ("rf_infection", "same_day"), ("rf_night", "clinician_first")],
)
def test_each_blocking_level_opens_a_stop_with_a_call_back(
    cast: Cast, flag: str, urgency: str
) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, red_flags=[flag])
    stop = stops.open_stop_of(checkin)
    assert stop is not None
    assert (stop.urgency, stop.flags, stop.client) == (urgency, [flag], cast.ana)
    assert CallBack.objects.filter(checkin=checkin, done_at__isnull=True).exists()
    assert stops.is_on_hold(cast.ana)
    assert stops.clients_on_hold([cast.ana.pk, cast.ben.pk]) == {cast.ana.pk}
    with pytest.raises(reads.ScreeningStop):
        reads.check_may_book(checkin, "swedish", now=NOW)


def test_without_a_red_flag_there_is_no_stop_and_swedish_may_be_booked(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    assert stops.open_stop_of(checkin) is None
    assert not stops.is_on_hold(cast.ana)
    reads.check_may_book(checkin, "swedish", now=NOW)


def test_lower_levels_never_block(cast: Cast) -> None:
    checkin = a_completed_checkin(
        None, practice=cast.practice, red_flags=["rf_severe_arm"], onset_on=date(2026, 3, 20)
    )
    assert checkin.screening.urgency == "adapt"
    assert not SafetyStop.objects.exists()
    reads.check_may_book(checkin, "swedish", now=NOW)


def test_not_sure_stops_at_the_two_highest_levels_only(cast: Cast) -> None:
    stopped = a_completed_checkin(None, practice=cast.practice, red_flags={"rf_cad": "unsure"})
    free = a_completed_checkin(None, practice=cast.practice, red_flags={"rf_night": "unsure"})
    assert stopped.screening.blocked is True
    assert free.screening.blocked is False


def test_an_anonymous_stop_holds_the_client_who_claims_it(cast: Cast) -> None:
    checkin = a_completed_checkin(None, practice=cast.practice, red_flags=["rf_cad"])
    assert not stops.is_on_hold(cast.ana)
    belonging.claim(cast.user("ana"), checkin, name="Ana", phone="", now=NOW)
    assert stops.is_on_hold(cast.ana)


def test_an_older_stop_of_the_client_closes_a_fresh_and_clear_checkin_too(cast: Cast) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    fresh = a_completed_checkin(None, practice=cast.practice)
    reads.check_may_book(fresh, "swedish", now=NOW)  # nobody's yet
    belonging.claim(cast.user("ana"), fresh, name="Ana", phone="", now=NOW)
    with pytest.raises(reads.ScreeningStop):
        reads.check_may_book(CheckIn.objects.get(pk=fresh.pk), "swedish", now=NOW)


def test_nothing_in_a_stopped_checkin_changes_and_it_cannot_be_let_go(cast: Cast) -> None:
    checkin = a_completed_checkin(None, practice=cast.practice, red_flags=["rf_cad"])
    with pytest.raises(reads.ScreeningStop):
        steps.save_red_flags(checkin, said={"rf_cad": "no"}, now=NOW)
    with pytest.raises(reads.ScreeningStop):
        actions.discard(checkin, now=NOW)
    assert checkin.safety_answers.get(question="rf_cad").said == "yes"


def test_a_client_with_an_open_stop_cannot_start_another_checkin(cast: Cast) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    with pytest.raises(reads.ScreeningStop):
        actions.start(cast.practice, is_adult=True, language="en", now=NOW, actor=cast.user("ana"))


def test_a_signed_in_clients_stop_is_theirs_as_soon_as_it_is_complete(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice, red_flags=["rf_cad"])
    actions.complete(checkin, now=NOW, actor=cast.user("ana"))
    assert stops.is_on_hold(cast.ana)


def test_somebody_under_18_starts_nothing(cast: Cast) -> None:
    with pytest.raises(BadInput):
        actions.start(cast.practice, is_adult=False, language="en", now=NOW)
    assert not CheckIn.objects.exists()


def test_a_practice_without_an_approved_table_takes_no_checkin(cast: Cast) -> None:
    cast.practice.safety_approved_by = ""
    cast.practice.save(update_fields=["safety_approved_by"])
    with pytest.raises(actions.PracticeClosed):
        actions.start(cast.practice, is_adult=True, language="en", now=NOW)
    cast.practice.demonstration = True
    actions.start(cast.practice, is_adult=True, language="en", now=NOW)


def test_an_approval_of_another_version_of_the_table_opens_nothing(cast: Cast) -> None:
    cast.practice.safety_approved_version = 0
    assert not reads.is_open(cast.practice)


def test_claiming_makes_a_client_who_shares_safety_and_body_and_not_mind(cast: Cast) -> None:
    checkin = a_completed_checkin(None, practice=cast.other_practice)
    client = belonging.claim(cast.user("ana"), checkin, name="Ana", phone="030 123456", now=NOW)
    assert client.practice == cast.other_practice
    given = set(Consent.objects.filter(client=client).values_list("purpose", flat=True))
    assert given == {Purpose.CARE, Purpose.SHARE_SAFETY, Purpose.SHARE_BODY}
    again = belonging.claim(cast.user("ana"), checkin, name="Ana", phone="", now=NOW)
    assert again == client
    assert (again.phone, Client.objects.filter(user=client.user).count()) == ("030 123456", 2)


def test_nobody_claims_what_is_already_somebody_elses(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    with pytest.raises(Missing):
        belonging.claim(cast.user("ben"), checkin, name="Ben", phone="", now=NOW)


def test_unclaimed_checkins_go_after_seven_days_and_claimed_ones_stay(cast: Cast) -> None:
    kept = a_completed_checkin(cast.ana, practice=cast.practice)
    a_completed_checkin(None, practice=cast.practice, red_flags=["rf_cad"])
    assert actions.delete_left_behind(NOW + timedelta(days=6, hours=23)) == 0
    assert actions.delete_left_behind(NOW + timedelta(days=7)) == 1
    assert list(CheckIn.objects.all()) == [kept]
    assert not CallBack.objects.exists()


def test_a_clients_unfinished_checkin_goes_after_seven_days_unless_it_was_stopped(
    cast: Cast,
) -> None:
    ana = cast.user("ana")
    stopped = actions.start(cast.practice, is_adult=True, language="en", now=NOW, actor=ana)
    actions.start(cast.practice, is_adult=True, language="en", now=NOW, actor=ana)
    steps.save_about(stopped, age=40, pregnant="no", now=NOW)
    steps.save_red_flags(stopped, said={"rf_cad": "yes"}, now=NOW, actor=ana)
    assert actions.delete_left_behind(NOW + timedelta(days=7)) == 1
    assert list(CheckIn.objects.all()) == [stopped]


def test_a_signed_in_clients_checkin_is_theirs_from_its_start(cast: Cast) -> None:
    ana = cast.user("ana")
    begun = actions.start(cast.practice, is_adult=True, language="en", now=NOW, actor=ana)
    assert begun.client == cast.ana
    actions.discard(begun, now=NOW)
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    ("before", "ticked", "after"),
    [
        (["share_mind"], ["share_mind", "share_safety"], {"share_mind"}),
        (["share_mind", "share_body"], ["share_body"], {"share_body"}),
        (["share_mind"], [], set()),
    ],
)
def test_a_checkin_begun_unknown_only_narrows_what_a_client_decided(
    cast: Cast, before: list[str], ticked: list[str], after: set[str]
) -> None:
    give_consent(cast.ana, Purpose.CARE, now=NOW)
    share_only(cast.ana, before, now=NOW)
    a_completed_checkin(cast.ana, practice=cast.practice, shares=ticked)
    assert rights.shared_by(cast.ana) == after


def test_a_returning_client_is_not_asked_again_too_soon(cast: Cast) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice)
    ana = cast.user("ana")
    for days, asked in ((13, False), (14, True)):
        later = NOW + timedelta(days=days)
        begun = actions.start(cast.practice, is_adult=True, language="en", now=later, actor=ana)
        assert bool(questionnaires.plan_of(begun, now=later).items("phq4")) is asked


def a_night_stop(cast: Cast, checkin: CheckIn, *, now: datetime = NOW) -> None:
    """A red flag stops the check-in, and a clinician clears it at once."""
    stop = steps.save_red_flags(checkin, said={"rf_night": "yes"}, now=now)
    assert stop is not None
    stopping.record_clearance(
        cast.user("paz"),
        stop,
        clinician="Dr Weber",
        said_on=TODAY,
        statement="Examined.",
        covers=["rf_night"],
        now=now,
    )


def test_a_stopped_checkin_that_never_went_on_is_newer_than_what_stood_before(cast: Cast) -> None:
    older = a_completed_checkin(cast.ana, practice=cast.practice, now=NOW - timedelta(days=5))
    reads.check_may_book(older, "swedish", now=NOW)
    ana = cast.user("ana")
    begun = actions.start(cast.practice, is_adult=True, language="en", now=NOW, actor=ana)
    a_night_stop(cast, begun)
    with pytest.raises(reads.SomethingNew):
        reads.check_may_book(older, "swedish", now=NOW)


def test_questions_left_open_at_a_stop_are_asked_in_a_new_checkin(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice)
    SafetyAnswer.objects.filter(checkin=checkin, question="rf_stroke").delete()
    a_night_stop(cast, checkin)
    assert reads.next_step(CheckIn.objects.get(pk=checkin.pk)) == "start"


def test_an_answer_that_weighs_more_after_a_clearance_is_asked_again(cast: Cast) -> None:
    checkin = a_checkin(
        practice=cast.practice, red_flags=["rf_severe_arm"], onset_on=TODAY - timedelta(days=36)
    )
    a_night_stop(cast, checkin)
    with pytest.raises(actions.AskAgain):
        actions.complete(checkin, now=NOW + timedelta(days=7))
    assert SafetyStop.objects.count() == 1
    assert actions.complete(checkin, now=NOW).blocked is False


def test_pain_that_has_lasted_since_the_answers_closes_booking_until_they_come_again(
    cast: Cast,
) -> None:
    checkin = a_completed_checkin(
        cast.ana,
        practice=cast.practice,
        red_flags=["rf_severe_arm"],
        onset_on=TODAY - timedelta(days=35),
    )
    reads.check_may_book(checkin, "swedish", now=NOW + timedelta(days=6))
    with pytest.raises(reads.ScreeningMissing):
        reads.check_may_book(checkin, "swedish", now=NOW + timedelta(days=7))


@pytest.mark.parametrize(("since", "stops_here"), [("weeks", False), ("months", True)])
def test_without_a_first_day_a_place_that_has_hurt_for_long_says_how_long(
    cast: Cast, since: str, stops_here: bool
) -> None:
    checkin = a_checkin(practice=cast.practice, marks={"arm_back_l": 4})
    told = [steps.Place(region="arm_back_l", since=since)]
    steps.save_places(checkin, places=told, sides="yes", now=NOW)
    steps.save_story(checkin, story=steps.Story(), now=NOW)
    stop = steps.save_red_flags(checkin, said={"rf_severe_arm": "yes"}, now=NOW)
    assert (stop is not None) is stops_here


def test_nobody_completes_after_taking_back_that_answers_are_used(cast: Cast) -> None:
    ana = cast.user("ana")
    begun = a_checkin(practice=cast.practice)
    belonging.claim(ana, begun, name="Ana", phone="", now=NOW)
    withdraw_consent(ana, cast.ana, Purpose.CARE, now=NOW)
    with pytest.raises(reads.ConsentWithdrawn):
        actions.complete(begun, now=NOW)
    assert Purpose.CARE not in rights.agreed(cast.ana)


def test_what_was_shared_before_is_not_shared_again_unasked(cast: Cast) -> None:
    ana = cast.user("ana")
    give_consent(cast.ana, Purpose.CARE, now=NOW)
    share_only(cast.ana, ["share_mind"], now=NOW)
    withdraw_consent(ana, cast.ana, Purpose.CARE, now=NOW)
    actions.start(cast.practice, is_adult=True, language="en", now=NOW, actor=ana)
    assert rights.agreed(cast.ana) == {Purpose.CARE}


def test_the_account_sees_what_staff_did_before_there_was_one(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice)
    a_night_stop(cast, checkin)
    medicines = {row.id: "no" for row in screening.load().medicines}
    steps.save_history(checkin, conditions={}, medicines=medicines, where={}, now=NOW)
    actions.complete(checkin, now=NOW)
    assert not AuditEntry.objects.filter(client=cast.ana, action="clearance.recorded").exists()
    belonging.claim(cast.user("ana"), checkin, name="Ana", phone="", now=NOW)
    row = AuditEntry.objects.get(client=cast.ana, action="clearance.recorded")
    assert (row.actor, row.at) == (cast.user("paz"), NOW)


def test_changing_the_age_or_pregnancy_forgets_what_is_no_longer_asked(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice, age=55, conditions=["pregnancy", "pregnancy_t1"])
    steps.save_red_flags(checkin, said={"rf_gca": "no", "rf_night": "no"}, now=NOW)
    steps.save_about(checkin, age=40, pregnant="no", now=NOW)
    said = {question for _kind, question in reads.said_of(checkin)}
    assert not said & {"rf_gca", "pregnancy_t1", "rf_pregnancy_warning"}
    assert "rf_night" in said


def test_a_yes_stays_asked_when_the_marks_move_elsewhere(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice, red_flags=["rf_severe_arm"], onset_on=TODAY)
    steps.save_body(checkin, marks=parse_marks({"calf_l": 3}), now=NOW)
    asked = {flag.id for flag in reads.questions_of(checkin).red_flags}
    assert "rf_severe_arm" in asked
    assert "rf_meningitis" not in asked  # answered no, and no longer applies


def test_swapping_the_sides_mirrors_every_mark_with_what_was_said_about_it(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice, marks={"sacrum": 2})
    steps.save_body(checkin, marks=parse_marks({"cervical_l": 6, "sacrum": 2}), now=NOW)
    told = [steps.Place(region="cervical_l", qualities=["tight"], since="weeks")]
    steps.save_places(checkin, places=told, sides="swap", now=NOW)
    assert reads.marks_of(checkin) == {"cervical_r": 6, "sacrum": 2}
    neck = reads.places_of(checkin)[0]
    assert (neck.region, neck.qualities, neck.since) == ("cervical_r", ("tight",), "weeks")
    assert CheckIn.objects.get(pk=checkin.pk).sides_confirmed


def test_a_new_side_is_asked_about_even_after_an_earlier_yes(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice, marks={"cervical_l": 6})
    assert checkin.sides_confirmed
    steps.save_body(checkin, marks=parse_marks({"cervical_l": 6, "calf_r": 4}), now=NOW)
    assert not CheckIn.objects.get(pk=checkin.pk).sides_confirmed


def test_words_about_a_place_that_is_not_marked_are_refused(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice, marks={"cervical_l": 6})
    for place in (
        steps.Place(region="sacrum"),
        steps.Place(region="cervical_l", qualities=["haunted"]),
        steps.Place(region="cervical_l", since="forever"),
    ):
        with pytest.raises(BadInput):
            steps.save_places(checkin, places=[place], sides="", now=NOW)


def test_an_activity_that_becomes_another_one_loses_its_rating(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice, activities=["Swimming", "Driving"])
    rated = {"activity3": {"act_1": 6, "act_2": 4}}
    steps.save_answers(checkin, points=rated, now=NOW)
    steps.save_activities(checkin, activities=["Swimming", "Cooking"], now=NOW)
    assert questionnaires.activities_of(checkin) == ("Swimming", "Cooking")
    assert questionnaires.points_of(checkin)["activity3"] == {"act_1": 6}


def test_a_red_flag_that_blocks_stops_before_any_further_question(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice)
    SafetyAnswer.objects.filter(checkin=checkin, kind="condition").delete()
    stop = steps.save_red_flags(checkin, said={"rf_cad": "yes"}, now=NOW)
    assert stop is not None
    assert (stop.urgency, stop.flags) == ("emergency_now", ["rf_cad"])
    assert CallBack.objects.filter(checkin=checkin).exists()
    with pytest.raises(reads.ScreeningStop):
        steps.save_history(checkin, conditions={}, medicines={}, where={}, now=NOW)
    assert reads.next_step(checkin) == "result"


def test_a_red_flag_of_a_signed_in_client_holds_their_appointments_at_once(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice)
    steps.save_red_flags(checkin, said={"rf_cad": "yes"}, now=NOW, actor=cast.user("ana"))
    assert stops.is_on_hold(cast.ana)


def test_a_calm_answer_to_every_red_flag_stops_nothing(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice)
    assert steps.save_red_flags(checkin, said={"rf_cad": "no"}, now=NOW) is None


def test_after_a_clearance_the_rest_is_answered_and_what_was_cleared_stays(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice)
    SafetyAnswer.objects.filter(checkin=checkin, kind="medicine").delete()
    stop = steps.save_red_flags(checkin, said={"rf_night": "yes"}, now=NOW)
    assert stop is not None
    stopping.record_clearance(
        cast.user("paz"),
        stop,
        clinician="Dr Weber",
        said_on=TODAY,
        statement="Examined.",
        covers=["rf_night"],
        now=NOW,
    )
    assert reads.next_step(checkin) == "history"
    for change in (
        lambda: steps.save_red_flags(checkin, said={"rf_night": "no"}, now=NOW),
        lambda: steps.save_body(checkin, marks=(), now=NOW),
        lambda: steps.save_about(checkin, age=60, pregnant="no", now=NOW),
        lambda: steps.save_story(checkin, story=steps.Story(), now=NOW),
    ):
        with pytest.raises(answers.Finished):
            change()
    medicines = {row.id: "no" for row in screening.load().medicines}
    steps.save_history(checkin, conditions={}, medicines=medicines, where={}, now=NOW)
    result = actions.complete(checkin, now=NOW)
    assert (result.urgency, result.blocked) == ("adapt", False)
    assert SafetyStop.objects.count() == 1
    belonging.claim(cast.user("ana"), checkin, name="Ana", phone="", now=NOW)
    assert Clearance.objects.get().client == cast.ana
    reads.check_may_book(CheckIn.objects.get(pk=checkin.pk), "swedish", now=NOW)


@pytest.mark.parametrize(
    "save",
    [
        lambda c: steps.save_red_flags(c, said={"rf_cad": "perhaps"}, now=NOW),
        lambda c: steps.save_red_flags(c, said={"rf_nothing": "no"}, now=NOW),
        lambda c: steps.save_answers(c, points={"phq4": {"gad_1": 4}}, now=NOW),
        lambda c: steps.save_answers(c, points={"phq4": {"gad_9": 1}}, now=NOW),
        lambda c: steps.save_about(c, age=17, pregnant="no", now=NOW),
        lambda c: steps.save_wishes(c, pressure=6, minutes=None, wishes=(), shares=(), now=NOW),
        lambda c: steps.save_wishes(
            c, pressure=3, minutes=None, wishes=(), shares=(), aims=["fame"], now=NOW
        ),
        lambda c: steps.save_history(
            c, conditions={"varicose": "yes"}, medicines={}, where={"varicose": ["moon"]}, now=NOW
        ),
    ],
)
def test_values_that_cannot_be_are_refused_and_leave_no_trace(cast: Cast, save: object) -> None:
    checkin = a_checkin(practice=cast.practice)
    before = (
        questionnaires.points_of(checkin),
        {k: v.said for k, v in reads.said_of(checkin).items()},
    )
    with pytest.raises(BadInput):
        save(checkin)  # type: ignore[operator]
    after = (
        questionnaires.points_of(checkin),
        {k: v.said for k, v in reads.said_of(checkin).items()},
    )
    assert before == after


def test_a_call_back_needs_a_name_and_a_number(cast: Cast) -> None:
    checkin = a_completed_checkin(None, practice=cast.practice, red_flags=["rf_cad"])
    with pytest.raises(BadInput):
        stopping.ask_for_call(checkin, name="", phone="030 1234567", now=NOW)
    with pytest.raises(BadInput):
        stopping.ask_for_call(checkin, name="Cleo", phone="12", now=NOW)
    stopping.ask_for_call(checkin, name="Cleo", phone="030 1234567", now=NOW)
    row = stops.call_backs(cast.practice)[0]
    assert (row.name, row.phone, row.key) == ("Cleo", "030 1234567", checkin.key)


def test_call_backs_come_most_urgent_first_and_only_from_ones_own_practice(cast: Cast) -> None:
    a_completed_checkin(None, practice=cast.practice, red_flags=["rf_night"])
    a_completed_checkin(None, practice=cast.practice, red_flags=["rf_cad"])
    a_completed_checkin(None, practice=cast.other_practice, red_flags=["rf_cad"])
    urgencies = [row.urgency for row in stops.call_backs(cast.practice)]
    assert urgencies == ["emergency_now", "clinician_first"]


def test_whether_somebody_is_hurt_at_home_reaches_no_staff_read(cast: Cast) -> None:
    checkin = a_completed_checkin(
        cast.ana, practice=cast.practice, red_flags=["rf_abuse", "rf_night"]
    )
    decision = reads.decision_of(checkin)
    assert "safeguarding_card" in decision.cards
    assert "rf_abuse" not in {row.id for row in decision.for_staff()}
    rows = stops.stop_rows(cast.practice)
    assert [question.id for row in rows for question in row.questions] == ["rf_night"]
    assert "hurt you" not in f"{rows}{stops.call_backs(cast.practice)}"


def test_the_audit_names_deeds_and_numbers_and_no_health_word(cast: Cast) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    entries = AuditEntry.objects.values_list("action", flat=True)
    assert set(entries) == {"check-in.completed", "stop.opened", "check-in.claimed"}


def test_a_deleted_checkin_is_told_apart_from_a_refused_one(cast: Cast) -> None:
    checkin = a_checkin(practice=cast.practice)
    CheckIn.objects.filter(pk=checkin.pk).delete()
    with pytest.raises(access.NoCheckIn):
        steps.save_answers(checkin, points={}, now=NOW)
