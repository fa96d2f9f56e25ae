"""What is to be said to the recorder next. Rule: whoever puts something in never waits; what is full refuses.

Orders stand in a short queue; of rooms only the newest matters, and a camera is to learn or it is not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from threading import Condition

from recorder.messages import FromController, Learn, Rooms, Settings, Snapshot

MOST = 32
"""Orders that wait to be sent."""


class Outbox:
    """Of one connection; it begins with the settings and with who is inside."""

    def __init__(self, settings: Settings, rooms: Mapping[str, str]) -> None:
        self._changed = Condition()
        self._settings: Settings | None = settings
        self._rooms: Mapping[str, str] | None = rooms
        self._learn: set[str] = set()
        self._orders: deque[Snapshot] = deque()
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether nothing is sent any more."""
        return self._closed

    def order(self, order: Snapshot) -> bool:
        """Send this; False when there is no place for it, or nobody to send it to."""
        with self._changed:
            if self._closed or len(self._orders) >= MOST:
                return False
            self._orders.append(order)
            self._changed.notify_all()
            return True

    def rooms(self, rooms: Mapping[str, str]) -> None:
        """Send who is inside now."""
        with self._changed:
            self._rooms = rooms
            self._changed.notify_all()

    def learn(self, cameras: Iterable[str]) -> None:
        """Send that these cameras are to learn."""
        with self._changed:
            self._learn |= {*cameras}
            self._changed.notify_all()

    def close(self) -> None:
        """Nobody is there any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def next(self, longest_s: float) -> FromController | None:
        """What is to be sent next; None when nothing came in time, or after the end."""
        with self._changed:
            if (found := self._first()) is None and not self._closed:
                self._changed.wait(max(0.0, longest_s))
                found = self._first()
            return found

    def _first(self) -> FromController | None:
        if self._closed:
            return None
        if self._settings is not None:
            settings, self._settings = self._settings, None
            return settings
        if self._rooms is not None:
            rooms, self._rooms = self._rooms, None
            return Rooms(rooms)
        if self._orders:
            return self._orders.popleft()
        if self._learn:
            learn, self._learn = tuple(sorted(self._learn)), set()
            return Learn(learn)
        return None
