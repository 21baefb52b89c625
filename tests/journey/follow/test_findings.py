"""Fits as the worker makes them: whose, when, stored for good, and read back without NumPy."""

import subprocess
import sys
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.appointments import an_appointment
from tests.cast import NOW, TODAY, Cast
from unknot.interfaces.checkins.daily_csv import DayRow
from unknot.journey.book.actions import attendance
from unknot.journey.follow.actions import check_ins, findings
from unknot.journey.follow.models import Finding, Fit
from unknot.journey.follow.reads import findings as reads
from unknot.people.actions import agree, withdraw_consent
from unknot.people.models import Purpose


def days(cast: Cast, count: int, *, now: datetime = NOW) -> None:
    rows = [
        DayRow(line=n, day=TODAY - timedelta(days=n), pain=5 - n % 3, stress=3 + n % 2, sleep=6)
        for n in range(count)
    ]
    check_ins.import_days(cast.ana, rows, file_name="days.csv", actor=None, now=now)


@pytest.fixture(autouse=True)
def agreed(cast: Cast) -> None:
    agree(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)


def look(now: datetime = NOW) -> int:
    return findings.fit_due(now)


def test_an_answer_makes_a_finding_and_the_same_answers_make_no_second(cast: Cast) -> None:
    days(cast, 40)
    assert look(NOW + timedelta(minutes=1)) == 1
    stored = reads.stored(cast.ana)
    assert stored is not None
    assert {one.outcome for one in stored.found.verdicts} >= {"pain", "stress", "sleep"}
    assert [one.outcome for one in stored.found.strands] == ["pain", "stress", "sleep"]
    assert look(NOW + timedelta(minutes=2)) == 0
    assert look(NOW + timedelta(hours=21)) == 1  # the daily round looks again
    assert Finding.objects.count() == 1


def test_a_new_answer_makes_a_new_finding_and_the_old_one_stays(cast: Cast) -> None:
    days(cast, 40)
    look(NOW + timedelta(minutes=1))
    later = NOW + timedelta(days=1)
    check_ins.save_daily(cast.user("ana"), cast.ana, pain=1, stress=1, sleep=8, now=later)
    look(later + timedelta(minutes=1))
    assert Finding.objects.filter(client=cast.ana).count() == 2
    (before,) = reads.earlier(cast.ana)
    assert (before.check_ins, before.model_version) == (40, "1")
    assert Fit.objects.get(client=cast.ana).looked_at == later + timedelta(minutes=1)


def test_a_session_is_news_too(cast: Cast) -> None:
    days(cast, 10)
    look(NOW + timedelta(minutes=1))
    visit = an_appointment(cast)
    attendance.mark_attended(visit, actor=cast.user("tess"), now=visit.end)
    assert look(visit.end + timedelta(minutes=1)) == 1
    assert len(reads.course(cast.ana).sessions) == 1


def test_the_database_keeps_a_finding_as_it_was_made(cast: Cast) -> None:
    days(cast, 10)
    look()
    with pytest.raises(IntegrityError, match="a finding stays"), transaction.atomic():
        Finding.objects.update(model_version="2")
    cast.ana.finding_set.all().delete()


def test_another_model_version_is_fitted_anew(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    days(cast, 10)
    look()
    newer = findings.load().model_copy(update={"version": "2"})
    monkeypatch.setattr(findings, "load", lambda: newer)
    assert list(findings.fit([cast.ana], now=NOW)) == [True]
    assert reads.stored(cast.ana).model_version == "2"  # type: ignore[union-attr]


def test_who_takes_their_consent_back_is_not_fitted(cast: Cast) -> None:
    days(cast, 10)
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    assert look(NOW + timedelta(minutes=1)) == 0
    assert not Finding.objects.exists()


def test_the_second_of_two_workers_writes_nothing(cast: Cast) -> None:
    days(cast, 10)
    course = reads.course(cast.ana)
    wanted = findings.Wanted(cast.ana, course, course.fingerprint("1"))
    found = findings.analyse(course, findings.load())
    for _ in range(2):
        findings.keep(wanted, found, model_version="1", now=NOW)
    assert Finding.objects.count() == 1


def test_rows_that_cannot_be_right_keep_nobody_else_from_their_turn(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    days(cast, 10)
    good = findings.analyse

    def broken(course: object, model: object) -> object:
        raise findings.BadObservation("2026-01-01: 11, allowed 0 to 10")

    monkeypatch.setattr(findings, "analyse", broken)
    assert list(findings.fit([cast.ana], now=NOW)) == [False]
    assert "cannot be right" in caplog.text
    monkeypatch.setattr(findings, "analyse", good)
    assert list(findings.fit([cast.ana], now=NOW)) == [True]


def test_reading_costs_the_same_however_long_somebody_answers(cast: Cast) -> None:
    costs = []
    for count in (8, 90):
        days(cast, count)
        list(findings.fit([cast.ana], now=NOW))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert reads.stored(cast.ana) is not None
        costs.append(len(seen))
    assert costs == [2, 2]


def test_an_imported_day_stands_in_its_evening(cast: Cast) -> None:
    days(cast, 1)
    (only,) = reads.course(cast.ana).check_ins
    assert only.at.astimezone(cast.ana.practice.tz).hour == 19
    assert only.at.astimezone(cast.ana.practice.tz).date() == date.fromordinal(TODAY.toordinal())


def test_pages_are_served_without_numpy() -> None:
    code = (
        "import django, sys; django.setup();"
        "from unknot.project import urls;"
        "print(sorted({'numpy', 'scipy', 'joblib'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
