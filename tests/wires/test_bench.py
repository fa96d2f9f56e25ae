"""The bench that holds a controller for tests and drills: what it refuses, and what dies with it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from firmware_shims.bench import Bench
from tests.wires.badged import blank
from tests.wires.processes import SOUNDING
from tests.wires.wired import LONG, Wired

ROOT = Path(__file__).parents[2]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Wired]:
    with Wired(tmp_path, SOUNDING) as room:
        yield room


ORPHAN = """
import os, signal, sys
from pathlib import Path
from tests.wires.wired import Wired
room = Wired(Path(sys.argv[1])).founded()
print(room.child.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_controller_of_a_drill_dies_with_whoever_started_it(room: Wired, tmp_path: Path) -> None:
    folder = tmp_path / "orphan"
    folder.mkdir()
    command = [sys.executable, "-c", ORPHAN, str(folder)]
    holder = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONG, check=False)
    assert holder.returncode == -signal.SIGKILL, holder.stderr
    pid = int(holder.stdout)

    def gone() -> bool:
        status = Path(f"/proc/{pid}/status")
        try:
            return "State:\tZ" in status.read_text(encoding="utf-8")
        except (FileNotFoundError, ProcessLookupError):
            return True

    end = time.monotonic() + LONG
    while not gone():
        assert time.monotonic() < end
        Event().wait(0.01)


def test_a_bench_refuses_what_its_room_does_not_have(room: Wired) -> None:
    for deed in (
        lambda: room.bench.tap("nowhere", "B1"),
        lambda: room.bench.keys("main.out", "1"),
        lambda: room.bench.level("moon", "active"),
        lambda: room.bench.level("main.out.tamper", "active"),
        lambda: room.bench.lock("north"),
        lambda: room.bench.lost("main.contact"),
        lambda: room.bench.noisy("main.in"),
        lambda: room.bench.lay("main.in", "04A1B2C3D4E5F6"),
        lambda: room.bench.take("main.in"),
        lambda: room.bench.present("nowhere", "04A1B2C3D4E5F6"),
        lambda: room.bench.present("main.in", blank()),
        lambda: room.bench.loop("main.contact"),
    ):
        with pytest.raises(ValueError, match=r"(is not|cannot be) .* room"):
            deed()


def test_a_bench_needs_the_addresses_as_the_site_file_spells_them(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not spell the address"):
        Bench("# empty", {"main.in": "osdp:///dev/ttyAMA1?address=1"}, tmp_path)
