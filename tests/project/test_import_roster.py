"""Import a roster: what is kept, what a wrong row does, and going on where it was interrupted."""

import os
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.cast import NOW, TODAY, Cast
from tests.interfaces.rosters.files import (
    API,
    BULK,
    COLORADO,
    JUNK,
    WASHINGTON,
    board,
    bulk,
    generic,
    line,
    npi,
    row,
)
from tests.interfaces.rosters.test_boards import CO
from tests.journey.choose.listing import a_credential
from tests.project.conftest import one_sentence
from unknot.__main__ import main, parser_for
from unknot.interfaces.rosters import sources
from unknot.journey.choose.actions import rosters
from unknot.journey.choose.models import Credential, RosterEntry, RosterRun, RosterStaged
from unknot.people.models import AuditEntry
from unknot.project.commands import Refused, import_data
from unknot.project.commands import import_roster as command

Captured = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch


def load(path: Path, source: str = "nppes", *types: str, keep: bool = False) -> int:
    task = command.Task(path=path, source=source, types=types, keep_good_rows=keep)
    return command.import_roster(task, now=NOW)


def published() -> list[tuple[Any, ...]]:
    """Every row of every roster, without the numbers that the database gave it."""
    names = [field.name for field in RosterEntry._meta.fields if field.name != "id"]
    return list(RosterEntry.objects.order_by("source", "source_key").values_list(*names))


@pytest.mark.parametrize("path", [API, BULK], ids=["api", "bulk"])
def test_the_samples_become_evidence_that_belongs_to_nobody(
    db: None, path: Path, capsys: Captured
) -> None:
    assert load(path) == 0
    assert "1 row read: 2 new, 0 changed, 0 as before." in capsys.readouterr().out
    names = ("holder", "name_key", "number", "number_key", "jurisdiction", "status", "source_key")
    assert list(RosterEntry.objects.order_by("number").values_list(*names)) == [
        (
            "ALEX SAMPLE",
            "alexsample",
            number,
            number.lower(),
            f"US-{state}",
            "unknown",
            f"1234567893:{state}:{number}",
        )
        for number, state in (("000002", "AK"), ("MT000001", "GA"))
    ]
    for one in RosterEntry.objects.all():
        assert (one.source, one.read_on, one.expires_on) == ("nppes", TODAY, None)
        assert "225700000X" in one.raw.values()
    run = RosterRun.objects.get()
    assert (run.state, run.position) == ("published", path.stat().st_size if path == BULK else ANY)
    assert not RosterStaged.objects.exists()
    said = AuditEntry.objects.get(action="credentials.imported").reason
    assert said == "nppes: 2 new, 0 changed, 0 as before, 0 wrong"


class Anything:
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = object.__hash__


ANY = Anything()


def test_no_credential_is_touched_whatever_a_roster_says(cast: Cast, tmp_path: Path) -> None:
    credential = a_credential(
        cast.tess,
        holder="ALEX SAMPLE",
        number="MT000001",
        jurisdiction="US-GA",
        method="self",
        status="unknown",
    )
    before = Credential.objects.filter(pk=credential.pk).values().get()
    load(BULK)
    same = CO | {"firstname": "ALEX", "lastname": "SAMPLE", "licensenumber": "MT000001"}
    load(board(tmp_path / "co.csv", COLORADO, same), "colorado", "MT")
    assert RosterEntry.objects.count() == 3
    assert Credential.objects.filter(pk=credential.pk).values().get() == before
    assert Credential.objects.filter(source__in=sources.SOURCES).count() == 0


def test_loading_it_again_doubles_nothing(db: None, capsys: Captured) -> None:
    load(BULK)
    assert load(BULK) == 0
    assert "0 new, 0 changed, 2 as before" in capsys.readouterr().out
    assert RosterEntry.objects.count() == 2


def test_a_newer_file_replaces_what_it_has_and_leaves_the_rest(
    db: None, tmp_path: Path, capsys: Captured
) -> None:
    load(generic(tmp_path / "old.csv", line(1), line(2), line(3)), "generic")
    RosterEntry.objects.update(read_on=date(2026, 1, 1))
    load(generic(tmp_path / "new.csv", line(2), line(3, status="suspended"), line(4)), "generic")
    assert "1 new, 1 changed, 1 as before" in capsys.readouterr().out
    rows = RosterEntry.objects.order_by("number").values_list("number", "status", "read_on")
    assert list(rows) == [
        ("MT-1", "active", date(2026, 1, 1)),
        ("MT-2", "active", TODAY),
        ("MT-3", "suspended", TODAY),
        ("MT-4", "active", TODAY),
    ]


