"""Book at the desk by the one decision; provisional without answers; settle, accept, decline."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from tests.appointments import MONDAY_TEN, a_hold, an_appointment, sent_at_once
from tests.cast import LONG_AGO, NOW, Cast, at
from tests.checkins import a_completed_checkin
from unknot.journey.book.actions import attendance, blocks, booking, desk
from unknot.journey.book.actions.refusals import (
    CallThePractice,
    NotOffered,
    NotPossible,
    OnHold,
    SlotTaken,
)
from unknot.journey.book.models import Allocation, Appointment, Awaits, LoadLimit, Resource, Status
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.understand.actions.belonging import join
from unknot.journey.understand.models import CheckIn
from unknot.people.models import AuditEntry, CareRelation, Client, Message
from unknot.web.errors import Missing

pytestmark = pytest.mark.usefixtures("now")
WALK_IN = at(10)  # an hour from now: inside the notice of two hours


def wanted(cast: Cast, **other: object) -> Wanted:
    return Wanted(**{"therapist": cast.tess, "service": cast.swedish, **other})  # type: ignore[arg-type]


def booked(
    cast: Cast, client: Client | desk.Newcomer, start: datetime = MONDAY_TEN, who: str = "finn",
    **more: object,
) -> Appointment:  # fmt: skip
    return desk.book(
        cast.user(who),
        cast.practice,
        client,
        wanted(cast),
        start,
        now=NOW,
        **more,  # type: ignore[arg-type]
    )


NEW = desk.Newcomer(name="  Nora   New ", phone="+49 30 1234")


def kinds() -> list[str]:
    return sorted(sent_at_once().values_list("kind", flat=True))


# Book -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["finn", "paz", "tess"])
def test_a_client_with_valid_answers_is_confirmed(cast: Cast, who: str) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    made = booked(cast, cast.ana, who=who)
    assert (made.status, made.awaits, made.checkin_id) == (Status.CONFIRMED, "", checkin.pk)
    assert made.booked_by == cast.user(who)
    assert Allocation.objects.filter(appointment=made).exists()
    assert kinds() == ["appointment-confirmed", "appointment-confirmed-therapist"]
    row = AuditEntry.objects.get(action="appointment.booked")
    assert (row.actor, row.client, row.reason) == (cast.user(who), cast.ana, "")


def test_a_newcomer_is_made_a_client_and_waits_for_the_questions(cast: Cast) -> None:
    made = booked(cast, NEW)
    client = made.client
    assert client is not None
    assert (client.name, client.phone, client.user) == ("Nora New", "+49 30 1234", None)
    assert (made.status, made.awaits) == (Status.PENDING, Awaits.SCREENING)
    assert CareRelation.objects.filter(client=client, therapist_user=cast.tess.user).exists()
    assert kinds() == ["appointment-provisional-therapist"]


def test_a_client_without_answers_gets_the_address_by_mail(cast: Cast) -> None:
    made = booked(cast, cast.ben)
    assert made.awaits == Awaits.SCREENING
    mail = Message.objects.get(kind="appointment-questions")
    assert mail.recipient == "ben@example.org"
    assert "/before/" in mail.body


def test_worn_out_answers_are_no_answers(cast: Cast) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, now=LONG_AGO)
    assert booked(cast, cast.ana).awaits == Awaits.SCREENING


def test_a_client_on_hold_is_not_booked(cast: Cast) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_neuro_progressive"])
    with pytest.raises(desk.ClientOnHold):
        booked(cast, cast.ana)
    assert not Appointment.objects.exists()


def test_a_technique_that_the_answers_leave_out_is_not_booked(cast: Cast) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, medicines=["anticoagulant"])
    deep = wanted(cast, service=cast.deep_tissue)
    with pytest.raises(desk.NotForThem):
        desk.book(cast.finn, cast.practice, cast.ana, deep, MONDAY_TEN, now=NOW)
    assert booked(cast, cast.ana).status == Status.CONFIRMED


def test_the_same_form_twice_books_once_and_makes_one_client(cast: Cast) -> None:
    key = uuid4()
    first = booked(cast, NEW, request_key=key)
    assert booked(cast, NEW, request_key=key) == first
    assert Client.objects.filter(name="Nora New").count() == 1
    assert Appointment.objects.count() == 1
    assert len(kinds()) == 1


def test_without_a_key_the_second_is_refused(cast: Cast) -> None:
    """The control of the one above, and the newcomer of the refused one is not kept."""
    booked(cast, NEW)
    with pytest.raises(SlotTaken):
        booked(cast, desk.Newcomer(name="Otto Other", phone="1"))
    assert not Client.objects.filter(name="Otto Other").exists()


def test_notice_is_broken_only_with_a_written_reason(cast: Cast) -> None:
    with pytest.raises(NotOffered):
        booked(cast, NEW, WALK_IN)
    made = booked(cast, NEW, WALK_IN, reason="stands in front of me")
    assert made.start == WALK_IN
    assert AuditEntry.objects.get(action="appointment.booked").reason == "stands in front of me"


def test_a_reason_breaks_the_own_buffers_but_only_when_needed(cast: Cast) -> None:
    an_appointment(cast, start=at(11, days=3))
    with pytest.raises(SlotTaken):
        booked(cast, NEW)
    made = booked(cast, NEW, reason="they know each other")
    assert Allocation.objects.get(appointment=made).during.upper == at(11, days=3)
    free = booked(cast, desk.Newcomer(name="Pia", phone="1"), at(14, days=3), reason="whatever")
    assert Allocation.objects.get(appointment=free).during.upper == at(15, 10, days=3)


def test_no_reason_breaks_capacity_or_load(cast: Cast) -> None:
    an_appointment(cast)
    with pytest.raises(SlotTaken):
        booked(cast, NEW, reason="please")
    person = Resource.objects.get(user=cast.tess.user)
    LoadLimit.objects.create(resource=person, minutes_per_day=90)
    with pytest.raises(NotOffered, match="day is full"):
        booked(cast, NEW, at(14, days=3), reason="please")
    assert booked(cast, NEW, at(14, days=4)).start == at(14, days=4)


def test_strangers_learn_nothing_and_book_nothing(cast: Cast) -> None:
    for who in ("uma", "opal", "ana", "theo"):
        with pytest.raises(Missing):
            booked(cast, NEW, who=who)
    with pytest.raises(Missing):
        booked(cast, cast.ben, who="tess")  # she does not treat him
    elsewhere = Client.objects.create(practice=cast.other_practice, name="E", created_at=NOW)
    with pytest.raises(Missing):
        booked(cast, elsewhere)
    other = wanted(cast, therapist=cast.uma, service=cast.uma.services.get())
    with pytest.raises(Missing):
        desk.book(cast.finn, cast.practice, NEW, other, MONDAY_TEN, now=NOW)
    assert not Appointment.objects.exists()


def test_one_form_with_other_choices_is_another_booking(cast: Cast) -> None:
    key = uuid4()
    uma = wanted(cast, therapist=cast.uma, service=cast.uma.services.get())
    first = desk.book(
        cast.user("uma"), cast.other_practice, NEW, uma, MONDAY_TEN, now=NOW, request_key=key
    )
    here = booked(cast, NEW, request_key=key)
    later = booked(cast, NEW, at(14, days=3), request_key=key)
    assert len({first.pk, here.pk, later.pk}) == 3
    assert booked(cast, NEW, at(14, days=3), request_key=key) == later


def test_a_session_for_two_is_not_booked_here(cast: Cast) -> None:
    cast.swedish.for_two = True
    cast.swedish.save(update_fields=["for_two"])
    with pytest.raises(NotOffered, match="two"):
        booked(cast, NEW)


# The block list ---------------------------------------------------------------------------------


def test_who_is_blocked_cannot_book_online_and_staff_need_a_reason(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    entry = blocks.block(cast.paz, cast.practice, client=cast.ana, reason="did not pay", now=NOW)
    with pytest.raises(CallThePractice):
        a_hold(cast, checkin=checkin)
    with pytest.raises(desk.OnTheBlockList):
        booked(cast, cast.ana)
    made = booked(cast, cast.ana, reason="paid in advance")
    assert made.status == Status.CONFIRMED
    blocks.end(cast.paz, entry, now=NOW)
    assert a_hold(cast, checkin=checkin, start=at(14, days=3)).status == Status.HELD


def test_a_blocked_number_meets_the_newcomer_who_gives_it(cast: Cast) -> None:
    blocks.block(cast.paz, cast.practice, phone=NEW.phone, reason="x", now=NOW)
    with pytest.raises(desk.OnTheBlockList):
        booked(cast, NEW)
    assert not Client.objects.filter(name="Nora New").exists()


@pytest.mark.parametrize(
    ("typed", "given", "is_same"),
    [
        ("0049 (30) 12-34", "+49 30 1234", True),
        ("+49/30/1234", "0049301234", True),
        ("030 1234", "0301234", True),
        ("030 1234", "+49 30 1234", False),
        ("+49 30 1234", "+49 30 12345", False),
        ("+", "extension", False),
    ],
)
def test_numbers_are_compared_by_their_digits(
    cast: Cast, typed: str, given: str, is_same: bool
) -> None:
    entry = blocks.block(cast.paz, cast.practice, phone=typed, reason="x", now=NOW)
    assert entry.phone == typed
    client = Client.objects.create(practice=cast.practice, name="N", phone=given, created_at=NOW)
    if not is_same:
        booking.check_not_blocked(cast.practice.pk, client)
        assert booked(cast, client).client == client
        return
    with pytest.raises(CallThePractice):
        booking.check_not_blocked(cast.practice.pk, client)
    with pytest.raises(desk.OnTheBlockList):
        booked(cast, client)
    assert blocks.block(cast.paz, cast.practice, phone=given, reason="y", now=NOW) == entry
    elsewhere = Client.objects.create(
        practice=cast.other_practice, name="N", phone=given, created_at=NOW
    )
    booking.check_not_blocked(cast.other_practice.pk, elsewhere)


# Settle -----------------------------------------------------------------------------------------


def answered(client: Client, **said: object) -> CheckIn:
    """A completed check-in of a client without an account."""
    checkin = a_completed_checkin(None, practice=client.practice, **said)  # type: ignore[arg-type]
    with transaction.atomic():
        join(checkin, client, now=NOW)
    return checkin


def test_answers_that_allow_it_confirm_the_appointment(cast: Cast) -> None:
    made = booked(cast, NEW)
    assert desk.settle_provisional(NOW) == 0
    assert made.client is not None
    checkin = answered(made.client)
    assert desk.settle_provisional(NOW) == 1
    made.refresh_from_db()
    assert (made.status, made.awaits, made.checkin) == (Status.CONFIRMED, "", checkin)
    assert desk.settle_provisional(NOW) == 0
    assert kinds().count("appointment-confirmed-therapist") == 1


@pytest.mark.parametrize(
    "said", [{"red_flags": ["rf_neuro_progressive"]}, {"medicines": ["anticoagulant"]}]
)
def test_answers_that_do_not_allow_it_confirm_nothing(cast: Cast, said: dict[str, object]) -> None:
    deep = wanted(cast, service=cast.deep_tissue)
    made = desk.book(cast.finn, cast.practice, NEW, deep, MONDAY_TEN, now=NOW)
    assert made.client is not None
    answered(made.client, **said)
    assert desk.settle_provisional(NOW) == 0
    made.refresh_from_db()
    assert (made.status, made.awaits) == (Status.PENDING, Awaits.SCREENING)


def test_what_waits_when_its_time_is_over_expires_and_frees_it(cast: Cast) -> None:
    made = booked(cast, NEW)
    assert desk.settle_provisional(made.end - timedelta(seconds=1)) == 0
    assert desk.settle_provisional(made.end) == 1
    made.refresh_from_db()
    assert made.status == Status.EXPIRED
    assert not Allocation.objects.filter(appointment=made).exists()


def test_a_provisional_appointment_is_neither_arrived_attended_nor_missed(cast: Cast) -> None:
    made = booked(cast, NEW)
    deeds = (attendance.mark_arrived, attendance.mark_attended, attendance.mark_no_show)
    for deed in deeds:
        with pytest.raises(NotPossible, match="provisional"):
            deed(made, actor=cast.user("tess"), now=made.end)
    made.refresh_from_db()
    assert made.status == Status.PENDING
    assert made.client is not None
    answered(made.client)
    desk.settle(made, now=NOW)
    attendance.mark_arrived(made, actor=cast.finn, now=NOW)
    made.refresh_from_db()
    assert made.status == Status.ARRIVED


def test_the_address_is_sent_only_where_there_is_one(cast: Cast) -> None:
    made = booked(cast, NEW)
    with pytest.raises(desk.NoAccount):
        desk.send_questions(cast.finn, made, now=NOW)
    other = booked(cast, cast.ben, at(14, days=3))
    desk.send_questions(cast.finn, other, now=NOW)
    assert kinds().count("appointment-questions") == 2
    with pytest.raises(NotPossible):
        desk.send_questions(cast.finn, other, now=other.start)


# Requests -----------------------------------------------------------------------------------------


@pytest.fixture
def asked(cast: Cast) -> Appointment:
    """Ana's first visit, which the practice books by request."""
    cast.practice.first_visit_by_request = True
    cast.practice.save(update_fields=["first_visit_by_request"])
    made = an_appointment(cast)
    assert (made.status, made.awaits) == (Status.PENDING, Awaits.PRACTICE)
    Message.objects.all().delete()
    return made


