"""One's own check-ins as a file: read back, they are the same."""

from datetime import datetime, timedelta

from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, TODAY, Cast, at
from unknot.interfaces.checkins.daily_csv import DayRow, Reading, read
from unknot.journey.follow.actions.check_ins import import_days, save_daily
from unknot.journey.follow.actions.door import save_door
from unknot.journey.follow.reads import check_ins as reads
from unknot.people.models import AuditEntry

PAGE = reverse("interfaces:check-ins")


def answers_of_ana(cast: Cast) -> None:
    """An own day, an own check-in at the door, and an imported day without an hour."""
    visit = an_appointment(cast, start=at(10), now=NOW - timedelta(days=7))
    ana, door = cast.user("ana"), NOW - timedelta(minutes=1, microseconds=7)
    save_daily(ana, cast.ana, pain=4, mood=6, painkillers=False, now=at(20, days=-1))
    save_door(ana, visit, stiffness=7, stress=0, sleep=10, painkillers=True, now=door)
    day = DayRow(line=2, day=TODAY - timedelta(days=3), pain=3.33, sleep=0)
    import_days(cast.ana, [day], file_name="days.csv", actor=None, now=NOW)


def exported(cast: Cast, browser: Browser) -> tuple[str, Reading]:
    browser.force_login(cast.user("ana"))
    text = browser.get(PAGE).content.decode()
    return text, read(text.splitlines(keepends=True), now=NOW, zone=cast.practice.tz)


def test_what_is_saved_as_a_file_is_the_same_when_it_is_read_back(
    cast: Cast, client: Browser, now: datetime
) -> None:
    answers_of_ana(cast)
    _text, found = exported(cast, client)
    assert not found.problems
    import_days(cast.ben, found.rows, file_name="check-ins.csv", actor=None, now=NOW)
    assert len(found.rows) == 3
    assert reads.observations(cast.ben) == reads.observations(cast.ana)


def test_no_cell_can_be_a_formula(cast: Cast, client: Browser, now: datetime) -> None:
    answers_of_ana(cast)
    text, _found = exported(cast, client)
    cells = [cell for line in text.splitlines() for cell in line.split(",")]
    assert len(cells) == 4 * 8
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t")]


def test_it_is_written_down_and_not_cached(cast: Cast, client: Browser, now: datetime) -> None:
    client.force_login(cast.user("ana"))
    answer = client.get(PAGE)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert AuditEntry.objects.get(action="daily.exported").client == cast.ana


def test_without_an_answer_there_is_the_first_line(
    cast: Cast, client: Browser, now: datetime
) -> None:
    text, found = exported(cast, client)
    assert text == "at,pain,stiffness,stress,sleep,mood,painkillers,moment\r\n"
    assert found == Reading(rows=(), problems=())
