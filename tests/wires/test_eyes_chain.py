"""Controller, recorder and cameras as processes: what pictures prove, and what becomes of hostile cameras."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from controller.cli import main
from controller.ledger.verify import verify
from tests.wires.watched import BEFORE, Watched, clock_in, missing, moment_in, whole
from tests.wires.wired import LONG

FAULTS = (
    "stall",
    "flood",
    "garbage",
    "garbage_jpeg",
    "truncated",
    "gigantic_length",
    "gigantic_header",
    "huge",
    "silent",
    "drip",
)
EARLY = -1_000 * max(BEFORE)
MOMENTS = (EARLY, -2_000, 0)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A room with one good camera, and one more for every fault."""
    with Watched(tmp_path_factory.mktemp("eyes"), ("good", *FAULTS), {"main": ""}) as room:
        yield room.looking()


def test_the_picture_from_before_shows_the_moment_before(room: Watched) -> None:
    room.until(room.reaches_back, "pictures from before")
    room.bolted()
    room.tap("main.in", "B1", "pending")
    before, held = room.newest, time.monotonic()
    room.tap("main.in", "B2", "granted")
    granted = time.monotonic()
    entry = room.pictured(before)
    pictures = {which: one for which, one in whole(entry).items() if which[0] == "good"}
    shown = {}
    for which, one in pictures.items():
        jpeg = room.plain(entry, one)
        assert moment_in(jpeg) == which
        shown[which[1]] = clock_in(jpeg)
    assert set(shown) == set(MOMENTS), missing(entry)
    # The grant lay between two looks at the clock; no picture is later than it should be by half a second.
    for moment, clock in shown.items():
        assert held + moment / 1_000 - 3 < clock < granted + moment / 1_000 + 0.5, (moment, clock - held)
    assert shown[EARLY] < shown[-2_000] < shown[0]
    assert shown[EARLY] < held


def test_hostile_cameras_keep_no_door_shut_and_no_other_camera_blind_and_come_back(room: Watched) -> None:
    room.until(room.reaches_back, "pictures from before")
    room.bolted()
    start = room.newest
    for fault in FAULTS:
        room.cameras.tell("fault", camera=fault, fault=fault)
    room.until(lambda: _told(room, "camera_fault", start) == {*FAULTS}, "every fault in the log")
    assert room.condition("good") == "back"

    before = room.badge()
    assert room.bench.field.wait("main", energised=True, timeout=LONG)
    entry = room.pictured(before)
    there, why = whole(entry), missing(entry)
    assert {("good", moment) for moment in MOMENTS} <= there.keys()
    for fault in FAULTS:
        assert ((fault, 0) in there) is not bool(why.get((fault, 0)))  # nothing to be seen has a reason
    assert {camera for camera, moment in there if moment == 0} <= {"good", "flood"}  # a flood has good frames

    for fault in FAULTS:
        room.cameras.tell("back", camera=fault)
    room.until(lambda: _told(room, "camera_back", start) == {*FAULTS}, "every camera back in the log")
    assert room.entries("device_lost", after=start) == []
    room.until(room.reaches_back, "pictures from before")
    room.bolted()
    assert {(camera, 0) for camera in room.names} <= whole(room.pictured(room.badge())).keys()


def test_a_recorder_that_is_killed_comes_back_and_the_log_says_when_nobody_looked(room: Watched) -> None:
    room.until(room.reaches_back, "pictures from before")
    room.bolted()
    room.tap("main.in", "B1", "pending")
    start, worker = room.newest, room.eyes["recorder"]["pid"]
    os.kill(worker, signal.SIGKILL)
    (lost, *_), (back, *_) = (
        room.written("device_lost", after=start),
        room.written("device_back", after=start),
    )
    assert (lost["place"], back["place"]) == ("recorder", "recorder")
    assert lost["at"] < back["at"]
    assert room.eyes["recorder"]["pid"] != worker
    room.until(lambda: _gives(room, "good"), "pictures again")
    before = room.newest
    room.tap("main.in", "B2", "granted")
    assert room.bench.field.wait("main", energised=True, timeout=LONG)
    entry = room.pictured(before)
    assert missing(entry)["good", EARLY] == "too_young"
    assert ("good", 0) in whole(entry)
    assert "killed by signal 9" in room.recorder.words


def test_whoever_is_erased_is_in_no_picture_any_more_and_the_log_is_whole(
    room: Watched, tmp_path: Path
) -> None:
    room.until(room.reaches_back, "pictures from before")
    room.bolted()
    before = room.badge()
    entry = room.pictured(before)
    assert _shown(room, entry["n"], tmp_path / "seen") == 0
    assert len(list((tmp_path / "seen").iterdir())) == len([one for one in whole(entry) if one[0] == "good"])
    room.written("no_entry", after=before)
    assert "accepted" in room.child.ask("end_person", "zhao", person="li")
    assert "accepted" in room.child.ask("erase_person", "zhao", "chen", person="li", reason="by letter")
    assert _shown(room, entry["n"], tmp_path / "erased") == 3
    assert not (tmp_path / "erased").exists() or not list((tmp_path / "erased").iterdir())
    assert verify(room.log).entries > entry["n"]
    done = CliRunner().invoke(main, ["log", "verify", "--data", str(room.bench.data)])
    assert done.exit_code == 0, done.output


def _told(room: Watched, kind: str, after: int) -> set[str]:
    return {str(entry["place"]) for entry in room.entries(kind, after=after)}


def _gives(room: Watched, camera: str) -> bool:
    eyes = room.eyes
    (one,) = [each for each in eyes["cameras"] if each["camera"] == camera]
    return bool(eyes["recorder"]["state"] == "well" and one["ring_bytes"])


def _shown(room: Watched, entry: int, out: Path) -> int:
    words = [
        "picture",
        "show",
        str(entry),
        "--data",
        str(room.bench.data),
        "--out",
        str(out),
        "--camera",
        "good",
    ]
    return CliRunner().invoke(main, words, catch_exceptions=False).exit_code
