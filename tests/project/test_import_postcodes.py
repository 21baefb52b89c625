"""Loading a table of postcodes: two layouts, wrong rows, nothing half-imported."""

import argparse
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import OperationalError, connection, models

from tests.cast import NOW
from unknot.interfaces.postcodes import PostcodeRow
from unknot.journey.choose.actions import places
from unknot.journey.choose.models import Postcode
from unknot.people.models import AuditEntry
from unknot.project.commands import Refused, import_data, import_postcodes

pytestmark = pytest.mark.django_db(transaction=True)

BERLIN = PostcodeRow(code="10115", place="Berlin", latitude=52.5323, longitude=13.3846)
HEADER = "postcode,place,latitude,longitude\n"
GOOD = HEADER + '10115,Berlin,52.5323,13.3846\n"80 331","München, Altstadt",48.137,11.575\n'
GEONAMES = (
    "DE\t10115\tBerlin\tBerlin\tBE\t\t00\tBerlin\t11000\t52.5323\t13.3846\t4\n"
    "DE\t10115\tMitte\tBerlin\tBE\t\t00\tBerlin\t11000\t52.53\t13.38\t4\n"
    "AT\t1010\tWien\tWien\t09\t\t\t\t\t48.2077\t16.3705\t4\n"
)


def load(tmp_path: Path, text: str | bytes, *, keep: bool = False, country: str = "DE") -> int:
    """Import a file with this text."""
    path = tmp_path / "postcodes.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return import_postcodes.import_postcodes(path, country, keep_good_rows=keep)


def known() -> dict[str, tuple[str, float, float]]:
    """What the table of DE has."""
    rows = Postcode.objects.filter(country="DE")
    return {row.code: (row.place, row.latitude, row.longitude) for row in rows}


def test_a_csv_file_becomes_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert load(tmp_path, "\ufeff" + GOOD) == 0
    assert known() == {
        "10115": ("Berlin", 52.5323, 13.3846),
        "80331": ("München, Altstadt", 48.137, 11.575),
    }
    assert "2 postcodes of DE kept." in capsys.readouterr().out


def test_semicolons_and_other_columns_are_fine(tmp_path: Path) -> None:
    text = "id;Latitude;Longitude;Place;Postcode\n7;52.5;13.4;Berlin;10115\n\n"
    assert load(tmp_path, text) == 0
    assert known() == {"10115": ("Berlin", 52.5, 13.4)}


def test_geonames_gives_the_rows_of_one_country_each_postcode_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load(tmp_path, GEONAMES) == 0
    assert known() == {"10115": ("Berlin", 52.5323, 13.3846)}
    said = capsys.readouterr().out
    assert "1 postcodes of DE kept; 1 further rows name a postcode once more." in said
    assert "1 rows of other countries passed over." in said


def test_blanks_around_a_number_are_as_little_as_around_a_place(tmp_path: Path) -> None:
    assert load(tmp_path, HEADER + "10115 , Berlin , -2.5 , 013\n") == 0
    assert known() == {"10115": ("Berlin", -2.5, 13.0)}


@pytest.mark.parametrize(
    ("country", "written", "code"),
    [
        ("DE", "D-10115", "10115"),
        ("DE", "１０１１５", "10115"),
        ("US", "90210-1234", "90210"),
        ("GB", "N1 9GU", "N19GU"),
        ("GB", "N1", "N1"),
    ],
)
def test_a_postcode_is_kept_as_it_is_looked_up(
    tmp_path: Path, country: str, written: str, code: str
) -> None:
    assert load(tmp_path, f"{HEADER}{written},Place,50,10\n", country=country) == 0
    assert Postcode.objects.get(country=country).code == code


def test_a_piece_of_a_british_postcode_is_no_other_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load(tmp_path, HEADER + "N1 9,London,51.5,-0.1\n", country="GB") == 2
    assert "line 2: 'N1 9' is no postcode" in capsys.readouterr().err


def test_a_newer_file_takes_the_place_of_the_country_alone(tmp_path: Path) -> None:
    load(tmp_path, GEONAMES, country="AT")
    load(tmp_path, GOOD)
    assert load(tmp_path, HEADER + "20095,Hamburg,53.55,10.0\n") == 0
    assert known().keys() == {"20095"}
    assert Postcode.objects.filter(country="AT").count() == 1


def test_who_changed_the_table_and_when_is_written_down(tmp_path: Path) -> None:
    load(tmp_path, GOOD + "wrong\n")
    assert not AuditEntry.objects.exists()
    load(tmp_path, GOOD)
    entry = AuditEntry.objects.get(action="postcodes.imported")
    assert (entry.actor, entry.reason) == (None, "DE: 2 kept")


