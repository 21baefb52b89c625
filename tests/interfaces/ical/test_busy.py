"""What a calendar blocks, and what is refused before it can do harm."""

import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from unknot.interfaces.ical import busy, lines
from unknot.interfaces.ical.busy import BusyCalendar, Unreadable

DATA = Path(__file__).resolve().parents[2] / "data" / "ical"
BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = datetime(2026, 3, 27, 8, tzinfo=UTC), datetime(2026, 5, 5, tzinfo=UTC)
START = "DTSTART:20260330T080000Z"
HOUR = "DURATION:PT1H"


def read(raw: bytes, zone: ZoneInfo = BERLIN) -> BusyCalendar:
    return busy.busy_periods(raw, zone=zone, first=FIRST, last=LAST)


def shown(found: BusyCalendar) -> list[str]:
    """Each busy time on Berlin's clock."""
    return [
        f"{one.uid} {one.period.start.astimezone(BERLIN):%m-%d %H:%M}"
        f" {one.period.end.astimezone(BERLIN):%m-%d %H:%M}{' ?' if one.tentative else ''}"
        for one in found.periods
    ]


def of_file(name: str) -> list[str]:
    return shown(read((DATA / name).read_bytes()))


def calendar(*parts: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""]).encode()


def event(*lines: str, uid: str = "a") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"])


def stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%S}Z"


# What blocks ----------------------------------------------------------------------------------


def test_free_cancelled_and_empty_entries_block_nothing_and_tentative_ones_say_so() -> None:
    assert of_file("kinds.ics") == [
        "busy 03-30 10:00 03-30 11:00",
        "tentative 03-31 10:00 03-31 11:30 ?",
        "outlook-tentative 04-01 10:00 04-01 11:00 ?",
        "outlook-away 04-02 10:00 04-02 11:00",
        "alarm 04-03 10:00 04-03 11:00",
    ]


def test_days_and_times_without_a_zone_are_the_practices() -> None:
    assert of_file("days-and-floating.ics") == [
        "before 03-25 22:00 03-27 12:00",
        "day 03-29 00:00 03-30 00:00",
        "floating 03-30 10:00 03-30 11:00",
        "to-midnight 03-31 18:00 04-01 00:00",
        "three-days 04-01 00:00 04-04 00:00",
        "whole-day-by-minutes 04-06 00:00 04-07 00:00",
    ]


def test_the_day_of_a_clock_change_is_as_long_as_it_is() -> None:
    (day,) = read(calendar(event("DTSTART;VALUE=DATE:20260329"))).periods
    assert day.period.length == timedelta(hours=23)
    (elsewhere,) = read(calendar(event("DTSTART;VALUE=DATE:20260329")), ZoneInfo("UTC")).periods
    assert elsewhere.period.length == timedelta(hours=24)


def test_zones_come_from_our_rules_and_only_else_from_the_file() -> None:
    assert of_file("zones.ics") == [
        "custom-weekly 03-30 10:00 03-30 11:00",
        "windows 03-31 10:00 03-31 11:00",
        "vendor 04-01 11:00 04-01 12:00",
        "known 04-02 16:00 04-02 17:00",
        "unknown 04-03 10:00 04-03 11:00",
        "custom-weekly 04-06 10:00 04-06 11:00",
    ]
    found = read((DATA / "zones.ics").read_bytes())
    assert found.warnings == (busy.UNKNOWN_ZONE,)


def test_one_calendar_does_not_change_how_the_next_is_read() -> None:
    named = event("DTSTART;TZID=Customized Time Zone:20260330T100000", HOUR)
    assert read((DATA / "zones.ics").read_bytes()).periods
    assert read(calendar(named), ZoneInfo("UTC")).warnings == (busy.UNKNOWN_ZONE,)


def test_series_with_left_out_moved_cancelled_and_following_dates() -> None:
    assert of_file("series.ics") == [
        "extra 03-30 07:00 03-30 07:30",
        "weekly 03-30 10:00 03-30 11:00",
        "extra 04-02 07:00 04-02 07:30",
        "extra 04-03 07:00 04-03 09:00",
        "weekly 04-14 15:00 04-14 17:00",
        "weekly 04-27 12:00 04-27 14:00",
        "old-daily 05-01 00:00 05-02 00:00",
        "moved-in 05-04 09:00 05-04 10:00",
        "weekly 05-04 12:00 05-04 14:00",
    ]


def test_published_busy_times() -> None:
    assert of_file("free-busy.ics") == [
        "fb 03-30 10:00 03-30 11:00",
        "fb 03-30 12:00 03-30 13:30",
        "fb 04-01 10:00 04-01 11:00 ?",
        "fb 04-02 10:00 04-02 11:00",
    ]


