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


class CardFault(StrEnum):
    """Why a card that was read is not believed, whatever it says."""

    WRONG_KEY = "wrong_key"
    """It does not hold the key that goes with its number."""
    BROKEN = "broken"
    """It answers what no genuine card answers: a wrong MAC, form or order."""
    SLOW = "slow"
    """It answers later than a card in the field can, as through a relay."""
    TWO_CARDS = "two_cards"
    """Two cards are in the field."""
    NO_KEY = "no_key"
    """This box has no site key yet, so nothing can be proved."""


@dataclass(frozen=True, slots=True)
class CardRead:
    """One presentation of a card.

    ``token`` in upper-case hex names the badge under ``scheme`` (how far it was authenticated): the UID for
    ``uid``, else the badge number the card proved. ``uid`` is the card's own number, if the reader tells it.
    ``counter`` is what a card counts by itself (0 to 2**24-1). ``fault``: why it is not believed; then
    ``token`` is the UID and ``scheme`` the one it failed. ``took_ms``: since the card was first seen.
    """

    device: str
    token: str
    scheme: str = "uid"
    uid: str = ""
    counter: int | None = None
    fault: CardFault | None = None
    took_ms: int = 0


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
    """The device does not answer, or what answers is not the device. ``why`` is for people.

    ``suspect``: something answers, and it is not the device that was paired, or not in the way agreed.
    """

    device: str
    why: str
    suspect: bool = False


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
class PowerLevel:
    """Supply of a device, failed (``lost``) or good."""

    device: str
    lost: bool


@dataclass(frozen=True, slots=True)
class ReaderPaired:
    """A reader or board holds its new key; ``identity`` is what it says of itself (maker, model, serial)."""

    device: str
    identity: str


@dataclass(frozen=True, slots=True)
class PairingFailed:
    """A pairing ended without a new key; ``why`` is for people."""

    device: str
    why: str


@dataclass(frozen=True, slots=True)
class BadgeMade:
    """A card was personalised and has proved it: badge number ``token``, the card's own ``uid``."""

    device: str
    scheme: str
    token: str
    uid: str


@dataclass(frozen=True, slots=True)
class BadgeNotMade:
    """No card was personalised; ``why`` is for people.

    ``uid``: number of the card that may have been told something secret before it failed, else empty.
    """

    device: str
    why: str
    uid: str = ""


@dataclass(frozen=True, slots=True)
class LoopLearned:
    """What a supervised loop measures at rest: millionths of the supply."""

    line: str
    ppm: int


@dataclass(frozen=True, slots=True)
class LoopMoved:
    """A loop at rest measures something else than was learned: slowly (``drift``), or from one moment on."""

    line: str
    ppm: int
    learned_ppm: int
    drift: bool


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
    | PowerLevel
    | ReaderPaired
    | PairingFailed
    | BadgeMade
    | BadgeNotMade
    | LoopLearned
    | LoopMoved
    | WallClock
    | LateRelease
)
Sink = Callable[[Signal], None]
