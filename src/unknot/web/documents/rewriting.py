"""Write a PDF anew from what its pages need; run as a program, by its path, with limits.

    everything the catalog reaches ─► harm? ─► refused, with one word
    each page ─► content and resources, by a list of known keys ─► a new file

Standard library and pypdf only. Streams are copied as they are; a stream is decoded to measure it,
piece by piece, and pictures inside lose what their camera wrote into them.

Units   bytes, seconds of processor time; a picture's size is pixels.
Errors  Harm: one word of `kinds.SENTENCES`. Whatever else goes wrong while reading is "pdf",
        running into a limit is "heavy".
Source  ISO 32000-2: 7.3 objects, 7.5 file structure, 7.7.3 page tree, 7.8 content and resources,
        8 graphics, 9 text, 12.5 annotations, 12.6 actions; ISO/IEC 10918-1, B.1 (JPEG markers);
        ISO/IEC 15444-1, annex I (JPEG 2000 boxes).
"""

import resource
import sys
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from pypdf import PdfReader, apply_configuration
from pypdf.errors import LimitReachedError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    EncodedStreamObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

MB: Final = 1024 * 1024
MOST_MEMORY = 768 * MB
MOST_SECONDS = 10
MOST_PAGES = 50
MOST_NODES = 500_000
MOST_OBJECTS = 50_000
MOST_NESTING = 40
MOST_PIXELS = 50_000_000
MOST_OBJECT_STREAMS = 32 * MB
MOST_DECODED = 512 * MB
#: What one page's content, or any other stream that is no picture, may unfold to.
MOST_DRAWN = 20 * MB
#: Above 1 MB nothing that draws may unfold further than this many times.
MOST_UNFOLDED = 100
UNFOLDED_FROM = 1 * MB
#: A picture may unfold to what its size in pixels says, with four colours, and a little more.
MOST_COLOURS = 4
PICTURE_SPARE = 64 * 1024

LIMITS: dict[str, Any] = {
    "maximum_declared_stream_length": 16 * MB,
    "array_based_stream_maximum_output_length": 16 * MB,
    "zlib_maximum_output_length": 32 * MB,
    "zlib_maximum_recovery_input_length": 0,
    "lzw_maximum_output_length": 32 * MB,
    "run_length_maximum_output_length": 32 * MB,
    "brotli_maximum_output_length": 0,
    "stream_filters_maximum_length": 4,
    "stream_decoding_work_maximum_length": 64 * MB,
    "page_tree_maximum_depth": MOST_NESTING,
    "jbig2dec_binary": None,
}

PLAIN, RESOURCES, NAMES, CONTENT = "plain", "resources", "names", "content"

#: In a resource dictionary, and under these keys, the keys are names the maker chose.
NAMED_RESOURCES = {"/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/XObject", "/Font"}
CHOSEN_NAMES = {"/CharProcs", "/Colorants", "/Dests", "/RoleMap", "/ClassMap"}

HARMFUL_KEYS = {
    "/JS": "script",
    "/JavaScript": "script",
    "/AA": "script",
    "/XFA": "script",
    "/EmbeddedFile": "attached",
    "/EmbeddedFiles": "attached",
    "/EF": "attached",
    "/Collection": "attached",
    "/RichMediaContent": "attached",
    "/RichMediaSettings": "attached",
    "/RichMediaExecute": "attached",
}
HARMFUL_ACTIONS = {
    "/JavaScript": "script",
    "/Launch": "script",
    "/SubmitForm": "script",
    "/ImportData": "script",
    "/ResetForm": "script",
    "/Hide": "script",
    "/SetOCGState": "script",
    "/GoToR": "outside",
    "/GoToE": "attached",
    "/GoToDp": "script",
    "/GoTo3DView": "attached",
    "/Rendition": "attached",
    "/RichMediaExecute": "attached",
    "/Movie": "attached",
    "/Sound": "attached",
}
HARMFUL_TYPES = {
    "/RichMedia": "attached",
    "/FileAttachment": "attached",
    "/EmbeddedFile": "attached",
    "/Movie": "attached",
    "/Sound": "attached",
    "/Screen": "attached",
    "/3D": "attached",
    "/PS": "script",
}

#: Annotations that show nothing of their own on paper; they are left out without a word.
UNSEEN = {"/Link", "/Popup", "/Text"}
HIDDEN = 0b100010  # hidden, not viewed

