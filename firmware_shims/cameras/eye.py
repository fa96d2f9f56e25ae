"""One camera's own picture of the shared room: its place, its lens, its noise, its clock, its JPEG.

Rule: called by one thread; ``lens`` and ``clock`` may be set from any. It keeps no picture that it gave.
"""

from __future__ import annotations

import time
from collections import OrderedDict

import cv2
import numpy as np

from firmware_shims.cameras.backdrop import backdrop
from firmware_shims.cameras.clock import burn
from firmware_shims.cameras.figures import stand
from firmware_shims.cameras.ironwork import plates
from firmware_shims.cameras.layout import VIEWS, DoorPlace
from firmware_shims.cameras.lens import LENSES, Noise
from firmware_shims.cameras.plates import draw
from firmware_shims.cameras.scene import Moment, Scene, Stands
from firmware_shims.cameras.space import Camera, View
from firmware_shims.cameras.textures import Picture

QUALITY = 80
KEPT = 6
"""Still rooms that are remembered, one of every position of the doors."""
AJAR = 0.3
POSES: dict[str, tuple[float, float]] = {"moved": (4.0, 0.0), "rotated": (0.0, 8.0)}
"""Degrees to the right, which are some 60 pixels of 1280, and of roll."""
OPTICAL = (*LENSES, *POSES)


class Eye:
    """Sees ``scene`` from ``view`` (one of ``VIEWS``, or a View) in ``size`` (width, height in pixels).

    ``lens`` is one of OPTICAL, or empty; ``clock`` burns the time in, with ``label``.
    """

    def __init__(
        self, scene: Scene, view: str | View, size: tuple[int, int], *, label: str = "", seed: int = 1
    ) -> None:
        self.scene, self.size, self.label = scene, size, label
        self.lens, self.clock = "", True
        self._view = VIEWS[view] if isinstance(view, str) else view
        self._noise = Noise(seed, size)
        self._cameras: dict[str, Camera] = {}
        self._bare: dict[str, Picture] = {}
        self._still: OrderedDict[tuple[str, object], Picture] = OrderedDict()
        self._doorways: dict[tuple[str, str], Picture] = {}

    def jpeg(self, now: float) -> bytes:
        """What it sees at a moment of CLOCK_MONOTONIC, as a baseline JPEG (4:2:0)."""
        return encoded(self.picture(now))

    def picture(self, now: float, *, clock: bool = True) -> Picture:
        """What it sees at a moment, as BGR, with its clock unless that is off here or for this camera."""
        lens = self.lens
        picture = self.drawn(self.scene.at(now), lens if lens in POSES else "")
        if lens in LENSES:
            picture = LENSES[lens](picture)
        picture = self._noise.on(picture)
        if clock:
            self.burnt(picture, now)
        return picture

    def burnt(self, picture: Picture, now: float) -> None:
        """Burn the time of a moment in, when the camera does that."""
        if self.clock:
            wall = time.time() - time.monotonic() + now
            burn(picture, now, self.label.upper(), wall)

    def drawn(self, moment: Moment, pose: str = "") -> Picture:
        """The room at a moment, through a perfect lens and without noise."""
        camera = self._camera(pose)
        picture = self._room(pose, moment.opened).copy()
        opened = dict(moment.opened)
        for one in sorted(moment.people, key=lambda p: -camera.depth((p.at[0], 1.0, p.at[1]))):
            self._stand(picture, pose, one, opened)
        if moment.light != 1.0:
            cv2.convertScaleAbs(picture, picture, moment.light)
        return picture

    def _camera(self, pose: str) -> Camera:
        if pose not in self._cameras:
            turn, roll = POSES.get(pose, (0.0, 0.0))
            self._cameras[pose] = Camera(self._view.turned(turn, roll), self.size)
        return self._cameras[pose]

    def _room(self, pose: str, opened: tuple[tuple[str, float], ...]) -> Picture:
        """The room without people, from memory where it was drawn before."""
        key = (pose, opened)
        if key not in self._still:
            if pose not in self._bare:
                self._bare[pose] = backdrop(self._camera(pose))
            still = self._bare[pose].copy()
            draw(still, self._camera(pose), plates(self.scene.layout, dict(opened)))
            self._still[key] = still
            if len(self._still) > KEPT:
                self._still.popitem(last=False)
        self._still.move_to_end(key)
        return self._still[key]

    def _stand(self, picture: Picture, pose: str, one: Stands, opened: dict[str, float]) -> None:
        for name, place in self.scene.layout.door_places.items():
            if place.beyond(one.at):
                if opened.get(name, 0.0) >= AJAR:
                    only = self._doorway(pose, name, place)
                    stand(picture, self._camera(pose), one.name, one.at, one.step, only)
                return
        stand(picture, self._camera(pose), one.name, one.at, one.step)

    def _doorway(self, pose: str, name: str, place: DoorPlace) -> Picture:
        """Where somebody beyond a door can be seen."""
        if (pose, name) not in self._doorways:
            hole = np.zeros(self.size[::-1], dtype=np.uint8)
            points = self._camera(pose).seen(place.opening)
            if points is not None:
                cv2.fillConvexPoly(hole, np.round(points).astype(np.int32), 255, cv2.LINE_AA)
            self._doorways[pose, name] = hole
        return self._doorways[pose, name]


def encoded(picture: Picture, quality: int = QUALITY) -> bytes:
    """A baseline JPEG with 4:2:0 chroma and the standard Huffman tables, as RFC 2435 needs it."""
    done, data = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, quality))
    assert done
    return data.tobytes()
