"""The practice's day: whose list, what it says about health, and what the desk may press."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from tests.appointments import a_hold, an_appointment
from tests.cast import NOW, Cast, a_client, at
from tests.checkins import a_completed_checkin
from unknot.journey.book.actions import attendance, booking, needs, resources
from unknot.journey.book.actions.needs import NeedDraft
from unknot.journey.book.actions.resources import ThingDraft
from unknot.journey.book.models import Appointment, Status
from unknot.journey.understand.models import CallBack
from unknot.people import alerts
from unknot.people.actions import withdraw_consent
from unknot.people.models import AuditEntry, Client, Membership, Purpose, Role

pytestmark = pytest.mark.usefixtures("now")
DAY = reverse("practice:day")


def signed_in(browser: Browser, cast: Cast, name: str) -> Browser:
    browser.force_login(
        cast.user(name), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return browser


def booked(cast: Cast, client: Client, start: datetime, **answers: object) -> Appointment:
    """A confirmed appointment with Tess, with a completed check-in of its client."""
    checkin = a_completed_checkin(client, practice=cast.practice, **answers)
    assert client.user is not None
    held = a_hold(cast, client=client, checkin=checkin, start=start)
    return booking.confirm(client.user, client, held, note="", now=NOW)


def test_a_therapist_sees_the_own_clients_with_what_their_answers_ask(
    client: Browser, cast: Cast
) -> None:
    booked(cast, cast.ana, at(14), medicines=["anticoagulant"])
    page = signed_in(client, cast, "tess").get(DAY).content.decode()
    assert "Friday 27 March" in page
    assert "Ana" in page
    assert "14:00" in page
    assert "Anticoagulants" in page
    assert "First visit" in page
    assert "1 answer to adapt to" in page


def test_each_client_whose_answers_were_shown_gets_one_audit_row(
    client: Browser, cast: Cast
) -> None:
    booked(cast, cast.ana, at(14))
    booked(cast, cast.ben, at(15, 30))
    signed_in(client, cast, "tess").get(DAY)
    rows = AuditEntry.objects.filter(action="day.read").values_list("client__name", "actor__name")
    assert sorted(rows) == [("Ana", "Tess"), ("Ben", "Tess")]


@pytest.mark.parametrize("taken", [Purpose.SHARE_SAFETY, Purpose.CARE])
def test_a_client_who_shares_no_safety_answers_is_neither_tagged_nor_audited(
    client: Browser, cast: Cast, taken: Purpose
) -> None:
    booked(cast, cast.ana, at(14), medicines=["anticoagulant"])
    withdraw_consent(cast.user("ana"), cast.ana, taken, now=NOW)
    page = signed_in(client, cast, "tess").get(DAY).content.decode()
    assert "Anticoagulants" not in page
    assert "Safety answers not shared" in page
    assert not AuditEntry.objects.filter(action="day.read").exists()


def test_private_answers_count_without_a_name_and_abuse_never_appears(
    client: Browser, cast: Cast
) -> None:
    booked(cast, cast.ana, at(14), conditions=["trauma_history"], red_flags=["rf_abuse"])
    page = signed_in(client, cast, "tess").get(DAY).content.decode()
    assert "1 answer to adapt to" in page
    assert "warning sign" not in page
    assert "trauma" not in page.lower()


@pytest.mark.parametrize("name", ["paz", "finn"])
def test_desk_and_manager_see_names_and_times_and_no_health(
    client: Browser, cast: Cast, name: str
) -> None:
    booked(cast, cast.ana, at(14), medicines=["anticoagulant"])
    page = signed_in(client, cast, name).get(DAY).content.decode()
    assert "Ana" in page
    assert "14:00" in page
    assert "Tess" in page
    for word in ("Anticoagulants", "adapt", "Swedish", "Briefing", "First visit"):
        assert word not in page
    assert not AuditEntry.objects.filter(action="day.read").exists()


def test_a_colleague_sees_nothing_of_the_day_of_another(client: Browser, cast: Cast) -> None:
    booked(cast, cast.ana, at(14))
    page = signed_in(client, cast, "theo").get(DAY).content.decode()
    assert "Ana" not in page
    assert "Nobody is booked with you" in page
    assert "Your clients" not in page


def test_a_therapist_reaches_the_progress_of_those_in_care(client: Browser, cast: Cast) -> None:
    page = signed_in(client, cast, "tess").get(DAY).content.decode()
    assert reverse("follow:client-progress", args=[cast.ana.key]) in page
    assert reverse("follow:client-progress", args=[cast.ben.key]) not in page


def test_another_practice_sees_nothing(client: Browser, cast: Cast) -> None:
    Membership.objects.create(
        user=cast.user("uma"), practice=cast.other_practice, role=Role.MANAGER, since=at(8)
    )
    booked(cast, cast.ana, at(14))
    page = signed_in(client, cast, "uma").get(DAY).content.decode()
    assert "Ana" not in page


@pytest.mark.parametrize("name", ["ana", "opal"])
def test_who_does_not_work_here_finds_no_such_page(client: Browser, cast: Cast, name: str) -> None:
    assert signed_in(client, cast, name).get(DAY).status_code == 404


def test_somebody_signed_out_is_asked_to_sign_in(client: Browser, cast: Cast) -> None:
    answer = client.get(DAY)
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_a_client_on_hold_is_not_to_be_treated_and_can_be_called(
    client: Browser, cast: Cast
) -> None:
    cast.ana.phone = "+49 30 555 01"
    cast.ana.save(update_fields=["phone"])
    appointment = booked(cast, cast.ana, at(14))
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    page = signed_in(client, cast, "tess").get(DAY).content.decode()
    assert page.count("Do not treat") == 2  # the banner and the visit
    assert 'href="tel:+493055501"' in page
    refused = client.post(reverse("practice:arrived", args=[appointment.key]))
    assert refused.status_code == 409
    appointment.refresh_from_db()
    assert appointment.status == Status.CONFIRMED


def test_a_record_that_waits_for_its_signature_is_named_but_not_on_hold(
    client: Browser, cast: Cast
) -> None:
    appointment = booked(cast, cast.ana, at(14))
    Appointment.objects.filter(pk=appointment.pk).update(start=at(7), end=at(8))
    browser = signed_in(client, cast, "tess")
    assert "Record not signed" in browser.get(DAY).content.decode()
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    assert "Record not signed" not in browser.get(DAY).content.decode()


@pytest.mark.parametrize("name", ["tess", "finn", "paz"])
def test_a_client_is_marked_as_here(client: Browser, cast: Cast, name: str) -> None:
    appointment = booked(cast, cast.ana, at(14))
    answer = signed_in(client, cast, name).post(reverse("practice:arrived", args=[appointment.key]))
    assert answer["Location"] == f"{DAY}?day=2026-03-27"
    appointment.refresh_from_db()
    assert appointment.status == Status.ARRIVED


@pytest.mark.parametrize("name", ["theo", "uma", "ana", "opal"])
@pytest.mark.parametrize("route", ["practice:arrived", "practice:no-show"])
def test_nobody_else_marks_anything(client: Browser, cast: Cast, name: str, route: str) -> None:
    appointment = booked(cast, cast.ana, at(14))
    answer = signed_in(client, cast, name).post(reverse(route, args=[appointment.key]))
    assert answer.status_code == 404
    appointment.refresh_from_db()
    assert appointment.status == Status.CONFIRMED


def test_nobody_has_missed_an_appointment_before_it_begins(client: Browser, cast: Cast) -> None:
    appointment = booked(cast, cast.ana, at(14))
    answer = signed_in(client, cast, "finn").post(
        reverse("practice:no-show", args=[appointment.key])
    )
    assert answer.status_code == 409
    appointment.refresh_from_db()
    assert appointment.status == Status.CONFIRMED


def test_an_appointment_that_began_can_be_missed(client: Browser, cast: Cast) -> None:
    appointment = booked(cast, cast.ana, at(14))
    Appointment.objects.filter(pk=appointment.pk).update(start=at(8), end=at(9))
    answer = signed_in(client, cast, "finn").post(
        reverse("practice:no-show", args=[appointment.key])
    )
    assert answer.status_code == 302
    appointment.refresh_from_db()
    assert appointment.status == Status.NO_SHOW


@pytest.mark.parametrize(
    "day", ["tomorrow", "2026-02-30", "27.03.2026", "1999-12-31", "9999-12-31"]
)
def test_a_day_that_cannot_be_read_gets_a_sentence_and_today(
    client: Browser, cast: Cast, day: str
) -> None:
    answer = signed_in(client, cast, "tess").get(DAY, {"day": day})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Here is today instead" in page
    assert "Friday 27 March" in page


def test_the_days_before_and_after_are_linked(client: Browser, cast: Cast) -> None:
    page = signed_in(client, cast, "tess").get(DAY, {"day": "2026-03-29"}).content.decode()
    assert "Sunday 29 March" in page
    assert "?day=2026-03-28" in page
    assert "?day=2026-03-30" in page


def test_times_are_those_of_the_practice_after_the_clocks_changed(
    client: Browser, cast: Cast
) -> None:
    booked(cast, cast.ana, at(10, days=3))
    page = signed_in(client, cast, "tess").get(DAY, {"day": "2026-03-30"}).content.decode()
    assert "10:00–11:00" in page


def test_free_time_between_two_visits_and_the_now_line_are_shown(
    client: Browser, cast: Cast
) -> None:
    booked(cast, cast.ana, at(11))
    booked(cast, cast.ben, at(14))
    page = signed_in(client, cast, "tess").get(DAY).content.decode()
    assert "Free until 14:00" in page
    assert '<span class="now">now</span>' in page
    assert "Next: Ana at 11:00." in page


def words(browser: Browser, page: str = DAY) -> str:
    """What a reader of the page's main part is told, in one line."""
    told = browser.get(page).content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(unescape(strip_tags(told)).split())


