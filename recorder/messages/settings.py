"""What the recorder is told to do: its cameras and what it may use of the box. It comes over the line alone.

Rule: nothing of it is read from a file of the recorder's own; a password is not among it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from recorder.messages.shapes import BadMessageError, Listed, Named, Real, Shape, Text, Whole

VERSION = 1
"""Of the line; another one is refused."""
MOST_CAMERAS = 32
THOUSAND = 1_000

Area = tuple[int, int, int, int]
"""Left, top, width and height in thousandths of the picture."""


def area(raw: object) -> Area:
    """A rectangle that lies within the picture; raises BadMessageError."""
    left, top, width, height = Listed(Whole(0, THOUSAND), 4, 4)(raw)
    if not (width and height and left + width <= THOUSAND and top + height <= THOUSAND):
        raise BadMessageError("left, top, width and height in thousandths, within the picture")
    return left, top, width, height


@dataclass(frozen=True, slots=True)
class CameraSettings(Shape):
    """One camera: its stream without a password, how it is ringed, and what counts as a fault of it.

    ``masks`` are blackened before anything is kept; ``clock`` is where the camera writes the time, which its
    honesty does not look at; ``watches`` is the room that it sees whole, empty for none; ``check_s`` is how
    often it is looked at, ``fault_after_s`` how long it must look wrong before that is said.
    """

    url: Annotated[str, Text(1_000)]
    frames_per_second: Annotated[int, Whole(1, 60)]
    ring_s: Annotated[float, Real(1, 120)]
    masks: Annotated[tuple[Area, ...], Listed(area, 0, 20)] = ()
    clock: Annotated[tuple[Area, ...], Listed(area, 0, 20)] = ()
    watches: Annotated[str, Text(32)] = ""
    fault_after_s: Annotated[float, Real(0.1, 600)] = 10.0
    check_s: Annotated[float, Real(0.05, 60)] = 1.0


@dataclass(frozen=True, slots=True)
class Settings(Shape):
    """First message of the controller after every connect; one that differs replaces all that was before.

    ``memory_mb``: the whole process, above it is started anew; ``ring_mb``: all rings together;
    ``cpu_percent``: of one core, above it fewer frames are ringed; ``picture_bytes``: the longest frame.
    """

    WORD: ClassVar[str] = "settings"

    version: Annotated[int, Whole(VERSION, VERSION)]
    site: Annotated[str, Text(200)]
    cameras: Annotated[Mapping[str, CameraSettings], Named(CameraSettings.of, MOST_CAMERAS)]
    memory_mb: Annotated[int, Whole(32, 65_536)] = 600
    ring_mb: Annotated[int, Whole(1, 65_536)] = 192
    cpu_percent: Annotated[int, Whole(1, 6_400)] = 100
    picture_bytes: Annotated[int, Whole(1_000, 8_000_000)] = 4_000_000
