"""The recorder as a test plays it, over the real socket: told in the product's own messages.

Rule: it says what it is told to, the truth unless a test wants another word; it has no camera.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Any, Self

from controller.eyes.eyes import SOCKET
from controller.gate_client import short
from recorder.caption import Caption, time_of_frame
from recorder.messages import (
    FROM_CONTROLLER,
    CameraHealth,
    Condition,
    FramesSeen,
    FromController,
    FromRecorder,
    Health,
    Hello,
    Messages,
    NoPicture,
    Picture,
    Settings,
)
from recorder.messages import Snapshot as Order
from recorder.messages import Wanted as Asked
from recorder.seal import seal
from tests.eyes.eyes_house import LONG, SETTINGS, House

HEALTH = CameraHealth(10.0, 90, "back", 1_000, 5.0, 0)


class Peer:
    """The recorder, as the test plays it; unless ``quiet`` it beats by itself."""

    def __init__(self, house: House) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(LONG)
        with short(house.data / SOCKET) as spelled:
            self.socket.connect(spelled)
        self.line = Messages(self.socket, FROM_CONTROLLER)
        self.health: dict[str, CameraHealth] = dict.fromkeys(SETTINGS.cameras, HEALTH)
        self.settings: Settings | None = None
        self.early: list[FromRecorder] = []
        """What is said before any camera's condition."""
        self._over = Event()
        self._beating = Thread(target=self._beat, name="the recorder's heart", daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.quiet()
        self.socket.close()

    def well(self, house: House, **conditions: str) -> Self:
        """Say hello, take the settings, tell the cameras, and wait until that is believed."""
        self.line.say(Hello(1, 4711))
        self.settings = self.next(Settings)
        for said in self.early:
            self.line.say(said)
        for camera in SETTINGS.cameras:
            self.line.say(Condition(camera, conditions.get(camera, "back")))
        self._beating.start()
        house.until(lambda: house.eyes.health()["recorder"]["state"] == "well")
        return self

    def quiet(self) -> None:
        """Beat no more."""
        self._over.set()
        if self._beating.ident is not None:
            self._beating.join()

    def next(self, kind: type[Any]) -> Any:
        """The next message of a kind."""
        end = time.monotonic() + LONG
        while time.monotonic() < end:
            message: FromController | None = self.line.next(1.0)
            if isinstance(message, kind):
                return message
        raise AssertionError(f"no {kind} came")

    def order(self) -> Order:
        """The next order."""
        order: Order = self.next(Order)
        return order

    def answer(self, order: Order, one: Asked, pixels: bytes = b"a picture", **other: Any) -> bytes:
        """Send one picture as it should be, or with something else in it; gives its bytes."""
        sealed = seal(jpeg(order, one, pixels), order.recipients)
        self.line.say(picture(order.shot, one, **{"sealed": sealed, **other}))
        return sealed

    def whole(self, order: Order, part: str) -> None:
        """Send everything of a part: counts, thumbnails, pictures."""
        wanted = [one for one in order.wanted if (one.moment > 0) == (part == "after")]
        for camera in sorted({one.camera for one in wanted}):
            self.line.say(FramesSeen(order.shot, camera, part, 20, 1, 130))
        for one in wanted:
            self.answer(order, one, b"small", thumbnail=True, width=320, height=180)
            self.answer(order, one)

    def nothing(self, order: Order, *but: Asked, why: str = "stalled") -> None:
        """Say of every picture that there is none, but for those that are sent otherwise."""
        for one in order.wanted:
            if one not in but:
                self.line.say(NoPicture(order.shot, one.camera, one.moment, why))

    def gone(self) -> bool:
        """Wait until the controller has hung up."""
        try:
            while True:
                self.line.next(LONG)
        except OSError:
            return True

    def _beat(self) -> None:
        number = 0
        while not self._over.wait(0.1):
            number += 1
            try:
                self.line.say(Health(number, dict(self.health), 200.0, 12.5))
            except OSError:
                return


def jpeg(order: Order, one: Asked, pixels: bytes = b"a picture", **other: Any) -> bytes:
    """A picture before it is sealed, with its caption, or with something else in that."""
    said = order.caption
    fields: dict[str, Any] = {
        "site": said.site,
        "place": said.place,
        "why": said.why,
        "shot": order.shot,
        "camera": one.camera,
        "moment": one.moment,
        "taken": one.moment - 40,
        "time": time_of_frame(said.time, one.moment - 40),
        "clock": said.clock,
        "masked": False,
    }
    caption = Caption(**{**fields, **other}).spelled().encode()
    return b"\xff\xd8\xff\xfe" + (len(caption) + 2).to_bytes(2) + caption + pixels + b"\xff\xd9"


def picture(shot: int, one: Asked, **other: Any) -> FromRecorder:
    """A picture as the recorder sends it."""
    fields: dict[str, Any] = {
        "shot": shot,
        "camera": one.camera,
        "moment": one.moment,
        "taken": one.moment - 40,
        "width": 1280,
        "height": 720,
        "masked": False,
        "thumbnail": False,
        "sealed": b"",
    }
    return Picture(**{**fields, **other})


def again(house: House, then: Callable[[Peer], Any]) -> Any:
    """What comes of a recorder that comes again, once it is let in."""
    found: list[Any] = []

    def came() -> bool:
        try:
            with Peer(house) as peer:
                found.append(then(peer.well(house)))
        except (OSError, AssertionError):
            return False
        return True

    house.until(came)
    return found[-1]