def test_elapsed_time_and_clock_faces_differ_on_the_night_of_a_change() -> None:
    night = "DTSTART;TZID=Europe/Berlin:20260328T230000"
    lasts = calendar(event(night, "DURATION:PT8H", "RRULE:FREQ=YEARLY"))
    ends = calendar(event(night, "DTEND;TZID=Europe/Berlin:20260329T070000", "RRULE:FREQ=YEARLY"))
    assert shown(read(lasts)) == ["a 03-28 23:00 03-29 08:00"]
    assert shown(read(ends)) == ["a 03-28 23:00 03-29 07:00"]


def test_of_two_versions_the_newer_counts_and_of_two_events_both() -> None:
    older = event(START, HOUR, "SEQUENCE:1")
    newer = event("DTSTART:20260331T080000Z", HOUR, "SEQUENCE:2")
    assert shown(read(calendar(newer, older))) == ["a 03-31 10:00 03-31 11:00"]
    assert len(read(calendar(event(START, HOUR), event(START, "DURATION:PT2H"))).periods) == 2


def test_an_entry_that_ends_before_it_starts_is_turned_round() -> None:
    found = read(calendar(event(START, "DTEND:20260330T070000Z")))
    assert shown(found) == ["a 03-30 09:00 03-30 10:00"]
    assert found.warnings == (busy.SWAPPED,)


def test_nothing_but_uid_and_times_is_kept() -> None:
    raw = (DATA / "kinds.ics").read_bytes()
    assert b"left knee" in raw
    assert "knee" not in repr(read(raw))
    assert "knee" not in repr(lines.read(raw))


def test_folds_in_the_middle_of_a_letter_and_of_a_time() -> None:
    raw = calendar(event("SUMMARY:Größe", START, HOUR))
    folded = raw.replace("ö".encode(), b"\xc3\r\n \xb6").replace(b"T08", b"T\r\n\t08")
    assert folded != raw
    assert shown(read(folded)) == ["a 03-30 10:00 03-30 11:00"]


def test_letters_of_an_older_encoding_do_no_harm() -> None:
    raw = calendar(event(START, HOUR, "SUMMARY:x")).replace(b"SUMMARY:x", b"SUMMARY:Gr\xf6\xdfe")
    assert shown(read(raw)) == ["a 03-30 10:00 03-30 11:00"]


# What is refused, or bounded ------------------------------------------------------------------

MANY = [datetime(2026, 3, 29, tzinfo=UTC) + timedelta(minutes=number) for number in range(100_000)]
NOISE = random.Random(7).randbytes(100_000)

