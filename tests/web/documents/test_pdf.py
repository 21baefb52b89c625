"""A PDF keeps what its pages draw; whatever acts, attaches, hides or burdens is refused."""

import hashlib
import random
import time
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import Fit

from tests.web.documents import samples
from tests.web.documents.samples import NAME, objects, packed, pdf, pdf_of_streams, stream
from unknot.web import documents
from unknot.web.documents import pdf as parent
from unknot.web.documents import rewriting
from unknot.web.documents.kinds import RefusedDocument

XMP = b"<x:xmpmeta><dc:creator>" + NAME + b"</dc:creator></x:xmpmeta>"
SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def catalog(words: bytes) -> bytes:
    return b"<< /Type /Catalog /Pages 2 0 R %b >>" % words


def page(words: bytes, resources: bytes = b"/Font << /F1 5 0 R >>") -> bytes:
    head = b"<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 612 792 ] /Contents 4 0 R"
    return head + b" /Resources << %b >> %b >>" % (resources, words)


def verdict(raw: bytes) -> str:
    """The answer's first line, from this process: "clean 1", or "refused" and the reason."""
    return rewriting.answer(raw).partition(b"\n")[0].decode()


def rewritten(raw: bytes) -> bytes:
    line, _, content = rewriting.answer(raw).partition(b"\n")
    assert line.startswith(b"clean "), line
    return content


def refusal(raw: bytes) -> str:
    with pytest.raises(RefusedDocument) as refused:
        documents.clean(raw)
    return refused.value.reason


def text_of(content: bytes) -> str:
    return "".join(each.extract_text() for each in PdfReader(BytesIO(content), strict=True).pages)


# Kept -----------------------------------------------------------------------------------------


def told_pdf() -> bytes:
    """Metadata in every place that has one, a link, an outline and an identifier."""
    return pdf(
        objects(
            o1=catalog(b"/Metadata 6 0 R /Lang (en) /PieceInfo << /X (%b) >>" % NAME),
            o3=page(
                b"/Metadata 6 0 R /LastModified (D:2026) /Annots [ 8 0 R ]",
                b"/Font << /F1 5 0 R >> /XObject << /Im 7 0 R /Form 9 0 R >>"
                b" /Properties << /MC0 << /Metadata 6 0 R >> >>",
            ),
            o6=stream(XMP, b"/Type /Metadata /Subtype /XML"),
            o7=stream(
                samples.saved(
                    samples.picture(), "JPEG", exif=samples.told_exif(), comment=NAME, xmp=XMP
                )
                + NAME,
                b"/Type /XObject /Subtype /Image /Width 64 /Height 32 /BitsPerComponent 8"
                b" /ColorSpace /DeviceRGB /Filter /DCTDecode /Metadata 6 0 R",
            ),
            o8=b"<< /Type /Annot /Subtype /Link /Rect [ 0 0 9 9 ] /Contents (%b)"
            b" /A << /S /URI /URI (https://example.org/%b) >> >>" % (NAME, NAME),
            o9=packed(
                b"0 0 9 9 re f",
                b"/Type /XObject /Subtype /Form /BBox [ 0 0 9 9 ] /PTEX.FileName (%b)"
                b" /PTEX.InfoDict 10 0 R /OC 10 0 R" % NAME,
            ),
            o10=b"<< /Author (%b) /Title (%b) /Producer (Maker 1) >>" % (NAME, NAME),
        ),
        trailer=b"/Info 10 0 R /ID [ <0123456789abcdef> <0123456789abcdef> ]",
        after=NAME,
    )


def test_a_pdf_is_kept_without_what_it_told() -> None:
    raw = told_pdf()
    kept = documents.clean(raw)
    assert raw.count(NAME) >= 9
    for told in (
        NAME,
        b"/Info",
        b"/ID",
        b"/Metadata",
        b"xmpmeta",
        b"Exif",
        b"example.org",
        b"Annot",
    ):
        assert told in raw, "the sample tells it"
        assert told not in kept.content
    for told in (b"0123456789abcdef", b"PTEX", b"Maker", b"PieceInfo", b"/OC", b"Lang", b"D:2026"):
        assert told not in kept.content
    assert (kept.kind, kept.pages, kept.size) == ("pdf", 1, None)
    assert kept.sha256 == hashlib.sha256(kept.content).hexdigest()


