"""What is noticed after a session: kept once, read before the next, and red flags act at once."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, TODAY, Cast
from tests.reviews import attended
from unknot.journey.book.models import Appointment
from unknot.journey.follow.actions import after_session as actions
from unknot.journey.follow.actions.check_ins import save_daily
from unknot.journey.follow.models import AfterSession, DailyCheckIn
from unknot.journey.follow.reads import after_session as reads
from unknot.journey.understand import stops
from unknot.journey.understand.actions import stop as stopping
from unknot.journey.understand.models import Clearance, SafetyStop
from unknot.people.actions import agree, withdraw_consent
from unknot.people.models import Alert, AuditEntry, Purpose
from unknot.web.errors import BadInput, Missing

A_DAY = timedelta(hours=24)
THREE_DAYS = timedelta(hours=72)


@pytest.fixture
def session(cast: Cast) -> Appointment:
    """Ana's session with Tess of yesterday, 24 hours before the fixed clock."""
    return attended(cast, days=-1, hour=9)


def tell(
    cast: Cast,
    session: Appointment,
    *events: str,
    hours: int = 24,
    soreness: int | None = 3,
    now: datetime | None = None,
) -> AfterSession:
    return actions.save_after_session(
        cast.user("ana"),
        session,
        hours=hours,
        soreness=soreness,
        events=events,
        now=now or session.end + timedelta(hours=hours),
    )


def test_harmless_answers_are_kept_and_open_nothing(cast: Cast, session: Appointment) -> None:
    tell(cast, session, "bruise", "headache")
    assert AfterSession.objects.get().events == ["bruise", "headache"]
    assert not SafetyStop.objects.exists()
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("event", "flag", "urgency"),
    [
        ("numb", "rf_neuro_progressive", "same_day"),
        ("neck_severe", "rf_cad", "emergency_now"),
        ("calf", "rf_dvt_pe", "emergency_now"),
    ],
)
def test_a_red_flag_closes_booking_and_tells_the_therapist(
    cast: Cast, session: Appointment, event: str, flag: str, urgency: str
) -> None:
    kept = tell(cast, session, event)
    stop = SafetyStop.objects.get()
    assert (stop.flags, stop.urgency, kept.urgency) == ([flag], urgency, urgency)
    assert stops.is_on_hold(cast.ana)
    assert [row.name for row in stops.call_backs(cast.practice)] == ["Ana"]
    alert = Alert.objects.get()
    assert alert.kind == "after-session"
    assert alert.url == reverse("practice:call-back", args=[stop.checkin.key])
    assert list(alert.told.all()) == [cast.user("tess")]


def test_a_burn_tells_the_practice_and_closes_nothing(cast: Cast, session: Appointment) -> None:
    kept = tell(cast, session, "burn")
    assert kept.urgency == "same_day"
    assert not SafetyStop.objects.exists()
    assert Alert.objects.get().url == reverse("prepare:briefing", args=[session.key])


def test_strong_soreness_counts_after_three_days_and_not_after_one(
    cast: Cast, session: Appointment
) -> None:
    tell(cast, session, soreness=8)
    assert not Alert.objects.exists()
    tell(cast, session, soreness=7, hours=72)
    assert Alert.objects.count() == 1


def clear(cast: Cast, stop: SafetyStop, now: datetime) -> None:
    stopping.record_clearance(
        cast.user("tess"),
        stop,
        clinician="Dr Weber",
        said_on=now.astimezone(cast.practice.tz).date(),
        statement="Examined; massage may go ahead.",
        covers=stop.flags,
        now=now,
    )


def test_a_stop_that_has_ended_opens_again_and_needs_another_word(
    cast: Cast, session: Appointment
) -> None:
    tell(cast, session, "numb")
    stop = SafetyStop.objects.get()
    clear(cast, stop, session.end + A_DAY + timedelta(hours=2))
    assert not stops.is_on_hold(cast.ana)
    tell(cast, session, "calf", hours=72)
    stop.refresh_from_db()
    assert (stop.ended_at, stop.flags) == (None, ["rf_dvt_pe"])
    assert stops.call_backs(cast.practice)[0].done_at is None
    clear(cast, stop, session.end + THREE_DAYS + timedelta(hours=2))
    assert not stops.is_on_hold(cast.ana)
    assert Clearance.objects.filter(stop=stop).count() == 2


def test_an_open_stop_is_about_both_answers(cast: Cast, session: Appointment) -> None:
    tell(cast, session, "numb")
    tell(cast, session, "calf", hours=72)
    stop = SafetyStop.objects.get()
    assert stop.flags == ["rf_dvt_pe", "rf_neuro_progressive"]
    assert stop.urgency == "emergency_now"


@pytest.mark.parametrize(
    ("hours", "later"),
    [(24, timedelta(hours=19)), (24, timedelta(days=7)), (72, timedelta(hours=59))],
)
def test_too_early_and_too_late_are_refused(
    cast: Cast, session: Appointment, hours: int, later: timedelta
) -> None:
    with pytest.raises(actions.NotAsked):
        tell(cast, session, hours=hours, now=session.end + later)


def test_a_second_answer_is_refused_and_the_first_stays(cast: Cast, session: Appointment) -> None:
    tell(cast, session, soreness=2)
    with pytest.raises(actions.NotAsked):
        tell(cast, session, "calf")
    assert AfterSession.objects.get().soreness == 2
    with pytest.raises(DatabaseError, match="stay as they were"), transaction.atomic():
        AfterSession.objects.update(soreness=9)