REFUSED = {
    "secondly": (calendar(event(START, HOUR, "RRULE:FREQ=SECONDLY")), "more often"),
    "minutely": (calendar(event(START, HOUR, "RRULE:FREQ=MINUTELY")), "more often"),
    "never": (
        calendar(event(START, HOUR, "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30")),
        "more often",
    ),
    "many never": (
        calendar(
            *(
                event(START, HOUR, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", uid=str(number))
                for number in range(6_000)
            )
        ),
        "more often",
    ),
    "a count from the year 1": (
        calendar(event("DTSTART:00010101T000000Z", HOUR, "RRULE:FREQ=DAILY;COUNT=999999")),
        "more often",
    ),
    "many rules": (calendar(event(START, HOUR, *["RRULE:FREQ=HOURLY"] * 1000)), "more often"),
    "many moved": (
        calendar(
            event(START, HOUR, "RRULE:FREQ=DAILY"),
            *(
                event(f"RECURRENCE-ID;RANGE=THISANDFUTURE:{stamp(at)}", START, HOUR)
                for at in MANY[:5000]
            ),
        ),
        "more often",
    ),
    "dates": (calendar(event(START, HOUR, "RDATE:" + ",".join(map(stamp, MANY)))), "50000 dates"),
    "short lines": (calendar(event(START, HOUR, *["X"] * 1_000_000)), "400000 lines"),
    "entries": (calendar(*[event(START)] * 20_001), "20000 entries"),
    "size": (b"BEGIN:VCALENDAR\n" + b"x" * 5_000_000, "larger than 5000000"),
    "depth": (b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 300_000, "nested more than 8"),
    "zone of seconds": (
        calendar(
            *("BEGIN:VTIMEZONE", "TZID:q", "BEGIN:STANDARD", "DTSTART:16010101T000000"),
            *("TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "RRULE:FREQ=SECONDLY", "END:STANDARD"),
            "END:VTIMEZONE",
        ),
        "more often",
    ),
    "empty zone": (calendar("BEGIN:VTIMEZONE", "TZID:q", "END:VTIMEZONE"), "time zone"),
    "year 0": (calendar(event("DTSTART:00000101T000000Z")), "time in the calendar"),
    "30 February": (calendar(event("DTSTART:20260230T080000Z")), "time in the calendar"),
    "folded dates": (
        calendar(event(START, HOUR, "RDATE:2" + "\r\n 0" * 1_000_000)),
        "time in the calendar",
    ),
    "moved far": (
        calendar(
            event(START, HOUR, "RRULE:FREQ=DAILY"),
            event("RECURRENCE-ID:00010101T000000Z", "DTSTART:99991231T000000Z"),
        ),
        "time in the calendar",
    ),
    "long": (calendar(event(START, "DURATION:P99999W", "RRULE:FREQ=DAILY")), "longer than a year"),
    "no start": (calendar(event("DTEND:20260330T080000Z")), "no start"),
    "other calendar": (calendar("CALSCALE:CHINESE", event(START)), "Gregorian"),
    "broken off": (calendar(event(START, HOUR))[:-15], "breaks off"),
    "no end at all": (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + START.encode(), "breaks off"),
    "wrong end": (calendar("BEGIN:VEVENT", "END:VTODO"), "did not begin"),
    "one end too many": (calendar() + b"END:VCALENDAR\n", "did not begin"),
    "empty": (b"", "empty"),
    "blank": (b"\xef\xbb\xbf \r\n\r\n", "empty"),
    "web page": ((DATA / "page.html").read_bytes(), "web page"),
    "noise": (NOISE, "not a calendar"),
    "two bytes a letter": (calendar().decode().encode("utf-16"), "not a calendar"),
    "no letters": (b"BEGIN:VCALENDAR\xff\xfe" + b"\xff" * 1000, "not a calendar|breaks off"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_calendars_are_refused_with_one_sentence_and_soon(name: str) -> None:
    raw, sentence = REFUSED[name]
    began = time.process_time()
    with pytest.raises(Unreadable, match=sentence) as refused:
        read(raw)
    # Without the limits these take minutes to years; the bound leaves room for a busy machine.
    assert time.process_time() - began < 20
    text = str(refused.value)
    assert text.endswith(".")
    assert "\n" not in text
    assert len(text) < 120
    assert text == refused.value.sentence % refused.value.facts


BOUNDED = {
    "hourly": (event(START, "DURATION:PT5M", "RRULE:FREQ=HOURLY"), 856),
    "never in years": (event(START, HOUR, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), 1),
    "weekly since the year 1": (event("DTSTART:00010101T100000Z", HOUR, "RRULE:FREQ=WEEKLY"), 6),
    "until before the start": (event(START, HOUR, "RRULE:FREQ=DAILY;UNTIL=20200101"), 0),
    "all of time": (event("DTSTART;VALUE=DATE:00010101", "DTEND;VALUE=DATE:99991231"), 1),
    "last day": (event("DTSTART;VALUE=DATE:99991231"), 0),
    "beyond the last day": (event("DTSTART:99991231T235959Z", "DURATION:P9999W"), 0),
    "folds": (event(START, HOUR, "DESCRIPTION:a" + "\r\n x" * 1_000_000), 1),
    "quotes": (event(START, HOUR, 'DTEND;X="' + '";X="' * 300_000 + ":2"), 1),
    "parameters": (event("DTSTART" + ";X=y" * 300_000 + ":20260330T080000Z", HOUR), 1),
    "path": (event("DTSTART;TZID=../../etc/hosts:20260330T080000", HOUR), 1),
    "long name of a zone": (event("DTSTART;TZID=" + "x/" * 4000 + "y:20260330T080000", HOUR), 1),
    "free without a time": (event("DTSTART:nonsense", "TRANSP:TRANSPARENT"), 0),
    "published to the end of time": (
        "BEGIN:VFREEBUSY\nFREEBUSY:99991231T080000Z/P3D\nEND:VFREEBUSY",
        0,
    ),
}


@pytest.mark.parametrize("name", BOUNDED)
def test_odd_calendars_are_read_within_bounds(name: str) -> None:
    part, expected = BOUNDED[name]
    began = time.process_time()
    assert len(read(calendar(part)).periods) == expected
    assert time.process_time() - began < 20


def test_a_calendar_of_all_of_time_is_cut_a_year_beyond_the_span() -> None:
    part, _ = BOUNDED["all of time"]
    (entry,) = read(calendar(part)).periods
    assert entry.period.start == FIRST - timedelta(days=366)
    assert entry.period.end == LAST + timedelta(days=366)


def test_thousands_of_entries_are_still_read() -> None:
    parts = [
        event(f"DTSTART:{stamp(MANY[number])}", HOUR, uid=str(number)) for number in range(4_000)
    ]
    assert len(read(calendar(*parts)).periods) == 4_000


def test_a_span_needs_two_aware_times_in_order() -> None:
    for first, last in ((LAST, FIRST), (FIRST.replace(tzinfo=None), LAST)):
        with pytest.raises(ValueError, match="two aware times"):
            busy.busy_periods(calendar(), zone=BERLIN, first=first, last=last)
