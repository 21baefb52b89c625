"""The routine: what next, a plan and its cost, the way into a series, nothing after recovery."""

from datetime import date, datetime, timedelta

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, TODAY, Cast, at
from tests.checkins import a_completed_checkin
from tests.reviews import attended
from unknot.interfaces.checkins.daily_csv import DayRow
from unknot.journey.follow.actions import check_ins
from unknot.journey.follow.actions import routines as actions
from unknot.journey.follow.actions.routines import Wanted
from unknot.journey.follow.models import Routine
from unknot.journey.follow.reads import routines as reads
from unknot.people.actions import agree, withdraw_consent
from unknot.people.models import AuditEntry, Purpose
from unknot.web.errors import BadInput

PAGE, EDIT, STATE = (reverse(f"follow:routine{end}") for end in ("", "-edit", "-state"))
WANTED = Wanted(every_weeks=2, kinds=("swedish-60",), budget_minor=20000, starts_on=TODAY)
SENT = {
    "every_weeks": "2",
    "kinds": ["swedish-60"],
    "budget": "200",
    "starts_on_day": "27",
    "starts_on_month": "3",
    "starts_on_year": "2026",
}


@pytest.fixture
def ana(client: Browser, cast: Cast, now: datetime) -> Browser:
    client.force_login(cast.user("ana"))
    return client


@pytest.fixture
def tess(cast: Cast, now: datetime) -> Browser:
    browser = Browser()
    browser.force_login(cast.user("tess"))
    return browser


def shown(browser: Browser, address: str = PAGE) -> str:
    return " ".join(browser.get(address).content.decode().split())


def days_of(cast: Cast, *, then: float, now: float) -> None:
    """Ten weeks ago two weeks of pain, and the last two weeks."""
    rows = [
        DayRow(line=n, day=TODAY - timedelta(days=back), pain=pain, stress=3, sleep=6)
        for n, (back, pain) in enumerate(
            [(back, then) for back in range(57, 71)] + [(back, now) for back in range(14)]
        )
    ]
    check_ins.import_days(cast.ana, rows, file_name="days.csv", actor=None, now=NOW)


def a_routine(cast: Cast, wanted: Wanted = WANTED) -> Routine:
    return actions.save_routine(cast.user("ana"), cast.ana, wanted, now=NOW)


def test_the_first_plan_is_an_hour_a_week_and_its_interval_is_not_measured(ana: Browser) -> None:
    page = shown(ana)
    assert "One hour a week for four weeks, then decide." in page
    assert "How long relief lasts cannot be known for one person" in page
    assert "No plan yet" in page


def test_a_plan_is_filled_in_from_the_last_session_and_kept(ana: Browser, cast: Cast) -> None:
    attended(cast)
    form = ana.get(EDIT).context["form"]
    assert form["kinds"].value() == ["swedish-60"]
    assert form["every_weeks"].value() == 1
    assert ana.post(EDIT, SENT).status_code == 302
    kept = Routine.objects.get()
    assert (kept.every_weeks, kept.sessions, kept.budget_minor) == (2, ["swedish-60"], 20000)
    assert (kept.state, kept.made_by) == ("active", cast.user("ana"))
    assert "Every 2 weeks" in shown(ana)


def test_who_has_told_us_of_a_chronic_low_back_reads_what_the_trial_gave(
    ana: Browser, cast: Cast
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, marks={"lumbar_l": 6})
    page = shown(ana, EDIT)
    assert "about ten one-hour sessions" in page


@pytest.mark.parametrize(
    ("every", "budget", "sentence"),
    [
        (2, 20000, "Every 2 weeks is about 151.67 EUR a month, within the budget of 200.00 EUR."),
        (
            1,
            20000,
            "Every week is about 303.34 EUR a month, more than the budget of 200.00 EUR; every 2"
            " weeks would fit.",
        ),
        (
            1,
            1000,
            "Every week is about 303.34 EUR a month, more than the budget of 10.00 EUR, and so is"
            " every 8 weeks.",
        ),
    ],
)
def test_a_budget_is_compared_in_one_sentence(
    ana: Browser, cast: Cast, every: int, budget: int, sentence: str
) -> None:
    a_routine(
        cast, Wanted(every_weeks=every, kinds=("swedish-60",), budget_minor=budget, starts_on=TODAY)
    )
    assert sentence in shown(ana)


