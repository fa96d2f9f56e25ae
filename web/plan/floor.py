"""Where everything stands on a floor plan: plain geometry, whole numbers. Rule: no state and no looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from web.plan.shape import Passage


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, from its upper left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Where it ends to the right."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Where it ends below."""
        return self.y + self.height

    @property
    def middle(self) -> int:
        """Half way between left and right."""
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Spot:
    """A point; ``left`` tells that a camera there looks to the left."""

    x: int
    y: int
    left: bool = False


@dataclass(frozen=True, slots=True)
class PassageBox:
    """A passage and where it lies."""

    passage: Passage
    box: Box


@dataclass(frozen=True, slots=True)
class Floor:
    """The whole floor: doors by the left end of their gap, windows by their left end, texts by their box."""

    width: int
    height: int
    rooms: Mapping[str, Box]
    texts: Mapping[str, Box]
    passages: tuple[PassageBox, ...]
    doors: Mapping[str, Spot]
    windows: Mapping[str, Spot]
    cabinets: Mapping[str, Box]
    compartments: Mapping[str, Box]
    cameras: Mapping[str, Spot]
    readers: Mapping[str, Spot]
    loose: int  # where the line of things begins that belong nowhere; 0: there are none
