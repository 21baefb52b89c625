"""The layer under every CSV roster: places, bounds, and what spoils one line and not the rest."""

import csv
import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.interfaces.rosters.files import GENERIC, generic, items, line, problems, rows
from unknot.domain.credentials.roster import RosterRow
from unknot.interfaces.rosters import text
from unknot.interfaces.rosters.rows import NotARoster, Place, Problem, Skipped
from unknot.interfaces.rosters.sources import read


def reason(path, *, at=3):
    """The one problem of a file in which another line is right, which must stand in this line."""
    (problem,) = problems(path, "generic")
    assert problem.line == at
    assert any(isinstance(one, RosterRow) for one in items(path, "generic"))
    return problem.reason


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("1,2", "2 cells, the first line has 9."),
        ("1", "1 cell, the first line has 9."),
        (line(2) + ",more", "10 cells"),
        ("," * 1_000_000, "longer than 130000 bytes"),
        ("x" * 3_000_000, "longer than 130000 bytes"),
        (line(2, name="A\x00B"), "it contains a zero byte"),
        (line(2, name="A\x07B"), "cannot be printed"),
        (line(2, name="A\rB"), "a carriage return stands in the middle"),
        (line(2, name='"Ana" Lopez'), "a quotation mark inside a cell is not doubled"),
        (line(2, name='"Ana Lopez'), "a quotation mark is opened and not closed"),
    ],
)
def test_what_spoils_a_line_is_said_of_this_line(tmp_path, written, part):
    path = tmp_path / "file.csv"
    path.write_bytes("\n".join([GENERIC, line(1), written, line(3), ""]).encode())
    assert part in reason(path)
    kept = [one.number for one in items(path, "generic") if isinstance(one, RosterRow)]
    assert kept == ["MT-1", "MT-3"]


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_file(tmp_path):
    spoilt = line(2, name='"Ana Lopez')
    path = generic(tmp_path / "file.csv", line(1), spoilt, *(line(n) for n in range(3, 5_000)))
    assert "not closed" in reason(path)
    kept = [one.number for one in items(path, "generic") if isinstance(one, RosterRow)]
    assert kept == ["MT-1", *(f"MT-{n}" for n in range(3, 5_000))]


def test_two_open_marks_spoil_two_lines_and_not_what_lies_between(tmp_path):
    spoilt = line(2, name='"Ana Lopez')
    path = generic(tmp_path / "file.csv", line(1), spoilt, line(3), spoilt, line(5))
    assert [one.line for one in problems(path, "generic")] == [3, 5]
    kept = [one.number for one in items(path, "generic") if isinstance(one, RosterRow)]
    assert kept == ["MT-1", "MT-3", "MT-5"]


def test_a_line_break_inside_a_cell_is_read_and_counted(tmp_path):
    named = line(1, name='"Ana\nLopez"')
    path = generic(tmp_path / "file.csv", named, "1,2")
    first, second = items(path, "generic")
    assert isinstance(first, Problem)
    assert (first.line, first.column) == (2, "holder")
    assert isinstance(second, Problem)
    assert second.line == 4


def test_a_quotation_mark_in_a_cell_without_marks_is_a_letter_like_others(tmp_path):
    path = generic(tmp_path / "file.csv", line(1, name='Ana "Anita" Lopez'), line(2, name='5" Ana'))
    assert [one.holder for one in rows(path, "generic")] == ['Ana "Anita" Lopez', '5" Ana']


def test_blank_lines_and_rows_of_commas_are_nothing(tmp_path):
    path = generic(tmp_path / "file.csv", "", line(1), "\r", ",,,,,,,,", " , ,,,,,,,")
    found = items(path, "generic")
    assert [type(one) for one in found] == [RosterRow, Skipped, Skipped]
    assert {one.reason for one in found[1:]} == {"an empty row"}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(tmp_path, ending, mark):
    path = tmp_path / "file.csv"
    path.write_bytes(mark + ending.join([GENERIC, line(1), line(2)]).encode())
    assert [one.number for one in rows(path, "generic")] == ["MT-1", "MT-2"]


def encoded(path, encoding, *lines):
    """A file in our own layout whose lines are in another encoding."""
    path.write_bytes("\n".join([GENERIC, *lines, ""]).encode(encoding))
    return path


def test_one_byte_of_another_encoding_spoils_its_line_alone(tmp_path):
    lines = [line(n) for n in range(1, 300)]
    lines[1], lines[250] = line(2, name="José"), line(251, name='"José ""Pepe"" Ng"')
    path = encoded(tmp_path / "file.csv", "cp1252", *lines)
    said = (
        'it is not UTF-8 text, it has the byte 0xE9, which Windows-1252 writes for "é":'
        " save the file as UTF-8."
    )
    assert problems(path, "generic") == [Problem(3, "", said), Problem(252, "", said)]
    assert len([one for one in items(path, "generic") if isinstance(one, RosterRow)]) == 297


