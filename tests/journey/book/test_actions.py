"""Hold, confirm, release, cancel: each refusal leaves no trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.appointments import MONDAY_TEN, a_hold, an_appointment, sent_at_once
from tests.cast import NOW, Cast, at
from tests.checkins import a_checkin, a_completed_checkin
from unknot.journey.book.actions import arrange, attendance, booking, refusals
from unknot.journey.book.models import Appointment, HoursOverride, Status
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.understand.actions import belonging as understand
from unknot.journey.understand.models import SafetyStop
from unknot.journey.understand.reads import ScreeningMissing, ScreeningStop, TechniqueNotSafe
from unknot.people.models import AuditEntry, CareRelation, Message
from unknot.web.errors import Missing

STOPPED = {"red_flags": ["rf_cad"]}
TEN_MINUTES = booking.HOLD


@contextmanager
def no_trace() -> Iterator[None]:
    """Nothing is written: no appointment changed, no audit row, no mail, no care relation."""

    def everything() -> tuple[object, ...]:
        rows = Appointment.objects.order_by("pk").values_list(
            "pk", "status", "client", "changed_at"
        )
        counts = (AuditEntry, Message, CareRelation)
        return (*rows, *(model.objects.count() for model in counts))  # type: ignore[attr-defined]

    before = everything()
    yield
    assert everything() == before


# Hold


def test_a_hold_keeps_the_time_for_ten_minutes_at_todays_price(cast: Cast) -> None:
    held = a_hold(cast)
    assert held.status == Status.HELD
    assert held.held_until == NOW + timedelta(minutes=10)
    assert (held.price_minor, held.currency) == (7000, "EUR")
    assert held.client == cast.ana
    taken = held.allocation_set.get().during
    assert (taken.lower, taken.upper) == (at(10, days=3), at(11, 10, days=3))


def test_somebody_without_an_account_can_hold(cast: Cast) -> None:
    checkin = a_completed_checkin(None, practice=cast.practice)
    held = booking.hold(
        checkin,
        actor=AnonymousUser(),
        wanted=Wanted(therapist=cast.tess, service=cast.swedish),
        start=MONDAY_TEN,
        now=NOW,
    )
    assert held.client is None
    assert held.checkin == checkin


def test_the_same_start_twice_is_one_hold(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    first = a_hold(cast, checkin=checkin)
    again = a_hold(cast, checkin=checkin, now=NOW + timedelta(minutes=3))
    assert again == first
    assert again.held_until == NOW + TEN_MINUTES  # asking again is no way to hold longer


def test_a_new_hold_lets_go_of_the_old_one_even_with_another_therapist(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    first = a_hold(cast, checkin=checkin, therapist=cast.theo)
    second = a_hold(cast, checkin=checkin, start=at(11, days=3))
    first.refresh_from_db()
    assert first.status == Status.CANCELLED
    assert second.status == Status.HELD


def test_a_refused_new_hold_keeps_the_old_one(cast: Cast) -> None:
    an_appointment(cast, client=cast.ben)
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    first = a_hold(cast, checkin=checkin, start=at(13, days=3))
    with no_trace(), pytest.raises(refusals.SlotTaken):
        a_hold(cast, checkin=checkin)
    first.refresh_from_db()
    assert first.status == Status.HELD


def test_a_taken_time_is_refused(cast: Cast) -> None:
    an_appointment(cast, client=cast.ben)
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    with no_trace(), pytest.raises(refusals.SlotTaken):
        a_hold(cast, checkin=checkin, start=at(10, 45, days=3))


def test_neighbours_touch_and_both_stand(cast: Cast) -> None:
    cast.swedish.cleanup_minutes = 0
    cast.swedish.save(update_fields=["cleanup_minutes"])
    an_appointment(cast, client=cast.ben)
    assert a_hold(cast, start=at(11, days=3)).status == Status.HELD


def test_an_expired_hold_gives_way(cast: Cast) -> None:
    old = a_hold(cast, client=cast.ben)
    a_hold(cast, now=NOW + TEN_MINUTES)
    old.refresh_from_db()
    assert old.status == Status.EXPIRED


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (at(8), "passed"),
        (at(10), "too soon"),
        (at(10, days=63), "too far"),
        (at(10, 5, days=3), "No session starts"),
        (at(8, days=3), "opening hours"),
        (at(16, days=3), "clear the room"),
        (at(10, days=1), "opening hours"),  # a Saturday
    ],
)
def test_the_rule_that_offers_also_refuses(cast: Cast, start: datetime, words: str) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    with no_trace(), pytest.raises(refusals.NotOffered, match=words):
        a_hold(cast, checkin=checkin, start=start)


def test_a_therapist_of_another_practice_is_refused(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    elsewhere = cast.uma.services.get()
    with no_trace(), pytest.raises(refusals.NotOffered):
        a_hold(cast, checkin=checkin, therapist=cast.uma, service=elsewhere)


def test_a_service_that_is_no_longer_offered_is_refused(cast: Cast) -> None:
    cast.swedish.therapists.remove(cast.tess)
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    with no_trace(), pytest.raises(refusals.NotOffered):
        a_hold(cast, checkin=checkin)


def test_one_browser_cannot_hold_a_fourth_time(cast: Cast) -> None:
    keys: list[UUID] = []

    def hold_one(hour: int, now: datetime) -> Appointment:
        return booking.hold(
            a_completed_checkin(None, practice=cast.practice),
            actor=AnonymousUser(),
            wanted=Wanted(therapist=cast.tess, service=cast.swedish),
            start=at(hour, 30, days=3),
            now=now,
            earlier=keys,
        )

    keys += [hold_one(hour, NOW).key for hour in (9, 11, 13)]
    with pytest.raises(refusals.TooManyHolds):
        hold_one(15, NOW)
    assert hold_one(15, NOW + TEN_MINUTES).status == Status.HELD


# A stop cannot be booked around


def test_an_unfinished_checkin_cannot_hold(cast: Cast) -> None:
    draft = a_checkin(practice=cast.practice)
    with no_trace(), pytest.raises(ScreeningMissing):
        a_hold(cast, checkin=draft)


def test_an_old_checkin_cannot_hold(cast: Cast) -> None:
    old = a_completed_checkin(cast.ana, practice=cast.practice, now=NOW - timedelta(days=91))
    with no_trace(), pytest.raises(ScreeningMissing):
        a_hold(cast, checkin=old)


def test_a_stopped_checkin_cannot_hold(cast: Cast) -> None:
    stopped = a_completed_checkin(cast.ana, practice=cast.practice, **STOPPED)
    assert SafetyStop.objects.count() == 1
    with no_trace(), pytest.raises(ScreeningStop):
        a_hold(cast, checkin=stopped)


def test_an_older_stop_of_the_client_closes_a_new_clean_checkin(cast: Cast) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, now=NOW - timedelta(days=30), **STOPPED)
    clean = a_completed_checkin(cast.ana, practice=cast.practice)
    with no_trace(), pytest.raises(ScreeningStop):
        a_hold(cast, checkin=clean)


def test_signing_in_with_an_unclaimed_clean_checkin_is_no_way_around(cast: Cast) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, **STOPPED)
    clean = a_completed_checkin(None, practice=cast.practice)
    with no_trace(), pytest.raises(ScreeningStop):
        a_hold(cast, checkin=clean)


def test_without_the_stop_the_same_checkin_holds(cast: Cast) -> None:
    """The control of the four tests above: what refuses is the stop and nothing else."""
    a_completed_checkin(cast.ana, practice=cast.practice, **STOPPED)
    clean = a_completed_checkin(None, practice=cast.practice)
    SafetyStop.objects.all().delete()
    assert a_hold(cast, checkin=clean).status == Status.HELD


def test_a_technique_that_is_not_safe_for_this_person_is_refused(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, medicines=["anticoagulant"])
    with no_trace(), pytest.raises(TechniqueNotSafe):
        a_hold(cast, checkin=checkin, service=cast.deep_tissue)


def test_a_stop_opened_after_the_hold_refuses_the_booking(cast: Cast) -> None:
    held = a_hold(cast)
    a_completed_checkin(cast.ana, practice=cast.practice, **STOPPED)
    with no_trace(), pytest.raises(ScreeningStop):
        booking.confirm(cast.user("ana"), cast.ana, held, note="", now=NOW)


def test_an_anonymous_hold_does_not_outlive_the_stop_of_the_account(cast: Cast) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, **STOPPED)
    clean = a_completed_checkin(None, practice=cast.practice)
    held = booking.hold(
        clean,
        actor=AnonymousUser(),
        wanted=Wanted(therapist=cast.tess, service=cast.swedish),
        start=MONDAY_TEN,
        now=NOW,
    )
    understand.claim(cast.user("ana"), clean, name="Ana", phone="", now=NOW)
    with no_trace(), pytest.raises(ScreeningStop):
        booking.confirm(cast.user("ana"), cast.ana, held, note="", now=NOW)


# Confirm


def test_confirming_books_opens_the_care_relation_and_writes_to_both(cast: Cast) -> None:
    made = an_appointment(cast, client=cast.ben, note="  The stairs are hard for me. ")
    made.refresh_from_db()
    assert (made.status, made.client, made.booked_at) == (Status.CONFIRMED, cast.ben, NOW)
    assert made.note == "The stairs are hard for me."
    assert made.held_until is None
    assert CareRelation.objects.filter(client=cast.ben, therapist_user=cast.tess.user).exists()
    assert AuditEntry.objects.filter(action="appointment.confirmed", client=cast.ben).count() == 1
    assert list(sent_at_once().order_by("pk").values_list("recipient", "subject")) == [
        ("ben@example.org", "Your appointment on Monday 30 March, 10:00"),
        ("tess@example.org", "New appointment on Monday 30 March, 10:00"),
    ]


def test_the_mails_say_nothing_about_health(cast: Cast) -> None:
    made = an_appointment(cast, note="sciatica")
    arrange.cancel(cast.user("ana"), made, now=NOW)
    assert sent_at_once().count() == 4
    for mail in Message.objects.all():
        text = f"{mail.subject} {mail.body}".lower()
        for word in ("massage", "swedish", "pain", "sciatica", "health", "therapy", "check-in"):
            assert word not in text
        assert f"/appointments/{made.key}/" in text or "/appointments/link/" in text
        assert "&" not in text


def test_confirming_twice_is_one_appointment(cast: Cast) -> None:
    made = an_appointment(cast)
    with no_trace():
        again = booking.confirm(cast.user("ana"), cast.ana, made, note="other", now=NOW)
    assert again.pk == made.pk
    assert again.note == ""


def test_the_price_is_frozen_when_the_time_is_held(cast: Cast) -> None:
    held = a_hold(cast)
    cast.swedish.price_minor = 9900
    cast.swedish.save(update_fields=["price_minor"])
    made = booking.confirm(cast.user("ana"), cast.ana, held, note="", now=NOW)
    assert made.price_minor == 7000


def test_an_expired_hold_cannot_be_confirmed(cast: Cast) -> None:
    held = a_hold(cast)
    with no_trace(), pytest.raises(refusals.HoldEnded, match="until 09:10"):
        booking.confirm(cast.user("ana"), cast.ana, held, note="", now=NOW + TEN_MINUTES)


def test_a_released_hold_cannot_be_confirmed(cast: Cast) -> None:
    held = a_hold(cast)
    booking.release(held, actor=cast.user("ana"), now=NOW)
    with no_trace(), pytest.raises(refusals.HoldEnded):
        booking.confirm(cast.user("ana"), cast.ana, held, note="", now=NOW)


def test_the_notice_is_judged_when_the_time_was_held(cast: Cast) -> None:
    held = a_hold(cast, start=at(11))  # exactly the notice of two hours
    made = booking.confirm(
        cast.user("ana"), cast.ana, held, note="", now=NOW + timedelta(minutes=9)
    )
    assert made.status == Status.CONFIRMED


def test_a_day_closed_during_the_hold_refuses_the_booking(cast: Cast) -> None:
    held = a_hold(cast)
    HoursOverride.objects.create(therapist=cast.tess, day=MONDAY_TEN.date())
    with no_trace(), pytest.raises(refusals.NotOffered):
        booking.confirm(cast.user("ana"), cast.ana, held, note="", now=NOW)


def test_nobody_confirms_the_hold_of_somebody_else(cast: Cast) -> None:
    held = a_hold(cast)
    with no_trace(), pytest.raises(Missing):
        booking.confirm(cast.user("ben"), cast.ben, held, note="", now=NOW)
    with no_trace(), pytest.raises(Missing):
        booking.confirm(cast.user("ben"), cast.ana, held, note="", now=NOW)


# Release, cancel, attendance, expiry


def test_releasing_twice_changes_nothing_more(cast: Cast) -> None:
    held = a_hold(cast)
    booking.release(held, actor=cast.user("ana"), now=NOW)
    with no_trace():
        booking.release(held, actor=cast.user("ana"), now=NOW)


def test_releasing_does_not_cancel_a_booked_appointment(cast: Cast) -> None:
    made = an_appointment(cast)
    with no_trace():
        booking.release(made, actor=cast.user("ana"), now=NOW)


@pytest.mark.parametrize("name", ["ana", "tess", "paz", "finn"])
def test_the_client_and_the_practice_cancel(cast: Cast, name: str) -> None:
    made = an_appointment(cast)
    arrange.cancel(cast.user(name), made, now=NOW)
    made.refresh_from_db()
    assert made.status == Status.CANCELLED
    assert Message.objects.filter(kind__startswith="appointment-cancelled").count() == 2
    assert a_hold(cast, client=cast.ben).status == Status.HELD  # the time is free again


@pytest.mark.parametrize("name", ["ben", "theo", "uma", "opal"])
def test_nobody_else_cancels(cast: Cast, name: str) -> None:
    made = an_appointment(cast)
    with no_trace(), pytest.raises(Missing):
        arrange.cancel(cast.user(name), made, now=NOW)


def test_cancelling_twice_writes_once(cast: Cast) -> None:
    made = an_appointment(cast)
    arrange.cancel(cast.user("ana"), made, now=NOW)
    with no_trace():
        arrange.cancel(cast.user("ana"), made, now=NOW)


def test_a_client_cannot_cancel_what_has_begun_but_the_practice_can(cast: Cast) -> None:
    made = an_appointment(cast)
    with no_trace(), pytest.raises(refusals.NotPossible, match="call the practice"):
        arrange.cancel(cast.user("ana"), made, now=made.start)
    arrange.cancel(cast.user("finn"), made, now=made.start)


def test_cancelling_on_hold_is_noted_as_free(cast: Cast) -> None:
    made = an_appointment(cast)
    a_completed_checkin(cast.ana, practice=cast.practice, **STOPPED)
    arrange.cancel(cast.user("ana"), made, now=NOW)
    entry = AuditEntry.objects.get(action="appointment.cancelled")
    assert entry.reason == "while on hold: no fee"


def test_on_hold_nobody_arrives_and_nothing_is_attended(cast: Cast) -> None:
    made = an_appointment(cast)
    a_completed_checkin(cast.ana, practice=cast.practice, **STOPPED)
    with no_trace(), pytest.raises(refusals.OnHold):
        attendance.mark_arrived(made, actor=cast.user("tess"), now=made.start)
    with no_trace(), pytest.raises(refusals.OnHold):
        attendance.mark_attended(made, actor=cast.user("tess"), now=made.end)
    with no_trace(), pytest.raises(refusals.OnHold):
        attendance.mark_no_show(made, actor=cast.user("tess"), now=made.end)


def test_arrival_then_attendance(cast: Cast) -> None:
    made = an_appointment(cast)
    attendance.mark_arrived(made, actor=cast.user("finn"), now=made.start)
    attendance.mark_attended(made, actor=cast.user("tess"), now=made.end)
    attendance.mark_attended(made, actor=cast.user("tess"), now=made.end)
    made.refresh_from_db()
    assert made.status == Status.ATTENDED
    assert AuditEntry.objects.filter(action="appointment.attended").count() == 1


def test_a_note_is_signed_for_a_session_that_began_before_the_stop(cast: Cast) -> None:
    made = an_appointment(cast)
    attendance.mark_arrived(made, actor=cast.user("finn"), now=made.start)
    a_completed_checkin(cast.ana, practice=cast.practice, **STOPPED)
    attendance.mark_attended(made, actor=cast.user("tess"), now=made.end)


def test_nobody_is_missed_before_the_start(cast: Cast) -> None:
    made = an_appointment(cast)
    with no_trace(), pytest.raises(refusals.NotPossible):
        attendance.mark_no_show(made, actor=cast.user("tess"), now=NOW)
    attendance.mark_no_show(made, actor=cast.user("tess"), now=made.end)
    with no_trace(), pytest.raises(refusals.NotPossible):
        arrange.cancel(cast.user("tess"), made, now=made.end)


def test_only_the_practice_keeps_its_list(cast: Cast) -> None:
    made = an_appointment(cast)
    for name in ("ana", "ben", "theo", "uma"):
        with no_trace(), pytest.raises(Missing):
            attendance.mark_arrived(made, actor=cast.user(name), now=made.start)


def test_the_job_frees_what_has_run_out_and_nothing_else(cast: Cast) -> None:
    a_hold(cast, client=cast.ben)
    kept = a_hold(cast, start=at(13, days=3), now=NOW + timedelta(minutes=5))
    assert booking.expire_holds(NOW + TEN_MINUTES) == 1
    assert booking.expire_holds(NOW + TEN_MINUTES) == 0
    kept.refresh_from_db()
    assert kept.status == Status.HELD
