"""NPPES files: what is read of the real ones, and one sentence for each that cannot be used."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.credentials.standing import RosterCredential
from unknot.interfaces.rosters import nppes
from unknot.interfaces.rosters.nppes import NotARoster, Problem, Skipped, is_npi, read

DATA = Path(__file__).resolve().parents[1] / "data"
API, BULK = DATA / "nppes_api.json", DATA / "nppes_bulk.csv"


def header() -> list[str]:
    return next(csv.reader(io.StringIO(BULK.read_text())))


def row(**changes: str) -> dict[str, str]:
    """The sample's record under the bulk file's names, with some cells changed."""
    values = next(csv.DictReader(io.StringIO(BULK.read_text())))
    names = {"npi": nppes.NPI, "kind": nppes.KIND, "last": nppes.LAST, "first": nppes.FIRST}
    names |= {"off": nppes.DEACTIVATED, "on": nppes.REACTIVATED}
    names |= {"licence": nppes.LICENCE.format(1), "state": nppes.STATE.format(1)}
    names |= {"taxonomy": nppes.TAXONOMY.format(1), "taxonomy2": nppes.TAXONOMY.format(2)}
    names |= {"licence2": nppes.LICENCE.format(2)}
    return values | {names[name]: value for name, value in changes.items()}


def bulk(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, header(), quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    return path


def npi(first_nine: str) -> str:
    return next(first_nine + str(last) for last in range(10) if is_npi(first_nine + str(last)))


def answer(path: Path, **changes: object) -> Path:
    """The API's answer with the first record changed."""
    whole = json.loads(API.read_text())
    whole["results"][0] |= changes
    path.write_text(json.dumps(whole))
    return path


@pytest.mark.parametrize("path", [API, BULK], ids=["api", "bulk"])
def test_the_real_shapes_give_two_unchecked_licences(path):
    found = list(read(path))
    assert all(isinstance(one, RosterCredential) for one in found)
    assert [(one.jurisdiction, one.number) for one in found] == [
        ("US-GA", "MT000001"),
        ("US-AK", "000002"),
    ]
    assert {(one.holder, one.title, one.source) for one in found} == {
        ("ALEX SAMPLE", "Massage Therapist", "nppes")
    }
    assert found[0].source_key == "1234567893:GA:MT000001"


@pytest.mark.parametrize("path", [API, BULK], ids=["api", "bulk"])
def test_no_address_is_taken_over(path):
    raw = json.dumps([dict(one.raw) for one in read(path)])
    assert "ANCHORAGE" not in raw
    assert "99501" not in raw
    assert "1234567893" in raw


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("1234567893", True),
        ("1234567890", False),
        ("1234567839", False),
        ("3234567893", False),
        ("123456789", False),
        ("12345678930", False),
        ("", False),
        ("12345678٣3", False),
    ],
)
def test_an_npi_is_ten_digits_with_its_check_digit(number, good):
    assert is_npi(number) is good


@given(st.integers(100_000_000, 299_999_999), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(first_nine, place, other):
    good = npi(str(first_nine))
    digit = str((int(good[place]) + other) % 10)
    assert not is_npi(good[:place] + digit + good[place + 1 :])


@pytest.mark.parametrize(
    ("changes", "column", "part"),
    [
        ({"npi": "1234567890"}, "NPI", "'1234567890' is no NPI"),
        ({"npi": ""}, "NPI", "nothing is no NPI"),
        ({"kind": "3"}, "Entity Type Code", "expected 1 or 2"),
        ({"last": ""}, "Provider Last Name (Legal Name)", "the name is missing"),
        ({"last": "x" * 161}, "Provider Last Name (Legal Name)", "161 characters"),
        ({"first": "A\x07B"}, "Provider First Name", "cannot be printed"),
        ({"state": "Georgia"}, "Provider License Number State Code_1", "two letters"),
        ({"state": ""}, "Provider License Number State Code_1", "found nothing"),
        ({"licence": "9" * 61}, "Provider License Number_1", "61 characters"),
        ({"off": "2015-13-01"}, "NPI Deactivation Date", "expected a date"),
        ({"on": "02/30/2019"}, "NPI Reactivation Date", "expected a date"),
    ],
)
def test_a_wrong_cell_is_named_with_line_and_column(tmp_path, changes, column, part):
    good = row(npi=npi("198765432"))
    found = list(read(bulk(tmp_path / "file.csv", good, row(**changes))))
    assert [type(one) for one in found] == [RosterCredential, RosterCredential, Problem]
    problem = found[-1]
    assert isinstance(problem, Problem)
    assert (problem.line, problem.column) == (3, column)
    assert part in problem.reason
    assert str(problem).startswith(f'line 3, column "{column}": ')


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "2"}, "an organisation"),
        ({"off": "01/14/2020"}, "deactivated"),
        ({"off": "01/14/2020", "on": "", "kind": "", "last": ""}, "deactivated"),
        ({"taxonomy": "207Q00000X", "taxonomy2": ""}, "another profession"),
        ({"licence": "", "licence2": ""}, "no licence number"),
    ],
)
def test_who_is_not_meant_is_passed_over(tmp_path, changes, reason):
    assert list(read(bulk(tmp_path / "file.csv", row(**changes)))) == [
        Skipped(line=2, reason=reason)
    ]


