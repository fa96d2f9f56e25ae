"""A room on wires that is looked at: controller, recorder and cameras, each a process of its own.

Rule: pictures are small and few, so that much of it runs beside other tests; nothing else is made easy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from controller.core.effects import Body
from controller.ledger.reading import LogReader
from controller.recorder_child import RecorderChild
from firmware_shims.camera_process import CameraProcess
from firmware_shims.cameras.clock import read_clock
from recorder.caption import caption_of
from recorder.seal import opened
from tests.wires.wired import Wired

FRAMES_A_SECOND = 5
SIZE = (640, 360)
BEFORE = (2, 6)
"""How many seconds before a grant is photographed, unless a room is told otherwise."""
ROOM = """
[room.behind_{name}]
duty = "always"
{rule}

[door.{name}]
room = "behind_{name}"
reader_in = "osdp:///dev/ttyAMA1?address={number}"
reader_out = "osdp:///dev/ttyAMA1?address={out}"
strike = "gpio:relay/{number}"
contact = "gpio:input/{number}"
rex = "gpio:input/{out}"
unlock_s = 3
window_s = 60
"""
SITE = """
[site]
name = "watched"
timezone = "Asia/Shanghai"
legacy_uid = "legacy, may be copied"
settle_ms = 50
walk_s = 1
attempts = 10
refusals = 10
refusal_ms = 100

[snapshot.grants]
of = ["granted"]
before_s = {before}
after_s = [1]
"""
CAMERA = """
[camera.{name}]
url = "{url}"
frames_per_second = {fps}
ring_s = 8
fault_after_s = 2
clock_areas = ["0,0,1000,50"]
"""


class Watched(Wired):
    """``doors`` maps doors, each of a room of its own, to the rule about pictures of that room."""

    def __init__(
        self, folder: Path, cameras: Sequence[str], doors: dict[str, str], before: Sequence[int] = BEFORE
    ) -> None:
        self.reach_s = max(before) + 1
        made = {"scheme": "http", "size": list(SIZE), "fps": FRAMES_A_SECOND}
        self.names = tuple(cameras)
        self.cameras = CameraProcess(
            {
                "layout": {"doors": list(doors)},
                "cameras": {name: {**made, "view": "room"} for name in cameras},
            }
        )
        urls = self.cameras.urls
        looks = [CAMERA.format(name=name, url=urls[name], fps=FRAMES_A_SECOND) for name in cameras]
        rooms = [
            ROOM.format(name=name, rule=rule, number=number, out=number + 4)
            for number, (name, rule) in enumerate(doors.items(), 1)
        ]
        super().__init__(folder, "".join([SITE.format(before=[*before]), *rooms, *looks]))
        self.kept = folder / "recorder"
        self.recorder = RecorderChild(self.bench.data / "eyes.sock", self.kept)

    def __exit__(self, *_: object) -> None:
        self.recorder.stop()
        super().__exit__()
        self.cameras.stop()

    def looking(self) -> Watched:
        """Start everything, and wait until every camera is known and its pictures reach back."""
        self.recorder.start()
        self.founded()
        self.until(self.reaches_back, "pictures from before")
        self.until(lambda: len(list(self.kept.glob("*.reference"))) == len(self.names), "what is to be seen")
        return self

    @property
    def eyes(self) -> dict[str, Any]:
        """Recorder and cameras, as the gate tells it."""
        return self.child.tell({"look": "eyes"})

    def condition(self, camera: str) -> str | None:
        """What the recorder thinks of a camera."""
        return next((one["condition"] for one in self.eyes["cameras"] if one["camera"] == camera), None)

    def reaches_back(self) -> bool:
        """Whether every camera gives pictures, and has done so since the earliest moment."""
        eyes = self.eyes
        reach = [one["ring_s"] or 0 for one in eyes["cameras"]]
        return bool(eyes["recorder"]["state"] == "well" and min(reach) > self.reach_s)

    def spoil(self, cameras: Collection[str], fault: Callable[[str], str]) -> None:
        """Let something be wrong with cameras."""
        for camera in cameras:
            self.cameras.tell("fault", camera=camera, fault=fault(camera))

    def badge(self, door: str = "main") -> int:
        """Two people badge; gives the counter before the grant."""
        self.tap(f"{door}.in", "B1", "pending")
        before = self.newest
        self.tap(f"{door}.in", "B2", "granted", "refused")
        return before

    def pictured(self, after: int, part: str = "now") -> Body:
        """What became of the pictures of a grant behind a counter."""

        def ends() -> list[Body]:
            found = self.entries("pictures_taken", "no_picture", after=after)
            return [one for one in found if (one["part"], one["why"]) == (part, "granted")]

        self.until(lambda: bool(ends()), f"pictures of a grant behind {after}")
        return ends()[0]

    def bolted(self, door: str = "main") -> None:
        """Wait until nobody may open a door any more."""
        self.until(lambda: self.view["doors"][door]["phase"] == "locked", "a bolted door")

    def plain(self, entry: Body, picture: Body) -> bytes:
        """A picture as it was taken: sealed on disk, opened with the keys of its log."""
        (order,) = [one for one in self.entries("snapshot") if one["shot"] == entry["shot"]]
        with LogReader(self.log) as reader:
            keys = reader.picture_identities(order["seals"])
        sealed = (self.bench.data / "pictures" / picture["sha256"]).read_bytes()
        return opened(sealed, keys).picture


def whole(entry: Body) -> dict[tuple[str, int], Body]:
    """Pictures of an Entry by camera and moment, without the small ones."""
    return {(one["camera"], one["moment"]): one for one in entry["pictures"] if not one["thumbnail"]}


def missing(entry: Body) -> dict[tuple[str, int], str]:
    """Why there is none, by camera and moment."""
    return {(one["camera"], one["moment"]): one["why"] for one in entry["missing"]}


def clock_in(jpeg: bytes) -> float:
    """The second of CLOCK_MONOTONIC that is burnt into a picture."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    shown = read_clock(np.asarray(picture, np.uint8))
    assert shown is not None
    return shown


def moment_in(jpeg: bytes) -> tuple[str, int]:
    """Camera and moment that the comment of a picture tells."""
    said = caption_of(jpeg)
    return said.camera, said.moment
