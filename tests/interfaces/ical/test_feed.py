"""A feed as bytes, and as khal reads it: new, moved, cancelled."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from unknot.interfaces.ical.feed import Entry, feed, file_of

CONFIG = """
[calendars]
[[own]]
path = {here}/own
[locale]
local_timezone = Europe/Berlin
default_timezone = Europe/Berlin
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
default_calendar = own
[sqlite]
path = {here}/khal.db
"""


def entry(uid: str, start: datetime, *, sequence: int = 0, cancelled: bool = False) -> Entry:
    return Entry(
        uid=f"{uid}@unknot",
        start=start,
        end=start + timedelta(hours=1),
        changed_at=datetime(2026, 3, 27, 8, sequence, tzinfo=UTC),
        sequence=sequence,
        cancelled=cancelled,
        tentative=False,
        location="Lindenweg, Lindenweg 4",
    )


WINTER = entry("winter", datetime(2026, 3, 27, 9, tzinfo=UTC))
SUMMER = entry("summer", datetime(2026, 3, 30, 8, tzinfo=UTC))


class Khal:
    """khal with a calendar of its own, away from the network and the home directory."""

    def __init__(self, here: Path) -> None:
        self._here = here
        (here / "own").mkdir()
        (here / "config").write_text(CONFIG.format(here=here))

    def run(self, *words: str) -> str:
        program = Path(sys.executable).with_name("khal")
        done = subprocess.run(
            [program, "-c", self._here / "config", *words],
            env={"PATH": os.environ["PATH"], "HOME": str(self._here), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return done.stdout

    def reads(self, calendar: bytes) -> list[str]:
        """Import a calendar and return what the next days show."""
        (self._here / "feed.ics").write_bytes(calendar)
        self.run("import", "--batch", str(self._here / "feed.ics"))
        line = "{start} {end-time} {title} {status}"
        listed = self.run("list", "--day-format", "", "--format", line, "2026-03-26", "10d")
        return [line.strip() for line in listed.splitlines() if line.strip()]


@pytest.fixture
def khal(tmp_path: Path) -> Khal:
    return Khal(tmp_path)


def test_the_same_appointments_give_the_same_bytes_in_any_order() -> None:
    assert feed([SUMMER, WINTER], name="Appointments") == feed(
        [WINTER, SUMMER], name="Appointments"
    )


def test_a_feed_is_published_under_a_name_and_says_how_often_to_ask() -> None:
    text = feed([SUMMER], name="Appointments").decode()
    for line in (
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Appointments",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "DTSTART:20260330T080000Z",
        "DTSTAMP:20260327T080000Z",
        "LAST-MODIFIED:20260327T080000Z",
        "CLASS:PRIVATE",
        "SUMMARY:Appointment",
    ):
        assert f"\r\n{line}\r\n" in text


def test_what_is_not_confirmed_yet_is_tentative() -> None:
    waiting = replace(SUMMER, tentative=True)
    assert b"STATUS:TENTATIVE" in file_of(waiting)
    assert b"STATUS:CONFIRMED" in file_of(SUMMER)
    assert b"STATUS:CANCELLED" in file_of(replace(waiting, cancelled=True))


def test_a_cancelled_appointment_stays_in_the_feed() -> None:
    gone = entry("summer", SUMMER.start, sequence=2, cancelled=True)
    (event,) = Calendar.from_ical(feed([gone], name="Appointments")).walk("VEVENT")
    assert (str(event["uid"]), str(event["status"])) == ("summer@unknot", "CANCELLED")
    assert event["sequence"] == 2


def test_an_empty_feed_is_a_calendar() -> None:
    assert Calendar.from_ical(feed([], name="Appointments")).walk("VEVENT") == []


def test_khal_shows_moves_and_marks_what_the_feed_says(khal: Khal) -> None:
    assert khal.reads(feed([WINTER, SUMMER], name="Appointments")) == [
        "2026-03-27 10:00 11:00 Appointment CONFIRMED",  # before the clock change
        "2026-03-30 10:00 11:00 Appointment CONFIRMED",  # and after
    ]
    later = SUMMER.start + timedelta(hours=4)
    moved = entry("summer", later, sequence=1)
    assert khal.reads(feed([WINTER, moved], name="Appointments"))[1:] == [
        "2026-03-30 14:00 15:00 Appointment CONFIRMED"
    ]
    gone = entry("summer", later, sequence=2, cancelled=True)
    assert khal.reads(file_of(gone))[1:] == ["2026-03-30 14:00 15:00 Appointment CANCELLED"]
