"""What a document is, is decided by its content; a refusal is one sentence with a way out."""

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.documents import samples
from unknot.web import documents
from unknot.web.documents import kinds
from unknot.web.documents.kinds import LARGEST, SENTENCES, RefusedDocument, check_claimed

OTHERS = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "zip": b"PK\x03\x04" + bytes(60),
    "exe": b"MZ\x90\x00" + bytes(60),
    "elf": b"\x7fELF" + bytes(60),
    "gif": samples.saved(samples.picture(mode="L"), "GIF"),
    "webp": samples.saved(samples.picture(), "WEBP"),
    "tiff": samples.saved(samples.picture(), "TIFF"),
    "text": b"Certificate of massage therapy",
    "late PDF": b"\n" + samples.pdf(samples.objects()),
    "script before PDF": b"<script>alert(1)</script>" + samples.pdf(samples.objects()),
    "late JPEG": b"\x00" + samples.saved(samples.picture(), "JPEG"),
}


@pytest.mark.parametrize("raw", OTHERS.values(), ids=OTHERS)
def test_any_other_kind_is_refused(raw: bytes) -> None:
    with pytest.raises(RefusedDocument) as refused:
        documents.clean(raw)
    assert refused.value.reason == "kind"


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(RefusedDocument) as refused:
        documents.clean(b"")
    assert refused.value.reason == "empty"


def test_a_file_over_the_limit_is_refused_unread_and_at_the_limit_it_is_read() -> None:
    start = samples.saved(samples.picture(), "JPEG")
    with pytest.raises(RefusedDocument) as refused:
        documents.clean(start + bytes(LARGEST - len(start) + 1))
    assert refused.value.reason == "large"
    assert documents.clean(start + bytes(LARGEST - len(start))).kind == "jpeg"


def test_a_document_that_grows_over_the_limit_is_refused(monkeypatch) -> None:
    raw = samples.saved(samples.picture(), "PNG")
    documents.clean(raw)
    monkeypatch.setattr(documents, "LARGEST", 20)
    with pytest.raises(RefusedDocument) as refused:
        documents.clean(raw)
    assert refused.value.reason == "grown"


def test_a_document_waits_its_turn_and_is_refused_when_that_lasts(monkeypatch) -> None:
    raw = samples.saved(samples.picture(), "PNG")
    monkeypatch.setattr(documents, "PATIENCE", 0.01)
    with documents._turn, pytest.raises(RefusedDocument) as refused:
        documents.clean(raw)
    assert refused.value.reason == "busy"
    assert documents.clean(raw).kind == "png", "a refusal gives its turn back"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("pdf", "license.pdf"),
        ("pdf", "LICENSE.PDF"),
        ("jpeg", "scan.jpg"),
        ("jpeg", "my scan.1.jpeg"),
        ("png", "C:\\scans\\one.png"),
    ],
)
def test_a_name_that_tells_the_kind_is_accepted(kind: documents.Kind, name: str) -> None:
    check_claimed(kind, name)


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        ("jpeg", "scan.png", "claim"),
        ("png", "scan.jpg", "claim"),
        ("jpeg", "license.pdf", "claim"),
        ("pdf", "page.html", "ending"),
        ("pdf", "license.pdf.exe", "ending"),
        ("pdf", "license", "ending"),
        ("pdf", ".pdf", "ending"),
        ("png", "", "ending"),
    ],
)
def test_a_name_that_lies_or_says_nothing_is_refused(
    kind: documents.Kind, name: str, reason: str
) -> None:
    with pytest.raises(RefusedDocument) as refused:
        check_claimed(kind, name)
    assert refused.value.reason == reason


def test_html_named_pdf_is_refused_by_content_before_its_name_is_asked() -> None:
    check_claimed("pdf", "license.pdf")
    with pytest.raises(RefusedDocument):
        documents.kind_of(OTHERS["html"])


@pytest.mark.parametrize("reason", SENTENCES)
def test_each_refusal_is_one_sentence_that_says_how_to_mend_it(reason: str) -> None:
    with override("en"):
        error = RefusedDocument(reason)
    said = str(error)
    assert isinstance(error, ValueError)
    assert said.endswith(".")
    assert said.count(". ") == 0
    assert ";" in said or " in a minute" in said


def test_every_kind_has_a_content_type_an_ending_and_a_beginning() -> None:
    assert kinds.CONTENT_TYPES.keys() == kinds.FILE_ENDINGS.keys() == kinds.BEGINNINGS.keys()


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(
        [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"]
    ),
    st.binary(max_size=400),
)
def test_random_bytes_are_refused_and_nothing_else_is_raised(start: bytes, junk: bytes) -> None:
    if junk.startswith(b"%PDF-"):
        return
    with pytest.raises(RefusedDocument):
        documents.clean(start + junk)


@settings(max_examples=5, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_after_the_header_of_a_pdf_are_refused(junk: bytes) -> None:
    with pytest.raises(RefusedDocument):
        documents.clean(b"%PDF-1.7\n" + junk)
