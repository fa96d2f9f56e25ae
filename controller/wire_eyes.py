"""The cameras of a drill on wires, and a real recorder that looks through them.

Rule 1: nothing is told to the controller here: a camera is covered, and the recorder has to find it.
Rule 2: what a step brought about is waited for, with limits: detectors look for seconds before they speak.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from controller.child import Child
from controller.core.events import CONDITIONS
from controller.core.eye_events import RECORDER
from controller.drill import Step
from controller.errors import IronroomError
from controller.eyes.eyes import SOCKET
from controller.recorder_child import RecorderChild
from controller.wire_sight import Sight
from firmware_shims.bench import Bench, NotInTheRoomError

READY_S = 90.0
FOUND_S = 30.0
"""How long finding a fault may take: two seconds of looks, on a busy machine."""
BACK_S = 150.0
"""How long until nothing is wrong any more: a loop counts for two minutes after it was last seen."""
WRITTEN_S = 5.0
HELD_S = 2.5
"""How far back pictures must reach before a drill begins: what is photographed is 2 s before an event."""
BACK, NOISY = "back", "noisy"
SOMEBODY = "somebody"
REFERENCE = "*.reference"


class WireEyes:
    """Cameras of ``bench`` and the recorder of its controller; ``kept`` is the recorder's own folder."""

    def __init__(self, bench: Bench, child: Child, sight: Sight, kept: Path) -> None:
        self._bench, self._child, self._sight, self._kept = bench, child, sight, kept
        self._faults: dict[str, str] = {}
        self.recorder = RecorderChild(bench.data / SOCKET, kept)

    def be_ready(self) -> None:
        """Wait until every camera without fault is known and its pictures reach back; IronroomError."""
        if not self._sight.until(self._is_ready, READY_S):
            raise IronroomError(f"the cameras do not come up: {self._look()} {self.recorder.words.strip()}")

    def camera(self, step: Step) -> None:
        """Do something to a camera, or before it, and wait until the controller has heard of it."""
        name, how = step.fields["name"], step.fields["is"]
        if how in CONDITIONS:
            self._spoil(name, how)
        elif self._bench.cameras:
            given = {"who": SOMEBODY, "spot": "middle"} if how == "occupied" else {}
            self._bench.cameras.process.tell("stands" if given else "empty", **given)

    def device(self, step: Step) -> None:
        """Kill the recorder, or start it again, and wait until the controller has heard of it."""
        how, before = step.fields["is"], self._sight.newest
        if how == NOISY:
            raise NotInTheRoomError("the recorder is no line that could chatter")
        if (how == BACK) is self.recorder.running:
            return
        if how == BACK:
            self.recorder.start()
        else:
            self.recorder.kill()
        told = (f"device_{how}", RECORDER)
        self._sight.written(
            before, lambda new: [e for e in new if (e["kind"], e.get("place")) == told], READY_S
        )
        if how == BACK:
            self.be_ready()

    def _spoil(self, name: str, how: str) -> None:
        camera, before, was = self._bench.camera(name), self._sight.newest, self._condition(name)
        if how == BACK:
            camera.back()
            self._faults.pop(name, None)
        else:
            camera.fault(how)
            self._faults[name] = how
        self._sight.until(lambda: self._condition(name) == how, BACK_S if how == BACK else FOUND_S)
        if was != how:
            self._sight.written(
                before,
                lambda new: [e for e in new if (e.get("place"), e.get("condition")) == (name, how)],
                WRITTEN_S,
            )
        if how == BACK and self.recorder.running:
            self.be_ready()

    def _is_ready(self) -> bool:
        look = self._look()
        well = [one for one in look["cameras"] if one["camera"] not in self._faults]
        known = len(list(self._kept.glob(REFERENCE))) >= len(well)
        return (
            look["recorder"]["state"] == "well"
            and known
            and all((one["ring_s"] or 0) > HELD_S for one in well)
        )

    def _condition(self, name: str) -> str | None:
        return next((one["condition"] for one in self._look()["cameras"] if one["camera"] == name), None)

    def _look(self) -> dict[str, Any]:
        look = self._child.tell({"look": "eyes"})
        if not look:
            raise IronroomError(f"the controller does not answer any more: {self._child.words.strip()}")
        return look


@contextmanager
def seeing(bench: Bench, child: Child, sight: Sight, folder: Path) -> Iterator[WireEyes | None]:
    """Cameras and recorder of a bench that has cameras; nothing in a room without them."""
    if bench.cameras is None:
        yield None
        return
    eyes = WireEyes(bench, child, sight, folder / RECORDER)
    with eyes.recorder:
        yield eyes