FILTERS = {
    "/FlateDecode",
    "/LZWDecode",
    "/RunLengthDecode",
    "/ASCII85Decode",
    "/ASCIIHexDecode",
}
PICTURE_FILTERS = {"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"}

PAGE_KEYS = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/Resources", "/Contents")
INHERITED = ("/MediaBox", "/CropBox", "/Rotate", "/Resources")

#: Every key that drawing a page may need (ISO 32000-2, the tables of clauses 7.4 to 11).
WORDS = """
Type Subtype Filter DecodeParms
Predictor Colors Columns EarlyChange K EndOfLine EncodedByteAlign Rows EndOfBlock BlackIs1
DamagedRowsBeforeError JBIG2Globals ColorTransform
ExtGState ColorSpace Pattern Shading XObject Font ProcSet
FormType BBox Matrix Resources Group S CS I G BC TR
Width Height BitsPerComponent Intent ImageMask Mask Decode Interpolate SMask SMaskInData Matte
PatternType PaintType TilingType XStep YStep
ShadingType Background AntiAlias Coords Domain Function Extend BitsPerCoordinate BitsPerFlag
VerticesPerRow FunctionType Range Size BitsPerSample Order Encode C0 C1 N Functions Bounds
LW LC LJ ML D RI OP op OPM BG BG2 UCR UCR2 TR2 HT FL SM SA BM CA ca AIS TK
WhitePoint BlackPoint Gamma Alternate Colorants Process Components
BaseFont FirstChar LastChar Widths FontDescriptor Encoding ToUnicode CharProcs FontBBox
FontMatrix DescendantFonts CIDSystemInfo DW W DW2 W2 CIDToGIDMap BaseEncoding Differences
Registry Ordering Supplement CMapName WMode UseCMap FontName FontFamily FontStretch FontWeight
Flags ItalicAngle Ascent Descent Leading CapHeight XHeight StemV StemH AvgWidth MaxWidth
MissingWidth FontFile FontFile2 FontFile3 CharSet CIDSet Style Panose Length1 Length2 Length3
HalftoneType Frequency Angle SpotFunction AccurateScreens TransferFunction
"""
KEPT = {f"/{word}" for word in WORDS.split()}


class Harm(Exception):
    """The document is refused; the argument is the one word that says why."""


class Reader(PdfReader):
    """A strict reader that never tries a password and never guesses a missing object."""

    @property
    def is_encrypted(self) -> bool:
        """Refuse a locked document before anything of it is unlocked."""
        if "/Encrypt" in self.trailer:
            raise Harm("locked")
        return False

    def settled(self, value: Any) -> Any:
        """Return what `value` refers to; nothing where the file has no such object (7.3.10)."""
        for _ in range(MOST_NESTING):
            if not isinstance(value, IndirectObject):
                return NullObject() if value is None else value
            value = self.get_object(value) if self._listed(value) else NullObject()
        raise Harm("heavy")

    def _listed(self, reference: IndirectObject) -> bool:
        number, generation = reference.idnum, reference.generation
        in_stream = generation == 0 and number in self.xref_objStm
        return in_stream or number in self.xref.get(generation, {})


def rewritten(raw: bytes) -> tuple[bytes, int]:
    """Return `raw` written anew and its number of pages; Harm when it must not be kept."""
    with apply_configuration(**LIMITS):
        reader = Reader(BytesIO(raw), strict=True, xref_stream_maximum_entries=MOST_OBJECTS)
        if "/F" in reader.trailer:
            raise Harm("outside")
        _measure_object_streams(reader)
        _look_for_harm(reader)
        pages = list(_pages(reader))
        for page in pages:
            _check_annotations(reader, page)
        return Copy(reader).document(pages), len(pages)


# Harm -----------------------------------------------------------------------------------------


def _measure_object_streams(reader: Reader) -> None:
    """Decode each object stream once, within a sum; pypdf keeps what it decoded."""
    if sum(len(found) for found in reader.xref.values()) + len(reader.xref_objStm) > MOST_OBJECTS:
        raise Harm("heavy")
    total = 0
    for number in sorted({stream for stream, _index in reader.xref_objStm.values()}):
        stream = reader.settled(IndirectObject(number, 0, reader))
        if not isinstance(stream, StreamObject):
            raise Harm("pdf")
        total += len(stream.get_data())
        if total > MOST_OBJECT_STREAMS:
            raise Harm("heavy")