def begun(cast: Cast, minutes: int, client: Client | None = None) -> Appointment:
    """An appointment of today that began so many minutes ago."""
    made = booked(cast, client or cast.ana, at(14))
    start = NOW - timedelta(minutes=minutes)
    Appointment.objects.filter(pk=made.pk).update(start=start, end=start + timedelta(hours=1))
    made.refresh_from_db()
    return made


@pytest.mark.parametrize("name", ["finn", "tess"])
def test_who_is_late_is_said_in_minutes_until_somebody_notes_them(
    client: Browser, cast: Cast, name: str
) -> None:
    late = begun(cast, 12)
    browser = signed_in(client, cast, name)
    assert "12 minutes late" in words(browser)
    attendance.mark_arrived(late, actor=cast.user(name), now=NOW)
    assert "minutes late" not in words(browser)
    assert "Here" in words(browser)


def test_arrivals_say_who_is_next_who_is_here_and_who_did_not_come(
    client: Browser, cast: Cast
) -> None:
    eva, max_ = a_client("Eva", cast.practice), a_client("Max", cast.practice)
    over = begun(cast, 70)
    booked(cast, cast.ben, at(11))
    soon = booked(cast, eva, at(12, 15))
    Appointment.objects.filter(pk=soon.pk).update(start=at(9, 45), end=at(10, 45))
    gone = booked(cast, max_, at(15, 15))
    Appointment.objects.filter(pk=gone.pk).update(start=at(8), end=at(8, 30), status="no_show")
    told = words(signed_in(client, cast, "finn")).split("Arrivals")[1].split("glance")[0]
    assert "Ana 07:50, Tess Over, and nothing is noted Is here" in told
    assert "Eva 09:45, Tess Is here" in told
    assert "Max 08:00, Tess Did not come" in told
    assert "1 more comes later." in told
    assert "Ben" not in told
    attendance.mark_arrived(over, actor=cast.finn, now=NOW)
    attendance.mark_no_show(begin_now(soon), actor=cast.finn, now=NOW)
    told = words(client).split("Arrivals")[1].split("glance")[0]
    assert "Ana 07:50, Tess Here" in told
    assert "Eva 09:00, Tess Did not come" in told


