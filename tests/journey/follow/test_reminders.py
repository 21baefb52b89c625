"""Reminders come at the chosen hour, in neither word about health, and stop by themselves."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from tests.appointments import an_appointment
from tests.cast import NOW, TODAY, Cast, at
from unknot.journey.book.actions import letters
from unknot.journey.book.models import Appointment, Status
from unknot.journey.follow.actions import check_ins, reminders
from unknot.journey.follow.models import Reminder, ReminderKind, Reminding
from unknot.journey.follow.reads import reminders as reads
from unknot.people import mails
from unknot.people.actions import agree, withdraw_consent
from unknot.people.mail_kinds import Group
from unknot.people.models import Message, MessageState, Purpose
from unknot.web.errors import BadInput

EVENING = at(19)
#: Words no mail and no push may hold.
HEALTH = ("pain", "sleep", "stress", "mood", "hurt", "ache", "health", "neck", "back pain", "ill")
EVERY_DAY = range(7)


@pytest.fixture
def willing(cast: Cast) -> Cast:
    """Ana agreed to care and chose seven in the evening, every day, by mail."""
    agree(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    chosen(cast)
    return cast


def chosen(cast: Cast, *, hour: int = 19, now: datetime = NOW) -> None:
    reminders.choose(cast.user("ana"), cast.ana, hour=hour, weekdays=EVERY_DAY, way="mail", now=now)


def answer(cast: Cast, now: datetime) -> None:
    check_ins.save_daily(cast.user("ana"), cast.ana, pain=3, stress=None, sleep=None, now=now)


def sent(kind: str = "daily-reminder") -> list[Message]:
    planned = Message.objects.filter(kind=kind).exclude(state=MessageState.WITHDRAWN)
    return list(planned.order_by("created_at"))


def test_nothing_is_sent_to_who_never_chose(cast: Cast) -> None:
    agree(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    assert reads.choice(cast.ana) == reads.Choice()
    assert reminders.plan_due(EVENING) == 0
    assert not Message.objects.exists()


def test_it_comes_at_the_hour_once_a_day(willing: Cast) -> None:
    assert reminders.plan_due(EVENING - timedelta(minutes=1)) == 0
    assert reminders.plan_due(EVENING) == 1
    assert reminders.plan_due(EVENING + timedelta(minutes=1)) == 0
    (mail,) = sent()
    assert mail.due_at == EVENING
    assert mail.subject == "Your twenty seconds for today"
    following = Reminding.objects.get().next_at
    assert following == at(19, days=1)


def test_an_hour_keeps_to_the_wall_over_a_clock_change(willing: Cast) -> None:
    times = []
    for day in range(4):  # the clocks change on the night to the third
        reminders.plan_due(at(19, days=day))
        times.append(sent()[-1].due_at)
    assert [later - earlier for earlier, later in pairwise(times)] == [
        timedelta(hours=24),
        timedelta(hours=23),
        timedelta(hours=24),
    ]


def test_an_answered_day_is_left_alone(willing: Cast) -> None:
    answer(willing, EVENING - timedelta(hours=3))
    assert reminders.plan_due(EVENING) == 0
    assert sent() == []
    assert reminders.plan_due(at(19, days=1)) == 1


def test_a_planned_mail_is_taken_back_by_the_answer(willing: Cast) -> None:
    reminders.plan_due(EVENING)
    answer(willing, EVENING + timedelta(seconds=2))
    assert Message.objects.get().state == MessageState.WITHDRAWN


def test_a_worker_that_slept_too_long_sends_nothing(willing: Cast) -> None:
    assert reminders.plan_due(EVENING + timedelta(hours=2)) == 0
    assert Reminding.objects.get().next_at == at(19, days=1)
    assert sent() == []


def test_only_chosen_days(willing: Cast) -> None:
    reminders.choose(
        willing.user("ana"), willing.ana, hour=19, weekdays=[0, 2], way="mail", now=NOW
    )
    for day in range(7):
        reminders.plan_due(at(19, days=day))
    assert [mail.due_at.astimezone(willing.practice.tz).weekday() for mail in sent()] == [0, 2]


def test_it_stops_after_five_and_says_so_once(willing: Cast) -> None:
    for day in range(12):
        reminders.plan_due(at(19, days=day))
    assert len(sent()) == 5
    (last,) = sent("daily-last")
    assert last.due_at == at(19, days=5)
    assert "/daily/reminders/" in last.body
    choice = reads.choice(willing.ana)
    assert choice.stopped
    assert not choice.wanted
    chosen(willing, now=at(10, days=12))
    reminders.plan_due(at(19, days=12))
    assert len(sent()) == 6, "who begins again has five more"


def test_an_answer_begins_the_count_anew(willing: Cast) -> None:
    for day in range(12):
        reminders.plan_due(at(19, days=day))
        if day in (3, 8):
            answer(willing, at(20, days=day))
    assert Reminder.objects.filter(kind=ReminderKind.DAILY).count() == 12
    assert sent("daily-last") == []


def test_quiet_hours_are_kept(willing: Cast) -> None:
    chosen(willing, hour=22)
    for day in range(3):
        for hour in range(24):
            reminders.plan_due(at(hour, days=day))
    assert {mail.due_at.astimezone(willing.practice.tz).hour for mail in sent()} == {7}


def test_changing_the_hour_never_reminds_twice_a_day(willing: Cast) -> None:
    chosen(willing, hour=12)
    assert reminders.plan_due(at(12)) == 1
    chosen(willing, hour=19, now=at(13))
    assert reminders.plan_due(EVENING) == 0
    assert reminders.plan_due(at(19, days=1)) == 1


def test_the_link_in_a_mail_stops_all_of_them(willing: Cast) -> None:
    mails.stop(willing.user("ana"), Group.DAILY, now=NOW)
    visit = an_appointment(willing)
    assert reminders.plan_due(EVENING) == 0
    assert reminders.plan_due(visit.start - timedelta(minutes=80)) == 0
    assert not reads.choice(willing.ana).wanted
    chosen(willing)
    assert reads.choice(willing.ana).wanted


def test_no_care_no_reminder(willing: Cast) -> None:
    withdraw_consent(willing.user("ana"), willing.ana, Purpose.CARE, now=NOW)
    assert reminders.plan_due(EVENING) == 0


def test_saying_no_takes_back_what_is_planned(willing: Cast) -> None:
    reminders.plan_due(EVENING)
    reminders.decline(willing.user("ana"), willing.ana, now=EVENING)
    assert Message.objects.get().state == MessageState.WITHDRAWN
    assert reminders.plan_due(at(19, days=1)) == 0
    assert reads.choice(willing.ana).asked


def test_saying_no_at_once_is_remembered(cast: Cast) -> None:
    answer(cast, NOW)
    assert reads.is_offered(cast.ana, answered=True)
    reminders.decline(cast.user("ana"), cast.ana, now=NOW)
    assert not reads.is_offered(cast.ana, answered=True)
    assert not reads.is_offered(cast.ben, answered=False)


@pytest.mark.parametrize(("minutes", "comes"), [(91, 0), (90, 1), (61, 1), (31, 1), (30, 0)])
def test_at_the_door_it_comes_an_hour_ahead(willing: Cast, minutes: int, comes: int) -> None:
    visit = an_appointment(willing)
    now = visit.start - timedelta(minutes=minutes)
    assert reminders.plan_due(now) == comes
    assert reminders.plan_due(now) == 0
    assert len(sent("door-reminder")) == comes


def test_at_the_door_only_for_who_chose_reminders(cast: Cast) -> None:
    agree(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    visit = an_appointment(cast)
    assert reminders.plan_due(visit.start - timedelta(minutes=75)) == 0


def test_a_session_that_moved_is_announced_for_its_new_time_alone(willing: Cast) -> None:
    visit = an_appointment(willing)
    reminders.plan_due(visit.start - timedelta(minutes=80))
    letters.withdraw(visit, now=NOW)  # what booking does with every mail of a moved session
    Appointment.objects.filter(pk=visit.pk).update(
        start=visit.start + timedelta(hours=3), end=visit.end + timedelta(hours=3)
    )
    visit.refresh_from_db()
    assert reminders.plan_due(visit.start - timedelta(minutes=80)) == 1
    (mail,) = sent("door-reminder")
    assert "13:00" in mail.body


def test_a_cancelled_session_asks_nothing(willing: Cast) -> None:
    visit = an_appointment(willing)
    Appointment.objects.filter(pk=visit.pk).update(status=Status.CANCELLED)
    assert reminders.plan_due(visit.start - timedelta(minutes=80)) == 0


def test_no_word_about_health_in_any_of_them(willing: Cast) -> None:
    visit = an_appointment(willing)
    for day in range(6):
        reminders.plan_due(at(19, days=day))
        if day == 2:
            reminders.plan_due(visit.start - timedelta(minutes=80))
    mails_sent = [*sent(), *sent("daily-last"), *sent("door-reminder")]
    assert len(mails_sent) == 7
    for mail in mails_sent:
        said = f"{mail.subject} {mail.body}".lower().split()
        assert not [word for word in HEALTH if word in said]
        assert "ana" not in said


@pytest.mark.parametrize(
    "wrong", [{"hour": 24}, {"weekdays": []}, {"weekdays": [7]}, {"way": "pigeon"}, {"way": "push"}]
)
def test_what_no_week_has_is_refused(cast: Cast, wrong: dict[str, object]) -> None:
    given = {"hour": 19, "weekdays": [0], "way": "mail"} | wrong
    with pytest.raises(BadInput):
        reminders.choose(cast.user("ana"), cast.ana, now=NOW, **given)
    assert not Reminding.objects.exists()


def test_each_is_written_down_with_its_day(willing: Cast) -> None:
    reminders.plan_due(EVENING)
    found = Reminder.objects.get()
    assert (found.kind, found.day, found.way) == (ReminderKind.DAILY, TODAY, "mail")