def _look_for_harm(reader: Reader) -> None:
    """Walk everything the catalog reaches, without recursion, each object once for each context."""
    seen: set[tuple[int, int, str]] = set()
    waiting: list[tuple[Any, str]] = [(reader.trailer.get("/Root"), PLAIN)]
    nodes = 0
    while waiting:
        value, context = waiting.pop()
        nodes += 1
        if nodes > MOST_NODES:
            raise Harm("heavy")
        if isinstance(value, IndirectObject):
            place = (value.idnum, value.generation, context)
            if place not in seen:
                seen.add(place)
                waiting.append((reader.settled(value), context))
        elif isinstance(value, DictionaryObject):
            if context != NAMES:
                _check_dictionary(reader, value)
            waiting.extend((inner, _context(key, context)) for key, inner in value.items())
        elif isinstance(value, ArrayObject):
            waiting.extend((inner, PLAIN) for inner in value)


def _context(key: str, outer: str) -> str:
    if outer == RESOURCES and key in NAMED_RESOURCES:
        return NAMES
    if outer != NAMES and key in {"/Resources", "/DR"}:
        return RESOURCES
    return NAMES if outer == PLAIN and key in CHOSEN_NAMES else PLAIN


def _check_dictionary(reader: Reader, found: DictionaryObject) -> None:
    for key in found:
        if key in HARMFUL_KEYS:
            raise Harm(HARMFUL_KEYS[key])
    for key, harmful in (("/S", HARMFUL_ACTIONS), ("/Subtype", HARMFUL_TYPES)):
        value = reader.settled(found.get(key))
        if isinstance(value, NameObject) and value in harmful:
            raise Harm(harmful[value])
    if isinstance(found, StreamObject) and "/F" in found:
        raise Harm("outside")
    if "/OpenAction" in found:
        _check_opening(reader, reader.settled(found.get("/OpenAction")))


def _check_opening(reader: Reader, action: Any) -> None:
    """Let a document open at a page of its own, and do nothing else."""
    if not isinstance(action, DictionaryObject):
        return  # a destination
    if reader.settled(action.get("/S")) != "/GoTo" or "/Next" in action:
        raise Harm("script")


def _check_annotations(reader: Reader, page: DictionaryObject) -> None:
    """Refuse a page whose look depends on what lies over it, since that is left out."""
    annotations = reader.settled(page.get("/Annots"))
    for raw in annotations if isinstance(annotations, ArrayObject) else ():
        annotation = reader.settled(raw)
        if isinstance(annotation, DictionaryObject) and _seen(reader, annotation):
            raise Harm("fields")


def _seen(reader: Reader, annotation: DictionaryObject) -> bool:
    flags = reader.settled(annotation.get("/F"))
    if isinstance(flags, int) and flags & HIDDEN:
        return False
    if reader.settled(annotation.get("/Subtype")) in UNSEEN:
        return False
    box = reader.settled(annotation.get("/Rect"))
    if not isinstance(box, ArrayObject) or len(box) != 4:
        return True
    left, bottom, right, top = (reader.settled(side) for side in box)
    return bool(left != right and bottom != top)


# Pages ----------------------------------------------------------------------------------------


def _pages(reader: Reader) -> Iterator[DictionaryObject]:
    """Yield each page with what it inherits from the tree above it."""
    root = reader.settled(reader.trailer.get("/Root"))
    waiting: list[tuple[Any, dict[str, Any]]] = [(_part(root, "/Pages"), {})]
    seen: set[tuple[int, int]] = set()
    count = 0
    while waiting:
        value, inherited = waiting.pop()
        if isinstance(value, IndirectObject):
            if (value.idnum, value.generation) in seen:
                raise Harm("pdf")
            seen.add((value.idnum, value.generation))
        node = reader.settled(value)
        if not isinstance(node, DictionaryObject) or len(seen) > MOST_OBJECTS:
            raise Harm("pdf")
        own = inherited | {key: node.get(key) for key in INHERITED if key in node}
        if "/Kids" in node:
            kids = reader.settled(node.get("/Kids"))
            waiting.extend((kid, own) for kid in reversed(kids))
            continue
        count += 1
        if count > MOST_PAGES:
            raise Harm("pages")
        yield _with(node, own)
    if not count:
        raise Harm("pdf")


def _part(found: Any, key: str) -> Any:
    if not isinstance(found, DictionaryObject):
        raise Harm("pdf")
    return found.get(key)


def _with(page: DictionaryObject, own: dict[str, Any]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): value for key, value in {**page, **own}.items()})