def test_a_kept_pdf_shows_what_it_showed_and_ends_at_its_end() -> None:
    kept = rewritten(told_pdf())
    read = PdfReader(BytesIO(kept), strict=True)
    assert text_of(kept) == "Certificate of massage therapy"
    (picture,) = read.pages[0].images
    assert picture.image.size == (64, 32)
    assert read.pages[0].mediabox == [0, 0, 612, 792]
    assert read.metadata is None
    assert kept.endswith(b"%%EOF\n")
    assert kept.count(b"%%EOF") == 1


def test_the_same_pdf_is_written_the_same_and_a_kept_one_can_be_sent_again() -> None:
    once = rewritten(told_pdf())
    assert rewritten(told_pdf()) == once
    assert text_of(rewritten(once)) == text_of(once)


def test_a_pdf_of_an_ordinary_writer_is_kept() -> None:
    writer = PdfWriter(clone_from=BytesIO(pdf(objects())))
    writer.add_metadata({"/Author": NAME.decode()})
    writer.add_outline_item(title="First page", page_number=0)
    writer.add_annotation(0, Link(rect=(0, 0, 9, 9), target_page_index=0, fit=Fit.fit()))
    writer.open_destination = writer.pages[0]
    into = BytesIO()
    writer.write(into)
    assert NAME in into.getvalue()
    kept = documents.clean(into.getvalue())
    assert NAME not in kept.content
    assert text_of(kept.content) == "Certificate of massage therapy"


def test_a_pdf_with_its_objects_in_a_stream_is_kept() -> None:
    hidden = {number: body for number, body in objects().items() if number != 4}
    kept = documents.clean(pdf_of_streams({4: objects()[4]}, hidden))
    assert text_of(kept.content) == "Certificate of massage therapy"


def test_a_page_inherits_from_the_tree_above_it() -> None:
    kept = rewritten(
        pdf(
            objects(
                o2=b"<< /Type /Pages /Count 1 /Kids [ 3 0 R ] /MediaBox [ 0 0 99 99 ] /Rotate 90"
                b" /Resources << /Font << /F1 5 0 R >> >> >>",
                o3=b"<< /Type /Page /Parent 2 0 R /Contents [ 4 0 R ] >>",
            )
        )
    )
    (found,) = PdfReader(BytesIO(kept), strict=True).pages
    assert found.mediabox == [0, 0, 99, 99]
    assert found.rotation == 90
    assert text_of(kept) == "Certificate of massage therapy"


def test_strings_that_draw_keep_their_bytes() -> None:
    table = bytes(range(256)) * 3
    kept = rewritten(
        pdf(
            objects(
                o3=page(b"", b"/XObject << /Im 6 0 R >>"),
                o6=stream(
                    bytes(16),
                    b"/Type /XObject /Subtype /Image /Width 4 /Height 4 /BitsPerComponent 8"
                    b" /ColorSpace [ /Indexed /DeviceRGB 255 <%b> ]" % table.hex().encode(),
                ),
            )
        )
    )
    assert table.hex().encode() in kept.replace(b"\n", b"").lower()


def test_a_reference_to_nothing_is_nothing() -> None:
    assert verdict(pdf(objects(o1=catalog(b"/Outlines 99 0 R")))) == "clean 1"


def test_an_unreachable_object_is_left_behind() -> None:
    kept = rewritten(pdf(objects(o6=SCRIPT, o7=packed(NAME))))
    assert b"JavaScript" not in kept
    assert zlib.compress(NAME) not in kept


def test_bytes_after_the_end_of_a_packed_stream_are_left_behind() -> None:
    body = stream(zlib.compress(samples.CONTENT) + NAME, b"/Filter /FlateDecode")
    kept = rewritten(pdf(objects(o4=body)))
    assert NAME not in kept
    assert text_of(kept) == "Certificate of massage therapy"


