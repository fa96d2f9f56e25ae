"""``ironroom run`` where something is missing or wrong: a sentence and an exit code, never a traceback."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.child import Child
from controller.errors import IronroomError
from tests.wires.processes import SOUNDING, run
from tests.wires.wired import Wired


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Wired]:
    with Wired(tmp_path, SOUNDING) as room:
        yield room


def test_a_log_that_cannot_be_written_from_the_start_opens_nothing_and_sounds(room: Wired) -> None:
    room.founded()
    room.granted()
    room.child.kill()
    assert room.bench.lock("main")  # the worst case: the relay stays as it was
    prlimit = shutil.which("prlimit")
    assert prlimit
    dead = run(room, prlimit, "--fsize=100:100")
    assert dead.returncode == 70, dead.stderr
    assert not room.bench.lock("main")
    assert room.bench.lock("siren")


def test_a_damaged_log_starts_nothing_but_bolts_and_sounds(room: Wired) -> None:
    room.founded()
    room.granted()
    room.child.kill()
    for suffix in ("-wal", "-shm"):
        room.log.with_name(room.log.name + suffix).unlink()
    room.log.write_bytes(b"\x00" * 4096)
    dead = run(room)
    assert dead.returncode == 1, dead.stderr
    assert "Traceback" not in dead.stderr
    assert not room.bench.lock("main")
    assert room.bench.lock("siren")


def test_a_reader_without_a_key_is_lost_to_everybody_and_the_room_runs_without_it(room: Wired) -> None:
    key = room.bench.data / "keys" / "c1.key"
    key.rename(key.with_name("elsewhere"))
    room.child.start()
    room.until(lambda: "c1" in room.view["lost"])
    assert "main.in" not in room.view["lost"]


@pytest.mark.parametrize(
    ("content", "mode", "sentence"),
    [
        ("00112233", 0o600, "4 bytes; a reader's key has 16"),
        ("no key at all", 0o600, "not 32 hexadecimal digits"),
        ("303132333435363738393A3B3C3D3E3F", 0o600, "public default key"),
        ("00" * 16, 0o644, "give it mode 0600 and its owner"),
    ],
)
def test_a_key_that_guards_nothing_is_a_sentence_and_2(
    content: str, mode: int, sentence: str, room: Wired
) -> None:
    key = room.bench.data / "keys" / "c1.key"
    key.write_text(content, encoding="ascii")
    key.chmod(mode)
    failed = run(room)
    assert failed.returncode == 2
    assert sentence in failed.stderr
    assert "Traceback" not in failed.stderr
    assert content not in failed.stderr


def test_a_folder_that_cannot_be_made_is_a_sentence_and_2(room: Wired) -> None:
    command = [
        "-m",
        "controller",
        "run",
        "--site",
        str(room.bench.site),
        "--data",
        str(room.bench.site / "data"),
    ]
    failed = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert failed.returncode == 2
    assert "the folder cannot be made" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_controller_without_pins_refuses_to_start(room: Wired) -> None:
    environment = room.bench.environment() | {"IRONROOM_PINBOARD": "/nowhere"}
    with pytest.raises(IronroomError, match="gpio: the GPIO chip cannot be opened") as failed:
        Child(room.bench.site, room.bench.data, environment).start()
    assert failed.value.exit_code == 2
