"""A controller's loop with eyes, and a recorder that the test plays over the real socket.

Rule: log, site, loop, inbox and eyes are the real ones; the test's own thread is the loop's.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

from controller.clock import RoomClock
from controller.core.effects import Answer, Body, Effect, Snapshot, Wanted
from controller.core.events import Asking, InputLevel, Level, PicturesTaken, Started
from controller.core.events import Event as CoreEvent
from controller.core.site import Site
from controller.core.state import State
from controller.disk_reserve import Reserve
from controller.eyes.eyes import SOCKET, Eyes, Place
from controller.eyes.hands import HandsAndEyes
from controller.gate_client import short
from controller.inbox import Inbox
from controller.kept_states import remembered
from controller.ledger.custody_log import CustodyLog
from controller.loop import Loop
from recorder.caption import Caption, time_of_frame
from recorder.messages import (
    FROM_CONTROLLER,
    CameraHealth,
    CameraSettings,
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
from tests.core.plans import START, example

LONG = 30.0
CAMERA = CameraSettings("http://127.0.0.1:9/", 10, 5.0, fault_after_s=0.1, check_s=0.05)
SETTINGS = Settings(1, "bank", {"door": CAMERA, "room": CAMERA}, picture_bytes=100_000)
HEALTH = CameraHealth(10.0, 90, "back", 1_000, 5.0, 0)
PEOPLE = {"li": {"badges": ["B1"]}, "wang": {"badges": ["B2"]}, "zhao": {"badges": ["B3"]}}


class NoBolts:
    """Hands of a room without doors."""

    def secure(self, effects: Iterable[Effect]) -> None: ...

    def release(self, effects: Iterable[Effect], state: State) -> None: ...

    def drop_everything(self) -> None: ...


class House:
    """Everything from the log to the recorder's socket; ``turn`` and ``until`` are the loop."""

    def __init__(self, folder: Path, settings: Settings = SETTINGS) -> None:
        self.data, self.clock = folder / "data", RoomClock()
        self.inbox = Inbox(self.clock)
        self.log = CustodyLog.open(self.data / "custody.db")
        Reserve(self.data, 1).take()
        self.clock.begin(self.log.last_at)
        plan = example()
        put, keys = self.inbox.put, self.log.recipients
        place = Place(self.data / SOCKET)
        self.eyes = Eyes(settings, plan, self.data, place, put, keys, self.clock.monotonic)
        site = Site(plan, state=remembered(self.log))
        self.loop = Loop(site, self.log, HandsAndEyes(NoBolts(), self.eyes))
        self.heard: list[Any] = []
        self.inbox.take(0)  # this thread is the loop's from now on
        first = not self.log.size
        self.turn(Started(self.clock.now(), START, "p"))
        if first:
            self.turn(Asking(self.clock.now(), "found", "", "", {"people": PEOPLE}))
        self.eyes.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.inbox.close()
        self.eyes.stop()
        self.log.close()

    @property
    def pictures(self) -> list[Path]:
        """What lies in the folder of pictures."""
        return sorted((self.data / "pictures").iterdir())

    def turn(self, *events: CoreEvent) -> None:
        """One turn of the loop."""
        self.loop.turn(events)

    def alarm(self, place: str = "main.in") -> None:
        """Somebody tampers with a reader: an event that is photographed."""
        point, at = f"{place}.tamper", max(self.clock.now(), self.loop.site.state.at)
        self.turn(InputLevel(at, point, Level.ACTIVE, settled=True))

    def photograph(
        self, number: int, *moments: int, camera: str = "door", seals: tuple[str, ...] = ("room:vault",)
    ) -> None:
        """Order pictures without an event, as often as one likes."""
        wanted = tuple(Wanted(camera, moment) for moment in moments or (0,))
        order = Snapshot("main", "tamper", self.clock.now(), number, wanted, seals)
        self.eyes.photograph(order, START)

    def seal(self, *subjects: str) -> None:
        """An Entry names subjects that pictures may be sealed for, which makes their keys."""
        self._note(seals=list(subjects))

    def erase(self, subject: str) -> None:
        """An Entry erases a subject, and its key goes."""
        self._note(erases=[subject])

    def _note(self, **more: Any) -> None:
        (*_, last) = self.log.tail()
        same = {name: last[name] for name in ("at", "time", "clock", "policy")}
        self.log.append([{**same, "kind": "note", **more}])

    def again(self, then: Callable[[Peer], Any]) -> Any:
        """What comes of a recorder that comes again, once it is let in."""
        found: list[Any] = []

        def came() -> bool:
            try:
                with Peer(self) as peer:
                    found.append(then(peer.well(self)))
            except (OSError, AssertionError):
                return False
            return True

        self.until(came)
        return found[-1]

    def until(self, true: Callable[[], bool]) -> None:
        """Turn until something is so."""
        end = time.monotonic() + LONG
        while not true():
            assert time.monotonic() < end, self.heard[-5:]
            for item in self.inbox.take(0.02):
                self.heard.append(item.content)
                content: Any = item.content
                at = max(item.at, self.loop.site.state.at)
                self.turn(type(content)(**{**_fields(content), "at": at}))
                if item.reply:
                    item.reply(Answer())

    def entries(self, kind: str) -> list[Body]:
        """Durable Entries of a kind."""
        return [dict(entry) for entry in self.log.tail() if entry["kind"] == kind]

    def written(self, kind: str, count: int = 1) -> list[Body]:
        """Turn until there are so many Entries of a kind."""
        self.until(lambda: len(self.entries(kind)) >= count)
        return self.entries(kind)

    def became(self, shot: int) -> PicturesTaken:
        """What became of a shot that has one part."""

        def told() -> list[PicturesTaken]:
            return [one for one in self.heard if isinstance(one, PicturesTaken) and one.shot == shot]

        self.until(lambda: bool(told()))
        (found,) = told()
        return found

    def told(self, kind: type[Any], count: int = 1) -> list[Any]:
        """Turn until so many events of a kind came to the inbox."""
        self.until(lambda: sum(isinstance(one, kind) for one in self.heard) >= count)
        return [one for one in self.heard if isinstance(one, kind)]


def _fields(content: Any) -> dict[str, Any]:
    return {name: getattr(content, name) for name in content.__slots__}


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