def test_a_second_import_waits_for_the_first_of_the_same_country() -> None:
    def try_at_once(country: str) -> str:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            places.replace_postcodes(country, [BERLIN], now=NOW)
        except OperationalError:
            return "waits"
        finally:
            connection.close()
        return "done"

    def rows() -> Iterator[PostcodeRow]:
        with ThreadPoolExecutor(1) as other:
            ended.extend(other.map(try_at_once, ["DE", "AT"]))
        yield BERLIN

    ended: list[str] = []
    places.replace_postcodes("DE", rows(), now=NOW)
    assert ended == ["waits", "done"]


WRONG = {
    "10115,Berlin,north,13.4": "'north' is no latitude in degrees",
    "10115,Berlin,95,13.4": "the latitude 95 is not between -90 and 90",
    "10115,Berlin,52.5,nan": "'nan' is no longitude in degrees, such as 52.53",
    "10115,Berlin,5_2.5,13.4": "'5_2.5' is no latitude in degrees",
    "10115,Berlin,1e1,13.4": "'1e1' is no latitude in degrees",
    "10115,Berlin,52.5,１３": "'１３' is no longitude in degrees",
    "10115,Berlin,52.,13": "'52.' is no latitude in degrees",
    "10115,Berlin,52.5,-181": "the longitude -181 is not between -180 and 180",
    "10115,Ber\x07lin,52.5,13.4": "the place has a character that cannot be printed",
    "10115,Ber\u202elin,52.5,13.4": "the place has a character that cannot be printed",
    "10115,Ber\rlin,52.5,13.4": "a carriage return stands in the middle of it",
    "10115,,52.5,13.4": "the place has to have 1 to 120 characters",
    "10/115,Berlin,52.5,13.4": "is no postcode",
    ",Berlin,52.5,13.4": "is no postcode",
    "10115,Berlin,52.5": "it has 3 columns instead of 4",
    "10115,Ber\x00lin,52.5,13.4": "it has a NUL byte",
    "1" * 20_000: "it has more than 10000 characters",
}


@pytest.mark.parametrize("row", WRONG, ids=[str(number) for number in range(len(WRONG))])
def test_a_wrong_row_is_named_and_keeps_the_old_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str
) -> None:
    load(tmp_path, HEADER + "20095,Hamburg,53.55,10.0\n")
    text = f"{GOOD}{row}\n99999,After,50,10\n"
    assert load(tmp_path, text) == 2
    said = capsys.readouterr().err
    assert "line 4: " in said
    assert WRONG[row] in said
    assert "Nothing was kept: 1 rows cannot be right." in said
    assert known().keys() == {"20095"}
    assert load(tmp_path, text, keep=True) == 2
    assert known().keys() == {"10115", "80331", "99999"}


def test_bytes_that_are_no_utf_8_are_a_wrong_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load(tmp_path, GOOD.encode() + b"80333,M\xfcnchen,48.1,11.5\n") == 2
    assert "line 4: it is not text in UTF-8" in capsys.readouterr().err
    assert not known()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "names no column postcode, place, latitude, longitude"),
        (b"code,town\n1,2\n", "names no column postcode, place, latitude, longitude"),
        (b"postcode,place,latitude,longitude,place\n", "names place twice"),
        (b"\xff\xfe\x00", "line 1: it has a NUL byte"),
        (GOOD.replace("\n", "\r").encode(), "its lines end with a carriage return alone"),
        (GEONAMES.replace("\n", "\r").encode(), "its lines end with a carriage return alone"),
        (b"postcode," + b"x" * 9_000 + b"\rplace", "its lines end with a carriage return alone"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        load(tmp_path, text)


def test_a_file_without_this_country_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(tmp_path, GOOD)
    assert load(tmp_path, GEONAMES.replace("DE\t", "FR\t")) == 2
    assert "no postcode of DE" in capsys.readouterr().err
    assert len(known()) == 2


def test_only_so_many_wrong_rows_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_postcodes, "LISTED", 3)
    load(tmp_path, HEADER + "x\n" * 10)
    said = capsys.readouterr().err
    assert said.count("line ") == 3
    assert "… and 7 more." in said


def test_a_large_file_is_read_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def counted(self: models.QuerySet[Postcode], rows: list[Postcode], **_: object) -> None:
        assert len(rows) <= 5000

    monkeypatch.setattr(models.QuerySet, "bulk_create", counted)
    text = HEADER + "".join(f"{number},Place,50.5,10.5\n" for number in range(100_000))
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    (tmp_path / "postcodes.csv").write_text(text)
    del text
    tracemalloc.reset_peak()
    path = tmp_path / "postcodes.csv"
    assert import_postcodes.import_postcodes(path, "DE", keep_good_rows=False) == 0
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize("country", ["D", "DEU", "D1", ""])
def test_a_country_is_two_letters(tmp_path: Path, country: str) -> None:
    with pytest.raises(Refused, match="two letters"):
        import_postcodes.check(tmp_path, country)


def test_it_is_a_kind_of_import() -> None:
    parser = argparse.ArgumentParser()
    import_data.add_arguments(parser)
    options = parser.parse_args(["postcodes", "file.csv", "--country", "DE"])
    assert (options.kind, options.country, options.keep_good_rows) == ("postcodes", "DE", False)
