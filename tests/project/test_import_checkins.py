"""Import a daily series: where it is wrong, what is kept, and files that are no series at all."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cast import NOW, Cast
from tests.project.conftest import one_sentence
from unknot.journey.follow.actions import check_ins as follow
from unknot.journey.follow.models import DailyCheckIn, DoorCheckIn, SeriesImport
from unknot.journey.follow.reads import check_ins
from unknot.people.models import AuditEntry
from unknot.project.commands import Refused
from unknot.project.commands import import_checkins as command

GOOD = "date,pain,stress,sleep\n2026-03-25,4,2.5,7\n2026-03-26,,3,\n"
WRONG = "date,pain\n2026-03-24,11\n2026-03-25,4\n25.3.2026,4\n2026-03-28,1\n2026-03-25,5\n"


def load(text: str, *, keep: bool = False, email: str = "ana@example.org", **words: str) -> int:
    return command.import_checkins(
        text.splitlines(keepends=True),
        file_name="series.csv",
        email=email,
        keep_good_rows=keep,
        now=NOW,
        **words,
    )


def test_a_good_file_is_kept_as_it_is(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert load(GOOD, attribution="Somebody 2017", stress_is="worry") == 0
    rows = DailyCheckIn.objects.order_by("day").values_list("day", "pain", "stress", "sleep")
    assert [(day, *(None if v is None else float(v) for v in rest)) for day, *rest in rows] == [
        (date(2026, 3, 25), 4, 2.5, 7),
        (date(2026, 3, 26), None, 3, None),
    ]
    series = SeriesImport.objects.get()
    assert (series.client, series.attribution) == (cast.ana, "Somebody 2017")
    assert (series.stress_stand_in, series.file_name, series.rows) == ("worry", "series.csv", 2)
    assert "2 days of Ana kept." in capsys.readouterr().out
    assert AuditEntry.objects.filter(action="daily.imported", client=cast.ana).exists()


def test_wrong_rows_are_named_and_nothing_is_kept(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load(WRONG) == 2
    said = capsys.readouterr().err
    assert "line 2, column pain: '11' is not a number from 0 to 10" in said
    assert "line 4, column date: '25.3.2026' is not a date" in said
    assert "line 5, column date: 2026-03-28 lies in the future" in said
    assert "line 6, column date: 2026-03-25 was already on line 3" in said
    assert "Nothing was kept" in said
    assert not DailyCheckIn.objects.exists()
    assert not SeriesImport.objects.exists()


def test_the_good_rows_are_kept_when_asked(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert load(WRONG, keep=True) == 2
    assert DailyCheckIn.objects.get().day == date(2026, 3, 25)
    said = capsys.readouterr()
    assert "1 day of Ana kept." in said.out
    assert "line 2, column pain" in said.err


def test_a_file_without_any_good_row_keeps_nothing(cast: Cast) -> None:
    assert load("date,pain\n2026-03-24,x\n") == 2
    with pytest.raises(Refused, match="no row to import"):
        load("date,pain\n2026-03-24,x\n", keep=True)
    assert not SeriesImport.objects.exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "names no date and value columns"),
        ("\n\n", "names no date and value columns"),
        ("date\n2026-03-25\n", "names no date and value columns"),
        ("date,pain,name\n", "Unknown column 'name'"),
        ("date,pain,pain\n", "comes twice"),
        ('date,pain\n2026-03-25,"4\n', "is not CSV"),
        ("date,pain\n2026-03-25,\0\n", "NUL byte"),
    ],
)
def test_a_file_that_is_no_series_gets_one_sentence(cast: Cast, text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        load(text)
    assert one_sentence(str(refused.value))


def test_instants_moments_and_pain_killers_are_kept(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "at,pain,stiffness,mood,painkillers,moment\n"
        "2026-03-25T20:00+01:00,4,3,7,no,\n"
        "2026-03-25T09:00+01:00,6,,,yes,door\n"
    )
    assert load(text) == 0
    assert load(text) == 0
    assert "1 day and 1 before a session of Ana kept." in capsys.readouterr().out
    day, door = DailyCheckIn.objects.get(), DoorCheckIn.objects.get()
    assert (day.stiffness, day.mood, day.painkillers) == (3, 7, False)
    assert (door.pain, door.painkillers, door.appointment) == (6, True, None)
    assert [one.at.hour for one in check_ins.observations(cast.ana)] == [8, 19]


def test_an_unknown_client_gets_one_sentence(cast: Cast) -> None:
    with pytest.raises(Refused, match="No client has the account") as refused:
        load(GOOD, email="nobody@example.org")
    assert one_sentence(str(refused.value))


def test_staff_are_no_clients(cast: Cast) -> None:
    with pytest.raises(Refused):
        load(GOOD, email="tess@example.org")


def test_a_day_the_person_answered_is_never_replaced(cast: Cast) -> None:
    follow.save_daily(
        cast.user("ana"), cast.ana, pain=1, stress=None, sleep=None, now=NOW - timedelta(days=1)
    )
    with pytest.raises(Refused, match="2026-03-26 was already answered"):
        load(GOOD)
    assert DailyCheckIn.objects.count() == 1


def test_the_same_file_twice_keeps_each_day_once(cast: Cast) -> None:
    load(GOOD)
    load(GOOD)
    assert DailyCheckIn.objects.count() == 2


def test_many_problems_are_counted_and_not_all_listed(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    load("date,pain\n" + "today,1\n" * 80)
    said = capsys.readouterr().err
    assert said.count("column date") == command.LISTED
    assert "… and 30 more." in said


def test_a_hundred_thousand_rows_are_read_and_one_more_is_refused(cast: Cast) -> None:
    last = date(2026, 3, 26)
    rows = [f"{last - timedelta(days=n)},1\n" for n in range(100_000)]
    assert load("date,pain\n" + "".join(rows)) == 0
    assert DailyCheckIn.objects.count() == 100_000
    with pytest.raises(Refused, match="more than 100000 rows"):
        load("date,pain\n" + "".join(rows) + "1700-01-01,1\n")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "not a text file in UTF-8"),
        ("date,pain\n2026-03-25,4 \xe4\n".encode("latin-1"), "not a text file in UTF-8"),
        (b"x" * 10_000_001, "larger than 10 MB"),
    ],
)
def test_a_file_of_the_wrong_kind_gets_one_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "series.csv"
    path.write_bytes(content)
    with pytest.raises(Refused, match=sentence) as refused:
        command.read_lines(path)
    assert one_sentence(str(refused.value))


def test_no_file_and_a_folder_get_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There is no file"):
        command.read_lines(tmp_path / "none.csv")
    with pytest.raises(Refused, match="is not a file"):
        command.read_lines(tmp_path)


@pytest.mark.parametrize(("attribution", "stress"), [("x" * 501, ""), ("", "x" * 81)])
def test_words_that_are_too_long_are_refused(attribution: str, stress: str) -> None:
    with pytest.raises(Refused, match="up to"):
        command.check_words(attribution, stress)
