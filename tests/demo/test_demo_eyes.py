"""The demo's cameras, recorder and pictures, on the demo's own wires."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest

from controller.demo_command import Demo
from controller.demo_room import DemoRoom
from controller.demo_words import Translator
from recorder.caption import caption_of
from tests.forked import ForkedChild
from tests.wires.wired import LONG


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo whose cameras look, and have something from before."""
    say = Translator({})
    room = DemoRoom(tmp_path_factory.mktemp("demo"), say, kind=ForkedChild)
    try:
        room.open()
        demo = Demo(room, say)
        demo.key("1")  # no tour
        until(demo, lambda: reaches_back(demo))
        yield demo
    finally:
        room.close()


def until(demo: Demo, true: Callable[[], bool]) -> None:
    """Let the demo go on until something is so."""
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, (
            demo.room.scene.said,
            demo.room.scene.eyes,
            demo.room.scene.entries[-9:],
        )
        demo.tick()
        Event().wait(0.02)


def reaches_back(demo: Demo) -> bool:
    cameras = (demo.room.scene.eyes or {}).get("cameras", ())
    return bool(cameras) and all((one["ring_s"] or 0) > 3 for one in cameras)


def told(demo: Demo, kind: str) -> list[dict[str, Any]]:
    return [dict(entry) for entry in demo.room.scene.entries if entry["kind"] == kind]


def faults(demo: Demo) -> list[dict[str, Any]]:
    return told(demo, "camera_fault")


def recorder(demo: Demo) -> dict[str, Any]:
    return dict((demo.room.scene.eyes or {}).get("recorder") or {})


def test_a_grant_at_the_vault_is_pictured_before_the_bolt_moves_and_the_pictures_open(played: Demo) -> None:
    played.key("1")
    until(played, lambda: played.room.badges.proves("wang"))
    played.key("s")
    until(played, lambda: bool(told(played, "pending")))
    played.key("2")
    played.key("s")
    until(played, lambda: bool(told(played, "bolt_drawn")))
    order = [entry["kind"] for entry in played.room.scene.entries]
    wanted = ["granted", "snapshot", "pictures_taken", "grant_pictured", "bolt_drawn"]
    since = order[order.index("granted") :]  # whatever a busy machine has made of the cameras before
    assert [since.index(kind) for kind in wanted] == sorted(since.index(kind) for kind in wanted)
    played.key("i")
    until(played, lambda: "lie opened in" in played.room.scene.said)
    there, entry = re.findall(r"^(\d+) of \d+ pictures of entry (\d+) lie opened", played.room.scene.said)[0]
    assert f"entry={entry}" in {one["filter"] for one in told(played, "evidence_read")}
    files = sorted(played.room.bench.site.parent.glob("pictures-*/*.jpg"))
    assert len(files) == int(there) > 0
    assert {caption_of(file.read_bytes()).camera for file in files} <= {"door", "room"}


def test_a_covered_camera_is_an_alarm_until_it_sees_again(played: Demo) -> None:
    played.key("e")
    until(played, lambda: ("door", "covered") in {(one["place"], one["condition"]) for one in faults(played)})
    played.key("e")
    until(played, lambda: bool(told(played, "camera_back")))


def test_a_killed_recorder_starts_anew_and_the_log_tells_the_gap(played: Demo) -> None:
    before = recorder(played)["pid"]
    played.key("j")
    until(played, lambda: any(one["place"] == "recorder" for one in told(played, "device_lost")))
    until(played, lambda: any(one["place"] == "recorder" for one in told(played, "device_back")))
    until(played, lambda: recorder(played).get("pid") not in {None, before})


def test_only_a_child_of_its_own_recorder_is_killed(played: Demo) -> None:
    assert not played.room.recorder.kill_worker(played.room.child.pid)
    assert played.room.child.running
    assert not played.room.recorder.kill_worker(None)
