"""Every mail that exists is a kind, and every kind exists."""

from pathlib import Path

from unknot.people.mail_kinds import KINDS

SOURCE = Path(__file__).resolve().parents[2] / "src" / "unknot"
#: Written by somebody else, or not a kind but a way to say one.
WITHOUT_TEMPLATE, NOT_A_KIND = {"account"}, {"discreet"}


def test_each_kind_has_its_words_and_each_text_its_kind() -> None:
    written = {path.stem for path in SOURCE.rglob("templates/messages/*.txt")}
    assert written - NOT_A_KIND == KINDS.keys() - WITHOUT_TEMPLATE
