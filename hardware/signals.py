"""What a driver may say: facts from a wire, named by the device the site file names.

Rule 1: a Signal is a fact and never a wish; nothing in hardware/ knows who may pass.
Rule 2: levels, not edges: a Signal carries the whole present state, so a missed one heals with the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """State of a supervised line. Cut and short are tamper, whatever is armed."""

    NORMAL = "normal"
    ACTIVE = "active"
    CUT = "cut"
    SHORT = "short"


class Lamp(StrEnum):
    """What lamp and sounder of a reader show outside."""

    IDLE = "idle"
    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class CardRead:
    """One presentation of a card: ``token`` in upper-case hex, ``scheme`` says how far authenticated."""

    device: str
    token: str
    scheme: str = "uid"


@dataclass(frozen=True, slots=True)
class KeysTyped:
    """Digits typed at a keypad, in order; ``#`` and ``*`` stay as typed."""

    device: str
    digits: str


@dataclass(frozen=True, slots=True)
class LineLevel:
    """The present state of one input line, debounced by its driver."""

    line: str
    level: Level


@dataclass(frozen=True, slots=True)
class DeviceLost:
    """The device does not answer, or what answers is not the device. ``why`` is for people."""

    device: str
    why: str


@dataclass(frozen=True, slots=True)
class DeviceBack:
    """The device answers again, authenticated where its protocol can."""

    device: str


@dataclass(frozen=True, slots=True)
class DeviceNoisy:
    """The device or line chatters beyond its limit. ``quiet`` is the end of it."""

    device: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class TamperLevel:
    """Cover or case of a device, opened (``active``) or shut."""

    device: str
    active: bool


@dataclass(frozen=True, slots=True)
class WallClock:
    """What an outside time source says now: milliseconds since 1970-01-01T00:00Z, good to ``error_ms``."""

    source: str
    wall_ms: int
    error_ms: int


@dataclass(frozen=True, slots=True)
class LateRelease:
    """A release that reached the driver after its time: dropped, never carried out (behaviour 33e)."""

    line: str
    late_ms: int


Signal = (
    CardRead
    | KeysTyped
    | LineLevel
    | DeviceLost
    | DeviceBack
    | DeviceNoisy
    | TamperLevel
    | WallClock
    | LateRelease
)
Sink = Callable[[Signal], None]
