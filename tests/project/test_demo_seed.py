"""The demonstration: everybody is labelled, everything went through the rules, nothing invented."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from tests.cast import BERLIN, NOW, TODAY
from unknot.domain.credentials.standing import standing
from unknot.journey.book.models import Appointment, Status
from unknot.journey.choose.models import (
    Credential,
    CredentialDocument,
    Experience,
    Review,
    Therapist,
)
from unknot.journey.follow.models import DailyCheckIn, DoorCheckIn, SeriesImport
from unknot.journey.follow.reads import check_ins, findings, home, progress, routines
from unknot.journey.prepare.models import Preparation
from unknot.journey.session.models import SessionNote
from unknot.journey.understand import reads as understand
from unknot.journey.understand import stops
from unknot.journey.understand.models import CallBack, CheckIn, FollowUp, SafetyStop
from unknot.people import access
from unknot.people.models import Client, Origin, Practice, User
from unknot.project.demo import diary, followed, seed

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[str]]:
    """The demonstration as of the fixed clock, once for this file; gives the steps it named."""
    steps: list[str] = []
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer._from_testcase = True  # type: ignore[attr-defined]
        with outer:
            seed.seed(now=NOW, progress=steps.append)
            yield steps
            transaction.set_rollback(True)


def client_called(name: str) -> Client:
    return Client.objects.get(name=name)


def test_each_step_is_named(filled: list[str]) -> None:
    assert filled[0] == "Opening the practice"
    assert filled[-1] == "Opening the calendars"


def test_a_second_time_is_refused_and_changes_nothing(filled: list[str]) -> None:
    before = (User.objects.count(), Appointment.objects.count(), DailyCheckIn.objects.count())
    with pytest.raises(seed.NotEmpty):
        seed.seed(now=NOW, progress=lambda words: None)
    after = (User.objects.count(), Appointment.objects.count(), DailyCheckIn.objects.count())
    assert after == before


@pytest.mark.parametrize(("role", "email", "password"), seed.LOGINS)
def test_each_printed_login_opens_its_account(
    filled: list[str], role: str, email: str, password: str
) -> None:
    assert authenticate(email=email, password=password) == User.objects.get(email=email)


def test_nobody_else_can_sign_in(filled: list[str]) -> None:
    logins = {login[1] for login in seed.LOGINS}
    assert not any(user.has_usable_password() for user in User.objects.exclude(email__in=logins))


def test_the_practice_is_a_demonstration_whose_table_nobody_approved(filled: list[str]) -> None:
    practice = Practice.objects.get()
    assert practice.demonstration
    assert practice.safety_approved_by == ""
    assert understand.is_open(practice)


def test_every_client_is_labelled(filled: list[str]) -> None:
    origins = list(Client.objects.values_list("origin", flat=True))
    assert origins.count(Origin.SIMULATED) == 12
    assert origins.count(Origin.IMPORTED) == 1
    assert len(origins) == 13


def test_therapists_stand_differently(filled: list[str]) -> None:
    found = {
        therapist.name: {standing(one, on=TODAY) for one in therapist.credentials.all()}
        for therapist in Therapist.objects.all()
    }
    assert found == {
        "Ines Duarte": {"verified", "claimed"},
        "Tom Albrecht": {"verified"},
        "Mira Okonkwo": {"claimed"},
        "Jonas Brandt": {"unregistered", "expired"},
    }
    assert Credential.objects.filter(status="no_register").exists()
    assert CredentialDocument.objects.exists()


def test_one_therapist_has_enough_reviews_with_spread_and_one_has_two(filled: list[str]) -> None:
    shown = Review.objects.filter(published_at__isnull=False, hidden_at__isnull=True)
    scores = {
        name: sorted(shown.filter(therapist__name=name).values_list("overall", flat=True))
        for name in ("Ines Duarte", "Tom Albrecht", "Mira Okonkwo")
    }
    assert scores == {"Ines Duarte": [3, 4, 4, 5, 5, 5], "Tom Albrecht": [4, 5], "Mira Okonkwo": []}
    assert {one.name: one.review_count for one in Therapist.objects.filter(name__in=scores)} == {
        name: len(stars) for name, stars in scores.items()
    }


def test_one_review_is_answered_one_changed_one_hidden_and_one_reported(filled: list[str]) -> None:
    every = Review.objects.filter(published_at__isnull=False)
    assert every.count() == Review.objects.count() == 9
    assert every.filter(reply__isnull=False).count() == 1
    assert every.filter(versions__isnull=False).count() == 1
    assert every.get(hidden_at__isnull=False).decisions.get().reason == "names"
    assert every.get(reports__settled_at__isnull=True, reports__isnull=False).hidden_at is None


def test_every_attended_session_has_its_signed_record_and_counts(filled: list[str]) -> None:
    attended = set(Appointment.objects.filter(status=Status.ATTENDED).values_list("key", flat=True))
    signed = SessionNote.objects.filter(signed_at__isnull=False)
    assert set(signed.values_list("appointment__key", flat=True)) == attended
    assert set(Experience.objects.values_list("appointment_key", flat=True)) == attended
    assert len(attended) == 43


def test_the_client_who_signs_in_has_come_a_long_way(filled: list[str]) -> None:
    maya = Client.objects.get(user__email=seed.LOGINS[0][1])
    assert Appointment.objects.filter(client=maya, status=Status.ATTENDED).count() == 6
    assert 50 <= DailyCheckIn.objects.filter(client=maya).count() <= 68
    assert not DailyCheckIn.objects.filter(client=maya, day__gte=TODAY).exists()
    assert FollowUp.objects.filter(client=maya, battery="weekly").count() == 9
    assert FollowUp.objects.get(client=maya, battery="outcome").week == 4
    due = check_ins.rhythm(maya, now=NOW)
    assert (due.weekly_open, due.outcome.week, due.outcome_open) == (True, 8, True)
    coming = Appointment.objects.get(client=maya, start__gt=NOW)
    assert coming.status == Status.CONFIRMED
    assert Preparation.objects.get().appointment == coming
    assert progress.progress(maya, now=NOW).finding.sentence == "no_norms"


def test_one_client_has_nothing_yet(filled: list[str]) -> None:
    nele = client_called("Nele Winter")
    assert not Appointment.objects.filter(client=nele).exists()
    assert not DailyCheckIn.objects.filter(client=nele).exists()
    assert progress.progress(nele, now=NOW).finding.word == "cannot_tell"


def test_one_client_is_on_hold_and_waits_for_a_call(filled: list[str]) -> None:
    georg = client_called("Georg Blum")
    stop = SafetyStop.objects.get()
    assert (stop.client, stop.ended_at) == (georg, None)
    assert CallBack.objects.get().phone == georg.phone
    assert stops.is_on_hold(georg)


@pytest.mark.parametrize(
    ("name", "kind", "question"),
    [("Selma Aydin", "medicine", "anticoagulant"), ("Leila Haddad", "condition", "pregnancy")],
)
def test_some_clients_need_an_adapted_session(
    filled: list[str], name: str, kind: str, question: str
) -> None:
    checkin = CheckIn.objects.get(client__name=name)
    assert checkin.screening.urgency == "adapt"
    assert checkin.safety_answers.get(kind=kind, question=question).said == "yes"


def test_the_day_of_the_therapist_is_full_and_its_page_answers(
    filled: list[str], client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client.force_login(
        User.objects.get(email=seed.LOGINS[1][1]),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    page = client.get(reverse("practice:day")).content.decode()
    assert page.count('class="visit') == 5
    for words in ("Georg Blum", "Do not treat", "First visit", "Anticoagulants", "Published diary"):
        assert words in page


# The published diary --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "value"),
    [("1", "0.00"), ("7", "10.00"), ("4", "5.00"), ("1.2", "0.33"), ("6.25", "8.75"), ("", "")],
)
def test_an_item_of_one_to_seven_becomes_nought_to_ten(item: str, value: str) -> None:
    assert diary.rescaled(item) == value


def test_the_diary_ends_yesterday_and_skips_the_day_without_an_answer() -> None:
    lines = list(diary.as_csv(YESTERDAY))
    assert lines[0] == "date,pain,stress,sleep\n"
    assert len(lines) == 1 + 238
    assert lines[1] == f"{YESTERDAY - timedelta(days=238)},0.00,0.00,6.67\n"
    assert lines[-1] == f"{YESTERDAY},0.00,0.21,\n"


def test_the_person_of_the_diary_has_days_and_no_session(filled: list[str]) -> None:
    person = Client.objects.get(origin=Origin.IMPORTED)
    days = DailyCheckIn.objects.filter(client=person).order_by("day")
    assert days.count() == 238
    first = days[0]
    assert (first.day, first.pain, first.stress) == (date(2025, 7, 31), 0, 0)
    assert float(first.sleep or 0) == 6.67
    assert days[237].day == YESTERDAY
    assert not Appointment.objects.filter(client=person).exists()
    assert not CheckIn.objects.filter(client=person).exists()
    assert not FollowUp.objects.filter(client=person).exists()
    assert progress.progress(person, now=NOW).sessions == ()


def test_the_diary_names_its_authors_and_what_stands_in_for_stress(filled: list[str]) -> None:
    series = SeriesImport.objects.get(client__origin=Origin.IMPORTED)
    assert series.stress_stand_in == "worry"
    assert "Kossakowski" in series.attribution
    assert "CC BY 4.0" in series.attribution


def test_the_therapist_may_open_the_diary_and_the_others_may_not(filled: list[str]) -> None:
    person = Client.objects.get(origin=Origin.IMPORTED)
    treating = {
        therapist.name
        for therapist in Therapist.objects.all()
        if access.treats(therapist.user, person)
    }
    assert treating == {"Ines Duarte"}


# Other days -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 3, 29, 21, 30, tzinfo=UTC),  # a Sunday night, the day the clocks changed
        datetime(2027, 1, 1, 23, 10, tzinfo=UTC),  # ten past midnight on a Saturday in January
    ],
)
def test_it_fills_on_any_day_at_any_hour(db: None, now: datetime) -> None:
    seed.seed(now=now, progress=lambda words: None)
    today = now.astimezone(Practice.objects.get().tz).date()
    of_ines = Appointment.objects.filter(therapist__name="Ines Duarte")
    assert sum(one.start.astimezone(BERLIN).date() == today for one in of_ines) == 5
    assert not Appointment.objects.filter(status=Status.HELD).exists()


def test_the_client_has_a_routine_and_does_small_things_at_home(filled: list[str]) -> None:
    client = Client.objects.get(user__email=seed.LOGINS[0][1])
    shown = routines.found(client, now=NOW, with_mind=True)
    assert shown.is_going_on
    assert shown.chosen
    assert shown.fit is not None
    assert {row.id for row in home.plan(client, now=NOW).rows} == set(seed.AT_HOME)
    assert all(row.lately.answered > 5 for row in home.plan(client, now=NOW).rows)


STATES = {
    "Selma Aydin": "too_early",
    "Rosa Klein": "cannot_tell",
    "Paul Okafor": "early_sign",
    "Ida Brenner": "likely_helps",
    "Emil Sand": "tends_higher",
}


@pytest.mark.parametrize("name", STATES)
def test_every_state_of_a_verdict_is_there_and_labelled(filled: list[str], name: str) -> None:
    person = client_called(name)
    stored = findings.stored(person)
    assert stored is not None
    main = next(one for one in stored.found.verdicts if one.main and one.technique is None)
    assert main.state == STATES[name]
    assert person.origin == Origin.SIMULATED
    series = SeriesImport.objects.get(client=person)
    assert "Made up" in series.attribution
    assert DoorCheckIn.objects.filter(client=person).count() in (0, 7)


def test_whoever_answered_is_fitted_before_the_first_page_is_opened(filled: list[str]) -> None:
    assert not findings.answering().filter(fit__isnull=True).exists()


def test_a_verdict_that_nobody_can_get_is_an_error_and_not_invented() -> None:
    with pytest.raises(ValueError, match="nobody of 400 simulated people"):
        followed.answers((), state="likely_helps", effect=-2.0, first=TODAY, days=5, zone=BERLIN)