def test_a_name_the_maker_chose_is_no_harm() -> None:
    fonts = b"/Font << /JS 5 0 R /AA 5 0 R /F1 5 0 R >>"
    assert b"/JS" in rewritten(pdf(objects(o3=page(b"", fonts))))


# What acts ------------------------------------------------------------------------------------

ACTING = {
    "script when opened": (objects(o1=catalog(b"/OpenAction " + SCRIPT)), "script"),
    "script when opened, elsewhere": (
        objects(o1=catalog(b"/OpenAction 6 0 R"), o6=SCRIPT),
        "script",
    ),
    "an escaped name": (
        objects(o1=catalog(b"/OpenAction << /S /J#61vaScript /J#53 (x) >>")),
        "script",
    ),
    "script for the document": (objects(o1=catalog(b"/AA << /WC %b >>" % SCRIPT)), "script"),
    "script for a page": (objects(o3=page(b"/AA << /O %b >>" % SCRIPT)), "script"),
    "script among the names": (
        objects(o1=catalog(b"/Names << /JavaScript << /Names [ (a) 6 0 R ] >> >>"), o6=SCRIPT),
        "script",
    ),
    "script behind a link": (
        objects(o3=page(b"/Annots [ << /Subtype /Link /Rect [0 0 1 1] /A %b >> ]" % SCRIPT)),
        "script",
    ),
    "script after a jump": (
        objects(o1=catalog(b"/OpenAction << /S /GoTo /D [ 3 0 R /Fit ] /Next %b >>" % SCRIPT)),
        "script",
    ),
    "script in an outline": (
        objects(
            o1=catalog(b"/Outlines 6 0 R"),
            o6=b"<< /First 7 0 R /Last 7 0 R /Count 1 >>",
            o7=b"<< /Title (a) /Parent 6 0 R /A %b >>" % SCRIPT,
        ),
        "script",
    ),
    "address when opened": (
        objects(o1=catalog(b"/OpenAction << /S /URI /URI (https://example.org) >>")),
        "script",
    ),
    "print when opened": (objects(o1=catalog(b"/OpenAction << /S /Named /N /Print >>")), "script"),
    "program": (
        objects(o3=page(b"/Annots [ << /Subtype /Link /A << /S /Launch /F (cmd) >> >> ]")),
        "script",
    ),
    "sending a form": (
        objects(o3=page(b"/Annots [ << /Subtype /Link /A << /S /SubmitForm /F (x) >> >> ]")),
        "script",
    ),
    "reading in data": (
        objects(o3=page(b"/Annots [ << /Subtype /Link /A << /S /ImportData /F (x) >> >> ]")),
        "script",
    ),
    "another file": (
        objects(o3=page(b"/Annots [ << /Subtype /Link /A << /S /GoToR /F (\\\\\\\\host) >> >> ]")),
        "outside",
    ),
    "a stream from elsewhere": (
        objects(o4=stream(b"", b"/F << /FS /URL /F (https://example.org) >>")),
        "outside",
    ),
    "XFA form": (
        objects(o1=catalog(b"/AcroForm << /Fields [ ] /XFA 6 0 R >>"), o6=stream(b"x")),
        "script",
    ),
    "PostScript": (
        objects(
            o3=page(b"", b"/XObject << /P 6 0 R >>"),
            o6=stream(b"x", b"/Type /XObject /Subtype /PS"),
        ),
        "script",
    ),
    "attached file": (
        objects(
            o1=catalog(b"/Names << /EmbeddedFiles << /Names [ (a) 6 0 R ] >> >>"),
            o6=b"<< /Type /Filespec /F (a) /EF << /F 7 0 R >> >>",
            o7=stream(b"MZ", b"/Type /EmbeddedFile"),
        ),
        "attached",
    ),
    "attached to a page": (
        objects(
            o3=page(b"/Annots [ << /Subtype /FileAttachment /FS 6 0 R >> ]"),
            o6=b"<< /Type /Filespec /F (a) >>",
        ),
        "attached",
    ),
    "associated file": (
        objects(o1=catalog(b"/AF [ << /EF << /F 6 0 R >> >> ]"), o6=stream(b"MZ")),
        "attached",
    ),
    "portfolio": (objects(o1=catalog(b"/Collection << /View /D >>")), "attached"),
    "film": (
        objects(o3=page(b"/Annots [ << /Subtype /RichMedia /RichMediaContent << >> >> ]")),
        "attached",
    ),
    "3D": (objects(o3=page(b"/Annots [ << /Subtype /3D >> ]")), "attached"),
}


