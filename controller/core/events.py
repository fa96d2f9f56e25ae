"""What can happen to a site. Readings are facts and cannot be refused; Askings are judged.

Rule: every event carries ``at``, room time in milliseconds since the log began; the core never asks a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from controller.core.eye_events import CONDITIONS, CameraLearned, CameraSeen, PicturesTaken, RoomSeen
from controller.core.order_events import (
    BadgeMade,
    BadgeNotMade,
    LoopLearned,
    LoopMoved,
    PairingFailed,
    ReaderPaired,
)
from controller.core.words import Kind

__all__ = [
    "CONDITIONS",
    "Asking",
    "BadgeMade",
    "BadgeNotMade",
    "BadgeRead",
    "CameraLearned",
    "CameraSeen",
    "ClockJumped",
    "ConsoleNews",
    "DeviceBack",
    "DeviceLost",
    "DeviceNoisy",
    "Event",
    "InputLevel",
    "Level",
    "LogNews",
    "LoopLearned",
    "LoopMoved",
    "PairingFailed",
    "PicturesTaken",
    "PinTyped",
    "ReaderPaired",
    "Reading",
    "ReleaseDropped",
    "RoomSeen",
    "Started",
    "Stopped",
    "TagGone",
    "TagSeen",
    "TimePassed",
    "Witnessed",
]


class Level(StrEnum):
    """State of a supervised input (behaviour 33)."""

    NORMAL = "normal"
    ACTIVE = "active"
    CUT = "cut"
    SHORT = "short"
    UNKNOWN = "unknown"  # not yet reported since the start


@dataclass(frozen=True, slots=True)
class Started:
    """The controller started; ``wall_ms`` is UTC now, ``policy`` the digest of the site file."""

    at: int
    wall_ms: int
    policy: str


@dataclass(frozen=True, slots=True)
class TimePassed:
    """Nothing but time. Inserting one anywhere changes nothing."""

    at: int


@dataclass(frozen=True, slots=True)
class BadgeRead:
    """A badge was presented at a reader; ``level`` says how far it was authenticated.

    ``uid`` is the card's own number where told, ``counter`` what the card counts, ``fault`` why it is not
    believed (empty: it is), ``took_ms`` how long before ``at`` it was first seen.
    """

    at: int
    reader: str
    badge: str
    level: str = "uid"
    uid: str = ""
    counter: int | None = None
    fault: str = ""
    took_ms: int = 0


@dataclass(frozen=True, slots=True)
class PinTyped:
    """Digits were typed at a reader."""

    at: int
    reader: str
    digits: str


@dataclass(frozen=True, slots=True)
class InputLevel:
    """An input has a level; ``settled`` means that its chatter filter has already been passed."""

    at: int
    point: str
    level: Level
    settled: bool = False


@dataclass(frozen=True, slots=True)
class DeviceLost:
    """A device does not answer, or (``suspect``) what answers is not the device that was paired."""

    at: int
    device: str
    why: str = ""
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class DeviceBack:
    """A device answers again."""

    at: int
    device: str


@dataclass(frozen=True, slots=True)
class DeviceNoisy:
    """A device or line chatters beyond its limit, or has stopped."""

    at: int
    device: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class ClockJumped:
    """The wall clock moved by ``by_ms`` against room time."""

    at: int
    by_ms: int


@dataclass(frozen=True, slots=True)
class TagSeen:
    """A tag reader in a compartment sees a carrier."""

    at: int
    carrier: str
    place: str


@dataclass(frozen=True, slots=True)
class TagGone:
    """A tag reader in a compartment no longer sees a carrier."""

    at: int
    carrier: str
    place: str


@dataclass(frozen=True, slots=True)
class ReleaseDropped:
    """The driver dropped a release that came after its time."""

    at: int
    lock: str
    late_ms: int


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A log witness has cosigned a head of the log with ``size`` Entries."""

    at: int
    log_witness: str
    size: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The controller is being stopped by a person; the last event of its life."""

    at: int


@dataclass(frozen=True, slots=True)
class LogNews:
    """The log has something to say of itself; kinds and their fields stand in ``custody.LOG_NEWS``."""

    at: int
    kind: Kind
    place: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConsoleNews:
    """The console's desk has something to tell of ``who``; kinds and fields: ``console.CONSOLE_NEWS``."""

    at: int
    kind: Kind
    who: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody wants something: ``name`` of the Asking, the person, a second person, and its fields.

    ``via`` is how the people are known (console_roles.Via); ``proof`` what the Entry ``command_signed`` says.
    """

    at: int
    name: str
    by: str
    second: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    via: str = ""
    proof: Mapping[str, Any] = field(default_factory=dict)


Reading = (
    Started
    | TimePassed
    | BadgeRead
    | PinTyped
    | InputLevel
    | DeviceLost
    | DeviceBack
    | DeviceNoisy
    | CameraSeen
    | CameraLearned
    | PicturesTaken
    | RoomSeen
    | ClockJumped
    | TagSeen
    | TagGone
    | ReleaseDropped
    | LogNews
    | ConsoleNews
    | Witnessed
    | BadgeMade
    | BadgeNotMade
    | ReaderPaired
    | PairingFailed
    | LoopLearned
    | LoopMoved
    | Stopped
)
Event = Reading | Asking
