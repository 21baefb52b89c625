"""Pictures: read to the end, turned upright, drawn anew from their pixels alone.

The reader of the one announced format is called by name, so no other of Pillow's readers ever
sees the bytes. Position, camera, comments, colour profile, further pictures and whatever follows
the end are not copied, because only pixels are.

Units   pixels; at most 4 bytes of memory each, twice while a picture is turned: about 400 MB.
Errors  RefusedDocument: too many pixels, moving, or not readable to its end.
Source  Pillow handbook, "Image file formats"; Exif 2.32, tag 0x0112 (orientation);
        W3C PNG, third edition, 11.2.1 (IHDR).
"""

from io import BytesIO

from PIL.Image import Image, Transpose
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from unknot.web.documents.kinds import LARGEST, Kind, RefusedDocument

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 12_000
QUALITIES = (90, 80, 70)
ORIENTATION = 0x0112
PNG_SIZE = slice(16, 24)  # width and height: the first field of the first chunk

#: What turns a picture upright, by the orientation its camera noted.
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}

#: Ways to keep pixels that PNG can hold as they are; any other becomes RGB.
PLAIN = {"1", "L", "LA", "RGB", "RGBA", "I;16"}


def redraw(raw: bytes, kind: Kind) -> tuple[bytes, tuple[int, int]]:
    """Return the picture in `raw` drawn anew, and its size; RefusedDocument when it cannot be."""
    try:
        drawn = _png(raw) if kind == "png" else _jpeg(raw)
        content = _png_bytes(drawn) if kind == "png" else _jpeg_bytes(drawn)
    except RefusedDocument:
        raise
    except Exception as error:  # a damaged file meets whatever its reader happens to raise
        raise RefusedDocument("picture") from error
    return content, drawn.size


def _jpeg(raw: bytes) -> Image:
    """Return the first picture of a JPEG; phones put a second one, for depth, behind it."""
    opened = JpegImageFile(BytesIO(raw))
    _check_size(*opened.size)
    picture = _upright(opened)
    return picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")


def _png(raw: bytes) -> Image:
    width_and_height = raw[PNG_SIZE]
    _check_size(int.from_bytes(width_and_height[:4]), int.from_bytes(width_and_height[4:]))
    PngImageFile(BytesIO(raw)).verify()  # every checksum, and an end
    opened = PngImageFile(BytesIO(raw))
    _check_size(*opened.size)
    if opened.is_animated:
        raise RefusedDocument("moving")
    opened.load()
    see_through = opened.info.get("transparency") is not None
    picture = _upright(opened)
    if see_through:
        return picture.convert("RGBA")
    return picture if picture.mode in PLAIN else picture.convert("RGB")


def _check_size(width: int, height: int) -> None:
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise RefusedDocument("pixels")


def _upright(opened: Image) -> Image:
    """Return the pixels as they are meant to be seen; decodes the whole picture."""
    opened.load()
    turn = TURNS.get(opened.getexif().get(ORIENTATION, 1))
    return opened if turn is None else opened.transpose(turn)


def _jpeg_bytes(picture: Image) -> bytes:
    for quality in QUALITIES:
        content = _written(picture, "JPEG", quality=quality)
        if len(content) <= LARGEST:
            break
    return content


def _png_bytes(picture: Image) -> bytes:
    return _written(picture, "PNG")


def _written(picture: Image, format_: str, **options: int) -> bytes:
    picture.info = {}  # a writer takes up comments, profiles and resolutions from here
    into, write = BytesIO(), picture.save
    write(into, format_, **options)
    return into.getvalue()