def test_nothing_is_kept_of_who_took_back_that_answers_are_kept(
    cast: Cast, session: Appointment
) -> None:
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    with pytest.raises(actions.NotKept):
        tell(cast, session)


@pytest.mark.parametrize(
    ("events", "soreness"), [((), None), (("none", "calf"), 1), (("aliens",), 1), ((), 11)]
)
def test_answers_that_cannot_be_are_refused(
    cast: Cast, session: Appointment, events: tuple[str, ...], soreness: int | None
) -> None:
    with pytest.raises(BadInput):
        tell(cast, session, *events, soreness=soreness)
    assert not AfterSession.objects.exists()


def test_a_session_that_did_not_take_place_is_not_asked_about(cast: Cast) -> None:
    coming = an_appointment(cast)
    with pytest.raises(actions.NotAsked):
        tell(cast, coming)
    with pytest.raises(Missing):
        tell(cast, coming, hours=48)


def test_the_page_says_what_to_do_at_once(
    cast: Cast, session: Appointment, client: Browser, now: datetime
) -> None:
    client.force_login(cast.user("ana"))
    page = reverse("follow:after", args=[session.key, 24])
    assert "How sore are you from the session?" in client.get(page).content.decode()
    answer = client.post(page, {"soreness": "4", "events": ["neck_severe"]}, follow=True)
    text = answer.content.decode()
    assert "Get medical help now" in text
    assert 'href="tel:112"' in text
    assert "This is not a diagnosis" in text


def test_an_empty_form_is_explained(
    cast: Cast, session: Appointment, client: Browser, now: datetime
) -> None:
    client.force_login(cast.user("ana"))
    answer = client.post(reverse("follow:after", args=[session.key, 24]), {})
    assert answer.status_code == 422
    assert "Answer at least one of the two questions." in answer.content.decode()


def test_the_progress_page_offers_what_is_open_until_it_is_answered(
    cast: Cast, session: Appointment, client: Browser, now: datetime
) -> None:
    client.force_login(cast.user("ana"))
    page = reverse("follow:after", args=[session.key, 24])
    assert page in client.get(reverse("follow:progress")).content.decode()
    tell(cast, session, now=NOW)
    assert page not in client.get(reverse("follow:progress")).content.decode()


def test_after_care_says_what_the_technique_asks_and_whom_to_call(
    cast: Cast, session: Appointment, client: Browser, now: datetime
) -> None:
    client.force_login(cast.user("ana"))
    text = client.get(reverse("follow:after-care", args=[session.key])).content.decode()
    assert "Rise slowly." in text
    assert "Drink if thirsty." in text
    assert "It has not been tested by itself." in text
    assert "+49 30 5550 0100" in text


def test_the_therapist_reads_it_before_the_next_session_if_it_is_shared(
    cast: Cast, session: Appointment, client: Browser, now: datetime
) -> None:
    tell(cast, session, "headache", now=NOW)
    visit = an_appointment(cast)
    client.force_login(cast.user("tess"))
    page = reverse("follow:answers-after", args=[visit.key])
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.SHARE_BODY, now=NOW)
    assert "does not share" in client.get(page).content.decode()
    assert not AuditEntry.objects.filter(action="after-session.read").exists()
    agree(cast.user("ana"), cast.ana, Purpose.SHARE_BODY, now=NOW)
    text = client.get(page).content.decode()
    assert "soreness 3 of 10" in text
    assert "Headache" in text
    assert AuditEntry.objects.get(action="after-session.read").client == cast.ana


def test_the_number_of_queries_does_not_grow_with_the_sessions(
    cast: Cast, django_assert_num_queries: object
) -> None:
    visit = an_appointment(cast)
    for days in (-28, -21, -14):
        tell(cast, attended(cast, days=days))
        with django_assert_num_queries(2):  # type: ignore[operator]
            found = reads.answers_after(visit)
        assert found is not None
        assert found.started_at.date() == TODAY + timedelta(days=days)


def test_the_day_is_answered_with_it_in_one_form(
    cast: Cast, session: Appointment, client: Browser, now: datetime
) -> None:
    client.force_login(cast.user("ana"))
    page = reverse("follow:after", args=[session.key, 24])
    assert "How has your mood been today?" in client.get(page).content.decode()
    client.post(page, {"soreness": "4", "pain": "2", "mood": "8", "painkillers": "no"})
    day = DailyCheckIn.objects.get(client=cast.ana)
    assert (day.day, day.pain, day.mood, day.painkillers) == (TODAY, 2, 8, False)
    assert AfterSession.objects.get().soreness == 4


def test_a_day_that_is_answered_is_not_asked_again(
    cast: Cast, session: Appointment, client: Browser, now: datetime
) -> None:
    save_daily(cast.user("ana"), cast.ana, pain=1, now=NOW)
    client.force_login(cast.user("ana"))
    page = reverse("follow:after", args=[session.key, 24])
    assert "mood" not in client.get(page).content.decode()
    client.post(page, {"soreness": "4", "pain": "9"})
    assert DailyCheckIn.objects.get().pain == 1


def test_what_is_refused_keeps_neither(
    cast: Cast, session: Appointment, client: Browser, now: datetime
) -> None:
    client.force_login(cast.user("ana"))
    page = reverse("follow:after", args=[session.key, 24])
    for wrong in ({"pain": "2"}, {"soreness": "4", "pain": "11"}):
        assert client.post(page, wrong).status_code == 422
    assert not DailyCheckIn.objects.exists()
    assert not AfterSession.objects.exists()
