"""Pictures from outside: JPEG and PNG within limits, all else refused in words; photographs made clean."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from web.camera import images
from web.camera.images import PictureRefused, opened
from web.camera.photo import LONGEST, kept, portrait
from web.camera.qr import SIGNS, read_codes


def coded(form: str, size: tuple[int, int] = (320, 240), **more: object) -> bytes:
    picture = Image.new("RGB", size, (200, 120, 60))
    ImageDraw.Draw(picture).rectangle((40, 40, 90, 200), fill=(10, 20, 200))
    out = BytesIO()
    picture.save(out, form, **more)
    return out.getvalue()


def with_code(text: str | bytes, *, degrees: float = 0) -> bytes:
    code = BytesIO()
    segno.make_qr(text).save(code, kind="png", scale=6, border=4)
    frame = Image.new("RGB", (1280, 720), (180, 176, 170))
    frame.paste(Image.open(code).convert("RGB"), (400, 120))
    out = BytesIO()
    frame.rotate(degrees, fillcolor=(180, 176, 170)).save(out, "JPEG", quality=70)
    return out.getvalue()


def declared(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return b"\x89PNG\r\n\x1a\n" + chunk + coded("PNG")[33:]


@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "WEBP", "PPM", "ICO"])
def test_only_jpeg_and_png_are_opened(form: str) -> None:
    with pytest.raises(PictureRefused, match="no whole JPEG or PNG"):
        opened(coded(form, (128, 128)))
    assert opened(coded("JPEG")).size == opened(coded("PNG")).size == (320, 240)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xd8\xff", b"%!PS-Adobe", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n"],
)
def test_what_is_no_picture_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(PictureRefused, match="picture"):
        opened(data)


@pytest.mark.parametrize("size", [(30_000, 30_000), (60_000, 400), (20, 400), (5_000, 5_000)])
def test_a_picture_that_would_unpack_to_too_much_is_refused_before_it_does(size: tuple[int, int]) -> None:
    with pytest.raises(PictureRefused, match=r"not read|no whole"):
        opened(declared(*size))


def test_a_file_of_too_many_bytes_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "BYTES", 1_000)
    with pytest.raises(PictureRefused, match="1 to 1,000 bytes"):
        opened(coded("PNG") + b"\0" * 1_000)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_cut_off_is_refused(form: str) -> None:
    data = coded(form)
    for at in range(10, len(data) - 40, len(data) // 12):
        with pytest.raises(PictureRefused):
            opened(data[:at])


@settings(deadline=None)
@given(st.sampled_from(["JPEG", "PNG"]), st.integers(0, 10_000), st.binary(min_size=1, max_size=6))
def test_a_spoiled_picture_is_opened_or_refused_and_nothing_else_happens(
    form: str, at: int, new: bytes
) -> None:
    data = bytearray(coded(form, (64, 64)))
    at %= len(data)
    data[at : at + len(new)] = new
    with suppress(PictureRefused):
        assert opened(bytes(data)).mode == "RGB"


@pytest.mark.parametrize("clean", [kept, portrait])
def test_a_photograph_leaves_with_nothing_but_pixels(clean: Callable[[bytes], bytes]) -> None:
    exif = Image.Exif()
    exif[0x010E] = "SECRET PLACE"
    exif[0x0112] = 6  # lies on its side
    data = coded("JPEG", (1600, 900), exif=exif, comment=b"SECRET COMMENT", icc_profile=b"SECRET PROFILE")
    out = clean(data + b"<script>SECRET TAIL</script>")
    assert out.startswith(b"\xff\xd8\xff")
    assert out.endswith(b"\xff\xd9")
    assert b"SECRET" not in out
    with Image.open(BytesIO(out)) as picture:
        assert picture.format == "JPEG"
        assert max(picture.size) <= LONGEST
        assert picture.height > picture.width  # stood upright before its metadata went
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_portrait_is_three_wide_and_four_high_from_any_picture() -> None:
    for size in ((640, 480), (480, 640), (1920, 200), (100, 400)):
        with Image.open(BytesIO(portrait(coded("PNG", size)))) as picture:
            assert picture.width / picture.height == pytest.approx(0.75, abs=0.02)


def test_a_photograph_made_clean_twice_stays_one() -> None:
    assert Image.open(BytesIO(kept(kept(coded("JPEG"))))).size == (320, 240)


@pytest.mark.parametrize("degrees", [0, 7, 33, 90, 180])
def test_a_code_in_the_frame_is_read_however_it_is_held(degrees: float) -> None:
    assert read_codes(with_code("7K2M9QXA01ZPRT4W", degrees=degrees)) == ("7K2M9QXA01ZPRT4W",)


def test_a_frame_without_a_code_gives_nothing_and_what_is_no_picture_is_refused() -> None:
    assert read_codes(coded("JPEG")) == ()
    with pytest.raises(PictureRefused):
        read_codes(b"not a picture")


@pytest.mark.parametrize("text", ["A" * (SIGNS + 1), "bell\x07", "\x1b[31mred", b"\x00\x01\x02"])
def test_a_code_with_too_much_or_with_controls_is_not_given_on(text: str | bytes) -> None:
    assert read_codes(with_code(text)) == ()