@pytest.mark.parametrize(("bodies", "reason"), ACTING.values(), ids=ACTING)
def test_what_acts_or_attaches_is_refused(bodies: dict[int, bytes], reason: str) -> None:
    assert verdict(pdf(bodies)) == f"refused {reason}"


@pytest.mark.parametrize(("bodies", "reason"), ACTING.values(), ids=ACTING)
def test_without_the_walk_it_would_be_taken_for_harmless(
    bodies: dict[int, bytes], reason: str, monkeypatch
) -> None:
    monkeypatch.setattr(rewriting, "_look_for_harm", lambda reader: None)
    monkeypatch.setattr(rewriting, "_check_annotations", lambda reader, page: None)
    assert verdict(pdf(bodies)) == "clean 1"


@pytest.mark.parametrize(("bodies", "reason"), ACTING.values(), ids=ACTING)
def test_the_copy_alone_leaves_out_what_acts(bodies, reason, monkeypatch) -> None:
    monkeypatch.setattr(rewriting, "_look_for_harm", lambda reader: None)
    monkeypatch.setattr(rewriting, "_check_annotations", lambda reader, page: None)
    kept = rewritten(pdf(bodies))
    for acting in (b"JavaScript", b"Launch", b"OpenAction", b"/AA", b"/A ", b"/EF", b"/URL", b"MZ"):
        assert acting not in kept


def test_a_script_hidden_in_an_object_stream_is_refused() -> None:
    whole = objects(o1=catalog(b"/OpenAction 6 0 R"), o6=SCRIPT)
    hidden = {number: body for number, body in whole.items() if number != 4}
    raw = pdf_of_streams({4: whole[4]}, hidden)
    assert b"JavaScript" not in raw
    assert refusal(raw) == "script"


def test_a_script_that_an_appended_revision_brings_is_refused() -> None:
    first = pdf(objects())
    last = first.rindex(b"startxref\n") + len(b"startxref\n")
    before = int(first[last:].split()[0])
    body = b"1 0 obj\n%b\nendobj\n" % catalog(b"/OpenAction " + SCRIPT)
    start = len(first) + len(body)
    raw = first + body + b"xref\n0 2\n0000000000 65535 f \n%010d 00000 n \n" % len(first)
    raw += b"trailer\n<< /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        before,
        start,
    )
    assert verdict(first) == "clean 1"
    assert verdict(raw) == "refused script"


def test_a_document_may_open_at_a_page_of_its_own() -> None:
    plain = b"/OpenAction << /S /GoTo /D [ 3 0 R /Fit ] >>"
    assert b"OpenAction" not in rewritten(pdf(objects(o1=catalog(plain))))
    assert b"OpenAction" not in rewritten(pdf(objects(o1=catalog(b"/OpenAction [ 3 0 R /Fit ]"))))


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (b"/Subtype /Link /Rect [ 0 0 9 9 ]", "clean 1"),
        (b"/Subtype /Text /Rect [ 0 0 9 9 ]", "clean 1"),
        (b"/Subtype /Widget /FT /Sig /Rect [ 0 0 0 0 ]", "clean 1"),
        (b"/Subtype /Widget /FT /Sig /F 2 /Rect [ 0 0 9 9 ]", "clean 1"),
        (b"/Subtype /Widget /FT /Tx /V (Ana) /Rect [ 0 0 9 9 ]", "refused fields"),
        (b"/Subtype /Stamp /F 4 /Rect [ 0 0 9 9 ]", "refused fields"),
        (b"/Subtype /FreeText", "refused fields"),
    ],
)
def test_what_is_laid_over_a_page_is_not_lost_in_silence(annotation: bytes, expected: str) -> None:
    raw = pdf(objects(o3=page(b"/Annots [ << %b >> ]" % annotation)))
    assert verdict(raw) == expected


