"""What the eyes tell: pictures on disk or not, how cameras are, that they learned, how a room looks.

Rule: see events.py, which names them all; none of them opens anything by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RECORDER = "recorder"
"""The device that all cameras hang on, as DeviceLost and DeviceBack name it."""
CONDITIONS = ("covered", "moved", "frozen", "lost", "blinded", "defocused", "looped", "back")


@dataclass(frozen=True, slots=True)
class CameraSeen:
    """Condition of a camera: one of ``CONDITIONS``."""

    at: int
    camera: str
    condition: str


@dataclass(frozen=True, slots=True)
class PicturesTaken:
    """What became of one half of a Snapshot: ``part`` is "now" (before and at the event) or "after".

    ``pictures`` are durable and named by digest; ``missing`` says of every other one why there is none;
    ``frames`` counts by camera what its stream gave around the event.
    """

    at: int
    shot: int
    part: str
    pictures: tuple[Mapping[str, Any], ...] = ()
    missing: tuple[Mapping[str, Any], ...] = ()
    frames: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CameraLearned:
    """A camera took what it sees now as what it should see; ``why`` tells why it did not."""

    at: int
    camera: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class RoomSeen:
    """A camera that looks at a whole room sees somebody in it, or nobody. Advisory: it decides nothing."""

    at: int
    camera: str
    occupied: bool
