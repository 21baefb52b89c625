"""Our own layout: what a cell may hold, and which names and days are understood."""

from datetime import date

import pytest

from tests.interfaces.rosters.files import GENERIC, generic, line, problems, rows
from unknot.domain.credentials.roster import RosterRow


def one(tmp_path, **changes):
    """The row of a file with one line, some cells changed."""
    values = dict(zip(GENERIC.split(","), line(1).split(","), strict=True)) | changes
    quoted = ",".join('"' + value.replace('"', '""') + '"' for value in values.values())
    return generic(tmp_path / "file.csv", line(2), quoted)


def test_every_column_becomes_its_field(tmp_path):
    path = generic(tmp_path / "file.csv", line(1))
    assert rows(path, "generic") == [
        RosterRow(
            key="US-CO:licence:MT-1",
            number="MT-1",
            holder="Ana Lopez",
            jurisdiction="US-CO",
            kind="licence",
            title="Massage Therapist",
            status="active",
            discipline="none",
            issued_on=date(2020, 1, 2),
            expires_on=date(2030, 1, 2),
            raw={},
        )
    ]


def test_a_licence_may_end_on_the_day_it_was_issued(tmp_path):
    path = one(tmp_path, issued="2026-03-27", expires="2026-03-27")
    assert len(rows(path, "generic")) == 2


def test_what_is_not_said_is_unknown(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("Kind,NUMBER,First Name,last_name,Jurisdiction\nregistration,7,Ana,Ng,gb\n")
    (row,) = rows(path, "generic")
    assert (row.holder, row.jurisdiction, row.kind) == ("Ana Ng", "GB", "registration")
    assert (row.status, row.discipline, row.title) == ("unknown", "unknown", "")
    assert (row.issued_on, row.expires_on) == (None, None)


@pytest.mark.parametrize(
    "name",
    [
        *("Siobhán O'Brien", "D’Angelo-Núñez", "山田 太郎", "Анна Смирнова", "नीता", "Ἀθηνᾶ"),
        *("علی\u200cرضا", "ක්\u200dෂා"),  # these scripts are spelt with joiners
    ],
)
def test_names_are_kept_as_they_are_written(tmp_path, name):
    assert rows(one(tmp_path, holder=f" {name} "), "generic")[1].holder == name


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-03-27", date(2026, 3, 27)),
        ("2026-03-27T00:00:00.000", date(2026, 3, 27)),
        ("2026-03-27T00:00:00", date(2026, 3, 27)),
        ("20260327", date(2026, 3, 27)),
        ("27.03.2026", date(2026, 3, 27)),
        ("7.3.2026", date(2026, 3, 7)),
        ("03/27/2026", date(2026, 3, 27)),
        ("27/03/2026", date(2026, 3, 27)),
        ("04/04/2026", date(2026, 4, 4)),
        (" 2026-03-27 ", date(2026, 3, 27)),
        ("", None),
        ("  ", None),
    ],
)
def test_a_day_is_understood_where_only_one_is_possible(tmp_path, written, expected):
    assert rows(one(tmp_path, expires=written), "generic")[1].expires_on == expected


@pytest.mark.parametrize(
    ("changes", "column", "part"),
    [
        ({"expires": "03/04/2026"}, "expires", "can be 2026-03-04 or 2026-04-03"),
        ({"expires": "31/31/2026"}, "expires", "expected a date such as 2026-03-27"),
        ({"expires": "2026-02-30"}, "expires", "found '2026-02-30'"),
        ({"expires": "27.03.26"}, "expires", "expected a date"),
        ({"expires": "2026-03-27T10:00:00"}, "expires", "expected a date"),
        ({"expires": "0026-03-27"}, "expires", "expected a date"),
        ({"expires": "9999-12-31"}, "expires", "expected a date"),
        ({"expires": "２０２６-03-27"}, "expires", "expected a date"),
        ({"issued": "soon"}, "issued", "found 'soon'"),
        ({"issued": "2030-01-03"}, "expires", "2030-01-02 is before the day of issue, 2030-01-03"),
        ({"number": "MT\u202e-1"}, "number", "cannot be printed"),
        ({"number": "MT\u00ad-1"}, "number", "cannot be printed"),
        ({"holder": "Ana \u202eLopez"}, "holder", "cannot be printed"),
        ({"holder": "Ana\u200bLopez"}, "holder", "cannot be printed"),
        ({"holder": "Ana\ufeffLopez"}, "holder", "cannot be printed"),
        ({"holder": "Ana\u2028Lopez"}, "holder", "cannot be printed"),
        ({"number": " "}, "number", "the number is missing"),
        ({"number": "9" * 61}, "number", "61 characters, at most 60"),
        ({"holder": ""}, "holder", "the name is missing"),
        ({"holder": "x" * 161}, "holder", "161 characters"),
        ({"title": "a\tb"}, "title", "cannot be printed"),
        ({"jurisdiction": "Colorado"}, "jurisdiction", "one such as US-CO, found 'Colorado'"),
        ({"jurisdiction": ""}, "jurisdiction", "found nothing"),
        ({"kind": "diploma"}, "kind", "expected one of certification, insurance"),
        ({"kind": ""}, "kind", "found nothing"),
        ({"status": "verified"}, "status", "found 'verified'"),
        ({"discipline": "maybe"}, "discipline", "none, present, unknown"),
    ],
)
def test_a_wrong_cell_is_named_with_line_and_column(tmp_path, changes, column, part):
    path = one(tmp_path, **changes)
    for _again in range(2):  # what is remembered of a cell must not change the answer
        (problem,) = problems(path, "generic")
        assert (problem.line, problem.column) == (3, column)
        assert part in problem.reason


@pytest.mark.parametrize(
    ("first", "last", "column", "part"),
    [
        ("x" * 161, "Ng", "first_name", "161 characters"),
        ("Ana", "x" * 161, "last_name", "161 characters"),
        ("x" * 80, "y" * 80, "last_name", "161 characters"),
        ("A\x1ba", "Ng", "first_name", "cannot be printed"),
        ("Ana", "\u202eNg", "last_name", "cannot be printed"),
        ("Ana", "N\x1bg", "last_name", "cannot be printed"),
        ("Ana", " ", "last_name", "the name is missing"),
    ],
)
def test_the_part_of_a_name_that_is_wrong_is_named(tmp_path, first, last, column, part):
    path = tmp_path / "file.csv"
    path.write_text(f"number,first_name,last_name,jurisdiction,kind\n1,{first},{last},GB,licence\n")
    (problem,) = problems(path, "generic")
    assert problem.column == column
    assert part in problem.reason


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("", "Sukarno", "Sukarno"),
        ("x" * 79, "y" * 80, "x" * 79 + " " + "y" * 80),
        ("Ana\N{NO-BREAK SPACE}María", "Ng", "Ana\N{NO-BREAK SPACE}María Ng"),
    ],
)
def test_a_name_of_two_parts_is_joined(tmp_path, first, last, expected):
    path = tmp_path / "file.csv"
    path.write_text(f"number,first_name,last_name,jurisdiction,kind\n1,{first},{last},GB,licence\n")
    assert [one.holder for one in rows(path, "generic")] == [expected]