def test_one_press_leads_to_the_series_in_this_rhythm(ana: Browser, cast: Cast) -> None:
    visit = an_appointment(cast)
    a_routine(cast)
    address = reverse("book:series-new", args=[visit.key]) + "?every=2&count=4"
    assert address.replace("&", "&amp;") in shown(ana)
    assert "Book these times" in shown(ana, address)


def test_without_an_appointment_the_first_time_is_with_whom_one_knows(
    ana: Browser, cast: Cast
) -> None:
    attended(cast)
    a_routine(cast)
    assert reverse("book:slots", args=["tess", cast.swedish.pk]) in shown(ana)


@pytest.mark.parametrize("state", ["paused", "stopped"])
def test_a_routine_that_rests_books_nothing_and_nothing_invites(
    ana: Browser, cast: Cast, state: str
) -> None:
    attended(cast)
    a_routine(cast)
    assert "Find a technique and a time" in shown(ana, reverse("book:appointments"))
    assert ana.post(STATE, {"state": state}).status_code == 302
    assert "/book/" not in shown(ana)
    appointments = shown(ana, reverse("book:appointments"))
    assert "Find a technique and a time" not in appointments
    assert "You can come back when you want." in appointments
    ana.post(STATE, {"state": "active"})
    assert "Find a technique and a time" in shown(ana, reverse("book:appointments"))
    assert list(Routine.objects.order_by("pk").values_list("state", flat=True)) == [
        "active",
        state,
        "active",
    ]


def test_who_has_recovered_reads_one_sentence_and_is_offered_nothing(
    ana: Browser, cast: Cast
) -> None:
    an_appointment(cast)
    attended(cast, days=-70)
    a_routine(cast)
    days_of(cast, then=6, now=6)
    assert "/repeat/" in shown(ana)
    days_of(cast, then=6, now=0)
    actions.settle_invitations(cast.ana, now=NOW)
    page = shown(ana)
    assert "You can stop; come back when you want." in page
    assert "/repeat/" not in page
    assert "/book/" not in page
    assert "may suit as well" not in page
    cast.ana.refresh_from_db()
    assert cast.ana.not_invited_since == NOW
    days_of(cast, then=6, now=4)
    actions.settle_invitations(cast.ana, now=NOW)
    cast.ana.refresh_from_db()
    assert cast.ana.not_invited_since is None


def test_pain_of_a_few_days_says_nothing_about_recovery(cast: Cast) -> None:
    days_of(cast, then=6, now=0)
    told = reads.known(cast.ana, None, None, now=NOW, over_cut_off=False)
    assert told.measures[0].now == 0
    later = NOW + timedelta(days=10)  # four of the last fourteen days are answered
    assert reads.known(cast.ana, None, None, now=later, over_cut_off=False).measures[0].now is None


def test_a_warning_sign_comes_before_the_plan(ana: Browser, cast: Cast) -> None:
    an_appointment(cast)
    a_routine(cast)
    later = NOW + timedelta(hours=1)
    a_completed_checkin(
        cast.ana, practice=cast.practice, red_flags=["rf_neuro_progressive"], now=later
    )
    page = shown(ana)
    assert "No massage for now" in page
    assert "/repeat/" not in page
    assert reverse("understand:result") in page


def test_money_and_minutes_stand_beside_the_change(ana: Browser, cast: Cast) -> None:
    for back in (-21, -10):
        visit = attended(cast, days=back)
    visit.price_minor = 5550  # frozen at booking, whatever the service costs today
    visit.save(update_fields=["price_minor"])
    page = shown(ana)
    assert "2 sessions" in page
    assert "2 hours, 125.50 EUR" in page
    assert "We cannot tell yet" in page
    assert "Change is not cause" in page


def test_mood_over_a_cut_off_is_for_the_client_alone(
    ana: Browser, tess: Browser, cast: Cast
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, phq4=(3, 3, 0, 0))
    assert "It can help to talk to someone" in shown(ana)
    for purpose in (Purpose.CARE, Purpose.SHARE_BODY):
        agree(cast.user("ana"), cast.ana, purpose, now=NOW)
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.SHARE_MIND, now=NOW)
    address = reverse("follow:client-routine", args=[cast.ana.key])
    assert "cut-off" not in shown(tess, address)
    assert "It can help to talk to someone" not in shown(tess, address)
    agree(cast.user("ana"), cast.ana, Purpose.SHARE_MIND, now=NOW)
    assert "over a cut-off" in shown(tess, address)


