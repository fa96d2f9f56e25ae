"""The demo as a newcomer starts it, without a terminal and with one."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-m", "controller", "demo"]
QUICKER = "from controller import demo_command as d; d.PACE = 2.0; d.demo(prog_name='demo')"
SCREEN = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "LINES": "40"}


@contextmanager
def started(*more: str, command: Sequence[str] = COMMAND, **how: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A demo of its own session, killed with all it started when the test leaves it running."""
    child = subprocess.Popen([*command, *more], start_new_session=True, **how)
    try:
        yield child
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        for stream in (child.stdout, child.stderr):
            if stream:
                stream.close()


def drain(terminal: int, screen: bytearray) -> None:
    with suppress(OSError):  # EIO: the other side of the pty has gone
        while data := os.read(terminal, 65536):
            screen.extend(data)


def within(seconds: float, so: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not so() and time.monotonic() < end:
        threading.Event().wait(0.05)
    return so()


def test_without_a_terminal_it_plays_the_tour_and_ends_in_order_when_told() -> None:
    kinds: list[str] = []
    told: list[str] = []
    quick = [sys.executable, "-c", QUICKER]
    piped: dict[str, Any] = {
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "stdin": subprocess.DEVNULL,
    }
    with started("--lang", "en", command=quick, **piped) as child:
        assert child.stdout is not None
        stopper = threading.Timer(150, child.terminate)
        stopper.start()
        for line in child.stdout:
            told.append(line.decode())
            kinds.append(told[-1].split("  ")[2].strip())
            if kinds[-1] == "alarm_acknowledged":
                child.terminate()
        stopper.cancel()
        assert child.wait(60) == 0
        assert child.stderr is not None
        way_in = re.compile(r"  number chen \(chief\) password [a-z-]{16,} key [A-Z2-7]{32}")
        assert way_in.search(child.stderr.read().decode()), "somebody without keys can sign in"
    for kind in (
        "badge_issued",
        "alarm_raised",
        "pending",
        "granted",
        "grant_pictured",
        "entered",
        "evidence_read",
        "camera_fault",
        "cabinet_opened",
        "cabinet_closed",
        "left",
        "tamper",
    ):
        assert kind in kinds, kind
    assert "legacy, may be copied" in told[kinds.index("enrolled") + 2], "Zhang Min carries an old card"
    assert "a card pretends to be a badge of this site" in told[kinds.index("alarm_raised")]
    assert kinds.count("started") == 2, "the plug was pulled and put back"
    assert kinds.index("pending") < kinds.index("entered") < kinds.index("left")


def test_in_a_terminal_it_shows_the_room_and_q_ends_it() -> None:
    ours, theirs = pty.openpty()
    screen = bytearray()
    with started("--lang", "en", stdin=theirs, stdout=theirs, stderr=theirs, env=SCREEN) as child:
        os.close(theirs)
        reader = threading.Thread(target=drain, args=(ours, screen), daemon=True)
        reader.start()
        assert within(90, lambda: b"outer door" in screen), bytes(screen[-2000:])
        os.write(ours, b"2a")
        assert within(60, lambda: b"granted" in screen)
        os.write(ours, b"q")
        assert child.wait(60) == 0
        reader.join(10)
    os.close(ours)


def children(process: int) -> set[int]:
    """Every process below one. Source: proc_pid_stat(5)."""
    parents = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            parents[int(file.parent.name)] = int(
                file.read_text(errors="replace").rpartition(")")[2].split()[1]
            )
    found, before = {process}, set[int]()
    while found != before:
        before = set(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found - {process}


def alive(processes: set[int]) -> bool:
    """Whether any of them still runs; one that has ended and is not yet buried does not."""
    for process in processes:
        with suppress(OSError):
            state = Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]
            if state not in {"Z", "X"}:
                return True
    return False


def test_nothing_that_it_started_outlives_its_sudden_end(tmp_path: Path) -> None:
    where = {**os.environ, "TMPDIR": str(tmp_path)}
    quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": where}
    with started("--lang", "en", stdout=subprocess.PIPE, **quiet) as child:
        assert child.stdout is not None
        assert any(b"pictures_taken" in line for line in child.stdout)
        below = children(child.pid)
        assert len(below) >= 5, "controller, recorder, its worker, and two that play cameras"
        child.kill()
        child.wait(60)
        assert within(30, lambda: not alive(below))


def test_ctrl_c_ends_it_in_order_and_leaves_nothing(tmp_path: Path) -> None:
    pipes: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
    }
    with started(**pipes, env={**os.environ, "TMPDIR": str(tmp_path)}) as child:
        assert child.stdout is not None
        assert child.stdout.readline()
        below = children(child.pid)
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=60)
        assert child.returncode == 0, errors
        assert b"Traceback" not in errors
        assert within(30, lambda: not alive(below))
    assert below
    assert not list(tmp_path.iterdir()), "its folder is taken away"