# The copy -------------------------------------------------------------------------------------


class Copy:
    """A new file, into which objects are copied by known keys; references wait in a queue."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.bodies: dict[int, bytes] = {}
        self.numbers: dict[tuple[int, int, str], int] = {}
        self.waiting: list[tuple[int, Any, str]] = []
        self.last = 2  # 1 is the catalog, 2 the list of pages
        self.decoded = 0
        self.unfolded: dict[int, int] = {}  # the size of each stream in the new file, decoded

    def document(self, pages: list[DictionaryObject]) -> bytes:
        """Return the new file with these pages."""
        kids = []
        for page in pages:
            kids.append(self._next_number())
            self.bodies[kids[-1]] = self._written(self._page(page))
            self._copy_waiting()
            self._check_drawn(page)
        self.bodies[1] = b"<< /Type /Catalog /Pages 2 0 R >>"
        listed = " ".join(f"{number} 0 R" for number in kids)
        self.bodies[2] = f"<< /Type /Pages /Count {len(kids)} /Kids [ {listed} ] >>".encode()
        return self._file()

    def _page(self, page: DictionaryObject) -> DictionaryObject:
        fresh = DictionaryObject({NameObject("/Type"): NameObject("/Page")})
        fresh[NameObject("/Parent")] = IndirectObject(2, 0, self.reader)
        for key in PAGE_KEYS:
            if key in page:
                context = CONTENT if key == "/Contents" else _context(key, PLAIN)
                fresh[NameObject(key)] = self._value(page.get(key), context, 0)
        if "/MediaBox" not in fresh:
            raise Harm("pdf")
        return fresh

    def _copy_waiting(self) -> None:
        while self.waiting:
            number, value, context = self.waiting.pop()
            if isinstance(value, StreamObject):
                self.bodies[number] = self._stream(value, number, context)
            else:
                self.bodies[number] = self._written(self._value(value, context, 0))

    def _check_drawn(self, page: DictionaryObject) -> None:
        """Bound what a page draws in all: a stream counts as often as the page names it."""
        content = page.get("/Contents")
        listed = self.reader.settled(content)
        places = listed if isinstance(listed, ArrayObject) else [content]
        drawn = 0
        for place in places:
            if isinstance(place, IndirectObject):
                number = self.numbers[place.idnum, place.generation, CONTENT]
                drawn += self.unfolded.get(number, 0)
        if drawn > MOST_DRAWN:
            raise Harm("heavy")

    def _value(self, value: Any, context: str, depth: int) -> PdfObject:
        if depth > MOST_NESTING:
            raise Harm("heavy")
        match value:
            case IndirectObject():
                return self._reference(value, context)
            case StreamObject():
                raise Harm("pdf")  # a stream is always an object of its own
            case DictionaryObject():
                return self._dictionary(value, context, depth)
            case ArrayObject():
                inside = CONTENT if context == CONTENT else PLAIN
                return ArrayObject(self._value(inner, inside, depth + 1) for inner in value)
            case TextStringObject() | ByteStringObject():
                return ByteStringObject(value.original_bytes)
            case PdfObject():
                return value
            case _:
                raise Harm("pdf")

    def _reference(self, value: IndirectObject, context: str) -> PdfObject:
        place = (value.idnum, value.generation, context)
        if place not in self.numbers:
            self.numbers[place] = self._next_number()
            self.waiting.append((self.numbers[place], self.reader.settled(value), context))
        return IndirectObject(self.numbers[place], 0, self.reader)

    def _dictionary(self, value: DictionaryObject, context: str, depth: int) -> PdfObject:
        return DictionaryObject(
            {
                NameObject(key): self._value(inner, _context(key, context), depth + 1)
                for key, inner in value.items()
                if context == NAMES or key in KEPT
            }
        )

    def _stream(self, stream: StreamObject, number: int, context: str) -> bytes:
        words = self._dictionary(stream, PLAIN, 0)
        assert isinstance(words, DictionaryObject)  # noqa: S101 - for the type checker
        filters = self._listed(stream, "/Filter")
        parameters = self._listed(stream, "/DecodeParms")
        _check_filters(filters)
        most, often = MOST_DRAWN, MOST_UNFOLDED
        if self.reader.settled(stream.get("/Subtype")) == "/Image":
            self._check_pixels(stream)
            if context != CONTENT and "/PatternType" not in stream:  # else it draws all the same
                most = often = self._picture_size(stream)
        data: bytes = stream._data  # as the file has it, not decoded; pypdf has no public name
        if filters and filters[-1] in {"/DCTDecode", "/JPXDecode"}:
            data = self._decoded(data, filters[:-1], parameters[:-1])
            data = _bare_jpeg(data) if filters[-1] == "/DCTDecode" else _bare_jpeg_2000(data)
            words[NameObject("/Filter")] = NameObject(filters[-1])
            words.pop("/DecodeParms", None)
            if parameters and isinstance(parameters[-1], DictionaryObject):
                words[NameObject("/DecodeParms")] = self._dictionary(parameters[-1], PLAIN, 0)
        else:
            packed = [name for name in filters if name in FILTERS]
            data, size = self._measured(data, packed, parameters, most)
            if size > max(UNFOLDED_FROM, often * len(data)):
                raise Harm("heavy")
            self.unfolded[number] = size
        words[NameObject("/Length")] = NumberObject(len(data))
        return self._written(words) + b"\nstream\n" + data + b"\nendstream"

    def _listed(self, stream: StreamObject, key: str) -> list[Any]:
        value = self.reader.settled(stream.get(key))
        if isinstance(value, NullObject):
            return []
        if isinstance(value, ArrayObject):
            return [self.reader.settled(inner) for inner in value]
        return [value]

    def _check_pixels(self, stream: StreamObject) -> None:
        width = self.reader.settled(stream.get("/Width"))
        height = self.reader.settled(stream.get("/Height"))
        if not isinstance(width, int) or not isinstance(height, int):
            raise Harm("pdf")
        if not 0 < width * height <= MOST_PIXELS:
            raise Harm("heavy")

    def _picture_size(self, stream: StreamObject) -> int:
        """Return how many bytes a picture may unfold to, by what it says of itself."""
        width, height, bits = (
            self.reader.settled(stream.get(key))
            for key in ("/Width", "/Height", "/BitsPerComponent")
        )
        if isinstance(bits, NullObject):
            bits = 8
        if bits not in {1, 2, 4, 8, 16}:
            raise Harm("pdf")
        row = 1 + -(-width * bits * MOST_COLOURS // 8)  # with the byte of a predictor
        return int(height * row) + PICTURE_SPARE

    def _measured(
        self, data: bytes, filters: list[str], parameters: list[Any], most: int
    ) -> tuple[bytes, int]:
        """Return `data` up to its end and its size decoded, of which only a piece is kept."""
        if filters != ["/FlateDecode"]:
            size = len(self._decoded(data, filters, parameters))
            if size > most:
                raise Harm("heavy")
            return data, size
        inflating, rest, size = zlib.decompressobj(), data, 0
        while not inflating.eof:
            piece = inflating.decompress(rest, MB)
            self._count(len(piece))
            size += len(piece)
            if size > most:
                raise Harm("heavy")
            rest = inflating.unconsumed_tail
            if not rest and not piece:
                raise Harm("pdf")  # it breaks off
        return data[: len(data) - len(inflating.unused_data)], size

    def _decoded(self, data: bytes, filters: list[str], parameters: list[Any]) -> bytes:
        """Return `data` with `filters` taken off, within pypdf's own limits."""
        if not filters:
            return data
        stream = EncodedStreamObject()
        stream._data = data
        stream[NameObject("/Filter")] = ArrayObject(NameObject(name) for name in filters)
        if any(isinstance(each, DictionaryObject) for each in parameters):
            stream[NameObject("/DecodeParms")] = ArrayObject(parameters[: len(filters)])
        decoded = stream.get_data()
        self._count(len(decoded))
        return decoded

    def _count(self, size: int) -> None:
        self.decoded += size
        if self.decoded > MOST_DECODED:
            raise Harm("heavy")

    def _next_number(self) -> int:
        self.last += 1
        if self.last > MOST_OBJECTS:
            raise Harm("heavy")
        return self.last

    def _written(self, value: PdfObject) -> bytes:
        into = BytesIO()
        value.write_to_stream(into)
        return into.getvalue()

    def _file(self) -> bytes:
        """Return the bytes of the whole file: no information, no identifier, nothing after."""
        into = BytesIO()
        into.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        table = [b"0000000000 65535 f \n"]
        for number in range(1, self.last + 1):
            table.append(b"%010d 00000 n \n" % into.tell())
            into.write(b"%d 0 obj\n%b\nendobj\n" % (number, self.bodies[number]))
        start = into.tell()
        into.write(b"xref\n0 %d\n%b" % (len(table), b"".join(table)))
        into.write(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % len(table))
        into.write(b"startxref\n%d\n%%%%EOF\n" % start)
        return into.getvalue()


