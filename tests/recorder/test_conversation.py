"""The recorder's side of one connection, on a pair of sockets, with cameras that nobody needs to dial."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from recorder.conversation import Conversation, Line
from recorder.eyes import Eyes
from recorder.messages import (
    FROM_CONTROLLER,
    FROM_RECORDER,
    CameraSettings,
    Condition,
    FromRecorder,
    Health,
    Hello,
    Messages,
    Settings,
)

CAMERA = CameraSettings("http://127.0.0.1:9/", 10, 5.0)
SETTINGS = Settings(1, "Bank", {"door": CAMERA, "room": CAMERA})


@pytest.fixture
def eyes(tmp_path: Path) -> Iterator[Eyes]:
    made = Eyes({}, tmp_path / "state", lambda _: None)
    yield made
    made.stop()


class Talking:
    """A conversation on a thread, and the controller's end of it."""

    def __init__(self, eyes: Eyes) -> None:
        ours, theirs = socket.socketpair()
        self.theirs = Messages(theirs, FROM_RECORDER)
        self.pulses = 0
        self.why = "it has not ended"
        self._ours = Messages(ours, FROM_CONTROLLER)
        self._conversation = Conversation(self._ours, eyes, Line(), self._pulse, lambda: False)
        self._thread = Thread(target=self._talk, daemon=True)
        self._thread.start()

    def wait(
        self, kind: type[FromRecorder], so: Callable[[FromRecorder], bool] = lambda _: True
    ) -> FromRecorder:
        for _ in range(200):
            message = self.theirs.next(1)
            if isinstance(message, kind) and so(message):
                return message
        raise AssertionError(f"no such {kind.__name__}")

    def ended(self) -> str:
        self._thread.join(30)
        self.theirs.hang_up()
        self.theirs.close()
        self._ours.close()
        return self.why

    def _talk(self) -> None:
        self.why = self._conversation.talk()

    def _pulse(self) -> None:
        self.pulses += 1


def test_a_controller_that_is_silent_is_taken_for_gone(eyes: Eyes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recorder.conversation.SILENT_S", 0.3)
    talking = Talking(eyes)
    talking.theirs.say(SETTINGS)
    assert talking.ended() == "the controller is silent"
    assert talking.pulses


def test_hello_comes_first_then_the_condition_of_every_camera(eyes: Eyes) -> None:
    talking = Talking(eyes)
    talking.theirs.say(SETTINGS)
    assert isinstance(talking.theirs.next(30), Hello)
    heard = [talking.wait(Condition) for _ in SETTINGS.cameras]
    assert {each.camera for each in heard if isinstance(each, Condition)} == {"door", "room"}
    talking.theirs.hang_up()
    assert talking.ended() == "the controller hung up"


def test_only_the_camera_whose_settings_change_is_built_anew(eyes: Eyes) -> None:
    eyes.apply(SETTINGS)
    before = dict(eyes._views)
    eyes.apply(replace(SETTINGS, cameras={"door": CAMERA, "room": replace(CAMERA, ring_s=6.0)}))
    assert eyes._views["door"] is before["door"]
    assert eyes._views["room"] is not before["room"]
    assert before["room"].camera.health().state == "stopped"
    eyes.apply(replace(SETTINGS, cameras={}))
    assert before["door"].camera.health().state == "stopped"
    assert eyes.beat(1).cameras == {}


def test_a_camera_whose_address_cannot_be_used_is_lost_and_leaves_the_others_alone(eyes: Eyes) -> None:
    talking = Talking(eyes)
    bad = replace(CAMERA, url="file:///etc/passwd")
    talking.theirs.say(replace(SETTINGS, cameras={"bad": bad, "door": CAMERA}))
    said = talking.wait(Condition, lambda c: isinstance(c, Condition) and c.camera == "bad")
    assert isinstance(said, Condition)
    assert said.condition == "lost"
    assert "passwd" not in said.why
    health = talking.wait(Health)
    assert isinstance(health, Health)
    assert set(health.cameras) == {"door"}
    talking.theirs.hang_up()
    talking.ended()