def test_the_therapist_plans_with_a_client_who_shares_and_is_seen(
    tess: Browser, cast: Cast
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice)
    page = reverse("follow:client-routine", args=[cast.ana.key])
    edit = reverse("follow:client-routine-edit", args=[cast.ana.key])
    agree(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.SHARE_BODY, now=NOW)
    assert tess.get(page).status_code == 403
    agree(cast.user("ana"), cast.ana, Purpose.SHARE_BODY, now=NOW)
    assert tess.post(edit, SENT).status_code == 302
    assert Routine.objects.get().made_by == cast.user("tess")
    assert "by Tess" in shown(tess, page)
    assert AuditEntry.objects.filter(action="routine.read", client=cast.ana).exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"every_weeks": "9"}, "Choose a rhythm from the list."),
        ({"every_weeks": ""}, "Choose how often."),
        ({"kinds": []}, "Choose at least one kind of session."),
        ({"kinds": ["thai-90"]}, "Choose kinds of session from the list."),
        ({"budget": "-5"}, "A price cannot be below zero."),
        ({"budget": "many"}, "Write the price in digits only"),
        ({"starts_on_month": "13"}, "The month is a number from 1 to 12."),
        ({"starts_on_year": "2050"}, "A routine begins within a year of today."),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(
    ana: Browser, cast: Cast, wrong: dict[str, object], sentence: str
) -> None:
    answer = ana.post(EDIT, SENT | wrong)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Routine.objects.exists()


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(every_weeks=0, kinds=("swedish-60",), budget_minor=None, starts_on=TODAY),
        Wanted(every_weeks=9, kinds=("swedish-60",), budget_minor=None, starts_on=TODAY),
        Wanted(every_weeks=1, kinds=(), budget_minor=None, starts_on=TODAY),
        Wanted(every_weeks=1, kinds=("thai-90",), budget_minor=None, starts_on=TODAY),
        Wanted(every_weeks=1, kinds=("swedish-60",), budget_minor=-1, starts_on=TODAY),
        Wanted(every_weeks=1, kinds=("swedish-60",), budget_minor=None, starts_on=date(2030, 1, 1)),
    ],
)
def test_the_action_refuses_what_the_form_would(cast: Cast, wanted: Wanted) -> None:
    with pytest.raises(BadInput):
        a_routine(cast, wanted)


def test_nothing_that_safety_closes_is_in_a_plan(ana: Browser, cast: Cast) -> None:
    open_now = {one.id for one in reads.offered(cast.ana, None)}
    assert "deep_tissue-60" in open_now
    told = a_completed_checkin(cast.ana, practice=cast.practice, medicines=["anticoagulant"])
    assert "deep_tissue-60" not in {one.id for one in reads.offered(cast.ana, told)}
    answer = ana.post(EDIT, SENT | {"kinds": ["deep_tissue-60"]})
    assert answer.status_code == 422


def test_nothing_is_paused_before_it_is_made(ana: Browser) -> None:
    answer = ana.post(STATE, {"state": "paused"})
    assert answer.status_code == 409
    assert "There is no routine yet" in answer.content.decode()
    assert ana.post(STATE, {"state": "gone"}).status_code == 422


def test_a_version_stays_as_it_was_made(cast: Cast) -> None:
    made = a_routine(cast)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Routine.objects.filter(pk=made.pk).update(every_weeks=4)
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
    ):  # without the guard the same change goes through
        cursor.execute("SET LOCAL session_replication_role = replica")
        Routine.objects.filter(pk=made.pk).update(every_weeks=4)
    made.refresh_from_db()
    assert made.every_weeks == 4


def test_a_series_that_is_booked_is_not_offered_again(ana: Browser, cast: Cast) -> None:
    visit = an_appointment(cast, start=at(10, days=3))
    a_routine(cast)
    sent = {"every": "2", "count": "2", "key": "5b0c9f3e-8d43-4a7e-9a4e-1f8d54f5f001"}
    address = reverse("book:series-new", args=[visit.key])
    page = ana.get(address, {"every": "2", "count": "2"}).context["plan"]
    lines = {f"at-{one.name}": one.start.isoformat() for one in page.free}
    assert ana.post(address, sent | lines).status_code == 302
    assert "A series is booked." in shown(ana)
    assert "/repeat/" not in shown(ana)
