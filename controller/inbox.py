"""The one way into the loop: what drivers and gate put in is stamped here, in order.

Rule: bounded; a full inbox makes the giver wait, and nothing is dropped while the loop lives. What the loop
itself puts in, through a driver that answers at once, never waits: nobody else could make room.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event as Flag
from threading import Lock, get_ident
from typing import Any

from controller.clock import RoomClock
from controller.core.effects import Answer
from controller.core.events import (
    Asking,
    CameraLearned,
    CameraSeen,
    ConsoleNews,
    DeviceBack,
    DeviceLost,
    LogNews,
    PicturesTaken,
    RoomSeen,
    TagGone,
    TagSeen,
    Witnessed,
)
from hardware.signals import Signal

CAPACITY = 65_536
BATCH = 256
FULL_S = 0.2
SEALED = "sealed"
GUARD = "guard"
"""The room as the guard ``about`` may see it: with duress, unless it is theirs (behaviour 35)."""
WIRES = "wires"
EYES = "eyes"
DESK = "desk"
"""Who may sign in and with which passkeys; the console's desk alone looks so (controller/console)."""
VISITOR = "visitor"
"""Whose document it is, by its keyed tag; the console's desk alone looks so."""


@dataclass(frozen=True, slots=True)
class Look:
    """A wish to see: ``room``, ``sealed``, ``guard`` or ``desk``; the loop answers, as it alone may look.

    ``visitor`` is a wish to know whose document has the keyed tag ``about``; without ``whole`` the room is
    seen without the visitors of former days.
    """

    what: str
    about: str = ""
    whole: bool = True


Report = (
    CameraSeen
    | CameraLearned
    | PicturesTaken
    | RoomSeen
    | LogNews
    | ConsoleNews
    | TagSeen
    | TagGone
    | Witnessed
    | DeviceLost
    | DeviceBack
)
Reply = Callable[[Answer | dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Item:
    """What came in, when, and whom to answer."""

    at: int
    content: Signal | Asking | Look | Report
    reply: Reply | None = None


class Inbox:
    """Queue of everything that happens, stamped with room time."""

    def __init__(self, clock: RoomClock) -> None:
        self._clock = clock
        self._queue: Queue[Item | None] = Queue(CAPACITY)
        self._order = Lock()
        self._own: deque[Item] = deque()
        self._taker = 0
        self._closed = Flag()

    def put(self, content: Signal | Asking | Look | Report, reply: Reply | None = None) -> None:
        """Hand something to the loop; waits while the inbox is full."""
        if get_ident() == self._taker:
            self._own.append(Item(self._clock.now(), content, reply))
            return
        with self._order:
            item = Item(self._clock.now(), content, reply)
            while not self._closed.is_set():
                with suppress(Full):
                    self._queue.put(item, timeout=FULL_S)
                    return

    def wake(self) -> None:
        """Make the loop look up, for instance to stop."""
        with suppress(Full):  # a loop with a full inbox is awake
            self._queue.put_nowait(None)

    def close(self) -> None:
        """The loop has ended: whoever waits to put something in is let go, so that drivers can end too."""
        self._closed.set()

    def take(self, patience_s: float) -> list[Item]:
        """Everything that is there, at most one batch; empty when nothing came in time."""
        self._taker = get_ident()
        if self._own:
            own, self._own = list(self._own), deque()
            return own
        try:
            first = (
                self._queue.get(timeout=max(patience_s, 0.0)) if patience_s > 0 else self._queue.get_nowait()
            )
        except Empty:
            return []
        items = [first]
        while len(items) < BATCH:
            try:
                items.append(self._queue.get_nowait())
            except Empty:
                break
        return [item for item in items if item is not None]
