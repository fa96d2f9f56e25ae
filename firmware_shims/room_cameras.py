"""The cameras of a whole room: each at the address of the site file, all looking at what the bench does.

Rule 1: a door in the picture stands as its contact does; who taps and who walks is not the same question.
Rule 2: they run in a process of their own, and only where somebody asked for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from firmware_shims.camera_process import CameraProcess
from hardware.signals import Level

FRAMES_PER_SECOND = 10
SIZE = (1280, 720)
SCHEMES = ("http", "rtsp")
_CONTACT = ".contact"


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera of the room, to be covered, stalled, lost and so on."""

    name: str
    process: CameraProcess

    def fault(self, name: str) -> None:
        """Let this be wrong with it: covered, frozen, stall, lost … (cameras/camera.py names them all)."""
        self.process.tell("fault", camera=self.name, fault=name)

    def back(self) -> None:
        """Let nothing be wrong with it any more."""
        self.process.tell("back", camera=self.name)


class RoomCameras:
    """Cameras for ``urls`` (name to address) of a site whose tables are ``site``.

    ``moved`` maps addresses of the site file to those here. A clock is burnt in where the site file names an
    area for it. Raises ValueError for an address that nothing here can play.
    """

    def __init__(
        self, urls: Mapping[str, str], site: Mapping[str, Any], size: tuple[int, int] = SIZE
    ) -> None:
        tables = site.get("camera", {})
        strange = [url for url in urls.values() if urlsplit(url).scheme not in SCHEMES]
        if strange:
            raise ValueError(f"no camera of this room can play {strange[0]}")
        cameras = {name: _made(url, tables.get(name, {}), size) for name, url in urls.items()}
        layout = _layout(site)
        self._movable = {*layout["doors"], *layout["windows"]} | {
            f"{name}.{cell}" for name, cells in layout["cabinets"].items() for cell in cells
        }
        self.process = CameraProcess({"layout": layout, "cameras": cameras})
        self.moved = {
            url: f"{urlsplit(url).scheme}://{urlsplit(self.process.urls[name]).netloc}{_path(url)}"
            for name, url in urls.items()
        }
        self.names = tuple(urls)

    def camera(self, name: str) -> Camera:
        """One of them."""
        return Camera(name, self.process)

    def level(self, line: str, level: str) -> None:
        """Let the picture follow a contact."""
        thing = line.removesuffix(_CONTACT)
        if thing != line and thing in self._movable and level in {Level.NORMAL, Level.ACTIVE}:
            self.process.tell("opens" if level == Level.ACTIVE else "shuts", what=thing)

    def enters(self, who: str, door: str, spot: str = "middle") -> float:
        """Let a figure walk in through a door; seconds until it stands there."""
        return self.process.tell("enters", who=who, door=door, spot=spot)

    def leaves(self, who: str, door: str) -> float:
        """Let it walk out; seconds until it is gone."""
        return self.process.tell("leaves", who=who, door=door)

    def close(self) -> None:
        """Take them away."""
        self.process.stop()


def _made(url: str, table: Mapping[str, Any], size: tuple[int, int]) -> dict[str, Any]:
    return {
        "scheme": urlsplit(url).scheme,
        "fps": table.get("frames_per_second", FRAMES_PER_SECOND),
        "size": list(size),
        "clock": "clock_areas" in table,
    }


def _path(url: str) -> str:
    split = urlsplit(url)
    return f"{split.path}?{split.query}" if split.query else split.path


def _layout(site: Mapping[str, Any]) -> dict[str, Any]:
    cabinets = site.get("cabinet", {})
    return {
        "doors": list(site.get("door", {})),
        "windows": list(site.get("window", {})),
        "cabinets": {name: list(table.get("compartment", {})) for name, table in cabinets.items()},
    }