def test_a_byte_that_no_encoding_explains_spoils_its_line_too(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(b"\n".join([GENERIC.encode(), line(1).encode(), b"\x81", line(3).encode()]))
    assert reason(path) == "it is not UTF-8 text, it has the byte 0x81: save the file as UTF-8."


def test_a_record_of_several_lines_is_spoilt_as_a_whole(tmp_path):
    lines = [line(1), line(2, name='"Ana\nJosé\nNg"'), line(3), line(4)]
    path = encoded(tmp_path / "file.csv", "cp1252", *lines)
    assert "it has the byte 0xE9" in reason(path)
    assert [getattr(one, "number", "") for one in items(path, "generic")] == [
        *("MT-1", "", "MT-3", "MT-4")
    ]


@pytest.mark.parametrize(("wrong", "refused"), [(50, False), (51, True)])
def test_a_file_is_refused_when_most_of_its_first_rows_are_in_another_encoding(
    tmp_path, wrong, refused
):
    names = ["Ana"] * (100 - wrong) + ["José"] * wrong + ["Ben"] * 500
    path = encoded(tmp_path / "a", "cp1252", *(line(n, name=each) for n, each in enumerate(names)))
    if not refused:
        assert len(problems(path, "generic")) == wrong
        return
    with pytest.raises(NotARoster) as raised:
        items(path, "generic")
    assert str(raised.value) == (
        f"Line {102 - wrong} is not UTF-8 text, it has the byte 0xE9, which Windows-1252 writes"
        ' for "é": open it in the program that wrote it and save it as "CSV UTF-8".'
    )


def test_blank_and_endless_lines_are_no_rows_of_another_encoding(tmp_path):
    path = tmp_path / "file.csv"
    endless = "é" * text.LONGEST_LINE  # a piece of it ends within a letter
    path.write_text("\n".join([GENERIC, "", endless, line(1), "a" + endless]), encoding="utf-8")
    assert [one.line for one in problems(path, "generic")] == [3, 5]


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (GENERIC + ",number", 'The column "number" comes twice.'),
        (GENERIC + ",NUMBER ", 'The column "NUMBER" comes twice.'),
        (GENERIC.replace("kind,", ""), 'no column "kind"'),
        (GENERIC.replace("holder", "first_name"), 'no column "holder"'),
        (GENERIC.replace(",", ";"), "not separated by commas"),
        (GENERIC.replace(",", "\t"), "not separated by commas"),
        (",".join(f"c{n}" for n in range(10**6)), "more than 1000 columns"),
        ("c" * 10**6, "longer than any list of columns"),
        ('"number', "no list of columns"),
    ],
)
def test_a_first_line_that_cannot_be_used_is_refused(tmp_path, header, part):
    path = tmp_path / "file.csv"
    path.write_text(header + "\n" + line(1) + "\n")
    with pytest.raises(NotARoster) as refused:
        items(path, "generic")
    assert part in str(refused.value)
    assert "\n" not in str(refused.value)


def test_columns_without_a_name_are_no_columns_that_come_twice(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text(f"{GENERIC},,\n{line(1)},,\n")
    assert len(rows(path, "generic")) == 1


def test_a_file_without_any_line_end_needs_no_memory(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(f"{GENERIC}\n{line(1)}\n".encode() + b"x" * 40_000_000)
    tracemalloc.start()
    found = items(path, "generic")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(found[-1], Problem)
    assert most < 2_000_000


def records(content, begin=None):
    """The records of a table of two columns, from the first one or from `begin` on."""
    raw = io.BytesIO(content)
    header, first = text.read_header(raw)
    return list(text.records(raw, begin or first, header.width))


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=12)


@settings(max_examples=150)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_reading_on_behind_any_record_gives_the_same_rest(table, ending):
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator=ending)
    writer.writerows([("a", "b"), *table])
    content = file.getvalue().encode()
    whole = records(content)
    assert [one.cells for one in whole] == [[*cells, ""] for cells in table]
    assert [one.after.offset for one in whole] == sorted({one.after.offset for one in whole})
    for number, record in enumerate(whole, start=1):
        assert records(content, record.after) == whole[number:]


@settings(max_examples=300)
@given(st.text(st.sampled_from('a",\n\r\x00é\udce9'), max_size=120))
def test_whatever_the_bytes_reading_ends_and_can_go_on_behind_each_record(noise):
    content = ("a,b\n" + noise).encode("utf-8", "surrogateescape")
    whole = records(content)
    for number, record in enumerate(whole, start=1):
        assert (record.cells is None) is bool(record.problem)
        assert records(content, record.after) == whole[number:]
    if whole:
        assert whole[-1].after.offset <= len(content)


def test_the_places_are_those_of_the_file(tmp_path):
    path = generic(tmp_path / "file.csv", line(1, name="Ωμέγα"), line(2))
    content = path.read_bytes()
    for step in read(path, "generic"):
        assert content[: step.after.offset].count(b"\n") == step.after.line - 1
    assert step.after == Place(len(content), 4)
