"""The boards of Colorado and Washington: their columns, their words, and only the types named."""

from datetime import date

import pytest

from tests.interfaces.rosters.files import (
    COLORADO,
    WASHINGTON,
    board,
    items,
    problems,
    rows,
    skipped,
)
from unknot.domain.credentials.roster import RosterRow
from unknot.interfaces.rosters.rows import NotARoster
from unknot.interfaces.rosters.sources import types_in

CO = {
    "licensetype": "MT",
    "lastname": "O'BRIEN-NÚÑEZ",
    "firstname": "ANA",
    "middlename": "MARÍA",
    "licensenumber": "0012345",
    "city": "DENVER",
    "state": "NM",
    "mailzipcode": "80202",
    "licensestatusdescription": "Active",
    "licensefirstissuedate": "2015-03-27T00:00:00.000",
    "licenselastreneweddate": "2024-09-01T00:00:00.000",
    "licenseexpirationdate": "08/31/2026",
}
WA = {
    "credentialnumber": "MA60123456",
    "lastname": "山田",
    "firstname": "太郎",
    "credentialtype": "Massage Therapist License",
    "status": "ACTIVE",
    "firstissuedate": "20150327",
    "lastissuedate": "20240901",
    "expirationdate": "03/04/2026",
    "actiontaken": "No",
}


def test_a_licence_of_colorado_is_one_of_colorado_wherever_its_holder_lives(tmp_path):
    path = board(tmp_path / "file.csv", COLORADO, CO)
    assert rows(path, "colorado", ["mt"]) == [
        RosterRow(
            key="mt:0012345",
            number="0012345",
            holder="ANA O'BRIEN-NÚÑEZ",
            jurisdiction="US-CO",
            kind="licence",
            title="MT",
            status="active",
            discipline="unknown",
            issued_on=date(2015, 3, 27),
            expires_on=date(2026, 8, 31),
            raw={
                "middlename": "MARÍA",
                "licenselastreneweddate": "2024-09-01T00:00:00.000",
                "licensestatusdescription": "Active",
            },
        )
    ]


def test_a_credential_of_washington_says_whether_there_is_a_finding(tmp_path):
    path = board(tmp_path / "file.csv", WASHINGTON, WA, WA | {"actiontaken": "Yes"})
    first, second = rows(path, "washington", ["massage therapist license"])
    assert (first.discipline, second.discipline) == ("none", "present")
    assert first.holder == "太郎 山田"
    assert first.jurisdiction == "US-WA"
    assert (first.issued_on, first.expires_on) == (date(2015, 3, 27), date(2026, 3, 4))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("ACTIVE", "active"),
        ("Expired", "expired"),
        ("suspended", "suspended"),
        ("Active - With Conditions", "unknown"),
        ("Pending", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_state_in_other_words_is_unknown_and_kept_as_it_was_said(tmp_path, said, expected):
    path = board(tmp_path / "file.csv", WASHINGTON, WA | {"status": said})
    (row,) = rows(path, "washington", [WA["credentialtype"]])
    assert row.status == expected
    assert row.raw.get("status", "") == said


def test_no_address_is_taken_over(tmp_path):
    (row,) = rows(board(tmp_path / "file.csv", COLORADO, CO), "colorado", ["MT"])
    assert not {"DENVER", "80202", "NM"} & {str(value) for value in (*row, *row.raw.values())}


def test_only_the_types_that_are_named_are_read(tmp_path):
    path = board(tmp_path / "file.csv", COLORADO, CO, CO | {"licensetype": "RN", "lastname": ""})
    assert len(rows(path, "colorado", ["MT"])) == 1
    assert [one.reason for one in skipped(path, "colorado", ["MT"])] == ["another type of licence"]
    assert rows(path, "colorado", []) == []


def test_the_types_of_a_file_are_counted(tmp_path):
    path = board(tmp_path / "file.csv", COLORADO, *[CO | {"licensetype": "RN"}] * 3, CO)
    assert types_in(path, "colorado") == [("RN", 3), ("MT", 1)]


@pytest.mark.parametrize(
    ("changes", "column", "part"),
    [
        ({"lastname": ""}, "lastname", "the name is missing"),
        ({"licensenumber": "1" * 61}, "licensenumber", "61 characters"),
        ({"licenseexpirationdate": "27/03/2026"}, "licenseexpirationdate", "expected a date"),
        ({"licensefirstissuedate": "never"}, "licensefirstissuedate", "found 'never'"),
        ({"firstname": "A\x1bB"}, "firstname", "cannot be printed"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path, changes, column, part):
    (problem,) = problems(board(tmp_path / "file.csv", COLORADO, CO | changes), "colorado", ["MT"])
    assert (problem.line, problem.column) == (2, column)
    assert part in problem.reason


def test_a_licence_without_a_number_is_passed_over(tmp_path):
    path = board(tmp_path / "file.csv", COLORADO, CO | {"licensenumber": " "})
    assert [one.reason for one in skipped(path, "colorado", ["MT"])] == ["no licence number"]


def test_the_names_of_the_columns_may_have_capitals_and_blanks(tmp_path):
    path = board(tmp_path / "file.csv", COLORADO, CO)
    path.write_text(path.read_text().replace("licensenumber", "License Number"))
    assert len(rows(path, "colorado", ["MT"])) == 1


@pytest.mark.parametrize("source", ["colorado", "washington"])
def test_the_list_of_another_state_is_refused(tmp_path, source):
    other = WASHINGTON if source == "colorado" else COLORADO
    path = board(tmp_path / "file.csv", other)
    with pytest.raises(NotARoster, match="it has no column"):
        items(path, source, ["MT"])
