"""A rectangle of a picture, in thousandths of it: a mask, or where a camera writes the time.

Rule: what is wrong with one is said here, once, for whoever reads it from a file or a line.
"""

from __future__ import annotations

from collections.abc import Sequence

WHOLE = 1_000
Area = tuple[int, int, int, int]
"""Left, top, width and height in thousandths of the picture."""


def fault(area: Sequence[int]) -> str:
    """Why four numbers are no area of a picture; empty when they are."""
    left, top, width, height = area
    if not (width and height):
        return "is empty"
    if min(area) < 0 or left + width > WHOLE or top + height > WHOLE:
        return f"reaches beyond the picture, which is {WHOLE} wide and {WHOLE} high"
    return ""


def require(area: Sequence[int]) -> None:
    """ValueError unless four numbers are an area of a picture."""
    if why := fault(area):
        raise ValueError(f"the area {', '.join(map(str, area))} {why}")