# Streams --------------------------------------------------------------------------------------


def _check_filters(filters: list[Any]) -> None:
    for place, name in enumerate(filters):
        last = place == len(filters) - 1
        if name not in FILTERS and not (last and name in PICTURE_FILTERS):
            raise Harm("pdf")


#: APP1 to APP13, APP15 and COM; APP0 and APP14 say which colours are meant.
JPEG_DESCRIPTIONS = {*range(0xE1, 0xEE), 0xEF, 0xFE}
#: Frames and tables, end, scan, tables, number of lines, restart interval, APP0, APP14.
JPEG_DRAWING = {*range(0xC0, 0xD0), 0xD9, 0xDA, 0xDB, 0xDC, 0xDD, 0xE0, 0xEE} - {0xC8}
JPEG_END, JPEG_SCAN = b"\xff\xd9", b"\xff\xda"
JPEG_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def _bare_jpeg(data: bytes) -> bytes:
    """Return a JPEG with the segments that decode it, and none that describe it."""
    if not data.startswith(b"\xff\xd8\xff"):
        raise Harm("pdf")
    kept = bytearray(b"\xff\xd8")
    for marker, segment in _jpeg_segments(data):
        if marker in JPEG_FRAMES:
            _check_jpeg_size(segment[5:9])
        if marker in JPEG_DRAWING:
            kept += segment
        elif marker not in JPEG_DESCRIPTIONS:
            raise Harm("pdf")
    return bytes(kept)


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each segment after the first marker, a scan with its coded data, up to the end."""
    place = 2
    while True:
        while data[place : place + 2] == b"\xff\xff":  # fill bytes
            place += 1
        start = data[place : place + 2]
        if len(start) < 2 or start[0] != 0xFF:
            raise Harm("pdf")
        if start == JPEG_END:
            yield start[1], start
            return
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        if not place + 4 <= end <= len(data):
            raise Harm("pdf")
        if start == JPEG_SCAN:
            end = _scan_end(data, end)
        yield start[1], data[place:end]
        place = end


def _check_jpeg_size(height_and_width: bytes) -> None:
    height, width = height_and_width[:2], height_and_width[2:]
    if int.from_bytes(height) * int.from_bytes(width) > MOST_PIXELS:
        raise Harm("heavy")


def _scan_end(data: bytes, place: int) -> int:
    """Return where the coded data from `place` ends: at a marker that is no part of it."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0 or place + 1 >= len(data):
            raise Harm("pdf")
        if data[place + 1] not in {0x00, *range(0xD0, 0xD8)}:
            return place
        place += 2


