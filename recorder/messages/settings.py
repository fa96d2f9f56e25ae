"""What the recorder is told to do: its cameras and what it may use of the box. It comes over the line alone.

Rule: nothing of it is read from a file of the recorder's own; a password is not among it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from msgspec import Meta

from hardware.cameras.areas import Area, require
from recorder.messages.shapes import Name, Shape

VERSION = 1
"""Of the line; another one is refused."""
MOST_CAMERAS = 32

Areas = Annotated[tuple[Area, ...], Meta(max_length=20)]


@dataclass(frozen=True, slots=True)
class CameraSettings(Shape):
    """One camera: its stream without a password, how it is ringed, and what counts as a fault of it.

    ``masks`` are greyed before anything is kept; ``clock`` is where the camera writes the time, which its
    honesty does not look at; ``watches`` is the room that it sees whole, empty for none; ``check_s`` is how
    often it is looked at, ``fault_after_s`` how long it must look wrong before that is said.
    """

    url: Annotated[str, Meta(max_length=1_000)]
    frames_per_second: Annotated[int, Meta(ge=1, le=60)]
    ring_s: Annotated[float, Meta(ge=1, le=120)]
    masks: Areas = ()
    clock: Areas = ()
    watches: Annotated[str, Meta(max_length=32)] = ""
    fault_after_s: Annotated[float, Meta(ge=0.1, le=600)] = 10.0
    check_s: Annotated[float, Meta(ge=0.05, le=60)] = 1.0

    def __post_init__(self) -> None:
        for area in (*self.masks, *self.clock):
            require(area)


@dataclass(frozen=True, slots=True)
class Settings(Shape):
    """First message of the controller after every connect; one that differs replaces all that was before.

    ``memory_mb``: the whole process, above it is started anew; ``ring_mb``: all rings together;
    ``cpu_percent``: of one core, above it fewer frames are ringed; ``picture_bytes``: the longest frame.
    """

    WORD: ClassVar[str] = "settings"

    version: Annotated[int, Meta(ge=VERSION, le=VERSION)]
    site: Annotated[str, Meta(max_length=200)]
    cameras: Annotated[Mapping[Name, CameraSettings], Meta(max_length=MOST_CAMERAS)]
    memory_mb: Annotated[int, Meta(ge=32, le=65_536)] = 600
    ring_mb: Annotated[int, Meta(ge=1, le=65_536)] = 192
    cpu_percent: Annotated[int, Meta(ge=1, le=6_400)] = 100
    picture_bytes: Annotated[int, Meta(ge=1_000, le=8_000_000)] = 4_000_000
