"""One shot: what is wanted of it, what has come, and what is told of it.

Rule: values; it has no threads and no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from controller.core.effects import Body, Wanted
from controller.core.eye_events import PicturesTaken
from controller.core.remembered import part_of
from recorder.messages import Said

FRAMES_S = 0.2
"""How long the count of frames is waited for when every picture has come to its end."""


class Claim(Enum):
    """What is to be done with something that the recorder sends."""

    WANTED = "wanted"
    LATE = "late"
    UNORDERED = "unordered"


@dataclass(slots=True)
class Part:
    """One half of a shot, until it is reported; ``until`` is a monotonic second."""

    wanted: tuple[Wanted, ...]
    until: float
    pictures: dict[Wanted, Body] = field(default_factory=dict)
    thumbnails: dict[Wanted, Body] = field(default_factory=dict)
    missing: dict[Wanted, str] = field(default_factory=dict)
    frames: dict[str, Mapping[str, int]] = field(default_factory=dict)
    frames_until: float | None = None
    reported: bool = False

    def due(self, now: float) -> float:
        """The monotonic second at which it is reported, whatever else comes; ``now`` when it is whole."""
        if any(one not in self.pictures and one not in self.missing for one in self.wanted):
            return self.until
        if all(one.camera in self.frames for one in self.wanted):
            return now
        if self.frames_until is None:
            self.frames_until = now + FRAMES_S
        return min(self.until, self.frames_until)

    def end(self, why: str) -> None:
        """Nothing more comes: what has come to no end is missing."""
        for one in self.wanted:
            if one not in self.pictures:
                self.missing.setdefault(one, why)

    @property
    def lone(self) -> list[Body]:
        """Thumbnails of pictures that are not there."""
        return [self.thumbnails[one] for one in self.thumbnails if one not in self.pictures]

    def lose(self, why: str) -> None:
        """What was kept cannot be relied on after all."""
        self.pictures.clear()
        self.thumbnails.clear()
        self.end(why)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every picture of an order: ``seals`` whom it is sealed for, ``recipients`` their keys.

    ``said`` is what its caption says of the event.
    """

    seals: tuple[str, ...]
    recipients: tuple[str, ...]
    said: Said


@dataclass(frozen=True, slots=True)
class PictureOrder:
    """One order; ``wall_ms`` is its time in UTC."""

    number: int
    terms: Terms
    wall_ms: int
    parts: Mapping[str, Part]
    claimed: set[tuple[str, str, int]] = field(default_factory=set)

    @classmethod
    def of(
        cls, wanted: Iterable[Wanted], terms: Terms, wall_ms: int, event: float, patience_s: float
    ) -> PictureOrder:
        """A shot whose event was at the monotonic second ``event``; each part waits for its last moment."""
        by_part: dict[str, list[Wanted]] = {}
        for one in dict.fromkeys(wanted):
            by_part.setdefault(part_of(one), []).append(one)
        parts = {
            name: Part(tuple(some), event + max(0, *(one.moment for one in some)) / 1000 + patience_s)
            for name, some in by_part.items()
        }
        return cls(terms.said.shot, terms, wall_ms, parts)

    @property
    def ended(self) -> bool:
        """Whether every part of it was reported."""
        return all(part.reported for part in self.parts.values())

    def claim(self, what: str, one: Wanted) -> Claim:
        """Whether this picture, thumbnail or want of one was ordered; none of them may come twice."""
        part, key = self.parts.get(part_of(one)), (what, one.camera, one.moment)
        if part is None or one not in part.wanted or key in self.claimed:
            return Claim.UNORDERED
        self.claimed.add(key)
        return Claim.LATE if part.reported else Claim.WANTED

    def claim_frames(self, name: str, camera: str) -> Claim:
        """Whether a count of frames was to be expected."""
        part, key = self.parts.get(name), (name, camera, 0)
        if part is None or key in self.claimed or all(one.camera != camera for one in part.wanted):
            return Claim.UNORDERED
        self.claimed.add(key)
        return Claim.LATE if part.reported else Claim.WANTED

    def told(self, name: str) -> PicturesTaken:
        """One part as the core hears it; thumbnails only of pictures that are there."""
        part = self.parts[name]
        pictures = [part.pictures[one] for one in part.wanted if one in part.pictures]
        small = [
            part.thumbnails[one] for one in part.wanted if one in part.pictures and one in part.thumbnails
        ]
        missing = [
            {"camera": one.camera, "moment": one.moment, "why": str(part.missing[one])}
            for one in part.wanted
            if one in part.missing
        ]
        return PicturesTaken(0, self.number, name, (*pictures, *small), tuple(missing), dict(part.frames))


def never(number: int, wanted: Iterable[Wanted], why: str) -> list[PicturesTaken]:
    """What the core hears of an order that was not even given: every part of it, all missing."""
    nothing = Terms((), (), Said("", "", "", "", "", number))
    shot = PictureOrder.of(wanted, nothing, 0, 0.0, 0.0)
    for part in shot.parts.values():
        part.end(why)
    return [shot.told(name) for name in shot.parts]
