"""A controller's loop with eyes, which waits for its recorder at the real socket.

Rule: log, site, loop, inbox and eyes are the real ones; the test's own thread is the loop's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
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
from controller.inbox import Inbox
from controller.kept_states import remembered
from controller.ledger.custody_log import CustodyLog
from controller.loop import Loop
from recorder.messages import CameraSettings, Settings
from tests.core.plans import START, example

LONG = 30.0
CAMERA = CameraSettings("http://127.0.0.1:9/", 10, 5.0, fault_after_s=0.1, check_s=0.05)
SETTINGS = Settings(1, "bank", {"door": CAMERA, "room": CAMERA}, picture_bytes=100_000)
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
