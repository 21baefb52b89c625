"""One incident: written down, carried on, closed, never changed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, Cast
from tests.incidents import MILD, MODERATE, SERIOUS, an_incident
from tests.records import TAGS
from tests.reviews import attended
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import incidents as actions
from unknot.journey.session.models import AdverseEvent, AdverseEventEntry
from unknot.people import alerts
from unknot.people.models import Alert, AuditEntry, CareRelation, Message


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return attended(cast)


def by(cast: Cast, name: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.user(name))
    return browser


def new(visit: Appointment) -> str:
    return reverse("session:incident-new", args=[visit.key])


def page(event: AdverseEvent) -> str:
    return reverse("session:incident", args=[event.key])


def closing(event: AdverseEvent) -> str:
    return reverse("session:incident-close", args=[event.key])


def told(cast: Cast, **other: str) -> dict[str, str]:
    return {
        "what": f"A red spot {TAGS}",
        "noticed_on": "2026-03-26",
        "noticed_time": "18:30",
        "grade": MODERATE,
        "owner": str(cast.user("paz").pk),
        "done": "Cooled it",
        **other,
    }


def more(cast: Cast, **other: str) -> dict[str, str]:
    owner = str(cast.user("paz").pk)
    return {"text": "Called: better", "grade": MILD, "owner": owner, "seen": "1", **other}


def test_it_is_written_down_with_grade_and_follow_up(cast: Cast, visit: Appointment) -> None:
    answer = by(cast, "tess").post(new(visit), told(cast), follow=True)
    event = AdverseEvent.objects.get()
    assert answer.redirect_chain == [(page(event), 302)]
    text = answer.content.decode()
    assert "&lt;b&gt;knot&lt;/b&gt;" in text
    assert "Moderate" in text
    assert "Paz follows it up" in text
    assert (event.client, event.practice, event.reporter) == (
        cast.ana,
        cast.practice,
        cast.user("tess"),
    )
    assert AuditEntry.objects.filter(action="incident.reported", client=cast.ana).exists()


def test_who_follows_it_up_gets_a_mail_that_says_nothing(cast: Cast, visit: Appointment) -> None:
    by(cast, "tess").post(new(visit), told(cast))
    mail = Message.objects.get(kind="incident-owner")
    assert mail.recipient == "paz@example.org"
    assert "Ana" not in mail.subject + mail.body
    assert "red spot" not in mail.body
    by(cast, "tess").post(new(visit), told(cast, owner=str(cast.user("tess").pk)))
    assert Message.objects.filter(kind="incident-owner").count() == 1, "who writes it knows"


def test_a_serious_one_raises_an_alert_for_who_follows_it_up(
    cast: Cast, visit: Appointment
) -> None:
    by(cast, "tess").post(new(visit), told(cast, grade=SERIOUS))
    alert = Alert.objects.get()
    assert (alert.kind, alert.client, alert.practice) == ("incident", cast.ana, cast.practice)
    assert alert.url == page(AdverseEvent.objects.get())
    assert [one.email for one in alert.told.all()] == ["paz@example.org"]
    assert not Message.objects.filter(kind="incident-owner").exists(), "the alert tells them"


def test_one_that_becomes_serious_raises_it_once(cast: Cast, visit: Appointment) -> None:
    event = an_incident(cast, visit)
    assert not Alert.objects.exists()
    by(cast, "tess").post(page(event), more(cast, grade=SERIOUS))
    assert alerts.take(cast.user("paz"), Alert.objects.get().pk, now=NOW) == page(event)
    by(cast, "tess").post(page(event), more(cast, grade=SERIOUS, seen="2"))
    assert Alert.objects.count() == 1, "what is serious already is no news"


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"what": " "}, "Write what happened."),
        ({"done": ""}, "Write what was done"),
        ({"grade": ""}, "Choose how serious it is."),
        ({"grade": "fatal"}, "Select a valid choice"),
        ({"owner": ""}, "Choose who follows it up."),
        ({"noticed_on": "2026-03-28"}, "has not come yet"),
        ({"noticed_on": "2026-03-01"}, "before the session"),
        ({"noticed_on": "soon"}, "This is not a day"),
        ({"noticed_time": "25:00"}, "like 14:30"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_lost(
    cast: Cast, visit: Appointment, other: dict[str, str], words: str
) -> None:
    answer = by(cast, "tess").post(new(visit), told(cast, **other))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not AdverseEvent.objects.exists()


def test_the_front_desk_and_who_does_not_treat_the_client_cannot_follow_it_up(
    cast: Cast, visit: Appointment
) -> None:
    for name in ("finn", "theo", "uma", "ana"):
        answer = by(cast, "tess").post(new(visit), told(cast, owner=str(cast.user(name).pk)))
        assert answer.status_code == 422
    with pytest.raises(actions.BadInput):
        an_incident(cast, visit, owner=cast.user("finn").pk)
    CareRelation.objects.create(client=cast.ana, therapist_user=cast.user("theo"), since=NOW)
    theo = str(cast.user("theo").pk)
    assert by(cast, "tess").post(new(visit), told(cast, owner=theo)).status_code == 302


def test_only_its_therapist_and_the_manager_see_the_link_of_the_appointment(
    cast: Cast, visit: Appointment
) -> None:
    address = reverse("book:appointment", args=[visit.key])
    shown = {
        name
        for name in ("ana", "tess", "finn", "paz")
        if new(visit) in by(cast, name).get(address).content.decode()
    }
    assert shown == {"tess", "paz"}


def test_what_was_done_is_added_and_says_what_changed(cast: Cast, visit: Appointment) -> None:
    event = an_incident(cast, visit, grade=MODERATE)
    tess = str(cast.user("tess").pk)
    text = by(cast, "paz").post(page(event), more(cast, owner=tess), follow=True).content.decode()
    assert "Called: better" in text
    assert "Grade: Mild." in text
    assert "Tess follows it up" in text
    assert event.entries.count() == 2


def test_who_has_not_seen_the_newest_entry_is_told_and_loses_nothing(
    cast: Cast, visit: Appointment
) -> None:
    event = an_incident(cast, visit)
    by(cast, "paz").post(page(event), more(cast))
    answer = by(cast, "tess").post(page(event), more(cast, text="I called too"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "A newer entry stands above" in text
    assert "I called too" in text
    assert event.entries.count() == 2
    again = by(cast, "tess").post(page(event), more(cast, text="I called too", seen="2"))
    assert again.status_code == 302


def test_it_is_closed_with_who_and_when_and_opened_by_something_new(
    cast: Cast, visit: Appointment
) -> None:
    event = an_incident(cast, visit)
    sent = {"text": "Gone the next day", "seen": "1"}
    text = by(cast, "paz").post(closing(event), sent, follow=True).content.decode()
    assert "Closed 27 March 2026, 09:00 by Paz." in text
    assert 'id="close"' not in text
    with pytest.raises(actions.Conflict, match="closed already"):
        actions.close(cast.user("paz"), event, text="Again", seen=2, now=NOW)
    text = by(cast, "tess").post(page(event), more(cast, seen="2"), follow=True).content.decode()
    assert "Opened it again." in text
    assert "Paz follows it up" in text


def test_closing_needs_words(cast: Cast, visit: Appointment) -> None:
    event = an_incident(cast, visit)
    answer = by(cast, "paz").post(closing(event), {"text": "", "seen": "1"})
    assert answer.status_code == 422
    assert "Write what came of it." in answer.content.decode()
    assert event.entries.count() == 1


def test_a_serious_one_says_whom_else_to_tell(cast: Cast, visit: Appointment) -> None:
    event = an_incident(cast, visit, grade=SERIOUS)
    assert "licensing board where required" in by(cast, "paz").get(page(event)).content.decode()
    mild = an_incident(cast, visit)
    assert "licensing board" not in by(cast, "paz").get(page(mild)).content.decode()


def test_every_reader_is_written_down(cast: Cast, visit: Appointment) -> None:
    event = an_incident(cast, visit)
    by(cast, "paz").get(page(event))
    entry = AuditEntry.objects.get(action="incident.read")
    assert (entry.actor, entry.client) == (cast.user("paz"), cast.ana)
    assert "red spot" not in entry.subject + entry.reason


def test_before_the_day_of_the_session_nothing_can_have_gone_wrong(cast: Cast, now: object) -> None:
    coming = an_appointment(cast, now=NOW - timedelta(days=1))
    with pytest.raises(actions.BadInput):
        an_incident(cast, coming)


@pytest.mark.parametrize("table", ["adverseevent", "adverseevententry"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET id = id"])
def test_no_statement_changes_what_was_written(
    cast: Cast, visit: Appointment, table: str, change: str
) -> None:
    an_incident(cast, visit)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(f"care_session_{table}"))
    assert AdverseEventEntry.objects.count() == 1