def test_the_same_npi_twice_is_a_problem(tmp_path):
    found = list(read(bulk(tmp_path / "file.csv", row(), row())))
    assert isinstance(found[-1], Problem)
    assert found[-1].reason == "NPI 1234567893 was in line 2 already."


def test_a_line_break_inside_a_cell_does_not_shift_the_lines(tmp_path):
    path = bulk(
        tmp_path / "file.csv",
        row(taxonomy="207Q00000X", taxonomy2="", last="Two\nlines"),
        row(npi="5"),
    )
    assert [(type(one), one.line) for one in read(path)] == [(Skipped, 2), (Problem, 4)]


def test_a_row_of_another_width_is_a_problem(tmp_path):
    path = bulk(tmp_path / "file.csv", row())
    path.write_text(path.read_text() + '"1","2"\n')
    problem = list(read(path))[-1]
    assert str(problem) == f"line 3: 2 cells, the first line has {len(header())}."


def test_a_quote_that_never_closes_is_a_problem(tmp_path):
    path = bulk(tmp_path / "file.csv", row())
    path.write_text(path.read_text() + '"1234567893,1\n')
    assert "no CSV row" in str(list(read(path))[-1])


JUNK = {
    "empty": (b"", "empty"),
    "blank": (b" \n\n", "empty"),
    "zip": (b"PK\x03\x04rest", "zip archive"),
    "gzip": (b"\x1f\x8b\x08rest", "gzip"),
    "utf-16": ("NPI,x".encode("utf-16"), "UTF-16"),
    "zero bytes": (b"NPI\x00,x\n", "zero bytes"),
    "picture": (b"\x89PNG\r\n\x1a\n\xff\xd8rest", "UTF-8"),
    "prose": (b"Dear reader,\nthis is a letter.\n", 'no column "NPI"'),
    "other roster": (b"licensetype,lastname,firstname\n1,2,3\n", "more are missing"),
    "list": (b"[1, 2]", '"results"'),
    "no results": (b'{"Errors": [{"description": "no"}]}', '"results"'),
    "broken json": (b'{"results": [', "not JSON: line 1"),
    "deep json": (b"[" * 200_000, "nests deep"),
    "unfinished header": (b'"NPI,x\n', "no list of columns"),
    "ten megabytes": (b"x" * 10_000_000, "longer than any line"),
}


@pytest.mark.parametrize("name", JUNK)
def test_a_file_that_is_no_roster_is_refused_in_one_sentence(tmp_path, name):
    content, part = JUNK[name]
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(NotARoster) as refused:
        list(read(path))
    assert part in str(refused.value)
    assert "\n" not in str(refused.value)


def test_bytes_that_are_not_utf_8_are_refused_wherever_they_stand(tmp_path):
    path = bulk(tmp_path / "file.csv", row())
    path.write_bytes(path.read_bytes() + b'"\xe9"\n' * 9_000)
    with pytest.raises(NotARoster, match="not UTF-8"):
        list(read(path))


def test_a_zero_byte_far_into_the_file_is_refused(tmp_path):
    path = bulk(tmp_path / "file.csv", row())
    path.write_bytes(path.read_bytes() + b'"\x00"\n')
    with pytest.raises(NotARoster, match="zero byte"):
        list(read(path))


def test_a_column_that_comes_twice_is_refused(tmp_path):
    path = tmp_path / "file.csv"
    text = BULK.read_text().splitlines()
    path.write_text(f'{text[0]},"NPI"\n{text[1]},"1"\n')
    with pytest.raises(NotARoster, match='column "NPI" comes twice'):
        list(read(path))


def test_a_byte_order_mark_is_no_obstacle(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(b"\xef\xbb\xbf" + BULK.read_bytes())
    assert len(list(read(path))) == 2


def test_a_number_written_as_text_is_the_same_npi(tmp_path):
    found = list(read(answer(tmp_path / "a.json", number="1234567893")))
    assert [one.source_key for one in found] == [one.source_key for one in read(API)]


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"number": 12}, "results[0].number"),
        ({"number": True}, "results[0].number"),
        ({"number": [1]}, "results[0].number"),
        ({"basic": None}, "results[0].basic"),
        ({"basic": {"last_name": 5.5}}, "results[0].basic.last_name"),
        ({"taxonomies": {"a": 1}}, "results[0].taxonomies"),
        ({"taxonomies": ["a"]}, "results[0].taxonomies[0]"),
        (
            {"taxonomies": [{"code": "225700000X", "license": "1", "state": None}]},
            "results[0].taxonomies[0].state",
        ),
    ],
)
def test_a_wrong_value_of_the_api_is_named_with_its_path(tmp_path, changes, column):
    (found,) = read(answer(tmp_path / "a.json", **changes))
    assert isinstance(found, Problem)
    assert (found.line, found.column) == (1, column)


def test_a_problem_names_the_line_in_which_its_record_begins(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(
        '{"note": "\\"results\\": [",\n "results": [\n  5,\n  {"results": [1]},\n\n  "x"\n ]}'
    )
    assert [one.line for one in read(path)] == [3, 4, 6]


def test_a_file_that_is_gone_is_no_silence(tmp_path):
    path = tmp_path / "gone"
    shutil.copy(BULK, path)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        list(read(path))
