"""Where the iron stands in the drawn room: each door, window and cabinet of a site gets a place of its own.

Rule: names come from the site; places are those below, first come first served; who finds none is not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from firmware_shims.cameras.space import Point, View

__all__ = ["DOOR_HEIGHT", "SPOTS", "VIEWS", "DoorPlace", "Layout"]

DOOR_HEIGHT, DOOR_WIDTH = 2.15, 1.05
COLUMNS = 2
Quad = tuple[Point, Point, Point, Point]
"""Corners of a flat thing: upper left, upper right, lower right, lower left."""


@dataclass(frozen=True, slots=True)
class DoorPlace:
    """A door in a wall: its hinge on the floor, and unit steps along the wall and into the room."""

    hinge: tuple[float, float]
    along: tuple[float, float]
    inward: tuple[float, float]

    def floor(self, along: float, inward: float) -> tuple[float, float]:
        """A point of the floor (x, z), so many metres from the hinge."""
        return (
            self.hinge[0] + along * self.along[0] + inward * self.inward[0],
            self.hinge[1] + along * self.along[1] + inward * self.inward[1],
        )

    def upright(self, start: tuple[float, float], end: tuple[float, float]) -> Quad:
        """A plate as high as the door between two points of the floor."""
        (a, b), (c, d) = start, end
        return ((a, DOOR_HEIGHT, b), (c, DOOR_HEIGHT, d), (c, 0.02, d), (a, 0.02, b))

    @property
    def opening(self) -> Quad:
        """The hole in the wall."""
        return self.upright(self.floor(0, 0), self.floor(DOOR_WIDTH, 0))

    def beyond(self, point: tuple[float, float]) -> bool:
        """Whether a point of the floor lies on the other side of its wall."""
        x, z = point[0] - self.hinge[0], point[1] - self.hinge[1]
        return x * self.inward[0] + z * self.inward[1] < 0


DOORS = (
    DoorPlace((1.0, 4.995), (1.0, 0.0), (0.0, -1.0)),
    DoorPlace((0.005, 2.0), (0.0, 1.0), (1.0, 0.0)),
    DoorPlace((5.995, 3.2), (0.0, -1.0), (-1.0, 0.0)),
)
WINDOWS = ((2.5, 3.45), (0.35, 0.8))
"""From and to, along the far wall."""
CABINETS = ((3.85, 5.15), (5.2, 5.95))
CABINET_DEPTH, CABINET_HEIGHT = 0.5, 1.86
WINDOW_LOW, WINDOW_HIGH = 1.2, 2.1
FAR = 4.99
TABLE: tuple[tuple[float, float], tuple[float, float], float] = ((0.0, 0.7), (3.0, 4.15), 0.76)
"""Across, along and height of the reading table."""

SPOTS: Mapping[str, tuple[float, float]] = {
    "door": (1.75, 4.1),
    "middle": (2.7, 3.2),
    "table": (1.2, 3.5),
    "window": (2.9, 4.3),
    "cabinet": (4.3, 3.8),
    "corner": (4.6, 2.4),
}
VIEWS: Mapping[str, View] = {
    "room": View((5.5, 2.5, 0.35), (2.3, 0.95, 4.2), 0.62),
    "door": View((3.0, 2.45, 1.1), (1.55, 1.05, 5.0), 0.86),
    "cabinet": View((2.4, 2.4, 1.2), (4.35, 1.0, 4.7), 0.86),
    "window": View((0.5, 2.5, 0.5), (3.3, 1.0, 4.6), 0.7),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Names of the things of a site; ``cabinets`` maps each to its compartments.

    A compartment is called ``c1.a``, as everywhere.
    """

    doors: Sequence[str] = ("main",)
    windows: Sequence[str] = ("north",)
    cabinets: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"c1": ("a", "b", "c", "d")})

    @property
    def door_places(self) -> dict[str, DoorPlace]:
        """Doors that are drawn."""
        return dict(zip(self.doors, DOORS, strict=False))

    @property
    def window_places(self) -> dict[str, tuple[float, float]]:
        """Windows that are drawn: from and to along the far wall."""
        return dict(zip(self.windows, WINDOWS, strict=False))

    @property
    def cabinet_places(self) -> dict[str, tuple[float, float]]:
        """Cabinets that are drawn: from and to along the far wall."""
        return dict(zip(self.cabinets, CABINETS, strict=False))

    @property
    def movable(self) -> list[str]:
        """Everything that opens and shuts."""
        cells = [f"{name}.{cell}" for name in self.cabinet_places for cell in self.cabinets[name]]
        return [*self.door_places, *self.window_places, *cells]
