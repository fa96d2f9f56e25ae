"""One room that every camera shares: who is in it and where, what stands open, how much light there is.

Rule 1: it knows no picture; ``at(now)`` tells what is to be drawn at a moment of CLOCK_MONOTONIC.
Rule 2: every method may be called from any thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from threading import Lock

from firmware_shims.cameras.figures import STEPS
from firmware_shims.cameras.layout import DOOR_WIDTH, SPOTS, Layout

WALK_M_S = 1.3
STRIDE_M = 1.3
MOVE_S = 0.5
"""How long a leaf takes to open, and a lamp to go up."""
NOTCHES = 8
"""Positions of a leaf that are drawn; a picture of each is kept."""
OUTSIDE_M = 1.1

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Stands:
    """Somebody at (x, z) metres, at a step of the walk; 0 stands."""

    name: str
    at: tuple[float, float]
    step: int


@dataclass(frozen=True, slots=True)
class Moment:
    """What there is to see: openings 0 … 1 by name where they are not shut, people, light (1 is lit)."""

    opened: tuple[tuple[str, float], ...]
    people: tuple[Stands, ...]
    light: float


@dataclass(frozen=True, slots=True)
class _Turn:
    """Something that goes from one value to another, from a moment on."""

    since: float
    old: float
    new: float

    def at(self, now: float) -> float:
        done = min(1.0, max(0.0, (now - self.since) / MOVE_S))
        return self.old + (self.new - self.old) * done


@dataclass(frozen=True, slots=True)
class _Walk:
    """Somebody on a way of points (time, x, z); ``ends`` when nobody is there behind its last point."""

    points: tuple[tuple[float, float, float], ...]
    ends: bool = False

    def at(self, now: float, name: str) -> Stands | None:
        first, last = self.points[0], self.points[-1]
        if now >= last[0]:
            return None if self.ends else Stands(name, last[1:], 0)
        gone = 0.0
        for (t, x, z), (u, x2, z2) in pairwise(self.points):
            way = hypot(x2 - x, z2 - z)
            if t <= now < u:
                part = (now - t) / (u - t)
                gone += way * part
                step = 1 + int(gone / STRIDE_M * STEPS) % (STEPS - 1)
                return Stands(name, (x + (x2 - x) * part, z + (z2 - z) * part), step)
            gone += way
        return Stands(name, first[1:], 0)


class Scene:
    """A room with the things of ``layout``: everything shut, lit, nobody in it."""

    def __init__(self, layout: Layout | None = None, clock: Clock = time.monotonic) -> None:
        self.layout = layout or Layout()
        self._clock = clock
        self._turns: dict[str, _Turn] = {}
        self._lamp = _Turn(0.0, 1.0, 1.0)
        self._people: dict[str, _Walk] = {}
        self._lock = Lock()

    def at(self, now: float) -> Moment:
        """What there is to see at a moment."""
        with self._lock:
            turns = {name: round(turn.at(now) * NOTCHES) / NOTCHES for name, turn in self._turns.items()}
            people = [walk.at(now, name) for name, walk in self._people.items()]
            light = self._lamp.at(now)
        opened = tuple(sorted((name, value) for name, value in turns.items() if value))
        return Moment(opened, tuple(one for one in people if one), light)

    def opens(self, name: str) -> None:
        """Open a door, a window or a compartment."""
        self._turn(name, 1.0)

    def shuts(self, name: str) -> None:
        """Shut it."""
        self._turn(name, 0.0)

    def lit(self, light: float) -> None:
        """Turn the lamps to a level: 1 is on, 0.03 is a dark room."""
        now = self._clock()
        with self._lock:
            self._lamp = _Turn(now, self._lamp.at(now), light)

    def stands(self, name: str, spot: str | tuple[float, float]) -> None:
        """Put somebody somewhere at once: one of ``SPOTS``, or metres (x, z)."""
        x, z = _spot(spot)
        with self._lock:
            self._people[name] = _Walk(((self._clock(), x, z),))

    def enters(self, name: str, door: str, spot: str | tuple[float, float] = "middle") -> float:
        """Let somebody walk in through a door; seconds until they stand there."""
        outside, sill = self._way(door)
        return self._walk(name, [outside, sill, _spot(spot)], ends=False)

    def walks(self, name: str, spot: str | tuple[float, float]) -> float:
        """Let somebody walk to a place; seconds until they stand there."""
        return self._walk(name, [self._here(name), _spot(spot)], ends=False)

    def leaves(self, name: str, door: str) -> float:
        """Let somebody walk out through a door; seconds until they are gone."""
        outside, sill = self._way(door)
        return self._walk(name, [self._here(name), sill, outside], ends=True)

    def gone(self, name: str) -> None:
        """Take somebody away at once."""
        with self._lock:
            self._people.pop(name, None)

    def empty(self) -> None:
        """Take everybody away at once."""
        with self._lock:
            self._people.clear()

    @property
    def people(self) -> Mapping[str, tuple[float, float]]:
        """Where everybody is now."""
        return {one.name: one.at for one in self.at(self._clock()).people}

    def _turn(self, name: str, to: float) -> None:
        if name not in self.layout.movable:
            raise ValueError(
                f"nothing called {name} is drawn here; there is {', '.join(self.layout.movable)}"
            )
        now = self._clock()
        with self._lock:
            old = self._turns.get(name, _Turn(now, 0.0, 0.0)).at(now)
            self._turns[name] = _Turn(now, old, to)

    def _way(self, door: str) -> tuple[tuple[float, float], tuple[float, float]]:
        """Points beyond a door and on its sill."""
        places = self.layout.door_places
        if door not in places:
            raise ValueError(f"no door called {door} is drawn here; there is {', '.join(places)}")
        middle = DOOR_WIDTH * 0.6
        return places[door].floor(middle, -OUTSIDE_M), places[door].floor(middle, 0.0)

    def _here(self, name: str) -> tuple[float, float]:
        if name not in self.people:
            raise ValueError(f"nobody called {name} is in the room")
        return self.people[name]

    def _walk(self, name: str, way: list[tuple[float, float]], *, ends: bool) -> float:
        since = now = self._clock()
        points = [(now, *way[0])]
        for (x, z), (x2, z2) in pairwise(way):
            now += max(1e-3, hypot(x2 - x, z2 - z) / WALK_M_S)
            points.append((now, x2, z2))
        with self._lock:
            self._people[name] = _Walk(tuple(points), ends)
        return now - since


def _spot(spot: str | tuple[float, float]) -> tuple[float, float]:
    if not isinstance(spot, str):
        return spot
    if spot not in SPOTS:
        raise ValueError(f"there is no place {spot}; there is {', '.join(SPOTS)}")
    return SPOTS[spot]
