"""A clock burnt into pictures, for machines as cells and for people as digits, and its reader.

    4 cells  1010                      where it begins, and how bright white and black are
   40 cells  milliseconds of CLOCK_MONOTONIC, most significant bit first
   16 cells  CRC-16/CCITT (ITU-T V.41) of those five bytes
    4 cells  0101

in two rows of 32, at the upper left; every cell is a square of a hundredth of the width of the picture.
Rule: what does not check is no time; a reader never guesses.
"""

from __future__ import annotations

from binascii import crc_hqx
from datetime import UTC, datetime

import cv2
import numpy as np
import numpy.typing as npt

from firmware_shims.cameras.textures import Picture

CLOCK_AREA = (0, 0, 1000, 45)
"""What the clock covers in a picture of 16:9: left, top, width and height in thousandths."""
COLUMNS, ROWS = 32, 2
_HEAD, _TAIL = (1, 0, 1, 0), (0, 1, 0, 1)
_BYTES = 5
_SPREAD = 60
"""How far white and black must lie apart to be told from each other after a lossy codec."""


def burn(picture: Picture, monotonic: float, label: str, wall: float | None = None) -> None:
    """Burn a moment into a picture, with ``label`` and, where given, the seconds since 1970 in digits."""
    cell = _cell(picture)
    bits = np.array(_bits(round(monotonic * 1000)), dtype=np.uint8).reshape(ROWS, COLUMNS) * 235 + 10
    block = np.kron(bits, np.ones((cell, cell), dtype=np.uint8))
    height, width = block.shape
    picture[: height + 2 * (cell // 3), :] = cv2.convertScaleAbs(
        picture[: height + 2 * (cell // 3)], None, 0.35
    )
    picture[:height, :width] = block[:, :, None]
    when = "" if wall is None else f"{datetime.fromtimestamp(wall, UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3] + " UTC"
    place, scale = (width + 2 * cell, round(cell * 1.6)), cell / 19
    thick = max(1, cell // 7)
    cv2.putText(
        picture,
        f"{label}  {when}",
        place,
        cv2.FONT_HERSHEY_SIMPLEX,
        scale,
        (235, 240, 240),
        thick,
        cv2.LINE_AA,
    )


def read_clock(picture: npt.NDArray[np.uint8]) -> float | None:
    """Seconds of CLOCK_MONOTONIC that a picture (BGR or grey) shows, or None; milliseconds are exact."""
    cell = _cell(picture)
    height, width = ROWS * cell, COLUMNS * cell
    if cell < 2 or picture.shape[0] < height:
        return None
    part = picture[:height, :width]
    grey = part.mean(axis=2) if part.ndim == 3 else part.astype(np.float64)
    edge = cell // 4
    cells = grey.reshape(ROWS, cell, COLUMNS, cell)[:, edge : cell - edge, :, edge : cell - edge].mean(
        axis=(1, 3)
    )
    return _moment(cells.reshape(-1))


def _moment(cells: npt.NDArray[np.float64]) -> float | None:
    white = cells[[0, 2, -3, -1]].min()
    black = cells[[1, 3, -4, -2]].max()
    if white - black < _SPREAD:
        return None
    bits = (cells > (white + black) / 2).astype(int)
    value = int("".join(map(str, bits[4:44])), 2)
    return value / 1000 if tuple(bits) == tuple(_bits(value)) else None


def _bits(millis: int) -> list[int]:
    octets = millis.to_bytes(_BYTES)
    whole = octets + crc_hqx(octets, 0xFFFF).to_bytes(2)
    return [*_HEAD, *(byte >> shift & 1 for byte in whole for shift in range(7, -1, -1)), *_TAIL]


def _cell(picture: npt.NDArray[np.uint8]) -> int:
    return int(picture.shape[1]) // 100
