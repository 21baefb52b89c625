"""An alert goes to the next person until somebody takes it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, a_member, at
from unknot.people import alerts
from unknot.people.models import Alert, AlertTold, AuditEntry, Membership, Message, Role
from unknot.web.errors import Missing

URL = reverse("practice:day")
SOON = timedelta(minutes=31)


def raised(cast: Cast, kind: str = "after-session") -> Alert:
    alerts.raise_alert(kind, cast.practice, url=URL, now=NOW, client=cast.ana, first=cast.tess.user)
    return Alert.objects.get(kind=kind)


def mailed() -> list[str]:
    return list(
        Message.objects.filter(kind="alert").order_by("pk").values_list("user__name", flat=True)
    )


def test_the_one_it_concerns_hears_first_and_only_once(cast: Cast) -> None:
    raised(cast)
    raised(cast)
    assert mailed() == ["Tess"]
    assert Alert.objects.count() == 1


def test_the_mail_says_nothing_of_what_it_is_about(cast: Cast) -> None:
    raised(cast)
    mail = Message.objects.get(kind="alert")
    assert mail.subject == "Something waits for you"
    assert "Ana" not in mail.body


def test_nobody_takes_it_so_the_next_person_hears(cast: Cast) -> None:
    raised(cast)
    assert alerts.escalate_due(NOW + timedelta(minutes=29)) == 0
    assert alerts.escalate_due(NOW + SOON) == 1
    assert mailed() == ["Tess", "Paz"]


def test_a_taken_alert_goes_to_nobody_else(cast: Cast) -> None:
    alert = raised(cast)
    assert alerts.take(cast.user("tess"), alert.pk, now=NOW) == URL
    assert alerts.escalate_due(NOW + timedelta(days=2)) == 0
    assert mailed() == ["Tess"]
    assert AuditEntry.objects.filter(action="alert.taken", client=cast.ana).count() == 1


def test_taking_it_twice_changes_nothing(cast: Cast) -> None:
    alert = raised(cast)
    alerts.take(cast.user("tess"), alert.pk, now=NOW)
    alerts.take(cast.user("paz"), alert.pk, now=NOW + SOON)
    alert.refresh_from_db()
    assert alert.taken_by == cast.user("tess")


def test_when_all_have_heard_all_hear_again_a_day_later(cast: Cast) -> None:
    second = a_member("Pia", cast.practice, Role.MANAGER)
    alert = raised(cast)
    moment = NOW
    for _round in range(3):
        moment += SOON
        alerts.escalate_due(moment)
    assert mailed() == ["Tess", "Paz", second.name, "Paz", second.name]
    alert.refresh_from_db()
    assert alert.next_at == moment + alerts.AGAIN


def test_a_practice_of_one_hears_again_the_next_day(cast: Cast) -> None:
    Membership.objects.filter(practice=cast.practice).exclude(user=cast.tess.user).delete()
    alert = raised(cast)
    alerts.escalate_due(NOW + SOON)
    alert.refresh_from_db()
    assert mailed() == ["Tess", "Tess"]
    assert alert.next_at == NOW + SOON + alerts.AGAIN


def test_two_workers_tell_one_person(cast: Cast) -> None:
    raised(cast)
    assert [alerts.escalate_due(NOW + SOON), alerts.escalate_due(NOW + SOON)] == [1, 0]
    assert AlertTold.objects.count() == 2


def test_a_question_at_night_waits_for_the_morning(cast: Cast) -> None:
    night = at(23)
    alerts.raise_alert("question", cast.practice, url=URL, now=night, first=cast.tess.user)
    alert = Alert.objects.get()
    assert alert.next_at == at(11, days=1)
    alerts.escalate_due(at(23, days=1))
    assert Message.objects.get(kind="alert").due_at == at(7, days=2)


def test_what_may_be_danger_does_not_wait_for_the_morning(cast: Cast) -> None:
    night = at(23)
    alerts.raise_alert("after-session", cast.practice, url=URL, now=night, first=cast.tess.user)
    assert Message.objects.get(kind="alert").due_at == night


@pytest.mark.parametrize("name", ["theo", "finn", "uma", "ana"])
def test_whoever_has_not_heard_may_not_take_it(cast: Cast, name: str) -> None:
    alert = raised(cast)
    with pytest.raises(Missing):
        alerts.take(cast.user(name), alert.pk, now=NOW)


def test_an_alert_taken_by_nobody_cannot_be_stored(cast: Cast) -> None:
    alert = raised(cast)
    with pytest.raises(IntegrityError, match="alert_is_taken_by_somebody"), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(taken_at=NOW)


def test_the_page_shows_it_and_one_press_takes_it(cast: Cast, now: object) -> None:
    alert = raised(cast)
    browser = Browser()
    browser.force_login(cast.user("tess"))
    page = browser.get(reverse("practice:alerts")).content.decode()
    assert "An answer after a session has to be looked at" in page
    answer = browser.post(reverse("practice:alert-take", args=[alert.pk]))
    assert answer.headers["Location"] == URL
    assert "Nothing waits for you" in browser.get(reverse("practice:alerts")).content.decode()


def test_the_first_to_hear_of_a_question_gets_one_mail_about_it(cast: Cast) -> None:
    raised(cast, "question")
    assert mailed() == []
    alerts.escalate_due(NOW + timedelta(hours=5))
    assert mailed() == ["Paz"]


def test_a_manager_who_takes_it_comes_to_a_page_that_is_theirs(cast: Cast, now: object) -> None:
    visit = an_appointment(cast)
    url = reverse("prepare:briefing", args=[visit.key])
    alerts.raise_alert("wishes-changed", cast.practice, url=url, now=NOW, first=cast.tess.user)
    browser = Browser()
    browser.force_login(cast.paz)
    answer = browser.post(
        reverse("practice:alert-take", args=[Alert.objects.get().pk]), follow=True
    )
    assert answer.status_code == 200
    assert answer.redirect_chain[0][0] == reverse("practice:desk-visit", args=[visit.key])
