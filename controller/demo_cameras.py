"""The demo's cameras: one over the passage before the iron door, one in the vault, each with its own space.

Rule 1: they run as processes of their own, and end with this one.
Rule 2: figures and leaves move in the picture as they do in the demo; nothing else is drawn.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from firmware_shims.room_cameras import Camera, RoomCameras

DOOR, ROOM = "door", "room"
THINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    DOOR: {"door": ("main", "outer")},
    ROOM: {"door": ("main",), "window": ("north",), "cabinet": ("c1",)},
}
"""What each camera has before it, of the tables of the site file."""
BEFORE_THE_DOOR = ((1.15, 4.2), (2.45, 4.2), (1.8, 3.9), (2.9, 3.7), (3.3, 4.3), (2.3, 3.2), (0.9, 3.3))
IN_THE_VAULT = ((3.3, 3.9), (2.5, 4.0), (3.0, 3.0), (2.1, 3.3), (3.8, 2.6), (1.8, 2.6), (2.6, 2.3))
"""Where the first, the second … person stands, in metres of the drawn floor."""


class DemoCameras:
    """Cameras at ``urls`` (name to address) for the site whose text is given, running."""

    def __init__(self, urls: Mapping[str, str], site_text: str) -> None:
        tables = tomllib.loads(site_text)
        self._covered = False
        with ExitStack() as stack:
            self._spaces: dict[str, RoomCameras] = {}
            for name, things in THINGS.items():
                space = RoomCameras({name: urls[name]}, _part(tables, things, name))
                stack.callback(space.close)
                self._spaces[name] = space
            self._stack = stack.pop_all()

    def text(self, site_text: str) -> str:
        """A site file with the addresses of these cameras."""
        for space in self._spaces.values():
            for written, here in space.moved.items():
                site_text = site_text.replace(f'"{written}"', f'"{here}"')
        return site_text

    def level(self, line: str, level: str) -> None:
        """Let the pictures follow a contact."""
        for space in self._spaces.values():
            space.level(line, level)

    def passes(self, person: str, nth: int, door: str, *, inward: bool) -> None:
        """Let a figure, the ``nth`` of all, walk through a door."""
        passage, vault = self._spaces[DOOR], self._spaces[ROOM]
        if door == "outer":
            _walk(passage, person, door, BEFORE_THE_DOOR[nth], comes=inward)
        else:
            _walk(passage, person, door, BEFORE_THE_DOOR[nth], comes=not inward)
            _walk(vault, person, door, IN_THE_VAULT[nth], comes=inward)

    @property
    def covered(self) -> bool:
        """Whether the camera before the door is covered."""
        return self._covered

    def camera(self, name: str) -> Camera:
        """One of them, to let something be wrong with it."""
        return self._spaces[name].camera(name)

    def cover(self) -> None:
        """Cover the camera before the door, or uncover it."""
        camera = self.camera(DOOR)
        self._covered = not self._covered
        if self._covered:
            camera.fault("covered")
        else:
            camera.back()

    def close(self) -> None:
        """Take the cameras away."""
        self._stack.close()


def _part(tables: Mapping[str, Any], things: Mapping[str, tuple[str, ...]], camera: str) -> dict[str, Any]:
    """The tables of what one camera has before it, and its own."""
    chosen = {kind: {name: tables[kind][name] for name in names} for kind, names in things.items()}
    return {**chosen, "camera": {camera: tables["camera"][camera]}}


def _walk(space: RoomCameras, person: str, door: str, spot: tuple[float, float], *, comes: bool) -> None:
    order = {"who": person, "door": door}
    if comes:
        space.process.tell("enters", **order, spot=list(spot))
    else:
        space.process.tell("leaves", **order)
