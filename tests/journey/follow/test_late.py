"""Answers that waited on a device arrive once, on their own day, and never over a newer one."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, TODAY, Cast
from unknot.journey.follow.actions import check_ins
from unknot.journey.follow.actions.late import keep_late
from unknot.journey.follow.models import ArrivedAnswer, DailyCheckIn
from unknot.people.models import AuditEntry
from unknot.web.errors import BadInput

DAY = timedelta(days=1)


def keep(cast: Cast, *, pain: int = 4, waited: timedelta = DAY, key: UUID | None = None) -> None:
    keep_late(
        cast.user("ana"),
        cast.ana,
        key=key or uuid4(),
        waited=waited,
        said={"pain": pain},
        now=NOW,
    )


def test_it_belongs_to_the_day_it_was_given(cast: Cast) -> None:
    keep(cast, waited=2 * DAY)
    found = DailyCheckIn.objects.get()
    assert (found.day, found.answered_at, found.pain) == (TODAY - 2 * DAY, NOW - 2 * DAY, 4)


def test_just_before_midnight_is_still_yesterday(cast: Cast) -> None:
    keep(cast, waited=timedelta(hours=9, minutes=1))  # it is nine in the morning in Berlin
    assert DailyCheckIn.objects.get().day == TODAY - DAY


def test_sent_twice_it_stands_once(cast: Cast) -> None:
    key = uuid4()
    keep(cast, key=key)
    keep(cast, key=key, pain=9, waited=DAY + timedelta(minutes=1))
    assert DailyCheckIn.objects.get().pain == 4
    assert ArrivedAnswer.objects.count() == 1
    assert AuditEntry.objects.filter(action="daily.saved").count() == 1


def test_it_never_replaces_what_was_answered_later(cast: Cast) -> None:
    check_ins.save_daily(
        cast.user("ana"), cast.ana, pain=1, stress=None, sleep=None, now=NOW - timedelta(hours=1)
    )
    keep(cast, pain=8, waited=timedelta(hours=2))
    assert DailyCheckIn.objects.get().pain == 1
    keep(cast, pain=6, waited=timedelta(minutes=30))
    assert DailyCheckIn.objects.get().pain == 6


@pytest.mark.parametrize("waited", [timedelta(days=15), -timedelta(hours=1)])
def test_a_time_that_cannot_be_right_is_refused(cast: Cast, waited: timedelta) -> None:
    with pytest.raises(BadInput, match="day is not known"):
        keep(cast, waited=waited)
    assert not DailyCheckIn.objects.exists()
    assert not ArrivedAnswer.objects.exists()


def sent(cast: Cast, **more: object) -> dict[str, object]:
    key = str(uuid4())
    return {"pain": "4", "draft": key, "age": "7200", "account": cast.user("ana").pk, **more}


def test_a_device_sends_and_is_told(client: Browser, cast: Cast, now: object) -> None:
    client.force_login(cast.user("ana"))
    answer = client.post(reverse("follow:kept"), sent(cast))
    assert answer.json() == {"saved": True}
    assert DailyCheckIn.objects.get().answered_at == NOW - timedelta(hours=2)


@pytest.mark.parametrize(
    "wrong",
    [{"pain": "11"}, {"pain": ""}, {"draft": "x"}, {"age": "soon"}, {"age": str(10**12)}],
)
def test_nothing_wrong_is_kept(
    client: Browser, cast: Cast, now: object, wrong: dict[str, str]
) -> None:
    client.force_login(cast.user("ana"))
    answer = client.post(reverse("follow:kept"), sent(cast, **wrong))
    assert answer.status_code == 422
    assert answer.json()["why"]
    assert not DailyCheckIn.objects.exists()


def test_too_late_says_why(client: Browser, cast: Cast, now: object) -> None:
    client.force_login(cast.user("ana"))
    answer = client.post(reverse("follow:kept"), sent(cast, age=str(15 * 86400)))
    assert answer.status_code == 422
    assert "two weeks" in answer.json()["why"]


def test_answers_of_one_person_are_never_kept_as_another_s(
    client: Browser, cast: Cast, now: object
) -> None:
    client.force_login(cast.user("ben"))
    assert client.post(reverse("follow:kept"), sent(cast)).status_code == 403
    assert not DailyCheckIn.objects.exists()


def test_the_shell_holds_nothing_of_anybody(client: Browser, cast: Cast, now: object) -> None:
    check_ins.save_daily(cast.user("ana"), cast.ana, pain=7, stress=None, sleep=None, now=NOW)
    client.force_login(cast.user("ana"))
    own = client.get(reverse("follow:daily")).content.decode()
    assert "checked" in own, "the control: one's own page shows what was answered"
    shell = client.get(reverse("follow:offline")).content.decode()
    assert "checked" not in shell
    assert "data-account" not in shell
    assert "ana@" not in shell
    assert "csrfmiddlewaretoken" not in Browser().get(reverse("follow:offline")).content.decode()


def test_the_worker_names_its_shell_and_is_asked_for_anew(client: Browser) -> None:
    answer = client.get(reverse("follow:worker"))
    script = answer.content.decode()
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert 'const SHELL = "/daily/offline/"' in script
    assert "/static/web/tokens.css" in script
    assert "/static/follow/daily.js" in script
