"""A room of cameras that is told what to do in words: what a process of cameras does with each line it gets.

Settings: {"layout": {"doors": […], "windows": […], "cabinets": {"c1": ["a", …]}},
           "cameras": {NAME: {"scheme", "view", "size", "fps", "clock", "seed"}}}
A line:   {"do": "opens", "what": "main"}   shuts the same; {"do": "lit", "light": 0.03}
          {"do": "enters", "who": "li", "door": "main", "spot": "table"}   leaves, walks, stands, gone, empty
          {"do": "fault", "camera": "door", "fault": "frozen"}   {"do": "back", "camera": "door"}
Rule: one order, one answer; a wrong one is a ValueError and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from firmware_shims.cameras.camera import CameraShim, Make
from firmware_shims.cameras.layout import Layout
from firmware_shims.cameras.scene import Scene

Order = Mapping[str, Any]


class Studio:
    """The cameras of some settings around one scene, all running."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.scene = Scene(Layout(**settings.get("layout", {})))
        self.cameras: dict[str, CameraShim] = {}
        with ExitStack() as stack:
            for number, (name, made) in enumerate(settings["cameras"].items()):
                make = Make(**{"seed": number + 1, **made, "size": tuple(made.get("size", Make().size))})
                self.cameras[name] = stack.enter_context(CameraShim(name, self.scene, make))
            self._stack = stack.pop_all()

    @property
    def urls(self) -> dict[str, str]:
        """Where each camera is looked at."""
        return {name: camera.url for name, camera in self.cameras.items()}

    def do(self, order: Order) -> dict[str, Any]:
        """Do it; what there is to tell, such as for how many seconds somebody walks."""
        given = dict(order)
        try:
            told = ORDERS[given.pop("do")](self, **given)
        except (KeyError, TypeError) as error:
            raise ValueError(f"there is no such order: {error}") from error
        return {} if told is None else {"seconds": told}

    def close(self) -> None:
        """Take the cameras away."""
        self._stack.close()

    def fault(self, camera: str, fault: str) -> None:
        """Let something be wrong with a camera."""
        self.cameras[camera].fault(fault)

    def back(self, camera: str) -> None:
        """Let nothing be wrong with it."""
        self.cameras[camera].back()


def _spot(given: Any) -> str | tuple[float, float]:
    return given if isinstance(given, str) else (float(given[0]), float(given[1]))


ORDERS: dict[str, Callable[..., float | None]] = {
    "fault": Studio.fault,
    "back": Studio.back,
    "opens": lambda studio, what: studio.scene.opens(what),
    "shuts": lambda studio, what: studio.scene.shuts(what),
    "lit": lambda studio, light: studio.scene.lit(float(light)),
    "stands": lambda studio, who, spot: studio.scene.stands(who, _spot(spot)),
    "enters": lambda studio, who, door, spot="middle": studio.scene.enters(who, door, _spot(spot)),
    "walks": lambda studio, who, spot: studio.scene.walks(who, _spot(spot)),
    "leaves": lambda studio, who, door: studio.scene.leaves(who, door),
    "gone": lambda studio, who: studio.scene.gone(who),
    "empty": lambda studio: studio.scene.empty(),
}
