"""What the recorder says to the controller. Rule: see recorder/messages/__init__.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from msgspec import Meta

from recorder.messages.orders import Moment
from recorder.messages.settings import MOST_CAMERAS, VERSION
from recorder.messages.shapes import GREATEST, Count, Name, Number, Shape, one_of

MOST_BYTES = 8 * 1024 * 1024
CONDITIONS = ("covered", "moved", "frozen", "lost", "blinded", "defocused", "looped", "back")
WHYS = (
    "lost",  # the camera is not connected
    "stalled",  # it is, and gives nothing
    "no_frame",  # it gives frames, but none lies at that moment
    "too_young",  # the ring does not reach back to it
    "broken",  # what it gave is not one whole JPEG
    "too_big",
    "no_room",  # the recorder may not use more memory
    "busy",  # too many Snapshots at once
    "unknown_camera",
)
"""Stable words: never reworded, never reused."""
NOW, AFTER = "now", "after"

_Why = Annotated[str, Meta(max_length=200)]
_Side = Annotated[int, Meta(ge=1, le=65_535)]


@dataclass(frozen=True, slots=True)
class Hello(Shape):
    """First message of the recorder, from a worker that has just begun or found the line again."""

    WORD: ClassVar[str] = "hello"

    version: Annotated[int, Meta(ge=VERSION, le=VERSION)]
    pid: Number


@dataclass(frozen=True, slots=True)
class Picture(Shape):
    """A sealed picture; its thumbnail comes before it, so that the picture completes what was wanted.

    ``taken``: the frame's own milliseconds after the event; ``sealed``: as recorder/seal.py writes it.
    """

    WORD: ClassVar[str] = "picture"

    shot: Number
    camera: Name
    moment: Moment
    taken: Moment
    width: _Side
    height: _Side
    masked: bool
    thumbnail: bool
    sealed: Annotated[bytes, Meta(max_length=MOST_BYTES)]


@dataclass(frozen=True, slots=True)
class NoPicture(Shape):
    """There is no such picture; ``why`` is one of WHYS."""

    WORD: ClassVar[str] = "no_picture"

    shot: Number
    camera: Name
    moment: Moment
    why: Annotated[str, one_of(*WHYS)]


@dataclass(frozen=True, slots=True)
class FramesSeen(Shape):
    """How many frames a camera gave and missed around an event, and the longest time without one."""

    WORD: ClassVar[str] = "frames"

    shot: Number
    camera: Name
    part: Annotated[str, one_of(NOW, AFTER)]
    seen: Count
    missed: Count
    gap_ms: Count


@dataclass(frozen=True, slots=True)
class Condition(Shape):
    """A camera's condition changed; ``why`` is a sentence for people."""

    WORD: ClassVar[str] = "condition"

    camera: Name
    condition: Annotated[str, one_of(*CONDITIONS)]
    why: _Why = ""


@dataclass(frozen=True, slots=True)
class Learned(Shape):
    """A camera took what it sees as what it should see; ``why`` says why it could not."""

    WORD: ClassVar[str] = "learned"

    camera: Name
    why: _Why = ""


@dataclass(frozen=True, slots=True)
class RoomLooks(Shape):
    """Somebody is seen in the room that the camera watches, or nobody. Advisory."""

    WORD: ClassVar[str] = "room_seen"

    camera: Name
    occupied: bool


@dataclass(frozen=True, slots=True)
class CameraHealth(Shape):
    """How a camera is: ``age_ms`` of its newest frame (-1: none yet), and its ring.

    ``condition``: "back" when nothing is wrong.
    """

    fps: Annotated[float, Meta(ge=0, le=1_000)]
    age_ms: Annotated[int, Meta(ge=-1, le=GREATEST)]
    condition: Annotated[str, one_of(*CONDITIONS)]
    ring_bytes: Count
    ring_s: Annotated[float, Meta(ge=0, le=3_600)]
    reconnects: Count


@dataclass(frozen=True, slots=True)
class Health(Shape):
    """The recorder is there; ``shed`` is the share of frames it does not ring to keep its CPU bound."""

    WORD: ClassVar[str] = "beat"

    n: Count
    cameras: Annotated[Mapping[Name, CameraHealth], Meta(max_length=MOST_CAMERAS)]
    rss_mb: Annotated[float, Meta(ge=0, le=1_000_000)]
    cpu_percent: Annotated[float, Meta(ge=0, le=100_000)]
    shed: Annotated[float, Meta(ge=0, le=1)] = 0.0