def _bare_jpeg_2000(data: bytes) -> bytes:
    """Return a JPEG 2000 file with the boxes that decode it alone."""
    if data.startswith(b"\xff\x4f\xff\x51"):
        return data
    kept, place = bytearray(), 0
    while place < len(data):
        length, name = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        if length == 1:
            length = int.from_bytes(data[place + 8 : place + 16])
        length = length or len(data) - place  # 0: to the end
        if length < 8 or place + length > len(data):
            raise Harm("pdf")
        if name in {b"jP  ", b"ftyp", b"jp2h", b"jp2c", b"rreq"}:
            kept += data[place : place + length]
        place += length
    return bytes(kept)


# The program ----------------------------------------------------------------------------------


def _limit() -> None:
    """Bound what this process may use: its time, its memory, and no file at all."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":  # elsewhere the system does not keep this limit
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def answer(raw: bytes) -> bytes:
    """Return the one line that says what became of `raw`, and the new file."""
    try:
        content, pages = rewritten(raw)
    except Harm as harm:
        return f"refused {harm}\n".encode("ascii")
    except (LimitReachedError, MemoryError, RecursionError) as error:
        print(repr(error)[:200], file=sys.stderr)  # noqa: T201 - the parent chains it
        return b"refused heavy\n"
    except Exception as error:  # a damaged file meets whatever its reader happens to raise
        print(repr(error)[:200], file=sys.stderr)  # noqa: T201 - the parent chains it
        return b"refused pdf\n"
    return b"clean %d\n%b" % (pages, content)


if __name__ == "__main__":
    _limit()
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
