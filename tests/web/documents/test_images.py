"""Pictures keep their pixels, upright, and nothing else."""

import hashlib
import tracemalloc
import zipfile
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from tests.web.documents import samples
from unknot.web import documents
from unknot.web.documents import images
from unknot.web.documents.kinds import RefusedDocument

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + samples.NAME + b"</x:xmpmeta>"
TELLING = [samples.NAME, b"Exif", b"GPS", b"ICC_PROFILE", b"iCCP", b"eXIf", b"xmpmeta", b"tEXt"]


def refusal(raw: bytes) -> str:
    with pytest.raises(RefusedDocument) as refused:
        documents.clean(raw)
    return refused.value.reason


def told_jpeg(orientation: int = 1) -> bytes:
    exif = samples.told_exif(orientation)
    words = {"exif": exif, "icc_profile": PROFILE, "comment": samples.NAME, "xmp": XMP}
    return samples.saved(samples.picture(), "JPEG", **words)


def told_png(orientation: int = 1) -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", samples.NAME.decode())
    words.add_text("Comment", samples.NAME.decode() * 20, zip=True)
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    exif = samples.told_exif(orientation)
    options = {"exif": exif, "icc_profile": PROFILE, "pnginfo": words, "dpi": (300, 300)}
    return samples.saved(samples.picture(), "PNG", **options)


def opened(content: bytes) -> Image.Image:
    found = Image.open(BytesIO(content))
    found.load()
    return found


# Kept -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "raw"), [("jpeg", told_jpeg()), ("png", told_png())])
def test_a_picture_is_kept_without_what_it_told(kind: str, raw: bytes) -> None:
    kept = documents.clean(raw)
    assert sum(word in raw for word in TELLING) >= 4, "the sample tells something"
    assert [word for word in TELLING if word in kept.content] == []
    assert (kept.kind, kept.size, kept.pages) == (kind, (64, 32), None)
    assert kept.sha256 == hashlib.sha256(kept.content).hexdigest()
    found = opened(kept.content)
    assert not found.getexif()
    assert found.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert found.getpixel((2, 16)) == (0, 0, 0)
    assert found.getpixel((60, 16)) == (255, 255, 255)


