"""The recorder as a whole: whatever happens to its worker, parent or controller, it goes on or ends."""

from __future__ import annotations

import os
import signal
import socket
import stat
import time
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from firmware_shims.cameras.camera import Make
from recorder.messages import (
    Beat,
    Condition,
    Health,
    Hello,
    Learn,
    Learned,
    NoPicture,
    Picture,
    RoomLooks,
    Rooms,
    spelled,
)

IMPATIENT = """
import sys
from recorder.supervisor import Patience, Supervisor, worker_command
sys.exit(Supervisor(worker_command(sys.argv[1:]), Patience(pulse_s=2.5)).run())
"""


def gone(pid: int) -> bool:
    """Whether a process ends, soon: whoever inherits it may take a moment to bury it."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        Event().wait(0.02)
    return False


def pid_of(talk: Any) -> int:
    return int(talk.wait(Hello)[0].pid)


def test_a_killed_worker_is_started_anew_and_says_what_it_did_not_see(stage: Any, ring: Any) -> None:
    stage.camera("door")
    stage.recorder()
    talk = stage.controller.talk(stage.settings())
    ring(talk, "door")
    event = time.monotonic()
    os.kill(pid_of(talk), signal.SIGKILL)
    talk.wait_over()
    again = stage.controller.talk(stage.settings())
    assert pid_of(again) != pid_of(talk)
    again.say(stage.snapshot(3, event, ("door", -200), patience_s=0.3))
    (missing,) = again.wait(NoPicture)
    assert (missing.shot, missing.camera, missing.why) == (3, "door", "too_young")
    again.say(stage.snapshot(4, time.monotonic(), ("door", 0), patience_s=20.0))
    again.wait(Picture, lambda p: not p.thumbnail)


def test_a_worker_that_hangs_is_ended_and_started_anew(stage: Any) -> None:
    recorder = stage.recorder("-c", IMPATIENT)
    talk = stage.controller.talk(stage.settings())
    talk.wait(Health)
    os.kill(pid_of(talk), signal.SIGSTOP)
    again = stage.controller.talk(stage.settings())
    assert gone(pid_of(talk))
    assert pid_of(again) != pid_of(talk)
    assert "no sign of life" in recorder.words


def test_a_worker_that_grows_beyond_its_memory_is_started_anew(stage: Any) -> None:
    recorder = stage.recorder()
    talk = stage.controller.talk(stage.settings(memory_mb=32))
    again = stage.controller.talk(stage.settings())
    assert gone(pid_of(talk))
    assert pid_of(again) != pid_of(talk)
    assert "more than 32" in recorder.words


def test_no_worker_outlives_its_parent(stage: Any) -> None:
    recorder = stage.recorder()
    talk = stage.controller.talk(stage.settings())
    recorder.process.kill()
    assert gone(pid_of(talk))


def test_the_recorder_ends_in_order_with_its_worker(stage: Any, ring: Any) -> None:
    stage.camera("door").fault("silent")
    recorder = stage.recorder()
    talk = stage.controller.talk(stage.settings())
    recorder.process.terminate()
    assert recorder.process.wait(30) == 0
    assert gone(pid_of(talk))
    assert recorder.words == ""


def test_cameras_go_on_while_the_controller_is_away(stage: Any, ring: Any) -> None:
    stage.camera("door")
    stage.recorder()
    talk = stage.controller.talk(stage.settings())
    ring(talk, "door")
    event = time.monotonic()
    talk.hang_up()
    again = stage.controller.talk(stage.settings())
    assert pid_of(again) == pid_of(talk)
    again.say(stage.snapshot(2, event, ("door", -200)))
    again.wait(Picture, lambda p: not p.thumbnail)
    assert again.wait(Condition)[0].condition == "back"


def test_a_recorder_that_is_turned_away_says_once_what_to_do(stage: Any) -> None:
    recorder = stage.recorder()
    for _ in range(4):
        stage.controller.talk().hang_up()
    assert recorder.words.count("--recorder-user") == 1


def test_a_recorder_that_reaches_nobody_says_once_where_and_what_to_do(stage: Any) -> None:
    elsewhere = stage.controller.path.rename(stage.folder / "elsewhere.sock")
    recorder = stage.recorder()
    until = time.monotonic() + 30
    while not recorder.words.endswith("\n") and time.monotonic() < until:
        Event().wait(0.02)
    elsewhere.rename(stage.controller.path)
    stage.controller.talk(stage.settings())
    assert recorder.words.startswith(f"the controller cannot be reached at {stage.controller.path} (")
    assert recorder.words.count("--eyes") == 1


@pytest.mark.parametrize(
    "octets",
    [
        b"\x00" * 70_000,
        b'{"open":"vault"}\n',
        b"[]\n",
        b"\xff\n",
        spelled(Beat(1)),
        spelled(Beat(1))[:-1],
    ],
    ids=["endless", "unknown", "list", "binary", "out-of-turn", "half"],
)
def test_nonsense_from_the_controller_ends_the_conversation_alone(stage: Any, octets: bytes) -> None:
    recorder = stage.recorder()
    talk = stage.controller.talk()
    talk.messages._line.setblocking(True)
    talk.messages._line.sendall(octets)
    talk.messages._line.shutdown(socket.SHUT_WR)
    talk.wait_over()
    again = stage.controller.talk(stage.settings())
    again.wait(Health)
    assert pid_of(again) == pid_of(talk)
    assert recorder.process.poll() is None


def test_an_event_of_the_future_is_nonsense(stage: Any) -> None:
    stage.recorder()
    talk = stage.controller.talk(stage.settings())
    talk.say(stage.snapshot(1, time.monotonic() + 1_000, ("door", 0)))
    talk.wait_over()


QUICK = {"frames_per_second": 20, "check_s": 0.05, "fault_after_s": 0.6, "watches": "vault"}


def test_a_camera_learns_what_it_should_see_and_tells_when_it_does_not_see_it(stage: Any) -> None:
    door = stage.camera("door", Make(size=(640, 360), fps=20))
    stage.recorder()
    talk = stage.controller.talk(stage.settings(**QUICK))
    talk.say(Rooms({"vault": "empty"}))
    assert talk.wait(Learned)[0] == Learned("door", "")
    talk.say(Learn(("door",)))
    talk.wait(Learned, lambda learned: not learned.why, 2)
    file = stage.folder / "state" / "door.reference"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == [file.name]
    door.fault("moved")
    talk.wait(Condition, lambda c: c.condition == "moved")
    door.back()
    talk.wait(Condition, lambda c: c.condition == "back", 2)
    os.kill(pid_of(talk), signal.SIGKILL)
    again = stage.controller.talk(stage.settings(**QUICK))
    door.fault("moved")
    again.wait(Condition, lambda c: c.condition == "moved")
    assert not [each for each in again.heard if isinstance(each, Learned)], "it had remembered"


def test_a_camera_tells_whether_the_room_that_it_watches_looks_occupied(stage: Any) -> None:
    stage.camera("room", Make(size=(640, 360), fps=20))
    stage.recorder()
    talk = stage.controller.talk(stage.settings(**QUICK))
    talk.wait(RoomLooks, lambda seen: not seen.occupied)
    stage.scene.stands("li", "middle")
    talk.wait(RoomLooks, lambda seen: seen.occupied)
    talk.hang_up()
    again = stage.controller.talk(stage.settings(**QUICK))
    again.wait(RoomLooks, lambda seen: seen.occupied)
    stage.scene.gone("li")
    again.wait(RoomLooks, lambda seen: not seen.occupied)


def test_a_camera_in_the_dark_says_why_it_cannot_learn(stage: Any, ring: Any) -> None:
    stage.camera("door", Make(size=(640, 360), fps=20))
    stage.scene.lit(0.01)
    stage.recorder()
    talk = stage.controller.talk(stage.settings(**QUICK))
    ring(talk, "door")
    talk.say(Learn(("door",)))
    assert "dark" in talk.wait(Learned)[0].why


def test_a_password_is_used_and_shown_to_nobody_and_one_for_no_camera_is_told(stage: Any) -> None:
    stage.camera("door", Make(size=(640, 360), login=("look", "hush-hush")))
    passwords = stage.folder / "passwords"
    login = 'user = "look"\npassword = "hush-hush"\n'
    passwords.write_text(f"[camera.door]\n{login}[camera.dor]\n{login}", encoding="utf-8")
    passwords.chmod(0o600)
    recorder = stage.recorder("-m", "recorder", "--passwords", str(passwords))
    talk = stage.controller.talk(stage.settings())
    talk.say(stage.snapshot(1, time.monotonic(), ("door", 0), patience_s=20.0))
    talk.wait(Picture)
    for pid in (recorder.process.pid, pid_of(talk)):
        for what in ("cmdline", "environ"):
            assert b"hush" not in Path(f"/proc/{pid}/{what}").read_bytes()
    assert "hush" not in recorder.words + repr(talk.heard)
    assert "[camera.dor] of the passwords file: the site has no camera of this name" in recorder.words


@pytest.mark.parametrize(
    ("mode", "text", "said"),
    [
        (0o644, "", "chmod 600"),
        (0o600, "[camera.door]\nuser = 7\n", "[camera.NAME]"),
        (0o600, "hush-hush", "[camera.NAME]"),
        (0o600, "[door]\n", "[camera.NAME]"),
        (None, "", "cannot be read"),
    ],
)
def test_a_passwords_file_that_cannot_be_used_is_named_with_its_remedy(
    stage: Any, mode: int | None, text: str, said: str
) -> None:
    passwords = stage.folder / "passwords"
    if mode is not None:
        passwords.write_text(text, encoding="utf-8")
        passwords.chmod(mode)
    recorder = stage.recorder("-m", "recorder", "--passwords", str(passwords))
    assert recorder.process.wait(30) == 2
    assert said in recorder.words
    assert str(passwords) in recorder.words
    assert "hush" not in recorder.words


def test_the_worker_runs_within_its_bounds(stage: Any) -> None:
    stage.recorder()
    talk = stage.controller.talk(stage.settings())
    here = Path(f"/proc/{pid_of(talk)}")
    limits = (here / "limits").read_text(encoding="ascii")
    for name, most in (("Max core file size", "0"), ("Max open files", "512")):
        (line,) = [line for line in limits.splitlines() if line.startswith(name)]
        assert line.removeprefix(name).split()[:2] == [most, most]
    (line,) = [line for line in limits.splitlines() if line.startswith("Max address space")]
    assert "unlimited" not in line
    assert "NoNewPrivs:\t1" in (here / "status").read_text(encoding="ascii")
