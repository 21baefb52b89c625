"""Import a roster: what is kept, what a wrong row does, and files that are no roster."""

from pathlib import Path

import pytest

from tests.cast import NOW, TODAY, Cast
from tests.interfaces.test_rosters import API, BULK, JUNK, bulk, npi, row
from tests.project.conftest import one_sentence
from unknot.__main__ import main, parser_for
from unknot.journey.choose.actions import credentials, rosters
from unknot.journey.choose.models import Credential
from unknot.people.models import AuditEntry
from unknot.project.commands import Refused, import_data
from unknot.project.commands import import_roster as command

Captured = pytest.CaptureFixture[str]


def load(path: Path, *, keep: bool = False) -> int:
    return command.import_roster(path, keep_good_rows=keep, now=NOW)


@pytest.mark.parametrize("path", [API, BULK], ids=["api", "bulk"])
def test_the_samples_become_unverified_credentials(db: None, path: Path, capsys: Captured) -> None:
    assert load(path) == 0
    assert "2 new, 0 updated, 0 left" in capsys.readouterr().out
    rows = Credential.objects.order_by("number").values_list(
        "holder", "kind", "title", "number", "jurisdiction", "status", "source", "source_key"
    )
    assert list(rows) == [
        (
            "ALEX SAMPLE",
            "licence",
            "Massage Therapist",
            number,
            f"US-{state}",
            "unknown",
            "nppes",
            f"1234567893:{state}:{number}",
        )
        for number, state in (("000002", "AK"), ("MT000001", "GA"))
    ]
    for one in Credential.objects.all():
        assert (one.therapist, one.expires_on, one.checked_on, one.checked_by) == (None,) * 4
        assert one.method == "roster"
    assert AuditEntry.objects.get(action="credentials.imported").reason.startswith("2 new")


def test_loading_it_again_doubles_nothing(db: None, capsys: Captured) -> None:
    load(BULK)
    assert load(API) == 0
    assert "0 new, 2 updated, 0 left" in capsys.readouterr().out
    assert Credential.objects.count() == 2


def test_a_newer_file_updates_the_holder(db: None, tmp_path: Path) -> None:
    load(BULK)
    load(bulk(tmp_path / "file.csv", row(last="MARRIED")))
    assert set(Credential.objects.values_list("holder", flat=True)) == {"ALEX MARRIED"}


def test_a_checked_credential_is_left_as_it_is(cast: Cast, tmp_path: Path) -> None:
    load(BULK)
    checked = Credential.objects.get(number="MT000001")
    credentials.record_verification(
        cast.opal, checked, status="active", checked_on=TODAY, method="register", now=NOW
    )
    load(bulk(tmp_path / "file.csv", row(last="MARRIED")))
    checked.refresh_from_db()
    assert (checked.holder, checked.status, checked.method) == ("ALEX SAMPLE", "active", "register")
    assert Credential.objects.get(number="000002").holder == "ALEX MARRIED"


def test_a_wrong_row_keeps_nothing(db: None, tmp_path: Path, capsys: Captured) -> None:
    path = bulk(tmp_path / "file.csv", row(), row(npi="1234567890"), row(npi="12"))
    assert load(path) == 2
    said = capsys.readouterr().err
    assert "line 3, column \"NPI\": '1234567890' is no NPI" in said
    assert "line 4, column" in said
    assert "Nothing was kept: 2 rows cannot be right." in said
    assert not Credential.objects.exists()
    assert not AuditEntry.objects.exists()


def test_the_good_rows_are_kept_when_asked(db: None, tmp_path: Path, capsys: Captured) -> None:
    path = bulk(tmp_path / "file.csv", row(npi="12"), row())
    assert load(path, keep=True) == 2
    captured = capsys.readouterr()
    assert "2 new" in captured.out
    assert "line 2, column" in captured.err
    assert "1 row not kept." in captured.err
    assert Credential.objects.count() == 2


def test_only_the_first_problems_are_listed(db: None, tmp_path: Path, capsys: Captured) -> None:
    path = bulk(tmp_path / "file.csv", *(row(npi=str(number)) for number in range(60)))
    assert load(path) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == command.LISTED + 2
    assert said[-2] == "… and 10 more."


def test_more_rows_than_one_batch_are_kept_and_then_known(
    db: None, tmp_path: Path, capsys: Captured
) -> None:
    numbers = [npi(str(120_000_000 + n)) for n in range(rosters.BATCH + 20)]
    path = bulk(tmp_path / "file.csv", *(row(npi=each) for each in numbers))
    assert load(path) == 0
    assert Credential.objects.count() == 2 * len(numbers)
    assert load(path) == 0
    assert "0 new, 1040 updated" in capsys.readouterr().out


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
    assert not Credential.objects.exists()


def test_a_file_that_breaks_off_late_keeps_nothing(db: None, tmp_path: Path) -> None:
    rows = (row(npi=npi(str(120_000_000 + n))) for n in range(rosters.BATCH))
    path = bulk(tmp_path / "file.csv", *rows)
    path.write_bytes(path.read_bytes() + b'"\x00"\n')
    with pytest.raises(Refused, match="zero byte"):
        load(path)
    assert not Credential.objects.exists()


@pytest.mark.parametrize("what", ["gone", "."])
def test_what_is_no_file_is_refused_before_anything_starts(what: str, capsys: Captured) -> None:
    assert main(["import", "roster", what, "--source", "nppes"]) == 2
    assert one_sentence(capsys.readouterr().err)


def test_the_source_must_be_named_and_known() -> None:
    parser = parser_for("import")
    for wrong in (["roster", "x"], ["roster", "x", "--source", "other"], ["other", "x"], []):
        with pytest.raises(SystemExit) as ended:
            parser.parse_args(wrong)
        assert ended.value.code == 2


def test_the_help_names_every_column(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        parser_for("import").parse_args(["roster", "--help"])
    said = capsys.readouterr().out
    for name in ("NPI,", "Entity Type Code", "Provider Last Name (Legal Name)", "225700000X"):
        assert name in said


def test_every_kind_of_file_has_its_command() -> None:
    for kind in import_data.KINDS:
        options = ["--client", "a@example.org"] if kind == "checkins" else ["--source", "nppes"]
        assert parser_for("import").parse_args([kind, "file", *options]).kind == kind