# Locked, damaged ------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["secret", ""])
@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_locked_pdf_is_refused_even_with_an_empty_password(password: str, algorithm: str) -> None:
    writer = PdfWriter(clone_from=BytesIO(pdf(objects())))
    writer.encrypt(password, "owner", algorithm=algorithm)
    into = BytesIO()
    writer.write(into)
    assert refusal(into.getvalue()) == "locked"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8, 0.95])
def test_a_truncated_pdf_is_refused(share: float) -> None:
    whole = pdf(objects())
    assert verdict(whole) == "clean 1"
    assert verdict(whole[: int(len(whole) * share)]) == "refused pdf"


@pytest.mark.parametrize(
    "bodies",
    [
        objects(o4=stream(zlib.compress(samples.CONTENT)[:-9], b"/Filter /FlateDecode")),
        objects(o4=stream(b"not packed at all", b"/Filter /FlateDecode")),
        objects(o4=stream(b"x", b"/Filter /Unheard")),
        objects(o4=stream(b"x", b"/Filter /Crypt")),
        objects(o2=b"<< /Type /Pages /Count 0 /Kids [ ] >>"),
        objects(o2=b"<< /Type /Pages /Kids [ 3 0 R 3 0 R ] >>"),
        objects(o2=b"<< /Type /Pages /Kids [ 2 0 R ] >>"),
        objects(o2=b"<< /Type /Pages /Kids 5 >>"),
        objects(o2=b"[ ]"),
        objects(o1=b"[ ]"),
        objects(o3=b"<< /Type /Page /Contents 4 0 R >>"),
        objects(
            o3=page(b"", b"/XObject << /I 6 0 R >>"),
            o6=stream(b"no JPEG", b"/Subtype /Image /Width 1 /Height 1 /Filter /DCTDecode"),
        ),
    ],
)
def test_a_damaged_pdf_is_refused(bodies: dict[int, bytes]) -> None:
    assert verdict(pdf(bodies)) == "refused pdf"


def test_a_refusal_is_chained_to_what_the_reader_said() -> None:
    with pytest.raises(RefusedDocument) as refused:
        documents.clean(pdf(objects())[:-200])
    assert refused.value.reason == "pdf"
    assert "Error" in str(refused.value.__cause__)


# Too much -------------------------------------------------------------------------------------


def pages_pdf(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(6, 6 + count))
    more = {f"o{number}": samples.PAGE for number in range(6, 6 + count)}
    return pdf(objects(o2=b"<< /Type /Pages /Count %d /Kids [ %b ] >>" % (count, kids), **more))


def test_fifty_pages_are_kept_and_one_more_is_refused() -> None:
    assert verdict(pages_pdf(50)) == "clean 50"
    assert verdict(pages_pdf(51)) == "refused pages"


def object_stream_bomb(size: int) -> bytes:
    hidden = {number: body for number, body in objects().items() if number != 4}
    return pdf_of_streams({4: objects()[4]}, hidden, padding=size)


def test_an_object_stream_bomb_is_refused() -> None:
    raw = object_stream_bomb(400_000_000)
    assert len(raw) < 1_000_000
    begun = time.monotonic()
    assert refusal(raw) == "heavy"
    assert time.monotonic() - begun < parent.LONGEST


def test_object_streams_are_measured_together(monkeypatch) -> None:
    raw = object_stream_bomb(2_000_000)
    assert verdict(raw) == "clean 1"
    monkeypatch.setattr(rewriting, "MOST_OBJECT_STREAMS", 1_000_000)
    assert verdict(raw) == "refused heavy"


