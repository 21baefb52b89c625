"""A questionnaire that got worse is told the same day, to whom the client lets know."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, Cast
from tests.norms import others
from unknot.journey.follow.actions import check_ins as actions
from unknot.journey.follow.reads import questionnaires, routines
from unknot.people import alerts
from unknot.people.actions import agree
from unknot.people.models import Alert, AuditEntry, CareRelation, Message, Purpose


def weekly(cast: Cast, weeks_ago: int, score: int) -> None:
    points = {"peg": dict.fromkeys(("peg_p", "peg_e", "peg_g"), score)}
    then = NOW - timedelta(weeks=weeks_ago)
    actions.save_weekly(cast.user("ana"), cast.ana, points=points, now=then)


def share(cast: Cast, *purposes: Purpose) -> None:
    for purpose in purposes:
        agree(cast.user("ana"), cast.ana, purpose, now=NOW - timedelta(weeks=8))


@pytest.fixture
def known(cast: Cast) -> Cast:
    """Twenty others, and Ana shares her body answers and began well."""
    others(cast.practice, [2.0, 6.0] * 10)
    share(cast, Purpose.CARE, Purpose.SHARE_BODY)
    weekly(cast, 3, 1)
    return cast


def test_her_therapist_hears_of_it_the_same_day(known: Cast) -> None:
    weekly(known, 0, 9)
    alert = Alert.objects.get(kind="worse")
    assert [one.pk for one in alert.told.all()] == [known.user("tess").pk]
    assert alert.url == reverse("follow:client-progress", args=[known.ana.key])
    assert AuditEntry.objects.filter(action="worsening.told", client=known.ana).count() == 1
    mail = Message.objects.get(kind="alert")
    assert "worse" not in f"{mail.subject} {mail.body}".lower()


@pytest.mark.parametrize("score", [0, 1, 4])
def test_what_may_be_chance_is_told_to_nobody(known: Cast, score: int) -> None:
    weekly(known, 0, score)
    assert not Alert.objects.exists()


def test_what_got_worse_earlier_is_told_once(known: Cast) -> None:
    weekly(known, 1, 9)
    assert questionnaires.worse_today(known.ana, now=NOW) is None
    assert Alert.objects.filter(kind="worse").count() == 1
    weekly(known, 0, 9)
    assert Alert.objects.filter(kind="worse").count() == 1  # the same page, still open


def test_nobody_is_told_what_is_not_shared(cast: Cast) -> None:
    others(cast.practice, [2.0, 6.0] * 10)
    share(cast, Purpose.CARE)
    weekly(cast, 3, 1)
    weekly(cast, 0, 9)
    assert questionnaires.worse_today(cast.ana, now=NOW) is not None
    assert not Alert.objects.exists()


def test_without_a_therapist_a_manager_hears(known: Cast) -> None:
    CareRelation.objects.filter(client=known.ana).update(until=NOW - timedelta(days=1))
    weekly(known, 0, 9)
    assert [one.pk for one in Alert.objects.get(kind="worse").told.all()] == [known.paz.pk]


def test_a_manager_who_takes_it_is_led_to_a_page_of_theirs(
    client: Browser, known: Cast, now: object
) -> None:
    weekly(known, 0, 9)
    alert = Alert.objects.get(kind="worse")
    for name, page in (("paz", reverse("practice:alerts")), ("tess", alert.url)):
        client.force_login(known.user(name))
        assert client.post(reverse("practice:alert-take", args=[alert.pk])).url == page


def test_the_routine_stops_for_it(known: Cast) -> None:
    weekly(known, 0, 9)
    judged = routines.judged(known.ana, now=NOW, with_mind=True)
    found = routines.known(known.ana, None, None, judged, now=NOW)
    assert [one.change for one in found.questionnaires] == ["worse"]


def test_each_alert_has_its_words() -> None:
    assert "worse" not in str(alerts.KINDS["worse"].words).lower()