def begin_now(appointment: Appointment) -> Appointment:
    Appointment.objects.filter(pk=appointment.pk).update(start=NOW)
    appointment.refresh_from_db()
    return appointment


def test_a_day_that_is_not_today_has_no_arrivals(client: Browser, cast: Cast) -> None:
    begun(cast, 12)
    browser = signed_in(client, cast, "finn")
    assert "Arrivals" in words(browser)
    for day in ("2026-03-26", "2026-03-28"):
        assert "Arrivals" not in words(browser, f"{DAY}?day={day}")


def test_call_backs_are_counted_with_the_longest_wait(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "finn")
    assert "Nothing waits for you." in words(browser)
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    CallBack.objects.update(opened_at=at(8, days=-1))
    a_completed_checkin(cast.ben, practice=cast.practice, red_flags=["rf_cad"])
    told = words(browser)
    assert "2 people to call the longest wait is since 26 March, 08:00" in told
    assert reverse("practice:call-backs") in browser.get(DAY).content.decode()
    assert "rf_cad" not in browser.get(DAY).content.decode()


def test_open_alerts_stand_on_the_day_of_who_has_heard(client: Browser, cast: Cast) -> None:
    url = reverse("practice:day")
    with transaction.atomic():
        alerts.raise_alert(
            "question", cast.practice, url=url, now=NOW, client=cast.ana, first=cast.tess.user
        )
    assert "A question waits for an answer Ana, since 27 March, 09:00" in words(
        signed_in(client, cast, "tess")
    )
    assert "A question waits" in words(signed_in(client, cast, "paz"))
    for name in ("finn", "theo"):
        assert "A question waits" not in words(signed_in(client, cast, name))


