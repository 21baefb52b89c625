"""The rules of booking: kept whole, held at the next booking, with rows as far as they reach."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, TODAY, Cast, at
from tests.practice.test_day_page import signed_in
from tests.practice.test_resources_page import a_room, differences
from unknot.journey.book.actions import days, policies
from unknot.journey.book.models import AvailDay
from unknot.journey.book.reads import decision
from unknot.journey.book.reads.decision import Wanted
from unknot.people.models import AuditEntry
from unknot.web.errors import BadInput, Denied, Missing

pytestmark = pytest.mark.usefixtures("now")
PAGE = reverse("practice:policies")
PEOPLE = [("tess", 403), ("finn", 403), ("uma", 403), ("ana", 404), ("opal", 404)]


def sent(**changed: str | None) -> dict[str, str]:
    whole: dict[str, str | None] = {
        "step_minutes": "30",
        "notice_minutes": "240",
        "horizon_days": "90",
        "cleanup_past_closing": "on",
        "unreadable_calendar": "warn",
        "first_visit_by_request": "on",
        "cancel_window_hours": "48",
        "late_fee_percent": "50",
        **changed,
    }
    return {name: value for name, value in whole.items() if value is not None}


def test_every_rule_is_kept(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    assert browser.post(PAGE, sent()).headers["Location"] == PAGE
    cast.practice.refresh_from_db()
    assert policies.policies_of(cast.practice) == policies.PoliciesDraft(
        step_minutes=30,
        notice_minutes=240,
        horizon_days=90,
        cleanup_past_closing=True,
        unreadable_calendar="warn",
        first_visit_by_request=True,
        cancel_window_hours=48,
        late_fee_percent=50,
    )
    assert AuditEntry.objects.get(action="policies.saved").actor == cast.paz
    browser.post(PAGE, sent())
    assert AuditEntry.objects.filter(action="policies.saved").count() == 1
    page = browser.get(PAGE).content.decode()
    assert 'value="240"' in page
    cast.other_practice.refresh_from_db()
    assert cast.other_practice.step_minutes == 15


def test_a_longer_horizon_has_its_days_at_once(client: Browser, cast: Cast) -> None:
    room = a_room(cast)
    days.extend(cast.tess, today=TODAY)
    signed_in(client, cast, "paz").post(PAGE, sent(horizon_days="90"))
    rows = AvailDay.objects.filter(practice=cast.practice)
    for resource in (room.pk, *rows.values_list("resource", flat=True).distinct()):
        assert rows.filter(resource=resource).count() == 92
    assert not AvailDay.objects.filter(practice=cast.other_practice).exists()
    assert differences() == []


def test_a_shorter_horizon_and_a_new_step_change_no_row(client: Browser, cast: Cast) -> None:
    days.extend(cast.tess, today=TODAY)
    before = list(AvailDay.objects.order_by("day").values_list("day", "free"))
    signed_in(client, cast, "paz").post(PAGE, sent(horizon_days="10", step_minutes="20"))
    assert list(AvailDay.objects.order_by("day").values_list("day", "free")) == before
    assert differences() == []
    wanted = Wanted(therapist=cast.tess, service=cast.swedish)
    wanted.practice.refresh_from_db()
    refused = decision.refusal(wanted, at(10, 30, days=3), now=NOW)
    assert refused is not None
    assert refused.reason.name == "OFF_GRID"
    assert decision.refusal(wanted, at(10, 20, days=3), now=NOW) is None
    refused = decision.refusal(wanted, at(10, days=11), now=NOW)
    assert refused is not None
    assert refused.reason.name == "BEYOND_HORIZON"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"step_minutes": "7"}, "Choose a step from the list."),
        ({"notice_minutes": "-5"}, "Write at least 0 minutes."),
        ({"notice_minutes": "62"}, "in steps of 5"),
        ({"horizon_days": "0"}, "Write at least 1."),
        ({"horizon_days": "366"}, "Write at most 365."),
        ({"unreadable_calendar": "guess"}, "Choose an answer."),
        ({"cancel_window_hours": "337"}, "Write at most 336."),
        ({"late_fee_percent": "101"}, "Write at most 100."),
        ({"late_fee_percent": None}, "Fill this in."),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence(
    client: Browser, cast: Cast, changed: dict[str, str | None], sentence: str
) -> None:
    answer = signed_in(client, cast, "paz").post(PAGE, sent(**changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    cast.practice.refresh_from_db()
    assert cast.practice.step_minutes == 15


@pytest.mark.parametrize(
    "changed",
    [
        {"step_minutes": 7},
        {"notice_minutes": 3},
        {"horizon_days": 0},
        {"unreadable_calendar": "guess"},
        {"cancel_window_hours": 337},
        {"late_fee_percent": 101},
    ],
)
def test_the_action_refuses_what_a_form_would_have_refused(
    cast: Cast, changed: dict[str, int]
) -> None:
    kept = policies.policies_of(cast.practice)
    values = {name: getattr(kept, name) for name in policies.PoliciesDraft.__slots__}
    draft = policies.PoliciesDraft(**(values | changed))
    with pytest.raises(BadInput):
        policies.save_policies(cast.paz, cast.practice, draft=draft, now=NOW)
    cast.practice.refresh_from_db()
    assert policies.policies_of(cast.practice) == kept


@pytest.mark.parametrize(("name", "status"), PEOPLE)
def test_nobody_else_opens_it(client: Browser, cast: Cast, name: str, status: int) -> None:
    browser = signed_in(client, cast, name)
    assert browser.get(PAGE).status_code == status
    assert browser.post(PAGE, sent()).status_code == status


def test_the_action_asks_for_the_role_itself(cast: Cast) -> None:
    draft = policies.policies_of(cast.practice)
    for actor, error in ((cast.finn, Denied), (cast.user("tess"), Denied), (cast.opal, Missing)):
        with pytest.raises(error):
            policies.save_policies(actor, cast.practice, draft=draft, now=NOW)


def test_the_number_of_queries(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(client, cast, "paz")
    with django_assert_num_queries(7):
        browser.get(PAGE)
