"""A PDF read back by poppler: its text, its pages as pictures, its boxes."""

from __future__ import annotations

import re
import subprocess
from io import BytesIO

from PIL import Image


def text_of(pdf: bytes, order: str = "-raw") -> str:
    """What stands on the pages, as written ("-raw") or as it lies there ("-layout"); a form feed a page."""
    return _poppler(["pdftotext", order, "-", "-"], pdf).decode()


def squeezed(text: str) -> str:
    """A text without its blanks: lines are broken where the paper needs it."""
    return re.sub(r"\s", "", text)


def picture_of(pdf: bytes, dots: int, page: int = 1) -> Image.Image:
    """A page as it is printed, at so many dots an inch."""
    png = _poppler(["pdftoppm", "-png", "-r", str(dots), "-f", str(page), "-l", str(page), "-"], pdf)
    return Image.open(BytesIO(png)).convert("L")


def media_box(pdf: bytes) -> tuple[float, float]:
    """Width and height of the pages in mm, from the file itself; every page has the same."""
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([0-9. ]+)\]", pdf)}
    ((left, low, right, high),) = boxes
    return ((right - left) * 25.4 / 72, (high - low) * 25.4 / 72)


def _poppler(command: list[str], pdf: bytes) -> bytes:
    return subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=60).stdout
