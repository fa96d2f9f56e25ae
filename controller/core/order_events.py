"""What became of orders that take their time: cards made badges, readers given keys, loops learned.

Rule: see events.py, which names them all; these are facts of drivers, and an order nobody gave is one too.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BadgeMade:
    """A card was personalised at an enrolment reader and has proved it."""

    at: int
    reader: str
    level: str
    badge: str
    uid: str


@dataclass(frozen=True, slots=True)
class BadgeNotMade:
    """No card was personalised. ``uid``: number of the card that was told something secret, if one was."""

    at: int
    reader: str
    why: str
    uid: str = ""


@dataclass(frozen=True, slots=True)
class ReaderPaired:
    """A reader or board has a new key, and said who it is."""

    at: int
    device: str
    identity: str


@dataclass(frozen=True, slots=True)
class PairingFailed:
    """A pairing ended without a new key."""

    at: int
    device: str
    why: str


@dataclass(frozen=True, slots=True)
class LoopLearned:
    """What a supervised loop measures at rest, in millionths of the supply."""

    at: int
    line: str
    ppm: int


@dataclass(frozen=True, slots=True)
class LoopMoved:
    """A loop at rest measures something else than was learned."""

    at: int
    line: str
    ppm: int
    learned_ppm: int
    drift: bool
