"""Setting a paper: user text is data, our fonts are in it, and no rule of pdfua is broken."""

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfua
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.cast import NOW
from tests.interfaces.papers.sheets import pages_of, text_of
from unknot.interfaces.papers import consent, figure, typeset
from unknot.interfaces.papers.inks import TOKENS, inks
from unknot.interfaces.papers.typeset import UNKNOWN, line, plain

#: The fonts as they were made; docs/reference/credits.md says how.
FONTS = """
97981b5d1e1cc2951db8ca096bec590dabbdc907686877c7b0c0ac3004193e0e atkinson-hyperlegible-next-400
09f234ea62213b1f8fc3a057e62bfa324da4201ecff94787ebe4e69c8cbce97c atkinson-hyperlegible-next-650
643f6c6261526771db40fa6458010d7bee9172034e8616ebe9d73e57edb402bb familjen-grotesk-650
"""
CODE = (
    '#panic("x")',
    "$x^2$",
    "*b* _i_",
    "@ref <label>",
    "\\u{202E}",
    "= heading",
    "#import \"look.typ\": *",
    "`raw` ```",
    "</svg><script>",
    "{{ 7 * 7 }} %(name)s",
    "// comment /* more */",
)  # fmt: skip


def findings(paper: bytes, folder: Path) -> list[str]:
    """What pdfua finds in a PDF."""
    file = folder / "paper.pdf"
    file.write_bytes(paper)
    return [f"{one.rule_id} {one.message}" for one in pdfua.validate(str(file)).findings]


def a_form(maker: str = "Lindenweg") -> Mapping[str, Any]:
    """The data of the smallest paper."""
    return consent.content(maker, now=NOW)


@pytest.mark.parametrize("code", CODE)
def test_typst_code_is_printed_as_it_stands(code: str) -> None:
    made = typeset.pdf("form", {**a_form(), "lead": code, "maker": code}, now=NOW)
    assert text_of(made).count(" ".join(code.split())) >= 2


def test_code_in_the_place_of_source_would_stop_it() -> None:
    """The control: the same words in a template do something."""
    with pytest.raises(typst.TypstError, match="panicked"):
        typst.compile(b'#panic("x")', format="pdf")


def test_marks_that_turn_the_text_around_are_left_out() -> None:
    assert line("Ana\u202e\u2066 \r\n Maria\u200f") == "Ana Maria"
    assert plain({"a": "x\u202ey\r\nz\x00\u2028w"}) == {"a": "xy\nz\nw"}
    made = typeset.pdf("form", {**a_form(), "about": "A\u202ebc\x07d"}, now=NOW)
    assert "Abcd" in text_of(made)


def test_other_alphabets_are_printed() -> None:
    made = typeset.pdf("form", {**a_form(), "about": "Zoë Łukasz Ştefan Жанна Ωρα"}, now=NOW)
    assert "Zoë Łukasz Ştefan Жанна Ωρα" in text_of(made)
    assert UNKNOWN not in text_of(made)


def test_a_letter_without_a_glyph_is_replaced_and_the_paper_says_so(tmp_path: Path) -> None:
    made = typeset.pdf("form", {**a_form(), "about": "漢字 Ana 😀"}, now=NOW)
    assert f"{UNKNOWN}{UNKNOWN} Ana {UNKNOWN}" in text_of(made)
    assert "stands for a letter that our print fonts do not have" in text_of(made)
    assert findings(made, tmp_path) == []


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_printed(text: str) -> None:
    made = typeset.pdf("form", {**a_form(), "about": line(text), "lead": text}, now=NOW)
    assert made.startswith(b"%PDF-")


def test_a_template_that_fails_says_one_sentence() -> None:
    with pytest.raises(typeset.NotPrinted, match="could not be made"):
        typeset.pdf("form", {"title": "no data"}, now=NOW)


def test_blank_papers_break_no_rule_and_are_tagged(tmp_path: Path) -> None:
    for made in (
        typeset.pdf("form", a_form(), now=NOW),
        typeset.pdf("figure", figure.content("Lindenweg", now=NOW), now=NOW),
    ):
        assert findings(made, tmp_path) == []
        root: Any = PdfReader(BytesIO(made)).trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en"


def test_an_untagged_one_breaks_rules(tmp_path: Path) -> None:
    """The control of pdfua: the same words without tags."""
    assert findings(bytes(typst.compile(b"= A", format="pdf", pdf_tags=False)), tmp_path)


def test_every_font_is_embedded_and_ours() -> None:
    made = typeset.pdf("form", a_form(), now=NOW)
    found = {}
    for page in PdfReader(BytesIO(made)).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            (inner,) = font.get_object()["/DescendantFonts"]
            descriptor = inner.get_object()["/FontDescriptor"]
            found[str(font["/BaseFont"]).partition("+")[2]] = "/FontFile2" in descriptor
    assert found
    assert all(found.values())
    assert {name.partition("-")[0] for name in found} == {
        "AtkinsonHyperlegibleNext",
        "FamiljenGrotesk",
    }


def test_the_fonts_are_those_that_were_made() -> None:
    kept = "".join(
        f"{hashlib.sha256(one.read_bytes()).hexdigest()} {one.stem}\n"
        for one in sorted(typeset.FONTS.glob("*.ttf"))
    )
    assert kept == FONTS.lstrip()


def test_the_same_data_make_the_same_file_from_many_threads() -> None:
    def make(number: int) -> bytes:
        return typeset.pdf("form", a_form(f"Room {number % 3}"), now=NOW)

    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(make, range(18)))
    assert len(set(made)) == 3
    assert all("Room 1" in text_of(one) for one in made[1::3])


def test_colours_are_those_of_the_design(now: datetime) -> None:
    assert len(inks()) > 60
    assert inks()["paper"] == "#f7f8f3"
    assert inks()["surface"] == "#ffffff"
    assert TOKENS.is_file()


def test_the_blank_figure_is_one_page_with_the_scale() -> None:
    made = typeset.pdf("figure", figure.content("Lindenweg", now=NOW), now=NOW)
    assert pages_of(made) == 1
    for word in ("Where does it hurt?", "Back", "Front", "no pain", "moderate", "10"):
        assert word in text_of(made)


def test_a_real_clock_has_fractions_of_a_second() -> None:
    assert typeset.pdf("form", a_form(), now=NOW.replace(microsecond=123456)).startswith(b"%PDF")
