"""The planned mails of an appointment follow it."""

from datetime import timedelta

from tests.appointments import MONDAY_TEN, an_appointment
from tests.cast import NOW, Cast, at
from tests.records import a_signed_record, a_visit
from unknot.journey.book.actions import arrange, attendance, letters
from unknot.people.models import Message, MessageState

DAY = timedelta(days=1)


def planned() -> list[tuple[str, object]]:
    found = Message.objects.filter(state=MessageState.PLANNED).exclude(about="")
    return list(found.order_by("due_at", "pk").values_list("kind", "due_at"))


def test_a_reminder_and_the_preparation_are_planned_in_time(cast: Cast) -> None:
    an_appointment(cast)
    assert planned() == [
        ("appointment-reminder", MONDAY_TEN - 2 * DAY),
        ("appointment-preparation", MONDAY_TEN - DAY),
    ]


def test_a_mail_due_at_night_waits_for_the_morning(cast: Cast) -> None:
    cast.practice.quiet_until = 11 * 60
    cast.practice.save(update_fields=["quiet_until"])
    an_appointment(cast)
    assert [due for _kind, due in planned()] == [at(11, days=1), at(11, days=2)]


def test_a_moved_appointment_is_announced_for_its_new_time_alone(cast: Cast) -> None:
    visit = an_appointment(cast)
    arrange.move(cast.user("tess"), visit, MONDAY_TEN + DAY, now=NOW)
    assert [due for _kind, due in planned()] == [MONDAY_TEN - DAY, MONDAY_TEN]


def test_a_cancelled_appointment_is_not_announced(cast: Cast) -> None:
    visit = an_appointment(cast)
    arrange.cancel(cast.user("ana"), visit, now=NOW)
    assert planned() == []
    assert Message.objects.filter(state=MessageState.WITHDRAWN).count() == 2


def test_nothing_is_announced_to_whoever_did_not_come(cast: Cast) -> None:
    visit = an_appointment(cast, start=at(12), now=NOW - 5 * DAY)
    attendance.mark_no_show(visit, actor=cast.finn, now=visit.start)
    assert planned() == []


def test_signing_plans_the_questions_and_the_next_week(cast: Cast) -> None:
    visit = a_visit(cast)
    a_signed_record(cast, visit)
    assert [kind for kind, _due in planned()] == ["check-24", "check-72", "weekly"]
    assert planned()[0][1] == visit.end + DAY


def test_a_week_is_planned_once(cast: Cast) -> None:
    for days in range(3):
        letters.plan_weekly(cast.ana, now=NOW + days * DAY)
    assert planned() == [("weekly", NOW + 9 * DAY)]


def test_nobody_without_an_account_is_written_to(cast: Cast) -> None:
    cast.ana.user = None
    letters.plan_weekly(cast.ana, now=NOW)
    assert planned() == []
