"""One JPEG picture: is it whole, how large is it, what may be done to it. Rule 1: limits before decoding.

Rule 2: a picture that claims more bytes or pixels than allowed costs nothing, because its head is read first.
Rule 3: it is strict where cameras are: sequential Huffman JPEG of 8 bits (ISO/IEC 10918-1), grey or colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

import numpy as np

from hardware.cameras.areas import Area
from hardware.cameras.libraries import opencv
from hardware.cameras.masks import filled

QUALITY = 85
_codec: Any = import_module("simplejpeg")  # libjpeg-turbo, which comes without types
_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_SOF0, _SOF1, _COM = 0xC0, 0xC1, 0xFE
# Segments that may stand before the frame header (Table B.1): DHT, DQT, DRI, APPn, COM.
_BEFORE_SOF = frozenset((0xC4, 0xDB, 0xDD, _COM, *range(0xE0, 0xF0)))
_SCAN = b"\xff\xda"
# Three colours need at most three scans, and a preview in an APPn segment as many. Each one more costs a
# decoder a pass over all pixels.
_MOST_SCANS = 8
COMMENT_BYTES = 0xFFFF - 2


class JpegError(ValueError):
    """The bytes are not a picture that may be used; ``why`` is a stable word."""

    why: Literal["broken", "too_big"] = "broken"


class TooBigError(JpegError):
    """The picture has, or claims to have, more bytes or pixels than allowed."""

    why = "too_big"


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest picture that is looked at: bytes as encoded, and pixels (width times height)."""

    bytes: int = 4 << 20
    pixels: int = 4096 * 4096

    def __post_init__(self) -> None:
        if self.bytes < 1 or self.pixels < 1:
            raise ValueError(f"limits of {self.bytes} bytes and {self.pixels} pixels: both must be above 0")


LIMITS = Limits()


def size_of(jpeg: bytes, limits: Limits = LIMITS) -> tuple[int, int]:
    """Width and height by the frame header, with the cheap checks that every picture must pass.

    Start and end marker, whole segments up to the frame header, few scans, and the limits. JpegError,
    TooBigError. Whether all that lies between is there, only `check` can tell.
    """
    if len(jpeg) > limits.bytes:
        raise TooBigError(f"{len(jpeg)} bytes, at most {limits.bytes} are allowed")
    if not (jpeg.startswith(_SOI) and jpeg.endswith(_EOI)):
        raise JpegError("no JPEG from its start to its end")
    width, height = _frame_header(jpeg)
    if width * height > limits.pixels:
        raise TooBigError(f"{width}x{height} pixels, at most {limits.pixels} are allowed")
    if jpeg.count(_SCAN) > _MOST_SCANS:
        raise JpegError("more scans than a picture needs")
    return width, height


def _frame_header(jpeg: bytes) -> tuple[int, int]:
    """Width and height in SOF0 or SOF1 (B.2.2)."""
    at = 2
    while (code := _marker(jpeg, at)) in _BEFORE_SOF:
        at += 2 + _length(jpeg, at + 2)
    head = jpeg[at + 2 : at + 2 + _length(jpeg, at + 2)]
    if code not in (_SOF0, _SOF1) or len(head) < 8:
        raise JpegError(f"marker {code:02x} where a sequential frame header was expected")
    height, width = int.from_bytes(head[3:5]), int.from_bytes(head[5:7])
    if head[2] != 8 or head[7] not in (1, 3) or len(head) != 8 + 3 * head[7] or not width * height:
        raise JpegError("a frame header of no grey or colour picture of 8 bits")
    return width, height


def _marker(jpeg: bytes, at: int) -> int:
    if at + 4 > len(jpeg) or jpeg[at] != 0xFF:
        raise JpegError("a segment does not begin where it should")
    return jpeg[at + 1]


def _length(jpeg: bytes, at: int) -> int:
    length = int.from_bytes(jpeg[at : at + 2])
    if length < 2 or at + length > len(jpeg):
        raise JpegError("a segment is longer than the picture")
    return length


def decoded(jpeg: bytes, limits: Limits = LIMITS, at_least: int = 0) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The pixels, height x width x 3 in the order blue, green, red; strict. JpegError, TooBigError.

    ``at_least``: a width in pixels down to which a faster and smaller decoding is welcome; 0 is full size.
    """
    size_of(jpeg, limits)
    try:
        pixels: np.ndarray[Any, np.dtype[np.uint8]] = _codec.decode_jpeg(
            jpeg,
            "BGR",
            min_width=at_least,
            min_factor=1,
            strict=True,
        )
    except (ValueError, RuntimeError) as error:
        raise JpegError("the picture is damaged between its start and its end") from error
    return pixels


def check(jpeg: bytes, limits: Limits = LIMITS) -> None:
    """Raises JpegError unless every pixel can be decoded and nothing is missing. Takes milliseconds.

    Bytes that were altered into other lawful pixels cannot be told: that is what digests are for.
    """
    decoded(jpeg, limits)


def encoded(pixels: np.ndarray[Any, np.dtype[np.uint8]], quality: int = QUALITY) -> bytes:
    """A JPEG of pixels (height x width x 3, blue, green, red); ``quality`` 1 to 100."""
    return bytes(
        _codec.encode_jpeg(np.ascontiguousarray(pixels), quality, "BGR", "420"),
    )


def masked(jpeg: bytes, masks: tuple[Area, ...], limits: Limits = LIMITS) -> bytes:
    """The picture with every mask filled, encoded again; itself where there are no masks. JpegError."""
    return encoded(filled(decoded(jpeg, limits), masks)) if masks else jpeg


def thumbnail(jpeg: bytes, width: int = 320, limits: Limits = LIMITS) -> bytes:
    """A smaller JPEG, ``width`` pixels wide and at most twice as high; never a larger one. JpegError.

    Proportions stay: a strip that would be higher becomes narrower, so that no camera makes it a large file.
    """
    wide, high = size_of(jpeg, limits)
    share = min(1.0, width / wide, 2 * width / high)
    if share == 1.0:
        return encoded(decoded(jpeg, limits))
    cv2 = opencv()
    size = (max(1, round(wide * share)), max(1, round(high * share)))
    return encoded(cv2.resize(decoded(jpeg, limits, width), size, interpolation=cv2.INTER_AREA))


def commented(jpeg: bytes, text: str) -> bytes:
    """The same picture with a comment segment (COM, B.2.4.5) right after its start; pixels are not touched.

    ``text`` is at most `COMMENT_BYTES` in UTF-8, or ValueError.
    """
    size_of(jpeg, Limits(max(1, len(jpeg)), 0xFFFF * 0xFFFF))
    data = text.encode()
    if len(data) > COMMENT_BYTES:
        raise ValueError(f"a comment of {len(data)} bytes, at most {COMMENT_BYTES} fit")
    return _SOI + bytes((0xFF, _COM)) + (len(data) + 2).to_bytes(2) + data + jpeg[2:]
