"""Each room as the daily closing sees it. Rule: as the controller tells it now; nothing is worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from web.closing.words import GOOD, KINDS, finding, sensor

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that a sensor watches: its name, what it says in words, and whether that is in order."""

    name: str
    said: str
    good: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that is not in order: the controller's word for it, and a sentence."""

    word: str
    text: str


@dataclass(frozen=True, slots=True)
class RoomClosing:
    """A room: what its sensors say, by kind; what is not in order; what is due and was last (UTC ms)."""

    name: str
    sensors: tuple[tuple[str, tuple[Seen, ...]], ...]
    found: tuple[Found, ...]
    inside: tuple[str, ...]
    visitors: tuple[str, ...]
    counted: bool
    due: int | None
    missed: int | None
    closed_at: int | None
    closed_by: tuple[str, ...]

    @property
    def mark(self) -> str:
        """The same as long as the same things are not in order."""
        return sha256("\n".join(one.word for one in self.found).encode()).hexdigest()[:16]


def rooms(view: View) -> list[RoomClosing]:
    """Every room, those first whose closing is missing or due."""
    found = [_room(name, one) for name, one in view.get("rooms", {}).items()]
    return sorted(found, key=lambda one: (one.missed is None, one.due is None, one.name))


def _room(name: str, told: View) -> RoomClosing:
    closing: View = told.get("closing", {})
    sensors: View = closing.get("sensors", {})
    return RoomClosing(
        name,
        tuple((KINDS.get(kind, kind), _seen(ones)) for kind, ones in sensors.items() if ones),
        tuple(Found(word, finding(word)) for word in closing.get("findings", ())),
        tuple(told.get("inside", ())),
        tuple(told.get("visitors", ())),
        told.get("occupancy") != "unknown",
        closing.get("due"),
        closing.get("missed"),
        closing.get("closed_at"),
        tuple(closing.get("closed_by", ())),
    )


def _seen(ones: Mapping[str, str]) -> tuple[Seen, ...]:
    return tuple(Seen(name, sensor(word), word in GOOD) for name, word in ones.items())
