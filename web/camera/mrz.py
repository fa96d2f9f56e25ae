"""The lines at the foot of a travel document, read from a picture (ICAO 9303). Rule 1: no digit is guessed.

Rule 2: lines count only when the judge finds every check digit right, and when two readings of differently
prepared pictures say the same: check digits alone do not tell G from 6, L from 1 or S from 8 (part 3, 4.9
counts letters modulo ten). Names have no check digit; the guard looks at them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Generic, TypeVar

from PIL import Image

from web.camera.images import opened
from web.camera.lines import candidates
from web.camera.ocr import read_text
from web.camera.straight import straightened

Judged = TypeVar("Judged")
Judge = Callable[[tuple[str, ...]], Judged]
"""What reads the lines of a zone and raises ValueError when a check digit is wrong."""

SECONDS = 5.0
"""So long one picture is read at most."""
_FOOT = 0.45  # of the page's height: the zone stands in its lowest quarter, held by hand a little higher
_WIDTHS = (1500, 1900, 1200, 2300)  # of the prepared picture: 44 signs of 27 to 52 pixels
_HOPELESS = 3  # so many sizes in which nothing was read: the zone is not in this part of the picture


@dataclass(frozen=True, slots=True)
class Found(Generic[Judged]):
    """What the judge read, its lines, and whether two readings spelled the names alike as well."""

    value: Judged
    lines: tuple[str, ...]
    names_alike: bool


def read_document(data: bytes, judge: Judge[Judged]) -> Found[Judged] | None:
    """Return the zone in a JPEG or PNG picture, or None; raises PictureRefused, OcrMissingError.

    Takes about a second, at most SECONDS and what the last reading began.
    """
    until = monotonic() + SECONDS
    seen: dict[tuple[str, ...], tuple[str, ...]] = {}
    for straight in _straight(opened(data).convert("L")):
        for n, width in enumerate(_WIDTHS):
            left = until - monotonic()
            if left <= 0 or (n == _HOPELESS and not seen):
                break
            found = _judged(read_text(_sized(straight, width), left), judge)
            if found is None:
                continue
            value, lines = found
            before = seen.setdefault(_checked(lines), lines)
            if before is not lines:
                return Found(value, lines, names_alike=before == lines)
    return None


def _straight(picture: Image.Image) -> Iterator[Image.Image]:
    """The foot of the page, level; then all of it, where only a foot was shown."""
    width, height = picture.size
    for top in (int(height * (1 - _FOOT)), 0):
        yield straightened(picture.crop((0, top, width, height)))


def _sized(picture: Image.Image, width: int) -> Image.Image:
    size = (width, max(1, picture.height * width // picture.width))
    return picture.resize(size, Image.Resampling.BICUBIC)


def _judged(text: str, judge: Judge[Judged]) -> tuple[Judged, tuple[str, ...]] | None:
    for lines in candidates(text):
        try:
            return judge(lines), lines
        except ValueError:
            continue
    return None


def _checked(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines that check digits cover: the second of two, the first two of three."""
    return lines[1:] if len(lines) == 2 else lines[:2]
