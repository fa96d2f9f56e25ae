"""All cameras in force, and what is asked of them. Called by the thread that talks with the controller.

Rule 1: settings that say the same change nothing; a camera whose own settings change is built anew, alone.
Another number of cameras, or other bounds, build all anew: they share the memory.
Rule 2: so many Snapshots are worked on at once and no more; the rest is told ``busy`` at once.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from time import monotonic

from hardware.cameras.jpeg import Limits
from recorder.bounds import MIB, rss_mb
from recorder.developing import missing
from recorder.inspector import Inspector
from recorder.messages import (
    BadMessageError,
    CameraSettings,
    Condition,
    FromRecorder,
    Health,
    Settings,
    Snapshot,
)
from recorder.passwords import Password
from recorder.references import References
from recorder.seal import SealError, check_recipients
from recorder.shots import Say, Store, halves
from recorder.thrift import Thrift
from recorder.view import View

MOST_SHOTS = 16
_AHEAD_S = 5.0
"""How far before us the clock of an event may be: it is the same clock."""
_LEAST_STORE = 16 * MIB


class Eyes:
    """``say`` is where conditions go; ``passwords`` by camera; ``state`` where references are kept."""

    def __init__(self, passwords: Mapping[str, Password], state: Path | None, say: Say) -> None:
        self._passwords, self._references, self._say = passwords, References(state), say
        self._settings: Settings | None = None
        self._views: dict[str, View] = {}
        self._unusable: dict[str, Condition] = {}
        self._store = Store(_LEAST_STORE)
        self._rooms: Mapping[str, str] = {}
        self._open, self._opening = 0, Lock()
        self._thrift = Thrift(monotonic(), time.process_time())
        self._inspector = Inspector(lambda: self._views, self._is_empty, self._tell)
        self._inspector.start()

    @property
    def memory_mb(self) -> int:
        """What the process may use; 0 before the first settings."""
        return self._settings.memory_mb if self._settings else 0

    def apply(self, settings: Settings) -> None:
        """From now on these settings are in force."""
        before, self._settings = self._settings, settings
        if settings == before:
            return
        shared = before is not None and _common(before) == _common(settings)
        if not shared:
            self._store = Store(max(_LEAST_STORE, (settings.memory_mb - settings.ring_mb) * MIB // 4))
        views, unusable = {}, {}
        for name, wanted in settings.cameras.items():
            view = self._views.get(name)
            if view is not None and view.settings == wanted and shared:
                views[name] = view
                continue
            try:
                views[name] = self._built(name, wanted, settings)
            except ValueError as error:
                unusable[name] = Condition(name, "lost", str(error)[:200])
        gone = [view for name, view in self._views.items() if views.get(name) is not view]
        new = [view for name, view in views.items() if self._views.get(name) is not view]
        self._views, self._unusable = views, unusable
        for name in sorted(self._passwords.keys() - settings.cameras.keys()):
            sys.stderr.write(f"[camera.{name}] of the passwords file: the site has no camera of this name\n")
        for view in gone:
            view.stop()
        for view in new:
            view.start()

    def take(self, snapshot: Snapshot, say: Say) -> None:
        """Take pictures; every wanted one is answered to ``say``; raises BadMessageError."""
        _check(snapshot)
        owed = [
            half for name, view in self._views.items() for half in halves(snapshot, name, say, self._shut)
        ]
        full = not self._opened(len(owed))
        for wanted in snapshot.wanted:
            if wanted.camera in self._unusable:
                say(missing(snapshot, wanted, "lost"))
            elif wanted.camera not in self._views:
                say(missing(snapshot, wanted, "unknown_camera"))
            elif full:
                say(missing(snapshot, wanted, "busy"))
        for half in () if full else owed:
            self._views[half.camera].shots.take(half)

    def forget(self) -> None:
        """Who asked for Snapshots is gone: nobody waits for them any more."""
        for view in self._views.values():
            view.shots.forget()

    def learn(self, cameras: tuple[str, ...]) -> None:
        """Take what these see now as what they should see; one that is not there cannot answer."""
        for name in cameras:
            if name in self._views:
                self._views[name].judge.learn()

    def registered(self, rooms: Mapping[str, str]) -> None:
        """Who is registered inside which room."""
        self._rooms = rooms

    def levels(self) -> list[FromRecorder]:
        """The condition of every camera as it is, and what is seen of rooms."""
        seen = [said for view in self._views.values() for said in view.judge.levels()]
        return [*seen, *self._unusable.values()]

    def beat(self, n: int) -> Health:
        """How all are; and the frames are thinned where too much of the CPU was used."""
        most = self._settings.cpu_percent if self._settings else 100
        self._thrift.note(monotonic(), time.process_time(), most)
        for view in self._views.values():
            view.camera.kept = self._thrift.kept
        cameras = {name: view.health() for name, view in self._views.items()}
        used = round(rss_mb(os.getpid()), 1)
        return Health(n, cameras, used, round(self._thrift.cpu_percent, 1), round(1 - self._thrift.kept, 2))

    def stop(self) -> None:
        """End all of it."""
        self._inspector.stop()
        for view in self._views.values():
            view.stop()

    def _built(self, name: str, wanted: CameraSettings, settings: Settings) -> View:
        ring_bytes = settings.ring_mb * MIB // len(settings.cameras)
        limits = Limits(bytes=settings.picture_bytes)
        return View(
            name, wanted, limits, ring_bytes, self._store, self._references, self._passwords.get(name)
        )

    def _is_empty(self, room: str) -> bool:
        return bool(room) and self._rooms.get(room) == "empty"

    def _tell(self, said: FromRecorder) -> None:
        self._say(said)

    def _opened(self, count: int) -> bool:
        """Whether so many more halves may be worked on."""
        with self._opening:
            if self._open + count > MOST_SHOTS * 2 * max(1, len(self._views)):
                return False
            self._open += count
            return True

    def _shut(self) -> None:
        with self._opening:
            self._open -= 1


def _common(settings: Settings) -> tuple[int, ...]:
    """What every camera depends on."""
    return settings.ring_mb, settings.picture_bytes, settings.memory_mb, len(settings.cameras)


def _check(snapshot: Snapshot) -> None:
    if snapshot.monotonic > monotonic() + _AHEAD_S:
        raise BadMessageError("an event that has not happened yet")
    try:
        check_recipients(snapshot.recipients)
    except SealError as error:
        raise BadMessageError(str(error)) from None