def test_the_same_number_in_two_rosters_is_two_rows(db: None, tmp_path: Path) -> None:
    load(board(tmp_path / "co.csv", COLORADO, CO), "colorado", "MT")
    assert load(board(tmp_path / "wa.csv", WASHINGTON), "washington", "x") == 0
    load(generic(tmp_path / "own.csv", line(1)), "generic")
    assert {one.source for one in RosterEntry.objects.all()} == {"colorado", "generic"}


def test_a_wrong_row_keeps_nothing(db: None, tmp_path: Path, capsys: Captured) -> None:
    path = bulk(tmp_path / "file.csv", row(), row(npi="1234567890"), row(npi="12"))
    assert load(path) == 2
    said = capsys.readouterr().err
    assert "line 3, column \"NPI\": '1234567890' is no NPI" in said
    assert "line 4, column" in said
    assert "Nothing was kept: 2 rows cannot be right." in said
    assert not RosterEntry.objects.exists()
    assert not RosterStaged.objects.exists()
    assert not AuditEntry.objects.exists()
    assert RosterRun.objects.get().state == "refused"


def test_a_wrong_row_leaves_what_was_published_before(db: None, tmp_path: Path) -> None:
    load(generic(tmp_path / "old.csv", line(1), line(2)), "generic")
    before = published()
    path = generic(tmp_path / "new.csv", line(1, status="revoked"), line(3), line(4) + ",")
    assert load(path, "generic") == 2
    assert published() == before


def test_the_good_rows_are_kept_when_asked(db: None, tmp_path: Path, capsys: Captured) -> None:
    path = bulk(tmp_path / "file.csv", row(npi="12"), row())
    assert load(path, keep=True) == 2
    captured = capsys.readouterr()
    assert "2 new" in captured.out
    assert "line 2, column" in captured.err
    assert "1 row not kept." in captured.err
    assert RosterEntry.objects.count() == 2


def test_only_the_first_thousand_problems_are_listed(
    db: None, tmp_path: Path, capsys: Captured
) -> None:
    path = generic(tmp_path / "file.csv", line(1), *["1,2"] * 1_234)
    assert load(path, "generic") == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "line 3: 2 cells, the first line has 9."
    assert len([one for one in said if "2 cells" in one]) == 1_000
    assert said[-2] == "… and 234 more."
    assert said[-1].startswith("Nothing was kept: 1,234 rows cannot be right.")


