"""Load limits: what is kept, that it holds whoever books, and who may keep it."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, at
from tests.practice.test_day_page import signed_in
from unknot.journey.book.actions import limits
from unknot.journey.book.actions.limits import LimitsDraft
from unknot.journey.book.models import LoadLimit, LoadWeight
from unknot.journey.book.reads import decision
from unknot.journey.book.reads.decision import Wanted
from unknot.people.models import AuditEntry
from unknot.web.errors import BadInput, Denied, Missing

pytestmark = pytest.mark.usefixtures("now")
PAGE = reverse("practice:limits")
PEOPLE = [("finn", 403), ("ana", 404), ("opal", 404)]


def sent(**changed: str) -> dict[str, str]:
    whole = {
        "minutes_per_day": "120",
        "minutes_per_week": "",
        "longest_run_minutes": "",
        "break_minutes": "15",
        "weight-swedish": "100",
        "weight-deep_tissue": "150",
    }
    return whole | changed


def refused(cast: Cast, hour: int, *, deep: bool = False) -> str:
    service = cast.deep_tissue if deep else cast.swedish
    wanted = Wanted(therapist=cast.tess, service=service)
    found = decision.refusal(wanted, at(hour, days=3), now=NOW)
    return found.reason.name if found else ""


def test_limits_are_kept_and_hold(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "tess")
    assert browser.post(PAGE, sent()).headers["Location"] == PAGE
    kept = LoadLimit.objects.get()
    assert (kept.minutes_per_day, kept.minutes_per_week, kept.break_minutes) == (120, None, 15)
    assert list(LoadWeight.objects.values_list("technique", "percent")) == [("deep_tissue", 150)]
    assert AuditEntry.objects.get(action="load-limits.saved").actor == cast.tess.user
    an_appointment(cast)
    assert refused(cast, 14) == ""
    assert refused(cast, 14, deep=True) == "DAY_LIMIT"
    page = browser.get(PAGE).content.decode()
    assert 'value="120"' in page
    assert 'value="150"' in page


def test_a_run_ends_with_a_break(cast: Cast) -> None:
    draft = LimitsDraft(longest_run_minutes=60, break_minutes=30)
    limits.save_limits(cast.user("tess"), cast.tess, draft=draft, now=NOW)
    an_appointment(cast)
    assert refused(cast, 11) == "OVERLAPS"  # the clean-up
    assert refused(cast, 12) == ""
    limits.save_limits(
        cast.user("tess"),
        cast.tess,
        draft=LimitsDraft(longest_run_minutes=60, break_minutes=90),
        now=NOW,
    )
    assert refused(cast, 12) == "NO_BREAK"


def test_a_service_that_no_limit_leaves_room_for_is_named(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "tess")
    browser.post(PAGE, sent(minutes_per_day="60"))
    page = browser.get(PAGE).content.decode()
    assert "These cannot be booked" in page
    assert "Deep tissue massage, 60 minutes" in page
    assert "Swedish massage, 60 minutes" not in page


def test_a_manager_keeps_them_for_a_colleague(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    assert "Whose limits" in browser.get(PAGE).content.decode()
    assert browser.post(PAGE, sent()).status_code == 404
    theirs = f"{PAGE}?therapist=theo"
    assert browser.post(theirs, sent()).headers["Location"] == theirs
    assert LoadLimit.objects.get().resource.user == cast.theo.user


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"minutes_per_day": "121"}, "in steps of 5"),
        ({"minutes_per_day": "0"}, "Write at least 5 minutes."),
        ({"minutes_per_week": "10085"}, "Write at most 10080 minutes."),
        ({"longest_run_minutes": "a"}, "Write a whole number of minutes."),
        ({"break_minutes": "245"}, "Write at most 240 minutes."),
        ({"break_minutes": ""}, "Fill this in."),
        ({"weight-swedish": "9"}, "Write at least 10."),
        ({"weight-swedish": "501"}, "Write at most 500."),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence(
    client: Browser, cast: Cast, changed: dict[str, str], sentence: str
) -> None:
    answer = signed_in(client, cast, "tess").post(PAGE, sent(**changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not LoadLimit.objects.exists()


@pytest.mark.parametrize(
    "draft",
    [
        LimitsDraft(minutes_per_day=0),
        LimitsDraft(minutes_per_week=7),
        LimitsDraft(longest_run_minutes=1445),
        LimitsDraft(break_minutes=-5),
        LimitsDraft(weights={"swedish": 9}),
        LimitsDraft(weights={"thai": 120}),
    ],
)
def test_the_action_refuses_what_a_form_would_have_refused(cast: Cast, draft: LimitsDraft) -> None:
    with pytest.raises(BadInput):
        limits.save_limits(cast.user("tess"), cast.tess, draft=draft, now=NOW)
    assert not LoadLimit.objects.exists()


@pytest.mark.parametrize(("name", "status"), PEOPLE)
def test_nobody_else_opens_it(client: Browser, cast: Cast, name: str, status: int) -> None:
    browser = signed_in(client, cast, name)
    assert browser.get(PAGE).status_code == status
    assert browser.post(PAGE, sent()).status_code == status
    assert not LoadLimit.objects.exists()


def test_a_colleague_does_not_keep_them(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "theo")
    assert browser.post(f"{PAGE}?therapist=tess", sent()).status_code == 403
    assert signed_in(client, cast, "uma").get(f"{PAGE}?therapist=tess").status_code == 404
    with pytest.raises(Denied):
        limits.save_limits(cast.user("theo"), cast.tess, draft=LimitsDraft(), now=NOW)
    with pytest.raises(Missing):
        limits.save_limits(cast.user("uma"), cast.tess, draft=LimitsDraft(), now=NOW)


def test_the_number_of_queries(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(client, cast, "tess")
    browser.post(PAGE, sent())
    with django_assert_num_queries(11):
        browser.get(PAGE)
