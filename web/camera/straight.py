"""A picture of lines turned until they lie level. Rule: pixels only, no idea of what is written."""

from __future__ import annotations

from itertools import pairwise

from PIL import Image, ImageOps

_ANGLES = tuple(step / 2 for step in range(-8, 9))
"""Degrees that are tried: a page on a desk under a camera lies less than four degrees askew."""
_SMALL = 700  # pixels of width in which the angle is sought


def straightened(picture: Image.Image) -> Image.Image:
    """Return a grey picture with its lines of text level and its contrast full."""
    grey = ImageOps.autocontrast(picture, cutoff=1)
    small = grey.resize((_SMALL, max(1, grey.height * _SMALL // grey.width)), Image.Resampling.BILINEAR)
    angle = max(_ANGLES, key=lambda degrees: (_levelness(small, degrees), -abs(degrees)))
    return grey.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255) if angle else grey


def _levelness(picture: Image.Image, degrees: float) -> int:
    """How much neighbouring rows of pixels differ: most when lines of text lie level."""
    turned = picture.rotate(degrees, Image.Resampling.BILINEAR, fillcolor=255)
    edge = turned.width // 10  # what turned in from outside is no text
    middle = turned.crop((edge, 0, turned.width - edge, turned.height))
    rows = middle.resize((1, middle.height), Image.Resampling.BOX).tobytes()
    return sum((above - below) ** 2 for above, below in pairwise(rows))