@pytest.mark.parametrize("make", [told_jpeg, told_png])
@pytest.mark.parametrize(
    ("orientation", "size", "black"),
    [
        (1, (64, 32), (2, 16)),
        (2, (64, 32), (60, 16)),
        (3, (64, 32), (60, 16)),
        (4, (64, 32), (2, 16)),
        (5, (32, 64), (16, 2)),
        (6, (32, 64), (16, 2)),
        (7, (32, 64), (16, 60)),
        (8, (32, 64), (16, 60)),
        (9, (64, 32), (2, 16)),
    ],
)
def test_a_picture_is_turned_upright(make, orientation, size, black) -> None:
    kept = documents.clean(make(orientation))
    assert kept.size == size
    assert opened(kept.content).getpixel(black) == (0, 0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_each_way_to_hold_pixels_in_a_png_is_kept(mode: str) -> None:
    drawn = samples.picture(mode="L")
    drawn = drawn.convert("I").convert(mode) if mode == "I;16" else drawn.convert(mode)
    kept = opened(documents.clean(samples.saved(drawn, "PNG")).content)
    assert kept.size == (64, 32)
    assert kept.getpixel((2, 16)) != kept.getpixel((60, 16))


@pytest.mark.parametrize("mode", ["P", "L", "RGB"])
def test_a_see_through_colour_stays_see_through(mode: str) -> None:
    drawn = samples.picture(mode="L").convert(mode)
    hole = drawn.getpixel((2, 16))
    kept = opened(documents.clean(samples.saved(drawn, "PNG", transparency=hole)).content)
    assert kept.convert("RGBA").getpixel((2, 16))[3] == 0
    assert kept.convert("RGBA").getpixel((60, 16))[3] == 255


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_each_way_to_hold_pixels_in_a_jpeg_is_kept(mode: str) -> None:
    raw = samples.saved(samples.picture().convert(mode), "JPEG")
    kept = opened(documents.clean(raw).content).convert("L")
    assert kept.getpixel((2, 16)) < 10
    assert kept.getpixel((60, 16)) > 245


def test_of_several_pictures_in_a_jpeg_the_first_is_kept() -> None:
    second = samples.picture().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    raw = samples.saved(samples.picture(), "MPO", save_all=True, append_images=[second])
    kept = documents.clean(raw)
    assert raw.count(b"\xff\xd8\xff") == 2
    assert kept.content.count(b"\xff\xd8\xff") == 1
    assert opened(kept.content).getpixel((2, 16)) == (0, 0, 0)


@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
def test_a_file_that_is_also_a_zip_is_a_picture_alone_afterwards(format_: str) -> None:
    box = BytesIO()
    with zipfile.ZipFile(box, "w") as inside:
        inside.writestr("run.sh", "echo hidden")
    raw = samples.saved(samples.picture(), format_) + box.getvalue()
    assert zipfile.is_zipfile(BytesIO(raw))
    kept = documents.clean(raw)
    assert not zipfile.is_zipfile(BytesIO(kept.content))
    assert b"run.sh" not in kept.content
    assert kept.content.endswith((b"\xff\xd9", b"IEND\xaeB`\x82"))


def test_a_jpeg_that_grows_is_written_more_coarsely(monkeypatch) -> None:
    raw = samples.saved(Image.effect_noise((300, 300), 90), "JPEG", quality=95)
    fine = documents.clean(raw).content
    monkeypatch.setattr(images, "LARGEST", len(fine) - 1)
    assert len(documents.clean(raw).content) < len(fine)


# Refused --------------------------------------------------------------------------------------


def bomb(width: int, height: int) -> bytes:
    return samples.png(width, height, bytes((width // 8 + 1) * height))


def test_a_png_bomb_is_refused_before_it_is_decoded() -> None:
    raw = bomb(40_000, 40_000)
    assert len(raw) < 300_000
    tracemalloc.start()
    try:
        assert refusal(raw) == "pixels"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000


def test_without_the_limit_the_same_shape_would_be_decoded(monkeypatch) -> None:
    raw = bomb(12_800, 64)
    assert refusal(raw) == "pixels"
    monkeypatch.setattr(images, "LONGEST_SIDE", 20_000)
    assert documents.clean(raw).size == (12_800, 64)
    monkeypatch.setattr(images, "MOST_PIXELS", 12_800 * 64 - 1)
    assert refusal(raw) == "pixels"


def test_a_jpeg_bomb_is_refused_by_its_header() -> None:
    raw = bytearray(samples.saved(samples.picture(), "JPEG"))
    frame = raw.index(b"\xff\xc0")
    raw[frame + 5 : frame + 9] = b"\xea\x60\xea\x60"
    assert refusal(bytes(raw)) == "pixels"


def text_bomb(name: bytes) -> bytes:
    packed = zlib.compress(bytes(60_000_000), 9)
    return {
        b"zTXt": samples.chunk(b"zTXt", b"Comment\0\0" + packed),
        b"iTXt": samples.chunk(b"iTXt", b"Comment\0\x01\0\0\0" + packed),
        b"iCCP": samples.chunk(b"iCCP", b"Colours\0\0" + packed),
    }[name]


@pytest.mark.parametrize("name", [b"zTXt", b"iTXt", b"iCCP"])
@pytest.mark.parametrize("place", ["before", "after"])
def test_a_text_bomb_in_a_png_never_unfolds(name: bytes, place: str) -> None:
    hidden = text_bomb(name)
    rows = bytes(9 * 64)
    raw = (
        samples.png(64, 64, rows, hidden)
        if place == "before"
        else samples.png(64, 64, rows, after=(hidden,))
    )
    tracemalloc.start()
    try:
        assert refusal(raw) == "picture"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


def test_without_the_limit_a_text_bomb_unfolds(monkeypatch) -> None:
    raw = samples.png(64, 64, bytes(9 * 64), text_bomb(b"zTXt"))
    monkeypatch.setattr(PngImagePlugin, "MAX_TEXT_CHUNK", 2**30)
    monkeypatch.setattr(PngImagePlugin, "MAX_TEXT_MEMORY", 2**30)
    assert documents.clean(raw).kind == "png"


def test_a_moving_png_is_refused_and_its_first_picture_alone_is_not() -> None:
    still = samples.picture()
    other = still.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert refusal(samples.saved(still, "PNG", save_all=True, append_images=[other])) == "moving"
    assert documents.clean(samples.saved(still, "PNG")).kind == "png"


@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
def test_a_truncated_picture_is_refused(format_: str, share: float) -> None:
    whole = samples.saved(Image.effect_noise((200, 200), 60), format_)
    documents.clean(whole)
    assert refusal(whole[: int(len(whole) * share)]) == "picture"


def test_a_png_without_its_end_or_with_a_wrong_checksum_is_refused() -> None:
    whole = samples.saved(samples.picture(), "PNG")
    assert refusal(whole[:-12]) == "picture"
    place = whole.index(b"IDAT") + 6
    assert refusal(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]) == "picture"


def test_a_refusal_is_chained_to_what_the_reader_said() -> None:
    with pytest.raises(RefusedDocument) as refused:
        documents.clean(samples.saved(samples.picture(), "JPEG")[:300])
    assert refused.value.__cause__ is not None


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([told_jpeg(6), told_png(6)]),
    st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_a_damaged_picture_is_kept_clean_or_refused(whole: bytes, damage) -> None:
    raw = bytearray(whole)
    for place, value in damage:
        raw[place % len(raw)] = value
    try:
        kept = documents.clean(bytes(raw))
    except RefusedDocument:
        return
    assert samples.NAME not in kept.content
    assert opened(kept.content).size == kept.size
