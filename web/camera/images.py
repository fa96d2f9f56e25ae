"""Pictures from outside, opened with limits. Rule: only JPEG and PNG, judged by bytes, not by name."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps

from controller.errors import UserMistake

BYTES = 8_000_000
PIXELS = 24_000_000
"""More than the sensor of any camera at a desk; a file that unpacks to more is not a photograph."""
SIDES = (48, 12_000)
"""The shortest and the longest side that is read, in pixels."""


class PictureRefused(UserMistake):
    """What was sent is no picture that is read: not JPEG or PNG, damaged, too big or too small."""


def opened(data: bytes) -> Image.Image:
    """Return the picture in data, upright and in RGB; raises PictureRefused."""
    if not data or len(data) > BYTES:
        raise PictureRefused(f"a picture has 1 to {BYTES:,} bytes, this one {len(data):,}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _unpacked(data)
    except PictureRefused:
        raise
    # Decoders of strange files raise nearly anything: each of these has been seen from Pillow.
    except (
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        IndexError,
        KeyError,
        OverflowError,
        MemoryError,
        EOFError,
        ArithmeticError,
        AttributeError,
        RuntimeError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as wrong:
        raise PictureRefused("this is no whole JPEG or PNG picture") from wrong


def _unpacked(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as picture:
        width, height = picture.size
        if min(width, height) < SIDES[0] or max(width, height) > SIDES[1] or width * height > PIXELS:
            raise PictureRefused(f"a picture of {width} by {height} pixels is not read")
        upright = ImageOps.exif_transpose(picture)
        return upright.convert("RGB")