@pytest.mark.parametrize("who", ["finn", "paz", "tess"])
def test_a_request_is_accepted_once(cast: Cast, asked: Appointment, who: str) -> None:
    for _press in range(2):
        made = desk.accept(cast.user(who), asked, now=NOW)
        assert (made.status, made.awaits) == (Status.CONFIRMED, "")
    assert kinds() == ["appointment-confirmed", "appointment-confirmed-therapist"]
    assert AuditEntry.objects.filter(action="appointment.accepted").count() == 1


def test_a_declined_request_frees_its_time_and_says_no_reason(
    cast: Cast, asked: Appointment
) -> None:
    for _press in range(2):
        desk.decline(cast.finn, asked, now=NOW)
    asked.refresh_from_db()
    assert asked.status == Status.DECLINED
    assert not Allocation.objects.filter(appointment=asked).exists()
    assert kinds() == ["appointment-declined"]
    with pytest.raises(NotPossible):
        desk.accept(cast.finn, asked, now=NOW)


def test_a_request_is_not_accepted_on_hold_after_its_start_or_by_strangers(
    cast: Cast, asked: Appointment
) -> None:
    for who in ("theo", "uma", "ana", "opal"):
        with pytest.raises(Missing):
            desk.accept(cast.user(who), asked, now=NOW)
        with pytest.raises(Missing):
            desk.decline(cast.user(who), asked, now=NOW)
    with pytest.raises(NotPossible):
        desk.accept(cast.finn, asked, now=asked.start)
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_neuro_progressive"])
    with pytest.raises(OnHold):
        desk.accept(cast.finn, asked, now=NOW)


def test_a_request_whose_answers_wore_out_becomes_provisional(
    cast: Cast, asked: Appointment
) -> None:
    CheckIn.objects.update(completed_at=LONG_AGO, started_at=LONG_AGO)
    made = desk.accept(cast.finn, asked, now=NOW)
    assert (made.status, made.awaits) == (Status.PENDING, Awaits.SCREENING)
    assert "appointment-questions" in kinds()


def test_only_a_request_is_accepted(cast: Cast) -> None:
    with pytest.raises(NotPossible):
        desk.accept(cast.finn, booked(cast, NEW), now=NOW)
    assert booking.check_not_blocked(cast.practice.pk, cast.ana) is None