def test_the_same_row_twice_is_one_and_another_row_with_its_number_is_wrong(
    db: None, tmp_path: Path, capsys: Captured, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(command, "CHUNK", 2)
    path = generic(
        tmp_path / "file.csv",
        *(line(1), line(1), line(2), line(1), line(3)),
        *(line(2, status="revoked"), line(4, name="Ben Ng"), line(4)),
    )
    assert load(path, "generic", keep=True) == 2
    captured = capsys.readouterr()
    assert "2 rows passed over: the same row again." in captured.out
    assert "line 7: MT-2 was in line 4 already, and differs." in captured.err
    assert "line 9: MT-4 was in line 8 already, and differs." in captured.err
    rows = RosterEntry.objects.order_by("number").values_list("number", "holder", "status")
    assert list(rows) == [
        ("MT-1", "Ana Lopez", "active"),
        ("MT-2", "Ana Lopez", "active"),
        ("MT-3", "Ana Lopez", "active"),
        ("MT-4", "Ben Ng", "active"),
    ]


def test_names_of_every_script_come_through_as_they_are(db: None, tmp_path: Path) -> None:
    names = ["O'Brien", "D’Angelo \\N", "山田 太郎", "Анна Смирнова", "नीता", "{a,b}", "\\", "💆"]
    path = generic(
        tmp_path / "file.csv", *(line(n, name=f'"{each}"') for n, each in enumerate(names))
    )
    assert load(path, "generic") == 0
    assert list(RosterEntry.objects.order_by("number").values_list("holder", flat=True)) == names


def test_who_is_passed_over_is_counted(db: None, tmp_path: Path, capsys: Captured) -> None:
    assert load(bulk(tmp_path / "file.csv", row(kind="2"))) == 0
    said = capsys.readouterr().out
    assert "0 new" in said
    assert "1 row passed over: an organisation." in said


@pytest.mark.parametrize("name", JUNK)
def test_junk_is_refused_in_one_sentence(db: None, tmp_path: Path, name: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(JUNK[name][0])
    with pytest.raises(Refused) as refused:
        load(path)
    assert one_sentence(str(refused.value))
    assert not RosterEntry.objects.exists()
    assert not RosterRun.objects.filter(state="loading").exists()


def test_one_line_in_another_encoding_is_a_wrong_row_like_others(
    db: None, tmp_path: Path, monkeypatch: Patch, capsys: Captured
) -> None:
    monkeypatch.setattr(command, "CHUNK", 2)
    path = generic(tmp_path / "file.csv", *(line(n) for n in range(7)))
    path.write_bytes(path.read_bytes() + line(8, name="José").encode("latin-1"))
    assert load(path, "generic") == 2
    assert "line 9: it is not UTF-8 text, it has the byte 0xE9" in capsys.readouterr().err
    assert not RosterEntry.objects.exists()
    assert not RosterStaged.objects.exists()
    assert load(path, "generic", keep=True) == 2
    assert RosterEntry.objects.count() == 7


# ------------------------------------------------------------------ interrupted, and going on


class Killed(BaseException):
    """Stands for whatever ends a process without asking it."""


def break_off(monkeypatch: Patch, after: int) -> None:
    """Let the reading of a file end with the process, behind so many of its records."""
    whole = sources.read

    def read(*given: Any, **named: Any) -> Iterator[Any]:
        for number, step in enumerate(whole(*given, **named)):
            if number == after:
                raise Killed
            yield step

    monkeypatch.setattr(sources, "read", read)


def interrupt(path: Path, monkeypatch: Patch, after: int, *, keep: bool = False) -> None:
    with monkeypatch.context() as patch:
        break_off(patch, after)
        with pytest.raises(Killed):
            load(path, "generic", keep=keep)


@pytest.mark.parametrize("after", [0, 1, 3, 4, 11, 20])
def test_an_interrupted_import_goes_on_and_ends_as_if_nothing_had_happened(
    db: None, tmp_path: Path, monkeypatch: Patch, capsys: Captured, after: int
) -> None:
    monkeypatch.setattr(command, "CHUNK", 4)
    lines = [line(n, name="山田") for n in range(20)]
    path = generic(tmp_path / "file.csv", *lines, line(3), "1,2", line(30))
    assert load(path, "generic", keep=True) == 2
    expected, said = published(), capsys.readouterr()
    RosterEntry.objects.all().delete()

    interrupt(path, monkeypatch, after, keep=True)
    assert not RosterEntry.objects.exists()
    assert RosterStaged.objects.count() == after // 4 * 4
    capsys.readouterr()
    assert load(path, "generic", keep=True) == 2
    again = capsys.readouterr()
    assert published() == expected
    assert again.out == said.out
    assert again.err.replace(f"Going on in line {after // 4 * 4 + 2}", "") != ""
    assert ("Going on in line" in again.err) is (after >= 4)
    assert "line 23: 2 cells" in again.err
    assert not RosterStaged.objects.exists()


def test_going_on_reads_nothing_twice(
    db: None, tmp_path: Path, monkeypatch: Patch, capsys: Captured
) -> None:
    monkeypatch.setattr(command, "CHUNK", 4)
    path = generic(tmp_path / "file.csv", *(line(n) for n in range(20)))
    interrupt(path, monkeypatch, 10)
    staged = set(RosterStaged.objects.values_list("pk", flat=True))
    break_off(monkeypatch, 12)  # the twelve that are left come to their end
    assert load(path, "generic") == 0
    assert len(staged) == 8
    assert RosterEntry.objects.count() == 20


def test_after_a_crash_of_the_server_the_file_is_read_from_its_beginning(
    db: None, tmp_path: Path, monkeypatch: Patch, capsys: Captured
) -> None:
    monkeypatch.setattr(command, "CHUNK", 4)
    path = generic(tmp_path / "file.csv", *(line(n) for n in range(20)))
    interrupt(path, monkeypatch, 10)
    RosterStaged.objects.all().delete()  # what the server does to a table that is not logged
    capsys.readouterr()
    assert load(path, "generic") == 0
    assert "Going on" not in capsys.readouterr().err
    assert RosterEntry.objects.count() == 20


def test_a_wrong_row_before_the_interruption_is_not_forgotten(
    db: None, tmp_path: Path, monkeypatch: Patch, capsys: Captured
) -> None:
    monkeypatch.setattr(command, "CHUNK", 4)
    path = generic(tmp_path / "file.csv", "1,2", *(line(n) for n in range(20)))
    interrupt(path, monkeypatch, 10)
    capsys.readouterr()
    assert load(path, "generic") == 2
    assert "line 2: 2 cells, the first line has 9." in capsys.readouterr().err
    assert not RosterEntry.objects.exists()


@pytest.mark.parametrize("change", ["content", "options"])
def test_another_file_or_way_of_reading_begins_anew(
    db: None, tmp_path: Path, monkeypatch: Patch, capsys: Captured, change: str
) -> None:
    monkeypatch.setattr(command, "CHUNK", 4)
    path = generic(tmp_path / "file.csv", *(line(n) for n in range(20)))
    interrupt(path, monkeypatch, 10)
    if change == "content":
        found = path.stat()
        path.write_text(path.read_text().replace("Lopez", "Gomez"))
        os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    capsys.readouterr()
    assert load(path, "generic", keep=change == "options") == 0
    assert "Going on" not in capsys.readouterr().err
    assert RosterEntry.objects.count() == 20
    holder = "Ana Gomez" if change == "content" else "Ana Lopez"
    assert set(RosterEntry.objects.values_list("holder", flat=True)) == {holder}
    assert sorted(RosterRun.objects.values_list("state", flat=True)) == ["published", "refused"]


def test_a_file_that_changes_while_it_is_read_keeps_nothing(
    db: None, tmp_path: Path, monkeypatch: Patch
) -> None:
    path = generic(tmp_path / "file.csv", *(line(n) for n in range(3)))
    whole = sources.read

    def read(*given: Any, **named: Any) -> Iterator[Any]:
        yield from whole(*given, **named)
        path.write_text(path.read_text() + line(9))

    monkeypatch.setattr(sources, "read", read)
    with pytest.raises(Refused, match="was changed while it was read"):
        load(path, "generic")
    assert not RosterEntry.objects.exists()
    assert not RosterStaged.objects.exists()


def test_who_stops_it_hears_how_to_go_on(
    db: None, tmp_path: Path, monkeypatch: Patch, capsys: Captured
) -> None:
    def read(*_given: Any, **_named: Any) -> Iterator[Any]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(sources, "read", read)
    with pytest.raises(KeyboardInterrupt):
        load(generic(tmp_path / "file.csv", line(1)), "generic")
    assert "Stopped; the same command goes on from here." in capsys.readouterr().err


def test_a_second_import_of_the_same_roster_is_refused_until_the_first_is_gone(
    db: None, tmp_path: Path, monkeypatch: Patch
) -> None:
    path = generic(tmp_path / "file.csv", line(1))
    first = psycopg.connect(**{**connection.get_connection_params(), "context": None})
    first.execute("SELECT pg_advisory_lock(%s, hashtext('generic'))", [rosters.LOCK])
    with monkeypatch.context() as patch:
        patch.setattr(rosters, "PATIENCE", "50ms")
        with pytest.raises(Refused) as refused:
            load(path, "generic")
    assert one_sentence(str(refused.value))
    assert "Another import of this roster is running" in str(refused.value)
    assert load(BULK) == 0  # another roster is another matter
    first.close()  # as the connection of a process that was killed
    assert load(path, "generic") == 0


# ------------------------------------------------------------------ what is said at the end


def test_the_end_says_which_credentials_were_not_found(
    cast: Cast, tmp_path: Path, capsys: Captured
) -> None:
    Credential.objects.all().delete()
    for number, name, place, kind in (
        ("mt 1", "ANA LÓPEZ", "US-CO", "licence"),  # number and place
        ("MT-2", "Ana López", "US-CO", "licence"),  # all three
        ("MT-9", "Ana López", "US-CO", "licence"),  # name and place
        ("MT-8", "Nobody", "US-CO", "licence"),  # nothing but the place
        ("MT-2", "Ana López", "US-WA", "licence"),  # a place this roster does not cover
        ("MT-7", "Nobody", "US-CO", "insurance"),  # in no roster of licences
    ):
        a_credential(
            cast.tess,
            holder=name,
            number=number,
            jurisdiction=place,
            kind=kind,
            title="Massage Therapist",
        )
    path = generic(tmp_path / "file.csv", line(1, name="Ben Ng"), line(2, name="Ana López"))
    assert load(path, "generic") == 0
    said = capsys.readouterr().out
    assert (
        "Your therapists have 4 credentials of these places: in generic, 1 were found by number"
        " and name, 2 by two of number, name and state, 1 were not found."
    ) in said
    assert said.count("not found:") == 1
    assert "  not found: Nobody, Massage Therapist MT-8, US-CO" in said


def test_more_rows_than_one_chunk_say_how_far_they_are(
    db: None, tmp_path: Path, capsys: Captured, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(command, "CHUNK", 100)
    monkeypatch.setattr(command, "EVERY", 0.0)
    numbers = [npi(str(120_000_000 + n)) for n in range(250)]
    path = bulk(tmp_path / "file.csv", *(row(npi=each) for each in numbers))
    assert load(path) == 0
    captured = capsys.readouterr()
    assert RosterEntry.objects.count() == 500
    assert "50 rows read, 21 % of the file" in captured.err
    assert "250 rows read, 100 % of the file" in captured.err
    assert "Publishing 500 rows …" in captured.err
    assert "250 rows read: 500 new" in captured.out


# ------------------------------------------------------------------ the command line


@pytest.mark.parametrize("what", ["gone", "."])
def test_what_is_no_file_is_refused_before_anything_starts(what: str, capsys: Captured) -> None:
    assert main(["import", "roster", what, "--source", "nppes"]) == 2
    assert one_sentence(capsys.readouterr().err)


def test_the_day_of_the_file_can_be_named_and_does_not_lie_ahead(
    db: None, tmp_path: Path, capsys: Captured
) -> None:
    path = generic(tmp_path / "file.csv", line(1))
    task = command.Task(path=path, source="generic", as_of=date(2026, 1, 31))
    assert command.import_roster(task, now=NOW) == 0
    assert RosterEntry.objects.get().read_on == date(2026, 1, 31)
    assert (
        main(["import", "roster", str(path), "--source", "generic", "--as-of", "2999-01-01"]) == 2
    )
    assert one_sentence(said := capsys.readouterr().err.splitlines()[-1])
    assert "2999-01-01 is still to come" in said


def test_a_board_needs_the_types_and_the_sentence_names_those_of_the_file(
    tmp_path: Path, capsys: Captured
) -> None:
    path = board(tmp_path / "co.csv", COLORADO, *[CO | {"licensetype": "RN"}] * 1_234, CO)
    assert main(["import", "roster", str(path), "--source", "colorado"]) == 2
    said = capsys.readouterr().err
    assert one_sentence(said)
    assert "--licence-type; the file has: RN (1,234), MT (1)." in said


def test_a_list_that_may_not_be_read_is_refused_in_one_sentence(
    tmp_path: Path, capsys: Captured, monkeypatch: Patch
) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError

    path = board(tmp_path / "co.csv", COLORADO, CO)
    monkeypatch.setattr(sources, "types_in", forbidden)
    assert main(["import", "roster", str(path), "--source", "colorado"]) == 2
    assert one_sentence(said := capsys.readouterr().err)
    assert "This account may not read" in said


@pytest.mark.parametrize(("zone", "hours"), [("EAST-14", 14), ("WEST+11", -11)])
def test_today_is_the_day_of_the_machine(monkeypatch: Patch, zone: str, hours: int) -> None:
    seen: list[datetime] = []

    def look(_task: object, *, now: datetime) -> None:
        seen.append(now)
        raise Refused("seen")

    monkeypatch.setattr(command, "check", look)
    with monkeypatch.context() as machine:
        machine.setenv("TZ", zone)
        time.tzset()
        assert main(["import", "roster", "file", "--source", "generic"]) == 2
    time.tzset()
    assert seen[0].utcoffset() == timedelta(hours=hours)


def test_types_are_refused_where_there_are_none(capsys: Captured) -> None:
    given = ["import", "roster", str(BULK), "--source", "nppes", "--licence-type", "MT"]
    assert main(given) == 2
    assert capsys.readouterr().err == "--licence-type is for colorado and washington only.\n"


def test_the_source_must_be_named_and_known() -> None:
    parser = parser_for("import")
    for wrong in (["roster", "x"], ["roster", "x", "--source", "other"], ["other", "x"], []):
        with pytest.raises(SystemExit) as ended:
            parser.parse_args(wrong)
        assert ended.value.code == 2


def test_the_help_names_every_column(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        parser_for("import").parse_args(["roster", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    for layout in sources.BOARDS.values():
        for name in layout.needed:
            assert name in said
    for name in ("NPI,", "Entity Type Code", "Provider Last Name (Legal Name)", "225700000X"):
        assert name in said
    for name in (*sources.generic.NEEDED, *sources.generic.OPTIONAL, "first_name"):
        assert name in said


def test_every_kind_of_file_has_its_command() -> None:
    needed = {"checkins": ["--client", "a@example.org"], "postcodes": ["--country", "DE"]}
    for kind in import_data.KINDS:
        options = needed.get(kind, ["--source", "nppes"])
        assert parser_for("import").parse_args([kind, "file", *options]).kind == kind
