"""NPPES files: what is read of the real ones, and what is said of each record that is not."""

import json
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.interfaces.rosters.files import API, BULK, JUNK, answer, bulk, header, items, npi, row
from unknot.domain.credentials.roster import RosterRow
from unknot.interfaces.rosters import nppes
from unknot.interfaces.rosters.nppes import is_npi
from unknot.interfaces.rosters.rows import NotARoster, Place, Problem, Skipped
from unknot.interfaces.rosters.sources import read


@pytest.mark.parametrize("path", [API, BULK], ids=["api", "bulk"])
def test_the_real_shapes_give_two_unchecked_licences(path):
    found = items(path)
    assert [(one.jurisdiction, one.number) for one in found] == [
        ("US-GA", "MT000001"),
        ("US-AK", "000002"),
    ]
    assert {(one.holder, one.kind, one.title) for one in found} == {
        ("ALEX SAMPLE", "licence", "Massage Therapist")
    }
    assert found[0].key == "1234567893:GA:MT000001"
    for one in found:
        assert (one.status, one.discipline) == ("unknown", "unknown")
        assert (one.issued_on, one.expires_on) == (None, None)


@pytest.mark.parametrize("path", [API, BULK], ids=["api", "bulk"])
def test_no_address_is_taken_over(path):
    raw = json.dumps([dict(one.raw) for one in items(path)])
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
    found = items(bulk(tmp_path / "file.csv", good, row(**changes)))
    assert [type(one) for one in found] == [RosterRow, RosterRow, Problem]
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
    assert items(bulk(tmp_path / "file.csv", row(**changes))) == [Skipped(line=2, reason=reason)]


def test_a_line_break_inside_a_cell_does_not_shift_the_lines(tmp_path):
    path = bulk(
        tmp_path / "file.csv",
        row(taxonomy="207Q00000X", taxonomy2="", last="Two\nlines"),
        row(npi="5"),
    )
    assert [(type(one), one.line) for one in items(path)] == [(Skipped, 2), (Problem, 4)]


def test_a_line_that_names_no_massage_therapist_is_not_looked_at(tmp_path):
    other = row(taxonomy="207Q00000X", taxonomy2="", npi="no number")
    path = bulk(tmp_path / "file.csv", other, row(npi="no number"))
    assert [(type(one), one.line) for one in items(path)] == [(Skipped, 2), (Problem, 3)]


def test_a_row_of_another_width_is_a_problem(tmp_path):
    path = bulk(tmp_path / "file.csv", row())
    path.write_text(path.read_text() + f'"1","{nppes.CODE}"\n')
    assert str(items(path)[-1]) == f"line 3: 2 cells, the first line has {len(header())}."


@pytest.mark.parametrize("name", JUNK)
def test_a_file_that_is_no_roster_is_refused_in_one_sentence(tmp_path, name):
    content, part = JUNK[name]
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(NotARoster) as refused:
        items(path)
    assert part in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_column_that_comes_twice_is_refused(tmp_path):
    path = tmp_path / "file.csv"
    text = BULK.read_text().splitlines()
    path.write_text(f'{text[0]},"NPI"\n{text[1]},"1"\n')
    with pytest.raises(NotARoster, match='column "NPI" comes twice'):
        items(path)


def test_a_byte_order_mark_is_no_obstacle(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(b"\xef\xbb\xbf" + BULK.read_bytes())
    assert len(items(path)) == 2


def test_a_number_written_as_text_is_the_same_npi(tmp_path):
    found = items(answer(tmp_path / "a.json", number="1234567893"))
    assert [one.key for one in found] == [one.key for one in items(API)]


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
    (found,) = items(answer(tmp_path / "a.json", **changes))
    assert isinstance(found, Problem)
    assert (found.line, found.column) == (1, column)


def test_a_problem_names_the_line_in_which_its_record_begins(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(
        '{"note": "\\"results\\": [",\n "results": [\n  5,\n  {"results": [1]},\n\n  "x"\n ]}'
    )
    assert [one.line for one in items(path)] == [3, 4, 6]


def test_a_file_that_is_gone_is_no_silence(tmp_path):
    path = tmp_path / "gone"
    shutil.copy(BULK, path)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        items(path)


def test_an_answer_can_be_read_on_from_each_of_its_records(tmp_path):
    path = tmp_path / "a.json"
    whole = json.loads(API.read_text())
    one = whole["results"][0]
    whole["results"] = [one | {"number": npi(str(100_000_000 + n))} for n in range(4)]
    whole["results"][1]["basic"] = one["basic"] | {"last_name": "Ωμέγα"}
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False), encoding="utf-8")
    steps = list(read(path, "nppes"))
    assert len(steps) == 4
    assert [step.after.offset for step in steps] == sorted({step.after.offset for step in steps})
    for number, step in enumerate(steps, start=1):
        assert list(read(path, "nppes", begin=step.after)) == steps[number:]


def test_a_bulk_file_can_be_read_on_from_each_of_its_lines(tmp_path):
    others = row(taxonomy="207Q00000X", taxonomy2="")
    path = bulk(tmp_path / "file.csv", row(), others, row(npi="5"), others, row(last="O'Brien"))
    steps = list(read(path, "nppes"))
    assert len(steps) == 5
    for number, step in enumerate(steps, start=1):
        assert list(read(path, "nppes", begin=step.after)) == steps[number:]
    assert list(read(path, "nppes", begin=Place(path.stat().st_size, 7))) == []
