"""Which mails somebody wants, what they may say, when they wait, and what staff may do."""

from datetime import timedelta
from email import message_from_bytes

import pytest
from django.core.mail import get_connection
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, Cast, at
from unknot.people import mail, mails, outbox
from unknot.people.mail_kinds import KINDS, Group
from unknot.people.models import Message, MessageState, StoppedMail
from unknot.web.errors import BadInput, Denied, Missing


def letter(cast: Cast, kind: str = "alert", **given: object) -> Message:
    made = outbox.queue(
        kind,
        cast.user("ana"),
        {"alert": None},
        at=NOW,
        practice=cast.practice,
        **given,  # type: ignore[arg-type]
    )
    assert made is not None
    return made


def reminder(cast: Cast, **given: object) -> Message:
    """A mail that can be stopped, whatever it says."""
    made = letter(cast, **given)
    Message.objects.filter(pk=made.pk).update(kind="appointment-reminder")
    made.refresh_from_db()
    return made


def test_a_stopped_group_is_not_written(cast: Cast) -> None:
    mails.stop(cast.user("ana"), Group.AFTER, now=NOW)
    assert outbox.queue("session-done", cast.user("ana"), {}, at=NOW) is None
    assert not Message.objects.exists()


def test_stopping_a_group_withdraws_what_is_planned_and_leaves_the_rest(cast: Cast) -> None:
    planned, other = reminder(cast), letter(cast)
    mails.stop(cast.user("ana"), Group.REMINDERS, now=NOW)
    planned.refresh_from_db()
    other.refresh_from_db()
    assert (planned.state, other.state) == (MessageState.WITHDRAWN, MessageState.PLANNED)


def test_a_mail_has_text_and_html_that_say_the_same_and_a_way_to_stop_it(cast: Cast) -> None:
    made = mail.compose(
        reminder(cast), get_connection("django.core.mail.backends.locmem.EmailBackend")
    )
    sent = message_from_bytes(made.message().as_bytes())
    assert [part.get_content_type() for part in sent.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["List-Unsubscribe"].strip("\n <>") in made.body
    assert made.message()["Message-ID"] == made.message()["Message-ID"]


def test_user_text_in_a_mail_is_no_markup(cast: Cast) -> None:
    made = reminder(cast)
    made.body = "<script>alert(1)</script> & more"
    composed = mail.compose(made, get_connection("django.core.mail.backends.locmem.EmailBackend"))
    html = str(composed.alternatives[0][0])
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_link_in_a_mail_stops_its_group_in_one_step_without_signing_in(cast: Cast) -> None:
    address = mail.stop_address(reminder(cast))
    assert "reminders" not in Browser().get(address).content.decode().split("<main")[0]
    answer = Browser(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert StoppedMail.objects.get().group == Group.REMINDERS


def test_opening_the_link_stops_nothing(cast: Cast) -> None:
    Browser().get(mail.stop_address(reminder(cast)))
    assert not StoppedMail.objects.exists()


@pytest.mark.parametrize("token", ["1.reminders", "1.reminders:forged", "x"])
def test_a_forged_link_is_not_there(cast: Cast, token: str) -> None:
    assert Browser().post(reverse("people:stop-mail", args=[token])).status_code == 404


def test_discreet_mails_name_no_time_and_nobody(cast: Cast) -> None:
    mails.choose(cast.user("ana"), wanted=[], discreet=True, now=NOW)
    user = cast.user("ana")
    user.refresh_from_db()
    made = outbox.queue("appointment-confirmed", user, {}, at=NOW)
    assert made is not None
    assert made.subject == "There is something new for you"


def test_what_can_wait_waits_for_the_morning_and_a_confirmation_does_not(cast: Cast) -> None:
    night = at(22)
    cast.user("tess")
    waiting = outbox.queue(
        "calendar-clash", cast.user("tess"), {"count": 1}, at=night, practice=cast.practice
    )
    at_once = outbox.queue("alert", cast.user("tess"), {}, at=night, practice=cast.practice)
    assert waiting is not None
    assert at_once is not None
    assert (waiting.due_at, at_once.due_at) == (at(7, days=1), night)


def test_a_reminder_that_comes_too_late_is_not_sent(cast: Cast) -> None:
    late = letter(cast, useless_at=NOW + timedelta(hours=1))
    assert outbox.send_due(NOW + timedelta(hours=2), deliver=lambda message: None) == 0
    late.refresh_from_db()
    assert late.state == MessageState.WITHDRAWN


def test_every_kind_that_can_be_stopped_has_a_group_on_the_account(cast: Cast) -> None:
    shown = {row.id for row in mails.groups_of(cast.user("ana"))}
    assert {kind.group.value for kind in KINDS.values() if kind.group} == shown


@pytest.mark.parametrize(
    ("state", "possible"), [(state, state in mails.SENT_AGAIN) for state in MessageState]
)
def test_only_what_may_not_have_arrived_is_sent_again_by_hand(
    cast: Cast, state: MessageState, possible: bool
) -> None:
    made = letter(cast)
    Message.objects.filter(pk=made.pk).update(state=state, attempts=5)
    if not possible:
        with pytest.raises(mails.MovedOn):
            mails.send_again(cast.finn, made.pk, now=NOW)
        return
    mails.send_again(cast.finn, made.pk, now=NOW)
    sent: list[int] = []
    outbox.send_due(NOW, deliver=lambda message: sent.append(message.pk))
    assert sent == [made.pk]


def test_a_mail_that_came_back_is_noted_by_a_person(cast: Cast) -> None:
    made = letter(cast)
    outbox.send_due(NOW, deliver=lambda message: None)
    mails.note_bounced(cast.paz, made.pk, now=NOW)
    made.refresh_from_db()
    assert made.state == MessageState.BOUNCED


def test_a_therapist_and_another_practice_do_not_touch_the_mails(cast: Cast) -> None:
    made = letter(cast)
    with pytest.raises(Denied):
        mails.send_again(cast.user("tess"), made.pk, now=NOW)
    with pytest.raises(Missing):
        mails.send_again(cast.user("uma"), made.pk, now=NOW)


def test_quiet_hours_no_day_has_are_refused(cast: Cast) -> None:
    with pytest.raises(BadInput):
        mails.set_quiet_hours(cast.paz, cast.practice, quiet_from=1440, quiet_until=0, now=NOW)


def test_the_list_shows_the_state_and_never_the_text(cast: Cast, now: object) -> None:
    made = letter(cast)
    Message.objects.filter(pk=made.pk).update(state=MessageState.UNKNOWN, body="Secret words")
    browser = Browser()
    browser.force_login(cast.paz)
    page = browser.get(reverse("practice:mails"), {"state": "unknown"}).content.decode()
    assert "unknown: it may or may not have arrived" in page
    assert "Secret words" not in page
    assert "Send it again" in page


def test_the_quiet_hours_are_kept_and_a_wrong_time_is_explained(cast: Cast, now: object) -> None:
    browser = Browser()
    browser.force_login(cast.paz)
    address = reverse("practice:quiet-hours")
    wrong = browser.post(address, {"quiet_from": "25:00", "quiet_until": ""})
    assert wrong.status_code == 422
    assert "Write the time like 09:30" in wrong.content.decode()
    browser.post(address, {"quiet_from": "20:30", "quiet_until": "8:00"})
    cast.practice.refresh_from_db()
    assert (cast.practice.quiet_from, cast.practice.quiet_until) == (1230, 480)
