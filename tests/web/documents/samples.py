"""Documents built by hand for these tests: pictures, and PDFs object by object."""

import struct
import zlib
from io import BytesIO

from PIL import Image

NAME = b"Marguerite Exampleton"
CONTENT = b"BT /F1 24 Tf 72 700 Td (Certificate of massage therapy) Tj ET"

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>"
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 612 792 ] /Contents 4 0 R"
    b" /Resources << /Font << /F1 5 0 R >> >> >>"
)
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(data: bytes, words: bytes = b"") -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (words, len(data), data)


def packed(data: bytes, words: bytes = b"") -> bytes:
    return stream(zlib.compress(data), b"/Filter /FlateDecode " + words)


def objects(**changed: bytes) -> dict[int, bytes]:
    """One page; `o1=...` replaces an object or adds one."""
    whole = {1: CATALOG, 2: PAGES, 3: PAGE, 4: packed(CONTENT), 5: FONT}
    return whole | {int(name[1:]): body for name, body in changed.items()}


def pdf(bodies: dict[int, bytes], trailer: bytes = b"", after: bytes = b"") -> bytes:
    into = BytesIO()
    into.write(b"%PDF-1.4\n")
    places = {}
    for number, body in bodies.items():
        places[number] = into.tell()
        into.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    start, size = into.tell(), max(bodies) + 1
    into.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        into.write(b"%010d 00000 n \n" % places[number])
    into.write(b"trailer\n<< /Size %d /Root 1 0 R %b >>\n" % (size, trailer))
    into.write(b"startxref\n%d\n%%%%EOF\n" % start + after)
    return into.getvalue()


def pdf_of_streams(bodies: dict[int, bytes], hidden: dict[int, bytes], padding: int = 0) -> bytes:
    """A PDF 1.5 whose `hidden` objects are in one object stream, found by an xref stream."""
    into = BytesIO()
    into.write(b"%PDF-1.5\n")
    head, texts, offset = [], [], 0
    for number, body in hidden.items():
        head.append(b"%d %d" % (number, offset))
        texts.append(body)
        offset += len(body) + 1
    first = b" ".join(head) + b" "
    inner = first + b" ".join(texts) + b" " * padding
    store = max([*bodies, *hidden]) + 1
    words = b"/Type /ObjStm /N %d /First %d" % (len(hidden), len(first))
    places = {}
    for number, body in {**bodies, store: packed(inner, words)}.items():
        places[number] = into.tell()
        into.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    start, rows = into.tell(), [struct.pack(">BIH", 0, 0, 65535)]
    for number in range(1, store + 2):
        if number in hidden:
            rows.append(struct.pack(">BIH", 2, store, list(hidden).index(number)))
        else:
            rows.append(struct.pack(">BIH", 1, places.get(number, start), 0))
    words = b"/Type /XRef /Size %d /W [ 1 4 2 ] /Root 1 0 R" % (store + 2)
    into.write(b"%d 0 obj\n%b\nendobj\n" % (store + 1, packed(b"".join(rows), words)))
    into.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return into.getvalue()


def picture(width: int = 64, height: int = 32, mode: str = "RGB") -> Image.Image:
    """Black on the left, white on the right."""
    drawn = Image.new(mode, (width, height), "black")
    drawn.paste("white", (width // 2, 0, width, height))
    return drawn


def saved(drawn: Image.Image, format_: str, **options: object) -> bytes:
    into = BytesIO()
    drawn.save(into, format_, **options)
    return into.getvalue()


def told_exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = NAME.decode()
    exif.get_ifd(0x8825)[29] = "2026:03:27"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return exif


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(
    width: int, height: int, rows: bytes, *chunks: bytes, after: tuple[bytes, ...] = ()
) -> bytes:
    """A black-and-white PNG with `chunks` before and `after` its pixels."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(rows, 9))
    parts = (head, *chunks, pixels, *after, chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
