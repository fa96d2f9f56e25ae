"""A visitor's photograph as it is kept and printed: a small JPEG that says nothing but its pixels.

Rule: whatever came in, what goes out was encoded here: no place, no camera, no thumbnail, no hidden tail.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from web.camera.images import opened

LONGEST = 480
"""The longest side of a kept photograph, in pixels."""
_QUALITY = 82
_PORTRAIT = (3, 4)


def kept(data: bytes) -> bytes:
    """Return a photograph as a JPEG of at most 480 pixels a side, without metadata; raises PictureRefused."""
    return _encoded(opened(data))


def portrait(data: bytes) -> bytes:
    """Return the middle of a photograph, 3 wide by 4 high, as `kept` does; raises PictureRefused."""
    picture = opened(data)
    width = min(picture.width, picture.height * _PORTRAIT[0] // _PORTRAIT[1])
    height = min(picture.height, picture.width * _PORTRAIT[1] // _PORTRAIT[0])
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    return _encoded(picture.crop((left, top, left + width, top + height)))


def _encoded(picture: Image.Image) -> bytes:
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    clean = Image.frombytes("RGB", picture.size, picture.tobytes())  # pixels only: nothing else comes along
    out = BytesIO()
    clean.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