def test_a_free_gap_leads_to_the_desk_with_therapist_and_time(client: Browser, cast: Cast) -> None:
    an_appointment(cast)
    desk = signed_in(client, cast, "finn")
    told = words(desk, f"{DAY}?day=2026-03-30")
    assert "Tess: Book from 11:15 to 16:45" in told  # 09:00 to 10:00 is too short with clean-up
    assert "Theo: Book from 09:00 to 16:45" in told
    page = desk.get(f"{DAY}?day=2026-03-30").content.decode()
    links = re.findall(r'href="([^"]*therapist=tess[^"]*)"', page)
    assert len(links) == 1
    booking_page = desk.get(unescape(links[0]).replace("/desk/?", "/desk/book/?")).content.decode()
    assert 'value="tess:' in booking_page
    assert "Free 09:00 to 10:00" not in told


def test_a_therapist_books_in_the_own_free_time(client: Browser, cast: Cast) -> None:
    booked(cast, cast.ana, at(11))
    booked(cast, cast.ben, at(14))
    page = signed_in(client, cast, "tess").get(DAY).content.decode()
    told = words(client)
    assert "Free until 14:00 Book from 12:15" in told
    assert "therapist=tess" in page
    assert "therapist=theo" not in page
    empty = words(client, f"{DAY}?day=2026-03-30")
    assert "Nobody is booked with you" in empty
    assert "Free 09:00 to 16:45 Book from 09:00" in empty


def test_rooms_and_tools_have_lanes_of_their_own(client: Browser, cast: Cast) -> None:
    room = ThingDraft(kind="room", name="Garden room")
    resources.add_things(cast.paz, cast.practice, draft=room, now=NOW)
    needs.add_need(cast.paz, cast.swedish, draft=NeedDraft(kind="room"), now=NOW)
    an_appointment(cast)
    told = words(signed_in(client, cast, "finn"), f"{DAY}?day=2026-03-30")
    assert "Garden room 10:00–11:00 Ana Tess, confirmed 11:00–11:10 set-up or clean-up" in told
    assert "Garden room" not in words(signed_in(client, cast, "tess"), f"{DAY}?day=2026-03-30")


@pytest.mark.parametrize("clients", [2, 10])
@pytest.mark.parametrize(("name", "queries"), [("tess", 36), ("paz", 37)])
def test_the_number_of_queries_does_not_grow(
    client: Browser,
    cast: Cast,
    django_assert_num_queries: DjangoAssertNumQueries,
    name: str,
    queries: int,
    clients: int,
) -> None:
    for number in range(clients):
        person = a_client(f"Client{number}", cast.practice)
        start = at(9, days=3 + number // 5) + timedelta(minutes=75 * (number % 5))
        appointment = booked(cast, person, start)
        Appointment.objects.filter(pk=appointment.pk).update(
            start=at(11) + timedelta(minutes=number), end=at(12)
        )
    browser = signed_in(client, cast, name)
    with django_assert_num_queries(queries):
        answer = browser.get(DAY)
    assert answer.content.decode().count("<article") == clients