def drawing(size: int) -> bytes:
    """A packed stream of lines to draw, as many as fill `size`."""
    numbers = random.Random(7)
    some = (b"%d %d m %d %d l S\n" % (*numbers.choices(range(612), k=4),) for _ in range(60_000))
    block = b"".join(some)
    lines = (block * (size // len(block) + 1))[:size].rpartition(b"\n")[0]
    return stream(zlib.compress(lines, 1), b"/Filter /FlateDecode")


def test_a_page_that_unfolds_without_end_is_refused(monkeypatch) -> None:
    raw = pdf(objects(o4=packed(b"0 0 m 1 1 l S\n" * 21_000_000)))
    assert len(raw) < 1_000_000
    begun = time.monotonic()
    assert refusal(raw) == "heavy"
    assert time.monotonic() - begun < parent.LONGEST
    monkeypatch.setattr(rewriting, "MOST_DRAWN", 300_000_000)
    assert verdict(raw) == "refused heavy"
    monkeypatch.setattr(rewriting, "MOST_UNFOLDED", 2_000)
    assert verdict(raw) == "clean 1"


def test_a_drawing_of_many_lines_is_kept_and_one_without_end_is_not() -> None:
    assert verdict(pdf(objects(o4=drawing(19_000_000)))) == "clean 1"
    assert verdict(pdf(objects(o4=drawing(22_000_000)))) == "refused heavy"


def test_above_a_megabyte_what_draws_unfolds_a_hundredfold_at_most() -> None:
    assert verdict(pdf(objects(o4=packed(bytes(1_000_000))))) == "clean 1"
    assert verdict(pdf(objects(o4=packed(bytes(2_000_000))))) == "refused heavy"
    form = packed(bytes(2_000_000), b"/Subtype /Form /BBox [ 0 0 9 9 ]")
    place = page(b"", b"/XObject << /X 6 0 R >>")
    assert verdict(pdf(objects(o3=place, o6=form))) == "refused heavy"


@pytest.mark.parametrize(("times", "expected"), [(2, "clean 1"), (3, "refused heavy")])
def test_a_page_counts_a_stream_as_often_as_it_draws_it(times: int, expected: str) -> None:
    body = drawing(9_000_000)
    many = samples.PAGE.replace(b"4 0 R", b"[ %b ]" % (b"4 0 R " * times))
    assert verdict(pdf(objects(o3=many, o4=body))) == expected
    elsewhere = samples.PAGE.replace(b"4 0 R", b"6 0 R")
    listed = b"[ %b ]" % (b"4 0 R " * times)
    assert verdict(pdf(objects(o3=elsewhere, o4=body, o6=listed))) == expected


def test_pages_are_measured_one_by_one() -> None:
    tree = b"<< /Type /Pages /Count 3 /Kids [ 3 0 R 6 0 R 7 0 R ] >>"
    body = drawing(19_000_000)
    assert verdict(pdf(objects(o2=tree, o4=body, o6=samples.PAGE, o7=samples.PAGE))) == "clean 3"


def test_content_that_calls_itself_a_picture_is_measured_as_content() -> None:
    words = b"/Subtype /Image /Width 5000 /Height 5000 /BitsPerComponent 8"
    assert verdict(pdf(objects(o4=packed(bytes(30_000_000), words)))) == "refused heavy"


def scan_pdf(data: bytes, width: int, height: int) -> bytes:
    words = b"/Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceRGB"
    place = page(b"", b"/XObject << /I 6 0 R >>")
    return pdf(objects(o3=place, o6=packed(data, words % (width, height))))


def test_a_big_scan_is_kept_even_of_an_empty_page() -> None:
    blank = scan_pdf(b"\xff" * (4_960 * 7_016 * 3), 4_960, 7_016)  # A4 at 600 dpi: 104 MB
    assert len(blank) < 200_000
    assert documents.clean(blank).pages == 1
    grey = random.Random(7).randbytes(4_000_000) + b"\xff" * 22_000_000
    assert verdict(scan_pdf(grey, 2_480, 3_508)) == "clean 1"


def test_a_picture_that_unfolds_further_than_its_size_is_refused() -> None:
    assert verdict(scan_pdf(bytes(30_000), 100, 100)) == "clean 1"
    assert verdict(scan_pdf(bytes(200_000), 100, 100)) == "refused heavy"
    odd = scan_pdf(bytes(30_000), 100, 100).replace(b"/BitsPerComponent 8", b"/BitsPerComponent 7")
    assert verdict(odd) == "refused pdf"


def test_everything_together_is_bounded(monkeypatch) -> None:
    raw = scan_pdf(bytes(3_000_000), 1_000, 1_000)
    assert verdict(raw) == "clean 1"
    monkeypatch.setattr(rewriting, "MOST_DECODED", 2_000_000)
    assert verdict(raw) == "refused heavy"


def test_a_bomb_packed_twice_is_refused() -> None:
    body = zlib.compress(zlib.compress(bytes(400_000_000)))
    twice = stream(body, b"/Filter [ /FlateDecode /FlateDecode ]")
    assert len(body) < 10_000
    assert verdict(pdf(objects(o4=twice))) == "refused heavy"


def image_pdf(width: int, height: int) -> bytes:
    words = b"/Subtype /Image /Width %d /Height %d /BitsPerComponent 1 /ColorSpace /DeviceGray"
    return pdf(
        objects(
            o3=page(b"", b"/XObject << /I 6 0 R >>"), o6=packed(bytes(9), words % (width, height))
        )
    )


def test_a_picture_inside_with_too_many_pixels_is_refused() -> None:
    assert verdict(image_pdf(5_000, 10_000)) == "clean 1"
    assert verdict(image_pdf(5_001, 10_000)) == "refused heavy"


def test_a_jpeg_inside_that_is_larger_than_it_says_is_refused() -> None:
    data = bytearray(samples.saved(samples.picture(), "JPEG"))
    words = b"/Subtype /Image /Width 64 /Height 32 /Filter /DCTDecode"
    place = page(b"", b"/XObject << /I 6 0 R >>")
    assert verdict(pdf(objects(o3=place, o6=stream(bytes(data), words)))) == "clean 1"
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = b"\xea\x60\xea\x60"
    assert verdict(pdf(objects(o3=place, o6=stream(bytes(data), words)))) == "refused heavy"


@pytest.mark.parametrize("marker", [0x00, 0x01, 0x42, 0xF7])
def test_a_segment_that_no_jpeg_has_is_refused(marker: int) -> None:
    data = samples.saved(samples.picture(), "JPEG", comment=NAME)
    words = b"/Subtype /Image /Width 64 /Height 32 /Filter /DCTDecode"
    place = page(b"", b"/XObject << /I 6 0 R >>")
    assert NAME not in rewritten(pdf(objects(o3=place, o6=stream(data, words))))
    odd = data.replace(b"\xff\xfe", bytes([0xFF, marker]))
    assert odd != data
    assert verdict(pdf(objects(o3=place, o6=stream(odd, words)))) == "refused pdf"


@pytest.mark.parametrize("options", [{"progressive": True}, {"restart_marker_blocks": 1}, {}])
def test_a_jpeg_inside_keeps_its_pixels(options: dict[str, object]) -> None:
    drawn = samples.picture(300, 200)
    data = samples.saved(drawn, "JPEG", exif=samples.told_exif(), **options)
    kept = rewriting._bare_jpeg(data)
    assert len(kept) < len(data)
    assert Image.open(BytesIO(kept)).tobytes() == Image.open(BytesIO(data)).tobytes()


def test_a_jpeg_2000_inside_keeps_the_boxes_that_draw_it() -> None:
    data = samples.saved(samples.picture(), "JPEG2000")
    told = data + (8 + 16 + len(NAME)).to_bytes(4) + b"uuid" + bytes(16) + NAME
    assert rewriting._bare_jpeg_2000(told) == data
    with pytest.raises(rewriting.Harm, match="pdf"):
        rewriting._bare_jpeg_2000(told[:-1])


def test_loops_of_references_come_to_an_end() -> None:
    around = objects(
        o1=catalog(b"/Outlines 6 0 R"), o6=b"<< /Next 7 0 R >>", o7=b"<< /Prev 6 0 R >>"
    )
    assert verdict(pdf(around)) == "clean 1"
    form = packed(
        b"/X Do", b"/Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /X 6 0 R >> >>"
    )
    inside = objects(o3=page(b"", b"/XObject << /X 6 0 R >>"), o6=form)
    assert verdict(pdf(inside)) == "clean 1"
    pointing = objects(o1=catalog(b"/Outlines 6 0 R"), o6=b"7 0 R", o7=b"6 0 R")
    assert verdict(pdf(pointing)) == "refused pdf"


@pytest.mark.parametrize("depth", [60, 5_000, 200_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    raw = pdf(objects(o3=page(b"", b"/ColorSpace << /C %b %b >>" % (b"[" * depth, b"]" * depth))))
    assert refusal(raw) in {"heavy", "pdf"}


def test_many_small_objects_are_refused_within_the_time() -> None:
    rows = b" ".join(b"[ %b ]" % (b"0 " * 90_000) for _ in range(50))
    raw = pdf(objects(o1=catalog(b"/Outlines [ %b ]" % rows)))
    assert 9_000_000 < len(raw) < documents.LARGEST
    begun = time.monotonic()
    assert refusal(raw) == "heavy"
    assert time.monotonic() - begun < parent.LONGEST + 1


def test_a_child_that_takes_too_long_is_stopped(monkeypatch) -> None:
    monkeypatch.setattr(parent, "LONGEST", 0.01)
    assert refusal(pdf(objects())) == "heavy"


@pytest.mark.parametrize(
    "program",
    [
        "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass",
        "import os\nos.abort()",
    ],
)
def test_a_child_that_the_system_stops_is_a_refusal(program, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(parent, "CHILD", tmp_path / "child.py")
    parent.CHILD.write_text(program, encoding="utf-8")
    assert refusal(pdf(objects())) == "heavy"


def test_the_child_limits_its_own_time_memory_and_files(monkeypatch, tmp_path: Path) -> None:
    text = Path(rewriting.__file__).read_text(encoding="utf-8")
    ending = "    sys.stdout.buffer.write(answer("
    assert text.count(ending) == 1
    told = "    print('clean', *(resource.getrlimit(each)[0] for each in ({})))\n    sys.exit()\n"
    limits = "resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE"
    monkeypatch.setattr(parent, "CHILD", tmp_path / "child.py")
    parent.CHILD.write_text(text.replace(ending, told.format(limits) + ending), encoding="utf-8")
    monkeypatch.setattr(parent, "_answer", lambda reply, log: (reply, 0))
    said, _ = parent.rewrite(b"")
    assert said.split() == [b"clean", b"10", b"%d" % rewriting.MOST_MEMORY, b"0"]


def test_the_child_gets_nothing_of_this_process_and_a_broken_one_is_loud(
    monkeypatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("UNKNOT_SECRET", "told to nobody")
    monkeypatch.setattr(parent, "CHILD", tmp_path / "child.py")
    parent.CHILD.write_text("import os, sys\nsys.exit(repr(dict(os.environ)))", encoding="utf-8")
    with pytest.raises(RuntimeError, match="PYTHONPATH") as broken:
        documents.clean(pdf(objects()))
    assert "told to nobody" not in str(broken.value)


# Anything at all ------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=500))
def test_random_bytes_after_the_header_are_refused(junk: bytes) -> None:
    assert verdict(b"%PDF-1.7\n" + junk).startswith("refused ")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_pdf_is_kept_clean_or_refused(damage: list[tuple[int, int]]) -> None:
    whole = told_pdf()
    raw = bytearray(whole)
    for place, value in damage:
        raw[place % len(raw)] = value
    line, _, content = rewriting.answer(bytes(raw)).partition(b"\n")
    if line.startswith(b"refused "):
        assert line.split()[1].decode() in documents.kinds.SENTENCES
        return
    start, end = whole.index(b"/Filter /DCTDecode"), whole.index(b"8 0 obj")
    if not any(start <= place % len(raw) < end for place, _ in damage):
        assert NAME not in content  # inside the picture, damage may move where its name stands
    assert len(PdfReader(BytesIO(content), strict=True).pages) == 1
