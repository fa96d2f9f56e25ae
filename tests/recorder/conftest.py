"""A recorder as a process of its own, cameras on loopback, and a controller that speaks the line."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Condition as Turn
from threading import Thread
from typing import TypeVar

import pytest
from pyrage import x25519

from firmware_shims.cameras.camera import CameraShim, Make
from firmware_shims.cameras.scene import Scene
from recorder.messages import (
    FROM_RECORDER,
    BadMessageError,
    Beat,
    CameraSettings,
    FromRecorder,
    Health,
    Hello,
    Message,
    Messages,
    Said,
    Settings,
    Snapshot,
    Wanted,
)

LONG_S = 40.0
Kind = TypeVar("Kind", bound=FromRecorder)


class Talk:
    """One connection of a recorder: all it said, and a way to wait for more."""

    def __init__(self, line: socket.socket, settings: Settings | None) -> None:
        self.messages = Messages(line, FROM_RECORDER)
        if settings is not None:
            self.messages.say(settings)
        self.heard: list[FromRecorder] = []
        self.over = False
        self._turn = Turn()
        self._beats = settings is not None
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def say(self, message: Message) -> None:
        self.messages.say(message)

    def wait(
        self, kind: type[Kind], so: Callable[[Kind], bool] = lambda _: True, count: int = 1
    ) -> list[Kind]:
        """The messages of a kind, once there are so many of which ``so`` holds."""

        def found() -> list[Kind]:
            return [each for each in self.heard if isinstance(each, kind) and so(each)]

        with self._turn:
            assert self._turn.wait_for(lambda: len(found()) >= count or self.over, LONG_S), self.short()
        assert len(found()) >= count, self.short()
        return found()

    def short(self) -> list[str]:
        return [repr(each)[:300] for each in self.heard[-12:]]

    def wait_over(self) -> None:
        with self._turn:
            assert self._turn.wait_for(lambda: self.over, LONG_S)

    def hang_up(self) -> None:
        self.messages.hang_up()
        self._thread.join()
        self.messages.close()

    def _read(self) -> None:
        beaten = 0.0
        while True:
            try:
                message = self.messages.next(0.2)
                if self._beats and time.monotonic() - beaten > 1.0:
                    beaten = time.monotonic()
                    self.messages.say(Beat(1))
            except (OSError, BadMessageError):
                break
            with self._turn:
                if message is not None:
                    self.heard.append(message)
                self._turn.notify_all()
        with self._turn:
            self.over = True
            self._turn.notify_all()


class Controller:
    """Listens as the controller does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen(4)
        self._listener.settimeout(LONG_S)
        self.talks: list[Talk] = []

    def talk(self, settings: Settings | None = None) -> Talk:
        """The next connection, which gets its settings."""
        line, _ = self._listener.accept()
        talk = Talk(line, settings)
        self.talks.append(talk)
        talk.wait(Hello)
        return talk

    def close(self) -> None:
        for talk in self.talks:
            talk.hang_up()
        self._listener.close()


class Recorder:
    """The real process; its words go into a file."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self._words = (folder / "words").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, *arguments], stderr=self._words, stdin=subprocess.DEVNULL, env=dict(os.environ)
        )

    @property
    def words(self) -> str:
        return (self.folder / "words").read_text(encoding="utf-8")

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            code = self.process.wait(LONG_S)
        finally:
            self.process.kill()
            self._words.close()
        assert "Traceback" not in self.words
        assert code in (0, 2, -9), self.words


class Stage:
    """Cameras, recorder and controller of one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.controller = Controller(folder / "eyes.sock")
        self.identity = x25519.Identity.generate()
        self.scene = Scene()
        self.shims: dict[str, CameraShim] = {}
        self._ends: list[Callable[[], None]] = [self.controller.close]

    def camera(self, name: str, make: Make | None = None) -> CameraShim:
        shim = CameraShim(name, self.scene, make or Make(size=(640, 360)))
        shim.start()
        self._ends.append(shim.stop)
        self.shims[name] = shim
        return shim

    def recorder(self, *arguments: str) -> Recorder:
        """``python -m recorder``; or with other arguments, which get the socket's path as the last one."""
        usual = ("-m", "recorder", "--state", str(self.folder / "state"))
        recorder = Recorder(self.folder, *(arguments or usual), str(self.controller.path))
        self._ends.append(recorder.close)
        return recorder

    def settings(self, memory_mb: int = 800, **camera: object) -> Settings:
        """Settings for all cameras there are."""
        usual: dict[str, object] = {
            "frames_per_second": 10,
            "ring_s": 5.0,
            "fault_after_s": 1.0,
            "check_s": 0.1,
            "clock": ((0, 0, 1000, 60),),
        }
        cameras = {
            name: CameraSettings(url=shim.url, **(usual | camera))  # type: ignore[arg-type]
            for name, shim in self.shims.items()
        }
        return Settings(1, "Bank", cameras, memory_mb=memory_mb, ring_mb=64, cpu_percent=400)

    def snapshot(
        self, shot: int, event: float, *wanted: tuple[str, int], patience_s: float = 2.0
    ) -> Snapshot:
        said = Said("Bank", "vault", "room_opened", "2026-11-22T06:31:00.000Z", "good", shot)
        recipients = (str(self.identity.to_public()),)
        return Snapshot(shot, tuple(Wanted(*each) for each in wanted), event, said, recipients, patience_s)

    def close(self) -> None:
        for end in reversed(self._ends):
            end()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    try:
        yield made
    finally:
        made.close()


def ringing(talk: Talk, *cameras: str, seconds: float = 0.5) -> None:
    """Wait until these cameras have so much in their rings."""
    talk.wait(Health, lambda health: all(health.cameras[name].ring_s >= seconds for name in cameras))


@pytest.fixture
def ring() -> Callable[..., None]:
    return ringing
